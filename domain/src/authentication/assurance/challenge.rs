//! A sign-in in progress, as its page shows it. Nothing is changed by a look.

use chrono::{DateTime, Utc};

use super::factor::Factor;
use super::policy::Policy;
use super::sign_in_row::Row;
use super::{Owed, phone, sent_code, totp};
use crate::Result;
use crate::authentication::freeze;
use crate::platform::Platform;
use crate::platform::keys::PlainToken;

/// What a sign-in waits for.
pub struct Challenge {
    /// Whose.
    pub email: String,
    /// What they owe.
    pub owed: Owed,
    /// The number of their telephone, masked, if they get codes there.
    pub phone: Option<String>,
    /// The factor whose code went out, and still works.
    pub sent: Option<Factor>,
    /// The app to add, where that is owed.
    pub enrolment: Option<totp::Enrolment>,
    /// Whether this browser may be remembered.
    pub may_trust: bool,
    /// Until when nothing can be added, where something is to be.
    pub frozen_until: Option<DateTime<Utc>>,
}

/// Looks at the sign-in of a browser. `None`: there is none, it is over, or it owes nothing any more.
pub async fn look(platform: &Platform, token: Option<&PlainToken>) -> Result<Option<Challenge>> {
    let Some(token) = token else { return Ok(None) };
    platform
        .db
        .read(async |tx| {
            let Some((row, user)) = Row::open(tx, token).await? else {
                return Ok(None);
            };
            let Some(owed) = row.owed(tx, platform, &user).await? else {
                return Ok(None);
            };
            let enrolment = match owed {
                Owed::Enrolment => totp::begun(tx, platform, &user, row.id).await?,
                Owed::Factor(_) | Owed::Passkey => None,
            };
            let policy = Policy::of(&platform.settings().second_factor, user.demand());
            let frozen_until = match owed {
                Owed::Factor(_) => None,
                Owed::Enrolment | Owed::Passkey => freeze::until(tx, user.id).await?,
            };
            Ok(Some(Challenge {
                phone: phone::of(tx, user.id).await?.map(|phone| phone.number.masked()),
                sent: sent_code::sent(tx, row.id).await?,
                may_trust: !user.staff && policy.remembers_browsers() && matches!(owed, Owed::Factor(_)),
                frozen_until,
                email: user.email,
                owed,
                enrolment,
            }))
        })
        .await
}
