//! What is wrong with the text of a structured file, told as problems of the format that it should hold.
//!
//! A document's defects say what and where; only the extractor that recognised the file knows whether that breaks a manifest or an
//! API description, or whether the file was meant to be read at all.

use memchr::memmem;

use super::{Input, Output};
use crate::diagnostic::{Diagnostic, Fault};
use crate::document::{Defect, DefectKind, Engine, template_of};
use crate::source::{Location, Span};

/// Reports the defects of the file's document. `fault` is what a broken text means for the format.
///
/// A text that does not parse because it is a template is no mistake: it is told once, as unread. True if it was so.
pub fn report(input: &Input, fault: Fault, output: &mut Output) -> bool {
    let tree = input.tree();
    if tree.defects().iter().any(|defect| defect.kind == DefectKind::Syntax)
        && let Some((engine, mark)) = template_of(input.path, tree)
    {
        output.problems.extend(template(input, Some(engine), mark));
        return true;
    }
    output.problems.extend(tree.defects().iter().map(|defect| diagnostic(defect, fault)));
    if tree.aliases_exhausted() {
        let message = "the file uses more aliases than are followed";
        output.problems.push(
            Diagnostic::new(Fault::LimitReached, Location::TOP, message)
                .help("write out what the aliases stand for, or split the file"),
        );
    }
    false
}

/// The note about a file that only its template engine can expand; `mark` is where that shows. None for what a scaffolder copies
/// into the repositories that it makes: such a file is no manifest of this one, and there is nothing to mend.
pub fn template(input: &Input, engine: Option<Engine>, mark: Span) -> Option<Diagnostic> {
    if is_scaffold(input) {
        return None;
    }
    let what = engine.map_or("template".to_owned(), |engine| match engine {
        Engine::Go => engine.name().to_owned(),
        _ => format!("{} template", engine.name()),
    });
    let message = format!("this file is a {what}: what it says is known when it is rendered");
    Some(
        Diagnostic::new(Fault::TemplateUnread, input.location(mark), message)
            .help("check the rendered file, or exclude this one"),
    )
}

/// Backstage's scaffolder fills `${{ values.x }}` and keeps what it copies in a `skeleton`; Cookiecutter and Copier name themselves.
fn is_scaffold(input: &Input) -> bool {
    let mut folders = input.path.rsplit('/').skip(1);
    let marks = ["${{", "cookiecutter.", "{{copier", "{{ copier"];
    marks.iter().any(|mark| memmem::find(input.text.as_bytes(), mark.as_bytes()).is_some())
        || folders.any(|folder| folder == "skeleton" || folder.contains("{{"))
}

fn diagnostic(defect: &Defect, fault: Fault) -> Diagnostic {
    let fault = match defect.kind {
        DefectKind::TooDeep | DefectKind::TooLarge => Fault::LimitReached,
        DefectKind::Syntax | DefectKind::DuplicateKey | DefectKind::UnknownAlias => fault,
    };
    let diagnostic = Diagnostic::new(fault, defect.at, &*defect.message);
    match &defect.related {
        Some((at, label)) => diagnostic.also(*at, &**label),
        None => diagnostic,
    }
}
