//! Functions that read and write texts. Arguments are known and not null; items of lists may be anything.

use std::fmt::Write;
use std::sync::Arc;

use super::super::evaluate::{Frame, MAX_TEXT};
use super::super::truth::is_known;
use crate::model::datum::Datum;

fn text(text: impl Into<Arc<str>>) -> Datum {
    Datum::Text(text.into())
}

pub(super) fn contains(arguments: &[Datum], _: &mut Frame) -> Datum {
    match arguments {
        [Datum::Text(text), Datum::Text(part)] => Datum::Bool(text.contains(&**part)),
        _ => Datum::Unknown,
    }
}

pub(super) fn starts_with(arguments: &[Datum], _: &mut Frame) -> Datum {
    match arguments {
        [Datum::Text(text), Datum::Text(start)] => Datum::Bool(text.starts_with(&**start)),
        _ => Datum::Unknown,
    }
}

pub(super) fn ends_with(arguments: &[Datum], _: &mut Frame) -> Datum {
    match arguments {
        [Datum::Text(text), Datum::Text(end)] => Datum::Bool(text.ends_with(&**end)),
        _ => Datum::Unknown,
    }
}

pub(super) fn lower_ascii(arguments: &[Datum], _: &mut Frame) -> Datum {
    match arguments {
        [Datum::Text(value)] => text(value.to_ascii_lowercase()),
        _ => Datum::Unknown,
    }
}

pub(super) fn replace(arguments: &[Datum], _: &mut Frame) -> Datum {
    let [Datum::Text(value), Datum::Text(old), Datum::Text(new)] = arguments else { return Datum::Unknown };
    let places = value.matches(&**old).count();
    if value.len().saturating_add(places.saturating_mul(new.len())) > MAX_TEXT {
        return Datum::Unknown;
    }
    text(value.replace(&**old, new))
}

pub(super) fn split(arguments: &[Datum], frame: &mut Frame) -> Datum {
    let [Datum::Text(value), Datum::Text(separator)] = arguments else { return Datum::Unknown };
    if !frame.fuel.burn(value.len()) {
        return Datum::Unknown;
    }
    if separator.is_empty() {
        return Datum::list(value.chars().map(|character| text(character.to_string())));
    }
    Datum::list(value.split(&**separator).map(text))
}

pub(super) fn join(arguments: &[Datum], frame: &mut Frame) -> Datum {
    match arguments {
        [list @ Datum::List { items, .. }, Datum::Text(separator)]
            if is_known(list) && !items.iter().any(|item| matches!(item, Datum::Null)) =>
        {
            join_shown(items, separator, frame).map_or(Datum::Unknown, text)
        }
        _ => Datum::Unknown,
    }
}

/// The items as a message shows them; none when that would be too long.
pub(in super::super) fn join_shown(items: &[Datum], separator: &str, frame: &mut Frame) -> Option<String> {
    let mut joined = String::new();
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            joined.push_str(separator);
        }
        joined.push_str(&frame.render(item));
        if joined.len() > MAX_TEXT {
            return None;
        }
    }
    Some(joined)
}

pub(super) fn string(arguments: &[Datum], frame: &mut Frame) -> Datum {
    match arguments {
        [value @ Datum::Text(_)] => value.clone(),
        [value] if is_known(value) => text(frame.render(value)),
        _ => Datum::Unknown,
    }
}

pub(super) fn plural(arguments: &[Datum], _: &mut Frame) -> Datum {
    let [Datum::Int { value, complete }, rest @ ..] = arguments else { return Datum::Unknown };
    // A lower bound above one is no longer one.
    if !complete && *value <= 1 {
        return Datum::Unknown;
    }
    plural_shown(*value, rest)
}

pub(in super::super) fn plural_shown(value: i64, words: &[Datum]) -> Datum {
    match words {
        [Datum::Text(word), ..] if value == 1 => Datum::text(word),
        [_, Datum::Text(words)] => Datum::text(words),
        [Datum::Text(word)] => text(format!("{word}s")),
        _ => Datum::Unknown,
    }
}

pub(super) fn percent(arguments: &[Datum], _: &mut Frame) -> Datum {
    let share = match arguments {
        [Datum::Int { value, complete: true }] => *value as f64,
        [Datum::Float(value)] => *value,
        _ => return Datum::Unknown,
    };
    let percent = share * 100.0;
    if !percent.is_finite() {
        return Datum::Unknown;
    }
    let rounded = if percent.abs() < 10.0 { (percent * 10.0).round() / 10.0 } else { percent.round() };
    let mut shown = String::new();
    // Minus zero would keep its sign.
    let _ = write!(shown, "{} %", rounded + 0.0);
    text(shown)
}
