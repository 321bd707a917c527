//! Copies of a SQLite file, made while it is in use.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use super::{Db, Pools};
use crate::{Error, Result};

/// Copies that are kept; older ones go.
const KEPT: usize = 3;

impl Db {
    /// Copies the file of a SQLite database as it is at this moment into `folder`, under a name that begins with `why`.
    /// The last three copies are kept. `None` on Postgres, and in memory.
    ///
    /// # Errors
    /// [`Error::Operator`] when the copy can't be written, most likely for want of room.
    pub async fn keep_copy(&self, folder: &Path, why: &str) -> Result<Option<PathBuf>> {
        let Pools::Sqlite { write, .. } = &self.pools else {
            return Ok(None);
        };
        if write.options().get_filename().as_os_str().is_empty() || self.is_in_memory() {
            return Ok(None);
        }
        let fault = |error: &dyn std::fmt::Display| {
            Error::Operator(format!(
                "The database can't be copied to {}: {error}. Make room there, and start again.",
                folder.display()
            ))
        };
        let stamp = self.tools.clock.now().format("%Y%m%dT%H%M%S%6fZ");
        let name = format!("{why}-{stamp}.db");
        let (draft, kept) = (folder.join(format!("{name}.partial")), folder.join(&name));
        crate::platform::make_private(folder).map_err(|error| fault(&error))?;
        // SQLite writes into a file that is there if it is empty: so nobody else ever gets to read it.
        private(&draft).map_err(|error| fault(&error))?;
        let path = draft.display().to_string();
        let mut writer = write.take().await?;
        let copied = sqlx::query("vacuum into $1")
            .bind(&path)
            .execute(&mut *writer)
            .await;
        writer.give_back();
        let settled = copied
            .map_err(|error| fault(&error))
            .and_then(|_| settle(&draft, &kept, folder).map_err(|error| fault(&error)));
        if settled.is_err() {
            let _ = std::fs::remove_file(&draft);
        }
        settled?;
        Ok(Some(kept))
    }

    fn is_in_memory(&self) -> bool {
        matches!(&self.pools, Pools::Sqlite { write, .. }
            if write.options().get_filename().to_string_lossy().contains(":memory:"))
    }
}

fn private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Gives a finished copy its name, and lets the oldest go.
fn settle(draft: &Path, kept: &Path, folder: &Path) -> std::io::Result<()> {
    File::open(draft)?.sync_all()?;
    std::fs::rename(draft, kept)?;
    File::open(folder)?.sync_all()?;
    let mut copies: Vec<PathBuf> = std::fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "db"))
        .collect();
    copies.sort_by_key(|path| stamp_of(path));
    for old in copies.iter().rev().skip(KEPT) {
        std::fs::remove_file(old)?;
    }
    Ok(())
}

/// The time in the name, behind the last dash.
fn stamp_of(path: &Path) -> String {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    name.rsplit('-').next().unwrap_or_default().to_owned()
}
