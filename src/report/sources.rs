//! The text of files that a report shows, read again when it is needed.
//!
//! Paths below a root come in; decoded text with a line index goes out, from a cache whose size is bounded. A file that is
//! gone, or whose text no longer fits a place, gives nothing: reporters then say the place without showing it.

use std::collections::VecDeque;
use std::fs;
use std::rc::Rc;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::FxHashMap;

use super::stays_inside;
use crate::evaluate::finding::Place;
use crate::source::{self, Encoding, LineIndex, Location};

/// How many bytes of text the cache holds before it drops the oldest file.
const CACHE: usize = 8 * 1024 * 1024;
/// How many files stay in the cache however large they are: those that one finding may speak of in turn.
const KEPT: usize = 4;
/// What a file costs the cache beside its text, so that many small or missing files stay bounded too.
const ENTRY: usize = 256;
/// How far from the beginning of its line a column is still counted to see whether the file is unchanged.
const CHECKED: usize = 4096;

/// Files below one root.
pub struct Sources {
    root: Option<Utf8PathBuf>,
    held: FxHashMap<Arc<str>, Option<Rc<Source>>>,
    /// Paths in the order in which they came.
    order: VecDeque<Arc<str>>,
    bytes: usize,
}

/// The text of one file.
pub struct Source {
    pub text: String,
    pub lines: LineIndex,
    pub encoding: Encoding,
    /// True when the file begins with a byte order mark, which is not part of `text`.
    pub marked: bool,
}

impl Source {
    pub fn new(text: String) -> Self {
        Source { lines: LineIndex::new(&text), text, encoding: Encoding::Utf8, marked: false }
    }

    fn decode(bytes: Vec<u8>) -> Self {
        let decoded = source::decode(&bytes);
        let marked = bytes.starts_with(b"\xEF\xBB\xBF");
        Source { encoding: decoded.encoding, marked, ..Source::new(decoded.text.into_owned()) }
    }

    /// Whether a place taken from an earlier reading of this file can still be here.
    pub fn fits(&self, at: Location) -> bool {
        let (start, end) = (at.start as usize, at.end as usize);
        if start > end || !self.text.is_char_boundary(start) || !self.text.is_char_boundary(end) {
            return false;
        }
        if at.line == 0 || at.column == 0 || self.lines.line(start) != at.line {
            return false;
        }
        let line_start = self.lines.line_start(at.line);
        start - line_start > CHECKED || self.text[line_start..start].chars().count() + 1 == at.column as usize
    }

    /// Line and column of the end of a place that fits: one past its last character.
    pub fn end(&self, at: Location) -> (u32, u32) {
        let spanned = &self.text[at.span().range()];
        match memchr::memrchr(b'\n', spanned.as_bytes()) {
            None => (at.line, at.column + spanned.chars().count() as u32),
            Some(newline) => (self.lines.line(at.end as usize), spanned[newline + 1..].chars().count() as u32 + 1),
        }
    }

    /// The byte range of a line, without its line break.
    pub fn line(&self, line: u32) -> std::ops::Range<usize> {
        let start = self.lines.line_start(line);
        let end = if line as usize >= self.lines.lines() { self.text.len() } else { self.lines.line_start(line + 1) - 1 };
        let carriage_return = self.text[start..end].ends_with('\r');
        start..end - usize::from(carriage_return)
    }
}

impl Sources {
    pub fn below(root: Option<&Utf8Path>) -> Self {
        Sources { root: root.map(Utf8Path::to_owned), held: FxHashMap::default(), order: VecDeque::new(), bytes: 0 }
    }

    /// Adds a text that is on no disk, or not at the place that its path says.
    pub fn hold(&mut self, path: &Arc<str>, text: &str) {
        self.keep(path, Some(Rc::new(Source::decode(text.as_bytes().to_vec()))));
    }

    /// The text of a file, if it can be read.
    pub fn source(&mut self, path: &Arc<str>) -> Option<Rc<Source>> {
        if let Some(held) = self.held.get(path) {
            let held = held.clone();
            self.touch(path);
            return held;
        }
        let read = self.read(path).map(Rc::new);
        self.keep(path, read.clone());
        read
    }

    /// The text of a place's file, if the place can still be shown in it.
    pub fn showing(&mut self, place: &Place) -> Option<Rc<Source>> {
        if place.foreign {
            return None;
        }
        self.source(&place.path).filter(|source| source.fits(place.at))
    }

    /// Line and column of the end of a place, if they can be told.
    pub fn end(&mut self, place: &Place) -> Option<(u32, u32)> {
        if place.at.start == place.at.end {
            return Some((place.at.line, place.at.column));
        }
        self.showing(place).map(|source| source.end(place.at))
    }

    fn read(&self, path: &str) -> Option<Source> {
        let root = self.root.as_ref()?;
        // A link that leads out of the folder was not followed when the file was to be read, and is not shown either.
        let resolved = root.join(path).canonicalize_utf8().ok()?;
        if stays_inside(path) && !resolved.starts_with(root.canonicalize_utf8().ok()?) {
            return None;
        }
        let path = resolved;
        let about = fs::metadata(&path).ok()?;
        if !about.is_file() || about.len() > source::MAX_FILE {
            return None;
        }
        fs::read(&path).ok().map(Source::decode)
    }

    /// Puts a path that was used lately at the end of the order: findings of one large file speak of the policy's file in turn.
    fn touch(&mut self, path: &Arc<str>) {
        let lately = self.order.len().saturating_sub(2 * KEPT);
        if let Some(place) = self.order.range(lately..).position(|known| known == path) {
            let path = self.order.remove(lately + place).expect("the place was found in this very order");
            self.order.push_back(path);
        }
    }

    fn keep(&mut self, path: &Arc<str>, source: Option<Rc<Source>>) {
        self.bytes += size(&source);
        self.held.insert(Arc::clone(path), source);
        self.order.push_back(Arc::clone(path));
        while self.bytes > CACHE && self.order.len() > KEPT {
            let Some(oldest) = self.order.pop_front() else { break };
            if let Some(dropped) = self.held.remove(&oldest) {
                self.bytes -= size(&dropped);
            }
        }
    }
}

fn size(source: &Option<Rc<Source>>) -> usize {
    ENTRY + source.as_ref().map_or(0, |source| source.text.len() + 4 * source.lines.lines())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn place(source: &Source, needle: &str) -> Location {
        let start = source.text.find(needle).expect("the needle is in the text");
        source.lines.location(&source.text, Span::new(start, start + needle.len()))
    }

    #[test]
    fn ends_count_lines_and_code_points() {
        let source = Source::new("a: é𝄞\r\nb: c\n".to_owned());
        assert_eq!(source.end(place(&source, "é𝄞")), (1, 6));
        assert_eq!(source.end(place(&source, "𝄞\r\nb")), (2, 2));
        assert_eq!(source.end(place(&source, "c\n")), (3, 1));
        assert_eq!(&source.text[source.line(1)], "a: é𝄞");
        assert_eq!(&source.text[source.line(3)], "");
    }

    #[test]
    fn a_place_of_another_text_does_not_fit() {
        let before = Source::new("one\ntwo: three\n".to_owned());
        let at = place(&before, "three");
        assert!(before.fits(at));
        for changed in ["one\n\ntwo: three\n", "one two: three\n", "one\n", "", "one\n𝄞𝄞𝄞𝄞𝄞𝄞"] {
            assert!(!Source::new(changed.to_owned()).fits(at), "{changed:?}");
        }
    }

    #[test]
    fn the_cache_is_bounded_and_files_come_again() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = Utf8Path::from_path(folder.path()).expect("a path in Unicode");
        let paths: Vec<Arc<str>> = (0..12).map(|number| Arc::from(format!("{number}.txt"))).collect();
        for path in &paths {
            fs::write(root.join(&**path), "x".repeat(CACHE / 8)).expect("the folder can be written");
        }
        let mut sources = Sources::below(Some(root));
        for path in paths.iter().chain(&paths) {
            assert!(sources.source(path).is_some());
            assert!(sources.bytes <= CACHE);
        }
        assert!(sources.source(&Arc::from("missing.txt")).is_none());
        assert!(sources.source(&Arc::from(".")).is_none(), "a folder is no file");
    }

    /// Findings of one large description and the policy that asks for them, one after the other.
    #[test]
    fn a_large_file_stays_while_findings_speak_of_it() {
        let mut sources = Sources::below(None);
        let (large, policy): (Arc<str>, Arc<str>) = ("large.json".into(), "brickwork.yaml".into());
        sources.hold(&large, &"x".repeat(2 * CACHE));
        sources.hold(&policy, "extends: strict");
        for number in 0..20 {
            assert!(sources.source(&large).is_some() && sources.source(&policy).is_some());
            sources.hold(&format!("{number}.txt").into(), "small");
        }
    }

    #[cfg(unix)]
    #[test]
    fn no_link_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let top = Utf8Path::from_path(folder.path()).expect("a path in Unicode");
        let root = top.join("root");
        fs::create_dir(&root).expect("a folder");
        fs::write(top.join("beside.yaml"), "secret").expect("a file");
        fs::write(root.join("inside.yaml"), "shown").expect("a file");
        for (target, link) in [("../beside.yaml", "away.yaml"), ("inside.yaml", "here.yaml")] {
            std::os::unix::fs::symlink(target, root.join(link)).expect("a link");
        }
        let mut sources = Sources::below(Some(&root));
        let mut text = |path: &str| sources.source(&Arc::from(path)).map(|source| source.text.clone());
        assert_eq!(text("away.yaml"), None);
        assert_eq!(text("here.yaml").as_deref(), Some("shown"));
        assert_eq!(text("../beside.yaml").as_deref(), Some("secret"), "a policy may name what lies beside the folder");
    }
}
