//! Globs of paths that a policy excludes.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::diagnostic::{Diagnostic, Fault};
use crate::source::Location;

/// Compiled globs over paths below the root. One without a `/` may match at any depth, as in `.gitignore`; one that matches a
/// folder covers all that is in it.
pub struct Exclusions {
    globs: GlobSet,
}

impl Exclusions {
    pub fn new(globs: &[String]) -> (Exclusions, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let set = glob_set(globs, false, &mut diagnostics);
        (Exclusions { globs: set }, diagnostics)
    }

    /// For walkers, who ask for each folder before they enter it.
    pub fn matches(&self, path: &str) -> bool {
        !self.globs.is_empty() && self.globs.is_match(path)
    }

    /// For those who know whole paths only.
    pub fn covers(&self, path: &str) -> bool {
        if self.globs.is_empty() {
            return false;
        }
        let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        self.matches(path) || folders.into_iter().any(|folder| self.globs.is_match(folder))
    }
}

/// The globs that compile; a diagnostic for each other one. Where they are `anchored`, one without a `/` counts at the root only.
pub fn glob_set(globs: &[String], anchored: bool, diagnostics: &mut Vec<Diagnostic>) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for written in globs {
        let path = written.trim_end_matches('/');
        let plain = path.trim_start_matches("./").trim_start_matches('/');
        let is_anchored = anchored || plain.contains('/') || plain.len() < path.len();
        let pattern = if is_anchored { plain.to_string() } else { format!("**/{plain}") };
        match GlobBuilder::new(&pattern).literal_separator(true).build() {
            Ok(glob) => {
                builder.add(glob);
            }
            Err(error) => diagnostics.push(
                Diagnostic::new(Fault::PolicyInvalid, Location::TOP, format!("`{written}` is no glob: {}", error.kind()))
                    .help("write `*` for any name, `**` for any folders, `{a,b}` for either"),
            ),
        }
    }
    builder.build().unwrap_or_else(|error| {
        let message = format!("the globs of the policy are more than can be matched: {}", error.kind());
        diagnostics.push(Diagnostic::new(Fault::LimitReached, Location::TOP, message).help("write fewer or simpler globs"));
        GlobSet::empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_covers_files_and_what_is_in_folders() {
        let globs = ["legacy", "*.snap", "services/*/fixtures", "/tools", "docs/**"].map(String::from);
        let (exclusions, diagnostics) = Exclusions::new(&globs);
        assert_eq!(diagnostics, []);
        for path in ["legacy/a.ts", "services/legacy/a.ts", "a/b.snap", "services/a/fixtures/x/y.json", "tools/x", "docs/a/b.md"]
        {
            assert!(exclusions.covers(path), "{path}");
        }
        for path in ["legacy-api/a.ts", "a/b.snapshot", "services/a/b/fixtures/x", "services/tools/x", "docs.md"] {
            assert!(!exclusions.covers(path), "{path}");
        }
    }

    #[test]
    fn a_broken_glob_is_told_and_the_others_count() {
        let (exclusions, diagnostics) = Exclusions::new(&["a[".into(), "b".into()]);
        assert_eq!(diagnostics.len(), 1);
        assert!(diagnostics[0].message.starts_with("`a[` is no glob: "), "{}", diagnostics[0].message);
        assert!(exclusions.covers("b/c"));
    }
}
