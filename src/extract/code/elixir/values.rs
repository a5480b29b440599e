//! Expressions of Elixir as values: variables of the environment, settings of applications, functions without parameters.
//!
//! A setting is named by its application and keys, joined by dots: `Application.get_env(:shop, Shop.Orders)[:url]` is
//! `shop.Shop.Orders.url`, as `config :shop, Shop.Orders, url: …` gives it.

use std::ops::Range;
use std::sync::Arc;

use super::syntax::{self, Module};
use crate::extract::code::Code;
use crate::extract::code::structure::ItemKind;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{Budget, Reader, concat, literal, unknown};
use crate::facts::Value;

const READER: Reader = Reader { expression, name };
/// Places of one name that are looked at.
const MOST_PLACES: usize = 60;
/// Keys of one setting.
const MOST_KEYS: usize = 8;

/// What an expression stands for; what the function around it is given is a parameter of that function, named with its whole module.
pub fn value(code: &Code, range: Range<usize>) -> Value {
    let at = range.start;
    // An atom is a text of its own.
    if let Some(atom) = syntax::atom(code, range.clone()) {
        return Value::Literal(atom);
    }
    let value = code.grounded(at, code.value_by(range, READER, Budget::WHOLE));
    match &value {
        Value::Parameter { .. } | Value::Concat(_) => with_module(value, &module_name(code, at)),
        _ => value,
    }
}

fn module_name(code: &Code, at: usize) -> String {
    let modules = code.shared(|code| Arc::new(syntax::modules(code)));
    syntax::module_at(&modules, at).map_or(String::new(), |module| module.name.clone())
}

/// The module around a token.
pub fn module_around(code: &Code, at: usize) -> Option<String> {
    Some(module_name(code, at)).filter(|name| !name.is_empty())
}

fn with_module(value: Value, module: &str) -> Value {
    match value {
        Value::Parameter { function, index } => {
            let short = module.rsplit('.').next().unwrap_or(module);
            let function = match function.strip_prefix(short).and_then(|rest| rest.strip_prefix('.')) {
                Some(name) => format!("{module}.{name}").into(),
                None => function,
            };
            Value::Parameter { function, index }
        }
        Value::Concat(parts) => {
            let part = |part| match part {
                Value::Parameter { .. } => with_module(part, module),
                other => other,
            };
            Value::Concat(parts.into_iter().map(part).collect())
        }
        other => other,
    }
}

fn by(code: &Code, range: Range<usize>, budget: Budget) -> Value {
    match syntax::atom(code, range.clone()) {
        Some(atom) => Value::Literal(atom),
        None => code.value_by(range, READER, budget),
    }
}

fn expression(code: &Code, range: Range<usize>, budget: Budget) -> Option<Value> {
    let Range { start, end } = range;
    if budget.is_spent() || start >= end {
        return None;
    }
    if end - start == 1 {
        return charlist(code, start);
    }
    let piped = code.split(start..end, "|>");
    if let [first, calls @ ..] = &piped[..]
        && !calls.is_empty()
    {
        return Some(
            calls.iter().take(8).fold(by(code, first.clone(), budget), |value, call| pipe(code, value, call.clone(), budget)),
        );
    }
    let choices = code.split(start..end, "||");
    if let [first, second, ..] = &choices[..] {
        let otherwise = (!code.is(second.start, "raise")).then(|| by(code, second.clone(), budget));
        return Some(with_default(by(code, first.clone(), budget), otherwise));
    }
    let last = end - 1;
    let open = code.partner(last);
    if open >= last {
        return None;
    }
    match code.text_of(last) {
        // `settings[:url]`
        "]" if open > start => {
            let key = syntax::atom(code, code.inside(open))?;
            Some(member(by(code, start..open, budget), &key))
        }
        // `{:system, "ORDERS_URL"}`
        "}" if open == start => {
            let parts = code.arguments(open);
            let [system, name, ..] = &parts[..] else { return None };
            syntax::atom(code, system.clone()).filter(|atom| &**atom == "system")?;
            let default = parts.get(2).map(|range| by(code, range.clone(), budget));
            Some(with_default(Value::Env { name: code.literal(name.start)?.as_ref().into(), default: None }, default))
        }
        ")" if open > start => {
            let call = code.call_before(open)?;
            let path = code.dotted(start..call.name + 1)?;
            called(code, &path, start, &code.arguments(open), budget)
        }
        _ => None,
    }
}

/// `~c"text"` and `~s(text)`: a text by another mark.
fn charlist(code: &Code, at: usize) -> Option<Value> {
    let text = code.text_of(at);
    let inner = ["~c", "~s", "~S"].iter().find_map(|mark| text.strip_prefix(mark))?;
    let inner = inner.get(1..inner.len().checked_sub(1)?)?;
    (code.kind(at) == Some(TokenKind::Literal) && !inner.contains("#{")).then(|| literal(inner))
}

fn called(code: &Code, path: &str, at: usize, arguments: &[Range<usize>], budget: Budget) -> Option<Value> {
    let first = arguments.first().cloned();
    let value_of = |index: usize| arguments.get(index).map(|range| by(code, range.clone(), budget));
    match path {
        "System.get_env" | "System.fetch_env!" | "System.fetch_env" => match value_of(0)? {
            Value::Literal(name) => Some(with_default(Value::Env { name, default: None }, value_of(1))),
            _ => None,
        },
        "Application.get_env"
        | "Application.fetch_env!"
        | "Application.fetch_env"
        | "Application.compile_env"
        | "Application.compile_env!" => {
            let key = setting(code, arguments, at)?;
            Some(with_default(Value::Property { key, default: None }, value_of(2)))
        }
        "Keyword.get" | "Keyword.fetch!" | "Map.get" | "Map.fetch!" | "Access.get" | "get_in" => {
            let key = arguments.get(1).and_then(|key| syntax::atoms(code, key.clone()))?;
            let found = key.iter().fold(value_of(0)?, |value, key| member(value, key));
            matches!(found, Value::Property { .. }).then(|| with_default(found, value_of(2)))
        }
        "String.trim_trailing"
        | "String.trim"
        | "String.to_integer"
        | "String.to_charlist"
        | "to_charlist"
        | "to_string"
        | "String.downcase"
        | "URI.parse"
        | "URI.new!"
        | "URI.to_string"
        | "String.to_atom"
        | "Integer.to_string"
        | "List.to_string" => Some(without_slash(value_of(0)?)),
        "Path.join" | "URI.merge" => match (&first, arguments.get(1)) {
            (_, Some(second)) => Some(joined(value_of(0)?, by(code, second.clone(), budget))),
            (Some(list), None) if code.is(list.start, "[") => {
                let parts = code.arguments(list.start).into_iter().take(MOST_KEYS);
                parts.map(|part| by(code, part, budget)).reduce(joined)
            }
            _ => None,
        },
        _ if arguments.is_empty() => match path.rsplit_once('.') {
            None => Some(given(code, path, budget).unwrap_or_else(|| Value::Symbol(local(code, path, at)))),
            Some(("__MODULE__", name)) => given(code, name, budget),
            Some((of, name)) if of.starts_with(|first: char| first.is_ascii_uppercase()) => {
                Some(Value::Symbol(format!("{}.{name}", code.symbol(of)).into()))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The symbol of a function of the module around.
fn local(code: &Code, name: &str, at: usize) -> Arc<str> {
    match module_around(code, at) {
        Some(module) if given_at(code, name).is_some() => format!("#{module}.{name}").into(),
        _ => format!("#{name}").into(),
    }
}

/// `settings |> Keyword.get(:url)`
fn pipe(code: &Code, value: Value, call: Range<usize>, budget: Budget) -> Value {
    let open = call.clone().find(|&at| code.is(at, "(")).unwrap_or(call.end);
    let Some(path) = code.dotted(call.start..open) else { return unknown(code.text_in(call)) };
    let arguments = if open < call.end { code.arguments(open) } else { Vec::new() };
    let key = || arguments.first().and_then(|key| syntax::atom(code, key.clone()));
    match path.as_str() {
        "Keyword.get" | "Keyword.fetch!" | "Map.get" | "Map.fetch!" | "Access.get" => match key() {
            Some(key) => with_default(member(value, &key), arguments.get(1).map(|range| by(code, range.clone(), budget))),
            None => unknown(code.text_in(call)),
        },
        "String.trim"
        | "String.trim_trailing"
        | "to_string"
        | "URI.parse"
        | "URI.to_string"
        | "String.to_charlist"
        | "URI.new!"
        | "String.to_integer" => without_slash(value),
        "Path.join" | "URI.merge" => match arguments.first() {
            Some(path) => joined(value, by(code, path.clone(), budget)),
            None => unknown(code.text_in(call)),
        },
        "Kernel.<>" => match arguments.first() {
            Some(more) => concat([value, by(code, more.clone(), budget)]),
            None => value,
        },
        _ => unknown(code.text_in(call)),
    }
}

/// The name of a setting: `:shop, :url`, `:shop, [:orders, :url]`, `:shop, Shop.Orders`, `:shop, __MODULE__`.
fn setting(code: &Code, arguments: &[Range<usize>], at: usize) -> Option<Arc<str>> {
    let [application, key, ..] = arguments else { return None };
    let application = syntax::atom(code, application.clone())?;
    let key = key_name(code, key.clone(), at)?;
    Some(format!("{application}.{key}").into())
}

/// The name of one key, or of a list of them.
pub fn key_name(code: &Code, key: Range<usize>, at: usize) -> Option<String> {
    if let Some(atoms) = syntax::atoms(code, key.clone()) {
        return Some(atoms.iter().take(MOST_KEYS).map(|atom| &**atom).collect::<Vec<_>>().join("."));
    }
    if code.is(key.start, "[") {
        let parts = code.arguments(key.start).into_iter().take(MOST_KEYS);
        let names: Option<Vec<String>> = parts
            .map(|part| syntax::atom(code, part.clone()).map(|atom| atom.to_string()).or_else(|| module_key(code, part, at)))
            .collect();
        return names.map(|names| names.join("."));
    }
    module_key(code, key, at)
}

fn module_key(code: &Code, key: Range<usize>, at: usize) -> Option<String> {
    let body = 0..code.len();
    let module = Module { name: module_around(code, at).unwrap_or_default(), body };
    syntax::full_name(code, &module, key)
}

/// What a key of some settings is.
fn member(value: Value, key: &str) -> Value {
    match value {
        Value::Property { key: before, .. } => Value::Property { key: format!("{before}.{key}").into(), default: None },
        _ => unknown(key),
    }
}

pub fn with_default(value: Value, otherwise: Option<Value>) -> Value {
    let known = |otherwise: Option<Value>| {
        otherwise.filter(|value| !matches!(value, Value::Unknown(_)) && *value != literal("nil")).map(Box::new)
    };
    match value {
        Value::Env { name, default: None } => Value::Env { name, default: known(otherwise) },
        Value::Property { key, default: None } => Value::Property { key, default: known(otherwise) },
        other => other,
    }
}

/// A base and a path with one slash between.
pub fn joined(base: Value, path: Value) -> Value {
    let path = match &path {
        Value::Literal(text) if !text.starts_with('/') && !text.is_empty() => concat([literal("/"), path]),
        _ => path,
    };
    concat([without_slash(base), path])
}

fn without_slash(value: Value) -> Value {
    match value {
        Value::Literal(text) => literal(text.strip_suffix('/').unwrap_or(&text)),
        other => other,
    }
}

/// A name as it is used at a token: bound in the function around, a parameter, an attribute, or a function without parameters.
fn name(code: &Code, name: &str, at: usize, budget: Budget) -> Option<Value> {
    if budget.is_spent() || code.is(at, "@") {
        return None;
    }
    if let Some((of, function)) = name.rsplit_once('.') {
        let is_module = of.starts_with(|first: char| first.is_ascii_uppercase());
        let is_function = function.starts_with(|first: char| first.is_ascii_lowercase());
        return (is_module && is_function).then(|| Value::Symbol(format!("{}.{function}", code.symbol(of)).into()));
    }
    if name.starts_with(|first: char| first.is_ascii_uppercase()) {
        return Some(Value::Symbol(code.symbol(name)));
    }
    // Outside of functions, settings have names, too.
    let item = code.enclosing(at, ItemKind::Function);
    let around = item.map_or(0..at, |item| item.body.start..at.min(item.body.end));
    let earlier = code.occurrences_in(around, name);
    let bound = earlier.iter().rev().take(MOST_PLACES).find_map(|&place| binding(code, place as usize, at));
    if let Some(range) = bound {
        return Some(by(code, range, budget));
    }
    let parameters = item.map_or(Vec::new(), |item| code.parameters(item));
    if parameters.into_iter().any(|range| code.parameter_name(range) == Some(name)) {
        return Some(Value::Symbol(format!("#{name}").into()));
    }
    let is_attribute =
        code.occurrences(name).iter().take(MOST_PLACES).any(|&place| place > 0 && code.is(place as usize - 1, "@"));
    if is_attribute {
        return None;
    }
    Some(given(code, name, budget).unwrap_or_else(|| Value::Symbol(local(code, name, at))))
}

/// The tokens bound to a name: `name = value`, `{:ok, name} = value`.
fn binding(code: &Code, place: usize, before: usize) -> Option<Range<usize>> {
    let equals = if code.is(place + 1, "}") { place + 2 } else { place + 1 };
    if !code.is(equals, "=") || !(code.begins_line(place) || equals > place + 1) {
        return None;
    }
    let end = expression_end(code, equals + 1);
    (end <= before).then_some(equals + 1..end)
}

/// Where an expression ends that may go on over lines.
fn expression_end(code: &Code, from: usize) -> usize {
    let mut end = from;
    while end < code.len() {
        if code.kind(end) == Some(TokenKind::Close) || code.is_any(end, &[",", ";"]) {
            break;
        }
        if end > from && begins_statement(code, end) {
            break;
        }
        end = code.after(end);
    }
    end
}

/// True where a line begins that does not go on with the one before.
fn begins_statement(code: &Code, at: usize) -> bool {
    let signs = ["|>", "||", "&&", "<>", "++", "+", "and", "or", "=", "->", "==", ">", "<"];
    code.begins_line(at) && !code.is_any(at, &signs) && !at.checked_sub(1).is_some_and(|before| code.is_any(before, &signs))
}

/// What a function without parameters gives: `def base_url, do: "http://orders"`, `defp base_url do … end`.
fn given(code: &Code, name: &str, budget: Budget) -> Option<Value> {
    let range = given_at(code, name)?;
    if budget.is_spent() {
        return None;
    }
    match by(code, range, budget) {
        Value::Unknown(_) => None,
        value => Some(value),
    }
}

fn given_at(code: &Code, name: &str) -> Option<Range<usize>> {
    let places = code.occurrences(name).iter().take(MOST_PLACES).map(|&at| at as usize);
    let mut heads = places.filter(|&at| at > 0 && code.is_any(at - 1, &["def", "defp"]));
    heads.find_map(|at| function_value(code, at))
}

/// The last expression of the function without parameters whose name stands at a token.
pub fn function_value(code: &Code, name: usize) -> Option<Range<usize>> {
    let after = match code.is(name + 1, "(") {
        true if code.partner(name + 1) == name + 2 => name + 3,
        true => return None,
        false => name + 1,
    };
    if code.is(after, "do") {
        let body = code.inside(after);
        let mut from = body.start;
        let mut at = body.start;
        while at < body.end {
            if at > body.start && begins_statement(code, at) {
                from = at;
            }
            at = code.after(at);
        }
        return (from < body.end).then_some(from..body.end);
    }
    if code.is(after, ",") && code.is(after + 1, "do") && code.is(after + 2, ":") {
        return Some(after + 3..expression_end(code, after + 3));
    }
    None
}

/// True for what holds a variable of the environment or a setting.
pub fn is_setting(value: &Value) -> bool {
    match value {
        Value::Env { .. } | Value::Property { .. } => true,
        Value::Concat(parts) => parts.iter().any(|part| matches!(part, Value::Env { .. } | Value::Property { .. })),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;
    use crate::extract::code::snapshot::show;

    /// What is given to `result(…)`.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let code = Code::new(Language::from_name("Elixir").expect("in the table"), "lib/a.ex", text);
        let open = (0..code.len()).rev().find(|&at| code.is(at, "result")).expect("there is one") + 1;
        assert_eq!(show(&value(&code, code.arguments(open)[0].clone())), expected, "{text}");
    }

    #[test]
    fn the_environment_and_settings() {
        check("result(System.get_env(\"A\") || \"http://b\")", "env(A or http://b)");
        check("result(System.get_env(\"A\", \"b\") <> \"/c\")", "env(A or b)+/c");
        check("result(\"#{System.fetch_env!(\"A\")}/c/#{id}\")", "env(A)+/c/+<#id>");
        check("result(Application.get_env(:shop, :orders)[:url])", "property(shop.orders.url)");
        check(
            "result(Application.fetch_env!(:shop, Shop.Orders) |> Keyword.get(:url, \"x\"))",
            "property(shop.Shop.Orders.url or x)",
        );
        check("result({:system, \"A\"})", "env(A)");
        check("result(~c\"http://a\")", "http://a");
    }

    #[test]
    fn names_and_functions() {
        let module = |body: &str| format!("defmodule Shop.Orders do\n  @base \"http://a\"\n{body}\nend");
        check(&module("  def all do\n    result(@base <> \"/x\")\n  end"), "http://a/x");
        check(
            &module("  def all do\n    result(\"#{base_url()}/x\")\n  end\n  defp base_url, do: System.get_env(\"B\")"),
            "env(B)+/x",
        );
        check(&module("  def all(path) do\n    result(@base <> path)\n  end"), "http://a+parameter(Shop.Orders.all 0)");
        check(
            &module("  def a do\n    url = \"/no\"\n    url\n  end\n  def all(url) do\n    result(url)\n  end"),
            "parameter(Shop.Orders.all 0)",
        );
        check(&module("  def all do\n    url =\n      \"/a\"\n      |> String.trim()\n    result(url)\n  end"), "/a");
        check(
            &module("  def all do\n    result(Application.get_env(:shop, __MODULE__)[:url])\n  end"),
            "property(shop.Shop.Orders.url)",
        );
        check(&module("  alias Shop.Config\n  def all do\n    result(Config.url() <> \"/x\")\n  end"), "<#Shop.Config.url>+/x");
    }
}
