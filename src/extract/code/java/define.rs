//! What a file defines for others: its package, texts that have a name, heads of controllers, where a program begins.

use super::ktor_resources::resource_paths;
use super::types::{self, Form, Type, types};
use super::{settings, values};
use crate::extract::code::{Code, structure::ItemKind};
use crate::facts::{CodeModule, Constant, Entry, TypeHeader, Value};
use crate::source::Location;

/// A text whose name begins with a capital, an entry, an annotation of routes.
#[rustfmt::skip]
pub const MARKS: &[&str] = &[
    "String A", "String B", "String C", "String D", "String E", "String F", "String G", "String H", "String I", "String J", "String K",
    "String L", "String M", "String N", "String O", "String P", "String Q", "String R", "String S", "String T", "String U", "String V",
    "String W", "String X", "String Y", "String Z", "const val ", "val ",
    "void main(", "fun main(", "SpringApplication", "runApplication<", "EngineMain", "fun Application.",
    "@ConfigurationProperties", "@ConfigMapping", "@ConfigProperty", "@Value(\"", "getenv(",
    "Controller", "@Path(", "Mapping(", "@Get(", "@Post(", "@Put(", "@Delete(", "@Resource(", "@Location(",
];

/// More constants of one file are no paths.
const MOST_CONSTANTS: usize = 200;
const LONGEST_CONSTANT: usize = 200;
/// Annotations of members that make a type offer routes.
const ROUTES: [&str; 26] = [
    "RequestMapping",
    "GetMapping",
    "PostMapping",
    "PutMapping",
    "DeleteMapping",
    "PatchMapping",
    "GetExchange",
    "PostExchange",
    "PutExchange",
    "DeleteExchange",
    "PatchExchange",
    "HttpExchange",
    "GET",
    "POST",
    "PUT",
    "DELETE",
    "PATCH",
    "HEAD",
    "OPTIONS",
    "Path",
    "Get",
    "Post",
    "Put",
    "Delete",
    "Patch",
    "Route",
];
const CONTROLLERS: [&str; 5] = ["RestController", "Controller", "RequestMapping", "Path", "RepositoryRestController"];

pub fn define(code: &Code, module: &mut CodeModule) {
    module.package = package(code);
    let all = types(code);
    constants(code, &all, module);
    let room = MOST_CONSTANTS.saturating_sub(module.constants.len());
    module.constants.extend(settings::constants(code, &all).into_iter().take(room));
    for (name, value) in resource_paths(code, &all).into_iter().take(MOST_CONSTANTS) {
        // A type of Ktor stands for its path.
        let at = all.iter().find(|of| of.path == name).map_or(Location::TOP, |of| code.at(of.item.name));
        module.constants.push(Constant { name: name.into(), value, at });
    }
    for of in &all {
        let offers =
            of.annotation(&CONTROLLERS).is_some() || of.members.iter().any(|member| member.annotation(&ROUTES).is_some());
        if offers && !of.bases.is_empty() {
            let bases = of.bases.iter().map(|base| super::type_symbol(code, base)).collect();
            module.types.push(TypeHeader { name: of.path.as_str().into(), at: code.at(of.item.name), bases });
        }
    }
    module.entry = entry(code);
}

pub fn package(code: &Code) -> Option<std::sync::Arc<str>> {
    let at = (0..code.len().min(400)).find(|&at| code.is(at, "package") && code.begins_line(at))?;
    let mut end = at + 1;
    while end < at + 64 && code.word(end).is_some() && code.is(end + 1, ".") {
        end += 2;
    }
    code.dotted(at + 1..end + 1).map(Into::into)
}

fn constants(code: &Code, all: &[Type], module: &mut CodeModule) {
    let kotlin = code.language.name() == "Kotlin";
    if kotlin {
        top_level(code, module);
    }
    for of in all {
        // A companion's members are those of the type around it.
        for field in types::fields(code, of.item) {
            let fixed = field.modifiers.contains(&"final")
                || field.modifiers.contains(&"const")
                || field.modifiers.contains(&"static")
                || of.form == Form::Interface;
            let fixed = fixed || kotlin && code.is(of.item.start, "object") && field.modifiers.contains(&"val");
            if fixed && !field.given.is_empty() {
                add(code, module, format!("{}.{}", of.path, field.name), field.given);
            }
        }
        if kotlin {
            companion(code, of, module);
        }
        if of.form == Form::Enum {
            enumerators(code, of, module);
        }
    }
}

/// Properties of a file of Kotlin that stand in no type.
fn top_level(code: &Code, module: &mut CodeModule) {
    let mut at = 0;
    while at < code.len() {
        if code.is(at, "val") && code.word(at + 1).is_some() {
            let name = code.text_of(at + 1);
            if let Some(equals) = (at + 2..(at + 12).min(code.len())).find(|&equals| code.is(equals, "=")) {
                add(code, module, name.to_owned(), equals + 1..line_end(code, equals + 1));
            }
        }
        at = code.after(at);
    }
}

fn line_end(code: &Code, from: usize) -> usize {
    let mut end = from;
    while end < code.len()
        && (end == from || !code.begins_line(end) || code.is_any(end, &["+", "?:"]) || code.is_any(end - 1, &["+", "?:"]))
    {
        end = code.after(end);
    }
    end.min(code.len())
}

fn companion(code: &Code, of: &Type, module: &mut CodeModule) {
    let mut at = of.item.body.start;
    while at < of.item.body.end {
        if code.is(at, "companion") && code.is(at + 1, "object") {
            let open = (at + 2..at + 5).find(|&open| code.is(open, "{"));
            let inside = open.map_or(at..at, |open| code.inside(open));
            for at in inside.clone().filter(|&at| code.is(at, "val") && code.word(at + 1).is_some()) {
                if let Some(equals) = (at + 2..(at + 12).min(inside.end)).find(|&equals| code.is(equals, "=")) {
                    let end = line_end(code, equals + 1).min(inside.end);
                    add(code, module, format!("{}.{}", of.path, code.text_of(at + 1)), equals + 1..end);
                }
            }
        }
        at = code.after(at);
    }
}

/// `ORDERS("orders")`: the first text of an enumerator is what it stands for.
fn enumerators(code: &Code, of: &Type, module: &mut CodeModule) {
    for part in code.split(of.item.body.clone(), ",").into_iter().take(MOST_CONSTANTS) {
        if code.word(part.start).is_some() && code.is(part.start + 1, "(") {
            let given =
                code.arguments(part.start + 1).into_iter().find(|given| given.len() == 1 && code.literal(given.start).is_some());
            if let Some(given) = given {
                add(code, module, format!("{}.{}", of.path, code.text_of(part.start)), given);
            }
        }
        if (part.start..part.end.min(part.start + 8)).any(|at| code.is(at, ";")) {
            break;
        }
    }
}

fn add(code: &Code, module: &mut CodeModule, name: String, given: std::ops::Range<usize>) {
    if module.constants.len() >= MOST_CONSTANTS || given.len() > 40 {
        return;
    }
    let at = code.at(given.start);
    let value = values::value(code, given);
    let kept = match &value {
        Value::Literal(text) => {
            let last = name.rsplit('.').next().unwrap_or(&name);
            let upper = last.bytes().all(|byte| !byte.is_ascii_lowercase());
            let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
            !is_number && text.len() <= LONGEST_CONSTANT && (upper || text.contains(['/', '.', ':']))
        }
        Value::Concat(parts) => parts.iter().any(|part| matches!(part, Value::Literal(_))) && !parts.iter().any(is_unknown),
        Value::Env { .. } | Value::Property { .. } | Value::Symbol(_) => true,
        Value::Unknown(_) | Value::Parameter { .. } => false,
    };
    // A symbol that stands for no constant is no text.
    let is_constant =
        |symbol: &str| symbol.rsplit(['.', '#']).next().is_some_and(|last| last.bytes().all(|byte| !byte.is_ascii_lowercase()));
    if kept && !matches!(&value, Value::Symbol(symbol) if !is_constant(symbol)) {
        module.constants.push(Constant { name: name.into(), value, at });
    }
}

fn is_unknown(value: &Value) -> bool {
    matches!(value, Value::Unknown(_))
}

fn entry(code: &Code) -> Option<Entry> {
    let mut plain = None;
    let mut started = None;
    for item in code.items().iter().filter(|item| item.kind == ItemKind::Function && code.is(item.name, "main")) {
        // An extension (`fun Application.main()`) is started by another.
        if code.is(item.name.wrapping_sub(1), ".") {
            continue;
        }
        let is_main =
            code.language.name() == "Kotlin" || (item.name.saturating_sub(3)..item.name).any(|at| code.is(at, "static"));
        if is_main && plain.is_none() {
            plain = Some(code.at(item.name));
        }
    }
    const STARTS: [(&str, &str); 9] = [
        ("SpringApplication", "spring-boot"),
        ("SpringApplicationBuilder", "spring-boot"),
        ("runApplication", "spring-boot"),
        ("Micronaut", "micronaut"),
        ("Quarkus", "quarkus"),
        ("embeddedServer", "ktor"),
        ("EngineMain", "ktor"),
        ("Javalin", "javalin"),
        ("Vertx", "vertx"),
    ];
    plain?;
    for at in 0..code.len() {
        let Some(word) = code.word(at) else { continue };
        if let Some((_, name)) = STARTS.iter().find(|(start, _)| *start == word)
            && code.is_any(at + 1, &[".", "(", "<", "::"])
        {
            started.get_or_insert(*name);
        }
    }
    Some(Entry { at: plain?, starts: started.unwrap_or("main").into() })
}
