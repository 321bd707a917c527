//! Bringing a backup back.
//!
//! Nothing is touched before the whole file has been read and found right. Then the keys come first, beside those that
//! are there, so that whatever crashes, the keys open what the database holds; and the database in one transaction: its
//! tables are taken away and made anew as they were at the time, filled, compared, and brought up to date.

use std::path::Path;
use std::sync::Arc;

use super::{Head, Line, Opened, Summary, Summed, open, unread, verify};
use crate::audit::{Entry, Event, Origin};
use crate::platform::clock::Clock;
use crate::platform::config::{Config, Secret};
use crate::platform::db::tables::{Row, Table};
use crate::platform::db::{Db, DbOptions, Schema, Tools, Tx};
use crate::platform::entropy::Entropy;
use crate::platform::key_file::{Content, KeyFile};
use crate::platform::keys::{Keys, name};
use crate::platform::servers::Server;
use crate::platform::{COPIES, make_private};
use crate::{Error, Result, sql};

/// Rows that are put in together.
const BATCH: usize = 200;

/// What an operator puts up with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wishes {
    /// People who are there are lost.
    pub replace: bool,
    /// A server that runs gets another database under its feet.
    pub force: bool,
}

/// Brings a backup into the database and the key file of these settings. Every session ends: one that was ended after the
/// backup must not live again.
///
/// # Errors
/// [`Error::Operator`]: the file is wrong, or people or a running server are in the way; then nothing was changed.
pub async fn restore(
    config: &Config,
    clock: Clock,
    entropy: Entropy,
    path: &Path,
    passphrase: &Secret,
    wishes: Wishes,
) -> Result<Summary> {
    let (head, foot) = verify(path, passphrase)?;
    check_version(&head)?;
    let content = Content::parse(&head.keys)?;
    check_settings(config, &content)?;
    make_private(&config.data_dir)
        .map_err(|error| Error::Operator(format!("The data folder can't be made: {error}.")))?;
    let tools = Tools {
        clock,
        keys: Arc::new(Keys::parse(&content.ring())?),
        entropy,
        bell: Arc::default(),
    };
    let db = Db::open(&DbOptions::of(config, config.database_url.expose()), tools).await?;
    let has_people = look_around(&db, wishes).await?;
    if has_people
        && let Some(copy) = db
            .keep_copy(&config.data_dir.join(COPIES), "before-restore")
            .await?
    {
        tracing::info!(copy = %copy.display(), "the database that is replaced was copied");
    }
    put_keys(config, content, &db.tools().entropy)?;
    db.write(async |tx| {
        tx.take_all_the_time().await?;
        tx.drop_all().await?;
        tx.migrate_to(head.migrations.last().copied()).await?;
        let (_, lines) = open(path, passphrase)?;
        let tables = head.tables().unwrap_or_default();
        tx.clear(&tables).await?;
        fill(tx, &tables, lines, path).await?;
        for (table, expected) in tables.iter().zip(&foot.sums) {
            if Summed::new(table, &tx.sum(table).await?) != *expected {
                return Err(Error::Operator(format!(
                    "The rows of {} did not arrive as they are in the backup. Nothing was changed.",
                    table.name
                )));
            }
        }
        tx.migrate_to(None).await?;
        sql!(tx, execute "delete from sessions")?;
        let made_at = head.made_at.to_rfc3339();
        tx.audit(Entry::about(Event::Restored, None, &Origin::default()).with(&[("made_at", &made_at)]))
            .await
    })
    .await?;
    db.close().await;
    Ok(Summary::new(&head, &foot))
}

/// The tables of the backup must be ones that our migrations make.
fn check_version(head: &Head) -> Result<()> {
    let ours: Vec<i64> = Schema::of_nothing()
        .pending
        .iter()
        .map(|step| step.version)
        .collect();
    if head.migrations.iter().all(|version| ours.contains(version)) {
        return Ok(());
    }
    Err(Error::Operator(format!(
        "The backup was made by version {} of Latchstring, whose tables this version doesn't know. Use that version, or a newer one.",
        head.version
    )))
}

/// Where the keys come from the settings, they must be those of the backup already.
fn check_settings(config: &Config, content: &Content) -> Result<()> {
    let Some(ours) = &config.master_key else {
        return Ok(());
    };
    let (ours, theirs) = (
        Keys::parse(ours.expose())?.ids(),
        Keys::parse(&content.ring())?.ids(),
    );
    match theirs.iter().find(|id| !ours.contains(id)) {
        None => Ok(()),
        Some(missing) => Err(Error::Operator(format!(
            "The backup needs the master key {}, which LATCHSTRING_MASTER_KEY doesn't hold. Unset it, and the keys of the backup \
             go into the key file.",
            name(missing)
        ))),
    }
}

/// Whether there are people; refuses if they, or a running server, are in the way.
async fn look_around(db: &Db, wishes: Wishes) -> Result<bool> {
    let (has_people, running) = db
        .read(async |tx| {
            let running = match Server::running(tx).await {
                Err(error) if error.is_missing_table() => Vec::new(),
                running => running?,
            };
            Ok((tx.has_people().await?, running))
        })
        .await?;
    if let Some(server) = running.first()
        && !wishes.force
    {
        return Err(Error::Operator(format!(
            "This database is in use by {}. Stop it first; if it died, wait a minute; or use --force.",
            server.describe()
        )));
    }
    if has_people && !wishes.replace {
        return Err(Error::Operator(
            "There are people in this database already. To give them up for those of the backup, use --replace.".into(),
        ));
    }
    Ok(has_people)
}

/// The keys of the backup in front, and behind them those that are there.
fn put_keys(config: &Config, mut content: Content, entropy: &Entropy) -> Result<()> {
    if config.master_key.is_some() {
        return Ok(());
    }
    let file = KeyFile::of(config);
    if file.put_if_missing(&content, entropy)? {
        return Ok(());
    }
    let _lock = file.lock()?;
    let there = file.read()?;
    let known: Vec<_> = std::iter::once(&content.current)
        .chain(&content.next)
        .chain(&content.older)
        .cloned()
        .collect();
    let more = std::iter::once(there.current)
        .chain(there.next)
        .chain(there.older);
    content.older.extend(more.filter(|key| !known.contains(key)));
    file.replace(&content, entropy)
}

async fn fill(tx: &mut Tx, tables: &[Table], mut lines: Opened, path: &Path) -> Result<()> {
    let mut batch: Vec<Row> = Vec::new();
    let mut filling = 0;
    loop {
        let line = lines.next().map_err(|error| unread(path, &error))?;
        let next = match &line {
            Line::Row(number, _) => Some(*number),
            Line::Foot(_) => None,
        };
        if next != Some(filling) || batch.len() == BATCH {
            if let Some(table) = tables.get(filling) {
                tx.insert_all(table, &batch).await?;
            }
            batch.clear();
        }
        match line {
            Line::Row(number, row) => {
                filling = number;
                batch.push(row);
            }
            Line::Foot(_) => return Ok(()),
        }
    }
}
