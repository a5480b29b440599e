//! Call sites: whom each place that calls reaches.
//!
//! 1. Every call is read as the texts that its target may be; a wrapper of the house is read once for each call of it.
//! 2. Hosts are looked up; a procedure or pattern without an address is that of the only one who implements it.
//! 3. Addresses that code names beside its calls make a dependency where no call that is known does.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::homes::Homes;
use super::super::repositories::{Gathered, Located};
use super::address::{Address, path_of};
use super::hosts::Hosts;
use super::implementations::Implementations;
use super::reading::{Given, HOLE, Reader, Reading, Standing};
use super::wrappers::Wrappers;
use crate::facts::{self, CallKind, Value};
use crate::model::{CallSite, DependencyKind, Evidence, Model, Resolution, Target};

/// A call whose target is read, and not yet looked up.
pub(super) struct Draft<'g> {
    pub caller: u32,
    pub repository: u32,
    pub call: &'g facts::CallSite,
    pub standing: Standing<'g>,
    pub readings: Vec<Reading>,
    pub evidence: Evidence,
    /// A call of a wrapper, rather than the call that the wrapper makes.
    pub wrapped: bool,
}

pub(super) struct Sites<'s, 'g> {
    pub model: &'s Model,
    pub gathered: &'g Gathered,
    pub reader: &'s Reader<'s, 'g>,
    pub homes: &'s Homes,
}

impl<'g> Sites<'_, 'g> {
    /// Every call, in the order of files and lines.
    pub fn drafts(&self) -> Vec<Draft<'g>> {
        let wrappers = Wrappers::new(self.gathered, self.model, self.homes);
        let mut drafts = Vec::new();
        for located in &self.gathered.calls {
            let call = &located.value;
            let caller = self.home(located);
            let functions = parameters_of(call);
            for &function in &functions {
                for invocation in wrappers.invocations_of(located, function) {
                    let Some(caller) = invocation.caller else { continue };
                    let given = Given { function, arguments: &invocation.value.arguments, file: invocation.file };
                    let standing = Standing { file: located.file, service: caller, given: Some(given) };
                    let evidence = Evidence { file: invocation.file, at: invocation.value.at };
                    drafts.push(self.draft(located, caller, standing, evidence, true));
                }
            }
            if let Some(caller) = caller {
                let standing = Standing { file: located.file, service: caller, given: None };
                drafts.push(self.draft(located, caller, standing, located.evidence(call.at), false));
            }
        }
        drafts
    }

    fn home<T>(&self, located: &Located<T>) -> Option<u32> {
        self.homes.service_of(located.repository, &self.model.files[located.file as usize].path)
    }

    fn draft(
        &self,
        located: &'g Located<facts::CallSite>,
        caller: u32,
        standing: Standing<'g>,
        evidence: Evidence,
        wrapped: bool,
    ) -> Draft<'g> {
        let call = &located.value;
        let readings = self.reader.read(standing, &call.target);
        Draft { caller, repository: self.model.services[caller as usize].repository, call, standing, readings, evidence, wrapped }
    }

    /// The calls that are waited for, looked up.
    pub fn synchronous(&self, drafts: &[Draft<'g>], hosts: &Hosts, implementations: &Implementations) -> Vec<CallSite> {
        let mut found: Vec<CallSite> = Vec::new();
        // A wrapper of which some calls are known is told by them.
        let told: FxHashSet<*const facts::CallSite> =
            drafts.iter().filter(|draft| draft.wrapped).map(|draft| std::ptr::from_ref(draft.call)).collect();
        for draft in drafts.iter().filter(|draft| draft.call.kind != CallKind::Message) {
            let site = self.look_up(draft, hosts, implementations);
            let is_wrapper = !draft.wrapped && told.contains(&std::ptr::from_ref(draft.call));
            if site.target == Target::Unknown && (is_wrapper || draft.wrapped) {
                continue;
            }
            found.push(site);
        }
        found
    }

    fn look_up(&self, draft: &Draft<'g>, hosts: &Hosts, implementations: &Implementations) -> CallSite {
        let call = draft.call;
        let kind = match call.kind {
            CallKind::Grpc => DependencyKind::Grpc,
            CallKind::Http | CallKind::Pattern | CallKind::Message => DependencyKind::Http,
        };
        let name = call.name.as_ref().and_then(|name| self.reader.exact(draft.standing, name));
        let mut site = CallSite {
            caller: draft.caller,
            target: Target::Unknown,
            kind,
            client: Arc::clone(&call.client),
            method: call.method.clone(),
            path: name.clone(),
            address: shown(&draft.readings),
            operation: None,
            resolution: Resolution::Literal,
            evidence: draft.evidence,
            told_by: Vec::new(),
            hardcoded: false,
            limited: call.limited,
            dependency: None,
        };
        let is_http = call.kind == CallKind::Http;
        for reading in &draft.readings {
            let Some(address) = Address::read(&reading.text).map(through_sidecar) else { continue };
            let certain = address.is_certain() || draft.readings.len() == 1 && !address.host.contains(HOLE);
            let target = match hosts.find(draft.repository, &address) {
                Some(target) => target,
                None if certain && !address.is_local() && !hosts.is_internal(&address.host) && address.host.contains('.') => {
                    Target::External
                }
                None => continue,
            };
            let better = match (site.target, target) {
                (Target::Unknown, _) => true,
                (Target::External, Target::Service(_) | Target::Part(_)) => true,
                // A developer's machine gives way to what is deployed.
                (Target::Service(known), Target::Service(_)) => known == draft.caller,
                _ => false,
            };
            if !better {
                continue;
            }
            site.target = target;
            site.resolution = reading.resolution;
            site.told_by = reading.told_by.clone();
            site.address = host_of(&address).into();
            site.hardcoded = is_http
                && reading.resolution == Resolution::Literal
                && matches!(target, Target::Service(_))
                && !address.is_local()
                && (address.port.is_some() || address.host.contains('.'));
            if is_http {
                site.path = Some(path_of(&address.path).into());
            }
        }
        if is_http && site.path.is_none() {
            // The host is not known, and the path may be.
            site.path = draft.readings.iter().find_map(|reading| path_behind(&reading.text)).map(Arc::from);
        }
        if let (false, Some(name)) = (is_http, &name)
            && matches!(site.target, Target::Unknown | Target::External)
            && let Some(service) = implementations.of(call.kind, draft.caller, name)
        {
            site.target = Target::Service(service);
            site.resolution = Resolution::Implementation;
        }
        site
    }

    /// Addresses that code names, of services that no call there reaches.
    pub fn addresses(&self, hosts: &Hosts, known: &FxHashSet<(u32, u32)>, grpc: &FxHashSet<u32>) -> Vec<CallSite> {
        let mut found: Vec<CallSite> = Vec::new();
        let mut seen: FxHashMap<(u32, u32), u32> = FxHashMap::default();
        for located in &self.gathered.addresses {
            let Some(caller) = self.home(located) else { continue };
            for address in &located.value {
                if address.name.as_deref().is_some_and(names_no_callee) || names_no_callee(&key_of(&address.value)) {
                    continue;
                }
                let standing = Standing { file: located.file, service: caller, given: None };
                for reading in self.reader.read(standing, &address.value) {
                    let Some(read) = Address::read(&reading.text).filter(|read| may_be_called(read, &reading)) else { continue };
                    let Some(Target::Service(callee)) = hosts.find(located.repository, &read) else { continue };
                    if callee == caller || known.contains(&(caller, callee)) {
                        continue;
                    }
                    let sites = seen.entry((caller, callee)).or_default();
                    *sites += 1;
                    if *sites > 8 {
                        break;
                    }
                    let kind = match &*read.scheme {
                        "grpc" | "grpcs" => DependencyKind::Grpc,
                        "" if grpc.contains(&caller) && self.offers_procedures(callee) => DependencyKind::Grpc,
                        _ => DependencyKind::Http,
                    };
                    found.push(CallSite {
                        caller,
                        target: Target::Service(callee),
                        kind,
                        client: "address".into(),
                        method: None,
                        path: None,
                        address: host_of(&read).into(),
                        operation: None,
                        resolution: reading.resolution,
                        evidence: located.evidence(address.at),
                        told_by: reading.told_by.clone(),
                        hardcoded: false,
                        limited: None,
                        dependency: None,
                    });
                    break;
                }
            }
        }
        found
    }

    fn offers_procedures(&self, service: u32) -> bool {
        let row = &self.model.services[service as usize];
        row.code_operations.iter().any(|&index| self.model.operations[index as usize].kind == crate::model::OperationKind::Rpc)
    }
}

/// The functions whose parameters a call is made of.
pub(super) fn parameters_of(call: &facts::CallSite) -> Vec<&str> {
    let mut functions: Vec<&str> = Vec::new();
    let values = [Some(&call.target), call.name.as_ref(), call.exchange.as_ref()];
    let mut waiting: Vec<&Value> = values.into_iter().flatten().collect();
    let mut left = 256;
    while let Some(value) = waiting.pop() {
        left -= 1;
        if left == 0 {
            break;
        }
        match value {
            Value::Parameter { function, .. } if !functions.contains(&&**function) => functions.push(function),
            Value::Concat(parts) => waiting.extend(parts.iter().take(64)),
            Value::Env { default: Some(default), .. } | Value::Property { default: Some(default), .. } => waiting.push(default),
            _ => {}
        }
    }
    functions.sort_unstable();
    functions
}

/// Names of settings that hold addresses of those who call, or of nobody who is called.
fn names_no_callee(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        "origin",
        "cors",
        "redirect",
        "callback",
        "allowed",
        "whitelist",
        "referer",
        "issuer",
        "audience",
        "docs",
        "swagger",
        "license",
        "homepage",
    ]
    .iter()
    .any(|word| name.contains(word))
}

fn key_of(value: &Value) -> String {
    match value {
        Value::Env { name, .. } => name.to_string(),
        Value::Property { key, .. } => key.to_string(),
        Value::Concat(parts) => parts
            .iter()
            .take(4)
            .find_map(|part| match part {
                Value::Env { name, .. } => Some(name.to_string()),
                Value::Property { key, .. } => Some(key.to_string()),
                _ => None,
            })
            .unwrap_or_default(),
        _ => String::new(),
    }
}

/// A mere word is an address where a variable or setting holds it, and not where code writes it. Databases and brokers are looked at
/// elsewhere.
fn may_be_called(address: &Address, reading: &Reading) -> bool {
    let speaks =
        matches!(&*address.scheme, "" | "http" | "https" | "grpc" | "grpcs" | "ws" | "wss" | "tcp" | "dns" | "lb" | "discovery")
            || address.scheme.contains("http");
    speaks && (address.is_certain() || reading.resolution >= Resolution::Default && reading.exact().is_some())
}

/// A call through the sidecar of Dapr is one of the application that its path names (Dapr's service invocation API):
/// `/v1.0/invoke/APPLICATION/method/PATH`.
fn through_sidecar(address: Address) -> Address {
    let Some(rest) = address.path.strip_prefix("/v1.0/invoke/") else { return address };
    let (application, path) = rest.split_once("/method").unwrap_or((rest, ""));
    let application = application.split('.').next().unwrap_or(application).to_ascii_lowercase();
    match application.is_empty() || application.contains(HOLE) {
        true => address,
        false => Address { scheme: "dapr".to_owned(), host: application, port: None, path: path.to_owned(), ..address },
    }
}

fn host_of(address: &Address) -> String {
    let scheme = if address.scheme.is_empty() { String::new() } else { format!("{}://", address.scheme) };
    let port = address.port.map_or(String::new(), |port| format!(":{port}"));
    format!("{scheme}{}{port}", address.host).replace(HOLE, "…")
}

/// What of a target is known, for the list of calls that are not resolved.
fn shown(readings: &[Reading]) -> Arc<str> {
    let text = readings.iter().map(|reading| &reading.text).find(|text| text.contains(|c: char| c != HOLE));
    let mut out = String::new();
    for character in text.map_or("", |text| text).chars().take(200) {
        match character {
            HOLE if out.ends_with('…') => {}
            HOLE => out.push('…'),
            other => out.push(other),
        }
    }
    if out.is_empty() { "…".into() } else { out.into() }
}

/// The path of a target whose host is a hole.
fn path_behind(text: &str) -> Option<String> {
    let rest = text.trim_start_matches(HOLE);
    let rest = rest.strip_prefix("http://").or(rest.strip_prefix("https://")).unwrap_or(rest);
    let at = rest.find('/')?;
    (rest.len() < text.len() || at == 0).then(|| path_of(&rest[at..]))
}
