//! CODEOWNERS: GitHub's and GitLab's.
//!
//! The file in one of the places where a forge looks comes in, its rules come out, those of GitLab with the owners that their
//! section gives them. Which file counts where there are several, and who owns a path, is decided by `model`.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Fault};
use crate::extract::api::problems::{Kind, Problems};
use crate::extract::{Extractor, Input, Output, defects};
use crate::facts::{CodeOwners, Fact, OwnerRule, OwnersDialect, Text};
use crate::source::{Location, Span, Spanned};

pub const EXTRACTOR: Extractor = Extractor { name: "codeowners", wants: |_, path| is_read_by_a_forge(path), applies, extract };

/// Beyond this GitHub does not load the file.
const GITHUB_LIMIT: usize = 3 * 1024 * 1024;

static PATTERN: Kind = kind("patterns that the forge refuses", "write patterns that the forge knows");
static SECTION: Kind = kind("headings that are not closed", "close the brackets");
static OWNER: Kind = kind("words that are no owners", "an owner is `@user`, `@organisation/team` or an email address");

const fn kind(others: &'static str, help: &'static str) -> Kind {
    Kind { fault: Fault::ManifestInvalid, others, help }
}

fn applies(input: &Input) -> bool {
    is_read_by_a_forge(input.path)
}

fn is_read_by_a_forge(path: &str) -> bool {
    matches!(path, "CODEOWNERS" | ".github/CODEOWNERS" | "docs/CODEOWNERS" | ".gitlab/CODEOWNERS")
}

fn extract(input: &Input, output: &mut Output) {
    if let Some(mark) = ["{{", "{%"].iter().filter_map(|mark| input.text.find(mark)).min() {
        output.problems.extend(defects::template(input, None, Span::new(mark, mark + 2)));
        return;
    }
    let mut reader = Reader { input, dialect: dialect(input), section: None, rules: Vec::new(), problems: Problems::default() };
    if reader.dialect == OwnersDialect::Github && input.text.len() > GITHUB_LIMIT {
        let message = "GitHub does not load a CODEOWNERS file of more than 3 MB";
        output.problems.push(
            Diagnostic::new(Fault::LimitReached, Location::TOP, message)
                .help("replace single files by patterns for their directories"),
        );
        return;
    }
    for line in input.text.lines() {
        reader.line(line.trim());
    }
    output.problems.extend(reader.problems.finish());
    output.facts.push(Fact::Owners(CodeOwners { dialect: reader.dialect, rules: reader.rules }));
}

/// Only GitLab knows sections; a file that has none and lies where both forges look counts as GitHub's.
fn dialect(input: &Input) -> OwnersDialect {
    let sections = || {
        input.text.contains('[')
            && input.text.lines().any(|line| section(line).is_some_and(|section| section.default_owners.is_some()))
    };
    if input.path.starts_with(".gitlab/") || (!input.path.starts_with(".github/") && sections()) {
        OwnersDialect::Gitlab
    } else {
        OwnersDialect::Github
    }
}

struct Reader<'i, 'b> {
    input: &'i Input<'b>,
    dialect: OwnersDialect,
    section: Option<(Arc<str>, Vec<Text>)>,
    rules: Vec<OwnerRule>,
    problems: Problems,
}

impl Reader<'_, '_> {
    fn line(&mut self, line: &str) {
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        if self.dialect == OwnersDialect::Gitlab
            && let Some(section) = section(line)
        {
            return self.section(section, line);
        }
        let (pattern, rest) = line.split_at(pattern_length(line));
        if let Some((message, help)) = wrong_pattern(pattern, self.dialect) {
            return self.problem(&PATTERN, pattern, message, help);
        }
        let (mut owners, any_word) = self.owners(rest);
        if owners.is_empty() {
            // A line whose owners are all wrong says nothing; without a word it says "nobody", or "those of the section".
            if any_word {
                return;
            }
            if let Some((_, default_owners)) = &self.section {
                owners.clone_from(default_owners);
            }
        }
        let section = self.section.as_ref().map(|(name, _)| Arc::clone(name));
        self.rules.push(OwnerRule { at: self.input.place_of(pattern), pattern: pattern.into(), owners, section });
    }

    fn section(&mut self, section: Section, line: &str) {
        let Some(default_owners) = section.default_owners else {
            let help = "write `[Name]`, `^[Name]` or `[Name][2]`, then owners, if any";
            return self.problem(&SECTION, line, "the heading of a section is not closed".to_owned(), help);
        };
        let (owners, _) = self.owners(default_owners);
        self.section = Some((section.name.into(), owners));
    }

    /// The owners of the rest of a line, and whether there was any word before its comment.
    fn owners(&mut self, rest: &str) -> (Vec<Text>, bool) {
        let mut owners = Vec::new();
        let (mut any_word, mut in_comment) = (false, false);
        for word in rest.split_whitespace() {
            // GitLab knows no comment after a pattern: it takes owners from it, and leaves its other words.
            in_comment |= word.starts_with('#');
            if in_comment && self.dialect == OwnersDialect::Github {
                break;
            }
            any_word |= !in_comment;
            if is_owner(word, self.dialect) {
                owners.push(Spanned::new(word.into(), self.input.place_of(word)));
            } else if !in_comment {
                let help = if word.contains('@') {
                    "an owner is `@user`, `@organisation/team` or an email address".to_owned()
                } else {
                    format!("write `@{word}` for a user, `@organisation/{word}` for a team; escape a space in a path as `\\ `")
                };
                self.problem(&OWNER, word, format!("`{word}` is no owner"), help);
            }
        }
        (owners, any_word)
    }

    fn problem(&mut self, kind: &'static Kind, part: &str, message: String, help: impl Into<String>) {
        if let Some(problem) = self.problems.report(kind, || self.input.place_of(part), || message) {
            problem.help = Some(help.into());
        }
    }
}

/// A GitLab heading: `[Name]`, `^[Name]`, `[Name][2]`, then default owners.
struct Section<'l> {
    name: &'l str,
    /// What follows the brackets; none for a heading that is not closed.
    default_owners: Option<&'l str>,
}

fn section(line: &str) -> Option<Section<'_>> {
    let open = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?;
    let Some((name, mut rest)) = open.split_once(']') else { return Some(Section { name: open, default_owners: None }) };
    if let Some((approvals, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        && approvals.bytes().all(|byte| byte.is_ascii_digit())
    {
        rest = after;
    }
    // Anything glued to the bracket makes it a pattern with a set of characters: `[a-z]*.md @owner`.
    let closed = rest.chars().next().is_none_or(char::is_whitespace) && !name.trim().is_empty();
    closed.then(|| Section { name: name.trim(), default_owners: Some(rest) })
}

/// The bytes of the pattern that begins a line: up to a space that no backslash escapes.
fn pattern_length(line: &str) -> usize {
    let mut escaped = false;
    for (at, character) in line.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character.is_whitespace() => return at,
            _ => {}
        }
    }
    line.len()
}

/// What a forge refuses, with what to write instead.
fn wrong_pattern(pattern: &str, dialect: OwnersDialect) -> Option<(String, &'static str)> {
    if dialect == OwnersDialect::Gitlab {
        return None;
    }
    if pattern.starts_with('!') {
        Some((
            format!("`{pattern}`: GitHub knows no negated patterns"),
            "write the pattern without `!` and without owners: nobody owns what it matches",
        ))
    } else if pattern.starts_with("\\#") {
        Some((format!("`{pattern}`: GitHub reads no pattern that begins with `#`, escaped or not"), "write `?` for the `#`"))
    } else if memchr::memchr(b'[', pattern.as_bytes()).is_some_and(|at| !pattern[..at].ends_with('\\')) {
        Some((format!("`{pattern}`: GitHub knows no sets of characters"), "write `?` or `*`, or a line for each name"))
    } else {
        None
    }
}

/// `@user`, `@organisation/team`, an email address; on GitLab also `@group/with/subgroups` and roles such as `@@maintainer`.
fn is_owner(word: &str, dialect: OwnersDialect) -> bool {
    let named = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    match word.strip_prefix('@') {
        Some(role) if role.starts_with('@') => dialect == OwnersDialect::Gitlab && named(&role[1..]),
        Some(name) => name.split('/').all(named) && (dialect == OwnersDialect::Gitlab || name.matches('/').count() <= 1),
        None => word.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty() && !host.is_empty() && !host.contains('@') && !word.contains([',', ';', '<', '>'])
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::snapshot::check;
    use crate::discover::{Kind, Role};

    const KIND: Kind = Kind { language: None, role: Role::Production };

    #[test]
    fn rules_are_read_in_order_with_their_places() {
        check(
            ".github/CODEOWNERS",
            "# Who reviews what.\n\n*   @acme/core  docs@acme.example # for now\n  /docs/\t@writer\n/apps/legacy\nwith\\ space/ @a\n",
            "owners dialect=github rules=[\
                at=3:1 pattern=* owners=[@acme/core@3:5, docs@acme.example@3:17], \
                at=4:3 pattern=/docs/ owners=[@writer@4:10], \
                at=5:1 pattern=/apps/legacy, \
                at=6:1 pattern=with\\ space/ owners=[@a@6:14]]",
        );
    }

    #[test]
    fn of_very_many_mistakes_some_are_told() {
        let text = format!("* {}@a\n", "- ".repeat(100_000));
        let facts = crate::extract::file(KIND, "CODEOWNERS", text.as_bytes());
        assert_eq!(facts.problems.len(), 21);
        assert_eq!(facts.problems[20].message, "and 99980 more words that are no owners");
    }

    #[test]
    fn a_byte_order_mark_and_foreign_line_ends_change_nothing() {
        check(
            "CODEOWNERS",
            "* @a\r\n# c\r\n/b @c",
            "owners dialect=github rules=[at=1:1 pattern=* owners=[@a@1:3], at=3:1 pattern=/b owners=[@c@3:4]]",
        );
        let file = crate::extract::file(
            crate::discover::Kind { language: None, role: crate::discover::Role::Production },
            "CODEOWNERS",
            b"\xEF\xBB\xBF* @a",
        );
        assert_eq!(file.problems, []);
        assert_eq!(file.facts.len(), 1);
    }

    #[test]
    fn only_the_places_where_a_forge_looks_count() {
        check("services/tax/CODEOWNERS", "* @a\n", "");
        check("docs/CODEOWNERS", "* @a\n", "owners dialect=github rules=[at=1:1 pattern=* owners=[@a@1:3]]");
    }

    #[test]
    fn sections_make_it_gitlab_and_give_their_owners() {
        check(
            "CODEOWNERS",
            "* @all\n[Docs][2] @writers @group/sub/team\ndocs/\nREADME.md @@maintainer # and @b too\n^[Data base] @dba\n!gen/\n/a[b-d].md @x",
            "owners dialect=gitlab rules=[\
                at=1:1 pattern=* owners=[@all@1:3], \
                at=3:1 pattern=docs/ owners=[@writers@2:11, @group/sub/team@2:20] section=Docs, \
                at=4:1 pattern=README.md owners=[@@maintainer@4:11, @b@4:30] section=Docs, \
                at=6:1 pattern=!gen/ owners=[@dba@5:14] section=Data base, \
                at=7:1 pattern=/a[b-d].md owners=[@x@7:12] section=Data base]",
        );
    }

    #[test]
    fn what_github_refuses_is_told_and_does_not_count() {
        check(
            ".github/CODEOWNERS",
            "!docs/ @a\n\\#x @a\n[a-z]*.md @a\n*.rs @a\n",
            "owners dialect=github rules=[at=4:1 pattern=*.rs owners=[@a@4:6]]
             manifest-invalid 1:1 `!docs/`: GitHub knows no negated patterns <!docs/>
             help: write the pattern without `!` and without owners: nobody owns what it matches
             manifest-invalid 2:1 `\\#x`: GitHub reads no pattern that begins with `#`, escaped or not <\\#x>
             help: write `?` for the `#`
             manifest-invalid 3:1 `[a-z]*.md`: GitHub knows no sets of characters <[a-z]*.md>
             help: write `?` or `*`, or a line for each name",
        );
        check(".gitlab/CODEOWNERS", "!docs/ @a\n", "owners dialect=gitlab rules=[at=1:1 pattern=!docs/ owners=[@a@1:8]]");
    }

    #[test]
    fn a_word_that_is_no_owner_is_told_and_does_not_un_own() {
        check(
            "CODEOWNERS",
            "/a core\n/b @a, @b\n/c @acme/team/sub\n/d @ok\n",
            "owners dialect=github rules=[at=2:1 pattern=/b owners=[@b@2:8], at=4:1 pattern=/d owners=[@ok@4:4]]
             manifest-invalid 1:4 `core` is no owner <core>
             help: write `@core` for a user, `@organisation/core` for a team; escape a space in a path as `\\ `
             manifest-invalid 2:4 `@a,` is no owner <@a,>
             help: an owner is `@user`, `@organisation/team` or an email address
             manifest-invalid 3:4 `@acme/team/sub` is no owner <@acme/team/sub>
             help: an owner is `@user`, `@organisation/team` or an email address",
        );
    }

    #[test]
    fn a_template_is_told_as_such() {
        check(
            "CODEOWNERS",
            "* @{{ organisation }}/core\n",
            "template-unread 1:4 this file is a template: what it says is known when it is rendered <{{>
             help: check the rendered file, or exclude this one",
        );
    }

    #[test]
    fn a_heading_that_is_not_closed_is_told() {
        check(
            ".gitlab/CODEOWNERS",
            "[Docs\n* @a\n",
            "owners dialect=gitlab rules=[at=2:1 pattern=* owners=[@a@2:3]]
             manifest-invalid 1:1 the heading of a section is not closed <[Docs>
             help: write `[Name]`, `^[Name]` or `[Name][2]`, then owners, if any",
        );
    }
}
