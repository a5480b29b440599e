//! Hostile input: whatever lies in a folder, the program ends soon, says what is wrong with it, and lints the rest.
//!
//! Each test makes a folder of two repositories: `bad` holds what is hostile, `good` has a finding that must come out all the same.

mod disk;
mod documents;
mod joined;
mod policies;
mod volume;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// Far more than any case takes, even where the machine is busy and the build is not optimised.
const PATIENCE: Duration = Duration::from_secs(60);

/// A manifest that names a file which is not there.
const TWIN: &str = "apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: orders }
spec: { type: openapi, lifecycle: production, owner: group:sales, definition: { $text: ./nowhere.yaml } }
";
const TWIN_FINDING: &str = "dangling-reference good/catalog-info.yaml:4";

/// A folder of two repositories.
struct Folder {
    temporary: TempDir,
}

impl Folder {
    fn new() -> Folder {
        let folder = Folder { temporary: tempfile::tempdir().expect("a temporary folder") };
        fs::create_dir(folder.root()).expect("a folder");
        folder.write("bad/README.md", "an invented service").write("good/README.md", "an invented service");
        folder.write("good/catalog-info.yaml", TWIN).write("brickwork.yaml", "rules: { policy-missing: off }\n");
        folder
    }

    /// The folder that is checked; what lies beside it is outside.
    fn root(&self) -> PathBuf {
        self.temporary.path().join("root")
    }

    fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Folder {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("below the root")).expect("a folder");
        fs::write(path, content).expect("a file");
        self
    }

    fn run(&self, arguments: &[&str]) -> Run {
        run(&self.root(), arguments)
    }

    /// A check of the whole folder, which must find exactly this in `bad`: rule, path and line of each finding.
    #[track_caller]
    fn finds(&self, expected: &[&str]) {
        assert_eq!(self.found(), expected);
    }

    /// What a check of the whole folder finds in `bad`.
    #[track_caller]
    fn found(&self) -> Vec<String> {
        let run = self.run(&["check", "--format", "json", "--fail-on", "note"]);
        assert_eq!((run.code, run.errors.as_str()), (1, ""));
        let mut found = run.findings();
        let twin = found.iter().position(|finding| finding == TWIN_FINDING);
        found.remove(twin.unwrap_or_else(|| panic!("the rest is not linted: {found:#?}")));
        found
    }

    /// A check that can't be made: the program says why.
    #[track_caller]
    fn is_refused(&self, arguments: &[&str], why: &[&str]) {
        let run = self.run(&[&["check"], arguments].concat());
        assert_eq!((run.code, run.text.as_str()), (2, ""), "{}", run.errors);
        for part in why {
            assert!(run.errors.contains(part), "no `{part}` in\n{}", run.errors);
        }
    }
}

/// What a run of the program came to.
struct Run {
    code: i32,
    text: String,
    errors: String,
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    let mut command = Command::cargo_bin("brickwork").expect("the program is built");
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "RAYON_NUM_THREADS", "TERM"] {
        command.env_remove(variable);
    }
    let output = command.current_dir(folder).args(arguments).timeout(PATIENCE).output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("reports are text");
    let errors = String::from_utf8(output.stderr).expect("messages are text");
    assert!(!errors.contains("panicked"), "{errors}");
    let code = output.status.code().unwrap_or_else(|| panic!("it did not end by itself: {}\n{errors}", output.status));
    Run { code, text, errors }
}

impl Run {
    fn report(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}:\n{}", self.text))
    }

    /// Rule, path and line of each finding.
    fn findings(&self) -> Vec<String> {
        let report = self.report();
        let shown = |finding: &Value| {
            let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
            format!("{} {}:{}", text("rule"), text("path"), finding["line"])
        };
        report["findings"].as_array().expect("a list").iter().map(shown).collect()
    }
}

/// `depth` times `open`, then `middle`, then as many times `close`.
fn nested(open: &str, middle: &str, close: &str, depth: usize) -> String {
    open.repeat(depth) + middle + &close.repeat(depth)
}
