//! The prefixes of routers: scopes inside of scopes, across files, up to applications.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::names::{Known, Name, Names};
use super::super::repositories::{Gathered, Located};
use super::join_paths;
use crate::facts::{Mount, Route, Routing};

/// How many places of one scope are told apart: a router that is mounted in more is no router.
const MOST_PLACES: usize = 32;
const DEEPEST: usize = 24;

/// What types inherit may name them: `[controller]` and `[action]` in a prefix are the parts of the scope `OrdersController.List`.
fn named<'p>(prefix: &'p str, scope: &str) -> Cow<'p, str> {
    if !prefix.contains('[') {
        return Cow::Borrowed(prefix);
    }
    let (of, member) = scope.split_once('.').unwrap_or((scope, ""));
    let controller = of.strip_suffix("Controller").filter(|name| !name.is_empty()).unwrap_or(of);
    let prefix = prefix.replace("[controller]", controller);
    Cow::Owned(if member.is_empty() { prefix } else { prefix.replace("[action]", member) })
}

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
    /// Scopes that are one handler each: what they hold counts where they are mounted, and only there.
    leaves: FxHashSet<Name<'g>>,
    /// Files that have a scope, by repository and name.
    everywhere: FxHashMap<(u32, &'g str), Vec<u32>>,
    repositories: FxHashMap<u32, u32>,
    /// Of each scope: the scopes that hold it, with what stands between.
    holders: FxHashMap<Name<'g>, Vec<Holder<'g>>>,
    /// What stands before a scope where its mounts say nothing.
    defaults: FxHashMap<Name<'g>, Known>,
    /// Types that inherit from a type.
    subtypes: FxHashMap<Name<'g>, Vec<Name<'g>>>,
    /// Handlers that are mounted and of which nothing more is known.
    pub unread: Vec<(&'g Located<Routing>, &'g Mount)>,
}

struct Holder<'g> {
    /// None when the holder is unknown.
    scope: Option<Name<'g>>,
    file: u32,
    prefix: Known,
}

impl<'g> Scopes<'g> {
    pub fn new(gathered: &'g Gathered, names: &'g Names<'g>) -> Self {
        let mut scopes = Scopes {
            names,
            holding: FxHashSet::default(),
            leaves: FxHashSet::default(),
            everywhere: FxHashMap::default(),
            repositories: FxHashMap::default(),
            holders: FxHashMap::default(),
            defaults: FxHashMap::default(),
            subtypes: FxHashMap::default(),
            unread: Vec::new(),
        };
        for routing in &gathered.routings {
            scopes.enter(routing);
        }
        for routing in &gathered.routings {
            for leaf in &routing.value.leaves {
                scopes.leaves.extend(scopes.find(routing.file, leaf));
            }
            for default in &routing.value.defaults {
                if let Some(scope) = scopes.find(routing.file, &default.scope) {
                    scopes.defaults.insert(scope, names.read(routing.file, &default.prefix, &|_| None));
                }
            }
            for mount in &routing.value.mounts {
                scopes.mount(routing, mount);
            }
        }
        for located in &gathered.definitions {
            for header in &located.value.types {
                for base in &header.bases {
                    if let Some(base) = names.find_type(located.file, base) {
                        scopes.subtypes.entry(base).or_default().push((located.file, &header.name));
                    }
                }
            }
        }
        scopes
    }

    fn enter(&mut self, routing: &'g Located<Routing>) {
        self.repositories.insert(routing.file, routing.repository);
        let value = &routing.value;
        let held = value.routes.iter().filter_map(|route| route.scope.as_deref());
        let held = held.chain(value.mounts.iter().map(|mount| &*mount.parent)).chain(value.applications.iter().map(|app| &**app));
        for symbol in held {
            if let Some(name) = symbol.strip_prefix('#').filter(|name| self.holding.insert((routing.file, name))) {
                self.everywhere.entry((routing.repository, name)).or_default().push(routing.file);
            }
        }
    }

    fn mount(&mut self, routing: &'g Located<Routing>, mount: &'g Mount) {
        let Some(child) = self.find(routing.file, &mount.child) else {
            if routing.value.leaves.contains(&mount.child) {
                self.unread.push((routing, mount));
            }
            return;
        };
        let parent = self.find(routing.file, &mount.parent);
        if parent != Some(child) {
            let prefix = self.names.read(routing.file, &mount.prefix, &|_| None);
            self.holders.entry(child).or_default().push(Holder { scope: parent, file: routing.file, prefix });
        }
    }

    /// The scope that a symbol means, if it is known to hold anything.
    fn find(&self, asking: u32, symbol: &'g str) -> Option<Name<'g>> {
        let (_, name) = symbol.split_once('#').unwrap_or(("", symbol));
        let repository = self.repositories.get(&asking)?;
        let none = Vec::new();
        let everywhere = self.everywhere.get(&(*repository, name)).unwrap_or(&none);
        self.names.find(asking, symbol, &|name| self.holding.contains(&name), everywhere)
    }

    /// Everywhere a route is reached. A route of a type's members is reached through the types that inherit it, too.
    pub fn places(&self, file: u32, route: &'g Route) -> Vec<Place> {
        let mut places = match &route.scope {
            Some(symbol) => self.places_of(file, symbol),
            None if route.owner.is_none() => vec![Place { prefix: String::new(), file, exact: true }],
            None => Vec::new(),
        };
        if let Some(owner) = &route.owner
            && let Some(owner) = self.names.find_type(file, owner)
        {
            let whole = route.scope.is_none();
            places.extend(self.inheriting(owner).into_iter().flat_map(|(file, name)| match whole {
                true => vec![Place { prefix: String::new(), file, exact: true }],
                false => self.reached((file, name)),
            }));
        }
        places.sort_by(|a, b| (&a.prefix, a.file).cmp(&(&b.prefix, b.file)));
        places.dedup();
        places
    }

    /// True for a scope that counts in the service that mounts it, wherever it is defined.
    pub fn is_leaf(&self, file: u32, symbol: &'g str) -> bool {
        self.find(file, symbol).is_some_and(|scope| self.leaves.contains(&scope))
    }

    /// Everywhere a scope is reached.
    pub fn places_of(&self, file: u32, symbol: &'g str) -> Vec<Place> {
        match self.find(file, symbol) {
            Some(scope) => self.reached(scope),
            None => vec![Place { prefix: String::new(), file, exact: true }],
        }
    }

    fn reached(&self, scope: Name<'g>) -> Vec<Place> {
        let mut places = Vec::new();
        let mut waiting = vec![(scope, String::new(), true, 0, scope.1)];
        while let Some((scope, below, exact, depth, name)) = waiting.pop() {
            if depth > DEEPEST || places.len() >= MOST_PLACES {
                break;
            }
            let default = self.defaults.get(&scope);
            let holders = self.holders.get(&scope).map_or(&[][..], Vec::as_slice);
            if holders.is_empty() && !self.leaves.contains(&scope) {
                let prefix = default.map_or_else(|| below.clone(), |default| join_paths(&named(&default.text, name), &below));
                places.push(Place { prefix, file: scope.0, exact: exact && default.is_none_or(|default| default.exact) });
                continue;
            }
            for holder in holders.iter().take(MOST_PLACES) {
                let said = Some(&holder.prefix).filter(|prefix| !prefix.text.is_empty() || !prefix.exact);
                let known = said.or(default).unwrap_or(&holder.prefix);
                // A handler of a base is called as the type that mounts it.
                let name = holder.scope.filter(|_| self.leaves.contains(&scope)).map_or(name, |above| above.1);
                let prefix = join_paths(&named(&known.text, name), &below);
                let exact = exact && known.exact;
                match holder.scope {
                    Some(above) => waiting.push((above, prefix, exact, depth + 1, name)),
                    None => places.push(Place { prefix, file: holder.file, exact }),
                }
            }
        }
        places
    }

    /// Types that inherit from a type, directly or not.
    fn inheriting(&self, of: Name<'g>) -> Vec<Name<'g>> {
        let mut found: Vec<Name<'g>> = Vec::new();
        let mut waiting = vec![of];
        while let Some(base) = waiting.pop() {
            for &subtype in self.subtypes.get(&base).into_iter().flatten() {
                if found.len() < MOST_PLACES && !found.contains(&subtype) {
                    found.push(subtype);
                    waiting.push(subtype);
                }
            }
        }
        found
    }
}
