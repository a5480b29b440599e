//! Code that several services hold a copy of.
//!
//! Windows of equal shape are gathered over all services. In each file, windows that are shared one after another make a block, small
//! edits bridged; blocks that share a window are one family. Two services that share many windows all over are a pair: a copy of a whole,
//! rather than of a piece.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::homes::Homes;
use super::repositories::{CodeFile, Gathered};
use crate::facts::CodeShape;
use crate::model::clones::{CloneKind, CodeClone, CodeCopy};
use crate::model::{Evidence, File, Model};
use crate::source::Location;

/// A copied block has at least so many tokens, and lines that hold more than brackets and imports (RULES: `duplicate-code`).
const FEWEST_LINES: u32 = 10;
const FEWEST_TOKENS: u32 = 50;
/// Windows that an edit in the middle of a block may take away.
const BRIDGED: usize = 8;
/// Two services are a pair where they share so many windows, and so large a part of the smaller one (RULES: `duplicate-code`).
const PAIR_WINDOWS: u32 = 80;
const PAIR_PERCENT: u32 = 30;
/// A window in more than this part of all services is common to the house, and says nothing of a pair. In percent.
const COMMON_PERCENT: usize = 25;
const COMMON_SERVICES: usize = 8;
/// Places of one window that are looked at; more of them are the idiom of a language.
const MOST_PLACES: usize = 2_000;

/// A file of code of a service.
struct Source<'g> {
    service: u32,
    repository: u32,
    file: &'g CodeFile,
}

/// One window that services share: its hash, the source, and its place in it.
type Place = (u64, u32, u32);

/// A row of shared windows in one source.
struct Block {
    source: u32,
    first: u32,
    last: u32,
}

pub(super) fn find(model: &mut Model, gathered: &Gathered, homes: &Homes) -> Vec<CodeClone> {
    let sources = sources(model, gathered, homes);
    let shared = shared(&sources);
    if shared.is_empty() {
        return Vec::new();
    }
    let common = (model.services.len() * COMMON_PERCENT / 100).max(COMMON_SERVICES);
    let mut clones = families(model, &sources, &shared);
    clones.extend(pairs(model, &sources, &shared, common));
    clones
}

fn sources<'g>(model: &Model, gathered: &'g Gathered, homes: &Homes) -> Vec<Source<'g>> {
    let mut sources = Vec::new();
    for (repository, files) in model.repositories.iter().zip(&gathered.code).enumerate().map(|(i, (r, f))| ((i, r), f)) {
        let (index, row) = repository;
        for file in files.iter().filter(|file| !file.shapes.is_empty()) {
            let path = if row.root.is_empty() { file.path.to_string() } else { format!("{}/{}", row.root, file.path) };
            if let Some(service) = homes.service_of(index as u32, &path) {
                sources.push(Source { service, repository: index as u32, file });
            }
        }
    }
    sources
}

/// Windows that two services or more hold, by hash.
fn shared(sources: &[Source]) -> Vec<Place> {
    let windows = |(source, index): (&Source, u32)| {
        let shapes = source.file.shapes.iter().zip(0u32..);
        shapes.map(move |(shape, window)| (shape.hash, index, window)).collect::<Vec<_>>()
    };
    let mut all: Vec<Place> = sources.iter().zip(0u32..).flat_map(windows).collect();
    all.sort_unstable();
    let in_several = |group: &[Place]| {
        let first = sources[group[0].1 as usize].service;
        group.len() <= MOST_PLACES && group.iter().any(|(_, source, _)| sources[*source as usize].service != first)
    };
    let groups = all.chunk_by(|a, b| a.0 == b.0).filter(|group| in_several(group));
    groups.flatten().copied().collect()
}

fn families(model: &mut Model, sources: &[Source], shared: &[Place]) -> Vec<CodeClone> {
    // By source: its shared windows in order, each with the services that hold it.
    let mut by_source: FxHashMap<u32, Vec<(u32, u32)>> = FxHashMap::default();
    let groups: Vec<&[Place]> = shared.chunk_by(|a, b| a.0 == b.0).collect();
    let services: Vec<FxHashSet<u32>> =
        groups.iter().map(|group| group.iter().map(|(_, source, _)| sources[*source as usize].service).collect()).collect();
    for (group, places) in groups.iter().enumerate() {
        for &(_, source, window) in *places {
            by_source.entry(source).or_default().push((window, group as u32));
        }
    }
    let mut order: Vec<u32> = by_source.keys().copied().collect();
    order.sort_unstable();
    let mut blocks: Vec<Block> = Vec::new();
    // By group: a block that holds it; blocks of one group are of one family.
    let mut holder: Vec<Option<u32>> = vec![None; groups.len()];
    let mut family = Union(Vec::new());
    for source in order {
        let windows = by_source.get_mut(&source).expect("a key of the table");
        windows.sort_unstable();
        let mut common: FxHashSet<u32> = FxHashSet::default();
        let mut last: Option<u32> = None;
        for &(window, group) in windows.iter() {
            let own = &services[group as usize];
            let near = last.is_some_and(|last| (window - last) as usize <= BRIDGED);
            let both: FxHashSet<u32> = common.intersection(own).copied().collect();
            if near && both.len() >= 2 {
                blocks.last_mut().expect("a block is open").last = window;
                common = both;
            } else {
                blocks.push(Block { source, first: window, last: window });
                family.0.push(family.0.len() as u32);
                common = own.clone();
            }
            last = Some(window);
            let block = blocks.len() as u32 - 1;
            match holder[group as usize] {
                Some(other) => family.join(other, block),
                None => holder[group as usize] = Some(block),
            }
        }
    }
    let mut members: std::collections::BTreeMap<u32, Vec<u32>> = std::collections::BTreeMap::new();
    for (block, index) in blocks.iter().zip(0u32..) {
        if is_large(&sources[block.source as usize].file.shapes, block) {
            members.entry(family.root(index)).or_default().push(index);
        }
    }
    let mut found = Vec::new();
    for rows in members.into_values() {
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        let first_of_service = rows.iter().filter(|&&block| seen.insert(sources[blocks[block as usize].source as usize].service));
        let copies: Vec<CodeCopy> = first_of_service.map(|&block| copy(model, sources, &blocks[block as usize])).collect();
        if copies.len() > 1 {
            let lines = copies.iter().map(|copy| copy.lines).min().unwrap_or(0);
            found.push(CodeClone { kind: CloneKind::Family, copies, lines, share: None });
        }
    }
    found
}

fn is_large(shapes: &[CodeShape], block: &Block) -> bool {
    let rows = &shapes[block.first as usize..=block.last as usize];
    // A window of six lines says how many tokens a line has, about.
    let window = crate::extract::code::WINDOW as u32;
    let tokens = rows.iter().map(|shape| u32::from(shape.tokens)).sum::<u32>() / rows.len() as u32;
    let counted = rows.len() as u32 + window - 1;
    counted >= FEWEST_LINES && tokens * counted / window >= FEWEST_TOKENS
}

fn copy(model: &mut Model, sources: &[Source], block: &Block) -> CodeCopy {
    let source = &sources[block.source as usize];
    let shapes = &source.file.shapes;
    let (first, last) = (shapes[block.first as usize].first, shapes[block.last as usize].last);
    CodeCopy { service: source.service, evidence: evidence(model, source, first), lines: last.saturating_sub(first) + 1 }
}

/// The place of a line of a source; its file joins those of the model where it is not among them.
fn evidence(model: &mut Model, source: &Source, line: u32) -> Evidence {
    let root = &model.repositories[source.repository as usize].root;
    let path: Arc<str> =
        if root.is_empty() { Arc::clone(&source.file.path) } else { [root, "/", &source.file.path].concat().into() };
    let known = model.files.iter().position(|file| file.repository == Some(source.repository) && file.path == path);
    let file = known.unwrap_or_else(|| {
        let foreign = model.repositories[source.repository as usize].foreign;
        model.files.push(File { repository: Some(source.repository), path, foreign });
        model.files.len() - 1
    });
    Evidence { file: file as u32, at: Location { start: 0, end: 0, line, column: 1 } }
}

/// Services that share much.
fn pairs(model: &mut Model, sources: &[Source], shared: &[Place], common: usize) -> Vec<CodeClone> {
    let mut sizes: FxHashMap<u32, u32> = FxHashMap::default();
    for source in sources {
        *sizes.entry(source.service).or_default() += source.file.shapes.len() as u32;
    }
    // By pair: how many windows, and where the first is.
    let mut counts: FxHashMap<(u32, u32), (u32, Place, Place)> = FxHashMap::default();
    for group in shared.chunk_by(|a, b| a.0 == b.0) {
        let mut firsts: Vec<(u32, Place)> = Vec::new();
        for place in group {
            let service = sources[place.1 as usize].service;
            if !firsts.iter().any(|(known, _)| *known == service) {
                firsts.push((service, *place));
            }
            if firsts.len() > common {
                break;
            }
        }
        if firsts.len() > common {
            continue;
        }
        firsts.sort_unstable();
        for (index, &(a, in_a)) in firsts.iter().enumerate() {
            for &(b, in_b) in &firsts[index + 1..] {
                counts.entry((a, b)).or_insert((0, in_a, in_b)).0 += 1;
            }
        }
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_unstable();
    let mut found = Vec::new();
    for ((a, b), (windows, in_a, in_b)) in rows {
        let smaller = sizes[&a].min(sizes[&b]).max(1);
        if windows < PAIR_WINDOWS || windows * 100 < smaller * PAIR_PERCENT {
            continue;
        }
        let mut place = |(_, source, window): Place, service: u32| {
            let of = &sources[source as usize];
            let line = of.file.shapes[window as usize].first;
            CodeCopy { service, evidence: evidence(model, of, line), lines: windows }
        };
        let copies = vec![place(in_a, a), place(in_b, b)];
        let share = Some((windows * 100 / smaller).min(100));
        found.push(CodeClone { kind: CloneKind::Pair, copies, lines: windows, share });
    }
    found
}

/// Which blocks belong together.
struct Union(Vec<u32>);

impl Union {
    fn root(&mut self, of: u32) -> u32 {
        let mut at = of;
        while self.0[at as usize] != at {
            let above = self.0[at as usize];
            self.0[at as usize] = self.0[above as usize];
            at = above;
        }
        at
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::facts;
    use super::super::{Context, build};
    use crate::model::settings::Settings;

    /// Copies as `kind lines: service file:line, …`.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let model = build(facts(text), &Settings::default(), &Context { organisation: true, exists: None });
        let place = |copy: &crate::model::clones::CodeCopy| {
            let file = &model.files[copy.evidence.file as usize].path;
            format!("{} {file}:{}", model.services[copy.service as usize].key, copy.evidence.at.line)
        };
        let shown = model.clones.iter().map(|clone| {
            let copies: Vec<String> = clone.copies.iter().map(place).collect();
            format!("{} {}: {}", clone.kind.name(), clone.lines, copies.join(", "))
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_block_that_services_share_is_a_family() {
        check(
            "a
                main.java | code 40
                main.java | shapes 700 12
            b
                main.java | code 40
                main.java | shapes 704 12
            c
                main.java | code 40
                main.java | shapes 900 12",
            &["family 13: a a/main.java:5, b b/main.java:1"],
        );
    }

    #[test]
    fn short_blocks_and_copies_in_one_service_are_none() {
        check(
            "a
                main.java | code 40
                main.java | shapes 700 12
                more.java | code 40
                more.java | shapes 700 12
            b
                main.java | code 40
                main.java | shapes 709 12",
            &[],
        );
    }

    #[test]
    fn services_that_share_much_are_a_pair() {
        check(
            "a
                main.java | code 400
                main.java | shapes 1000 200
            b
                main.java | code 400
                main.java | shapes 1050 200",
            &["family 155: a a/main.java:51, b b/main.java:1", "pair 150: a a/main.java:51, b b/main.java:1"],
        );
    }
}
