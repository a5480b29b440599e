//! Texts, commands, paths and ports as deployment files write them.

use std::borrow::Cow;
use std::sync::Arc;

use super::secret;
use crate::document::{Node, Shape};
use crate::facts::Text;
use crate::source::{Location, Spanned};

/// Longer texts are no names, images or commands.
const LONGEST: usize = 500;
/// Only texts up to this length are looked through for variables.
const MOST_EXPANDED: usize = 4096;

/// A scalar that says something.
pub fn text(node: Node) -> Option<Text> {
    spanned(node.scalar()?, node.location())
}

/// A scalar with the defaults of its variables filled in.
pub fn expanded(node: Node) -> Option<Text> {
    spanned(&interpolated(node.scalar()?), node.location())
}

pub fn spanned(value: &str, at: Location) -> Option<Text> {
    let value = value.trim();
    (!value.is_empty() && value.len() <= LONGEST).then(|| Spanned::new(value.into(), at))
}

/// A command, written as one text or as a list of words; secrets on it are left out.
pub fn command(node: Node) -> Option<Text> {
    let joined = match node.shape() {
        Shape::Sequence => {
            let words: Vec<&str> = node.items().take(100).filter_map(Node::scalar).collect();
            words.join(" ")
        }
        _ => node.scalar()?.split_whitespace().collect::<Vec<_>>().join(" "),
    };
    command_text(&joined, node.location())
}

/// A command of which the words are known.
pub fn command_text(joined: &str, at: Location) -> Option<Text> {
    let mut value = secret::without_secrets_of_command(joined);
    if value.len() > LONGEST {
        value.truncate(crate::source::floor_char_boundary(&value, LONGEST));
    }
    spanned(&value, at)
}

/// One command that follows another: `entrypoint` and `command`.
pub fn joined(first: Option<Text>, second: Option<Text>) -> Option<Text> {
    match (first, second) {
        (Some(first), Some(second)) => Some(Spanned::new(format!("{} {}", first.value, second.value).into(), first.at)),
        (first, second) => first.or(second),
    }
}

/// A port number, without its protocol.
pub fn port(text: &str) -> Option<u16> {
    let number = text.trim().split('/').next().unwrap_or_default();
    number.parse().ok().filter(|port| *port > 0)
}

/// Adds a port once.
pub fn add_port(ports: &mut Vec<u16>, port: Option<u16>) {
    if let Some(port) = port.filter(|port| ports.len() < 50 && !ports.contains(port)) {
        ports.push(port);
    }
}

/// The folder in which a file lies.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// What a relative path written in a file names, below the repository's root. None when it lies outside, or isn't known before variables are.
pub fn beside(file: &str, relative: &str) -> Option<Arc<str>> {
    below(folder(file), relative)
}

/// What a relative path names below a folder.
pub fn below(folder: &str, relative: &str) -> Option<Arc<str>> {
    let relative = relative.trim();
    let strange = |c: char| matches!(c, '$' | ':' | '~' | '*' | '{' | '}' | '<' | '>' | '|' | '"' | '\'' | '`' | '\n');
    if relative.starts_with('/') || relative.contains(strange) || relative.len() > LONGEST {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/").into())
}

/// A text whose variables that have a default (`${TAG:-latest}`) are replaced by it; others stay as written.
pub fn interpolated(text: &str) -> Cow<'_, str> {
    if text.len() > MOST_EXPANDED || !text.contains("${") {
        return Cow::Borrowed(text);
    }
    let mut read = String::with_capacity(text.len());
    // A default may hold variables itself: it waits before what follows it.
    let mut waiting = vec![text];
    while let Some(part) = waiting.pop() {
        let Some(at) = part.find("${") else {
            read.push_str(part);
            continue;
        };
        read.push_str(&part[..at]);
        let Some(end) = closing(&part[at + 2..]) else {
            read.push_str(&part[at..]);
            continue;
        };
        let inner = &part[at + 2..at + 2 + end];
        waiting.push(&part[at + 2 + end + 1..]);
        let name = inner.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let operator = &inner[name..];
        match operator.strip_prefix(":-").or_else(|| operator.strip_prefix('-')) {
            Some(default) if name > 0 => waiting.push(default),
            _ => {
                read.push_str("${");
                read.push_str(inner);
                read.push('}');
            }
        }
    }
    Cow::Owned(read)
}

/// Where the brace that was opened before a text is closed in it.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// True for a text in which something is known only when it is run.
pub fn is_open(text: &str) -> bool {
    text.contains('$') || text.contains("{{") || text.contains("<%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_below_the_root() {
        let cases = [
            ("deploy/compose.yaml", "../src/orders", Some("src/orders")),
            ("compose.yaml", ".", Some("")),
            ("compose.yaml", "./orders/", Some("orders")),
            ("compose.yaml", "..", None),
            ("compose.yaml", "https://example.com/a.git", None),
            ("compose.yaml", "/srv/orders", None),
            ("compose.yaml", "${FOLDER}/orders", None),
            ("a/b.yaml", r"..\orders", Some("orders")),
        ];
        for (file, relative, expected) in cases {
            assert_eq!(beside(file, relative).as_deref(), expected, "{relative}");
        }
    }

    #[test]
    fn variables_are_read_as_their_defaults() {
        for (text, expected) in [
            ("${REGISTRY:-acme}/orders:${TAG-1.2}", "acme/orders:1.2"),
            ("${REGISTRY}/orders:${TAG:?missing}", "${REGISTRY}/orders:${TAG:?missing}"),
            ("${A:-${B:-c}}d", "cd"),
            ("${A:-x", "${A:-x"),
            ("$A", "$A"),
            ("${:-a}", "${:-a}"),
        ] {
            assert_eq!(interpolated(text), expected, "{text}");
        }
    }
}
