//! Why something was refused: the rule that said no, for the operator in full. The person was told less.

use super::Event;
use super::trail::Line;
use crate::authorization::built_in::BuiltIn;
use crate::authorization::{May, Permission, Rights, right};
use crate::platform::db::Tx;
use crate::{Result, sql};

/// The reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// A rule about rights.
    Rights(Lacked),
    /// Whoever looks at an account as its owner sees it changes nothing.
    Viewing,
    /// A sign-in, or a step of it.
    SignIn(SignIn),
}

/// What somebody was not allowed to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lacked {
    /// The rule, as [`Because::as_str`](crate::authorization::Because::as_str) names it.
    pub rule: String,
    /// The permission that was asked for; `None`: one of another version.
    pub permission: Option<Permission>,
    /// The roles that give it.
    pub given_by: Vec<Giving>,
    /// Whether they have it by now.
    pub held_now: bool,
}

/// A role that gives a permission.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Giving {
    /// A name of [`BuiltIn`], or a UUIDv7.
    pub id: String,
    /// What it is called.
    pub name: String,
}

/// Why somebody did not get in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    /// Nobody has the address that was typed.
    Nobody,
    /// The account has no password.
    NoPassword,
    /// Another password.
    Password,
    /// The password was right, and the account is locked.
    Locked,
    /// The password was changed, or the account locked, while it was looked at.
    Outrun,
    /// Too many failures: nothing was looked at.
    Throttled,
    /// The second step was wrong.
    Factor,
    /// Too many failures of the second step: nothing was looked at.
    FactorThrottled,
    /// A passkey that there is not, of an account that is closed, or an answer that does not fit.
    Passkey,
    /// The passkey was right, and its device did not verify who holds it.
    PasskeyUnverified,
    /// Written before reasons were.
    Unknown,
}

impl Why {
    /// Why a row says no; `None` when it does not.
    pub async fn of(tx: &mut Tx, may: &May<right::AuditRead>, line: &Line) -> Result<Option<Self>> {
        if line.kind == Event::Denied.as_str() {
            return Ok(Some(Self::Rights(Lacked::of(tx, may, line).await?)));
        }
        if line.kind == Event::ViewRefused.as_str() {
            return Ok(Some(Self::Viewing));
        }
        Ok(line.is_refused().then(|| Self::SignIn(SignIn::of(line))))
    }
}

impl Lacked {
    async fn of(tx: &mut Tx, _may: &May<right::AuditRead>, line: &Line) -> Result<Self> {
        let permission = line.said("permission").as_deref().and_then(Permission::parse);
        let mut lacked = Self {
            rule: line.said("because").unwrap_or_default(),
            permission,
            given_by: Vec::new(),
            held_now: false,
        };
        if let Some(permission) = permission {
            lacked.given_by = Giving::of(tx, permission).await?;
            lacked.held_now = match line.actor_id {
                Some(id) => Rights::of(tx, id).await?.has(permission),
                None => false,
            };
        }
        Ok(lacked)
    }
}

impl Giving {
    async fn of(tx: &mut Tx, permission: Permission) -> Result<Vec<Self>> {
        let mut giving = sql!(tx, fetch_all Self,
            "select id, name from roles where id in (select role_id from role_permissions where permission = $1) order by name_key",
            permission.as_str())?;
        for role in BuiltIn::ALL
            .into_iter()
            .rev()
            .filter(|role| role.allows(permission))
        {
            let built_in =
                sql!(tx, fetch_optional Self, "select id, name from roles where id = $1", role.id())?;
            giving.splice(0..0, built_in);
        }
        Ok(giving)
    }
}

impl SignIn {
    /// The word in the detail of a refused sign-in.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::NoPassword => "no-password",
            Self::Password => "password",
            Self::Locked => "locked",
            Self::Outrun => "outrun",
            Self::Throttled => "throttled",
            Self::Factor => "factor",
            Self::FactorThrottled => "factor-throttled",
            Self::Passkey => "passkey-wrong",
            Self::PasskeyUnverified => "passkey-unverified",
            Self::Unknown => "unknown",
        }
    }

    fn of(line: &Line) -> Self {
        const SAID: [SignIn; 7] = [
            SignIn::Nobody,
            SignIn::NoPassword,
            SignIn::Password,
            SignIn::Locked,
            SignIn::Outrun,
            SignIn::Passkey,
            SignIn::PasskeyUnverified,
        ];
        let is = |event: Event| line.kind == event.as_str();
        if is(Event::SignInThrottled) {
            Self::Throttled
        } else if is(Event::FactorFailed) {
            Self::Factor
        } else if is(Event::FactorThrottled) {
            Self::FactorThrottled
        } else {
            let because = line.said("because").unwrap_or_default();
            let said = SAID.into_iter().find(|reason| reason.as_str() == because);
            said.unwrap_or(Self::Unknown)
        }
    }
}
