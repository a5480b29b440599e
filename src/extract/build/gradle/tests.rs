//! Scripts of both languages, settings and catalogs, as Gradle's documentation writes them.

use crate::extract::build::snapshot::check;

#[test]
fn libraries_are_read_however_they_are_written() {
    check(
        "orders/build.gradle",
        "plugins {
            id 'java'
            id 'org.springframework.boot' version '3.1.0'
            id 'io.spring.dependency-management' version '1.1.0'
        }
        dependencies {
            implementation 'org.springframework.boot:spring-boot-starter-web'
            implementation \"io.jsonwebtoken:jjwt:${jwtVersion}\", 'a:b:1'
            implementation group: 'org.postgresql', name: 'postgresql', version: '42'
            compile('x:y:1') { exclude group: 'p', module: 'q' }
            implementation(['c:d:1', 'e:f:1'])
            implementation platform('g:bom:1')
            annotationProcessor 'org.projectlombok:lombok'
            testImplementation 'junit:junit'
            implementation project(':common'), project(path: ':lib:api', configuration: 'x')
            testImplementation project(':test-support')
            implementation \"$group:$name:1\"
            implementation fileTree(dir: 'libs', include: ['*.jar'])
            // implementation 'not:used'
            if (x) {
                runtimeOnly 'h:i:1'
            }
        }
        dependencyManagement {
            imports { mavenBom \"org.springframework.cloud:spring-cloud-dependencies:${v}\" }
        }
        test { useJUnitPlatform() }",
        "gradle - application
         uses common
         uses lib/api
         7 org.springframework.boot:spring-boot-starter-web
         8 io.jsonwebtoken:jjwt
         8 a:b
         9 org.postgresql:postgresql
         10 x:y
         11 c:d
         11 e:f
         12 g:bom managed
         13 org.projectlombok:lombok development
         14 junit:junit test
         21 h:i
         25 org.springframework.cloud:spring-cloud-dependencies managed",
    );
}

#[test]
fn kotlin_is_read_too() {
    check(
        "orders/build.gradle.kts",
        "plugins {
            kotlin(\"jvm\") version \"1.9\"
            `java-library`
            alias(libs.plugins.spring.boot) apply false
            id(\"shop.service\")
        }
        dependencies {
            implementation(libs.ktor.server.core)
            implementation(libs.bundles.web.get())
            implementation(projects.sharedUtils)
            implementation(platform(libs.spring.bom))
            implementation(kotlin(\"reflect\"))
            \"runtimeOnly\"(\"a:b:1\")
            add(\"testImplementation\", \"c:d:1\")
            implementation(\"e:f:1\") {
                exclude(group = \"x\", module = \"y\")
            }
            implementation(group = \"g\", name = \"h\")
            api(project(\":common\"))
        }",
        "gradle - library
         uses shop.service
         uses shared-utils
         uses sharedUtils
         uses common
         8 libs.ktor.server.core
         9 libs.bundles.web
         11 libs.spring.bom managed
         12 org.jetbrains.kotlin:kotlin-reflect
         13 a:b
         14 c:d test
         15 e:f
         18 g:h",
    );
}

#[test]
fn what_starts_makes_an_application() {
    check(
        "a/build.gradle.kts",
        "plugins { application }\napplication {\n mainClass.set(\"a.MainKt\")\n}",
        "gradle - application\n3 start a.MainKt",
    );
    check("a/build.gradle", "apply plugin: 'application'\nmainClassName = 'a.Main'", "gradle - application\n2 start a.Main");
    check("a/build.gradle", "jar {\n manifest { attributes 'Main-Class': 'a.Main' }\n}", "gradle - application\n2 start a.Main");
    check(
        "a/build.gradle.kts",
        "tasks.jar { manifest { attributes[\"Main-Class\"] = \"a.Main\" } }",
        "gradle - application\n1 start a.Main",
    );
    check("a/build.gradle.kts", "plugins { alias(libs.plugins.springBoot) }", "gradle - application");
    check("a/build.gradle.kts", "plugins {\n alias(libs.plugins.ktor)\n}", "gradle - application");
    check("a/build.gradle", "plugins { id 'org.springframework.boot' version '3' apply false }", "gradle - unknown");
    check("a/build.gradle", "plugins { id 'org.springframework.boot' }\nbootJar { enabled = false }", "gradle - library");
    check(
        "a/build.gradle.kts",
        "plugins { id(\"org.springframework.boot\") }\ntasks.named<BootJar>(\"bootJar\") {\n enabled = false\n}",
        "gradle - library",
    );
    check("a/build.gradle", "apply plugin: 'org.springframework.boot'\nbootJar.enabled = false", "gradle - library");
}

#[test]
fn a_script_for_the_projects_below_is_an_aggregate() {
    check(
        "build.gradle",
        "buildscript { dependencies { classpath 'org.springframework.boot:spring-boot-gradle-plugin:2' } }
         subprojects {
             apply plugin: 'org.springframework.boot'
             dependencies { implementation 'a:b:1' }
         }
         project(':orders') {
             dependencies { implementation 'c:d:1' }
         }",
        "gradle - aggregate
         4 a:b",
    );
}

#[test]
fn scripts_that_are_applied_are_used() {
    check("a/build.gradle", "apply from: \"$rootDir/gradle/common.gradle\"", "gradle - unknown\nuses common");
    check("gradle/common.gradle", "dependencies {\n implementation 'a:b:1'\n}", "gradle common library\n2 a:b");
    check("gradle/empty.gradle", "task x {}", "");
    check(
        "buildSrc/src/main/kotlin/shop.service.gradle.kts",
        "plugins {\n id(\"org.springframework.boot\")\n}\ndependencies {\n implementation(\"a:b:1\")\n}",
        "gradle shop.service library\n5 a:b",
    );
    check("orders/orders.gradle", "apply plugin: 'war'", "gradle - application");
}

#[test]
fn tests_of_their_own_source_set_are_tests() {
    check(
        "a/build.gradle.kts",
        "kotlin { sourceSets {
            val commonMain by getting { dependencies { implementation(\"a:b:1\") } }
            val commonTest by getting {
                dependencies { implementation(\"c:d:1\") }
            }
        } }
        testing { suites { val integrationTest by registering(JvmTestSuite::class) { dependencies { implementation(\"e:f:1\") } } } }",
        "gradle - unknown
         2 a:b
         4 c:d test
         7 e:f test",
    );
}

#[test]
fn settings_name_the_projects() {
    check(
        "backend/settings.gradle",
        "rootProject.name = 'shop'
         include 'orders', ':services:billing'
         include(
             'common'
         )
         includeBuild '../build-logic'
         project(':common').projectDir = file('libs/common')
         project(\":orders\").projectDir = new File(settingsDir, \"services/orders\")",
        "gradle shop aggregate
         member backend/services/orders
         member backend/services/billing
         member backend/libs/common
         member build-logic",
    );
    check("settings.gradle.kts", "rootProject.name = \"shop\"", "gradle shop unknown");
}

#[test]
fn catalogs_give_libraries_names() {
    check(
        "gradle/libs.versions.toml",
        "[versions]
spring = \"6\"
[libraries]
spring-web = { module = \"org.springframework:spring-web\", version.ref = \"spring\" }
ktor_core = { group = \"io.ktor\", name = \"ktor-server-core\" }
short = \"a:b:1\"
[bundles]
web = [\"spring-web\", \"short\"]
[plugins]
spring-boot = { id = \"org.springframework.boot\", version = \"3\" }
jib = \"com.google.cloud.tools.jib:3\"",
        "gradle libs library
         4 org.springframework:spring-web as libs.spring.web managed
         5 io.ktor:ktor-server-core as libs.ktor.core managed
         6 a:b as libs.short managed
         10 org.springframework.boot as libs.plugins.spring.boot managed
         11 com.google.cloud.tools.jib as libs.plugins.jib managed
         8 org.springframework:spring-web as libs.bundles.web managed
         8 a:b as libs.bundles.web managed",
    );
    check(
        "settings.gradle.kts",
        "dependencyResolutionManagement { versionCatalogs { create(\"libs\") {
            library(\"spring-web\", \"org.springframework\", \"spring-web\").version(\"6\")
            library(\"short\", \"a:b:1\")
         } } }",
        "gradle - unknown
         gradle - library
         2 org.springframework:spring-web as libs.spring.web managed
         3 a:b as libs.short managed",
    );
}
