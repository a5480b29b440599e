//! What deployment files run: programs of this repository, or what nobody here wrote.

use std::sync::Arc;

use super::{Finder, Other, Program, Rank, bare, folder_of, images, normal, words};
use crate::discover::is_within;
use crate::facts::{Deployment, DeploymentTool, Shape};
use crate::model::{Evidence, Kind};
use crate::source::last_part;

impl Finder<'_> {
    pub(super) fn deployed_from_context(&mut self, index: u32) {
        let located = &self.gathered.deployments[index as usize];
        let deployment = &located.value;
        let evidence = located.evidence(deployment.name.at);
        let image = self.folders.image_of(deployment.context.as_deref(), deployment.dockerfile.as_deref());
        let base = image.and_then(|image| image.base.as_ref()).map_or("", |base| &*base.value);
        // A database with its scripts is built here and written elsewhere.
        if let Some(kind) = images::known(base).filter(|_| !images::is_proxy(base)) {
            return self.other(&deployment.name.value, kind, evidence);
        }
        let root = match (deployment.shape, deployment.tool) {
            // The functions of one template are one service's.
            (Shape::Function, _) => Some(folder_of(&located.path).to_owned()),
            _ => self.folders.of_context(deployment.context.as_deref(), deployment.dockerfile.as_deref(), &deployment.name.value),
        };
        let own = image.map_or("", |_| deployment.context.as_deref().unwrap_or(""));
        let proxy = (images::is_proxy(base) && !own.is_empty()).then(|| own.to_owned());
        let Some(root) = root.or(proxy) else {
            let image = deployment.image.as_ref().map_or("", |image| &*image.value);
            if let Some(kind) = images::known(image) {
                self.other(&deployment.name.value, kind, evidence);
            }
            return;
        };
        let command = deployment.command.as_ref().map(|command| &*command.value);
        let starts = command.and_then(|command| self.folders.started_by(&root, command));
        let own = starts.as_ref().and_then(|entry| self.folders.own_folder(&root, entry));
        let (root, starts) = if let Some(own) = own { (own, None) } else { (root, starts) };
        let program = self.at(&root, starts.as_deref(), Rank::Deployed, evidence);
        self.programs[program].units.push(index);
        self.run_by_shape(program, deployment);
        self.serve_by_proxy(program, base);
        if let Some(image) = &deployment.image {
            self.built.entry(bare(&image.value).to_owned()).or_insert(program);
        }
    }

    /// What a proxy serves is a user interface where it holds code, and other services where it holds none.
    pub(super) fn serve_by_proxy(&mut self, program: usize, base: &str) {
        if images::is_proxy(base) {
            let program = &mut self.programs[program];
            program.kind = Some(if self.folders.has_code(&program.root) { Kind::Ui } else { Kind::Gateway });
        }
    }

    /// A program that is only ever run once, or by the clock, is a job.
    fn run_by_shape(&mut self, program: usize, deployment: &Deployment) {
        let kind = match deployment.shape {
            Shape::Job | Shape::Schedule => Some(Kind::Job),
            Shape::Function => Some(Kind::Function),
            Shape::Process | Shape::Build => None,
        };
        let program = &mut self.programs[program];
        // What a proxy serves stays what it is, however often it is deployed.
        if matches!(program.kind, Some(Kind::Ui | Kind::Gateway)) {
            return;
        }
        program.kind = if program.units.len() > 1 && program.kind != kind { None } else { kind };
    }

    /// Whether a deployment may run what is built of a folder, as far as names tell.
    pub(super) fn runs(&self, deployment: u32, root: &str) -> bool {
        let deployment = &self.gathered.deployments[deployment as usize].value;
        let image = deployment.image.as_ref().map(|image| bare(&image.value).rsplit('/').next().unwrap_or(""));
        let folder = last_part(root);
        let folder = if folder.is_empty() { self.repository_name } else { folder };
        [Some(&*deployment.name.value), image].into_iter().flatten().any(|name| words::stem(name) == words::stem(folder))
    }

    /// What is run from an image that another file builds, or nobody here.
    pub(super) fn deployed_from_image(&mut self, index: u32) {
        let located = &self.gathered.deployments[index as usize];
        let deployment = &located.value;
        let evidence = located.evidence(deployment.name.at);
        let image = deployment.image.as_ref().map(|image| &*image.value);
        let built = image.and_then(|image| self.built.get(bare(image))).copied();
        let named = || {
            let of_image = image.map(|image| bare(image).rsplit('/').next().unwrap_or("").to_owned());
            let names = [
                Some(deployment.name.value.to_string()),
                of_image,
                deployment.command.as_ref().map(|c| c.value.to_string()).filter(|_| deployment.tool == DeploymentTool::Aspire),
            ];
            names.into_iter().flatten().find_map(|name| self.named(&name))
        };
        let well_known = image.and_then(images::known);
        // One image of many programs is told apart by what it is told to run.
        let beside = folder_of(&located.path);
        let entry = || {
            let command = deployment
                .command
                .as_ref()
                .and_then(|command| command.value.split(' ').next().map(|word| last_part(word).to_owned()));
            let names = [command, Some(deployment.name.value.to_string())];
            names.into_iter().flatten().find_map(|name| self.folders.entry_named(beside, &name))
        };
        let shared = (built.is_none() && well_known.is_none()).then(entry).flatten();
        let covered = |entry: &String| {
            self.programs.iter().any(|program| program.root.len() > beside.len() && is_within(entry, &program.root))
        };
        let shared = shared.filter(|entry| !covered(entry)).and_then(|entry| self.folders.own_folder(beside, &entry));
        let program = match shared {
            Some(root) => Some(self.at(&root, None, Rank::Deployed, evidence)),
            None => built.or_else(|| if well_known.is_some() { None } else { named() }),
        };
        match program {
            Some(program) => {
                self.programs[program].units.push(index);
                self.programs[program].rank = Rank::Deployed;
                self.run_by_shape(program, deployment);
            }
            None => {
                if let Some(kind) = well_known {
                    self.other(&deployment.name.value, kind, evidence);
                }
            }
        }
    }

    /// The only program that a name may mean.
    fn named(&self, name: &str) -> Option<usize> {
        let fits = |how: &dyn Fn(&str) -> String| {
            let wanted = how(name);
            let last = |root: &str| {
                if root.is_empty() { self.repository_name.to_string() } else { last_part(root).to_owned() }
            };
            let named = |program: &Program| {
                program.units.iter().any(|&unit| how(&self.gathered.deployments[unit as usize].value.name.value) == wanted)
            };
            let fitting: Vec<usize> = (0..self.programs.len())
                .filter(|&index| {
                    !wanted.is_empty() && (how(&last(&self.programs[index].root)) == wanted || named(&self.programs[index]))
                })
                .collect();
            match fitting[..] {
                [one] => Some(one),
                _ => None,
            }
        };
        fits(&normal).or_else(|| fits(&words::stem))
    }

    fn other(&mut self, name: &Arc<str>, kind: Kind, evidence: Evidence) {
        if !self.others.iter().any(|other| normal(&other.name) == normal(name)) {
            let root = String::new();
            self.others.push(Other { name: Arc::clone(name), root, kind, evidence });
        }
    }
}
