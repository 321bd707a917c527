//! A form that works once and is sent twice: a double click where no script keeps it from the wire.
//!
//! The browser drops the first answer, with its cookies, and follows the second. That one must end where the first did, and not
//! at "this link did its work already". So whoever uses up what a form proves notes it under a mark: SHA-256 of a cookie
//! that the page of the form set ([`Asker::form`]), with what the form proves. A second post with the same mark, within [`WINDOW`],
//! is told what the first was told, and gets a session in place of the first one's.
//!
//! Nobody else gains by it: another browser has another cookie, and so another mark. The session of before must
//! still live, so nothing leads back in after signing out, a reset or a lock. What is owed is worked out anew, and each repetition is
//! one conditional update, counted before anything else is looked at.
//!
//! The answer to a second factor proves nothing twice: its repetition begins no session and makes none worth more. The session that
//! the first post began gets another token ([`Mark::same_session`]), and the mark holds the cookie of the sign-in too.
//!
//! So does a form that gave a session another token ([`Mark::in_session`], [`Mark::same_token`]): its second post brings the token of
//! before, which is part of the mark, and finds nobody signed in.
//!
//! A sign-in with a password may be repeated as often as one likes: each post proves the password anew. Its second post only ends the
//! session that the first one began ([`Mark::begun`]), which no browser has.

use std::ops::AsyncFnOnce;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use uuid::Uuid;

use crate::authentication::asker::Asker;
use crate::authentication::assurance::proven::{Proven, UsedUp};
use crate::authentication::assurance::sign_in_flow::{Arrival, Step, enter_or_ask};
use crate::authentication::assurance::trusted;
use crate::authentication::device;
use crate::authentication::local_path::LocalPath;
use crate::authentication::session::{SessionToken, SignedIn, fence, fence_replaced};
use crate::authentication::sign_in::Entered;
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::platform::keys::{PlainToken, TokenHash};
use crate::platform::settings::SessionTimes;
use crate::users::user::{User, UserId};
use crate::{Code, Error, Result, sql};

/// How long after the first post a second one is the same click.
pub const WINDOW: Duration = Duration::seconds(60);
/// How many more posts are answered as the first was.
pub const MOST_REPEATS: i64 = 3;

/// What is noted of a form: the browser that sent it, with what it proves. Of a browser that keeps no cookies nothing is: there
/// the form works once and no more.
#[derive(Clone, Copy)]
pub(crate) struct Mark(Option<TokenHash>);

#[derive(Debug, sqlx::FromRow)]
struct Row {
    user_id: UserId,
    session_id: Option<Uuid>,
    next_path: Option<String>,
    trusted_id: Option<Uuid>,
}

/// What the repetition of a form gets that gave a session another token.
pub(crate) struct Again {
    /// Another one.
    pub token: SessionToken,
    /// The session as it is.
    pub session: SignedIn,
    /// Where the first post led, if that was noted.
    pub next: Option<LocalPath>,
    trusted_id: Option<Uuid>,
    /// Whose it is.
    pub user: User,
}

impl Mark {
    /// The mark of a form that proves something by `secret`: a token, or a code with what it is bound to. `form`: which form it is.
    pub fn of(asker: &Asker, form: &str, secret: &str) -> Self {
        let cookie = asker.form.as_ref().map(PlainToken::reveal);
        Self(cookie.map(|cookie| TokenHash::of(format!("{cookie} {form} {secret}").as_bytes())))
    }

    /// The mark of a form that gives the session of its sender another token.
    pub fn in_session(asker: &Asker, form: &str, secret: &str) -> Self {
        match &asker.came_with {
            Some(token) => Self::of(
                asker,
                form,
                &format!("{} {secret}", URL_SAFE_NO_PAD.encode(token.as_bytes())),
            ),
            None => Self(None),
        }
    }

    /// Notes that the form did its work, in the transaction of that work.
    pub async fn note(self, tx: &mut Tx, user: UserId) -> Result<()> {
        self.put(tx, user, None, None, None).await
    }

    /// The same for a form that gave a session another token.
    pub async fn note_session(self, tx: &mut Tx, session: &SignedIn, next: Option<&LocalPath>) -> Result<()> {
        self.put(tx, session.user_id, Some(session.session_id), next, None)
            .await
    }

    /// The same for a form that let its sender in, or asked them for a second factor.
    pub async fn note_step(
        self,
        tx: &mut Tx,
        user: UserId,
        step: &Step,
        next: Option<&LocalPath>,
    ) -> Result<()> {
        let trusted = match step {
            Step::Entered(entered) => entered.trusted.as_ref(),
            Step::Challenge(_) => None,
        };
        self.put(tx, user, step.session(), next, trusted).await
    }

    async fn put(
        self,
        tx: &mut Tx,
        user: UserId,
        session: Option<Uuid>,
        next: Option<&LocalPath>,
        trusted: Option<&PlainToken>,
    ) -> Result<()> {
        let (Some(hash), now) = (self.0, tx.now()) else {
            return Ok(());
        };
        sql!(tx, execute
            "insert into sent_forms (mark, user_id, session_id, next_path, sent_at, trusted_id)
             values ($1, $2, $3, $4, $5, (select id from trusted_devices where token_hash = $6 and user_id = $2))
             on conflict (mark) do nothing",
            hash.as_bytes(), user, session, next.map(LocalPath::as_str), now,
            trusted.map(PlainToken::hash).as_ref().map(TokenHash::as_bytes))?;
        Ok(())
    }

    /// The session that another post of the form began a moment ago and that still lives, of a form that proves everything anew each time.
    pub async fn begun(self, tx: &mut Tx, user: UserId) -> Result<Option<Uuid>> {
        let Some(hash) = self.0 else { return Ok(None) };
        let since = tx.now() - WINDOW;
        let found = sql!(tx, fetch_optional One<Uuid>,
            "select s.id from sent_forms f join sessions s on s.id = f.session_id
             where f.mark = $1 and f.sent_at > $2 and s.user_id = $3",
            hash.as_bytes(), since, user)?;
        Ok(found.map(|(id,)| id))
    }

    /// Notes the session that such a form began, in place of one that it began before.
    pub async fn note_begun(self, tx: &mut Tx, user: UserId, session: Uuid) -> Result<()> {
        let (Some(hash), now) = (self.0, tx.now()) else {
            return Ok(());
        };
        sql!(tx, execute
            "insert into sent_forms (mark, user_id, session_id, sent_at) values ($1, $2, $3, $4)
             on conflict (mark) do update set user_id = excluded.user_id, session_id = excluded.session_id, sent_at = excluded.sent_at",
            hash.as_bytes(), user, session, now)?;
        Ok(())
    }

    /// Whose form it was, if this post is its repetition.
    pub async fn repeated(self, platform: &Platform) -> Result<Option<UserId>> {
        let taken = platform.db.write(async |tx| self.take(tx).await).await?;
        Ok(taken.map(|(row, _)| row.user_id))
    }

    /// Where the first post led, if it was noted; `None`: this is no repetition of one. Nothing is counted by it.
    pub async fn led_to(self, platform: &Platform) -> Result<Option<Option<LocalPath>>> {
        let Some(hash) = self.0 else { return Ok(None) };
        let since = platform.clock.now() - WINDOW;
        let found = platform
            .db
            .read(async |tx| {
                sql!(tx, fetch_optional One<Option<String>>,
                    "select next_path from sent_forms where mark = $1 and sent_at > $2 and repeats < $3",
                    hash.as_bytes(), since, MOST_REPEATS)
            })
            .await?;
        Ok(found.map(|(next,)| next.as_deref().and_then(LocalPath::parse)))
    }

    /// What a form that lets nobody in answers: what it did, or, to its repetition, what it did before.
    pub async fn same_answer(self, platform: &Platform, done: Result<UserId>) -> Result<UserId> {
        match done {
            Err(error) if is_second(&error) => self.repeated(platform).await?.ok_or(error),
            done => done,
        }
    }

    /// The same for a form that lets its sender in: they get a session in place of the one that the first post began.
    pub async fn same_step(
        self,
        platform: &Platform,
        asker: &Asker,
        done: Result<(Step, Option<LocalPath>)>,
    ) -> Result<(Step, Option<LocalPath>)> {
        match done {
            Err(error) if is_second(&error) => self.enter_again(platform, asker).await?.ok_or(error),
            done => done,
        }
    }

    async fn enter_again(
        self,
        platform: &Platform,
        asker: &Asker,
    ) -> Result<Option<(Step, Option<LocalPath>)>> {
        let Some(hash) = self.0 else { return Ok(None) };
        let before = platform
            .db
            .read(async |tx| {
                sql!(tx, fetch_optional One<Option<Uuid>>,
                    "select session_id from sent_forms where mark = $1", hash.as_bytes())
            })
            .await?;
        let Some((before,)) = before else { return Ok(None) };
        let mut asker = asker.clone();
        asker.replaces = before.or(asker.replaces);
        fence_replaced(platform, &asker).await?;
        let entered = platform
            .db
            .write(async |tx| self.enter(tx, platform, &mut asker).await)
            .await?;
        let Some((done, late)) = entered else {
            return Ok(None);
        };
        // A third post may have begun another session since the first fence.
        fence(platform, &late).await;
        Ok(Some(done))
    }

    async fn enter(
        self,
        tx: &mut Tx,
        platform: &Platform,
        asker: &mut Asker,
    ) -> Result<Option<((Step, Option<LocalPath>), Vec<Vec<u8>>)>> {
        let Some((row, used)) = self.take(tx).await? else {
            return Ok(None);
        };
        let mut late = Vec::new();
        if let Some(before) = row.session_id {
            late = SignedIn::hash_of(tx, before).await?;
            if late.is_empty() {
                return Ok(None);
            }
            asker.replaces = Some(before);
        }
        let Some(user) = User::by_id(tx, row.user_id).await? else {
            return Ok(None);
        };
        if !user.hold_unlocked(tx).await? {
            return Ok(None);
        }
        let next = row.next_path.as_deref().and_then(LocalPath::parse);
        let arrival = Arrival {
            remember: false,
            beside: false,
            is_first: true,
            next: next.as_ref(),
            asker,
        };
        let step = enter_or_ask(tx, platform, Proven::sent_twice(user, &used), &arrival).await?;
        sql!(tx, execute "update sent_forms set session_id = $1 where mark = $2",
            step.session(), self.0.as_ref().map(TokenHash::as_bytes))?;
        Ok(Some(((step, next), late)))
    }

    /// What the repetition of an answer to a second factor gets: another token for the session that the first post began, which
    /// stays what it is. `None`: it is no repetition, or that session is over.
    pub async fn same_session(self, platform: &Platform, asker: &Asker) -> Result<Option<Step>> {
        let done = self
            .same_token(platform, async |tx, again| {
                // The answer that carried its cookie was dropped.
                let device = match &asker.device {
                    Some(device) if device::is_known(tx, device.hash(), again.user.id).await? => {
                        device.clone()
                    }
                    _ => PlainToken::generate(tx.entropy()),
                };
                device::remember(tx, device.hash(), again.user.id).await?;
                let trusted = match again.trusted_id {
                    Some(id) => trusted::again(tx, id, again.user.id, asker).await?,
                    None => None,
                };
                Ok((device, trusted))
            })
            .await?;
        Ok(done.map(|(again, (device, trusted))| {
            Step::Entered(Box::new(Entered {
                token: again.token,
                session: again.session,
                device,
                trusted,
                reopened: false,
                stopped_recovery: false,
            }))
        }))
    }

    /// What the repetition of a form gets that gave a session another token: one more, for the same session, which stays what it
    /// is. `more`: what else belongs to it, in the same transaction. `None`: it is no repetition, or that session is over.
    pub async fn same_token<T>(
        self,
        platform: &Platform,
        more: impl AsyncFnOnce(&mut Tx, &Again) -> Result<T>,
    ) -> Result<Option<(Again, T)>> {
        let Some(hash) = self.0 else { return Ok(None) };
        let old = platform
            .db
            .read(async |tx| {
                sql!(tx, fetch_all One<Vec<u8>>,
                    "select s.token_hash from sent_forms f join sessions s on s.id = f.session_id where f.mark = $1",
                    hash.as_bytes())
            })
            .await?;
        let old: Vec<Vec<u8>> = old.into_iter().map(|(hash,)| hash).collect();
        if old.is_empty() {
            return Ok(None);
        }
        fence(platform, &old).await;
        let settings = platform.settings();
        let rotated = platform
            .db
            .write(async |tx| {
                let Some((again, late)) = self.rotate(tx, &settings.session).await? else {
                    return Ok(None);
                };
                let more = more(tx, &again).await?;
                Ok(Some((again, late, more)))
            })
            .await?;
        let Some((again, late, more)) = rotated else {
            return Ok(None);
        };
        // A third post may have come between.
        fence(platform, &late).await;
        Ok(Some((again, more)))
    }

    async fn rotate(self, tx: &mut Tx, times: &SessionTimes) -> Result<Option<(Again, Vec<Vec<u8>>)>> {
        let Some((row, _)) = self.take(tx).await? else {
            return Ok(None);
        };
        let Some(session) = row.session_id else {
            return Ok(None);
        };
        let late = SignedIn::hash_of_own(tx, row.user_id, session).await?;
        let Some(old) = late.first().and_then(|hash| TokenHash::stored(hash)) else {
            return Ok(None);
        };
        let user = User::by_id(tx, row.user_id).await?;
        let Some(user) = user.filter(|user| user.locked_at.is_none()) else {
            return Ok(None);
        };
        let Some((token, session)) = SignedIn::rotate(tx, times, old).await? else {
            return Ok(None);
        };
        let again = Again {
            token,
            session,
            next: row.next_path.as_deref().and_then(LocalPath::parse),
            trusted_id: row.trusted_id,
            user,
        };
        Ok(Some((again, late)))
    }

    /// The single-use step of a repetition: each is counted, and only so many are allowed.
    async fn take(self, tx: &mut Tx) -> Result<Option<(Row, UsedUp)>> {
        let (Some(hash), now) = (self.0, tx.now()) else {
            return Ok(None);
        };
        let row = sql!(tx, fetch_optional Row,
            "update sent_forms set repeats = repeats + 1 where mark = $1 and sent_at > $2 and repeats < $3
             returning user_id, session_id, next_path, trusted_id",
            hash.as_bytes(), now - WINDOW, MOST_REPEATS)?;
        Ok(row.and_then(|row| Some((row, UsedUp::by(1)?))))
    }
}

/// True for the refusal of whoever comes second.
pub(crate) fn is_second(error: &Error) -> bool {
    matches!(error, Error::Refused(refusal) if [Code::LinkUsed, Code::AlreadySetUp].contains(&refusal.code()))
}
