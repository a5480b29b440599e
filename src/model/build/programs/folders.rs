//! Which folder of code an image is built of.
//!
//! A build context and a Dockerfile come in, the program's folder comes out: what the Dockerfile builds by name, else its own folder where
//! that holds code, else the one module that it copies, else the context.

use rustc_hash::FxHashMap;

use super::super::places::within;
use super::super::repositories::{CodeFile, Gathered};
use super::{Rows, folder_of, normal, words};
use crate::discover::is_within;
use crate::facts::{Image, Product};
use crate::source::last_part;

pub(super) struct Folders<'f> {
    code: &'f [CodeFile],
    /// By path.
    images: FxHashMap<&'f str, &'f Image>,
    /// Folders of build modules that may be programs.
    modules: Vec<&'f str>,
    /// Files in which a program begins.
    entries: Vec<&'f str>,
}

impl<'f> Folders<'f> {
    pub fn new(gathered: &'f Gathered, repository: usize, rows: &Rows) -> Self {
        let builds = rows.builds.iter().map(|&index| &gathered.builds[index as usize]);
        let programs = builds.filter(|build| !matches!(build.value.product, Product::Aggregate | Product::Test));
        let mut modules: Vec<&str> = programs.map(|build| folder_of(&build.path)).collect();
        modules.sort_unstable();
        modules.dedup();
        let definitions = rows.definitions.iter().map(|&index| &gathered.definitions[index as usize]);
        Folders {
            code: &gathered.code[repository],
            images: rows
                .images
                .iter()
                .map(|&index| &gathered.images[index as usize])
                .map(|image| (&*image.path, &image.value))
                .collect(),
            modules,
            entries: definitions.filter(|located| located.value.entry.is_some()).map(|located| &*located.path).collect(),
        }
    }

    /// Whether production code lies below a folder.
    pub fn has_code(&self, folder: &str) -> bool {
        if folder.is_empty() {
            return !self.code.is_empty();
        }
        // The files are sorted by path.
        let start = self.code.partition_point(|file| *file.path < *folder);
        self.code[start..]
            .iter()
            .take_while(|file| file.path.starts_with(folder))
            .any(|file| file.path.len() > folder.len() && is_within(&file.path, folder))
    }

    /// The innermost build module around a file.
    pub fn module_around(&self, path: &str) -> Option<&'f str> {
        let around = self.modules.iter().filter(|module| is_within(path, module));
        around.max_by_key(|module| module.len()).copied()
    }

    /// The image that a context and a Dockerfile stand for.
    pub fn image_of(&self, context: Option<&str>, dockerfile: Option<&str>) -> Option<&'f Image> {
        let path = dockerfile.map_or_else(|| within(context.unwrap_or(""), "Dockerfile"), str::to_owned);
        self.images.get(&*path).copied()
    }

    /// The folder of the program that a deployment file builds.
    pub fn of_context(&self, context: Option<&str>, dockerfile: Option<&str>, name: &str) -> Option<String> {
        let context = context.unwrap_or("");
        let path = dockerfile.map_or_else(|| within(context, "Dockerfile"), str::to_owned);
        let root = self.of(&path, context);
        // One image for many programs is told apart by what each is called.
        let many = |root: &str| self.modules.iter().filter(|module| is_within(module, root) && **module != root).count() > 1;
        match root {
            Some(root) if many(&root) && self.holds_no_entry(&root) => self.folder_named(&root, name).or(Some(root)),
            other => other,
        }
    }

    /// The folder of the program that a Dockerfile builds, where nothing tells the context.
    pub fn of_image(&self, path: &str) -> Option<String> {
        let folder = folder_of(path);
        // `src/main/docker/Dockerfile.jvm` is built from the module around it.
        if !self.has_code(folder)
            && let Some(module) = self.module_around(path)
            && (!module.is_empty() || self.modules.len() == 1)
        {
            return Some(module.to_owned());
        }
        // `docker/Dockerfile` and `orders.Dockerfile` in a folder of Dockerfiles are built from above.
        let context = if self.has_code(folder) { folder } else { "" };
        let name = last_part(path);
        let suffix =
            name.strip_suffix(".Dockerfile").or(name.strip_prefix("Dockerfile.")).filter(|name| !words::is_general(name));
        let told = self.of(path, context);
        match (told, suffix) {
            (Some(root), Some(name)) if root == context => self.folder_named(context, name).or(Some(root)),
            // A folder without code, and an image that copies nothing in particular, is no program.
            (Some(root), _) if context != folder && root == context => self.folder_named("", last_part(folder)),
            (told, _) => told,
        }
    }

    fn of(&self, dockerfile: &str, context: &str) -> Option<String> {
        let beside = folder_of(dockerfile);
        if let Some(image) = self.images.get(dockerfile) {
            let told = image.builds.iter().filter_map(|build| self.built(&build.value, context, beside));
            let mut told: Vec<String> = told.collect();
            told.sort();
            told.dedup();
            if let [one] = &told[..] {
                return Some(self.whole(one).to_owned());
            }
        }
        if beside != context && is_within(beside, context) && self.has_code(beside) {
            return Some(beside.to_owned());
        }
        if let Some(image) = self.images.get(dockerfile) {
            let copied =
                image.copies.iter().map(|copy| within(context, copy.value.trim_end_matches("/**").trim_end_matches('*')));
            let mut modules: Vec<String> = copied.filter(|folder| folder != context && self.is_program(folder)).collect();
            modules.sort();
            modules.dedup();
            if let [one] = &modules[..] {
                return Some(one.clone());
            }
        }
        self.has_code(context).then(|| context.to_owned())
    }

    /// What a build command names: a folder, or a project file in one.
    fn built(&self, written: &str, context: &str, beside: &str) -> Option<String> {
        let from = |above: &str| {
            let path = within(above, written);
            let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.') && !self.has_code(&path));
            let folder = if is_file { folder_of(&path).to_owned() } else { path };
            (self.has_code(&folder) && folder.len() > above.len().min(context.len())).then_some(folder)
        };
        // What stands in the image may have been copied from deeper down.
        from(context).or_else(|| from(beside)).or_else(|| {
            let name = written.trim_matches(['.', '/']);
            let named = last_part(name).split('.').next().unwrap_or(name);
            self.folder_named(context, named).filter(|_| !words::is_general(named) && written.contains(['/', '.', ':']))
        })
    }

    /// The module around a folder whose `main` is the only one of that module: a program of Go is written in all of its module.
    fn whole<'p>(&'p self, folder: &'p str) -> &'p str {
        let Some(module) = self.module_around(folder).filter(|module| module.len() < folder.len()) else { return folder };
        let mut inside = self.entries.iter().filter(|entry| self.module_around(entry) == Some(module));
        match (inside.next(), inside.next()) {
            (Some(entry), None) if entry.ends_with(".go") && is_within(entry, folder) => module,
            _ => folder,
        }
    }

    fn is_program(&self, folder: &str) -> bool {
        self.modules.contains(&folder) || self.entries.iter().any(|entry| folder_of(entry) == folder)
    }

    fn holds_no_entry(&self, folder: &str) -> bool {
        !self.entries.iter().any(|entry| self.module_around(entry).unwrap_or(folder_of(entry)) == folder)
    }

    /// The only module below a folder that is called so.
    fn folder_named(&self, above: &str, name: &str) -> Option<String> {
        let of = |how: &dyn Fn(&str) -> String| {
            let wanted = how(name);
            let last = |module: &str| how(last_part(module));
            let mut fitting =
                self.modules.iter().filter(|module| is_within(module, above) && !module.is_empty() && last(module) == wanted);
            let first = fitting.next()?;
            fitting.next().is_none().then(|| first.to_string())
        };
        of(&normal).or_else(|| of(&words::stem))
    }

    /// The file with an entry in a folder that a command runs: `python users.py`, `node dist/worker.js`, `uvicorn app.api:main`, `./geo` for
    /// `cmd/geo/main.go`. None where the folder has but one entry.
    pub fn started_by(&self, root: &str, command: &str) -> Option<String> {
        let inside = self.entries.iter().filter(|entry| is_within(entry, root)).count();
        let words = command.split([' ', '"', '\'', ',', '=']).filter(|word| word.len() > 2 && !word.starts_with('-'));
        let mut found = words.filter_map(|word| {
            let name = word.split(':').next().unwrap_or(word);
            let name =
                [".py", ".js", ".ts", ".rb", ".php", ".jar"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
            self.entry_named(root, name.rsplit(['/', '.']).next().unwrap_or(name))
        });
        if inside < 2 { None } else { found.next_back() }
    }

    /// The only entry below a folder in a file, or as the only one in a folder, that is called so.
    pub fn entry_named(&self, root: &str, name: &str) -> Option<String> {
        let wanted = normal(name);
        if words::is_general(name) {
            return None;
        }
        let called = |entry: &&&str| {
            let stem = last_part(entry).split('.').next().unwrap_or("");
            let folder = folder_of(entry);
            // `cmd/geo/main.go` is called by its folder.
            normal(stem) == wanted || words::is_general(stem) && normal(last_part(folder)) == wanted && self.is_alone(entry)
        };
        let mut found = self.entries.iter().filter(|entry| is_within(entry, root)).filter(called);
        let first = found.next()?;
        found.next().is_none().then(|| first.to_string())
    }

    /// The folder of an entry where it is a program's of its own below a root that others share.
    pub fn own_folder(&self, root: &str, entry: &str) -> Option<String> {
        let folder = folder_of(entry);
        (folder.len() > root.len() && is_within(folder, root) && self.is_alone(entry)).then(|| folder.to_owned())
    }

    fn is_alone(&self, entry: &str) -> bool {
        self.entries.iter().filter(|other| is_within(other, folder_of(entry))).count() == 1
    }
}
