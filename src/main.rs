//! The program `anslag`. All of it is in the library; see `ARCHITECTURE.md`.

use std::process::ExitCode;

/// A site is made of a great many small strings, which this allocator serves faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    anslag::cmd::main()
}
