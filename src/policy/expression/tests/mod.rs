//! Tables of expressions with their values, over rows that are known, known in part, and not known.

mod generate;
mod limits;
mod mistakes;
mod oracle;
mod properties;
pub(super) mod sample;

use super::*;
use sample::{World, rendered, value_over};

/// Each line is an expression and its value over the known row.
fn values(table: &[(&str, &str)]) {
    for (expression, expected) in table {
        assert_eq!(value_over(0, expression), *expected, "{expression}");
    }
}

#[test]
fn literals_and_operators() {
    values(&[
        ("0x10 + 2 * 3", "22"),
        ("-7 / 2", "-3"),
        ("-7 % 3", "-1"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("9223372036854775807 + 1", "?"),
        ("-(-9223372036854775808)", "?"),
        ("1 / 0", "?"),
        ("1.0 / 0.0", "?"),
        ("1.50 + 1.5", "3"),
        ("'a' + \"b\"", "ab"),
        ("[1, 2] + [3]", "1, 2, 3"),
        ("[] + ['a']", "a"),
        ("1 < 1.5 && 2.0 == 2", "true"),
        ("'b' > 'a'", "true"),
        ("!true || false", "false"),
        ("1 in [1, 2]", "true"),
        ("'gold' in ['silver']", "false"),
        ("true ? 1 : 2", "1"),
        ("false ? 1 : true ? 2 : 3", "2"),
        ("[1, 2][1]", "2"),
        ("[1, 2][2]", "?"),
        ("[1, 2][-1]", "?"),
        ("1 + 2 == 3 && 2 * 3 - 1 == 5 // a comment", "true"),
        ("[1, 2,] == [1, 2]", "true"),
    ]);
}

#[test]
fn names_fields_and_parameters() {
    values(&[
        ("service", "orders"),
        ("service.lead", "billing"),
        ("service.lead.code_lines", "at least 500"),
        ("service.place", "orders/service.yaml:12"),
        ("service.operations", "GET /orders, GET /orders/{id}"),
        ("service.annotations[\"example.com/tier\"]", "gold"),
        ("service.annotations['absent']", "?"),
        ("service.tier == 'gold'", "true"),
        ("code_lines", "84"),
        ("service.code_lines <= params.max_lines", "true"),
        ("service.cohesion < params.share", "false"),
        ("service.code_lines <= params.off", "?"),
        ("other.kind == null", "true"),
        ("service.lead == other", "true"),
    ]);
}

#[test]
fn macros_nest_and_see_outer_variables() {
    values(&[
        ("service.operations.map(o, o.path)", "/orders, /orders/{id}"),
        ("service.operations.filter(o, o.calls == 3).map(o, o.calls)", "3"),
        ("[1, 2].map(a, [10, 20].map(b, a * b))", "10, 20, 20, 40"),
        ("[1, 2].map(a, [3].map(a, a)[0] + a)", "4, 5"),
        ("[1, 2, 3].filter(n, [2, 3].exists(m, m == n))", "2, 3"),
        ("[1, 2, 3].all(n, n > 0) && ![1, 2].all(n, n > 1)", "true"),
        ("[1, 2, 3].exists_one(n, n > 2)", "true"),
        ("[1, 2, 3].exists_one(n, n > 1)", "false"),
        ("[].all(n, n == 1)", "true"),
    ]);
}

#[test]
fn functions_and_methods() {
    values(&[
        ("size(service.operations) + size('aé') + 'abc'.size()", "7"),
        ("size(service.annotations)", "at least 1"),
        ("join(service.owners, '` -> `')", "payments` -> `shop"),
        ("join(service.operations, ', ')", "GET /orders, GET /orders/{id}"),
        ("min([3, 1, 2])", "1"),
        ("max([1.5, 2.5])", "2.5"),
        ("sum([1, 2, 3])", "6"),
        ("sum([9223372036854775807, 1])", "?"),
        ("max([0].filter(n, n > 0))", "?"),
        ("sum([0].filter(n, n > 0))", "0"),
        ("distinct(['a', 'b', 'a'])", "a, b"),
        ("sorted([3, 1, 2])", "1, 2, 3"),
        ("first(sorted(['b', 'a']))", "a"),
        ("int('42') + int(1.9) + int(-1.9)", "42"),
        ("int('x')", "?"),
        ("int(1e300)", "?"),
        ("double('1.5') + double(1)", "2.5"),
        ("double('inf')", "?"),
        ("string(1.50) + string(true) + string(service)", "1.5trueorders"),
        ("round(2.345, 1)", "2.3"),
        ("round(-2.5)", "-3"),
        ("plural(1, 'call') + plural(2, 'call') + plural(0, 'entity', 'entities')", "callcallsentities"),
        ("percent(0.25) + percent(0.042) + percent(1)", "25 %4.2 %100 %"),
        ("'Orders'.lowerAscii().startsWith('or') && 'abc'.endsWith('bc') && 'abc'.contains('b')", "true"),
        ("'a-b-c'.replace('-', '/').split('/')", "a, b, c"),
        ("'ab'.split('')", "a, b"),
        ("'/orders/1'.matches('^/orders/[0-9]+$')", "true"),
        ("'/orders/1'.matches(r'\\d{2}')", "false"),
        ("service.operations.all(o, o.path.matches(params.word))", "true"),
        ("service.name.matches(service.name + '(')", "?"),
    ]);
}

#[test]
fn definitions_are_called() {
    values(&[
        ("small(service, 100)", "true"),
        ("small(service, params.max_lines - 50)", "false"),
        ("[1, 84].filter(n, small(service, n))", "84"),
        ("[1, 84].map(n, [n, 100].filter(m, small(service, m)))", "100, 84, 100"),
        ("busy(service)", "true"),
        ("busy(service.lead) && small(other, 10)", "false"),
    ]);
}

#[test]
fn unknown_is_never_guessed() {
    for (expression, expected) in [
        ("service.code_lines > 400", "true"),
        ("service.code_lines > 500", "?"),
        ("service.code_lines <= 400", "false"),
        ("service.code_lines <= 600", "?"),
        ("service.code_lines == 400", "false"),
        ("service.code_lines + 1", "at least 501"),
        ("100 - service.code_lines", "?"),
        ("size(service.operations) > 1", "true"),
        ("size(service.operations) <= 2", "?"),
        ("service.operations.exists(o, o.path == '/orders')", "true"),
        ("service.operations.exists(o, o.path == '/')", "?"),
        ("service.operations.all(o, o.path == '/orders')", "false"),
        ("service.operations.all(o, o.path != '/')", "?"),
        ("service.operations.exists_one(o, o.path != '/')", "false"),
        ("service.operations.exists_one(o, o.path == '/orders')", "?"),
        ("service.operations[0]", "?"),
        ("first(service.operations)", "?"),
        ("'payments' in service.owners", "true"),
        ("'shop' in service.owners", "?"),
        ("size(service.owners)", "2"),
        ("join(service.owners, ', ')", "?"),
        ("distinct(service.owners)", "payments, …"),
        ("sorted(service.owners)", "payments, …"),
        ("max(service.operations.map(o, o.calls))", "at least 4"),
        ("min(service.operations.map(o, o.calls))", "?"),
        ("min([service.code_lines, 3])", "3"),
        ("min([service.code_lines, 3000])", "at least 500"),
        ("sum([service.code_lines, 3])", "at least 503"),
        ("service.kind == null", "true"),
        ("service.kind != 'service'", "true"),
        ("service.kind in ['service']", "false"),
        ("service.kind.startsWith('s')", "?"),
        ("service.lead.name", "?"),
        ("service.annotations['x'] == 'a'", "?"),
        ("other.code_lines > 3", "?"),
        ("other.code_lines > 3 || true", "true"),
        ("false && other.code_lines > 3", "false"),
        ("true && other.code_lines > 3", "?"),
        ("!(other.code_lines > 3)", "?"),
        ("other.public ? 1 : 2", "?"),
        ("known(service.code_lines)", "false"),
        ("known(service.kind)", "true"),
        ("known(service.owners)", "false"),
        ("known(service.public)", "true"),
        ("known(other.code_lines)", "false"),
        ("known(service.lead.name)", "false"),
        ("[other.code_lines, 1]", "?, 1"),
    ] {
        assert_eq!(value_over(1, expression), expected, "{expression}");
    }
}

#[test]
fn messages_show_what_is_known() {
    assert_eq!(rendered(0, "`{service}` has {code_lines} lines"), "`orders` has 84 lines");
    assert_eq!(rendered(0, "{{{service.name}}} }}{{"), "{orders} }{");
    assert_eq!(rendered(0, "`{join(service.owners, '` -> `')}` and {'}'}"), "`payments` -> `shop` and }");
    assert_eq!(rendered(1, "{service.kind} {other.code_lines}"), "none ?");
    assert_eq!(
        rendered(1, "{join(service.owners, ' / ')}; {join(service.operations, ', ')}"),
        "payments / ?; GET /orders, GET /orders/{id}"
    );
    assert_eq!(rendered(1, "{code_lines} {plural(code_lines, 'line')}"), "at least 500 lines");
    assert_eq!(rendered(0, ""), "");
}

#[test]
fn a_place_that_needs_a_type_gets_it() {
    let world = World::new();
    let value = |row: u32, text: &str, expected: Type| {
        let compiled = compile(text, &world.environment(), Some(&expected)).map_err(|errors| errors[0].message.clone())?;
        Ok::<Datum, String>(compiled.evaluate(&mut world.scope(row, &sample::parameters())))
    };
    assert_eq!(value(0, "service.kind", Type::Text), Ok(sample::text("service")));
    assert_eq!(value(1, "service.kind", Type::Text), Ok(Datum::Unknown), "null is no text");
    assert_eq!(value(1, "service.kind", Type::optional(Type::Text)), Ok(Datum::Null));
    assert_eq!(value(0, "null", Type::optional(Type::Text)), Ok(Datum::Null));
    assert_eq!(value(0, "[]", Type::list(Type::Text)), Ok(Datum::list([])));
    assert_eq!(value(0, "1", Type::Float), Err("here must be float, this is int".to_owned()));
    assert_eq!(value(0, "null", Type::Bool), Err("here must be bool, this is null".to_owned()));
}
