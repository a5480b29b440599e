//! Which folders are repositories.
//!
//! - `fleet.repositories` of a policy names them; what lies outside of them is not looked at.
//! - Else a folder with a `.git` is always a repository of its own, wherever it lies (clones, submodules).
//! - Else the root is one repository, unless it is an *organisation*: a folder that holds no project itself (no build file, manifest,
//!   README, `.github`, deployment or CI file of its own, no `src` or `services`) while two or more repositories lie in it.
//!   Repositories of an organisation are its git roots at any depth (`github.com/org/repo`), the folders directly below it that have
//!   such a landmark, and those that hold production code at all. Loose files, hidden folders and folders of notes in an
//!   organisation are nobody's and not looked at.
//!
//! So a mono-repo is one repository as long as anything at its top says what it is: a build file, a README, or folders called as only
//! the inside of a project is. Deeper landmarks never make a repository: `services/*` of a mono-repo look just like clones, and only a
//! `.git` could tell them apart. Folders called `docs` or `deploy` may be repositories, but are no evidence that their neighbours are.

use rustc_hash::FxHashSet;

use super::exclude::glob_set;
use super::landmark::landmark;
use super::language::Language;
use super::role::Folder;
use super::{Listing, Options, Role, is_within};
use crate::diagnostic::Diagnostic;

/// Roots of repositories below the snapshot's root, sorted; empty text is the root itself.
pub struct Roots {
    pub organisation: bool,
    pub roots: Vec<String>,
}

pub fn roots(listing: &Listing, options: &Options, diagnostics: &mut Vec<Diagnostic>) -> Roots {
    if !options.repositories.is_empty() {
        let globs = glob_set(&options.repositories, true, diagnostics);
        let roots = sorted(folders(&listing.paths).into_iter().filter(|folder| globs.is_match(folder)).map(String::from));
        return Roots { organisation: true, roots };
    }
    let is_git_root = |folder: &str| listing.git_roots.binary_search_by(|root| root.as_str().cmp(folder)).is_ok();
    // Folders with git roots in them, such as `github.com`, stand for nothing themselves.
    let groups: FxHashSet<&str> = listing.git_roots.iter().filter_map(|root| Some(root.split_once('/')?.0)).collect();
    let mut children = children(&listing.paths);
    children.retain(|child| !is_git_root(child.name) && !groups.contains(child.name));
    let own = is_git_root("") || children.iter().any(|child| child.stands_for_parent);
    let evident = children.iter().filter(|child| child.landmark && !ANYWHERE.contains(&child.name)).count();
    if own || listing.git_roots.len() + evident < 2 {
        return Roots { organisation: false, roots: around_git_roots(listing) };
    }
    let children = children.iter().filter(|child| child.landmark || child.code).map(|child| child.name.to_string());
    Roots { organisation: true, roots: sorted(children.chain(listing.git_roots.iter().cloned())) }
}

/// Folders that only the inside of a project has.
const INSIDE: [&str; 10] = ["src", "lib", "libs", "cmd", "pkg", "internal", "packages", "apps", "services", "modules"];
/// Folders that projects have and organisations may have: no evidence of either.
#[rustfmt::skip]
const ANYWHERE: [&str; 22] = [
    "api", "build", "charts", "ci", "config", "deploy", "deployment", "doc", "docker", "docs", "documentation", "e2e", "examples", "helm",
    "k8s", "kubernetes", "samples", "script", "scripts", "test", "tests", "tools",
];

/// The git roots, and the root itself if anything lies outside of them.
fn around_git_roots(listing: &Listing) -> Vec<String> {
    let is_git_root = |folder: &str| listing.git_roots.binary_search_by(|root| root.as_str().cmp(folder)).is_ok();
    let is_inside = |path: &String| path.match_indices('/').any(|(at, _)| is_git_root(&path[..at]));
    let own = listing.git_roots.is_empty() || is_git_root("") || !listing.paths.iter().all(is_inside);
    sorted(listing.git_roots.iter().cloned().chain(own.then(String::new)))
}

/// What the globs of `fleet.repositories` begin with, so that a walker need not enter folders that lead to none of them.
pub struct Heads {
    heads: Vec<String>,
}

impl Heads {
    pub fn new(globs: &[String]) -> Heads {
        let head = |glob: &String| {
            let glob = glob.trim_start_matches("./").trim_matches('/');
            let plain = glob.find(['*', '?', '[', '{', '\\']).unwrap_or(glob.len());
            let end = if plain == glob.len() { plain } else { glob[..plain].rfind('/').unwrap_or(0) };
            glob[..end].to_string()
        };
        Heads { heads: globs.iter().map(head).collect() }
    }

    /// Whether a repository can be in the folder, or the folder in a repository.
    pub fn may_lead_to(&self, folder: &str) -> bool {
        self.heads.is_empty() || self.heads.iter().any(|head| is_within(folder, head) || is_within(head, folder))
    }
}

fn sorted(roots: impl Iterator<Item = String>) -> Vec<String> {
    let mut roots: Vec<String> = roots.collect();
    roots.sort_unstable();
    roots.dedup();
    roots
}

/// Something directly below the root, as far as its files tell.
struct Child<'p> {
    name: &'p str,
    /// A landmark of the root itself: a file, or a folder that only a project has.
    stands_for_parent: bool,
    /// A folder with a landmark directly in it.
    landmark: bool,
    /// A folder with production code, in another language than that of scripts.
    code: bool,
    /// What the folder would be for, were it part of the root.
    folder: Folder,
}

fn children(paths: &[String]) -> Vec<Child<'_>> {
    let mut children: Vec<Child> = Vec::new();
    // Sorted paths bring all files of a folder one after the other.
    for path in paths {
        let Some((name, rest)) = path.split_once('/') else {
            let stands_for_parent = landmark(path).is_some();
            children.push(Child { name: path, stands_for_parent, landmark: false, code: false, folder: Folder::ROOT });
            continue;
        };
        if children.last().is_none_or(|child| child.name != name) {
            let stands_for_parent = name == ".github" || INSIDE.contains(&name);
            let folder = Folder::ROOT.enter(name, |_| false);
            children.push(Child { name, stands_for_parent, landmark: false, code: false, folder });
        }
        let child = children.last_mut().expect("one was just pushed");
        if name.starts_with('.') {
            continue;
        }
        let (folder, file) = rest.rsplit_once('/').unwrap_or(("", rest));
        child.landmark |= if folder.is_empty() { landmark(file).is_some() } else { folder.starts_with(".github") };
        child.code = child.code || is_production(child.folder, file);
    }
    children
}

fn is_production(folder: Folder, name: &str) -> bool {
    let language = Language::of_file(name);
    let is_program =
        language.is_some_and(|language| language.info().code && !matches!(language.name(), "Shell" | "Batch" | "PowerShell"));
    is_program && folder.role(name, language) == Role::Production
}

/// Every folder that holds a file, directly or not.
fn folders(paths: &[String]) -> FxHashSet<&str> {
    let mut folders = FxHashSet::default();
    for path in paths {
        // Once a folder is known, so are those above it.
        let above = path.rmatch_indices('/').map(|(at, _)| &path[..at]);
        above.take_while(|folder| folders.insert(*folder)).for_each(drop);
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `paths` separated by spaces; a path that ends with `.git` makes its folder a git root.
    fn check(paths: &str, expected: &str) {
        check_with(paths, &Options::default(), expected);
    }

    fn check_with(paths: &str, options: &Options, expected: &str) {
        let mut listing = Listing::default();
        for path in paths.split_whitespace() {
            match path.strip_suffix(".git") {
                Some(folder) => listing.git_roots.push(folder.trim_end_matches('/').into()),
                None => listing.paths.push(path.into()),
            }
        }
        listing.paths.sort();
        listing.git_roots.sort();
        let Roots { organisation, roots } = roots(&listing, options, &mut Vec::new());
        let roots: Vec<&str> = roots.iter().map(|root| if root.is_empty() { "." } else { root }).collect();
        let kind = if organisation { "organisation" } else { "repository" };
        assert_eq!(format!("{kind} {}", roots.join(" ")), expected, "{paths}");
    }

    #[test]
    fn a_folder_of_clones_is_an_organisation() {
        check("a/.git a/x.go b/.git b/x.go", "organisation a b");
        check("a/README.md a/x.go b/pom.xml b/X.java brickwork.yaml .editorconfig", "organisation a b");
        check("a/.github/workflows/ci.yml a/x.go b/catalog-info.yaml", "organisation a b");
        check("a/go.mod b/go.mod c/x.php", "organisation a b c");
    }

    #[test]
    fn a_folder_with_a_landmark_of_its_own_is_one_repository() {
        check("README.md a/go.mod b/go.mod", "repository .");
        check("docker-compose.yml frontend/package.json backend/pom.xml", "repository .");
        check(".github/workflows/ci.yml a/go.mod b/go.mod", "repository .");
        check(".git a/go.mod b/go.mod", "repository .");
        check("CODEOWNERS a/go.mod b/go.mod", "repository .");
    }

    #[test]
    fn one_project_or_none_is_one_repository() {
        check("a/go.mod a/x.go notes/todo.md", "repository .");
        check("x.go", "repository .");
        check("src/cart/go.mod src/cart/x.go src/shop/package.json deploy/k8s.yaml", "repository .");
        check("src/pom.xml docs/README.md web/package.json", "repository .");
        check("docs/README.md deploy/Chart.yaml main/x.go", "repository .");
        check(".devcontainer/Dockerfile a/go.mod a/x.go", "repository .");
        check("services/a/Dockerfile services/b/Dockerfile", "repository .");
        check("", "repository .");
    }

    #[test]
    fn a_git_root_is_a_repository_wherever_it_lies() {
        check(".git x.go libs/shared/.git libs/shared/y.go", "repository . libs/shared");
        check("README.md a/.git a/x.go b/.git b/x.go", "repository . a b");
        check("a/.git a/x.go a/y/z.go", "repository a");
        check("a/.git a/x.go notes.md", "repository . a");
        check("src/.git src/x.go b/.git b/x.go", "organisation b src");
        check(
            "github.com/org/a/.git github.com/org/a/x.go github.com/org/b/.git github.com/org/b/x.go",
            "organisation github.com/org/a github.com/org/b",
        );
        check("group/a/.git group/a/x.go group/loose.go b/.git b/x.go", "organisation b group/a");
    }

    #[test]
    fn a_clone_of_the_organisations_own_settings_is_no_landmark() {
        check(".github/.git .github/profile/README.md a/.git a/x.go", "organisation .github a");
    }

    #[test]
    fn folders_of_an_organisation_without_code_or_landmark_are_nobodys() {
        check("a/go.mod b/go.mod notes/meeting.txt loose.go .idea/x.py node_modules/x/y.js bin/run.sh", "organisation a b");
        check("a/go.mod b/go.mod docs/README.md tests/x.py old/x.py", "organisation a b docs old");
    }

    #[test]
    fn only_folders_on_the_way_to_named_repositories_are_entered() {
        let heads = Heads::new(&["services/*".into(), "./web/shop/".into(), "libs/a[1]/x".into()]);
        for folder in ["services", "services/a/b", "web", "web/shop/src", "libs", "libs/b"] {
            assert!(heads.may_lead_to(folder), "{folder}");
        }
        for folder in ["service", "services-old", "web/shopping", "web/admin", "docs"] {
            assert!(!heads.may_lead_to(folder), "{folder}");
        }
        assert!(Heads::new(&[]).may_lead_to("a") && Heads::new(&["**/svc".into()]).may_lead_to("a"));
    }

    #[test]
    fn a_policy_names_the_repositories() {
        let options = Options { repositories: vec!["services/*".into(), "web".into()], ..Options::default() };
        check_with(
            "README.md services/a/x.go services/a/b/y.go services/c/z.go web/i.ts",
            &options,
            "organisation services/a services/c web",
        );
    }
}
