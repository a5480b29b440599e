//! What expressions of Python stand for: the environment and settings that they read, texts that are put together, names of the file.
//!
//! Tokens come in, a [`Value`] comes out. Names are followed where they are seen (a function, its class, the file), members of an object
//! to the class of the file that sets them, and a function of the file that only returns something to what it returns.

use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

mod calls;
mod members;
mod tables;

use super::formats;
use super::names::Names;
use super::settings::{self, SettingsClass};
use super::syntax::{Class, classes, library};
use crate::extract::code::pieces::Piece;
use crate::extract::code::value::{concat, literal, map_literals, unknown};
use crate::extract::code::{Code, tokens::TokenKind};
use crate::facts::Value;

/// Names that stand for names, and expressions in expressions.
const MOST_STEPS: u32 = 24;
/// Expressions that are read for one value.
const MOST_READ: u32 = 240;
/// Tokens of an expression that may be a value.
const MOST_TOKENS: usize = 400;
/// Values that one expression may have.
const MOST_ALTERNATIVES: usize = 12;

/// Reads values of one file.
pub struct Values<'c, 't> {
    pub code: &'c Code<'t>,
    pub names: Names<'c, 't>,
    /// Packages that the file imports from, its own left out.
    packages: FxHashSet<String>,
    left: Cell<u32>,
    /// Tokens that the value read last is made of.
    read: RefCell<Vec<usize>>,
    /// Which entry is meant where any of a table may be, and how many there are.
    choice: Cell<(usize, usize)>,
    settings: OnceCell<Vec<SettingsClass>>,
    /// Members that classes without a constructor declare, by class.
    declarations: OnceCell<FxHashMap<String, Vec<String>>>,
}

/// Some tokens, of the file or of the code in a text.
struct Expression<'e, 't> {
    code: &'e Code<'t>,
    range: Range<usize>,
    /// The literal around, in the file.
    inside: Option<usize>,
}

impl<'e, 't> Expression<'e, 't> {
    /// Where in the file it stands.
    fn place(&self) -> usize {
        self.inside.unwrap_or(self.range.start)
    }

    fn part(&self, range: Range<usize>) -> Expression<'e, 't> {
        Expression { code: self.code, range, inside: self.inside }
    }

    fn name(&self) -> Option<String> {
        self.code.dotted(self.range.clone())
    }
}

impl<'c, 't> Values<'c, 't> {
    pub fn new(code: &'c Code<'t>) -> Self {
        let own = |local: &str| local.starts_with('.') || code.imports().contains_key(&super::imports::relative_mark(local));
        let imports = code.imports().iter().filter(|(local, _)| !own(local));
        let packages = imports.map(|(_, symbol)| symbol.split(['/', '#']).next().unwrap_or("").to_owned()).collect();
        let (left, choice) = (Cell::new(0), Cell::new((0, 0)));
        let (read, settings, declarations) = (RefCell::default(), OnceCell::new(), OnceCell::new());
        Values { code, names: Names::new(code), packages, left, read, choice, settings, declarations }
    }

    /// The classes of settings of the file.
    pub fn settings(&self) -> &[SettingsClass] {
        self.settings.get_or_init(|| settings::settings_classes(self.code))
    }

    fn declarations(&self) -> &FxHashMap<String, Vec<String>> {
        self.declarations.get_or_init(|| {
            let own = |class: &Class| !class.methods.iter().any(|method| self.code.is(method.name, "__init__"));
            let classes = classes(self.code).into_iter().filter(own);
            let declared = classes.map(|class| {
                let fields = class.attributes.iter().filter(|field| !field.of.is_empty()).map(|field| field.name.clone());
                (class.name.to_owned(), fields.take(64).collect())
            });
            declared.collect()
        })
    }

    /// What a member of a class of settings stands for.
    pub fn field_value(&self, field: &settings::Field) -> Value {
        self.choice.set((0, 0));
        self.left.set(MOST_READ);
        settings::value(self, field)
    }

    /// What some tokens stand for, as a part of another value.
    pub fn nested(&self, range: Range<usize>) -> Value {
        self.expression(Expression { code: self.code, range, inside: None }, MOST_STEPS / 2)
    }

    /// True when the file imports from one of the packages.
    pub fn imports_any(&self, packages: &[&str]) -> bool {
        packages.iter().any(|package| self.packages.contains(*package))
    }

    /// What some tokens stand for.
    pub fn value(&self, range: Range<usize>) -> Value {
        self.choice.set((0, 0));
        self.one(range)
    }

    fn one(&self, range: Range<usize>) -> Value {
        self.left.set(MOST_READ);
        self.read.borrow_mut().clear();
        self.expression(Expression { code: self.code, range, inside: None }, MOST_STEPS)
    }

    /// What some tokens may stand for: more than one value where an entry of a table is chosen as the program runs.
    pub fn alternatives(&self, range: Range<usize>) -> Vec<Value> {
        let mut found = vec![self.value(range.clone())];
        // Each time another choice is made, wherever there is one.
        let mut read = self.read.borrow().clone();
        for index in 1..self.choice.get().1.min(MOST_ALTERNATIVES) {
            self.choice.set((index, 0));
            let value = self.one(range.clone());
            read.extend(self.read.borrow().iter());
            if !found.contains(&value) {
                found.push(value);
            }
        }
        *self.read.borrow_mut() = read;
        found
    }

    /// Which of some values is meant this time.
    fn choose(&self, count: usize) -> usize {
        let (chosen, most) = self.choice.get();
        self.choice.set((chosen, most.max(count)));
        chosen % count.max(1)
    }

    /// Tokens of literals and variables that the value read last is made of.
    pub fn last_read(&self) -> Vec<usize> {
        self.read.borrow().clone()
    }

    fn expression(&self, whole: Expression<'_, 't>, steps: u32) -> Value {
        let code = whole.code;
        let mut range = whole.range.clone();
        loop {
            if code.is(range.start, "(") && code.partner(range.start) + 1 == range.end && !self.is_tuple(code, range.clone()) {
                range = code.inside(range.start);
            } else if code.is_any(range.start, &["await", "*"]) && range.len() > 1 {
                range.start += 1;
            } else {
                break;
            }
        }
        let left = self.left.get();
        if range.is_empty() || steps == 0 || left == 0 || range.len() > MOST_TOKENS {
            return unknown(if range.is_empty() { "nothing" } else { "too long" });
        }
        self.left.set(left - 1);
        let whole = whole.part(range);
        match self.operator(&whole) {
            Some((at, "if")) => self.conditional(&whole, at, steps),
            Some((at, "or")) => self.fallback(&whole, at, steps),
            Some((_, "+")) => {
                let parts = code.split(whole.range.clone(), "+");
                concat(parts.into_iter().take(64).map(|part| self.expression(whole.part(part), steps - 1)))
            }
            Some((at, "%")) => {
                let template = self.expression(whole.part(whole.range.start..at), steps - 1);
                let rest = at + 1..whole.range.end;
                let arguments = match self.is_tuple(code, rest.clone()) {
                    true => code.split(code.inside(rest.start), ","),
                    false => vec![rest],
                };
                let named = |name: &str| self.entry(&whole.part(arguments.first()?.clone()), name, steps - 1);
                let nth = |index: usize| Some(self.expression(whole.part(arguments.get(index)?.clone()), steps - 1));
                formats::percent(template, &nth, &named)
            }
            Some((at, "/")) => {
                // Addresses of some libraries are put together so; numbers are none.
                let base = self.expression(whole.part(whole.range.start..at), steps - 1);
                let path = self.expression(whole.part(at + 1..whole.range.end), steps - 1);
                match matches!(&path, Value::Literal(text) if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')) {
                    true => formats::below(base, path),
                    false => unknown(code.text_in(whole.range)),
                }
            }
            Some(_) => unknown(code.text_in(whole.range)),
            None => self.operand(&whole, steps),
        }
    }

    fn is_tuple(&self, code: &Code, range: Range<usize>) -> bool {
        code.is(range.start, "(") && code.partner(range.start) + 1 == range.end && {
            let inner = code.inside(range.start);
            let mut at = inner.start;
            while at < inner.end && !code.is_any(at, &[",", "for"]) {
                at = code.after(at);
            }
            at < inner.end
        }
    }

    /// The operator that binds least, and where it stands.
    fn operator(&self, whole: &Expression) -> Option<(usize, &'static str)> {
        const WEAKEST_FIRST: [&str; 6] = ["lambda", "if", "or", "and", "+", "/"];
        const OTHERS: [&str; 16] = ["not", "in", "is", "==", "!=", "<", ">", "<=", ">=", "-", "|", "&", "**", "//", "for", ":="];
        let code = whole.code;
        let mut best: Option<(usize, usize, &'static str)> = None;
        let mut offer = |rank: usize, at: usize, text: &'static str| {
            // Of equal ones the last counts where they bind to the left.
            let is_better = best.is_none_or(|(known, ..)| rank < known || rank == known && rank >= 20);
            if is_better {
                best = Some((rank, at, text));
            }
        };
        let mut at = whole.range.start;
        while at < whole.range.end {
            if matches!(code.kind(at), Some(TokenKind::Word | TokenKind::Operator)) {
                let text = code.text_of(at);
                let member = at > whole.range.start && code.is(at - 1, ".");
                match WEAKEST_FIRST.iter().position(|known| *known == text) {
                    Some(rank) if !member => offer(if text == "/" { 20 } else { rank * 2 }, at, WEAKEST_FIRST[rank]),
                    _ if text == "%" => offer(20, at, "%"),
                    _ if !member && OTHERS.contains(&text) => offer(7, at, "other"),
                    _ => {}
                }
            }
            at = code.after(at);
        }
        best.map(|(_, at, text)| (at, text))
    }

    /// `a if b else c`.
    fn conditional(&self, whole: &Expression<'_, 't>, at: usize, steps: u32) -> Value {
        let Some(other) = (at..whole.range.end).find(|&at| whole.code.is(at, "else")) else { return unknown("a condition") };
        let first = self.expression(whole.part(whole.range.start..at), steps - 1);
        let second = self.expression(whole.part(other + 1..whole.range.end), steps - 1);
        match (first, second) {
            (Value::Env { name, default: None }, second @ Value::Literal(_)) => {
                Value::Env { name, default: Some(Box::new(second)) }
            }
            (first, Value::Unknown(_)) if is_told(&first) => first,
            (Value::Unknown(_) | Value::Parameter { .. }, second) if is_told(&second) => second,
            (first, second) if first == second => first,
            // One of two: which one, only the program knows.
            (first, second) => {
                if self.choose(2) == 0 {
                    first
                } else {
                    second
                }
            }
        }
    }

    /// `a or b`.
    fn fallback(&self, whole: &Expression<'_, 't>, at: usize, steps: u32) -> Value {
        let first = self.expression(whole.part(whole.range.start..at), steps - 1);
        let second = self.expression(whole.part(at + 1..whole.range.end), steps - 1);
        match first {
            Value::Env { name, default: None } => Value::Env { name, default: Some(Box::new(second)) },
            Value::Property { key, default: None } => Value::Property { key, default: Some(Box::new(second)) },
            // What may be given to a function and seldom is.
            Value::Parameter { .. } | Value::Unknown(_) if is_told(&second) => second,
            first => first,
        }
    }

    /// An expression without an operator.
    fn operand(&self, whole: &Expression<'_, 't>, steps: u32) -> Value {
        let (code, range) = (whole.code, whole.range.clone());
        if range.clone().all(|at| code.kind(at) == Some(TokenKind::Literal)) {
            return concat(range.map(|at| self.text(whole.part(at..at + 1), steps)));
        }
        if range.len() == 1 {
            return match code.kind(range.start) {
                Some(TokenKind::Number) => literal(code.text_of(range.start)),
                Some(TokenKind::Word) => self.name(code.text_of(range.start), whole, steps),
                _ => unknown("no value"),
            };
        }
        if let Some(name) = code.dotted(range.clone()) {
            // `Topic.ORDERS.value` is the text of a member of an enumeration.
            let name = name.strip_suffix(".value").filter(|name| name.contains('.')).unwrap_or(&name);
            return self.name(name, whole, steps);
        }
        let last = range.end - 1;
        let open = code.partner(last);
        let unknown_text = || unknown(code.text_in(range.clone()).lines().next().unwrap_or(""));
        match code.kind(last) {
            Some(TokenKind::Close) if open > range.start && open < last => {
                let before = whole.part(range.start..open);
                let found = match code.text_of(open) {
                    "(" => self.called(&before, open, steps),
                    "[" => self.indexed(&before, open, steps),
                    _ => None,
                };
                found.unwrap_or_else(unknown_text)
            }
            // A member of what a function gives: `get_settings().orders_url`.
            Some(TokenKind::Word) if range.len() > 3 && code.is(last - 1, ".") => {
                self.member(&whole.part(range.start..last - 1), code.text_of(last), steps).unwrap_or_else(unknown_text)
            }
            _ => unknown_text(),
        }
    }

    /// A literal with the code that it holds.
    fn text(&self, whole: Expression<'_, 't>, steps: u32) -> Value {
        let (code, at) = (whole.code, whole.range.start);
        if whole.inside.is_none() {
            self.read.borrow_mut().push(at);
        }
        let Some(pieces) = code.pieces(at) else { return unknown("no text") };
        concat(pieces.into_iter().map(|piece| match piece {
            Piece::Text(text) => literal(text.as_ref()),
            Piece::Code(text) => {
                let inner = Code::new(code.language, code.path, text);
                let range = 0..inner.len();
                match inner.dotted(range.clone()) {
                    Some(name) => self.name(&name, &whole, steps.saturating_sub(1)),
                    None => self.inner(&inner, range, whole.place(), steps),
                }
            }
        }))
    }

    fn inner(&self, code: &Code<'t>, range: Range<usize>, place: usize, steps: u32) -> Value {
        self.expression(Expression { code, range, inside: Some(place) }, steps.saturating_sub(1))
    }

    /// An entry of a table that an expression is, by its key.
    pub fn entry_of(&self, range: Range<usize>, key: &str) -> Option<Value> {
        self.left.set(MOST_READ);
        self.entry(&Expression { code: self.code, range, inside: None }, key, MOST_STEPS)
    }

    /// The package and last name of what a name of the file stands for.
    pub fn library(&self, name: &str) -> (String, String) {
        library(self.code, name)
    }
}

/// Whether a value says something by itself.
fn is_told(value: &Value) -> bool {
    match value {
        Value::Literal(text) => !text.is_empty(),
        Value::Env { .. } | Value::Property { .. } | Value::Symbol(_) => true,
        Value::Concat(parts) => parts.iter().any(|part| !matches!(part, Value::Unknown(_) | Value::Parameter { .. })),
        Value::Parameter { .. } | Value::Unknown(_) => false,
    }
}

/// A value with its literals in the form in which they are compared.
pub fn without_query(value: Value) -> Value {
    let mut ended = false;
    let cut = |text: &str, ended: &mut bool| match text.find('?') {
        Some(at) => {
            *ended = true;
            text[..at].to_owned()
        }
        None => text.to_owned(),
    };
    match value {
        Value::Literal(text) => literal(cut(&text, &mut ended)),
        Value::Concat(parts) => {
            let mut kept = Vec::new();
            for part in parts {
                if ended {
                    break;
                }
                kept.push(match part {
                    Value::Literal(text) => literal(cut(&text, &mut ended)),
                    other => other,
                });
            }
            concat(kept)
        }
        other => map_literals(other, &|text| text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn functions_and_objects_of_the_file_are_followed() {
        check(
            "app/api.py",
            r#"
import requests
from dataclasses import dataclass
class Request:
    def __init__(self, url):
        self.url = url
class Orders:
    def __init__(self, base="http://orders"):
        self.base = base
    def address(self, path):
        return f"{self.base}/v1{path}"
    def all(self):
        return requests.get(self.address("/orders"), timeout=1)
@dataclass
class Options:
    kind: str
    target: str
class Job:
    def __init__(self, options: Options):
        self.options = options
    def run(self, request):
        requests.post(self.options.target, timeout=1)
        requests.get(request.url, timeout=1)
            "#,
            "13 call http GET http://orders/v1/orders limited (requests)
            22 call http POST parameter(Options 1) limited (requests)
            23 call http GET parameter(Request 0) limited (requests)
            13 invokes #Orders.address(/orders)",
        );
    }

    #[test]
    fn conditions_choose_one_of_their_values() {
        check(
            "app/api.py",
            r#"
import os, requests
BASE = os.environ.get("ORDERS_URL") or "http://orders"
def run(base=None, mail=False):
    url = "http://a/x"
    if mail:
        url = "http://b/x"
    requests.get(url, timeout=1)
    requests.get((base or BASE) + "/y", timeout=1)
    url = url + "/z"
    url += "/q"
    requests.get(url, timeout=1)
            "#,
            "8 call http GET http://b/x limited (requests)
            8 call http GET http://a/x limited (requests)
            9 call http GET env(ORDERS_URL or http://orders)+/y limited (requests)
            12 call http GET http://b/x/z/q limited (requests)
            12 call http GET http://a/x/z/q limited (requests)
            3 constant BASE = env(ORDERS_URL or http://orders)",
        );
    }

    #[test]
    fn settings_are_read_by_their_key() {
        check(
            "app/main.py",
            r#"
import os, requests
from django.conf import settings
from config import get_settings
app.config["ORDERS_URL"] = "http://{}/orders".format(os.environ.get("ORDERS_ADDR"))
def run():
    requests.get(app.config["ORDERS_URL"], timeout=1)
    requests.get(current_app.config["USERS_URL"] + "/x", timeout=1)
    requests.get(settings.CARTS_URL, timeout=1)
    requests.get(get_settings().mail_url, timeout=1)
            "#,
            "7 call http GET http://+env(ORDERS_ADDR)+/orders limited (requests)
            8 call http GET <#Config.USERS_URL>+/x limited (requests)
            9 call http GET <settings#CARTS_URL> limited (requests)
            10 call http GET <config#get_settings().mail_url> limited (requests)
            5 constant Config.ORDERS_URL = http://+env(ORDERS_ADDR)+/orders",
        );
    }

    #[test]
    fn classes_of_settings_are_read_from_the_environment() {
        check(
            "app/config.py",
            r#"
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="shop_")
    orders_url: str = "http://orders"
    users_url: str = Field(..., validation_alias="users_api_url")
    debug: bool = False
def get_settings() -> Settings:
    return Settings()
            "#,
            "6 address env(SHOP_ORDERS_URL or http://orders) as orders_url
            7 address env(USERS_API_URL) as users_url
            6 constant Settings.orders_url = env(SHOP_ORDERS_URL or http://orders)
            6 constant get_settings().orders_url = env(SHOP_ORDERS_URL or http://orders)
            7 constant Settings.users_url = env(USERS_API_URL)
            7 constant get_settings().users_url = env(USERS_API_URL)",
        );
    }
}
