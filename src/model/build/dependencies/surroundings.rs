//! What surrounds a service: the variables that its deployments give it, and the settings that its files hold.
//!
//! A deployment that lies in another repository than the code (a repository of manifests) is the service's whose name or image it bears.
//! Files of a configuration server are called as the services are; `application` in the same folder holds for all of them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::homes::Homes;
use super::super::programs::normal;
use super::super::repositories::{Gathered, Located};
use super::super::services::Origins;
use super::reading::HOLE;
use crate::discover::is_within;
use crate::facts::{Deployment, DeploymentTool, Setting, SettingsObject, Variable, VariableValue};
use crate::model::{Evidence, Model};
use crate::source::last_part;

/// Variables within variables.
const MOST_EXPANSIONS: usize = 16;
/// Texts that one variable or setting has.
const MOST_TEXTS: usize = 6;

type Told<'g> = (&'g str, Evidence);

pub(in crate::model::build) struct Surroundings<'g> {
    /// By service and name.
    variables: FxHashMap<(u32, &'g str), Vec<Told<'g>>>,
    /// By service and normal name, whatever joins its words: variables that stand for settings.
    relaxed: FxHashMap<(u32, String), Vec<Told<'g>>>,
    /// By service and normal key, those of no profile first.
    settings: FxHashMap<(u32, String), Vec<Told<'g>>>,
    /// By service, in the order of the files: what is looked through for stores.
    all_settings: FxHashMap<u32, Vec<(&'g Setting, Evidence)>>,
    /// Of each service.
    all_variables: FxHashMap<u32, Vec<(&'g str, Told<'g>)>>,
    /// Of each deployment its service.
    pub deployed: Vec<Option<u32>>,
}

impl<'g> Surroundings<'g> {
    pub fn new(model: &Model, gathered: &'g Gathered, origins: &[Origins], homes: &Homes) -> Self {
        let mut surroundings = Surroundings {
            variables: FxHashMap::default(),
            relaxed: FxHashMap::default(),
            settings: FxHashMap::default(),
            all_settings: FxHashMap::default(),
            all_variables: FxHashMap::default(),
            deployed: deployed(model, gathered, origins),
        };
        surroundings.add_deployments(gathered);
        surroundings.add_images(model, gathered, homes);
        surroundings.add_settings(model, gathered, homes);
        surroundings
    }

    fn add_variable(&mut self, service: u32, name: &'g str, text: &'g str, evidence: Evidence) {
        let known = self.variables.entry((service, name)).or_default();
        if known.len() >= MOST_TEXTS || known.iter().any(|(other, _)| *other == text) {
            return;
        }
        known.push((text, evidence));
        self.relaxed.entry((service, normal(name))).or_default().push((text, evidence));
        self.all_variables.entry(service).or_default().push((name, (text, evidence)));
    }

    fn add_deployments(&mut self, gathered: &'g Gathered) {
        let mut objects: Objects = FxHashMap::default();
        for located in &gathered.settings_objects {
            objects.entry((located.repository, &located.value.name.value)).or_default().push(located);
        }
        let files: FxHashMap<(u32, &str), &Located<Vec<Setting>>> =
            gathered.settings.iter().map(|located| ((located.repository, &*located.path), located)).collect();
        let usual: FxHashSet<u32> = gathered
            .deployments
            .iter()
            .zip(&self.deployed)
            .filter(|(located, _)| !is_aside(&located.path))
            .filter_map(|(_, service)| *service)
            .collect();
        for (located, index) in gathered.deployments.iter().zip(0usize..) {
            let Some(service) = self.deployed[index] else { continue };
            if usual.contains(&service) && is_aside(&located.path) {
                continue;
            }
            for Variable { name, at, value } in &located.value.environment {
                match value {
                    VariableValue::Text(text) => self.add_variable(service, name, text, located.evidence(*at)),
                    VariableValue::Key { object, key } => {
                        for object in nearest(&objects, located, object) {
                            let entries = object.value.entries.iter().filter(|(known, _)| known == key);
                            for (_, text) in entries {
                                self.add_variable(service, name, &text.value, object.evidence(text.at));
                            }
                        }
                    }
                    VariableValue::Unknown => {}
                }
            }
            // What Compose leaves open it takes from the file beside it.
            let folder = located.path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
            if located.value.tool == DeploymentTool::Compose
                && let Some(file) = files.get(&(located.repository, &*format!("{folder}.env")))
            {
                for setting in &file.value {
                    let all = self.settings.entry((service, normal(&setting.key))).or_default();
                    if all.len() < MOST_TEXTS && !all.iter().any(|(text, _)| **text == *setting.value.value) {
                        all.push((&setting.value.value, file.evidence(setting.value.at)));
                    }
                }
            }
            for from in &located.value.environment_from {
                for object in nearest(&objects, located, &from.value) {
                    for (key, text) in &object.value.entries {
                        self.add_variable(service, key, &text.value, object.evidence(text.at));
                    }
                    // A generator takes its entries from files.
                    for file in object.value.files.iter().filter_map(|path| files.get(&(object.repository, &*path.value))) {
                        for setting in &file.value {
                            self.add_variable(service, &setting.key, &setting.value.value, file.evidence(setting.value.at));
                        }
                    }
                }
                if let Some(file) = files.get(&(located.repository, &*from.value)) {
                    for setting in &file.value {
                        self.add_variable(service, &setting.key, &setting.value.value, file.evidence(setting.value.at));
                    }
                }
            }
        }
    }

    /// What an image itself sets counts where no deployment says otherwise.
    fn add_images(&mut self, model: &Model, gathered: &'g Gathered, homes: &Homes) {
        for located in gathered.images.iter().filter(|located| !located.value.environment.is_empty()) {
            let Some(service) = homes.service_of(located.repository, &model.files[located.file as usize].path) else { continue };
            for Variable { name, at, value } in &located.value.environment {
                if let VariableValue::Text(text) = value {
                    self.add_variable(service, name, text, located.evidence(*at));
                }
            }
        }
    }

    fn add_settings(&mut self, model: &Model, gathered: &'g Gathered, homes: &Homes) {
        let mut by_name: FxHashMap<(u32, String), u32> = FxHashMap::default();
        let mut everywhere: FxHashMap<String, Option<u32>> = FxHashMap::default();
        for (service, index) in model.services.iter().zip(0..) {
            by_name.insert((service.repository, normal(&service.name)), index);
            everywhere.entry(normal(&service.name)).and_modify(|known| *known = None).or_insert(Some(index));
        }
        // Folders with files that are called as services are: what a configuration server hands out.
        let mut handed_out: FxHashMap<(u32, &str), Vec<u32>> = FxHashMap::default();
        let mut later: Vec<&Located<Vec<Setting>>> = Vec::new();
        for located in &gathered.settings {
            let (folder, name) = located.path.rsplit_once('/').unwrap_or(("", &located.path));
            let stem = name.split('.').next().unwrap_or("");
            let named = |stem: &str| {
                let own = by_name.get(&(located.repository, normal(stem))).copied();
                own.or_else(|| everywhere.get(&normal(stem)).copied().flatten().filter(|_| is_configuration(folder)))
            };
            let home = homes.service_of(located.repository, &model.files[located.file as usize].path);
            // `orders-dev.yml`: the service, and the profile behind it.
            let target = named(stem).or_else(|| stem.rsplit_once('-').and_then(|(before, _)| named(before)));
            let service = match target {
                Some(service) if Some(service) != home => {
                    handed_out.entry((located.repository, folder)).or_default().push(service);
                    Some(service)
                }
                other => other.or(home),
            };
            if matches!(stem, "application" | "shared" | "common") && target.is_none() {
                later.push(located);
            }
            if let Some(service) = service {
                self.add_file(service, located);
            }
        }
        for located in later {
            let folder = located.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            for service in handed_out.get(&(located.repository, folder)).cloned().unwrap_or_default() {
                self.add_file(service, located);
            }
        }
    }

    fn add_file(&mut self, service: u32, located: &'g Located<Vec<Setting>>) {
        for setting in &located.value {
            let evidence = located.evidence(setting.value.at);
            self.all_settings.entry(service).or_default().push((setting, evidence));
            let all = self.settings.entry((service, normal(&setting.key))).or_default();
            if all.len() >= MOST_TEXTS || all.iter().any(|(text, _)| **text == *setting.value.value) {
                continue;
            }
            let at = if setting.profile.is_none() { 0 } else { all.len() };
            all.insert(at, (&setting.value.value, evidence));
        }
    }

    /// What a variable is set to in the deployments of a service, or in its `.env`.
    pub fn variables(&self, service: u32, name: &str) -> Vec<Told<'g>> {
        let set = self.variables.get(&(service, name));
        set.or_else(|| self.settings.get(&(service, normal(name)))).cloned().unwrap_or_default()
    }

    /// What a setting reads as: a variable that stands for it counts first.
    pub fn settings(&self, service: u32, key: &str) -> Vec<Told<'g>> {
        let name = (service, normal(key));
        let variables = self.relaxed.get(&name).into_iter().flatten();
        variables.chain(self.settings.get(&name).into_iter().flatten()).copied().take(MOST_TEXTS).collect()
    }

    pub fn settings_of(&self, service: u32) -> &[(&'g Setting, Evidence)] {
        self.all_settings.get(&service).map_or(&[], Vec::as_slice)
    }

    pub fn variables_of(&self, service: u32) -> &[(&'g str, Told<'g>)] {
        self.all_variables.get(&service).map_or(&[], Vec::as_slice)
    }

    /// A text with the variables and settings in it: `${NAME}`, `${NAME:-default}`, `${key:default}`, `$(NAME)`. What is not known, and
    /// what a template fills in, is a hole.
    pub fn expanded(&self, service: u32, text: &str) -> String {
        if let Some(name) = resource(text) {
            return name.to_owned();
        }
        let mut out = text.to_owned();
        for _ in 0..MOST_EXPANSIONS {
            let Some((range, name, default)) = placeholder(&out) else { return out };
            let known = self.settings(service, name).into_iter().next();
            let text = match known {
                Some((text, _)) if !text.contains(&out[range.clone()]) => text.to_owned(),
                _ => default.map_or(HOLE.to_string(), str::to_owned),
            };
            if out.len() + text.len() > 2_048 {
                return HOLE.to_string();
            }
            out.replace_range(range, &text);
        }
        HOLE.to_string()
    }
}

/// Objects of settings by repository and name.
type Objects<'g> = FxHashMap<(u32, &'g str), Vec<&'g Located<SettingsObject>>>;

/// Of objects of one name those that lie nearest to a deployment: each of several ways to deploy has its own.
fn nearest<'g>(objects: &Objects<'g>, deployment: &Located<Deployment>, name: &str) -> Vec<&'g Located<SettingsObject>> {
    let all = objects.get(&(deployment.repository, name)).map_or(&[][..], Vec::as_slice);
    let common = |path: &str| path.split('/').zip(deployment.path.split('/')).take_while(|(a, b)| a == b).count();
    let most = all.iter().map(|object| common(&object.path)).max().unwrap_or(0);
    all.iter().copied().filter(|object| common(&object.path) == most).collect()
}

/// The first placeholder of a text: where it is, what it names, and what stands for it where nothing does.
fn placeholder(text: &str) -> Option<(std::ops::Range<usize>, &str, Option<&str>)> {
    if let Some(start) = text.find("{{") {
        let end = text[start..].find("}}").map_or(text.len(), |end| start + end + 2);
        return Some((start..end, "", None));
    }
    // The innermost: what begins last before the first that ends.
    let (start, close) = match (text.rfind("${"), text.find("$(")) {
        (Some(start), _) => (start, '}'),
        (None, Some(start)) => (start, ')'),
        (None, None) => return None,
    };
    let end = text[start..].find(close).map(|end| start + end)?;
    let inner = &text[start + 2..end];
    let is_variable = |name: &str| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit());
    let (name, default) = match (inner.split_once(':'), inner.split_once('-')) {
        (Some((name, default)), _) => match default.strip_prefix('?') {
            Some(_) => (name, None),
            None => (name, Some(default.strip_prefix(['-', '=']).unwrap_or(default))),
        },
        // `${NAME-default}`: keys of settings have hyphens, names of variables have none.
        (None, Some((name, default))) if is_variable(name) => (name, Some(default)),
        (None, _) => (inner, None),
    };
    Some((start..end + 1, name, default))
}

/// True for ways to deploy that stand beside the usual one.
fn is_aside(path: &str) -> bool {
    const ASIDE: [&str; 11] = [
        "extras",
        "extra",
        "contrib",
        "optional",
        "alternatives",
        "alternative",
        "addons",
        "experimental",
        "legacy",
        "old",
        "archive",
    ];
    path.split('/').any(|folder| ASIDE.contains(&folder))
}

/// The name of a template's own resource, `${Orders}` or `${Orders.Arn}`: what is known of it is that it is the same everywhere.
fn resource(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    let name = name.split('.').next().unwrap_or(name);
    let is_type =
        name.starts_with(|first: char| first.is_ascii_uppercase()) && name.bytes().any(|byte| byte.is_ascii_lowercase());
    (is_type && name.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(name)
}

fn is_configuration(folder: &str) -> bool {
    folder.split('/').any(|part| part.contains("config") || part.contains("settings")) || folder.is_empty()
}

/// The service of each deployment: the one that its program is, or the only one that bears its name or its image's.
fn deployed(model: &Model, gathered: &Gathered, origins: &[Origins]) -> Vec<Option<u32>> {
    let mut deployed: Vec<Option<u32>> = vec![None; gathered.deployments.len()];
    for (origin, service) in origins.iter().zip(0u32..) {
        for &unit in origin.program.iter().flat_map(|program| &program.units) {
            deployed[unit as usize] = Some(service);
        }
    }
    let mut by_name: FxHashMap<String, Option<u32>> = FxHashMap::default();
    for (service, index) in model.services.iter().zip(0..) {
        by_name.entry(normal(&service.name)).and_modify(|known| *known = None).or_insert(Some(index));
    }
    for (located, slot) in gathered.deployments.iter().zip(&mut deployed).filter(|(_, slot)| slot.is_none()) {
        let Deployment { name, image, context, .. } = &located.value;
        let image = image.as_ref().map(|image| last_part(image.value.split([':', '@']).next().unwrap_or("")));
        let names = image.into_iter().chain([&*name.value]);
        let found = names.map(normal).find_map(|name| by_name.get(&name).copied().flatten());
        // A folder that is built here is of this repository's programs.
        let in_folder = || {
            let context = context.as_deref().filter(|context| !context.is_empty())?;
            let above = &model.repositories[located.repository as usize].root;
            let folder = if above.is_empty() { context.to_owned() } else { format!("{above}/{context}") };
            let mut inside = (0..).zip(&model.services).filter(|(_, service)| is_within(&service.root, &folder));
            let first = inside.next().map(|(index, _)| index);
            first.filter(|_| inside.next().is_none())
        };
        *slot = found.or_else(in_folder);
    }
    deployed
}

#[cfg(test)]
mod tests {
    use super::placeholder;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, Option<&str>)>) {
        assert_eq!(placeholder(text).map(|(_, name, default)| (name, default)), expected, "{text}");
    }

    #[test]
    fn placeholders_have_names_and_defaults() {
        check("http://${ORDERS_HOST}:80", Some(("ORDERS_HOST", None)));
        check("${ORDERS_HOST:-orders}", Some(("ORDERS_HOST", Some("orders"))));
        check("${orders.base-url:http://orders}", Some(("orders.base-url", Some("http://orders"))));
        check("$(ORDERS_HOST)/x", Some(("ORDERS_HOST", None)));
        check("${A:${B}}", Some(("B", None)));
        check("{{ .Values.a }}", Some(("", None)));
        check("orders", None);
    }
}
