//! How long it takes to load a policy: what every run pays before it reads a file.
//!
//! `cargo bench --bench policy`.

use brickwork::model::subjects;
use brickwork::policy::files::Memory;
use brickwork::policy::{self, LoadRequest, PolicyFile};
use divan::Bencher;

fn main() {
    divan::main();
}

fn load(text: &str) {
    let files = Memory::default();
    let policy = PolicyFile { path: "brickwork.yaml".into(), text: text.into() };
    let loaded = policy::load(&LoadRequest {
        policy: Some(policy),
        files: &files,
        subjects: subjects::all(),
        today: "2026-11-23".parse().expect("a date"),
        rule_files: &[],
        also: None,
    });
    assert!(loaded.is_ok());
}

/// The packs, from the fewest rules to all.
#[divan::bench(args = ["[]", "recommended", "governed", "strict"])]
fn pack(bencher: Bencher, pack: &str) {
    let text = format!("extends: {pack}\n");
    bencher.bench(|| load(&text));
}

/// A policy of an organisation: 100,000 entries.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn waivers(bencher: Bencher) {
    let waivers = (0..20_000).map(|at| format!("  - {{ rule: no-owner, subject: s{at}, owner: me, reason: history }}\n"));
    let text = format!("waivers:\n{}", waivers.collect::<String>());
    bencher.bench(|| load(&text));
}
