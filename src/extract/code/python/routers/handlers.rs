//! What a registration is told: the methods of a list, and the class that handles.

use std::ops::Range;
use std::sync::Arc;

use crate::extract::code::python::names::{Found, Names, is_type};
use crate::extract::code::python::syntax::call;

/// The methods of a list: literals, or members of an enumeration of methods. `ANY` where it can't be read; HEAD and OPTIONS come with
/// the others.
pub fn methods_in(names: &Names, range: Range<usize>) -> Vec<Arc<str>> {
    let code = names.code;
    let range = match code.dotted(range.clone()).map(|name| names.find(&name, range.start, &|_| true)) {
        Some(Found::Assigned(index)) => names.assignments[index].value.clone(),
        _ => range,
    };
    let inner = match code.is_any(range.start, &["[", "(", "{"]) {
        true => code.inside(range.start),
        false => range,
    };
    let mut found: Vec<Arc<str>> = Vec::new();
    for part in code.split(inner, ",") {
        let last = part.end.saturating_sub(1);
        let text =
            code.literal(last).map_or_else(|| code.text_of(last).to_owned(), |text| text.into_owned()).to_ascii_uppercase();
        match &*text {
            "GET" | "POST" | "PUT" | "DELETE" | "PATCH" if !found.iter().any(|method| **method == *text) => {
                found.push(text.into())
            }
            "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS" | "TRACE" => {}
            _ => return vec!["ANY".into()],
        }
    }
    if found.is_empty() { vec!["ANY".into()] } else { found }
}

/// The class that an expression takes as its handler: `Users.as_view("users")`, `csrf_exempt(Users.as_view())`, `Users()`, `Users`, or
/// a name for one of these.
pub fn class_of(names: &Names, range: Range<usize>) -> Option<Arc<str>> {
    let code = names.code;
    let mut range = range;
    for _ in 0..4 {
        if let Some(at) = range.clone().find(|&at| code.is(at, "as_view") && code.is(at.wrapping_sub(1), ".")) {
            let start = code.chain_start(at);
            return code.dotted(start..at - 1).map(|name| code.symbol(&name));
        }
        let name = code.dotted(range.clone()).or_else(|| code.dotted(call(code, range.clone())?.0));
        let name = name?;
        if is_type(&name) {
            return Some(code.symbol(&name));
        }
        let Found::Assigned(index) = names.find(&name, range.start, &|_| true) else { return None };
        let value = names.assignments[index].value.clone();
        if value.contains(&range.start) {
            return None;
        }
        range = value;
    }
    None
}
