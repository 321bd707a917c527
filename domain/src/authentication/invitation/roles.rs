//! The roles of an invitation: promised when it is written, given when it is accepted, if its inviter may still give them then.

use uuid::Uuid;

use crate::audit::{Entry, Event, Origin};
use crate::authorization::role::Role;
use crate::authorization::{Decision, Rights, give};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::users::user::UserId;
use crate::{Result, sql};

/// A role that somebody is invited to have.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Promised {
    /// Its id.
    pub id: String,
    /// Its name, as it was typed; those that come with the program have one in each language.
    pub name: String,
}

/// Which roles of an invitation its inviter may give at this moment, and which not. `to`: whose account has the address already.
pub(super) async fn promised(
    tx: &mut Tx,
    invitation: Uuid,
    inviter: Option<UserId>,
    to: Option<UserId>,
) -> Result<(Vec<Promised>, Vec<Promised>)> {
    let roles = sql!(tx, fetch_all Promised,
        "select r.id, r.name from invitation_roles i join roles r on r.id = i.role_id
         where i.invitation_id = $1 order by r.name_key", invitation)?;
    if roles.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let rights = Rights::now(tx, inviter).await?;
    let theirs = match to {
        Some(person) => Rights::of(tx, person).await?,
        None => Rights::default(),
    };
    let (mut given, mut withheld) = (Vec::new(), Vec::new());
    for role in roles {
        let permissions = Role::permissions(tx, &role.id).await?;
        let decision = Decision::give_by_invitation((inviter, &rights), (to, &theirs), permissions);
        if decision.allowed {
            given.push(role);
        } else {
            withheld.push(role);
        }
    }
    Ok((given, withheld))
}

/// Gives the roles in the transaction that accepts the invitation, and writes into the audit which it gave and which it did not. Returns
/// the names of those that the person did not have before.
pub(super) async fn keep(
    tx: &mut Tx,
    platform: &Platform,
    (invitation, inviter): (Uuid, Option<UserId>),
    (to, is_new): (UserId, bool),
    origin: &Origin,
) -> Result<Vec<String>> {
    let (given, withheld) = promised(tx, invitation, inviter, (!is_new).then_some(to)).await?;
    let id = invitation.to_string();
    let mut new = Vec::new();
    for role in &given {
        if give::promised(tx, &platform.settings().session, (to, &role.id), inviter).await? {
            let detail = [("role", role.id.as_str()), ("invitation", id.as_str())];
            tx.audit(Entry::about(Event::RoleGiven, Some(to), origin).with(&detail))
                .await?;
            new.push(role.name.clone());
        }
    }
    let (given, withheld) = (ids(&given), ids(&withheld));
    let mut detail = vec![("invitation", id.as_str())];
    if !given.is_empty() {
        detail.push(("roles", &given));
    }
    if !withheld.is_empty() {
        detail.push(("roles_withheld", &withheld));
    }
    tx.audit(Entry::own(Event::InvitationAccepted, to, origin).with(&detail))
        .await?;
    Ok(new)
}

/// The ids of roles, for the audit.
fn ids(roles: &[Promised]) -> String {
    let ids: Vec<&str> = roles.iter().map(|role| role.id.as_str()).collect();
    ids.join(" ")
}
