//! How fast every file of code below folders is read on one core: read at all (opened, its line ends counted), its lines counted, split
//! into tokens, and read for all that is known of code.
//!
//! A table of languages comes out, in megabytes a second. Files are read once before, so that they come from memory.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use brickwork::discover::language::Language;
use brickwork::discover::{Kind, Options, Role, Snapshot, WorkTree};
use brickwork::extract;
use brickwork::extract::code::tokens::Collector;
use brickwork::extract::code::{is_read, lexer, lines};
use brickwork::source::decode;

/// The shortest time of so many runs over all files is told.
const RUNS: usize = 3;

#[derive(Clone, Copy, Default)]
struct Times {
    plain: Duration,
    lines: Duration,
    tokens: Duration,
    code: Duration,
}

pub fn run(folders: &[String]) -> Result<()> {
    if folders.is_empty() {
        bail!("speed DIR [MORE...]");
    }
    let mut files: BTreeMap<&str, Vec<(usize, String)>> = BTreeMap::new();
    let trees: Vec<WorkTree> = folders.iter().map(|folder| WorkTree::new(folder.as_str())).collect();
    for (tree, work_tree) in trees.iter().enumerate() {
        for path in work_tree.list(&Options::default()).paths {
            let language = Language::of_file(path.rsplit('/').next().unwrap_or(&path));
            if let Some(language) = language.filter(|&language| is_read(language)) {
                files.entry(language.name()).or_default().push((tree, path.to_string()));
            }
        }
    }
    println!("{:<14} {:>8} {:>10} {:>10} {:>10} {:>10} {:>10}", "language", "files", "MB", "plain", "lines", "tokens", "code");
    for (name, files) in &files {
        let language = Language::from_name(name).context("a name of the table")?;
        let mut best = Times { plain: Duration::MAX, lines: Duration::MAX, tokens: Duration::MAX, code: Duration::MAX };
        let mut bytes = 0;
        for run in 0..=RUNS {
            let (read, times) = pass(language, files, &trees)?;
            // The first run fills the cache.
            if run > 0 {
                best.plain = best.plain.min(times.plain);
                best.lines = best.lines.min(times.lines);
                best.tokens = best.tokens.min(times.tokens);
                best.code = best.code.min(times.code);
            }
            bytes = read;
        }
        let speed = |time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
        let (plain, lines, tokens, code) = (speed(best.plain), speed(best.lines), speed(best.tokens), speed(best.code));
        let (count, size) = (files.len(), bytes as f64 / 1e6);
        println!("{name:<14} {count:>8} {size:>10.1} {plain:>10.0} {lines:>10.0} {tokens:>10.0} {code:>10.0}");
    }
    Ok(())
}

/// The time that this thread has had so far, whoever else uses the machine.
#[cfg(target_os = "linux")]
fn now() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    clock_gettime(ClockId::ThreadCPUTime).try_into().expect("time does not run backwards from zero")
}

#[cfg(not(target_os = "linux"))]
fn now() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

/// Reads all files in every way; gives their bytes and the times.
fn pass(language: Language, files: &[(usize, String)], trees: &[WorkTree]) -> Result<(usize, Times)> {
    let mut times = Times::default();
    let mut size = 0;
    let mut bytes = Vec::new();
    for (tree, path) in files {
        let start = now();
        trees[*tree].read(path, &mut bytes).with_context(|| format!("reading `{path}`"))?;
        black_box(memchr::memchr_iter(b'\n', &bytes).count());
        times.plain += now() - start;
        size += bytes.len();

        let decoded = decode(&bytes);
        let text = &*decoded.text;
        let start = now();
        black_box(lines::count(language, text));
        times.lines += now() - start;

        let start = now();
        let mut collector = Collector::new(language, text);
        lexer::read(language, text.as_bytes(), &mut collector);
        black_box(collector.finish());
        times.tokens += now() - start;

        let start = now();
        black_box(extract::file(Kind { language: Some(language), role: Role::Production }, path.as_str(), &bytes));
        times.code += now() - start;
    }
    Ok((size, times))
}
