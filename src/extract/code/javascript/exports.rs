//! What a file gives to others: names for its routers and functions, texts, and where the program begins.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::functions::{self, Functions};
use super::{constants, known, modules, values};
use crate::extract::code::Code;
use crate::extract::code::tokens::TokenKind;
use crate::facts::{Alias, CodeModule, Entry};

/// One of these stands in what `define` would find something in, and in few other files: routers and what they are called, files that
/// hand on what others define, texts that are paths or topics, and starts of programs.
#[rustfmt::skip]
pub const MARKS: [&str; 55] = [
    "oute", "xpress", "astify", "koa", "hono", "lysia", "estify", "polka", "hapi", "export * ", "export {", "module.exports", "exports.",
    "(app", "(server", ".listen(", "erve(", "NestFactory", "bindAsync", "main()", "start()", "bootstrap()", "run()", "opic", "ueue",
    "ubject", "hannel", "attern", "vent", "= '/", "= \"/", "= `/", ": '/", ": \"/", "enum ", "andler =", "functions.http", "PREFIX",
    "PATH", "default app", "process.env", "import.meta.env", "'http://", "\"http://", "`http://", "'https://", "\"https://", "`https://",
    "fetch(", "axios", "superagent", "HttpClient", "Publisher", "Producer", "ClientProxy",
];

const MOST_ALIASES: usize = 500;

pub fn define(code: &Code, module: &mut CodeModule) {
    let known = known(code);
    let own = known.imported.iter().filter(|import| import.own).map(|import| import.local.clone()).collect();
    let mut exports = Exports { code, functions: &known.functions, own, aliases: Vec::new() };
    for at in 0..code.len() {
        let is_statement = !at.checked_sub(1).is_some_and(|before| code.is_any(before, &[".", "?."]));
        match code.text_of(at) {
            "export" if is_statement => exports.statement(at),
            "exports" if code.kind(at) == Some(TokenKind::Word) => exports.common(at),
            "return" if code.reads(at + 1, &["this", "."]) => exports.accessor(at),
            _ => {}
        }
    }
    module.aliases = exports.aliases;
    module.aliases.truncate(MOST_ALIASES);
    module.constants = constants::of(code);
    module.entry = entry(code);
}

struct Exports<'c, 't> {
    code: &'c Code<'t>,
    functions: &'c Functions,
    /// Names that are imported from files of the same program.
    own: FxHashSet<String>,
    aliases: Vec<Alias>,
}

impl Exports<'_, '_> {
    fn add(&mut self, name: impl Into<Arc<str>>, target: impl Into<Arc<str>>) {
        let (name, target) = (name.into(), target.into());
        let is_itself = target.strip_prefix('#') == Some(&*name);
        let alias = Alias { name, target };
        if !is_itself && self.aliases.len() < MOST_ALIASES && !self.aliases.contains(&alias) {
            self.aliases.push(alias);
        }
    }

    /// After `export`.
    fn statement(&mut self, at: usize) {
        let code = self.code;
        match code.text_of(at + 1) {
            "default" => match code.text_of(at + 2) {
                "class" | "function" | "async" | "abstract" => {
                    let name = (at + 3..at + 6).find(|&at| !code.is_any(at, &["function", "class", "*"]));
                    let name = name
                        .and_then(|at| code.word(at).filter(|_| code.is_any(at + 1, &["(", "{", "extends", "implements", "<"])));
                    if let Some(name) = name.filter(|name| !matches!(*name, "extends" | "implements")) {
                        self.add("default", format!("#{name}"));
                    }
                }
                "new" => {
                    self.instance("default", at + 2);
                    self.value("default", at + 2..functions::expression_end(code, at + 2), "default.");
                }
                _ => self.value("default", at + 2..functions::expression_end(code, at + 2), "default."),
            },
            "=" => self.value("default", at + 2..functions::expression_end(code, at + 2), ""),
            "*" => {
                let named = code.is(at + 2, "as").then(|| code.text_of(at + 3));
                let from = if named.is_some() { at + 4 } else { at + 2 };
                let Some(specifier) = code.literal(from + 1).filter(|_| code.is(from, "from")) else { return };
                let (module, _) = modules::module(code.path, &specifier);
                self.add(named.unwrap_or("*"), format!("{module}#*"));
            }
            "{" | "type" => {
                let open = at + 1 + usize::from(code.is(at + 1, "type"));
                if !code.is(open, "{") {
                    return;
                }
                let close = code.partner(open);
                let specifier = code.is(close + 1, "from").then(|| code.literal(close + 2)).flatten();
                for (exported, name) in modules::braced(code, code.inside(open), "as") {
                    let target = match &specifier {
                        Some(specifier) => format!("{}#{name}", modules::module(code.path, specifier).0).into(),
                        None => self.symbol(&name, at),
                    };
                    self.add(exported, target);
                }
            }
            "const" if code.is(at + 3, "=") => self.instance(code.text_of(at + 2), at + 4),
            _ => {}
        }
    }

    /// `export const client = new OrdersClient(…)`: members of the name are those of the class.
    fn instance(&mut self, name: &str, from: usize) {
        let code = self.code;
        let Some(class) = code.word(from + 1).filter(|_| code.is(from, "new") && code.is_any(from + 2, &["(", "<"])) else {
            return;
        };
        // Routers are instances, too, and go by their own names.
        let ends = ["Client", "Service", "Api", "API", "Gateway", "Publisher", "Producer", "Config", "Settings", "Repository"];
        let is_own = self.own.contains(class) || !code.imports().contains_key(class);
        if is_own && ends.iter().any(|end| class.ends_with(end)) {
            let target = modules::symbol(code, class);
            self.add(name, target);
        }
    }

    /// At `exports`: `module.exports = …`, `exports.name = …`.
    fn common(&mut self, at: usize) {
        let code = self.code;
        if at.checked_sub(1).is_some_and(|before| code.is(before, "."))
            && !at.checked_sub(2).is_some_and(|of| code.is(of, "module"))
        {
            return;
        }
        let (name, equals) = match code.is(at + 1, ".") {
            true => (code.text_of(at + 2), at + 3),
            false => ("default", at + 1),
        };
        if !code.is(equals, "=") {
            return;
        }
        // `module.exports = exports = value`, `exports.a = exports.b = value`.
        let mut from = equals + 1;
        for _ in 0..3 {
            if let Some(next) =
                (from..from + 6).find(|&at| code.is_any(at, &["=", ";", "(", "{", "=>"])).filter(|&at| code.is(at, "="))
            {
                from = next + 1;
            }
        }
        self.value(name, from..functions::expression_end(code, from), "");
        // `const app = module.exports = express()`: the name is the value's own.
        let start = at - if at.checked_sub(2).is_some_and(|of| code.is(of, "module")) { 2 } else { 0 };
        if let Some(local) = start.checked_sub(2).filter(|_| code.is(start - 1, "=")).and_then(|local| code.word(local)) {
            let target = self.symbol(local, start);
            self.add(name, target);
        }
    }

    /// What a name of the module stands for; entries of an object are names below `within`.
    fn value(&mut self, name: &str, range: Range<usize>, within: &str) {
        let code = self.code;
        if code.is(range.start, "{") {
            self.object(range, within);
            return;
        }
        if let Some(target) = self.target(range) {
            if let Some(module) = target.strip_suffix("#default").filter(|module| !module.is_empty() && name == "default") {
                self.add("*", format!("{module}#*"));
            }
            self.add(name, target);
        }
    }

    fn object(&mut self, object: Range<usize>, within: &str) {
        let code = self.code;
        for (key, value) in values::entries(code, object.clone()).into_iter().take(MOST_ALIASES) {
            let is_method = value.start == key && value.len() > 1;
            let name = format!("{within}{}", values::key(code, key));
            if is_method {
                self.add(name, format!("#{}", code.text_of(key)));
            } else if let Some(target) = self.target(value) {
                self.add(name, target);
            }
        }
        for part in code.split(code.inside(object.start), ",") {
            if code.is(part.start, "...")
                && let Some((specifier, _)) = modules::required(code, part.start + 1)
            {
                self.add("*", format!("{}#*", modules::module(code.path, &specifier).0));
            }
        }
    }

    fn symbol(&self, name: &str, at: usize) -> Arc<str> {
        let symbol = modules::symbol(self.code, name);
        if !symbol.starts_with('#') {
            return symbol;
        }
        // What a function declares goes by its name.
        let around = self.functions.around(at).filter(|_| self.code.assigned(name, at).is_some());
        match self.functions.named(around) {
            Some(function) => format!("#{function}.{name}").into(),
            None => symbol,
        }
    }

    /// The symbol of a name, a member, what a function returns, or a module.
    fn target(&self, range: Range<usize>) -> Option<Arc<str>> {
        let code = self.code;
        let last = range.end.checked_sub(1).filter(|&last| last >= range.start)?;
        if let Some(name) = code.dotted(range.clone()) {
            let plain = !matches!(name.as_str(), "true" | "false" | "null" | "undefined");
            return plain.then(|| self.symbol(&name, range.start));
        }
        if code.is(range.start, "require") {
            let (symbol, close) = modules::required(code, range.start)?;
            let (module, _) = modules::module(code.path, &symbol);
            return match (close == last, code.dotted(close + 2..range.end)) {
                (true, _) => Some(format!("{module}#default").into()),
                (_, Some(member)) if code.is(close + 1, ".") => Some(format!("{module}#{member}").into()),
                _ => None,
            };
        }
        // `new Routes().router`, `createRouter(…)`, `routes.build()`.
        let from = range.start + usize::from(code.is(range.start, "new"));
        let open = (from + 1..range.end).find(|&at| code.is(at, "("))?;
        let name = code.dotted(from..open)?;
        let first = name.split('.').next().unwrap_or(&name);
        // What a package returns is nothing that another file of the program defines.
        if code.imports().contains_key(first) && !self.own.contains(first) {
            return None;
        }
        let mut target = modules::symbol(code, &name).to_string();
        let after = code.after(open);
        if after == range.end {
            return (from == range.start).then(|| format!("{target}()").into());
        }
        let member = code.is(after, ".").then(|| code.word(after + 1))??;
        target = if from == range.start { format!("{target}().{member}") } else { format!("{target}.{member}") };
        match after + 2 == range.end {
            true => Some(target.into()),
            false => (code.is(after + 2, "(") && code.after(after + 2) == range.end).then(|| format!("{target}()").into()),
        }
    }

    /// `getRouter() { return this.router; }`: what the method returns is the field.
    fn accessor(&mut self, at: usize) {
        let code = self.code;
        let Some(function) = self.functions.around(at) else { return };
        let (Some(field), Some(name)) = (code.word(at + 3), self.functions.all[function].name.clone()) else { return };
        let (Some(class), true) = (self.functions.class(at), code.is_any(at + 4, &[";", "}"])) else { return };
        let target = format!("#{class}.{field}");
        // A getter reads like a field.
        let is_getter = self.functions.all[function].start.checked_sub(1).is_some_and(|before| code.is(before, "get"));
        self.add(if is_getter { name } else { format!("{name}()") }, target);
    }
}

/// What a program is started with, by package.
const SERVERS: [(&str, &str); 14] = [
    ("express", "express"),
    ("fastify", "fastify"),
    ("koa", "koa"),
    ("@hapi/hapi", "hapi"),
    ("hapi", "hapi"),
    ("restify", "restify"),
    ("hono", "hono"),
    ("@hono/node-server", "hono"),
    ("elysia", "elysia"),
    ("polka", "polka"),
    ("@apollo/server", "apollo"),
    ("apollo-server", "apollo"),
    ("graphql-yoga", "yoga"),
    ("@grpc/grpc-js", "grpc"),
];

/// Where the program begins: a server that listens, or a main function that is called.
fn entry(code: &Code) -> Option<Entry> {
    let mut main = None;
    for call in code.calls() {
        let name = code.text_of(call.name);
        let plain = call.start == call.name && !call.name.checked_sub(1).is_some_and(|before| code.is_any(before, &[".", "?."]));
        let receiver = call.name.checked_sub(2).map_or("", |last| code.text_of(last));
        let arguments = !code.inside(call.open).is_empty();
        let starts = match name {
            "create" | "createMicroservice" | "createApplicationContext" if receiver == "NestFactory" => Some("nestjs"),
            "listen" if !plain && arguments => {
                let known = [
                    "app",
                    "server",
                    "http",
                    "httpServer",
                    "fastify",
                    "api",
                    ")",
                    "instance",
                    "https",
                    "koa",
                    "gateway",
                    "elysia",
                ];
                let is_server = known.contains(&receiver) || receiver.to_ascii_lowercase().ends_with("server");
                is_server.then(|| server(code))
            }
            "listen" if !plain && receiver == "fastify" => Some("fastify"),
            "serve" if plain && arguments || matches!(receiver, "Bun" | "Deno") => Some(server(code)),
            "start" if !plain && receiver == "server" && server(code) == "hapi" => Some("hapi"),
            "bindAsync" | "bind" if receiver == "server" && name == "bindAsync" => Some("grpc"),
            "startStandaloneServer" if plain => Some("apollo"),
            "http" | "cloudEvent" if receiver == "functions" => Some("function"),
            "main" | "start" | "bootstrap" | "run" | "startServer" | "init" if plain && is_top(code, call.start) => {
                main = main.or(Some(call.name));
                None
            }
            _ => None,
        };
        if let Some(starts) = starts {
            return Some(Entry { at: code.location(call.start..call.open), starts: starts.into() });
        }
    }
    handler(code).or_else(|| main.map(|at| Entry { at: code.at(at), starts: "main".into() }))
}

/// A statement of the file itself.
fn is_top(code: &Code, start: usize) -> bool {
    let before = start.checked_sub(1);
    let word = before.is_some_and(|before| code.is_any(before, &["function", "async", "new", "class"]));
    let first = code.begins_line(start) || before.is_some_and(|before| code.is_any(before, &[";", "await", "void", ")"]));
    // Only what stands in the first column is certainly no part of a block.
    first && !word && code.indentation(start) <= 6 && !code.is(code.after(start + 1), "{")
}

fn server(code: &Code) -> &'static str {
    let modules = code.imports().values();
    let known: Vec<&str> = modules.filter_map(|symbol| symbol.split_once('#')).map(|(module, _)| module).collect();
    let found = SERVERS.iter().find(|(package, _)| known.contains(package));
    found.map_or("node", |(_, starts)| starts)
}

/// `exports.handler = …`, `export const handler = …`: a function that a platform calls.
fn handler(code: &Code) -> Option<Entry> {
    let names = ["handler", "lambdaHandler"];
    let at = (2..code.len()).find(|&at| {
        code.is_any(at, &names)
            && (code.is(at + 1, "=") || code.is(at + 1, ":"))
            && (code.is(at - 1, ".") && code.is(at - 2, "exports") || code.is(at - 1, "const") && code.is(at - 2, "export"))
    })?;
    let at = code.at(at);
    Some(Entry { at, starts: "function".into() })
}
