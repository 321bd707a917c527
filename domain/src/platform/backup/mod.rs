//! A backup: everything that a server keeps, rows and keys, in one file that a passphrase opens.
//!
//! It is made from one moment of the database while servers run, and says the same whichever database it comes from, so
//! that it can be brought back into either. SQLite is read like Postgres, in one reading transaction, which in WAL mode
//! holds up no writer; a copy of the file would be another format, and lie on the disk in clear meanwhile.

mod content;
mod restore;
mod sealed_file;

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use self::content::{Foot, Head, Line, Lines, Summed, write_line, write_row};
pub use self::restore::{Wishes, restore};
use self::sealed_file::{Reader, Writer};
use crate::audit::{Entry, Event, Origin};
use crate::platform::Platform;
use crate::platform::config::{Config, Secret};
use crate::platform::db::One;
use crate::platform::db::tables::Sum;
use crate::platform::entropy::Entropy;
use crate::platform::key_file::{KeyFile, KeyText};
use crate::{Error, Result, sql};

/// The fewest characters of a passphrase: whoever gets the file can try as often as they like.
pub const SHORTEST_PASSPHRASE: usize = 15;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The version of the program that made it.
    pub version: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// From which kind of database.
    pub database: String,
    /// The newest migration of its tables.
    pub schema: i64,
    /// Its tables, with how many rows each has.
    pub tables: Vec<(String, u64)>,
}

impl Summary {
    fn new(head: &Head, foot: &Foot) -> Self {
        Self {
            version: head.version.clone(),
            made_at: head.made_at,
            database: head.database.clone(),
            schema: head.migrations.last().copied().unwrap_or_default(),
            tables: foot
                .sums
                .iter()
                .map(|sum| (sum.table.clone(), sum.rows))
                .collect(),
        }
    }

    /// All rows.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|(_, rows)| rows).sum()
    }
}

/// Writes a backup to `path`, readable by its owner alone. The file is there whole or not at all.
///
/// # Errors
/// [`Error::Operator`] when the passphrase is too short, there is such a file already, or it can't be written.
pub async fn write(platform: &Platform, path: &Path, passphrase: &Secret) -> Result<Summary> {
    if passphrase.expose().chars().count() < SHORTEST_PASSPHRASE {
        return Err(Error::Operator(format!(
            "The passphrase should have at least {SHORTEST_PASSPHRASE} characters."
        )));
    }
    let fault = |error: io::Error| unwritten(path, &error);
    if path.exists() {
        return Err(fault(io::ErrorKind::AlreadyExists.into()));
    }
    platform
        .db
        .write(async |tx| {
            tx.audit(Entry::about(Event::BackedUp, None, &Origin::default()))
                .await
        })
        .await?;
    let draft = draft_beside(path, &platform.entropy);
    let written = write_draft(platform, &draft, path, passphrase).await;
    let placed = written.and_then(|summary| {
        let placed = std::fs::rename(&draft, path).and_then(|()| sync_folder(path));
        placed.map(|()| summary).map_err(fault)
    });
    if placed.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
    placed
}

async fn write_draft(platform: &Platform, draft: &Path, path: &Path, passphrase: &Secret) -> Result<Summary> {
    let fault = |error: io::Error| unwritten(path, &error);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = BufWriter::new(options.open(draft).map_err(fault)?);
    let mut out = Writer::begin(file, passphrase, &platform.entropy).map_err(fault)?;
    let keys = key_text(&platform.config)?;
    let summary = platform
        .db
        .snapshot(async |tx| {
            tx.take_all_the_time().await?;
            let tables = tx.tables().await?;
            let migrations =
                sql!(tx, fetch_all One<i64>, "select version from _sqlx_migrations order by version")?;
            let migrations = migrations.into_iter().map(|(version,)| version).collect();
            let head = Head::new(tx.now(), platform.db.kind(), migrations, &keys, &tables);
            write_line(&mut out, &head).map_err(fault)?;
            let mut sums = Vec::new();
            for (number, table) in tables.iter().enumerate() {
                let mut sum = Sum::default();
                tx.read_all(table, async |rows| {
                    for row in &rows {
                        sum.add(row);
                        write_row(&mut out, number, row).map_err(fault)?;
                    }
                    Ok(())
                })
                .await?;
                sums.push(Summed::new(table, &sum));
            }
            let foot = Foot { sums };
            write_line(&mut out, &foot).map_err(fault)?;
            Ok(Summary::new(&head, &foot))
        })
        .await?;
    let file = out.finish().map_err(fault)?;
    let file = file.into_inner().map_err(|error| fault(error.into_error()))?;
    file.sync_all().map_err(fault)?;
    Ok(summary)
}

/// Reads a whole backup without doing anything with it: that it is one, that the passphrase opens it, that nothing was
/// changed or cut off, and that its rows are those that were written.
///
/// # Errors
/// [`Error::Operator`], which says what is wrong.
pub fn check(path: &Path, passphrase: &Secret) -> Result<Summary> {
    let (head, foot) = verify(path, passphrase)?;
    Ok(Summary::new(&head, &foot))
}

fn verify(path: &Path, passphrase: &Secret) -> Result<(Head, Foot)> {
    let fault = |error: io::Error| unread(path, &error);
    let (head, mut lines) = open(path, passphrase)?;
    let tables = head.tables().unwrap_or_default();
    let mut sums = vec![Sum::default(); tables.len()];
    let foot = loop {
        match lines.next().map_err(fault)? {
            Line::Row(number, row) => {
                if let Some(sum) = sums.get_mut(number) {
                    sum.add(&row);
                }
            }
            Line::Foot(foot) => break foot,
        }
    };
    let found: Vec<Summed> = tables
        .iter()
        .zip(&sums)
        .map(|(table, sum)| Summed::new(table, sum))
        .collect();
    if found == foot.sums {
        Ok((head, foot))
    } else {
        Err(Error::Operator(format!(
            "The rows in {} are not those that were counted when it was written.",
            path.display()
        )))
    }
}

type Opened = Lines<BufReader<Reader<BufReader<File>>>>;

fn open(path: &Path, passphrase: &Secret) -> Result<(Head, Opened)> {
    let begun = File::open(path)
        .and_then(|file| Reader::begin(BufReader::with_capacity(128 * 1024, file), passphrase))
        .and_then(|reader| Lines::begin(BufReader::new(reader)));
    begun.map_err(|error| unread(path, &error))
}

/// The master keys as they stand in the key file, or in the settings.
fn key_text(config: &Config) -> Result<KeyText> {
    match &config.master_key {
        Some(keys) => Ok(KeyText::new(keys.expose().to_owned())),
        None => Ok(KeyFile::of(config).read()?.text()),
    }
}

/// A name in the same folder that nobody else has, so that the file can be renamed into its place.
fn draft_beside(path: &Path, entropy: &Entropy) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let number = u64::from_ne_bytes(entropy.bytes());
    path.with_file_name(format!(".{name}.{number:016x}.partial"))
}

fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn unwritten(path: &Path, error: &io::Error) -> Error {
    Error::Operator(format!("{} can't be written: {error}.", path.display()))
}

fn unread(path: &Path, error: &io::Error) -> Error {
    Error::Operator(format!("{} can't be used: {error}.", path.display()))
}
