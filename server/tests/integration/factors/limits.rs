//! Guessing factors (6.3.1, 6.6.3; GHSA-7h8m-vrxx-vr4m; NIST SP 800-63B-4, 3.2.2).

use chrono::Duration;

use super::{ADA, answer, at_challenge, other_than, with_app};
use crate::house::{TestHouse, count, tamper};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ghsa_7h8m_of_64_guesses_at_once_no_more_are_looked_at_than_in_turn() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off"), ("PASSWORD_QUEUE", "200")]).await;
    let (_, app, _) = with_app(&t, "Ada", ADA).await;
    let wrong = other_than(&app.code(&t));
    let mut browser = t.script();
    at_challenge(&mut browser, ADA).await;
    for factor in ["totp", "recovery"] {
        let tries: Vec<_> = (0..64)
            .map(|_| {
                let mut browser = browser.clone();
                tokio::spawn(async move {
                    let fields = [("factor", factor), ("code", wrong)];
                    browser.post("/api/sign-in-challenge", &fields).await.status
                })
            })
            .collect();
        let mut looked_at = 0;
        for attempt in tries {
            looked_at += usize::from(attempt.await.unwrap() == 422);
        }
        assert_eq!(looked_at, 5, "{factor}");
    }
    assert_eq!(t.audited("factor.failed").await, 10);
    assert_eq!(t.audited("factor.throttled").await, 118);
}

#[tokio::test]
async fn the_count_outlives_a_restart_and_a_new_sign_in_and_ends_with_a_success() {
    let t = TestHouse::new().await;
    let (_, app, _) = with_app(&t, "Ada", ADA).await;
    let mut browser = t.script();
    at_challenge(&mut browser, ADA).await;
    for _ in 0..5 {
        let wrong = other_than(&app.code(&t));
        assert_eq!(answer(&mut browser, "totp", wrong).await.status, 422);
    }
    // Another server, another browser, another sign-in.
    let node = t.second_node().await;
    let mut browser = node.script();
    at_challenge(&mut browser, ADA).await;
    let page = answer(&mut browser, "totp", &app.code(&t)).await;
    assert_eq!((page.status, page.header("retry-after")), (429, "1"));
    t.clock.advance(Duration::seconds(1));
    assert_eq!(
        answer(&mut browser, "totp", &app.code(&t)).await.location(),
        "/account"
    );
    assert_eq!(count!(t, "select count(*) from factor_failures"), 0);
}

#[tokio::test]
async fn after_a_hundred_a_factor_is_dead_until_it_is_added_anew_and_the_others_live() {
    let t = TestHouse::new().await;
    let (_, app, codes) = with_app(&t, "Ada", ADA).await;
    let mut browser = t.script();
    at_challenge(&mut browser, ADA).await;
    answer(&mut browser, "totp", other_than(&app.code(&t))).await;
    tamper!(
        t,
        "update factor_failures set failures = 100, blocked_until = null"
    );
    t.clock.advance(Duration::days(40));
    at_challenge(&mut browser, ADA).await;
    for _ in 0..3 {
        assert_eq!(answer(&mut browser, "totp", &app.code(&t)).await.status, 429);
        t.clock.advance(Duration::minutes(15));
        at_challenge(&mut browser, ADA).await;
    }
    assert_eq!(
        answer(&mut browser, "recovery", &codes[0]).await.location(),
        "/account"
    );
    t.mails_to(ADA).await;
    let mut owner = t.browser();
    owner.jar = browser.jar.clone();
    owner.get("/account/security").await;
    owner.submit("add-authenticator-button", &[]).await;
    let (app, done) = super::scan(&t, &mut owner, "confirm-authenticator-button").await;
    assert_eq!(done.location(), "/account/security?done=totp");
    t.clock.advance(Duration::seconds(30));
    at_challenge(&mut browser, ADA).await;
    assert_eq!(
        answer(&mut browser, "totp", &app.code(&t)).await.location(),
        "/account"
    );
    t.mails_to(ADA).await;
}
