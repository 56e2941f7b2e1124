//! The `claviger` binary: the server, and the operator's command line on the same database.

mod cli;
mod demo;

use std::process::ExitCode;

/// It allocates faster than the system's, and asks for huge pages, without which a gate that knows many keys waits for
/// the addresses of its memory as long as for the memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}
