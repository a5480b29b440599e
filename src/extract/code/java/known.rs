//! What is asked of a file many times and worked out once: functions by their names, types of names, whether a framework gives values to
//! fields.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::extract::code::Code;
use crate::extract::code::structure::{Item, ItemKind};

#[derive(Default)]
pub struct Known {
    /// Places in the list of items, by name.
    functions: FxHashMap<String, Vec<u32>>,
    pub injects: bool,
    types: RefCell<FxHashMap<String, Option<String>>>,
    mentions: RefCell<FxHashMap<&'static str, bool>>,
}

impl Known {
    pub fn of(code: &Code) -> Rc<Known> {
        code.shared(|code| {
            let mut functions: FxHashMap<String, Vec<u32>> = FxHashMap::default();
            for (index, item) in code.items().iter().enumerate().filter(|(_, item)| item.kind == ItemKind::Function) {
                functions.entry(code.text_of(item.name).to_owned()).or_default().push(index as u32);
            }
            let injects = ["@Value(", "@ConfigProperty(", "@Property("].iter().any(|mark| code.text.contains(mark));
            Rc::new(Known { functions, injects, types: RefCell::default(), mentions: RefCell::default() })
        })
    }

    /// The type of which a name is declared.
    pub fn type_of(&self, code: &Code, name: &str) -> Option<String> {
        if let Some(known) = self.types.borrow().get(name) {
            return known.clone();
        }
        let found = code.declared_type(name).map(str::to_owned);
        self.types.borrow_mut().insert(name.to_owned(), found.clone());
        found
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

/// The type of which a name of the file is declared.
pub fn type_of(code: &Code, name: &str) -> Option<String> {
    Known::of(code).type_of(code, name)
}

/// Whether some text stands anywhere in the file.
pub fn mentions(code: &Code, text: &'static str) -> bool {
    *Known::of(code).mentions.borrow_mut().entry(text).or_insert_with(|| code.text.contains(text))
}
