//! What the whole house keeps to and no compiler checks: the arrows between the crates, what the sources must not
//! hold, the contrast of the colours, that the documents say what the code says, and
//! that each requirement of OWASP ASVS is decided.

mod arrows;
mod asvs;
mod console_fields;
mod contrast;
mod deployment;
mod documents;
mod sbom;
mod security;
mod sources;

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the workspace.
fn root() -> PathBuf {
    let server = Path::new(env!("CARGO_MANIFEST_DIR"));
    server.parent().expect("the workspace").to_path_buf()
}

/// The text of a file, by its path from the root.
fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Fails with one line for each fault.
#[track_caller]
fn expect_none(what: &str, faults: &[String]) {
    assert!(
        faults.is_empty(),
        "{what}: {}\n  {}",
        faults.len(),
        faults.join("\n  ")
    );
}
