//! The typed tree that is evaluated: what the checker builds, and what a trace walks.

use std::sync::Arc;

use super::Expression;
use super::functions::Function;
use super::pattern::Pattern;
use crate::model::Model;
use crate::model::datum::Datum;
use crate::source::Span;

#[derive(Debug)]
pub(super) struct Node {
    /// Where it stands in the expression's text.
    pub(super) span: Span,
    pub(super) operation: Operation,
}

#[derive(Debug)]
pub(super) enum Operation {
    Constant(Datum),
    /// A variable of the environment, by slot.
    Variable(u32),
    /// A variable of a macro, by its place on the stack of this expression.
    Local(u32),
    Parameter(u32),
    Field {
        object: Box<Node>,
        read: fn(&Model, u32) -> Datum,
    },
    ListIndex(Box<[Node; 2]>),
    MapIndex(Box<[Node; 2]>),
    List(Box<[Node]>),
    Arithmetic(Arithmetic, Box<[Node; 2]>),
    Negate(Box<Node>),
    /// Of two texts or two lists.
    Concatenate(Box<[Node; 2]>),
    Conditional(Box<[Node; 3]>),
    Size(Box<Node>),
    Filter(Box<Each>),
    Map(Box<Each>),
    Function(&'static Function, Box<[Node]>),
    /// A definition, or a field that the policy adds.
    Definition(Box<Invocation>),
    /// The value where it must not be null: null becomes unknown.
    NotNull(Box<Node>),
    Test(Test),
}

/// What gives a truth value.
#[derive(Debug)]
pub(super) enum Test {
    And(Box<[Node]>),
    Or(Box<[Node]>),
    Not(Box<Node>),
    Equal(Box<[Node; 2]>),
    NotEqual(Box<[Node; 2]>),
    /// Of two whole numbers.
    Compare(Order, Box<[Node; 2]>),
    /// Of two numbers, or two texts.
    Order(Order, Box<[Node; 2]>),
    In(Box<[Node; 2]>),
    Known(Box<Node>),
    Any(Box<Each>),
    All(Box<Each>),
    One(Box<Each>),
    Matches(Box<Node>, Pattern),
}

/// A macro's list, and what is asked of each of its items.
#[derive(Debug)]
pub(super) struct Each {
    pub(super) list: Node,
    pub(super) body: Node,
    /// Where on the stack of this expression the item is.
    pub(super) slot: u32,
}

#[derive(Debug)]
pub(super) struct Invocation {
    pub(super) name: Arc<str>,
    pub(super) body: Arc<Expression>,
    pub(super) arguments: Box<[Node]>,
    /// Where on the stack of this expression the arguments begin.
    pub(super) slot: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Node {
    pub(super) fn new(span: Span, operation: Operation) -> Node {
        Node { span, operation }
    }
}
