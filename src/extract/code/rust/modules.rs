//! Paths of modules: what `crate::`, `self::`, `super::`, `use` and `mod` mean for the files of a crate.

use std::sync::Arc;

use crate::extract::code::{Code, Imports};
use crate::facts::Alias;

/// A file that imports more than this imports nothing that matters.
const MOST_IMPORTS: usize = 1_000;

/// The folder of the crate's modules, and the path of the file's own module: `src/routes/users` for `src/routes/users.rs` and
/// `src/routes/users/mod.rs`.
fn places(path: &str) -> (String, String) {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.strip_suffix(".rs").unwrap_or(name);
    let own = match stem {
        "mod" | "main" | "lib" => folder.to_owned(),
        _ if folder.is_empty() => stem.to_owned(),
        _ => format!("{folder}/{stem}"),
    };
    let root = match folder.rfind("src") {
        Some(at) if folder[at + 3..].is_empty() || folder[at + 3..].starts_with('/') => folder[..at + 3].to_owned(),
        _ => folder.to_owned(),
    };
    (root, own)
}

/// The symbol of a path: all parts but the last are the module.
pub fn symbol(code: &Code, parts: &[&str]) -> Arc<str> {
    let (root, own) = places(code.path);
    let Some((&first, rest)) = parts.split_first() else { return "#".into() };
    let (mut folder, rest) = match first {
        "crate" => (root, rest),
        "self" => (own, rest),
        "super" => (above(&own), rest),
        _ => match code.imports().get(first) {
            Some(target) if rest.is_empty() => return Arc::clone(target),
            Some(target) => return format!("{target}.{}", rest.join(".")).into(),
            None if rest.is_empty() => return format!("#{first}").into(),
            None if first.starts_with(char::is_uppercase) => return format!("#{}", parts.join(".")).into(),
            // Another crate, or a module beside: its last parts tell.
            None => (first.to_owned(), rest),
        },
    };
    let mut rest = rest.to_vec();
    while rest.first() == Some(&"super") {
        folder = above(&folder);
        rest.remove(0);
    }
    let Some((name, modules)) = rest.split_last() else { return format!("{folder}#*").into() };
    // A member of a type is named with it.
    if let Some((of, before)) = modules.split_last().filter(|(of, _)| of.starts_with(char::is_uppercase)) {
        return format!("{}#{of}.{name}", joined(&folder, before)).into();
    }
    format!("{}#{name}", joined(&folder, modules)).into()
}

fn joined(folder: &str, modules: &[&str]) -> String {
    let parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).chain(modules.iter().copied()).collect();
    parts.join("/")
}

fn above(folder: &str) -> String {
    folder.rsplit_once('/').map_or(String::new(), |(above, _)| above.to_owned())
}

/// `use crate::a::{b, c::d as e};` and `mod f;`.
pub fn imports(code: &Code) -> Imports {
    let (_, own) = places(code.path);
    let mut found = Imports::default();
    for (local, parts, _) in uses(code) {
        let name: Vec<&str> = parts.iter().map(String::as_str).collect();
        found.insert(local, absolute(code.path, &name));
    }
    for at in (0..code.len()).filter(|&at| code.is(at, "mod") && code.is(at + 2, ";")) {
        if let Some(name) = code.word(at + 1) {
            found.insert(name.to_owned(), format!("{own}#{name}").into());
        }
    }
    found
}

/// The symbol of a path that begins with a crate, `crate`, `self` or `super`.
fn absolute(path: &str, parts: &[&str]) -> Arc<str> {
    let (root, own) = places(path);
    let (mut folder, mut rest) = match parts.first() {
        Some(&"crate") => (root, &parts[1..]),
        Some(&"self") => (own, &parts[1..]),
        Some(&"super") => (above(&own), &parts[1..]),
        _ => (String::new(), parts),
    };
    while rest.first() == Some(&"super") {
        folder = above(&folder);
        rest = &rest[1..];
    }
    let Some((name, modules)) = rest.split_last() else { return format!("{folder}#*").into() };
    format!("{}#{name}", joined(&folder, modules)).into()
}

/// Names that `pub use` hands on.
pub fn passed_on(code: &Code) -> Vec<Alias> {
    let public = uses(code).into_iter().filter(|(_, _, public)| *public);
    let alias = |(local, parts, _): (String, Vec<String>, bool)| {
        let name: Vec<&str> = parts.iter().map(String::as_str).collect();
        Alias { name: local.into(), target: absolute(code.path, &name) }
    };
    public.map(alias).collect()
}

/// Every imported name with its whole path, and whether it is public.
fn uses(code: &Code) -> Vec<(String, Vec<String>, bool)> {
    let mut found = Vec::new();
    for at in (0..code.len()).filter(|&at| code.is(at, "use")) {
        let public = at > 0 && (code.is(at - 1, "pub") || code.is(at - 1, ")"));
        // Groups wait with what stands before them.
        let end = (at + 1..code.len()).find(|&at| code.is(at, ";")).unwrap_or(code.len());
        let mut waiting = vec![(at + 1..end, Vec::<String>::new())];
        while let Some((range, before)) = waiting.pop() {
            if found.len() > MOST_IMPORTS || before.len() > 16 {
                return found;
            }
            let mut parts = before;
            let mut at = range.start;
            while at < range.end {
                if code.is(at, "{") {
                    for part in code.split(code.inside(at), ",") {
                        waiting.push((part, parts.clone()));
                    }
                    parts.clear();
                    break;
                } else if code.is(at, "as") {
                    if let Some(local) = code.word(at + 1) {
                        found.push((local.to_owned(), std::mem::take(&mut parts), public));
                    }
                    break;
                } else if let Some(word) = code.word(at) {
                    parts.push(word.to_owned());
                } else if code.is(at, "*") {
                    parts.clear();
                    break;
                }
                at += 1;
            }
            if parts.last().is_some_and(|last| last == "self") {
                parts.pop();
            }
            if let Some(local) = parts.last().cloned() {
                found.push((local, parts, public));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;

    #[test]
    fn paths_lead_to_modules() {
        let text = "use crate::routes::{self, users::{router as users_router, Auth}, orders};\nmod http;\nuse axum::Router;";
        let code = Code::new(Language::from_name("Rust").expect("in the table"), "services/a/src/main.rs", text);
        let of = |name: &str| code.imports()[name].to_string();
        assert_eq!(of("routes"), "services/a/src#routes");
        assert_eq!(of("users_router"), "services/a/src/routes/users#router");
        assert_eq!(of("orders"), "services/a/src/routes#orders");
        assert_eq!(of("http"), "services/a/src#http");
        assert_eq!(of("Router"), "axum#Router");
        assert_eq!(&*symbol(&code, &["orders", "router"]), "services/a/src/routes#orders.router");
        assert_eq!(&*symbol(&code, &["crate", "a", "b", "c"]), "services/a/src/a/b#c");
    }
}
