//! `.gitignore`: which paths a repository does not want to be seen.
//!
//! Text of a file comes in; [`GitIgnore::decides`] tells of a path whether it is ignored, or taken back by `!`. A fleet has hundreds of these
//! files with a dozen plain patterns each, so they are compared as written: compiling them costs more than all comparing. Folders nest
//! in [`Ignores`], the innermost file that says anything decides.

use std::sync::Arc;

/// The patterns of one file, in its order.
pub struct GitIgnore {
    patterns: Vec<Pattern>,
    /// True when there are more patterns than are looked at.
    pub cut: bool,
}

/// No one writes so many by hand; a file that has more would make time grow with patterns times paths.
const MOST_PATTERNS: usize = 5_000;

struct Pattern {
    form: Form,
    /// `!`: what matches is not ignored after all.
    negated: bool,
    /// A `/` at the end: only folders match.
    folders_only: bool,
}

enum Form {
    /// A plain name at any depth.
    Name(Box<[u8]>),
    /// `*` and a plain ending, at any depth.
    Ending(Box<[u8]>),
    /// A glob over the name alone.
    NameGlob(Box<[u8]>),
    /// A glob over the path below the file's folder.
    PathGlob(Box<[u8]>),
}

impl GitIgnore {
    pub fn parse(text: &[u8]) -> GitIgnore {
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let mut patterns = text.split(|&byte| byte == b'\n').filter_map(pattern);
        let kept = patterns.by_ref().take(MOST_PATTERNS).collect();
        GitIgnore { patterns: kept, cut: patterns.next().is_some() }
    }

    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Of a path below the file's folder: true for ignored, false for taken back, none when no pattern matches.
    pub fn decides(&self, path: &str, is_folder: bool) -> Option<bool> {
        let path = path.as_bytes();
        let name = &path[memchr::memrchr(b'/', path).map_or(0, |at| at + 1)..];
        let matches = |pattern: &&Pattern| {
            (is_folder || !pattern.folders_only)
                && match &pattern.form {
                    Form::Name(text) => **text == *name,
                    Form::Ending(text) => name.ends_with(text),
                    Form::NameGlob(glob) => glob_matches(glob, name),
                    Form::PathGlob(glob) => glob_matches(glob, path),
                }
        };
        self.patterns.iter().rev().find(matches).map(|pattern| !pattern.negated)
    }
}

fn pattern(line: &[u8]) -> Option<Pattern> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.starts_with(b"#") {
        return None;
    }
    let mut text = line;
    while let Some(shorter) = text.strip_suffix(b" ").filter(|shorter| !shorter.ends_with(b"\\")) {
        text = shorter;
    }
    let negated = text.starts_with(b"!");
    text = text.strip_prefix(b"!").unwrap_or(text);
    let folders_only = text.ends_with(b"/");
    text = text.strip_suffix(b"/").unwrap_or(text);
    let anchored = text.contains(&b'/');
    text = text.strip_prefix(b"/").unwrap_or(text);
    if text.is_empty() {
        return None;
    }
    let is_plain = |text: &[u8]| !text.iter().any(|byte| matches!(byte, b'*' | b'?' | b'[' | b'\\'));
    let form = match text.strip_prefix(b"*") {
        _ if anchored => Form::PathGlob(text.into()),
        None if is_plain(text) => Form::Name(text.into()),
        Some(ending) if is_plain(ending) => Form::Ending(ending.into()),
        _ => Form::NameGlob(text.into()),
    };
    Some(Pattern { form, negated, folders_only })
}

/// Matches as git does: `*`, `?` and `[…]` stay within a name, `**` between slashes stands for any folders.
fn glob_matches(glob: &[u8], text: &[u8]) -> bool {
    let (mut at, mut from) = (0, 0);
    // Where to go on when a comparison fails: behind the last `*`, and behind the last `**/`. Going back to the last of each is enough,
    // because the first place where what stands before it fits leaves the most for the rest.
    let mut star: Option<(usize, usize)> = None;
    let mut folders: Option<(usize, usize)> = None;
    loop {
        let starts_name = at == 0 || glob[at - 1] == b'/';
        match glob.get(at) {
            None if from == text.len() => return true,
            Some(b'*') if starts_name && glob[at..].starts_with(b"**/") => {
                at += 3;
                folders = Some((at, from));
                star = None;
                continue;
            }
            // Everything in a folder, which is at least one name.
            Some(b'*') if starts_name && &glob[at..] == b"**" => return from < text.len(),
            Some(b'*') => {
                at += 1;
                star = Some((at, from));
                continue;
            }
            Some(b'?') if text.get(from).is_some_and(|&byte| byte != b'/') => {
                at += 1;
                from += 1;
                continue;
            }
            Some(b'[') if text.get(from).is_some_and(|&byte| byte != b'/') => {
                if let Some((holds, end)) = class_holds(&glob[at..], text[from])
                    && holds
                {
                    at += end;
                    from += 1;
                    continue;
                }
            }
            Some(b'\\') if glob.get(at + 1).is_some() && glob.get(at + 1) == text.get(from) => {
                at += 2;
                from += 1;
                continue;
            }
            Some(byte) if !matches!(byte, b'?' | b'[' | b'\\') && Some(byte) == text.get(from) => {
                at += 1;
                from += 1;
                continue;
            }
            _ => {}
        }
        if let Some((after, tried)) = star
            && text.get(tried).is_some_and(|&byte| byte != b'/')
        {
            star = Some((after, tried + 1));
            (at, from) = (after, tried + 1);
        } else if let Some((after, tried)) = folders
            && let Some(length) = memchr::memchr(b'/', &text[tried..])
        {
            let next = tried + length + 1;
            folders = Some((after, next));
            star = None;
            (at, from) = (after, next);
        } else {
            return false;
        }
    }
}

/// Whether a class at the beginning of `glob` holds the byte, and where the class ends; none when it does not end.
fn class_holds(glob: &[u8], byte: u8) -> Option<(bool, usize)> {
    let mut at = 1;
    let negated = matches!(glob.get(at), Some(b'!' | b'^'));
    at += usize::from(negated);
    let first = at;
    let mut holds = false;
    loop {
        let mut low = *glob.get(at)?;
        if low == b']' && at > first {
            return Some((holds != negated, at + 1));
        }
        if low == b'\\' {
            at += 1;
            low = *glob.get(at)?;
        }
        if glob.get(at + 1) == Some(&b'-') && glob.get(at + 2).is_some_and(|&high| high != b']') {
            at += 2;
            let mut high = *glob.get(at)?;
            if high == b'\\' {
                at += 1;
                high = *glob.get(at)?;
            }
            holds |= (low..=high).contains(&byte);
        } else {
            holds |= low == byte;
        }
        at += 1;
    }
}

/// The `.gitignore` of a folder with those of the folders above it.
pub struct Ignores {
    own: GitIgnore,
    /// How much of a path below the snapshot's root is the folder's.
    below: usize,
    /// For a folder above the snapshot's root: what leads from it to that root, with a `/` at the end.
    lead: String,
    above: Option<Arc<Ignores>>,
}

impl Ignores {
    /// `folder` is below the snapshot's root.
    pub fn of_folder(folder: &str, own: GitIgnore, above: Option<Arc<Ignores>>) -> Arc<Ignores> {
        let below = if folder.is_empty() { 0 } else { folder.len() + 1 };
        Arc::new(Ignores { own, below, lead: String::new(), above })
    }

    /// `lead` is the way from a folder above the snapshot's root to that root.
    pub fn of_folder_above(lead: &str, own: GitIgnore, above: Option<Arc<Ignores>>) -> Arc<Ignores> {
        Arc::new(Ignores { own, below: 0, lead: format!("{lead}/"), above })
    }

    /// Whether a path below the snapshot's root is ignored.
    pub fn covers(&self, path: &str, is_folder: bool) -> bool {
        let mut next = Some(self);
        while let Some(ignores) = next {
            let decided = match ignores.lead.as_str() {
                "" => ignores.own.decides(&path[ignores.below..], is_folder),
                lead => ignores.own.decides(&format!("{lead}{path}"), is_folder),
            };
            if let Some(ignored) = decided {
                return ignored;
            }
            next = ignores.above.as_deref();
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, ignored: &[&str], seen: &[&str]) {
        let file = GitIgnore::parse(text.as_bytes());
        let covers = |path: &str| {
            let folder = path.ends_with('/');
            file.decides(path.trim_end_matches('/'), folder).unwrap_or(false)
        };
        for path in ignored {
            assert!(covers(path), "{path} of {text:?}");
        }
        for path in seen {
            assert!(!covers(path), "{path} of {text:?}");
        }
    }

    #[test]
    fn patterns_match_as_git_says() {
        check("target", &["target", "a/target/", "a/b/target"], &["targets", "target2/"]);
        check("target/", &["target/", "a/target/"], &["target", "a/target"]);
        check("/target", &["target", "target/"], &["a/target"]);
        check("a/b", &["a/b", "a/b/"], &["x/a/b"]);
        check("*.log", &["x.log", "a/.log"], &["x.log.txt", "log"]);
        check("a*.log", &["a.log", "b/ab.log"], &["b.log", "a/b.log"]);
        check("/*.log", &["x.log"], &["a/x.log"]);
        check("docs/*.md", &["docs/a.md"], &["docs/a/b.md", "x/docs/a.md"]);
        check("**/gen/*.go", &["gen/a.go", "x/y/gen/a.go"], &["gen/x/a.go"]);
        check("a/**/b", &["a/b", "a/x/b", "a/x/y/b"], &["a/xb", "ab"]);
        check("a/**", &["a/x", "a/x/y"], &["a", "a/"]);
        check("foo**bar", &["fooxbar", "foobar"], &["foo/bar"]);
        check("a?c", &["abc"], &["ac", "a/c", "abbc"]);
        check("[a-c]x\n[!a]y\n[]z]w", &["bx", "by", "]w", "zw"], &["dx", "ay", "a/"]);
        check("a[b", &[], &["a[b", "ab"]);
    }

    #[test]
    fn lines_are_read_as_git_reads_them() {
        check("\u{FEFF}a\r\n# b\r\n\r\nc \n", &["a", "c"], &["b", "# b", "c "]);
        check("\\#a\n\\!b\nc\\ \n", &["#a", "!b", "c "], &["a", "b", "c"]);
        check("/\n!\n!/\n", &[], &["a", "/"]);
    }

    #[test]
    fn the_last_pattern_that_matches_decides() {
        check("*.env\n!public.env\nold/public.env", &["a.env", "old/public.env"], &["public.env", "a/public.env"]);
        check("!a\na", &["a"], &[]);
    }

    #[test]
    fn the_innermost_file_that_says_anything_decides() {
        let parse = |text: &str| GitIgnore::parse(text.as_bytes());
        let top = Ignores::of_folder_above("services/shop", parse("*.log\n/services/shop/tmp"), None);
        let root = Ignores::of_folder("", parse("!keep.log\n/out"), Some(top));
        let inner = Ignores::of_folder("web", parse("/out/\n!/x.log"), Some(Arc::clone(&root)));
        for (ignores, path) in [(&root, "a.log"), (&root, "tmp"), (&root, "out"), (&inner, "web/a.log"), (&inner, "web/out")] {
            assert!(ignores.covers(path, true), "{path}");
        }
        for (ignores, path) in [(&root, "keep.log"), (&root, "web/tmp"), (&inner, "web/x.log"), (&inner, "web/keep.log")] {
            assert!(!ignores.covers(path, true), "{path}");
        }
        assert!(!inner.covers("web/out", false), "no folder");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// Another implementation agrees, but for runs of asterisks beside other characters, empty names and negated classes, where it
        /// differs from git.
        #[test]
        fn agrees_with_the_walker_of_other_tools(
            lines in proptest::collection::vec("!?/?((\\*?([ab?.]|\\[ab\\])){1,3}\\*?|\\*\\*|\\*)(/((\\*?([ab?.]|\\[ab\\])){1,3}\\*?|\\*\\*|\\*)){0,2}/?", 1..4),
            path in "[ab][ab.]{0,2}(/[ab][ab.]{0,2}){0,3}",
            folder: bool,
        ) {
            let mut builder = ignore::gitignore::GitignoreBuilder::new("");
            for line in &lines {
                prop_assume!(builder.add_line(None, line).is_ok());
            }
            let theirs = builder.build().expect("lines were accepted");
            let theirs = match theirs.matched(&path, folder) {
                ignore::Match::None => None,
                ignore::Match::Ignore(_) => Some(true),
                ignore::Match::Whitelist(_) => Some(false),
            };
            let ours = GitIgnore::parse(lines.join("\n").as_bytes()).decides(&path, folder);
            prop_assert_eq!(ours, theirs, "{:?}", lines);
        }
    }

    #[test]
    fn time_stays_linear_for_hostile_patterns() {
        let glob = "*a".repeat(2_000);
        check(&format!("{glob}b\n{}b", "**/a*/".repeat(500)), &[], &["a".repeat(4_000).as_str(), "a/".repeat(1_000).as_str()]);
        assert!(GitIgnore::parse("x\n".repeat(MOST_PATTERNS + 1).as_bytes()).cut);
        assert!(!GitIgnore::parse("x\n".repeat(MOST_PATTERNS).as_bytes()).cut);
    }
}
