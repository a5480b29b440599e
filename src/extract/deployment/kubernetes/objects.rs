//! `ConfigMap` and `Secret`: what they hold, of secrets only what is none.
//!
//! A value that is a file of settings of its own comes out as the settings that it holds, and one of a proxy as what that hands on.

use super::super::{handed_on, secret, written};
use crate::document::Node;
use crate::extract::Input;
use crate::facts::{Fact, SettingsObject, Text};
use crate::source::{Location, Spanned};

/// How many entries of one object are kept.
const MOST: usize = 500;
/// Longer values are files that nobody here reads.
const LONGEST: usize = 4096;

/// The object, and further facts of the files in it.
pub fn read(input: &Input, object: Node) -> Option<(SettingsObject, Vec<Fact>)> {
    let metadata = object.get("metadata")?;
    let name = written::expanded(metadata.get("name")?)?;
    let namespace = metadata.get("namespace").and_then(Node::scalar).map(Into::into);
    let is_secret = object.get("kind").and_then(Node::scalar) == Some("Secret");
    let mut found = SettingsObject { at: name.at, name, namespace, entries: Vec::new(), files: Vec::new() };
    let mut facts = Vec::new();
    for (group, is_encoded) in [("data", is_secret), ("stringData", false)] {
        for (key, value) in object.get(group).into_iter().flat_map(Node::entries).take(MOST) {
            let (Some(key), Some(text)) = (key.scalar(), value.scalar()) else { continue };
            if found.entries.len() >= MOST || secret::is_secret(key) {
                continue;
            }
            if is_encoded {
                let decoded = decoded(text).filter(|text| !text.contains('\n'));
                found.entries.extend(decoded.and_then(|text| Some((key.into(), harmless(&text, value.location())?))));
            } else if text.trim_end().contains('\n') {
                let (settings, more) = handed_on::read(input.kind, key, value, &found.name);
                let left = MOST - found.entries.len();
                found.entries.extend(settings.into_iter().take(left).map(|setting| (setting.key, setting.value)));
                facts.extend(more);
            } else {
                found.entries.extend(harmless(text, value.location()).map(|text| (key.into(), text)));
            }
        }
    }
    Some((found, facts))
}

/// A value of one line, without what is secret in it.
pub fn harmless(text: &str, at: Location) -> Option<Text> {
    let text = text.trim();
    if text.len() > LONGEST || secret::is_blob(text) {
        return None;
    }
    let text = secret::without_secrets(text);
    Some(Spanned::new(text.trim().into(), at))
}

/// The text that a value in base64 stands for.
fn decoded(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > LONGEST || text.is_empty() {
        return None;
    }
    let (mut bits, mut count) = (0u32, 0);
    let mut bytes = Vec::with_capacity(text.len());
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(six)) & 0x00FF_FFFF;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    let is_text = |c: char| !c.is_control() || c.is_whitespace();
    (text.chars().all(is_text) && !text.trim().is_empty()).then(|| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn texts_in_base64_are_read() {
        assert_eq!(decoded("b3JkZXJzLWRi").as_deref(), Some("orders-db"));
        assert_eq!(decoded("aHR0cDovL29yZGVyczo4MDgwCg==").as_deref(), Some("http://orders:8080"));
        assert_eq!(decoded("{{ .Values.x }}"), None);
        assert_eq!(decoded("/////w=="), None);
        assert_eq!(decoded(""), None);
    }
}
