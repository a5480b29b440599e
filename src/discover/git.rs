//! What the files of a `.git` tell without running git: where a work tree begins, and what its repository is called.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};

/// The top of the work tree that holds the folder: the nearest folder upwards with a `.git`.
pub fn top(folder: &Utf8Path) -> Option<&Utf8Path> {
    folder.ancestors().find(|folder| folder.join(".git").symlink_metadata().is_ok())
}

/// What the repository at the top of a work tree is called: as its origin is, because folders are called by chance (`workspace`,
/// `repo`, a branch); else as its folder is.
pub fn name(top: &Utf8Path) -> Option<String> {
    let origin = config(top).and_then(|config| origin(&config).map(String::from));
    origin.or_else(|| top.file_name().map(String::from))
}

fn config(top: &Utf8Path) -> Option<String> {
    let mut folder = top.join(".git");
    // A linked work tree and a submodule have a file that says where the folder is.
    if let Ok(text) = fs::read_to_string(&folder) {
        folder = top.join(text.strip_prefix("gitdir:")?.trim());
        if let Ok(common) = fs::read_to_string(folder.join("commondir")) {
            folder = folder.join(Utf8PathBuf::from(common.trim()));
        }
    }
    fs::read_to_string(folder.join("config")).ok()
}

/// The last part of the origin's URL.
fn origin(config: &str) -> Option<&str> {
    let mut lines = config.lines().map(str::trim).skip_while(|line| *line != "[remote \"origin\"]").skip(1);
    let url = lines.by_ref().take_while(|line| !line.starts_with('[')).find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "url").then_some(value.trim())
    })?;
    let last = url.trim_end_matches('/').rsplit(['/', ':', '\\']).next()?;
    let name = last.strip_suffix(".git").unwrap_or(last);
    (!name.is_empty() && !name.starts_with('.')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_names_the_repository() {
        let cases = [
            ("git@github.com:acme/orders.git", Some("orders")),
            ("https://github.com/acme/orders", Some("orders")),
            ("https://gitlab.example.com/acme/shop/orders.git/", Some("orders")),
            ("ssh://git@host:22/orders.git", Some("orders")),
            ("host:orders", Some("orders")),
            ("..", None),
            ("", None),
        ];
        for (url, name) in cases {
            let config =
                format!("[core]\n\tbare = false\n[remote \"origin\"]\n\turl = {url}\n\tfetch = x\n[remote \"b\"]\n\turl = no\n");
            assert_eq!(origin(&config), name, "{url}");
        }
        assert_eq!(origin("[remote \"upstream\"]\nurl = a/b\n"), None);
        assert_eq!(origin("[remote \"origin\"]\n[other]\nurl = a/b\n"), None);
    }

    #[test]
    fn a_linked_work_tree_is_called_like_its_repository() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = Utf8Path::from_path(folder.path()).expect("a plain path");
        let write = |path: &str, text: &str| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("below the root")).expect("a folder");
            fs::write(path, text).expect("a file");
        };
        write("main/.git/config", "[remote \"origin\"]\nurl = host:orders.git\n");
        write("main/.git/worktrees/fix/commondir", "../..\n");
        write("fix/.git", "gitdir: ../main/.git/worktrees/fix\n");
        write("plain/a/b.txt", "");
        assert_eq!(name(&root.join("main")).as_deref(), Some("orders"));
        assert_eq!(name(&root.join("fix")).as_deref(), Some("orders"));
        assert_eq!(name(&root.join("plain")).as_deref(), Some("plain"));
        assert_eq!(top(&root.join("fix/x/y")), Some(root.join("fix").as_path()));
    }
}
