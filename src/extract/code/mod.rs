//! Program code: one lexer for all languages of the table, and what is read with it.
//!
//! A [`Dialect`] knows one language (or a few that are written alike): how it imports names and what its files define for others. A
//! [`Framework`] knows what one library for routes, messages or persistence looks like in it. Each is one file in the dialect's folder;
//! the dialect lists its frameworks, and [`DIALECTS`] lists the dialects.
//!
//! Most files use no framework that is known here: one search for the marks of all of them finds that out, and nothing more is done.

pub mod addresses;
pub mod calls;
pub mod cpp;
pub mod csharp;
pub mod elixir;
pub mod go;
pub mod java;
pub mod javascript;
pub mod lexer;
pub mod lines;
mod literals;
mod marks;
pub mod paths;
pub mod php;
mod pieces;
pub mod python;
mod reach;
pub mod ruby;
pub mod rust;
mod shapes;
#[cfg(test)]
pub mod snapshot;
pub mod statements;
pub mod structure;
pub mod targets;
pub mod tokens;
pub mod value;

use std::any::Any;
use std::cell::{Cell, OnceCell};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::{Extractor, Input, Output};
use crate::discover::language::{LANGUAGES, Language};
use crate::discover::{self, Role};
use crate::facts::{CodeModule, CodeShape, Fact};
use crate::source::{LineIndex, Location, Span};
pub use shapes::WINDOW;
use tokens::{Token, TokenKind};

/// Code is opened for its lines already.
pub const EXTRACTOR: Extractor = Extractor { name: "code", wants: |_, _| false, applies, extract };

/// Every language of which more than lines is read.
pub const DIALECTS: &[Dialect] = &[
    cpp::DIALECT,
    csharp::DIALECT,
    elixir::DIALECT,
    go::DIALECT,
    java::DIALECT,
    javascript::DIALECT,
    php::DIALECT,
    python::DIALECT,
    ruby::DIALECT,
    rust::DIALECT,
];

/// How one language names things across files.
pub struct Dialect {
    /// Names of the table of languages.
    pub languages: &'static [&'static str],
    /// Local names to the symbols that they stand for.
    pub imports: fn(&Code) -> Imports,
    /// Constants, aliases, types and the entry point of a file that may define some.
    pub define: fn(&Code, &mut CodeModule),
    /// One of these stands in every file in which `define` would find something.
    pub marks: &'static [&'static str],
    pub frameworks: &'static [Framework],
}

/// One library that offers operations, or stores types.
pub struct Framework {
    /// The file's name here, as facts name it.
    pub name: &'static str,
    /// One of these stands in every file that uses it.
    pub marks: &'static [&'static str],
    pub read: fn(&Code, &mut Output),
}

/// Local names to symbols (`MODULE#NAME`).
pub type Imports = FxHashMap<String, Arc<str>>;

/// A file of code.
pub struct Code<'t> {
    /// Below the repository's root.
    pub path: &'t str,
    pub text: &'t str,
    pub language: Language,
    pub tokens: Vec<Token>,
    pub count: lines::Count,
    imports: OnceCell<Imports>,
    items: OnceCell<structure::Items>,
    /// Words by their texts, and by their places.
    words: OnceCell<Vec<u32>>,
    lines: OnceCell<LineIndex>,
    shared: OnceCell<Box<dyn Any>>,
    shapes: Cell<Vec<CodeShape>>,
}

impl<'t> Code<'t> {
    pub fn new(language: Language, path: &'t str, text: &'t str) -> Self {
        let mut sinks = (lines::Counter::new(text), (tokens::Collector::new(language, text), shapes::Shaper::new(text)));
        lexer::read(language, text.as_bytes(), &mut sinks);
        let (counter, (collector, shaper)) = sinks;
        let (count, tokens) = (counter.finish(), collector.finish());
        Code {
            path,
            text,
            language,
            tokens,
            count,
            imports: OnceCell::new(),
            items: OnceCell::new(),
            words: OnceCell::new(),
            lines: OnceCell::new(),
            shared: OnceCell::new(),
            shapes: Cell::new(shaper.finish()),
        }
    }

    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The text of a token; empty past the end.
    pub fn text_of(&self, index: usize) -> &'t str {
        self.tokens.get(index).map_or("", |token| &self.text[token.start as usize..token.end as usize])
    }

    pub fn kind(&self, index: usize) -> Option<TokenKind> {
        self.tokens.get(index).map(|token| token.kind)
    }

    /// True for a token that is no literal and reads so.
    pub fn is(&self, index: usize, text: &str) -> bool {
        self.is_any(index, &[text])
    }

    #[inline]
    pub fn is_any(&self, index: usize, texts: &[&str]) -> bool {
        let Some(token) = self.tokens.get(index).filter(|token| token.kind != TokenKind::Literal) else { return false };
        let own = &self.text.as_bytes()[token.start as usize..token.end as usize];
        // Most differ in length or in their first byte.
        texts.iter().map(|text| text.as_bytes()).any(|text| own.len() == text.len() && own.first() == text.first() && own == text)
    }

    /// The word at a token.
    pub fn word(&self, index: usize) -> Option<&'t str> {
        (self.kind(index)? == TokenKind::Word).then(|| self.text_of(index))
    }

    pub fn begins_line(&self, index: usize) -> bool {
        self.tokens.get(index).is_none_or(|token| token.begins_line)
    }

    /// Where a word stands, in the order of the text.
    pub fn occurrences(&self, word: &str) -> &[u32] {
        let words = self.words.get_or_init(|| {
            let is_word = |at: &u32| self.tokens[*at as usize].kind == TokenKind::Word;
            let mut words: Vec<u32> = (0..self.len() as u32).filter(is_word).collect();
            words.sort_unstable_by_key(|&at| (self.text_of(at as usize), at));
            words
        });
        let from = words.partition_point(|&at| self.text_of(at as usize) < word);
        let to = from + words[from..].partition_point(|&at| self.text_of(at as usize) == word);
        &words[from..to]
    }

    /// Where a word stands in some tokens.
    pub fn occurrences_in(&self, range: Range<usize>, word: &str) -> &[u32] {
        let all = self.occurrences(word);
        let from = all.partition_point(|&at| (at as usize) < range.start);
        let to = all.partition_point(|&at| (at as usize) < range.end);
        &all[from..to.max(from)]
    }

    /// True when tokens from `index` on read so.
    pub fn reads(&self, index: usize, texts: &[&str]) -> bool {
        texts.iter().enumerate().all(|(offset, text)| self.is(index + offset, text))
    }

    /// The bracket that belongs to the one here: of an opening one its closing one, or the number of tokens where none does.
    pub fn partner(&self, index: usize) -> usize {
        self.tokens.get(index).map_or(self.len(), |token| token.partner as usize)
    }

    /// The token after this one, or after the group that it opens.
    pub fn after(&self, index: usize) -> usize {
        match self.kind(index) {
            Some(TokenKind::Open) => (self.partner(index) + 1).min(self.len()),
            _ => index + 1,
        }
    }

    /// The tokens inside of a bracket.
    pub fn inside(&self, open: usize) -> Range<usize> {
        open + 1..self.partner(open).max(open + 1).min(self.len())
    }

    /// The parts of a range between separators that stand in no inner bracket. An empty range has no parts.
    pub fn split(&self, range: Range<usize>, separator: &str) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut from = range.start;
        let mut at = range.start;
        while at < range.end {
            if self.is(at, separator) {
                parts.push(from..at);
                from = at + 1;
            }
            at = self.after(at);
        }
        if from < range.end {
            parts.push(from..range.end);
        }
        parts
    }

    /// Where some tokens stand; the beginning of the file for none.
    pub fn location(&self, tokens: Range<usize>) -> Location {
        let (Some(first), Some(last)) = (self.tokens.get(tokens.start), self.tokens.get(tokens.end.wrapping_sub(1))) else {
            return Location::TOP;
        };
        self.location_of(Span::new(first.start as usize, last.end.max(first.end) as usize))
    }

    /// Where a token stands.
    pub fn at(&self, index: usize) -> Location {
        self.location(index..index + 1)
    }

    pub fn location_of(&self, span: Span) -> Location {
        self.lines.get_or_init(|| LineIndex::new(self.text)).location(self.text, span)
    }

    /// What a dialect works out once for all of its readers. It is of one type for each dialect: asked for another one, it is made anew
    /// and not kept.
    pub fn shared<T: Clone + 'static>(&self, make: impl Fn(&Self) -> T) -> T {
        let kept = self.shared.get_or_init(|| Box::new(make(self)));
        kept.downcast_ref::<T>().cloned().unwrap_or_else(|| make(self))
    }

    /// The windows of its code, once.
    pub fn take_shapes(&self) -> Vec<CodeShape> {
        self.shapes.take()
    }

    /// What the file imports.
    pub fn imports(&self) -> &Imports {
        self.imports.get_or_init(|| dialect(self.language).map_or_else(Imports::default, |dialect| (dialect.imports)(self)))
    }

    /// The symbol that a name of this file stands for: what it imports by that name, or else its own. Of a dotted name the first part may
    /// be imported.
    pub fn symbol(&self, name: &str) -> Arc<str> {
        let (first, rest) = name.split_once('.').map_or((name, ""), |(first, rest)| (first, rest));
        match self.imports().get(first) {
            Some(target) if rest.is_empty() => Arc::clone(target),
            // `import * as routes`: a module's names are its members.
            Some(target) => match target.strip_suffix("#*") {
                Some(module) => format!("{module}#{rest}").into(),
                None => format!("{target}.{rest}").into(),
            },
            None => format!("#{name}").into(),
        }
    }
}

impl<'b> Input<'b> {
    /// The file as code; read once, whoever asks first.
    pub(super) fn code(&self, language: Language) -> &Code<'b> {
        self.code.get_or_init(|| Code::new(language, self.path, self.text))
    }
}

/// Lines and windows of a text of which nothing else is read.
pub fn measure(language: Language, text: &str) -> (lines::Count, Vec<CodeShape>) {
    let mut sinks = (lines::Counter::new(text), shapes::Shaper::new(text));
    lexer::read(language, text.as_bytes(), &mut sinks);
    (sinks.0.finish(), sinks.1.finish())
}

/// Whether operations and persistent types are read in a language.
pub fn is_read(language: Language) -> bool {
    marks(language).is_some()
}

fn dialect(language: Language) -> Option<&'static Dialect> {
    marks(language).map(|marks| marks.dialect)
}

/// What is looked for in the files of one language.
struct Marks {
    dialect: &'static Dialect,
    search: marks::Search,
    /// By pattern: the framework that it is a mark of; None for the dialect's own.
    owners: Vec<Option<usize>>,
}

fn marks(language: Language) -> Option<&'static Marks> {
    static MARKS: [OnceLock<Option<Marks>>; LANGUAGES.len()] = [const { OnceLock::new() }; LANGUAGES.len()];
    MARKS[language.index()]
        .get_or_init(|| {
            let dialect = DIALECTS.iter().find(|dialect| dialect.languages.contains(&language.name()))?;
            let own = dialect.marks.iter().map(|mark| (*mark, None));
            let all = dialect.frameworks.iter().enumerate();
            let all = all.flat_map(|(index, framework)| framework.marks.iter().map(move |mark| (*mark, Some(index))));
            let (patterns, owners): (Vec<&str>, Vec<Option<usize>>) = own.chain(all).unzip();
            let search = marks::Search::new(&patterns);
            Some(Marks { dialect, search, owners })
        })
        .as_ref()
}

fn applies(input: &Input) -> bool {
    let discover::Kind { language, role } = input.kind;
    role == Role::Production && language.is_some_and(|language| language.info().code && marks(language).is_some())
}

fn extract(input: &Input, output: &mut Output) {
    let Some(language) = input.kind.language else { return };
    let Some(Marks { dialect, search, owners }) = marks(language) else { return };
    let mut frameworks = vec![false; dialect.frameworks.len()];
    let mut defines = false;
    search.each(input.text, |mark| match owners[mark] {
        Some(framework) => frameworks[framework] = true,
        None => defines = true,
    });
    if !defines && !frameworks.contains(&true) {
        return;
    }
    let code = input.code(language);
    if code.count.generated || code.count.minified {
        return;
    }
    let mut module = CodeModule::default();
    if defines {
        (dialect.define)(code, &mut module);
    }
    for (framework, _) in dialect.frameworks.iter().zip(frameworks).filter(|(_, found)| *found) {
        (framework.read)(code, output);
    }
    if !module.is_empty() {
        output.facts.push(Fact::Code(module));
    }
}
