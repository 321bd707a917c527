//! Guessing passwords (ASVS 6.3.1).

use chrono::Duration;

use super::{ADA, fails};
use crate::house::{PASSWORD, TestHouse, count};

#[tokio::test]
async fn cve_2025_64102_from_the_fifth_failure_on_an_account_has_to_wait_longer_each_time() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let stranger = t.script();
    for _ in 0..5 {
        assert_eq!(fails(&mut stranger.moved(), ADA).await.status, 422);
    }
    for wait in [1, 2, 4, 8, 16, 32] {
        // Even the right password is not looked at now.
        let answer = stranger.moved().sign_in(ADA, PASSWORD).await;
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (429, wait.to_string().as_str())
        );
        t.clock
            .advance(Duration::seconds(wait) - Duration::milliseconds(1));
        assert_eq!(stranger.moved().sign_in(ADA, PASSWORD).await.status, 429);
        t.clock.advance(Duration::milliseconds(1));
        assert_eq!(
            fails(&mut stranger.moved(), ADA).await.status,
            422,
            "after {wait} s"
        );
    }
    t.clock.advance(Duration::seconds(64));
    assert_eq!(stranger.moved().sign_in(ADA, PASSWORD).await.status, 200);
    // A success begins a new count.
    for _ in 0..5 {
        assert_eq!(fails(&mut stranger.moved(), ADA).await.status, 422);
    }
}

#[tokio::test]
async fn without_script_the_wait_is_said_on_the_page() {
    let t = TestHouse::new().await;
    let mut stranger = t.browser();
    stranger.get("/sign-in").await;
    for _ in 0..6 {
        fails(&mut stranger, ADA).await;
    }
    let page = stranger.follow().await;
    assert!(
        page.text("form-error").contains("too many attempts"),
        "{}",
        page.text("form-error")
    );
    assert_eq!(page.value("email"), ADA);
}

#[tokio::test]
async fn ten_attempts_a_minute_from_one_address_whatever_the_account() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let mut stranger = t.script();
    for number in 0..10 {
        let answer = fails(&mut stranger, &format!("person{number}@example.com")).await;
        assert_eq!(answer.status, 422);
    }
    let answer = stranger.sign_in(ADA, PASSWORD).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, "60"));
    assert_eq!(stranger.moved().sign_in(ADA, PASSWORD).await.status, 200);
    t.clock.advance(Duration::seconds(60));
    assert_eq!(stranger.sign_in(ADA, PASSWORD).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixty_four_wrong_passwords_at_once_five_are_looked_at() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let mut stranger = t.script();
    stranger.get("/sign-in").await;
    let attempts: Vec<_> = (0..64)
        .map(|_| {
            let mut stranger = stranger.moved();
            tokio::spawn(async move {
                let fields = [("email", ADA), ("password", "not the right password")];
                stranger.submit("sign-in-button", &fields).await.status
            })
        })
        .collect();
    for attempt in attempts {
        let status = attempt.await.unwrap();
        assert!([422, 429].contains(&status), "{status}");
    }
    assert_eq!(t.audited("sign_in.failed").await, 5);
    assert_eq!(t.audited("sign_in.throttled").await, 59);
}

#[tokio::test]
async fn after_a_hundred_failures_even_the_right_password_is_refused() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let stranger = t.script();
    for number in 0..100 {
        assert_eq!(fails(&mut stranger.moved(), ADA).await.status, 422, "{number}");
        t.clock.advance(Duration::minutes(15));
    }
    for _ in 0..3 {
        t.clock.advance(Duration::days(1));
        assert_eq!(stranger.moved().sign_in(ADA, PASSWORD).await.status, 429);
    }
    assert_eq!(t.audited("sign_in.failed").await, 100);
}

#[tokio::test]
async fn ghsa_cq42_an_attacker_who_fails_two_hundred_times_does_not_lock_the_owner_out() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    ada.sign_out().await;
    let stranger = t.script();
    for _ in 0..200 {
        assert_ne!(fails(&mut stranger.moved(), ADA).await.status, 200);
        t.clock.advance(Duration::minutes(15));
    }
    assert_eq!(stranger.moved().sign_in(ADA, PASSWORD).await.status, 429);
    assert_eq!(
        ada.sign_in(ADA, PASSWORD).await.location(),
        "/account",
        "on a device that is known"
    );

    // The owner's device has a count of its own, which stops whoever took it.
    ada.sign_out().await;
    for _ in 0..5 {
        fails(&mut ada.moved(), ADA).await;
    }
    assert_eq!(
        ada.moved().on(&t).sign_in(ADA, PASSWORD).await.location(),
        "/sign-in"
    );
    // A known device of somebody else is no known device here.
    let mut eve = t.member("Eve", "eve@example.com").await;
    eve.sign_out().await;
    assert!(eve.moved().sign_in(ADA, PASSWORD).await.location() == "/sign-in");
}

#[tokio::test]
async fn cve_2026_47203_ghsa_hjj4_every_way_to_write_an_address_shares_one_count() {
    let t = TestHouse::new().await;
    t.member("Jo", "jo@xn--bcher-kva.example").await;
    let stranger = t.script();
    for address in [
        "jo@bücher.example",
        "JO@BÜCHER.EXAMPLE",
        " jo@xn--bcher-kva.example ",
        "Jo@XN--BCHER-KVA.example",
        "jo@bu\u{308}cher.example",
    ] {
        assert_eq!(
            fails(&mut stranger.moved(), address).await.status,
            422,
            "{address}"
        );
    }
    assert_eq!(
        stranger
            .moved()
            .sign_in("jO@bücher.Example", PASSWORD)
            .await
            .status,
        429
    );
    assert_eq!(count!(t, "select count(*) from sign_in_failures"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_attempt_that_was_not_looked_at_does_not_count() {
    let t = TestHouse::with(&[
        ("RATE_LIMITS", "off"),
        ("PASSWORD_QUEUE", "1"),
        ("PASSWORD_PARALLEL", "1"),
        ("PASSWORD_ARGON2_MEMORY_KIB", "8192"),
    ])
    .await;
    let attempts: Vec<_> = (0..40)
        .map(|n| {
            let mut stranger = t.script().moved();
            let email = format!("{n}@example.com");
            tokio::spawn(async move { fails(&mut stranger, &email).await })
        })
        .collect();
    let (mut looked_at, mut busy) = (0, 0);
    for attempt in attempts {
        let answer = attempt.await.unwrap();
        match (answer.status, answer.header("retry-after")) {
            (422, "") => looked_at += 1,
            // Whoever finds the queue full is told when to come back.
            (503, "2") => busy += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(busy > 0, "nothing was refused for want of room");
    assert_eq!(
        count!(t, "select cast(sum(failures) as bigint) from sign_in_failures"),
        looked_at
    );
}

#[tokio::test]
async fn guesses_at_two_servers_share_one_count_with_and_without_redis() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let second = t.second_node().await;
    let stranger = t.script();
    for number in 0..5 {
        let at = if number % 2 == 0 { &*t } else { &second };
        assert_eq!(fails(&mut stranger.moved().on(at), ADA).await.status, 422);
    }
    for at in [&*t, &second] {
        let answer = stranger.moved().on(at).sign_in(ADA, PASSWORD).await;
        assert_eq!((answer.status, answer.header("retry-after")), (429, "1"));
    }
}

#[tokio::test]
async fn attempts_from_one_address_at_two_servers_are_counted_together_where_there_is_redis() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    let one = t.script();
    let other = one.on(&second);
    let mut looked_at = 0;
    for number in 0..15 {
        for browser in [&one, &other] {
            let email = format!("nobody{number}@example.com");
            looked_at += i32::from(fails(&mut browser.clone(), &email).await.status == 422);
        }
    }
    // Without Redis each server counts for itself, and the limit is that many times as wide; the documents say so.
    assert_eq!(looked_at, if t.has_redis() { 10 } else { 20 });
}
