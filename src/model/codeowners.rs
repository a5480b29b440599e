//! Who owns a path by a CODEOWNERS file.
//!
//! Rules and a path come in, the rules that count come out. GitHub lets the last matching rule decide, GitLab the last one of
//! each section. Patterns are matched as written, segment by segment: they are few, used once, and not worth compiling.

use crate::facts::{CodeOwners, OwnerRule, OwnersDialect};

/// What is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'p> {
    /// One file, below the repository's root.
    File(&'p str),
    /// A directory with all that may lie in it: a rule counts when it would match any new file there. Empty for the root.
    Directory(&'p str),
}

/// The rule that decides on GitHub; on GitLab that of the first section that has one.
pub fn owner_of<'r>(owners: &'r CodeOwners, target: Target) -> Option<&'r OwnerRule> {
    rules_of(owners, target).into_iter().next()
}

/// The rules that decide: at most one on GitHub, at most one of each section on GitLab, in the order of the sections.
/// A rule without owners is among them: it says that nobody owns the target.
pub fn rules_of<'r>(owners: &'r CodeOwners, target: Target) -> Vec<&'r OwnerRule> {
    if owners.dialect == OwnersDialect::Github {
        return owners.rules.iter().rev().find(|rule| matches(&rule.pattern, owners.dialect, target)).into_iter().collect();
    }
    // Sections by the same name in other letters are one.
    let mut sections: Vec<(Option<&str>, Option<&OwnerRule>, bool)> = Vec::new();
    for rule in &owners.rules {
        let name = rule.section.as_deref();
        let same = |known: Option<&str>| match (known, name) {
            (Some(known), Some(name)) => known.eq_ignore_ascii_case(name),
            (known, name) => known.is_none() && name.is_none(),
        };
        let index = sections.iter().position(|(known, ..)| same(*known)).unwrap_or_else(|| {
            sections.push((name, None, false));
            sections.len() - 1
        });
        let (_, last, excluded) = &mut sections[index];
        // What a section excludes it can't take back.
        match rule.pattern.strip_prefix('!') {
            Some(pattern) => *excluded |= matches(pattern, owners.dialect, target),
            None if matches(&rule.pattern, owners.dialect, target) => *last = Some(rule),
            None => {}
        }
    }
    sections.into_iter().filter(|(.., excluded)| !excluded).filter_map(|(_, last, _)| last).collect()
}

/// True for a pattern that says nothing about where: `*`, `**`, `/`, `/**` and the like.
pub fn names_everything(pattern: &str) -> bool {
    matches!(pattern.trim_start_matches('/'), "*" | "**" | "**/*" | "**/")
}

/// The name of the file that may lie in a directory asked about: no pattern can name it, only wildcards match it.
const ANY_FILE: &str = "\0";

fn matches(pattern: &str, dialect: OwnersDialect, target: Target) -> bool {
    let (path, any_file) = match target {
        Target::File(path) => (path, None),
        Target::Directory(path) => (path, Some(ANY_FILE)),
    };
    let path: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).chain(any_file).collect();
    let pattern = Pattern::read(pattern, dialect);
    pattern.matches(&path)
}

struct Pattern<'p> {
    segments: Vec<&'p str>,
    /// Segments may begin at any depth.
    floating: bool,
    /// What lies below a match counts too.
    descends: bool,
    /// Only a directory matches.
    directory: bool,
    dialect: OwnersDialect,
}

impl<'p> Pattern<'p> {
    fn read(pattern: &'p str, dialect: OwnersDialect) -> Self {
        let rooted = pattern.starts_with('/');
        let directory = pattern.ends_with('/');
        let segments: Vec<&str> = pattern.split('/').filter(|segment| !segment.is_empty()).collect();
        match dialect {
            // A slash in the middle ties a pattern to the root. `docs/*` is the files of a folder, not the folders below it.
            OwnersDialect::Github => Pattern {
                floating: !rooted && segments.len() == 1,
                descends: directory || segments.last() != Some(&"*"),
                segments,
                directory,
                dialect,
            },
            // Only a leading slash ties a pattern to the root, and only a trailing one reaches what lies below.
            OwnersDialect::Gitlab => Pattern { segments, floating: !rooted, descends: directory, directory, dialect },
        }
    }

    fn matches(&self, path: &[&str]) -> bool {
        // Neither forge takes a lone `/` for the whole repository.
        if self.segments.is_empty() {
            return false;
        }
        let mut segment = 0;
        let mut part = 0;
        // Where to go on when what follows the last `**` does not fit: its next segment, and the next part that it swallows.
        let mut retry = self.floating.then_some((0, 1));
        loop {
            let fits = match self.segments.get(segment) {
                None => {
                    if self.ends_at(path.len() - part) {
                        return true;
                    }
                    false
                }
                Some(&"**") if segment + 1 == self.segments.len() && !self.directory => return part < path.len(),
                Some(&"**") => {
                    segment += 1;
                    retry = Some((segment, part + 1));
                    continue;
                }
                Some(glob) => path.get(part).is_some_and(|name| glob_matches(glob, name, self.dialect)),
            };
            if fits {
                segment += 1;
                part += 1;
                continue;
            }
            match retry {
                Some((after, next)) if next <= path.len() => {
                    (segment, part) = (after, next);
                    retry = Some((after, next + 1));
                }
                _ => return false,
            }
        }
    }

    /// May the pattern end where `rest` parts of the path remain?
    fn ends_at(&self, rest: usize) -> bool {
        if rest == 0 { !self.directory } else { self.descends }
    }
}

/// One segment of a pattern against one name: `*`, `?`, escapes, and on GitLab sets such as `[a-z]`.
fn glob_matches(glob: &str, name: &str, dialect: OwnersDialect) -> bool {
    if name == ANY_FILE {
        return glob.bytes().all(|byte| byte == b'*');
    }
    let (glob, name) = (glob.as_bytes(), name.as_bytes());
    let (mut at, mut read) = (0, 0);
    let mut retry = None;
    while read < name.len() {
        let step = match glob.get(at) {
            Some(b'*') => {
                at += 1;
                retry = Some((at, read));
                continue;
            }
            Some(b'?') => Some((1, character_length(name[read]))),
            Some(b'\\') if at + 1 < glob.len() => (glob[at + 1] == name[read]).then_some((2, 1)),
            Some(b'[') if dialect == OwnersDialect::Gitlab => {
                set_matches(&glob[at..], name[read]).and_then(|(length, inside)| inside.then_some((length, 1)))
            }
            Some(&byte) => (byte == name[read]).then_some((1, 1)),
            None => None,
        };
        match (step, retry) {
            (Some((glob_step, name_step)), _) => {
                at += glob_step;
                read += name_step;
            }
            (None, Some((after, swallowed))) => {
                (at, read) = (after, swallowed + 1);
                retry = Some((after, swallowed + 1));
            }
            (None, None) => return false,
        }
    }
    glob[at.min(glob.len())..].iter().all(|byte| *byte == b'*')
}

/// The length of a set at the start of `glob`, and whether `byte` is in it; none for a bracket that nothing closes.
fn set_matches(glob: &[u8], byte: u8) -> Option<(usize, bool)> {
    let negated = matches!(glob.get(1), Some(b'!' | b'^'));
    let start = if negated { 2 } else { 1 };
    let end = start + 1 + glob.get(start + 1..)?.iter().position(|byte| *byte == b']')?;
    let mut inside = false;
    let mut at = start;
    while at < end {
        if at + 2 < end && glob[at + 1] == b'-' {
            inside |= (glob[at]..=glob[at + 2]).contains(&byte);
            at += 3;
        } else {
            inside |= glob[at] == byte;
            at += 1;
        }
    }
    Some((end + 1, inside != negated))
}

/// The bytes of the character that begins with `first`.
fn character_length(first: u8) -> usize {
    match first {
        0..0xC0 => 1,
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Text;
    use crate::source::Location;

    fn rules(dialect: OwnersDialect, lines: &[&str]) -> CodeOwners {
        let mut section = None;
        let rules = lines.iter().filter_map(|line| {
            if let Some(name) = line.strip_prefix('[') {
                section = Some(name.trim_end_matches(']').into());
                return None;
            }
            let mut words = line.split_whitespace();
            let pattern = words.next().expect("a pattern").into();
            let owners = words.map(|owner| Text::new(owner.into(), Location::TOP)).collect();
            Some(OwnerRule { at: Location::TOP, pattern, owners, section: section.clone() })
        });
        CodeOwners { dialect, rules: rules.collect() }
    }

    fn check(dialect: OwnersDialect, lines: &[&str], expected: &[(&str, &str)]) {
        let owners = rules(dialect, lines);
        for (path, owner) in expected {
            let target = match path.strip_suffix('/') {
                Some(directory) => Target::Directory(directory),
                None => Target::File(path),
            };
            let found: Vec<&str> =
                rules_of(&owners, target).iter().flat_map(|rule| rule.owners.iter().map(|owner| &*owner.value)).collect();
            assert_eq!(found.join(" "), *owner, "{path}");
            assert_eq!(
                owner_of(&owners, target).is_some_and(|rule| !rule.owners.is_empty()),
                !owner.split(' ').next().unwrap_or("").is_empty(),
                "{path}"
            );
        }
    }

    #[test]
    fn github_lets_the_last_match_decide() {
        check(
            OwnersDialect::Github,
            &[
                "* @everything",
                "*.js @scripts",
                "/build/logs/ @logs",
                "docs/* @pages",
                "apps/ @apps",
                "/handbook/ @handbook",
                "**/metrics @metrics",
                "/tools/ @tools",
                "/tools/legacy",
            ],
            &[
                ("README.md", "@everything"),
                ("src/deep/main.rs", "@everything"),
                ("src/deep/main.js", "@scripts"),
                ("build/logs/a/b.txt", "@logs"),
                ("x/build/logs/b.txt", "@everything"),
                ("docs/start.md", "@pages"),
                ("docs/build/trouble.md", "@everything"),
                ("x/docs/start.md", "@everything"),
                ("x/y/apps/z/main.rs", "@apps"),
                ("handbook/a/b", "@handbook"),
                ("x/handbook/a", "@everything"),
                ("build/metrics", "@metrics"),
                ("metrics/a", "@metrics"),
                ("a/b/metrics/c/d", "@metrics"),
                ("tools/x", "@tools"),
                ("tools/legacy/x", ""),
            ],
        );
    }

    #[test]
    fn github_patterns_follow_gitignore() {
        let match_one = |pattern: &str, path: &str| matches(pattern, OwnersDialect::Github, Target::File(path));
        for (pattern, yes, no) in [
            ("/*", "a", "a/b"),
            ("/**", "a/b", ""),
            ("a/**", "a/b/c", "a"),
            ("a/**/z", "a/z", "b/a/z"),
            ("a/**/z", "a/b/c/z", "a/b/c/y"),
            ("a/**/b/*.c", "a/x/b/y/b/z.c", "a/x/b/y/z.c"),
            ("a/*/c", "a/b/c", "a/b/b/c"),
            ("a/*/c", "a/b/c/d", "a/c"),
            ("a/*/", "a/b/c", "a/b"),
            ("file", "x/file", "x/file2"),
            ("file", "file/below", "afile"),
            ("logs/", "x/logs/y", "x/logs"),
            ("*.tar.*", "x/a.tar.gz", "x/a.tgz"),
            ("te?t", "test", "teest"),
            ("with\\ space.txt", "with space.txt", "with\\ space.txt"),
            ("?.md", "é.md", "ab.md"),
            ("Case", "Case", "case"),
            ("**/x/", "a/x/b", "a/x"),
            ("*", "a", ""),
        ] {
            assert!(match_one(pattern, yes), "{pattern} matches {yes}");
            assert!(!match_one(pattern, no), "{pattern} does not match {no}");
        }
    }

    #[test]
    fn a_directory_is_owned_by_what_would_match_any_new_file_in_it() {
        check(
            OwnersDialect::Github,
            &["* @all", "*.ts @scripts", "/services/tax/package.json @deps", "/services/cart/ @cart", "/services/pay/* @pay"],
            &[
                ("services/tax/", "@all"),
                ("services/cart/", "@cart"),
                ("services/cart/src/", "@cart"),
                ("services/pay/", "@pay"),
                ("/", "@all"),
            ],
        );
        check(OwnersDialect::Github, &["/docs/ @docs"], &[("/", ""), ("docs/", "@docs")]);
    }

    #[test]
    fn gitlab_counts_every_section_and_ties_only_what_begins_with_a_slash() {
        check(
            OwnersDialect::Gitlab,
            &[
                "* @all",
                "[Docs]",
                "docs/ @writers",
                "/guide @guide",
                "[Code]",
                "*.rb @ruby",
                "!gen/*.rb",
                "internal/[a-c]*.md @internal",
                "[docs]",
                "docs/api/ @api",
            ],
            &[
                ("main.go", "@all"),
                ("x/docs/a/b.md", "@all @writers"),
                ("docs/api/a.md", "@all @api"),
                ("guide/a.md", "@all"),
                ("guide", "@all @guide"),
                ("lib/a.rb", "@all @ruby"),
                ("x/gen/a.rb", "@all"),
                ("x/internal/b.md", "@all @internal"),
                ("x/internal/d.md", "@all"),
            ],
        );
    }

    #[test]
    fn hostile_patterns_end_soon() {
        let stars = "*a".repeat(2_000);
        let name = "a".repeat(20_000);
        assert!(!matches(&format!("{stars}b"), OwnersDialect::Github, Target::File(&name)));
        let pattern = "**/a/".repeat(2_000);
        let path = "a/".repeat(3_000);
        assert!(!matches(&format!("{pattern}b"), OwnersDialect::Github, Target::File(&path)));
        for pattern in ["", "/", "//", "**", "***", "\\", "[", "[]", "[!", "!", "a/**/"] {
            for dialect in [OwnersDialect::Github, OwnersDialect::Gitlab] {
                matches(pattern, dialect, Target::File("a/b"));
                matches(pattern, dialect, Target::Directory(""));
            }
        }
    }

    #[test]
    fn a_lone_slash_matches_nothing() {
        check(OwnersDialect::Github, &["/ @nobody"], &[("a", ""), ("a/b", ""), ("/", "")]);
    }

    #[test]
    fn a_pattern_for_everything_is_known_as_such() {
        for pattern in ["*", "**", "/**", "/*", "**/*"] {
            assert!(names_everything(pattern), "{pattern}");
        }
        for pattern in ["*.js", "/src/", "/src/**"] {
            assert!(!names_everything(pattern), "{pattern}");
        }
    }
}
