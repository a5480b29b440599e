//! PHP: what files import and define.

mod addresses;
mod chain;
mod clients;
mod config_files;
mod doctrine;
mod eloquent;
mod file;
mod grpc;
mod grpc_stubs;
mod http_clients;
mod messages;
mod migrations;
mod names;
mod notes;
pub mod parameters;
mod plain_http;
mod producers;
mod router;
mod schedules;
mod stores;
mod symfony;
pub mod symfony_config;
pub mod symfony_settings;
mod values;

use super::tokens::TokenKind;
use super::{Code, Dialect, Imports, value};
use crate::facts::{CodeModule, Constant, Entry, Value};
use crate::source::last_part;

pub const DIALECT: Dialect = Dialect {
    languages: &["PHP"],
    imports,
    define,
    marks: &["const ", "vendor/autoload"],
    frameworks: &[
        config_files::FRAMEWORK,
        doctrine::FRAMEWORK,
        eloquent::FRAMEWORK,
        grpc::FRAMEWORK,
        grpc_stubs::FRAMEWORK,
        http_clients::FRAMEWORK,
        messages::FRAMEWORK,
        migrations::FRAMEWORK,
        plain_http::FRAMEWORK,
        producers::FRAMEWORK,
        router::FRAMEWORK,
        schedules::FRAMEWORK,
        stores::FRAMEWORK,
        symfony::FRAMEWORK,
        // It reads what the others left over.
        addresses::FRAMEWORK,
    ],
};

/// Files define no more names than this for others.
const MOST_CONSTANTS: usize = 200;
/// A path, topic or host is no longer than this.
const LONGEST_CONSTANT: usize = 200;

/// `use A\B\C;`, `use A\B\{C, D as E};`: outside of types and functions.
fn imports(code: &Code) -> Imports {
    let mut found = Imports::default();
    let mut at = 0;
    while at < code.len() {
        if code.is(at, "use")
            && (code.word(at + 1).is_some() || code.is(at + 1, "\\"))
            && !code.is_any(at + 1, &["function", "const"])
        {
            let mut end = at;
            while end < code.len() && !code.is(end, ";") {
                end = code.after(end);
            }
            for part in code.split(at + 1..end, ",") {
                import(code, part, &mut found);
            }
            at = end;
        }
        // The body of `namespace A { … }` is the file's own.
        let is_namespace = code.is(at, "{") && (at.saturating_sub(16)..at).rev().any(|word| code.is(word, "namespace"));
        at = if is_namespace { at + 1 } else { code.after(at).max(at + 1) };
    }
    found
}

fn import(code: &Code, part: std::ops::Range<usize>, found: &mut Imports) {
    let open = part.clone().find(|&at| code.is(at, "{"));
    let name_end = |range: &std::ops::Range<usize>| range.clone().find(|&at| code.is(at, "as")).unwrap_or(range.end);
    let path = |range: std::ops::Range<usize>| range.filter_map(|at| code.word(at)).collect::<Vec<_>>().join("/");
    let mut add = |module: String, range: &std::ops::Range<usize>| {
        let name = last_part(&module).to_owned();
        let local = if name_end(range) < range.end { code.text_of(range.end - 1).to_owned() } else { name.clone() };
        if !local.is_empty() {
            found.insert(local, format!("{module}#{name}").into());
        }
    };
    match open {
        Some(open) => {
            let prefix = path(part.start..open);
            for inner in code.split(code.inside(open), ",") {
                add(format!("{prefix}/{}", path(inner.start..name_end(&inner))), &inner);
            }
        }
        None => add(path(part.start..name_end(&part)), &part),
    }
}

fn define(code: &Code, module: &mut CodeModule) {
    let namespace = (0..code.len().min(64)).find(|&at| code.is(at, "namespace"));
    module.package = namespace.map(|at| {
        let end = (at..code.len()).find(|&end| code.is_any(end, &[";", "{"])).unwrap_or(at);
        (at + 1..end).filter_map(|part| code.word(part)).collect::<Vec<_>>().join(".").into()
    });
    for at in (0..code.len()).filter(|&at| code.is(at, "const")) {
        let Some(equals) = (at + 1..at + 4).find(|&equals| code.is(equals, "=")) else { continue };
        let end = (equals..code.len()).find(|&end| code.is(end, ";")).unwrap_or(equals);
        let Some(name) = code.word(equals - 1) else { continue };
        if !(equals + 1..end).any(|part| code.kind(part) == Some(TokenKind::Literal)) {
            continue;
        }
        let Value::Literal(text) = code.value(equals + 1..end) else { continue };
        if module.constants.len() >= MOST_CONSTANTS
            || text.len() > LONGEST_CONSTANT
            || text.is_empty()
            || text.contains(char::is_whitespace)
        {
            continue;
        }
        let name = code.type_around(at).map_or(name.to_owned(), |of| format!("{of}.{name}"));
        module.constants.push(Constant { name: name.into(), value: Value::Literal(text), at: code.at(equals - 1) });
    }
    module.entry = entry(code);
    if module.constants.is_empty() && module.entry.is_none() {
        module.package = None;
    }
}

/// A program begins where a file loads its libraries and starts something.
fn entry(code: &Code) -> Option<Entry> {
    const STARTS: [&str; 7] = ["run", "handle", "send", "handleRequest", "listen", "serve", "consume"];
    let starts = (2..code.len()).any(|at| code.is_any(at, &STARTS) && code.is(at - 1, "->") && code.is(at + 1, "("));
    if !starts && !code.path.ends_with("index.php") {
        return None;
    }
    let at = (0..code.len()).find(|&at| code.literal(at).is_some_and(|text| text.ends_with("vendor/autoload.php")))?;
    let starts = [("Slim", "slim"), ("Lumen", "lumen"), ("Illuminate", "laravel"), ("Mezzio", "mezzio"), ("Kernel", "symfony")];
    let starts = starts.iter().find(|(word, _)| code.text.contains(word)).map_or("main", |(_, name)| name);
    Some(Entry { at: code.at(at), starts: starts.into() })
}

/// A path of PHP's frameworks with its parameters written `{name}`: `{id:\d+}`, `{id<\d+>?1}`, `[/{id}]`, `(:num)`, `(\d+)`, `:id`.
fn template(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let inner_end = |open: char, close: char| {
            let mut depth = 0;
            rest.char_indices().find_map(|(at, c)| {
                depth += i32::from(c == open) - i32::from(c == close);
                (depth == 0).then_some(at)
            })
        };
        let end = match first {
            '{' => inner_end('{', '}'),
            '(' => inner_end('(', ')'),
            ':' if out.ends_with('/') => {
                Some(rest[1..].find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len() - 1))
            }
            '[' | ']' => {
                rest = &rest[1..];
                continue;
            }
            _ => None,
        };
        match end.filter(|end| *end > 0) {
            Some(end) => {
                let inner = rest[1..end + usize::from(first == ':')].trim_start_matches(['!', '*', ':', '?']);
                let length = inner.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(inner.len());
                let name = if first == '(' && length < inner.len() || length == 0 { "value" } else { &inner[..length] };
                out.extend(["{", name, "}"]);
                rest = &rest[end + 1..];
            }
            None => {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    out
}

/// The same for values.
fn template_value(value: Value) -> Value {
    value::map_literals(value, &template)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;

    #[test]
    fn imports_are_symbols() {
        let text = "<?php namespace A\\B;\nuse C\\D; use E\\{F, G\\H as I};\nuse J as K;\nclass L { use M; }";
        let code = Code::new(Language::from_name("PHP").expect("in the table"), "a.php", text);
        let mut found: Vec<String> = code.imports().iter().map(|(name, symbol)| format!("{name} {symbol}")).collect();
        found.sort();
        assert_eq!(found, ["D C/D#D", "F E/F#F", "I E/G/H#H", "K J#J"]);
    }

    #[test]
    fn constants_and_the_entry_are_told() {
        crate::extract::code::snapshot::check(
            "src/Paths.php",
            "<?php\nnamespace A\\B;\nclass Paths {\n public const ORDERS = '/orders';\n const string TOPIC = 'a.b';\n const N = 1;\n}",
            "package A.B\n4 constant Paths.ORDERS = /orders\n5 constant Paths.TOPIC = a.b",
        );
        crate::extract::code::snapshot::check(
            "public/index.php",
            "<?php\nrequire __DIR__ . '/../vendor/autoload.php';\n",
            "2 entry main",
        );
    }

    #[test]
    fn parameters_of_every_kind_become_braces() {
        for (text, expected) in [
            ("/a/{id:[0-9]{2,3}}[/{b}]", "/a/{id}/{b}"),
            ("/a/{id<\\d+>?1}/{!b}/{c?}", "/a/{id}/{b}/{c}"),
            ("a/(:num)/(\\d+)", "a/{num}/{value}"),
            ("/a/:id/b", "/a/{id}/b"),
            ("/:é", "/{é}"),
            ("/{", "/{"),
        ] {
            assert_eq!(template(text), expected);
        }
    }
}
