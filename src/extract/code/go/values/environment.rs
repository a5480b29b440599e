//! Variables of the environment and settings in Go: what reads them, and tags of fields that name them.

use std::ops::Range;

use super::super::source::Source;

/// A function of this file that reads a variable of the environment by a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The parameter that is the variable's name.
    pub key: usize,
    /// The parameter that is returned where there is no such variable.
    pub default: Option<usize>,
}

/// True for a name that variables of the environment have.
pub fn is_key(text: &str) -> bool {
    text.len() > 1
        && text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// True for the name of a function that reads the environment, however the project calls it.
pub fn is_reader(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("env") && !["environ", "unset", "setenv", "envelope"].iter().any(|other| name.contains(other))
}

/// Whether the function at this place reads the environment by one of its parameters.
pub fn reader(source: &Source, function: usize) -> Option<Reader> {
    let code = source.code;
    let function = &source.functions[function];
    let index_of = |name: &str| function.parameters.iter().position(|parameter| parameter.name == name);
    let key = ["Getenv", "LookupEnv"].iter().find_map(|called| {
        let places = code.occurrences_in(function.body.clone(), called).iter();
        places.take(4).find_map(|&at| index_of(code.word(at as usize + 2).filter(|_| code.is(at as usize + 1, "("))?))
    })?;
    let returned = |range: Range<usize>| index_of(code.word(range.start)?);
    let default = code.occurrences_in(function.body.clone(), "return").iter().take(8).find_map(|&at| {
        let from = at as usize + 1;
        returned(from..from + 1).filter(|&index| index != key)
    });
    Some(Reader { key, default })
}

/// The value of a key in the tag of a field: of `json:"a" env:"B,required"` by `env` it is `B,required`.
pub fn tag<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let text = text.trim_matches('`');
    let found = text.match_indices(key).find(|(at, _)| {
        let before = text[..*at].bytes().next_back();
        before.is_none_or(|byte| byte == b' ' || byte == b'\t') && text[at + key.len()..].starts_with(":\"")
    })?;
    let rest = &text[found.0 + key.len() + 2..];
    rest.split('"').next()
}

/// Words of a name in capitals: `OrdersURL` as `ORDERS_URL`.
pub fn split_words(name: &str) -> String {
    let bytes = name.as_bytes();
    let mut out = String::with_capacity(name.len() + 4);
    for (index, character) in name.char_indices() {
        let before = index > 0 && bytes[index - 1].is_ascii_lowercase();
        let after =
            index > 0 && bytes[index - 1].is_ascii_uppercase() && bytes.get(index + 1).is_some_and(u8::is_ascii_lowercase);
        if character.is_ascii_uppercase() && (before || after) {
            out.push('_');
        }
        out.push(character.to_ascii_uppercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_have_keys() {
        let text = "`yaml:\"url\" env:\"ORDERS_URL,required\" env-default:\"http://orders\"`";
        assert_eq!(tag(text, "env"), Some("ORDERS_URL,required"));
        assert_eq!(tag(text, "env-default"), Some("http://orders"));
        assert_eq!(tag(text, "default"), None);
    }

    #[test]
    fn names_are_split_at_their_words() {
        assert_eq!(split_words("OrdersURL"), "ORDERS_URL");
        assert_eq!(split_words("HTTPPort"), "HTTP_PORT");
    }
}
