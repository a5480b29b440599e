//! Embeds the built-in rules: `rules/<category>/<id>.yaml`, the packs and the shared definitions.
//!
//! Each rule's text is cut in two before its `docs:`, so that a run parses the logic only; documentation and examples are read when
//! somebody asks for them. A rule file whose order does not allow that fails the build.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=rules");
    let mut rules = Vec::new();
    let mut packs = Vec::new();
    for folder in sorted(Path::new("rules")).into_iter().filter(|path| path.is_dir()) {
        let category = stem(&folder);
        for file in sorted(&folder).into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "yaml")) {
            let text = read(&file);
            match &*category {
                "packs" => packs.push((stem(&file), text)),
                _ => rules.push((stem(&file), category.clone(), text)),
            }
        }
    }
    rules.sort();
    if let Some(pair) = rules.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        panic!("two rule files have the id `{}`: in rules/{} and rules/{}", pair[0].0, pair[0].1, pair[1].1);
    }
    let mut code = String::from("static RULES: &[BuiltIn] = &[\n");
    for (id, category, text) in &rules {
        let path = format!("rules/{category}/{id}.yaml");
        let (logic, pages) = text.split_at(start_of_docs(&path, text));
        writeln!(code, "BuiltIn {{ id: {id:?}, category: {category:?}, path: {path:?}, logic: {logic:?}, pages: {pages:?} }},")
            .expect("a string takes all that is written");
    }
    code.push_str("];\nstatic PACKS: &[(&str, &str)] = &[\n");
    for (name, text) in &packs {
        writeln!(code, "({name:?}, {text:?}),").expect("a string takes all that is written");
    }
    writeln!(code, "];\nstatic DEFINITIONS: &str = {:?};", read(Path::new("rules/definitions.yaml"))).expect("as above");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("library.rs"), code).expect("OUT_DIR can be written");
}

/// The byte offset at which documentation begins.
fn start_of_docs(path: &str, text: &str) -> usize {
    let mut offset = 0;
    let mut docs = None;
    for line in text.split_inclusive('\n') {
        let key = line
            .split(':')
            .next()
            .filter(|key| key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') && !key.is_empty());
        match (key, docs) {
            (Some("docs"), None) => docs = Some(offset),
            (Some("examples"), None) => panic!("{path}: `examples` stand before `docs`"),
            (Some(key), Some(_)) if key != "examples" => panic!("{path}: `{key}` stands after `docs`; only `examples` may"),
            _ => {}
        }
        offset += line.len();
    }
    docs.unwrap_or_else(|| panic!("{path}: there is no `docs`"))
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.sort();
    paths
}

fn stem(path: &Path) -> String {
    path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_else(|| panic!("{}: a name in ASCII", path.display())).to_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).replace("\r\n", "\n")
}
