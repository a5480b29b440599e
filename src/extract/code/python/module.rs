//! What a Python file defines for others: names that it hands on, texts that may be paths, and where the program begins.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::imports;
use super::names::is_type;
use super::settings;
use super::syntax::{self, Assignment, assignment, call, classes, library, statements};
use super::values::Values;
use crate::extract::code::Code;
use crate::extract::code::structure::ItemKind;
use crate::facts::{Alias, CodeModule, Constant, Entry, TypeHeader, Value};

/// Marks of constants, of names handed on, of classes that inherit routes, and of starts.
pub const MARKS: &[&str] = &[
    "import *",
    "__main__",
    "= \"/",
    "= '/",
    "BaseSettings",
    "= \"http",
    "= 'http",
    "os.environ",
    "getenv(",
    "environ.get",
    ".config[",
    "decouple",
    "import environ",
    "_URL = ",
    "_HOST = ",
    "_TOPIC",
    "_QUEUE",
    "_PREFIX",
    "Enum)",
    "View)",
    "ViewSet)",
    "Resource)",
    "Handler)",
    "Mixin",
    "get_wsgi_application",
    "get_asgi_application",
    "from .",
    "uvicorn.run(",
    "serve_forever(",
];

const MOST_CONSTANTS: usize = 200;
const MOST_ALIASES: usize = 400;
const LONGEST_CONSTANT: usize = 200;

pub fn define(code: &Code, module: &mut CodeModule) {
    aliases(code, module);
    constants(code, module);
    types(code, module);
    module.entry = entry(code);
}

/// What a package hands on of its modules, and what a file takes whole from another one.
fn aliases(code: &Code, module: &mut CodeModule) {
    let is_package = code.path == "__init__.py" || code.path.ends_with("/__init__.py");
    for import in imports::all(code).into_iter().take(MOST_ALIASES) {
        // What a package takes from itself is a module of its own.
        let own = is_package && import.module == code.path.trim_end_matches("__init__.py").trim_end_matches('/');
        let target: Arc<str> = match own && !import.star && import.name != "*" {
            true => format!("{}/{}#*", import.module, import.name).trim_start_matches('/').into(),
            false => import.target().into(),
        };
        if import.star {
            module.aliases.push(Alias { name: "*".into(), target });
        } else if is_package && import.name != "*" {
            module.aliases.push(Alias { name: import.local.as_str().into(), target });
        }
    }
}

fn constants(code: &Code, module: &mut CodeModule) {
    let values = Values::new(code);
    let around = &values.names.around;
    let classes: Vec<&str> = values.settings().iter().map(|class| &*class.name).collect();
    let mut own: FxHashSet<String> = classes.iter().map(|class| (*class).to_owned()).collect();
    for statement in statements(code) {
        let start = statement.start;
        if module.constants.len() >= MOST_CONSTANTS {
            break;
        }
        let Some(Assignment { name, value, .. }) = assignment(code, statement) else { continue };
        if value.is_empty() || name.contains('.') {
            continue;
        }
        let name = match around.innermost(start) {
            None => name,
            Some(item) if item.kind == ItemKind::Type => {
                let class = code.text_of(item.name);
                if classes.contains(&class) {
                    continue;
                }
                format!("{class}.{name}")
            }
            Some(_) => continue,
        };
        // An object of a class whose members are constants: `settings = Settings()`.
        if let Some(class) =
            call(code, value.clone()).and_then(|(callee, _)| code.dotted(callee)).filter(|class| own.contains(class))
        {
            module.aliases.push(Alias { name: name.as_str().into(), target: format!("#{class}").into() });
            continue;
        }
        table(&values, &name, value.clone(), module);
        let found = field_default(&values, value.clone()).unwrap_or_else(|| values.value(value.clone()));
        if may_be_asked_for(&name, &found) {
            own.extend(name.split_once('.').map(|(class, _)| class.to_owned()));
            module.constants.push(Constant { name: name.as_str().into(), value: found, at: code.location(value) });
        }
    }
    settings_fields(&values, module);
    // What an application sets in its table of configuration, others read from it by the key.
    for entry in values.names.entries.iter().take(MOST_CONSTANTS.saturating_sub(module.constants.len())) {
        let name = format!("Config.{}", entry.key);
        let value = values.value(entry.value.clone());
        if may_be_asked_for(&name, &value) {
            module.constants.push(Constant { name: name.into(), value, at: code.location(entry.value.clone()) });
        }
    }
}

/// Members of classes of settings, by the class and by each object of it that others ask for: `Settings.orders_url`,
/// `settings.orders_url`, `get_settings().orders_url`.
fn settings_fields(values: &Values, module: &mut CodeModule) {
    let code = values.code;
    for class in values.settings() {
        let mut owners = vec![class.name.clone()];
        let is_made = |range: std::ops::Range<usize>| {
            call(code, range).and_then(|(callee, _)| code.dotted(callee)).is_some_and(|name| name == class.name)
        };
        for found in &values.names.assignments {
            if values.names.around.innermost(found.at).is_none() && is_made(found.value.clone()) {
                owners.push(found.name.clone());
            }
        }
        for &at in code.occurrences(&class.name).iter().take(32) {
            let at = at as usize;
            if code.is(at.wrapping_sub(1), "return")
                && code.is(at + 1, "(")
                && let Some(function) = values.names.function(at)
            {
                owners.push(format!("{}()", code.text_of(function.name)));
            }
        }
        for field in &class.fields {
            let value = values.field_value(field);
            if !may_be_asked_for(&field.name, &value) {
                continue;
            }
            for owner in owners.iter().take(8) {
                if module.constants.len() < MOST_CONSTANTS {
                    let name = format!("{owner}.{}", field.name);
                    module.constants.push(Constant { name: name.into(), value: value.clone(), at: code.at(field.at) });
                }
            }
        }
    }
}

/// Entries of a table of the file, by their keys: `SERVICES.orders`.
fn table(values: &Values, name: &str, range: std::ops::Range<usize>, module: &mut CodeModule) {
    let code = values.code;
    if !code.is(range.start, "{") || code.partner(range.start) + 1 != range.end {
        return;
    }
    for part in code.split(code.inside(range.start), ",").into_iter().take(MOST_CONSTANTS) {
        let Some(key) = code.literal(part.start).filter(|_| code.is(part.start + 1, ":")) else { continue };
        let is_name = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        let range = part.start + 2..part.end;
        let value = values.value(range.clone());
        if is_name && module.constants.len() < MOST_CONSTANTS && may_be_asked_for(&key.to_lowercase(), &value) {
            let name = format!("{name}.{key}");
            module.constants.push(Constant { name: name.into(), value, at: code.location(range) });
        }
    }
}

/// `Field(default="/x", …)` and `Field("/x", …)` of a class of settings.
fn field_default(values: &Values, range: std::ops::Range<usize>) -> Option<Value> {
    let code = values.code;
    let (callee, open) = call(code, range)?;
    if !code.is_any(callee.start, &["Field", "field"]) {
        return None;
    }
    let arguments = code.arguments(open);
    let made = code.named(&arguments, "default_factory").filter(|range| code.is(range.start, "lambda"));
    let made = made.and_then(|range| Some(range.clone().find(|&at| code.is(at, ":"))? + 1..range.end));
    let default = made.or_else(|| code.named(&arguments, "default")).or_else(|| arguments.first().cloned())?;
    Some(values.value(default))
}

fn may_be_asked_for(name: &str, value: &Value) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    let is_upper = last.bytes().any(|byte| byte.is_ascii_uppercase()) && !last.bytes().any(|byte| byte.is_ascii_lowercase());
    match value {
        Value::Literal(text) => {
            let is_text = text.contains(['/', '.', ':']) || is_upper;
            let is_text =
                is_text && !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && !settings::is_secret(last);
            text.len() <= LONGEST_CONSTANT && is_text && !text.contains(['\n', ' '])
        }
        Value::Env { .. } | Value::Concat(_) => !has_unknown(value),
        _ => false,
    }
}

fn has_unknown(value: &Value) -> bool {
    match value {
        Value::Unknown(_) => true,
        Value::Concat(parts) => parts.iter().any(|part| matches!(part, Value::Unknown(_))),
        _ => false,
    }
}

/// Endings of classes that handle requests, or of what they are mixed from.
const HANDLES: [&str; 9] = ["View", "ViewSet", "Resource", "Handler", "Endpoint", "Mixin", "Controller", "API", "Api"];

/// Heads of classes that can inherit how they handle requests.
fn types(code: &Code, module: &mut CodeModule) {
    for class in classes(code) {
        let bases: Vec<Arc<str>> = class.bases.iter().filter(|base| is_type(base)).map(|base| code.symbol(base)).collect();
        let handles = |name: &str| HANDLES.iter().any(|ending| name.ends_with(ending));
        let own = class.bases.iter().any(|base| !is_library(&library(code, base).0));
        if own && (handles(class.name) || class.bases.iter().any(|base| handles(base))) && module.types.len() < MOST_CONSTANTS {
            module.types.push(TypeHeader { name: class.name.into(), at: code.at(class.at), bases });
        }
    }
}

/// Packages of frameworks, whose classes are known.
fn is_library(package: &str) -> bool {
    matches!(
        package,
        "django"
            | "rest_framework"
            | "flask"
            | "flask_restful"
            | "flask_restx"
            | "flask_restplus"
            | "aiohttp"
            | "tornado"
            | "starlette"
            | "sanic"
            | "quart"
            | "flask_smorest"
            | "http"
            | "logging"
            | "enum"
            | "abc"
            | "typing"
            | "pydantic"
    )
}

/// What is started, by the call that starts it.
const STARTS: [(&str, &str); 10] = [
    ("uvicorn.run", "uvicorn"),
    ("hypercorn.run", "hypercorn"),
    ("web.run_app", "aiohttp"),
    ("get_wsgi_application", "django"),
    ("get_asgi_application", "django"),
    ("execute_from_command_line", "django"),
    ("serve_forever", "server"),
    ("start_consuming", "pika"),
    ("app.run", "app"),
    ("wait_for_termination", "grpc"),
];

/// Where the program begins: what it says to do when it is run, or the call that starts a server.
fn entry(code: &Code) -> Option<Entry> {
    let started = STARTS.iter().find_map(|(called, starts)| {
        let parts: Vec<&str> = called.split('.').collect();
        let reads = |at: usize| {
            let dotted = parts.len() == 1 || code.is(at + 1, ".") && code.is(at + 2, parts[1]);
            code.is(at, parts[0]) && dotted && code.is(at + 2 * parts.len() - 1, "(")
        };
        (0..code.len()).find(|&at| reads(at)).map(|at| (at, *starts))
    });
    let main = statements(code).into_iter().map(|statement| statement.start).find(|&start| {
        let names = |at: usize| code.literal(at).is_some_and(|text| text == "__main__");
        code.is(start, "if") && (code.is(start + 1, "__name__") && names(start + 3) || names(start + 1))
    });
    let starts = started.map(|(_, starts)| match starts {
        "app" => framework(code).unwrap_or("main"),
        other => other,
    });
    match (main, started) {
        (Some(at), _) => Some(Entry { at: code.at(at), starts: starts.unwrap_or("main").into() }),
        (None, Some((at, starts))) if starts != "app" => Some(Entry { at: code.at(at), starts: starts.into() }),
        _ => None,
    }
}

fn framework(code: &Code) -> Option<&'static str> {
    super::SHAPES.iter().find(|shape| syntax::imports_any(code, shape.packages)).map(|shape| shape.framework)
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn packages_hand_on_what_they_import() {
        check(
            "app/api/__init__.py",
            "from . import orders\nfrom .users import router as users\nfrom .all import *\nimport os",
            "alias orders = app/api/orders#*
            alias users = app/api/users#router
            alias * = app/api/all#*",
        );
        check("app/main.py", "from .users import router\nfrom .all import *", "alias * = app/all#*");
    }

    #[test]
    fn constants_are_texts_that_others_may_ask_for() {
        check(
            "app/config.py",
            "
from pydantic_settings import BaseSettings
PREFIX = '/api'
TOPIC = 'orders'
COUNT = 3
SECRET_KEY = 'a/b'
plain = 'word'
class Settings(BaseSettings):
    API: str = PREFIX + '/v1'
    TITLE = Field(default='/t', env='T')
    HOST: str = os.getenv('HOST', 'a.b')
def f():
    LOCAL = '/no'
settings = Settings()
            ",
            "11 address env(HOST or a.b) as HOST
            3 constant PREFIX = /api
            4 constant TOPIC = orders
            9 constant Settings.API = env(API or /api/v1)
            9 constant settings.API = env(API or /api/v1)
            10 constant Settings.TITLE = env(T or /t)
            10 constant settings.TITLE = env(T or /t)
            11 constant Settings.HOST = env(HOST or a.b)
            11 constant settings.HOST = env(HOST or a.b)
            alias settings = #Settings",
        );
    }

    #[test]
    fn a_program_begins_where_it_is_run() {
        check("a.py", "import uvicorn\nif __name__ == '__main__':\n    uvicorn.run('a:app')", "2 entry uvicorn");
        check(
            "wsgi.py",
            "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()",
            "2 entry django",
        );
        check("a.py", "if __name__ == \"__main__\":\n    main()", "1 entry main");
        check("a.py", "print('__main__')", "");
    }
}
