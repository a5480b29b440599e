//! How fast repositories are told apart and lines counted, over an organisation and programs that are made here.
//!
//! `cargo bench --bench discover`.

use std::fmt::Write;

use brickwork::discover::language::Language;
use brickwork::discover::{Memory, Options, discover};
use brickwork::extract;
use brickwork::extract::code::lines;
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

fn main() {
    divan::main();
}

/// A program in a language with braces, with comments and literals as people write them.
fn braces(functions: usize) -> String {
    let mut text = String::new();
    for index in 0..functions {
        let _ = write!(
            text,
            "/**\n * Adds up the items of order {index}; \"free\" ones don't count.\n */\npublic int total{index}(List<Item> items) {{\n    \
             int total = 0; // in cents\n    for (Item item : items) {{\n        if (!item.name().equals(\"free // gift\")) {{\n            \
             total += item.price() * item.count() / 100;\n        }}\n    }}\n\n    return total;\n}}\n\n"
        );
    }
    text
}

fn indented(functions: usize) -> String {
    let mut text = String::new();
    for index in 0..functions {
        let _ = write!(
            text,
            "def total_{index}(items):\n    \"\"\"Adds up the items.\n\n    Free ones don't count.\n    \"\"\"\n    total = 0  # in cents\n    \
             for item in items:\n        if item.name != 'free # gift':\n            total += item.price * item.count // 100\n    return total\n\n\n"
        );
    }
    text
}

#[divan::bench(args = ["Java", "TypeScript", "Go", "C#", "Rust", "Python", "Shell"])]
fn count(bencher: Bencher, name: &str) {
    let language = Language::from_name(name).expect("in the table");
    let text = if matches!(name, "Python" | "Shell") { indented(2_000) } else { braces(2_000) };
    bencher.counter(BytesCount::of_str(&text)).bench(|| lines::count(language, &text));
}

/// Repositories with a README, a build file, sources, tests and an API description each.
fn organisation(repositories: usize) -> Memory {
    let source = braces(8);
    let files = (0..repositories).flat_map(|index| {
        let main = format!("service-{index}/src/main/java/com/example/shop/orders");
        let test = format!("service-{index}/src/test/java/com/example/shop/orders");
        let mut files = vec![
            (format!("service-{index}/README.md"), "# Service\n".to_string()),
            (format!("service-{index}/pom.xml"), "<project/>\n".to_string()),
            (
                format!("service-{index}/openapi.yaml"),
                "openapi: 3.0.3\ninfo: { title: a, version: 1.0.0 }\npaths: {}\n".to_string(),
            ),
            (format!("{test}/OrderTest.java"), source.clone()),
        ];
        files.extend((0..12).map(|file| (format!("{main}/Order{file}.java"), source.clone())));
        files
    });
    Memory::new("organisation", files)
}

#[divan::bench(args = [100, 1_000])]
fn tell_repositories(bencher: Bencher, repositories: usize) {
    let memory = organisation(repositories);
    let files = repositories * 16;
    bencher.counter(ItemsCount::new(files)).bench(|| discover(&memory, &Options::default()));
}

#[divan::bench(args = [100, 1_000])]
fn read_facts(bencher: Bencher, repositories: usize) {
    let memory = organisation(repositories);
    let discovery = discover(&memory, &Options::default());
    bencher.counter(ItemsCount::new(discovery.files.len())).bench(|| extract::all(&memory, &discovery));
}
