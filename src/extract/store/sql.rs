//! SQL: the tables that a script creates, with their columns. CQL is read alike.
//!
//! The text is read once from the beginning to the end, statement by statement; what is inside of texts, comments and bodies of functions
//! is passed over. Temporary tables, copies of others and partitions are no tables of their own, and what a migration creates to undo
//! itself is none either.

use std::sync::Arc;

use memchr::memmem;

use super::{MOST_COLUMNS, MOST_TABLES, Table, is_of_a_tool};
use crate::discover::{Kind, Role};
use crate::extract::{Extractor, Input, Output};
use crate::source::{Span, last_part};

pub const EXTRACTOR: Extractor = Extractor { name: "sql", wants, applies, extract };

/// Of a dump only so much is read: its tables stand before or between its rows.
const MOST_BYTES: usize = 16 << 20;

fn wants(kind: Kind, path: &str) -> bool {
    let name = last_part(path);
    let lower = name.to_ascii_lowercase();
    let is_script = [".sql", ".cql", ".ddl"].iter().any(|ending| lower.ends_with(ending));
    // `U1__undo.sql` is Flyway's, `down.sql` that of several others.
    let undone = lower.ends_with(".down.sql")
        || lower.ends_with("_down.sql")
        || lower == "down.sql"
        || lower.contains("rollback")
        || (name.starts_with('U') && name.contains("__"));
    kind.role == Role::Production && is_script && !undone
}

fn applies(input: &Input) -> bool {
    let has = |word: &[u8]| memmem::find(input.text.as_bytes(), word).is_some();
    wants(input.kind, input.path) && (has(b"CREATE") || has(b"create") || has(b"Create"))
}

fn extract(input: &Input, output: &mut Output) {
    let end = crate::source::floor_char_boundary(input.text, MOST_BYTES);
    let mut reader = Reader { text: input.text, at: 0, end, undoes: false };
    let mut names: Vec<String> = Vec::new();
    let mut begins = true;
    while let Some(token) = reader.next() {
        let was_begin = std::mem::replace(&mut begins, matches!(token, Token::Symbol(b';')));
        if token.is_word("GO") {
            begins = true;
        }
        if !was_begin || !token.is_word("CREATE") {
            continue;
        }
        let Some((created, at)) = created(&mut reader) else { continue };
        let lower = created.name.to_ascii_lowercase();
        if !reader.undoes && names.len() < MOST_TABLES && !is_of_a_tool(created.name) && !names.contains(&lower) {
            names.push(lower);
            output.facts.push(created.fact("sql", input.location(at)));
        }
    }
}

/// The tables that a text of program code creates, wherever in a statement: `IF OBJECT_ID('A') IS NULL CREATE TABLE A (…)`.
/// With where its name stands, and its columns.
pub fn created_in(text: &str) -> Vec<(Arc<str>, Span, Vec<Arc<str>>)> {
    let mut reader = Reader { text, at: 0, end: text.len(), undoes: false };
    let mut found = Vec::new();
    while let Some(token) = reader.next() {
        if token.is_word("CREATE")
            && let Some((table, at)) = created(&mut reader)
            && !is_of_a_tool(table.name)
            && found.len() < MOST_TABLES
        {
            found.push((table.name.into(), at, table.columns));
        }
    }
    found
}

/// What follows `CREATE`, if it is a table of its own.
fn created<'t>(reader: &mut Reader<'t>) -> Option<(Table<'t>, Span)> {
    loop {
        let token = reader.peek()?;
        if token.is_word("TABLE") {
            reader.next();
            break;
        }
        if !["UNLOGGED", "EXTERNAL", "FOREIGN", "COLUMNSTORE", "MULTISET", "SET"].iter().any(|word| token.is_word(word)) {
            // `OR REPLACE TABLE`.
            if !token.is_word("OR") && !token.is_word("REPLACE") {
                return None;
            }
        }
        reader.next();
    }
    for word in ["IF", "NOT", "EXISTS"] {
        if reader.peek()?.is_word(word) {
            reader.next();
        }
    }
    let mut parts: Vec<(&str, Span)> = Vec::new();
    loop {
        let start = reader.at;
        match reader.next()? {
            Token::Word(name) | Token::Quoted(name) => {
                let from = reader.text[start..reader.at].trim_start().len();
                parts.push((name, Span::new(reader.at - from, reader.at)));
            }
            _ => return None,
        }
        match reader.peek() {
            Some(Token::Symbol(b'.')) if parts.len() < 4 => reader.next(),
            _ => break,
        };
    }
    let (name, at) = *parts.last()?;
    if name.is_empty() || name.starts_with(['#', '$', '{', '@', ':']) {
        return None;
    }
    let columns = match reader.peek() {
        Some(Token::Symbol(b'(')) => {
            reader.next();
            columns(reader)
        }
        // `AS SELECT`, `LIKE other`, `PARTITION OF other`: what they hold is another table's.
        _ => return None,
    };
    let is_known = |part: &str| !part.contains(['$', '{', '@', ':']);
    let whole: Vec<&str> = parts.iter().map(|(part, _)| *part).filter(|part| is_known(part)).collect();
    Some((Table { name, columns, qualified: (whole.len() > 1).then(|| whole.join(".")) }, at))
}

/// The names of columns up to the bracket that closes the table.
fn columns(reader: &mut Reader) -> Vec<Arc<str>> {
    let mut found: Vec<Arc<str>> = Vec::new();
    let mut depth = 1;
    let mut begins = true;
    while let Some(token) = reader.peek() {
        // A statement that breaks off in the middle goes on as another one.
        if matches!(token, Token::Symbol(b';')) {
            break;
        }
        reader.next();
        match token {
            Token::Symbol(b'(') => depth += 1,
            Token::Symbol(b')') => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            Token::Symbol(b',') if depth == 1 => {
                begins = true;
                continue;
            }
            Token::Word(name) if begins && depth == 1 && found.len() < MOST_COLUMNS && !is_constraint(name, reader.peek()) => {
                found.push(name.into());
            }
            Token::Quoted(name) if begins && depth == 1 && found.len() < MOST_COLUMNS => found.push(name.into()),
            _ => {}
        }
        begins = false;
    }
    found
}

/// Whether a word begins a constraint or index. `key varchar(20)` is a column all the same.
fn is_constraint(word: &str, next: Option<Token>) -> bool {
    const ALWAYS: [&str; 9] = ["PRIMARY", "FOREIGN", "UNIQUE", "CONSTRAINT", "CHECK", "FULLTEXT", "SPATIAL", "EXCLUDE", "LIKE"];
    if ALWAYS.iter().any(|known| word.eq_ignore_ascii_case(known)) {
        return true;
    }
    const TYPES: [&str; 14] = [
        "varchar", "nvarchar", "char", "text", "int", "integer", "bigint", "smallint", "serial", "uuid", "bytea", "json",
        "jsonb", "blob",
    ];
    let is_type = matches!(next, Some(Token::Word(next)) if TYPES.iter().any(|known| next.eq_ignore_ascii_case(known)));
    ["KEY", "INDEX", "PERIOD", "PROJECTION"].iter().any(|known| word.eq_ignore_ascii_case(known)) && !is_type
}

#[derive(Clone, Copy, PartialEq)]
enum Token<'t> {
    Word(&'t str),
    /// A name in `"…"`, `` `…` `` or `[…]`.
    Quoted(&'t str),
    /// A text, or a body in dollars.
    Text,
    Symbol(u8),
}

impl Token<'_> {
    fn is_word(self, word: &str) -> bool {
        matches!(self, Token::Word(text) if text.eq_ignore_ascii_case(word))
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    /// Inside of the part of a migration that undoes it.
    undoes: bool,
}

impl<'t> Reader<'t> {
    fn peek(&mut self) -> Option<Token<'t>> {
        let (at, undoes) = (self.at, self.undoes);
        let token = self.next();
        (self.at, self.undoes) = (at, undoes);
        token
    }

    /// Where the next mark ends.
    fn behind(&self, from: usize, mark: &[u8]) -> usize {
        let bytes = &self.text.as_bytes()[..self.end];
        bytes.get(from..).and_then(|rest| memmem::find(rest, mark)).map_or(self.end, |at| from + at + mark.len())
    }

    fn comment(&mut self, end: usize) {
        let comment = &self.text[self.at..end];
        let says = |words: &[&str]| words.iter().any(|word| comment.contains(word));
        // Goose, dbmate and sql-migrate part a migration by comments.
        if says(&["+goose Down", "migrate:down", "+migrate Down", "+micrate Down"]) {
            self.undoes = true;
        } else if says(&["+goose Up", "migrate:up", "+migrate Up", "+micrate Up"]) {
            self.undoes = false;
        }
        self.at = end;
    }

    /// The end of a text that a byte closes; written twice, or behind a backslash, it does not.
    fn closed(&self, mark: u8, escapes: bool) -> usize {
        let bytes = &self.text.as_bytes()[..self.end];
        let mut at = self.at + 1;
        while at < bytes.len() {
            match bytes[at] {
                b'\\' if escapes => at += 1,
                byte if byte == mark && bytes.get(at + 1) == Some(&mark) => at += 1,
                byte if byte == mark => return at + 1,
                _ => {}
            }
            at += 1;
        }
        self.end
    }

    fn quoted(&mut self, end: usize) -> Token<'t> {
        let start = self.at;
        self.at = end;
        let inner = self.text.get(start + 1..end.saturating_sub(1).max(start + 1)).unwrap_or_default();
        Token::Quoted(inner)
    }
}

impl<'t> Iterator for Reader<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        let bytes = &self.text.as_bytes()[..self.end];
        loop {
            let byte = *bytes.get(self.at)?;
            let following = bytes.get(self.at + 1).copied().unwrap_or(0);
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'-' if following == b'-' => self.comment(self.behind(self.at, b"\n")),
                b'/' if following == b'/' => self.comment(self.behind(self.at, b"\n")),
                b'/' if following == b'*' => self.comment(self.behind(self.at + 2, b"*/")),
                b'\'' => {
                    // Of dialects in which a backslash is plain, only a text that ends with one is read too far, to the next quote.
                    self.at = self.closed(b'\'', true);
                    return Some(Token::Text);
                }
                b'"' | b'`' => return Some(self.quoted(self.closed(byte, false))),
                b'[' if following.is_ascii_alphabetic() || following == b'_' => {
                    return Some(self.quoted(self.behind(self.at, b"]")));
                }
                b'$' if following == b'{' => {
                    let start = self.at;
                    self.at = self.behind(self.at, b"}");
                    return Some(Token::Word(&self.text[start..self.at]));
                }
                b'$' => {
                    let length = bytes[self.at + 1..]
                        .iter()
                        .take(64)
                        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
                        .count();
                    let tag_end = self.at + length + 2;
                    if bytes.get(tag_end - 1) == Some(&b'$') {
                        let tag = &bytes[self.at..tag_end];
                        self.at = self.behind(tag_end, tag);
                    } else {
                        self.at += 1;
                    }
                    return Some(Token::Text);
                }
                _ if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'#' | b'@' | b':') || byte >= 0x80 => {
                    let start = self.at;
                    let is_part =
                        |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'_' | b'$' | b'#') || **byte >= 0x80;
                    self.at += 1 + bytes[start + 1..].iter().take_while(is_part).count();
                    return Some(Token::Word(&self.text[start..self.at]));
                }
                _ => {
                    self.at += 1;
                    return Some(Token::Symbol(byte));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::{check, read};

    #[test]
    fn tables_are_read_with_their_columns() {
        check(
            "db/V1__init.sql",
            "-- create table no (id int);
CREATE TABLE IF NOT EXISTS shop.\"orders\" (
  id BIGSERIAL PRIMARY KEY,
  `total` NUMERIC(10, 2) DEFAULT 0, -- in euros
  note text DEFAULT 'a, (b',
  key varchar(20),
  CONSTRAINT fk FOREIGN KEY (id) REFERENCES other (id),
  UNIQUE (note), INDEX by_note (note)
) ENGINE=InnoDB;
create table [dbo].[Customer Orders] ([Id] INT NOT NULL, Name NVARCHAR(50))
GO
CREATE TABLE ${schema}.prices (id int);
INSERT INTO orders VALUES (1, 'create table x (y int);');
CREATE TABLE orders (again int);
",
            "2 entity orders table shop.orders (id, total, note, key)
             10 entity Customer Orders table dbo.Customer Orders (Id, Name)
             12 entity prices (id)",
        );
    }

    #[test]
    fn what_is_no_table_of_its_own_is_left_out() {
        check(
            "a.sql",
            "CREATE TEMPORARY TABLE a (x int);
CREATE TABLE #b (x int);
CREATE TABLE c AS SELECT * FROM d;
CREATE TABLE e PARTITION OF f FOR VALUES IN (1);
CREATE INDEX g ON h (x);
CREATE VIEW i AS SELECT 1;
CREATE FUNCTION j() RETURNS void AS $$ BEGIN; CREATE TABLE k (x int); END $$;
CREATE TABLE flyway_schema_history (x int);
/* CREATE TABLE l (x int); */
CREATE TABLE m (x int",
            "10 entity m (x)",
        );
        assert_eq!(read("001.down.sql", "CREATE TABLE a (x int);"), "");
        check("2.sql", "-- +goose Up\nCREATE TABLE a (x int);\n-- +goose Down\nCREATE TABLE b (x int);\n", "2 entity a (x)");
    }

    #[test]
    fn a_dump_is_read_in_linear_time() {
        let rows = format!("CREATE TABLE a (x int);\nINSERT INTO a VALUES {};\n", "('a$b(', \"c\"),".repeat(100_000));
        assert_eq!(read("dump.sql", &rows), "1 entity a (x)");
        assert_eq!(read("dump.sql", &"CREATE TABLE $a$ ".repeat(100_000)), "");
        assert_eq!(read("dump.sql", &"CREATE /* ".repeat(100_000)), "");
    }
}
