//! What an operator takes away of somebody's factors, who have lost them.

use uuid::Uuid;

use super::factor::{Enrolled, Factor};
use super::policy::Policy;
use super::{failures, phone, recovery, sent_code, totp, trusted};
use crate::authentication::passkeys::Passkey;
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::users::user::{User, UserId};
use crate::{Result, sql};

/// Takes the app, the telephone or codes by mail away, and with the last factor the recovery codes. `false`: it was not there.
pub(crate) async fn take_away(tx: &mut Tx, user: UserId, factor: Factor) -> Result<bool> {
    let was_there = match factor {
        Factor::Totp => totp::remove(tx, user).await?,
        Factor::Sms => phone::remove(tx, user).await?,
        Factor::Mail => sent_code::switch_mail(tx, user, false).await?,
        // Passkeys go one by one, and recovery codes with the last factor.
        Factor::Passkey | Factor::Recovery => false,
    };
    if was_there {
        failures::clear(tx, user, factor).await?;
        settle(tx, user).await?;
    }
    Ok(was_there)
}

/// Takes one passkey away, and with the last factor the recovery codes. `false`: it was not there.
pub(crate) async fn take_passkey(tx: &mut Tx, user: UserId, id: Uuid) -> Result<bool> {
    let was_there = Passkey::remove(tx, user, id).await?;
    if was_there {
        failures::clear(tx, user, Factor::Passkey).await?;
        settle(tx, user).await?;
    }
    Ok(was_there)
}

async fn settle(tx: &mut Tx, user: UserId) -> Result<()> {
    if !Enrolled::of(tx, user).await?.any() {
        recovery::remove(tx, user).await?;
    }
    trusted::forget_all(tx, user).await
}

/// Lets somebody who is left with less than they must have enrol at the next sign-in: their days of grace are over.
pub(crate) async fn demand_enrolment(tx: &mut Tx, platform: &Platform, user: &User) -> Result<()> {
    let policy = Policy::of(&platform.settings().second_factor, user.demand());
    if policy.is_met_by(Enrolled::of(tx, user.id).await?) {
        return Ok(());
    }
    let now = tx.now();
    if policy.is_passkey_only() {
        sql!(tx, execute "update users set passkey_grace_until = $1 where id = $2", now, user.id)?;
    } else {
        sql!(tx, execute "update users set factor_grace_until = $1 where id = $2", now, user.id)?;
    }
    Ok(())
}
