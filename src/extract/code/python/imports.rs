//! What a Python file imports: local names to symbols.
//!
//! A module is its dotted name with slashes. A relative one is told against the file's own path, so that `from ..core import x` of
//! `shop/api/users.py` asks for `shop/core`.

use std::sync::Arc;

use super::syntax::statements;
use crate::extract::code::{Code, Imports};

pub fn imports(code: &Code) -> Imports {
    let mut found = Imports::default();
    for import in all(code) {
        if import.star {
            continue;
        }
        let target: Arc<str> = import.target().into();
        if import.relative {
            found.insert(relative_mark(&import.local), Arc::clone(&target));
        }
        found.insert(import.local, target);
    }
    found
}

/// The key that says of a local name that it comes from beside the file. A folder may have the name of a library: what
/// `django/shop/urls.py` imports from `.views` is not Django's. No name begins with a dot.
pub fn relative_mark(local: &str) -> String {
    format!(".{local}")
}

/// One imported name.
pub struct Import {
    pub local: String,
    pub module: String,
    /// `*` for a whole module, or for all its names.
    pub name: String,
    /// `from x import *`.
    pub star: bool,
    /// `from .x import y`.
    pub relative: bool,
}

impl Import {
    pub fn target(&self) -> String {
        format!("{}#{}", self.module, self.name)
    }
}

/// Every imported name, in the order of the text. Whole modules are among them, their name `*`.
pub fn all(code: &Code) -> Vec<Import> {
    let mut found = Vec::new();
    for statement in statements(code) {
        let start = statement.start;
        if code.is(start, "from") {
            let (module, at) = module(code, start + 1, statement.end);
            if !code.is(at, "import") {
                continue;
            }
            let names = if code.is(at + 1, "(") { code.inside(at + 1) } else { at + 1..statement.end };
            for part in code.split(names, ",") {
                let name = code.text_of(part.start);
                let local = if code.is(part.start + 1, "as") { code.text_of(part.start + 2) } else { name };
                let (star, relative) = (name == "*", code.text_of(start + 1).starts_with('.'));
                found.push(Import { local: local.to_owned(), module: module.clone(), name: name.to_owned(), star, relative });
            }
        } else if code.is(start, "import") {
            for part in code.split(start + 1..statement.end, ",") {
                let (module, at) = module(code, part.start, part.end);
                let (local, module) = match code.is(at, "as") {
                    true => (code.text_of(at + 1), module),
                    // `import a.b` makes `a` known.
                    false => (code.text_of(part.start), module.split('/').next().unwrap_or("").to_owned()),
                };
                found.push(Import { local: local.to_owned(), module, name: "*".to_owned(), star: false, relative: false });
            }
        }
    }
    found
}

/// The module that is named from a token on, and the token after it.
fn module(code: &Code, from: usize, end: usize) -> (String, usize) {
    let mut at = from;
    let mut dots = 0;
    while at < end && code.is_any(at, &[".", "..", "..."]) {
        dots += code.text_of(at).len();
        at += 1;
    }
    let mut parts: Vec<&str> = Vec::new();
    if dots > 0 {
        parts.extend(code.path.split('/'));
        parts.truncate(parts.len().saturating_sub(dots));
    }
    while at < end && code.word(at).is_some() && !code.is_any(at, &["import", "as"]) {
        parts.push(code.text_of(at));
        at += 1;
        at += usize::from(code.is(at, "."));
    }
    (parts.join("/"), at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let code = Code::new(Language::from_name("Python").expect("in the table"), "shop/api/users.py", text);
        let shown: Vec<String> = all(&code).iter().map(|import| format!("{} {}", import.local, import.target())).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn every_form_of_import_is_read() {
        check("import flask", &["flask flask#*"]);
        check("import shop.core.config, os as system", &["shop shop#*", "system os#*"]);
        check("import shop.core as core", &["core shop/core#*"]);
        check("from flask import Flask, Blueprint as B", &["Flask flask#Flask", "B flask#Blueprint"]);
        check("from shop.core import (\n    a,\n    b as c,\n)", &["a shop/core#a", "c shop/core#b"]);
        check("from . import orders", &["orders shop/api#orders"]);
        check("from .orders import router", &["router shop/api/orders#router"]);
        check("from ..core.config import settings", &["settings shop/core/config#settings"]);
        check("from ... import x", &["x #x"]);
        check("def f():\n    from .a import b", &["b shop/api/a#b"]);
        check("from .models import *", &["* shop/api/models#*"]);
        check("yield_from = 1\nraise E from e", &[]);
    }
}
