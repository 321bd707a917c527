//! What a person sees first of their account: everything on that page in one question to the database, since it is the page that
//! is asked for most.

use chrono::{DateTime, Utc};

use crate::audit::Event;
use crate::audit::activity::since_lately;
use crate::authentication::assurance::manage::{Shortfall, shortfall};
use crate::authentication::session::SignedIn;
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::{Result, sql};

/// The account at a glance.
pub struct Overview {
    /// Who they are, and what goes on.
    pub facts: Facts,
    /// Set when they lack a second factor that they must have.
    pub shortfall: Option<Shortfall>,
    /// Whether to offer a passkey: see [`passkeys::offer`](crate::authentication::passkeys::offer).
    pub offers_passkey: bool,
}

/// A row of `users`, with what hangs on it.
#[derive(Debug, sqlx::FromRow)]
pub struct Facts {
    /// What the person is called.
    pub name: String,
    /// The proven address, as typed.
    pub email: String,
    /// May do everything.
    pub administrator: bool,
    /// When the address was proven.
    pub created_at: DateTime<Utc>,
    /// How many devices are signed in, this one among them.
    pub devices: i64,
    /// How many sign-ins were refused [lately](crate::audit::activity::LATELY), for the password, a passkey or the second factor; counts to 100.
    pub refused: i64,
    /// Until when nothing may be changed: see [`freeze`](crate::authentication::freeze).
    pub frozen_until: Option<DateTime<Utc>>,
    /// When the link of a recovery that has not ended is mailed, or was.
    pub recovery_due_at: Option<DateTime<Utc>>,
    lacks_passkey: bool,
    declined_passkey: bool,
}

impl Overview {
    /// Of whoever is signed in. `None`: the account is gone.
    pub async fn of(platform: &Platform, session: &SignedIn) -> Result<Option<Self>> {
        platform
            .db
            .read(async |tx| {
                let Some(facts) = Facts::of(tx, session).await? else {
                    return Ok(None);
                };
                Ok(Some(Self {
                    shortfall: shortfall(tx, platform, session).await?,
                    offers_passkey: facts.offers_passkey(session),
                    facts,
                }))
            })
            .await
    }
}

impl Facts {
    async fn of(tx: &mut Tx, session: &SignedIn) -> Result<Option<Self>> {
        let (now, since) = (tx.now(), since_lately(tx));
        sql!(tx, fetch_optional Self,
            "select name, email, administrator, created_at,
                (select count(*) from sessions where user_id = $1 and expires_at > $2 and idle_expires_at > $2) as devices,
                (select count(*) from (select 1 from audit_events
                    where subject_id = $1 and id > $3 and kind in ($4, $5, $6, $7, $8) limit 100) as newest) as refused,
                case when frozen_until > $2 then frozen_until end as frozen_until,
                (select due_at from recoveries
                    where user_id = $1 and ended_at is null and (expires_at is null or expires_at > $2)) as recovery_due_at,
                not exists(select 1 from passkeys where user_id = $1) as lacks_passkey,
                passkey_offer_declined_at is not null as declined_passkey
             from users where id = $1",
            session.user_id, now, since, Event::SignInFailed.as_str(), Event::SignInThrottled.as_str(),
            Event::FactorFailed.as_str(), Event::FactorThrottled.as_str(), Event::PasskeyRefused.as_str())
    }

    /// Whoever signed in with a password, has no passkey, did not decline one, and may change something now.
    fn offers_passkey(&self, session: &SignedIn) -> bool {
        let by_password = session.amr.split(' ').any(|value| value == "pwd");
        by_password && self.lacks_passkey && !self.declined_passkey && self.frozen_until.is_none()
    }
}
