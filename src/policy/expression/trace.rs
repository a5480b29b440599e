//! Why an expression has the value it has: an expression and a scope in, the sub-values that decided out, outermost first.
//!
//! It evaluates again what evaluation evaluated, along the path that decided: of an `&&` that is false the operand that is false, of an
//! `exists` that is true the item that was found. What was not needed for the answer is listed as not evaluated.

use std::sync::Arc;

use super::evaluate::{Frame, Fuel};
use super::node::{Each, Node, Operation, Test};
use super::truth::Truth;
use super::{Expression, Scope};
use crate::model::datum::Datum;
use crate::source::Span;

/// A part of an expression and what it came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// How far inside: 0 for the whole expression.
    pub depth: u32,
    /// The part's place in the expression; that of the call for what happens inside a definition.
    pub span: Span,
    /// The part as it is written.
    pub text: String,
    /// As a message shows it; empty for what was not evaluated.
    pub value: String,
    pub note: Option<String>,
}

/// More steps are not told.
const MAX_STEPS: usize = 200;

impl Expression {
    /// The steps that decided, outermost first.
    pub fn trace(&self, scope: &mut Scope) -> Vec<Step> {
        let mut steps = Vec::new();
        Frame::over(&self.program, scope, |root, frame| {
            Tracer { text: &self.text, call: None, depth: 0, steps: &mut steps }.node(root, None, frame);
        });
        steps
    }
}

struct Tracer<'t> {
    /// The text that spans count in.
    text: &'t Arc<str>,
    /// The call that led into a definition.
    call: Option<Span>,
    depth: u32,
    steps: &'t mut Vec<Step>,
}

impl Tracer<'_> {
    fn step(&mut self, node: &Node, value: String, note: Option<String>) {
        if self.steps.len() < MAX_STEPS {
            let text = self.text.get(node.span.range()).unwrap_or_default().to_owned();
            self.steps.push(Step { depth: self.depth, span: self.call.unwrap_or(node.span), text, value, note });
        }
    }

    /// A part, then its own parts.
    fn node<'f>(&mut self, node: &'f Node, note: Option<String>, frame: &mut Frame<'f>) {
        if self.steps.len() >= MAX_STEPS {
            return;
        }
        if let Operation::NotNull(inside) = &node.operation {
            return self.node(inside, note, frame);
        }
        // What was spent on telling other parts must not make this one unknown.
        frame.fuel = Fuel::full();
        let value = node.evaluate(frame);
        self.step(node, frame.render(&value), note);
        self.depth += 1;
        match &node.operation {
            Operation::Test(test) => self.test(test, Truth::of(&value), frame),
            Operation::Conditional(parts) => {
                let condition = parts[0].truth(frame);
                self.node(&parts[0], None, frame);
                for (branch, taken) in [(&parts[1], Truth::True), (&parts[2], Truth::False)] {
                    if condition == taken { self.part(branch, frame) } else { self.skipped(branch) }
                }
            }
            Operation::Definition(invocation) => {
                for argument in &invocation.arguments {
                    self.part(argument, frame);
                }
                invocation.enter(frame, |body, frame| {
                    let note = Some(format!("in `{}`", invocation.name));
                    let call = Some(self.call.unwrap_or(node.span));
                    let text = &invocation.body.text;
                    Tracer { text, call, depth: self.depth, steps: self.steps }.node(body, note, frame);
                });
            }
            operation => {
                for part in parts(operation) {
                    self.part(part, frame);
                }
            }
        }
        self.depth -= 1;
    }

    /// A part that is worth telling: a literal says itself.
    fn part<'f>(&mut self, node: &'f Node, frame: &mut Frame<'f>) {
        if !matches!(node.operation, Operation::Constant(_)) && self.steps.len() < MAX_STEPS {
            self.node(node, None, frame);
        }
    }

    fn skipped(&mut self, node: &Node) {
        self.step(node, String::new(), Some("not evaluated".to_owned()));
    }

    fn test<'f>(&mut self, test: &'f Test, answer: Truth, frame: &mut Frame<'f>) {
        match test {
            Test::And(parts) => self.chain(parts, Truth::False, answer, frame),
            Test::Or(parts) => self.chain(parts, Truth::True, answer, frame),
            Test::Not(part) | Test::Known(part) | Test::Matches(part, _) => self.part(part, frame),
            Test::Equal(operands) | Test::NotEqual(operands) | Test::In(operands) => self.operands(operands, frame),
            Test::Compare(_, operands) | Test::Order(_, operands) => self.operands(operands, frame),
            Test::Any(each) => self.each(each, Truth::True, frame),
            Test::All(each) => self.each(each, Truth::False, frame),
            Test::One(each) => self.part(&each.list, frame),
        }
    }

    fn operands<'f>(&mut self, operands: &'f [Node; 2], frame: &mut Frame<'f>) {
        for operand in operands {
            self.part(operand, frame);
        }
    }

    /// The operands of `&&` or `||`: those that made the answer what it is in full, the others with their value.
    fn chain<'f>(&mut self, parts: &'f [Node], decisive: Truth, answer: Truth, frame: &mut Frame<'f>) {
        let mut decided = false;
        for part in parts {
            if decided {
                self.skipped(part);
                continue;
            }
            let truth = part.truth(frame);
            if truth == answer {
                self.node(part, None, frame);
            } else {
                let value = part.evaluate(frame);
                self.step(part, frame.render(&value), None);
            }
            decided = truth == decisive;
        }
    }

    /// The list, and the condition for the item that decided.
    fn each<'f>(&mut self, each: &'f Each, decisive: Truth, frame: &mut Frame<'f>) {
        self.part(&each.list, frame);
        let (_, Some(place)) = each.until(decisive, frame) else { return };
        let Datum::List { items, .. } = each.list.evaluate(frame) else { return };
        let Some(item) = items.get(place) else { return };
        frame.bind(each.slot, item.clone());
        let note = format!("for `{}`", frame.render(item));
        self.node(&each.body, Some(note), frame);
    }
}

/// What an operation computes with.
fn parts(operation: &Operation) -> &[Node] {
    match operation {
        Operation::Field { object, .. } => match object.operation {
            // `service` is what the rule is about; telling it again for every field says nothing.
            Operation::Variable(_) | Operation::Local(_) => &[],
            _ => std::slice::from_ref(object),
        },
        Operation::ListIndex(operands) | Operation::MapIndex(operands) => &**operands,
        Operation::Arithmetic(_, operands) | Operation::Concatenate(operands) => &**operands,
        Operation::List(items) | Operation::Function(_, items) => items,
        Operation::Negate(part) | Operation::NotNull(part) | Operation::Size(part) => std::slice::from_ref(part),
        Operation::Filter(each) | Operation::Map(each) => std::slice::from_ref(&each.list),
        Operation::Constant(_) | Operation::Variable(_) | Operation::Local(_) | Operation::Parameter(_) => &[],
        Operation::Conditional(_) | Operation::Definition(_) | Operation::Test(_) => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::super::compile;
    use super::super::tests::sample::{World, parameters};

    /// The steps over a row, one a line, indented by depth.
    fn trace(row: u32, expression: &str) -> String {
        let world = World::new();
        let compiled = compile(expression, &world.environment(), None).expect("the expression is sound");
        let parameters = parameters();
        let steps = compiled.trace(&mut world.scope(row, &parameters));
        let lines = steps.iter().map(|step| {
            let note = step.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
            format!("{}{}: {}{note}", "  ".repeat(step.depth as usize), step.text, step.value)
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_decided_is_told_and_what_was_not_needed_is_marked() {
        assert_eq!(
            trace(0, "service.public && size(service.operations) > params.max_lines && known(service.kind)"),
            "service.public && size(service.operations) > params.max_lines && known(service.kind): false
  service.public: true
  size(service.operations) > params.max_lines: false
    size(service.operations): 2
      service.operations: GET /orders, GET /orders/{id}
    params.max_lines: 100
  known(service.kind):  (not evaluated)"
        );
    }

    #[test]
    fn the_item_that_was_found_is_told() {
        assert_eq!(
            trace(0, "service.operations.exists(o, o.path.endsWith('}'))"),
            "service.operations.exists(o, o.path.endsWith('}')): true
  service.operations: GET /orders, GET /orders/{id}
  o.path.endsWith('}'): true (for `GET /orders/{id}`)
    o.path: /orders/{id}"
        );
    }

    #[test]
    fn definitions_are_told_in_their_own_words() {
        assert_eq!(
            trace(1, "small(service, 5) || busy(other)"),
            "small(service, 5) || busy(other): ?
  small(service, 5): false
  busy(other): ?
    other: ghost
    service.operations.exists(o, o.calls > 3) && !small(service, 10): ? (in `busy`)
      service.operations.exists(o, o.calls > 3): ?
        service.operations: ?
      !small(service, 10): ?
        small(service, 10): ?
          service: ghost
          service.code_lines <= most: ? (in `small`)
            service.code_lines: ?
            most: 10"
        );
    }

    #[test]
    fn only_the_branch_that_was_taken_is_evaluated() {
        assert_eq!(
            trace(0, "service.public ? code_lines : 1 / 0"),
            "service.public ? code_lines : 1 / 0: 84
  service.public: true
  code_lines: 84
  1 / 0:  (not evaluated)"
        );
    }
}
