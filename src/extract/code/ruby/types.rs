//! Classes and modules of Ruby, and how their names are written.

use std::ops::Range;

use crate::extract::code::Code;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::tokens::TokenKind;

/// A class of the file.
pub struct Class<'c, 't> {
    pub item: &'c Item,
    /// The last part of its name: of `class API::Users` that is `Users`.
    pub name: &'t str,
    pub at: usize,
    /// Tokens of what it extends; empty for nothing.
    pub base: Range<usize>,
    /// Its body without the head.
    pub body: Range<usize>,
}

impl<'t> Class<'_, 't> {
    /// The base with dots: `Sinatra.Base`; of `Sequel::Model(:orders)` what stands before the bracket.
    pub fn base_name(&self, code: &Code) -> String {
        let words = self.base.clone().take_while(|&at| code.kind(at) != Some(TokenKind::Open));
        words.filter_map(|at| code.word(at)).collect::<Vec<_>>().join(".")
    }
}

/// Every class of the file.
pub fn classes<'c, 't>(code: &'c Code<'t>) -> Vec<Class<'c, 't>> {
    types(code, &["class"])
}

/// Every class or module of the file.
pub fn types<'c, 't>(code: &'c Code<'t>, keywords: &[&str]) -> Vec<Class<'c, 't>> {
    let mut found = Vec::new();
    for item in code.items().iter().filter(|item| item.kind == ItemKind::Type && code.is_any(item.start, keywords)) {
        let end = code.partner(item.start).min(code.len());
        let mut at = item.start + 1;
        // `class << self`
        let mut name = None;
        while code.word(at).is_some() || code.is(at, "::") {
            if code.word(at).is_some() {
                if name.is_some() && !code.is(at - 1, "::") {
                    break;
                }
                name = Some(at);
            }
            at += 1;
        }
        let Some(name) = name else { continue };
        let mut base = at..at;
        if code.is(at, "<") {
            let from = at + 1;
            at = from;
            while at < end && !(at > from && code.begins_line(at)) && !code.is(at, ";") {
                at = code.after(at);
            }
            base = from..at;
        }
        found.push(Class { item, name: code.text_of(name), at: name, base, body: at..end });
    }
    found
}

/// `user_profile` as a type: `UserProfile`.
pub fn camelized(name: &str) -> String {
    let parts = name.split('_').filter_map(|part| {
        let mut letters = part.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;

    #[test]
    fn classes_have_a_name_and_a_base() {
        let text = "module A\n class B::C < D::E(:f)\n  g\n end\n class << self\n end\n class H; end\nend";
        let code = Code::new(Language::from_name("Ruby").expect("in the table"), "a.rb", text);
        let shown: Vec<String> = classes(&code)
            .iter()
            .map(|class| format!("{} < {} [{}]", class.name, class.base_name(&code), code.text_in(class.body.clone())))
            .collect();
        assert_eq!(shown, ["C < D.E [g]", "H <  [;]"]);
    }

    #[test]
    fn names_of_files_are_read_as_types() {
        assert_eq!(camelized("user_profile"), "UserProfile");
    }
}
