//! A new master key, while servers run, and whatever crashes in between.
//!
//! 1. A new key is made and written into the key file behind the current one, marked as the next. Servers look at the file
//!    every second and note in the table `servers` which keys they have.
//! 2. When every running server has it, it is put in front, and seals from then on. The old one stays and opens.
//! 3. When every running server seals with it, what waits sealed in the database is sealed anew, in small transactions.
//! 4. Last, in one transaction: the key that signs the audit and the secret of the database are sealed anew, and the audit row written.
//!
//! Each step can be told from the file and the database, so a rotation that was cut off goes on where it was: `next:` in
//! the file is step 1, a database secret under another key than the current one is step 3.
//!
//! The pepper of a password hash can't be changed without the password. So hashes keep the pepper of their old key until
//! their person signs in next, and the old key stays until none is left ([`uses`], [`forget`]).
//!
//! Where the keys come from the settings, nobody but the operator can change them: [`Outcome::InSettings`].

use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

use crate::audit::{Entry, Event, Origin, signer};
use crate::authentication::assurance::reseal;
use crate::platform::Platform;
use crate::platform::database_secret::{self, Fit};
use crate::platform::db::One;
use crate::platform::jobs;
use crate::platform::key_file::{KeyFile, KeyText};
use crate::platform::keys::{KeyId, Keys, name};
use crate::platform::servers::Server;
use crate::users::{export, import};
use crate::{Error, Result, sql};

/// How long the running servers should be waited for: one that died without a word counts as running for a minute.
pub const PATIENCE: Duration = Duration::from_secs(75);
/// How often they are looked at meanwhile.
const LOOK: Duration = Duration::from_millis(200);
/// Values sealed anew in one transaction.
const BATCH: i64 = 100;

/// What a rotation is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// A new key was made.
    Made(KeyId),
    /// An earlier rotation was cut off, and goes on.
    GoingOn,
    /// Servers that are waited for.
    Waiting(Vec<Server>),
    /// The new key seals.
    Switched(KeyId),
}

/// How it ended.
#[derive(Debug)]
pub enum Outcome {
    /// The new key has taken over.
    Done {
        /// Its id.
        key: KeyId,
        /// Values that were sealed anew by this call.
        resealed: u64,
        /// Passwords whose hash needs an older key until their person signs in.
        passwords: i64,
    },
    /// These servers have not taken the new key in time. The next call goes on here.
    Behind(Vec<Server>),
    /// The keys come from the settings, where the operator must put this new one.
    InSettings {
        /// Text of a new key.
        fresh: KeyText,
    },
}

/// Makes a new master key and lets it take over, or goes on with a rotation that was cut off. Running servers are waited for
/// twice, `patience` at most each time.
///
/// # Errors
/// [`Error::Configuration`] when the key file can't be written or somebody else rotates; what the database says.
pub async fn rotate(platform: &Platform, patience: Duration, told: impl Fn(Progress)) -> Result<Outcome> {
    let is_unfinished = is_unfinished(platform).await?;
    if platform.config.master_key.is_some() {
        if !is_unfinished {
            return Ok(Outcome::InSettings {
                fresh: Keys::generate(&platform.entropy),
            });
        }
        return finish(platform, patience, &told).await;
    }
    let file = KeyFile::of(&platform.config);
    let _lock = file.lock()?;
    let mut content = file.read()?;
    if content.next.is_some() || is_unfinished {
        told(Progress::GoingOn);
    } else {
        let fresh = Keys::generate(&platform.entropy);
        told(Progress::Made(Keys::id_of(&fresh)?));
        content.next = Some(fresh);
        file.replace(&content, &platform.entropy)?;
    }
    platform.keys.refresh();
    if let Some(next) = content.next.take() {
        let id = Keys::id_of(&next)?;
        let behind = wait_for(platform, patience, |server| server.knows(id), &told).await?;
        if !behind.is_empty() {
            return Ok(Outcome::Behind(behind));
        }
        let old = std::mem::replace(&mut content.current, next);
        content.older.insert(0, old);
        file.replace(&content, &platform.entropy)?;
        platform.keys.refresh();
        told(Progress::Switched(id));
    }
    finish(platform, patience, &told).await
}

/// Whether the database still goes by another key than the current one.
async fn is_unfinished(platform: &Platform) -> Result<bool> {
    let current = platform.keys.current_id();
    Ok(matches!(database_secret::fit(&platform.db, &platform.keys).await?, Fit::Known(id) if id != current))
}

async fn finish(platform: &Platform, patience: Duration, told: &impl Fn(Progress)) -> Result<Outcome> {
    let key = platform.keys.current_id();
    let behind = wait_for(platform, patience, |server| server.seals_with(key), told).await?;
    if !behind.is_empty() {
        return Ok(Outcome::Behind(behind));
    }
    let resealed = reseal_jobs(platform).await?
        + export::reseal(platform).await?
        + import::reseal(platform).await?
        + reseal::reseal(platform).await?;
    platform
        .db
        .write(async |tx| {
            signer::reseal(tx).await?;
            if database_secret::reseal(tx).await? {
                tx.audit(
                    Entry::about(Event::KeyRotated, None, &Origin::default()).with(&[("key", &name(&key))]),
                )
                .await?;
            }
            Ok(())
        })
        .await?;
    let (passwords,) = platform
        .db
        .read(async |tx| {
            sql!(tx, fetch_one One<i64>, "select count(*) from passwords where pepper_id <> $1", key.as_slice())
        })
        .await?;
    Ok(Outcome::Done {
        key,
        resealed,
        passwords,
    })
}

/// Waits until every running server is as wanted; returns those that are not when `patience` is over.
async fn wait_for(
    platform: &Platform,
    patience: Duration,
    is_ready: impl Fn(&Server) -> bool,
    told: &impl Fn(Progress),
) -> Result<Vec<Server>> {
    let started = Instant::now();
    let mut said = Vec::new();
    loop {
        let mut behind = platform.db.read(async |tx| Server::running(tx).await).await?;
        behind.retain(|server| !is_ready(server));
        if behind.is_empty() || started.elapsed() >= patience {
            return Ok(behind);
        }
        let names: Vec<String> = behind.iter().map(Server::describe).collect();
        // A moment is what each of them takes.
        if names != said && started.elapsed() > Duration::from_secs(3) {
            told(Progress::Waiting(behind));
            said = names;
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Seals the payloads of waiting jobs anew. What is changed meanwhile is left alone: whoever did so seals with the new
/// key. A payload whose key nobody has stays as it is.
async fn reseal_jobs(platform: &Platform) -> Result<u64> {
    let current = platform.keys.current_id();
    let (mut after, mut resealed) = (Uuid::nil(), 0);
    loop {
        let batch = platform
            .db
            .read(async |tx| {
                sql!(tx, fetch_all (Uuid, Vec<u8>),
                    "select id, payload from jobs
                     where length(payload) > 0 and substr(payload, 2, 4) <> $1 and id > $2 order by id limit $3",
                    current.as_slice(), after, BATCH)
            })
            .await?;
        let Some((last, _)) = batch.last() else {
            return Ok(resealed);
        };
        after = *last;
        resealed += platform
            .db
            .write(async |tx| {
                let mut changed = 0;
                for (id, payload) in &batch {
                    let plain = match tx.keys().open(jobs::PURPOSE, payload) {
                        Ok(plain) => plain,
                        Err(Error::UnknownKey(_) | Error::Sealed) => continue,
                        Err(error) => return Err(error),
                    };
                    let anew = tx.keys().seal(jobs::PURPOSE, &plain, tx.entropy())?;
                    changed += sql!(tx, execute "update jobs set payload = $1 where id = $2 and payload = $3",
                        anew, id, payload.as_slice())?;
                }
                Ok(changed)
            })
            .await?;
    }
}

/// A key, and what would be lost without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// Its id.
    pub key: KeyId,
    /// Whether this server has it.
    pub is_known: bool,
    /// Passwords and recovery codes whose hash needs it, those of waiting sign-ups included.
    pub passwords: i64,
    /// Jobs that wait, pieces of copies of people's data, rows of imports, and secrets of authenticator apps.
    pub jobs: i64,
    /// Whether the secret of the database, or the key that signs the audit, is sealed with it.
    pub secret: bool,
}

/// All keys that this server has or this database needs, the current one first.
pub async fn uses(platform: &Platform) -> Result<Vec<Use>> {
    let mut uses: Vec<Use> = platform
        .keys
        .ids()
        .into_iter()
        .map(|id| Use::none(id, true))
        .collect();
    let (passwords, jobs, secrets) = platform
        .db
        .read(async |tx| {
            let passwords = sql!(
                tx,
                fetch_all(Vec<u8>, i64),
                "select pepper_id, count(*) from
                    (select pepper_id from passwords
                     union all select pepper_id from recovery_codes where used_at is null
                     union all select pepper_id from sign_ups where consumed_at is null) as hashes
                 group by pepper_id"
            )?;
            let jobs = sql!(
                tx,
                fetch_all(Vec<u8>, i64),
                "select key_id, count(*) from
                    (select substr(payload, 2, 4) as key_id from jobs where length(payload) > 0
                     union all select substr(sealed, 2, 4) from export_pieces
                     union all select substr(sealed, 2, 4) from import_rows where sealed is not null
                     union all select substr(sealed, 2, 4) from totps
                     union all select substr(sealed, 2, 4) from totp_enrolments
                     union all select substr(sealed, 2, 4) from phones
                     union all select substr(sealed, 2, 4) from phone_enrolments) as sealed_values
                 group by key_id"
            )?;
            let secrets =
                sql!(tx, fetch_all One<Vec<u8>>, "select substr(sealed, 2, 4) from sealed_secrets")?;
            Ok((passwords, jobs, secrets))
        })
        .await?;
    let mut of = |id: &[u8], change: &dyn Fn(&mut Use)| {
        let Ok(id) = KeyId::try_from(id) else { return };
        if !uses.iter().any(|one| one.key == id) {
            uses.push(Use::none(id, false));
        }
        uses.iter_mut().filter(|one| one.key == id).for_each(change);
    };
    for (id, count) in passwords {
        of(&id, &|one| one.passwords += count);
    }
    for (id, count) in jobs {
        of(&id, &|one| one.jobs += count);
    }
    for (id,) in secrets {
        of(&id, &|one| one.secret = true);
    }
    Ok(uses)
}

impl Use {
    fn none(key: KeyId, is_known: bool) -> Self {
        Self {
            key,
            is_known,
            passwords: 0,
            jobs: 0,
            secret: false,
        }
    }

    /// Whether nothing needs it.
    pub fn is_spare(&self) -> bool {
        self.passwords == 0 && self.jobs == 0 && !self.secret
    }
}

/// How [`forget`] ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forgotten {
    /// It is out of the file. Running servers have it until their next start.
    Done,
    /// Something needs it.
    Needed(Use),
    /// It seals, or is about to.
    Current,
    /// It is not in the file.
    Unknown,
}

/// Takes a key that nothing in the database needs out of the key file. Links in mails that it sealed end with it.
///
/// # Errors
/// [`Error::Configuration`] when the keys come from the settings, or the file can't be written.
pub async fn forget(platform: &Platform, id: &str) -> Result<Forgotten> {
    if platform.config.master_key.is_some() {
        return Err(Error::Configuration(
            "the master key comes from LATCHSTRING_MASTER_KEY: take the key out there".into(),
        ));
    }
    let file = KeyFile::of(&platform.config);
    let _lock = file.lock()?;
    let mut content = file.read()?;
    let is_it = |key: &KeyText| Keys::id_of(key).is_ok_and(|own| name(&own) == id);
    if is_it(&content.current) || content.next.as_ref().is_some_and(is_it) {
        return Ok(Forgotten::Current);
    }
    if !content.older.iter().any(is_it) {
        return Ok(Forgotten::Unknown);
    }
    let needed = uses(platform).await?.into_iter().find(|one| name(&one.key) == id);
    if let Some(needed) = needed.filter(|one| !one.is_spare()) {
        return Ok(Forgotten::Needed(needed));
    }
    content.older.retain(|key| !is_it(key));
    file.replace(&content, &platform.entropy)?;
    Ok(Forgotten::Done)
}
