//! The logic of the language: three truth values, and what can be proved about numbers, texts and lists that are partly known.
//!
//! A value stands for all that it may turn out to be: an unknown for anything, an incomplete number for itself and all above it, an
//! incomplete list for every list that has its items among others. An answer is given only if it holds for all of them, so learning more
//! never takes an answer back.

use std::cmp::Ordering;

use super::evaluate::Fuel;
use super::node::{Arithmetic, Order};
use crate::model::datum::Datum;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    False,
    True,
    Unknown,
}

impl Truth {
    pub(super) fn of(value: &Datum) -> Truth {
        match value {
            Datum::Bool(true) => Truth::True,
            Datum::Bool(false) => Truth::False,
            _ => Truth::Unknown,
        }
    }

    pub(super) fn not(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::True => Truth::False,
            Truth::Unknown => Truth::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Truth {
        if value { Truth::True } else { Truth::False }
    }
}

impl From<Truth> for Datum {
    fn from(truth: Truth) -> Datum {
        match truth {
            Truth::False => Datum::Bool(false),
            Truth::True => Datum::Bool(true),
            Truth::Unknown => Datum::Unknown,
        }
    }
}

/// A whole number in two registers, for the comparisons that most rules are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    Unknown,
    Exactly(i64),
    AtLeast(i64),
}

impl Whole {
    pub(super) fn of(value: &Datum) -> Whole {
        match *value {
            Datum::Int { value, complete: true } => Whole::Exactly(value),
            Datum::Int { value, complete: false } => Whole::AtLeast(value),
            _ => Whole::Unknown,
        }
    }

    pub(super) fn count(items: usize, complete: bool) -> Whole {
        let count = i64::try_from(items).unwrap_or(i64::MAX);
        if complete { Whole::Exactly(count) } else { Whole::AtLeast(count) }
    }

    pub(super) fn compare(self, order: Order, other: Whole) -> Truth {
        match (self, other) {
            (Whole::Exactly(left), Whole::Exactly(right)) => match order {
                Order::Less => left < right,
                Order::LessEqual => left <= right,
                Order::Greater => left > right,
                Order::GreaterEqual => left >= right,
            }
            .into(),
            (left, right) => self::order(order, &left.into(), &right.into()),
        }
    }
}

impl From<Whole> for Datum {
    fn from(whole: Whole) -> Datum {
        match whole {
            Whole::Unknown => Datum::Unknown,
            Whole::Exactly(value) => Datum::Int { value, complete: true },
            Whole::AtLeast(value) => Datum::Int { value, complete: false },
        }
    }
}

/// True for a value that can't turn out to be anything else: neither it nor a part of it is unknown or incomplete. Null is known.
pub(super) fn is_known(value: &Datum) -> bool {
    match value {
        Datum::Unknown => false,
        Datum::Int { complete, .. } => *complete,
        Datum::List { items, complete } => *complete && items.iter().all(is_known),
        Datum::Float(value) => !value.is_nan(),
        _ => true,
    }
}

/// A number as a rule compares it; `open` when it may be larger.
#[derive(Clone, Copy)]
struct Number {
    value: Exact,
    open: bool,
}

#[derive(Clone, Copy)]
enum Exact {
    Int(i64),
    Float(f64),
}

fn number(value: &Datum) -> Option<Number> {
    match *value {
        Datum::Int { value, complete } => Some(Number { value: Exact::Int(value), open: !complete }),
        Datum::Float(value) => Some(Number { value: Exact::Float(value), open: false }),
        _ => None,
    }
}

impl Exact {
    fn compare(self, other: Exact) -> Option<Ordering> {
        match (self, other) {
            (Exact::Int(left), Exact::Int(right)) => Some(left.cmp(&right)),
            (Exact::Float(left), Exact::Float(right)) => left.partial_cmp(&right),
            (Exact::Int(left), Exact::Float(right)) => compare_exactly(left, right),
            (Exact::Float(left), Exact::Int(right)) => compare_exactly(right, left).map(Ordering::reverse),
        }
    }
}

/// Compares on the number line, without rounding the integer to a float.
fn compare_exactly(int: i64, float: f64) -> Option<Ordering> {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    if float.is_nan() {
        return None;
    }
    if float >= BEYOND {
        return Some(Ordering::Less);
    }
    if float < -BEYOND {
        return Some(Ordering::Greater);
    }
    let whole = float.trunc();
    Some(int.cmp(&(whole as i64)).then_with(|| whole.partial_cmp(&float).unwrap_or(Ordering::Equal)))
}

/// `left ORDER right` for two numbers or two texts.
pub(super) fn order(order: Order, left: &Datum, right: &Datum) -> Truth {
    if let (Some(left), Some(right)) = (number(left), number(right)) {
        return match order {
            Order::Less => below(left, right, false),
            Order::LessEqual => below(left, right, true),
            Order::Greater => below(right, left, false),
            Order::GreaterEqual => below(right, left, true),
        };
    }
    match (left, right) {
        (Datum::Text(left), Datum::Text(right)) => match order {
            Order::Less => left < right,
            Order::LessEqual => left <= right,
            Order::Greater => left > right,
            Order::GreaterEqual => left >= right,
        }
        .into(),
        _ => Truth::Unknown,
    }
}

/// `left < right`, or `left <= right`. An open number is a lower bound: it can only be too large.
fn below(left: Number, right: Number, or_equal: bool) -> Truth {
    let Some(ordering) = left.value.compare(right.value) else { return Truth::Unknown };
    let holds = ordering == Ordering::Less || or_equal && ordering == Ordering::Equal;
    match holds {
        true if !left.open => Truth::True,
        false if !right.open => Truth::False,
        _ => Truth::Unknown,
    }
}

/// `left == right`.
pub(super) fn equal(left: &Datum, right: &Datum, fuel: &mut Fuel) -> Truth {
    match (left, right) {
        (Datum::Unknown, _) | (_, Datum::Unknown) => Truth::Unknown,
        (Datum::Null, Datum::Null) => Truth::True,
        (Datum::Null, _) | (_, Datum::Null) => Truth::False,
        (Datum::Text(left), Datum::Text(right)) => (left == right).into(),
        (Datum::Bool(left), Datum::Bool(right)) => (left == right).into(),
        (Datum::Object { subject: left, index: row }, Datum::Object { subject: right, index: other }) => {
            (row == other && left == right).into()
        }
        (Datum::Place(left), Datum::Place(right)) => (left == right).into(),
        (Datum::List { items: left, complete }, Datum::List { items: right, complete: other }) => {
            equal_lists((left, *complete), (right, *other), fuel)
        }
        // An absent key of a map is unknown, so nothing can be said of two maps.
        (Datum::Map(_), _) | (_, Datum::Map(_)) => Truth::Unknown,
        _ => match (number(left), number(right)) {
            (Some(left), Some(right)) => equal_numbers(left, right),
            _ => Truth::False,
        },
    }
}

fn equal_numbers(left: Number, right: Number) -> Truth {
    match (left.value.compare(right.value), left.open, right.open) {
        (Some(Ordering::Equal), false, false) => Truth::True,
        (Some(_), false, false) => Truth::False,
        (Some(Ordering::Greater), true, false) | (Some(Ordering::Less), false, true) => Truth::False,
        _ => Truth::Unknown,
    }
}

fn equal_lists((left, complete): (&[Datum], bool), (right, other_complete): (&[Datum], bool), fuel: &mut Fuel) -> Truth {
    if !fuel.burn(left.len().min(right.len())) {
        return Truth::Unknown;
    }
    match (complete, other_complete) {
        (true, true) if left.len() != right.len() => Truth::False,
        (true, true) => {
            let mut result = Truth::True;
            for (left, right) in left.iter().zip(right) {
                match equal(left, right, fuel) {
                    Truth::False => return Truth::False,
                    Truth::Unknown => result = Truth::Unknown,
                    Truth::True => {}
                }
            }
            result
        }
        (false, true) if left.len() > right.len() => Truth::False,
        (true, false) if right.len() > left.len() => Truth::False,
        _ => Truth::Unknown,
    }
}

/// `item in list`.
pub(super) fn is_in(item: &Datum, list: &Datum, fuel: &mut Fuel) -> Truth {
    match list {
        Datum::List { items, complete } => {
            if !fuel.burn(items.len()) {
                return Truth::Unknown;
            }
            let mut result = if *complete { Truth::False } else { Truth::Unknown };
            for other in items.iter() {
                match equal(item, other, fuel) {
                    Truth::True => return Truth::True,
                    Truth::Unknown => result = Truth::Unknown,
                    Truth::False => {}
                }
            }
            result
        }
        Datum::Map(entries) => match item {
            Datum::Text(key) if entries.iter().any(|(name, _)| name == key) => Truth::True,
            _ => Truth::Unknown,
        },
        _ => Truth::Unknown,
    }
}

/// Arithmetic on numbers; what overflows, divides by zero or can't be proved is unknown.
pub(super) fn arithmetic(operator: Arithmetic, left: &Datum, right: &Datum) -> Datum {
    match (left, right) {
        (&Datum::Int { value: left, complete }, &Datum::Int { value: right, complete: other_complete }) => {
            integers(operator, (left, complete), (right, other_complete))
        }
        (&Datum::Float(left), &Datum::Float(right)) => finite(match operator {
            Arithmetic::Add => left + right,
            Arithmetic::Subtract => left - right,
            Arithmetic::Multiply => left * right,
            Arithmetic::Divide => left / right,
            Arithmetic::Remainder => return Datum::Unknown,
        }),
        _ => Datum::Unknown,
    }
}

fn integers(operator: Arithmetic, (left, complete): (i64, bool), (right, other_complete): (i64, bool)) -> Datum {
    let value = match operator {
        Arithmetic::Add => left.checked_add(right),
        Arithmetic::Subtract => left.checked_sub(right),
        Arithmetic::Multiply => left.checked_mul(right),
        Arithmetic::Divide => left.checked_div(right),
        Arithmetic::Remainder => left.checked_rem(right),
    };
    // Whether the operation can only grow when an open operand does.
    let provable = match operator {
        Arithmetic::Add => true,
        Arithmetic::Subtract => other_complete,
        Arithmetic::Multiply => (complete || right >= 0) && (other_complete || left >= 0),
        Arithmetic::Divide => other_complete && (complete || right > 0),
        Arithmetic::Remainder => complete && other_complete,
    };
    match value {
        Some(value) if provable => Datum::Int { value, complete: complete && other_complete },
        _ => Datum::Unknown,
    }
}

/// Infinite and undefined results are unknown.
pub(super) fn finite(value: f64) -> Datum {
    if value.is_finite() { Datum::Float(value) } else { Datum::Unknown }
}

/// The order in which `sorted` puts two values of one type, if it is known.
pub(super) fn compare(left: &Datum, right: &Datum) -> Option<Ordering> {
    match (left, right) {
        (Datum::Text(left), Datum::Text(right)) => Some(left.cmp(right)),
        _ => {
            let (left, right) = (number(left)?, number(right)?);
            if left.open || right.open {
                return None;
            }
            left.value.compare(right.value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_and_floats_compare_exactly() {
        let large = (1i64 << 53) + 1;
        assert_eq!(compare_exactly(large, (1i64 << 53) as f64), Some(Ordering::Greater));
        assert_eq!(compare_exactly(i64::MAX, 9.3e18), Some(Ordering::Less));
        assert_eq!(compare_exactly(i64::MAX, i64::MAX as f64), Some(Ordering::Less));
        assert_eq!(compare_exactly(i64::MIN, i64::MIN as f64), Some(Ordering::Equal));
        assert_eq!(compare_exactly(-1, -1.5), Some(Ordering::Greater));
        assert_eq!(compare_exactly(1, 1.5), Some(Ordering::Less));
        assert_eq!(compare_exactly(0, f64::NAN), None);
    }

    #[test]
    fn a_lower_bound_says_only_what_it_can() {
        let five = Datum::count(5, false);
        let at = |value: i64| Datum::int(value);
        assert_eq!(order(Order::Greater, &five, &at(4)), Truth::True);
        assert_eq!(order(Order::Greater, &five, &at(5)), Truth::Unknown);
        assert_eq!(order(Order::LessEqual, &five, &at(4)), Truth::False);
        assert_eq!(order(Order::LessEqual, &five, &at(5)), Truth::Unknown);
        assert_eq!(order(Order::Less, &at(5), &five), Truth::Unknown);
        assert_eq!(order(Order::Less, &at(4), &five), Truth::True);
        let mut fuel = Fuel::full();
        assert_eq!(equal(&five, &at(4), &mut fuel), Truth::False);
        assert_eq!(equal(&five, &at(5), &mut fuel), Truth::Unknown);
        assert_eq!(equal(&five, &five, &mut fuel), Truth::Unknown);
    }

    #[test]
    fn lists_that_may_have_more_items_differ_only_by_what_is_there() {
        let list = |length: i64, complete: bool| Datum::List { items: (0..length).map(Datum::int).collect(), complete };
        let equal = |left: &Datum, right: &Datum| equal(left, right, &mut Fuel::full());
        assert_eq!(equal(&list(2, true), &list(2, true)), Truth::True);
        assert_eq!(equal(&list(2, true), &list(3, true)), Truth::False);
        assert_eq!(equal(&list(2, false), &list(2, true)), Truth::Unknown);
        assert_eq!(equal(&list(2, true), &list(2, false)), Truth::Unknown);
        assert_eq!(equal(&list(3, false), &list(2, true)), Truth::False);
        assert_eq!(equal(&list(2, true), &list(3, false)), Truth::False);
        assert_eq!(equal(&list(3, false), &list(2, false)), Truth::Unknown);
        assert_eq!(equal(&Datum::list([Datum::Unknown, Datum::int(1)]), &list(2, true)), Truth::Unknown);
        assert_eq!(equal(&Datum::list([Datum::Unknown, Datum::int(2)]), &list(2, true)), Truth::False);
    }

    #[test]
    fn arithmetic_keeps_what_is_provable() {
        let five = Datum::count(5, false);
        let two = Datum::int(2);
        assert_eq!(arithmetic(Arithmetic::Add, &five, &five), Datum::count(10, false));
        assert_eq!(arithmetic(Arithmetic::Subtract, &five, &two), Datum::count(3, false));
        assert_eq!(arithmetic(Arithmetic::Subtract, &two, &five), Datum::Unknown);
        assert_eq!(arithmetic(Arithmetic::Multiply, &five, &two), Datum::count(10, false));
        assert_eq!(arithmetic(Arithmetic::Multiply, &five, &Datum::int(-2)), Datum::Unknown);
        assert_eq!(arithmetic(Arithmetic::Divide, &five, &two), Datum::count(2, false));
        assert_eq!(arithmetic(Arithmetic::Divide, &five, &Datum::int(-2)), Datum::Unknown);
        assert_eq!(arithmetic(Arithmetic::Divide, &two, &five), Datum::Unknown);
        assert_eq!(arithmetic(Arithmetic::Divide, &two, &Datum::int(0)), Datum::Unknown);
        assert_eq!(arithmetic(Arithmetic::Divide, &Datum::int(i64::MIN), &Datum::int(-1)), Datum::Unknown);
        assert_eq!(arithmetic(Arithmetic::Remainder, &Datum::int(i64::MIN), &Datum::int(-1)), Datum::Unknown);
        assert_eq!(arithmetic(Arithmetic::Add, &Datum::int(i64::MAX), &two), Datum::Unknown);
        assert_eq!(arithmetic(Arithmetic::Remainder, &five, &two), Datum::Unknown);
    }
}
