//! Values as Ruby writes them: variables of the environment, settings of Rails and its libraries, URLs put together, names of the file.
//!
//! A local name belongs to the method around it, an instance variable to the class; a method without arguments is what it returns.

use std::ops::Range;

pub use super::names::{given, line_end, method};
use super::names::{instance_variable, local, method_value, methods_around};
use crate::extract::code::value::{Budget, Reader, concat, literal, unknown};
use crate::extract::code::{Code, targets};
use crate::facts::Value;

const READER: Reader = Reader { expression, name };
/// Places of a name that are looked at.
const MOST_PLACES: usize = 64;
/// Parts of a text that is put together.
const MOST_PARTS: usize = 64;
/// What changes nothing of an address.
const KEEPING: [&str; 18] = [
    "freeze",
    "to_s",
    "to_str",
    "strip",
    "chomp",
    "delete_suffix",
    "presence",
    "dup",
    "request_uri",
    "path",
    "normalize",
    "to_sym",
    "to_i",
    "chomp!",
    "squish",
    "downcase",
    "html_safe",
    "itself",
];

/// What an expression stands for.
pub fn value(code: &Code, range: Range<usize>) -> Value {
    let value = code.value_by(range.clone(), READER, Budget::WHOLE);
    match value {
        // Symbols and texts without a quote.
        Value::Unknown(_) => super::syntax::name(code, range).map_or(value, literal),
        value => value,
    }
}

/// The arguments of the call whose name is at a token, with or without brackets.
pub fn arguments(code: &Code, name: usize) -> Vec<Range<usize>> {
    if code.is(name + 1, "(") && code.tokens[name + 1].start == code.tokens[name].end {
        return code.arguments(name + 1);
    }
    if super::syntax::begins_arguments(code, name + 1) { code.line_arguments(name) } else { Vec::new() }
}

/// A name as it is used at a token.
fn name(code: &Code, name: &str, at: usize, budget: Budget) -> Option<Value> {
    if let Some(setting) = setting(name) {
        return Some(setting);
    }
    if name.contains('.') || name.starts_with(|first: char| first.is_uppercase() || first == '$') {
        return None;
    }
    if matches!(name, "nil" | "true" | "false" | "self") {
        return Some(unknown(name));
    }
    if let Some(range) = local(code, at, name) {
        return Some(code.value_by(range, READER, budget));
    }
    if let Some(found) = parameter(code, at, name, budget) {
        return Some(found);
    }
    if budget.is_spent() {
        return Some(unknown(name));
    }
    // Names of code in texts come without their sign.
    let found = instance_variable(code, at, name).or_else(|| method_value(code, at, name));
    Some(found.map_or_else(|| unknown(name), |range| code.value_by(range, READER, budget)))
}

/// What a method is given; a default that tells an address is taken.
fn parameter(code: &Code, at: usize, name: &str, budget: Budget) -> Option<Value> {
    let method = methods_around(code, at).next()?;
    let parameters = code.parameters(method);
    let index = parameters.iter().take(MOST_PLACES).position(|range| code.parameter_name(range.clone()) == Some(name))?;
    let range = parameters[index].clone();
    let mark = range.clone().find(|&at| code.is_any(at, &["=", ":"]));
    if let Some(mark) = mark.filter(|&mark| mark + 1 < range.end) {
        let default = code.value_by(mark + 1..range.end, READER, budget);
        if matches!(targets::first(&default), Value::Env { .. } | Value::Property { .. }) || targets::has_scheme(&default) {
            return Some(default);
        }
    }
    Some(Value::Parameter { function: code.callable_name(method).into(), index: index as u32 })
}

/// `Settings.orders.url`, `Rails.configuration.x.orders_url`, `Figaro.env.orders_url`.
fn setting(name: &str) -> Option<Value> {
    let property = |key: String| Some(Value::Property { key: key.into(), default: None });
    if let Some(key) = name.strip_prefix("Settings.").or(name.strip_prefix("::Settings.")) {
        return property(format!("settings.{}", key.trim_end_matches('!')));
    }
    for start in ["Rails.application.config.", "Rails.configuration.", "Rails.application.secrets."] {
        if let Some(key) = name.strip_prefix(start) {
            let group = if start.contains("secrets") { "secrets" } else { "config" };
            return property(format!("{group}.{key}"));
        }
    }
    let variable = name.strip_prefix("Figaro.env.")?;
    Some(Value::Env { name: variable.trim_end_matches('!').to_ascii_uppercase().into(), default: None })
}

fn with_default(value: Value, other: Value) -> Value {
    let is_nothing = matches!(&other, Value::Unknown(_)) || matches!(&other, Value::Literal(text) if text.is_empty());
    let default = Some(other).filter(|_| !is_nothing).map(Box::new);
    match value {
        Value::Env { name, default: None } => Value::Env { name, default },
        Value::Property { key, default: None } => Value::Property { key, default },
        Value::Unknown(why) => default.map_or(Value::Unknown(why), |default| *default),
        other => other,
    }
}

/// What only Ruby writes.
fn expression(code: &Code, range: Range<usize>, budget: Budget) -> Option<Value> {
    let Range { start, end } = range.clone();
    let read = |range: Range<usize>| code.value_by(range, READER, budget);
    let mut at = start;
    while at < end {
        if code.is(at, "||") && at > start {
            return Some(with_default(read(start..at), read(at + 1..end)));
        }
        if code.is(at, "?") && at > start {
            return Some(unknown("one or the other"));
        }
        at = code.after(at);
    }
    if let Some(value) = environment(code, range.clone(), budget) {
        return Some(value);
    }
    if code.is(start, "::") {
        return Some(read(start + 1..end));
    }
    // `@name`
    if code.is(start, "@") {
        let at = start + (start..end).take_while(|&at| code.is(at, "@")).count();
        if at + 1 == end {
            let name = code.word(at)?;
            return Some(match instance_variable(code, at, name) {
                Some(range) => code.value_by(range, READER, budget),
                None => unknown(name),
            });
        }
    }
    if let Some(value) = ending(code, range.clone(), budget) {
        return Some(value);
    }
    put_together(code, range.clone(), budget).or_else(|| index(code, range, budget))
}

/// `ENV['NAME']`, `ENV.fetch('NAME', default)`, `ENV.fetch('NAME') { default }`.
fn environment(code: &Code, range: Range<usize>, budget: Budget) -> Option<Value> {
    let Range { start, end } = range;
    let text = |at: usize| code.literal(at).map(|text| text.into_owned());
    if code.reads(start, &["ENV", "["]) && code.after(start + 1) == end {
        return Some(Value::Env { name: text(start + 2)?.into(), default: None });
    }
    if !code.reads(start, &["ENV", ".", "fetch", "("]) {
        return None;
    }
    let after = code.after(start + 3);
    let arguments = code.arguments(start + 3);
    let name = text(arguments.first()?.start)?.into();
    let default = match arguments.get(1) {
        Some(default) if after == end => Some(default.clone()),
        None if code.is_any(after, &["{", "do"]) && code.after(after) == end => Some(code.inside(after)),
        None if after == end => None,
        _ => return None,
    };
    let default = default.map(|default| code.value_by(default, READER, budget));
    Some(with_default(Value::Env { name, default: None }, default.unwrap_or_else(|| unknown("nothing"))))
}

/// `expression.freeze`, `expression.chomp('/')`.
fn ending(code: &Code, range: Range<usize>, budget: Budget) -> Option<Value> {
    let mut last = range.end.checked_sub(1)?;
    if code.is(last, ")") {
        last = code.partner(last).checked_sub(1)?;
    }
    let dot = last.checked_sub(1).filter(|dot| *dot > range.start && code.is(*dot, "."))?;
    let name = code.word(last).filter(|name| KEEPING.contains(name))?;
    let of = range.start..dot;
    let value = code.value_by(of, READER, budget);
    // The path of an address that is known is all of it; of another it is unknown.
    if matches!(name, "path" | "request_uri")
        && !matches!(
            value,
            Value::Parameter { .. } | Value::Concat(_) | Value::Env { .. } | Value::Property { .. } | Value::Literal(_)
        )
    {
        return None;
    }
    Some(match value {
        Value::Literal(text) if matches!(name, "chomp" | "delete_suffix") => literal(text.trim_end_matches('/')),
        value => value,
    })
}

/// `URI(url)`, `URI.parse(url)`, `URI.join(base, path)`, `File.join(base, path)`, `format('%s/x', base)`, `[base, path].join('/')`.
fn put_together(code: &Code, range: Range<usize>, budget: Budget) -> Option<Value> {
    let Range { start, end } = range;
    if let Some(percent) = (start + 1..end).find(|&at| code.is(at, "%")).filter(|&at| at == start + 1) {
        let is_list = code.is(percent + 1, "[") && code.after(percent + 1) == end;
        let given = if is_list { code.arguments(percent + 1) } else { code.split(percent + 1..end, ",") };
        return formatted(code, &code.literal(start)?, &given, budget);
    }
    let close = end.checked_sub(1).filter(|&at| code.is(at, ")"))?;
    let open = code.partner(close);
    if open <= start || open >= close {
        return None;
    }
    let arguments = code.arguments(open);
    let read = |range: &Range<usize>| code.value_by(range.clone(), READER, budget);
    let called: String = (start..open).map(|at| code.text_of(at)).take(12).collect();
    match called.trim_start_matches("::") {
        "URI"
        | "URI.parse"
        | "Addressable::URI.parse"
        | "String"
        | "URI.encode"
        | "Pathname"
        | "CGI.unescape"
        | "URI::HTTP.build" => arguments.first().map(read).filter(|value| !matches!(value, Value::Unknown(_))),
        "URI.join" | "File.join" | "Addressable::URI.join" => {
            let parts = arguments.iter().take(MOST_PARTS).map(read);
            parts.reduce(targets::below)
        }
        "format" | "sprintf" | "Kernel.format" => {
            formatted(code, &code.literal(arguments.first()?.start)?, &arguments[1..], budget)
        }
        "Rails.application.config_for" | "Rails.configuration_for" => {
            let name = super::syntax::name(code, arguments.first()?.clone())?;
            Some(Value::Property { key: name.into(), default: None })
        }
        _ if code.is(start, "[") && code.after(start) + 2 == open && code.is(open - 1, "join") => {
            let separator = code.literal(arguments.first()?.start)?;
            let parts = code.arguments(start).into_iter().take(MOST_PARTS).enumerate();
            let parts = parts.flat_map(|(index, part)| [literal(if index == 0 { "" } else { &*separator }), read(&part)]);
            Some(concat(parts.collect::<Vec<_>>()))
        }
        _ => None,
    }
}

fn formatted(code: &Code, format: &str, given: &[Range<usize>], budget: Budget) -> Option<Value> {
    let mut parts = Vec::new();
    let mut rest = format;
    let mut next = 0;
    while let Some(at) = rest.find('%').filter(|_| parts.len() < MOST_PARTS) {
        parts.push(literal(&rest[..at]));
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            parts.push(literal("%"));
            rest = after;
            continue;
        }
        // `%<name>s` and `%{name}` name their arguments.
        let named = rest.strip_prefix(['<', '{']).and_then(|inner| inner.split_once(['>', '}']));
        let value = match named {
            Some((name, _)) => code.named(given, name),
            None => given.get(next).cloned(),
        };
        next += 1;
        parts.push(value.map_or_else(|| unknown("nothing"), |range| code.value_by(range, READER, budget)));
        rest = match named {
            Some((_, behind)) if rest.starts_with('{') => behind,
            _ => {
                let from = named.map_or(0, |(name, _)| name.len() + 2);
                let length = rest[from..].find(|c: char| c.is_ascii_alphabetic())?;
                &rest[from + length + 1..]
            }
        };
    }
    parts.push(literal(rest));
    Some(concat(parts))
}

/// `CONFIG['orders']['url']`, `config_for(:services)[:orders]`, `Rails.configuration.services[:orders]`.
fn index(code: &Code, range: Range<usize>, budget: Budget) -> Option<Value> {
    let mut keys = Vec::new();
    let mut end = range.end;
    while end > range.start + 1 {
        let close = end - 1;
        let open = code.partner(close);
        if code.is(close, "]") && open > range.start && open < close {
            keys.push(super::syntax::name(code, code.inside(open))?);
            end = open;
        } else if code.is(close, ")")
            && open > range.start + 2
            && code.is_any(open - 1, &["fetch", "dig"])
            && code.is(open - 2, ".")
        {
            for argument in code.arguments(open).into_iter().rev().take(4) {
                keys.push(super::syntax::name(code, argument)?);
            }
            end = open - 2;
        } else {
            break;
        }
    }
    if keys.is_empty() || keys.len() > 8 {
        return None;
    }
    keys.reverse();
    let of = range.start..end;
    if let Some(mut hash) = given(code, of.clone()).filter(|hash| code.is(hash.start, "{")) {
        for key in &keys {
            hash = code.named(&code.arguments(hash.start), key)?;
            hash.end = hash.end.max(hash.start);
        }
        return Some(code.value_by(hash, READER, budget));
    }
    match code.value_by(of, READER, budget) {
        Value::Property { key, default: None } => {
            Some(Value::Property { key: format!("{key}.{}", keys.join(".")).into(), default: None })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;
    use crate::extract::code::snapshot::show;

    /// The value of what `result(…)` is called with.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let code = Code::new(Language::from_name("Ruby").expect("in the table"), "a.rb", text);
        let open = (0..code.len()).find(|&at| code.is(at, "result")).expect("there is one") + 1;
        assert_eq!(show(&value(&code, code.inside(open))), expected, "{text}");
    }

    #[test]
    fn variables_of_the_environment_and_settings_are_read() {
        check("result(ENV['A'] || 'http://a')", "env(A or http://a)");
        check("result(ENV.fetch('A', 'x') + '/b')", "env(A or x)+/b");
        check("result(ENV.fetch('A') { 'x' })", "env(A or x)");
        check("result(\"#{ENV['A']}/b/#{id}\")", "env(A)+/b/+?id");
        check("result(\"#{ENV.fetch('A', 'http://a')}/b\")", "env(A or http://a)+/b");
        check("result(Settings.orders.url)", "property(settings.orders.url)");
        check("result(\"#{Rails.configuration.x.orders_url}/b\")", "property(config.x.orders_url)+/b");
        check("result(Figaro.env.orders_url!)", "env(ORDERS_URL)");
        check("result(Rails.application.config_for(:services)[:orders][:url])", "property(services.orders.url)");
    }

    #[test]
    fn texts_are_put_together() {
        check("result(URI.join(ENV['A'], '/b', id))", "env(A)+/b/+?id");
        check("result(URI.parse(\"http://a/b\"))", "http://a/b");
        check("result(File.join('http://a', 'b'))", "http://a/b");
        check("result(format('%s/b/%d', ENV['A'], id))", "env(A)+/b/+?id");
        check("result('%s/b' % ENV['A'])", "env(A)+/b");
        check("result(['http://a', 'b'].join('/'))", "http://a/b");
        check("C = { orders: { url: 'http://a' } }\nresult(C[:orders][:url])", "http://a");
    }

    #[test]
    fn names_belong_to_their_method_and_class() {
        check("def a\n u = 'x'\nend\ndef b\n result(u)\nend", "?u");
        check("def a(u)\n result(u)\nend", "parameter(a 0)");
        check(
            "class A\n def initialize(u: ENV['A'])\n  @u = u.chomp('/')\n end\n def b\n  result(\"#{@u}/x\")\n end\nend",
            "env(A)+/x",
        );
        check("class A\n def initialize(u)\n  @u = u\n end\n def b\n  result(@u + '/x')\n end\nend", "parameter(A 0)+/x");
        check("class A\n def url\n  @url ||= ENV['A']\n end\n def b\n  result(url)\n end\nend", "env(A)");
        check("class A\n U = ENV.fetch('A', 'x').freeze\n def b\n  result(\"#{U}/x\")\n end\nend", "env(A or x)+/x");
        check("a = a || 'x'\nresult(a)", "x");
    }
}
