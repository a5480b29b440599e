//! What it costs to compile an expression of a rule, and to evaluate it over a row.

use std::sync::Arc;

use brickwork::model::datum::{Datum, Type};
use brickwork::model::subject::{Field, Subject};
use brickwork::model::{File, Model};
use brickwork::policy::expression::{Environment, Scope, compile, compile_template};
use divan::Bencher;

const CONDITION: &str =
    "service.code_lines <= params.max_lines && size(service.operations) <= params.max_operations && known(service.kind)";
/// As long as [`CONDITION`], of fields that cost nothing to read: what evaluation itself costs.
const NUMBERS: &str = "service.code_lines <= params.max_lines && service.code_lines > 0 && known(service.code_lines)";
const MACRO: &str = "service.operations.filter(o, o.path.startsWith('/orders')).map(o, o.path).exists(p, p.endsWith('9'))";
const MESSAGE: &str =
    "`{service}` has {size(service.operations)} {plural(size(service.operations), 'operation')} in {service.code_lines} lines";

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
    NUMBERS,
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

/// Files stand for services and operations, since they are short to write down.
fn model() -> Model {
    let file = |number: u32| File { repository: None, path: Arc::from(format!("/orders/{number}")), foreign: false };
    Model { files: (0..10).map(file).collect(), ..Model::default() }
}

fn subjects() -> Vec<Subject> {
    let field = |name, r#type, read| Field { name, r#type, doc: "", read };
    let subject = |name, fields| Subject {
        name,
        doc: "",
        fields,
        count: |_| 1,
        key: |model, row| model.files[row as usize].path.to_string(),
        place: |_, _| None,
        services: |_, _| Vec::new(),
        repository: |_, _| None,
    };
    let path: fn(&Model, u32) -> Datum = |model, row| Datum::text(&model.files[row as usize].path);
    let service = subject(
        "service",
        vec![
            field("name", Type::Text, path),
            field("kind", Type::optional(Type::Text), path),
            field("code_lines", Type::Int, |model, row| Datum::int(model.files[row as usize].path.len())),
            field("operations", Type::list(Type::Object("operation")), |model, _| {
                Datum::list((0..model.files.len() as u32).map(|index| Datum::Object { subject: "operation", index }))
            }),
        ],
    );
    vec![service, subject("operation", vec![field("path", Type::Text, path)])]
}
