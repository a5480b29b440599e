//! Comments, literals and brackets of every file of code below folders, beside those of the grammars of `tree-sitter`.
//!
//! A table of languages comes out, and the first few places of each where the two differ. Files that the grammar itself cannot read are
//! left out.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use brickwork::discover::language::Language;
use brickwork::discover::{Options, Snapshot, WorkTree};
use brickwork::source::decode;

use super::grammars::{Grammar, Outcome};

/// How many differences of a language are shown.
const SHOWN: usize = 12;
/// Longer files are made by programs, and a grammar takes its time over them.
const LONGEST: usize = 1 << 20;
/// Of a longer line only so many bytes around the difference are shown.
const LONGEST_LINE: usize = 160;

#[derive(Default)]
struct Sums {
    files: usize,
    unread: usize,
    agree: usize,
    bytes: usize,
    differences: Vec<String>,
}

pub fn run(folders: &[String]) -> Result<()> {
    if folders.is_empty() {
        bail!("tokens DIR [MORE...]");
    }
    let mut sums: BTreeMap<&str, Sums> = BTreeMap::new();
    for folder in folders {
        read(folder, &mut sums)?;
    }
    for (language, sums) in sums.iter().filter(|(_, sums)| !sums.differences.is_empty()) {
        println!("{language}:");
        sums.differences.iter().take(SHOWN).for_each(|difference| println!("{difference}"));
    }
    println!("{:<14} {:>8} {:>8} {:>8} {:>8} {:>8}", "language", "files", "unread", "agree", "differ", "MB");
    for (language, sums) in &sums {
        let size = sums.bytes as f64 / 1e6;
        let Sums { files, unread, agree, .. } = sums;
        println!("{language:<14} {files:>8} {unread:>8} {agree:>8} {:>8} {size:>8.1}", sums.differences.len());
    }
    Ok(())
}

fn read(folder: &str, sums: &mut BTreeMap<&'static str, Sums>) -> Result<()> {
    let tree = WorkTree::new(folder);
    let mut grammars: BTreeMap<&str, Option<Grammar>> = BTreeMap::new();
    let mut buffer = Vec::new();
    for path in tree.list(&Options::default()).paths {
        let Some(language) = Language::of_file(path.rsplit('/').next().unwrap_or(&path)) else { continue };
        let grammar = grammars.entry(language.name()).or_insert_with(|| Grammar::of(language));
        let Some(grammar) = grammar else { continue };
        tree.read(&path, &mut buffer).with_context(|| format!("reading `{path}`"))?;
        if buffer.len() > LONGEST {
            continue;
        }
        let decoded = decode(&buffer);
        let text = &*decoded.text;
        let sums = sums.entry(language.name()).or_default();
        sums.bytes += text.len();
        sums.files += 1;
        match grammar.compare(text) {
            Outcome::Unread => sums.unread += 1,
            Outcome::Same => sums.agree += 1,
            Outcome::Differs { line, text, ours, theirs } => {
                sums.differences.push(format!("  {folder}/{path}:{line}\n{}", around(&text, &ours, &theirs)));
            }
        }
    }
    Ok(())
}

/// The line and both readings of it, from a little before the place where they differ.
fn around(text: &str, ours: &str, theirs: &str) -> String {
    let first = std::iter::zip(ours.bytes(), theirs.bytes()).position(|(our, their)| our != their).unwrap_or(0);
    let from = first.saturating_sub(LONGEST_LINE / 2);
    let cut = |line: &[u8]| String::from_utf8_lossy(&line[from..line.len().min(from + LONGEST_LINE)]).into_owned();
    let text = cut(text.as_bytes());
    format!("    text   {text}\n    ours   {}\n    theirs {}", cut(ours.as_bytes()), cut(theirs.as_bytes()))
}
