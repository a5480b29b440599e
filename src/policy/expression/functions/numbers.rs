//! Functions that count, pick and compute. Arguments are known and not null; items of lists may be anything.

use std::cmp::Ordering;

use super::super::evaluate::Frame;
use super::super::node::Arithmetic;
use super::super::truth::{Truth, arithmetic, compare, equal, finite};
use crate::model::datum::Datum;

/// Above every known item and every lower bound lies the largest one, whatever else there may be.
pub(super) fn max(arguments: &[Datum], _: &mut Frame) -> Datum {
    let [Datum::List { items, complete }] = arguments else { return Datum::Unknown };
    let sure = *complete && items.iter().all(is_exact);
    let best = items.iter().filter(|item| is_number(item)).max_by(|left, right| by_value(left, right));
    match best {
        Some(Datum::Int { value, .. }) => Datum::Int { value: *value, complete: sure },
        Some(Datum::Float(value)) if sure => finite(*value),
        _ => Datum::Unknown,
    }
}

/// An item that is missing may be smaller than all others, so every item must be there; one that is only a lower bound may be the smallest.
pub(super) fn min(arguments: &[Datum], _: &mut Frame) -> Datum {
    let [Datum::List { items, complete: true }] = arguments else { return Datum::Unknown };
    if !items.iter().all(is_number) {
        return Datum::Unknown;
    }
    let Some(best) = items.iter().min_by(|left, right| by_value(left, right)) else { return Datum::Unknown };
    match best {
        Datum::Int { value, .. } => {
            let sure = items.iter().any(|item| is_exact(item) && by_value(item, best) == Ordering::Equal);
            Datum::Int { value: *value, complete: sure }
        }
        _ => best.clone(),
    }
}

/// A sum of lower bounds is a lower bound. An item that is missing may be negative, so every item must be there.
pub(super) fn sum(arguments: &[Datum], _: &mut Frame) -> Datum {
    let [Datum::List { items, complete: true }] = arguments else { return Datum::Unknown };
    let mut items = items.iter();
    let Some(first) = items.next() else { return Datum::int(0) };
    let mut total = match first {
        Datum::Int { .. } | Datum::Float(_) => first.clone(),
        _ => return Datum::Unknown,
    };
    for item in items {
        total = arithmetic(Arithmetic::Add, &total, item);
    }
    total
}

/// Items that may equal others can't be told apart: they are left out, and the list is incomplete.
pub(super) fn distinct(arguments: &[Datum], frame: &mut Frame) -> Datum {
    let [Datum::List { items, complete }] = arguments else { return Datum::Unknown };
    let mut complete = *complete;
    let mut kept: Vec<Datum> = Vec::new();
    for item in items.iter() {
        if !frame.fuel.burn(1 + kept.len()) {
            return Datum::Unknown;
        }
        let mut seen = equal(item, item, &mut frame.fuel).not();
        for other in &kept {
            match equal(item, other, &mut frame.fuel) {
                Truth::True => seen = Truth::True,
                Truth::Unknown if seen == Truth::False => seen = Truth::Unknown,
                _ => {}
            }
        }
        match seen {
            Truth::False => kept.push(item.clone()),
            Truth::Unknown => complete = false,
            Truth::True => {}
        }
    }
    Datum::List { items: kept.into(), complete }
}

/// The place of an item that is not known isn't known either, so it is left out, and the list is incomplete.
pub(super) fn sorted(arguments: &[Datum], frame: &mut Frame) -> Datum {
    let [Datum::List { items, complete }] = arguments else { return Datum::Unknown };
    if !frame.fuel.burn(items.len()) {
        return Datum::Unknown;
    }
    let mut known: Vec<Datum> = items.iter().filter(|item| compare(item, item).is_some()).cloned().collect();
    known.sort_by(|left, right| compare(left, right).unwrap_or(Ordering::Equal));
    let complete = *complete && known.len() == items.len();
    Datum::List { items: known.into(), complete }
}

pub(super) fn first(arguments: &[Datum], _: &mut Frame) -> Datum {
    match arguments {
        [Datum::List { items, complete: true }] => items.first().cloned().unwrap_or(Datum::Unknown),
        _ => Datum::Unknown,
    }
}

pub(super) fn int(arguments: &[Datum], _: &mut Frame) -> Datum {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    match arguments {
        [value @ Datum::Int { .. }] => value.clone(),
        [Datum::Float(value)] if (-BEYOND..BEYOND).contains(value) => Datum::int(*value as i64),
        [Datum::Text(text)] => text.parse::<i64>().map_or(Datum::Unknown, Datum::int),
        _ => Datum::Unknown,
    }
}

pub(super) fn double(arguments: &[Datum], _: &mut Frame) -> Datum {
    match arguments {
        [Datum::Int { value, complete: true }] => Datum::Float(*value as f64),
        [Datum::Float(value)] => finite(*value),
        [Datum::Text(text)] => text.parse().map_or(Datum::Unknown, finite),
        _ => Datum::Unknown,
    }
}

pub(super) fn round(arguments: &[Datum], _: &mut Frame) -> Datum {
    let digits = match arguments.get(1) {
        None => 0,
        Some(Datum::Int { value: digits @ 0..=15, complete: true }) => *digits as i32,
        Some(_) => return Datum::Unknown,
    };
    let value = match arguments.first() {
        Some(Datum::Int { value, complete: true }) => *value as f64,
        Some(Datum::Float(value)) => *value,
        _ => return Datum::Unknown,
    };
    let scale = 10f64.powi(digits);
    let scaled = value * scale;
    // A number too large to be scaled has no digits behind the point.
    if scaled.is_finite() { finite(scaled.round() / scale) } else { finite(value) }
}

fn is_number(item: &Datum) -> bool {
    matches!(item, Datum::Int { .. }) || matches!(item, Datum::Float(value) if !value.is_nan())
}

fn is_exact(item: &Datum) -> bool {
    is_number(item) && !matches!(item, Datum::Int { complete: false, .. })
}

/// Orders numbers by their value or lower bound.
fn by_value(left: &Datum, right: &Datum) -> Ordering {
    match (left, right) {
        (Datum::Int { value: left, .. }, Datum::Int { value: right, .. }) => left.cmp(right),
        _ => compare(left, right).unwrap_or(Ordering::Equal),
    }
}
