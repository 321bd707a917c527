//! "Download my data": a copy of everything that is kept about a person, as a zip of readable files (GDPR articles 15
//! and 20). A job makes it step by step; the archive lies sealed in the database, so that any server can hand it out,
//! and goes after a day.

mod archive;
mod files;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::audit::{Entry, Event, Origin};
use crate::authentication::session::SignedIn;
use crate::authentication::{alarm, change_email, freeze};
use crate::job::Job;
use crate::notification::message::{DataNews, Message};
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::platform::limits::EXPORT;
use crate::users::export::archive::Archive;
use crate::users::export::files::{FILES, Person};
use crate::users::user::UserId;
use crate::words::Words;
use crate::{Error, Result, sql};

/// How long a copy can be fetched once it is ready, and how long its making may take.
pub const LIFE: Duration = Duration::days(1);
/// The most bytes that an archive may have. Activity is the only part that grows, and has a limit of its own.
const MOST_BYTES: usize = 16 << 20;
/// Bytes of the archive in one row.
const PIECE: usize = 512 << 10;
const PURPOSE: &str = "export piece";

/// A row of `exports`.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Export {
    /// UUIDv7; no secret: only its owner gets anything for it.
    pub id: Uuid,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// Steps of the job that are done.
    pub steps_done: i64,
    /// Steps in all. More than zero.
    pub steps_total: i64,
    /// The length of the archive, once it is ready.
    pub bytes: Option<i64>,
    /// When it was ready, if it is.
    pub ready_at: Option<DateTime<Utc>>,
    /// When it goes.
    pub expires_at: DateTime<Utc>,
}

/// Asks for a copy. While one is being made, that one is it; a new one takes the place of an older one.
///
/// # Errors
/// Refused with [`Code::TooManyAttempts`](crate::Code::TooManyAttempts) (three a day) or
/// [`Code::ChangesFrozen`](crate::Code::ChangesFrozen).
pub async fn ask(platform: &Platform, session: &SignedIn, origin: &Origin) -> Result<()> {
    let user = session.user_id;
    freeze::check_first(platform, user).await?;
    let newest = platform
        .db
        .read(async |tx| Export::newest(tx, user).await)
        .await?;
    if newest.is_some_and(|export| export.ready_at.is_none()) {
        return Ok(());
    }
    platform.limiter.pass(&EXPORT, user.as_bytes()).await?;
    platform
        .db
        .write(async |tx| {
            freeze::check(tx, user).await?;
            let now = tx.now();
            sql!(tx, execute
                "delete from exports where user_id = $1 and (ready_at is not null or expires_at <= $2)", user, now)?;
            let id = tx.new_id();
            let steps = i64::try_from(FILES.len() + 1).unwrap_or(i64::MAX);
            let made = sql!(tx, execute
                "insert into exports (id, user_id, asked_at, steps_total, expires_at) values ($1, $2, $3, $4, $5)
                 on conflict (user_id) where ready_at is null do nothing",
                id, user, now, steps, now + LIFE)?;
            if made == 1 {
                tx.enqueue(&Job::ExportData { export: id }).await?;
                tx.audit(Entry::own(Event::ExportAsked, user, origin).in_session(session.session_id))
                    .await?;
            }
            Ok(())
        })
        .await
}

/// The job. Begins from the start when it is taken up again: the archive is put down whole, or not at all.
pub(crate) async fn make(platform: &Platform, id: Uuid) -> Result<()> {
    let owner = platform
        .db
        .read(async |tx| owner_of_waiting(tx, id).await)
        .await?;
    let Some(user) = owner else { return Ok(()) };
    let Some(person) = platform.db.read(async |tx| Person::read(tx, user).await).await? else {
        return Ok(());
    };
    let words = Words::of(platform.settings().languages.of(&person.language));
    let mut archive = Archive::new(platform, words, &person);
    for (done, file) in (0_i64..).zip(FILES) {
        note_steps(platform, id, done).await?;
        let content = file.content(platform, &person).await?;
        archive.add(file.name, words.text(file.words), content);
    }
    note_steps(platform, id, i64::try_from(FILES.len()).unwrap_or(i64::MAX)).await?;
    let zip = archive.zip().await?;
    if zip.len() > MOST_BYTES {
        return Err(Error::Internal(format!("an archive of {} bytes", zip.len())));
    }
    let bytes = i64::try_from(zip.len()).unwrap_or(i64::MAX);
    let pieces = zip
        .chunks(PIECE)
        .map(|piece| platform.keys.seal(PURPOSE, piece, &platform.entropy))
        .collect::<Result<Vec<_>>>()?;
    platform
        .db
        .write(async |tx| {
            let now = tx.now();
            let ready = sql!(tx, execute
                "update exports set steps_done = steps_total, bytes = $1, ready_at = $2, expires_at = $3
                 where id = $4 and ready_at is null",
                bytes, now, now + LIFE, id)?;
            if ready == 0 {
                return Ok(());
            }
            for (number, sealed) in (0_i64..).zip(&pieces) {
                sql!(tx, execute "insert into export_pieces (export_id, number, sealed) values ($1, $2, $3)",
                    id, number, sealed.as_slice())?;
            }
            tx.audit(Entry::about(Event::ExportMade, Some(user), &Origin::default()))
                .await?;
            let message = Message::Data {
                name: person.name.clone(),
                news: DataNews::ExportReady,
                until: now + LIFE,
                zone: person.time_zone.clone(),
                link: platform.config.link("/account/data"),
                alarm_link: Some(alarm::new_link(tx, platform, user)?),
            };
            for address in change_email::proven_addresses(tx, user, &person.email).await? {
                tx.mail_for(user, &address, &person.language, message.clone())
                    .await?;
            }
            Ok(())
        })
        .await
}

/// Writes down how far the job is, for the progress bar.
async fn note_steps(platform: &Platform, id: Uuid, done: i64) -> Result<()> {
    platform
        .db
        .write(async |tx| {
            sql!(tx, execute "update exports set steps_done = $1 where id = $2 and ready_at is null", done, id)
        })
        .await?;
    Ok(())
}

/// Who waits for this export; `None`: it is ready, or gone.
async fn owner_of_waiting(tx: &mut Tx, id: Uuid) -> Result<Option<UserId>> {
    let now = tx.now();
    let found = sql!(tx, fetch_optional One<Uuid>,
        "select user_id from exports where id = $1 and ready_at is null and expires_at > $2", id, now)?;
    Ok(found.map(|(user,)| user))
}

/// Hands the archive out to its owner, and writes down that it did. `None`: there is none of that id for this person.
///
/// # Errors
/// Refused with [`Code::ChangesFrozen`](crate::Code::ChangesFrozen).
pub async fn fetch(
    platform: &Platform,
    session: &SignedIn,
    id: Uuid,
    origin: &Origin,
) -> Result<Option<Vec<u8>>> {
    let user = session.user_id;
    let pieces = platform
        .db
        .read(async |tx| {
            freeze::check(tx, user).await?;
            let now = tx.now();
            sql!(tx, fetch_all One<Vec<u8>>,
                "select p.sealed from export_pieces p join exports e on e.id = p.export_id
                 where e.id = $1 and e.user_id = $2 and e.ready_at is not null and e.expires_at > $3 order by p.number",
                id, user, now)
        })
        .await?;
    if pieces.is_empty() {
        return Ok(None);
    }
    let mut zip = Vec::new();
    for (sealed,) in pieces {
        zip.extend(platform.keys.open(PURPOSE, &sealed)?);
    }
    platform
        .db
        .write(async |tx| {
            tx.audit(Entry::own(Event::ExportFetched, user, origin).in_session(session.session_id))
                .await
        })
        .await?;
    Ok(Some(zip))
}

/// Seals the archives anew after a change of the master key, piece by piece, and says how many pieces. One whose key nobody
/// has stays as it is: its copy can't be fetched, and goes within a day.
pub(crate) async fn reseal(platform: &Platform) -> Result<u64> {
    let current = platform.keys.current_id();
    let (mut after, mut resealed) = ((Uuid::nil(), -1), 0);
    loop {
        let next = platform
            .db
            .read(async |tx| {
                sql!(
                    tx,
                    fetch_optional(Uuid, i64, Vec<u8>),
                    "select export_id, number, sealed from export_pieces
                     where substr(sealed, 2, 4) <> $1 and (export_id > $2 or (export_id = $2 and number > $3))
                     order by export_id, number limit 1",
                    current.as_slice(),
                    after.0,
                    after.1
                )
            })
            .await?;
        let Some((export, number, sealed)) = next else {
            return Ok(resealed);
        };
        after = (export, number);
        let Ok(plain) = platform.keys.open(PURPOSE, &sealed) else {
            continue;
        };
        let anew = platform.keys.seal(PURPOSE, &plain, &platform.entropy)?;
        resealed += platform
            .db
            .write(async |tx| {
                sql!(tx, execute "update export_pieces set sealed = $1 where export_id = $2 and number = $3",
                    anew, export, number)
            })
            .await?;
    }
}

impl Export {
    /// The newest one of a person that has not expired.
    pub async fn newest(tx: &mut Tx, user: UserId) -> Result<Option<Self>> {
        let now = tx.now();
        sql!(tx, fetch_optional Self,
            "select id, asked_at, steps_done, steps_total, bytes, ready_at, expires_at from exports
             where user_id = $1 and expires_at > $2 order by asked_at desc limit 1",
            user, now)
    }
}
