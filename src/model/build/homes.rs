//! Whose folder a file lies in.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::model::Model;

/// Folders of services by repository: the innermost that holds a file is its home.
pub(super) struct Homes {
    /// Of each repository.
    homes: Vec<Home>,
    nested: Vec<Folders>,
}

#[derive(Clone, Copy)]
enum Home {
    Nobody,
    /// The only service, whose folder is the repository.
    One(u32),
    /// Index into [`Homes::nested`].
    Nested(u32),
}

/// By folder below the checked root; None for a folder that several services share, and for that of a part.
type Folders = FxHashMap<Arc<str>, Option<u32>>;

impl Homes {
    pub fn new(model: &Model) -> Self {
        let mut homes = vec![Home::Nobody; model.repositories.len()];
        let mut nested: Vec<Folders> = Vec::new();
        let mut enter = |repository: u32, root: &Arc<str>, service: Option<u32>| {
            let home = &mut homes[repository as usize];
            let above = &model.repositories[repository as usize].root;
            if let (Home::Nobody, Some(service), true) = (*home, service, root == above) {
                *home = Home::One(service);
                return;
            }
            if !matches!(home, Home::Nested(_)) {
                let first = match home {
                    Home::One(service) => Folders::from_iter([(Arc::clone(above), Some(*service))]),
                    _ => Folders::default(),
                };
                nested.push(first);
                *home = Home::Nested(nested.len() as u32 - 1);
            }
            if let Home::Nested(index) = home {
                let folder = nested[*index as usize].entry(Arc::clone(root));
                match service {
                    Some(_) => folder.and_modify(|known| *known = None).or_insert(service),
                    // A part beside a service leaves it the folder.
                    None => folder.or_insert(None),
                };
            }
        };
        for (service, index) in model.services.iter().zip(0..).filter(|(service, _)| !service.elsewhere) {
            enter(service.repository, &service.root, Some(index));
            service.members.iter().for_each(|member| enter(service.repository, member, Some(index)));
        }
        for part in model.parts.iter().filter(|part| part.holds_code) {
            enter(part.repository, &part.root, None);
        }
        Homes { homes, nested }
    }

    /// The service whose folder is the innermost around a file, by its path below the checked root.
    pub fn service_of(&self, repository: u32, path: &str) -> Option<u32> {
        match self.homes[repository as usize] {
            Home::Nobody => None,
            Home::One(service) => Some(service),
            Home::Nested(index) => {
                let folders = &self.nested[index as usize];
                let ends = path.bytes().enumerate().rev().filter(|(_, byte)| *byte == b'/').map(|(end, _)| end);
                ends.chain([0]).find_map(|end| folders.get(&path[..end]).copied()).flatten()
            }
        }
    }
}
