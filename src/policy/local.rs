//! A repository's own `brickwork.yaml`, when a folder of repositories is checked.
//!
//! The organisation's policy rules. A repository may add what it knows best, of itself only: services, domains, waivers. The rest of its
//! file is for the time when it is checked alone, and is passed over. A file that is broken adds nothing and is reported like any
//! other manifest, so that one repository can't stop the check of all.

use super::decode::{self, Problems};
use super::files::PolicyFile;
use super::layout::POLICY;
use super::{Policy, Waiver, find, statements};
use crate::diagnostic::{Diagnostic, Fault, nearest};
use crate::discover::{Discovery, Snapshot};
use crate::document::{Node, Syntax, parse};

/// Adds what each repository of an organisation states of itself.
pub fn join_repositories(policy: &mut Policy, snapshot: &dyn Snapshot, discovery: &Discovery) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (index, repository) in discovery.repositories.iter().enumerate().filter(|(_, repository)| !repository.root.is_empty()) {
        // To ask the disk for each name in each repository would cost more than all that is read.
        if !find::NAMES.iter().any(|name| discovery.has(index as u32, name)) {
            continue;
        }
        match find::find_in(snapshot, &repository.root) {
            Ok(Some(file)) => diagnostics.extend(join(policy, &repository.root, &file)),
            Ok(None) => {}
            Err(unread) => diagnostics.extend(unread.into_iter().map(of_manifest)),
        }
    }
    diagnostics
}

/// Adds what the repository in the folder `scope` states. Diagnostics, when its file is broken.
pub(super) fn join(policy: &mut Policy, scope: &str, file: &PolicyFile) -> Vec<Diagnostic> {
    let tree = parse(Syntax::Yaml, &file.text);
    let mut problems = Problems::new(&file.path);
    let root = decode::root(&tree, POLICY.noun, &mut problems).filter(|root| !root.is_null());
    let Some(root) = root.and_then(|root| decode::checked(root, &POLICY, &mut problems)) else { return as_manifest(problems) };
    let waivers = statements::waivers(root, scope, &problems);
    for (_, node) in &waivers {
        // Rules of its own, which are not loaded here, may be what it waives; what is nearly one of ours is a typo.
        let rule = node.get("rule").and_then(|rule| Some((rule, rule.text()?)));
        if let Some((rule, id)) = rule.filter(|(_, id)| !policy.is_known(id)) {
            let known = || policy.known_rules.iter().map(|rule| &**rule);
            if nearest(id, known()).is_some() {
                problems.unknown_rule(rule, id, known());
            }
        }
    }
    if !problems.is_empty() {
        return as_manifest(problems);
    }
    policy.waivers.extend(waivers.into_iter().map(|(waiver, _): (Waiver, Node)| waiver));
    policy.settings.services.extend(statements::services(root, &file.path, scope));
    policy.settings.domains.extend(statements::domains(root, &file.path, scope));
    Vec::new()
}

fn as_manifest(problems: Problems) -> Vec<Diagnostic> {
    problems.into_diagnostics().into_iter().map(of_manifest).collect()
}

fn of_manifest(diagnostic: Diagnostic) -> Diagnostic {
    Diagnostic { fault: Fault::ManifestInvalid, ..diagnostic }
}
