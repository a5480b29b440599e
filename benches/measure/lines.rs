//! Lines of every file of a known language below a folder, and how fast they are counted.
//!
//! With the output of `tokei --hidden -o json DIR` as a second argument, the same of that counter stands beside, and files where the two
//! differ can be looked into. We count files that tokei does not know and the other way round; the table shows both.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use brickwork::discover::language::Language;
use brickwork::discover::{Options, Snapshot, WorkTree};
use brickwork::extract::code::lines;
use brickwork::source::decode;

/// Files, and lines of code, comment and blanks.
type Sums = BTreeMap<String, [u64; 4]>;

pub fn run(arguments: &[String]) -> Result<()> {
    let (folder, other) = match arguments {
        [folder] => (folder, None),
        [folder, json] => (folder, Some(json)),
        _ => bail!("lines DIR [TOKEI.json]"),
    };
    let theirs = other.map(|path| read_tokei(path)).transpose()?.unwrap_or_default();
    let (ours, bytes, time) = count(folder)?;
    println!("{:<18} {:>30} {:>30} {:>8}", "language", "files code comment blank", "of the other", "code");
    let show = |sums: Option<&[u64; 4]>| sums.map_or("-".into(), |[a, b, c, d]| format!("{a} {b} {c} {d}"));
    let names: Vec<&String> = ours.keys().chain(theirs.keys().filter(|name| !ours.contains_key(*name))).collect();
    for name in names {
        let (our, their) = (ours.get(name), theirs.get(name));
        let difference = match (our, their) {
            (Some(our), Some(their)) if their[1] > 0 => format!("{:+.2}%", 100.0 * (our[1] as f64 / their[1] as f64 - 1.0)),
            _ => String::new(),
        };
        println!("{name:<18} {:>30} {:>30} {difference:>8}", show(our), show(their));
    }
    println!(
        "{} MB counted in {:.1} ms: {:.0} MB/s",
        bytes / 1_000_000,
        time.as_secs_f64() * 1e3,
        bytes as f64 / 1e6 / time.as_secs_f64()
    );
    Ok(())
}

fn count(folder: &str) -> Result<(Sums, usize, Duration)> {
    let tree = WorkTree::new(folder);
    let (mut sums, mut bytes, mut time) = (Sums::new(), 0, Duration::ZERO);
    let mut buffer = Vec::new();
    for path in tree.list(&Options::default()).paths {
        let Some(language) = Language::of_file(path.rsplit('/').next().unwrap_or(&path)) else { continue };
        tree.read(&path, &mut buffer).with_context(|| format!("reading `{path}`"))?;
        let decoded = decode(&buffer);
        let start = Instant::now();
        let count = lines::count(language, &decoded.text);
        time += start.elapsed();
        bytes += buffer.len();
        let sum = sums.entry(language.name().into()).or_default();
        for (sum, add) in sum.iter_mut().zip([1, count.code, count.comment, count.blank]) {
            *sum += u64::from(add);
        }
    }
    Ok((sums, bytes, time))
}

/// Its names of languages are those of its source; most are ours with other letters.
fn read_tokei(path: &str) -> Result<Sums> {
    const NAMES: [(&str, &str); 10] = [
        ("csharp", "C#"),
        ("fsharp", "F#"),
        ("cpp", "C++"),
        ("cppheader", "C++ Header"),
        ("cheader", "C Header"),
        ("sh", "Shell"),
        ("bash", "Shell"),
        ("protobuf", "Protocol Buffers"),
        ("sass", "SCSS"),
        ("bazel", "Starlark"),
    ];
    let text = std::fs::read(path).with_context(|| format!("reading `{path}`"))?;
    let json: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&text)?;
    let mut sums = Sums::new();
    for (name, value) in json.iter().filter(|(name, _)| *name != "Total") {
        let lower = name.to_lowercase();
        let known = NAMES.iter().find(|(theirs, _)| *theirs == lower).map(|(_, ours)| *ours);
        let same = || Language::all().map(Language::name).find(|ours| ours.to_lowercase() == lower);
        let sum = sums.entry(known.or_else(same).unwrap_or(name).to_string()).or_default();
        sum[0] += value["reports"].as_array().map_or(0, Vec::len) as u64;
        for (sum, key) in sum[1..].iter_mut().zip(["code", "comments", "blanks"]) {
            *sum += value[key].as_u64().unwrap_or(0);
        }
    }
    Ok(sums)
}
