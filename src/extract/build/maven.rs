//! Maven: `pom.xml`.
//!
//! The module, its parent and members, its dependencies with their scopes, and whether a plugin makes a program of it. Properties
//! of the file itself are filled in. A plugin of a parent counts for the parent alone: its members state what starts in their
//! code.

use rustc_hash::FxHashMap;

use super::xml::{Document, Element};
use super::{add, below, folder, is_named, library, module, push, text};
use crate::diagnostic::{Diagnostic, Fault};
use crate::extract::{Extractor, Input, Output};
use crate::facts::{BuildModule, BuildTool, LibraryScope, Product};

pub const EXTRACTOR: Extractor = Extractor {
    name: "maven",
    wants: |kind, path| is_named(kind, path, "pom.xml"),
    applies: |input| is_named(input.kind, input.path, "pom.xml"),
    extract,
};

/// Plugins that pack, run or deploy a program.
const PROGRAMS: &[&str] = &[
    "appengine-maven-plugin",
    "azure-functions-maven-plugin",
    "cargo-maven2-plugin",
    "cargo-maven3-plugin",
    "docker-maven-plugin",
    "dockerfile-maven-plugin",
    "exec-maven-plugin",
    "function-maven-plugin",
    "helidon-maven-plugin",
    "jetty-maven-plugin",
    "jib-maven-plugin",
    "liberty-maven-plugin",
    "micronaut-maven-plugin",
    "payara-micro-maven-plugin",
    "quarkus-maven-plugin",
    "spring-boot-maven-plugin",
    "tomcat7-maven-plugin",
    "tomee-maven-plugin",
    "vertx-maven-plugin",
    "wildfly-jar-maven-plugin",
    "wildfly-maven-plugin",
];

/// Plugins that make a program when they are told its main class.
const PACKERS: &[&str] =
    &["maven-assembly-plugin", "maven-jar-plugin", "maven-shade-plugin", "onejar-maven-plugin", "appassembler-maven-plugin"];

/// Groups whose parents come from a repository of artifacts, however the path to them is left out.
const OTHERS_GROUPS: &[&str] = &[
    "com.google.",
    "com.jfrog.",
    "io.dropwizard",
    "io.helidon",
    "io.micronaut",
    "io.quarkus",
    "io.vertx",
    "org.apache.",
    "org.eclipse.",
    "org.jboss",
    "org.jenkins-ci",
    "org.sonatype.",
    "org.springframework.",
    "org.wildfly",
];

struct Pom<'i, 't> {
    input: &'i Input<'t>,
    properties: FxHashMap<&'t str, &'t str>,
    /// The group of the module, of its parent where it has none of its own.
    group: &'t str,
    artifact: &'t str,
    parent_group: &'t str,
    module: BuildModule,
}

fn extract(input: &Input, output: &mut Output) {
    let document = Document::parse(input.text);
    let Some(root) = document.root().filter(|root| root.name() == "project") else { return };
    if let Some((slice, message)) = document.defect
        && !is_template(input)
    {
        let problem = Diagnostic::new(Fault::ManifestInvalid, input.place_of(slice), message);
        output.problems.push(problem.help("mend the file: Maven can't read it"));
    }
    let parent = root.child("parent");
    let parent_group = parent.and_then(|parent| parent.child_text("groupId")).unwrap_or("");
    let artifact = root.child_text("artifactId").unwrap_or("");
    let properties = root.child("properties").into_iter().flat_map(Element::children);
    let mut pom = Pom {
        input,
        properties: properties.map(|property| (property.name(), property.text())).collect(),
        group: root.child_text("groupId").unwrap_or(parent_group),
        artifact,
        parent_group,
        module: module(BuildTool::Maven),
    };
    pom.module.name = (!artifact.is_empty()).then(|| text(input, artifact));
    pom.inherit(parent);
    let packaging = root.child_text("packaging").unwrap_or("jar");
    pom.module.product = match packaging {
        "pom" => Product::Aggregate,
        "war" | "ear" | "quarkus" | "native-image" | "docker-native" | "docker" | "spring-boot" => Product::Application,
        "maven-plugin" | "maven-archetype" | "bundle" | "eclipse-plugin" => Product::Library,
        _ => Product::Unknown,
    };
    let profiles = root.child("profiles").into_iter().flat_map(|profiles| profiles.named("profile"));
    for part in std::iter::once(root).chain(profiles) {
        pom.part(part);
    }
    if let (Product::Unknown | Product::Application, Some(start)) = (
        pom.module.product,
        ["start-class", "exec.mainClass", "mainClass", "main.class"].iter().find_map(|name| pom.properties.get(name).copied()),
    ) && !start.is_empty()
    {
        pom.start(start);
    }
    push(pom.module, output);
}

impl<'t> Pom<'_, 't> {
    fn inherit(&mut self, parent: Option<Element<'_, 't>>) {
        let Some(parent) = parent else { return };
        let here = folder(self.input.path);
        let written = parent.child("relativePath").map(Element::text);
        let is_others = OTHERS_GROUPS.iter().any(|group| self.parent_group.starts_with(group));
        self.module.parent = match written {
            Some("") => None,
            Some(path) if path.ends_with(".xml") => below(here, path).map(|path| folder(&path).into()),
            Some(path) => below(here, path),
            None if is_others => None,
            None => below(here, ".."),
        };
        if let (None, Some(artifact)) = (&self.module.parent, parent.child_text("artifactId")) {
            let name = format!("{}:{artifact}", self.parent_group);
            self.module.libraries.push(library(&name, self.input.place_of(artifact), LibraryScope::Managed));
        }
    }

    /// The project itself, or one of its profiles.
    fn part(&mut self, part: Element<'_, 't>) {
        let here = folder(self.input.path);
        for member in part.child("modules").or(part.child("subprojects")).into_iter().flat_map(Element::children) {
            let path = member.text();
            let path = if path.ends_with(".xml") { folder(path) } else { path };
            self.module.members.extend(below(here, path));
        }
        for dependency in part.child("dependencies").into_iter().flat_map(Element::children) {
            self.dependency(dependency, false);
        }
        let managed = part.child("dependencyManagement").and_then(|managed| managed.child("dependencies"));
        for dependency in managed.into_iter().flat_map(Element::children) {
            self.dependency(dependency, true);
        }
        let plugins = part.child("build").and_then(|build| build.child("plugins"));
        for plugin in plugins.into_iter().flat_map(|plugins| plugins.named("plugin")) {
            self.plugin(plugin);
        }
    }

    fn dependency(&mut self, dependency: Element<'_, 't>, managed: bool) {
        let (Some(group), Some(artifact)) = (dependency.child_text("groupId"), dependency.child_text("artifactId")) else {
            return;
        };
        let (group, name) = (self.filled(group), self.filled(artifact));
        let scope = match dependency.child_text("scope") {
            _ if managed => LibraryScope::Managed,
            Some("test") => LibraryScope::Test,
            // What the container has at run time is used all the same.
            _ => LibraryScope::Runtime,
        };
        // A group that only others publish under tells nothing, even where the module takes it from its parent.
        let is_others = OTHERS_GROUPS.iter().any(|start| group.starts_with(start)) && self.group == self.parent_group;
        if scope == LibraryScope::Runtime && group == self.filled(self.group) && !is_others {
            add(&mut self.module.uses, name.as_str().into());
        }
        self.module.libraries.push(library(&format!("{group}:{name}"), self.input.place_of(artifact), scope));
    }

    fn plugin(&mut self, plugin: Element<'_, 't>) {
        let Some(name) = plugin.child_text("artifactId") else { return };
        let configuration = plugin.child("configuration");
        if configuration.and_then(|of| of.child_text("skip")) == Some("true") {
            return;
        }
        let start =
            plugin.descendants().find(|inner| matches!(inner.name(), "mainClass" | "Main-Class") && !inner.text().is_empty());
        if PROGRAMS.contains(&name) && self.module.product == Product::Unknown {
            self.module.product = Product::Application;
        }
        if let Some(start) = start.filter(|_| PROGRAMS.contains(&name) || PACKERS.contains(&name)) {
            self.start(start.text());
        }
    }

    fn start(&mut self, class: &'t str) {
        let mut start = text(self.input, class);
        start.value = self.filled(class).into();
        if self.module.product == Product::Unknown {
            self.module.product = Product::Application;
        }
        if !start.value.contains("${") && !self.module.starts.iter().any(|known| known.value == start.value) {
            self.module.starts.push(start);
        }
    }

    /// A text with the properties that the file itself tells.
    fn filled(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        // A property may stand for another one; one that stands for itself ends nowhere.
        for _ in 0..4 {
            let Some(start) = filled.find("${") else { break };
            let Some(length) = filled[start..].find('}') else { break };
            let value = match &filled[start + 2..start + length] {
                "project.groupId" | "groupId" | "pom.groupId" => self.group,
                "project.artifactId" | "artifactId" | "pom.artifactId" => self.artifact,
                "project.parent.groupId" | "parent.groupId" => self.parent_group,
                key => self.properties.get(key).copied().unwrap_or(""),
            };
            if value.is_empty() || value.len() > 200 {
                break;
            }
            filled.replace_range(start..=start + length, value);
        }
        filled
    }
}

/// What an archetype or a scaffolder copies is no module here, and its marks need not parse.
fn is_template(input: &Input) -> bool {
    let marks = ["{{", "#if", "#foreach", "<%", "${{"];
    input.path.contains("archetype-resources") || marks.iter().any(|mark| input.text.contains(mark))
}

#[cfg(test)]
mod tests {
    use crate::extract::build::snapshot::check;

    #[test]
    fn a_module_is_what_its_plugins_make_of_it() {
        check(
            "services/orders/pom.xml",
            "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">
               <parent><groupId>com.acme</groupId><artifactId>services</artifactId><version>1</version></parent>
               <artifactId>orders</artifactId>
               <properties><spring>org.springframework.boot</spring><start-class>com.acme.${name}</start-class><name>Orders</name></properties>
               <dependencies>
                 <dependency><groupId>${spring}</groupId><artifactId>spring-boot-starter-web</artifactId></dependency>
                 <dependency><groupId>${project.groupId}</groupId><artifactId>common</artifactId></dependency>
                 <dependency><groupId>junit</groupId><artifactId>junit</artifactId><scope>test</scope></dependency>
                 <dependency><groupId>${unknown}</groupId><artifactId>x</artifactId><scope>provided</scope></dependency>
               </dependencies>
               <build><plugins><plugin><groupId>${spring}</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>
             </project>",
            "maven orders application
             parent services
             uses common
             4 start com.acme.Orders
             6 org.springframework.boot:spring-boot-starter-web
             7 com.acme:common
             8 junit:junit test
             9 ${unknown}:x",
        );
    }

    #[test]
    fn an_aggregator_has_members_and_manages_versions() {
        check(
            "pom.xml",
            "<project>
               <parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId></parent>
               <groupId>com.acme</groupId><artifactId>shop</artifactId><packaging>pom</packaging>
               <modules><module>orders</module><module>./billing/app</module></modules>
               <profiles><profile><id>x</id><modules><module>tools/pom-x.xml</module></modules></profile></profiles>
               <dependencyManagement><dependencies>
                 <dependency><groupId>g</groupId><artifactId>a</artifactId><type>pom</type><scope>import</scope></dependency>
               </dependencies></dependencyManagement>
               <build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>
             </project>",
            "maven shop aggregate
             member orders
             member billing/app
             member tools
             2 org.springframework.boot:spring-boot-starter-parent managed
             7 g:a managed",
        );
    }

    #[test]
    fn a_plugin_that_does_nothing_makes_no_program() {
        let of = |plugins: &str| format!("<project><artifactId>a</artifactId><build>{plugins}</build></project>");
        check(
            "a/pom.xml",
            &of(
                "<plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId><configuration><skip>true</skip></configuration></plugin></plugins>",
            ),
            "maven a unknown",
        );
        check(
            "a/pom.xml",
            &of(
                "<pluginManagement><plugins><plugin><artifactId>jib-maven-plugin</artifactId></plugin></plugins></pluginManagement>",
            ),
            "maven a unknown",
        );
        check(
            "a/pom.xml",
            &of("<plugins><plugin><artifactId>maven-shade-plugin</artifactId></plugin></plugins>"),
            "maven a unknown",
        );
        check(
            "a/pom.xml",
            &of("<plugins><plugin><artifactId>maven-shade-plugin</artifactId><executions><execution><configuration><transformers>
                <transformer><mainClass>com.acme.Main</mainClass></transformer></transformers></configuration></execution></executions></plugin></plugins>"),
            "maven a application\n2 start com.acme.Main",
        );
        check("a/pom.xml", "<project><artifactId>a</artifactId><packaging>war</packaging></project>", "maven a application");
    }

    #[test]
    fn a_parent_may_be_written_or_left_to_a_repository() {
        let of = |parent: &str| {
            format!(
                "<project><parent><groupId>com.acme</groupId><artifactId>p</artifactId>{parent}</parent><artifactId>a</artifactId></project>"
            )
        };
        check("x/a/pom.xml", &of(""), "maven a unknown\nparent x");
        check("a/pom.xml", &of(""), "maven a unknown\nparent ");
        check("pom.xml", &of(""), "maven a unknown\n1 com.acme:p managed");
        check("x/a/pom.xml", &of("<relativePath/>"), "maven a unknown\n1 com.acme:p managed");
        check("x/a/pom.xml", &of("<relativePath>../../parent/pom.xml</relativePath>"), "maven a unknown\nparent parent");
        check("x/a/pom.xml", &of("<relativePath>../parent</relativePath>"), "maven a unknown\nparent x/parent");
    }

    #[test]
    fn what_a_parent_of_others_publishes_is_no_module_here() {
        check(
            "a/pom.xml",
            "<project><parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId></parent>
             <artifactId>a</artifactId><dependencies>
             <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter</artifactId></dependency>
             </dependencies></project>",
            "maven a unknown
             1 org.springframework.boot:spring-boot-starter-parent managed
             3 org.springframework.boot:spring-boot-starter",
        );
    }

    #[test]
    fn a_broken_file_is_told_and_a_template_is_not() {
        check(
            "pom.xml",
            "<project><artifactId>a</artifactId>\n<build></project>",
            "maven a unknown\n2 manifest-invalid this closes no open element",
        );
        check("pom.xml", "<project><artifactId>a</artifactId>\n{{#if x}}<build></project>", "maven a unknown");
        check("pom.xml", "<settings/>", "");
    }
}
