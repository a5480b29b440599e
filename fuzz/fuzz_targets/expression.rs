//! Any text as an expression of a rule about services, and as a template of a message.

#![no_main]

use brickwork::model::datum::Type;
use brickwork::model::subjects;
use brickwork::policy::expression::{Environment, compile, compile_template};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let environment = Environment {
        subjects: subjects::all(),
        variables: vec![("service".into(), Type::Object("service"))],
        parameters: vec![("max".into(), Type::Int)],
        definitions: &[],
        fields: &[],
    };
    let errors = [compile(text, &environment, Some(&Type::Bool)).err(), compile_template(text, &environment).err()];
    for error in errors.into_iter().flatten().flatten() {
        assert!(text.get(error.span.range()).is_some(), "the place of `{}`", error.message);
    }
});
