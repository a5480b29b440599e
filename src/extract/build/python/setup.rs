//! `setup.py` and `setup.cfg`.

use std::ops::Range;

use super::{BuildTool, Input, LibraryScope, Output, Product, folder, group_scope, module, push, require, text};
use crate::extract::code::Code;
use crate::extract::code::tokens::TokenKind;
use crate::facts::BuildModule;

/// `setup(name="x", install_requires=[...], entry_points={"console_scripts": [...]})`. Lists by another name are looked up in the
/// file.
pub fn script(input: &Input, output: &mut Output) {
    let Some(language) = input.kind.language else { return };
    let code = input.code(language);
    let Some(call) = code.calls().find(|call| code.is(call.name, "setup")) else { return };
    let arguments = code.arguments(call.open);
    let here = folder(input.path);
    let mut found = module(BuildTool::Python);
    let value = |name: &str| code.named(&arguments, name).map(|range| resolved(code, range));
    found.name = value("name").filter(|range| range.len() == 1).and_then(|range| Some(text(input, quoted(code, range.start)?)));
    for (key, scope) in [
        ("install_requires", LibraryScope::Runtime),
        ("tests_require", LibraryScope::Test),
        ("setup_requires", LibraryScope::Development),
    ] {
        for at in value(key).into_iter().flatten() {
            requirement(input, code, at, here, scope, &mut found);
        }
    }
    if let Some(extras) = value("extras_require")
        && code.is(extras.start, "{")
    {
        for entry in code.arguments(extras.start) {
            let scope = quoted(code, entry.start).and_then(group_scope).unwrap_or_default();
            let from = (entry.start + 2).min(entry.end);
            resolved(code, from..entry.end).for_each(|at| requirement(input, code, at, here, scope, &mut found));
        }
    }
    let points = value("entry_points").unwrap_or(0..0);
    let mut in_scripts = false;
    for at in points {
        let Some(written) = quoted(code, at) else { continue };
        if code.is(at + 1, ":") {
            in_scripts = written == "console_scripts";
        } else if in_scripts && let Some((_, target)) = written.split_once('=') {
            found.starts.push(text(input, target.trim()));
        }
    }
    if !found.starts.is_empty() {
        found.product = Product::Application;
    }
    push(found, output);
}

fn quoted<'t>(code: &Code<'t>, index: usize) -> Option<&'t str> {
    (code.kind(index)? == TokenKind::Literal).then(|| code.text_of(index).trim_matches(['"', '\'']))
}

/// The tokens that a name of the file stands for.
fn resolved(code: &Code, range: Range<usize>) -> Range<usize> {
    match code.word(range.start) {
        Some(name) if range.len() == 1 => code.assigned(name, range.start).unwrap_or(range),
        _ => range,
    }
}

fn requirement(input: &Input, code: &Code, at: usize, here: &str, scope: LibraryScope, found: &mut BuildModule) {
    if let Some(written) = quoted(code, at) {
        require(found, here, written, input.place_of(super::requirement(written).unwrap_or(written)), scope);
    }
}

/// The declarative form of the same.
pub fn configuration(input: &Input, output: &mut Output) {
    let here = folder(input.path);
    let mut found = module(BuildTool::Python);
    let mut section = "";
    let mut key = "";
    for line in input.text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            (section, key) = (name.trim(), "");
            continue;
        }
        let value = if line.starts_with([' ', '\t']) {
            trimmed
        } else {
            let (name, value) = trimmed.split_once('=').unwrap_or((trimmed, ""));
            key = name.trim();
            value.trim()
        };
        if value.is_empty() {
            continue;
        }
        let scope = match (section, key) {
            ("metadata", "name") => {
                found.name = Some(text(input, value));
                continue;
            }
            ("options.entry_points", "console_scripts") => {
                found.starts.extend(value.split_once('=').map(|(_, target)| text(input, target.trim())));
                continue;
            }
            ("options", "install_requires") => LibraryScope::Runtime,
            ("options", "tests_require") => LibraryScope::Test,
            ("options.extras_require", group) => group_scope(group).unwrap_or_default(),
            _ => continue,
        };
        require(&mut found, here, value, input.place_of(super::requirement(value).unwrap_or(value)), scope);
    }
    if !found.starts.is_empty() {
        found.product = Product::Application;
    }
    // Most of these files hold the settings of tools alone.
    if found.name.is_some() || !found.libraries.is_empty() {
        push(found, output);
    }
}
