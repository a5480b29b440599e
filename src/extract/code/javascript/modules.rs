//! What a file imports: ES modules, CommonJS and dynamic imports in, local names with the modules and names that they stand for out.
//!
//! A module that exports one thing exports it by the name `default`; `*` is the module as a whole.

use std::ops::Range;
use std::sync::Arc;

use crate::extract::code::tokens::TokenKind;
use crate::extract::code::{Code, Imports};

/// One imported name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub local: String,
    pub module: String,
    /// What the module calls it: `default`, `*`, or a name, perhaps with dots.
    pub name: String,
    /// True for a module of the same program, as its path tells; false for a package.
    pub own: bool,
}

/// Files that import more than this are lists, not code.
const MOST_IMPORTS: usize = 2000;

pub fn imports(code: &Code) -> Imports {
    let symbol = |import: &Import| Arc::from(format!("{}#{}", import.module, import.name));
    read(code).iter().map(|import| (import.local.clone(), symbol(import))).collect()
}

/// Every imported name, in the order of the text.
pub fn read(code: &Code) -> Vec<Import> {
    let mut found = Vec::new();
    for at in 0..code.len() {
        if found.len() > MOST_IMPORTS {
            break;
        }
        if code.is(at, "import") && !is_member(code, at) && !code.is(at + 1, "(") {
            statement(code, at, &mut found);
        } else if let Some((specifier, close)) = required(code, at) {
            assigned(code, at, &specifier, close, &mut found);
        }
    }
    found
}

fn is_member(code: &Code, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| code.is_any(before, &[".", "?."]))
}

/// The module that a file means by a specifier, and whether it belongs to the same program.
pub fn module(path: &str, specifier: &str) -> (String, bool) {
    let specifier = specifier.split('?').next().unwrap_or(specifier);
    let specifier = specifier.strip_prefix("node:").unwrap_or(specifier);
    let (joined, own) = if specifier.starts_with('.') {
        (join(path.rsplit_once('/').map_or("", |(folder, _)| folder), specifier), true)
    } else if let Some(rest) = ["@/", "~/", "#/", "@@/", "~~/", "/"].iter().find_map(|alias| specifier.strip_prefix(alias)) {
        (join("", rest), true)
    } else {
        let own = ["src/", "app/", "server/", "lib/"].iter().any(|folder| specifier.starts_with(folder));
        (specifier.to_owned(), own)
    };
    (without_ending(joined), own)
}

fn join(folder: &str, specifier: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in specifier.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

fn without_ending(module: String) -> String {
    let endings = [".js", ".ts", ".mjs", ".cjs", ".mts", ".cts", ".jsx", ".tsx"];
    match endings.iter().find_map(|ending| module.strip_suffix(ending)) {
        Some(stem) if module.contains('/') || !stem.is_empty() => stem.to_owned(),
        _ => module,
    }
}

/// `require('x')` or `import('x')` at a token: the specifier and the closing bracket.
pub fn required(code: &Code, at: usize) -> Option<(String, usize)> {
    if !code.is_any(at, &["require", "import"]) || !code.is(at + 1, "(") || is_member(code, at) {
        return None;
    }
    let specifier = code.literal(at + 2)?;
    let close = code.partner(at + 1);
    (close == at + 3 || code.is(at + 3, ",")).then(|| (specifier.into_owned(), close))
}

/// `import a, { b as c } from 'd'`, `import * as a from 'b'`.
fn statement(code: &Code, start: usize, found: &mut Vec<Import>) {
    let mut at = start + 1;
    at += usize::from(code.is(at, "type") && !code.is_any(at + 1, &["from", ","]));
    let mut names: Vec<(String, String)> = Vec::new();
    for _ in 0..6 {
        if code.is(at, "{") {
            names.extend(braced(code, code.inside(at), "as"));
            at = code.after(at);
        } else if code.is(at, "*") && code.is(at + 1, "as") {
            names.push((code.text_of(at + 2).to_owned(), "*".to_owned()));
            at += 3;
        } else if code.is(at, "from") && code.kind(at + 1) == Some(TokenKind::Literal) {
            let Some(specifier) = code.literal(at + 1) else { return };
            push(code, &specifier, names, found);
            return;
        } else if code.is(at, ",") {
            at += 1;
        } else if let Some(word) = code.word(at) {
            names.push((word.to_owned(), "default".to_owned()));
            at += 1;
        } else {
            return;
        }
    }
}

fn push(code: &Code, specifier: &str, names: Vec<(String, String)>, found: &mut Vec<Import>) {
    let (module, own) = module(code.path, specifier);
    found.extend(names.into_iter().map(|(local, name)| Import { local, module: module.clone(), name, own }));
}

/// Names in braces: `{ a, b as c }` or `{ a, b: c }`, each local name with the module's.
pub fn braced(code: &Code, inside: Range<usize>, separator: &str) -> Vec<(String, String)> {
    let parts = code.split(inside, ",").into_iter();
    let names = parts.filter_map(|part| {
        let from = part.start + usize::from(code.is(part.start, "type") && part.len() > 1 && !code.is(part.start + 1, separator));
        let name = code.word(from)?;
        let local = if code.is(from + 1, separator) { code.word(from + 2)? } else { name };
        Some((local.to_owned(), name.to_owned()))
    });
    names.collect()
}

/// `const a = require('b')`, `const { a, b: c } = require('d')`, `const a = require('b').c`.
fn assigned(code: &Code, at: usize, specifier: &str, close: usize, found: &mut Vec<Import>) {
    let mut before = at;
    if before > 0 && code.is(before - 1, "await") {
        before -= 1;
    }
    let Some(equals) = before.checked_sub(1).filter(|&equals| code.is(equals, "=")) else { return };
    let Some(target) = equals.checked_sub(1) else { return };
    let mut member = String::new();
    let mut end = close + 1;
    while code.is(end, ".") && code.word(end + 1).is_some() {
        if !member.is_empty() {
            member.push('.');
        }
        member.push_str(code.text_of(end + 1));
        end += 2;
    }
    // What the module gives is used here, not named.
    if code.is_any(end, &["(", "[", "?."]) {
        return;
    }
    let names = if let Some(local) = code.word(target).filter(|_| !is_member(code, target)) {
        let name = if member.is_empty() { "*".to_owned() } else { member };
        vec![(local.to_owned(), name)]
    } else if code.is(target, "}") && member.is_empty() {
        braced(code, code.inside(code.partner(target)), ":")
    } else {
        return;
    };
    push(code, specifier, names, found);
}

/// The symbol of a name of the file; a module that is meant as a whole stands for the one thing that it exports.
pub fn symbol(code: &Code, name: &str) -> Arc<str> {
    let symbol = code.symbol(name);
    match symbol.strip_suffix("#*") {
        Some(module) => format!("{module}#default").into(),
        None => symbol,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let code = Code::new(Language::from_name("TypeScript").expect("in the table"), "src/app/main.ts", text);
        let shown = read(&code);
        let shown: Vec<String> = shown
            .iter()
            .map(|of| format!("{} {}#{}{}", of.local, of.module, of.name, if of.own { " own" } else { "" }))
            .collect();
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn every_way_to_import_gives_names() {
        check("import a, { b, c as d } from './x';", &["a src/app/x#default own", "b src/app/x#b own", "d src/app/x#c own"]);
        check("import * as e from '../y.js'", &["e src/y#* own"]);
        check("import type { F } from \"@acme/z\"; import type G from 'g';", &["F @acme/z#F", "G g#default"]);
        check("const h = require('./h/index'), i = require('i').j;", &["h src/app/h/index#* own", "i i#j"]);
        check("const { k, l: m } = require('../..');", &["k #k own", "m #l own"]);
        check("import n = require('@/n');", &["n n#* own"]);
        check("const { default: o } = await import('~/o');", &["o o#default own"]);
    }

    #[test]
    fn what_is_used_at_once_is_no_name() {
        check("const a = require('b')(); const c = require('d').e(); x.f = require('g'); require('./h')(i);", &[]);
        check("import './side-effect'; import('x').then(y); foo.import('z');", &[]);
    }
}
