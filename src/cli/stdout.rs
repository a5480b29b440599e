//! Writing to standard output: a reader that goes away, as `head` does, is no error.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};

/// Writes through a buffer.
pub fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<ExitCode> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            // The buffer must not try again when it is dropped.
            let _ = out.into_parts();
            Ok(ExitCode::SUCCESS)
        }
        written => written.context("writing to standard output").map(|()| ExitCode::SUCCESS),
    }
}

/// Prints a value as indented JSON.
pub fn print_json(value: &impl serde::Serialize) -> Result<ExitCode> {
    print(|out| {
        serde_json::to_writer_pretty(&mut *out, value)?;
        writeln!(out)
    })
}
