//! Program code: one lexer for all languages of the table, and what is read with it.

pub mod lexer;
pub mod lines;
