//! Signing in with a password: the proof ([`proof`](crate::authentication::proof)), then one transaction with the session, the
//! device and the audit row. Whatever is wrong, the answer is the same.

use crate::audit::{Entry, Event};
use crate::authentication::alarm::notify;
use crate::authentication::asker::Asker;
use crate::authentication::assurance::Admission;
use crate::authentication::assurance::proven::Proven;
use crate::authentication::assurance::sign_in_flow::{Arrival, Step, enter_or_ask};
use crate::authentication::close_account;
use crate::authentication::device;
use crate::authentication::local_path::LocalPath;
use crate::authentication::password::Password;
use crate::authentication::proof::{Proof, count};
use crate::authentication::recover;
use crate::authentication::reset_password;
use crate::authentication::sent_twice::Mark;
use crate::authentication::session::{NewSession, SessionToken, SignedIn, fence, fence_replaced};
use crate::notification::message::Notice;
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::keys::PlainToken;
use crate::users::email::Email;
use crate::{Code, Error, Faults, Field, Result};

/// What came with the form and its request.
pub struct Credentials {
    /// As typed.
    pub email: String,
    /// As typed.
    pub password: String,
    /// Stay signed in on this device.
    pub remember: bool,
    /// Beside the account that the browser is in.
    pub beside: bool,
    /// Where to go once signed in.
    pub next: Option<LocalPath>,
    /// Who asks.
    pub asker: Asker,
}

/// A browser that has just been let in: what its cookies get.
pub struct Entered {
    /// For the session cookie.
    pub token: SessionToken,
    /// The session.
    pub session: SignedIn,
    /// For the device cookie.
    pub device: PlainToken,
    /// For the cookie of a browser that is not asked for the second factor, if the person wishes so.
    pub trusted: Option<PlainToken>,
    /// The account was closed for now, and is open again.
    pub reopened: bool,
    /// Somebody had asked to get back in without the factors; this sign-in stopped it.
    pub stopped_recovery: bool,
}

/// Signs somebody in, or asks for what they owe. The second post of a double click ends the session that the first one began:
/// [`sent_twice`](crate::authentication::sent_twice).
///
/// # Errors
/// Refused with [`Code::Required`], [`Code::EmailInvalid`] (nothing was looked up), [`Code::PasswordDue`], and as
/// [`Proof::of`] says.
pub async fn sign_in(platform: &Platform, credentials: Credentials) -> Result<Step> {
    let Credentials {
        email,
        password,
        remember,
        beside,
        next,
        mut asker,
    } = credentials;
    let mut faults = Faults::default();
    let email = faults.check(Field::Email, Email::parse(&email));
    let password = faults.check(Field::Password, Password::typed(&password));
    let (Some(email), Some(password)) = (email, password) else {
        return Err(faults.into_error());
    };
    let proof = Proof::of(platform, &email, &password, &asker).await?;
    let mark = Mark::of(&asker, "sign-in", email.key().as_str());
    let before = platform
        .db
        .read(async |tx| mark.begun(tx, proof.user.id).await)
        .await?;
    asker.beside.extend(before);
    fence_replaced(platform, &asker).await?;
    let step = platform
        .db
        .write(async |tx| {
            let Some(held) = proof.hold(tx).await? else {
                return Ok(None);
            };
            if reset_password::due_since(tx, proof.user.id).await?.is_some() {
                let detail = [("because", "password-due")];
                let entry = Entry::about(Event::SignInFailed, Some(proof.user.id), &asker.origin);
                tx.audit(entry.with(&detail)).await?;
                return Ok(Some(Door::PasswordDue));
            }
            proof.settle(tx, &asker.origin).await?;
            // Of two clicks on their way at once, the other one may have come between.
            let begun = mark.begun(tx, proof.user.id).await?;
            let late = match begun.filter(|_| begun != before) {
                Some(id) => SignedIn::hash_of(tx, id).await?,
                None => Vec::new(),
            };
            let mut asker = asker.clone();
            asker.beside.extend(begun);
            let arrival = Arrival {
                remember,
                beside,
                // The first click told them of the new browser.
                is_first: begun.is_some(),
                next: next.as_ref(),
                asker: &asker,
            };
            let proven = Proven::password(proof.user.clone(), &held);
            let step = enter_or_ask(tx, platform, proven, &arrival).await?;
            if let Some(session) = step.session() {
                mark.note_begun(tx, proof.user.id, session).await?;
            }
            Ok(Some(Door::Open(step, late)))
        })
        .await?;
    let step = match step {
        Some(Door::Open(step, late)) => {
            fence(platform, &late).await;
            step
        }
        Some(Door::PasswordDue) => return Err(password_due(platform, email, asker).await?),
        None => return Err(proof.outrun(platform, &asker.origin).await?),
    };
    if matches!(step, Step::Entered(_)) {
        count("succeeded");
    }
    Ok(step)
}

/// Where a right password leads.
enum Door {
    /// In; with the hashes of the tokens whose copies must go.
    Open(Step, Vec<Vec<u8>>),
    /// To a mail, and no further: see [`demand`](crate::users::person::password::demand).
    PasswordDue,
}

/// Mails the link by which another password is chosen, unless one was mailed lately; the answer is the same. The attempt stays counted:
/// whoever has nothing but that password gets nowhere, and not often.
async fn password_due(platform: &Platform, email: Email, asker: Asker) -> Result<Error> {
    let email = email.as_str().to_owned();
    match reset_password::request(platform, reset_password::Request { email, asker }).await {
        Ok(()) | Err(Error::Refused(_)) => Ok(Error::form(Code::PasswordDue)),
        Err(error) => Err(error),
    }
}

/// Starts a session, makes its browser a known one, opens an account that was closed for now, and stops a recovery: the last
/// step of every way in. The person is told by mail when the browser never was in this account (ASVS 6.3.5).
pub(in crate::authentication) async fn enter(
    tx: &mut Tx,
    platform: &Platform,
    admission: Admission,
    arrival: &Arrival<'_>,
) -> Result<Entered> {
    let (person, asker) = (admission.user(), arrival.asker);
    let user = person.id;
    let reopened = close_account::reopen(tx, platform, person, &asker.origin).await?;
    let stopped_recovery = recover::stop_at_sign_in(tx, platform, person, &asker.origin).await?;
    let is_known = match &asker.device {
        Some(device) => device::is_known(tx, device.hash(), user).await?,
        None => false,
    };
    if !is_known && !arrival.is_first {
        notify(tx, platform, person, Notice::NewDevice, &asker.origin).await?;
    }
    let new = NewSession {
        admission: &admission,
        remember: arrival.remember,
        asker,
    };
    let (token, session) = SignedIn::start(tx, &platform.settings().session, new).await?;
    // A token that no account knows was made up by the browser, not by us.
    let device = match &asker.device {
        Some(device) if device::is_ours(tx, device.hash()).await? => device.clone(),
        _ => PlainToken::generate(tx.entropy()),
    };
    device::remember(tx, device.hash(), user).await?;
    tx.audit(
        Entry::own(Event::SignedIn, user, &asker.origin)
            .in_session(session.session_id)
            .with(&[("amr", admission.amr())]),
    )
    .await?;
    Ok(Entered {
        token,
        session,
        device,
        trusted: None,
        reopened,
        stopped_recovery,
    })
}
