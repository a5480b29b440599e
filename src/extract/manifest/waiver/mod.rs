//! Inline waivers: `# brickwork: allow RULE until 2027-03-01 by @team -- reason` in a comment of any file.
//!
//! Text comes in, waivers come out, and what looks like one but is not written right. Only a comment counts: the mark of one must
//! stand right before the words, outside any string, so prose, examples in documentation and texts of tests say nothing.

mod comment;

use memchr::memmem;

use crate::date::Date;
use crate::diagnostic::{Diagnostic, Fault, nearest};
use crate::discover::Role;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Fact, InlineWaiver, Text};
use crate::source::Spanned;
use comment::Comments;

/// A finding points into a file that was read, so that is where a waiver can stand: none is opened for it.
pub const EXTRACTOR: Extractor = Extractor { name: "waiver", wants: |_, _| false, applies, extract };

const MARK: &str = "brickwork:";
const FORM: &str = "write `brickwork: allow RULE until YYYY-MM-DD by @OWNER -- REASON`; `until` and `by` may be left out";
/// What other tools call it.
const OTHER_WORDS: [&str; 11] = [
    "ignore",
    "ignore-next-line",
    "disable",
    "disable-next-line",
    "suppress",
    "skip",
    "waive",
    "accept",
    "permit",
    "off",
    "noqa",
];

fn applies(input: &Input) -> bool {
    let read = !matches!(input.kind.role, Role::Vendored | Role::Generated | Role::Minified);
    read && memmem::find(input.text.as_bytes(), MARK.as_bytes()).is_some()
}

fn extract(input: &Input, output: &mut Output) {
    let comments = Comments::of(input);
    for at in memmem::find_iter(input.text.as_bytes(), MARK) {
        if let Some(whole) = comments.words_at(at) {
            Directive { input, whole, words: whole[MARK.len()..].trim(), output }.read();
        }
    }
}

/// A waiver as written.
struct Directive<'d, 'b> {
    input: &'d Input<'b>,
    /// From the mark on.
    whole: &'d str,
    /// What follows the mark.
    words: &'d str,
    output: &'d mut Output,
}

impl<'d> Directive<'d, '_> {
    fn read(mut self) {
        let mut words = self.words.split_whitespace();
        let Some(verb) = words.next() else { return };
        if !self.is_meant() {
            return;
        }
        if verb != "allow" {
            return self.problem(verb, format!("a waiver says `allow`, not `{verb}`"));
        }
        let mut rules: Vec<&'d str> = Vec::new();
        let (mut owner, mut until, mut reason) = (None, None, None);
        let mut list_goes_on = true;
        while let Some(word) = words.next() {
            match word {
                "--" | "—" | "–" => {
                    reason = Some(self.after(word)).filter(|reason| !reason.is_empty());
                    break;
                }
                "by" => match words.next() {
                    Some(value) if value != "--" => owner = Some(value),
                    _ => return self.problem(word, "`by` of a waiver needs an owner".to_owned()),
                },
                "until" => match words.next().map(|value| (value, value.parse::<Date>())) {
                    Some((value, Ok(_))) => until = Some(value),
                    Some((value, Err(error))) => return self.told(value, error.message, error.help),
                    None => return self.problem(word, "`until` of a waiver needs a date".to_owned()),
                },
                // `a, b` and `a,b` both list two rules.
                _ if list_goes_on && is_rule_list(word) => {
                    rules.extend(word.split(',').filter(|rule| !rule.is_empty()));
                    list_goes_on = word.ends_with(',');
                }
                _ => {
                    let message = match nearest(word, ["until", "by"]).filter(|_| word.len() > 2) {
                        Some(meant) => format!("a waiver says `{meant}`, not `{word}`"),
                        None => format!("`{}` does not belong into a waiver", word.escape_debug()),
                    };
                    return self.problem(word, message);
                }
            }
        }
        if rules.is_empty() {
            return self.problem(verb, "a waiver names its rule".to_owned());
        }
        let Some(reason) = reason else {
            return self.problem(self.whole, "a waiver gives its reason, after ` -- `".to_owned());
        };
        for rule in rules {
            let waiver = InlineWaiver {
                at: self.input.place_of(self.whole),
                rule: self.text(rule),
                owner: owner.map(|owner| self.text(owner)),
                until: until.map(|until| self.text(until)),
                reason: Some(self.text(reason)),
            };
            self.output.facts.push(Fact::Waiver(waiver));
        }
    }

    /// False for prose: a waiver says `allow`, or nearly, and then a rule's id, an owner, a date or a reason.
    fn is_meant(&self) -> bool {
        let mut words = self.words.split_whitespace();
        let (Some(verb), rule) = (words.next(), words.next().unwrap_or("")) else { return false };
        let verb_fits = OTHER_WORDS.contains(&verb) || nearest(verb, ["allow"]).is_some();
        let names_rule = is_rule_list(rule) && (rule.contains('-') || words.next().is_none());
        let has_clause = [" -- ", " by @", " until 2"].iter().any(|clause| self.words.contains(clause));
        verb_fits && (names_rule || has_clause)
    }

    /// What follows a word of the directive.
    fn after(&self, word: &str) -> &'d str {
        let end = self.input.span_of(word).end - self.input.span_of(self.words).start;
        self.words[end as usize..].trim()
    }

    fn problem(&mut self, part: &str, message: String) {
        self.told(part, message, FORM.to_owned());
    }

    fn told(&mut self, part: &str, message: String, help: String) {
        self.output.problems.push(Diagnostic::new(Fault::ManifestInvalid, self.input.place_of(part), message).help(help));
    }

    fn text(&self, part: &str) -> Text {
        Spanned::new(part.into(), self.input.place_of(part))
    }
}

/// One or several ids of rules, with commas.
fn is_rule_list(word: &str) -> bool {
    let is_id = |id: &str| {
        !id.is_empty()
            && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !id.starts_with('-')
    };
    let list = word.strip_suffix(',').unwrap_or(word);
    !list.is_empty() && list.split(',').all(is_id)
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    const FULL: &str = "brickwork: allow nano-service until 2027-03-01 by @acme/tax -- audited apart";

    /// The file says one waiver, on line 2.
    #[track_caller]
    fn counts(path: &str, text: &str) {
        let found = read(path, text);
        assert!(found.starts_with("waiver at=2:"), "{path}: {found}");
        assert!(found.ends_with("audited apart@2:") || found.contains("reason=audited apart@2:"), "{path}: {found}");
        assert_eq!(found.lines().count(), 1, "{path}: {found}");
    }

    #[track_caller]
    fn says_nothing(path: &str, text: &str) {
        assert_eq!(read(path, text), "", "{path}");
    }

    #[test]
    fn all_parts_are_read_with_their_places() {
        check(
            "a.py",
            "# brickwork: allow nano-service until 2027-03-01 by @acme/tax -- audited apart  \n",
            "waiver at=1:3 rule=nano-service@1:20 owner=@acme/tax@1:53 until=2027-03-01@1:39 reason=audited apart@1:66",
        );
        check("a.py", "# brickwork: allow a-b -- why", "waiver at=1:3 rule=a-b@1:20 reason=why@1:27");
        check(
            "a.py",
            "# brickwork: allow a-b, c,d by x@y.example -- why",
            "waiver at=1:3 rule=a-b@1:20 owner=x@y.example@1:32 reason=why@1:47
             waiver at=1:3 rule=c@1:25 owner=x@y.example@1:32 reason=why@1:47
             waiver at=1:3 rule=d@1:27 owner=x@y.example@1:32 reason=why@1:47",
        );
    }

    #[test]
    fn every_style_of_comment_counts() {
        for (path, before, after) in [
            ("a.py", "x = 1  # ", ""),
            ("a.yaml", "# ", ""),
            ("Dockerfile", "#", ""),
            ("a.rs", "fn a<'a>(x: &'a str) {} // ", ""),
            ("a.rs", "const A: &'static str = B; // ", ""),
            ("a.rs", "//! ", ""),
            ("a.ts", "const it = \"it's\"; /* ", " */ export"),
            ("a.java", " * ", ""),
            ("a.java", "/** ", " */"),
            ("a.sql", "-- ", ""),
            ("a.md", "<!-- ", " -->"),
            ("a.html", "<!--", "-->"),
            ("a.xml", "<a/> <!-- ", " --> <b/>"),
            ("a.tsx", "{/* ", " */}"),
            ("a.clj", ";; ", ""),
            ("b.yaml", "a: it's # ", "\nb: &x [1]\nc: *x"),
        ] {
            counts(path, &format!("\n{before}{FULL}{after}\n"));
        }
    }

    #[test]
    fn prose_strings_and_examples_say_nothing() {
        for (path, before, after) in [
            ("a.md", "Write `# ", "` beside the line."),
            ("a.md", "# ", ""),
            ("a.md", "```html\n<!-- ", " -->\n```"),
            ("a.txt", "# ", ""),
            ("a.rs", "let text = \"# ", "\";"),
            ("a.rs", "let text = r#\"\n# ", "\n\"#;"),
            ("a.py", "text = '# ", "'"),
            ("a.py", "text = \"\"\"\n# ", "\n\"\"\""),
            ("a.ts", "const text = `\n# ", "\n`;"),
            ("a.go", "const text = `# ", "`"),
            ("a.json", "{\"text\": \"// ", "\"}"),
            ("a.yaml", "# The words ", " are for comments"),
            ("a.yaml", "files:\n  a.py: |\n    # ", "\n  b: 1"),
            ("a.yaml", "text: \"a\n  # ", "\""),
            ("a.yaml", "", ""),
        ] {
            says_nothing(path, &format!("\n{before}{FULL}{after}\n"));
        }
        for text in [
            "# brickwork: allow the bot to push",
            "# brickwork: the linter",
            "# brickwork:",
            "# brickwork: skip",
            "// brickwork: see below",
        ] {
            says_nothing("a.py", text);
        }
    }

    #[test]
    fn a_file_full_of_waivers_is_read_in_linear_time() {
        for path in ["a.yaml", "a.py", "a.rs", "a.md", "a.ts"] {
            let waivers = "<!-- # // brickwork: allow a-b -- c\n".repeat(20_000);
            read_all(path, &waivers);
            read_all(path, &waivers.replace('\n', " "));
            read_all(path, &"# brickwork: '\"`".repeat(50_000));
        }
    }

    fn read_all(path: &str, text: &str) {
        let kind = crate::discover::Kind { language: None, role: crate::discover::Role::Production };
        crate::extract::file(kind, path, text.as_bytes());
    }

    #[test]
    fn what_is_written_wrong_is_told_with_the_right_form() {
        const HELP: &str =
            "help: write `brickwork: allow RULE until YYYY-MM-DD by @OWNER -- REASON`; `until` and `by` may be left out";
        for (text, expected) in [
            ("ignore nano-service -- why", "manifest-invalid 1:14 a waiver says `allow`, not `ignore` <ignore>"),
            ("alow nano-service", "manifest-invalid 1:14 a waiver says `allow`, not `alow` <alow>"),
            (
                "allow nano-service",
                "manifest-invalid 1:3 a waiver gives its reason, after ` -- ` <brickwork: allow nano-service>",
            ),
            (
                "allow nano-service --",
                "manifest-invalid 1:3 a waiver gives its reason, after ` -- ` <brickwork: allow nano-service -->",
            ),
            ("allow by @a -- why", "manifest-invalid 1:14 a waiver names its rule <allow>"),
            ("allow nano-service untill 2027-01-01 -- why", "manifest-invalid 1:33 a waiver says `until`, not `untill` <untill>"),
            ("allow nano-service because it is old", "manifest-invalid 1:33 `because` does not belong into a waiver <because>"),
            ("allow nano-service by -- why", "manifest-invalid 1:33 `by` of a waiver needs an owner <by>"),
            ("allow nano-service until", "manifest-invalid 1:33 `until` of a waiver needs a date <until>"),
            ("allow nano_service -- why", "manifest-invalid 1:20 `nano_service` does not belong into a waiver <nano_service>"),
        ] {
            check("a.py", &format!("# brickwork: {text}"), &format!("{expected}\n{HELP}"));
        }
        check(
            "a.py",
            "# brickwork: allow nano-service until 2027-02-30 -- why",
            "manifest-invalid 1:39 `2027-02-30` is not a date <2027-02-30>
             help: February 2027 has 28 days",
        );
    }
}
