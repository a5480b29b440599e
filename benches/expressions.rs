//! What it costs to compile an expression of a rule, and to evaluate it over a row.

use std::sync::Arc;

use brickwork::facts::Count;
use brickwork::model::datum::{Datum, Type};
use brickwork::model::subject::{Field, Subject};
use brickwork::model::{Domain, Model, Repository};
use brickwork::policy::expression::{Environment, Scope, compile, compile_template};
use divan::Bencher;

const CONDITION: &str =
    "service.code_lines <= params.max_lines && size(service.operations) <= params.max_operations && known(service.kind)";
const MACRO: &str = "service.operations.filter(o, o.path.startsWith('/orders')).map(o, o.path).exists(p, p.endsWith('9'))";
const MESSAGE: &str = "`{service}` has {size(service.operations)} {plural(size(service.operations), 'operation')} in {service.code_lines} lines";

fn main() {
    divan::main();
}

#[divan::bench(args = [CONDITION, MACRO, "service.kind != null", "service.name.matches('^[a-z]+-service$')"])]
fn compile_expression(bencher: Bencher, text: &str) {
    let subjects = subjects();
    let environment = environment(&subjects);
    bencher.bench(|| compile(text, &environment, Some(&Type::Bool)).is_ok());
}

#[divan::bench]
fn compile_message(bencher: Bencher) {
    let subjects = subjects();
    let environment = environment(&subjects);
    bencher.bench(|| compile_template(MESSAGE, &environment).is_ok());
}

#[divan::bench(args = [
    "service.code_lines <= params.max_lines",
    "size(service.operations) <= params.max_operations",
    "known(service.kind)",
    CONDITION,
    MACRO,
])]
fn evaluate(bencher: Bencher, text: &str) {
    let (subjects, model) = (subjects(), model());
    let expression = compile(text, &environment(&subjects), Some(&Type::Bool)).expect("the expression is sound");
    let parameters = [Datum::int(300), Datum::int(20)];
    let variables = vec![Datum::Object { subject: "service", index: 0 }];
    let mut scope = Scope { model: &model, subjects: &subjects, variables, parameters: &parameters };
    assert_ne!(expression.evaluate(&mut scope), Datum::Unknown);
    bencher.bench_local(|| expression.evaluate(divan::black_box(&mut scope)));
}

#[divan::bench]
fn render(bencher: Bencher) {
    let (subjects, model) = (subjects(), model());
    let template = compile_template(MESSAGE, &environment(&subjects)).expect("the message is sound");
    let variables = vec![Datum::Object { subject: "service", index: 0 }];
    let mut scope = Scope { model: &model, subjects: &subjects, variables, parameters: &[] };
    bencher.bench_local(|| template.render(divan::black_box(&mut scope)));
}

fn environment(subjects: &[Subject]) -> Environment<'_> {
    Environment {
        subjects,
        variables: vec![(Arc::from("service"), Type::Object("service"))],
        parameters: vec![(Arc::from("max_lines"), Type::Int), (Arc::from("max_operations"), Type::Int)],
        definitions: &[],
        fields: &[],
    }
}

/// Repositories stand for services and domains for operations, since they are short to write down.
fn model() -> Model {
    let name = |number: usize| Arc::from(format!("/orders/{number}"));
    let repository = Repository {
        name: Arc::from("orders"),
        root: Arc::from("java"),
        foreign: false,
        landmark: None,
        code_lines: Count { value: 120, complete: true },
        has_codeowners: true,
        has_manifest: true,
        services: (0..10).collect(),
        units: Vec::new(),
    };
    let domain = |number: usize| Domain { name: name(number), evidence: None, services: Vec::new() };
    Model { repositories: vec![repository], domains: (0..10).map(domain).collect(), ..Model::default() }
}

fn subjects() -> Vec<Subject> {
    let field = |name, r#type, read| Field { name, r#type, doc: "", read };
    let subject = |name, fields, key| Subject {
        name,
        doc: "",
        fields,
        count: |_| 1,
        key,
        place: |_, _| None,
        services: |_, _| Vec::new(),
        repository: |_, _| None,
    };
    let service = subject(
        "service",
        vec![
            field("name", Type::Text, |model, row| Datum::text(&model.repositories[row as usize].name)),
            field("kind", Type::optional(Type::Text), |model, row| Datum::text(&model.repositories[row as usize].root)),
            field("code_lines", Type::Int, |model, row| {
                let count = model.repositories[row as usize].code_lines;
                Datum::count(count.value, count.complete)
            }),
            field("operations", Type::list(Type::Object("operation")), |model, row| {
                let operation = |&index| Datum::Object { subject: "operation", index };
                Datum::list(model.repositories[row as usize].services.iter().map(operation))
            }),
        ],
        |model, row| model.repositories[row as usize].name.to_string(),
    );
    let path = field("path", Type::Text, |model, row| Datum::text(&model.domains[row as usize].name));
    let operation = subject("operation", vec![path], |model, row| model.domains[row as usize].name.to_string());
    vec![service, operation]
}
