//! Whole systems as a user meets them: the program runs on a folder, and its text is as expected. `UPDATE=1` writes what is expected.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn brickwork() -> Command {
    let mut command = Command::cargo_bin("brickwork").expect("the program is built");
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "RAYON_NUM_THREADS", "TERM"] {
        command.env_remove(variable);
    }
    command
}

/// Runs a check of `folder` and holds its text against `expected`; returns the exit code.
fn check(folder: PathBuf, expected: &Path) -> i32 {
    let output =
        brickwork().args(["check", "--today", "2026-11-23", "--max-findings", "0"]).arg(folder).output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(expected, &text).expect("the expected text can be written");
    }
    let wanted = fs::read_to_string(expected).unwrap_or_default();
    assert!(wanted == text, "{} is not what is found; run with UPDATE=1 and read the difference\n{text}", expected.display());
    output.status.code().expect("an exit code")
}

#[test]
fn confetti_shows_every_rule_that_an_organisation_can_break() {
    assert_eq!(check(root().join("examples/confetti"), &root().join("examples/confetti.txt")), 1);
}

#[test]
fn bricks_show_none() {
    assert_eq!(check(root().join("examples/bricks"), &root().join("examples/bricks.txt")), 0);
}

#[test]
fn our_own_repository_is_clean() {
    brickwork().args(["check", "--fail-on", "note", "--today", "2026-11-23"]).arg(root()).assert().success();
}

#[test]
fn examples_of_the_rules_of_users_come_out() {
    brickwork().arg("test").current_dir(root().join("examples/confetti")).assert().success();
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let run = |threads: &str, format: &str| {
        let mut command = brickwork();
        command.env("RAYON_NUM_THREADS", threads).args(["check", "--today", "2026-11-23", "--format", format]);
        command.arg(root().join("examples/confetti")).output().expect("it runs").stdout
    };
    for format in ["terminal", "json", "sarif", "github"] {
        assert!(run("1", format) == run("2", format), "{format} differs");
    }
}
