//! Any text as a policy that can extend nothing but itself.

#![no_main]

use std::io;

use brickwork::model::subjects;
use brickwork::policy::files::Files;
use brickwork::policy::{LoadRequest, PolicyFile, load};
use libfuzzer_sys::fuzz_target;

/// One file that is found under every name.
struct Always<'t>(&'t str);

impl Files for Always<'_> {
    fn read(&self, _name: &str) -> io::Result<String> {
        Ok(self.0.to_owned())
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        Ok(vec![format!("{folder}/rule.yaml")])
    }
}

fuzz_target!(|text: &str| {
    let policy = PolicyFile { path: "brickwork.yaml".into(), text: text.into() };
    let today = "2026-01-01".parse().expect("a date");
    let request = LoadRequest { policy: Some(policy), files: &Always(text), subjects: subjects::all(), today, rule_files: &[], also: None };
    for diagnostic in load(&request).err().into_iter().flatten() {
        assert!(!diagnostic.message.is_empty());
    }
});
