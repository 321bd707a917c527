//! The master key: from the settings, or from a file that is made once, readable by its owner alone.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::platform::config::Config;
use crate::platform::entropy::Entropy;
use crate::platform::keys::Keys;
use crate::{Error, Result};

/// Where the key file lies.
pub fn path(config: &Config) -> PathBuf {
    config.data_dir.join("master.key")
}

/// Loads the keys; makes the file when neither the setting nor the file is there.
///
/// # Errors
/// [`Error::Configuration`] when the key is malformed, or the file can't be read or made, or (in production) can be
/// read by others.
pub fn load(config: &Config, entropy: &Entropy) -> Result<Keys> {
    if let Some(key) = &config.master_key {
        return Keys::parse(key.expose());
    }
    let path = path(config);
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            if config.is_production()
                && let Err(fault) = crate::platform::config::check_key_file_mode(&path)
            {
                return Err(Error::Configuration(fault.to_string()));
            }
            Keys::parse(&text)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            make(&path, entropy)?;
            // Read back: of two servers that start at once, one made the file, and both use that one.
            let text = std::fs::read_to_string(&path).map_err(|e| fault(&path, &e))?;
            Keys::parse(&text)
        }
        Err(error) => Err(fault(&path, &error)),
    }
}

/// Writes a new key under a name of its own, then links it into place, which fails if another server was faster: the
/// file is never seen half written.
fn make(path: &Path, entropy: &Entropy) -> Result<()> {
    let draft = path.with_extension(format!("key.{:016x}", u64::from_ne_bytes(entropy.bytes())));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&draft).and_then(|mut file| {
        file.write_all(Keys::generate(entropy).as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()
    });
    let linked = written.and_then(|()| match std::fs::hard_link(&draft, path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    });
    let _ = std::fs::remove_file(&draft);
    linked.map_err(|e| fault(path, &e))
}

fn fault(path: &Path, error: &std::io::Error) -> Error {
    Error::Configuration(format!("the key file {}: {error}", path.display()))
}
