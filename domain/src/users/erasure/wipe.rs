//! What is deleted of a person, and where. A test looks for what is left in every column of every table, in Redis and in
//! the files of the data directory (`server/tests/integration/erasure/marks.rs`).
//!
//! Tables that refer to `users` with `on delete cascade` need nothing here. What stays of a person is that something
//! happened: rows of the audit, under a random id that is the same for all of one person's and leads nowhere. The chain of the audit
//! holds what was there by a hash with a salt, which goes too.

use std::collections::BTreeSet;

use serde_json::Value;
use uuid::Uuid;

use crate::audit::{Entry, Event, Origin};
use crate::authentication::assurance::phone;
use crate::authentication::session::{SignedIn, fence};
use crate::authentication::throttle::Counter;
use crate::authentication::{invitation, recover, reset_password, sign_up_budget};
use crate::notification::{sent, sms};
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::platform::jobs;
use crate::platform::limits::EXPORT;
use crate::users::email::Email;
use crate::users::import;
use crate::users::phone::PhoneNumber;
use crate::users::user::UserId;
use crate::{Result, sql};

/// Rows that one transaction cleans, so that it holds nobody up for long.
const BATCH: i64 = 500;

/// Whom to look for.
struct Marks {
    id: UserId,
    /// The pseudonym in the audit.
    pseudonym: Uuid,
    /// The addresses that the person has and had.
    emails: Vec<Email>,
    /// The telephone numbers that the person has and is adding.
    phones: Vec<PhoneNumber>,
    /// The addresses, and the ones that the person only asked for, in each form that one is stored in.
    addresses: BTreeSet<String>,
}

/// Erases a person whose erasure has begun. May be interrupted anywhere, and done again.
pub(super) async fn person(platform: &Platform, user: UserId) -> Result<()> {
    let Some(marks) = platform.db.read(async |tx| Marks::read(tx, user).await).await? else {
        return Ok(());
    };
    let hashes = platform
        .db
        .read(async |tx| SignedIn::hashes_of(tx, user).await)
        .await?;
    fence(platform, &hashes).await;
    // What names nobody, before what says which browsers were this person's is gone.
    while platform
        .db
        .write(async |tx| marks.clean_nameless(tx).await)
        .await?
    {}
    while platform.db.write(async |tx| marks.clean_audit(tx).await).await? {}
    drop_jobs(platform, &marks).await?;
    platform.db.write(async |tx| marks.delete(tx).await).await?;
    // What was written while the above ran, by somebody who tried to sign in at that moment.
    while platform.db.write(async |tx| marks.clean_audit(tx).await).await? {}
    platform.limiter.forget(&EXPORT, user.as_bytes()).await;
    for email in &marks.emails {
        reset_password::forget_limit(platform, email).await?;
        recover::forget_limit(platform, email).await?;
    }
    platform.db.drop_remains().await
}

/// Deletes the jobs that are about this person: their payloads are sealed, so each is opened and looked at.
async fn drop_jobs(platform: &Platform, marks: &Marks) -> Result<()> {
    let mut after = Uuid::nil();
    loop {
        let page = platform
            .db
            .read(async |tx| jobs::waiting_after(tx, after, BATCH).await)
            .await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id;
        let theirs: Vec<Uuid> = page
            .iter()
            .filter(|job| jobs::opened(platform, job).is_some_and(|payload| marks.are_in(&payload)))
            .map(|job| job.id)
            .collect();
        for id in theirs {
            platform.db.write(async |tx| jobs::withdraw(tx, id).await).await?;
        }
    }
}

impl Marks {
    async fn read(tx: &mut Tx, id: UserId) -> Result<Option<Self>> {
        let found = sql!(
            tx,
            fetch_optional(String, Uuid),
            "select email, erasing_as from users where id = $1 and erasing_as is not null",
            id
        )?;
        let Some((email, pseudonym)) = found else {
            return Ok(None);
        };
        let changes = sql!(
            tx,
            fetch_all(String, String),
            "select old_email, new_email from email_changes where user_id = $1",
            id
        )?;
        let (old, asked): (Vec<_>, Vec<_>) = changes.into_iter().unzip();
        let emails: Vec<Email> = old
            .into_iter()
            .chain([email])
            .filter_map(|email| Email::parse(&email).ok())
            .collect();
        let asked = asked.iter().filter_map(|email| Email::parse(email).ok());
        let addresses = emails
            .iter()
            .cloned()
            .chain(asked)
            .flat_map(|email| {
                [
                    email.as_str().to_owned(),
                    email.as_str().to_lowercase(),
                    email.key().as_str().to_owned(),
                ]
            })
            .collect();
        Ok(Some(Self {
            id,
            pseudonym,
            emails,
            phones: phone::numbers(tx, id).await?,
            addresses,
        }))
    }

    /// Whether a job's payload names the person anywhere.
    fn are_in(&self, payload: &Value) -> bool {
        match payload {
            Value::String(text) => {
                text.parse::<Uuid>().is_ok_and(|id| id == self.id)
                    || self.addresses.contains(text)
                    || self.addresses.contains(&text.to_lowercase())
            }
            Value::Array(values) => values.iter().any(|value| self.are_in(value)),
            Value::Object(fields) => fields.values().any(|value| self.are_in(value)),
            _ => false,
        }
    }

    /// Cleans rows that name nobody (a sign-up before there was an account) and came from where the person was with the
    /// person's browser. `true`: there may be more.
    async fn clean_nameless(&self, tx: &mut Tx) -> Result<bool> {
        let cleaned = sql!(tx, execute
            "update audit_events set address = null, user_agent = null, request_id = null, session_id = null, detail = '{}',
                was = null, became = null, salt = null
             where id in (select e.id from audit_events e
                join (select distinct address, user_agent from audit_events where actor_id = $1) own
                    on own.address = e.address and own.user_agent = e.user_agent
                where e.subject_id is null and e.actor_id is null limit $2)",
            self.id, BATCH)?;
        Ok(cleaned == BATCH.unsigned_abs())
    }

    /// Puts the pseudonym in the person's place. Where another person did something to this account, the row keeps where
    /// that one was. `true`: there may be more.
    async fn clean_audit(&self, tx: &mut Tx) -> Result<bool> {
        let cleaned = sql!(tx, execute
            "update audit_events set
                address = case when actor_id is null or actor_id = $1 then null else address end,
                user_agent = case when actor_id is null or actor_id = $1 then null else user_agent end,
                actor_id = case when actor_id = $1 then $2 else actor_id end,
                subject_id = case when subject_id = $1 then $2 else subject_id end,
                session_id = null, request_id = null, detail = '{}', was = null, became = null, salt = null
             where id in (select id from audit_events where subject_id = $1 or actor_id = $1 limit $3)",
            self.id, self.pseudonym, BATCH)?;
        Ok(cleaned == BATCH.unsigned_abs())
    }

    /// Deletes everything else at once; the last row is the person's own, and takes what refers to it along.
    async fn delete(&self, tx: &mut Tx) -> Result<()> {
        for email in &self.emails {
            Counter::clear_all(tx, email.key()).await?;
            sign_up_budget::forget(tx, email.key()).await?;
            import::forget(tx, email.key().as_str()).await?;
            sql!(tx, execute "delete from sign_ups where email_key = $1", email.key().as_str())?;
            invitation::forget(tx, email).await?;
        }
        for address in &self.addresses {
            sent::forget(tx, address).await?;
            // In the second one stands whose account an alarm was about.
            sql!(tx, execute
                "delete from caught_messages where recipient = $1 or lower(recipient) = $1 or lower(body_text) like $2",
                address.as_str(), format!("%{address}%"))?;
            sql!(tx, execute "update jobs set last_error = null where lower(last_error) like $1", format!("%{address}%"))?;
        }
        sms::forget(tx, self.id).await?;
        for phone in &self.phones {
            sql!(tx, execute "delete from caught_messages where recipient = $1", phone.as_str())?;
        }
        let gone = sql!(tx, execute "delete from users where id = $1", self.id)?;
        if gone == 0 {
            return Ok(());
        }
        // The last one to leave takes the set-up along: somebody else may set the server up anew.
        let anybody = sql!(tx, fetch_optional One<Uuid>, "select id from users limit 1")?.is_some();
        if anybody {
            sql!(tx, execute "update installations set set_up_by = $1 where set_up_by = $2", self.pseudonym, self.id)?;
        } else {
            sql!(tx, execute "delete from installations where set_up_by = $1", self.id)?;
        }
        tx.audit(Entry::about(
            Event::Erased,
            Some(self.pseudonym),
            &Origin::default(),
        ))
        .await
    }
}
