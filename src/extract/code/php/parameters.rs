//! Parameters of Symfony in texts: `%name%`, `%env(NAME)%`, `%env(resolve:NAME)%`.

use super::values::environment;
use crate::extract::code::value::{concat, literal};
use crate::facts::Value;

/// A text with its parameters read.
pub fn value(text: &str) -> Value {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        parts.push(literal(before));
        let Some((name, behind)) = after.split_once('%') else {
            parts.push(literal("%"));
            rest = after;
            continue;
        };
        parts.push(match name.strip_prefix("env(").and_then(|name| name.strip_suffix(')')) {
            Some(name) => environment(name),
            // `%%` is a sign.
            None if name.is_empty() => literal("%"),
            None => Value::Property { key: name.into(), default: None },
        });
        rest = behind;
    }
    parts.push(literal(rest));
    concat(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::code::snapshot::show;

    #[test]
    fn parameters_of_texts_are_read() {
        for (text, expected) in [
            ("%env(A)%", "env(A)"),
            ("http://%env(resolve:HOST)%:%env(int:PORT)%/x", "http://+env(HOST)+:+env(PORT)+/x"),
            ("%orders.url%/x", "property(orders.url)+/x"),
            ("100%", "100%"),
            ("a%%b", "a%b"),
        ] {
            assert_eq!(show(&value(text)), expected);
        }
    }
}
