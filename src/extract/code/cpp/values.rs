//! Expressions of C++ as values: `getenv` with its default, flags of gflags and absl, `std::string` put together, settings of JSON.

use std::ops::Range;

use crate::extract::code::Code;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{Budget, Reader, concat, literal, unknown};
use crate::facts::Value;

const READER: Reader = Reader { expression, name };
/// Places of one name that are looked at.
const MOST_PLACES: usize = 60;
/// Parts of one call that puts a text together.
const MOST_PARTS: usize = 24;

/// What an expression stands for; names that the function around it is given are parameters.
pub fn value(code: &Code, range: Range<usize>) -> Value {
    let at = range.start;
    code.grounded(at, by(code, range, Budget::WHOLE))
}

fn by(code: &Code, range: Range<usize>, budget: Budget) -> Value {
    code.value_by(bare(code, range), READER, budget)
}

/// The expression without what says how it is held: `&x`, `*x`, `x.c_str()`, `std::move(x)`.
fn bare(code: &Code, mut range: Range<usize>) -> Range<usize> {
    loop {
        let Range { start, end } = range;
        if end <= start {
            return range;
        }
        if code.is_any(start, &["&", "*", "new", "return"]) {
            range.start += 1;
            continue;
        }
        let last = end - 1;
        let is_method = code.is(last, ")")
            && code.partner(last) + 1 == last
            && last >= start + 3
            && code.is_any(last - 3, &[".", "->"])
            && code.is_any(last - 2, &["c_str", "data", "value", "str", "get", "string", "to_string"]);
        if is_method {
            range.end = last - 3;
            continue;
        }
        return range;
    }
}

fn expression(code: &Code, range: Range<usize>, budget: Budget) -> Option<Value> {
    let range = bare(code, range);
    let Range { start, end } = range.clone();
    if budget.is_spent() || start >= end {
        return None;
    }
    // Literals side by side are one, a joined text has its parts read one by one.
    if code.split(range.clone(), "+").len() > 1 {
        return None;
    }
    if let Some(question) = top_level(code, range.clone(), "?") {
        return choice(code, range, question, budget);
    }
    if end - start == 1 {
        return None;
    }
    let last = end - 1;
    let open = code.partner(last);
    if open >= last || open < start {
        return None;
    }
    match code.text_of(last) {
        // `config["orders-service"]["addr"]`
        "]" => keyed(code, range),
        // `std::string{"x"}`, `cpr::Url{base + "/x"}`
        "}" if open > start => {
            let arguments = code.arguments(open);
            let holds = code.is_any(open - 1, &["string", "Url", "string_view", "ConnectionOptions", "uri"]);
            holds.then(|| joined(code, &arguments, budget))
        }
        ")" if open > start => called(code, start, open, budget),
        _ => None,
    }
}

fn joined(code: &Code, parts: &[Range<usize>], budget: Budget) -> Value {
    // Each part is read by a budget of its own, so that only so many are.
    match parts.len() {
        1 => by(code, parts[0].clone(), budget),
        count if count > MOST_PARTS => unknown("too long"),
        _ => concat(parts.iter().map(|part| code.value_by(bare(code, part.clone()), READER, budget.shared(parts.len())))),
    }
}

fn top_level(code: &Code, range: Range<usize>, sign: &str) -> Option<usize> {
    let mut at = range.start;
    while at < range.end {
        if code.is(at, sign) {
            return Some(at);
        }
        at = code.after(at);
    }
    None
}

/// `address ? address : "orders:80"`, `getenv("A") != nullptr ? getenv("A") : "b"`
fn choice(code: &Code, range: Range<usize>, question: usize, budget: Budget) -> Option<Value> {
    let colon = top_level(code, question + 1..range.end, ":")?;
    let then = by(code, question + 1..colon, budget);
    let otherwise = by(code, colon + 1..range.end, budget);
    match (&then, &otherwise) {
        (Value::Env { .. }, _) => Some(with_default(then, otherwise)),
        (_, Value::Env { .. }) => Some(with_default(otherwise, then)),
        _ => None,
    }
}

fn with_default(value: Value, otherwise: Value) -> Value {
    match value {
        Value::Env { name, default: None } if !matches!(otherwise, Value::Unknown(_)) => {
            Value::Env { name, default: Some(Box::new(otherwise)) }
        }
        other => other,
    }
}

fn called(code: &Code, start: usize, open: usize, budget: Budget) -> Option<Value> {
    let call = code.call_before(open)?;
    if call.start < start {
        return None;
    }
    let name = code.text_of(call.name);
    let arguments = code.arguments(open);
    let first = arguments.first().cloned();
    match name {
        "getenv" | "secure_getenv" | "qgetenv" => {
            let name = code.literal_text(first?)?.value;
            Some(Value::Env { name, default: None })
        }
        "string" | "string_view" | "move" | "forward" | "ref" | "String" | "to_string" | "Url" | "uri" | "URI" | "U"
        | "QString" | "QUrl" | "as_string" | "utf8" | "conversions" | "strdup" | "basic_string" => Some(by(code, first?, budget)),
        "StrCat" | "StringConcat" => Some(joined(code, &arguments, budget)),
        "format" | "Format" | "vformat" => Some(format(code, &arguments, budget)),
        "StrFormat" | "StringPrintf" => Some(printed(code, &arguments, budget)),
        // `absl::GetFlag(FLAGS_orders)`
        "GetFlag" => flag(code, code.text_of(first?.start), budget),
        // `env_or("ORDERS_ADDR", "orders:80")`: a function of the house around the environment.
        _ if name.to_ascii_lowercase().contains("env") => {
            let variable = code.literal_text(first?)?.value;
            let is_variable = variable.len() > 2
                && variable.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit());
            is_variable.then(|| {
                let default = arguments.get(1).map_or_else(|| unknown(""), |range| by(code, range.clone(), budget));
                with_default(Value::Env { name: variable, default: None }, default)
            })
        }
        _ => None,
    }
}

/// `fmt::format("http://{}/x", host)`
fn format(code: &Code, arguments: &[Range<usize>], budget: Budget) -> Value {
    let Some(text) = arguments.first().and_then(|first| code.literal(first.start)) else { return unknown("format") };
    let mut parts = Vec::new();
    let mut rest = text.as_ref();
    let mut next = 0;
    while let Some(at) = rest.find('{').filter(|_| parts.len() < MOST_PARTS) {
        parts.push(literal(&rest[..at]));
        let Some(end) = rest[at..].find('}').map(|end| at + end) else { break };
        let hole = rest[at + 1..end].split(':').next().unwrap_or("");
        next += 1;
        let index = hole.parse::<usize>().map_or(next, |index| index + 1);
        parts.push(match arguments.get(index) {
            Some(range) => by(code, range.clone(), budget.shared(arguments.len())),
            None => unknown("format"),
        });
        rest = &rest[end + 1..];
    }
    parts.push(literal(rest));
    concat(parts)
}

/// `absl::StrFormat("http://%s:%d", host, port)`
fn printed(code: &Code, arguments: &[Range<usize>], budget: Budget) -> Value {
    let Some(text) = arguments.first().and_then(|first| code.literal(first.start)) else { return unknown("format") };
    let mut parts = Vec::new();
    let mut rest = text.as_ref();
    let mut next = 0;
    while let Some(at) = rest.find('%').filter(|_| parts.len() < MOST_PARTS) {
        parts.push(literal(&rest[..at]));
        let letter = rest[at + 1..].find(|c: char| c.is_ascii_alphabetic() || c == '%').map(|letter| at + 1 + letter);
        let Some(letter) = letter else { break };
        next += 1;
        parts.push(match arguments.get(next) {
            Some(range) => by(code, range.clone(), budget.shared(arguments.len())),
            None => unknown("format"),
        });
        rest = &rest[letter + 1..];
    }
    parts.push(literal(rest));
    concat(parts)
}

/// A setting of a configuration in JSON: the keys joined by dots.
fn keyed(code: &Code, range: Range<usize>) -> Option<Value> {
    let mut keys = Vec::new();
    let mut end = range.end;
    while end > range.start && code.is(end - 1, "]") && keys.len() < 8 {
        let open = code.partner(end - 1);
        let key = code.literal_text(code.inside(open))?;
        keys.push(key.value.to_string());
        end = open;
    }
    keys.reverse();
    let holder = code.word(end.checked_sub(1)?)?.to_ascii_lowercase();
    let is_settings = ["config", "settings", "conf", "json", "cfg", "options"].iter().any(|word| holder.contains(word));
    is_settings.then(|| Value::Property { key: keys.join(".").into(), default: None })
}

/// What a flag has by default: `DEFINE_string(orders, "orders:80", "…")`, `ABSL_FLAG(std::string, orders, "orders:80", "…")`.
fn flag(code: &Code, name: &str, budget: Budget) -> Option<Value> {
    let bare_name = name.strip_prefix("FLAGS_")?;
    let places = code.occurrences(bare_name).iter().take(MOST_PLACES).map(|&at| at as usize);
    places.into_iter().find_map(|at| {
        let (open, index) = match code.text_of(at.checked_sub(1)?) {
            "(" if code.is(at.checked_sub(2)?, "DEFINE_string") => (at - 1, 1),
            "," => {
                let open = (at.saturating_sub(8)..at).rev().find(|&open| code.is(open, "("))?;
                (open, 2)
            }
            _ => return None,
        };
        let is_flag = open.checked_sub(1).is_some_and(|define| code.is_any(define, &["DEFINE_string", "ABSL_FLAG"]));
        let default = code.arguments(open).into_iter().nth(index).filter(|_| is_flag)?;
        Some(by(code, default, budget))
    })
}

/// A name as it is used at a token: bound in the function around, a parameter, a flag, or a constant.
fn name(code: &Code, name: &str, at: usize, budget: Budget) -> Option<Value> {
    if budget.is_spent() || name.contains('.') {
        return None;
    }
    if name.starts_with("FLAGS_") {
        return flag(code, name, budget).or_else(|| Some(unknown(name)));
    }
    let symbol = || Some(Value::Symbol(format!("#{name}").into()));
    if let Some(item) = function_around(code, at) {
        let earlier = code.occurrences_in(item.body.start..at.min(item.body.end), name);
        let given = earlier.iter().rev().take(MOST_PLACES).find_map(|&place| given_at(code, place as usize, at));
        if let Some(range) = given {
            return Some(by(code, range, budget));
        }
        if code.parameters(item).into_iter().any(|range| code.parameter_name(range) == Some(name)) {
            return symbol();
        }
    }
    // A constant, or a member with a value where it is declared.
    let places = code.occurrences(name).iter().take(MOST_PLACES).map(|&at| at as usize);
    let mut outside = places.filter(|&place| place != at && function_around(code, place).is_none());
    match outside.find_map(|place| given_at(code, place, code.len()).or_else(|| defined_at(code, place))) {
        Some(range) if !range.contains(&at) => Some(by(code, range, budget)),
        _ => symbol(),
    }
}

fn function_around<'c>(code: &'c Code, at: usize) -> Option<&'c Item> {
    code.enclosing(at, ItemKind::Function)
}

/// The tokens given to a name where it stands: `name = value;`, `std::string name(value);`, `std::string name{value};`.
fn given_at(code: &Code, place: usize, before: usize) -> Option<Range<usize>> {
    if place.checked_sub(1).is_some_and(|at| code.is_any(at, &[".", "->", "==", "::"])) {
        return None;
    }
    // `const char kName[] = "x";`
    let sign = if code.is(place + 1, "[") { code.after(place + 1) } else { place + 1 };
    if code.is(sign, "=") {
        let mut end = sign + 1;
        while end < code.len() && !code.is_any(end, &[";", ","]) && code.kind(end) != Some(TokenKind::Close) {
            end = code.after(end);
        }
        return (sign + 1 < end && end <= before).then_some(sign + 1..end);
    }
    let is_declared =
        place.checked_sub(1).is_some_and(|at| code.is_any(at, &["string", "string_view", "auto", "Url", "uri", "URI"]));
    let holds = code.is_any(sign, &["(", "{"]) && is_declared;
    let inside = code.inside(sign);
    // A function that is declared has types in its brackets.
    let first = inside.start;
    let is_given =
        code.literal(first).is_some() || code.word(first).is_some() && code.is_any(first + 1, &["(", ")", "}", "+", "::", "."]);
    (holds && inside.end <= before && !inside.is_empty() && is_given).then_some(inside)
}

/// `#define NAME "text"`
fn defined_at(code: &Code, place: usize) -> Option<Range<usize>> {
    let is_defined = place >= 2 && code.is(place - 1, "define") && code.is(place - 2, "#");
    (is_defined && code.literal(place + 1).is_some()).then_some(place + 1..place + 2)
}

/// True for what holds a variable of the environment or a setting.
pub fn is_setting(value: &Value) -> bool {
    match value {
        Value::Env { .. } | Value::Property { .. } => true,
        Value::Concat(parts) => parts.iter().any(|part| matches!(part, Value::Env { .. } | Value::Property { .. })),
        _ => false,
    }
}

/// A base and a path with one slash between.
pub fn below(base: Value, path: Value) -> Value {
    let base = match base {
        Value::Literal(text) => literal(text.strip_suffix('/').unwrap_or(&text)),
        other => other,
    };
    match &path {
        Value::Literal(text) if !text.starts_with('/') && !text.is_empty() => concat([base, literal("/"), path]),
        _ => concat([base, path]),
    }
}

/// A host and a port, by the scheme of what listens there.
pub fn address(scheme: &str, host: Value, port: Option<Value>) -> Value {
    let has_scheme = matches!(&host, Value::Literal(text) if text.contains("://")) || scheme.is_empty();
    let scheme = if has_scheme { literal("") } else { literal(format!("{scheme}://")) };
    match port {
        Some(port) => concat([scheme, host, literal(":"), port]),
        None => concat([scheme, host]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;
    use crate::extract::code::snapshot::show;

    /// What is given to the last `result(…)`.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let code = Code::new(Language::from_name("C++").expect("in the table"), "a.cpp", text);
        let open = (0..code.len()).rev().find(|&at| code.is(at, "result")).expect("there is one") + 1;
        assert_eq!(show(&value(&code, code.inside(open))), expected, "{text}");
    }

    #[test]
    fn the_environment_and_flags() {
        check("result(std::string(std::getenv(\"A\")) + \"/x\")", "env(A)+/x");
        check(
            "void f() { const char* a = getenv(\"A\"); std::string b = a ? a : \"http://b\"; result(b + \"/x\"); }",
            "env(A or http://b)+/x",
        );
        check("DEFINE_string(orders, \"orders:80\", \"help\");\nvoid f() { result(FLAGS_orders); }", "orders:80");
        check(
            "ABSL_FLAG(std::string, orders, \"orders:80\", \"help\");\nvoid f() { result(absl::GetFlag(FLAGS_orders)); }",
            "orders:80",
        );
        check("result(get_env(\"ORDERS_ADDR\", \"orders:80\"))", "env(ORDERS_ADDR or orders:80)");
        check("result(config_json[\"orders-service\"][\"addr\"])", "property(orders-service.addr)");
    }

    #[test]
    fn texts_are_put_together() {
        check(
            "const std::string kBase = \"http://a\";\nvoid f(int id) { result(kBase + \"/x/\" + std::to_string(id)); }",
            "http://a/x/+parameter(f 0)",
        );
        check("#define HOST \"a\"\nvoid f() { result(absl::StrCat(\"http://\", HOST, \"/x\")); }", "http://a/x");
        check("void f() { std::string host(\"a\"); result(fmt::format(\"http://{}/{}\", host, 1)); }", "http://a/1");
        check("void f() { result(absl::StrFormat(\"http://%s:%d\", \"a\", 80)); }", "http://a:80");
    }
}
