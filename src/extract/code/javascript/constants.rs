//! Values that a file names for others: constants, static fields, entries of objects and enumerations, settings read from the environment.

use std::ops::Range;

use super::expressions::{self, Expressions, is_told};
use super::{classes, functions, producers, values};
use crate::extract::code::Code;
use crate::extract::code::targets;
use crate::extract::code::tokens::TokenKind;
use crate::facts::{Constant, Value};

const MOST_CONSTANTS: usize = 200;
const LONGEST_CONSTANT: usize = 200;
/// Objects in objects that are read for one name.
const MOST_OBJECTS: usize = 64;

/// Names and what they stand for, where that may be a path, a topic or a host.
pub fn of(code: &Code) -> Vec<Constant> {
    let mut constants = Constants { code, expressions: Expressions::new(code), found: Vec::new() };
    let mut at = 0;
    while at < code.len() && constants.found.len() < MOST_CONSTANTS {
        at = constants.at_token(at).unwrap_or(at + 1);
    }
    constants.settings();
    constants.publishers();
    constants.found.truncate(MOST_CONSTANTS);
    constants.found
}

struct Constants<'c, 't> {
    code: &'c Code<'t>,
    expressions: Expressions<'c, 't>,
    found: Vec<Constant>,
}

impl Constants<'_, '_> {
    /// Reads what a token begins; where to go on, if not at the next one.
    fn at_token(&mut self, at: usize) -> Option<usize> {
        let code = self.code;
        if code.is_any(at, &["const", "let", "var"]) && code.word(at + 1).is_some() {
            let end = (at + 2..(at + 12).min(code.len())).find(|&at| code.is_any(at, &["=", ";", "=>"]));
            if let Some(equals) = end.filter(|&equals| code.is(equals, "=")) {
                self.constant(code.text_of(at + 1), at + 1, equals + 1);
            }
        } else if code.is(at, "static") {
            let name = (at + 1..at + 4).find(|&at| !code.is_any(at, &["readonly", "public", "private"])).unwrap_or(at);
            let class = code.type_around(at).unwrap_or("");
            if code.is(name + 1, "=") && code.word(name).is_some() {
                self.constant(&format!("{class}.{}", code.text_of(name)), name, name + 2);
            }
        } else if code.is(at, "enum") && code.is(at + 2, "{") {
            self.members(code.text_of(at + 1), at + 2..code.after(at + 2), true);
            return Some(code.after(at + 2));
        } else if code.is_any(at, &["default", "exports"]) && code.is_any(at + 1, &["{", "="]) {
            let open = at + 1 + usize::from(code.is(at + 1, "="));
            if code.is(open, "{") {
                let within = if code.is(at, "default") { "default" } else { "" };
                self.members(within, open..code.after(open), false);
            }
        } else if code.is(at, "exports") && code.is(at + 1, ".") && code.is(at + 3, "=") {
            self.constant(code.text_of(at + 2), at + 2, at + 4);
        }
        None
    }

    /// The value of one name: a text, or an object of texts.
    fn constant(&mut self, name: &str, at: usize, from: usize) {
        let code = self.code;
        let open = from + if code.reads(from, &["Object", ".", "freeze", "("]) { 4 } else { 0 };
        if code.is(open, "{") {
            self.members(name, open..code.after(open), false);
            return;
        }
        let end = functions::expression_end(code, from);
        if expressions::reads_environment(code, from..end) {
            self.checked(name, from..end);
        } else if self.may_tell(from..end) {
            let value = self.expressions.value(from..end);
            // No other file sees what a function puts together for itself.
            let is_local = self.expressions.known.functions.around(at).is_some();
            if !is_local || matches!(value, Value::Literal(_)) {
                self.push(name, at, value, false);
            }
        }
    }

    /// Whether an expression may be a text at all.
    fn may_tell(&self, range: Range<usize>) -> bool {
        let code = self.code;
        let is_function = code.is_any(range.start, &["function", "async", "class", "[", "<", "new"])
            && !code.reads(range.start, &["new", "URL"]);
        let arrow = || range.clone().take(40).any(|at| code.is(at, "=>"));
        !range.is_empty() && !is_function && code.kind(range.start) != Some(TokenKind::Number) && !arrow()
    }

    fn members(&mut self, of: &str, object: Range<usize>, always: bool) {
        let code = self.code;
        let mut waiting = vec![(of.to_owned(), object)];
        for _ in 0..MOST_OBJECTS {
            let Some((of, object)) = waiting.pop() else { return };
            for (key, value) in values::entries(code, object) {
                if self.found.len() >= MOST_CONSTANTS {
                    return;
                }
                let name = if of.is_empty() { values::key(code, key) } else { format!("{of}.{}", values::key(code, key)) };
                if code.is(value.start, "{") && code.after(value.start) >= value.end {
                    waiting.push((name, value));
                } else if value.start != key && self.may_tell(value.clone()) {
                    let value = self.expressions.value(value);
                    self.push(&name, key, value, always);
                }
            }
        }
    }

    /// Settings that are named as the environment names them: `cleanEnv(process.env, { A: url() })`, `schema.parse(process.env)`.
    fn checked(&mut self, name: &str, range: Range<usize>) {
        let code = self.code;
        let inside = range.clone().find(|&at| code.is(at, "{"));
        // The schema stands before, or under the name on which `parse` is called.
        let schema = || {
            let receiver = code.word(range.start)?;
            let of = code.assigned(receiver, range.start)?;
            of.clone().find(|&at| code.is(at, "{"))
        };
        let Some(open) = inside.or_else(schema) else { return };
        for (key, _) in values::entries(code, open..code.after(open)) {
            let key_name = values::key(code, key);
            let value = Value::Env { name: key_name.as_str().into(), default: None };
            self.push(&format!("{name}.{key_name}"), key, value, false);
        }
    }

    /// Fields of classes that hold settings, and members and functions without parameters that give one back.
    fn settings(&mut self) {
        let code = self.code;
        if !["process.env", "import.meta.env", "://"].iter().any(|mark| code.text.contains(mark)) {
            return;
        }
        let known = std::rc::Rc::clone(&self.expressions.known);
        for (class, field, range) in known.scopes(code).fields() {
            if !is_spoken(code, range.clone()) {
                continue;
            }
            let class = class.to_owned();
            // `this.all.orders = { url: … }` behind `get(key) { return this.all[key]; }`: what is asked for is the key.
            let name = match field.split_once('.') {
                Some((map, key)) if self.gives_members_of(&class, map) => format!("{class}.{key}"),
                None if code.is(range.start, "{") && self.gives_members_of(&class, field) => class.clone(),
                _ => format!("{class}.{field}"),
            };
            if code.is(range.start, "{") {
                self.members(&name, range, false);
            } else if self.may_tell(range.clone()) {
                let at = range.start;
                let value = self.expressions.value(range);
                self.push(&name, at, value, false);
            }
        }
        for (index, function) in known.functions.all.iter().enumerate() {
            let Some(name) = function.name.as_deref().filter(|_| function.parameters.is_empty()) else { continue };
            if function.body.len() > 60 || !is_spoken(code, function.body.clone()) {
                continue;
            }
            let is_getter = function.start.checked_sub(1).is_some_and(|before| code.is(before, "get"));
            let depth = self.expressions.depth();
            if let Some(value) = self.expressions.result(index, depth) {
                let name = if is_getter { name.to_owned() } else { format!("{name}()") };
                self.push(&name, function.start, value, false);
            }
        }
    }

    /// To what publishers publish: by whichever name a class says it, others look for `subject`.
    fn publishers(&mut self) {
        let code = self.code;
        for class in classes::all(code) {
            let publishes = class.base.is_some_and(|base| ["Publisher", "Producer"].iter().any(|end| base.ends_with(end)));
            if !publishes || self.found.len() >= MOST_CONSTANTS {
                continue;
            }
            let field = producers::SUBJECTS.iter().find_map(|name| class.field(code, name));
            if let Some(range) = field {
                let value = self.expressions.value(range);
                let name = format!("{}.subject", class.name).into();
                self.found.push(Constant { name, value, at: code.at(class.item.name) });
            }
        }
    }

    /// Whether a method of a class gives back the member of one of its fields that it is asked for.
    fn gives_members_of(&self, class: &str, field: &str) -> bool {
        let code = self.code;
        let mut names = code.occurrences(class).iter().take(64).map(|&at| at as usize);
        let head = names.find(|&at| at > 0 && code.is(at - 1, "class"));
        let open = head.and_then(|head| (head..head + 40).find(|&at| code.is(at, "{")));
        let Some(open) = open else { return false };
        let places = code.occurrences_in(code.inside(open), field);
        places.iter().take(64).map(|&at| at as usize).any(|at| {
            let end = (at + 1..at + 4).find(|&at| code.is(at, "["));
            end.is_some_and(|open| code.word(open + 1).is_some()) && (at.saturating_sub(3)..at).any(|at| code.is(at, "return"))
        })
    }

    fn push(&mut self, name: &str, at: usize, value: Value, always: bool) {
        let last = name.rsplit('.').next().unwrap_or(name);
        let upper = last.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        let keep = match &value {
            Value::Literal(text) => {
                let told = text.starts_with('/') || text.contains(['/', '.', ':']);
                !text.is_empty()
                    && text.len() <= LONGEST_CONSTANT
                    && !text.contains(['\n', ' ', '<'])
                    && (always || upper || told)
            }
            Value::Env { .. } | Value::Property { .. } => true,
            Value::Symbol(symbol) => !symbol.starts_with('#') && (upper || targets::may_name_address(name)),
            Value::Concat(parts) => {
                let first = matches!(
                    parts.first(),
                    Some(Value::Literal(_) | Value::Symbol(_) | Value::Env { .. } | Value::Property { .. })
                );
                parts.len() < 8 && first && is_told(&value) && !is_prose(parts)
            }
            _ => false,
        };
        if keep && self.found.len() < MOST_CONSTANTS && !self.found.iter().rev().take(8).any(|known| *known.name == *name) {
            self.found.push(Constant { name: name.into(), value, at: self.code.at(at) });
        }
    }
}

/// Texts with blanks are for people.
fn is_prose(parts: &[Value]) -> bool {
    parts
        .iter()
        .any(|part| matches!(part, Value::Literal(text) if text.contains([' ', '\n', '<']) || text.len() > LONGEST_CONSTANT))
}

/// Whether some tokens speak of the environment or of a URL.
fn is_spoken(code: &Code, range: Range<usize>) -> bool {
    range.take(200).any(|at| match code.kind(at) {
        Some(TokenKind::Word) => code.is(at, "env"),
        Some(TokenKind::Literal) => code.text_of(at).contains("://"),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn objects_of_settings_are_constants() {
        check(
            "api/endpoints.js",
            "var util = require('util'); var domain = '';
            module.exports = { ordersUrl: util.format('http://orders%s', domain), a: { b: process.env.A_B } };",
            "2 constant ordersUrl = http://orders
            2 constant a.b = env(A_B)",
        );
        check(
            "src/config.ts",
            "export const env = cleanEnv(process.env, { A_URL: url() });
            export const CONFIG = { port: Number(process.env.PORT), name: 'x', api: `${process.env.BASE}/api` } as const;
            export function base() { return process.env.C_URL ?? 'http://c'; }
            class Settings { static readonly d = process.env.D; get e() { return process.env.E; } readonly f = `${process.env.F}/f`; }",
            "2 address env(BASE)
            3 address env(C_URL or http://c)
            1 constant env.A_URL = env(A_URL)
            2 constant CONFIG.port = env(PORT)
            2 constant CONFIG.api = env(BASE)+/api
            4 constant Settings.d = env(D)
            4 constant Settings.f = env(F)+/f
            3 constant base() = env(C_URL or http://c)
            4 constant Settings.e = env(E)",
        );
    }

    #[test]
    fn a_service_of_settings_is_asked_for_its_keys() {
        check(
            "src/config.service.ts",
            "export class ConfigService {
              private all: any = {};
              constructor() { this.all.orders = { host: process.env.ORDERS_HOST, options: { port: process.env.ORDERS_PORT } }; }
              get(key: string) { return this.all[key]; } }",
            "3 address env(ORDERS_HOST) as host
            3 constant ConfigService.orders.host = env(ORDERS_HOST)
            3 constant ConfigService.orders.options.port = env(ORDERS_PORT)",
        );
    }
}
