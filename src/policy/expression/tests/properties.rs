//! What holds for every expression: compiling any text gives an expression or errors inside it, and learning more never takes an answer
//! back.

use proptest::prelude::*;

use super::sample::{World, parameters};
use super::{Environment, Scope, compile, compile_template, generate};
use crate::model::Model;
use crate::model::datum::Datum;

/// How much of a value is forgotten: 0 to 3.
fn forget(value: &Datum, how: u8) -> Datum {
    match (value, how % 4) {
        (_, 0) => value.clone(),
        (_, 1) => Datum::Unknown,
        (Datum::Int { value, .. }, how) => Datum::count(value - i64::from(how - 2) * 3, false),
        // Some of the items.
        (Datum::List { items, .. }, 2) => {
            let kept = items.iter().enumerate().filter(|(place, _)| (place ^ how as usize) & 1 == 0);
            Datum::List { items: kept.map(|(_, item)| item.clone()).collect(), complete: false }
        }
        // All items, but not what they are.
        (Datum::List { items, .. }, how) => {
            Datum::list(items.iter().enumerate().map(|(place, item)| forget(item, if place % 2 == 0 { how - 2 } else { 2 })))
        }
        _ => value.clone(),
    }
}

/// Whether what was said when less was known still holds.
fn holds(said: &Datum, truth: &Datum) -> bool {
    match (said, truth) {
        (Datum::Unknown, _) => true,
        (Datum::Int { value, complete: false }, Datum::Int { value: truth, .. }) => truth >= value,
        (Datum::List { items, complete: true }, Datum::List { items: truth, complete: true }) => {
            items.len() == truth.len() && items.iter().zip(truth.iter()).all(|(said, truth)| holds(said, truth))
        }
        (Datum::List { items, complete: false }, Datum::List { items: truth, .. }) => {
            let options = |said: &Datum| (0..truth.len()).filter(|&place| holds(said, &truth[place])).collect();
            assign(&items.iter().map(options).collect::<Vec<Vec<usize>>>(), truth.len())
        }
        _ => said == truth,
    }
}

/// Whether each item can have a place of its own among those open to it.
fn assign(options: &[Vec<usize>], places: usize) -> bool {
    fn seat(item: usize, options: &[Vec<usize>], taken: &mut [Option<usize>], asked: &mut [bool]) -> bool {
        for &place in &options[item] {
            if std::mem::replace(&mut asked[place], true) {
                continue;
            }
            if taken[place].is_none_or(|other| seat(other, options, taken, asked)) {
                taken[place] = Some(item);
                return true;
            }
        }
        false
    }
    let mut taken = vec![None; places];
    (0..options.len()).all(|item| seat(item, options, &mut taken, &mut vec![false; places]))
}

fn evaluate(text: &str, values: &[Datum]) -> Datum {
    let environment =
        Environment { subjects: &[], variables: generate::variables(), parameters: Vec::new(), definitions: &[], fields: &[] };
    let compiled = compile(text, &environment, None).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    compiled.evaluate(&mut Scope { model: &Model::default(), subjects: &[], variables: values.to_vec(), parameters: &[] })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6000, failure_persistence: None, ..ProptestConfig::default() })]

    /// The core promise. `known` is left out: to ask what is known is to be told otherwise later.
    #[test]
    fn learning_more_never_takes_an_answer_back(
        bytes in prop::collection::vec(any::<u8>(), 0..100),
        values in generate::known_values(),
        hows in prop::collection::vec(0u8..8, 10),
    ) {
        let text = generate::expression(&bytes, true);
        let less: Vec<Datum> = values.iter().zip(&hows).map(|(value, &how)| forget(value, how)).collect();
        let (said, truth) = (evaluate(&text, &less), evaluate(&text, &values));
        prop_assert!(holds(&said, &truth), "{text}\nover {less:?}\nis {said:?},\nbut over {values:?}\nis {truth:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_compiles_or_tells_why_inside_it(text in "\\PC{0,40}") {
        compiles_or_tells(&text)?;
    }

    #[test]
    fn any_tokens_compile_or_tell_why_inside_them(tokens in prop::collection::vec(prop::sample::select(TOKENS), 0..24)) {
        compiles_or_tells(&tokens.concat())?;
        compiles_or_tells(&tokens.join(" "))?;
    }
}

const TOKENS: &[&str] = &[
    "service",
    "other",
    ".name",
    ".operations",
    ".exists(",
    ".map(",
    "o, ",
    "o",
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    "?",
    ":",
    "+",
    "-",
    "*",
    "/",
    "%",
    "!",
    "==",
    "<",
    "&&",
    "||",
    "in",
    "null",
    "true",
    "1",
    "0x",
    "1.5",
    "9223372036854775808",
    "'a'",
    "'",
    "\"",
    "\\",
    "{",
    "}",
    "params",
    ".max_lines",
    "size(",
    "known(",
    "matches",
    ".matches('('",
    "join(",
    "plural(",
    "r'",
    "//",
    "\n",
    "é",
    "small(",
    "=",
];

fn compiles_or_tells(text: &str) -> Result<(), TestCaseError> {
    let world = World::new();
    let parameters = parameters();
    let mut scope = world.scope(1, &parameters);
    let mut errors = Vec::new();
    match compile(text, &world.environment(), None) {
        Ok(compiled) => {
            compiled.evaluate(&mut scope);
            compiled.trace(&mut scope);
        }
        Err(found) => errors.extend(found),
    }
    match compile_template(text, &world.environment()) {
        Ok(template) => {
            template.render(&mut scope);
        }
        Err(found) => errors.extend(found),
    }
    for error in errors {
        prop_assert!(text.get(error.span.range()).is_some(), "{text}: {error:?}");
        prop_assert!(!error.message.is_empty() && !error.message.contains('\n'), "{text}: {error:?}");
    }
    Ok(())
}
