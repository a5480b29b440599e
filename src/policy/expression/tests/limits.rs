//! What is too deep, too heavy or too long is an error or ends unknown, and never exhausts the stack, the memory or the day.

use std::sync::Arc;

use super::super::compile;
use super::sample::{World, errors, parameters, value_over};
use crate::model::datum::{Datum, Type};

#[test]
fn nesting_is_an_error_and_never_an_overflow() {
    let deep = |open: &str, inside: &str, close: &str| open.repeat(5_000) + inside + &close.repeat(5_000);
    for expression in [
        deep("(", "1", ")"),
        deep("[", "1", "]"),
        deep("!", "true", ""),
        deep("-", "a", ""),
        deep("(true ? 1 : ", "1", ")"),
        deep("true ? 1 : ", "1", ""),
        deep("size(", "1", ")"),
        deep("a[", "1", "]"),
        deep("", "a", ".b"),
        deep("", "a", "[0]"),
        deep("", "1", " + 1"),
        deep("1 + (", "1", ")"),
    ] {
        let found = errors(&expression, None);
        assert!(found[0].1.contains("nests deeper"), "{}: {found:?}", &expression[..20]);
    }
    assert!(errors(&"1 + ".repeat(50_000), None)[0].1.contains("longer than"));
    // The deepest that is let through also runs, in the small stack of a test's thread.
    let deepest = "(".repeat(98) + "1" + &")".repeat(98);
    assert_eq!(value_over(0, &deepest), "1");
    let sum = "1 + ".repeat(99) + "1";
    assert_eq!(value_over(0, &sum), "100");
    let lists = "[".repeat(99) + "1" + &"]".repeat(99);
    assert_eq!(value_over(0, &lists), "1");
    let chain = "code_lines > 1 && ".repeat(3000) + "true";
    assert_eq!(value_over(0, &chain), "true");
}

/// The deepest and the heaviest of what is let through runs in the small stack of a test's thread, and so in every thread of ours.
#[test]
fn definitions_can_be_built_on_definitions_up_to_a_limit() {
    let grow = |first: &str, next: fn(usize) -> String| {
        let mut world = World::new();
        let service = || vec![(Arc::from("service"), Type::Object("service"))];
        world.define("d0", service(), first).expect("the first compiles");
        let mut deepest = 0;
        while world.define(&format!("d{}", deepest + 1), service(), &next(deepest)).is_ok() {
            deepest += 1;
        }
        let compiled = compile(&format!("d{deepest}(service)"), &world.environment(), None);
        let compiled = compiled.or_else(|_| compile(&format!("d{}(service)", deepest - 1), &world.environment(), None));
        let compiled = compiled.expect("the last but one compiles");
        let parameters = parameters();
        let mut scope = world.scope(0, &parameters);
        compiled.trace(&mut scope);
        (deepest, compiled.evaluate(&mut scope))
    };
    let (depth, value) = grow("service.public", |below| format!("[service].exists(s, [s].exists(t, d{below}(t)))"));
    assert_eq!((depth > 30, value), (true, Datum::Bool(true)));
    let (depth, value) = grow("service.public", |below| format!("d{below}(service) && d{below}(service)"));
    assert_eq!(((8..16).contains(&depth), value), (true, Datum::Bool(true)));
    let (_, value) = grow("[service]", |below| format!("d{below}(service) + d{below}(service)"));
    assert!(matches!(value, Datum::List { .. }));
    let (_, value) = grow("'ab'", |below| format!("d{below}(service) + d{below}(service)"));
    assert!(matches!(value, Datum::Text(_)));
    let macros = (0..48).fold("true".to_owned(), |inside, at| format!("[{at}].exists(v{at}, {inside})"));
    assert_eq!(value_over(0, &macros), "true");
}

#[test]
fn a_runaway_expression_ends_unknown() {
    let many = format!("[{}]", "1,".repeat(300));
    let all = (0..4).fold("true".to_owned(), |inside, at| format!("{many}.all(v{at}, {inside})"));
    assert_eq!(value_over(0, &all), "?");
    let copies = format!("{many}.map(a, {many}.map(b, {many} + {many})) == {many}.map(a, {many}.map(b, {many} + {many}))");
    assert_eq!(value_over(0, &copies), "?");
}
