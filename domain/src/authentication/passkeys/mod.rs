//! Passkeys (WebAuthn level 3): a key that a device keeps for one person and one server, and asks for before it signs.
//!
//! Each use is three requests: a page asks for a challenge, the browser and the device answer it, and the answer is sent as
//! a form.
//!
//! | who asks | which file | which row |
//! |---|---|---|
//! | `POST /passkey/…` | `sign_in::begin`, `factor::begin`, `add::begin`, `sign_up::begin`, `set_up::begin`, `invitation::begin`, `recover::begin`, `assurance::enrol_passkey::begin` | `passkey_challenges`: purpose, browser, sign-in or session |
//! | the browser | `app/src/islands/passkey.rs` | none |
//! | `POST /api/sign-in-passkey` | `sign_in.rs`: take the challenge, look at the answer, use it up, which makes a [`Used`]; then `assess` | `passkey_challenges.consumed_at`; `passkeys.sign_count`; `sessions` |
//! | `POST /api/sign-in-challenge`, `POST /api/confirm` | `assurance/answer.rs`, as every second factor | the same; `sign_ins` or `sessions` |
//! | `POST /api/add-passkey` | `add.rs` | `passkeys` |
//! | `POST /api/sign-in-enrol` | `assurance/enrol_passkey.rs`, where nothing else opens the account | `passkeys`, `sign_ins`, `sessions` |
//! | `POST /api/recover-finish` | `recover.rs`, at the end of the delayed way back | `passkeys`, `recoveries` |
//! | `POST /api/setup` | `set_up.rs`, the first administrator's | `passkeys`, `installations` |
//! | `POST /api/accept-invitation` | `invitation.rs`, of whoever was invited | `passkeys`, `invitations` |
//! | `POST /api/sign-up` | `sign_up.rs` keeps the passkey until the address is proven | `sign_ups.passkey`, then `passkeys` |
//!
//! What a passkey is worth is read from the flags of each answer and never assumed: one that verified its holder (`UV`) is
//! two factors and lets in alone; one that did not is something one has, and a second factor only (NIST SP 800-63B-4
//! §3.1.7, App. B).

pub mod add;
pub mod ceremony;
pub mod challenge;
pub mod factor;
pub mod invitation;
pub mod manage;
pub mod names;
pub mod offer;
pub mod recover;
pub mod row;
pub mod set_up;
pub mod sign_in;
pub mod sign_up;

pub use challenge::Begun;
pub use row::Passkey;

use crate::Result;
use crate::audit::{Entry, Event, Origin};
use crate::authentication::alarm::notify;
use crate::authentication::assurance::proven::UsedUp;
use crate::notification::message::Notice;
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::users::user::{User, UserId};

/// How the key is kept, as `amr` says it (RFC 8176).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// On one device, which it can't leave.
    Hardware,
    /// It can be copied to other devices of the person.
    Synced,
}

impl Keeping {
    /// By the flag `BE`.
    pub fn of(backup_eligible: bool) -> Self {
        if backup_eligible {
            Self::Synced
        } else {
            Self::Hardware
        }
    }

    /// The values of RFC 8176: the kind of key, and that somebody was there.
    pub fn amr(self) -> &'static [&'static str] {
        match self {
            Self::Hardware => &["hwk", "user"],
            Self::Synced => &["swk", "user"],
        }
    }

    /// The keeping that a session names.
    pub fn of_amr(amr: &str) -> Option<Self> {
        match amr {
            "hwk" => Some(Self::Hardware),
            "swk" => Some(Self::Synced),
            _ => None,
        }
    }
}

/// An answer whose signature and flags are right. It proves nothing before it is [used up](Checked::use_up).
#[must_use]
pub(in crate::authentication) struct Checked {
    passkey: Passkey,
    signed: ceremony::Signed,
}

/// A passkey that was used in this transaction, by an answer to a challenge that this browser was given and that nobody
/// answered before.
#[must_use]
pub struct Used {
    user: UserId,
    keeping: Keeping,
    verified: bool,
}

impl Used {
    /// A passkey that was made for a challenge that was used up for it, and that is the person's from now on.
    pub(in crate::authentication) fn made(user: UserId, created: &ceremony::Created, _: &UsedUp) -> Self {
        Self {
            user,
            keeping: Keeping::of(created.backup_eligible),
            verified: created.verified,
        }
    }

    /// Whose it is.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// How it is kept.
    pub fn keeping(&self) -> Keeping {
        self.keeping
    }

    /// True when it verified its holder, by the flag `UV`.
    pub fn is_verified(&self) -> bool {
        self.verified
    }
}

impl Checked {
    /// What the ceremony found, of an answer to a challenge that was used up for it.
    fn of(passkey: Passkey, signed: ceremony::Signed, _: &UsedUp) -> Self {
        Self { passkey, signed }
    }

    /// Whose passkey it is.
    pub fn user(&self) -> UserId {
        self.passkey.user_id
    }

    /// Notes the use. `None`: the passkey was removed since it was looked at. A counter that went back is a sign of a copy:
    /// it is logged, audited, and its owner is told; it is no proof, so they are let in (WebAuthn level 3 §6.1.1).
    pub async fn use_up(
        self,
        tx: &mut Tx,
        platform: &Platform,
        owner: &User,
        origin: &Origin,
    ) -> Result<Option<Used>> {
        let Self { passkey, signed } = self;
        let Some(before) = passkey
            .note_use(tx, &signed, platform.config.passkey_rp_id())
            .await?
        else {
            return Ok(None);
        };
        if signed.went_back(before) {
            tracing::warn!(passkey = %passkey.id, "the counter of a passkey went back");
            tx.audit(Entry::about(Event::PasskeyCounter, Some(owner.id), origin))
                .await?;
            notify(tx, platform, owner, Notice::PasskeyCounter, origin).await?;
        }
        Ok(Some(Used {
            user: passkey.user_id,
            keeping: Keeping::of(passkey.backup_eligible),
            verified: signed.verified,
        }))
    }
}
