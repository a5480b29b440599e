//! Modules of build files as compact text, for tests.

use crate::discover::language::Language;
use crate::discover::{Kind, Role};
use crate::extract;
use crate::facts::{Fact, LibraryScope};
use crate::source::{Location, last_part};

/// Reads a build file and shows its modules: a line for each thing that is known, with its line in the file where it has one.
pub fn read(path: &str, text: &str) -> String {
    let language = Language::of_file(last_part(path));
    let file = extract::file(Kind { language, role: Role::Production }, path, text.as_bytes());
    let mut lines = Vec::new();
    let at = |at: Location| {
        assert!(text.is_char_boundary(at.start as usize) && at.end as usize <= text.len(), "a place in the file");
        at.line.to_string()
    };
    let word = |json: serde_json::Value| json.as_str().expect("a word").to_owned();
    for fact in &file.facts {
        let json = serde_json::to_value(fact).expect("facts serialise");
        assert_eq!(&serde_json::from_value::<Fact>(json.clone()).expect("facts read back"), fact);
        let Fact::Build(module) = fact else { continue };
        let name = module.name.as_ref().map_or("-", |name| &name.value);
        lines.push(format!("{} {name} {}", word(json["tool"].clone()), word(json["product"].clone())));
        lines.extend(module.parent.iter().map(|parent| format!("parent {parent}")));
        lines.extend(module.members.iter().map(|member| format!("member {member}")));
        lines.extend(module.uses.iter().map(|used| format!("uses {used}")));
        lines.extend(module.starts.iter().map(|start| format!("{} start {}", at(start.at), start.value)));
        for library in &module.libraries {
            let scope = match library.scope {
                LibraryScope::Runtime => "",
                LibraryScope::Development => " development",
                LibraryScope::Test => " test",
                LibraryScope::Managed => " managed",
            };
            let alias = library.alias.as_ref().map_or(String::new(), |alias| format!(" as {alias}"));
            lines.push(format!("{} {}{alias}{scope}", at(library.at), library.name));
        }
    }
    for problem in &file.problems {
        lines.push(format!("{} {} {}", at(problem.at), problem.fault.name(), problem.message));
    }
    lines.join("\n")
}

/// Compares what a build file says with the lines expected; both may be indented.
#[track_caller]
pub fn check(path: &str, text: &str, expected: &str) {
    let trim = |text: &str| text.trim().lines().map(str::trim).collect::<Vec<_>>().join("\n");
    let found = read(path, text);
    assert_eq!(trim(&found), trim(expected), "\n--- found:\n{found}\n");
}
