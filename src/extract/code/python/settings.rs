//! Where Python programs keep their settings: the environment, classes of settings, tables of configuration, and names of services that a
//! registry knows.

use std::ops::Range;
use std::sync::Arc;

use super::syntax::{Class, call, classes};
use super::values::Values;
use crate::extract::code::Code;
use crate::extract::code::value::{concat, literal};
use crate::facts::Value;

/// A class whose members are read from the environment.
pub struct SettingsClass {
    pub name: String,
    pub fields: Vec<Field>,
}

pub struct Field {
    pub name: String,
    /// The variable that it is read from.
    pub variable: Arc<str>,
    /// Tokens of what it is where the environment says nothing.
    pub default: Option<Range<usize>>,
    pub at: usize,
}

/// Classes of settings of one file.
const MOST_CLASSES: usize = 24;
/// Members of one class that are kept.
const MOST_FIELDS: usize = 200;

/// The classes of settings of a file.
pub fn settings_classes(code: &Code) -> Vec<SettingsClass> {
    let mut found: Vec<SettingsClass> = Vec::new();
    for class in classes(code) {
        if found.len() >= MOST_CLASSES {
            break;
        }
        let is_one = class.bases.iter().any(|base| {
            let last = base.rsplit('.').next().unwrap_or(base);
            last == "BaseSettings" || found.iter().any(|known| known.name == last)
        });
        if is_one {
            let prefix = prefix(code, &class).unwrap_or_default();
            let fields = class.attributes.iter().take(MOST_FIELDS);
            let fields = fields.filter(|field| !matches!(&*field.name, "model_config" | "Config") && !field.name.contains('.'));
            let fields = fields.filter(|field| !code.is_any(field.of.start, &["bool", "float", "ClassVar"]));
            let fields = fields.map(|field| self::field(code, &prefix, &field.name, field.at, field.value.clone())).collect();
            found.push(SettingsClass { name: class.name.to_owned(), fields });
        }
    }
    found
}

/// `env_prefix` of a class of settings: of `model_config` or of its inner class `Config`.
fn prefix(code: &Code, class: &Class) -> Option<String> {
    let places = code.occurrences_in(class.body.clone(), "env_prefix").iter().map(|&at| at as usize);
    let named = places.filter(|&at| code.is(at + 1, "=")).find_map(|at| code.literal(at + 2));
    let keyed = || {
        let config = class.attribute("model_config")?.value.clone();
        let key = config.into_iter().find(|&at| code.literal(at).is_some_and(|text| text == "env_prefix"))?;
        code.literal(key + 2)
    };
    named.or_else(keyed).map(|text| text.into_owned())
}

fn field(code: &Code, prefix: &str, name: &str, at: usize, value: Range<usize>) -> Field {
    let mut variable = format!("{prefix}{name}").to_uppercase();
    let mut default = (!value.is_empty()).then_some(value.clone());
    if let Some((callee, open)) = call(code, value).filter(|(callee, _)| code.is(callee.end - 1, "Field")) {
        debug_assert!(callee.end > callee.start, "a call has a name");
        let arguments = code.arguments(open);
        let alias = ["env", "validation_alias", "alias"].iter().find_map(|name| code.named(&arguments, name));
        // The first of `AliasChoices("A", "B")` or of a list.
        let alias = alias.and_then(|range| range.into_iter().take(4).find_map(|at| code.literal(at)));
        variable = alias.map_or(variable, |alias| alias.to_uppercase());
        let given = code.named(&arguments, "default").or_else(|| code.positional(&arguments).next().cloned());
        default = given.filter(|range| !code.is(range.start, "..."));
    }
    Field { name: name.to_owned(), variable: variable.into(), default, at }
}

/// A member of an object of a class of settings.
pub fn member(values: &Values, of: &str, member: &str) -> Option<Value> {
    let class = values.settings().iter().find(|class| class.name == of)?;
    let field = class.fields.iter().find(|field| field.name == member)?;
    Some(value(values, field))
}

pub fn value(values: &Values, field: &Field) -> Value {
    let default = field.default.clone().filter(|_| !is_secret(&field.name)).map(|range| values.nested(range));
    match default {
        // What is read from the environment by itself.
        Some(Value::Env { name, default }) => Value::Env { name, default },
        Some(Value::Unknown(_)) | None => Value::Env { name: Arc::clone(&field.variable), default: None },
        Some(default) => Value::Env { name: Arc::clone(&field.variable), default: Some(Box::new(default)) },
    }
}

/// True for the name of what nobody should read in facts.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["SECRET", "PASSWORD", "PASSWD", "TOKEN", "API_KEY", "CREDENTIAL", "PRIVATE"].iter().any(|word| name.contains(word))
}

/// The variable that a call of `name` reads: `os.getenv("X")`, `env.str("X")`, `config("X")` of libraries that read the environment.
pub fn variable(values: &Values, name: &str, code: &Code, arguments: &[Range<usize>]) -> Option<String> {
    let first = code.positional(arguments).next().filter(|range| range.len() == 1)?;
    let (of, last) = name.rsplit_once('.').unwrap_or(("", name));
    let is_read = match (of, last) {
        ("os.environ" | "environ", "get" | "pop") | ("os" | "", "getenv") => true,
        ("env" | "self.env" | "settings.env", _) | ("", "env") => is_variable(&code.literal(first.start)?),
        ("", "config" | "get_config") => {
            values.imports_any(&["decouple", "starlette", "prettyconf"]) && is_variable(&code.literal(first.start)?)
        }
        (_, last) => {
            let last = last.to_ascii_lowercase();
            let words = last.split('_').any(|word| matches!(word, "env" | "environ" | "getenv" | "environment"));
            words && is_variable(&code.literal(first.start)?)
        }
    };
    is_read.then(|| code.literal(first.start))?.map(|text| text.into_owned()).filter(|text| !text.is_empty())
}

/// True for a name as variables of the environment have one.
fn is_variable(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    name.len() > 1 && name.bytes().all(is_part) && name.starts_with(|first: char| first.is_ascii_uppercase())
}

/// The symbol of a setting: the settings of Django are the names of the module that the project calls `settings`.
pub fn symbol(symbol: &str) -> Arc<str> {
    match symbol.strip_prefix("django/conf#settings.") {
        Some(name) => format!("settings#{name}").into(),
        None => symbol.into(),
    }
}

/// True for a symbol of what is set once: `config#ORDERS_URL`, `config#settings.orders_url`.
pub fn is_constant(symbol: &str) -> bool {
    let name = symbol.rsplit('#').next().unwrap_or(symbol);
    let last = name.rsplit('.').next().unwrap_or(name);
    is_variable(last) || name.contains("settings.") || name.contains("config.")
}

/// True for the table of an application's configuration: `app.config`.
pub fn is_configuration(name: &str) -> bool {
    name.ends_with(".config") && !name.starts_with("self.config") || name == "app_config"
}

/// True for the function of a registry that tells where a service is.
pub fn discovered(member: &str, arguments: usize) -> bool {
    const WORDS: [&str; 16] = [
        "resolve",
        "discover",
        "discover_service",
        "lookup",
        "lookup_service",
        "resolve_service",
        "get_service",
        "get_service_url",
        "get_service_address",
        "service_url",
        "service_address",
        "find_service",
        "service_base_url",
        "get_service_instance",
        "get_base_url",
        "locate",
    ];
    arguments > 0 && arguments <= 2 && WORDS.contains(&member)
}

/// The address of a service that a registry knows by name.
pub fn service(name: Value) -> Option<Value> {
    let is_name = |text: &str| {
        let mut bytes = text.bytes();
        text.len() > 2
            && bytes.next().is_some_and(|first| first.is_ascii_alphabetic())
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    match &name {
        Value::Literal(text) if is_name(text) => Some(concat([literal("lb://"), name])),
        Value::Symbol(_) | Value::Env { .. } | Value::Parameter { .. } => Some(concat([literal("lb://"), name])),
        _ => None,
    }
}

/// What makes an object that is known by its name, such as a queue, and the arguments that may be the name.
pub fn declares(member: &str) -> Option<&'static [&'static str]> {
    Some(match member {
        "topic_path" => &["topic"],
        "subscription_path" => &["subscription"],
        "declare_queue" | "get_queue" | "Queue" | "RabbitQueue" => &["name", "queue"],
        "queue_declare" => &["queue"],
        "declare_exchange" | "get_exchange" | "Exchange" | "RabbitExchange" => &["name", "exchange"],
        "topic" | "Topic" | "create_topic" => &["name", "Name", "topic"],
        "get_queue_by_name" | "get_queue_url" | "create_queue" => &["QueueName"],
        "QueueClient" | "from_queue_url" => &["queue_name", "queue_url"],
        "insecure_channel" | "secure_channel" => &["target"],
        "intercept_channel" => &["channel"],
        _ => return None,
    })
}
