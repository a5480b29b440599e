//! Types of Go: of which type a name or an expression is.
//!
//! Tokens come in, the symbol of a type comes out (`#Type`, `MODULE#Type`), by what the file declares and by what made the value. Which
//! method a call means, and which field a member is, depends on it.

use std::ops::Range;
use std::sync::Arc;

use super::names::What;
use super::{MOST_PARAMETERS, MOST_PLACES, MOST_STEPS, Values};

impl Values<'_, '_> {
    /// The symbol of the type of an expression.
    pub fn type_of_expression(&self, range: Range<usize>) -> Option<Arc<str>> {
        self.type_of_value(range, MOST_STEPS / 2)
    }

    /// The symbol of the type that a name has at a place: `#Type`, `MODULE#Type`; `MODULE#Function` for what a function of another file
    /// returns.
    pub fn type_of(&self, name: &str, at: usize) -> Option<Arc<str>> {
        self.type_within(name, at, MOST_STEPS / 2)
    }

    fn type_within(&self, name: &str, at: usize, steps: u32) -> Option<Arc<str>> {
        if steps == 0 {
            return None;
        }
        if let Some((first, rest)) = name.split_once('.') {
            let mut of = self.type_within(first, at, steps - 1)?;
            for field in rest.split('.').take(4) {
                of = self.field_type(of.strip_prefix('#')?, field)?;
            }
            return Some(of);
        }
        let function = self.source.function_at(at);
        if let Some(index) = function {
            let function = &self.source.functions[index as usize];
            let receiver = function.receiver.iter().filter(|receiver| receiver.name == name);
            let parameters = function.parameters.iter().take(MOST_PARAMETERS).filter(|parameter| parameter.name == name);
            if let Some(parameter) = receiver.chain(parameters).next() {
                return self.source.type_symbol(parameter.of.clone());
            }
        }
        let given = self.names.given.get(name);
        let last = given.and_then(|all| {
            let before = all.partition_point(|given| given.at < at);
            let own = all[..before].iter().rev().take(MOST_PLACES).find(|given| given.function == function);
            own.or_else(|| all.iter().take(MOST_PLACES).find(|given| given.function.is_none()))
        });
        let declared = |function| self.names.declared.get(&(name, function)).cloned().filter(|of: &Range<usize>| !of.is_empty());
        if let Some(of) = declared(function) {
            return self.source.type_symbol(of);
        }
        let from_value = last.and_then(|given| match &given.what {
            What::Expression(range) => self.type_of_value(range.clone(), steps - 1),
            _ => None,
        });
        from_value.or_else(|| self.source.type_symbol(declared(None)?)).or_else(|| {
            let global = self.source.global_named(name)?;
            self.source.type_symbol(global.of.clone()).filter(|_| !global.of.is_empty())
        })
    }

    fn type_of_value(&self, range: Range<usize>, steps: u32) -> Option<Arc<str>> {
        let code = self.code;
        let start = range.start + usize::from(code.is(range.start, "&"));
        if steps == 0 || start >= range.end {
            return None;
        }
        if code.reads(start, &["new", "("]) {
            return self.source.type_symbol(code.inside(start + 1));
        }
        let last = range.end - 1;
        if code.is(last, "}") {
            return self.source.type_symbol(start..code.partner(last));
        }
        if code.is(last, ")") {
            let call = code.call_before(code.partner(last)).filter(|call| call.start == start)?;
            let name = code.text_of(call.name);
            // `mapper.Map[*events.Created](x)` is of the type that it is told.
            if code.is(call.name + 1, "[") {
                return self.source.type_symbol(code.inside(call.name + 1));
            }
            let receiver = code.receiver_name(call)?;
            let own = match receiver.as_str() {
                "" => name.to_owned(),
                _ => match self.type_within(&receiver, start, steps - 1) {
                    Some(of) => format!("{}.{name}", of.strip_prefix('#')?),
                    None if code.imports().contains_key(&receiver) => return Some(code.symbol(&format!("{receiver}.{name}"))),
                    None => return None,
                },
            };
            let Some(function) = self.source.function_named(&own) else { return Some(format!("#{own}").into()) };
            return self.source.type_symbol(self.source.first_result(function));
        }
        let name = code.dotted(start..range.end)?;
        self.type_within(&name, start, steps - 1)
    }

    pub(super) fn field_type(&self, of: &str, field: &str) -> Option<Arc<str>> {
        let of = self.source.struct_named(of)?;
        let field = of.fields.iter().find(|known| known.name == field)?;
        self.source.type_symbol(field.of.clone())
    }
}
