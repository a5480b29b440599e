//! JSON with one record on a line, so that large reports can be searched and compared line by line.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::Formatter;

/// Writes a value. Members of arrays that lie at most `depth` deep, and keys of the objects around them, begin a line.
pub fn write(value: &impl Serialize, depth: usize, out: &mut dyn Write) -> io::Result<()> {
    // The serializer writes in many small pieces, which must not each go through a pointer to a function.
    let mut out = io::BufWriter::with_capacity(64 * 1024, out);
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Records { depth, deep: 0, filled: false });
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")?;
    // Dropping the buffer would try again what failed.
    out.into_inner().map(|_| ()).map_err(io::IntoInnerError::into_error)
}

struct Records {
    depth: usize,
    /// How many arrays and objects are open.
    deep: usize,
    /// True when the innermost one has a member.
    filled: bool,
}

impl Records {
    fn open<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.deep += 1;
        self.filled = false;
        writer.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8], deepest: usize) -> io::Result<()> {
        if self.filled && self.deep <= deepest {
            writer.write_all(b"\n")?;
        }
        self.deep -= 1;
        self.filled = true;
        writer.write_all(bracket)
    }

    fn member<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool, deepest: usize) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        self.filled = true;
        if self.deep <= deepest { writer.write_all(b"\n") } else { Ok(()) }
    }
}

impl Formatter for Records {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"]", self.depth)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.member(writer, first, self.depth)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"}", self.depth - 1)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.member(writer, first, self.depth - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: serde_json::Value, depth: usize) -> String {
        let mut out = Vec::new();
        write(&value, depth, &mut out).expect("memory can be written");
        String::from_utf8(out).expect("JSON is UTF-8")
    }

    #[test]
    fn records_stand_on_lines() {
        let value = serde_json::json!({"a": [], "b": [{"c": [1, {}]}, {"d": 2}], "e": {"f": 3}});
        assert_eq!(text(value, 2), "{\n\"a\":[],\n\"b\":[\n{\"c\":[1,{}]},\n{\"d\":2}\n],\n\"e\":{\"f\":3}\n}\n");
    }
}
