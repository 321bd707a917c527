//! The invited address has an account: only who is signed in to it may accept (CVE-2026-41427 and its like: an invitation that is
//! accepted by who has its link, and not by who was invited).

use super::{ADA, EVE, IDA, accept, boss, invite, invited, manage, only, roles_of, token_of};
use crate::factors::{add_app, session};
use crate::house::{PASSWORD, TestHouse, count, tamper};

const TAKE_UP: &str = "/api/take-up-invitation";

#[tokio::test]
async fn who_is_signed_in_to_the_account_gets_the_roles_and_nothing_else_changes() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    let ida = boss(&t).await;
    let mut ada = t.member("Ada", ADA).await;
    add_app(&t, &mut ada).await;
    t.mails_to(ADA).await;
    let mut there = ada.on(&second);
    assert_eq!(there.get("/admin/users").await.status, 403);
    let link = invited(&t, &ida, ADA, &["auditor"]).await;
    let page = ada.open(&link).await;
    assert!(
        page.has("take-up-button") && !page.has("accept-button"),
        "{}",
        page.outline()
    );
    assert!(page.text("invited-roles").contains("Auditor"));
    let done = ada.submit("take-up-button", &[]).await;
    assert_eq!(done.location(), "/invitation?done=1");
    assert_eq!(ada.follow().await.heading(), "You accepted");
    assert_eq!(roles_of(&t, ADA).await, ["auditor"]);
    assert_eq!(
        there.get("/admin/users").await.status,
        200,
        "at once, and on the other server too"
    );
    assert_eq!(session(&ada).await.0, 2, "the session is the one of before");
    assert_eq!(t.mail_to(ADA).await.subject, "You have a new role");
    assert_eq!(count!(t, "select count(*) from users"), 2);
    // Once more it changes nothing, and says so.
    let mut again = ada.scripted();
    let answer = again.post(TAKE_UP, &[("token", token_of(&link))]).await;
    assert_eq!(answer.json()["location"], "/invitation?done=1");
    assert_eq!(
        (
            t.audited("invitation.accepted").await,
            t.audited("role.given").await
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn cve_2026_41427_a_link_that_was_passed_on_gives_another_account_nothing() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    t.member("Ada", ADA).await;
    let mut eve = t.member("Eve", EVE).await;
    let link = invited(&t, &ida, ADA, &["administrator"]).await;
    let page = eve.open(&link).await;
    assert!(page.has("other-account") && !page.has("take-up-button") && !page.has("accept-button"));
    let token = [("token", token_of(&link))];
    let refused = eve.scripted().post(TAKE_UP, &token).await;
    assert_eq!(
        (refused.status, refused.faults()),
        (403, vec!["not-invited".to_owned()])
    );
    assert_eq!(t.script().post(TAKE_UP, &token).await.status, 401);
    // Nor does it make a second account for the address, or one for another address.
    let fields = [
        ("token", token_of(&link)),
        ("name", "Eve"),
        ("email", EVE),
        ("password", PASSWORD),
    ];
    for mut browser in [t.script(), eve.scripted()] {
        let refused = browser.post("/api/accept-invitation", &fields).await;
        assert_eq!(refused.faults(), ["email-taken"]);
    }
    let ask = [("token", token_of(&link)), ("name", "Eve")];
    assert_eq!(
        t.script().post("/passkey/invitation", &ask).await.faults(),
        ["email-taken"]
    );
    // Nor when she takes the address after it was proven for somebody else: hers is another one by then.
    assert_eq!(roles_of(&t, EVE).await, Vec::<String>::new());
    assert_eq!(count!(t, "select count(*) from users"), 3);
    assert_eq!(
        count!(t, "select count(*) from invitations where accepted_at is null"),
        1
    );
}

#[tokio::test]
async fn who_is_not_signed_in_signs_in_and_comes_back_and_no_address_has_the_token() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    t.member("Ada", ADA).await;
    let link = invited(&t, &ida, ADA, &[]).await;
    let mut ada = t.browser();
    let page = ada.open(&link).await;
    assert!(!page.has("take-up-button") && !page.has("accept-button"));
    let way = page.link("invitation-sign-in");
    assert_eq!(way, "/sign-in?next=%2Finvitation");
    ada.get(&way).await;
    let fields = [("email", ADA), ("password", PASSWORD), ("remember", "")];
    let inside = ada.submit("sign-in-button", &fields).await;
    assert_eq!(inside.location(), "/invitation");
    let page = ada.follow().await;
    assert!(page.has("take-up-button"), "{}", page.outline());
    assert!(!page.body.contains(token_of(&link)));
    assert_eq!(
        ada.submit("take-up-button", &[]).await.location(),
        "/invitation?done=1"
    );
    assert_eq!(
        count!(
            t,
            "select count(*) from invitations where accepted_by is not null"
        ),
        1
    );
    // The cookie is gone with it.
    assert_eq!(ada.get("/invitation").await.heading(), "This link doesn't work");
    assert!(t.mails_to(ADA).await.is_empty(), "there was no role to tell of");
}

/// The address moved on: it is of nobody now, or of somebody else.
#[tokio::test]
async fn the_account_must_have_the_address_when_it_is_accepted() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let mut ada = t.member("Ada", ADA).await;
    let link = invited(&t, &ida, ADA, &["auditor"]).await;
    ada.open(&link).await;
    tamper!(
        t,
        "update users set email = 'ada@new.example', email_key = 'ada@new.example' where email = $1",
        ADA
    );
    let refused = ada.scripted().submit("take-up-button", &[]).await;
    assert_eq!(refused.faults(), ["not-invited"]);
    assert_eq!(
        count!(
            t,
            "select count(*) from user_roles r join users u on u.id = r.user_id where u.email <> $1",
            IDA
        ),
        0
    );
}

/// An account may come between the form and its post.
#[tokio::test]
async fn who_signed_up_meanwhile_is_told_to_sign_in() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let link = invited(&t, &ida, ADA, &[]).await;
    let mut ada = t.browser();
    ada.open(&link).await;
    t.member("Ada", ADA).await;
    let refused = ada
        .submit("accept-button", &[("name", "Ada"), ("password", PASSWORD)])
        .await;
    assert!(refused.location().starts_with("/invitation?token="));
    let page = ada.follow().await;
    assert!(page.has("invitation-sign-in"), "{}", page.outline());
    assert_eq!(
        count!(t, "select count(*) from invitations where accepted_at is null"),
        1
    );
}

#[tokio::test]
async fn the_same_is_told_of_an_address_with_an_account_and_one_without() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    t.member("Ada", ADA).await;
    let mut seen = Vec::new();
    for email in [ADA, "nobody@example.com"] {
        let sent = invite(&ida, email, &[]).await;
        let mut page = ida.clone().get(&sent.location()).await;
        page.body = page.body.replace(email, "…");
        let mail = t.mail_to(email).await;
        let text = mail
            .text
            .replace(mail.links.iter().find(|l| l.contains("token=")).unwrap(), "…");
        seen.push((page.texts("invitation-report"), mail.subject, text));
    }
    assert_eq!(seen[0], seen[1]);
}

/// After "this wasn't me" nothing about the account's rights changes either.
#[tokio::test]
async fn while_the_account_is_frozen_nothing_is_taken_up() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let ada = t.member("Ada", ADA).await;
    let link = invited(&t, &ida, ADA, &["auditor"]).await;
    let until = t.clock.now() + chrono::Duration::hours(1);
    tamper!(
        t,
        "update users set frozen_until = $1 where email = $2",
        until,
        ADA
    );
    let refused = ada.scripted().post(TAKE_UP, &[("token", token_of(&link))]).await;
    assert_eq!(refused.faults(), ["changes-frozen"]);
    assert_eq!(roles_of(&t, ADA).await, Vec::<String>::new());
    // A revoked one is over for them too.
    assert_eq!(manage(&ida, "revoke", &only(&t).await).await.status, 200);
    t.clock.advance(chrono::Duration::hours(2));
    let mut ada = t.browser();
    ada.sign_in(ADA, PASSWORD).await;
    let refused = ada.scripted().post(TAKE_UP, &[("token", token_of(&link))]).await;
    assert_eq!(refused.faults(), ["link-invalid"]);
}

/// Erasing the account that accepted takes the invitation along.
#[tokio::test]
async fn nothing_is_left_of_who_accepted_once_their_account_is_gone() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let link = invited(&t, &ida, ADA, &[]).await;
    accept(&mut t.browser(), &link).await;
    t.mails_to(ADA).await;
    tamper!(t, "delete from users where email = $1", ADA);
    assert_eq!(count!(t, "select count(*) from invitations"), 0);
}
