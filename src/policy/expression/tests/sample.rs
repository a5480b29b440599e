//! A tiny world for tests: services with operations, and a scope that knows some of it.

use std::sync::Arc;

use super::super::{AddedField, Definition, Environment, Expression, ExpressionError, Scope, compile, compile_template};
use crate::model::datum::{Datum, Type};
use crate::model::subject::{Field, Subject};
use crate::model::{Evidence, File, Model};
use crate::source::Location;

pub(in super::super) fn text(text: &str) -> Datum {
    Datum::Text(Arc::from(text))
}

pub(in super::super) fn object(subject: &'static str, index: u32) -> Datum {
    Datum::Object { subject, index }
}

fn field(name: &'static str, r#type: Type, read: fn(&Model, u32) -> Datum) -> Field {
    Field { name, r#type, doc: "", read }
}

fn subject(name: &'static str, fields: Vec<Field>, key: fn(&Model, u32) -> String) -> Subject {
    Subject { name, doc: "", fields, count: |_| 3, key, place: |_, _| None, services: |_, _| Vec::new(), repository: |_, _| None }
}

/// Row 0 is known; row 1 is known to lack things, or known in part; of row 2 nothing is known.
fn row(row: u32, known: Datum, partly: Datum) -> Datum {
    match row {
        0 => known,
        1 => partly,
        _ => Datum::Unknown,
    }
}

pub(in super::super) fn subjects() -> Vec<Subject> {
    let names = ["orders", "billing", "ghost"];
    let service = subject(
        "service",
        vec![
            field("name", Type::Text, |_, row| text(["orders", "billing", "ghost"][row as usize])),
            field("code_lines", Type::Int, |_, at| row(at, Datum::int(84), Datum::count(500, false))),
            field("cohesion", Type::Float, |_, at| row(at, Datum::Float(0.25), Datum::Float(1.5))),
            field("public", Type::Bool, |_, at| row(at, Datum::Bool(true), Datum::Bool(false))),
            field("kind", Type::optional(Type::Text), |_, at| row(at, text("service"), Datum::Null)),
            field("lead", Type::optional(Type::Object("service")), |_, at| row(at, object("service", 1), Datum::Null)),
            field("operations", Type::list(Type::Object("operation")), |_, at| {
                let operations = [object("operation", 0), object("operation", 1)];
                row(at, Datum::list(operations.clone()), Datum::List { items: operations.into(), complete: false })
            }),
            field("owners", Type::list(Type::Text), |_, at| {
                row(at, Datum::list([text("payments"), text("shop")]), Datum::list([text("payments"), Datum::Unknown]))
            }),
            field("annotations", Type::map(Type::Text), |_, at| {
                let entries: Arc<[(Arc<str>, Datum)]> = Arc::from([(Arc::from("example.com/tier"), text("gold"))]);
                row(at, Datum::Map(entries), Datum::Map(Arc::from([])))
            }),
            field("place", Type::Place, |_, at| {
                let location = Location { start: 0, end: 4, line: 12, column: 1 };
                row(at, Datum::Place(Evidence { file: 0, at: location }), Datum::Unknown)
            }),
        ],
        |_, row| ["orders", "billing", "ghost"][row as usize].to_owned(),
    );
    let operation = subject(
        "operation",
        vec![
            field("path", Type::Text, |_, row| text(["/orders", "/orders/{id}", "/"][row as usize])),
            field("calls", Type::Int, |_, at| row(at, Datum::int(3), Datum::count(4, false))),
        ],
        |_, row| format!("GET {}", ["/orders", "/orders/{id}", "/"][row as usize]),
    );
    assert_eq!(names.len(), 3);
    vec![service, operation]
}

/// Everything that the tests evaluate over.
pub(in super::super) struct World {
    pub(in super::super) model: Model,
    pub(in super::super) subjects: Vec<Subject>,
    pub(in super::super) definitions: Vec<Definition>,
    pub(in super::super) fields: Vec<AddedField>,
}

impl World {
    pub(in super::super) fn new() -> World {
        let file = File { repository: Some(0), path: Arc::from("orders/service.yaml"), foreign: false };
        let model = Model { files: vec![file], ..Model::default() };
        let mut world = World { model, subjects: subjects(), definitions: Vec::new(), fields: Vec::new() };
        let service = || vec![(Arc::from("service"), Type::Object("service"))];
        let tier = world.compile_over(service(), r#"annotations["example.com/tier"]"#).expect("tier compiles");
        world.fields.push(AddedField { subject: "service", name: Arc::from("tier"), body: Arc::new(tier) });
        let mut limit = service();
        limit.push((Arc::from("most"), Type::Int));
        world.define("small", limit, "service.code_lines <= most").expect("small compiles");
        world
            .define("busy", service(), "service.operations.exists(o, o.calls > 3) && !small(service, 10)")
            .expect("busy compiles");
        world
    }

    pub(in super::super) fn define(
        &mut self,
        name: &str,
        parameters: Vec<(Arc<str>, Type)>,
        body: &str,
    ) -> Result<(), Vec<ExpressionError>> {
        let body = Arc::new(self.compile_over(parameters.clone(), body)?);
        self.definitions.push(Definition { name: Arc::from(name), parameters, body, doc: String::new() });
        Ok(())
    }

    fn compile_over(&self, variables: Vec<(Arc<str>, Type)>, body: &str) -> Result<Expression, Vec<ExpressionError>> {
        compile(body, &Environment { variables, ..self.environment() }, None)
    }

    pub(in super::super) fn environment(&self) -> Environment<'_> {
        let name = |name: &str, r#type: Type| (Arc::from(name), r#type);
        Environment {
            subjects: &self.subjects,
            variables: vec![name("service", Type::Object("service")), name("other", Type::Object("service"))],
            parameters: vec![
                name("max_lines", Type::Int),
                name("share", Type::Float),
                name("word", Type::Text),
                name("off", Type::Int),
            ],
            definitions: &self.definitions,
            fields: &self.fields,
        }
    }

    /// `service` is the given row, `other` the one after it.
    pub(in super::super) fn scope<'w>(&'w self, row: u32, parameters: &'w [Datum]) -> Scope<'w> {
        let variables = vec![object("service", row), object("service", (row + 1) % 3)];
        Scope { model: &self.model, subjects: &self.subjects, variables, parameters }
    }
}

pub(in super::super) fn parameters() -> Vec<Datum> {
    vec![Datum::int(100), Datum::Float(0.2), text("^/ord"), Datum::Unknown]
}

/// The value of an expression over a row, as a message shows it.
pub(in super::super) fn value_over(row: u32, expression: &str) -> String {
    let world = World::new();
    let compiled = compile(expression, &world.environment(), None).unwrap_or_else(|errors| panic!("{expression}: {errors:?}"));
    let parameters = parameters();
    let mut scope = world.scope(row, &parameters);
    let value = compiled.evaluate(&mut scope);
    assert_eq!(scope.variables.len(), 2, "the scope is as it was");
    value.render(&world.model, &world.subjects)
}

/// The errors of an expression: the text they point at, the message, the help.
pub(in super::super) fn errors(expression: &str, expected: Option<&Type>) -> Vec<(String, String, String)> {
    let world = World::new();
    match compile(expression, &world.environment(), expected) {
        Ok(compiled) => panic!("{expression} compiles to {}", compiled.r#type),
        Err(errors) => shown(expression, errors),
    }
}

pub(in super::super) fn shown(text: &str, errors: Vec<ExpressionError>) -> Vec<(String, String, String)> {
    let show = |error: ExpressionError| (text[error.span.range()].to_owned(), error.message, error.help.unwrap_or_default());
    errors.into_iter().map(show).collect()
}

pub(in super::super) fn rendered(row: u32, template: &str) -> String {
    let world = World::new();
    let compiled = compile_template(template, &world.environment()).unwrap_or_else(|errors| panic!("{template}: {errors:?}"));
    compiled.render(&mut world.scope(row, &parameters()))
}
