//! Whose folder a file lies in.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::model::Model;

/// Folders of services by repository: the innermost that holds a file is its home.
pub(super) struct Homes {
    repositories: Vec<Folders>,
}

#[derive(Default)]
struct Folders {
    /// The length of the repository's root.
    root: usize,
    /// By folder below the checked root; None for a folder that several services share, and for that of a part.
    services: FxHashMap<Arc<str>, Option<u32>>,
    /// True when a service has a folder of its own below the repository's root.
    nested: bool,
}

impl Homes {
    pub fn new(model: &Model) -> Self {
        let folders = |root: &Arc<str>| Folders { root: root.len(), ..Folders::default() };
        let mut repositories: Vec<Folders> = model.repositories.iter().map(|repository| folders(&repository.root)).collect();
        for (service, index) in model.services.iter().zip(0..) {
            let folders = &mut repositories[service.repository as usize];
            folders.services.entry(Arc::clone(&service.root)).and_modify(|known| *known = None).or_insert(Some(index));
            folders.nested |= service.root.len() > folders.root;
        }
        for part in &model.parts {
            let folders = &mut repositories[part.repository as usize];
            folders.services.entry(Arc::clone(&part.root)).or_insert(None);
            folders.nested |= part.root.len() > folders.root;
        }
        Homes { repositories }
    }

    /// The service whose folder is the innermost around a file, by its path below the checked root.
    pub fn service_of(&self, repository: u32, path: &str) -> Option<u32> {
        let folders = &self.repositories[repository as usize];
        let mut folder = path;
        while folders.nested
            && let Some((above, _)) = folder.rsplit_once('/')
            && above.len() > folders.root
        {
            folder = above;
            if let Some(service) = folders.services.get(folder) {
                return *service;
            }
        }
        folders.services.get(path.get(..folders.root)?).copied().flatten()
    }
}
