//! The house keeps its order: rooms use only rooms above them, files say what they are for and fit a sitting, nothing is left unfinished.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms from the top down, as ARCHITECTURE.md draws them.
const ROOMS: [&str; 12] =
    ["source", "date", "diagnostic", "document", "facts", "discover", "extract", "model", "policy", "evaluate", "report", "cli"];

/// What a file of the table of languages is allowed: facts name languages, and the table stands in `discover`.
const GRANTED: [(&str, &str); 1] = [("facts", "discover::language")];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<(String, String)> {
    let src = root().join("src");
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(&src).expect("below src").to_string_lossy().replace('\\', "/");
        (name, fs::read_to_string(path).expect("a source file"))
    };
    files_below(&src, ".rs").iter().map(read).collect()
}

/// The text of a file without its unit tests, which may look anywhere.
fn production(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or(text)
}

fn is_test(name: &str) -> bool {
    ["tests", "sample", "samples", "fixture", "properties"]
        .iter()
        .any(|word| name.ends_with(&format!("/{word}.rs")) || name.contains(&format!("/{word}/")))
}

#[test]
fn rooms_use_only_rooms_above_them() {
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let room = name.split(['/', '.']).next().expect("a name");
        let Some(own) = ROOMS.iter().position(|known| *known == room) else { continue };
        if is_test(&name) {
            continue;
        }
        let mut rest = production(&text);
        while let Some(at) = rest.find("crate::") {
            rest = &rest[at + "crate::".len()..];
            let used: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let granted = GRANTED.iter().any(|(from, to)| *from == room && rest.starts_with(to));
            if ROOMS.iter().position(|known| *known == used).is_some_and(|other| other > own) && !granted {
                wrong.push(format!("{name} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_stands_in_the_map_and_in_the_architecture() {
    let map = fs::read_to_string(root().join("src/lib.rs")).expect("the map");
    let architecture = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the architecture");
    for room in ROOMS {
        assert!(map.contains(&format!("[`{room}`]")), "lib.rs does not show `{room}`");
        assert!(architecture.contains(room), "ARCHITECTURE.md does not show `{room}`");
    }
    for (name, _) in sources() {
        let room = name.split(['/', '.']).next().expect("a name");
        assert!(ROOMS.contains(&room) || ["lib", "main"].contains(&room), "`{name}` is in no room");
    }
}

#[test]
fn every_file_says_what_it_is_for_and_is_finished() {
    for (name, text) in sources() {
        assert!(text.starts_with("//! "), "{name} does not begin with what it is for");
        for word in ["todo!", "unimplemented!", "FIXME", "TODO", "#[ignore", "allow(dead_code)"] {
            assert!(!text.contains(word), "{name} holds `{word}`");
        }
        if !is_test(&name) {
            for word in [".unwrap()", "panic!(", "unreachable!("] {
                assert!(!production(&text).contains(word), "{name} holds `{word}` outside its tests");
            }
        }
    }
}

#[test]
fn every_file_fits_a_sitting() {
    let long: Vec<String> = sources()
        .iter()
        .filter(|(name, text)| !is_test(name) && production(text).lines().count() > 450)
        .map(|(name, text)| format!("{name}: {} lines", production(text).lines().count()))
        .collect();
    assert!(long.is_empty(), "is there an idea without a name in them?\n{}", long.join("\n"));
}

#[test]
fn expected_texts_all_belong_to_a_test() {
    let tests: String = sources().into_iter().map(|(_, text)| text).collect::<String>()
        + &files_below(&root().join("tests"), ".rs")
            .iter()
            .map(|path| fs::read_to_string(path).expect("a test"))
            .collect::<String>();
    for folder in ["tests/reports", "tests/schemas"] {
        for path in files_below(&root().join(folder), "") {
            let name = path.file_name().expect("a file").to_string_lossy();
            assert!(tests.contains(&*name) || name == "NOTICE.md", "no test reads {folder}/{name}");
        }
    }
}
