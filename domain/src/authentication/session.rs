//! Sessions: one row per signed-in browser. The cookie holds a random token; the row holds its SHA-256.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::authentication::asker::Asker;
use crate::authentication::assurance::factor::{Aal, Enrolled};
use crate::authentication::assurance::policy::Demand;
use crate::authentication::assurance::proven::{FirstFactor, Given};
use crate::authentication::assurance::{Admission, sign_in_flow, trusted, with_factor};
use crate::authentication::viewing;
use crate::job::Job;
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::platform::keys::TokenHash;
use crate::platform::redis::Script;
use crate::platform::settings::SessionTimes;
use crate::users::directory;
use crate::users::time_zone::TimeZone;
use crate::users::user::UserId;
use crate::{Error, Result, sql};

/// How old `last_seen_at` may get before a request writes it anew: at most one write a minute per session.
pub const SEEN_EVERY: Duration = Duration::seconds(60);

/// The secret in the session cookie: 128 random bits (NIST SP 800-63B-4 §5.1 asks for 64, ASVS 7.2.3 for 128).
pub struct SessionToken(Zeroizing<[u8; 16]>);

impl SessionToken {
    /// Wraps the token of a cookie.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes for the cookie.
    pub fn reveal(&self) -> [u8; 16] {
        *self.0
    }

    /// What is stored.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(self.0.as_slice())
    }
}

/// A signed-in person, as a request sees them: the session's row with the person's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of its own")]
pub struct SignedIn {
    /// The session's id; no secret.
    pub session_id: Uuid,
    /// Who it is.
    pub user_id: UserId,
    /// What the person is called.
    pub name: String,
    /// The proven address.
    pub email: String,
    /// The language of pages and mails, as a tag. Empty in a copy that an older build made.
    #[serde(default)]
    pub locale: String,
    /// The name of the time zone that they chose; `None`: the browser's. Missing in a copy that an older build made.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Has a role: has a console, and must have shown two factors there. Missing in a copy that an older build made.
    #[serde(default)]
    pub staff: bool,
    /// Has a role that lets in nobody but with a passkey. Missing in a copy that an older build made.
    #[serde(default)]
    pub passkey_only: bool,
    /// Asked to stay signed in on this device.
    pub remember: bool,
    /// Authenticator assurance level (NIST SP 800-63B-4 §2): 1 or 2.
    pub aal: i64,
    /// How they proved it (RFC 8176), separated by spaces.
    pub amr: String,
    /// The person has a second factor: without it in `amr`, the session is not enough for a sensitive change. Missing in
    /// a copy that an older build made.
    #[serde(default)]
    pub has_factor: bool,
    /// When they last proved it.
    pub auth_time: DateTime<Utc>,
    /// The browser, as it named itself.
    pub user_agent: String,
    /// Where the session was started from.
    pub address: String,
    /// When the session was started.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends unless it is used.
    pub idle_expires_at: DateTime<Utc>,
    /// When it ends in any case.
    pub expires_at: DateTime<Utc>,
    /// When the account is erased, if it waits for that: then the session opens only the page that keeps the account.
    #[serde(default)]
    pub erase_at: Option<DateTime<Utc>>,
    /// Looks at somebody's account as its owner sees it: then the session opens nothing of its own ([`viewing`](super::viewing)).
    #[serde(default)]
    pub viewing_id: Option<Uuid>,
}

/// What a new session is made of.
pub struct NewSession<'a> {
    /// Who is let in, and how they proved it.
    pub admission: &'a Admission,
    /// Asked to stay signed in on this device.
    pub remember: bool,
    /// The browser.
    pub asker: &'a Asker,
}

/// How long a session may last: idle, and in all.
pub fn lifetimes(times: &SessionTimes, remember: bool, staff: bool) -> (Duration, Duration) {
    let (idle, overall) = if remember {
        (times.remember_idle, times.remember)
    } else {
        (times.plain_idle, times.plain)
    };
    if staff {
        (
            idle.min(times.administrator_idle),
            overall.min(times.administrator),
        )
    } else {
        (idle, overall)
    }
}

impl SignedIn {
    /// Starts a session under a new token, and ends the one that it takes the place of (ASVS 7.2.4), also one of the same
    /// person that waits in this browser.
    pub async fn start(
        tx: &mut Tx,
        times: &SessionTimes,
        new: NewSession<'_>,
    ) -> Result<(SessionToken, Self)> {
        let token = SessionToken::from_bytes(tx.entropy().bytes());
        let (id, now, user) = (tx.new_id(), tx.now(), new.admission.user());
        let has_factor = Enrolled::of(tx, user.id).await?.any();
        let (idle, overall) = lifetimes(times, new.remember, user.staff);
        let user_agent: String = new.asker.origin.user_agent.chars().take(400).collect();
        let session = Self {
            session_id: id,
            user_id: user.id,
            name: user.name.clone(),
            email: user.email.clone(),
            locale: user.locale.clone(),
            time_zone: user.time_zone.clone(),
            staff: user.staff,
            passkey_only: user.passkey_only,
            remember: new.remember,
            aal: new.admission.aal().number(),
            amr: new.admission.amr().to_owned(),
            has_factor,
            auth_time: now,
            user_agent,
            address: new.asker.origin.address.clone(),
            created_at: now,
            last_seen_at: now,
            idle_expires_at: now + idle,
            expires_at: now + overall,
            // Not known here; the next request reads it with the row.
            erase_at: None,
            viewing_id: None,
        };
        if let Some(old) = new.asker.replaces {
            sql!(tx, execute "delete from sessions where id = $1", old)?;
        }
        for other in &new.asker.beside {
            sql!(tx, execute "delete from sessions where id = $1 and user_id = $2", other, user.id)?;
        }
        sql!(tx, execute
            "insert into sessions (id, token_hash, user_id, remember, aal, amr, auth_time, user_agent, address,
                created_at, last_seen_at, idle_expires_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $7, $7, $10, $11)",
            id, token.hash().as_bytes(), user.id, new.remember, session.aal, session.amr.as_str(), now, session.user_agent.as_str(),
            session.address.as_str(), session.idle_expires_at, session.expires_at)?;
        directory::saw(tx, user.id).await?;
        Ok((token, session))
    }

    /// The live session of a token, if the person's account is open. One that has outlived these times is none.
    pub async fn find(tx: &mut Tx, times: &SessionTimes, token: TokenHash) -> Result<Option<Self>> {
        let now = tx.now();
        let found = sql!(tx, fetch_optional Self,
            "select s.id as session_id, s.user_id, u.name, u.email, u.locale, u.time_zone, u.staff, u.passkey_only, s.remember, s.aal, s.amr,
                exists(select 1 from totps t where t.user_id = u.id)
                    or exists(select 1 from mail_factors m where m.user_id = u.id)
                    or exists(select 1 from phones n where n.user_id = u.id)
                    or exists(select 1 from passkeys p where p.user_id = u.id) as has_factor, s.auth_time,
                s.user_agent, s.address, s.created_at, s.last_seen_at, s.idle_expires_at, s.expires_at, u.erase_at, s.viewing_id
             from sessions s join users u on u.id = s.user_id
             where s.token_hash = $1 and s.expires_at > $2 and s.idle_expires_at > $2 and u.locked_at is null
                and u.deactivated_at is null",
            token.as_bytes(), now)?;
        Ok(found.filter(|session| !session.has_outlived(times, now)))
    }

    /// Gives the session a new token, and notes that the person proved who they are just now, with what: whoever has a second
    /// factor, with that one. `None`: it has ended. Fence off its copies before.
    ///
    /// # Errors
    /// [`Error::Internal`] when the factor is another person's.
    pub async fn renew(&self, tx: &mut Tx, given: Option<Given>) -> Result<Option<(SessionToken, Self)>> {
        if given.is_some_and(|given| given.user() != self.user_id) {
            return Err(Error::Internal("a second factor of another person".into()));
        }
        let token = SessionToken::from_bytes(tx.entropy().bytes());
        let now = tx.now();
        let session = match given {
            Some(given) => Self {
                auth_time: now,
                amr: with_factor(&self.amr, Some(given)),
                aal: self.aal.max(given.factor().aal().number()),
                has_factor: true,
                ..self.clone()
            },
            // A password does not make fresh what a second factor has to: that was given when it was given.
            None if self.has_factor => self.clone(),
            // And a factor that the person has no more does not stand for one that they add later.
            None => self.without_factors(now),
        };
        let now = session.auth_time;
        let renewed = sql!(tx, execute
            "update sessions set token_hash = $1, auth_time = $2, amr = $3, aal = $4 where id = $5",
            token.hash().as_bytes(), now, session.amr.as_str(), session.aal, self.session_id)?;
        Ok((renewed == 1).then_some((token, session)))
    }

    /// As it is after a password alone, for somebody without a second factor.
    fn without_factors(&self, now: DateTime<Utc>) -> Self {
        if !self.gave_factor() {
            return Self {
                auth_time: now,
                ..self.clone()
            };
        }
        Self {
            auth_time: now,
            amr: FirstFactor::Password.amr().to_owned(),
            aal: Aal::One.number(),
            ..self.clone()
        }
    }

    /// Gives the live session of a token another token, and leaves the rest as it is. `None`: there is none, or somebody
    /// else was faster. Fence off its copies before.
    pub async fn rotate(
        tx: &mut Tx,
        times: &SessionTimes,
        old: TokenHash,
    ) -> Result<Option<(SessionToken, Self)>> {
        let Some(session) = Self::find(tx, times, old).await? else {
            return Ok(None);
        };
        let token = SessionToken::from_bytes(tx.entropy().bytes());
        let rotated = sql!(tx, execute "update sessions set token_hash = $1 where token_hash = $2",
            token.hash().as_bytes(), old.as_bytes())?;
        Ok((rotated == 1).then_some((token, session)))
    }

    /// What the roles of the person ask of them.
    pub fn demand(&self) -> Demand {
        Demand::of(self.staff, self.passkey_only)
    }

    /// The time zone that the person chose.
    pub fn zone(&self) -> Option<TimeZone> {
        TimeZone::chosen(self.time_zone.as_deref())
    }

    /// True while the session lasts.
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at && now < self.idle_expires_at
    }

    /// True when it lasts longer than a session may by now: somebody has shortened what sessions last since it began. That it
    /// stays over is told in [`outlived`](super::outlived).
    pub fn has_outlived(&self, times: &SessionTimes, now: DateTime<Utc>) -> bool {
        let (idle, overall) = lifetimes(times, self.remember, self.staff);
        now >= self.created_at + overall || now >= self.last_seen_at + idle
    }

    /// True when it is time to write down that the session is used.
    pub fn is_seen_late(&self, now: DateTime<Utc>) -> bool {
        now - self.last_seen_at >= SEEN_EVERY
    }

    /// Notes that the session is used; the idle limit moves, the overall limit does not.
    #[must_use]
    pub fn seen(mut self, times: &SessionTimes, now: DateTime<Utc>) -> Self {
        let (idle, _) = lifetimes(times, self.remember, self.staff);
        self.last_seen_at = now;
        self.idle_expires_at = (now + idle).min(self.expires_at);
        self
    }

    /// Writes what [`SignedIn::seen`] noted. Zero rows: the session ended meanwhile, and stays ended.
    pub async fn save_seen(&self, tx: &mut Tx) -> Result<u64> {
        let saved = sql!(tx, execute "update sessions set last_seen_at = $1, idle_expires_at = $2 where id = $3",
            self.last_seen_at, self.idle_expires_at, self.session_id)?;
        if saved > 0 {
            directory::saw(tx, self.user_id).await?;
        }
        Ok(saved)
    }

    /// The live sessions of a person, the last used first; at most `limit`. Without those that have outlived these times.
    pub async fn list(tx: &mut Tx, times: &SessionTimes, user: UserId, limit: i64) -> Result<Vec<Self>> {
        let now = tx.now();
        let mut found = sql!(tx, fetch_all Self,
            "select s.id as session_id, s.user_id, u.name, u.email, u.locale, u.time_zone, u.staff, u.passkey_only, s.remember, s.aal, s.amr,
                exists(select 1 from totps t where t.user_id = u.id)
                    or exists(select 1 from mail_factors m where m.user_id = u.id)
                    or exists(select 1 from phones n where n.user_id = u.id)
                    or exists(select 1 from passkeys p where p.user_id = u.id) as has_factor, s.auth_time,
                s.user_agent, s.address, s.created_at, s.last_seen_at, s.idle_expires_at, s.expires_at, u.erase_at, s.viewing_id
             from sessions s join users u on u.id = s.user_id
             where s.user_id = $1 and s.expires_at > $2 and s.idle_expires_at > $2
             order by s.last_seen_at desc, s.id desc limit $3",
            user, now, limit)?;
        found.retain(|session| !session.has_outlived(times, now));
        Ok(found)
    }

    /// Lets the sessions of a person end no later than those of somebody with a role do, who has one from now on.
    pub(crate) async fn shorten(tx: &mut Tx, times: &SessionTimes, user: UserId) -> Result<()> {
        let now = tx.now();
        sql!(tx, execute "update sessions set expires_at = $1 where user_id = $2 and expires_at > $1",
            now + times.administrator, user)?;
        sql!(tx, execute "update sessions set idle_expires_at = $1 where user_id = $2 and idle_expires_at > $1",
            now + times.administrator_idle, user)?;
        Ok(())
    }

    /// Ends a session of a person; `false`: they have none with this id.
    pub async fn end_own(tx: &mut Tx, user: UserId, id: Uuid) -> Result<bool> {
        let ended = sql!(tx, execute "delete from sessions where id = $1 and user_id = $2", id, user)?;
        viewing::end_with_sessions(tx, user).await?;
        Ok(ended == 1)
    }

    /// Ends a session.
    pub async fn end(tx: &mut Tx, id: Uuid) -> Result<bool> {
        Ok(sql!(tx, execute "delete from sessions where id = $1", id)? == 1)
    }

    /// Ends the session of a token, if there is one.
    pub async fn end_by_token(tx: &mut Tx, token: TokenHash) -> Result<()> {
        sql!(tx, execute "delete from sessions where token_hash = $1", token.as_bytes())?;
        Ok(())
    }

    /// Ends all sessions of a person, their sign-ins in progress, what spares a browser the second factor, and the looks at other accounts
    /// that they were in.
    pub async fn end_all(tx: &mut Tx, user: UserId) -> Result<u64> {
        sign_in_flow::end_all(tx, user).await?;
        trusted::forget_all(tx, user).await?;
        let ended = sql!(tx, execute "delete from sessions where user_id = $1", user)?;
        viewing::end_with_sessions(tx, user).await?;
        Ok(ended)
    }

    /// The same, but for one session.
    pub async fn end_others(tx: &mut Tx, user: UserId, kept: Uuid) -> Result<u64> {
        sign_in_flow::end_all(tx, user).await?;
        trusted::forget_all(tx, user).await?;
        let ended = sql!(tx, execute "delete from sessions where user_id = $1 and id <> $2", user, kept)?;
        viewing::end_with_sessions(tx, user).await?;
        Ok(ended)
    }

    /// The token hash of a session: what a cache must forget before it ends.
    pub async fn hash_of(tx: &mut Tx, id: Uuid) -> Result<Vec<Vec<u8>>> {
        let rows = sql!(
            tx,
            fetch_all One<Vec<u8>>,
            "select token_hash from sessions where id = $1",
            id
        )?;
        Ok(rows.into_iter().map(|(hash,)| hash).collect())
    }

    /// The token hash of a person's session, if it is theirs.
    pub async fn hash_of_own(tx: &mut Tx, user: UserId, id: Uuid) -> Result<Vec<Vec<u8>>> {
        let rows = sql!(
            tx,
            fetch_all One<Vec<u8>>,
            "select token_hash from sessions where id = $1 and user_id = $2",
            id,
            user
        )?;
        Ok(rows.into_iter().map(|(hash,)| hash).collect())
    }

    /// The token hashes of a person's sessions: what a cache must forget before they end.
    pub async fn hashes_of(tx: &mut Tx, user: UserId) -> Result<Vec<Vec<u8>>> {
        let rows = sql!(
            tx,
            fetch_all One<Vec<u8>>,
            "select token_hash from sessions where user_id = $1",
            user
        )?;
        Ok(rows.into_iter().map(|(hash,)| hash).collect())
    }
}

/// How long a fence stands: far longer than a copy in the cache lives.
const FENCE_SECONDS: i64 = 300;
/// How long whoever ends a session waits for a Redis that is not connected yet.
const FENCE_WAIT: std::time::Duration = std::time::Duration::from_millis(1500);

static FENCE: Script = Script::new("redis.call('set', KEYS[1], '', 'EX', ARGV[1]) return 1");
// A fence is an empty value, and stays.
static FORGET: Script =
    Script::new("if redis.call('strlen', KEYS[1]) > 0 then return redis.call('del', KEYS[1]) end return 0");

/// Puts a fence in place of the cached copies of sessions, **before** the transaction that ends them: from then on every
/// node asks the database, and no copy is made, whatever crashes in between. What could not be fenced off (Redis is
/// away) is put into the queue, to be done as soon as it is back; until then a copy lives for at most a minute.
pub async fn fence(platform: &Platform, token_hashes: &[Vec<u8>]) {
    let mut open = Vec::new();
    for hash in token_hashes {
        if !fence_one(platform, hash).await {
            open.push(hash.clone());
        }
    }
    if open.is_empty() {
        return;
    }
    tracing::warn!(
        sessions = open.len(),
        "Redis is away: copies of sessions are fenced off later"
    );
    let job = Job::FenceSessions { token_hashes: open };
    if let Err(error) = platform.db.write(async |tx| tx.enqueue(&job).await).await {
        tracing::error!(%error, "copies of sessions could not be fenced off");
    }
}

/// Fences off the copies of all of a person's sessions, before a change that each of them must show or that ends them.
/// Returns what was fenced off, for [`late_hashes`].
pub(crate) async fn fence_person(platform: &Platform, user: UserId) -> Result<Vec<Vec<u8>>> {
    let hashes = platform
        .db
        .read(async |tx| SignedIn::hashes_of(tx, user).await)
        .await?;
    fence(platform, &hashes).await;
    Ok(hashes)
}

/// The sessions that began since [`fence_person`], seen from the transaction of the change: to be fenced off after it.
pub(crate) async fn late_hashes(tx: &mut Tx, user: UserId, fenced: &[Vec<u8>]) -> Result<Vec<Vec<u8>>> {
    let mut late = SignedIn::hashes_of(tx, user).await?;
    late.retain(|hash| !fenced.contains(hash));
    Ok(late)
}

/// The job: tries again until Redis has every fence.
pub(crate) async fn fence_again(platform: &Platform, token_hashes: &[Vec<u8>]) -> Result<()> {
    for hash in token_hashes {
        if !fence_one(platform, hash).await {
            return Err(Error::Cache("Redis is away".into()));
        }
    }
    Ok(())
}

/// Fences off the sessions that a new one may take the place of.
pub(crate) async fn fence_replaced(platform: &Platform, asker: &Asker) -> Result<()> {
    if platform.redis.is_none() {
        return Ok(());
    }
    for id in asker.replaces.iter().chain(&asker.beside) {
        let hashes = platform
            .db
            .read(async |tx| SignedIn::hash_of(tx, *id).await)
            .await?;
        fence(platform, &hashes).await;
    }
    Ok(())
}

/// Notes that a session is used: the row at once, and the copy goes, so that the next request reads the row. When the
/// database takes no writes, the session is simply not prolonged.
pub async fn note_use(platform: &Platform, token: TokenHash, session: &SignedIn) {
    match platform.db.write(async |tx| session.save_seen(tx).await).await {
        Ok(0) => {}
        Ok(_) => {
            if let Some(redis) = &platform.redis
                && let Err(error) = redis.run(&FORGET, &copy_key(token.as_bytes()), []).await
            {
                tracing::debug!(%error, "a session's copy could not be renewed");
            }
        }
        Err(error) => tracing::warn!(%error, "the use of a session could not be noted"),
    }
}

async fn fence_one(platform: &Platform, hash: &[u8]) -> bool {
    let Some(redis) = &platform.redis else { return true };
    let key = copy_key(hash);
    let tried = async {
        // A command that has only just started may not be connected yet.
        while let Err(error) = redis.run(&FENCE, &key, [FENCE_SECONDS]).await {
            tracing::debug!(%error, "a fence is tried again");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(FENCE_WAIT, tried).await.is_ok()
}

/// The key under which the session store keeps a copy: half of the hash.
fn copy_key(hash: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(hash.get(..16).unwrap_or_default())
}
