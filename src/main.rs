//! The program `anslag`. All of it is in the library; see `ARCHITECTURE.md`.

use std::process::ExitCode;

/// The system's allocator takes a tenth more time on the many small strings of a site (see docs/benchmarks.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    anslag::cmd::main()
}
