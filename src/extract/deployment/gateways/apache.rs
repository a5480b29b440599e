//! Apache's httpd: `ProxyPass`, rewrites that hand on, and groups of servers that share the load.

use rustc_hash::FxHashMap;

use super::{has, name_of, state, target};
use crate::discover::Kind;
use crate::extract::deployment::is_production;
use crate::extract::{Extractor, Input, Output};
use crate::facts::Forward;
use crate::source::last_part;

pub const EXTRACTOR: Extractor = Extractor { name: "apache", wants, applies, extract };

/// How many lines of one file are read.
const MOST: usize = 20_000;

fn wants(kind: Kind, path: &str) -> bool {
    let in_folder = || path.split('/').any(|folder| matches!(folder, "apache" | "apache2" | "httpd"));
    let name = name_of(path);
    is_production(kind) && (name.ends_with(".conf") || last_part(path) == ".htaccess" || !name.contains('.') && in_folder())
}

fn applies(input: &Input) -> bool {
    let is_other = input.kind.is_code() || input.syntax().is_some();
    let marks = ["ProxyPass", "RewriteRule", "BalancerMember", "proxy:fcgi"];
    !is_other && wants(input.kind, input.path) && marks.iter().any(|mark| has(input, mark))
}

fn extract(input: &Input, output: &mut Output) {
    let lines: Vec<Vec<&str>> = input.text.lines().take(MOST).map(words).collect();
    let mut known: FxHashMap<String, String> = FxHashMap::default();
    let mut groups: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    let mut group = None;
    for line in &lines {
        match line.as_slice() {
            [directive, name, value, ..] if is(directive, "define") && known.len() < 500 && !value.contains('$') => {
                known.insert((*name).to_owned(), (*value).to_owned());
            }
            [directive, name, ..] if is(directive, "<proxy") => {
                group = unquoted(name.trim_end_matches('>')).strip_prefix("balancer://")
            }
            [directive, ..] if is(directive, "</proxy>") => group = None,
            [directive, member, ..] if is(directive, "balancermember") => {
                let servers = group.map(|group| groups.entry(group.trim_end_matches('/')).or_default());
                servers.into_iter().filter(|servers| servers.len() < 20).for_each(|servers| servers.push(unquoted(member)));
            }
            _ => {}
        }
    }
    let mut forwards = Vec::new();
    let mut location: Option<&str> = None;
    for line in &lines {
        let Some((directive, arguments)) = line.split_first() else { continue };
        let (path, target) = match arguments {
            [path, ..] if is(directive, "<location") || is(directive, "<locationmatch") => {
                let path = if matches!(*path, "~") { arguments.get(1).copied().unwrap_or("") } else { path };
                location = Some(unquoted(path.trim_end_matches('>')));
                continue;
            }
            _ if is(directive, "</location>") || is(directive, "</locationmatch>") => {
                location = None;
                continue;
            }
            [target] if is(directive, "proxypass") || is(directive, "proxypassmatch") => (location, target),
            [target, option, ..] if is(directive, "proxypass") && option.contains('=') => (location, target),
            [path, target, ..] if is(directive, "proxypass") || is(directive, "proxypassmatch") => (Some(unquoted(path)), target),
            [pattern, target, flags] if is(directive, "rewriterule") && hands_on(flags) => (Some(unquoted(pattern)), target),
            [handler] if is(directive, "sethandler") => match unquoted(handler).strip_prefix("proxy:") {
                // What stands before `|` is a socket of this machine.
                Some(address) if !address.starts_with("unix:") => (location, handler),
                _ => continue,
            },
            _ => continue,
        };
        let written = unquoted(target).trim_start_matches("proxy:");
        for address in addresses(written, &groups) {
            let target = target::shell(&without_request(&address), &known);
            let is_kept = written != "!" && address.contains("://") && forwards.len() < super::MOST;
            if is_kept && target::tells(&target) {
                forwards.push(Forward { at: input.place_of(directive), path: path.map(Into::into), target });
            }
        }
    }
    state("apache", forwards, output);
}

fn is(directive: &str, name: &str) -> bool {
    directive.eq_ignore_ascii_case(name)
}

/// The words of a line; what stands in quotes is one, quotes included. None for a comment.
fn words(line: &str) -> Vec<&str> {
    let line = line.trim();
    let mut found = Vec::new();
    let mut rest = if line.starts_with('#') { "" } else { line };
    while !rest.is_empty() && found.len() < 20 {
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''));
        let end = match quote {
            Some(quote) => rest[1..].find(quote).map_or(rest.len(), |end| end + 2),
            None => rest.find(char::is_whitespace).unwrap_or(rest.len()),
        };
        found.push(&rest[..end]);
        rest = rest[end..].trim_start();
        // `<Location "/x">` ends behind the quotes.
        rest = rest.strip_prefix('>').unwrap_or(rest).trim_start();
    }
    found
}

fn unquoted(word: &str) -> &str {
    word.trim_matches(['"', '\''])
}

/// `[P]` among the flags of a rule.
fn hands_on(flags: &str) -> bool {
    let flags = unquoted(flags).trim_start_matches('[').trim_end_matches(']');
    flags.split(',').any(|flag| matches!(flag.trim(), "P" | "proxy"))
}

fn addresses(written: &str, groups: &FxHashMap<&str, Vec<&str>>) -> Vec<String> {
    let Some(rest) = written.strip_prefix("balancer://") else { return vec![written.to_owned()] };
    let (name, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let servers = groups.get(name).map(Vec::as_slice).unwrap_or_default();
    servers.iter().map(|server| format!("{server}{path}")).collect()
}

/// An address without what only a request tells: `%{REQUEST_URI}`, `$1`.
fn without_request(address: &str) -> String {
    let end = address.find("%{").unwrap_or(address.len());
    let back =
        memchr::memchr_iter(b'$', address.as_bytes()).find(|&at| address.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit));
    address[..end.min(back.unwrap_or(end))].to_owned()
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn what_is_passed_is_read() {
        check(
            "web/httpd.conf",
            "Define BILLING billing:8080
<Proxy \"balancer://shop\">
  BalancerMember http://shop-1:80
  BalancerMember http://shop-2:80 route=2
</Proxy>
# ProxyPass /gone http://gone
ProxyPass /static !
ProxyPass \"/orders\" \"http://orders:8080/v1\" retry=0
ProxyPassReverse /orders http://orders:8080/v1
ProxyPass /shop balancer://shop/x
<Location \"/billing\">
  ProxyPass http://${BILLING}/ timeout=5
</Location>
RewriteRule ^/users/(.*)$ http://${USERS_HOST}/$1 [P,L]
RewriteRule ^/old(.*)$ http://example.com/$1 [R=301]
<FilesMatch \\.php$>
  SetHandler \"proxy:fcgi://php:9000\"
</FilesMatch>
",
            "gateway at=8:1 tool=apache forwards=[at=8:1 path=/orders target=literal=http://orders:8080/v1, at=10:1 path=/shop \
             target=literal=http://shop-1:80/x, at=10:1 path=/shop target=literal=http://shop-2:80/x, at=12:3 path=/billing \
             target=literal=http://billing:8080/, at=14:1 path=^/users/(.*)$ target=concat=[literal=http://, \
             env=name=USERS_HOST, literal=/], at=17:3 target=literal=fcgi://php:9000]",
        );
        assert_eq!(read("httpd.conf", "DocumentRoot /html\nRewriteRule ^/a$ /b [L]\n"), "");
    }
}
