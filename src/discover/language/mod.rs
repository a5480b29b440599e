//! Languages: how a file's name tells its language, and how that language writes comments and strings.
//!
//! [`LANGUAGES`] has one row for each; adding a language is adding a row. The lexer that follows the rows is `extract::code`'s.

mod table;

use std::borrow::Cow;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use table::LANGUAGES;

/// A row of [`LANGUAGES`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(u8);

/// What the program knows of one language.
pub struct LanguageInfo {
    pub name: &'static str,
    /// File name endings, without the dot, in lower case.
    pub extensions: &'static [&'static str],
    /// Whole file names, in lower case; they win over endings.
    pub file_names: &'static [&'static str],
    /// True for program code, whose lines make up a service; false for data, markup, prose, descriptions and build files.
    pub code: bool,
    pub line_comments: &'static [LineComment],
    pub block_comments: &'static [BlockComment],
    pub literals: &'static [Literal],
}

/// A mark after which the rest of the line is a comment.
#[derive(Clone, Copy, Debug)]
pub struct LineComment {
    pub mark: &'static str,
    pub at: Place,
}

/// Where a mark counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Anywhere,
    /// Where a word may begin: after a blank, an opening bracket or a separator.
    WordStart,
    /// With nothing but blanks before it.
    LineStart,
    /// Not before `[`: `#[` begins an attribute of PHP.
    NotBeforeBracket,
}

#[derive(Clone, Copy, Debug)]
pub struct BlockComment {
    pub open: &'static str,
    /// Empty where nothing closes it but the text's end.
    pub close: &'static str,
    /// True when a block comment may stand inside another.
    pub nested: bool,
    /// True when both marks count at the beginning of a line only, and the closing one with the rest of its line.
    pub at_line_start: bool,
}

/// Text in which comment marks mean nothing.
#[derive(Clone, Copy, Debug)]
pub enum Literal {
    /// From `open` to `close`. One that must close on its line ends there even if it does not.
    Quoted { open: &'static str, close: &'static str, escape: Escape, multi_line: bool },
    /// The same with code in it, quotes in that included. It closes with as many of the byte as open it. One over many lines that
    /// never closes ends with its line.
    Holed { open: &'static str, close: u8, escape: Escape, multi_line: bool, hole: Hole },
    /// `'…'` on one line, with backslashes; after a letter that ends no keyword it is an apostrophe of a text between tags.
    Apostrophe,
    /// A quoted character where the quote also has other uses (lifetimes, primes, digit separators): `'x'`, `'\n'`, `'\u{1F600}'`.
    Character,
    /// A mark and the one character it quotes: `\"`, `?"`, `$"`.
    Marked(&'static str),
    /// `` `…` `` over many lines, with code in `${…}`.
    Template,
    /// `` `…` `` on one line: a name, in which nothing is a mark.
    Name,
    /// `/…/` where a value may begin, on one line.
    Regex,
    /// The same of Ruby, with code in `#{…}`, over many lines after an operator, and also as the argument of a call without brackets: after
    /// a word and a blank, where no blank follows.
    CommandRegex,
    /// `%w[…]`, `%q(…)`, `%r{…}`, `%(…)`: Ruby's, where a value may begin.
    Percent,
    /// `~r/…/`, `~w(…)a`, `~H"""…"""`: Elixir's.
    Sigil,
    /// From `?>` to the next `<?php` or `<?=`, and before the first one: what PHP writes out as it is.
    Markup,
    /// `r"…"`, `r#"…"#`, `br##"…"##`: as many `#` at the end as at the beginning, and no escapes.
    RawHashes,
    /// `#"…"#`, `##"""…"""##`: as many `#` at the end as at the beginning, at least one.
    ExtendedHashes,
    /// `"""…"""` with three quotes or more, and as many at the end.
    RawQuotes,
    /// `"""…"""` without escapes, where quotes before the closing ones belong to the text.
    RawTriple,
    /// `R"mark(…)mark"`.
    RawDelimited,
    /// `[[…]]`, `[=[…]=]`; as a comment after the language's line comment mark.
    LongBrackets,
    /// `$$…$$`, `$tag$…$tag$`.
    DollarQuoted,
    /// `<<WORD` and the lines up to one that begins with `WORD`.
    HereDocument(HereMark),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// Nothing is escaped.
    None,
    /// This byte makes the next one plain.
    With(u8),
    /// A closing mark written twice stands for itself.
    Doubled,
}

/// How code in a literal is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hole {
    None,
    /// `#{…}`.
    Hash,
    /// `${…}`.
    Dollar,
    /// `{$…}`.
    BraceDollar,
    /// `\(…)`.
    Parenthesis,
    /// `{…}` in a literal with this letter before it or its upper case; `{{` is a brace.
    Brace(u8),
}

/// How a here-document is announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HereMark {
    /// `<<WORD`, `<<-WORD`, `<<~WORD`, the word plain or quoted.
    TwoAngles,
    /// The same, also with blanks before the word.
    Redirection,
    /// `<<<WORD`.
    ThreeAngles,
}

impl Language {
    pub fn info(self) -> &'static LanguageInfo {
        &LANGUAGES[self.index()]
    }

    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// The place in [`LANGUAGES`].
    pub fn index(self) -> usize {
        self.0 as usize
    }

    pub fn all() -> impl Iterator<Item = Language> {
        (0..LANGUAGES.len()).map(|index| Language(index as u8))
    }

    pub fn from_name(name: &str) -> Option<Language> {
        Language::all().find(|language| language.name() == name)
    }

    /// The language of a file by its name, without its folder.
    pub fn of_file(name: &str) -> Option<Language> {
        let mut lower = [0; LONGEST];
        let names = names();
        if let Some(lower) = lower_case(name, &mut lower)
            && let Some(&language) = names.file_names.get(lower)
        {
            return Some(language);
        }
        let extension = lower_case(name.rsplit_once('.')?.1, &mut lower)?;
        names.extensions.get(extension).copied()
    }
}

/// No name or ending of the table is longer.
const LONGEST: usize = 24;

/// The text in lower case without allocating; none for what is too long to be in the table.
fn lower_case<'b>(text: &str, buffer: &'b mut [u8; LONGEST]) -> Option<&'b str> {
    let buffer = buffer.get_mut(..text.len())?;
    buffer.copy_from_slice(text.as_bytes());
    buffer.make_ascii_lowercase();
    std::str::from_utf8(buffer).ok()
}

struct Names {
    extensions: FxHashMap<&'static str, Language>,
    file_names: FxHashMap<&'static str, Language>,
}

fn names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| {
        let pairs = |pick: fn(&LanguageInfo) -> &'static [&'static str]| {
            Language::all().flat_map(move |language| pick(language.info()).iter().map(move |&name| (name, language))).collect()
        };
        Names { extensions: pairs(|info| info.extensions), file_names: pairs(|info| info.file_names) }
    })
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        Language::from_name(&name).ok_or_else(|| serde::de::Error::custom(format!("unknown language `{name}`")))
    }
}

impl JsonSchema for Language {
    fn schema_name() -> Cow<'static, str> {
        "Language".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_an_ending_tells_the_language() {
        let cases = [
            ("Main.java", Some("Java")),
            ("index.TS", Some("TypeScript")),
            ("vite.config.mts", Some("TypeScript")),
            ("Dockerfile", Some("Dockerfile")),
            ("api.dockerfile", Some("Dockerfile")),
            ("CMakeLists.txt", Some("CMake")),
            ("notes.txt", None),
            ("go.sum", None),
            ("java", None),
            (".gitignore", None),
            ("photo.png", None),
            ("", None),
            ("a-file-whose-name-is-longer-than-any-of-the-table.rs", Some("Rust")),
        ];
        for (name, language) in cases {
            assert_eq!(Language::of_file(name).map(Language::name), language, "{name}");
        }
    }

    #[test]
    fn no_two_rows_claim_the_same_name() {
        let mut seen = FxHashMap::default();
        for info in LANGUAGES {
            assert!(seen.insert(info.name.to_lowercase(), info.name).is_none(), "{} stands twice", info.name);
        }
        let mut claimed = FxHashMap::default();
        for info in LANGUAGES {
            let endings = info.extensions.iter().map(|extension| format!(".{extension}"));
            for name in endings.chain(info.file_names.iter().map(|name| name.to_string())) {
                assert_eq!(name, name.to_lowercase(), "{}", info.name);
                assert!(name.len() <= LONGEST, "{name}");
                if let Some(other) = claimed.insert(name.clone(), info.name) {
                    panic!("{} and {other} both claim {name}", info.name);
                }
            }
        }
        assert!(LANGUAGES.len() < u8::MAX as usize);
    }

    #[test]
    fn every_language_serialises_by_its_name() {
        for language in Language::all() {
            let json = serde_json::to_string(&language).expect("a name");
            assert_eq!(serde_json::from_str::<Language>(&json).expect("a known name"), language);
        }
    }
}
