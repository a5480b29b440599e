//! Evaluation: a typed tree and a scope in, a value out. Nothing fails; what can't be said is unknown.

use std::sync::Arc;

use super::functions::Function;
use super::node::{Invocation, Node, Operation, Test};
use super::truth::{self, Truth, Whole, equal, is_in, is_known, order};
use super::{Expression, Scope};
use crate::model::Model;
use crate::model::datum::Datum;
use crate::model::subject::Subject;

/// Longer texts are not built.
pub(super) const MAX_TEXT: usize = 1 << 20;

/// The most that a function of the language takes.
const MAX_ARGUMENTS: usize = 3;

/// What an evaluation may still do: items looked at, items copied. A run-away expression ends unknown, not late.
pub(super) struct Fuel(u32);

impl Fuel {
    pub(super) fn full() -> Fuel {
        Fuel(1_000_000)
    }

    fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// False when it does not last for so many items.
    pub(super) fn burn(&mut self, items: usize) -> bool {
        match u32::try_from(items).ok().and_then(|items| self.0.checked_sub(items)) {
            Some(left) => {
                self.0 = left;
                true
            }
            None => {
                self.0 = 0;
                false
            }
        }
    }
}

/// What is at hand while an expression is evaluated.
pub(super) struct Frame<'s> {
    pub(super) model: &'s Model,
    pub(super) subjects: &'s [Subject],
    parameters: &'s [Datum],
    /// Variables of the scope, then the stack of the running expressions.
    stack: &'s mut [Datum],
    /// Where the variables of the running expression begin.
    base: usize,
    /// Where the stack of the running expression begins.
    locals: usize,
    pub(super) fuel: Fuel,
}

impl<'s> Frame<'s> {
    /// Runs with a frame for `expression` over `scope`.
    pub(super) fn over<R>(program: &Program, scope: &mut Scope, run: impl for<'f> FnOnce(&'f Node, &mut Frame<'f>) -> R) -> R {
        let given = scope.variables.len();
        let locals = given.max(program.variables as usize);
        let needed = locals + program.stack as usize;
        if needed > given {
            scope.variables.resize(needed, Datum::Unknown);
        }
        let mut frame = Frame {
            model: scope.model,
            subjects: scope.subjects,
            parameters: scope.parameters,
            stack: &mut scope.variables,
            base: 0,
            locals,
            fuel: Fuel::full(),
        };
        let result = run(&program.root, &mut frame);
        scope.variables.truncate(given);
        result
    }

    fn variable(&self, slot: u32) -> &Datum {
        self.stack.get(self.base + slot as usize).unwrap_or(&Datum::Unknown)
    }

    fn parameter(&self, slot: u32) -> &'s Datum {
        self.parameters.get(slot as usize).unwrap_or(&Datum::Unknown)
    }

    fn local(&self, slot: u32) -> &Datum {
        self.stack.get(self.locals + slot as usize).unwrap_or(&Datum::Unknown)
    }

    pub(super) fn bind(&mut self, slot: u32, value: Datum) {
        if let Some(place) = self.stack.get_mut(self.locals + slot as usize) {
            *place = value;
        }
    }

    pub(super) fn render(&self, value: &Datum) -> String {
        value.render(self.model, self.subjects)
    }
}

/// A tree with what it needs of the stack.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) root: Node,
    /// How many variables its environment has.
    pub(super) variables: u32,
    /// How many values it and what it calls keep beside them.
    pub(super) stack: u32,
    /// Levels of the tree and of the deepest thing it calls.
    pub(super) height: u32,
    /// Nodes of the tree and of everything it calls.
    pub(super) weight: u64,
}

impl Expression {
    /// The value over a scope. Fields and variables are known from the start, so this can't fail; it can be unknown.
    pub fn evaluate(&self, scope: &mut Scope) -> Datum {
        Frame::over(&self.program, scope, |root, frame| root.evaluate(frame))
    }
}

impl Node {
    pub(super) fn truth<'f>(&'f self, frame: &mut Frame<'f>) -> Truth {
        match &self.operation {
            Operation::Test(test) => test.truth(frame),
            _ => Truth::of(&self.evaluate(frame)),
        }
    }

    // The common operations stand here, the others in functions of their own: a small frame makes the common ones fast.
    pub(super) fn evaluate<'f>(&'f self, frame: &mut Frame<'f>) -> Datum {
        match &self.operation {
            Operation::Field { object, read } => match object.row(frame) {
                Some(row) => read(frame.model, row),
                None => Datum::Unknown,
            },
            Operation::Constant(value) => value.clone(),
            Operation::Variable(slot) => frame.variable(*slot).clone(),
            Operation::Local(slot) => frame.local(*slot).clone(),
            Operation::Parameter(slot) => frame.parameter(*slot).clone(),
            Operation::Test(test) => test.truth(frame).into(),
            Operation::Size(value) => size(&value.evaluate(frame)).into(),
            Operation::Function(function, arguments) => call(function, arguments, frame),
            Operation::Definition(invocation) => invocation.enter(frame, |body, frame| body.evaluate(frame)),
            _ => self.evaluate_rest(frame),
        }
    }

    #[inline(never)]
    fn evaluate_rest<'f>(&'f self, frame: &mut Frame<'f>) -> Datum {
        match &self.operation {
            Operation::Arithmetic(operator, operands) => {
                let [left, right] = both(operands, frame);
                truth::arithmetic(*operator, &left, &right)
            }
            Operation::Conditional(parts) => match parts[0].truth(frame) {
                Truth::True => parts[1].evaluate(frame),
                Truth::False => parts[2].evaluate(frame),
                Truth::Unknown => Datum::Unknown,
            },
            Operation::NotNull(value) => match value.evaluate(frame) {
                Datum::Null => Datum::Unknown,
                value => value,
            },
            Operation::Negate(value) => match value.evaluate(frame) {
                Datum::Int { value, complete: true } => value.checked_neg().map_or(Datum::Unknown, Datum::int),
                Datum::Float(value) => Datum::Float(-value),
                _ => Datum::Unknown,
            },
            Operation::ListIndex(operands) => {
                let [list, index] = both(operands, frame);
                list_item(&list, &index)
            }
            Operation::MapIndex(operands) => {
                let [map, key] = both(operands, frame);
                map_item(&map, &key)
            }
            Operation::List(items) => {
                Datum::List { items: items.iter().map(|item| item.evaluate(frame)).collect(), complete: true }
            }
            Operation::Concatenate(operands) => concatenate(operands, frame),
            Operation::Filter(each) => each.filter(frame),
            Operation::Map(each) => each.map(frame),
            // All others are evaluated above.
            _ => Datum::Unknown,
        }
    }

    /// The value of a node whose type is int.
    fn whole<'f>(&'f self, frame: &mut Frame<'f>) -> Whole {
        match &self.operation {
            Operation::Constant(value) => Whole::of(value),
            Operation::Parameter(slot) => Whole::of(frame.parameter(*slot)),
            Operation::Field { object, read } => match object.row(frame) {
                Some(row) => Whole::of(&read(frame.model, row)),
                None => Whole::Unknown,
            },
            Operation::Size(value) => size(&value.evaluate(frame)),
            _ => Whole::of(&self.evaluate(frame)),
        }
    }

    /// The row of an object; none when it is null or unknown.
    fn row<'f>(&'f self, frame: &mut Frame<'f>) -> Option<u32> {
        let row = |value: &Datum| match value {
            Datum::Object { index, .. } => Some(*index),
            _ => None,
        };
        match &self.operation {
            Operation::Variable(slot) => row(frame.variable(*slot)),
            Operation::Local(slot) => row(frame.local(*slot)),
            _ => row(&self.evaluate(frame)),
        }
    }
}

impl Test {
    fn truth<'f>(&'f self, frame: &mut Frame<'f>) -> Truth {
        match self {
            Test::And(parts) => until(Truth::False, parts, frame),
            Test::Or(parts) => until(Truth::True, parts, frame),
            Test::Not(part) => part.truth(frame).not(),
            Test::Compare(by, operands) => {
                let left = operands[0].whole(frame);
                left.compare(*by, operands[1].whole(frame))
            }
            Test::Order(by, operands) => {
                let [left, right] = both(operands, frame);
                order(*by, &left, &right)
            }
            Test::Equal(operands) => equals(operands, frame),
            Test::NotEqual(operands) => equals(operands, frame).not(),
            Test::In(operands) => {
                let [item, list] = both(operands, frame);
                is_in(&item, &list, &mut frame.fuel)
            }
            Test::Known(value) => match value.evaluate(frame) {
                Datum::Unknown if frame.fuel.is_empty() => Truth::Unknown,
                value => is_known(&value).into(),
            },
            Test::Any(each) => each.until(Truth::True, frame).0,
            Test::All(each) => each.until(Truth::False, frame).0,
            Test::One(each) => each.exactly_one(frame),
            Test::Matches(text, pattern) => match text.evaluate(frame) {
                Datum::Text(text) => pattern.found_in(&text, frame),
                _ => Truth::Unknown,
            },
        }
    }
}

fn both<'f>(operands: &'f [Node; 2], frame: &mut Frame<'f>) -> [Datum; 2] {
    let left = operands[0].evaluate(frame);
    [left, operands[1].evaluate(frame)]
}

/// The first part that is `decisive` decides; else the answer is the other one, unless a part was unknown.
fn until<'f>(decisive: Truth, parts: &'f [Node], frame: &mut Frame<'f>) -> Truth {
    let mut result = decisive.not();
    for part in parts {
        let truth = part.truth(frame);
        if truth == decisive {
            return decisive;
        }
        if truth == Truth::Unknown {
            result = Truth::Unknown;
        }
    }
    result
}

fn equals<'f>(operands: &'f [Node; 2], frame: &mut Frame<'f>) -> Truth {
    let [left, right] = both(operands, frame);
    equal(&left, &right, &mut frame.fuel)
}

impl Invocation {
    /// Runs with the arguments as the variables of the body.
    pub(super) fn enter<'f, R>(&'f self, frame: &mut Frame<'f>, run: impl FnOnce(&'f Node, &mut Frame<'f>) -> R) -> R {
        for (place, argument) in self.arguments.iter().enumerate() {
            let value = argument.evaluate(frame);
            frame.bind(self.slot + place as u32, value);
        }
        let outer = (frame.base, frame.locals);
        frame.base = frame.locals + self.slot as usize;
        frame.locals = frame.base + self.arguments.len();
        let result = run(&self.body.program.root, frame);
        (frame.base, frame.locals) = outer;
        result
    }
}

/// Functions are strict: of an unknown or null argument the result is unknown.
#[inline(never)]
fn call<'f>(function: &Function, arguments: &'f [Node], frame: &mut Frame<'f>) -> Datum {
    let mut values = [const { Datum::Unknown }; MAX_ARGUMENTS];
    for (value, argument) in values.iter_mut().zip(arguments) {
        *value = argument.evaluate(frame);
        if matches!(value, Datum::Unknown | Datum::Null) {
            return Datum::Unknown;
        }
    }
    (function.run)(&values[..arguments.len().min(MAX_ARGUMENTS)], frame)
}

fn size(value: &Datum) -> Whole {
    match value {
        Datum::List { items, complete } => Whole::count(items.len(), *complete),
        Datum::Text(text) => Whole::count(text.chars().count(), true),
        // An absent key is unknown, so there may be more.
        Datum::Map(entries) => Whole::count(entries.len(), false),
        _ => Whole::Unknown,
    }
}

fn list_item(list: &Datum, index: &Datum) -> Datum {
    match (list, index) {
        (Datum::List { items, complete: true }, Datum::Int { value, complete: true }) => {
            usize::try_from(*value).ok().and_then(|index| items.get(index)).cloned().unwrap_or(Datum::Unknown)
        }
        _ => Datum::Unknown,
    }
}

fn map_item(map: &Datum, key: &Datum) -> Datum {
    match (map, key) {
        (Datum::Map(entries), Datum::Text(key)) => {
            entries.iter().find(|(name, _)| name == key).map_or(Datum::Unknown, |(_, value)| value.clone())
        }
        _ => Datum::Unknown,
    }
}

fn concatenate<'f>(operands: &'f [Node; 2], frame: &mut Frame<'f>) -> Datum {
    let [left, right] = both(operands, frame);
    match (&left, &right) {
        (Datum::Text(left), Datum::Text(right)) if left.len() + right.len() <= MAX_TEXT => {
            Datum::Text([&**left, &**right].concat().into())
        }
        (Datum::List { items: left, complete }, Datum::List { items: right, complete: other }) => {
            if !frame.fuel.burn(left.len() + right.len()) {
                return Datum::Unknown;
            }
            let items: Arc<[Datum]> = left.iter().chain(right.iter()).cloned().collect();
            Datum::List { items, complete: *complete && *other }
        }
        _ => Datum::Unknown,
    }
}
