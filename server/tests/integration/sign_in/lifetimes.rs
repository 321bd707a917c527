//! How long sessions last.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;

use super::{ADA, session_cookie};
use crate::house::{Browser, PASSWORD, TestHouse, count};

#[tokio::test]
async fn only_a_remembered_session_s_cookie_outlives_the_window() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let page = t.browser().sign_in(ADA, PASSWORD).await;
    assert_eq!(session_cookie(&page).max_age(), None);
    let page = t.browser().sign_in_to_stay(ADA, PASSWORD).await;
    let age = session_cookie(&page).max_age().unwrap();
    assert!(
        (30 * 86_400 - 5..=30 * 86_400).contains(&age.whole_seconds()),
        "{age}"
    );
    let device = page.cookie("latchstring-device").unwrap().max_age().unwrap();
    assert_eq!(device.whole_days(), 400);
}

#[tokio::test]
async fn a_session_ends_after_an_hour_without_use_and_after_a_day_in_all() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let mut ada = t.browser();
    ada.sign_in(ADA, PASSWORD).await;
    ends_without_use(&t, &ada, Duration::hours(1)).await;
    ada.sign_in(ADA, PASSWORD).await;
    ends_in_spite_of_use(&t, &ada, Duration::minutes(45), Duration::hours(24)).await;
}

#[tokio::test]
async fn a_remembered_session_ends_after_a_week_without_use_and_after_thirty_days_in_all() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let mut ada = t.browser();
    ada.sign_in_to_stay(ADA, PASSWORD).await;
    ends_without_use(&t, &ada, Duration::days(7)).await;
    ada.sign_in_to_stay(ADA, PASSWORD).await;
    ends_in_spite_of_use(&t, &ada, Duration::days(6), Duration::days(30)).await;
}

#[tokio::test]
async fn an_administrator_s_session_is_short_whatever_was_ticked() {
    let t = TestHouse::new().await;
    let mut ida = t.admin().await;
    ends_without_use(&t, &ida, Duration::minutes(30)).await;
    ida.sign_in_to_stay("ida@example.com", PASSWORD).await;
    ends_in_spite_of_use(&t, &ida, Duration::minutes(25), Duration::hours(12)).await;
    ida.sign_in_to_stay("ida@example.com", PASSWORD).await;
    ends_without_use(&t, &ida, Duration::minutes(30)).await;
}

/// The session lives until one second before the limit, which its use then moves; and ends at the limit.
async fn ends_without_use(t: &TestHouse, browser: &Browser, idle: Duration) {
    let second = Duration::seconds(1);
    t.clock.advance(idle - second);
    assert!(browser.is_signed_in().await, "a second before {idle}");
    t.clock.advance(idle - second);
    assert!(browser.is_signed_in().await, "its use moved the limit");
    t.clock.advance(idle);
    assert!(!browser.is_signed_in().await, "{idle} without use");
}

/// The session is used all the time, and ends all the same.
async fn ends_in_spite_of_use(t: &TestHouse, browser: &Browser, step: Duration, overall: Duration) {
    let begun = t.clock.now();
    loop {
        let left = begun + overall - t.clock.now();
        if left <= step {
            t.clock.advance(left - Duration::seconds(1));
            assert!(browser.is_signed_in().await, "a second before {overall}");
            t.clock.advance(Duration::seconds(1));
            assert!(!browser.is_signed_in().await, "{overall} after the sign-in");
            return;
        }
        t.clock.advance(step);
        assert!(browser.is_signed_in().await, "{left} before the end");
    }
}

#[tokio::test]
async fn a_password_does_not_age() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    t.clock.advance(Duration::days(3650));
    let mut ada = t.browser();
    assert_eq!(ada.sign_in(ADA, PASSWORD).await.location(), "/account");
    let page = ada.follow().await;
    assert_eq!(
        (page.status, page.target.as_str()),
        (200, "/account"),
        "asked for nothing"
    );
}

#[tokio::test]
async fn a_person_may_be_signed_in_in_as_many_browsers_as_they_like() {
    let t = TestHouse::new().await;
    let mut browsers = vec![t.member("Ada", ADA).await];
    for _ in 0..40 {
        let mut browser = t.browser();
        browser.sign_in(ADA, PASSWORD).await;
        browsers.push(browser);
    }
    for browser in &browsers {
        assert!(browser.is_signed_in().await);
    }
    assert_eq!(count!(t, "select count(*) from sessions"), 41);
}

#[tokio::test]
async fn a_session_s_cookie_is_128_random_bits_and_another_one_each_time() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let (mut all, mut ones, mut zeros) = (HashSet::new(), 0_u128, 0_u128);
    for _ in 0..64 {
        let mut browser = t.browser();
        browser.sign_in(ADA, PASSWORD).await;
        let token = URL_SAFE_NO_PAD
            .decode(browser.session_cookie())
            .expect("base64url");
        let bits = u128::from_be_bytes(token.try_into().expect("16 bytes"));
        assert!(all.insert(bits), "a token twice");
        ones |= bits;
        zeros |= !bits;
    }
    // No bit stands still: by chance one of 128 would once in 2⁵⁶ runs.
    assert_eq!((ones, zeros), (u128::MAX, u128::MAX));
    // The same browser gets another one each time, too.
    let mut browser = t.browser();
    browser.sign_in(ADA, PASSWORD).await;
    let before = browser.session_cookie();
    browser.sign_out().await;
    browser.sign_in(ADA, PASSWORD).await;
    assert_ne!(browser.session_cookie(), before);
}
