//! The one place that says yes or no. Each rule is a small function with a name, and each answer carries its reason: pages and the
//! audit tell it to the operator in full, and to the person in plain words.

use super::permission::Permission;
use super::rights::Rights;
use crate::authentication::session::SignedIn;
use crate::users::user::UserId;
use crate::{Code, Error, Result};

/// May they, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Decision {
    /// Yes or no.
    pub allowed: bool,
    /// The reason.
    pub because: Because,
}

/// Why something is allowed or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// These roles give the permission.
    Holds(Permission, Vec<String>),
    /// It is their own.
    Own,
    /// The rule that was asked has nothing against it.
    Fits,
    /// No role of theirs gives it.
    Lacks(Permission),
    /// Whoever has a role needs a second factor, and this session has shown none.
    NeedsSecondFactor,
    /// Nobody gives what they don't hold.
    GivesMore(Permission),
    /// Somebody must stay who may do everything.
    LastAdministrator,
    /// Nobody changes their own rights.
    OwnRights,
    /// It comes with the program.
    BuiltInRole,
    /// Nobody does something to their own account from the console.
    OwnAccount,
    /// Nobody does something to the account of who may do what they may not.
    TheyMayMore(Permission),
}

impl Because {
    /// A word for the audit.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Holds(..) => "holds",
            Self::Own => "own",
            Self::Fits => "fits",
            Self::Lacks(_) => "lacks",
            Self::NeedsSecondFactor => "needs-second-factor",
            Self::GivesMore(_) => "gives-more",
            Self::LastAdministrator => "last-administrator",
            Self::OwnRights => "own-rights",
            Self::BuiltInRole => "built-in-role",
            Self::OwnAccount => "own-account",
            Self::TheyMayMore(_) => "they-may-more",
        }
    }
}

impl Decision {
    fn yes(because: Because) -> Self {
        Self {
            allowed: true,
            because,
        }
    }

    pub(super) fn no(because: Because) -> Self {
        Self {
            allowed: false,
            because,
        }
    }

    /// The refusal that a person gets, without what only an operator needs to know.
    ///
    /// # Errors
    /// Refused with the reason, when the answer is no.
    pub fn into_result(self) -> Result<()> {
        let code = match self.because {
            _ if self.allowed => return Ok(()),
            Because::GivesMore(_) => Code::GivesMore,
            Because::LastAdministrator => Code::LastAdministrator,
            Because::OwnRights => Code::OwnRights,
            Because::BuiltInRole => Code::RoleBuiltIn,
            Because::OwnAccount => Code::OwnAccount,
            Because::TheyMayMore(_) => Code::TheyMayMore,
            Because::NeedsSecondFactor => Code::FactorNeeded,
            Because::Lacks(_) | Because::Holds(..) | Because::Own | Because::Fits => Code::NotAllowed,
        };
        Err(Error::form(code))
    }

    /// The first that says no; else the first.
    fn all(first: Self, more: impl IntoIterator<Item = Self>) -> Self {
        if !first.allowed {
            return first;
        }
        more.into_iter()
            .find(|decision| !decision.allowed)
            .unwrap_or(first)
    }

    /// May they do it at all: the permission, and a session that has shown two factors (NIST SP 800-63B-4 §2.2; ASVS 6.3.3).
    pub fn of(rights: &Rights, session: &SignedIn, permission: Permission) -> Self {
        Self::all(holds(rights, permission), [shown_two_factors(session)])
    }

    /// May they see or change something of `owner`: their own always, and that of others by the permission.
    pub fn own_or(rights: &Rights, session: &SignedIn, owner: UserId, any: Permission) -> Self {
        if session.user_id == owner {
            Self::yes(Because::Own)
        } else {
            Self::of(rights, session, any)
        }
    }

    /// May they give these permissions to `to`, or take them away.
    pub fn give(
        rights: &Rights,
        session: &SignedIn,
        to: UserId,
        permissions: impl IntoIterator<Item = Permission>,
    ) -> Self {
        Self::all(
            Self::of(rights, session, Permission::RolesAssign),
            [
                not_to_oneself(session, to),
                gives_only_what_is_held(rights, permissions),
            ],
        )
    }

    /// May an inviter, who need not be here now, give these permissions to whoever accepts their invitation: what the inviter holds at this
    /// moment counts, not what they held when they wrote it. `to`: whose account the invited address has, and what they may do.
    pub fn give_by_invitation(
        (inviter, rights): (Option<UserId>, &Rights),
        (to, theirs): (Option<UserId>, &Rights),
        permissions: impl IntoIterator<Item = Permission>,
    ) -> Self {
        let own = match (inviter, to) {
            (Some(inviter), Some(to)) => not_on_oneself(inviter, to),
            _ => Self::yes(Because::Fits),
        };
        Self::all(
            holds(rights, Permission::RolesAssign),
            [
                own,
                gives_only_what_is_held(rights, permissions),
                on_nobody_who_may_more(rights, theirs),
            ],
        )
    }

    /// May `actor` do something to the account of `person`, besides having the permission for it: not to their own, and not to that
    /// of somebody who may do more. So whoever may lock and reset can't get at an account that would let them do more than that.
    pub fn act_on(actor: UserId, rights: &Rights, person: UserId, theirs: &Rights) -> Self {
        Self::all(
            not_on_oneself(actor, person),
            [on_nobody_who_may_more(rights, theirs)],
        )
    }

    /// May they set values of claims of people: those stand in accounts, so whoever may not change one sets none. Whether of this person,
    /// [`act_on`](Self::act_on) says.
    pub fn claims_of_people(rights: &Rights) -> Self {
        Self::all(
            holds(rights, Permission::ClaimsWrite),
            [holds(rights, Permission::UsersWrite)],
        )
    }

    /// May they set values of claims of a role that gives these permissions: those are part of what it brings. `is_theirs`: they have it.
    pub fn claims_of_role(
        rights: &Rights,
        is_theirs: bool,
        permissions: impl IntoIterator<Item = Permission>,
    ) -> Self {
        Self::all(
            holds(rights, Permission::ClaimsWrite),
            [
                holds(rights, Permission::RolesWrite),
                gives_only_what_is_held(rights, permissions),
                not_by_a_role_of_ones_own(rights, is_theirs),
            ],
        )
    }

    /// May somebody stop being an administrator, when so many others are left.
    pub fn leaves_an_administrator(others: i64) -> Self {
        if others > 0 {
            Self::yes(Because::Fits)
        } else {
            Self::no(Because::LastAdministrator)
        }
    }
}

fn holds(rights: &Rights, permission: Permission) -> Decision {
    match rights.through(permission) {
        [] => Decision::no(Because::Lacks(permission)),
        roles => Decision::yes(Because::Holds(permission, roles.to_vec())),
    }
}

fn shown_two_factors(session: &SignedIn) -> Decision {
    if session.aal >= 2 {
        Decision::yes(Because::Fits)
    } else {
        Decision::no(Because::NeedsSecondFactor)
    }
}

fn gives_only_what_is_held(rights: &Rights, permissions: impl IntoIterator<Item = Permission>) -> Decision {
    match rights.lacks(permissions) {
        None => Decision::yes(Because::Fits),
        Some(missing) => Decision::no(Because::GivesMore(missing)),
    }
}

fn not_to_oneself(session: &SignedIn, to: UserId) -> Decision {
    if session.user_id == to {
        Decision::no(Because::OwnRights)
    } else {
        Decision::yes(Because::Fits)
    }
}

/// What a role of one's own brings, one would give to oneself. Whoever holds every permission gains nothing here by it, and somebody must be
/// able to set the values of a role that all of the staff have.
fn not_by_a_role_of_ones_own(rights: &Rights, is_theirs: bool) -> Decision {
    if is_theirs && rights.lacks(Permission::ALL.iter().copied()).is_some() {
        Decision::no(Because::OwnRights)
    } else {
        Decision::yes(Because::Fits)
    }
}

fn not_on_oneself(actor: UserId, person: UserId) -> Decision {
    if actor == person {
        Decision::no(Because::OwnAccount)
    } else {
        Decision::yes(Because::Fits)
    }
}

fn on_nobody_who_may_more(rights: &Rights, theirs: &Rights) -> Decision {
    match rights.lacks(theirs.held()) {
        None => Decision::yes(Because::Fits),
        Some(more) => Decision::no(Because::TheyMayMore(more)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorization::built_in::BuiltIn;

    #[test]
    fn nobody_acts_on_themselves_nor_on_who_may_do_more() {
        let (ida, sam) = (UserId::from_u128(1), UserId::from_u128(2));
        let rights = |role: BuiltIn| Rights::by(&[role]);
        let (administrator, support, auditor) = (
            rights(BuiltIn::Administrator),
            rights(BuiltIn::Support),
            rights(BuiltIn::Auditor),
        );
        let nobody = Rights::default();
        let may = |mine: &Rights, theirs: &Rights| Decision::act_on(ida, mine, sam, theirs);
        for theirs in [&administrator, &support, &auditor, &nobody] {
            assert!(may(&administrator, theirs).allowed, "{theirs:?}");
        }
        assert!(may(&support, &nobody).allowed && may(&support, &support).allowed);
        assert!(matches!(
            may(&support, &administrator).because,
            Because::TheyMayMore(_)
        ));
        // Less in one thing and more in another is more.
        assert!(!may(&support, &auditor).allowed && !may(&auditor, &support).allowed);
        let both = Rights::by(&[BuiltIn::Support, BuiltIn::Auditor]);
        assert!(may(&both, &auditor).allowed && !may(&both, &administrator).allowed);
        for mine in [&administrator, &support, &auditor, &nobody] {
            let own = Decision::act_on(ida, mine, ida, mine);
            assert_eq!(own.because, Because::OwnAccount);
        }
    }

    #[test]
    fn nobody_sets_a_claim_by_a_role_of_their_own_but_who_may_do_everything() {
        let [administrator, support] =
            [BuiltIn::Administrator, BuiltIn::Support].map(|role| Rights::by(&[role]));
        let theirs = |role: BuiltIn| {
            Permission::ALL
                .iter()
                .copied()
                .filter(move |permission| role.allows(*permission))
        };
        for is_theirs in [true, false] {
            let decision = Decision::claims_of_role(&administrator, is_theirs, theirs(BuiltIn::Support));
            assert!(decision.allowed);
        }
        let lacks = Because::Lacks(Permission::ClaimsWrite);
        let decision = Decision::claims_of_role(&support, false, theirs(BuiltIn::Support));
        assert_eq!(decision.because, lacks);
        assert_eq!(Decision::claims_of_people(&support).because, lacks);
        assert!(Decision::claims_of_people(&administrator).allowed);
    }

    #[test]
    fn an_invitation_gives_what_its_inviter_may_give_now() {
        let (ida, sam) = (UserId::from_u128(1), UserId::from_u128(2));
        let [administrator, support] =
            [BuiltIn::Administrator, BuiltIn::Support].map(|role| Rights::by(&[role]));
        let nobody = Rights::default();
        let gives = |rights: &Rights, to, theirs: &Rights| {
            Decision::give_by_invitation((Some(ida), rights), (to, theirs), [Permission::UsersRead])
        };
        assert!(gives(&administrator, None, &nobody).allowed);
        assert!(gives(&administrator, Some(sam), &support).allowed);
        for (rights, to, because) in [
            // Support may invite, and gives no roles; whoever is gone gives nothing.
            (&support, None, Because::Lacks(Permission::RolesAssign)),
            (&nobody, None, Because::Lacks(Permission::RolesAssign)),
            (&administrator, Some(ida), Because::OwnAccount),
        ] {
            assert_eq!(gives(rights, to, &nobody).because, because);
        }
    }
}
