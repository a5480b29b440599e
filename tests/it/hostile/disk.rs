//! Links, pipes, folders, names and trees that a disk can hold.
#![cfg(unix)]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::process::Command;

use super::{Folder, TWIN};

#[test]
fn links_in_circles_and_out_of_the_folder_are_not_followed() {
    let folder = Folder::new();
    let outside = folder.temporary.path().join("outside");
    fs::create_dir(&outside).expect("a folder");
    fs::write(outside.join("catalog-info.yaml"), "top-secret-word: [").expect("a file");
    let link = |target: &str, path: &str| symlink(target, folder.root().join(path)).expect("a link");
    link("..", "bad/up");
    link("loop", "bad/loop");
    link("../../outside", "bad/away");
    link("../../outside/catalog-info.yaml", "bad/catalog-info.yaml");
    link("../../outside/catalog-info.yaml", "bad/brickwork.yaml");
    link("../../outside/catalog-info.yaml", "bad/openapi.yaml");
    link("../../outside/catalog-info.yaml", "bad/.gitignore");
    // What a manifest names outside is not read, and so not there.
    folder.write("bad/service.yaml", "name: a\nprovides: [away/catalog-info.yaml, openapi.yaml, loop/x.yaml]\n");
    folder.finds(&["dangling-reference bad/service.yaml:2"; 3]);
    for format in ["terminal", "json", "sarif", "github"] {
        let run = folder.run(&["check", "--format", format]);
        assert!(!(run.text + &run.errors).contains("top-secret-word"), "{format}");
    }
    assert!(!folder.run(&["facts"]).text.contains("top-secret-word"));
}

#[test]
fn a_policy_that_is_a_link_out_of_the_folder_is_not_read() {
    let folder = Folder::new();
    fs::write(folder.temporary.path().join("outside.yaml"), "top-secret-word: [").expect("a file");
    fs::remove_file(folder.root().join("brickwork.yaml")).expect("it is there");
    symlink("../outside.yaml", folder.root().join("brickwork.yaml")).expect("a link");
    let run = folder.run(&["check"]);
    assert!(!(run.text + &run.errors).contains("top-secret-word"));
    assert_eq!(run.code, 2);
}

#[test]
fn nobody_waits_for_a_pipe() {
    let pipe = |folder: &Folder, path: &str| {
        assert!(Command::new("mkfifo").arg(folder.root().join(path)).status().expect("mkfifo").success());
    };
    let folder = Folder::new();
    for path in
        ["bad/openapi.yaml", "bad/brickwork.yaml", "bad/catalog-info.yaml", "bad/CODEOWNERS", "bad/.gitignore", "bad/spec.yaml"]
    {
        pipe(&folder, path);
    }
    folder.write("bad/service.yaml", "name: a\nprovides: [spec.yaml]\n");
    folder.finds(&["dangling-reference bad/service.yaml:2"]);

    let folder = Folder::new();
    fs::remove_file(folder.root().join("brickwork.yaml")).expect("it is there");
    pipe(&folder, "brickwork.yaml");
    folder.is_refused(&[], &["the policy can't be read"]);
    pipe(&folder, "other.yaml");
    fs::remove_file(folder.root().join("brickwork.yaml")).expect("it is there");
    for policy in ["extends: other.yaml\n", "rule_files: [other.yaml]\n"] {
        folder.write("brickwork.yaml", policy).is_refused(&[], &["brickwork.yaml:1:", "other.yaml"]);
    }
}

#[test]
fn folders_with_the_names_of_files_are_folders() {
    let folder = Folder::new();
    for name in ["openapi.yaml", "CODEOWNERS", "service.yaml", "README.md/x", ".gitignore"] {
        folder.write(&format!("bad/{name}/catalog-info.yaml").replace("README.md/x", "sub"), TWIN);
    }
    let found = ["CODEOWNERS", "openapi.yaml", "service.yaml", "sub"];
    let mut expected = vec!["dangling-reference bad/.gitignore/catalog-info.yaml:4".to_owned()];
    expected.extend(found.map(|name| format!("dangling-reference bad/{name}/catalog-info.yaml:4")));
    assert_eq!(folder.found(), expected);
    let folder = Folder::new();
    fs::remove_file(folder.root().join("brickwork.yaml")).expect("it is there");
    fs::create_dir(folder.root().join("brickwork.yaml")).expect("a folder");
    folder.is_refused(&[], &["brickwork.yaml", "the policy can't be read"]);
}

#[test]
fn what_can_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.write("bad/catalog-info.yaml", "kind: [");
    let file = folder.root().join("bad/catalog-info.yaml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).expect("its owner may");
    // Root reads everything, and finds the file broken.
    let rule = if fs::read(&file).is_ok() { "manifest-invalid" } else { "unreadable-file" };
    folder.finds(&[&format!("{rule} bad/catalog-info.yaml:1")]);
}

#[test]
fn names_of_files_do_no_harm() {
    let folder = Folder::new();
    let bad = folder.root().join("bad");
    let names: [&[u8]; 5] = [b"a\nb", b"\x1b[31mred\x1b[2J", b"\xFF\xFE", "\u{202E}lmay".as_bytes(), b"::error file=x::y%0A"];
    for name in names {
        let home = bad.join(OsStr::from_bytes(name));
        fs::create_dir(&home).expect("a folder");
        fs::write(home.join("catalog-info.yaml"), TWIN).expect("a file");
        let file = [b"openapi-", name, b".yaml"].concat();
        fs::write(bad.join(OsStr::from_bytes(&file)), "openapi: 3.0.3\npaths: [\n").expect("a file");
    }
    let found = folder.found();
    let count = |rule: &str| found.iter().filter(|finding| finding.starts_with(rule)).count();
    assert_eq!((count("dangling-reference"), count("api-invalid")), (4, 4), "{found:#?}");
    assert!(count("unreadable-file") >= 1, "{found:#?}");
    for format in ["terminal", "github"] {
        let run = folder.run(&["check", "--format", format, "--max-findings", "0"]);
        assert_eq!((run.code, run.errors.as_str()), (1, ""));
        assert!(!run.text.contains(['\x1b', '\u{202E}']), "{format}: {}", run.text);
        assert!(!run.text.lines().any(|line| line.starts_with("::error file=x")), "{format}: {}", run.text);
    }
    for arguments in [&["check", "--format", "sarif"][..], &["facts"], &["map"]] {
        folder.run(arguments).report();
    }
}

#[test]
fn a_deep_tree_is_walked_to_its_end() {
    let folder = Folder::new();
    let deep = format!("bad/{}", "d/".repeat(1_000));
    folder.write(&format!("{deep}catalog-info.yaml"), TWIN);
    folder.finds(&[&format!("dangling-reference {deep}catalog-info.yaml:4")]);
}
