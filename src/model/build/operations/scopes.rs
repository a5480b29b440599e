//! The prefixes of routers: scopes inside of scopes, across files, up to applications.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::names::{Name, Names};
use super::super::repositories::Gathered;
use super::join_paths;
use crate::facts::Route;

/// How many places of one scope are told apart: a router that is mounted in more is no router.
const MOST_PLACES: usize = 32;
const DEEPEST: usize = 24;

/// Where a scope ends up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub prefix: String,
    /// The file of the outermost scope.
    pub file: u32,
    /// False when parts of the prefix are not known.
    pub exact: bool,
}

pub(super) struct Scopes<'g> {
    names: &'g Names<'g>,
    /// Scopes that hold something, or are applications.
    holding: FxHashSet<Name<'g>>,
    /// Files that have a scope, by repository and name.
    everywhere: FxHashMap<(u32, &'g str), Vec<u32>>,
    repositories: FxHashMap<u32, u32>,
    /// Of each scope: the scopes that hold it, with what stands between.
    holders: FxHashMap<Name<'g>, Vec<Holder<'g>>>,
}

struct Holder<'g> {
    /// None when the holder is unknown.
    scope: Option<Name<'g>>,
    file: u32,
    prefix: String,
    exact: bool,
}

impl<'g> Scopes<'g> {
    pub fn new(gathered: &'g Gathered, names: &'g Names<'g>) -> Self {
        let mut scopes = Scopes {
            names,
            holding: FxHashSet::default(),
            everywhere: FxHashMap::default(),
            repositories: FxHashMap::default(),
            holders: FxHashMap::default(),
        };
        for routing in &gathered.routings {
            scopes.repositories.insert(routing.file, routing.repository);
            let value = &routing.value;
            let held = value.routes.iter().filter_map(|route| route.scope.as_deref());
            let held =
                held.chain(value.mounts.iter().map(|mount| &*mount.parent)).chain(value.applications.iter().map(|app| &**app));
            for symbol in held {
                if let Some(name) = symbol.strip_prefix('#').filter(|name| scopes.holding.insert((routing.file, name))) {
                    scopes.everywhere.entry((routing.repository, name)).or_default().push(routing.file);
                }
            }
        }
        for routing in &gathered.routings {
            for mount in &routing.value.mounts {
                let Some(child) = scopes.find(routing.file, &mount.child) else { continue };
                let parent = scopes.find(routing.file, &mount.parent);
                if parent == Some(child) {
                    continue;
                }
                let known = names.read(routing.file, &mount.prefix, &|_| None);
                let holder = Holder { scope: parent, file: routing.file, prefix: known.text, exact: known.exact };
                scopes.holders.entry(child).or_default().push(holder);
            }
        }
        scopes
    }

    /// The scope that a symbol means, if it is known to hold anything.
    fn find(&self, asking: u32, symbol: &'g str) -> Option<Name<'g>> {
        let (_, name) = symbol.split_once('#').unwrap_or(("", symbol));
        let repository = self.repositories.get(&asking)?;
        let none = Vec::new();
        let everywhere = self.everywhere.get(&(*repository, name)).unwrap_or(&none);
        self.names.find(asking, symbol, &|name| self.holding.contains(&name), everywhere)
    }

    /// Everywhere a route is reached. A route of a type's members is reached through the types that inherit it, and nowhere else.
    pub fn places(&self, file: u32, route: &'g Route) -> Vec<Place> {
        let here = Place { prefix: String::new(), file, exact: true };
        let Some(symbol) = route.scope.as_deref() else { return vec![here] };
        let Some(scope) = self.find(file, symbol) else { return vec![Place { exact: false, ..here }] };
        let mut places = Vec::new();
        let mut waiting = vec![(scope, String::new(), true, 0)];
        while let Some((scope, below, exact, depth)) = waiting.pop() {
            if depth > DEEPEST || places.len() >= MOST_PLACES {
                break;
            }
            let holders = self.holders.get(&scope).map_or(&[][..], Vec::as_slice);
            if holders.is_empty() {
                places.push(Place { prefix: below, file: scope.0, exact });
                continue;
            }
            for holder in holders.iter().take(MOST_PLACES) {
                let prefix = join_paths(&holder.prefix, &below);
                let exact = exact && holder.exact;
                match holder.scope {
                    Some(above) => waiting.push((above, prefix, exact, depth + 1)),
                    None => places.push(Place { prefix, file: holder.file, exact }),
                }
            }
        }
        places.sort_by(|a, b| (&a.prefix, a.file).cmp(&(&b.prefix, b.file)));
        places.dedup();
        if route.owner.is_some() && self.holders.get(&scope).is_none_or(Vec::is_empty) {
            return Vec::new();
        }
        places
    }
}
