//! Which of many marks stand in a text.
//!
//! Every file of code goes through here, and most hold none or few, so a step of the search is a load, a multiplication and a look at a small
//! table: three bytes of each mark, those that stand in the fewest other texts, say where it may be. An automaton of all marks takes
//! several times as long, because its tables don't fit the processor's nearest memory.

/// Three bytes are told apart by this many bits of a hash.
const BITS: u32 = 13;
const SIZE: usize = 1 << BITS;

/// Texts to look for, each of three bytes or more.
pub struct Search {
    /// By hash of three bytes: whether there are candidates.
    sieve: Box<[bool; SIZE]>,
    /// By hash: one more than the first candidate; 0 for none.
    heads: Box<[u16; SIZE]>,
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
        let (sieve, heads) = (Box::new([false; SIZE]), Box::new([0; SIZE]));
        let mut search = Search { sieve, heads, candidates: Vec::with_capacity(marks.len()) };
        for (index, mark) in marks.iter().enumerate() {
            let mark = mark.as_bytes();
            let windows = mark.windows(3).enumerate();
            let Some((offset, window)) = windows.max_by_key(|(_, window)| rarity(window)) else { continue };
            let hash = hash(u32::from_le_bytes([window[0], window[1], window[2], 0]));
            search.candidates.push(Candidate { mark, offset, index, next: search.heads[hash] });
            search.heads[hash] = search.candidates.len() as u16;
            search.sieve[hash] = true;
        }
        search
    }

    /// Tells of each mark in the text, once or more often.
    pub fn each(&self, text: &str, mut found: impl FnMut(usize)) {
        let bytes = text.as_bytes();
        let mut from = 0;
        while let Some(at) = self.next(bytes, from) {
            self.tell(bytes, at, &mut found);
            from = at + 1;
        }
        if let Some(at) = bytes.len().checked_sub(3) {
            self.tell(bytes, at, &mut found);
        }
    }

    /// The next place, with a byte behind its three, at which a mark may stand.
    #[inline(never)]
    fn next(&self, bytes: &[u8], from: usize) -> Option<usize> {
        let windows = bytes[from..].array_windows().position(|window| self.sieve[hash(u32::from_le_bytes(*window))]);
        windows.map(|offset| from + offset)
    }

    fn tell(&self, bytes: &[u8], at: usize, found: &mut impl FnMut(usize)) {
        let mut next = self.heads[hash(u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], 0]))];
        while let Some(candidate) = (next as usize).checked_sub(1).map(|index| &self.candidates[index]) {
            if at.checked_sub(candidate.offset).is_some_and(|start| bytes[start..].starts_with(candidate.mark)) {
                found(candidate.index);
            }
            next = candidate.next;
        }
    }
}

/// Of the lower three bytes. Fibonacci hashing: the upper bits of a product with 2^32 divided by the golden ratio (Knuth, The Art of Computer
/// Programming, 6.4); a byte above falls out of the product, because the factor is shifted by as much.
fn hash(bytes: u32) -> usize {
    (bytes.wrapping_mul(0x9E37_79B1 << 8) >> (32 - BITS)) as usize
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
