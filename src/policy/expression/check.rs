//! Type checking and lowering: a syntax tree and an environment in, a typed program out, or every error that stands on its own.
//!
//! A part with an error has no type; what depends on it is not judged, so one mistake is one message.

use std::sync::Arc;

use super::evaluate::Program;
use super::node::{Arithmetic, Node, Operation, Order, Test};
use super::parse::{Id, Operator, Shape, Tree};
use super::{Environment, ExpressionError};
use crate::diagnostic::did_you_mean;
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

    fn negate(&mut self, span: Span, operand: Id) -> Option<Typed> {
        let operand = self.check(operand)?;
        match operand.r#type.plain().clone() {
            r#type @ (Type::Int | Type::Float) => {
                let operation = match &operand.node.operation {
                    Operation::Constant(Datum::Float(value)) => Operation::Constant(Datum::Float(-value)),
                    _ => Operation::Negate(Box::new(operand.node)),
                };
                Some(Typed { node: Node::new(span, operation), r#type })
            }
            _ => {
                let message = format!("`-` takes a number, this is {}", operand.r#type);
                self.error(operand.node.span, message, None)
            }
        }
    }

    /// A chain of one operator, walked in a loop: it may be long.
    fn logic(&mut self, span: Span, operator: Operator, id: Id) -> Option<Typed> {
        let tree = self.tree;
        let mut parts = Vec::new();
        let mut at = id;
        while let Shape::Binary { operator: same, left, right, .. } = &tree.node(at).shape
            && *same == operator
        {
            parts.push(*right);
            at = *left;
        }
        parts.push(at);
        let count = parts.len();
        let what = format_args!("an operand of `{}`", operator.symbol()).to_string();
        let nodes: Vec<Node> = parts.into_iter().rev().filter_map(|part| self.condition(part, &what)).collect();
        if nodes.len() < count {
            return None;
        }
        let nodes = nodes.into_boxed_slice();
        test(span, if operator == Operator::And { Test::And(nodes) } else { Test::Or(nodes) })
    }

    /// Both operands, so that errors in both are reported.
    fn both(&mut self, left: Id, right: Id) -> Option<(Typed, Typed)> {
        let (left, right) = (self.check(left), self.check(right));
        Some((left?, right?))
    }

    fn equality(&mut self, span: Span, operator: Operator, left: Id, right: Id) -> Option<Typed> {
        let (left, right) = self.both(left, right)?;
        for (side, other) in [(&left, &right), (&right, &left)] {
            if matches!(other.node.operation, Operation::Constant(Datum::Null))
                && !matches!(side.r#type, Type::Null | Type::Optional(_))
            {
                let message = format!("this is never null: it is {}", side.r#type);
                let help = "what is not known is unknown, not null; ask with `known(…)`";
                return self.error(side.node.span, message, Some(help.to_owned()));
            }
        }
        if !comparable(&left.r#type, &right.r#type) {
            let message = format!("{} and {} are never equal", left.r#type, right.r#type);
            let help = self.compare_help(&left.r#type, &right.r#type);
            return self.error(span, message, help);
        }
        let operands = Box::new([left.node, right.node]);
        test(span, if operator == Operator::Equal { Test::Equal(operands) } else { Test::NotEqual(operands) })
    }

    fn compare_help(&self, left: &Type, right: &Type) -> Option<String> {
        match (left.plain(), right.plain()) {
            (Type::Map(_), _) | (_, Type::Map(_)) => Some("compare an entry: `map[\"key\"]`".to_owned()),
            (Type::Object(name), Type::Text) | (Type::Text, Type::Object(name)) => {
                let subject = self.environment.subjects.iter().find(|subject| subject.name == *name)?;
                let field = subject.fields.iter().find(|field| *field.r#type.plain() == Type::Text)?;
                Some(format!("a {name} is an object; compare one of its fields, such as `.{}`", field.name))
            }
            (Type::List(_), _) | (_, Type::List(_)) => Some("to look into a list, write `… in list`".to_owned()),
            (Type::Text, Type::Int | Type::Float) | (Type::Int | Type::Float, Type::Text) => {
                Some("convert one of them: `int(…)`, `double(…)` or `string(…)`".to_owned())
            }
            _ => None,
        }
    }

    fn order(&mut self, span: Span, order: Order, operator_span: Span, left: Id, right: Id) -> Option<Typed> {
        let (left, right) = self.both(left, right)?;
        match (left.r#type.plain(), right.r#type.plain()) {
            (Type::Int, Type::Int) => test(span, Test::Compare(order, Box::new([left.node, right.node]))),
            (Type::Int | Type::Float, Type::Int | Type::Float) | (Type::Text, Type::Text) => {
                test(span, Test::Order(order, Box::new([left.node, right.node])))
            }
            (a, b) => {
                let message = format!("{} and {} have no order", left.r#type, right.r#type);
                let help = match (a, b) {
                    (Type::Bool, _) => Some("comparisons don't chain: write `a < b && b < c`".to_owned()),
                    (Type::List(_), Type::Int | Type::Float) | (Type::Int | Type::Float, Type::List(_)) => {
                        Some("compare its size: `size(…)`".to_owned())
                    }
                    _ => self.compare_help(a, b),
                };
                self.error(if help.is_some() { span } else { operator_span }, message, help)
            }
        }
    }

    fn membership(&mut self, span: Span, item: Id, list: Id) -> Option<Typed> {
        let (item, list) = self.both(item, list)?;
        let help = match list.r#type.plain() {
            Type::List(of) if comparable(&item.r#type, of) => {
                return test(span, Test::In(Box::new([item.node, list.node])));
            }
            Type::Map(_) if *item.r#type.plain() == Type::Text => {
                return test(span, Test::In(Box::new([item.node, list.node])));
            }
            Type::List(of) => {
                let message = format!("{} is never in {}", item.r#type, list.r#type);
                let help = self.compare_help(&item.r#type, of);
                return self.error(span, message, help);
            }
            Type::Text => Some("to look into a text, write `text.contains(part)`".to_owned()),
            _ => None,
        };
        self.error(list.node.span, format!("`in` looks into a list or map, this is {}", list.r#type), help)
    }

    fn arithmetic(&mut self, span: Span, operation: Arithmetic, operator: Operator, left: Id, right: Id) -> Option<Typed> {
        let (left, right) = self.both(left, right)?;
        let operands = |left: Typed, right: Typed| Box::new([left.node, right.node]);
        let (operation, r#type) = match (left.r#type.plain(), right.r#type.plain()) {
            (Type::Int, Type::Int) => (Operation::Arithmetic(operation, operands(left, right)), Type::Int),
            (Type::Float, Type::Float) if operator != Operator::Remainder => {
                (Operation::Arithmetic(operation, operands(left, right)), Type::Float)
            }
            (Type::Text, Type::Text) if operator == Operator::Add => (Operation::Concatenate(operands(left, right)), Type::Text),
            (Type::List(a), Type::List(b)) if operator == Operator::Add && common(a, b).is_some() => {
                let r#type = Type::list(common(a, b).unwrap_or(Type::Null));
                (Operation::Concatenate(operands(left, right)), r#type)
            }
            (a, b) => {
                let message = format!("`{}` does not take {} and {}", operator.symbol(), left.r#type, right.r#type);
                let help = match (operator, a, b) {
                    (Operator::Add, Type::Text, _) | (Operator::Add, _, Type::Text) => {
                        Some("convert the other operand: `string(…)`".to_owned())
                    }
                    (Operator::Remainder, Type::Float, _) | (Operator::Remainder, _, Type::Float) => {
                        Some("convert it: `int(…)`".to_owned())
                    }
                    _ => mixed_numbers(a, b),
                };
                return self.error(span, message, help);
            }
        };
        Some(Typed { node: Node::new(span, operation), r#type })
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

fn mixed_numbers(left: &Type, right: &Type) -> Option<String> {
    match (left.plain(), right.plain()) {
        (Type::Int, Type::Float) | (Type::Float, Type::Int) => {
            Some("make the whole number a float: `double(…)`, or `2.0` for `2`".to_owned())
        }
        _ => None,
    }
}

/// Whether two values of these types can be equal.
fn comparable(left: &Type, right: &Type) -> bool {
    match (left.plain(), right.plain()) {
        (Type::Null, _) | (_, Type::Null) => true,
        (Type::Map(_), _) => false,
        (Type::Int | Type::Float, Type::Int | Type::Float) => true,
        (Type::List(left), Type::List(right)) => comparable(left, right),
        (left, right) => left == right,
    }
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
