//! What one line of `resources` or `resource` registers, and where what is written in its block stands.

use super::{Around, Asked, syntax};
use crate::extract::code::Code;
use crate::extract::code::paths::{join, singular};
use crate::extract::code::value::literal;
use crate::facts::Value;
use crate::source::last_part;

/// What a statement stands in.
#[derive(Clone)]
pub enum Inside {
    Nothing,
    /// The block of a resource: paths of its collection, of one of it, and before what is nested in it.
    Resource {
        collection: Value,
        member: Value,
        nested: Value,
    },
}

impl Inside {
    /// What stands before the path of a statement that says nothing of where it belongs.
    pub fn own_prefix(&self, prefix: &Value) -> Value {
        match self {
            Inside::Nothing => prefix.clone(),
            Inside::Resource { nested, .. } => nested.clone(),
        }
    }

    /// The same for `on: :member`, `on: :collection` and `on: :new`, or their blocks.
    pub fn prefix_on(&self, on: &str, prefix: &Value) -> Value {
        match (self, on) {
            (Inside::Resource { member, .. }, "member") => member.clone(),
            (Inside::Resource { collection, .. }, "collection") => collection.clone(),
            (Inside::Resource { collection, .. }, "new") => join(collection, literal("/new")),
            _ => prefix.clone(),
        }
    }
}

/// An action: its name, methods, whether it needs one of the collection, what its path ends with, and whether it is a page for people.
type Action = (&'static str, &'static [&'static str], bool, &'static str, bool);

const PLURAL: [Action; 7] = [
    ("index", &["GET"], false, "", false),
    ("create", &["POST"], false, "", false),
    ("new", &["GET"], false, "/new", true),
    ("edit", &["GET"], true, "/edit", true),
    ("show", &["GET"], true, "", false),
    ("update", &["PATCH", "PUT"], true, "", false),
    ("destroy", &["DELETE"], true, "", false),
];

const SINGULAR: [Action; 6] = [
    ("new", &["GET"], false, "/new", true),
    ("edit", &["GET"], false, "/edit", true),
    ("show", &["GET"], false, "", false),
    ("update", &["PATCH", "PUT"], false, "", false),
    ("destroy", &["DELETE"], false, "", false),
    ("create", &["POST"], false, "", false),
];

/// One resource of a line.
pub struct Resource<'a> {
    asked: &'a Asked<'a>,
    only: Option<Vec<String>>,
    except: Vec<String>,
    names_of_pages: Vec<(String, String)>,
    collection: Value,
    /// Where one of it is.
    member: Value,
    nested: Value,
    shallow: bool,
}

impl<'a> Resource<'a> {
    pub fn new(code: &Code, name: &str, asked: &'a Asked<'a>) -> Resource<'a> {
        let Asked { of, around, singular: is_singular, .. } = asked;
        let names = |option: &str| of.named(code, option).and_then(|range| syntax::names(code, range));
        let says_shallow = of.named(code, "shallow").map(|value| code.text_in(value) == "true");
        let shallow = says_shallow.unwrap_or(around.shallow);
        // One of a thing that belongs to another needs nothing of the other.
        let is_shallow = shallow && !is_singular && matches!(around.inside, Inside::Resource { .. });
        let path = match of.named(code, "path") {
            Some(path) if code.is_any(path.start, &["nil", "false"]) => literal(""),
            Some(path) => syntax::template_value(syntax::text_value(code, path)),
            None => literal(name),
        };
        let parameter = of.named(code, "param").and_then(|param| syntax::name(code, param)).unwrap_or_else(|| "id".to_owned());
        let one = singular(last_part(name)).replace('-', "_");
        let collection = join(&around.inside.own_prefix(&around.prefix), path.clone());
        let below = |parameter: &str| literal(format!("/{{{parameter}}}"));
        let (member, nested) = if *is_singular {
            (collection.clone(), collection.clone())
        } else {
            let above = if is_shallow { join(&around.shallow_prefix, path) } else { collection.clone() };
            (join(&above, below(&parameter)), join(&above, below(&format!("{one}_{parameter}"))))
        };
        let (only, except) = (names("only"), names("except"));
        let mut pages = Vec::new();
        if let Some(names) = of.named(code, "path_names") {
            for page in ["new", "edit"] {
                let inner = if code.is(names.start, "{") { code.arguments(names.start) } else { vec![names.clone()] };
                if let Some(text) = code.named(&inner, page).and_then(|range| syntax::name(code, range)) {
                    pages.push((page.to_owned(), text));
                }
            }
        }
        Resource {
            asked,
            except: except.clone().unwrap_or_else(|| if only.is_some() { Vec::new() } else { around.except.clone() }),
            only: only.or_else(|| if except.is_some() { None } else { around.only.clone() }),
            names_of_pages: pages,
            collection,
            member,
            nested,
            shallow,
        }
    }

    /// Methods and paths, and whether each one is there for people alone.
    pub fn routes(&self) -> Vec<(&'static str, Value, bool)> {
        let actions: &[Action] = if self.asked.singular { &SINGULAR } else { &PLURAL };
        let mut routes = Vec::new();
        for &(name, methods, of_one, end, is_page) in actions {
            let asked = self.only.as_ref().is_none_or(|only| only.iter().any(|action| action == name))
                && !self.except.iter().any(|action| action == name);
            if !asked {
                continue;
            }
            let renamed = self.names_of_pages.iter().find(|(page, _)| page == name);
            let end = renamed.map_or_else(|| end.to_owned(), |(_, text)| format!("/{text}"));
            let path = join(if of_one { &self.member } else { &self.collection }, literal(end));
            for method in methods.iter().filter(|method| !(self.asked.hanami && **method == "PUT")) {
                // Pages that are asked for by name are there in any case.
                routes.push((*method, path.clone(), is_page && self.only.is_none()));
            }
        }
        routes
    }

    /// What holds in the block.
    pub fn around(&self) -> Around {
        let around = self.asked.around;
        let inside =
            Inside::Resource { collection: self.collection.clone(), member: self.member.clone(), nested: self.nested.clone() };
        Around { prefix: self.nested.clone(), inside, shallow: self.shallow, ..around.clone() }
    }
}
