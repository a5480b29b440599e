//! Caddy: `reverse_proxy` with the paths of what stands around it, and `proxy` of its first version.

use rustc_hash::FxHashMap;

use super::{has, state};
use crate::discover::Kind;
use crate::extract::deployment::is_production;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Forward, Value};
use crate::source::last_part;

pub const EXTRACTOR: Extractor = Extractor { name: "caddy", wants, applies, extract };

/// How many lines of one file are read.
const MOST: usize = 20_000;

fn wants(kind: Kind, path: &str) -> bool {
    let name = last_part(path);
    is_production(kind) && (name.starts_with("Caddyfile") || name.ends_with(".caddy") || name.ends_with(".Caddyfile"))
}

fn applies(input: &Input) -> bool {
    wants(input.kind, input.path) && (has(input, "reverse_proxy") || has(input, "proxy "))
}

fn extract(input: &Input, output: &mut Output) {
    let mut matchers: FxHashMap<&str, &str> = FxHashMap::default();
    // Of each open block the path of the handler in which it stands, and the matcher that it defines.
    let mut open: Vec<(Option<&str>, Option<&str>)> = Vec::new();
    let mut proxied: Option<Option<&str>> = None;
    let mut forwards = Vec::new();
    for line in input.text.lines().take(MOST) {
        let line = line.split(" #").next().unwrap_or(line).trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let opens = line.ends_with('{');
        let words: Vec<&str> = line.trim_end_matches('{').split_whitespace().take(30).collect();
        let around = open.last().and_then(|(path, _)| *path);
        let add = |path: Option<&str>, words: &[&str], forwards: &mut Vec<Forward>| {
            for word in words.iter().filter(|word| is_address(word)).take(20).take(super::MOST.saturating_sub(forwards.len())) {
                forwards.push(Forward { at: input.place_of(word), path: path.map(Into::into), target: value(word) });
            }
        };
        let (mut block, mut matcher) = (around, None);
        match words.as_slice() {
            ["}", ..] => {
                open.pop();
                proxied = None;
                continue;
            }
            [name, "path" | "path_regexp", path, ..] if name.starts_with('@') && matchers.len() < 500 => {
                matchers.insert(name, path);
            }
            [name] if name.starts_with('@') && opens => matcher = Some(*name),
            ["path", path, ..] => {
                if let Some(name) = open.last().and_then(|(_, matcher)| *matcher) {
                    matchers.insert(name, path);
                }
            }
            ["handle" | "handle_path" | "route", matcher, ..] => block = path_of(matcher, &matchers).or(around),
            ["reverse_proxy" | "proxy", rest @ ..] => {
                let own = rest.first().and_then(|matcher| path_of(matcher, &matchers));
                let path = own.or(around).filter(|path| *path != "*");
                add(path, if own.is_some() { &rest[1..] } else { rest }, &mut forwards);
                proxied = opens.then_some(path);
            }
            ["to", rest @ ..] => {
                if let Some(path) = proxied {
                    add(path, rest, &mut forwards);
                }
            }
            _ => {}
        }
        if opens {
            open.push((block, matcher));
        }
    }
    state("caddy", forwards, output);
}

/// The path of a matcher: one that is written in place, or one that has a name.
fn path_of<'t>(matcher: &'t str, matchers: &FxHashMap<&str, &'t str>) -> Option<&'t str> {
    match matcher {
        "*" => Some(matcher),
        _ if matcher.starts_with('/') => Some(matcher),
        _ => matchers.get(matcher).copied(),
    }
}

fn is_address(word: &str) -> bool {
    !word.starts_with(['/', '@', '-', '*']) && !word.starts_with("unix/") && (word.contains([':', '.', '{']) || word.len() > 1)
}

/// An address with variables of the environment: `{$HOST:default}`, `{env.HOST}`.
fn value(word: &str) -> Value {
    let mut parts = Vec::new();
    let mut rest = word;
    while let Some(at) = rest.find('{').filter(|_| parts.len() < 20) {
        let Some(end) = rest[at..].find('}') else { break };
        if at > 0 {
            parts.push(Value::Literal(rest[..at].into()));
        }
        let inner = &rest[at + 1..at + end];
        parts.push(match inner.strip_prefix('$').or_else(|| inner.strip_prefix("env.")) {
            Some(variable) => {
                let (name, default) = variable.split_once(':').map_or((variable, None), |(name, default)| (name, Some(default)));
                Value::Env { name: name.into(), default: default.map(|default| Box::new(Value::Literal(default.into()))) }
            }
            None => Value::Unknown("placeholder".into()),
        });
        rest = &rest[at + end + 1..];
    }
    if !rest.is_empty() {
        parts.push(Value::Literal(rest.into()));
    }
    match parts.len() {
        1 => parts.remove(0),
        _ => Value::Concat(parts),
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn proxies_are_read_with_their_paths() {
        check(
            "Caddyfile",
            "shop.example.com {
  @users path /users/*
  root * /srv
  file_server
  # reverse_proxy gone:80
  handle_path /api/* {
    reverse_proxy orders:8080
  }
  reverse_proxy /billing/* http://billing:80 {$BILLING_2:other:80}
  reverse_proxy @users {
    to {$USERS_HOST}:3000
    header_up Host {host}
  }
  reverse_proxy web:3000 # all the rest
}
",
            "gateway at=7:19 tool=caddy forwards=[at=7:19 path=/api/* target=literal=orders:8080, at=9:28 path=/billing/* \
             target=literal=http://billing:80, at=9:46 path=/billing/* target=env=name=BILLING_2 default=literal=other:80, \
             at=11:8 path=/users/* target=concat=[env=name=USERS_HOST, literal=:3000], at=14:17 target=literal=web:3000]",
        );
        assert_eq!(read("Caddyfile", ":80 {\n  file_server\n}\n"), "");
    }
}
