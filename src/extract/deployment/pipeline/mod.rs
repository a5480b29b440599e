//! Workflows of continuous integration: which paths start them, and which folders their steps work in or build.
//!
//! Each file here reads the formats of one forge; [`Folders`] collects what their scripts and settings tell.

pub mod github;
pub mod jenkins;
pub mod others;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::shell::{self, Hint};
use super::written;
use crate::document::Node;
use crate::facts::Text;
use crate::source::{Location, Span, Spanned};

/// How many texts of one kind are kept.
const MOST: usize = 300;

/// Adds the texts of a list, or one text, to path filters.
fn add_paths(paths: &mut Vec<Text>, node: Node) {
    let listed = node.items().take(MOST);
    let one = node.scalar().is_some().then_some(node);
    for path in listed.chain(one).filter_map(written::text) {
        if paths.len() < MOST && !paths.iter().any(|known| known.value == path.value) {
            paths.push(path);
        }
    }
}

/// The folders of a workflow, each once, in the order in which they are met.
#[derive(Default)]
struct Folders<'d> {
    found: Vec<Text>,
    /// What expressions stand for: `matrix.service` by all its values, `env.FOLDER` by one.
    variables: FxHashMap<String, Vec<&'d str>>,
    /// The folder that the repository is checked out into; empty for the one in which everything begins.
    checkout: String,
}

impl<'d> Folders<'d> {
    /// A folder as it is written, below another one.
    fn add(&mut self, within: &str, folder: &str, at: Location) {
        for folder in self.expanded(&join(within, folder)) {
            // The root and what lies above it tell nothing.
            let folder = folder.trim_end_matches("...");
            let Some(folder) = written::below("", folder) else { continue };
            let folder: Arc<str> = match folder.strip_prefix(&*self.checkout) {
                Some(rest) if !self.checkout.is_empty() && (rest.is_empty() || rest.starts_with('/')) => {
                    rest.trim_start_matches('/').into()
                }
                _ => folder,
            };
            if folder.is_empty() {
                continue;
            }
            if self.found.len() < MOST && !self.found.iter().any(|known| known.value == folder) {
                self.found.push(Spanned::new(folder, at));
            }
        }
    }

    /// The folder in which a file lies.
    fn add_file(&mut self, within: &str, file: &str, at: Location) {
        self.add(within, written::folder(&file.replace('\\', "/")), at);
    }

    /// What the commands of a script work in or build, when it starts in a folder.
    fn add_script(&mut self, within: &str, script: Node) {
        let Some(text) = script.scalar() else { return };
        let at = |part: &str| {
            let start = (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
            if start <= text.len() { script.location_within(Span::new(start, start + part.len())) } else { script.location() }
        };
        let mut current = within.to_owned();
        for command in shell::commands(text) {
            if command.is_empty() {
                within.clone_into(&mut current);
            }
            for hint in shell::hint(&command) {
                match hint {
                    // `cd -` and `cd $HOME` lead out of what is known; what follows is then not known either.
                    Hint::Enter(folder) => {
                        if !folder.starts_with('-') {
                            current = join(&current, folder);
                            self.add("", &current.clone(), at(folder));
                        }
                    }
                    Hint::Folder(folder) => self.add(&current, folder, at(folder)),
                    Hint::File(file) => self.add_file(&current, file, at(file)),
                    // Names of packages and projects are no folders, unless they are written as one.
                    Hint::Project(project) if project.contains('/') && !project.starts_with(['@', ':']) => {
                        self.add(&current, project, at(project));
                    }
                    Hint::Project(_) => {}
                }
            }
        }
    }

    /// A text with each `${{ … }}` replaced by every value that it may have; nothing where one is not known.
    fn expanded(&self, text: &str) -> Vec<String> {
        let mut read = vec![text.to_owned()];
        for _ in 0..4 {
            if !read.iter().any(|text| text.contains("${{")) {
                break;
            }
            let next = read.iter().flat_map(|text| {
                let Some((start, end)) = text.find("${{").and_then(|start| Some((start, start + text[start..].find("}}")?)))
                else {
                    return vec![text.clone()];
                };
                let values = self.variables.get(text[start + 3..end].trim()).map(Vec::as_slice).unwrap_or_default();
                values.iter().map(|value| format!("{}{value}{}", &text[..start], &text[end + 2..])).collect()
            });
            read = next.take(MOST).collect();
        }
        read
    }
}

/// A path below another one, as far as that can be said before variables are known.
fn join(within: &str, path: &str) -> String {
    // The workspace of GitHub is the repository's root.
    let roots = [
        "${{ github.workspace }}",
        "${{github.workspace}}",
        "$GITHUB_WORKSPACE",
        "${GITHUB_WORKSPACE}",
        "$(Build.SourcesDirectory)",
        "$CI_PROJECT_DIR",
        "${CI_PROJECT_DIR}",
        "$(System.DefaultWorkingDirectory)",
    ];
    for root in roots {
        if let Some(rest) = path.strip_prefix(root) {
            return rest.trim_start_matches(['/', '\\']).to_owned();
        }
    }
    // CircleCI checks out into a folder of the home, and works there.
    if path.starts_with("~/") && within.is_empty() {
        return String::new();
    }
    match within {
        "" => path.to_owned(),
        _ => format!("{within}/{path}"),
    }
}
