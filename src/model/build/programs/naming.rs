//! What programs are called.

use std::sync::Arc;

use super::{Finder, words};
use crate::discover::is_within;
use crate::facts::{Deployment, Shape};
use crate::source::last_part;

impl Finder<'_> {
    /// Deployment files name programs first, then settings, then folders.
    pub(super) fn name(&mut self) {
        let many = self.programs.len() > 1;
        let mut names: Vec<Arc<str>> = Vec::new();
        for program in &self.programs {
            let mut units: Vec<&Deployment> =
                program.units.iter().map(|&unit| &self.gathered.deployments[unit as usize].value).collect();
            units.retain(|unit| unit.shape != Shape::Function);
            // `web` tells one program of several from the others, and no repository from another.
            let general = units.first().filter(|_| many).map(|unit| Arc::clone(&unit.name.value));
            units.retain(|unit| !words::is_general(&unit.name.value));
            let folder = last_part(&program.root);
            // Of several units the one that is called as the folder is, else the first.
            let unit = units.iter().find(|unit| words::stem(&unit.name.value) == words::stem(folder)).or(units.first());
            let stated = || self.stated_name(&program.root);
            let started = || program.starts.as_ref().and_then(|file| file.rsplit('/').next()?.split('.').next()).map(Arc::from);
            let above = || program.root.rsplit('/').find(|part| !words::is_general(part)).filter(|part| !part.is_empty());
            let name = match unit {
                Some(unit) => Arc::clone(&unit.name.value),
                None => started()
                    .or_else(stated)
                    .or_else(|| above().map(Arc::from))
                    .or(general)
                    .unwrap_or_else(|| Arc::clone(self.repository_name)),
            };
            names.push(name);
        }
        // Names must tell programs of one repository apart.
        for index in 0..names.len() {
            let twin = names.iter().enumerate().any(|(other, name)| other != index && *name == names[index]);
            if twin && many && !self.programs[index].root.is_empty() {
                names[index] = last_part(&self.programs[index].root).into();
            }
        }
        for (program, name) in self.programs.iter_mut().zip(names) {
            program.name = name;
        }
    }

    /// `spring.application.name` and its like.
    fn stated_name(&self, root: &str) -> Option<Arc<str>> {
        const KEYS: [&str; 3] = ["spring.application.name", "quarkus.application.name", "micronaut.application.name"];
        let settings = self.rows.settings.iter().map(|&index| &self.gathered.settings[index as usize]);
        let inside = settings.filter(|located| is_within(&located.path, root));
        let mut all = inside.flat_map(|located| &located.value);
        let found = all.find(|setting| KEYS.contains(&&*setting.key) && !setting.value.value.contains("${"))?;
        Some(Arc::clone(&found.value.value))
    }
}
