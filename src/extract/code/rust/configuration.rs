//! Constants of a file: texts, settings that are made once, and structs that are filled from the environment.
//!
//! A field is a constant by the name `Type.field`, and by `NAME.field` for a static or function that gives the type. Structs are filled by
//! a literal of the file, by attributes (clap, envconfig), or by their fields' names (envy, figment, config).

use std::ops::Range;
use std::sync::Arc;

use super::{fields, names, tests, values};
use crate::extract::code::Code;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::literal;
use crate::facts::{CodeModule, Constant, Value};

const MOST_CONSTANTS: usize = 200;
const LONGEST_CONSTANT: usize = 200;
/// Structs of one file that are looked at, and fields of one struct.
const MOST_STRUCTS: usize = 64;
const MOST_FIELDS: usize = 64;
/// Structs in structs.
const DEEPEST: usize = 4;

pub fn constants(code: &Code, module: &mut CodeModule) {
    let tests = tests(code);
    let outside = |at: usize| !tests.iter().any(|body| body.contains(&at));
    plain(code, module, &outside);
    let mentions_settings = ["env::var", "var(", "env!(", "env", "config", "figment"].iter().any(|word| code.text.contains(word));
    if !mentions_settings {
        return;
    }
    functions(code, module, &outside);
    let mut found: Vec<(&str, Vec<Constant>)> = Vec::new();
    let structs = structs(code, &outside);
    for item in &structs {
        let own = attributes(code, item).into_iter().chain(literal_fields(code, item));
        let own: Vec<Constant> = own.take(MOST_FIELDS).collect();
        if !own.is_empty() {
            found.push((code.text_of(item.name), own));
        }
    }
    found.extend(deserialised(code, &structs));
    for (of, own) in found {
        let holders = holders(code, of);
        for name in std::iter::once(of).chain(holders) {
            for constant in &own {
                if module.constants.len() < MOST_CONSTANTS {
                    let name = format!("{name}.{}", constant.name).into();
                    module.constants.push(Constant { name, value: constant.value.clone(), at: constant.at });
                }
            }
        }
    }
}

/// `const A: &str = "/x"`, `static B: LazyLock<String> = LazyLock::new(|| env::var("B").expect("B"))`, `static ref C: String = …`.
fn plain(code: &Code, module: &mut CodeModule, outside: &dyn Fn(usize) -> bool) {
    // `&'static str` declares nothing.
    let declares = |at: usize| code.is_any(at, &["const", "static"]) && !code.is(at.wrapping_sub(1), "'");
    for at in (0..code.len()).filter(|&at| declares(at) && outside(at)) {
        let name_at = at + 1 + usize::from(code.is_any(at + 1, &["ref", "mut"]));
        let Some(name) = code.word(name_at).filter(|_| module.constants.len() < MOST_CONSTANTS) else { continue };
        let Some(given) = names::constant_value(code, name_at) else { continue };
        let is_text = given.len() == 1 && code.kind(given.start) == Some(TokenKind::Literal);
        let value = match is_text {
            true if code.text_of(given.start).len() > LONGEST_CONSTANT => continue,
            true => code.value(given),
            false => values::value(code, given),
        };
        if is_text || is_told(&value) {
            let name = match code.type_around(at) {
                Some(of) if code.enclosing(at, ItemKind::Function).is_none() => format!("{of}.{name}").into(),
                _ => name.into(),
            };
            module.constants.push(Constant { name, value, at: code.at(name_at) });
        }
    }
}

/// Settings, and texts put together of constants.
fn is_told(value: &Value) -> bool {
    let is_known = |value: &Value| !matches!(value, Value::Unknown(_) | Value::Parameter { .. });
    match value {
        Value::Concat(parts) => parts.iter().all(is_known),
        _ => fields::is_setting(value),
    }
}

/// `fn orders_url() -> String { env::var("ORDERS_URL").expect("a URL") }`
fn functions(code: &Code, module: &mut CodeModule, outside: &dyn Fn(usize) -> bool) {
    let is_plain = |item: &&Item| {
        let parameters = code.parameters(item);
        let only_self = parameters.iter().all(|range| range.clone().any(|at| code.is(at, "self")));
        item.kind == ItemKind::Function && only_self && !item.body.is_empty() && item.body.len() < 60 && outside(item.name)
    };
    for item in code.items().iter().filter(is_plain) {
        let Some(last) = values::last_expression(code, item.body.clone()) else { continue };
        let value = values::value(code, last);
        if fields::is_setting(&value) && module.constants.len() < MOST_CONSTANTS {
            module.constants.push(Constant { name: code.function_name(item).into(), value, at: code.at(item.name) });
        }
    }
}

fn structs<'c>(code: &'c Code, outside: &dyn Fn(usize) -> bool) -> Vec<&'c Item> {
    let is_struct = |item: &&Item| item.kind == ItemKind::Type && code.is(item.start, "struct") && outside(item.name);
    code.items().iter().filter(is_struct).take(MOST_STRUCTS).collect()
}

/// Names of the fields of a struct, each with the tokens of its type.
fn declared(code: &Code, item: &Item) -> Vec<(usize, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = item.body.start;
    while at < item.body.end && found.len() < MOST_FIELDS {
        if code.word(at).is_some() && code.is(at + 1, ":") {
            let from = at + 2;
            let (mut end, mut depth) = (from, 0);
            while end < item.body.end && !(depth == 0 && code.is(end, ",")) {
                depth += i32::from(code.is(end, "<")) - i32::from(code.is(end, ">")) - 2 * i32::from(code.is(end, ">>"));
                end = code.after(end);
            }
            found.push((at, from..end));
            at = end;
        }
        at = code.after(at).max(at + 1);
    }
    found
}

/// Fields that say which variable fills them: `#[arg(env = "ORDERS_URL", default_value = "http://orders")]` of clap,
/// `#[envconfig(from = "ORDERS_URL")]`.
fn attributes(code: &Code, item: &Item) -> Vec<Constant> {
    let mut found = Vec::new();
    for (name_at, _) in declared(code, item) {
        let attributes = field_attributes(code, name_at, item.body.start);
        let stated = attributes.into_iter().find_map(|inside| {
            let name = code.text_of(inside.start);
            let open = inside.start + 1;
            if !code.is(open, "(") {
                return None;
            }
            let arguments = code.arguments(open);
            let of = |key: &str| code.named(&arguments, key);
            let default = ["default_value", "default_value_t", "default"].iter().find_map(|key| of(key));
            let default =
                default.map(|range| Box::new(values::value(code, range))).filter(|value| !matches!(**value, Value::Unknown(_)));
            let variable: Arc<str> = match name {
                "arg" | "clap" | "structopt" => match of("env") {
                    Some(range) => code.literal(range.start)?.as_ref().into(),
                    None => {
                        arguments.iter().find(|range| range.len() == 1 && code.is(range.start, "env"))?;
                        code.text_of(name_at).to_ascii_uppercase().into()
                    }
                },
                "envconfig" => of("from").and_then(|range| code.literal(range.start))?.as_ref().into(),
                _ => return None,
            };
            Some(Value::Env { name: variable, default })
        });
        let name = code.text_of(name_at).into();
        found.extend(stated.map(|value| Constant { name, value, at: code.at(name_at) }));
    }
    found
}

/// The insides of the attributes right before a field.
fn field_attributes(code: &Code, name: usize, from: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = name;
    while at > from {
        let last = at - 1;
        if code.is(last, "]") && code.partner(last) < last && code.is(code.partner(last).wrapping_sub(1), "#") {
            let open = code.partner(last);
            found.push(open + 1..last);
            at = open - 1;
        } else if code.is(last, "pub") || code.is(last, ")") && code.is(code.partner(last).wrapping_sub(1), "pub") {
            at = code.partner(last).min(last);
        } else {
            break;
        }
    }
    found
}

/// Fields that a literal of the file fills with settings.
fn literal_fields(code: &Code, item: &Item) -> Vec<Constant> {
    let of = code.text_of(item.name);
    let declared = declared(code, item).into_iter();
    declared
        .filter_map(|(name_at, _)| {
            let name = code.text_of(name_at);
            let value = fields::given(code, of, name).filter(fields::is_setting)?;
            Some(Constant { name: name.into(), value, at: code.at(name_at) })
        })
        .collect()
}

/// Statics and functions that give a type: `static CONFIG: Lazy<Config>`, `fn config() -> &'static Config`.
fn holders<'t>(code: &Code<'t>, of: &str) -> Vec<&'t str> {
    let mut found = Vec::new();
    for &at in code.occurrences(of).iter().take(200) {
        let at = at as usize;
        let from = at.saturating_sub(12);
        let Some(sign) = (from..at).rev().find(|&at| code.is_any(at, &[":", "->", ";", "{", "}", "=", "("])) else { continue };
        let name = match code.text_of(sign) {
            ":" => sign.checked_sub(1).filter(|&name| {
                name > 0
                    && (code.is(name - 1, "static")
                        || code.is_any(name - 1, &["ref", "mut"]) && code.is(name.wrapping_sub(2), "static"))
            }),
            "->" => {
                let open = sign.checked_sub(1).filter(|&close| code.is(close, ")")).map(|close| code.partner(close));
                let name = open.and_then(|open| open.checked_sub(1));
                name.filter(|&name| name > 0 && code.is(name - 1, "fn") && code.type_around(name).is_none())
            }
            _ => None,
        };
        found.extend(name.and_then(|name| code.word(name)).filter(|_| found.len() < 4));
    }
    found.dedup();
    found
}

/// How the names of fields become those of variables.
struct Naming {
    prefix: String,
    separator: String,
    /// Files are read, too: a setting has the fields' names, joined by dots.
    files: bool,
}

/// What `envy`, `figment` or `config` of this file say.
fn naming(code: &Code) -> Option<Naming> {
    let text_after = |words: &[&str]| {
        let found = code.calls().find(|call| words.contains(&code.text_of(call.name)))?;
        code.arguments(found.open).first().and_then(|first| code.literal(first.start)).map(|text| text.to_string())
    };
    let has = |word: &str| !code.occurrences(word).is_empty();
    let files = has("with_name") || has("Toml") || has("Yaml") || has("File");
    if has("envy") {
        let prefix = text_after(&["prefixed"]).unwrap_or_default();
        return Some(Naming { prefix, separator: "_".into(), files: false });
    }
    if has("figment") || has("Figment") {
        let prefixed = text_after(&["prefixed"]);
        if prefixed.is_none() && !code.text.contains("Env::raw") {
            return files.then(|| Naming { prefix: String::new(), separator: String::new(), files });
        }
        let separator = text_after(&["split"]).unwrap_or_else(|| "_".into());
        return Some(Naming { prefix: prefixed.unwrap_or_default(), separator, files });
    }
    if has("Environment") && has("config") {
        let separator = text_after(&["separator"]);
        let between = text_after(&["prefix_separator"]).or_else(|| separator.clone()).unwrap_or_else(|| "_".into());
        let prefix = text_after(&["with_prefix", "prefix"]).map_or(String::new(), |prefix| prefix + &between);
        return Some(Naming { prefix, separator: separator.unwrap_or_else(|| "_".into()), files });
    }
    (has("config") && has("try_deserialize")).then(|| Naming { prefix: String::new(), separator: String::new(), files: true })
}

/// Fields of structs that are deserialised from variables and settings.
fn deserialised<'t>(code: &Code<'t>, structs: &[&Item]) -> Vec<(&'t str, Vec<Constant>)> {
    let derives = |item: &Item| {
        let derives = code.annotations_before(item.start).into_iter().filter(|&at| code.is(at, "derive"));
        derives.into_iter().any(|at| code.inside(at + 1).any(|at| code.is(at, "Deserialize")))
    };
    let structs: Vec<&Item> = structs.iter().copied().filter(|item| derives(item)).collect();
    let Some(naming) = naming(code).filter(|_| !structs.is_empty()) else { return Vec::new() };
    // Of each field its name, the struct that it holds, and whether it is a text.
    let mut of_fields: Vec<Vec<(usize, Option<&str>, bool)>> = Vec::new();
    for item in &structs {
        let of_one = |(name, range): (usize, Range<usize>)| {
            let is_text = range.clone().any(|at| code.is_any(at, &["String", "Url", "SecretString", "Uri", "SocketAddr"]));
            (name, fields::type_in(code, range), is_text)
        };
        of_fields.push(declared(code, item).into_iter().map(of_one).collect());
    }
    let index_of = |of: &str| structs.iter().position(|item| code.is(item.name, of));
    let is_inner = |item: &Item| of_fields.iter().flatten().any(|(_, of, _)| *of == Some(code.text_of(item.name)));
    let mut waiting: Vec<(usize, Vec<&str>)> = Vec::new();
    waiting.extend((0..structs.len()).filter(|&index| !is_inner(structs[index])).map(|index| (index, Vec::new())));
    let mut found: Vec<(&str, Vec<Constant>)> = Vec::new();
    while let Some((index, above)) = waiting.pop() {
        let mut own = Vec::new();
        for (name_at, of, is_text) in &of_fields[index] {
            let path = [&above[..], &[code.text_of(*name_at)]].concat();
            match of.and_then(index_of) {
                Some(inner) if path.len() < DEEPEST => waiting.push((inner, path)),
                _ if *is_text => {
                    let value = setting(code, &naming, &path, *name_at, structs[index].body.start);
                    own.push(Constant { name: code.text_of(*name_at).into(), value, at: code.at(*name_at) });
                }
                _ => {}
            }
        }
        if !own.is_empty() && found.len() < MOST_STRUCTS {
            found.push((code.text_of(structs[index].name), own));
        }
    }
    found
}

fn setting(code: &Code, naming: &Naming, path: &[&str], name: usize, from: usize) -> Value {
    let fallback = field_attributes(code, name, from).into_iter().find_map(|inside| {
        let function = code.named(&code.arguments(inside.start + 1), "default").filter(|_| code.is(inside.start, "serde"))?;
        let function = code.literal(function.start)?;
        let at = code.occurrences(&function).iter().map(|&at| at as usize).find(|&at| at > 0 && code.is(at - 1, "fn"))?;
        let item = code.items().iter().find(|item| item.name == at)?;
        match values::value(code, values::last_expression(code, item.body.clone())?) {
            Value::Literal(text) => Some(Box::new(literal(text))),
            _ => None,
        }
    });
    let in_files = |default| Value::Property { key: path.join(".").into(), default };
    if naming.separator.is_empty() {
        return in_files(fallback);
    }
    let variable = format!("{}{}", naming.prefix, path.join(&naming.separator)).to_ascii_uppercase().into();
    let default = if naming.files { Some(Box::new(in_files(fallback))) } else { fallback };
    Value::Env { name: variable, default }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn constants_and_statics() {
        check(
            "src/a.rs",
            r#"
pub const ORDERS: &str = "http://orders";
pub static BASE: LazyLock<String> = LazyLock::new(|| std::env::var("BASE_URL").unwrap_or("http://base".to_string()));
lazy_static! { static ref STOCK: String = format!("{}/stock", env::var("API").unwrap()); }
pub fn billing_url() -> String { env::var("BILLING_URL").expect("it") }
const COUNT: usize = 3;
            "#,
            "2 address http://orders as ORDERS
            3 address env(BASE_URL or http://base)
            4 address env(API)
            5 address env(BILLING_URL)
            2 constant ORDERS = http://orders
            3 constant BASE = env(BASE_URL or http://base)
            4 constant STOCK = env(API)+/stock
            5 constant billing_url = env(BILLING_URL)",
        );
    }

    #[test]
    fn structs_are_filled_from_the_environment() {
        check(
            "src/config.rs",
            r#"
use clap::Parser;
#[derive(Parser)]
pub struct Args {
    #[arg(long, env = "ORDERS_ADDR", default_value = "http://orders:80")]
    pub orders: String,
    /// The store.
    #[clap(long, env)]
    pub database_url: String,
    pub other: String,
}
            "#,
            "5 address http://orders:80 as default_value
            6 constant Args.orders = env(ORDERS_ADDR or http://orders:80)
            9 constant Args.database_url = env(DATABASE_URL)",
        );
        check(
            "src/settings.rs",
            r#"
use config::{Config, Environment, File};
#[derive(Deserialize)]
pub struct Settings { pub orders: Orders, pub name: String }
#[derive(Deserialize)]
pub struct Orders { #[serde(default = "default_url")] pub url: String, pub port: u16 }
fn default_url() -> String { "http://orders".into() }
pub fn load() -> Settings {
    Config::builder().add_source(File::with_name("a")).add_source(Environment::with_prefix("APP").separator("__")).build()?.try_deserialize()?
}
            "#,
            "7 address http://orders
            4 constant Settings.name = env(APP__NAME or property(name))
            4 constant load.name = env(APP__NAME or property(name))
            6 constant Orders.url = env(APP__ORDERS__URL or property(orders.url or http://orders))",
        );
        check(
            "src/more.rs",
            r#"
pub struct Config { pub orders_url: String, pub port: u16 }
impl Config {
    pub fn from_env() -> Self {
        let orders_url = std::env::var("ORDERS_URL").expect("one");
        Self { orders_url, port: 80 }
    }
}
            "#,
            "5 address env(ORDERS_URL) as orders_url\n2 constant Config.orders_url = env(ORDERS_URL)",
        );
    }
}
