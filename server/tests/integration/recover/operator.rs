//! `latchstring user recover`: the operator shortens the wait, with a reason.

use chrono::{Duration, Utc};

use super::{ADA, READY, ask, asked_for, finish_with, link_in, look_after};
use crate::factors::with_app;
use crate::house::{TestHouse, rows};

/// The command runs on the machine's own clock: the house goes there.
#[expect(
    clippy::disallowed_methods,
    reason = "the operator's process has the machine's clock"
)]
fn on_the_clock_of_the_machine(t: &TestHouse) {
    t.clock.advance(Utc::now() - t.clock.now());
}

#[tokio::test]
async fn an_operator_shortens_the_wait_with_a_reason_and_everybody_is_told() {
    let t = TestHouse::new().await;
    on_the_clock_of_the_machine(&t);
    with_app(&t, "Ada", ADA).await;
    asked_for(&t, ADA).await;
    let reason = "showed her passport at the desk";
    let said = t
        .operator(&["user", "recover", ADA, "--reason", reason], "")
        .await;
    assert!(said.contains("is mailed at"), "{said}");
    t.clock.advance(Duration::minutes(5));
    look_after(&t.platform).await;
    let mails = t.mails_to(ADA).await;
    let mut subjects: Vec<_> = mails.iter().map(|mail| mail.subject.as_str()).collect();
    subjects.sort_unstable();
    assert_eq!(subjects, [READY, "You get back into your account sooner"]);
    let detail = rows!(
        t,
        (String,),
        "select detail from audit_events where kind = 'recovery.hastened_by_operator'"
    );
    assert!(detail.len() == 1 && detail[0].0.contains(reason), "{detail:?}");
    let ready = mails.iter().find(|mail| mail.subject == READY).expect("the link");
    let link = link_in(ready, "/recover/finish?token=");
    assert_eq!(
        finish_with(&mut t.browser(), &link).await.location(),
        "/sign-in?recovered=1"
    );
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn the_command_never_begins_a_recovery_nor_goes_without_a_reason() {
    let t = TestHouse::new().await;
    on_the_clock_of_the_machine(&t);
    t.member("Ada", ADA).await;
    let with_reason = ["user", "recover", ADA, "--reason", "a call from her number"];
    let ended = t.tries(&with_reason, &[], "").await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("Nobody waits"), "{}", ended.err);
    asked_for(&t, ADA).await;
    let long = "x".repeat(201);
    for (arguments, code) in [
        (vec!["user", "recover", ADA], 2),
        (vec!["user", "recover", ADA, "--reason", " "], 1),
        (vec!["user", "recover", ADA, "--reason", "two\nlines"], 1),
        (vec!["user", "recover", ADA, "--reason", &long], 1),
        (vec!["user", "recover", "nobody@example.com", "--reason", "x"], 1),
        (
            vec!["user", "recover", ADA, "--reason", "later", "--hours", "73"],
            1,
        ),
    ] {
        let ended = t.tries(&arguments, &[], "").await;
        assert_eq!(ended.code, Some(code), "{arguments:?}: {}", ended.err);
    }
    assert!(t.mails_to(ADA).await.is_empty());
    assert_eq!(t.audited("recovery.hastened_by_operator").await, 0);
    // Once the link is out, there is nothing to shorten.
    t.clock.advance(Duration::hours(72));
    look_after(&t.platform).await;
    assert_eq!(t.mail_to(ADA).await.subject, READY);
    assert_eq!(t.tries(&with_reason, &[], "").await.code, Some(1));
    ask(&mut t.browser(), ADA).await;
    t.mails_to(ADA).await;
}
