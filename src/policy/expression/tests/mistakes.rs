//! Mistakes in expressions and templates: where they are told, in which words, with which help.

use super::super::compile_template;
use super::sample::{World, errors, shown};
use crate::model::datum::Type;

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
    assert_eq!(found("{service 'b\\\nc'}"), one("'b\\\nc'", "expected an operator or `}`, found `'b\\\\nc'`"));
    assert_eq!(found("a {service"), one("", "expected an operator or `}`, but the expression ends here"));
    assert_eq!(found("ü {servise.name}"), one("servise", "unknown variable `servise`"));
    assert_eq!(found("{servise} {nme}").len(), 2);
}

#[test]
fn mistakes_are_told_with_their_place() {
    let bool = Some(&Type::Bool);
    for (expression, at, message, help) in [
        ("servise.name == ''", "servise", "unknown variable `servise`", "did you mean `service`?"),
        ("code_line > 3", "code_line", "unknown variable `code_line`", "did you mean `code_lines`?"),
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
