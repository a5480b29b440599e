//! Exit codes only: 0 nothing at or above the fail level, 1 findings, 2 could not run.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match brickwork::cli::run() {
        Ok(code) => code,
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::from(brickwork::cli::COULD_NOT_RUN)
        }
    }
}
