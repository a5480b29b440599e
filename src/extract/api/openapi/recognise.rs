//! Which documents are OpenAPI descriptions.
//!
//! [`may_be`] looks at the raw text, so that the thousands of other YAML and JSON files are never parsed for this;
//! [`document`] decides on the parsed one.

use memchr::memmem;

use super::version::{self, Version};
use crate::document::{Node, Shape};

/// What a document is.
pub enum Recognised<'d> {
    Description {
        key: Node<'d>,
        value: Node<'d>,
        version: &'static Version,
    },
    /// A description of a version that is not read: its key and value.
    OtherVersion {
        key: Node<'d>,
        value: &'d str,
    },
    Nothing,
}

const KEYS: [&str; 2] = ["openapi", "swagger"];

/// Keys that stand beside the version key of a description, and rarely beside an `openapi` that means something else.
const COMPANIONS: [&str; 9] = ["info", "paths", "components", "webhooks", "definitions", "servers", "basePath", "host", "tags"];

/// Whether the text has a version key where one may be: at the beginning of a line or quoted, with a number as its value.
pub fn may_be(text: &str) -> bool {
    KEYS.iter().any(|key| memmem::find_iter(text.as_bytes(), key).any(|at| is_version_key(text.as_bytes(), at, at + key.len())))
}

fn is_version_key(text: &[u8], start: usize, end: usize) -> bool {
    let quote = |byte: Option<&u8>| byte.copied().filter(|byte| matches!(byte, b'"' | b'\''));
    let before = start.checked_sub(1).and_then(|at| text.get(at));
    let mut at = end;
    match quote(before) {
        Some(mark) if text.get(end) == Some(&mark) => at += 1,
        None if before.is_none_or(|byte| matches!(byte, b'\n' | b'\r')) => {}
        _ => return false,
    }
    let skip_blanks = |mut at: usize| {
        while text.get(at).is_some_and(|byte| byte.is_ascii_whitespace()) {
            at += 1;
        }
        at
    };
    at = skip_blanks(at);
    if text.get(at) != Some(&b':') {
        return false;
    }
    at = skip_blanks(at + 1);
    if quote(text.get(at)).is_some() {
        at += 1;
    }
    text.get(at).is_some_and(u8::is_ascii_digit)
}

/// Whether a file has the name that only descriptions have: one that holds nothing which can be read is a broken description.
pub fn is_named(name: &str) -> bool {
    let stem = name.strip_suffix(".yaml").or(name.strip_suffix(".yml")).or(name.strip_suffix(".json"));
    stem.is_some_and(|stem| KEYS.contains(&stem))
}

/// What the document with this root is.
pub fn document(root: Node<'_>) -> Recognised<'_> {
    for key_name in KEYS {
        let Some((key, value)) = root.entry(key_name) else { continue };
        let Some(number) = value.scalar() else { continue };
        if !number.starts_with(|first: char| first.is_ascii_digit()) {
            continue;
        }
        if let Some(version) = version::named(key_name, number) {
            // `swagger: 2.0` among other settings is somebody's configuration.
            let alone = root.len() == 1;
            if alone || has_companion(root) {
                return Recognised::Description { key, value, version };
            }
        } else if has_companion(root) && (root.get("paths").is_some() || root.get("info").is_some_and(is_mapping)) {
            return Recognised::OtherVersion { key, value: number };
        }
    }
    Recognised::Nothing
}

fn has_companion(root: Node<'_>) -> bool {
    root.entries().any(|(key, _)| key.scalar().is_some_and(|key| COMPANIONS.contains(&key)))
}

fn is_mapping(node: Node<'_>) -> bool {
    node.shape() == Shape::Mapping
}

/// Whether a text that does not parse is recognisably a description all the same: a version key, and two of the keys that stand
/// beside it at the beginning of a line or quoted.
pub fn is_recognisable(text: &str) -> bool {
    let written = |key: &&str| {
        memmem::find_iter(text.as_bytes(), key.as_bytes()).any(|at| {
            let before = at.checked_sub(1).map(|before| text.as_bytes()[before]);
            matches!(before, None | Some(b'\n' | b'\r' | b'"' | b'\''))
        })
    };
    may_be(text) && COMPANIONS.iter().filter(|key| written(key)).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Syntax, parse};

    #[test]
    fn version_keys_are_seen_in_raw_text() {
        for text in [
            "openapi: 3.0.0",
            "# a comment\nopenapi: '3.1.0'\n",
            "swagger: \"2.0\"",
            "'swagger' : 2.0",
            "{\"openapi\": \"3.0.0\"}",
            "{\n  \"swagger\" : \"2.0\"}",
            "openapi: 4.0",
        ] {
            assert!(may_be(text), "{text}");
        }
        for text in [
            "",
            "openapi",
            "  openapi: 3",
            "openapi: true",
            "my-openapi: 3.0.0",
            "\"openapi\": \"npm run x\"",
            "swagger:\n  enabled: 1",
        ] {
            assert!(!may_be(text), "{text}");
        }
    }

    #[test]
    fn names_of_descriptions_are_known() {
        assert!(["openapi.yaml", "openapi.yml", "openapi.json", "swagger.json"].into_iter().all(is_named));
        assert!(!["openapi.toml", "my-openapi.json", "openapi", "openapitools.json", "api.yaml"].into_iter().any(is_named));
    }

    #[test]
    fn documents_are_recognised_by_key_and_company() {
        let what = |text: &str| {
            let tree = parse(Syntax::Json, text);
            match tree.root().map(document) {
                Some(Recognised::Description { version, .. }) => version.format.name(),
                Some(Recognised::OtherVersion { .. }) => "other",
                _ => "nothing",
            }
        };
        assert_eq!(what(r#"{"openapi": "3.0.0", "info": {}, "paths": {}}"#), "OpenAPI 3.0");
        assert_eq!(what(r#"{"paths": {}, "swagger": "2.0"}"#), "OpenAPI 2.0");
        assert_eq!(what(r#"{"openapi": "4.0.0", "info": {}, "paths": {}}"#), "other");
        assert_eq!(what(r#"{"openapi": "4.0.0", "tags": []}"#), "nothing");
        assert_eq!(what(r#"{"swagger": 2.0, "express": 4.1}"#), "nothing", "a list of dependencies");
        assert_eq!(what(r#"{"a": {"openapi": "3.0.0", "info": {}}}"#), "nothing", "not at the top");
        assert_eq!(what("[]"), "nothing");
    }
}
