//! Services that are called by what they do to a thing: `create-order` beside `orders`.
//!
//! A service's name comes in; its verb comes out, and the sibling that serves the thing. Verbs that name a purpose of the business (checkout,
//! search) are none here.

use super::Model;
use super::cohesion::root_resource;

/// Verbs that say no more than what is done to a thing.
const VERBS: [&str; 34] = [
    "add",
    "archive",
    "calculate",
    "change",
    "check",
    "copy",
    "create",
    "delete",
    "edit",
    "export",
    "fetch",
    "find",
    "generate",
    "get",
    "import",
    "insert",
    "list",
    "load",
    "lookup",
    "make",
    "manage",
    "modify",
    "patch",
    "process",
    "put",
    "read",
    "remove",
    "retrieve",
    "save",
    "send",
    "set",
    "update",
    "upload",
    "write",
];
/// Words of names that say no more than that something is a service.
const GENERAL: [&str; 12] =
    ["service", "svc", "api", "app", "server", "function", "fn", "lambda", "handler", "worker", "microservice", "ms"];

/// What a service is called by.
pub struct VerbName {
    pub verb: String,
    /// The sibling that serves the thing.
    pub noun_server: u32,
}

/// None for a service that is not called by a verb, or whose thing no sibling serves.
pub fn verb_name(model: &Model, service: u32) -> Option<VerbName> {
    let row = &model.services[service as usize];
    let (verb, noun) = split(&row.name)?;
    let serves = |other: u32| {
        let named = words(&model.services[other as usize].name);
        let named: Vec<&String> = named.iter().filter(|word| !GENERAL.contains(&word.as_str())).collect();
        let by_name = named.len() == 1 && singular(named[0]) == noun;
        by_name
            || model.offers(other).0.iter().any(|&index| {
                let path = &model.operations[index as usize].path;
                root_resource(path).is_some_and(|root| singular(&root.to_lowercase()) == noun)
            })
    };
    let mut others = (0..model.services.len() as u32).filter(|&other| other != service);
    let noun_server = others.find(|&other| split(&model.services[other as usize].name).is_none() && serves(other))?;
    Some(VerbName { verb, noun_server })
}

/// A name of a verb and a noun, in either order: both, the noun in the singular.
fn split(name: &str) -> Option<(String, String)> {
    let mut words = words(name);
    words.retain(|word| !GENERAL.contains(&word.as_str()));
    let is_verb = |word: &String| VERBS.contains(&word.as_str());
    let (verb, nouns) = match words.split_first() {
        Some((first, rest)) if is_verb(first) => (first.clone(), rest),
        _ => {
            let (last, rest) = words.split_last()?;
            is_verb(last).then(|| (last.clone(), rest))?
        }
    };
    match nouns {
        [noun] => Some((verb, singular(noun))),
        _ => None,
    }
}

/// Words of a name in lower case: parts between signs, and parts that begin with a capital letter.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut begins = true;
    let mut last_lower = false;
    for character in name.chars() {
        if !character.is_alphanumeric() {
            begins = true;
            continue;
        }
        if begins || character.is_uppercase() && last_lower {
            words.push(String::new());
        }
        begins = false;
        last_lower = character.is_lowercase();
        words.last_mut().expect("a word was begun").extend(character.to_lowercase());
    }
    words
}

fn singular(word: &str) -> String {
    match word {
        _ if word.ends_with("ies") && word.len() > 4 => format!("{}y", &word[..word.len() - 3]),
        _ if word.ends_with('s') && !word.ends_with("ss") && word.len() > 3 => word[..word.len() - 1].to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_and_a_noun_make_a_verb_name() {
        let split = |name: &str| split(name).map(|(verb, noun)| format!("{verb} {noun}"));
        assert_eq!(split("create-order"), Some("create order".into()));
        assert_eq!(split("GetOrdersService"), Some("get order".into()));
        assert_eq!(split("order-export"), Some("export order".into()));
        assert_eq!(split("orders"), None);
        assert_eq!(split("checkout"), None);
        assert_eq!(split("send-service"), None);
    }
}
