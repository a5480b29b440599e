//! Wrappers of the house around clients: which calls there are of a function.
//!
//! A call names the function by a symbol. It is meant where the names are alike and the file defines it: the same file, the module that the
//! symbol names, a type of that name, an interface that the wrapper's type implements; or, where nothing tells the receiver's type, the only
//! wrapper of that name that the service can reach.

use rustc_hash::FxHashMap;

use super::super::homes::Homes;
use super::super::repositories::{Gathered, Located};
use crate::facts::{self, Invocation};
use crate::model::Model;

/// Calls of one function that are looked at.
const MOST_CALLS: usize = 5_000;

/// A call of what may be a wrapper.
pub(super) struct Called<'g> {
    pub caller: Option<u32>,
    pub repository: u32,
    pub file: u32,
    pub value: &'g Invocation,
}

/// The file that defines a wrapper, the service that the file lies in, and the function's name.
type Wrapper<'g> = (u32, Option<u32>, &'g str);

pub(super) struct Wrappers<'g> {
    /// By the function's last name.
    calls: FxHashMap<&'g str, Vec<Called<'g>>>,
    /// By the wrapper's last name: its files.
    wrappers: FxHashMap<&'g str, Vec<Wrapper<'g>>>,
    /// Bases of types: by file and name of the type.
    bases: FxHashMap<(u32, &'g str), Vec<&'g str>>,
    paths: FxHashMap<u32, &'g str>,
    /// The services of the wrappers' files.
    homes: FxHashMap<u32, Option<u32>>,
}

impl<'g> Wrappers<'g> {
    pub fn new(gathered: &'g Gathered, model: &Model, homes: &Homes) -> Self {
        let home = |repository: u32, file: u32| homes.service_of(repository, &model.files[file as usize].path);
        let mut found = Wrappers {
            calls: FxHashMap::default(),
            wrappers: FxHashMap::default(),
            bases: FxHashMap::default(),
            paths: FxHashMap::default(),
            homes: FxHashMap::default(),
        };
        for located in &gathered.invocations {
            let caller = home(located.repository, located.file);
            for value in &located.value {
                let called = Called { caller, repository: located.repository, file: located.file, value };
                found.calls.entry(last_name(&value.function)).or_default().push(called);
            }
        }
        for located in &gathered.calls {
            found.paths.insert(located.file, &located.path);
            found.homes.insert(located.file, home(located.repository, located.file));
            for function in super::sites::parameters_of(&located.value) {
                let files = found.wrappers.entry(last_name(function)).or_default();
                let service = home(located.repository, located.file);
                if !files.contains(&(located.file, service, function)) {
                    files.push((located.file, service, function));
                }
            }
        }
        for located in &gathered.definitions {
            for header in &located.value.types {
                let bases = header.bases.iter().map(|base| last_name(base)).collect();
                found.bases.insert((located.file, &header.name), bases);
            }
        }
        found
    }

    /// The calls of a function that a file defines.
    pub fn invocations_of<'w>(
        &'w self,
        wrapper: &'w Located<facts::CallSite>,
        function: &'w str,
    ) -> impl Iterator<Item = &'w Called<'g>> {
        let calls = self.calls.get(last_name(function)).map_or(&[][..], Vec::as_slice);
        calls.iter().take(MOST_CALLS).filter(move |called| self.means(called, wrapper, function))
    }

    fn means(&self, called: &Called, wrapper: &Located<facts::CallSite>, function: &str) -> bool {
        let symbol = &*called.value.function;
        let (module, name) = symbol.split_once('#').unwrap_or(("", symbol));
        let near = called.repository == wrapper.repository;
        // What lies in the folder of another service is not for this one to call.
        let own = self.homes.get(&wrapper.file).copied().flatten();
        if own.is_some() && own != called.caller {
            return false;
        }
        match module {
            "*" => near && self.is_only_one(called, function),
            "" if called.file == wrapper.file => name == function || self.is_kind_of(wrapper.file, name, function),
            "" => near && name.contains('.') && (name == function || self.is_kind_of(wrapper.file, name, function)),
            module => {
                let file = self.paths.get(&wrapper.file).is_some_and(|path| ends_so(path, module));
                let same = name == function || self.is_kind_of(wrapper.file, name, function);
                // `import client; client.call(…)`: a function of the module, or a method of what it exports.
                same && (file
                    || near && type_of(function).is_some() && type_of(name).is_some()
                    || type_of(function) == Some(name))
                    || file && last_name(name) == last_name(function)
            }
        }
    }

    /// A method of an interface that the wrapper's type implements, as far as names and heads of types tell.
    fn is_kind_of(&self, file: u32, name: &str, function: &str) -> bool {
        let (Some(called), Some(of)) = (type_of(name), type_of(function)) else { return false };
        if last_name(name) != last_name(function) {
            return false;
        }
        let called = called.rsplit('.').next().unwrap_or(called);
        let declared = self.bases.get(&(file, of)).is_some_and(|bases| bases.contains(&called));
        declared
            || called == of
            || called.strip_prefix('I').is_some_and(|rest| rest == of)
            || of.strip_suffix("Impl") == Some(called)
            || of.ends_with(called.strip_prefix('I').unwrap_or(called))
    }

    /// The only wrapper of its name in the caller's service, or in what several share.
    fn is_only_one(&self, called: &Called, function: &str) -> bool {
        let all = self.wrappers.get(last_name(function)).map_or(&[][..], Vec::as_slice);
        let mut reachable = all.iter().filter(|(_, service, _)| service.is_none() || *service == called.caller);
        let first = reachable.next();
        first.is_some_and(|(_, _, known)| *known == function) && reachable.all(|(_, _, known)| *known == function)
    }
}

fn type_of(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(of, _)| of)
}

fn last_name(name: &str) -> &str {
    name.rsplit(['.', '#']).next().unwrap_or(name)
}

/// True where a path without its ending ends as a module does, or a folder does so.
fn ends_so(path: &str, module: &str) -> bool {
    let bare = path.rsplit_once('.').map_or(path, |(bare, _)| bare);
    let bare = bare.strip_suffix("/index").or(bare.strip_suffix("/__init__")).or(bare.strip_suffix("/mod")).unwrap_or(bare);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let last = module.rsplit('/').next().unwrap_or(module);
    [bare, folder].iter().any(|known| {
        known.ends_with(module) && (known.len() == module.len() || known[..known.len() - module.len()].ends_with('/'))
            || module.ends_with(known) && !known.is_empty()
            || known.rsplit('/').next() == Some(last)
    })
}
