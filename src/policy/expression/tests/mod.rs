//! Tables of expressions with their values, and of mistakes with their messages.

mod generate;
mod oracle;
mod properties;
pub(super) mod sample;

use super::*;
use sample::{World, errors, rendered, shown, value_over};

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
        "payments / ?; GET /orders, GET /orders/{id}, …"
    );
    assert_eq!(rendered(1, "{code_lines} {plural(code_lines, 'line')}"), "at least 500 lines");
    assert_eq!(rendered(0, ""), "");
}

#[test]
fn templates_tell_their_mistakes() {
    let world = World::new();
    let found = |text: &str| match compile_template(text, &world.environment()) {
        Ok(_) => panic!("{text} compiles"),
        Err(errors) => shown(text, errors).into_iter().map(|(at, message, _)| (at, message)).collect::<Vec<_>>(),
    };
    let one = |at: &str, message: &str| vec![(at.to_owned(), message.to_owned())];
    assert_eq!(found("a } b"), one("}", "this `}` closes nothing"));
    assert_eq!(found("a {} b"), one("}", "expected a value, found `}`"));
    assert_eq!(found("a {service"), one("", "expected an operator or `}`, but the expression ends here"));
    assert_eq!(found("ü {servise.name}"), one("servise", "unknown variable `servise`"));
    assert_eq!(found("{servise} {nme}").len(), 2);
}

#[test]
fn mistakes_are_told_with_their_place() {
    let bool = Some(&Type::Bool);
    for (expression, at, message, help) in [
        ("servise.name == ''", "servise", "unknown variable `servise`", "did you mean `service`?"),
        ("service.code_line > 3", "code_line", "service has no field `code_line`", "did you mean `code_lines`?"),
        ("service.teir == ''", "teir", "service has no field `teir`", "did you mean `tier`?"),
        ("1 < params.max_line", "max_line", "unknown parameter `max_line`", "did you mean `max_lines`?"),
        ("max_lines > 1", "max_lines", "unknown variable `max_lines`", "a parameter is `params.max_lines`"),
        ("siz(service.owners) > 1", "siz", "unknown function `siz`", "did you mean `size`?"),
        ("smal(service, 1)", "smal", "unknown function `smal`", "did you mean `small`?"),
        ("small(service)", "small(service)", "`small` takes 2 arguments, found 1", "it is `small(service, most)`"),
        ("small(1, 1)", "1", "`service` of `small` must be service, this is int", ""),
        ("'a'.startWith('b')", "startWith", "unknown method `startWith`", "did you mean `startsWith`?"),
        ("service.owners.any(o, o == '')", "any", "unknown method `any`", "write `list.exists(item, …)`"),
        ("len(service.owners) > 1", "len", "unknown function `len`", "write `size(…)`"),
        (
            "service.owners.join(',') == ''",
            "join",
            "unknown method `join`",
            "it is a function: `join(list: list, separator: text) -> text`",
        ),
        ("'a' + 1 == 'a'", "'a' + 1", "`+` does not take text and int", "convert the other operand: `string(…)`"),
        (
            "params.share * 2 > 1",
            "params.share * 2",
            "`*` does not take float and int",
            "make the whole number a float: `double(…)`, or `2.0` for `2`",
        ),
        ("service.code_lines", "service.code_lines", "here must be bool, this is int", ""),
        (
            "service.code_lines && true",
            "service.code_lines",
            "an operand of `&&` must be bool, this is int",
            "compare it with a number: `… > 0`",
        ),
        (
            "service.name == null",
            "service.name",
            "this is never null: it is text",
            "what is not known is unknown, not null; ask with `known(…)`",
        ),
        (
            "service.name == 3",
            "service.name == 3",
            "text and int are never equal",
            "convert one of them: `int(…)`, `double(…)` or `string(…)`",
        ),
        (
            "service.lead == 'a'",
            "service.lead == 'a'",
            "service or null and text are never equal",
            "a service is an object; compare one of its fields, such as `.name`",
        ),
        ("1 < 2 < 3", "1 < 2 < 3", "bool and int have no order", "comparisons don't chain: write `a < b && b < c`"),
        ("service.owners > 3", "service.owners > 3", "list(text) and int have no order", "compare its size: `size(…)`"),
        (
            "'a' in service.name",
            "service.name",
            "`in` looks into a list or map, this is text",
            "to look into a text, write `text.contains(part)`",
        ),
        (
            "1 in service.owners",
            "1 in service.owners",
            "int is never in list(text)",
            "convert one of them: `int(…)`, `double(…)` or `string(…)`",
        ),
        ("[1, 'a'] == []", "'a'", "a list holds one type: this is text, the items before it are int", ""),
        ("true ? 1 : 'a'", "true ? 1 : 'a'", "the branches have different types: int and text", ""),
        ("service.operations.path == ''", "path", "list(operation) has no fields", "ask its items: `.map(item, item.path)`"),
        ("service.annotations.tier == ''", "tier", "map(text) has no fields", "look it up: `[\"tier\"]`"),
        ("service.owners['a'] == ''", "'a'", "the index of a list must be int, this is text", ""),
        (
            "service.owners.exists(1, true)",
            "1",
            "a name for the item is needed here",
            "it is `(list: list).exists(item, condition: bool) -> bool`",
        ),
        ("service.owners.exists(o, o)", "o", "the condition must be bool, this is text", ""),
        ("service.name.exists(o, true)", "service.name", "`exists` needs a list, this is text", ""),
        ("'a'.matches('(')", "'('", "the regular expression does not work: unclosed group", ""),
        (
            "'a'.matches('a{1000}{1000}{9}')",
            "'a{1000}{1000}{9}'",
            "the regular expression does not work: needs too much memory",
            "",
        ),
        ("a = 1", "=", "unexpected character `=`", "write `==` to compare"),
        ("true and false", "and", "expected an operator or the end, found `and`", "write `&&`"),
        ("(1 + 2", "", "expected `)`, but the expression ends here", ""),
        ("", "", "expected a value, but the expression ends here", ""),
        ("1 +", "", "expected a value, but the expression ends here", ""),
        ("9223372036854775808 > 1", "9223372036854775808", "`9223372036854775808` is too large", ""),
        ("size() == 1", "size()", "`size` takes 1 argument, found 0", "it is `size(value: text, list or map) -> int`"),
        (
            "sum(service.owners) == 1",
            "service.owners",
            "`list` of `sum` must be list(int or float), this is list(text)",
            "it is `sum(list: list(int or float)) -> an item`",
        ),
    ] {
        let expected = vec![(at.to_owned(), message.to_owned(), help.to_owned())];
        assert_eq!(errors(expression, bool), expected, "{expression}");
    }
}

#[test]
fn independent_mistakes_are_told_together() {
    let found = errors("servise.name == '' && service.nme == '' || size(1) > 2 && 1 + 'a' == 2", None);
    let places: Vec<&str> = found.iter().map(|(at, ..)| at.as_str()).collect();
    assert_eq!(places, ["servise", "nme", "1", "1 + 'a'"]);
}

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
        let parameters = sample::parameters();
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
