//! Where a proxy hands something to: a text with variables comes in, a value with what only the environment or the settings tell comes out.

use rustc_hash::FxHashMap;

use crate::extract::deployment::secret;
use crate::facts::Value;

/// Longer texts are no addresses.
const LONGEST: usize = 500;
/// How many variables of one text are read.
const MOST: usize = 50;

/// What a value is put together from.
#[derive(Default)]
struct Parts(Vec<Value>);

impl Parts {
    fn literal(&mut self, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(Value::Literal(before)) => *before = format!("{before}{text}").into(),
            _ => self.0.push(Value::Literal(text.into())),
        }
    }

    fn finish(mut self) -> Value {
        match self.0.len() {
            0 => Value::Unknown("empty".into()),
            1 => self.0.remove(0),
            _ => Value::Concat(self.0),
        }
    }
}

/// A text without variables.
pub fn plain(text: &str) -> Value {
    Value::Literal(secret::without_secrets(text.trim()).into())
}

/// A text with `$NAME`, `${NAME}`, `${NAME:-default}` and `{{ … }}`. Names that the file itself defines are filled in; those in upper case
/// are of the environment; what else a request or a template tells is unknown.
pub fn shell(text: &str, known: &FxHashMap<String, String>) -> Value {
    let mut parts = Parts::default();
    if text.len() > LONGEST {
        return Value::Unknown("too long".into());
    }
    // A variable of the file may hold another one: it is read before what follows it.
    let mut waiting = vec![text.to_owned()];
    for _ in 0..MOST {
        let Some(part) = waiting.pop() else { break };
        let dollar = part.find('$');
        let template = part.find("{{");
        let at = match (dollar, template) {
            (Some(dollar), Some(template)) => dollar.min(template),
            (Some(at), None) | (None, Some(at)) => at,
            (None, None) => {
                parts.literal(&part);
                continue;
            }
        };
        parts.literal(&part[..at]);
        let rest = &part[at..];
        if rest.starts_with("{{") {
            let end = rest.find("}}").map_or(rest.len(), |end| end + 2);
            parts.0.push(Value::Unknown("template".into()));
            waiting.push(rest[end..].to_owned());
            continue;
        }
        let (name, default, end) = variable(rest);
        waiting.push(rest[end..].to_owned());
        match known.get(name) {
            _ if name.is_empty() => parts.literal("$"),
            Some(value) => waiting.push(value.clone()),
            None if is_of_environment(name) => {
                let default = default.map(|default| Box::new(Value::Literal(default.into())));
                parts.0.push(Value::Env { name: name.into(), default });
            }
            None => parts.0.push(Value::Unknown("variable".into())),
        }
    }
    parts.finish()
}

/// Name and default of the variable at the beginning of a text, and where it ends.
fn variable(text: &str) -> (&str, Option<&str>, usize) {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let Some(inner) = text.strip_prefix("${") else {
        let length = text.bytes().skip(1).take_while(is_name).count();
        return (&text[1..1 + length], None, 1 + length);
    };
    let Some(end) = inner.find('}') else { return ("", None, 1) };
    let written = &inner[..end];
    let length = written.bytes().take_while(is_name).count();
    let default = written[length..].strip_prefix(":-").or_else(|| written[length..].strip_prefix('-'));
    (&written[..length], default, end + 3)
}

fn is_of_environment(name: &str) -> bool {
    name.bytes().any(|byte| byte.is_ascii_uppercase()) && !name.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// A text with placeholders of Spring: `${billing.url:http://billing}`. Names in upper case are of the environment.
pub fn spring(text: &str) -> Value {
    let mut parts = Parts::default();
    let mut rest = text.trim();
    for _ in 0..MOST {
        let Some(at) = rest.find("${").filter(|_| rest.len() <= LONGEST) else { break };
        let Some(end) = closing(&rest[at + 2..]) else { break };
        let inner = &rest[at + 2..at + 2 + end];
        let (key, default) = inner.split_once(':').map_or((inner, None), |(key, default)| (key, Some(default)));
        // A default that is a placeholder itself is read once more, and no deeper.
        let default = default.map(|default| Box::new(placeholder(default).unwrap_or_else(|| plain(default))));
        parts.literal(&rest[..at]);
        parts.0.push(named(key, default));
        rest = &rest[at + 2 + end + 1..];
    }
    parts.literal(&secret::without_secrets(rest));
    parts.finish()
}

fn placeholder(text: &str) -> Option<Value> {
    let inner = text.strip_prefix("${")?.strip_suffix('}')?;
    let (key, default) = inner.split_once(':').map_or((inner, None), |(key, default)| (key, Some(default)));
    Some(named(key, default.map(|default| Box::new(plain(default)))))
}

fn named(key: &str, default: Option<Box<Value>>) -> Value {
    let key = key.trim();
    match is_of_environment(key) && !key.contains('.') {
        true => Value::Env { name: key.into(), default },
        false => Value::Property { key: key.into(), default },
    }
}

/// Where the brace that was opened before a text is closed in it.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    text.bytes().position(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return true,
            b'}' => depth -= 1,
            _ => {}
        }
        false
    })
}

/// Whether a value tells where to, and not only how.
pub fn tells(value: &Value) -> bool {
    match value {
        Value::Literal(text) => {
            let host = text.split_once("://").map_or(&**text, |(_, host)| host);
            host.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'[')
        }
        Value::Env { .. } | Value::Property { .. } => true,
        Value::Concat(parts) => match parts.as_slice() {
            [Value::Literal(scheme), next, ..] if scheme.ends_with("://") => tells(next),
            [Value::Unknown(_), Value::Literal(scheme), next, ..] if &**scheme == "://" => tells(next),
            [first, ..] => tells(first),
            [] => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &Value) -> String {
        let default = |default: &Option<Box<Value>>| default.as_ref().map_or(String::new(), |value| format!("={}", shown(value)));
        match value {
            Value::Literal(text) => text.to_string(),
            Value::Env { name, default: value } => format!("<{name}{}>", default(value)),
            Value::Property { key, default: value } => format!("<{key}{}>", default(value)),
            Value::Concat(parts) => parts.iter().map(shown).collect(),
            _ => "<?>".to_owned(),
        }
    }

    #[test]
    fn variables_are_parted_from_what_is_known() {
        let known = FxHashMap::from_iter([("up".to_owned(), "orders:$port".to_owned()), ("port".to_owned(), "80".to_owned())]);
        for (text, expected) in [
            ("http://$up/x$request_uri", "http://orders:80/x<?>"),
            ("http://${ORDERS_HOST}:${PORT:-80}", "http://<ORDERS_HOST>:<PORT=80>"),
            ("$ORDERS", "<ORDERS>"),
            ("http://{{ orders }}/a", "http://<?>/a"),
            ("a$", "a$"),
            ("", "<?>"),
        ] {
            assert_eq!(shown(&shell(text, &known)), expected, "{text}");
        }
        for (text, expected) in [
            ("${ORDERS_URI:http://orders:80}", "<ORDERS_URI=http://orders:80>"),
            ("http://${orders.host}:${orders.port:80}/x", "http://<orders.host>:<orders.port=80>/x"),
            ("${a.b:${C:d}}", "<a.b=<C=d>>"),
            ("lb://orders", "lb://orders"),
            ("${x", "${x"),
        ] {
            assert_eq!(shown(&spring(text)), expected, "{text}");
        }
    }

    #[test]
    fn a_target_tells_where_to() {
        let none = FxHashMap::default();
        for (text, expected) in
            [("http://orders", true), ("$scheme://$host", false), ("http://$A", true), ("http://$host", false), ("$x", false)]
        {
            assert_eq!(tells(&shell(text, &none)), expected, "{text}");
        }
    }
}
