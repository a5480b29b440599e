//! Addresses that a file names outside of calls that are known, and its calls of what may be a wrapper of the house.
//!
//! It comes last: what other readers said of the file is no address any more.

use std::ops::Range;
use std::sync::Arc;

use super::expressions::{Expressions, either};
use super::{functions, invocations, values};
use crate::extract::Output;
use crate::extract::code::targets::{self, Told};
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::{Code, Framework};
use crate::facts::{Address, Fact, Value};

#[rustfmt::skip]
pub const FRAMEWORK: Framework = Framework {
    name: "addresses-js",
    marks: &[
        "'http://", "\"http://", "`http://", "'https://", "\"https://", "`https://", "process.env", "import.meta.env", "Deno.env", "Bun.env",
"onfig.get(", "onfigService.get", "'amqp://", "\"amqp://", "('/", "(\"/", "(`/", "Url)", "Url +", "_URL", "fetch(", ".publish(",
    ],
    read,
};

const MOST_ADDRESSES: usize = 200;

fn read(code: &Code, output: &mut Output) {
    let expressions = Expressions::new(code);
    let mut told = Told::of(&output.facts);
    let mut addresses: Vec<Address> = Vec::new();
    let mut at = 0;
    while at < code.len() && addresses.len() < MOST_ADDRESSES {
        let Some((range, value)) = at_token(&expressions, at) else {
            at += 1;
            continue;
        };
        let next = range.end.max(at + 1);
        if is_address(&value) && !is_for_people(&expressions, at) && told.add_new(&value) {
            let name = name_of(&expressions, range.start);
            addresses.push(Address { at: code.location(range), value, name });
        }
        at = next;
    }
    if !addresses.is_empty() {
        output.facts.push(Fact::Addresses { addresses });
    }
    invocations::read(&expressions, output);
}

/// The expression at a token that may be an address: a literal, or what the environment or settings are asked for.
fn at_token(expressions: &Expressions, at: usize) -> Option<(Range<usize>, Value)> {
    let code = expressions.code;
    match code.kind(at)? {
        TokenKind::Literal => {
            let text = code.text_of(at);
            let quoted = text.starts_with(['"', '\'', '`']);
            if !quoted || !text.contains(':') || text.len() > 400 {
                return None;
            }
            let range = at..expressions.after(at);
            Some((range.clone(), expressions.value(range)))
        }
        TokenKind::Word if code.is_any(at, &["process", "import", "Bun", "Deno"]) => {
            let end = chain_end(code, at)?;
            // `const { A, B = 'x' } = process.env` gives its names where they are read.
            let value = expressions.value(at..end);
            matches!(value, Value::Env { .. }).then(|| with_default(expressions, at..end, value))
        }
        TokenKind::Word if code.is_any(at, &["get", "getOrThrow"]) && code.is_any(at + 1, &["(", "<"]) => {
            let open = (at + 1..at + 12).find(|&at| code.is(at, "("))?;
            let call = code.call_before(open).filter(|call| call.name == at && call.start < at)?;
            let range = call.start..code.after(open);
            let value = expressions.value(range.clone());
            matches!(value, Value::Env { .. } | Value::Property { .. }).then(|| (at..range.end, value))
        }
        _ => None,
    }
}

fn chain_end(code: &Code, at: usize) -> Option<usize> {
    let env = (at + 1..at + 5).find(|&at| code.is(at, "env") && code.is(at - 1, "."))?;
    Some(match code.is(env + 1, "[") {
        true => code.after(env + 1),
        false => (code.is_any(env + 1, &[".", "?."]) && code.word(env + 2).is_some()).then_some(env + 3)?,
    })
}

fn with_default(expressions: &Expressions, range: Range<usize>, value: Value) -> (Range<usize>, Value) {
    let code = expressions.code;
    if !code.is_any(range.end, &["||", "??"]) {
        return (range, value);
    }
    let end = functions::expression_end(code, range.end + 1);
    let value = either(value, || expressions.value(range.end + 1..end));
    (range.start..end, value)
}

/// Whether a value is a URL with a host, `host:port`, or a setting that may be one.
fn is_address(value: &Value) -> bool {
    match value {
        Value::Literal(text) => targets::is_address(text),
        Value::Concat(parts) => match &parts[..] {
            [Value::Literal(text), next, ..] => {
                let is_told = matches!(next, Value::Env { .. } | Value::Property { .. });
                text.ends_with("://") && is_told || text.contains("://") && targets::is_address(text)
            }
            _ => false,
        },
        Value::Env { name, default } => {
            let default =
                default.as_deref().is_some_and(|default| matches!(default, Value::Literal(text) if targets::is_address(text)));
            default || targets::may_name_address(name)
        }
        Value::Property { key, .. } => targets::may_name_address(key),
        _ => false,
    }
}

/// Whether what stands here is shown to people, loaded as code or text of a log.
fn is_for_people(expressions: &Expressions, at: usize) -> bool {
    let code = expressions.code;
    let Some(before) = at.checked_sub(1) else { return false };
    if code.is_any(before, &["from", "import"]) {
        return true;
    }
    let key = (code.is_any(before, &[":", "="])).then(|| before.checked_sub(1)).flatten().map_or("", |key| code.text_of(key));
    let shown = [
        "href",
        "src",
        "origin",
        "origins",
        "homepage",
        "license",
        "description",
        "title",
        "xmlns",
        "$schema",
        "link",
        "docs",
        "documentation",
        "contact",
        "termsOfService",
        "alt",
        "placeholder",
        "image",
        "avatar",
        "icon",
        "website",
        "github",
        "twitter",
        "cors",
    ];
    if shown.contains(&key.trim_matches(['"', '\''])) {
        return true;
    }
    let mut at = at;
    for _ in 0..3 {
        let Some(open) = expressions.known.functions.bracket(at) else { return false };
        if let Some(callee) = open.checked_sub(1).and_then(|name| code.word(name)).filter(|_| code.is(open, "(")) {
            let names = [
                "log",
                "info",
                "warn",
                "error",
                "debug",
                "trace",
                "fatal",
                "verbose",
                "cors",
                "enableCors",
                "Error",
                "require",
                "import",
                "addServer",
                "setTermsOfService",
                "setContact",
                "setLicense",
                "setExternalDoc",
                "setDescription",
                "describe",
                "expect",
                "open",
                "redirect",
            ];
            return names.contains(&callee) || callee.ends_with("Error") || callee.ends_with("Exception");
        }
        at = open;
    }
    false
}

/// What an expression is assigned to: a name, a field, a key.
fn name_of(expressions: &Expressions, start: usize) -> Option<Arc<str>> {
    let code = expressions.code;
    let before = start.checked_sub(1)?;
    if code.is(before, ":") {
        let key = before.checked_sub(1)?;
        return Some(values::key(code, key).into()).filter(|name: &Arc<str>| !name.is_empty());
    }
    let target = code.is(before, "=").then(|| functions::target(code, before))??;
    code.word(target.end - 1).map(Arc::from)
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn addresses_are_what_calls_leave() {
        check(
            "src/a.ts",
            "const ordersUrl = process.env.ORDERS_URL || 'http://orders:8080';
            const options = { broker: 'kafka:9092', docs: 'https://docs.acme.io/a' };
            fetch(process.env.USED_URL);
            connect(process.env.NATS_URL, process.env.JWT_SECRET, process.env.PORT);
            console.log('listens at http://localhost:3000');
            app.use(cors({ origin: 'http://shop.acme.io' }));
            const ns = 'http://www.w3.org/2000/svg';",
            "3 call http GET env(USED_URL) unlimited (fetch)
            1 address env(ORDERS_URL or http://orders:8080) as ordersUrl
            2 address kafka:9092 as broker
            4 address env(NATS_URL)
            1 constant ordersUrl = env(ORDERS_URL or http://orders:8080)
            2 constant options.broker = kafka:9092
            2 constant options.docs = https://docs.acme.io/a
            7 constant ns = http://www.w3.org/2000/svg",
        );
    }
}
