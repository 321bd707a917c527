//! What a link is good for: once, for an hour, for the account that it was mailed to, and for nothing else.

use chrono::Duration;
use domain::authentication::reset_password::LINK_LIFE;

use super::{ADA, NEW_PASSWORD, choose, forget, link_for, token_of};
use crate::house::{PASSWORD, TestHouse, count, rows};

#[tokio::test]
async fn looking_at_a_link_uses_nothing_up() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let link = link_for(&t, ADA).await;
    let mut scanner = t.browser();
    assert_eq!(
        scanner.head(&link[link.find("/reset").unwrap()..]).await.status,
        200
    );
    for _ in 0..5 {
        assert!(scanner.open(&link).await.has("reset-password-button"));
    }
    assert_eq!(
        choose(&mut t.browser(), &link, NEW_PASSWORD).await.location(),
        "/sign-in?reset=1"
    );
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn a_link_works_for_an_hour() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    t.member("Bob", "bob@example.com").await;
    let (of_ada, of_bob) = (link_for(&t, ADA).await, link_for(&t, "bob@example.com").await);
    assert_eq!(LINK_LIFE, Duration::hours(1));
    let (mut ada, mut bob) = (t.script(), t.script());
    t.clock.advance(Duration::seconds(59 * 60 + 59));
    bob.open(&of_bob).await;
    assert_eq!(
        choose(&mut ada, &of_ada, NEW_PASSWORD).await.location(),
        "/sign-in?reset=1"
    );
    t.clock.advance(Duration::seconds(2));
    let answer = bob
        .submit("reset-password-button", &[("password", NEW_PASSWORD)])
        .await;
    assert_eq!(
        (answer.status, answer.faults()),
        (422, vec!["link-expired".to_owned()])
    );
    assert_eq!(bob.open(&of_bob).await.heading(), "This link is too old");
    assert_eq!(
        t.script().sign_in("bob@example.com", PASSWORD).await.location(),
        "/account"
    );
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn cve_2023_26481_a_link_works_once_and_one_that_does_not_work_says_why() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let link = link_for(&t, ADA).await;
    let mut other_tab = t.script();
    other_tab.open(&link).await;
    assert_eq!(
        choose(&mut t.browser(), &link, NEW_PASSWORD).await.location(),
        "/sign-in?reset=1"
    );
    t.mail_to(ADA).await;

    let again = other_tab
        .submit("reset-password-button", &[("password", PASSWORD)])
        .await;
    assert_eq!(
        (again.status, again.faults()),
        (422, vec!["link-used".to_owned()])
    );
    assert_eq!(
        other_tab.open(&link).await.heading(),
        "This link did its work already"
    );

    let path = link.strip_suffix(token_of(&link)).unwrap();
    let cut = link[..link.len() - 1].to_owned();
    let [longer, strange, empty, garbage] = [
        &format!("{}A", token_of(&link)),
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "",
        "%00%ff%3Cscript%3E",
    ]
    .map(|token| format!("{path}{token}"));
    for link in [cut, longer, strange, empty, garbage] {
        let page = other_tab.open(&link).await;
        assert_eq!(
            (page.status, page.heading().as_str()),
            (200, "This link doesn't work"),
            "{link}"
        );
        assert!(!page.has("reset-password-button"));
        let fields = [("token", token_of(&link)), ("password", PASSWORD)];
        let answer = t.script().post("/api/reset-password", &fields).await;
        assert_eq!(
            (answer.status, answer.faults()),
            (422, vec!["link-invalid".to_owned()]),
            "{link}"
        );
    }
    assert_eq!(
        t.browser().get("/reset-password").await.heading(),
        "This link doesn't work"
    );
    assert_eq!(t.audited("password.reset").await, 1);
}

#[tokio::test]
async fn ghsa_4rxr_the_right_address_with_a_wrong_token_is_nobody() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    t.member("Eve", "eve@example.com").await;
    link_for(&t, ADA).await;
    let of_eve = link_for(&t, "eve@example.com").await;
    let (id,) = rows!(t, (uuid::Uuid,), "select id from users where email = $1", ADA).remove(0);
    for token in [
        "",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ADA,
        &id.to_string(),
    ] {
        let fields = [("token", token), ("email", ADA), ("password", NEW_PASSWORD)];
        let answer = t.script().post("/api/reset-password", &fields).await;
        assert_eq!(
            (answer.status, answer.faults()),
            (422, vec!["link-invalid".to_owned()])
        );
    }
    // A link sets the password of the account that it was mailed to, whatever address the form names.
    let fields = [
        ("token", token_of(&of_eve)),
        ("email", ADA),
        ("password", NEW_PASSWORD),
    ];
    assert_eq!(
        t.script().post("/api/reset-password", &fields).await.location(),
        "/sign-in?reset=1"
    );
    assert_eq!(
        t.mail_to("eve@example.com").await.subject,
        "Your password was changed"
    );
    assert_eq!(t.mails_to(ADA).await.len(), 0);
    assert_eq!(
        t.script().sign_in(ADA, NEW_PASSWORD).await.faults(),
        ["sign-in-mismatch"]
    );
    assert_eq!(t.script().sign_in(ADA, PASSWORD).await.location(), "/account");
}

#[tokio::test]
async fn a_new_link_replaces_the_older_one() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let older = link_for(&t, ADA).await;
    let mut early = t.script();
    early.open(&older).await;
    let newer = link_for(&t, ADA).await;
    let answer = early
        .submit("reset-password-button", &[("password", NEW_PASSWORD)])
        .await;
    assert_eq!(answer.faults(), ["link-invalid"]);
    assert_eq!(early.open(&older).await.heading(), "This link doesn't work");
    assert_eq!(
        choose(&mut early, &newer, NEW_PASSWORD).await.location(),
        "/sign-in?reset=1"
    );
    assert_eq!(
        early.open(&older).await.heading(),
        "This link doesn't work",
        "it does not come back"
    );
    t.mail_to(ADA).await;

    // A used link stands beside the next one.
    let third = link_for(&t, ADA).await;
    assert_eq!(
        early.open(&newer).await.heading(),
        "This link did its work already"
    );
    assert!(early.open(&third).await.has("reset-password-button"));
    let open = count!(
        t,
        "select count(*) from password_resets where consumed_at is null"
    );
    assert_eq!(open, 1);
}

#[tokio::test]
async fn cve_2026_18963_a_link_of_another_kind_sets_no_password_and_the_other_way_round() {
    let t = TestHouse::new().await;
    let set_up = t.setup_link().await;
    t.member("Ada", ADA).await;
    let mut bob = t.script();
    bob.sign_up("Bob", "bob@example.com", PASSWORD).await;
    let sign_up = t.link_for("bob@example.com").await;
    let reset = link_for(&t, ADA).await;
    for link in [&sign_up, &set_up] {
        let fields = [("token", token_of(link)), ("password", NEW_PASSWORD)];
        assert_eq!(
            t.script().post("/api/reset-password", &fields).await.faults(),
            ["link-invalid"]
        );
    }
    let token = token_of(&reset);
    let fields = [("token", token), ("password", NEW_PASSWORD)];
    assert_eq!(
        bob.post("/api/sign-up-verify", &fields).await.faults(),
        ["link-invalid"]
    );
    let fields = [
        ("token", token),
        ("name", "Eve"),
        ("email", "eve@example.com"),
        ("password", NEW_PASSWORD),
    ];
    assert_eq!(
        t.script().post("/api/setup", &fields).await.faults(),
        ["link-invalid"]
    );
    assert_eq!(count!(t, "select count(*) from users"), 1);
    assert_eq!(
        choose(&mut t.browser(), &reset, NEW_PASSWORD).await.location(),
        "/sign-in?reset=1"
    );
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn cve_2026_9798_a_locked_account_gets_no_link_and_an_older_link_does_not_open_it() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let link = link_for(&t, ADA).await;
    let mut ada = t.script();
    ada.open(&link).await;
    t.operator(&["user", "lock", ADA], "").await;
    let answer = ada
        .submit("reset-password-button", &[("password", NEW_PASSWORD)])
        .await;
    assert_eq!(answer.faults(), ["link-invalid"]);
    assert_eq!(ada.open(&link).await.heading(), "This link doesn't work");
    assert_eq!(forget(&mut ada, ADA).await.status, 200);
    assert_eq!(t.mails_to(ADA).await.len(), 0);
    assert_eq!(t.audited("password.reset").await, 0);

    t.operator(&["user", "unlock", ADA], "").await;
    assert_eq!(
        ada.open(&link).await.heading(),
        "This link doesn't work",
        "it does not come back"
    );
    assert_eq!(t.script().sign_in(ADA, PASSWORD).await.location(), "/account");
}

#[tokio::test]
async fn a_password_set_by_the_operator_closes_the_link() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let link = link_for(&t, ADA).await;
    let mut eve = t.script();
    eve.open(&link).await;
    t.operator(&["user", "reset", ADA], &format!("{NEW_PASSWORD}\n"))
        .await;
    let answer = eve
        .submit(
            "reset-password-button",
            &[("password", "the password that eve would like")],
        )
        .await;
    assert_eq!(answer.faults(), ["link-invalid"]);
    assert_eq!(t.script().sign_in(ADA, NEW_PASSWORD).await.location(), "/account");
}
