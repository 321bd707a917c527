//! The code in the mail (ASVS 6.5.1, 6.5.5, 6.6.2, 6.6.3).

use chrono::Duration;
use domain::authentication::sign_up::CODE_LIFE;

use super::ADA;
use crate::house::{PASSWORD, TestHouse, count, tamper};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_confirmations_at_once_make_one_account_and_one_session() {
    for by_code in [false, true] {
        let t = TestHouse::new().await;
        let mut ada = t.browser();
        ada.sign_up("Ada", ADA, PASSWORD).await;
        let mail = t.mail_to(ADA).await;
        let code = mail.code.unwrap();
        if by_code {
            ada.get("/sign-up/verify").await;
        } else {
            ada.open(mail.links.iter().find(|link| link.contains("token=")).unwrap())
                .await;
        }
        let attempts: Vec<_> = (0..64)
            .map(|_| {
                let (mut tab, code) = (ada.moved(), code.clone());
                tokio::spawn(async move {
                    let typed = [("code", code.as_str())];
                    let typed = if by_code { &typed[..] } else { &[] };
                    let welcomed = tab.submit("verify-button", typed).await.location() == "/account";
                    i32::from(welcomed)
                })
            })
            .collect();
        let mut let_in = 0;
        for attempt in attempts {
            let_in += attempt.await.unwrap();
        }
        // One, and those of its own browser that count as the same click; each takes the place of the one before.
        assert!((1..=4).contains(&let_in), "by code: {by_code}");
        assert_eq!(count!(t, "select count(*) from users"), 1);
        assert_eq!(count!(t, "select count(*) from sessions"), 1);
        t.mail_to(ADA).await;
    }
}

#[tokio::test]
async fn a_code_is_worth_nothing_in_another_sign_up() {
    let t = TestHouse::new().await;
    let (mut ada, mut bob, mut again) = (t.script(), t.script(), t.script());
    ada.sign_up("Ada", ADA, PASSWORD).await;
    let code_of_ada = t.code_for(ADA).await;
    bob.sign_up("Bob", "bob@example.com", PASSWORD).await;
    let code_of_bob = t.code_for("bob@example.com").await;
    again.sign_up("Ada", ADA, PASSWORD).await;
    let code_of_again = t.code_for(ADA).await;

    assert_eq!(bob.type_code(&code_of_ada).await.faults(), ["code: code-invalid"]);
    assert_eq!(ada.type_code(&code_of_bob).await.faults(), ["code: code-invalid"]);
    assert_eq!(
        ada.type_code(&code_of_again).await.faults(),
        ["code: code-invalid"]
    );
    // A browser that didn't sign up has no flow to type a code into.
    let mut stranger = t.script();
    stranger.get("/sign-up/verify").await;
    let typed = [("email", ADA), ("code", code_of_ada.as_str())];
    assert_eq!(
        stranger.submit("verify-button", &typed).await.faults(),
        ["code: code-elsewhere"]
    );
    assert_eq!(count!(t, "select count(*) from users"), 0);

    assert_eq!(ada.type_code(&code_of_ada).await.location(), "/account");
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn a_code_that_somebody_moved_to_another_row_opens_nothing() {
    let t = TestHouse::new().await;
    let (mut ada, mut bob) = (t.script(), t.script());
    ada.sign_up("Ada", ADA, PASSWORD).await;
    let code_of_ada = t.code_for(ADA).await;
    bob.sign_up("Bob", "bob@example.com", PASSWORD).await;
    t.code_for("bob@example.com").await;
    let moved = tamper!(
        t,
        "update sign_ups set code_mac = (select code_mac from sign_ups where email = $1) where email = $2",
        ADA,
        "bob@example.com"
    );
    assert_eq!(moved, 1);
    assert_eq!(bob.type_code(&code_of_ada).await.faults(), ["code: code-invalid"]);
    assert_eq!(ada.type_code(&code_of_ada).await.location(), "/account");
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn after_three_wrong_codes_each_further_one_waits_ten_seconds() {
    let t = TestHouse::new().await;
    let mut ada = t.script();
    ada.sign_up("Ada", ADA, PASSWORD).await;
    let code = t.code_for(ADA).await;
    for _ in 0..3 {
        let answer = ada.type_code(&wrong(&code)).await;
        assert_eq!(
            (answer.status, answer.faults()),
            (422, vec!["code: code-invalid".to_owned()])
        );
    }
    for typed in [&wrong(&code), &code] {
        let answer = ada.type_code(typed).await;
        assert_eq!((answer.status, answer.header("retry-after")), (429, "10"));
        assert_eq!(answer.faults(), ["too-many-attempts"]);
    }
    t.clock.advance(Duration::seconds(9));
    assert_eq!(ada.type_code(&code).await.header("retry-after"), "1");
    t.clock.advance(Duration::seconds(1));
    assert_eq!(ada.type_code(&code).await.location(), "/account");
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn five_wrong_codes_kill_the_code_but_not_the_link() {
    let t = TestHouse::new().await;
    let mut ada = t.script();
    ada.sign_up("Ada", ADA, PASSWORD).await;
    let mail = t.mail_to(ADA).await;
    let code = mail.code.unwrap();
    for _ in 0..5 {
        assert_eq!(
            ada.type_code(&wrong(&code)).await.faults(),
            ["code: code-invalid"]
        );
        t.clock.advance(Duration::seconds(10));
    }
    assert_eq!(ada.type_code(&code).await.faults(), ["code: code-expired"]);
    assert_eq!(count!(t, "select count(*) from users"), 0);
    ada.open(mail.links.iter().find(|link| link.contains("token=")).unwrap())
        .await;
    assert_eq!(ada.submit("verify-button", &[]).await.location(), "/account");
    t.mail_to(ADA).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_wrong_codes_at_once_are_looked_at_three_times() {
    let t = TestHouse::new().await;
    let mut ada = t.script();
    ada.sign_up("Ada", ADA, PASSWORD).await;
    let code = t.code_for(ADA).await;
    ada.get("/sign-up/verify").await;
    let attempts: Vec<_> = (0..64)
        .map(|_| {
            let (mut tab, code) = (ada.moved(), wrong(&code));
            tokio::spawn(async move { tab.submit("verify-button", &[("code", &code)]).await.status })
        })
        .collect();
    let mut looked_at = 0;
    for attempt in attempts {
        let status = attempt.await.unwrap();
        assert!([422, 429].contains(&status), "{status}");
        looked_at += i32::from(status == 422);
    }
    assert_eq!(looked_at, 3);
}

#[tokio::test]
async fn a_code_works_for_ten_minutes() {
    let t = TestHouse::new().await;
    let (mut ada, mut bob) = (t.script(), t.script());
    ada.sign_up("Ada", ADA, PASSWORD).await;
    bob.sign_up("Bob", "bob@example.com", PASSWORD).await;
    let (code_of_ada, code_of_bob) = (t.code_for(ADA).await, t.code_for("bob@example.com").await);
    assert_eq!(CODE_LIFE, Duration::minutes(10));
    t.clock.advance(Duration::seconds(9 * 60 + 59));
    assert_eq!(ada.type_code(&code_of_ada).await.location(), "/account");
    t.clock.advance(Duration::seconds(2));
    assert_eq!(bob.type_code(&code_of_bob).await.faults(), ["code: code-expired"]);
    t.mail_to(ADA).await;
}

/// Another code than this.
fn wrong(code: &str) -> String {
    let last = if code.ends_with('7') { '8' } else { '7' };
    format!("{}{last}", &code[..5])
}
