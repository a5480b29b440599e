//! What a catalog or manifest refers to and nobody defines.
//!
//! A catalog may be filled from other repositories and from directories of people, so a name that is not here need not be missing. A
//! reference is reported only where it is known to lead nowhere:
//!
//! - a file of the repository that is not there (an API's definition, the target of a Location, a description that a manifest provides);
//! - in a complete fleet, a component or API that is neither in the catalog nor a service or repository of the fleet; and a system, domain,
//!   resource or group if the fleet defines others of that kind (where none is, they come from elsewhere);
//! - a near miss of an entity of the same repository: one letter off in a word of five or more letters, and no digit. `team-a` and `team-b`,
//!   `orders-1` and `orders-2` are different things, `paymnets-api` and `payments-api` are not.
//!
//! Users are never reported: people come and go elsewhere.

use rustc_hash::FxHashSet;

use super::Context;
use super::catalog::{Catalog, Reference, namespace_of};
use super::places::within;
use super::repositories::{Gathered, Located};
use crate::diagnostic::{Diagnostic, Fault};
use crate::facts::{CatalogEntity, Definition, Text};
use crate::model::{Evidence, Model, Problem};

pub(super) fn check(model: &mut Model, gathered: &Gathered, catalog: &Catalog, context: &Context) {
    let mut problems = Vec::new();
    Files { model, gathered, context }.check(&mut problems);
    Names::new(model, gathered, catalog).check(&mut problems);
    model.problems.extend(problems);
}

fn problem(model: &Model, repository: u32, file: u32, text: &Text, message: String, help: Option<String>) -> Problem {
    let path = &model.files[file as usize].path;
    let mut diagnostic = Diagnostic::new(Fault::DanglingReference, text.at, message).in_file(path);
    diagnostic.help = help;
    Problem { diagnostic, repository: Some(repository), service: None, evidence: Evidence { file, at: text.at } }
}

/// References to files of the same repository.
struct Files<'f> {
    model: &'f Model,
    gathered: &'f Gathered,
    context: &'f Context<'f>,
}

impl Files<'_> {
    fn check(&self, problems: &mut Vec<Problem>) {
        let Some(exists) = self.context.exists else { return };
        for entity in &self.gathered.entities {
            let definition = match &entity.value.definition {
                Some(Definition::Reference(text)) => Some(text),
                _ => None,
            };
            for text in definition.into_iter().chain(&entity.value.targets) {
                self.check_path(entity, text, exists, problems);
            }
        }
        for manifest in &self.gathered.manifests {
            // A name without a folder or an ending is that of an API.
            let is_path = |text: &&Text| text.value.contains(['/', '.']);
            for text in manifest.value.provides.iter().filter(is_path) {
                self.check_path(manifest, text, exists, problems);
            }
        }
    }

    fn check_path<T>(&self, from: &Located<T>, text: &Text, exists: &dyn Fn(&str) -> bool, problems: &mut Vec<Problem>) {
        let written = text.value.trim();
        let repository = &self.model.repositories[from.repository as usize];
        // Elsewhere, or many at once, or to be filled in.
        if repository.foreign
            || written.is_empty()
            || written.contains([':', '*', '{', '?', '$', '#'])
            || written.starts_with('/')
        {
            return;
        }
        let folder = from.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if leaves(folder, written) {
            return;
        }
        let path = within(&repository.root, &within(folder, written));
        if !exists(&path) {
            let message = format!("`{written}` is no file of this repository");
            let help = Some(format!("the path counts from the folder of this file: `{path}` is not there"));
            problems.push(problem(self.model, from.repository, from.file, text, message, help));
        }
    }
}

/// True for a path that climbs out of the repository.
fn leaves(folder: &str, relative: &str) -> bool {
    let mut depth = folder.split('/').filter(|part| !part.is_empty()).count();
    relative.split('/').any(|part| match part {
        "" | "." => false,
        ".." if depth == 0 => true,
        ".." => {
            depth -= 1;
            false
        }
        _ => {
            depth += 1;
            false
        }
    })
}

/// References to entities by name.
struct Names<'n> {
    model: &'n Model,
    gathered: &'n Gathered,
    catalog: &'n Catalog,
    /// Kinds of which there are entities.
    kinds: FxHashSet<&'n str>,
    /// Names in lower case of services, parts and repositories, in a complete fleet.
    known: FxHashSet<String>,
}

/// The kinds that a reference can lead to, and what it says where it stands.
type Slot<'s> = (&'s Text, &'static [&'static str], &'static str);

impl<'n> Names<'n> {
    fn new(model: &'n Model, gathered: &'n Gathered, catalog: &'n Catalog) -> Self {
        let services = model.services.iter().map(|service| &service.name);
        let parts = model.parts.iter().map(|part| &part.name);
        let repositories = model.repositories.iter().map(|repository| &repository.name);
        let known = services.chain(parts).chain(repositories).map(|name| name.to_lowercase());
        Names {
            model,
            gathered,
            catalog,
            kinds: catalog.references().map(Reference::kind).collect(),
            known: if model.complete { known.collect() } else { FxHashSet::default() },
        }
    }

    fn check(&self, problems: &mut Vec<Problem>) {
        let entities = &self.gathered.entities;
        for of_repository in entities.chunk_by(|a, b| a.repository == b.repository) {
            for entity in of_repository {
                for slot in slots(&entity.value) {
                    problems.extend(self.dangling(entity, slot, of_repository));
                }
            }
        }
    }

    fn dangling(
        &self,
        entity: &Located<CatalogEntity>,
        (text, kinds, role): Slot,
        neighbours: &[Located<CatalogEntity>],
    ) -> Option<Problem> {
        // Most references are told to be harmless by looking at their texts alone.
        let may_slip = |neighbour: &Located<CatalogEntity>| similar(&text.value, &neighbour.value.name.value);
        if !self.model.complete && !neighbours.iter().any(may_slip) {
            return None;
        }
        let namespace = namespace_of(&entity.value);
        let wanted: Vec<Reference> = kinds.iter().filter_map(|kind| Reference::read(&text.value, kind, namespace)).collect();
        let first = wanted.first()?;
        if first.kind() == "user" || wanted.iter().any(|reference| self.catalog.find(reference).is_some()) {
            return None;
        }
        let near =
            neighbours.iter().filter(|neighbour| may_slip(neighbour)).map(|neighbour| &neighbour.value).find(|neighbour| {
                let other = Reference::of(neighbour);
                wanted.iter().any(|wanted| wanted.is_beside(&other) && near_miss(wanted.name(), other.name()))
            });
        if near.is_none() && !(self.model.complete && self.is_closed(first)) {
            return None;
        }
        let message = format!("{role} `{}` is not defined", text.value);
        let help = near.map(|near| format!("did you mean `{}`?", near.name.value));
        Some(problem(self.model, entity.repository, entity.file, text, message, help))
    }

    /// Whether a complete fleet holds every entity of the kind.
    fn is_closed(&self, wanted: &Reference) -> bool {
        match wanted.kind() {
            "component" | "api" => !self.known.contains(wanted.name()),
            "system" | "domain" | "resource" | "group" => self.kinds.contains(wanted.kind()),
            _ => false,
        }
    }
}

/// Every reference of an entity with the kinds that it may mean.
fn slots(entity: &CatalogEntity) -> impl Iterator<Item = Slot<'_>> {
    fn one(text: &Option<Text>) -> &[Text] {
        text.as_ref().map_or(&[], std::slice::from_ref)
    }
    let lists: [(&[Text], &'static [&'static str], &'static str); 8] = [
        (one(&entity.owner), &["group"], "the owner"),
        (one(&entity.system), &["system"], "the system"),
        (one(&entity.domain), &["domain"], "the domain"),
        (one(&entity.subcomponent_of), &["component"], "the component"),
        (&entity.depends_on, &["component", "resource"], "the dependency"),
        (&entity.dependency_of, &["component", "resource"], "the dependent"),
        (&entity.consumes_apis, &["api"], "the API"),
        (&entity.provides_apis, &["api"], "the API"),
    ];
    lists.into_iter().flat_map(|(texts, kinds, role)| texts.iter().map(move |text| (text, kinds, role)))
}

/// False for most names that are no slip away from each other, and for equal ones: cheap, since nearly all are told apart here.
fn similar(reference: &str, name: &str) -> bool {
    let written = reference.trim_ascii().rsplit([':', '/']).next().unwrap_or_default();
    let (a, b) = (written.as_bytes(), name.as_bytes());
    let same = |a: Option<&u8>, b: Option<&u8>| a.zip(b).is_none_or(|(a, b)| a.eq_ignore_ascii_case(b) || !a.is_ascii());
    // A slip changes the length by one letter, of at most four bytes; and no slip changes both ends.
    a.len().abs_diff(b.len()) <= if written.is_ascii() && name.is_ascii() { 1 } else { 4 }
        && (same(a.first(), b.first()) || same(a.last(), b.last()))
        && !written.eq_ignore_ascii_case(name)
}

/// True for names that differ by one slip in one word of five or more letters.
fn near_miss(written: &str, defined: &str) -> bool {
    if written == defined || written.len().abs_diff(defined.len()) > 4 {
        return false;
    }
    let words = |name: &'_ str| -> Vec<String> { name.split(['-', '_', '.']).map(str::to_owned).collect() };
    let (written, defined) = (words(written), words(defined));
    if written.len() != defined.len() {
        return false;
    }
    let mut different = written.iter().zip(&defined).filter(|(a, b)| a != b);
    let (Some((a, b)), None) = (different.next(), different.next()) else { return false };
    let letters = |word: &str| word.chars().count() >= 5 && word.chars().all(char::is_alphabetic);
    // A plural may well be another thing.
    let plural = a.strip_suffix('s') == Some(b) || b.strip_suffix('s') == Some(a);
    letters(a) && letters(b) && !plural && strsim::damerau_levenshtein(a, b) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_near_misses_and_other_names_are_not() {
        for (written, defined) in
            [("paymnets-api", "payments-api"), ("chekout", "checkout"), ("shipping-gatevay", "shipping-gateway")]
        {
            assert!(near_miss(written, defined), "{written} {defined}");
        }
        for (written, defined) in [
            ("team-a", "team-b"),
            ("orders-1", "orders-2"),
            ("order-api", "orders-api"),
            ("checkout", "checkout"),
            ("user", "uses"),
            ("payments", "shipments"),
            ("orders-api", "orders"),
        ] {
            assert!(!near_miss(written, defined), "{written} {defined}");
        }
    }
}
