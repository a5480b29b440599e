//! Plugins of builds: which make a program, which make something that others use, and which may be a script of the repository.

/// Plugins that make or deploy a program.
pub const PROGRAMS: &[&str] = &[
    "application",
    "war",
    "ear",
    "com.android.application",
    "com.bmuschko.docker-java-application",
    "com.bmuschko.docker-spring-boot-application",
    "com.google.cloud.tools.appengine",
    "com.google.cloud.tools.appengine-appyaml",
    "com.google.cloud.tools.jib",
    "com.palantir.docker",
    "com.palantir.sls-java-service-distribution",
    "io.ktor.plugin",
    "io.micronaut.application",
    "io.micronaut.minimal.application",
    "io.quarkus",
    "io.vertx.vertx-plugin",
    "org.gretty",
    "org.grails.grails-web",
    "org.springframework.boot",
    "org.wildfly.jar",
];

/// Plugins for something that others use.
pub const LIBRARIES: &[&str] = &[
    "java-library",
    "java-library-distribution",
    "java-platform",
    "java-gradle-plugin",
    "groovy-gradle-plugin",
    "kotlin-dsl",
    "com.android.library",
    "com.gradle.plugin-publish",
    "io.micronaut.library",
];

/// Where plugins of others come from; a plugin by another name may be a script of this repository.
const OTHERS: &[&str] = &[
    "org.jetbrains.",
    "org.springframework.",
    "io.spring.",
    "com.google.",
    "com.github.",
    "com.android.",
    "io.quarkus",
    "io.micronaut.",
    "io.ktor.",
    "org.gradle.",
    "com.diffplug.",
    "org.sonarqube",
    "org.openapi.",
    "io.gitlab.",
    "nebula.",
    "com.gorylenko.",
    "com.avast.",
];

/// Whether a plugin may be a script of this repository: `shop.java-conventions`, and no class.
pub fn is_own(id: &str) -> bool {
    let is_class = id.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_uppercase()));
    id.contains(['.', '-']) && !id.contains('$') && !is_class && !OTHERS.iter().any(|start| id.starts_with(start))
}
