//! Rules: from the mapping that a user writes to typed expressions, ready to evaluate.
//!
//! A checked document comes in (see [`form`]), a [`Rule`] comes out; what is wrong is reported with its place in the YAML, errors inside
//! an expression under its very words. Documentation and examples are read by [`pages`], when somebody asks for them.

pub mod form;
pub mod pages;
pub mod parameter;

use std::sync::Arc;

use super::decode::{Problems, place_of, texts};
use super::expression::{AddedField, Definition, Environment, Expression, Template, compile, compile_template};
use super::{Case, Help, LabelExpression, MeasureExpression, Need, Rule, RuleSource};
use crate::diagnostic::{Level, did_you_mean};
use crate::document::{Node, Shape};
use crate::model::datum::Type;
use crate::model::subject::Subject;

/// The category of a rule that names none: those of users.
pub const OWN: &str = "own";

/// What the expressions of all rules may use.
#[derive(Clone, Copy)]
pub struct Names<'n> {
    pub subjects: &'n [Subject],
    pub definitions: &'n [Definition],
    pub fields: &'n [AddedField],
}

/// Compiles one rule. None when something is wrong with it, which is reported.
pub fn read(node: Node, source: RuleSource, names: Names, problems: &mut Problems) -> Option<Rule> {
    let text = |key: &str| node.get(key).and_then(Node::text);
    let parameters = node.get("params").into_iter().flat_map(Node::entries);
    let parameters =
        parameters.map(|(key, value)| parameter::declare(key.scalar()?, value, problems)).collect::<Option<Vec<_>>>();
    let subject = subject(node.get("subject")?, names.subjects, problems);
    // Expressions are checked with all names or not at all: an unknown subject would make every one of them an error.
    let (Some(subject), Some(parameters)) = (subject, parameters) else { return None };
    let kind = &names.subjects[subject];
    let environment = Environment {
        subjects: names.subjects,
        variables: vec![(kind.name.into(), Type::Object(kind.name))],
        parameters: parameters.iter().map(|parameter| (Arc::clone(&parameter.name), parameter.r#type.clone())).collect(),
        definitions: names.definitions,
        fields: names.fields,
    };
    let mut reader = Reader { environment, subject: kind.name, problems, sound: true };
    let filter = node.get("where").and_then(|filter| reader.expression(filter, Expected::Condition));
    let cases = node.get("cases").into_iter().flat_map(Node::items).filter_map(|case| reader.case(case)).collect();
    let message = node.get("message").and_then(|message| reader.template(message));
    let help = reader.help(node.get("help"));
    let measures = node.get("measures").into_iter().flat_map(Node::items).filter_map(|measure| reader.measure(measure)).collect();
    let identity = reader.each(node.get("identity"), Expected::Name);
    let at = reader.each(node.get("at"), Expected::Place);
    let labels = node.get("labels").into_iter().flat_map(Node::items).filter_map(|label| reader.label(label)).collect();
    if !reader.sound {
        return None;
    }
    Some(Rule {
        id: text("id")?.into(),
        category: text("category").unwrap_or(OWN).into(),
        summary: text("summary")?.to_owned(),
        needs: texts(node.get("needs")).into_iter().filter_map(|(need, _)| self::need(need)).collect(),
        subject,
        filter,
        cases,
        message: message?,
        help,
        measures,
        identity,
        at,
        labels,
        flow: node.get("flow").and_then(Node::bool).unwrap_or(false),
        yields_to: texts(node.get("yields_to")).into_iter().map(|(id, _)| id.into()).collect(),
        cap: None,
        parameters,
        origin: None,
        named: false,
        source,
    })
}

fn subject(node: Node, subjects: &[Subject], problems: &mut Problems) -> Option<usize> {
    let written = node.text()?;
    let found = subjects.iter().position(|subject| subject.name == written);
    if found.is_none() {
        let help = did_you_mean(written, subjects.iter().map(|subject| subject.name));
        problems.error(node.location(), format!("unknown subject `{}`", written.escape_debug()), help);
    }
    found
}

fn need(name: &str) -> Option<Need> {
    match name {
        "base" => Some(Need::Base),
        "history" => Some(Need::History),
        "index" => Some(Need::Index),
        "complete" => Some(Need::Complete),
        _ => None,
    }
}

/// What the place of an expression needs.
#[derive(Clone, Copy)]
enum Expected {
    Condition,
    Number,
    /// A place or a list of places.
    Place,
    /// Something that stays the same tomorrow.
    Name,
    /// A subject.
    Object,
    List,
}

impl Expected {
    fn accepts(self, of: &Type) -> bool {
        let of = match of {
            Type::Optional(of) => of,
            of => of,
        };
        match self {
            // The compiler has held it to the one type.
            Expected::Condition => true,
            Expected::Number => matches!(of, Type::Int | Type::Float),
            Expected::Place => match of {
                Type::List(of) => **of == Type::Place,
                of => *of == Type::Place,
            },
            Expected::Name => match of {
                Type::List(of) => **of != Type::Place,
                of => *of != Type::Place,
            },
            Expected::Object => matches!(of, Type::Object(_)),
            Expected::List => matches!(of, Type::List(_)),
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Expected::Condition => "bool",
            Expected::Number => "a number",
            Expected::Place => "a place or a list of places",
            Expected::Name => "a name, which is the same when lines move",
            Expected::Object => "a subject",
            Expected::List => "a list",
        }
    }
}

/// Reads the parts of one rule.
struct Reader<'r> {
    environment: Environment<'r>,
    subject: &'static str,
    problems: &'r mut Problems,
    sound: bool,
}

impl Reader<'_> {
    fn expression(&mut self, node: Node, expected: Expected) -> Option<Expression> {
        let text = node.scalar()?;
        let needed = matches!(expected, Expected::Condition).then_some(&Type::Bool);
        match compile(text, &self.environment, needed) {
            Ok(expression) if expected.accepts(&expression.r#type) => return Some(expression),
            Ok(expression) => {
                let message = format!("expected {}, found {}", expected.noun(), expression.r#type);
                self.problems.error(node.location(), message, None);
            }
            Err(errors) => self.problems.expression(node, errors),
        }
        self.sound = false;
        None
    }

    fn template(&mut self, node: Node) -> Option<Template> {
        match compile_template(node.text()?, &self.environment) {
            Ok(template) => Some(template),
            Err(errors) => {
                self.problems.expression(node, errors);
                self.sound = false;
                None
            }
        }
    }

    /// The expressions of a value that is one or a list of them.
    fn each(&mut self, node: Option<Node>, expected: Expected) -> Vec<Expression> {
        let Some(node) = node else { return Vec::new() };
        match node.shape() {
            Shape::Sequence => node.items().filter_map(|item| self.expression(item, expected)).collect(),
            _ => self.expression(node, expected).into_iter().collect(),
        }
    }

    fn case(&mut self, node: Node) -> Option<Case> {
        let when = match node.get("when") {
            Some(when) => self.expression(when, Expected::Condition),
            None => compile("true", &self.environment, Some(&Type::Bool)).ok(),
        };
        let subject = node.get("subject").and_then(|subject| self.expression(subject, Expected::Object));
        let message = node.get("message").and_then(|message| self.template(message));
        let help = self.help(node.get("help"));
        let level = node.get("level").and_then(Node::text).and_then(Level::from_name)?;
        Some(Case { level, when: when?, subject, message, help })
    }

    fn help(&mut self, node: Option<Node>) -> Vec<Help> {
        let Some(node) = node else { return Vec::new() };
        match node.shape() {
            Shape::Sequence => node.items().filter_map(|part| self.help_part(part)).collect(),
            _ => self.help_part(node).into_iter().collect(),
        }
    }

    fn help_part(&mut self, node: Node) -> Option<Help> {
        if node.shape() == Shape::Text {
            return self.template(node).map(|text| Help { when: None, text });
        }
        let when = node.get("when").and_then(|when| self.expression(when, Expected::Condition));
        let text = node.get("text").and_then(|text| self.template(text))?;
        Some(Help { when, text })
    }

    fn measure(&mut self, node: Node) -> Option<MeasureExpression> {
        let value = node.get("value").and_then(|value| self.expression(value, Expected::Number));
        let limit = node.get("limit").and_then(|limit| self.expression(limit, Expected::Number));
        Some(MeasureExpression { name: node.get("name").and_then(Node::text)?.into(), value: value?, limit })
    }

    fn label(&mut self, node: Node) -> Option<LabelExpression> {
        let each = match node.get("each") {
            Some(list) => Some(self.bind(node, list)?),
            None => None,
        };
        let when = node.get("when").and_then(|when| self.expression(when, Expected::Condition));
        let at = node.get("at").and_then(|at| self.expression(at, Expected::Place));
        let text = node.get("text").and_then(|text| self.template(text));
        self.environment.variables.truncate(1);
        Some(LabelExpression { each, when, at: at?, text: text? })
    }

    /// The list that a label walks, and the slot of its items, whose name is from here on a variable.
    fn bind(&mut self, label: Node, list: Node) -> Option<(Expression, usize)> {
        let walked = self.expression(list, Expected::List)?;
        let item = match &walked.r#type {
            Type::List(of) => (**of).clone(),
            Type::Optional(of) => match &**of {
                Type::List(of) => (**of).clone(),
                _ => return None,
            },
            _ => return None,
        };
        let Some((name, node)) = label.get("as").and_then(|name| Some((name.text()?, name))) else {
            let help = "name one item of the list, as in `as: item`, for the label's other keys to use".to_owned();
            self.problems.error(place_of(list), "a label with `each` needs `as`", Some(help));
            self.sound = false;
            return None;
        };
        if name == self.subject {
            self.problems.error(node.location(), format!("`{name}` is the rule's subject"), Some("choose another name".into()));
            self.sound = false;
            return None;
        }
        let slot = self.environment.variables.len();
        self.environment.variables.push((name.into(), item));
        Some((walked, slot))
    }
}
