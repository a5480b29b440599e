//! Services that are about several domains.
//!
//! A declared domain is known by its name and by the names of its services. What a service serves and stores is compared with those words:
//! each operation counts for the domain of its root resource, each persistent type for that of its name.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Model;
use super::cohesion::root_resource;

/// A domain counts from this share of what is told apart on, in percent.
const SHARE: u32 = 20;

/// Of each service, the declared domains that its operations and types belong to, by name, each with at least a fifth of them. Things that
/// belong to no declared domain do not count.
pub fn domains(model: &Model) -> Vec<Vec<Arc<str>>> {
    let words = Words::new(model);
    (0..model.services.len() as u32).map(|service| domains_of(model, &words, service)).collect()
}

fn domains_of(model: &Model, words: &Words, service: u32) -> Vec<Arc<str>> {
    let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
    let row = &model.services[service as usize];
    let resources = model.offers(service).0;
    let resources = resources.iter().filter_map(|&index| root_resource(&model.operations[index as usize].path));
    let types = row.entities.iter().map(|&index| &*model.entities[index as usize].name);
    for word in resources.chain(types) {
        if let Some(domain) = words.domain(word, service) {
            *counts.entry(domain).or_default() += 1;
        }
    }
    let all: u32 = counts.values().sum();
    let mut names: Vec<Arc<str>> = counts
        .into_iter()
        .filter(|(_, count)| count * 100 >= SHARE * all)
        .map(|(domain, _)| Arc::clone(&model.domains[domain as usize].name))
        .collect();
    names.sort();
    names
}

/// What tells each domain: its name, and those of its services.
struct Words {
    /// By word: each domain that it tells, with the service that it names; None for the domain's own name.
    told: FxHashMap<String, Vec<(u32, Option<u32>)>>,
}

impl Words {
    fn new(model: &Model) -> Words {
        let mut told: FxHashMap<String, Vec<(u32, Option<u32>)>> = FxHashMap::default();
        for (domain, index) in model.domains.iter().zip(0..) {
            let services = domain.services.iter().map(|&service| (&model.services[service as usize].name, Some(service)));
            for (name, service) in services.chain([(&domain.name, None)]) {
                let word = stem(name);
                if word.len() > 2 {
                    told.entry(word).or_default().push((index, service));
                }
            }
        }
        Words { told }
    }

    /// The domain that a word tells a service; its own name tells it nothing, and a word of two domains tells none.
    fn domain(&self, word: &str, service: u32) -> Option<u32> {
        let told = self.told.get(&stem(word))?;
        let mut domains = told.iter().filter(|(_, of)| *of != Some(service)).map(|(domain, _)| *domain);
        let first = domains.next()?;
        domains.all(|domain| domain == first).then_some(first)
    }
}

/// Letters alone, in lower case, without endings that say many or that something is a service.
fn stem(name: &str) -> String {
    let lower: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let mut stem = lower.as_str();
    for ending in ["services", "service", "api", "svc", "entity"] {
        stem = stem.strip_suffix(ending).filter(|rest| !rest.is_empty()).unwrap_or(stem);
    }
    match stem {
        _ if stem.ends_with("ies") && stem.len() > 4 => format!("{}y", &stem[..stem.len() - 3]),
        _ if stem.ends_with('s') && !stem.ends_with("ss") && stem.len() > 3 => stem[..stem.len() - 1].to_owned(),
        _ => stem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn a_word_is_one_in_many_forms() {
        assert_eq!(stem("Invoices"), stem("invoice-service"));
        assert_eq!(stem("categories"), stem("CategoryEntity"));
        assert_eq!(stem("address"), "address");
    }
}
