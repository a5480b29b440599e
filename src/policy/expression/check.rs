//! Type checking and lowering: a syntax tree and an environment in, a typed program out, or every error that stands on its own.
//!
//! A part with an error has no type; what depends on it is not judged, so one mistake is one message.

use std::sync::Arc;

use super::evaluate::Program;
use super::node::{Arithmetic, Node, Operation, Order, Test};
use super::operators::mixed_numbers;
use super::parse::{Id, Operator, Shape, Tree};
use super::{Environment, ExpressionError};
use crate::diagnostic::{did_you_mean, nearest};
use crate::model::datum::{Datum, Type};
use crate::source::Span;

/// More errors than these are not reported.
const MAX_ERRORS: usize = 20;
/// How deep an expression may nest together with the definitions that it uses.
const MAX_TOTAL_DEPTH: u32 = 200;
/// How many operations an expression may have together with the definitions that it uses.
const MAX_WEIGHT: u64 = 20_000;

pub(super) struct Typed {
    pub(super) node: Node,
    pub(super) r#type: Type,
}

pub(super) struct Checker<'c> {
    pub(super) environment: &'c Environment<'c>,
    pub(super) tree: &'c Tree<'c>,
    pub(super) errors: Vec<ExpressionError>,
    /// Variables of the macros around the current place: name, type, place on the stack.
    pub(super) locals: Vec<(&'c str, Type, u32)>,
    /// Where on the stack the next value goes, and how much of it is used at most.
    pub(super) top: u32,
    pub(super) stack: u32,
    /// Of what is called.
    pub(super) height: u32,
    pub(super) weight: u64,
}

/// Checks and lowers a tree.
pub(super) fn check(
    tree: &Tree,
    environment: &Environment,
    expected: Option<&Type>,
) -> Result<(Program, Type), Vec<ExpressionError>> {
    let mut checker =
        Checker { environment, tree, errors: Vec::new(), locals: Vec::new(), top: 0, stack: 0, height: 0, weight: 0 };
    let checked = checker.check(tree.root);
    let checked = match expected {
        Some(expected) => checked.and_then(|typed| checker.coerce(typed, expected, "here")),
        None => checked,
    };
    let span = tree.node(tree.root).span;
    let height = tree.node(tree.root).height + checker.height;
    let weight = checker.weight.saturating_add(tree.size() as u64);
    if height > MAX_TOTAL_DEPTH || weight > MAX_WEIGHT {
        checker.error::<()>(span, "the expression is too large together with the definitions that it uses", None);
    }
    match checked {
        Some(Typed { node, r#type }) if checker.errors.is_empty() => {
            let variables = environment.variables.len() as u32;
            Ok((Program { root: node, variables, stack: checker.stack, height, weight }, r#type))
        }
        _ => {
            checker.errors.sort_by_key(|error| error.span);
            checker.errors.truncate(MAX_ERRORS);
            Err(checker.errors)
        }
    }
}

impl<'c> Checker<'c> {
    /// Reports an error; gives None so that a check can end with it.
    pub(super) fn error<T>(&mut self, span: Span, message: impl Into<String>, help: Option<String>) -> Option<T> {
        if self.errors.len() < 4 * MAX_ERRORS {
            self.errors.push(ExpressionError::new(span, message).with_help(help));
        }
        None
    }

    pub(super) fn span(&self, id: Id) -> Span {
        self.tree.node(id).span
    }

    pub(super) fn check(&mut self, id: Id) -> Option<Typed> {
        let tree = self.tree;
        let syntax = tree.node(id);
        let span = syntax.span;
        match &syntax.shape {
            Shape::Null => constant(span, Datum::Null, Type::Null),
            Shape::Bool(value) => constant(span, Datum::Bool(*value), Type::Bool),
            Shape::Int(value) => constant(span, Datum::int(*value), Type::Int),
            Shape::Float(value) => constant(span, Datum::Float(*value), Type::Float),
            Shape::Text(text) => constant(span, Datum::Text(Arc::from(&**text)), Type::Text),
            Shape::List(items) => self.list(span, tree.run(*items)),
            Shape::Name(name) => self.name(span, name),
            Shape::Member { object, name, name_span } => self.member(span, *object, name, *name_span),
            Shape::Index { object, index } => self.index(span, *object, *index),
            Shape::Call { name, name_span, arguments } => self.call(span, name, *name_span, tree.run(*arguments)),
            Shape::Method { object, name, name_span, arguments } => {
                self.method(span, *object, name, *name_span, tree.run(*arguments))
            }
            Shape::Not(operand) => {
                let operand = self.condition(*operand, "the operand of `!`")?;
                test(span, Test::Not(Box::new(operand)))
            }
            Shape::Negate(operand) => self.negate(span, *operand),
            Shape::Binary { operator, operator_span, left, right } => match operator {
                Operator::And | Operator::Or => self.logic(span, *operator, id),
                Operator::Equal | Operator::NotEqual => self.equality(span, *operator, *left, *right),
                Operator::In => self.membership(span, *left, *right),
                Operator::Less => self.order(span, Order::Less, *operator_span, *left, *right),
                Operator::LessEqual => self.order(span, Order::LessEqual, *operator_span, *left, *right),
                Operator::Greater => self.order(span, Order::Greater, *operator_span, *left, *right),
                Operator::GreaterEqual => self.order(span, Order::GreaterEqual, *operator_span, *left, *right),
                Operator::Add => self.arithmetic(span, Arithmetic::Add, *operator, *left, *right),
                Operator::Subtract => self.arithmetic(span, Arithmetic::Subtract, *operator, *left, *right),
                Operator::Multiply => self.arithmetic(span, Arithmetic::Multiply, *operator, *left, *right),
                Operator::Divide => self.arithmetic(span, Arithmetic::Divide, *operator, *left, *right),
                Operator::Remainder => self.arithmetic(span, Arithmetic::Remainder, *operator, *left, *right),
            },
            Shape::Conditional { condition, then, otherwise } => self.conditional(span, *condition, *then, *otherwise),
        }
    }

    /// A part that must be true or false.
    pub(super) fn condition(&mut self, id: Id, what: &str) -> Option<Node> {
        let typed = self.check(id)?;
        match typed.r#type.plain() {
            Type::Bool => Some(typed.node),
            other => {
                let help = match other {
                    Type::Int | Type::Float => Some("compare it with a number: `… > 0`".to_owned()),
                    Type::List(_) => Some("ask for its size: `size(…) > 0`".to_owned()),
                    Type::Object(_) | Type::Text if typed.r#type != *other => Some("compare it: `… != null`".to_owned()),
                    _ => None,
                };
                let message = format!("{what} must be bool, this is {}", typed.r#type);
                self.error(typed.node.span, message, help)
            }
        }
    }

    fn list(&mut self, span: Span, ids: &[Id]) -> Option<Typed> {
        let mut item_type: Option<Type> = None;
        let mut items = Vec::with_capacity(ids.len());
        let mut sound = true;
        for &id in ids {
            let Some(item) = self.check(id) else {
                sound = false;
                continue;
            };
            let joined = match &item_type {
                None => Some(item.r#type.clone()),
                Some(so_far) => common(so_far, &item.r#type),
            };
            match joined {
                Some(joined) => item_type = Some(joined),
                None => {
                    let so_far = item_type.as_ref().map(Type::to_string).unwrap_or_default();
                    let message = format!("a list holds one type: this is {}, the items before it are {so_far}", item.r#type);
                    let help = mixed_numbers(&item.r#type, item_type.as_ref().unwrap_or(&Type::Null));
                    sound = false;
                    self.error::<()>(item.node.span, message, help);
                }
            }
            items.push(item.node);
        }
        let r#type = Type::list(item_type.unwrap_or(Type::Null));
        // A list of constants is made once.
        let constants = items.iter().map(|item| match &item.operation {
            Operation::Constant(value) => Some(value.clone()),
            _ => None,
        });
        let operation = match constants.collect::<Option<Arc<[Datum]>>>() {
            Some(items) => Operation::Constant(Datum::List { items, complete: true }),
            None => Operation::List(items.into()),
        };
        sound.then(|| Typed { node: Node::new(span, operation), r#type })
    }

    fn conditional(&mut self, span: Span, condition: Id, then: Id, otherwise: Id) -> Option<Typed> {
        let condition = self.condition(condition, "what stands before `?`");
        let branches = self.both(then, otherwise);
        let (condition, (then, otherwise)) = (condition?, branches?);
        let Some(r#type) = common(&then.r#type, &otherwise.r#type) else {
            let message = format!("the branches have different types: {} and {}", then.r#type, otherwise.r#type);
            let help = mixed_numbers(&then.r#type, &otherwise.r#type);
            return self.error(span, message, help);
        };
        let parts = Box::new([condition, then.node, otherwise.node]);
        Some(Typed { node: Node::new(span, Operation::Conditional(parts)), r#type })
    }

    /// The value where a type is needed; `place` says where in a message.
    pub(super) fn coerce(&mut self, typed: Typed, expected: &Type, place: &str) -> Option<Typed> {
        if fits(&typed.r#type, expected) {
            return Some(typed);
        }
        if fits(typed.r#type.plain(), expected) && typed.r#type != Type::Null {
            let span = typed.node.span;
            let node = Node::new(span, Operation::NotNull(Box::new(typed.node)));
            return Some(Typed { node, r#type: expected.clone() });
        }
        let message = format!("{place} must be {expected}, this is {}", typed.r#type);
        let help = match (&typed.r#type, expected) {
            (Type::Int, Type::Float) => mixed_numbers(&typed.r#type, expected),
            _ => None,
        };
        self.error(typed.node.span, message, help)
    }

    /// A variable, or else a field of the first one.
    fn name(&mut self, span: Span, name: &'c str) -> Option<Typed> {
        if let Some((_, r#type, slot)) = self.locals.iter().rev().find(|(local, ..)| *local == name) {
            return Some(Typed { node: Node::new(span, Operation::Local(*slot)), r#type: r#type.clone() });
        }
        let variables = &self.environment.variables;
        if let Some(slot) = variables.iter().position(|(variable, _)| **variable == *name) {
            let r#type = variables[slot].1.clone();
            return Some(Typed { node: Node::new(span, Operation::Variable(slot as u32)), r#type });
        }
        if let Some((_, Type::Object(subject))) = variables.first() {
            let object = Node::new(span, Operation::Variable(0));
            if let Some(field) = self.field(span, object, subject, name) {
                return Some(field);
            }
        }
        let mut help = did_you_mean(name, self.names());
        if let Some((_, Type::Object(subject))) = variables.first()
            && nearest(name, self.names()).is_none()
            && let Some(field) = nearest(name, self.field_names(subject))
        {
            help = Some(format!("did you mean `{field}`?"));
        }
        if name == "params" {
            help = Some("write `params.NAME`".to_owned());
        } else if self.environment.parameters.iter().any(|(parameter, _)| **parameter == *name) {
            help = Some(format!("a parameter is `params.{name}`"));
        } else if super::functions::find(name).is_some() {
            help = Some(format!("`{name}` is a function: `{name}(…)`"));
        }
        self.error(span, format!("unknown variable `{name}`"), help)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let locals = self.locals.iter().map(|(name, ..)| *name);
        locals.chain(self.environment.variables.iter().map(|(name, _)| &**name))
    }
}

pub(super) fn test(span: Span, test: Test) -> Option<Typed> {
    Some(Typed { node: Node::new(span, Operation::Test(test)), r#type: Type::Bool })
}

fn constant(span: Span, value: Datum, r#type: Type) -> Option<Typed> {
    Some(Typed { node: Node::new(span, Operation::Constant(value)), r#type })
}

/// The type of what may be one or the other.
pub(super) fn common(left: &Type, right: &Type) -> Option<Type> {
    match (left, right) {
        (left, right) if left == right => Some(left.clone()),
        (Type::Null, other) | (other, Type::Null) => Some(Type::optional(other.plain().clone())),
        (Type::Optional(left), right) | (right, Type::Optional(left)) => {
            Some(Type::optional(common(left, right.plain())?.plain().clone()))
        }
        // The items of `[]` are of any type.
        (Type::List(left), Type::List(right)) if **left == Type::Null => Some(Type::List(right.clone())),
        (Type::List(left), Type::List(right)) if **right == Type::Null => Some(Type::List(left.clone())),
        (Type::List(left), Type::List(right)) => Some(Type::list(common(left, right)?)),
        (Type::Map(left), Type::Map(right)) => Some(Type::map(common(left, right)?)),
        _ => None,
    }
}

/// Whether a value of one type may stand where another is needed.
pub(super) fn fits(found: &Type, expected: &Type) -> bool {
    match (found, expected) {
        (found, expected) if found == expected => true,
        (Type::Null, Type::Optional(_)) => true,
        (Type::Optional(found), Type::Optional(expected)) => fits(found, expected),
        (found, Type::Optional(expected)) => fits(found, expected),
        (Type::List(found), Type::List(expected)) => **found == Type::Null || fits(found, expected),
        (Type::Map(found), Type::Map(expected)) => fits(found, expected),
        _ => false,
    }
}
