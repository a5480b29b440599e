//! Which folders are repositories.
//!
//! - `fleet.repositories` of a policy names them; what lies outside of them is not looked at.
//! - Else a folder with a `.git` is always a repository of its own, wherever it lies (clones, submodules).
//! - Else the root is one repository, unless it is an *organisation*: a folder that holds no project itself (no build file, manifest,
//!   README, `.github`, deployment or CI file of its own) while two or more repositories lie in it. Repositories of an organisation are
//!   its git roots at any depth (`github.com/org/repo`), the folders directly below it that have such a landmark, and those that
//!   hold program code at all. Loose files and other folders of an organisation are nobody's and not looked at.
//!
//! So a mono-repo is one repository as long as anything at its top says what it is; a snapshot of one with nothing but `src/` and
//! `deploy/` at the top is one too, because those have no landmark directly in them. Deeper landmarks never make a repository: `services/*`
//! of a mono-repo look just like clones, and only a `.git` could tell them apart.

use rustc_hash::FxHashSet;

use super::exclude::glob_set;
use super::landmark::{Landmark, landmark};
use super::language::Language;
use super::{Listing, Options};
use crate::diagnostic::Diagnostic;

/// Roots of repositories below the snapshot's root, sorted; empty text is the root itself.
pub struct Roots {
    pub organisation: bool,
    pub roots: Vec<String>,
}

pub fn roots(listing: &Listing, options: &Options, diagnostics: &mut Vec<Diagnostic>) -> Roots {
    if !options.repositories.is_empty() {
        let globs = glob_set(&options.repositories, diagnostics);
        let roots = sorted(folders(&listing.paths).into_iter().filter(|folder| globs.is_match(folder)).map(String::from));
        return Roots { organisation: true, roots };
    }
    let is_git_root = |folder: &str| listing.git_roots.binary_search_by(|root| root.as_str().cmp(folder)).is_ok();
    let children = children(&listing.paths);
    let own = is_git_root("") || children.iter().any(|child| child.stands_for_parent && !is_git_root(child.name));
    let repositories: FxHashSet<&str> = children
        .iter()
        .filter(|child| child.landmark)
        .map(|child| child.name)
        .chain(listing.git_roots.iter().map(String::as_str))
        .collect();
    if own || repositories.len() < 2 {
        return Roots { organisation: false, roots: sorted(listing.git_roots.iter().cloned().chain([String::new()])) };
    }
    let groups =
        |child: &str| listing.git_roots.iter().any(|root| root.strip_prefix(child).is_some_and(|rest| rest.starts_with('/')));
    let bare = children.iter().filter(|child| child.code && !groups(child.name)).map(|child| child.name);
    Roots { organisation: true, roots: sorted(repositories.iter().copied().chain(bare).map(String::from)) }
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
        let holds = |outer: &str, inner: &str| {
            outer.is_empty() || inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.heads.is_empty() || self.heads.iter().any(|head| holds(head, folder) || holds(folder, head))
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
    /// A landmark of the root itself: a file, or the folder `.github`.
    stands_for_parent: bool,
    /// A folder with a landmark directly in it.
    landmark: bool,
    /// A folder with program code.
    code: bool,
}

fn children(paths: &[String]) -> Vec<Child<'_>> {
    let mut children: Vec<Child> = Vec::new();
    // Sorted paths bring all files of a folder one after the other.
    for path in paths {
        let Some((name, rest)) = path.split_once('/') else {
            children.push(Child { name: path, stands_for_parent: landmark(path).is_some(), landmark: false, code: false });
            continue;
        };
        if children.last().is_none_or(|child| child.name != name) {
            children.push(Child { name, stands_for_parent: name == ".github", landmark: false, code: false });
        }
        let child = children.last_mut().expect("one was just pushed");
        child.landmark |= match rest.rsplit_once('/') {
            None => matches!(landmark(rest), Some(Landmark::Project | Landmark::Readme)),
            Some((folder, _)) => folder == ".github" || folder.starts_with(".github/"),
        };
        child.code |= is_code(rest);
    }
    children
}

fn is_code(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    Language::of_file(name).is_some_and(|language| language.info().code)
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
        check("services/a/Dockerfile services/b/Dockerfile", "repository .");
        check("", "repository .");
    }

    #[test]
    fn a_git_root_is_a_repository_wherever_it_lies() {
        check(".git x.go libs/shared/.git libs/shared/y.go", "repository . libs/shared");
        check("README.md a/.git a/x.go b/.git b/x.go", "repository . a b");
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
        check("a/go.mod b/go.mod notes/meeting.txt loose.go", "organisation a b");
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
