//! Programs: what runs here, told by deployment files, images, build files and code, where nobody had to declare anything.
//!
//! Facts of one repository come in, [`Program`]s come out: folders of code that are deployed, or that offer or start something, each with
//! what deploys it and the library modules that it alone uses. What deployment files run and nobody here wrote becomes a part.
//!
//! 1. `folders`: which folder an image or a build context stands for.
//! 2. here: units, images, build modules and entry points that lead to one folder become one program.
//! 3. `naming`: what each is called.
//! 4. `members`: library modules that one program alone uses are its own.

mod deployed;
mod folders;
mod images;
mod members;
mod naming;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::repositories::{Gathered, Located};
use crate::discover::is_within;
use crate::facts::{CodeModule, LibraryScope, Product, Shape};
use crate::model::libraries::{self, Purpose};
use crate::model::{Evidence, Kind};
use folders::Folders;
pub(super) use words::normal;

/// Something that runs.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub name: Arc<str>,
    /// Below the repository's root.
    pub root: String,
    /// Library modules that it alone uses, outside of its root.
    pub members: Vec<String>,
    /// Indices of gathered deployments.
    pub units: Vec<u32>,
    /// Indices of gathered build modules that it consists of or uses.
    pub builds: Vec<u32>,
    pub evidence: Option<Evidence>,
    /// The file that it begins in, where several programs share the folder.
    pub starts: Option<String>,
    /// True where the module around it has code that other programs share.
    pub shares_code: bool,
    /// What images and build files alone tell.
    pub kind: Option<Kind>,
    rank: Rank,
}

/// How sure it is that a folder is a program, the surest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Its build file says that it is one.
    Built,
    /// Its code starts a server or offers something.
    Serving,
    /// An image is built of it.
    Imaged,
    /// A deployment file runs it.
    Deployed,
}

/// Something that runs and that nobody here wrote, or a module that is no program.
#[derive(Clone, Debug)]
pub(super) struct Other {
    pub name: Arc<str>,
    pub root: String,
    pub kind: Kind,
    pub evidence: Evidence,
}

#[derive(Default)]
pub(super) struct Programs {
    pub programs: Vec<Program>,
    pub others: Vec<Other>,
}

/// The programs of each repository.
pub(super) fn find(gathered: &Gathered, repositories: &[Arc<str>]) -> Vec<Programs> {
    let mut rows: Vec<Rows> = repositories.iter().map(|_| Rows::default()).collect();
    let enter = |rows: &mut [Rows], repository: u32, table: fn(&mut Rows) -> &mut Vec<u32>, index: usize| {
        table(&mut rows[repository as usize]).push(index as u32);
    };
    gathered.deployments.iter().enumerate().for_each(|(i, l)| enter(&mut rows, l.repository, |rows| &mut rows.deployments, i));
    gathered.images.iter().enumerate().for_each(|(i, l)| enter(&mut rows, l.repository, |rows| &mut rows.images, i));
    gathered.builds.iter().enumerate().for_each(|(i, l)| enter(&mut rows, l.repository, |rows| &mut rows.builds, i));
    gathered.definitions.iter().enumerate().for_each(|(i, l)| enter(&mut rows, l.repository, |rows| &mut rows.definitions, i));
    gathered.routings.iter().enumerate().for_each(|(i, l)| enter(&mut rows, l.repository, |rows| &mut rows.routings, i));
    gathered.handlers.iter().enumerate().for_each(|(i, l)| enter(&mut rows, l.repository, |rows| &mut rows.handlers, i));
    gathered.settings.iter().enumerate().for_each(|(i, l)| enter(&mut rows, l.repository, |rows| &mut rows.settings, i));
    let of = |(repository, rows): (usize, &Rows)| Finder::new(gathered, repository, rows, &repositories[repository]).find();
    rows.iter().enumerate().map(of).collect()
}

/// Indices of one repository's facts.
#[derive(Default)]
struct Rows {
    deployments: Vec<u32>,
    images: Vec<u32>,
    builds: Vec<u32>,
    definitions: Vec<u32>,
    routings: Vec<u32>,
    handlers: Vec<u32>,
    settings: Vec<u32>,
}

struct Finder<'f> {
    gathered: &'f Gathered,
    rows: &'f Rows,
    repository_name: &'f Arc<str>,
    folders: Folders<'f>,
    programs: Vec<Program>,
    others: Vec<Other>,
    /// Programs by the file that their command runs, where several share a folder.
    started: FxHashMap<(String, String), usize>,
    /// Programs by the images that are built of them, without registry and tag.
    built: FxHashMap<String, usize>,
}

impl<'f> Finder<'f> {
    fn new(gathered: &'f Gathered, repository: usize, rows: &'f Rows, repository_name: &'f Arc<str>) -> Self {
        let folders = Folders::new(gathered, repository, rows);
        Finder {
            gathered,
            rows,
            repository_name,
            folders,
            programs: Vec::new(),
            others: Vec::new(),
            started: FxHashMap::default(),
            built: FxHashMap::default(),
        }
    }

    fn find(mut self) -> Programs {
        let deployments: Vec<u32> = self.rows.deployments.clone();
        let built_here = |index: &&u32| {
            let deployment = &self.gathered.deployments[**index as usize].value;
            deployment.context.is_some() || deployment.dockerfile.is_some() || deployment.shape == Shape::Function
        };
        let (with_context, image_only): (Vec<&u32>, Vec<&u32>) = deployments.iter().partition(built_here);
        for &index in with_context {
            self.deployed_from_context(index);
        }
        self.imaged();
        self.built();
        self.serving();
        self.drop_what_only_gathers();
        for &index in image_only {
            self.deployed_from_image(index);
        }
        self.name();
        let members = members::find(self.gathered, &self.rows.builds, &mut self.programs);
        self.others.extend(members);
        self.programs.sort_by(|a, b| (&a.root, &a.name).cmp(&(&b.root, &b.name)));
        Programs { programs: self.programs, others: self.others }
    }

    /// The program at a folder, made where there is none; of those that share the folder the one that runs the same file.
    fn at(&mut self, root: &str, starts: Option<&str>, rank: Rank, evidence: Evidence) -> usize {
        let same_start = starts.and_then(|file| self.started.get(&(root.to_owned(), file.to_owned()))).copied();
        let unclaimed = || {
            let claimed = |index: usize| starts.is_some() && self.started.values().any(|&known| known == index);
            (0..self.programs.len()).find(|&index| self.programs[index].root == root && !claimed(index))
        };
        let index = same_start.or_else(unclaimed).unwrap_or_else(|| {
            self.programs.push(Program {
                name: Arc::from(""),
                root: root.to_owned(),
                members: Vec::new(),
                units: Vec::new(),
                builds: Vec::new(),
                evidence: None,
                starts: None,
                shares_code: false,
                kind: None,
                rank,
            });
            self.programs.len() - 1
        });
        if let Some(file) = starts {
            self.started.entry((root.to_owned(), file.to_owned())).or_insert(index);
        }
        let program = &mut self.programs[index];
        if let Some(file) = starts {
            program.starts.get_or_insert_with(|| file.to_owned());
        }
        program.rank = program.rank.max(rank);
        program.evidence = program.evidence.or(Some(evidence));
        index
    }

    /// Dockerfiles that no deployment file names.
    fn imaged(&mut self) {
        let deploys =
            self.rows.deployments.iter().any(|&index| self.gathered.deployments[index as usize].value.shape == Shape::Process);
        for &index in &self.rows.images {
            let located = &self.gathered.images[index as usize];
            let folder = folder_of(&located.path);
            let base = located.value.base.as_ref().map_or("", |base| &*base.value);
            if words::is_workshop(folder) || images::known(base).is_some() && !images::is_proxy(base) {
                continue;
            }
            let evidence = located.evidence(located.value.at);
            let copies = || !folder.is_empty() && located.value.copies.iter().any(|copy| !copy.value.is_empty());
            let proxy = || (images::is_proxy(base) && copies()).then(|| folder.to_owned());
            let Some(root) = self.folders.of_image(&located.path).or_else(proxy) else { continue };
            // Where deployment files say what runs, an image that none of them runs, and whose code offers nothing, is a tool.
            let known = self.programs.iter().any(|program| program.root == root);
            let inside = self
                .programs
                .iter()
                .any(|program| program.root != root && is_within(&root, &program.root) && !program.root.is_empty());
            let named = || self.rows.deployments.iter().any(|&index| self.runs(index, &root));
            if !known && (deploys || inside) && !self.offers_in(&root) && !named() {
                continue;
            }
            let command = located.value.command.as_ref().map(|command| &*command.value);
            let starts = command.and_then(|command| self.folders.started_by(&root, command));
            // A second image of the same folder is another way to build it, unless it starts another file.
            let program = self.at(&root, starts.as_deref(), Rank::Imaged, evidence);
            self.serve_by_proxy(program, base);
        }
    }

    /// Build modules that are programs, where their libraries say that they serve.
    fn built(&mut self) {
        for &index in &self.rows.builds {
            let located = &self.gathered.builds[index as usize];
            let module = &located.value;
            let folder = folder_of(&located.path);
            if module.product != Product::Application || !self.folders.has_code(folder) || self.covers(folder) {
                continue;
            }
            let runtime = module.libraries.iter().filter(|library| library.scope == LibraryScope::Runtime);
            let purposes: Vec<Purpose> = runtime.flat_map(|library| libraries::of(module.tool, &library.name)).copied().collect();
            let serves = purposes.iter().any(|purpose| {
                use Purpose::{Gateway, Infra, Messaging, Rpc, Ui, UnreadWeb, Web};
                matches!(purpose, Web(_) | UnreadWeb | Rpc | Messaging | Gateway | Infra | Ui)
            });
            // A user interface in the folder of a program is that program's.
            let inside = self.programs.iter().any(|program| !program.root.is_empty() && is_within(folder, &program.root));
            let only_ui = !purposes.iter().any(|purpose| matches!(purpose, Purpose::Web(_) | Purpose::UnreadWeb | Purpose::Rpc));
            if serves && !(inside && only_ui) {
                self.at(folder, None, Rank::Built, located.evidence(module.at));
            }
        }
    }

    /// True where a surer program lies at the folder or around it with nothing between, or inside of it.
    fn covers(&self, folder: &str) -> bool {
        self.programs.iter().any(|program| program.root == folder)
    }

    /// Folders whose code starts a server, outside of every program so far.
    fn serving(&mut self) {
        let deployed = self.programs.iter().any(|program| program.rank >= Rank::Imaged);
        for &index in &self.rows.definitions {
            let located = &self.gathered.definitions[index as usize];
            let Some(entry) = &located.value.entry else { continue };
            if self.starts_alone(located) {
                let folder = folder_of(&located.path);
                self.at(folder, Some(&located.path), Rank::Serving, located.evidence(entry.at));
                continue;
            }
            let module = self.folders.module_around(&located.path).unwrap_or(folder_of(&located.path));
            let inside = self
                .programs
                .iter()
                .any(|program| is_within(&located.path, &program.root) && (!program.root.is_empty() || module.is_empty()));
            if inside || words::is_workshop(folder_of(&located.path)) {
                continue;
            }
            let offers = self.offers_in(module);
            // Beside programs that are deployed, one that is not must offer something to count.
            if offers || &*entry.starts != "main" && !deployed {
                self.at(module, None, Rank::Serving, located.evidence(entry.at));
            }
        }
    }

    /// True for one of several files of a folder that nothing deploys, each of which starts a server and has routes of its own.
    fn starts_alone(&self, located: &Located<CodeModule>) -> bool {
        let folder = folder_of(&located.path);
        let covered = self.programs.iter().any(|program| program.rank >= Rank::Imaged && is_within(folder, &program.root));
        let starts = |located: &&Located<CodeModule>| {
            let serves = located.value.entry.as_ref().is_some_and(|entry| &*entry.starts != "main");
            let offers = |index: &u32| {
                let routing = &self.gathered.routings[*index as usize];
                routing.file == located.file && !routing.value.routes.is_empty()
            };
            serves && folder_of(&located.path) == folder && self.rows.routings.iter().any(offers)
        };
        let all = self.rows.definitions.iter().map(|&index| &self.gathered.definitions[index as usize]);
        !covered && starts(&located) && all.filter(starts).count() > 1
    }

    fn offers_in(&self, folder: &str) -> bool {
        let routes = self.rows.routings.iter().map(|&index| &self.gathered.routings[index as usize]);
        let handlers = self.rows.handlers.iter().map(|&index| &self.gathered.handlers[index as usize].path);
        routes
            .filter(|routing| !routing.value.routes.is_empty())
            .map(|routing| &routing.path)
            .chain(handlers)
            .any(|path| is_within(path, folder))
    }

    /// A folder that holds other programs, and that nothing deploys, is a program only where code of its own offers something.
    fn drop_what_only_gathers(&mut self) {
        let roots: Vec<(String, Rank)> = self.programs.iter().map(|program| (program.root.clone(), program.rank)).collect();
        let inner = |root: &str| {
            roots
                .iter()
                .filter(|(other, _)| other != root && is_within(other, root))
                .map(|(other, _)| other.clone())
                .collect::<Vec<_>>()
        };
        let mut dropped: FxHashSet<usize> = FxHashSet::default();
        for (index, program) in self.programs.iter().enumerate() {
            let inner = inner(&program.root);
            if inner.is_empty() || program.kind == Some(Kind::Function) {
                continue;
            }
            let own = |path: &str| is_within(path, &program.root) && !inner.iter().any(|other| is_within(path, other));
            let offers = self.rows.routings.iter().any(|&at| {
                let routing = &self.gathered.routings[at as usize];
                !routing.value.routes.is_empty() && own(&routing.path)
            });
            let starts = self.rows.definitions.iter().any(|&at| {
                let located = &self.gathered.definitions[at as usize];
                located.value.entry.is_some() && own(&located.path)
            });
            if !(offers || starts && program.rank >= Rank::Imaged) {
                dropped.insert(index);
            }
        }
        let kept: FxHashMap<usize, usize> =
            (0..self.programs.len()).filter(|index| !dropped.contains(index)).enumerate().map(|(new, old)| (old, new)).collect();
        self.built.retain(|_, program| kept.contains_key(program));
        self.built.values_mut().for_each(|program| *program = kept[program]);
        let mut index = 0;
        self.programs.retain(|_| {
            index += 1;
            !dropped.contains(&(index - 1))
        });
    }
}

pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// An image's name without tag and digest.
fn bare(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}
