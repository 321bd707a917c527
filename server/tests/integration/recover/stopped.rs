//! What stops a recovery: its owner's sign-in, the link of the message, a button in the account. So whoever has the mailbox and
//! nothing else gains nothing by asking (CVE-2022-23555: a link is its owner's alone).

use chrono::Duration;

use super::{ADA, READY, STOPPED, WAIT, ask, asked_for, finish_with, link_in, look_after, waited};
use crate::factors::{answer, at_challenge, with_app};
use crate::house::{PASSWORD, TestHouse, count};

#[tokio::test]
async fn a_complete_sign_in_stops_it_and_says_so_and_half_of_one_does_not() {
    let t = TestHouse::new().await;
    for (mut ada, email) in [(t.browser(), ADA), (t.script(), "eda@example.com")] {
        let (_, app, _) = with_app(&t, "Ada", email).await;
        asked_for(&t, email).await;
        t.clock.advance(Duration::hours(71));
        // The password alone, which somebody else may know.
        at_challenge(&mut ada, email).await;
        assert!(t.mails_to(email).await.is_empty());

        let entered = answer(&mut ada, "totp", &app.code(&t)).await;
        assert_eq!(entered.location(), "/account?done=recovery-stopped");
        let page = ada.follow().await;
        assert!(page.text("notice").contains("You signed in, so that is stopped"));
        assert!(!page.has("recovery-note"));
        assert_eq!(t.mail_to(email).await.subject, STOPPED);
        t.clock.advance(WAIT);
        look_after(&t.platform).await;
        assert!(t.mails_to(email).await.is_empty(), "no link after that");
        assert_eq!(
            count!(
                t,
                "select count(*) from totps t join users u on u.id = t.user_id where u.email = $1",
                email
            ),
            1
        );
    }
    assert_eq!(t.audited("recovery.cancelled").await, 2);
}

#[tokio::test]
async fn a_sign_in_stops_it_also_when_the_link_is_out() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    asked_for(&t, ADA).await;
    let link = waited(&t, ADA).await;
    let mut thief = t.script();
    thief.open(&link).await;
    assert_eq!(
        t.browser().sign_in(ADA, PASSWORD).await.location(),
        "/account?done=recovery-stopped"
    );
    let late = thief
        .submit(
            "recover-finish-button",
            &[("password", "nine herons guard the tin lantern")],
        )
        .await;
    assert_eq!(late.faults(), ["link-used"]);
    assert_eq!(thief.open(&link).await.heading(), "This was stopped");
    assert_eq!(t.mail_to(ADA).await.subject, STOPPED);
    assert_eq!(
        t.browser().sign_in(ADA, PASSWORD).await.location(),
        "/account",
        "said once"
    );
}

#[tokio::test]
async fn a_thief_with_the_mailbox_only_waits_and_is_stopped() {
    let t = TestHouse::new().await;
    let (_, app, _) = with_app(&t, "Ada", ADA).await;
    // A new password by mail does not lead past the second step, and does not stop the owner's being told.
    let mut thief = t.browser();
    thief.get("/forgot-password").await;
    thief.submit("forgot-password-button", &[("email", ADA)]).await;
    let link = t.link_for(ADA).await;
    thief.open(&link).await;
    thief
        .submit("reset-password-button", &[("password", PASSWORD)])
        .await;
    t.mails_to(ADA).await;
    at_challenge(&mut thief, ADA).await;
    ask(&mut thief, ADA).await;
    let told = t.mail_to(ADA).await;
    assert!(!told.links.iter().any(|link| link.contains("/recover/finish")));
    // Asking again and again brings nothing nearer.
    for _ in 0..8 {
        t.clock.advance(Duration::hours(8));
        ask(&mut t.browser(), ADA).await;
        look_after(&t.platform).await;
        assert!(t.mails_to(ADA).await.iter().all(|mail| mail.subject != READY));
    }
    let mut owner = t.browser();
    at_challenge(&mut owner, ADA).await;
    let entered = answer(&mut owner, "totp", &app.code(&t)).await;
    assert_eq!(entered.location(), "/account?done=recovery-stopped");
    t.clock.advance(WAIT * 2);
    look_after(&t.platform).await;
    assert!(t.mails_to(ADA).await.iter().all(|mail| mail.subject == STOPPED));
}

#[tokio::test]
async fn the_link_of_the_message_stops_it_once_with_and_without_script() {
    let t = TestHouse::new().await;
    for (mut anybody, email) in [(t.browser(), ADA), (t.script(), "eda@example.com")] {
        t.member("Ada", email).await;
        let link = asked_for(&t, email).await;
        let page = anybody.open(&link).await;
        assert!(page.has("recover-cancel-button") && !page.body.contains(email));
        assert_eq!(
            count!(t, "select count(*) from recoveries where ended_at is null"),
            1,
            "opening it does nothing"
        );
        let mut late = t.script();
        late.open(&link).await;
        let answer = anybody.submit("recover-cancel-button", &[]).await;
        assert_eq!(answer.location(), "/recover/cancel?done=1");
        assert_eq!(anybody.follow().await.heading(), "It is stopped");
        assert_eq!(
            late.submit("recover-cancel-button", &[]).await.faults(),
            ["link-used"]
        );
        assert_eq!(anybody.open(&link).await.heading(), "There is nothing to stop");
        assert_eq!(t.mail_to(email).await.subject, STOPPED);

        // A later one is not this link's to stop.
        asked_for(&t, email).await;
        assert_eq!(anybody.open(&link).await.heading(), "There is nothing to stop");
        let token = link.split_once("token=").expect("a token").1;
        let answer = t.script().post("/api/recover-cancel", &[("token", token)]).await;
        assert_eq!(answer.faults(), ["link-used"]);
        t.browser().sign_in(email, PASSWORD).await;
        t.mails_to(email).await;
    }
}

#[tokio::test]
async fn a_link_of_our_own_making_only() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let link = asked_for(&t, ADA).await;
    let (before, token) = link.split_once("token=").expect("a token");
    let mut turned = token.as_bytes().to_vec();
    turned[40] = if turned[40] == b'A' { b'B' } else { b'A' };
    let turned = String::from_utf8(turned).expect("text");
    let mut anybody = t.script();
    for wrong in ["AAAA", &token[..token.len() - 4], &turned, "../../x"] {
        let page = anybody.open(&format!("{before}token={wrong}")).await;
        assert_eq!(page.heading(), "This link doesn't work", "{wrong:?}");
        let answer = anybody.post("/api/recover-cancel", &[("token", wrong)]).await;
        assert_eq!(answer.faults(), ["link-invalid"], "{wrong:?}");
    }
    let nobody = anybody.post("/api/recover-cancel", &[]).await;
    assert_eq!(
        nobody.faults(),
        ["signed-out"],
        "without a link, only in the account"
    );
    assert_eq!(
        count!(t, "select count(*) from recoveries where ended_at is null"),
        1
    );
}

#[tokio::test]
async fn whoever_is_still_signed_in_sees_it_and_stops_it_there() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let mut eda = t.member("Eda", "eda@example.com").await;
    assert!(!ada.get("/account").await.has("recovery-note"));
    asked_for(&t, ADA).await;
    for path in ["/account", "/account/security"] {
        assert!(ada.get(path).await.has("recovery-note"), "{path}");
        assert!(!eda.get(path).await.has("recovery-note"), "{path}");
    }
    // Another person's session stops nothing of hers.
    let mut script = t.script();
    script.jar = eda.jar.clone();
    assert_eq!(
        script.post("/api/recover-cancel", &[]).await.faults(),
        ["link-used"]
    );
    ada.get("/account").await;
    let answer = ada.submit("recover-cancel-button", &[]).await;
    assert_eq!(answer.location(), "/account?done=recovery-cancelled");
    let page = ada.follow().await;
    assert!(page.text("notice").contains("It is stopped") && !page.has("recovery-note"));
    assert_eq!(t.mail_to(ADA).await.subject, STOPPED);
}

#[tokio::test]
async fn another_way_back_ends_it_without_a_word() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    asked_for(&t, ADA).await;
    ada.get("/account/security").await;
    let typed = [
        ("current_password", PASSWORD),
        ("password", "nine herons guard the tin lantern"),
    ];
    ada.submit("change-password-button", &typed).await;
    assert_eq!(t.mail_to(ADA).await.subject, "Your password was changed");
    asked_for(&t, ADA).await;
    t.operator(&["user", "reset", ADA], "eleven owls keep the brass compass\n")
        .await;
    assert_eq!(
        count!(t, "select count(*) from recoveries where ended_at is null"),
        0
    );
    t.clock.advance(WAIT);
    look_after(&t.platform).await;
    assert!(t.mails_to(ADA).await.is_empty());
}

#[tokio::test]
async fn a_reset_by_mail_does_not_stop_it() {
    let t = TestHouse::new().await;
    let (_, _, _) = with_app(&t, "Ada", ADA).await;
    asked_for(&t, ADA).await;
    let mut lost = t.browser();
    lost.get("/forgot-password").await;
    lost.submit("forgot-password-button", &[("email", ADA)]).await;
    let reset = t.link_for(ADA).await;
    lost.open(&reset).await;
    lost.submit("reset-password-button", &[("password", PASSWORD)])
        .await;
    t.mails_to(ADA).await;
    let link = waited(&t, ADA).await;
    assert_eq!(
        finish_with(&mut lost, &link).await.location(),
        "/sign-in?recovered=1"
    );
    let mail = t.mail_to(ADA).await;
    link_in(&mail, "/not-me?token=");
}
