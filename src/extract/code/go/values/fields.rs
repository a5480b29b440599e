//! What fields of types of a Go file are given: by tags that name variables of the environment or settings, where values of the type are
//! made, and where fields are assigned.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::super::super::value::{literal, unknown};
use super::super::source::{Parameter, Struct};
use super::environment::{is_key, split_words, tag};
use super::names::{Given, What};
use super::{MOST_STEPS, Values, combined};
use crate::facts::Value;

/// Places at which one field is given a value that are read.
const MOST_GIVEN: usize = 6;
/// Structs in structs.
const DEEPEST: usize = 4;

/// What is worked out once for all fields.
#[derive(Default)]
pub struct Fields<'t> {
    /// Assignments `x.field = …`, by the name of the type of `x`.
    assigned: FxHashMap<(Arc<str>, &'t str), Vec<Given>>,
    /// The path of settings at which a struct stands, by its name.
    paths: FxHashMap<&'t str, String>,
    /// What stands before names of variables that the library makes of names of fields; None where it makes none.
    prefix: Option<String>,
}

impl<'t> Values<'_, 't> {
    fn known_fields(&self) -> &Fields<'t> {
        self.fields.get_or_init(|| {
            let mut fields = Fields::default();
            for (name, all) in &self.names.given {
                let Some((variable, field)) = name.rsplit_once('.') else { continue };
                for given in all {
                    let Some(of) = self.type_of(variable, given.at) else { continue };
                    if let Some(of) = of.strip_prefix('#') {
                        fields.assigned.entry((of.into(), field)).or_default().push(given.clone());
                    }
                }
            }
            let imports = |path: &str| self.code.imports().values().any(|symbol| symbol.contains(path));
            if imports("kelseyhightower/envconfig") || imports("vrischmann/envconfig") {
                let prefix = self.code.calls().find(|call| matches!(self.code.text_of(call.name), "Process" | "MustProcess"));
                let first = prefix.and_then(|call| self.code.arguments(call.open).into_iter().next());
                let text = first.and_then(|first| self.code.literal_text(first));
                fields.prefix = Some(text.map_or(String::new(), |text| text.value.to_uppercase()));
            }
            if ["spf13/viper", "knadh/koanf", "go-zero/core/conf", "mitchellh/mapstructure"].iter().any(|path| imports(path)) {
                self.settle_paths(&mut fields);
            }
            fields
        })
    }

    /// Paths of settings: a struct that no other has stands at the root.
    fn settle_paths(&self, fields: &mut Fields<'t>) {
        let own = |field: &Parameter<'t>| {
            let of = self.source.type_symbol(field.of.clone())?;
            self.source.struct_named(of.strip_prefix('#')?).map(|of| of.name)
        };
        let mut inner: FxHashMap<&str, u32> = FxHashMap::default();
        for field in self.source.structs.iter().flat_map(|of| &of.fields) {
            if let Some(of) = own(field) {
                *inner.entry(of).or_default() += 1;
            }
        }
        let mut open: Vec<(&Struct<'t>, String, usize)> = Vec::new();
        for of in self.source.structs.iter().filter(|of| !inner.contains_key(of.name)) {
            open.push((of, String::new(), 0));
        }
        while let Some((of, path, depth)) = open.pop() {
            fields.paths.insert(of.name, path.clone());
            for field in of.fields.iter().filter(|_| depth < DEEPEST) {
                // What several structs have stands at several paths.
                if let Some(name) = own(field).filter(|name| inner.get(name) == Some(&1))
                    && let Some(of) = self.source.struct_named(name)
                {
                    let key = self.key_of(field);
                    let is_squashed = field.is_embedded && key.is_none();
                    let path = if is_squashed { path.clone() } else { join(&path, &key.unwrap_or(field.name.to_lowercase())) };
                    open.push((of, path, depth + 1));
                }
            }
        }
    }

    /// The key of settings that a tag names.
    fn key_of(&self, field: &Parameter<'t>) -> Option<String> {
        let text = self.code.text_of(field.tag?);
        let key = ["mapstructure", "koanf", "yaml", "json", "toml"].iter().find_map(|key| tag(text, key))?;
        let key = key.split(',').next().unwrap_or(key);
        (!key.is_empty() && key != "-").then(|| key.to_owned())
    }

    /// What the tag of a field says that it is given.
    fn tagged(&self, of: &Struct<'t>, field: &Parameter<'t>) -> Option<Value> {
        let fields = self.known_fields();
        let text = field.tag.map_or("", |at| self.code.text_of(at));
        let default = ["envDefault", "env-default", "default"].iter().find_map(|key| tag(text, key)).map(literal);
        let own = tag(text, "env").or(tag(text, "envconfig")).or(tag(text, "arg").and_then(|arg| arg.split("env:").nth(1)));
        if let Some(own) = own {
            let mut parts = own.split(',').map(str::trim);
            let name = parts.next().filter(|name| !name.is_empty())?;
            let inner = parts.find_map(|part| part.strip_prefix("default=").or(part.strip_prefix("default:"))).map(literal);
            let name = match (&fields.prefix, tag(text, "envconfig")) {
                (Some(prefix), Some(_)) if !prefix.is_empty() => format!("{prefix}_{}", name.to_uppercase()),
                _ => name.to_owned(),
            };
            return Some(Value::Env { name: name.into(), default: default.or(inner).map(Box::new) });
        }
        let is_text = self.code.is(field.of.start, "string");
        if let Some(prefix) = fields.prefix.as_ref().filter(|_| is_text && field.name.starts_with(|c: char| c.is_uppercase())) {
            let name = match tag(text, "split_words") {
                Some("true") => split_words(field.name),
                _ => field.name.to_uppercase(),
            };
            let name = if prefix.is_empty() { name } else { format!("{prefix}_{name}") };
            return Some(Value::Env { name: name.into(), default: default.map(Box::new) });
        }
        let path = fields.paths.get(of.name).filter(|_| is_text)?;
        let key = join(path, &self.key_of(field)?);
        Some(self.setting(&key, default))
    }

    /// A setting by its key.
    pub(super) fn setting(&self, key: &str, default: Option<Value>) -> Value {
        let lower = key.to_lowercase();
        let own = self.names.defaults.get(&lower).map(|range| self.within(range.clone(), MOST_STEPS / 2));
        let default = own.or(default).map(Box::new);
        let variable: String = lower.to_uppercase().replace(['.', '-'], "_");
        let property = || Some(Box::new(Value::Property { key: key.into(), default: default.clone() }));
        match self.names.bound.get(&lower) {
            Some(name) => Value::Env { name: name.clone().unwrap_or(variable.into()), default: property() },
            None if is_key(key) => Value::Env { name: key.into(), default },
            None if self.names.from_environment => Value::Env { name: variable.into(), default: property() },
            None => Value::Property { key: key.into(), default },
        }
    }

    /// What a field of a type of this package is given, as far as this file tells.
    pub(super) fn field(&self, of: &str, field: &str, steps: u32) -> Option<Value> {
        let declared = self.source.struct_named(of);
        let known = declared.and_then(|of| of.fields.iter().find(|known| known.name == field).map(|field| (of, field)));
        let tagged = known.and_then(|(of, field)| self.tagged(of, field));
        let made = self.names.fields.get(&(of, field)).into_iter().flatten();
        let assigned = self.known_fields().assigned.get(&(of.into(), field)).into_iter().flatten();
        let mut given: Vec<Value> = Vec::new();
        // What options may change is not settled by what it is at first.
        let is_optional = self.names.optional.contains(of);
        for one in made.chain(assigned).take(MOST_GIVEN) {
            let value = self.read("", one, steps);
            if is_optional && matches!(value, Value::Literal(_)) {
                continue;
            }
            if !matches!(value, Value::Unknown(_)) && !given.contains(&value) {
                given.push(value);
            }
        }
        if tagged.is_none() && given.is_empty() {
            // A field of an embedded struct.
            let embedded = declared?.fields.iter().filter(|field| field.is_embedded).take(MOST_GIVEN);
            return embedded.filter(|_| steps > 1).find_map(|inner| {
                let of = self.source.type_symbol(inner.of.clone())?;
                self.field(of.strip_prefix('#')?, field, steps / 2)
            });
        }
        if let ([only], None) = (given.as_slice(), &tagged) {
            return Some(only.clone());
        }
        Some(combined(tagged, given))
    }

    /// The tokens that a field of a type of this package is given first.
    pub(super) fn field_made(&self, of: &str, field: &str, at: usize) -> Option<Range<usize>> {
        let made = self.names.fields.get(&(of, field)).into_iter().flatten();
        let assigned = self.known_fields().assigned.get(&(of.into(), field)).into_iter().flatten();
        made.chain(assigned).take(MOST_GIVEN).find_map(|given| match &given.what {
            What::Expression(range) if !range.contains(&at) => Some(range.clone()),
            _ => None,
        })
    }

    /// Fields whose tags name variables of the environment: the name, the value and the place.
    pub fn tagged_fields(&self) -> Vec<(&'t str, Value, usize)> {
        let mut found = Vec::new();
        for of in &self.source.structs {
            for field in of.fields.iter().filter(|field| field.tag.is_some()) {
                if let Some(value) = self.tagged(of, field).filter(|value| matches!(value, Value::Env { .. })) {
                    found.push((field.name, value, field.tag.unwrap_or(of.at)));
                }
            }
        }
        found
    }

    /// A member of what a name stands for.
    pub(super) fn member(&self, first: &str, rest: &str, at: usize, steps: u32) -> Value {
        let Some(steps) = steps.checked_sub(1).filter(|steps| *steps > 0) else { return unknown("nothing") };
        let Some(mut of) = self.type_of(first, at) else { return Value::Symbol(self.code.symbol(&format!("{first}.{rest}"))) };
        let mut rest = rest;
        while let Some(own) = of.strip_prefix('#') {
            match rest.split_once('.') {
                None => match self.field(own, rest, steps) {
                    Some(value) => return value,
                    None => break,
                },
                Some((field, inner)) => match self.field_type(own, field) {
                    Some(next) => (of, rest) = (next, inner),
                    None => break,
                },
            }
        }
        Value::Symbol(format!("{of}.{rest}").into())
    }

    /// Fields of the file's types with what they are given: `Type.field`, the places and values.
    pub fn field_constants(&self, most: usize) -> Vec<(String, Value, usize)> {
        let mut found: Vec<(String, Value, usize)> = Vec::new();
        let mut keys: Vec<(String, &str, usize)> = Vec::new();
        for of in &self.source.structs {
            keys.extend(of.fields.iter().map(|field| (of.name.to_owned(), field.name, of.at)));
        }
        let made = self.names.fields.iter().map(|((of, field), given)| ((*of).to_owned(), *field, given[0].at));
        let assigned = self.known_fields().assigned.iter().map(|((of, field), given)| (of.to_string(), *field, given[0].at));
        let mut others: Vec<(String, &str, usize)> = made.chain(assigned).collect();
        others.sort_unstable_by_key(|(_, _, at)| *at);
        keys.extend(others);
        let mut seen = rustc_hash::FxHashSet::default();
        for (of, field, at) in keys.into_iter().take(most * 8) {
            if found.len() >= most || !seen.insert((of.clone(), field)) {
                continue;
            }
            self.looks.set(0);
            if let Some(value) = self.field(&of, field, MOST_STEPS) {
                found.push((format!("{of}.{field}"), value, at));
            }
        }
        self.inner_constants(&mut found, most);
        found
    }

    /// Fields of structs in structs, by the names of the outer ones; and by those of variables and functions that give one.
    fn inner_constants(&self, found: &mut Vec<(String, Value, usize)>, most: usize) {
        let mut by_type: FxHashMap<String, Vec<(String, Value, usize)>> = FxHashMap::default();
        for (name, value, at) in found.iter() {
            let Some((of, field)) = name.split_once('.') else { continue };
            by_type.entry(of.to_owned()).or_default().push((field.to_owned(), value.clone(), *at));
        }
        let own = |range: Range<usize>| {
            let symbol = self.source.type_symbol(range)?;
            symbol.strip_prefix('#').map(str::to_owned)
        };
        // Inner structs stand below the outer ones that have them; a few rounds reach those that are deep down.
        for _ in 0..DEEPEST {
            let mut more: Vec<(String, (String, Value, usize))> = Vec::new();
            for of in &self.source.structs {
                for field in &of.fields {
                    let Some(inner) = own(field.of.clone()).and_then(|inner| by_type.get(&inner)) else { continue };
                    let known = by_type.get(of.name);
                    for (rest, value, at) in inner.iter().take(most) {
                        // Fields of an embedded struct are the outer one's own, too.
                        let own = field.is_embedded.then(|| rest.clone());
                        for name in own.into_iter().chain([format!("{}.{rest}", field.name)]) {
                            let is_new = known.is_none_or(|known| known.iter().all(|(known, ..)| *known != name));
                            if is_new && more.len() < most && name.matches('.').count() < DEEPEST {
                                more.push((of.name.to_owned(), (name, value.clone(), *at)));
                            }
                        }
                    }
                }
            }
            if more.is_empty() {
                break;
            }
            for (of, (name, value, at)) in more {
                if found.len() < most {
                    found.push((format!("{of}.{name}"), value.clone(), at));
                }
                by_type.entry(of).or_default().push((name, value, at));
            }
        }
        let functions = self.source.functions.iter().filter(|function| function.receiver.is_none());
        let functions = functions.map(|function| (function.name.as_str(), own(self.source.first_result(function))));
        let globals = self.source.globals.iter();
        let globals = globals.map(|global| {
            let of = self.type_of(global.name, global.at + 1);
            (global.name, of.and_then(|of| of.strip_prefix('#').map(str::to_owned)))
        });
        for (name, of) in functions.chain(globals).take(most * 8) {
            for (field, value, at) in of.and_then(|of| by_type.get(&of)).into_iter().flatten() {
                if found.len() < most * 2 {
                    found.push((format!("{name}.{field}"), value.clone(), *at));
                }
            }
        }
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
