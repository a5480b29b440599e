//! Functions of a Go file as what they give back: the one value that they return, or write to where an argument points.
//!
//! A call comes in, a [`Value`] comes out in which parameters are what this call gives. A function is read once, for all of its calls.

use std::ops::Range;

use super::super::super::calls::Call;
use super::super::super::value::{concat, literal, unknown};
use super::{MOST_STEPS, Values, expression_end};
use crate::facts::Value;

impl Values<'_, '_> {
    /// What a function of the file returns, with what it is given here.
    pub(super) fn of_file(
        &self,
        call: Call,
        name: &str,
        receiver: Option<&str>,
        arguments: &[Range<usize>],
        steps: u32,
    ) -> Option<Value> {
        if !self.follows || steps < 2 {
            return None;
        }
        let own = match receiver? {
            "" => name.to_owned(),
            receiver => match self.type_of(receiver, call.start) {
                Some(of) => format!("{}.{name}", of.strip_prefix('#')?),
                None => {
                    // A function of a package of the house, which has nothing to tell but its result.
                    let module = self.code.imports().get(receiver)?;
                    let is_foreign = module.contains('.') && module.matches('/').count() > 2;
                    return (arguments.is_empty() && is_foreign)
                        .then(|| Value::Symbol(self.code.symbol(&format!("{receiver}.{name}"))));
                }
            },
        };
        let Some(place) = self.source.function_place(&own) else {
            // A function of another file of the package.
            let is_asked = arguments.is_empty() && receiver == Some("") && !matches!(name, "new" | "make" | "len");
            return is_asked.then(|| Value::Symbol(format!("#{name}").into()));
        };
        let known = self.results.borrow().get(&place).cloned();
        let result = match known {
            Some(result) => result?,
            None => {
                // A function that calls itself returns nothing that is known.
                self.results.borrow_mut().insert(place, None);
                let result = self.returned(place, steps - 1);
                self.results.borrow_mut().insert(place, result.clone());
                result?
            }
        };
        Some(self.given_to(result, &own, arguments, steps))
    }

    /// Functions without parameters that return one text: the name, the value and the place.
    pub fn results(&self) -> Vec<(&str, Value, usize)> {
        let mut found = Vec::new();
        for (place, function) in self.source.functions.iter().enumerate() {
            let is_text = self.code.is(self.source.first_result(function).start, "string");
            if is_text && function.receiver.is_none() && function.parameters.is_empty() {
                self.looks.set(0);
                if let Some(value) = self.returned(place, MOST_STEPS) {
                    found.push((function.name.as_str(), value, function.at));
                }
            }
        }
        found
    }

    /// The one value that a function returns first.
    fn returned(&self, place: usize, steps: u32) -> Option<Value> {
        let code = self.code;
        let function = &self.source.functions[place];
        let mut values: Vec<Value> = Vec::new();
        for &at in code.occurrences_in(function.body.clone(), "return").iter().take(8) {
            let from = at as usize + 1;
            if code.begins_line(from) || from >= function.body.end {
                continue;
            }
            let value = self.within(from..expression_end(code, from), steps);
            let is_told = !matches!(&value, Value::Unknown(_) | Value::Symbol(_)) && value != literal("");
            if is_told && !values.contains(&value) {
                values.push(value);
            }
        }
        if values.len() > 1 {
            // What the caller gives counts before what is made of fields too.
            let is_given = |value: &Value| match value {
                Value::Concat(parts) => parts.iter().all(|part| matches!(part, Value::Literal(_) | Value::Parameter { .. })),
                other => matches!(other, Value::Parameter { .. }),
            };
            values.retain(is_given);
        }
        if values.len() > 1 { None } else { values.pop() }
    }

    /// The value with parameters of a function as what it is given.
    fn given_to(&self, value: Value, function: &str, arguments: &[Range<usize>], steps: u32) -> Value {
        match value {
            Value::Parameter { function: of, index } if *of == *function => match arguments.get(index as usize) {
                Some(argument) => self.within(argument.clone(), steps - 1),
                None => unknown("nothing"),
            },
            Value::Concat(parts) => {
                let given = |part: Value| match part {
                    Value::Parameter { .. } => self.given_to(part, function, arguments, steps),
                    other => other,
                };
                concat(parts.into_iter().map(given))
            }
            other => other,
        }
    }

    /// What a function of the file writes to where an argument points.
    pub(super) fn written(&self, open: usize, index: usize, steps: u32) -> Value {
        let code = self.code;
        let name = code.text_of(open.wrapping_sub(1));
        let arguments = code.arguments(open);
        if let Some(reader) = self.reader(name) {
            let key = arguments.get(reader.key).and_then(|key| code.literal_text(key.clone()));
            if let Some(key) = key {
                return Value::Env { name: key.value, default: None };
            }
        }
        let written = self.source.function_place(name).and_then(|place| {
            let parameter = self.source.functions[place].parameters.get(index)?;
            self.names.written.get(&(place as u32, parameter.name)).cloned()
        });
        match written {
            Some(range) if self.follows && steps > 1 => {
                let value = self.within(range, steps - 1);
                self.given_to(value, name, &arguments, steps)
            }
            _ => unknown(name),
        }
    }
}
