//! `Jenkinsfile`: that there is a pipeline, and the folders of its `dir('…')` steps.

use memchr::memmem;

use super::Folders;
use crate::discover::{Kind, Role};
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Fact, Pipeline};
use crate::source::Location;

/// It is code, and opened for its lines.
pub const EXTRACTOR: Extractor = Extractor { name: "jenkinsfile", wants: |_: Kind, _| false, applies, extract };

fn applies(input: &Input) -> bool {
    let name = input.name();
    input.kind.role == Role::Production && (name == "Jenkinsfile" || name.starts_with("Jenkinsfile."))
}

fn extract(input: &Input, output: &mut Output) {
    let mut folders = Folders::default();
    for at in memmem::find_iter(input.text.as_bytes(), b"dir(").take(500) {
        let is_word = at.checked_sub(1).is_some_and(|before| input.text.as_bytes()[before].is_ascii_alphanumeric());
        let rest = input.text[at + 4..].trim_start();
        let Some(mark) = rest.chars().next().filter(|mark| !is_word && matches!(mark, '\'' | '"')) else { continue };
        let inner = &rest[1..];
        if let Some(end) = inner.find([mark, '\n']) {
            folders.add("", &inner[..end], input.place_of(&inner[..end]));
        }
    }
    output.facts.push(Fact::Pipeline(Pipeline { at: Location::TOP, name: None, paths: Vec::new(), folders: folders.found }));
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::check;

    #[test]
    fn folders_of_steps_are_known() {
        check(
            "Jenkinsfile",
            "pipeline { steps { dir('services/orders') { sh 'make' } dir(\"${x}/y\") {} mkdir('z') } }",
            "pipeline at=1:1 folders=[services/orders@1:25]",
        );
    }
}
