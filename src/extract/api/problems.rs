//! Problems of one description: at most a handful of each kind, in the order of their places.
//!
//! A description written by a program repeats its mistake on every operation; twenty of them show what to mend, and one line says
//! how many more there are.

use crate::diagnostic::{Diagnostic, Fault};
use crate::source::{Location, floor_char_boundary};

/// One way to break a format's rules.
pub struct Kind {
    pub fault: Fault,
    /// What further ones are called: "and 3 more paths that do not begin with `/`".
    pub others: &'static str,
    /// What to do about it.
    pub help: &'static str,
}

impl Kind {
    pub const fn invalid(others: &'static str, help: &'static str) -> Kind {
        Kind { fault: Fault::ApiInvalid, others, help }
    }

    pub const fn limit(others: &'static str, help: &'static str) -> Kind {
        Kind { fault: Fault::LimitReached, others, help }
    }
}

/// How many problems of one kind are told for one file.
pub const SHOWN: u32 = 20;
/// A longer message quotes a name that nobody can read.
const MAX_MESSAGE: usize = 1000;

#[derive(Default)]
pub struct Problems {
    found: Vec<Diagnostic>,
    tallies: Vec<Tally>,
}

struct Tally {
    kind: &'static Kind,
    count: u32,
    muted: bool,
    /// Where the first one stands that is not told.
    beyond: Location,
}

impl Problems {
    /// Adds a problem, unless enough of its kind are told; then neither place nor message is worked out.
    /// What is given back takes labels and another help.
    pub fn report(
        &mut self,
        kind: &'static Kind,
        at: impl FnOnce() -> Location,
        message: impl FnOnce() -> String,
    ) -> Option<&mut Diagnostic> {
        let tally = self.tally(kind);
        if tally.muted {
            return None;
        }
        tally.count += 1;
        if tally.count > SHOWN {
            if tally.count == SHOWN + 1 {
                tally.beyond = at();
            }
            return None;
        }
        let mut message = message();
        message.truncate(floor_char_boundary(&message, MAX_MESSAGE));
        self.found.push(Diagnostic::new(kind.fault, at(), message).help(kind.help));
        self.found.last_mut()
    }

    /// Whether a problem of this kind was told.
    pub fn have(&self, kind: &'static Kind) -> bool {
        self.tallies.iter().any(|tally| std::ptr::eq(tally.kind, kind) && tally.count > 0)
    }

    /// Leaves out problems of a kind that another problem may be the cause of.
    pub fn mute(&mut self, kind: &'static Kind) {
        self.tally(kind).muted = true;
    }

    fn tally(&mut self, kind: &'static Kind) -> &mut Tally {
        let known = self.tallies.iter().position(|tally| std::ptr::eq(tally.kind, kind));
        let index = known.unwrap_or_else(|| {
            self.tallies.push(Tally { kind, count: 0, muted: false, beyond: Location::TOP });
            self.tallies.len() - 1
        });
        &mut self.tallies[index]
    }

    /// All problems, with a closing one for each kind of which there are more.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        for Tally { kind, count, beyond, .. } in self.tallies {
            if count > SHOWN {
                let message = format!("and {} more {}", count - SHOWN, kind.others);
                self.found.push(Diagnostic::new(kind.fault, beyond, message).help(kind.help));
            }
        }
        self.found.sort_by_key(|problem| problem.at);
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_problems_of_one_kind_are_told_by_their_number() {
        static MANY: Kind = Kind::invalid("wrong things", "mend them");
        static ONE: Kind = Kind::invalid("other things", "mend it");
        let at = |line| move || Location { start: line, end: line, line, column: 1 };
        let mut problems = Problems::default();
        problems.report(&ONE, at(100), || "one".to_owned());
        for line in 1..=SHOWN + 3 {
            problems.report(&MANY, at(line), || format!("wrong {line}"));
        }
        let told = problems.finish();
        assert_eq!(told.len() as u32, SHOWN + 2);
        assert_eq!(told[SHOWN as usize].message, "and 3 more wrong things");
        assert_eq!(told[SHOWN as usize].at.line, SHOWN + 1);
        assert_eq!(told.last().expect("there are some").message, "one");
    }
}
