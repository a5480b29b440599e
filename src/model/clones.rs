//! Code that several services hold a copy of.

use super::Evidence;

/// Copies of one piece of code, or two services that share much.
#[derive(Clone, Debug, PartialEq)]
pub struct CodeClone {
    pub kind: CloneKind,
    /// One of each service, in the order of the services' files.
    pub copies: Vec<CodeCopy>,
    /// Of a family the lines of its shortest copy, of a pair the windows of six lines that both hold.
    pub lines: u32,
    /// Of a pair: how much of the smaller service that is, in percent.
    pub share: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloneKind {
    /// A block of at least ten lines and fifty tokens, exact, renamed or lightly edited.
    Family,
    /// Two services that share windows all over.
    Pair,
}

impl CloneKind {
    pub fn name(self) -> &'static str {
        match self {
            CloneKind::Family => "family",
            CloneKind::Pair => "pair",
        }
    }
}

/// One copy.
#[derive(Clone, Debug, PartialEq)]
pub struct CodeCopy {
    pub service: u32,
    /// Its first line.
    pub evidence: Evidence,
    pub lines: u32,
}
