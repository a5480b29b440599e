//! What a template of a chart renders, read line by line: no engine is run, and values stay as they are written, `{{ … }}` included.
//!
//! Labels that a helper renders stand as `(include, NAME)`, in workloads as in the names of the network that select them.

use std::sync::Arc;

use super::super::kubernetes::{objects, shape};
use super::super::{secret, unit, variables, written};
use crate::extract::Input;
use crate::facts::{Deployment, DeploymentTool, Fact, NetworkName, SettingsObject, Shape, Text, Variable, VariableValue};
use crate::source::Location;

/// How many lines of one kind are kept of an object.
const MOST: usize = 300;

/// The objects that a template renders.
pub fn read(input: &Input) -> Vec<Fact> {
    let mut found = Vec::new();
    let mut current: Option<Rendered> = None;
    for line in input.text.lines() {
        let content = line.trim_end();
        if content == "---" {
            found.extend(current.take().and_then(Rendered::finish));
            continue;
        }
        if let Some(kind) = content.strip_prefix("kind:") {
            current = Object::of(kind.trim()).map(Rendered::new);
        }
        if let Some(rendered) = &mut current {
            rendered.read(input, content);
        }
    }
    found.extend(current.take().and_then(Rendered::finish));
    found
}

/// What kind of object it is.
enum Object {
    Workload(Shape),
    Network,
    Settings,
}

impl Object {
    fn of(kind: &str) -> Option<Object> {
        match kind {
            "Service" => Some(Object::Network),
            "ConfigMap" | "Secret" => Some(Object::Settings),
            _ => shape(kind).map(Object::Workload),
        }
    }
}

/// The part of an object in which the lines stand.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Other,
    Environment,
    EnvironmentFrom,
    Labels,
    Selector,
    Ports,
    Data,
}

/// An object that a template renders, as far as its lines tell.
struct Rendered {
    object: Object,
    in_metadata: bool,
    in_template: bool,
    name: Option<Text>,
    namespace: Option<Arc<str>>,
    ports: Vec<u16>,
    probed: bool,
    part: Part,
    /// Where the key of the part stands in its line.
    depth: usize,
    environment: Vec<Variable>,
    environment_from: Vec<Text>,
    labels: Vec<(Arc<str>, Arc<str>)>,
    network: Vec<(u16, Option<u16>)>,
    entries: Vec<(Arc<str>, Text)>,
    /// The object that a variable is taken from.
    object_name: Option<Arc<str>>,
    takes_object: bool,
    /// Where the keys of data stand in their lines.
    entry_depth: Option<usize>,
}

impl Rendered {
    fn new(object: Object) -> Self {
        Rendered {
            object,
            in_metadata: false,
            in_template: false,
            name: None,
            namespace: None,
            ports: Vec::new(),
            probed: false,
            part: Part::Other,
            depth: 0,
            environment: Vec::new(),
            environment_from: Vec::new(),
            labels: Vec::new(),
            network: Vec::new(),
            entries: Vec::new(),
            object_name: None,
            takes_object: false,
            entry_depth: None,
        }
    }

    fn read(&mut self, input: &Input, content: &str) {
        let trimmed = content.trim_start();
        let depth = content.len() - trimmed.len();
        // What the engine does between lines is no part of what they say, save for labels that it renders.
        if trimmed.is_empty() || trimmed.starts_with('#') || trimmed.starts_with("{{") && !self.takes_include() {
            return;
        }
        let (is_item, key) = match trimmed.strip_prefix("- ") {
            Some(rest) => (true, rest.trim_start()),
            None => (false, trimmed),
        };
        let value = |name: &str| key.strip_prefix(name).map(|value| unquoted(value.trim()));
        if depth == 0 && !trimmed.starts_with("{{") {
            self.in_metadata = content == "metadata:";
        } else if self.in_metadata && depth == 2 {
            if let Some(name) = value("name:").filter(|_| self.name.is_none()) {
                self.name = written::spanned(name, input.place_of(name));
            }
            self.namespace = self.namespace.take().or_else(|| value("namespace:").map(Arc::from));
        }
        if trimmed == "template:" {
            self.in_template = true;
        }
        if let Some(port) = value("containerPort:") {
            written::add_port(&mut self.ports, written::port(port));
        }
        self.probed |= ["livenessProbe:", "readinessProbe:", "startupProbe:"].iter().any(|probe| key.starts_with(probe));
        if self.part != Part::Other && (depth < self.depth || depth == self.depth && !is_item && !trimmed.starts_with("{{")) {
            self.part = Part::Other;
        }
        if self.part == Part::Other {
            self.enter(key, depth + trimmed.len() - key.len());
            return;
        }
        // Deeper lines are those of a text that a key holds.
        if self.part == Part::Data && *self.entry_depth.get_or_insert(depth) != depth {
            return;
        }
        self.read_part(input, key, is_item, &value);
    }

    fn takes_include(&self) -> bool {
        matches!(self.part, Part::Labels | Part::Selector)
    }

    fn enter(&mut self, key: &str, depth: usize) {
        let is_workload = matches!(self.object, Object::Workload(_));
        self.part = match key {
            "env:" if is_workload => Part::Environment,
            "envFrom:" if is_workload => Part::EnvironmentFrom,
            "labels:" if is_workload && self.in_template && self.labels.is_empty() => Part::Labels,
            "selector:" if matches!(self.object, Object::Network) => Part::Selector,
            "ports:" if matches!(self.object, Object::Network) => Part::Ports,
            "data:" | "stringData:" if matches!(self.object, Object::Settings) && depth == 0 => Part::Data,
            _ => return,
        };
        self.depth = depth;
    }

    fn read_part<'t>(&mut self, input: &Input, key: &'t str, is_item: bool, value: &dyn Fn(&str) -> Option<&'t str>) {
        match self.part {
            Part::Environment => self.read_variable(input, key, is_item, value),
            Part::EnvironmentFrom => {
                if let Some(name) = value("name:").filter(|_| self.environment_from.len() < MOST) {
                    self.environment_from.extend(written::spanned(name, input.place_of(name)));
                }
            }
            Part::Labels | Part::Selector if self.labels.len() < 32 => self.labels.extend(label(key)),
            Part::Ports => {
                if let Some(port) = value("port:").and_then(written::port).filter(|_| self.network.len() < 50) {
                    self.network.push((port, None));
                } else if let (Some(target), Some(last)) = (value("targetPort:").and_then(written::port), self.network.last_mut())
                {
                    last.1 = Some(target).filter(|target| *target != last.0);
                }
            }
            Part::Data if self.entries.len() < MOST => self.entries.extend(entry(input, key)),
            _ => {}
        }
    }

    fn read_variable<'t>(&mut self, input: &Input, key: &'t str, is_item: bool, value: &dyn Fn(&str) -> Option<&'t str>) {
        if is_item || self.environment.is_empty() && key.starts_with("name:") {
            self.takes_object = false;
            let name = value("name:").filter(|_| self.environment.len() < MOST);
            let place = |name: &str| if name.is_empty() { Location::TOP } else { input.place_of(name) };
            self.environment.extend(name.and_then(|name| variables::variable(name, None, place(name))));
            return;
        }
        let Some(variable) = self.environment.last_mut() else { return };
        if let Some(text) = value("value:") {
            let at = if text.is_empty() { variable.at } else { input.place_of(text) };
            *variable = variables::variable(&variable.name, Some(text), at).unwrap_or_else(|| variable.clone());
        } else if key.starts_with("configMapKeyRef:") || key.starts_with("secretKeyRef:") {
            self.takes_object = true;
            self.object_name = None;
        } else if self.takes_object {
            if let Some(name) = value("name:") {
                self.object_name = Some(name.into());
            }
            if let (Some(object), Some(name)) = (self.object_name.clone(), value("key:")) {
                variable.value = VariableValue::Key { object, key: name.into() };
            }
        }
    }

    fn finish(self) -> Option<Fact> {
        let name = self.name?;
        Some(match self.object {
            Object::Workload(shape) => {
                let mut deployment: Deployment = unit(DeploymentTool::Helm, name, shape);
                deployment.ports = self.ports;
                deployment.probed = (shape == Shape::Process).then_some(self.probed);
                deployment.environment = self.environment;
                deployment.environment_from = self.environment_from;
                deployment.selected_by = self.labels;
                Fact::Deployment(deployment)
            }
            Object::Network => Fact::NetworkName(NetworkName {
                at: name.at,
                name,
                namespace: self.namespace,
                selector: self.labels,
                ports: self.network,
                external: None,
            }),
            Object::Settings => {
                let namespace = self.namespace;
                Fact::SettingsObject(SettingsObject { at: name.at, name, namespace, entries: self.entries, files: Vec::new() })
            }
        })
    }
}

/// A value without the quotes around all of it.
fn unquoted(value: &str) -> &str {
    let inner = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    inner.unwrap_or(value)
}

/// A label, or the helper that renders some.
fn label(line: &str) -> Option<(Arc<str>, Arc<str>)> {
    if line.starts_with("{{") {
        let mut words = line.split([' ', '-', '{', '(', '\t']).filter(|word| !word.is_empty());
        let is_include = words.any(|word| matches!(word, "include" | "template"));
        let name = is_include.then(|| line.split('"').nth(1)).flatten()?;
        return Some(("include".into(), name.into()));
    }
    let (key, value) = line.split_once(':')?;
    let value = unquoted(value.trim());
    (!value.is_empty()).then(|| (unquoted(key.trim()).into(), value.into()))
}

/// A key with a value of one line.
fn entry(input: &Input, line: &str) -> Option<(Arc<str>, Text)> {
    let (key, value) = line.split_once(": ")?;
    let value = unquoted(value.trim());
    let is_key = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'));
    if !is_key || value.is_empty() || value.starts_with(['|', '>']) || secret::is_secret(key) {
        return None;
    }
    Some((key.into(), objects::harmless(value, input.place_of(value))?))
}
