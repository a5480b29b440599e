//! Random well-typed expressions over variables of every type, and random values for these.
//!
//! Bytes come in, so that a property test can shrink them; an expression comes out as text. Every choice that runs out of bytes is the
//! first one, which is a leaf.

use std::sync::Arc;

use proptest::prelude::*;

use super::sample::text;
use crate::model::datum::{Datum, Type};

/// Types that are generated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    Int,
    Float,
    Text,
    Ints,
    Texts,
}

/// The variables of a generated expression, in the order of their slots.
pub(super) fn variables() -> Vec<(Arc<str>, Type)> {
    let variables = [
        ("i", Type::Int),
        ("j", Type::Int),
        ("x", Type::Float),
        ("s", Type::Text),
        ("t", Type::Text),
        ("p", Type::Bool),
        ("q", Type::Bool),
        ("l", Type::list(Type::Int)),
        ("m", Type::list(Type::Text)),
        ("n", Type::optional(Type::Text)),
    ];
    variables.into_iter().map(|(name, r#type)| (Arc::from(name), r#type)).collect()
}

/// Known values of [`variables`].
pub(super) fn known_values() -> impl Strategy<Value = Vec<Datum>> {
    let small = -5i64..20;
    let word = prop::sample::select(vec!["", "a", "b", "ab", "Ab-c", "é/b"]);
    let ints = prop::collection::vec(small.clone(), 0..4);
    let texts = prop::collection::vec(word.clone(), 0..4);
    let floats = (-8i32..8).prop_map(|quarters| f64::from(quarters) / 4.0);
    let optional = prop::option::of(word.clone());
    ((small.clone(), small), floats, (word.clone(), word), (any::<bool>(), any::<bool>()), (ints, texts, optional)).prop_map(
        |((i, j), x, (s, t), (p, q), (l, m, n))| {
            vec![
                Datum::int(i),
                Datum::int(j),
                Datum::Float(x),
                text(s),
                text(t),
                Datum::Bool(p),
                Datum::Bool(q),
                Datum::list(l.into_iter().map(Datum::int)),
                Datum::list(m.into_iter().map(text)),
                n.map_or(Datum::Null, text),
            ]
        },
    )
}

pub(super) struct Generator<'b> {
    bytes: &'b [u8],
    /// Names of the macros' items, with their types.
    locals: Vec<(String, Kind)>,
    /// Whether to use what is not CEL, too.
    own: bool,
}

/// A random expression of a random type.
pub(super) fn expression(bytes: &[u8], own: bool) -> String {
    let mut generator = Generator { bytes, locals: Vec::new(), own };
    let kinds = [Kind::Bool, Kind::Int, Kind::Float, Kind::Text, Kind::Ints, Kind::Texts];
    let kind = kinds[generator.choice(kinds.len())];
    generator.of(kind, 4)
}

impl Generator<'_> {
    fn choice(&mut self, among: usize) -> usize {
        match self.bytes.split_first() {
            Some((&first, rest)) => {
                self.bytes = rest;
                first as usize % among
            }
            None => 0,
        }
    }

    fn of(&mut self, kind: Kind, depth: usize) -> String {
        if depth == 0 || self.choice(4) == 0 {
            return self.leaf(kind);
        }
        let below = depth - 1;
        if self.choice(8) == 7 {
            let (condition, then, otherwise) = (self.of(Kind::Bool, below), self.of(kind, below), self.of(kind, below));
            return format!("({condition} ? {then} : {otherwise})");
        }
        match kind {
            Kind::Bool => self.bool(below),
            Kind::Int => self.int(below),
            Kind::Float => self.float(below),
            Kind::Text => self.text(below),
            Kind::Ints | Kind::Texts => self.list(kind, below),
        }
    }

    fn leaf(&mut self, kind: Kind) -> String {
        let fitting: Vec<String> = self.locals.iter().filter(|(_, local)| *local == kind).map(|(name, _)| name.clone()).collect();
        if !fitting.is_empty() && self.choice(2) == 0 {
            let place = self.choice(fitting.len());
            return fitting[place].clone();
        }
        let among: &[&str] = match kind {
            Kind::Bool => &["p", "q", "true", "false"],
            Kind::Int => &["i", "j", "3", "-2", "0"],
            Kind::Float => &["x", "1.5", "-0.25"],
            Kind::Text => &["s", "t", "'a'", "'b/'"],
            Kind::Ints => &["l", "[1, 2]", "[i]", "[j, 3]"],
            Kind::Texts => &["m", "['a', 'b']", "[s]", "[t, s]"],
        };
        let place = self.choice(among.len());
        among[place].to_owned()
    }

    fn bool(&mut self, below: usize) -> String {
        let compare = |generator: &mut Self, kind: Kind, other: Kind, operators: &[&str]| {
            let operator = operators[generator.choice(operators.len())];
            format!("({} {operator} {})", generator.of(kind, below), generator.of(other, below))
        };
        const ALL: &[&str] = &["<", "<=", ">", ">=", "==", "!="];
        const SAME: &[&str] = &["==", "!="];
        match self.choice(15) {
            0 => compare(self, Kind::Bool, Kind::Bool, &["&&", "||"]),
            1 => compare(self, Kind::Bool, Kind::Bool, &["||", "&&", "==", "!="]),
            2 => compare(self, Kind::Int, Kind::Int, ALL),
            3 => compare(self, Kind::Int, Kind::Float, ALL),
            4 => compare(self, Kind::Text, Kind::Text, ALL),
            5 => compare(self, Kind::Ints, Kind::Ints, SAME),
            6 => compare(self, Kind::Texts, Kind::Texts, SAME),
            7 => compare(self, Kind::Int, Kind::Ints, &["in"]),
            8 => compare(self, Kind::Text, Kind::Texts, &["in"]),
            9 => ["(n == null)", "(n != s)", "(n in m)"][self.choice(3)].to_owned(),
            10 => format!("!{}", self.of(Kind::Bool, below)),
            11 | 12 => self.each(["all", "exists", "exists_one"], Kind::Ints, Kind::Bool, below),
            13 => self.each(["all", "exists", "exists_one"], Kind::Texts, Kind::Bool, below),
            _ => {
                let method = ["contains", "startsWith", "endsWith"][self.choice(3)];
                format!("{}.{method}({})", self.of(Kind::Text, below), self.of(Kind::Text, below))
            }
        }
    }

    fn int(&mut self, below: usize) -> String {
        match self.choice(if self.own { 13 } else { 7 }) {
            0 => format!("({} + {})", self.of(Kind::Int, below), self.of(Kind::Int, below)),
            1 => format!("({} - {})", self.of(Kind::Int, below), self.of(Kind::Int, below)),
            2 => format!("({} * {})", self.of(Kind::Int, below.min(1)), self.of(Kind::Int, below.min(1))),
            3 => {
                let operator = ["/", "%"][self.choice(2)];
                format!("({} {operator} {})", self.of(Kind::Int, below), self.of(Kind::Int, below))
            }
            4 => {
                let kind = [Kind::Ints, Kind::Texts, Kind::Text][self.choice(3)];
                format!("size({})", self.of(kind, below))
            }
            5 => format!("-({})", self.of(Kind::Int, below)),
            6 => format!("{}[{}]", self.of(Kind::Ints, below), self.of(Kind::Int, below)),
            choice => {
                let function = ["min", "max", "sum", "first", "min", "max"][choice - 7];
                format!("{function}({})", self.of(Kind::Ints, below))
            }
        }
    }

    fn float(&mut self, below: usize) -> String {
        match self.choice(4) {
            0 => format!("({} + {})", self.of(Kind::Float, below), self.of(Kind::Float, below)),
            1 => format!("({} * {})", self.of(Kind::Float, below), self.of(Kind::Float, below)),
            2 => format!("({} / 0.5)", self.of(Kind::Float, below)),
            _ => format!("double({})", self.of(Kind::Int, below)),
        }
    }

    fn text(&mut self, below: usize) -> String {
        match self.choice(if self.own { 8 } else { 6 }) {
            0 => format!("({} + {})", self.of(Kind::Text, below), self.of(Kind::Text, below)),
            1 => format!("string({})", self.of(Kind::Int, below)),
            2 => format!("{}[{}]", self.of(Kind::Texts, below), self.of(Kind::Int, below)),
            3 => format!("{}.lowerAscii()", self.of(Kind::Text, below)),
            4 => format!("{}.replace('a', {})", self.of(Kind::Text, below), self.leaf(Kind::Text)),
            5 => format!("string({})", self.of(Kind::Bool, below)),
            6 => format!("join({}, '-')", self.of(Kind::Texts, below)),
            _ => format!("plural({}, 'item')", self.of(Kind::Int, below)),
        }
    }

    fn list(&mut self, kind: Kind, below: usize) -> String {
        let item = if kind == Kind::Ints { Kind::Int } else { Kind::Text };
        match self.choice(if self.own { 8 } else { 5 }) {
            0 => format!("[{}, {}]", self.of(item, below), self.of(item, below)),
            1 => format!("({} + {})", self.of(kind, below), self.of(kind, below)),
            2 => self.each(["filter"], kind, Kind::Bool, below),
            3 => self.each(["map"], Kind::Ints, item, below),
            4 => self.each(["map"], Kind::Texts, item, below),
            5 => format!("distinct({})", self.of(kind, below)),
            6 => format!("sorted({})", self.of(kind, below)),
            _ => match kind {
                Kind::Texts => format!("{}.split('/')", self.of(Kind::Text, below)),
                _ => format!("sorted(distinct({}))", self.of(kind, below)),
            },
        }
    }

    fn each<const N: usize>(&mut self, names: [&str; N], list: Kind, body: Kind, below: usize) -> String {
        let name = names[self.choice(N)];
        let item = format!("v{}", self.locals.len());
        let list_text = self.of(list, below);
        self.locals.push((item.clone(), if list == Kind::Ints { Kind::Int } else { Kind::Text }));
        let body = self.of(body, below);
        self.locals.pop();
        format!("{list_text}.{name}({item}, {body})")
    }
}
