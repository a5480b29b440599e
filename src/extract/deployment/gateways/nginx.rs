//! nginx: `proxy_pass` and its like with the locations in which they stand, also in templates that the environment fills in.

use rustc_hash::FxHashMap;

use super::{has, name_of, state, target};
use crate::discover::Kind;
use crate::extract::deployment::is_production;
use crate::extract::{Extractor, Input, Output};
use crate::facts::Forward;

pub const EXTRACTOR: Extractor = Extractor { name: "nginx", wants, applies, extract };

/// How many directives of one file are read.
const MOST: usize = 20_000;
/// How many servers of one group are kept.
const MOST_SERVERS: usize = 20;

const PASSES: [&str; 5] = ["proxy_pass", "grpc_pass", "uwsgi_pass", "fastcgi_pass", "scgi_pass"];

pub(super) fn wants(kind: Kind, path: &str) -> bool {
    let name = name_of(path);
    let in_folder =
        || path.rsplit('/').skip(1).any(|folder| matches!(folder, "sites-available" | "sites-enabled" | "nginx" | "conf.d"));
    is_production(kind)
        && (name.ends_with(".conf")
            || name.ends_with(".nginx")
            || name.starts_with("nginx")
            || !name.contains('.') && in_folder())
}

fn applies(input: &Input) -> bool {
    // A file of the same name may be code, a document or a description of what is deployed.
    let is_other = input.kind.is_code() || input.syntax().is_some() || input.path.ends_with(".md");
    !is_other && wants(input.kind, input.path) && PASSES.iter().any(|pass| has(input, pass))
}

/// A directive: its words, and what ends it.
struct Directive<'t> {
    words: Vec<&'t str>,
    end: End,
}

#[derive(PartialEq)]
enum End {
    Plain,
    Open,
    Close,
}

/// The directives of a text. Quotes are kept, comments are left out.
fn directives(text: &str) -> Vec<Directive<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut words: Vec<&str> = Vec::new();
    let mut at = 0;
    while at < bytes.len() && found.len() < MOST {
        match bytes[at] {
            b'#' => at = line_end(bytes, at),
            // What a template's engine does between directives.
            b'{' if bytes[at..].starts_with(b"{%") => {
                at = memchr::memmem::find(&bytes[at..], b"%}").map_or(bytes.len(), |end| at + end + 2);
            }
            b'{' if !bytes[at..].starts_with(b"{{") => {
                found.push(Directive { words: std::mem::take(&mut words), end: End::Open });
                at += 1;
            }
            b'}' => {
                words.clear();
                found.push(Directive { words: Vec::new(), end: End::Close });
                at += 1;
            }
            b';' => {
                found.push(Directive { words: std::mem::take(&mut words), end: End::Plain });
                at += 1;
            }
            byte if byte.is_ascii_whitespace() => at += 1,
            _ => {
                let end = word_end(bytes, at);
                if words.len() < 1000 {
                    words.push(&text[at..end]);
                }
                at = end;
            }
        }
    }
    found
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |end| at + end)
}

/// Braces of variables and expressions are closed this soon, or they are none.
const NEAR: usize = 200;

fn near(bytes: &[u8], at: usize) -> &[u8] {
    let window = &bytes[at..bytes.len().min(at + NEAR)];
    &window[..line_end(window, 0)]
}

/// Where a word ends; what stands in quotes, `${…}` and `{{ … }}` is of one piece.
fn word_end(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    if matches!(quote, b'"' | b'\'') {
        let mut at = start + 1;
        while at < bytes.len() && bytes[at] != quote {
            at += if bytes[at] == b'\\' { 2 } else { 1 };
        }
        return whole((at + 1).min(bytes.len()), bytes);
    }
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'{' if bytes[at..].starts_with(b"{{") => {
                let line = near(bytes, at);
                at += memchr::memmem::find(line, b"}}").map_or(2, |end| end + 2);
            }
            b'$' if bytes.get(at + 1) == Some(&b'{') => {
                let line = near(bytes, at);
                at += memchr::memchr(b'}', line).map_or(2, |end| end + 1);
            }
            b'\\' => at += 2,
            // Patterns of locations count repetitions in braces: `[0-9]{3}`.
            b'{' if at > start && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => {
                let line = near(bytes, at);
                at += memchr::memchr(b'}', line).map_or(1, |end| end + 1);
            }
            b'{' | b'}' | b';' => break,
            byte if byte.is_ascii_whitespace() => break,
            _ => at += 1,
        }
    }
    whole(at.min(bytes.len()).max(start + 1), bytes)
}

/// An escape may have led into the middle of a character.
fn whole(mut at: usize, bytes: &[u8]) -> usize {
    while at < bytes.len() && (bytes[at] & 0xC0) == 0x80 {
        at += 1;
    }
    at
}

fn unquoted(word: &str) -> &str {
    let inner = ['"', '\''].iter().find_map(|quote| word.strip_prefix(*quote)?.strip_suffix(*quote));
    inner.unwrap_or(word)
}

fn extract(input: &Input, output: &mut Output) {
    let directives = directives(input.text);
    let groups = groups(&directives);
    let mut known: FxHashMap<String, String> = FxHashMap::default();
    // Of each open block the path of the location in which it stands.
    let mut open: Vec<Option<&str>> = Vec::new();
    let mut forwards: Vec<Forward> = Vec::new();
    for directive in &directives {
        let first = directive.words.first().copied().unwrap_or_default();
        match directive.end {
            End::Open => {
                let own = (first == "location").then(|| path_of(&directive.words)).flatten();
                open.push(own.or(open.last().copied().flatten()));
            }
            End::Close => {
                open.pop();
            }
            End::Plain if first == "set" && directive.words.len() == 3 => {
                let name = directive.words[1].trim_start_matches('$');
                let value = unquoted(directive.words[2]);
                // A variable that holds itself would never end.
                if known.len() < 500 && value.len() < 200 && !value.contains(&format!("${name}")) {
                    known.insert(name.to_owned(), value.to_owned());
                }
            }
            End::Plain if PASSES.contains(&first) && directive.words.len() >= 2 => {
                let path = open.last().copied().flatten().filter(|path| !path.starts_with('@'));
                let at = input.place_of(first);
                for address in addresses(unquoted(directive.words[1]), &groups, &known) {
                    let target = target::shell(&address, &known);
                    if target::tells(&target) && forwards.len() < super::MOST {
                        forwards.push(Forward { at, path: path.map(Into::into), target });
                    }
                }
            }
            End::Plain => {}
        }
    }
    state("nginx", forwards, output);
}

/// The path of a location, without the mark of how it is matched.
fn path_of<'t>(words: &[&'t str]) -> Option<&'t str> {
    let path = match words {
        [_, "=" | "~" | "~*" | "^~", path, ..] => path,
        [_, path, ..] => path,
        _ => return None,
    };
    Some(unquoted(path))
}

/// Servers by the name of their group.
fn groups<'t>(directives: &[Directive<'t>]) -> FxHashMap<&'t str, Vec<&'t str>> {
    let mut found: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    let mut group = None;
    for directive in directives {
        match (directive.words.as_slice(), &directive.end) {
            (["upstream", name, ..], End::Open) => group = Some(unquoted(name)),
            (_, End::Close) => group = None,
            (["server", address, ..], End::Plain) => {
                let Some(name) = group else { continue };
                let servers = found.entry(name).or_default();
                if servers.len() < MOST_SERVERS && !address.starts_with("unix:") {
                    servers.push(unquoted(address));
                }
            }
            _ => {}
        }
    }
    found
}

/// The addresses that an address stands for: those of the servers where it names a group of this file.
fn addresses(written: &str, groups: &FxHashMap<&str, Vec<&str>>, known: &FxHashMap<String, String>) -> Vec<String> {
    let (scheme, rest) = written.split_once("://").map_or(("", written), |(scheme, rest)| (scheme, rest));
    if rest.starts_with("unix:") {
        return Vec::new();
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    // A variable may hold the name of a group.
    let named = host.strip_prefix('$').and_then(|name| known.get(name.trim_matches(['{', '}']))).map_or(host, |value| value);
    let colon = if scheme.is_empty() { "" } else { "://" };
    match groups.get(named) {
        Some(servers) => servers.iter().map(|server| format!("{scheme}{colon}{server}{path}")).collect(),
        None => vec![written.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn locations_are_handed_on() {
        check(
            "web/nginx.conf.template",
            "upstream orders { server orders-1:8080 weight=2; server orders-2:8080; }
# proxy_pass http://nobody;
server {
  listen 80;
  server_name shop.example.com;
  location / { root /usr/share/nginx/html; try_files $uri /index.html; }
  location /api/orders/ { proxy_pass http://orders/v1/; }
  location ~ ^/api/users/[0-9]{3} {
    set $users users.internal;
    proxy_pass http://$users:3000$request_uri;
  }
  location = /billing { proxy_pass \"${BILLING_URL}/x\"; }
  location /any { proxy_pass $scheme://$http_host; }
  location ~ \\.php$ { fastcgi_pass php:9000; }
  location @app { uwsgi_pass unix:/tmp/app.sock; }
  location /grpc { if ($a) { return 404; } grpc_pass grpc://rates:50051; }
}
",
            "gateway at=7:27 tool=nginx forwards=[at=7:27 path=/api/orders/ target=literal=http://orders-1:8080/v1/, at=7:27 \
             path=/api/orders/ target=literal=http://orders-2:8080/v1/, at=10:5 path=^/api/users/[0-9]{3} \
             target=concat=[literal=http://users.internal:3000, unknown=variable], at=12:25 path=/billing \
             target=concat=[env=name=BILLING_URL, literal=/x], at=14:23 path=\\.php$ target=literal=php:9000, at=16:44 \
             path=/grpc target=literal=grpc://rates:50051]",
        );
    }

    #[test]
    fn files_of_others_state_nothing() {
        assert_eq!(read("nginx.conf", "server { location / { root /html; } }\n"), "");
        assert_eq!(read("docs/nginx.md", "location / { proxy_pass http://a; }\n"), "");
        assert_eq!(read("nginx.conf", "# proxy_pass http://a;\n"), "");
        assert!(read("nginx/default", "location / { proxy_pass http://a; }\n").starts_with("gateway"));
        assert_eq!(read("bin/default", "location / { proxy_pass http://a; }\n"), "");
    }
}
