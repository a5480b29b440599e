//! `measure openapi DIR`: reads every YAML, JSON and protobuf file below DIR as the program would, and compares each description of version
//! 3.0 with the oracle. Tells how many there are of each version, how long they take, what differs, and what is said to be invalid.
//!
//! With `--problems N`, N problems in an order that looks random are printed with their lines, to be read by a human. With
//! `--no-oracle`, nothing is done but what the program does, so that the whole process can be timed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use brickwork::discover::{Kind, Role};
use brickwork::document::{self, Syntax};
use brickwork::extract;
use brickwork::facts::{ApiFormat, Fact, FileFacts};
use brickwork::source;

use super::oracle::{self, Outcome};

pub fn run(arguments: &[String]) -> Result<()> {
    let directory = arguments.first().context("usage: measure openapi DIR [--problems N] [--no-oracle]")?;
    let shown = arguments.iter().position(|argument| argument == "--problems").and_then(|at| arguments.get(at + 1));
    let shown: usize = shown.map_or(Ok(0), |number| number.parse()).context("--problems takes a number")?;
    let mut files = Vec::new();
    list(Path::new(directory), &mut files)?;
    files.sort();
    let mut totals = Totals { with_oracle: !arguments.iter().any(|argument| argument == "--no-oracle"), ..Totals::default() };
    for file in &files {
        totals.add(file)?;
    }
    totals.print(files.len());
    totals.print_problems(shown);
    Ok(())
}

fn list(directory: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(directory).with_context(|| format!("reading {}", directory.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else if path.extension().is_some_and(|ending| ["json", "yaml", "yml", "proto"].iter().any(|known| ending == *known)) {
            files.push(path);
        }
    }
    Ok(())
}

#[derive(Default)]
struct Totals {
    with_oracle: bool,
    too_large: usize,
    others: usize,
    fragments: usize,
    bytes: usize,
    time: Duration,
    parsing: Duration,
    slowest: Vec<(Duration, usize, PathBuf)>,
    versions: BTreeMap<ApiFormat, usize>,
    operations: usize,
    same: usize,
    seen: [usize; 3],
    unread: Vec<(PathBuf, String)>,
    differs: Vec<(PathBuf, Vec<String>)>,
    /// By the message with its names taken out.
    problems: BTreeMap<String, Vec<String>>,
    invalid_files: usize,
}

impl Totals {
    fn add(&mut self, path: &Path) -> Result<()> {
        if std::fs::metadata(path)?.len() > source::MAX_FILE {
            self.too_large += 1;
            return Ok(());
        }
        let bytes = std::fs::read(path)?;
        let name = path.to_string_lossy();
        let below = name.trim_start_matches('/');
        let start = Instant::now();
        let facts = extract::file(Kind { language: None, role: Role::Production }, below, &bytes);
        let time = start.elapsed();
        let text = source::decode(&bytes).text;
        let syntax = if name.ends_with(".json") { Syntax::Json } else { Syntax::Yaml };
        if self.with_oracle {
            let start = Instant::now();
            std::hint::black_box(document::parse(syntax, &text));
            self.parsing += start.elapsed();
        }
        self.problems(&name, &text, &facts);
        let described = facts.facts.iter().find_map(|fact| match fact {
            Fact::Api(api) => Some(api),
            _ => None,
        });
        let Some(api) = described else {
            self.others += 1;
            self.fragments += usize::from(facts.facts.iter().any(|fact| matches!(fact, Fact::Fragment(_))));
            return Ok(());
        };
        self.bytes += bytes.len();
        self.time += time;
        self.slowest.push((time, bytes.len(), path.to_owned()));
        *self.versions.entry(api.format).or_default() += 1;
        self.operations += api.operations.len();
        // A description that stands inside another document is not the oracle's to read.
        let whole = || document::parse(syntax, &text).root().is_some_and(|root| root.get("openapi").is_some());
        if self.with_oracle && api.format == ApiFormat::Openapi30 && whole() {
            match oracle::compare(syntax, &text) {
                Outcome::Same(seen) => {
                    self.same += 1;
                    for (total, number) in std::iter::zip(&mut self.seen, seen) {
                        *total += number;
                    }
                }
                Outcome::Unread(why) => self.unread.push((path.to_owned(), why)),
                Outcome::Differs(lines) => self.differs.push((path.to_owned(), lines)),
            }
        }
        Ok(())
    }

    fn problems(&mut self, path: &str, text: &str, facts: &FileFacts) {
        self.invalid_files += usize::from(!facts.problems.is_empty());
        for problem in &facts.problems {
            let lines: Vec<&str> =
                text.lines().skip(problem.at.line as usize - 1).take(3).map(|line| cut(line.trim_end())).collect();
            let fault = problem.fault.name();
            let shown = format!(
                "{path}:{}:{} {fault}: {}\n      {}",
                problem.at.line,
                problem.at.column,
                problem.message,
                lines.join("\n      ")
            );
            self.problems.entry(without_names(&problem.message)).or_default().push(shown);
        }
    }

    fn print(&mut self, files: usize) {
        println!(
            "{files} files, {} too large to be read, {} that are no description, {} of them fragments",
            self.too_large, self.others, self.fragments
        );
        for (format, number) in &self.versions {
            println!("{number:6} {}", format.name());
        }
        let megabytes = self.bytes as f64 / 1e6;
        println!(
            "{} operations, {megabytes:.1} MB in {:?}: {:.1} MB/s",
            self.operations,
            self.time,
            megabytes / self.time.as_secs_f64()
        );
        self.slowest.sort_by_key(|(time, ..)| std::cmp::Reverse(*time));
        for (time, size, path) in self.slowest.iter().take(5) {
            println!("  {time:?} for {:.1} MB: {}", *size as f64 / 1e6, path.display());
        }
        let [operations, parameters, schemas] = self.seen;
        println!(
            "the oracle agrees on {} descriptions: {operations} operations, {parameters} parameters, {schemas} schemas",
            self.same
        );
        println!("the oracle does not read {}", self.unread.len());
        for (path, why) in &self.unread {
            println!("  {}: {}", path.display(), cut(why));
        }
        println!("the oracle differs on {}", self.differs.len());
        for (path, lines) in &self.differs {
            println!("  {}", path.display());
            lines.iter().take(5).for_each(|line| println!("    {line}"));
        }
        let problems: usize = self.problems.values().map(Vec::len).sum();
        println!("{problems} problems in {} files", self.invalid_files);
        for (message, places) in &self.problems {
            println!("{:6} {}", places.len(), cut(message));
        }
    }

    /// Problems in turn from each kind, so that rare ones are read too.
    fn print_problems(&self, number: usize) {
        let mut printed = 0;
        for round in 0..number {
            for places in self.problems.values() {
                // A step that shares no factor with most lengths walks over all of them.
                let Some(place) =
                    places.get((round * 7919 + 13) % places.len()).filter(|_| round < places.len() && printed < number)
                else {
                    continue;
                };
                printed += 1;
                println!("{printed:4}. {place}");
            }
        }
    }
}

fn cut(text: &str) -> &str {
    &text[..source::floor_char_boundary(text, 240)]
}

/// A message with what stands between backticks, and every number, taken out.
fn without_names(message: &str) -> String {
    let parts = message.split('`').enumerate().map(|(place, part)| if place % 2 == 1 { "…" } else { part });
    parts.collect::<Vec<_>>().join("`").chars().filter(|character| !character.is_ascii_digit()).collect()
}
