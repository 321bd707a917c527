//! Makes the folder of the pages' files, empty, where nothing has built them yet.
//!
//! A development build reads them as they are asked for, and its macro resolves the folder's path while it compiles:
//! of a folder that comes later it would refuse every file.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/site");
    std::fs::create_dir_all(&site)
        .unwrap_or_else(|error| panic!("{} can't be made: {error}", site.display()));
}
