//! Expressions of Java and Kotlin that stand for addresses, topics and settings: reads of the environment and of configuration, formats,
//! builders of URLs, channels and queues, and functions of the file that do nothing but put one together.
//!
//! The tokens of an expression come in, its value comes out; None where it is nothing of these.

use std::ops::Range;

use super::chains::{Chain, Link};
use super::controllers::join;
use super::known::{Known, type_of};
use super::{names, type_symbol, urls, values};
use crate::extract::code::Code;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::value::{Budget, concat, literal, unknown};
use crate::facts::Value;

/// Branches of one expression that are looked for.
const LONGEST_BRANCH: usize = 400;

pub fn expression(code: &Code, range: Range<usize>, budget: Budget) -> Option<Value> {
    if range.len() < 3 || budget.half().is_spent() {
        return None;
    }
    if let Some(value) = branches(code, range.clone(), budget) {
        return Some(value);
    }
    let chain = Chain::until(code, range.start, range.end).filter(|chain| chain.end == range.end)?;
    chained(code, &chain, budget)
}

fn read(code: &Code, range: Range<usize>, budget: Budget) -> Value {
    code.value_by(range, values::READER, budget)
}

/// The value with what stands in its place where it is not set.
pub fn or(value: Value, default: Value) -> Value {
    let default = || (!matches!(default, Value::Unknown(_))).then(|| Box::new(default.clone()));
    match value {
        Value::Env { name, default: None } => Value::Env { name, default: default() },
        Value::Property { key, default: None } => Value::Property { key, default: default() },
        other => other,
    }
}

/// `a ?: b`, `c ? a : b`, `if (c) a else b`: a setting with its default, or what both branches are.
fn branches(code: &Code, range: Range<usize>, budget: Budget) -> Option<Value> {
    let kotlin = code.language.name() == "Kotlin";
    let find = |from: usize, mark: &str| {
        let mut at = from;
        while at < range.end.min(from + LONGEST_BRANCH) {
            if code.is(at, mark) {
                return Some(at);
            }
            at = code.after(at);
        }
        None
    };
    let (first, second) = if kotlin && code.is(range.start, "if") && code.is(range.start + 1, "(") {
        let from = code.after(range.start + 1);
        let or_else = find(from, "else")?;
        (from..or_else, or_else + 1..range.end)
    } else if kotlin {
        let mark = find(range.start, "?:")?;
        (range.start..mark, mark + 1..range.end)
    } else {
        let mark = find(range.start, "?")?;
        let colon = find(mark + 1, ":")?;
        (mark + 1..colon, colon + 1..range.end)
    };
    let (first, second) = (read(code, first, budget), read(code, second, budget));
    Some(match (&first, &second) {
        (Value::Env { .. } | Value::Property { .. }, _) => or(first, second),
        (_, Value::Env { .. } | Value::Property { .. }) => or(second, first),
        _ if first == second => first,
        // `a ?: throw b`.
        (_, Value::Unknown(_)) if kotlin => first,
        _ => unknown("one of two"),
    })
}

fn chained(code: &Code, chain: &Chain, budget: Budget) -> Option<Value> {
    let mut state = None;
    let mut from = 0;
    if !chain.head.is_empty() {
        state = Some(read(code, chain.head.clone(), budget));
    }
    while from < chain.links.len() {
        let link = &chain.links[from];
        let name = code.text_of(link.name);
        if let Some(value) = state.take() {
            state = Some(step(code, name, link, value, budget)?);
            from += 1;
            continue;
        }
        if let Some((value, next)) = begins(code, chain, from, budget) {
            state = Some(value);
            from = next;
            continue;
        }
        if keeps_text(name) && link.open.is_some() && from > 0 {
            let value = read(code, chain.start..link.name - 1, budget);
            state = Some(step(code, name, link, value, budget)?);
        }
        from += 1;
    }
    state.or_else(|| accessor(code, chain))
}

/// What a chain begins with, and the link behind it.
fn begins(code: &Code, chain: &Chain, at: usize, budget: Budget) -> Option<(Value, usize)> {
    let link = &chain.links[at];
    let name = code.text_of(link.name);
    let open = link.open?;
    let arguments = || code.arguments(open);
    let text = |range: &Range<usize>| match read(code, range.clone(), budget) {
        Value::Literal(text) => Some(text),
        _ => None,
    };
    let argument = |index: usize| arguments().get(index).map(|range| read(code, range.clone(), budget));
    let receiver = at.checked_sub(1).map_or("", |before| code.text_of(chain.links[before].name));
    let value = match name {
        "getenv" if receiver == "System" || receiver == "Env" && arguments().len() == 1 => {
            if arguments().is_empty() {
                let get =
                    chain.links.get(at + 1).filter(|link| code.is_any(link.name, &["get", "getOrDefault", "getValue", "["]))?;
                let arguments = get.arguments(code);
                let env = Value::Env { name: text(arguments.first()?)?, default: None };
                let default = arguments.get(1).map(|range| read(code, range.clone(), budget));
                return Some((default.map_or(env.clone(), |default| or(env, default)), at + 2));
            }
            Value::Env { name: text(arguments().first()?)?, default: None }
        }
        "getProperty" | "getRequiredProperty" | "resolvePlaceholders" | "resolveRequiredPlaceholders"
            if holds_settings(code, chain, at) =>
        {
            let key = text(arguments().first()?)?;
            if name.starts_with("resolve") {
                return Some((values::placeholders(literal(key)), at + 1));
            }
            // The type stands before the default.
            let default = arguments().into_iter().skip(1).find(|range| !range.clone().any(|at| code.is(at, "class")));
            let property = Value::Property { key, default: None };
            default.map_or(property.clone(), |range| or(property, read(code, range, budget)))
        }
        "getString" | "getValue" | "getOptionalValue" | "property" | "propertyOrNull" | "getConfigValue" | "tryGetString"
            if holds_settings(code, chain, at) =>
        {
            let key = text(arguments().first()?)?;
            // `config("a").property("b")`.
            let outer = at.checked_sub(1).map(|before| &chain.links[before]);
            let outer =
                outer.filter(|link| code.is_any(link.name, &["config", "getConfig"])).and_then(|link| link.argument(code));
            let key = outer.and_then(|range| text(&range)).map_or(key.clone(), |outer| format!("{outer}.{key}").into());
            let default = arguments().into_iter().nth(1).filter(|range| !range.clone().any(|at| code.is(at, "class")));
            let property = Value::Property { key, default: None };
            default.map_or(property.clone(), |range| or(property, read(code, range, budget)))
        }
        "ofNullable" | "requireNonNull" | "checkNotNull" | "requireNotNull" | "valueOf" | "of"
            if matches!(receiver, "Optional" | "Objects" | "Preconditions" | "String" | "" | "URI") && arguments().len() <= 2 =>
        {
            argument(0)?
        }
        "requireNonNullElse" | "defaultIfEmpty" | "defaultIfBlank" | "defaultString" | "firstNonNull" => {
            or(argument(0)?, argument(1)?)
        }
        "format" if matches!(receiver, "String" | "MessageFormat") => {
            let mut arguments = arguments();
            // A locale may stand first.
            if arguments.first().is_some_and(|range| code.is(range.start, "Locale")) {
                arguments.remove(0);
            }
            let rest = arguments.iter().skip(1).map(|range| read(code, range.clone(), budget)).collect();
            urls::formatted(read(code, arguments.first()?.clone(), budget), rest)
        }
        "trimTrailingCharacter" | "trimAllWhitespace" | "stripEnd" | "removeEnd" => argument(0)?,
        _ => match urls::begins(code, chain, at, &|range| read(code, range, budget)) {
            Some(value) => value,
            None => house(code, chain, at, budget)?,
        },
    };
    Some((value, at + 1))
}

/// True where the object before a link is known to hold settings.
fn holds_settings(code: &Code, chain: &Chain, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| code.text_of(chain.links[before].name)) else { return false };
    let ends = |word: &str| {
        let small = word.to_ascii_lowercase();
        ["env", "environment", "config", "configuration", "conf", "properties", "props", "settings", "resolver"]
            .iter()
            .any(|end| small.ends_with(end))
    };
    matches!(before, "System" | "getEnvironment" | "load") || ends(before) || type_of(code, before).is_some_and(|of| ends(&of))
}

/// Methods that leave a text as the address that it is.
fn keeps_text(name: &str) -> bool {
    matches!(
        name,
        "trim"
            | "strip"
            | "toString"
            | "toUri"
            | "toUriString"
            | "toURI"
            | "toURL"
            | "toHttpUrl"
            | "toHttpUrlOrNull"
            | "toASCIIString"
            | "toExternalForm"
            | "intern"
            | "removeSuffix"
            | "trimEnd"
            | "replace"
            | "replaceAll"
            | "replaceFirst"
            | "concat"
            | "resolve"
            | "formatted"
            | "format"
            | "plus"
            | "orElse"
            | "orElseGet"
            | "ifEmpty"
            | "ifBlank"
            | "path"
            | "pathSegment"
            | "queryParam"
            | "resolveTemplate"
            | "build"
            | "buildAndExpand"
            | "expand"
            | "encode"
    )
}

/// What a link makes of the value before it; None where it makes something else of it.
fn step(code: &Code, name: &str, link: &Link, value: Value, budget: Budget) -> Option<Value> {
    let arguments = || link.arguments(code).into_iter().map(|range| read(code, range, budget));
    if link.open.is_none() && link.block.is_none() {
        // Properties of Kotlin: `.absoluteUrl`; what is a member of something else is no address.
        return None;
    }
    Some(match name {
        "concat" | "plus" => concat([value, arguments().next()?]),
        "orElse" | "getOrElse" => or(value, arguments().next()?),
        "orElseGet" => {
            let given = link.argument(code)?;
            let from = given.clone().find(|&at| code.is(at, "->")).map_or(given.start, |arrow| arrow + 1);
            or(value, read(code, from..given.end, budget))
        }
        "ifEmpty" | "ifBlank" => {
            let block = link.block?;
            or(value, read(code, code.inside(block), budget))
        }
        "formatted" | "format" => urls::formatted(value, arguments().collect()),
        "resolve" => join(value, arguments().next()?),
        _ => return urls::step(code, name, link, value, &|range| read(code, range, budget)),
    })
}

/// A call of a function of the file that returns one expression: what it returns, with what it is given put in.
fn house(code: &Code, chain: &Chain, at: usize, budget: Budget) -> Option<Value> {
    let is_own = at == 0 && !code.is(chain.start, "new") || at == 1 && code.is(chain.links[0].name, "this");
    let link = &chain.links[at];
    if !is_own || budget.half().is_spent() {
        return None;
    }
    let arguments = link.arguments(code);
    let item = Known::of(code).function(code, code.text_of(link.name), arguments.len())?;
    let parameters = code.parameters(item);
    let given: Vec<(&str, Value)> = parameters
        .into_iter()
        .zip(arguments)
        .filter_map(|(parameter, argument)| Some((code.parameter_name(parameter)?, read(code, argument, budget))))
        .collect();
    if let Some(env) = environment_of_house(code, item, &given) {
        return Some(env);
    }
    let returned = returned(code, item)?;
    let value = read(code, returned, budget);
    let put = |part: Value| match &part {
        Value::Symbol(symbol) => {
            let found = given.iter().find(|(name, _)| symbol.strip_prefix('#') == Some(*name));
            found.map_or(part.clone(), |(_, value)| value.clone())
        }
        _ => part,
    };
    Some(match value {
        Value::Concat(parts) => concat(parts.into_iter().map(put)),
        other => put(other),
    })
}

/// `env("NAME", "default")` where the house asks the environment for what its function is given.
fn environment_of_house(code: &Code, item: &Item, given: &[(&str, Value)]) -> Option<Value> {
    let asks = code.occurrences_in(item.body.clone(), "getenv").iter().any(|&at| {
        let argument = code.text_of(at as usize + 2);
        given.first().is_some_and(|(name, _)| argument == *name || code.is(at as usize + 2, ")"))
    });
    let Value::Literal(name) = given.first().filter(|_| asks).map(|(_, value)| value)? else { return None };
    let env = Value::Env { name: name.clone(), default: None };
    Some(given.get(1).map_or(env.clone(), |(_, default)| or(env, default.clone())))
}

/// The one expression that a function returns.
pub fn returned(code: &Code, item: &Item) -> Option<Range<usize>> {
    let before = item.body.start.checked_sub(1)?;
    if !code.is(before, "{") {
        return Some(item.body.clone());
    }
    let [at] = code.occurrences_in(item.body.clone(), "return") else { return None };
    // What a function inside of it returns is not its own.
    let from = *at as usize + 1;
    if code.enclosing(from, ItemKind::Function).is_none_or(|around| around.name != item.name) {
        return None;
    }
    let mut end = from;
    while end < item.body.end && !code.is(end, ";") {
        let goes_on = code.is_any(end, &[".", "?.", "+", "?:"]) || end > from && code.is_any(end - 1, &["+", "?:"]);
        if end > from && code.language.name() == "Kotlin" && code.begins_line(end) && !goes_on {
            break;
        }
        end = code.after(end);
    }
    Some(from..end.min(item.body.end))
}

/// `properties.getOrders().getUrl()` is the member `orders.url` of its type, and `Topics.ORDERS.getName()` the constant.
fn accessor(code: &Code, chain: &Chain) -> Option<Value> {
    let (first, rest) = chain.links.split_first()?;
    if chain.start != first.name || first.open.is_some() || rest.is_empty() || rest.iter().any(|link| link.block.is_some()) {
        return None;
    }
    if !rest.iter().all(|link| link.open.is_none_or(|open| code.is(open, "(") && code.is(open + 1, ")"))) {
        return None;
    }
    let members: Vec<String> = rest.iter().map(|link| bare(code.text_of(link.name))).collect();
    let object = code.text_of(first.name);
    if object == "this" && rest.len() > 1 {
        return names::member(code, code.text_of(rest[0].name), &members[1..].join("."));
    }
    if object.starts_with(|first: char| first.is_lowercase()) {
        return names::member(code, object, &members.join("."));
    }
    let [constant, of @ ..] = rest else { return None };
    let is_constant = constant.open.is_none() && super::is_constant(code.text_of(constant.name));
    match of {
        [only] if is_constant && code.is_any(only.name, &["name", "toString"]) => Some(literal(code.text_of(constant.name))),
        [_] if is_constant => code.dotted(first.name..constant.name + 1).map(|name| Value::Symbol(type_symbol(code, &name))),
        [] if constant.open.is_some() => Some(Value::Symbol(format!("{}.{}", type_symbol(code, object), members[0]).into())),
        _ => None,
    }
}

/// A getter's name as that of what it gets: `getUrl` as `url`.
pub fn bare(name: &str) -> String {
    match name.strip_prefix("get").filter(|rest| rest.starts_with(|first: char| first.is_uppercase())) {
        Some(rest) => {
            let mut letters = rest.chars();
            letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
        }
        None => name.to_owned(),
    }
}
