//! What is asked of a file many times and worked out once: functions by their names, whether a framework gives values to fields.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::extract::code::Code;
use crate::extract::code::structure::{Item, ItemKind};

#[derive(Default)]
pub struct Known {
    /// Places in the list of items, by name.
    functions: FxHashMap<String, Vec<u32>>,
    pub injects: bool,
}

impl Known {
    pub fn of(code: &Code) -> Rc<Known> {
        code.shared(|code| {
            let mut functions: FxHashMap<String, Vec<u32>> = FxHashMap::default();
            for (index, item) in code.items().iter().enumerate().filter(|(_, item)| item.kind == ItemKind::Function) {
                functions.entry(code.text_of(item.name).to_owned()).or_default().push(index as u32);
            }
            let injects = ["@Value(", "@ConfigProperty(", "@Property("].iter().any(|mark| code.text.contains(mark));
            Rc::new(Known { functions, injects })
        })
    }

    /// The function of the file that takes so many arguments, if there is one alone.
    pub fn function<'c>(&self, code: &'c Code, name: &str, arguments: usize) -> Option<&'c Item> {
        const MOST_OVERLOADS: usize = 16;
        let found = self.functions.get(name)?.iter().take(MOST_OVERLOADS).map(|&index| &code.items()[index as usize]);
        let mut found = found.filter(|item| code.parameters(item).len() == arguments && !item.body.is_empty());
        let only = found.next()?;
        found.next().is_none().then_some(only)
    }
}
