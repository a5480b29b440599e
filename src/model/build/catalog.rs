//! The catalog's entities by reference: `[kind:][namespace/]name`, letters of either case.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::repositories::Located;
use crate::facts::CatalogEntity;

/// The full name of an entity, `kind:namespace/name` in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Reference(String);

impl Reference {
    /// Reads a reference; what it leaves out is that of the place where it stands. None for a text that refers to nothing.
    pub fn read(written: &str, kind: &str, namespace: &str) -> Option<Reference> {
        let written = written.trim();
        let (kind, rest) = written.split_once(':').unwrap_or((kind, written));
        let (namespace, name) = rest.split_once('/').unwrap_or((namespace, rest));
        let usable = |part: &str| !part.is_empty() && !part.contains(['/', ':', '{', ' ']);
        (usable(kind) && usable(namespace) && usable(name)).then(|| Reference::new(kind, namespace, name))
    }

    pub fn of(entity: &CatalogEntity) -> Reference {
        Reference::new(&entity.kind.value, namespace_of(entity), &entity.name.value)
    }

    fn new(kind: &str, namespace: &str, name: &str) -> Reference {
        let mut text = [kind, ":", namespace, "/", name].concat();
        match text.is_ascii() {
            true => text.make_ascii_lowercase(),
            false => text = text.to_lowercase(),
        }
        Reference(text)
    }

    pub fn kind(&self) -> &str {
        self.0.split(':').next().unwrap_or_default()
    }

    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// True for entities that differ in nothing but their names.
    pub fn is_beside(&self, other: &Reference) -> bool {
        self.0.rsplit_once('/').map(|(beside, _)| beside) == other.0.rsplit_once('/').map(|(beside, _)| beside)
    }
}

pub(super) fn namespace_of(entity: &CatalogEntity) -> &str {
    entity.namespace.as_ref().map_or("default", |namespace| &namespace.value)
}

/// A reference's name as written, without kind and namespace: what a reader calls the entity.
pub(super) fn short_name(written: &Arc<str>) -> Arc<str> {
    match written.trim().rsplit(['/', ':']).next() {
        Some(name) if name.len() < written.len() => name.into(),
        _ => Arc::clone(written),
    }
}

pub(super) struct Catalog {
    /// Indices of the gathered entities; of several with one name the first.
    by_reference: FxHashMap<Reference, u32>,
}

impl Catalog {
    pub fn new(entities: &[Located<CatalogEntity>]) -> Self {
        let mut by_reference = FxHashMap::with_capacity_and_hasher(entities.len(), Default::default());
        for (index, entity) in entities.iter().enumerate() {
            by_reference.entry(Reference::of(&entity.value)).or_insert(index as u32);
        }
        Catalog { by_reference }
    }

    pub fn find(&self, reference: &Reference) -> Option<usize> {
        self.by_reference.get(reference).map(|&index| index as usize)
    }

    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.by_reference.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_takes_what_it_leaves_out_from_its_place() {
        let full = |text| Reference::read(text, "component", "default").map(|reference| reference.0);
        assert_eq!(full("Orders").as_deref(), Some("component:default/orders"));
        assert_eq!(full("api:orders").as_deref(), Some("api:default/orders"));
        assert_eq!(full("shop/orders").as_deref(), Some("component:shop/orders"));
        assert_eq!(full("API:shop/orders").as_deref(), Some("api:shop/orders"));
        for nothing in ["", ":", "a/", "api:", "a/b/c", "${{ values.name }}"] {
            assert_eq!(full(nothing), None, "{nothing:?}");
        }
        assert_eq!(&*short_name(&"system:default/Shop".into()), "Shop");
    }
}
