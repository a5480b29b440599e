//! Which of many marks stand in a text.
//!
//! Every file of code goes through here, and most hold none or few, so a step of the search is a load, a multiplication and a look at a small
//! table: three bytes of each mark, those that stand in the fewest other texts, say where it may be. An automaton of all marks takes
//! several times as long, because its tables don't fit the processor's nearest memory.

/// The sieve has this many bits of a hash.
const BITS: u32 = 13;

/// Texts to look for, each of three bytes or more.
pub struct Search {
    /// By hash of three bytes: one more than the first candidate; 0 for none.
    heads: Vec<u16>,
    candidates: Vec<Candidate>,
}

struct Candidate {
    mark: &'static [u8],
    /// Where in the mark its three bytes stand.
    offset: usize,
    /// As the caller counts.
    index: usize,
    /// One more than the next candidate of the same hash.
    next: u16,
}

impl Search {
    pub fn new(marks: &[&'static str]) -> Search {
        let mut search = Search { heads: vec![0; 1 << BITS], candidates: Vec::with_capacity(marks.len()) };
        for (index, mark) in marks.iter().enumerate() {
            let mark = mark.as_bytes();
            let windows = mark.windows(3).enumerate();
            let Some((offset, window)) = windows.max_by_key(|(_, window)| rarity(window)) else { continue };
            let head = &mut search.heads[hash(key(window))];
            search.candidates.push(Candidate { mark, offset, index, next: *head });
            *head = search.candidates.len() as u16;
        }
        search
    }

    /// Tells of each mark in the text, once or more often.
    pub fn each(&self, text: &str, mut found: impl FnMut(usize)) {
        let bytes = text.as_bytes();
        for (at, window) in bytes.windows(3).enumerate() {
            let mut next = self.heads[hash(key(window))];
            while next != 0 {
                let candidate = &self.candidates[next as usize - 1];
                let stands = at.checked_sub(candidate.offset).is_some_and(|start| bytes[start..].starts_with(candidate.mark));
                if stands {
                    found(candidate.index);
                }
                next = candidate.next;
            }
        }
    }
}

fn key(window: &[u8]) -> u32 {
    u32::from(window[0]) | u32::from(window[1]) << 8 | u32::from(window[2]) << 16
}

/// Fibonacci hashing: the upper bits of a product with 2^32 divided by the golden ratio (Knuth, The Art of Computer Programming, 6.4).
fn hash(key: u32) -> usize {
    (key.wrapping_mul(0x9E37_79B1) >> (32 - BITS)) as usize
}

/// How seldom three bytes stand together: small letters are everywhere, other characters are not.
fn rarity(window: &[u8]) -> u32 {
    let of = |byte: &u8| match byte {
        b'j' | b'q' | b'x' | b'z' | b'k' | b'w' | b'v' => 3,
        b'a'..=b'z' | b' ' => 1,
        b'A'..=b'Z' => 4,
        _ => 3,
    };
    window.iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::code::DIALECTS;

    #[track_caller]
    fn check(marks: &[&'static str], text: &str, expected: &[usize]) {
        let mut found = Vec::new();
        Search::new(marks).each(text, |index| found.push(index));
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn marks_are_found_wherever_they_stand() {
        let marks = ["abc", "bcd", "get(", "express", "routes.draw"];
        check(&marks, "abcd", &[0, 1]);
        check(&marks, "x.get(", &[2]);
        check(&marks, "an expressive text of routes.drawn", &[3, 4]);
        check(&marks, "ab", &[]);
        check(&marks, "expres routes draw get (", &[]);
        check(&["same", "same"], "the same", &[0, 1]);
    }

    #[test]
    fn every_mark_is_long_enough() {
        let own = DIALECTS.iter().flat_map(|dialect| dialect.marks);
        let all = own.chain(DIALECTS.iter().flat_map(|dialect| dialect.frameworks).flat_map(|framework| framework.marks));
        let short: Vec<_> = all.filter(|mark| mark.len() < 3).collect();
        assert_eq!(short, [] as [&&str; 0]);
    }

    proptest::proptest! {
        #[test]
        fn they_are_found_as_a_plain_search_finds_them(text in "[abc. (]{0,40}") {
            let marks = ["abc", "a.b", "cab", "bca(", " (a", "aaaa", "c.c.c"];
            let expected: Vec<usize> = (0..marks.len()).filter(|&index| text.contains(marks[index])).collect();
            check(&marks, &text, &expected);
        }
    }
}
