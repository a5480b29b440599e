//! Policies in other repositories: files at one commit, fetched by the user's own git into a cache.
//!
//! Nothing is fetched unless a policy names a commit by its whole hash, so that what is checked never changes by itself; a commit that
//! is in the cache needs no network. The user's git brings their credentials, proxies and certificates.

use std::io;
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

use super::form::is_commit;

/// A repository at one commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinned {
    pub url: String,
    pub commit: String,
}

/// The file that is meant when a pinned policy names none.
pub const DEFAULT_PATH: &str = "brickwork.yaml";

impl Pinned {
    /// Repository and path of a name as [`Pinned::name`] writes it; None for any other text.
    pub fn of_name(name: &str) -> Option<(Pinned, &str)> {
        let (repository, path) = name.strip_prefix("git+")?.rsplit_once('#')?;
        let (url, commit) = repository.rsplit_once('@')?;
        is_commit(commit).then(|| (Pinned { url: url.to_owned(), commit: commit.to_owned() }, path))
    }

    /// The name of a file of this repository.
    pub fn name(&self, path: &str) -> String {
        format!("git+{}@{}#{path}", self.url, self.commit)
    }
}

/// True for what git is asked to fetch: a remote by a known protocol, and nothing that it could take for an option or a command.
pub fn is_fetchable(url: &str) -> bool {
    let plain = url.bytes().all(|byte| byte > b' ' && byte != 0x7f) && !url.contains("::");
    let known =
        ["https://", "ssh://", "http://", "file://"].iter().any(|scheme| url.len() > scheme.len() && url.starts_with(scheme));
    // `git@host:path`, as forges offer it to copy.
    let short = url.split_once('@').is_some_and(|(user, rest)| {
        !user.is_empty() && user.bytes().all(|byte| byte.is_ascii_alphanumeric()) && rest.contains(':') && !rest.starts_with('-')
    });
    plain && (known || (short && !url.contains("://")))
}

/// The text of a file.
pub fn read(cache: &Utf8Path, pinned: &Pinned, path: &str) -> io::Result<String> {
    let repository = fetched(cache, pinned)?;
    let bytes = run(git(&repository).args(["cat-file", "blob", &format!("{}:{path}", pinned.commit)]))
        .map_err(|_| io::Error::new(io::ErrorKind::NotFound, format!("commit {} has no file `{path}`", short(&pinned.commit))))?;
    Ok(crate::source::decode(&bytes).text.into_owned())
}

/// Paths of the YAML files below a folder, sorted.
pub fn list(cache: &Utf8Path, pinned: &Pinned, folder: &str) -> io::Result<Vec<String>> {
    let repository = fetched(cache, pinned)?;
    let mut command = git(&repository);
    command.args(["ls-tree", "-r", "-z", "--name-only", "--full-tree", &pinned.commit]);
    if !folder.is_empty() {
        command.args(["--", &format!("{folder}/")]);
    }
    let listed = String::from_utf8_lossy(&run(&mut command)?).into_owned();
    let paths = listed.split('\0').filter(|path| super::files::is_yaml(path));
    let mut paths: Vec<String> = paths.map(str::to_owned).collect();
    paths.sort();
    match paths.is_empty() {
        true => Err(io::Error::from(io::ErrorKind::NotFound)),
        false => Ok(paths),
    }
}

/// The bare repository in the cache that has the commit; fetched when it is not there yet.
fn fetched(cache: &Utf8Path, pinned: &Pinned) -> io::Result<Utf8PathBuf> {
    if !is_fetchable(&pinned.url) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "git is only asked for https, ssh, http and file URLs"));
    }
    let repository = cache.join("policies").join(folder_name(&pinned.url));
    let has_commit = || run(git(&repository).args(["cat-file", "-e", &format!("{}^{{commit}}", pinned.commit)])).is_ok();
    if repository.is_dir() && has_commit() {
        return Ok(repository);
    }
    std::fs::create_dir_all(&repository)?;
    run(git(&repository).args(["init", "--quiet", "--bare"]))?;
    let fetch = |what: &[&str]| {
        let fixed =
            ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--depth=1", "--", &pinned.url];
        run(git(&repository).args(fixed).args(what))
    };
    // Forges hand out single commits; a server that does not is asked for everything that it has.
    if let Err(error) = fetch(&[&pinned.commit]) {
        let whole = ["fetch", "--quiet", "--no-recurse-submodules", "--", &pinned.url, "+refs/*:refs/fetched/*"];
        run(git(&repository).args(whole)).map_err(|_| error)?;
    }
    match has_commit() {
        true => Ok(repository),
        false => Err(io::Error::new(io::ErrorKind::NotFound, format!("the repository has no commit {}", short(&pinned.commit)))),
    }
}

/// A folder name for a URL: readable, and different for different ones.
fn folder_name(url: &str) -> String {
    let readable = |byte: u8| if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-') { byte as char } else { '_' };
    let name: String = url.bytes().rev().take(60).collect::<Vec<_>>().into_iter().rev().map(readable).collect();
    // FNV-1a keeps apart what the readable part does not.
    let hash =
        url.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{}-{hash:016x}", name.trim_start_matches('.'))
}

fn git(repository: &Utf8Path) -> Command {
    let mut command = Command::new("git");
    command.arg("--git-dir").arg(repository);
    // A hook that runs this program sets these for its own repository.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_ALLOW_PROTOCOL", "https:ssh:http:file").env("LC_ALL", "C");
    command.stdin(Stdio::null());
    command
}

fn run(command: &mut Command) -> io::Result<Vec<u8>> {
    let output = command.output().map_err(|error| io::Error::new(error.kind(), format!("git can't be run: {error}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().rev().find(|line| line.starts_with("fatal:") || line.starts_with("error:")).or(said.lines().last());
    Err(io::Error::other(format!("git says: {}", line.unwrap_or("nothing").trim())))
}

fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repository with one commit that holds `files`; its URL and commit.
    fn repository(folder: &Utf8Path, files: &[(&str, &str)]) -> Pinned {
        let run = |arguments: &[&str]| {
            let mut command = Command::new("git");
            command.current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
            command.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]).args(arguments);
            String::from_utf8(super::run(&mut command).expect("git runs")).expect("git writes text")
        };
        run(&["init", "--quiet"]);
        for (path, text) in files {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("folders can be made");
            std::fs::write(path, text).expect("files can be written");
        }
        run(&["add", "."]);
        run(&["commit", "--quiet", "-m", "policies"]);
        Pinned { url: format!("file://{folder}"), commit: run(&["rev-parse", "HEAD"]).trim().to_owned() }
    }

    #[test]
    fn a_commit_is_fetched_once_and_then_read_from_the_cache() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let folder = Utf8Path::from_path(folder.path()).expect("a path in UTF-8");
        let (origin, cache) = (folder.join("origin"), folder.join("cache"));
        std::fs::create_dir(&origin).expect("folders can be made");
        let pinned = repository(&origin, &[("org/brickwork.yaml", "extends: strict\n"), ("org/rules/a.yaml", "id: a\n")]);
        assert_eq!(read(&cache, &pinned, "org/brickwork.yaml").expect("the file is in the commit"), "extends: strict\n");
        std::fs::remove_dir_all(&origin).expect("folders can be removed");
        assert_eq!(read(&cache, &pinned, "org/rules/a.yaml").expect("no network is needed"), "id: a\n");
        assert_eq!(list(&cache, &pinned, "org/rules").expect("the folder is in the commit"), ["org/rules/a.yaml"]);
        assert_eq!(read(&cache, &pinned, "x.yaml").expect_err("no such file").kind(), io::ErrorKind::NotFound);
        let other = Pinned { commit: "0".repeat(40), ..pinned };
        assert!(read(&cache, &other, "x.yaml").expect_err("no such commit").to_string().starts_with("git says:"));
    }

    #[test]
    fn only_remotes_are_fetched() {
        for url in ["https://example.com/a", "ssh://git@example.com/a", "git@example.com:org/a.git", "file:///srv/a"] {
            assert!(is_fetchable(url), "{url}");
        }
        for url in
            ["--upload-pack=x", "ext::sh -c x", "/srv/a", "-x@host:a", "git@-host:a", "https://", "https://a b", "", "ftp://a/b"]
        {
            assert!(!is_fetchable(url), "{url}");
        }
    }

    #[test]
    fn names_tell_repository_and_path() {
        let pinned = Pinned { url: "ssh://git@example.com/a".into(), commit: "a".repeat(40) };
        assert_eq!(Pinned::of_name(&pinned.name("x/y.yaml")), Some((pinned, "x/y.yaml")));
        assert_eq!(Pinned::of_name("git+https://example.com/a@main#x.yaml"), None);
        assert_eq!(Pinned::of_name("x.yaml"), None);
    }
}
