//! Accepting with a new account (ASVS 6.4.1).

use chrono::Duration;

use super::{ADA, IDA, accept, boss, invited, manage, only, roles_of, token_of};
use crate::factors;
use crate::house::{PASSWORD, TestHouse, count, rows};
use crate::passkeys::{Device, sign_in};

#[tokio::test]
async fn the_link_makes_an_account_whatever_sign_up_says() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    for (rule, email) in [("closed", "ada@example.com"), ("invitation", "bob@example.com")] {
        let node = t.second_node_with(&[("SIGN_UP", rule)]).await;
        let link = invited(&t, &ida, email, &[]).await;
        let mut ada = node.browser();
        assert!(
            !ada.get("/sign-up").await.has("sign-up-button"),
            "{rule}: nobody signs up by themselves"
        );
        let page = ada.open(&link).await;
        assert_eq!(page.text("invited-by"), "Ida Rhodes invites you to Latchstring.");
        assert_eq!(page.text("invited-address"), email);
        assert!(!page.has("invited-roles"));
        let done = accept(&mut ada, &link).await;
        assert_eq!(done.location(), "/account", "{rule}: {}", done.outline());
        assert!(ada.is_signed_in().await);
        assert_eq!(t.mail_to(email).await.subject, "Your account is ready");
        assert_eq!(t.browser().sign_in(email, PASSWORD).await.location(), "/account");
        assert_eq!(roles_of(&t, email).await, Vec::<String>::new());
    }
    assert_eq!(t.audited("sign_up.completed").await, 3);
    assert_eq!(t.audited("invitation.accepted").await, 2);
}

#[tokio::test]
async fn the_page_of_sign_up_says_that_it_is_by_invitation() {
    let t = TestHouse::with(&[("SIGN_UP", "invitation")]).await;
    let page = t.browser().get("/sign-up").await;
    assert_eq!(page.heading(), "By invitation only");
    assert!(!page.has("sign-up-button"));
    let fields = [("name", "Ada"), ("email", ADA), ("password", PASSWORD)];
    let refused = t.script().post("/api/sign-up", &fields).await;
    assert_eq!(refused.faults(), ["sign-up-closed"]);
}

/// What a role asks for is asked of the first session too: no console without the second factor.
#[tokio::test]
async fn whoever_gets_a_role_has_no_console_before_they_have_a_second_factor() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let link = invited(&t, &ida, ADA, &["support", "auditor"]).await;
    let mut ada = t.browser();
    let page = ada.open(&link).await;
    assert!(
        page.text("invited-roles").contains("Auditor, Support"),
        "{}",
        page.outline()
    );
    let done = accept(&mut ada, &link).await;
    assert_eq!(roles_of(&t, ADA).await, ["auditor", "support"]);
    let people = rows!(
        t,
        (bool, bool),
        "select staff, administrator from users where email = $1",
        ADA
    );
    assert_eq!(people, [(true, false)]);
    t.mails_to(ADA).await;
    assert_eq!(done.location(), "/account", "{}", done.outline());
    assert_ne!(ada.get("/admin/users").await.status, 200, "with a password alone");
    factors::add_app(&t, &mut ada).await;
    t.mails_to(ADA).await;
    assert_eq!(ada.get("/admin/users").await.status, 200);
    assert_eq!(t.audited("role.given").await, 2);
}

#[tokio::test]
async fn opening_the_link_uses_nothing_up() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let link = invited(&t, &ida, ADA, &[]).await;
    let mut scanner = t.browser();
    for _ in 0..5 {
        assert!(scanner.open(&link).await.has("accept-button"));
    }
    let path = format!("/invitation?token={}", token_of(&link));
    assert_eq!(scanner.head(&path).await.status, 200);
    let mut ada = t.browser();
    assert_eq!(accept(&mut ada, &link).await.location(), "/account");
    t.mails_to(ADA).await;
}

/// ASVS 6.4.1: random, stored as a hash, one use, by the clock, and a newer one replaces it.
#[tokio::test]
async fn asvs_6_4_1_cve_2022_23555_the_token_works_once_for_seven_days_and_the_newest_alone() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let used = invited(&t, &ida, ADA, &[]).await;
    assert!(token_of(&used).len() >= 43, "256 bits");
    assert_eq!(accept(&mut t.browser(), &used).await.location(), "/account");
    t.mails_to(ADA).await;
    let fields = [
        ("token", token_of(&used)),
        ("name", "Eve"),
        ("password", PASSWORD),
    ];
    assert_eq!(
        t.script().post("/api/accept-invitation", &fields).await.faults(),
        ["link-used"]
    );
    assert_eq!(
        t.browser().open(&used).await.heading(),
        "This invitation was accepted"
    );

    let first = invited(&t, &ida, "bob@example.com", &[]).await;
    let seen = rows!(
        t,
        (uuid::Uuid, i64),
        "select id, version from invitations where accepted_at is null"
    )
    .remove(0);
    let seen = (seen.0.to_string(), seen.1.to_string());
    assert_eq!(manage(&ida, "resend", &seen).await.status, 200);
    let second = t.link_for("bob@example.com").await;
    assert_ne!(first, second);
    let page = t.browser().open(&first).await;
    assert_eq!(page.heading(), "This link doesn't work");
    t.clock.advance(Duration::days(7) - Duration::seconds(1));
    let mut bob = t.script();
    assert!(bob.open(&second).await.has("accept-button"));
    t.clock.advance(Duration::seconds(1));
    let typed = [("name", "Bob"), ("password", PASSWORD)];
    assert_eq!(
        bob.submit("accept-button", &typed).await.faults(),
        ["link-expired"]
    );
    assert_eq!(
        t.browser().open(&second).await.heading(),
        "This invitation is too old"
    );
    for wrong in [
        "",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "%00%ff%3Cscript%3E",
    ] {
        let page = t.browser().get(&format!("/invitation?token={wrong}")).await;
        assert_eq!(page.heading(), "This link doesn't work", "{wrong}");
        let fields = [("token", wrong), ("name", "Eve"), ("password", PASSWORD)];
        let refused = t.script().post("/api/accept-invitation", &fields).await;
        assert_eq!(refused.faults(), ["link-invalid"], "{wrong}");
    }
    let hashes = rows!(t, (Vec<u8>,), "select token_hash from invitations");
    assert!(hashes.iter().all(|(hash,)| hash.len() == 32));
    assert_eq!(count!(t, "select count(*) from users"), 2);
}

#[tokio::test]
async fn a_revoked_invitation_makes_nobody_though_its_form_is_open() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let link = invited(&t, &ida, ADA, &[]).await;
    let mut ada = t.script();
    ada.open(&link).await;
    assert_eq!(manage(&ida, "revoke", &only(&t).await).await.status, 200);
    let typed = [("name", "Ada"), ("password", PASSWORD)];
    assert_eq!(
        ada.submit("accept-button", &typed).await.faults(),
        ["link-invalid"]
    );
    assert_eq!(
        t.browser().open(&link).await.heading(),
        "This invitation no longer holds"
    );
    assert_eq!(count!(t, "select count(*) from users"), 1);
    // And the address can be invited again.
    let link = invited(&t, &ida, ADA, &[]).await;
    assert_eq!(accept(&mut t.browser(), &link).await.location(), "/account");
    t.mails_to(ADA).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_at_once_one_is_let_in() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let ida = boss(&t).await;
    let link = invited(&t, &ida, ADA, &["auditor"]).await;
    let attempts: Vec<_> = t
        .browsers_at(64, &link)
        .await
        .into_iter()
        .map(|browser| {
            let typed = [("name", "Ada"), ("password", PASSWORD)];
            tokio::spawn(async move { browser.moved().submit("accept-button", &typed).await.location() })
        })
        .collect();
    let mut done = 0;
    for attempt in attempts {
        done += i32::from(!attempt.await.unwrap().starts_with("/invitation"));
    }
    assert_eq!(done, 1);
    assert_eq!(count!(t, "select count(*) from users"), 2);
    assert_eq!(t.audited("invitation.accepted").await, 1);
    t.mails_to(ADA).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_an_acceptance_and_a_revocation_at_once_one_happens() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let ida = boss(&t).await;
    for round in 0..6 {
        let email = format!("p{round}@example.com");
        let link = invited(&t, &ida, &email, &[]).await;
        let seen = rows!(
            t,
            (uuid::Uuid,),
            "select id from invitations where email = $1",
            email.as_str()
        );
        let seen = (seen[0].0.to_string(), "1".to_owned());
        let (boss, mut browser) = (ida.clone(), t.script());
        browser.open(&link).await;
        let typed = [("name", "Ada"), ("password", PASSWORD)];
        let accepted = tokio::spawn(async move { browser.submit("accept-button", &typed).await.status });
        let revoked = tokio::spawn(async move { manage(&boss, "revoke", &seen).await.status });
        let (accepted, revoked) = (accepted.await.unwrap() == 200, revoked.await.unwrap() == 200);
        assert!(accepted != revoked, "{accepted} {revoked}");
        let people = count!(t, "select count(*) from users where email = $1", email.as_str());
        assert_eq!(people, i64::from(accepted));
        t.mails_to(&email).await;
    }
}

#[tokio::test]
async fn a_double_click_without_script_gets_in() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let link = invited(&t, &ida, ADA, &[]).await;
    let mut ada = t.browser();
    let before = {
        ada.open(&link).await;
        ada.clone()
    };
    let typed = [("name", "Ada"), ("password", PASSWORD)];
    assert_eq!(ada.submit("accept-button", &typed).await.location(), "/account");
    let mut second = before.clone();
    assert_eq!(
        second.submit("accept-button", &typed).await.location(),
        "/account"
    );
    assert!(second.is_signed_in().await);
    assert!(!ada.is_signed_in().await, "the first answer never came");
    // Another browser has no such mark.
    let mut other = t.browser();
    other.jar.clear();
    let fields = [
        ("token", token_of(&link)),
        ("name", "Ada"),
        ("password", PASSWORD),
    ];
    let refused = other.scripted().post("/api/accept-invitation", &fields).await;
    assert_eq!(refused.faults(), ["link-used"]);
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn what_is_typed_is_looked_at_and_the_address_is_the_invited_one() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let link = invited(&t, &ida, ADA, &[]).await;
    let mut ada = t.script();
    ada.open(&link).await;
    let refused = ada
        .submit("accept-button", &[("name", "***"), ("password", "short")])
        .await;
    assert_eq!(refused.status, 422);
    assert_eq!(
        refused.faults(),
        ["name: name-invalid", "password: password-too-short"]
    );
    let own = ada
        .submit(
            "accept-button",
            &[("name", "Ada"), ("password", "ada@example.com!!")],
        )
        .await;
    assert_eq!(own.faults(), ["password: password-contains-identity"]);
    let typed = [
        ("token", token_of(&link)),
        ("name", "Ada"),
        ("email", "eve@example.com"),
        ("password", PASSWORD),
    ];
    let done = ada.post("/api/accept-invitation", &typed).await;
    assert_eq!(done.status, 200, "{}", done.outline());
    let emails = rows!(t, (String,), "select email from users where email <> $1", IDA);
    assert_eq!(emails, [(ADA.to_owned(),)]);
    t.mails_to(ADA).await;
    let empty = t.script().post("/api/accept-invitation", &[]).await;
    assert_eq!(empty.faults(), ["link-invalid"]);
}

#[tokio::test]
async fn a_passkey_takes_the_place_of_the_password() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let link = invited(&t, &ida, ADA, &["auditor"]).await;
    let (mut ada, mut device) = (t.script(), Device::synced());
    ada.open(&link).await;
    let ask = [("token", token_of(&link)), ("name", "Ada")];
    let page = ada.post("/passkey/invitation", &ask).await;
    assert_eq!(page.status, 200, "{}", page.outline());
    assert_eq!(page.json()["publicKey"]["user"]["name"], ADA);
    let credential = device.create(&page.json()["publicKey"]);
    // Of another link or in another browser it is worth nothing.
    let other = invited(&t, &ida, "bob@example.com", &[]).await;
    let mut stranger = t.script();
    stranger.open(&link).await;
    for (browser, link) in [(&mut stranger, &link), (&mut ada.clone(), &other)] {
        let fields = [
            ("token", token_of(link)),
            ("name", "Ada"),
            ("credential", &credential),
        ];
        let refused = browser.post("/api/accept-invitation", &fields).await;
        assert_eq!(refused.faults(), ["passkey-over"]);
    }
    let done = ada
        .submit("accept-button", &[("name", "Ada"), ("credential", &credential)])
        .await;
    assert_eq!(done.location(), "/sign-in?ready=1", "{}", done.outline());
    assert!(!ada.is_signed_in().await, "the link does not stand in for it");
    assert_eq!(
        count!(
            t,
            "select count(*) from passwords p join users u on u.id = p.user_id where u.email = $1",
            ADA
        ),
        0
    );
    assert_eq!(sign_in(&mut ada, &mut device).await.location(), "/account");
    assert_eq!(factors::session(&ada).await.0, 2);
    assert_eq!(ada.get("/admin/users").await.status, 200);
    let wrong = [("token", "AAAA"), ("name", "Ada")];
    assert_eq!(
        t.script().post("/passkey/invitation", &wrong).await.faults(),
        ["link-invalid"]
    );
    t.mails_to(ADA).await;
}

/// Somebody else is signed in in this browser: they are told, and their session ends.
#[tokio::test]
async fn in_a_browser_that_is_signed_in_the_new_account_takes_the_place() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let mut eve = t.member("Eve", "eve@example.com").await;
    let before = eve.clone();
    let link = invited(&t, &ida, ADA, &[]).await;
    let page = eve.open(&link).await;
    assert!(page.text("replaces").contains("eve@example.com"));
    assert_eq!(accept(&mut eve, &link).await.location(), "/account");
    assert!(eve.get("/account").await.body.contains(ADA));
    assert!(!before.is_signed_in().await);
    t.mails_to(ADA).await;
}
