//! The language as its users read it, in Markdown: the rules of the language, then every function from the list of functions.

use std::fmt::Write;

use super::functions::functions;

/// The reference of the expression language.
pub fn reference() -> String {
    let mut text = LANGUAGE.to_owned();
    for function in functions() {
        // Writing to a string does not fail.
        let _ = write!(text, "\n### `{}`\n\n{}\n\n    {}\n", function.signature(), function.doc, function.example);
    }
    text
}

const LANGUAGE: &str = "\
# The expression language

Conditions, values and the `{holes}` of messages are expressions in a subset of [CEL](https://cel.dev), checked when a rule is loaded: an
unknown name or a wrong type is an error that points at its place. An expression can't fail while it runs. What it can't say is *unknown*.

## Values

| type | written | |
|---|---|---|
| bool | `true`, `false` | |
| int | `42`, `-7`, `0x1F` | 64 bits; may be incomplete: a lower bound |
| float | `0.25`, `1e3` | never mixed with int in arithmetic: `double(n) * 0.5` |
| text | `'a'`, `\"a\"`, `'''a'''`, `r'\\d'` | escapes as in CEL; none in a raw text |
| list | `[1, 2]` | of one type; may be incomplete |
| map | | of texts to values: `service.annotations[\"example.com/tier\"]` |
| object | `service` | has fields: `service.name`; its own name in messages |
| place | | a file and a line |
| null | `null` | known to be absent; only what `or null` stands in the type of can be null |

The rule's subject is a variable of its name, and its fields can also be named alone: `name` is `service.name`. Parameters are
`params.NAME`.

## Operators

From weak to strong: `c ? a : b`; `||`; `&&`; `== != < <= > >= in`; `+ -`; `* / %`; `!` and `-`; `.field`, `.method()`, `[index]`.
`+` also joins texts and lists. An int and a float can be compared, but not added. Division of ints drops the fraction. `item in list`,
`key in map`.

## Unknown

A rule fires only on what is known.

- `false && x` is false and `true || x` is true, whatever `x` is. All else that has an unknown part is unknown.
- `known(x)` asks. It is never unknown itself.
- An incomplete number is a lower bound: `n > 5` is true when at least 6 were found, else unknown; `n <= 5` is false when at least 6
  were found, else unknown. Sums of lower bounds are lower bounds; to subtract one, or to divide by one, is unknown.
- An incomplete list has the items that were found, and perhaps others: `exists` and `in` are true or unknown, `all` is false or unknown,
  `size` is incomplete, `filter` and `map` give incomplete lists. Its first item is unknown.
- Null equals null and nothing else. In anything but `==`, `!=`, `in` and `known`, null is unknown: so is `service.owner.name` without an
  owner.
- Overflow, division by zero, an index out of range, an absent key and a text that is no number are unknown.

So learning more never takes an answer back.

## Messages

`{expression}` in a text is replaced by its value; `{{` and `}}` are braces. Unknown reads `?`, null `none`, an incomplete number
`at least 6`, a list its items with `, ` between them and `…` at the end when there may be more.

## Functions
";

#[cfg(test)]
mod tests {
    use super::super::tests::sample::value_over;
    use super::*;

    #[test]
    fn every_function_is_told_with_an_example_that_holds() {
        let reference = reference();
        for function in functions() {
            assert!(reference.contains(&function.signature()), "{}", function.name);
            assert!(function.example.contains(function.name), "{}", function.example);
            assert_eq!(value_over(0, function.example), "true", "{}", function.example);
        }
    }

    #[test]
    fn names_of_functions_are_unique() {
        let mut names: Vec<&str> = functions().iter().map(|function| function.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), functions().len());
    }
}
