//! The binary `latchstring`.

use std::process::ExitCode;

fn main() -> ExitCode {
    // The environment is read here, once; everything else gets it as a parameter.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    let environment = std::env::vars().collect();
    server::cli::main(std::env::args_os(), environment)
}
