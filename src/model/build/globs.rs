//! Globs of the policy over names and folders of services.

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::facts::Text;
use crate::model::Service;

pub(super) struct Globs {
    set: GlobSet,
    /// What each glob of the set belongs to.
    owners: Vec<usize>,
}

impl Globs {
    /// The globs of each of some things. The loader has checked them; one that does not compile matches nothing.
    pub fn new<'t>(each: impl Iterator<Item = &'t [Text]>) -> Self {
        let mut set = GlobSetBuilder::new();
        let mut owners = Vec::new();
        for (index, globs) in each.enumerate() {
            for glob in globs.iter().filter_map(|glob| Glob::new(&glob.value).ok()) {
                set.add(glob);
                owners.push(index);
            }
        }
        Globs { set: set.build().unwrap_or_default(), owners }
    }

    /// What the service's name or folder belongs to.
    pub fn matches(&self, service: &Service) -> impl Iterator<Item = usize> {
        let all = match self.set.is_empty() {
            true => Vec::new(),
            false => [self.set.matches(&*service.name), self.set.matches(&*service.root)].concat(),
        };
        all.into_iter().map(|glob| self.owners[glob])
    }
}
