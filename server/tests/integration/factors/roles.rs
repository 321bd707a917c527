//! What roles ask of whoever has them: the strictest of the setting and of each role counts, by themselves or through a group.

use domain::audit::Origin;
use domain::authentication::assurance::policy::Demand;
use domain::authentication::session::SignedIn;
use domain::authorization::demand;
use domain::authorization::role::{self, Role};
use domain::authorization::{Desk, give, group, right};
use domain::users::email::Email;
use domain::users::user::{User, UserId};
use domain::{Error, Result};

use super::matrix::{FACTORS, Has, MakesApp, MakesPasskey, POLICIES, after_a_password, under, walk};
use super::{ADA, BOB, CHALLENGE, add_app};
use crate::console::{make_role, staff};
use crate::house::{Browser, PASSWORD, TestHouse, rows, tamper};
use crate::passkeys::{Device, add, asks_for_passkey};

const IDA: &str = "ida@example.com";

/// Somebody who works in the console.
struct Clerk {
    session: SignedIn,
    origin: Origin,
}

impl Clerk {
    /// Of whoever signed in with this address last.
    async fn of(t: &TestHouse, email: &str) -> Self {
        let id = person(t, email).await.id;
        let found = t
            .platform
            .db
            .read(async |tx| SignedIn::list(tx, &t.platform.settings().session, id, 1).await)
            .await;
        Self {
            session: found.unwrap().remove(0),
            origin: Origin::default(),
        }
    }

    fn desk<'a>(&'a self, t: &'a TestHouse) -> Desk<'a> {
        Desk {
            platform: &t.platform,
            session: &self.session,
            origin: &self.origin,
        }
    }

    /// Has a role ask for this, as it is now.
    async fn demands(&self, t: &TestHouse, role: &str, name: &str) -> Result<()> {
        let version = self.version(t, role).await;
        demand::change(&self.desk(t), (role, version), name).await
    }

    async fn version(&self, t: &TestHouse, role: &str) -> i64 {
        self.role(t, role).await.version
    }

    async fn role(&self, t: &TestHouse, role: &str) -> Role {
        let desk = self.desk(t);
        let found = desk.look(async |tx, may: &domain::authorization::May<right::RolesRead>| {
            Role::find(tx, may, role).await
        });
        found.await.unwrap().0
    }
}

async fn person(t: &TestHouse, email: &str) -> User {
    let key = Email::parse(email).unwrap();
    let found = t
        .platform
        .db
        .read(async |tx| User::by_email(tx, key.key()).await)
        .await;
    found.unwrap().unwrap()
}

fn refused(result: Result<()>) -> &'static str {
    match result {
        Ok(()) => "done",
        Err(Error::Refused(refusal)) => refusal.code().as_str(),
        Err(error) => panic!("{error}"),
    }
}

/// An administrator with an app, who looks after roles.
async fn boss(t: &TestHouse) -> (Browser, Clerk) {
    let browser = staff(t, "Ida Rhodes", IDA, "administrator").await;
    let clerk = Clerk::of(t, IDA).await;
    assert_eq!(clerk.session.aal, 2);
    (browser, clerk)
}

/// What a password leads to for somebody of whom a role asks this.
fn expected(factor: &'static str, policy: &str, demand: &str) -> Vec<super::matrix::Shown> {
    let mut seen = match (policy, demand) {
        ("passkey_only", _) | (_, "passkey_only") => after_a_password(factor, "passkey_only"),
        (_, "required") => after_a_password(factor, "required"),
        _ => after_a_password(factor, policy),
    };
    // Neither a text message nor a mail is what somebody with a role must have.
    if matches!(factor, "sms" | "mail") && seen.last() != Some(&MakesPasskey) && demand == "required" {
        seen.pop();
        seen.push(MakesApp);
    }
    seen
}

#[tokio::test]
async fn asvs_6_3_3_every_factor_under_every_policy_with_a_role_and_when_it_is_taken() {
    for factor in FACTORS {
        let t = TestHouse::with(&[("RATE_LIMITS", "off"), ("SMS_PER_PERSON_PER_DAY", "100")]).await;
        let (_, ida) = boss(&t).await;
        let mut ada = t.member("Ada", ADA).await;
        let mut has = Has::add(&t, factor, &mut ada).await;
        let id = person(&t, ADA).await.id;
        t.mails_to(ADA).await;
        for demand in ["required", "passkey_only", "none"] {
            if demand == "none" {
                give::take(&ida.desk(&t), id, "support").await.unwrap();
            } else {
                ida.demands(&t, "support", demand).await.unwrap();
                give::give(&ida.desk(&t), id, "support").await.unwrap();
            }
            for policy in POLICIES {
                let node = under(&t, policy).await;
                t.clock.advance(chrono::Duration::minutes(11));
                let mut browser = node.browser();
                browser.sign_in(ADA, PASSWORD).await;
                assert_eq!(
                    walk(&t, &mut browser, &mut has).await,
                    expected(factor, policy, demand),
                    "{factor} under {policy}, with a role that asks for {demand}"
                );
                t.mails_to(ADA).await;
            }
        }
    }
}

#[tokio::test]
async fn through_a_group_too_and_the_milder_of_two_roles_makes_nothing_easier() {
    let t = TestHouse::with(&[("SECOND_FACTOR_GRACE_DAYS", "0")]).await;
    let (_, ida) = boss(&t).await;
    let mut ada = t.member("Ada", ADA).await;
    add_app(&t, &mut ada).await;
    t.mails_to(ADA).await;
    let id = person(&t, ADA).await.id;
    let group = group_with(&t, "support", id).await;
    let marked = async || person(&t, ADA).await.demand();
    ida.demands(&t, "support", "passkey_only").await.unwrap();
    assert_eq!(marked().await, Demand::PasskeyOnly);
    give::give(&ida.desk(&t), id, "auditor").await.unwrap();
    assert_eq!(marked().await, Demand::PasskeyOnly, "the strictest counts");
    give::give(&ida.desk(&t), id, "support").await.unwrap();
    give::take(&ida.desk(&t), id, "support").await.unwrap();
    assert_eq!(marked().await, Demand::PasskeyOnly, "the group has it still");
    ida.demands(&t, "support", "required").await.unwrap();
    assert_eq!(marked().await, Demand::TwoFactors);
    ida.demands(&t, "auditor", "passkey_only").await.unwrap();
    assert_eq!(marked().await, Demand::PasskeyOnly);
    give::take(&ida.desk(&t), id, "auditor").await.unwrap();
    assert_eq!(marked().await, Demand::TwoFactors);
    tamper!(t, "delete from group_members where group_id = $1", group);

    // A role that goes takes what it asked for along; also one of a group.
    let night = make_role(&t, "Night shift", &["users:read"]).await;
    ida.demands(&t, &night, "passkey_only").await.unwrap();
    let now = t.clock.now();
    tamper!(
        t,
        "insert into group_members (group_id, user_id, added_at) values ($1, $2, $3)",
        group,
        id,
        now
    );
    group::give_role(&ida.desk(&t), group, &night).await.unwrap();
    assert_eq!(marked().await, Demand::PasskeyOnly);
    group::take_role(&ida.desk(&t), group, "support").await.unwrap();
    assert_eq!(
        marked().await,
        Demand::PasskeyOnly,
        "the other role asks for it still"
    );
    let version = ida.version(&t, &night).await;
    role::remove(&ida.desk(&t), (&night, version), "Night shift")
        .await
        .unwrap();
    assert_eq!(marked().await, Demand::Nothing);
    t.mails_to(ADA).await;
}

/// A group with a role and one member.
async fn group_with(t: &TestHouse, role: &str, member: UserId) -> uuid::Uuid {
    let (group, now) = (t.platform.entropy.uuid_v7(t.clock.now()), t.clock.now());
    tamper!(
        t,
        "insert into people_groups (id, name, name_key, created_at, updated_at) values ($1, 'Desk', 'desk', $2, $2)",
        group,
        now
    );
    tamper!(
        t,
        "insert into group_roles (group_id, role_id) values ($1, $2)",
        group,
        role
    );
    tamper!(
        t,
        "insert into group_members (group_id, user_id, added_at) values ($1, $2, $3)",
        group,
        member,
        now
    );
    group
}

#[tokio::test]
async fn nobody_makes_it_easier_for_themselves_and_the_operator_may() {
    let t = TestHouse::new().await;
    let (_, ida) = boss(&t).await;
    assert_eq!(
        refused(ida.demands(&t, "administrator", "passkey_only").await),
        "done"
    );
    assert_eq!(
        refused(ida.demands(&t, "administrator", "passkey_only").await),
        "done",
        "as it was"
    );
    assert_eq!(
        refused(ida.demands(&t, "administrator", "required").await),
        "own-rights"
    );
    // Nor by taking a role of theirs out of the world.
    let night = make_role(&t, "Night shift", &["users:read"]).await;
    let id = person(&t, IDA).await.id;
    group_with(&t, &night, id).await;
    ida.demands(&t, &night, "passkey_only").await.unwrap();
    let version = ida.version(&t, &night).await;
    assert_eq!(
        refused(role::remove(&ida.desk(&t), (&night, version), "Night shift").await),
        "own-rights"
    );
    assert_eq!(refused(ida.demands(&t, &night, "required").await), "own-rights");
    // Somebody who doesn't hold what the role gives changes nothing of it; what is stale or unknown is refused.
    let clerks = make_role(&t, "Clerks", &["roles:read", "roles:write"]).await;
    staff(&t, "Bob", BOB, &clerks).await;
    let bob = Clerk::of(&t, BOB).await;
    assert_eq!(
        refused(bob.demands(&t, "administrator", "required").await),
        "gives-more"
    );
    assert_eq!(refused(bob.demands(&t, &clerks, "passkey_only").await), "done");
    let desk = ida.desk(&t);
    for (role, version, name, code) in [
        ("support", 7, "passkey_only", "changed-meanwhile"),
        ("nobody", 1, "passkey_only", "role-unknown"),
        ("support", 1, "none", "malformed"),
        ("support", 1, "", "malformed"),
    ] {
        let done = demand::change(&desk, (role, version), name).await;
        assert_eq!(refused(done), code, "{role} {version} {name}");
    }
    assert_eq!(ida.role(&t, "administrator").await.demand, Demand::PasskeyOnly);
    let said = t
        .operator(&["role", "factor", "administrator", "required"], "")
        .await;
    assert!(said.contains("administrator: required"), "{said}");
    assert_eq!(ida.role(&t, "administrator").await.demand, Demand::TwoFactors);
    let changes = rows!(
        t,
        (String, String),
        "select was, became from audit_events where kind = 'role.changed' order by seq desc limit 1"
    );
    assert_eq!(
        changes,
        [(
            r#"{"second_factor":"passkey_only"}"#.to_owned(),
            r#"{"second_factor":"required"}"#.to_owned()
        )]
    );
    let unknown = t.tries(&["role", "factor", "nobody", "required"], &[], "").await;
    assert!(
        unknown.code == Some(1) && unknown.err.contains("There is no role nobody"),
        "{unknown:?}"
    );
    assert_eq!(
        t.tries(&["role", "factor", "support", "none"], &[], "")
            .await
            .code,
        Some(2)
    );
    t.mails_to(BOB).await;
}

#[tokio::test]
async fn once_a_passkey_is_asked_for_nothing_else_confirms_and_no_browser_is_remembered() {
    let t = TestHouse::new().await;
    let (_, ida) = boss(&t).await;
    let mut ada = t.member("Ada", ADA).await;
    let (app, _) = add_app(&t, &mut ada).await;
    add(&mut ada, &mut Device::synced()).await;
    t.mails_to(ADA).await;
    ida.demands(&t, "support", "passkey_only").await.unwrap();
    let id = person(&t, ADA).await.id;
    give::give(&ida.desk(&t), id, "support").await.unwrap();
    let page = ada.get("/confirm").await;
    assert!(
        asks_for_passkey(&page) && !page.has("way-totp"),
        "{}",
        page.outline()
    );
    let answered = ada
        .post("/api/confirm", &[("factor", "totp"), ("code", &app.code(&t))])
        .await;
    assert_ne!(answered.location(), "/account");
    let page = ada.get("/account/security").await;
    assert!(
        !page.has("add-authenticator-button") && page.has("factor-totp"),
        "{}",
        page.outline()
    );
    let mut browser = t.browser();
    browser.sign_in(ADA, PASSWORD).await;
    let page = browser.get(CHALLENGE).await;
    assert!(
        asks_for_passkey(&page) && !page.has("trust-input"),
        "{}",
        page.outline()
    );
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn who_has_days_makes_a_passkey_when_they_are_over() {
    let t = TestHouse::new().await;
    let (_, ida) = boss(&t).await;
    t.member("Ada", ADA).await;
    ida.demands(&t, "auditor", "passkey_only").await.unwrap();
    let id = person(&t, ADA).await.id;
    give::give(&ida.desk(&t), id, "auditor").await.unwrap();
    let mut ada = t.browser();
    assert_eq!(ada.sign_in(ADA, PASSWORD).await.location(), "/account");
    let text = ada.get("/account/security").await.text("factor-required");
    assert!(text.contains("must have a passkey"), "{text}");
    t.clock.advance(chrono::Duration::days(7));
    let mut late = t.browser();
    assert_eq!(late.sign_in(ADA, PASSWORD).await.location(), CHALLENGE);
    assert_eq!(late.get(CHALLENGE).await.heading(), "Make a passkey");
    t.mails_to(ADA).await;
}

/// A role that is given while it comes to ask for more.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn given_and_changed_at_the_same_moment_it_asks_for_what_it_asks_for() {
    let t = TestHouse::new().await;
    let (_, ida) = boss(&t).await;
    let mut people = Vec::new();
    for number in 0..8 {
        let email = format!("person{number}@example.com");
        t.member("Person", &email).await;
        people.push(person(&t, &email).await.id);
    }
    for id in people {
        let desk = ida.desk(&t);
        let version = ida.version(&t, "support").await;
        let (given, changed) = tokio::join!(
            give::give(&desk, id, "support"),
            demand::change(&desk, ("support", version), "passkey_only")
        );
        given.unwrap();
        changed.unwrap();
        let marked = rows!(t, (bool,), "select passkey_only from users where id = $1", id);
        assert_eq!(marked, [(true,)]);
        ida.demands(&t, "support", "required").await.unwrap();
        let marked = rows!(t, (bool,), "select passkey_only from users where id = $1", id);
        assert_eq!(marked, [(false,)]);
    }
    t.ignore_jobs();
}
