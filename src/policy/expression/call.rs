//! Checking of what has a name behind a value or arguments in brackets: fields, parameters, functions, methods, macros, definitions.

use std::sync::Arc;

use super::Expression;
use super::check::{Checker, Typed, test};
use super::functions::{self, Form, Function};
use super::node::{Each, Invocation, Node, Operation, Test};
use super::parse::{Id, Shape};
use super::pattern::Pattern;
use crate::diagnostic::{did_you_mean, nearest};
use crate::model::datum::{Datum, Type};
use crate::model::subject::Subject;
use crate::source::Span;

/// What other languages call our functions.
const ALSO_CALLED: &[(&str, &str)] = &[
    ("has", "ask with `known(…)`, or compare with null"),
    ("len", "write `size(…)`"),
    ("length", "write `size(…)`"),
    ("count", "write `size(…)`, of a part `size(list.filter(item, …))`"),
    ("any", "write `list.exists(item, …)`"),
    ("some", "write `list.exists(item, …)`"),
    ("every", "write `list.all(item, …)`"),
    ("lower", "write `text.lowerAscii()`"),
    ("lowercase", "write `text.lowerAscii()`"),
    ("str", "write `string(…)`"),
    ("float", "write `double(…)`"),
    ("unique", "write `distinct(…)`"),
    ("sort", "write `sorted(…)`"),
    ("includes", "write `item in list`"),
];

impl<'c> Checker<'c> {
    fn subject(&self, name: &str) -> Option<&'c Subject> {
        self.environment.subjects.iter().find(|subject| subject.name == name)
    }

    /// `object.name`, or `params.name`.
    pub(super) fn member(&mut self, span: Span, object: Id, name: &'c str, name_span: Span) -> Option<Typed> {
        if let Shape::Name("params") = self.tree.node(object).shape {
            return self.parameter(span, name, name_span);
        }
        let object = self.check(object)?;
        let subject = match object.r#type.plain() {
            Type::Object(subject) => *subject,
            other => {
                let help = match other {
                    Type::Map(_) => Some(format!("look it up: `[\"{name}\"]`")),
                    Type::List(item) if matches!(item.plain(), Type::Object(_)) => {
                        Some(format!("ask its items: `.map(item, item.{name})`"))
                    }
                    _ if functions::find(name).is_some() => Some(format!("`{name}` is called: `{name}(…)`")),
                    _ => None,
                };
                return self.error(name_span, format!("{} has no fields", object.r#type), help);
            }
        };
        if let Some(field) = self.field(span, object.node, subject, name) {
            return Some(field);
        }
        let help = did_you_mean(name, self.field_names(subject));
        self.error(name_span, format!("{subject} has no field `{name}`"), help)
    }

    pub(super) fn field_names(&self, subject: &str) -> Vec<&'c str> {
        let own = self.subject(subject).map(|subject| &subject.fields[..]).unwrap_or_default();
        let added = self.environment.fields.iter().filter(|field| field.subject == subject);
        own.iter().map(|field| field.name).chain(added.map(|field| &*field.name)).collect()
    }

    /// A field that the policy states, or else one of the model.
    pub(super) fn field(&mut self, span: Span, object: Node, subject: &str, name: &str) -> Option<Typed> {
        let environment = self.environment;
        if let Some(field) = environment.fields.iter().find(|field| field.subject == subject && *field.name == *name) {
            let slot = self.reserve(1);
            let typed = self.invoke(span, &field.name, &field.body, Box::new([object]), slot);
            self.top = slot;
            return Some(typed);
        }
        let field = self.subject(subject).and_then(|subject| subject.field(name))?;
        let operation = Operation::Field { object: Box::new(object), read: field.read };
        Some(Typed { node: Node::new(span, operation), r#type: field.r#type.clone() })
    }

    fn parameter(&mut self, span: Span, name: &str, name_span: Span) -> Option<Typed> {
        let parameters = &self.environment.parameters;
        match parameters.iter().position(|(parameter, _)| **parameter == *name) {
            Some(slot) => {
                let node = Node::new(span, Operation::Parameter(slot as u32));
                Some(Typed { node, r#type: parameters[slot].1.clone() })
            }
            None => {
                let help = did_you_mean(name, parameters.iter().map(|(name, _)| &**name));
                self.error(name_span, format!("unknown parameter `{name}`"), help)
            }
        }
    }

    pub(super) fn index(&mut self, span: Span, object: Id, index: Id) -> Option<Typed> {
        let (object, index) = (self.check(object), self.check(index));
        let (object, index) = (object?, index?);
        let (r#type, wanted) = match object.r#type.plain() {
            Type::List(item) => ((**item).clone(), Type::Int),
            Type::Map(value) => ((**value).clone(), Type::Text),
            _ => return self.error(span, format!("{} has no items", object.r#type), None),
        };
        let is_list = wanted == Type::Int;
        let place = if is_list { "the index of a list" } else { "the key of a map" };
        let index = self.coerce(index, &wanted, place)?;
        let operands = Box::new([object.node, index.node]);
        let operation = if is_list { Operation::ListIndex(operands) } else { Operation::MapIndex(operands) };
        Some(Typed { node: Node::new(span, operation), r#type })
    }

    /// `name(arguments)`.
    pub(super) fn call(&mut self, span: Span, name: &str, name_span: Span, arguments: &[Id]) -> Option<Typed> {
        let environment = self.environment;
        if let Some(definition) = environment.definitions.iter().find(|definition| *definition.name == *name) {
            if arguments.len() != definition.parameters.len() {
                let names: Vec<&str> = definition.parameters.iter().map(|(name, _)| &**name).collect();
                let help = Some(format!("it is `{name}({})`", names.join(", ")));
                self.check_all(arguments);
                return self.error(span, wrong_number(name, definition.parameters.len(), arguments.len()), help);
            }
            return self.definition(span, arguments, &definition.name, &definition.parameters, &definition.body);
        }
        match functions::find(name) {
            Some(function) if function.is_function() => self.function(span, function, None, arguments),
            Some(function) => {
                self.check_all(if function.form == Form::Macro { &[] } else { arguments });
                self.error(
                    name_span,
                    format!("`{name}` stands behind a value"),
                    Some(format!("it is `{}`", function.signature())),
                )
            }
            None => {
                self.check_all(arguments);
                let functions = functions::functions().iter().filter(|function| function.is_function());
                let definitions = environment.definitions.iter().map(|definition| &*definition.name);
                let names: Vec<&str> = functions.map(|function| function.name).chain(definitions).collect();
                self.error(name_span, format!("unknown function `{name}`"), renamed(name).or_else(|| closest(name, &names)))
            }
        }
    }

    /// `object.name(arguments)`.
    pub(super) fn method(&mut self, span: Span, object: Id, name: &'c str, name_span: Span, arguments: &[Id]) -> Option<Typed> {
        match functions::find(name) {
            Some(function) if function.form == Form::Macro => self.each(span, function, object, arguments),
            Some(function) if function.is_method() => self.function(span, function, Some(object), arguments),
            found => {
                self.check(object);
                // What looks like a macro has a name there that nobody knows.
                if !arguments.first().is_some_and(|&first| matches!(self.tree.node(first).shape, Shape::Name(_))) {
                    self.check_all(arguments);
                }
                let help = match found {
                    Some(function) => Some(format!("it is a function: `{}`", function.signature())),
                    None => {
                        let methods = functions::functions().iter().filter(|function| function.is_method());
                        let names: Vec<&str> = methods.map(|function| function.name).collect();
                        renamed(name).or_else(|| closest(name, &names))
                    }
                };
                self.error(name_span, format!("unknown method `{name}`"), help)
            }
        }
    }

    fn check_all(&mut self, ids: &[Id]) {
        for &id in ids {
            self.check(id);
        }
    }

    fn function(&mut self, span: Span, function: &'static Function, object: Option<Id>, rest: &[Id]) -> Option<Typed> {
        let mut nodes = Vec::with_capacity(3);
        let mut first = Type::Null;
        let mut sound = true;
        let ids = object.iter().chain(rest);
        let count = ids.clone().count();
        for (place, &id) in ids.enumerate() {
            let Some(argument) = self.check(id) else {
                sound = false;
                continue;
            };
            if let Some((name, pattern)) = function.parameters().get(place)
                && !pattern.accepts(&argument.r#type)
            {
                sound = false;
                let message = format!("`{name}` of `{}` must be {pattern}, this is {}", function.name, argument.r#type);
                let help = Some(format!("it is `{}`", function.signature()));
                self.error::<()>(argument.node.span, message, help);
            }
            if place == 0 {
                first = argument.r#type;
            }
            nodes.push(argument.node);
        }
        let most = function.parameters().len();
        if !(function.required()..=most).contains(&count) {
            let behind = usize::from(object.is_some());
            let message = wrong_number(function.name, most - behind, count - behind);
            return self.error(span, message, Some(format!("it is `{}`", function.signature())));
        }
        if !sound {
            return None;
        }
        let r#type = function.returns(&first);
        match function.name {
            "known" => nodes.pop().and_then(|value| test(span, Test::Known(Box::new(value)))),
            "size" => nodes.pop().map(|value| Typed { node: Node::new(span, Operation::Size(Box::new(value))), r#type }),
            "matches" => self.matches(span, nodes),
            _ => Some(Typed { node: Node::new(span, Operation::Function(function, nodes.into())), r#type }),
        }
    }

    fn matches(&mut self, span: Span, mut nodes: Vec<Node>) -> Option<Typed> {
        let (pattern, text) = (nodes.pop()?, nodes.pop()?);
        let pattern = match &pattern.operation {
            Operation::Constant(Datum::Text(written)) => match Pattern::literal(written) {
                Ok(pattern) => pattern,
                Err(reason) => return self.error(pattern.span, format!("the regular expression does not work: {reason}"), None),
            },
            _ => Pattern::computed(pattern),
        };
        test(span, Test::Matches(Box::new(text), pattern))
    }

    /// `list.all(item, condition)` and its like.
    fn each(&mut self, span: Span, function: &'static Function, object: Id, arguments: &[Id]) -> Option<Typed> {
        let list = self.check(object);
        let &[name_id, body_id] = arguments else {
            return self.error(
                span,
                wrong_number(function.name, 2, arguments.len()),
                Some(format!("it is `{}`", function.signature())),
            );
        };
        let name = match self.tree.node(name_id).shape {
            Shape::Name("params") => {
                return self.error(self.span(name_id), "`params` is taken", Some("give the item another name".to_owned()));
            }
            Shape::Name(name) => name,
            _ => {
                let help = Some(format!("it is `{}`", function.signature()));
                return self.error(self.span(name_id), "a name for the item is needed here", help);
            }
        };
        let list = list?;
        let item = match list.r#type.plain() {
            Type::List(item) => (**item).clone(),
            _ => return self.error(list.node.span, format!("`{}` needs a list, this is {}", function.name, list.r#type), None),
        };
        let slot = self.reserve(1);
        self.locals.push((name, item, slot));
        let what = "the condition";
        let body = match function.name {
            "map" => self.check(body_id),
            _ => self.condition(body_id, what).map(|node| Typed { node, r#type: Type::Bool }),
        };
        self.locals.pop();
        self.top = slot;
        let body = body?;
        let body_type = body.r#type;
        let each = Box::new(Each { list: list.node, body: body.node, slot });
        match function.name {
            "all" => test(span, Test::All(each)),
            "exists" => test(span, Test::Any(each)),
            "exists_one" => test(span, Test::One(each)),
            "filter" => Some(Typed { node: Node::new(span, Operation::Filter(each)), r#type: list.r#type.plain().clone() }),
            _ => Some(Typed { node: Node::new(span, Operation::Map(each)), r#type: Type::list(body_type) }),
        }
    }

    fn definition(
        &mut self,
        span: Span,
        arguments: &[Id],
        name: &Arc<str>,
        parameters: &[(Arc<str>, Type)],
        body: &Arc<Expression>,
    ) -> Option<Typed> {
        let slot = self.top;
        let mut nodes = Vec::with_capacity(arguments.len());
        for (&id, (parameter, r#type)) in arguments.iter().zip(parameters) {
            let place = || format!("`{parameter}` of `{name}`");
            if let Some(argument) = self.check(id)
                && let Some(argument) = match argument.r#type == *r#type {
                    true => Some(argument),
                    false => self.coerce(argument, r#type, &place()),
                }
            {
                nodes.push(argument.node);
            }
            // What follows must not use the place where this argument's value is kept.
            self.reserve(1);
        }
        let typed = (nodes.len() == arguments.len()).then(|| self.invoke(span, name, body, nodes.into(), slot));
        self.top = slot;
        typed
    }

    /// A call of a body whose arguments begin at `slot`.
    fn invoke(&mut self, span: Span, name: &Arc<str>, body: &Arc<Expression>, arguments: Box<[Node]>, slot: u32) -> Typed {
        self.stack = self.stack.max(slot + arguments.len() as u32 + body.program.stack);
        self.height = self.height.max(body.program.height + 1);
        self.weight = self.weight.saturating_add(body.program.weight);
        let invocation = Invocation { name: Arc::clone(name), body: Arc::clone(body), arguments, slot };
        Typed { node: Node::new(span, Operation::Definition(Box::new(invocation))), r#type: body.r#type.clone() }
    }

    /// Room for values on the stack; where it begins.
    fn reserve(&mut self, values: u32) -> u32 {
        let slot = self.top;
        self.top += values;
        self.stack = self.stack.max(self.top);
        slot
    }
}

fn wrong_number(name: &str, wanted: usize, found: usize) -> String {
    let arguments = if wanted == 1 { "argument" } else { "arguments" };
    format!("`{name}` takes {wanted} {arguments}, found {found}")
}

fn renamed(name: &str) -> Option<String> {
    let (_, help) = ALSO_CALLED.iter().find(|(also, _)| also.eq_ignore_ascii_case(name))?;
    Some((*help).to_owned())
}

/// Only a near name: the list of all is for the reference.
fn closest(name: &str, names: &[&str]) -> Option<String> {
    nearest(name, names.iter().copied()).map(|near| format!("did you mean `{near}`?"))
}
