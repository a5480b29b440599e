//! Calls that are values: the environment that is read, texts that are filled and joined, queues that are declared, functions of the file.

use super::{Expression, Values};
use crate::extract::code::python::{formats, settings};
use crate::facts::Value;

impl<'t> Values<'_, 't> {
    /// `name(arguments)`, `object.name(arguments)`.
    pub(super) fn called(&self, callee: &Expression<'_, 't>, open: usize, steps: u32) -> Option<Value> {
        let code = callee.code;
        let last = callee.range.end.checked_sub(1)?;
        let member = code.word(last)?;
        let arguments = code.arguments(open);
        let name = callee.name();
        let argument =
            |index: usize| Some(self.expression(callee.part(code.positional(&arguments).nth(index)?.clone()), steps - 1));
        let named = |name: &str| Some(self.expression(callee.part(code.named(&arguments, name)?), steps - 1));
        if let Some(name) = &name
            && let Some(variable) = settings::variable(self, name, code, &arguments)
        {
            if callee.inside.is_none() {
                self.read.borrow_mut().push(arguments.first().map_or(last, |range| range.start));
            }
            let default = named("default").or_else(|| argument(1)).filter(|value| !matches!(value, Value::Unknown(_)));
            return Some(Value::Env { name: variable.into(), default: default.map(Box::new) });
        }
        let receiver = (code.is(last.wrapping_sub(1), ".") && last > callee.range.start + 1)
            .then(|| callee.part(callee.range.start..last - 1));
        if let Some(receiver) = &receiver {
            let own = || self.expression(callee.part(receiver.range.clone()), steps - 1);
            match member {
                "format" => {
                    let nth = |index: usize| argument(index);
                    return Some(formats::braces(own(), &nth, &named));
                }
                "rstrip" | "strip" | "lstrip" | "removesuffix" | "removeprefix" => {
                    let marks = argument(0).and_then(|value| if let Value::Literal(text) = value { Some(text) } else { None });
                    return Some(formats::stripped(own(), member, marks.as_deref()));
                }
                "lower" | "encode" | "decode" | "geturl" | "unicode_string" | "human_repr" | "get_secret_value" | "as_string" => {
                    return Some(own());
                }
                "joinpath" | "with_path" => return Some(formats::below(own(), argument(0)?)),
                "join" if self.is_address_library(name.as_deref()) => return Some(formats::joined(own(), argument(0)?)),
                "join" if matches!(own(), Value::Literal(text) if &*text == "/") => {
                    let list = code.positional(&arguments).next()?.clone();
                    let inner = code.is_any(list.start, &["[", "("]).then(|| code.inside(list.start))?;
                    let parts: Vec<Value> = code
                        .split(inner, ",")
                        .into_iter()
                        .take(16)
                        .map(|part| self.expression(callee.part(part), steps - 1))
                        .collect();
                    return parts.into_iter().reduce(formats::below);
                }
                "get" => {
                    let key = argument(0)?;
                    let Value::Literal(key) = key else { return self.any_entry(receiver, steps) };
                    let default = argument(1).filter(|value| !matches!(value, Value::Unknown(_)));
                    return match self.entry(receiver, &key, steps - 1)? {
                        Value::Property { key, default: None } => Some(Value::Property { key, default: default.map(Box::new) }),
                        found => Some(found),
                    };
                }
                _ => {}
            }
        }
        if let Some(names) = settings::declares(member) {
            let place = usize::from(matches!(member, "topic_path" | "subscription_path"));
            return names.iter().find_map(|name| named(name)).or_else(|| argument(place));
        }
        let name = name?;
        match member {
            "urljoin" => return Some(formats::joined(argument(0)?, argument(1)?)),
            "join" if name.ends_with("path.join") => {
                let parts: Vec<Value> = (0..arguments.len().min(16)).filter_map(argument).collect();
                return parts.into_iter().reduce(formats::below);
            }
            "str" | "int" | "HttpUrl" | "AnyHttpUrl" | "AnyUrl" | "URL" | "Path" | "PurePosixPath" | "cast" | "SecretStr" => {
                return if member == "cast" { argument(1) } else { argument(0) };
            }
            "getattr" => {
                let Value::Literal(key) = argument(1)? else { return None };
                let of = code.dotted(code.positional(&arguments).next()?.clone())?;
                return Some(self.name(&format!("{of}.{key}"), callee, steps - 1));
            }
            _ => {}
        }
        if let Some(item) = self.own_function(&name, callee.place()) {
            let range = self.returned(item).filter(|range| !range.contains(&callee.place()))?;
            let returned = self.expression(Expression { code: self.code, range, inside: None }, steps.saturating_sub(4));
            let function = self.code.callable_name(item);
            let parameters = self.own_parameters(item);
            let given = |index: u32| {
                let by_name = parameters.get(index as usize).map(|range| self.code.text_of(range.start)).and_then(named);
                by_name.or_else(|| argument(index as usize))
            };
            return Some(formats::given(returned, &function, &given)).filter(|value| !matches!(value, Value::Unknown(_)));
        }
        settings::discovered(member, arguments.len()).then(|| argument(0)).flatten().and_then(settings::service)
    }

    pub(super) fn is_address_library(&self, name: Option<&str>) -> bool {
        name.is_some_and(|name| name.ends_with("url.join") || name.ends_with("URL.join"))
    }
}
