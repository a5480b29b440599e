//! The table of languages compiled for the lexer: what a byte may begin.

use std::sync::OnceLock;

use crate::discover::language::{BlockComment, LANGUAGES, Language, LanguageInfo, LineComment, Literal};

/// Classes of bytes; those from `FIRST_RULES` on select a list of rules.
pub const BLANK: u8 = 0;
pub const PLAIN: u8 = 1;
pub const NEWLINE: u8 = 2;
/// Braces, where the end of code inside of a template has to be found.
pub const BRACE: u8 = 3;
const FIRST_RULES: u8 = 4;

pub type Classes = [u8; 256];

pub struct Lexicon {
    pub classes: Classes,
    /// The same for code inside of a template.
    pub classes_in_template: Classes,
    rules: Vec<Vec<Rule>>,
    /// Comments whose marks count at the beginning of a line only.
    pub line_marks: Vec<&'static BlockComment>,
    /// True where `--[[` begins a comment of many lines.
    pub long_brackets: bool,
    /// True where code stands between markup.
    pub markup: bool,
}

/// Something that begins at a byte.
#[derive(Clone, Copy)]
pub enum Rule {
    Line(&'static LineComment),
    Block(&'static BlockComment),
    Literal(&'static Literal),
}

impl Lexicon {
    pub fn of(language: Language) -> &'static Lexicon {
        static LEXICONS: [OnceLock<Lexicon>; LANGUAGES.len()] = [const { OnceLock::new() }; LANGUAGES.len()];
        LEXICONS[language.index()].get_or_init(|| Lexicon::new(language.info()))
    }

    /// The rules that a byte of this class may begin, in the order in which they are tried.
    pub fn rules(&self, class: u8) -> &[Rule] {
        self.rules.get(class.wrapping_sub(FIRST_RULES) as usize).map_or(&[], Vec::as_slice)
    }

    fn new(info: &'static LanguageInfo) -> Lexicon {
        let (line_marks, blocks): (Vec<_>, Vec<_>) = info.block_comments.iter().partition(|comment| comment.at_line_start);
        let comments = info.line_comments.iter().map(Rule::Line).chain(blocks.into_iter().map(Rule::Block));
        let mut all: Vec<Rule> = comments.chain(info.literals.iter().map(Rule::Literal)).collect();
        // The longest mark wins; of equally long ones the pickier.
        all.sort_by_key(|rule| {
            (std::cmp::Reverse(rule.mark().len()), matches!(rule, Rule::Literal(Literal::Quoted { .. } | Literal::Holed { .. })))
        });
        let mut classes = [PLAIN; 256];
        for blank in [b' ', b'\t', b'\r', 0x0B, 0x0C] {
            classes[blank as usize] = BLANK;
        }
        classes[b'\n' as usize] = NEWLINE;
        let mut rules: Vec<Vec<Rule>> = Vec::new();
        for rule in all {
            let class = &mut classes[rule.mark().as_bytes()[0] as usize];
            if *class < FIRST_RULES {
                *class = FIRST_RULES + rules.len() as u8;
                rules.push(Vec::new());
            }
            rules[(*class - FIRST_RULES) as usize].push(rule);
        }
        let mut classes_in_template = classes;
        for brace in [b'{', b'}'] {
            classes_in_template[brace as usize] = BRACE;
        }
        let long_brackets = info.literals.iter().any(|literal| matches!(literal, Literal::LongBrackets));
        let markup = info.literals.iter().any(|literal| matches!(literal, Literal::Markup));
        Lexicon { classes, classes_in_template, rules, line_marks, long_brackets, markup }
    }
}

impl Rule {
    /// The bytes at which the rule is tried. Forms with a prefix of letters are tried at their quote, because letters are everywhere.
    fn mark(&self) -> &'static str {
        match self {
            Rule::Line(comment) => comment.mark,
            Rule::Block(comment) => comment.open,
            Rule::Literal(literal) => match literal {
                Literal::Quoted { open, .. } | Literal::Holed { open, .. } | Literal::Marked(open) => open,
                Literal::Character | Literal::Apostrophe => "'",
                Literal::Template | Literal::Name => "`",
                Literal::Regex | Literal::CommandRegex => "/",
                Literal::Percent => "%",
                Literal::Sigil => "~",
                Literal::Markup => "?>",
                Literal::RawHashes | Literal::ExtendedHashes | Literal::RawDelimited => "\"",
                Literal::RawQuotes | Literal::RawTriple => "\"\"\"",
                Literal::LongBrackets => "[",
                Literal::DollarQuoted => "$",
                Literal::HereDocument(_) => "<<",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_compiles() {
        for language in Language::all() {
            let lexicon = Lexicon::of(language);
            for rule in lexicon.rules.iter().flatten() {
                assert!(!rule.mark().is_empty(), "{}", language.name());
            }
        }
    }

    #[test]
    fn the_longest_mark_is_tried_first() {
        let python = Lexicon::of(Language::from_name("Python").expect("in the table"));
        let marks: Vec<&str> = python.rules(python.classes[b'"' as usize]).iter().map(Rule::mark).collect();
        assert_eq!(marks, ["\"\"\"", "\""]);
    }
}
