//! The same comments, literals and brackets as the grammars of `tree-sitter` see, on forms that are easily read wrongly.

#[path = "../../../../../benches/measure/grammars.rs"]
mod comparison;

use comparison::{Grammar, Outcome};

use crate::discover::language::Language;

fn check(language: &str, text: &str) {
    let grammar = Grammar::of(Language::from_name(language).expect("in the table"));
    match grammar.expect("it has a grammar").compare(text) {
        Outcome::Same => {}
        Outcome::Unread => panic!("{language}: the grammar does not read it"),
        Outcome::Differs { line, text, ours, theirs } => {
            panic!("{language}, line {line}:\n  {text}\n  {ours}\n  {theirs}");
        }
    }
}

#[test]
fn java_and_kotlin() {
    check("Java", include_str!("samples/Sample.java"));
    check("Kotlin", include_str!("samples/sample.kt"));
}

#[test]
fn javascript_and_typescript() {
    check("JavaScript", include_str!("samples/sample.js"));
    check("TypeScript", include_str!("samples/sample.ts"));
    check("TSX", include_str!("samples/sample.tsx"));
    check("JSX", include_str!("samples/sample.jsx"));
}

#[test]
fn python_and_go() {
    check("Python", include_str!("samples/sample.py"));
    check("Go", include_str!("samples/sample.go"));
}

#[test]
fn csharp_and_php() {
    check("C#", include_str!("samples/Sample.cs"));
    check("PHP", include_str!("samples/sample.php"));
}

#[test]
fn ruby_and_elixir() {
    check("Ruby", include_str!("samples/sample.rb"));
    check("Elixir", include_str!("samples/sample.ex"));
}

#[test]
fn rust_and_cpp() {
    check("Rust", include_str!("samples/sample.rs.txt"));
    check("C++", include_str!("samples/sample.cpp"));
}
