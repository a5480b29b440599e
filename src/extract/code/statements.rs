//! Statements of SQL in texts of program code: the tables that a program creates itself.
//!
//! Literals that are joined to one text are read as one. What stands where a name should be, `{table}`, is no table.

use std::borrow::Cow;

use super::tokens::TokenKind;
use super::{Code, Framework};
use crate::extract::Output;
use crate::extract::store::sql;
use crate::facts::{Entity, Fact};

pub const FRAMEWORK: Framework = Framework { name: "sql", marks: &["CREATE TABLE", "create table", "Create Table"], read };

fn read(code: &Code, output: &mut Output) {
    let mut at = 0;
    while at < code.len() {
        if code.kind(at) != Some(TokenKind::Literal) {
            at += 1;
            continue;
        }
        // Where each literal of the text begins in it.
        let mut text = String::new();
        let mut starts: Vec<(usize, usize)> = Vec::new();
        loop {
            starts.push((text.len(), at));
            text.push_str(&code.literal(at).unwrap_or(Cow::Borrowed(code.text_of(at))));
            at += 1;
            let joined = usize::from(code.is_any(at, &["+", ".", "\\"]));
            if code.kind(at + joined) != Some(TokenKind::Literal) {
                break;
            }
            at += joined;
        }
        if !text.to_ascii_lowercase().contains("create") {
            continue;
        }
        for (name, place, fields) in sql::created_in(&text) {
            let literal =
                starts.iter().rev().find(|(start, _)| *start <= place.start as usize).map_or(at, |(_, literal)| *literal);
            output.facts.push(Fact::Persistent(Entity {
                at: code.at(literal),
                name,
                library: FRAMEWORK.name.into(),
                table: None,
                fields,
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn a_program_creates_tables() {
        check(
            "A.cs",
            r#"
class A { void B() {
    string sql = "IF OBJECT_ID('Customer') IS NULL " +
        "CREATE TABLE Customer (" +
        "  Id varchar(50) NOT NULL, PRIMARY KEY(Id));" +
        "CREATE TABLE Invoice (No int);";
    Run(@"create table if not exists [shop].[votes] ([id] int, vote text)");
    Run("CREATE TABLE #Temporary (a int)"); Run($"CREATE TABLE {name} (a int)");
    Log("could not create table");
} }"#,
            "4 entity Customer (Id)
             6 entity Invoice (No)
             7 entity votes (id, vote)",
        );
    }
}
