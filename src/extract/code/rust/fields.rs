//! Fields of structs: which type a name has, and what constructors fill in; what functions without parameters give.

use std::ops::Range;

use super::{names, values};
use crate::extract::code::Code;
use crate::extract::code::structure::ItemKind;
use crate::extract::code::tokens::TokenKind;
use crate::facts::Value;

/// Types that only hold another one.
#[rustfmt::skip]
const WRAPPERS: [&str; 24] = [
    "Arc", "Rc", "Box", "Option", "State", "Data", "Extension", "Json", "Mutex", "RwLock", "Lazy", "LazyLock", "OnceCell", "OnceLock",
    "Cow", "Result", "Ref", "RefCell", "ReqData", "Some", "Ok", "Addr", "Self", "ArcSwap",
];
/// Places of one name that are looked at.
const MOST_PLACES: usize = 60;
/// Names that stand for names in what a field is given.
const MOST_STEPS: u32 = 10;
/// Tokens of one type that are looked at.
const LONGEST_TYPE: usize = 16;

/// The type of which a name is declared, nearest before a place: `name: Arc<Type>`, `let name = Type::new()`.
pub fn type_of<'t>(code: &Code<'t>, name: &str, before: usize) -> Option<&'t str> {
    let all = code.occurrences(name);
    let (earlier, later) = all.split_at(all.partition_point(|&at| (at as usize) < before));
    let near = earlier.iter().rev().take(MOST_PLACES).chain(later.iter().take(MOST_PLACES));
    near.map(|&at| at as usize).find_map(|at| declared_at(code, at))
}

fn declared_at<'t>(code: &Code<'t>, name: usize) -> Option<&'t str> {
    // `State(config): State<Config>`
    let colon = name + 1 + usize::from(code.is(name + 1, ")"));
    if code.is(colon, ":") {
        return type_in(code, colon + 1..colon + 1 + LONGEST_TYPE);
    }
    let is_let = name.checked_sub(1).is_some_and(|at| code.is_any(at, &["let", "mut"]));
    if code.is(name + 1, "=") && is_let {
        let end = (name + 2..name + 2 + LONGEST_TYPE).find(|&at| code.is_any(at, &[";", "."])).unwrap_or(name + 2 + LONGEST_TYPE);
        return type_in(code, name + 2..end);
    }
    None
}

/// The first type in some tokens that is no wrapper.
pub fn type_in<'t>(code: &Code<'t>, range: Range<usize>) -> Option<&'t str> {
    for at in range {
        match code.kind(at)? {
            TokenKind::Word => {
                let word = code.text_of(at);
                if word.starts_with(char::is_uppercase) && !WRAPPERS.contains(&word) {
                    let is_type = word.bytes().any(|byte| byte.is_ascii_lowercase());
                    return is_type.then_some(word);
                }
            }
            TokenKind::Operator if code.is_any(at, &[",", ";", "=", "=>", "|"]) => return None,
            TokenKind::Close => return None,
            TokenKind::Open if code.is(at, "{") => return None,
            _ => {}
        }
    }
    None
}

/// What a field of a type is given where the type is made in this file; a symbol of the type's file otherwise.
pub fn value(code: &Code, of: &str, field: &str, steps: u32) -> Value {
    given_within(code, of, field, steps).unwrap_or_else(|| Value::Symbol(format!("{}.{field}", code.symbol(of)).into()))
}

/// What a field of a type is given where the type is made in this file: `Type { field: value }`, `Self { field }`.
pub fn given(code: &Code, of: &str, field: &str) -> Option<Value> {
    given_within(code, of, field, MOST_STEPS)
}

fn given_within(code: &Code, of: &str, field: &str, steps: u32) -> Option<Value> {
    let places = code.occurrences(field).iter().take(MOST_PLACES).map(|&at| at as usize);
    places.into_iter().find_map(|at| {
        let before = at.checked_sub(1)?;
        if !code.is_any(before, &["{", ","]) || !code.is_any(at + 1, &[":", ",", "}"]) {
            return None;
        }
        let (_, open) = literal_around(code, at).filter(|(made, _)| *made == of)?;
        match code.is(at + 1, ":") {
            true => {
                let mut end = at + 2;
                while end < code.partner(open) && !code.is(end, ",") {
                    end = code.after(end);
                }
                Some(values::value_within(code, at + 2..end, steps))
            }
            false => names::bound(code, field, at, steps).filter(|value| !matches!(value, Value::Symbol(_))),
        }
    })
}

/// The type that is made by the literal right around a token, and its bracket. Only fields stand before it, so not far away.
fn literal_around<'t>(code: &Code<'t>, at: usize) -> Option<(&'t str, usize)> {
    let mut open = at.checked_sub(1)?;
    for _ in 0..200 {
        match code.kind(open)? {
            TokenKind::Close => open = code.partner(open).min(open),
            TokenKind::Open => break,
            _ if code.is(open, ";") => return None,
            _ => {}
        }
        if code.kind(open) == Some(TokenKind::Open) && code.partner(open) > at {
            break;
        }
        open = open.checked_sub(1)?;
    }
    let name = open.checked_sub(1).filter(|_| code.is(open, "{"))?;
    let made = code.word(name).filter(|word| word.starts_with(char::is_uppercase))?;
    // `struct Type {` and `impl Type {` declare it.
    if name
        .checked_sub(1)
        .is_some_and(|before| code.is_any(before, &["struct", "impl", "enum", "trait", "for", "union", "->", ">"]))
    {
        return None;
    }
    Some((if made == "Self" { code.type_around(open)? } else { made }, open))
}

/// What a function of this file without parameters gives: its last expression.
pub fn returned(code: &Code, of: Option<&str>, name: &str, steps: u32) -> Option<Value> {
    let places = code.occurrences(name).iter().take(MOST_PLACES).map(|&at| at as usize);
    let item = places.filter(|&at| at > 0 && code.is(at - 1, "fn")).find_map(|at| {
        let items = code.items();
        let index = items.partition_point(|item| item.start < at - 1);
        items.get(index).filter(|item| item.name == at && item.kind == ItemKind::Function && code.type_around(at) == of)
    })?;
    let last = values::last_expression(code, item.body.clone())?;
    let value = values::value_within(code, last, steps);
    is_setting(&value).then_some(value)
}

/// True for what holds a variable of the environment or a setting.
pub fn is_setting(value: &Value) -> bool {
    match value {
        Value::Env { .. } | Value::Property { .. } => true,
        Value::Concat(parts) => parts.iter().any(|part| matches!(part, Value::Env { .. } | Value::Property { .. })),
        _ => false,
    }
}
