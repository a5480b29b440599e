//! What names of a Go file are given: assignments, declarations and out-parameters, by the function that they stand in.
//!
//! One pass over the tokens collects them; what they are given is read when somebody asks.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::super::tokens::TokenKind;
use super::super::source::{Source, parameters, type_name};
use super::{environment, expression_end};
use crate::facts::Value;

/// Names on the left of one assignment.
const MOST_NAMES: usize = 8;

/// What a name is given at one place.
#[derive(Clone, Debug)]
pub struct Given {
    /// Where the assignment stands.
    pub at: usize,
    pub what: What,
    /// The function around it, by its place among those of the source; None on the first level.
    pub function: Option<u32>,
    /// Where the innermost block around it ends.
    pub block_end: usize,
    /// `:=`, which makes a name of its block.
    pub declares: bool,
}

#[derive(Clone, Debug)]
pub enum What {
    Expression(Range<usize>),
    /// `name += …`.
    Added(Range<usize>),
    Known(Value),
    /// The argument of a function of this file that writes to where it points: the bracket of the call, and the argument's place.
    Written(usize, u32),
    Unknown,
}

#[derive(Default)]
pub struct Names<'t> {
    /// By name, dotted ones among them, in the order of the text.
    pub given: FxHashMap<&'t str, Vec<Given>>,
    /// Types of variables that are declared with one, by name and function.
    pub declared: FxHashMap<(&'t str, Option<u32>), Range<usize>>,
    /// Fields that values of a type are made with: by type and field.
    pub fields: FxHashMap<(&'t str, &'t str), Vec<Given>>,
    /// What functions write to where a parameter points: by the function's place and the parameter's name.
    pub written: FxHashMap<(u32, &'t str), Range<usize>>,
    /// What calls give to what they are pointed at, by their brackets.
    pub given_by: FxHashMap<usize, Value>,
    /// Types whose values are set up by functions that callers hand over: what fields are given first is no last word.
    pub optional: FxHashSet<&'t str>,
    /// Keys of settings and flags, and what they are when nobody sets them.
    pub defaults: FxHashMap<String, Range<usize>>,
    /// Variables of the environment that stand for keys of settings.
    pub bound: FxHashMap<String, Option<Arc<str>>>,
    /// Settings come from the environment where it has them.
    pub from_environment: bool,
}

impl<'t> Names<'t> {
    pub fn read(source: &Source<'_, 't>) -> Names<'t> {
        let code = source.code;
        let mut names = Names::default();
        let mut blocks: Vec<usize> = Vec::new();
        for at in 0..code.len() {
            while blocks.last().is_some_and(|&end| end <= at) {
                blocks.pop();
            }
            let place = |declares| Given {
                at,
                what: What::Unknown,
                function: source.function_at(at),
                block_end: blocks.last().copied().unwrap_or(usize::MAX),
                declares,
            };
            match code.kind(at) {
                Some(TokenKind::Open) if code.is(at, "{") => {
                    names.literal(source, at, place(false));
                    blocks.push(code.partner(at));
                }
                Some(TokenKind::Open) if code.is(at, "(") => names.call(source, at, place(false)),
                Some(TokenKind::Operator) if code.is_any(at, &["=", ":=", "+="]) => {
                    names.assignment(source, at, place(code.is(at, ":=")));
                }
                Some(TokenKind::Word) if code.is(at, "func") && code.is(at + 1, "(") && source.function_at(at).is_some() => {
                    // What a function literal is given.
                    let function = source.function_at(at);
                    if source.functions[function.map_or(0, |index| index as usize)].at != at {
                        for parameter in parameters(code, code.inside(at + 1)).into_iter().filter(|one| one.name != "_") {
                            names.declared.insert((parameter.name, function), parameter.of);
                        }
                    }
                }
                Some(TokenKind::Word) if code.is(at, "var") && code.word(at + 1).is_some() => {
                    let end = (at + 2..(at + 12).min(code.len()))
                        .find(|&end| code.begins_line(end) || code.is_any(end, &["=", ";", "{"]))
                        .unwrap_or(at + 2);
                    if end > at + 2 {
                        names.declared.insert((code.text_of(at + 1), source.function_at(at)), at + 2..end);
                    }
                }
                _ => {}
            }
        }
        for function in &source.functions {
            let takes_options = function.parameters.iter().take(MOST_NAMES).any(|parameter| {
                code.is(parameter.of.start, "...")
                    && ["Option", "Opt", "Options", "Func"]
                        .iter()
                        .any(|end| code.word(parameter.of.end - 1).is_some_and(|word| word.ends_with(end)))
            });
            if takes_options {
                let receiver = function.receiver.as_ref().and_then(|receiver| type_name(code, receiver.of.clone()));
                names.optional.extend(receiver.or_else(|| type_name(code, source.first_result(function))));
            }
        }
        names
    }

    fn push(&mut self, name: &'t str, given: Given) {
        self.given.entry(name).or_default().push(given);
    }

    /// `name = …`, `name Type = …`, `a.b, err := …`, `*out = …`.
    fn assignment(&mut self, source: &Source<'_, 't>, at: usize, place: Given) {
        let code = source.code;
        let mut left: Vec<Range<usize>> = Vec::new();
        let mut end = at;
        while left.len() < MOST_NAMES {
            let Some(last) = end.checked_sub(1).filter(|&last| code.word(last).is_some()) else { break };
            let mut start = last;
            while start >= 2 && code.is(start - 1, ".") && code.word(start - 2).is_some() && last - start < 8 {
                start -= 2;
            }
            left.push(start..end);
            if !start.checked_sub(1).is_some_and(|comma| code.is(comma, ",")) {
                break;
            }
            end = start - 1;
        }
        left.reverse();
        // `name Type = …`.
        if let [only] = left.as_slice()
            && code.is(at, "=")
            && let Some(name) = only.start.checked_sub(1)
            && code.word(name).is_some_and(|word| !matches!(word, "var" | "const" | "case" | "default" | "else" | "return"))
            && !code.begins_line(only.start)
        {
            left[0] = name..name + 1;
        }
        let mut from = at + 1;
        let count = left.len();
        for (index, name) in left.into_iter().enumerate() {
            let end = expression_end(code, from);
            let value = from..end;
            let what = match () {
                () if code.is(from, "range") || index > 0 && from == at + 1 => What::Unknown,
                () if code.is(at, "+=") => What::Added(value),
                () => What::Expression(value),
            };
            let writes_through = name.start.checked_sub(1).is_some_and(|star| code.is(star, "*")) && name.len() == 1;
            match (writes_through, place.function, &what) {
                (true, Some(function), What::Expression(value)) => {
                    self.written.entry((function, code.text_of(name.start))).or_insert(value.clone());
                }
                (true, ..) => {}
                _ => self.push(code.text_in(name), Given { what, ..place.clone() }),
            }
            if count > 1 && code.is(end, ",") {
                from = end + 1;
            }
        }
    }

    /// `Type{field: value}`.
    fn literal(&mut self, source: &Source<'_, 't>, open: usize, place: Given) {
        let code = source.code;
        let Some(name) = open.checked_sub(1).filter(|&name| code.word(name).is_some()) else { return };
        // A type of another package defines its fields there.
        if name.checked_sub(1).is_some_and(|before| code.is_any(before, &[".", "func", "interface", "type"]))
            || code.is_any(name, &["struct", "interface", "else", "range"])
        {
            return;
        }
        if code.word(open + 1).is_none() || !code.is(open + 2, ":") {
            return;
        }
        for part in code.split(code.inside(open), ",") {
            if code.word(part.start).is_some() && code.is(part.start + 1, ":") && part.len() > 2 {
                let given = Given { at: part.start, what: What::Expression(part.start + 2..part.end), ..place.clone() };
                self.fields.entry((code.text_of(name), code.text_of(part.start))).or_default().push(given);
            }
        }
    }

    /// Calls that give something to what they are pointed at, or say what a key stands for.
    fn call(&mut self, source: &Source<'_, 't>, open: usize, place: Given) {
        let code = source.code;
        let Some(name) = open.checked_sub(1).and_then(|name| code.word(name)) else { return };
        match name {
            "AutomaticEnv" => self.from_environment = true,
            "SetDefault" | "BindEnv" | "Parse" | "Process" => {}
            _ if code.is(open + 1, "&") || code.is(open + 2, ",") || name.ends_with("Var") || name.ends_with("VarP") => {}
            _ if code.is(open - 2, ".") && is_flag(name) => {}
            _ => return,
        }
        let arguments = code.arguments(open);
        let text = |index: usize| arguments.get(index).and_then(|range| code.literal_text(range.clone()));
        match name {
            "SetDefault" if arguments.len() == 2 => {
                if let Some(key) = text(0) {
                    self.defaults.insert(key.value.to_lowercase(), arguments[1].clone());
                }
                return;
            }
            "BindEnv" => {
                if let Some(key) = text(0) {
                    self.bound.insert(key.value.to_lowercase(), text(1).map(|name| name.value));
                }
                return;
            }
            _ if code.is(open.wrapping_sub(2), ".") && is_flag(name) => {
                if let Some(key) = text(0).filter(|_| arguments.len() >= 3) {
                    let value = arguments.len() - 2;
                    self.defaults.insert(format!("--{}", key.value), arguments[value].clone());
                }
                return;
            }
            _ => {}
        }
        for (index, argument) in arguments.iter().enumerate().take(MOST_NAMES) {
            if !code.is(argument.start, "&") || code.dotted(argument.start + 1..argument.end).is_none() {
                continue;
            }
            let target = code.text_in(argument.start + 1..argument.end);
            // `flag.StringVar(&name, "key", default, usage)`.
            if let Some(kind) = name.strip_suffix("VarP").or(name.strip_suffix("Var"))
                && is_flag(kind)
                && arguments.len() >= 4
                && index == 0
            {
                let what = What::Expression(arguments[arguments.len() - 2].clone());
                self.push(target, Given { what, ..place.clone() });
                continue;
            }
            let key = (0..arguments.len()).find_map(|index| text(index).filter(|text| environment::is_key(&text.value)));
            if let Some(key) = key.filter(|_| environment::is_reader(name)) {
                let value = Value::Env { name: key.value, default: None };
                self.given_by.insert(open, value.clone());
                self.push(target, Given { what: What::Known(value), ..place.clone() });
            } else if source.function_named(name).is_some() {
                self.push(target, Given { what: What::Written(open, index as u32), ..place.clone() });
            }
        }
    }
}

/// Functions of packages of flags: `flag.String("key", default, usage)`.
fn is_flag(name: &str) -> bool {
    matches!(name.strip_suffix('P').unwrap_or(name), "String" | "StringSlice" | "StringArray" | "Duration" | "URL")
}
