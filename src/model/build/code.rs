//! How much code each service has: production code below its folder, less what lies below a folder of another service in it.
//!
//! Components that share a folder share its code, and nothing tells whose is what: each one's is unknown, unless a folder deeper down has
//! just its name. A folder without any production code is unknown too: the code lies elsewhere, or is of a language that isn't counted.

use rustc_hash::{FxHashMap, FxHashSet};

use super::repositories::{CodeFile, Gathered};
use super::services::Candidate;
use crate::discover::is_within;
use crate::facts::{Count, Language};
use crate::model::Model;
use crate::source::last_part;

/// The code of one service.
#[derive(Default)]
pub(super) struct Code {
    pub lines: Option<Count>,
    /// Most first.
    pub languages: Vec<(Language, u32)>,
}

/// Gives components that are stated in one folder the folders below it that have just their names. Where there is no code at all, the
/// folder is a catalog's, and the code lies elsewhere.
pub(super) fn part_shared_folders(found: &mut [Candidate], gathered: &Gathered) {
    let mut sharing: FxHashMap<(u32, &str), Vec<usize>> = FxHashMap::default();
    for (index, candidate) in found.iter().enumerate().filter(|(_, candidate)| candidate.holds_code()) {
        sharing.entry((candidate.repository, &*candidate.root)).or_default().push(index);
    }
    let shared = sharing.into_iter().filter(|(_, sharers)| sharers.len() > 1);
    let mut moved = Vec::new();
    for ((repository, root), sharers) in shared {
        let folders = folders_below(&gathered.code[repository as usize], root);
        moved.extend(sharers.into_iter().filter_map(|index| match folders.is_empty() {
            true => Some((index, None)),
            false => Some((index, Some(folders.get(&*found[index].name)?.as_ref()?.to_string()))),
        }));
    }
    for (index, folder) in moved {
        match folder {
            Some(folder) => found[index].root = folder,
            None => found[index].elsewhere = true,
        }
    }
}

/// Folders with production code below a folder, by their last part: the shallowest of that name, None where two are equally deep.
fn folders_below<'f>(code: &'f [CodeFile], root: &str) -> FxHashMap<&'f str, Option<&'f str>> {
    let mut folders: FxHashMap<&str, (usize, Option<&str>)> = FxHashMap::default();
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    // The files are sorted by path.
    let start = code.partition_point(|file| *file.path < *root);
    let inside = code[start..].iter().take_while(|file| file.path.starts_with(root));
    for file in inside.filter(|file| is_within(&file.path, root)) {
        let mut path = &*file.path;
        while let Some((folder, _)) = path.rsplit_once('/') {
            path = folder;
            if folder.len() <= root.len() || !seen.insert(folder) {
                break;
            }
            let depth = folder.matches('/').count();
            let name = last_part(folder);
            let known = folders.entry(name).or_insert((depth, Some(folder)));
            if depth < known.0 {
                *known = (depth, Some(folder));
            } else if depth == known.0 && known.1 != Some(folder) {
                known.1 = None;
            }
        }
    }
    folders.into_iter().map(|(name, (_, folder))| (name, folder)).collect()
}

/// The code of each candidate, in their order.
pub(super) fn count(found: &[Candidate], gathered: &Gathered, model: &Model) -> Vec<Code> {
    let mut by_repository: Vec<Vec<u32>> = vec![Vec::new(); gathered.code.len()];
    for (candidate, index) in found.iter().zip(0..).filter(|(candidate, _)| candidate.holds_code()) {
        by_repository[candidate.repository as usize].push(index);
    }
    let mut all: Vec<Code> = found.iter().map(|_| Code::default()).collect();
    for (repository, candidates) in by_repository.iter().enumerate() {
        let complete = model.repositories[repository].code_lines.complete;
        let files = &gathered.code[repository];
        let mut folders: FxHashMap<&str, Folder> = FxHashMap::default();
        for &index in candidates {
            let candidate = &found[index as usize];
            folders.entry(&candidate.root).or_default().candidates.push(index);
            for member in candidate.members() {
                folders.entry(member).or_default().candidates.push(index);
            }
        }
        match candidates[..] {
            // The usual case: one service in one repository.
            [one] if found[one as usize].root.is_empty() && folders.len() == 1 => {
                let folder = folders.get_mut("").expect("the folder was entered above");
                files.iter().for_each(|file| folder.add(file));
            }
            [] => continue,
            _ => files.iter().for_each(|file| {
                if let Some(folder) = innermost(&file.path, &folders) {
                    folders.get_mut(folder).expect("the folder was found").add(file);
                }
            }),
        }
        let mut own: FxHashMap<u32, Folder> = FxHashMap::default();
        for folder in folders.into_values() {
            if let Folder { candidates, lines: 1.., .. } = &folder
                && let [only] = candidates[..]
            {
                own.entry(only).or_default().join(folder);
            }
        }
        for (index, folder) in own {
            // What several programs share is part of each, and can't be told apart.
            let shares = found[index as usize].origins.program.as_ref().is_some_and(|program| program.shares_code);
            all[index as usize] = folder.code(complete && !shares);
        }
    }
    all
}

#[derive(Default)]
struct Folder {
    candidates: Vec<u32>,
    lines: u32,
    languages: Vec<(Language, u32)>,
}

impl Folder {
    fn add(&mut self, file: &CodeFile) {
        self.lines = self.lines.saturating_add(file.lines);
        match self.languages.iter_mut().find(|(language, _)| *language == file.language) {
            Some((_, lines)) => *lines = lines.saturating_add(file.lines),
            None => self.languages.push((file.language, file.lines)),
        }
    }

    fn join(&mut self, other: Folder) {
        self.lines = self.lines.saturating_add(other.lines);
        for (language, lines) in other.languages {
            match self.languages.iter_mut().find(|(known, _)| *known == language) {
                Some((_, known)) => *known = known.saturating_add(lines),
                None => self.languages.push((language, lines)),
            }
        }
    }

    fn code(mut self, complete: bool) -> Code {
        self.languages.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.name().cmp(b.0.name())));
        Code { lines: Some(Count { value: self.lines, complete }), languages: self.languages }
    }
}

/// The innermost of the folders around a file.
fn innermost<'f>(path: &str, folders: &FxHashMap<&'f str, Folder>) -> Option<&'f str> {
    let mut path = path;
    while let Some((folder, _)) = path.rsplit_once('/') {
        path = folder;
        if let Some((&known, _)) = folders.get_key_value(folder) {
            return Some(known);
        }
    }
    folders.get_key_value("").map(|(&known, _)| known)
}
