//! Build scripts: one pass over the tokens, with a stack of the blocks that are open.

use std::ops::Range;

use super::plugins::{LIBRARIES, PROGRAMS, is_own};
use super::{
    BuildTool, Input, Output, add, arguments_of, begins_statement, folder, library, module, project_folder, push, quoted, text,
};
use crate::extract::code::Code;
use crate::extract::code::tokens::TokenKind;
use crate::facts::{BuildModule, LibraryScope, Product};
use crate::source::last_part;

pub fn extract<'t>(input: &Input<'t>, code: &Code<'t>, stem: &str, output: &mut Output) {
    let mut script = Script { input, code, module: module(BuildTool::Gradle), open: Vec::new(), below: false, packed: true };
    script.read();
    let Script { mut module, below, packed, .. } = script;
    // `orders/orders.gradle` is the build of its folder.
    let is_build = stem == "build" || folder(input.path).rsplit('/').next() == Some(stem);
    if module.product == Product::Application && !packed {
        module.product = Product::Library;
        module.starts.clear();
    }
    if is_build {
        if below && module.product == Product::Unknown {
            module.product = Product::Aggregate;
        }
    } else {
        if module.libraries.is_empty() && module.uses.is_empty() {
            return;
        }
        module.product = Product::Library;
        module.starts.clear();
        // A script is named by its file alone, whatever the language's ending.
        module.name = Some(crate::source::Spanned::new(stem.into(), crate::source::Location::TOP));
    }
    push(module, output);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Dependencies,
    Plugins,
    /// Versions are fixed in it.
    Managed,
    /// Says nothing about this module.
    Other,
    Plain,
}

/// A block that is open.
#[derive(Clone, Copy)]
struct Open {
    end: usize,
    block: Block,
    /// For the projects below, not for this one.
    below: bool,
    /// For tests.
    test: bool,
}

struct Script<'c, 't> {
    input: &'c Input<'t>,
    code: &'c Code<'t>,
    module: BuildModule,
    open: Vec<Open>,
    /// Something is stated for the projects below.
    below: bool,
    /// Spring Boot packs a program.
    packed: bool,
}

impl<'t> Script<'_, 't> {
    fn read(&mut self) {
        let code = self.code;
        let mut statement = 0;
        let mut at = 0;
        while at < code.len() {
            while self.open.last().is_some_and(|open| open.end <= at) {
                self.open.pop();
            }
            let current = self.open.last().copied().unwrap_or(Open { end: 0, block: Block::Plain, below: false, test: false });
            if begins_statement(code, at) {
                statement = at;
            }
            if code.is(at, "{") {
                let open = self.opened(current, statement..at);
                self.below |= open.below;
                self.open.push(open);
                at += 1;
                continue;
            }
            at = match current.block {
                Block::Other => current.end.max(at + 1),
                _ if statement != at => {
                    self.main_class(at, current);
                    at + 1
                }
                Block::Dependencies => self.dependency(at, current),
                Block::Managed => self.managed(at),
                Block::Plugins => self.plugin_statement(at, current),
                Block::Plain => {
                    self.statement(at, current);
                    at + 1
                }
            };
        }
    }

    /// What the block is for whose head is given; the bracket stands at its end.
    fn opened(&mut self, around: Open, head: Range<usize>) -> Open {
        let code = self.code;
        let bracket = head.end;
        let head = head.start.max(bracket.saturating_sub(24))..bracket;
        let last = bracket.wrapping_sub(1);
        let last = if code.is(last, ")") { code.partner(last).wrapping_sub(1) } else { last };
        let name = code.word(last).unwrap_or("");
        let mentions = |words: &[&str]| head.clone().any(|at| code.is_any(at, words));
        let below = around.below || mentions(&["subprojects", "allprojects"]) || name == "configure";
        let is_test = |at: usize| code.word(at).is_some_and(|word| word.ends_with("Test") || word == "test" || word == "testing");
        let test = around.test || head.clone().any(is_test);
        let block = match name {
            _ if around.block == Block::Other => Block::Other,
            "buildscript" | "pluginManagement" | "publishing" | "repositories" | "configurations" => Block::Other,
            // `project(':x') { ... }` speaks of that project.
            "project" if code.is(bracket.wrapping_sub(1), ")") => Block::Other,
            "dependencies" if around.block != Block::Managed => Block::Dependencies,
            "constraints" | "dependencyManagement" => Block::Managed,
            "if" | "else" => around.block,
            "plugins" if around.block == Block::Plain => Block::Plugins,
            _ if around.block == Block::Dependencies => Block::Other,
            _ => around.block,
        };
        let boot = |at: usize| code.is_any(at, &["bootJar", "BootJar", "bootWar"]) || quoted(code, at) == Some("bootJar");
        if !below && head.clone().any(boot) {
            let inside = code.inside(bracket);
            let inside = inside.start..inside.end.min(inside.start + 40);
            self.packed &= !inside.into_iter().any(|at| code.reads(at, &["enabled", "=", "false"]));
        }
        Open { end: code.partner(bracket), block, below, test }
    }

    fn statement(&mut self, at: usize, current: Open) {
        let code = self.code;
        match code.word(at) {
            Some("apply") if code.is_any(at + 1, &["plugin", "from", "("]) => {
                let arguments = arguments_of(code, at);
                let named = |name: &str| code.named(&arguments, name).and_then(|range| quoted(code, range.start));
                if let Some(id) = named("plugin") {
                    self.plugin(id, current.below, true);
                }
                if let Some(path) = named("from") {
                    let name = last_part(path).trim_end_matches(".kts");
                    if let Some(stem) = name.strip_suffix(".gradle") {
                        add(&mut self.module.uses, stem.into());
                    }
                }
            }
            Some("plugin") => {
                if let Some(id) = quoted(code, at + 1 + usize::from(code.is(at + 1, "("))) {
                    self.plugin(id, current.below, true);
                }
            }
            Some("plugins") if code.reads(at + 1, &[".", "apply", "("]) => {
                if let Some(id) = quoted(code, at + 4) {
                    self.plugin(id, current.below, true);
                }
            }
            Some("bootJar") if code.reads(at + 1, &[".", "enabled", "=", "false"]) => self.packed &= current.below,
            _ => self.main_class(at, current),
        }
    }

    /// `mainClass = "x"`, `mainClass.set("x")`, `mainClassName = "x"`, `'Main-Class': 'x'`.
    fn main_class(&mut self, at: usize, current: Open) {
        let code = self.code;
        let value = if code.is_any(at, &["mainClass", "mainClassName"]) {
            let offset = if code.reads(at + 1, &[".", "set", "("]) { 4 } else { 2 };
            code.is_any(at + 1, &["=", "."]).then_some(at + offset)
        } else if quoted(code, at) == Some("Main-Class") {
            let is_joint = |at: usize| code.is_any(at, &["]", ":", "=", "to", ","]);
            (at + 1..at + 4).find(|&at| !is_joint(at))
        } else {
            None
        };
        let Some(class) = value.and_then(|at| quoted(code, at)) else { return };
        if !current.below && !class.is_empty() && !class.contains('$') {
            self.module.product = Product::Application;
            if !self.module.starts.iter().any(|start| *start.value == *class) {
                self.module.starts.push(text(self.input, class));
            }
        }
    }

    /// A line of `plugins { }`; gives where the next one may begin.
    fn plugin_statement(&mut self, at: usize, current: Open) -> usize {
        let code = self.code;
        let end = (at + 1..current.end).find(|&next| begins_statement(code, next)).unwrap_or(current.end.max(at + 1));
        let is_applied =
            !(at..end).any(|at| code.is(at, "apply") && code.is_any(at + 1 + usize::from(code.is(at + 1, "(")), &["false"]));
        if !is_applied {
            return end;
        }
        let argument = at + 1 + usize::from(code.is(at + 1, "("));
        let has_version = (at..end).any(|at| code.is(at, "version"));
        match code.word(at) {
            Some("id") => {
                if let Some(id) = quoted(code, argument) {
                    self.plugin(id, current.below, !has_version);
                }
            }
            Some("alias") => self.catalog_plugin(argument..end, current.below),
            Some("kotlin") => {}
            // Kotlin writes names with a dash in backticks.
            Some(word) => self.plugin(word.trim_matches('`'), current.below, false),
            None => {}
        }
        end
    }

    fn plugin(&mut self, id: &str, below: bool, may_be_own: bool) {
        if PROGRAMS.contains(&id) {
            if !below {
                self.module.product = Product::Application;
            }
        } else if LIBRARIES.contains(&id) {
            if !below && self.module.product == Product::Unknown {
                self.module.product = Product::Library;
            }
        } else if may_be_own && is_own(id) {
            add(&mut self.module.uses, id.into());
        }
    }

    /// `libs.plugins.spring.boot`: catalogs name plugins after what they are.
    fn catalog_plugin(&mut self, range: Range<usize>, below: bool) {
        const NAMES: &[(&str, &str)] = &[
            ("springboot", "org.springframework.boot"),
            ("orgspringframeworkboot", "org.springframework.boot"),
            ("ktor", "io.ktor.plugin"),
            ("ioktorplugin", "io.ktor.plugin"),
            ("jib", "com.google.cloud.tools.jib"),
            ("googlejib", "com.google.cloud.tools.jib"),
            ("quarkus", "io.quarkus"),
            ("ioquarkus", "io.quarkus"),
            ("micronautapplication", "io.micronaut.application"),
            ("androidapplication", "com.android.application"),
            ("androidlibrary", "com.android.library"),
        ];
        let words = range.take(16).filter_map(|at| self.code.word(at));
        let name: String = words.skip_while(|word| *word != "plugins").skip(1).take_while(|word| *word != "version").collect();
        let name = name.to_ascii_lowercase();
        let name = name.strip_suffix("plugin").filter(|short| NAMES.iter().any(|(known, _)| known == short)).unwrap_or(&name);
        if let Some((_, id)) = NAMES.iter().find(|(known, _)| *known == name) {
            self.plugin(id, below, false);
        }
    }

    /// `mavenBom "g:a:v"`, `dependency "g:a:v"`, and constraints.
    fn managed(&mut self, at: usize) -> usize {
        for argument in arguments_of(self.code, at) {
            if let Some(written) = quoted(self.code, argument.start).filter(|_| argument.len() == 1) {
                self.coordinates(written, LibraryScope::Managed);
            }
        }
        at + 1
    }

    /// A line of `dependencies { }`; gives where the next one may begin.
    fn dependency(&mut self, at: usize, current: Open) -> usize {
        let code = self.code;
        let has_arguments = code.is_any(at + 1, &["(", "["])
            || matches!(code.kind(at + 1), Some(TokenKind::Literal | TokenKind::Word)) && !code.begins_line(at + 1);
        let mut name = code.word(at).or_else(|| quoted(code, at)).unwrap_or("");
        if !has_arguments || matches!(name, "if" | "else" | "for" | "def" | "val" | "var" | "exclude" | "return" | "") {
            return at + 1;
        }
        let mut arguments = arguments_of(code, at);
        if name == "add" {
            name = arguments.first().and_then(|first| quoted(code, first.start)).unwrap_or("");
            arguments = arguments.split_off(arguments.len().min(1));
        }
        let scope = if current.test { LibraryScope::Test } else { scope_of(name) };
        let named = |name: &str| code.named(&arguments, name).and_then(|range| quoted(code, range.start));
        if let (Some(group), Some(name)) = (named("group"), named("name")) {
            self.coordinates_of(group, name, scope);
        } else {
            arguments.iter().for_each(|argument| self.used(argument.clone(), scope));
        }
        let end = if code.is(at + 1, "(") { code.after(at + 1) } else { arguments.last().map_or(at + 1, |last| last.end) };
        end.max(at + 1)
    }

    /// One thing that is depended on.
    fn used(&mut self, range: Range<usize>, scope: LibraryScope) {
        let code = self.code;
        let at = range.start;
        if let Some(written) = quoted(code, at) {
            return self.coordinates(written, scope);
        }
        if code.is(at, "[") {
            return code.arguments(at).into_iter().for_each(|item| {
                if let Some(written) = quoted(code, item.start) {
                    self.coordinates(written, scope);
                }
            });
        }
        let Some(word) = code.word(at) else { return };
        let is_call = code.is(at + 1, "(");
        let inner = at + 2..code.partner(at + 1).max(at + 2);
        match word {
            "project" if is_call => {
                let path = inner.take(6).find_map(|at| quoted(code, at).filter(|text| text.starts_with(':')));
                if let Some(path) = path.filter(|_| scope == LibraryScope::Runtime) {
                    add(&mut self.module.uses, project_folder(path));
                }
            }
            "platform" | "enforcedPlatform" if is_call => {
                if let Some(written) = quoted(code, inner.start) {
                    self.coordinates(written, LibraryScope::Managed);
                } else if code.is(inner.start, "project") {
                    self.used(inner, LibraryScope::Runtime);
                } else {
                    self.catalogued(inner, LibraryScope::Managed);
                }
            }
            "testFixtures" | "dependencies" | "create" if is_call && code.is(inner.start, "project") => self.used(inner, scope),
            "kotlin" if is_call => {
                if let Some(name) = quoted(code, inner.start) {
                    let name = format!("org.jetbrains.kotlin:kotlin-{name}");
                    self.module.libraries.push(library(&name, code.at(inner.start), scope));
                }
            }
            "projects" if code.is(at + 1, ".") && scope == LibraryScope::Runtime => {
                let words: Vec<&str> = range.take(32).filter_map(|at| code.word(at)).skip(1).collect();
                let path = words.join("/");
                add(&mut self.module.uses, dashed(&path).into());
                add(&mut self.module.uses, path.into());
            }
            _ => self.catalogued(range, scope),
        }
    }

    /// `libs.spring.web`, of whatever catalog.
    fn catalogued(&mut self, range: Range<usize>, scope: LibraryScope) {
        let code = self.code;
        let first = code.word(range.start).unwrap_or("");
        if !(first == "libs" || first.ends_with("Libs")) || !code.is(range.start + 1, ".") {
            return;
        }
        let end = range.clone().take(32).find(|&at| !code.is(at, ".") && (code.word(at).is_none() || code.is(at + 1, "(")));
        let end = end.unwrap_or(range.end.min(range.start + 32));
        if let Some(name) = code.dotted(range.start..end).or_else(|| code.dotted(range.start..end.saturating_sub(1))) {
            self.module.libraries.push(library(&name, code.location(range.start..end), scope));
        }
    }

    fn coordinates(&mut self, written: &str, scope: LibraryScope) {
        let mut parts = written.split(':');
        if let (Some(group), Some(name)) = (parts.next(), parts.next()) {
            self.coordinates_of(group, name, scope);
        }
    }

    fn coordinates_of(&mut self, group: &str, name: &str, scope: LibraryScope) {
        let is_name = |text: &str| !text.is_empty() && !text.contains(['$', ' ', '/']);
        if is_name(group) && is_name(name) {
            self.module.libraries.push(library(&format!("{group}:{name}"), self.input.place_of(name), scope));
        }
    }
}

/// What libraries of a configuration are for.
fn scope_of(configuration: &str) -> LibraryScope {
    let lower = configuration.to_ascii_lowercase();
    const RUNTIME: &[&str] = &[
        "implementation",
        "api",
        "compile",
        "compileonly",
        "compileonlyapi",
        "runtime",
        "runtimeonly",
        "provided",
        "providedcompile",
        "providedruntime",
    ];
    if lower.contains("test") {
        LibraryScope::Test
    } else if RUNTIME.iter().any(|name| lower.ends_with(name)) && !lower.contains("development") {
        LibraryScope::Runtime
    } else {
        LibraryScope::Development
    }
}

/// `sharedUtils` as its folder is mostly written: `shared-utils`.
fn dashed(name: &str) -> String {
    let mut dashed = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            dashed.push('-');
        }
        dashed.push(character.to_ascii_lowercase());
    }
    dashed
}
