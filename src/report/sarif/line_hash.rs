//! `primaryLocationLineHash`: the fingerprint by which GitHub knows an alert again.
//!
//! A line and the hundred characters from its beginning (blanks left out, across lines) make a polynomial hash; equal hashes of one
//! file are numbered. `upload-sarif` computes it from the checkout and complains about any other value, so it cannot carry our own
//! identity; it is given here because an upload through the REST interface has nobody else to compute it.

use rustc_hash::FxHashMap;

use crate::report::Source;
use crate::source::Encoding;

/// How many characters make the hash of a line.
const WINDOW: usize = 100;
const BASE: u64 = 37;
/// What stands for the end of the file; zeros follow it.
const END: u16 = u16::MAX;
/// Larger files are left to the uploader.
const LARGEST: usize = 4 * 1024 * 1024;

/// The hashes of the lines of one file.
pub struct LineHashes {
    lines: Vec<(u64, u32)>,
}

impl LineHashes {
    /// None for a file that the uploader, which reads everything as UTF-8, would see otherwise.
    pub fn of(source: &Source) -> Option<LineHashes> {
        if source.encoding != Encoding::Utf8 || source.text.len() > LARGEST {
            return None;
        }
        let hashes = if source.text.is_ascii() && !source.marked {
            hashes(source.text.bytes().map(u16::from))
        } else {
            hashes(source.marked.then_some(0xFEFF).into_iter().chain(source.text.encode_utf16()))
        };
        Some(LineHashes { lines: number(hashes) })
    }

    pub fn line(&self, line: u32) -> Option<String> {
        let (hash, occurrence) = self.lines.get((line as usize).checked_sub(1)?)?;
        Some(format!("{hash:x}:{occurrence}"))
    }
}

/// The hash of each line, in order.
fn hashes(units: impl Iterator<Item = u16>) -> Vec<u64> {
    let leaving = (0..WINDOW).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let mut hashes = Vec::new();
    let mut window = [0u16; WINDOW];
    // Whether the character in the window is the first of its line.
    let mut first = [false; WINDOW];
    let (mut hash, mut at) = (0u64, 0);
    let mut push = |unit: u16, begins: bool| {
        if first[at] {
            hashes.push(hash);
        }
        hash = hash.wrapping_mul(BASE).wrapping_add(unit.into()).wrapping_sub(leaving.wrapping_mul(window[at].into()));
        (window[at], first[at]) = (unit, begins);
        at = if at + 1 == WINDOW { 0 } else { at + 1 };
    };
    let (mut begins, mut after_return) = (true, false);
    for unit in units {
        let blank = unit == u16::from(b' ') || unit == u16::from(b'\t');
        let second_of_break = after_return && unit == u16::from(b'\n');
        after_return = unit == u16::from(b'\r');
        if blank || second_of_break {
            continue;
        }
        let unit = if after_return { u16::from(b'\n') } else { unit };
        push(unit, begins);
        begins = unit == u16::from(b'\n');
    }
    push(END, begins);
    (0..WINDOW).for_each(|_| push(0, false));
    hashes
}

/// Tells equal hashes of one file apart by their order.
fn number(hashes: Vec<u64>) -> Vec<(u64, u32)> {
    let mut seen: FxHashMap<u64, u32> = FxHashMap::default();
    let mut next = |hash| {
        let count = seen.entry(hash).or_default();
        *count += 1;
        (hash, *count)
    };
    hashes.into_iter().map(&mut next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        let hashes = LineHashes::of(&Source::new(text.to_owned())).expect("the text is small");
        (1..).map_while(|line| hashes.line(line)).collect()
    }

    /// The values are what `upload-sarif` computes for these texts.
    #[test]
    fn hashes_are_those_that_the_uploader_computes() {
        assert_eq!(lines(""), ["c129715d7a2bc9a3:1"]);
        assert_eq!(
            lines(" a\nb\n  \t\tc\n d"),
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]
        );
        let greeting =
            ["e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1", "b3edc88f2938467e:1"];
        for text in [
            " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n",
            " hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r",
            " hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n",
        ] {
            assert_eq!(lines(text)[..5], greeting);
        }
        let repeated = lines(&"Lorem ipsum dolor sit amet.\n".repeat(10));
        assert_eq!(repeated[..2], ["a7f2ff13bc495cf2:1", "a7f2ff13bc495cf2:2"]);
        assert_eq!(repeated[6..8], ["a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1"]);
    }
}
