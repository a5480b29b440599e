//! What the program refuses, it refuses in one line that says what to do, with exit code 2 and nothing on standard output.

use std::fs;

use assert_cmd::Command;

/// Runs in a fresh folder that holds `system/service.yaml`.
#[track_caller]
fn refuses(cases: &[(&[&str], &str)]) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("system")).expect("a folder");
    fs::write(folder.path().join("system/service.yaml"), "name: orders\nkind: service\n").expect("a file");
    for (arguments, expected) in cases {
        let mut command = Command::cargo_bin("brickwork").expect("the program is built");
        let output = command.args(*arguments).current_dir(folder.path()).output().expect("it runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
        assert!(output.stdout.is_empty(), "{arguments:?} prints something");
        let first = errors.lines().next().unwrap_or_default();
        assert!(first.starts_with(&format!("error: {expected}")), "{arguments:?}: {errors}");
    }
}

#[test]
fn folders_and_files_that_are_not_there() {
    refuses(&[
        (&["check", "nowhere"], "there is no `nowhere`: name a repository, or a folder of repositories"),
        (&["check", "system", "nowhere"], "there is no `nowhere`"),
        (&["check", "system/service.yaml"], "`system/service.yaml` is a file: whole repositories are judged, so name its folder"),
        (&["check", "--config", "none.yaml", "system"], "reading the policy `none.yaml` (`brickwork init` writes one)"),
        (&["check", "--config", "system", "system"], "`system` is a folder: `--config` takes the policy's file"),
        (
            &["check", "--output", "json=none/a.json", "system"],
            "`none/a.json` can't be written: there is no folder `none`; make it first",
        ),
        (&["check", "--with", "none.json", "system"], "reading `none.json`"),
        (
            &["check", "--with", "system/service.yaml", "system"],
            "`system/service.yaml` holds no facts: it should be what `brickwork facts` prints",
        ),
        (&["test"], "there is no policy here: name rule files, or test our own with `--built-in`"),
        (&["test", "none.yaml"], "reading `none.yaml`"),
    ]);
}

#[test]
fn words_that_mean_nothing() {
    refuses(&[
        (&["chekc"], "unrecognized subcommand 'chekc'"),
        (&["check", "--format", "sarf"], "invalid value 'sarf' for '--format <FORMAT>': did you mean `sarif`?"),
        (&["check", "--output", "json"], "invalid value 'json' for '--output <FORMAT=FILE>': expected FORMAT=FILE"),
        (&["check", "--today", "soon"], "invalid value 'soon' for '--today <YYYY-MM-DD>': `soon` is not a date"),
        (&["explain", "no-ower", "system"], "no rule is called `no-ower`; did you mean `no-owner`?"),
        (&["explain", "abcdef", "system"], "no finding here is called `abcdef`: `brickwork check --format json` prints"),
        (&["new", "rule", "Bad_Id"], "`Bad_Id` is not an id; write lower-case words joined by hyphens"),
    ]);
}

#[test]
fn what_would_be_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    for (arguments, expected) in [
        (&["init"][..], "`brickwork.yaml` is there already: `--print` shows what would be written, `--force` overwrites"),
        (&["new", "rule", "odd-name"][..], "`rules/odd-name.yaml` exists already: change that file, or choose another id"),
    ] {
        let run = || {
            let mut command = Command::cargo_bin("brickwork").expect("the program is built");
            command.args(arguments).current_dir(folder.path()).output().expect("it runs")
        };
        assert!(run().status.success(), "{arguments:?}");
        let again = run();
        assert_eq!(again.status.code(), Some(2));
        assert_eq!(String::from_utf8_lossy(&again.stderr).trim_end(), format!("error: {expected}"));
    }
}

#[test]
fn a_folder_that_is_named_twice_is_checked_once() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("system")).expect("a folder");
    fs::write(folder.path().join("system/service.yaml"), "name: orders\nkind: service\n").expect("a file");
    let check = |paths: &[&str]| {
        let mut command = Command::cargo_bin("brickwork").expect("the program is built");
        command.arg("check").args(paths).current_dir(folder.path()).output().expect("it runs").stdout
    };
    assert_eq!(check(&["system", "system"]), check(&["system"]));
    assert_eq!(check(&[".", "system"]), check(&["."]));
}

#[test]
fn a_rule_that_is_off_is_explained_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::cargo_bin("brickwork").expect("the program is built");
    let output = command.args(["explain", "many-owners"]).current_dir(folder.path()).output().expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.starts_with("many-owners: "), "{text}");
    assert_eq!(text.matches("## When to accept").count(), 1, "{text}");
}
