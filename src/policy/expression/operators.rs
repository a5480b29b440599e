//! Checking of operators: which types they take, and what to write where they don't.

use super::check::{Checker, Typed, common, test};
use super::node::{Arithmetic, Node, Operation, Order, Test};
use super::parse::{Id, Operator, Shape};
use crate::model::datum::{Datum, Type};
use crate::source::Span;

impl Checker<'_> {
    pub(super) fn negate(&mut self, span: Span, operand: Id) -> Option<Typed> {
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
    pub(super) fn logic(&mut self, span: Span, operator: Operator, id: Id) -> Option<Typed> {
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
    pub(super) fn both(&mut self, left: Id, right: Id) -> Option<(Typed, Typed)> {
        let (left, right) = (self.check(left), self.check(right));
        Some((left?, right?))
    }

    pub(super) fn equality(&mut self, span: Span, operator: Operator, left: Id, right: Id) -> Option<Typed> {
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

    pub(super) fn order(&mut self, span: Span, order: Order, operator_span: Span, left: Id, right: Id) -> Option<Typed> {
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

    pub(super) fn membership(&mut self, span: Span, item: Id, list: Id) -> Option<Typed> {
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

    pub(super) fn arithmetic(
        &mut self,
        span: Span,
        operation: Arithmetic,
        operator: Operator,
        left: Id,
        right: Id,
    ) -> Option<Typed> {
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
}

pub(super) fn mixed_numbers(left: &Type, right: &Type) -> Option<String> {
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
