//! `/account/profile`: name, time zone, language.

use crate::house::{Browser, PASSWORD, Page, TestHouse, rows};

const ADA: &str = "ada@example.com";

/// Saves what is typed; the answer is not followed.
async fn save(browser: &mut Browser, typed: &[(&str, &str)]) -> Page {
    browser.get("/account/profile").await;
    browser.submit("save-profile-button", typed).await
}

#[tokio::test]
async fn a_person_changes_the_name_and_the_time_zone_with_and_without_script() {
    let t = TestHouse::new().await;
    for (mut browser, email) in [(t.browser(), ADA), (t.script(), "eda@example.com")] {
        t.member("Ada", email).await;
        browser.sign_in(email, PASSWORD).await;
        let page = browser.get("/account/profile").await;
        assert_eq!(
            (page.value("name"), page.choice("time_zone")),
            ("Ada".into(), String::new())
        );
        assert_eq!(page.choice("language"), "en");
        assert!(
            browser
                .get("/account")
                .await
                .body
                .contains("2 March 2026, 07:02 UTC")
        );

        let typed = [
            ("name", "  Augusta   Ada King "),
            ("time_zone", "Asia/Ho_Chi_Minh"),
        ];
        assert_eq!(
            save(&mut browser, &typed).await.location(),
            "/account/profile?done=profile"
        );
        let page = browser.follow().await;
        assert_eq!(page.text("notice"), "Saved.");
        assert_eq!(page.value("name"), "Augusta Ada King");
        assert_eq!(page.choice("time_zone"), "Asia/Ho_Chi_Minh");
        let overview = browser.get("/account").await;
        assert_eq!(overview.text("account-name"), "Augusta Ada King");
        assert!(
            overview.body.contains("2 March 2026, 14:02 UTC+07:00"),
            "times are those of the zone"
        );

        assert_eq!(
            save(&mut browser, &[("time_zone", "")]).await.location(),
            "/account/profile?done=profile"
        );
        assert!(
            browser
                .get("/account")
                .await
                .body
                .contains("2 March 2026, 07:02 UTC")
        );
    }
    assert_eq!(t.audited("profile.changed").await, 4);
}

#[tokio::test]
async fn every_device_shows_the_new_name_with_its_next_request() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let mut elsewhere = t.browser().on(&t.second_node().await);
    elsewhere.sign_in(ADA, PASSWORD).await;
    for browser in [&mut ada, &mut elsewhere] {
        assert_eq!(
            browser.fetch("/api/v1/session").await.json()["person"]["name"],
            "Ada"
        );
    }
    save(&mut ada, &[("name", "Grace")]).await;
    for browser in [&mut ada, &mut elsewhere] {
        assert_eq!(
            browser.fetch("/api/v1/session").await.json()["person"]["name"],
            "Grace"
        );
    }
}

#[tokio::test]
async fn a_profile_that_is_refused_changes_nothing() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let mut ada = t.script();
    ada.sign_in(ADA, PASSWORD).await;
    let long = "x".repeat(101);
    for (typed, faults) in [
        (vec![("name", "")], vec!["name: required"]),
        (vec![("name", &long)], vec!["name: too-long"]),
        (vec![("name", "https://evil.example")], vec!["name: name-invalid"]),
        (
            vec![("time_zone", "Europe/Atlantis")],
            vec!["time_zone: time-zone-unknown"],
        ),
        (vec![("language", "tlh")], vec!["language: language-unknown"]),
        (vec![("language", "")], vec!["language: language-unknown"]),
        (
            vec![("name", " "), ("time_zone", "CET"), ("language", "../en")],
            vec![
                "name: required",
                "time_zone: time-zone-unknown",
                "language: language-unknown",
            ],
        ),
    ] {
        assert_eq!(save(&mut ada, &typed).await.faults(), faults, "{typed:?}");
    }
    let mut plain = t.browser();
    plain.sign_in(ADA, PASSWORD).await;
    save(&mut plain, &[("name", "***"), ("time_zone", "Europe/Paris")]).await;
    let page = plain.follow().await;
    assert!(page.has("name-error"));
    assert_eq!(
        (page.value("name"), page.choice("time_zone")),
        ("***".into(), "Europe/Paris".into())
    );

    let stored = rows!(
        t,
        (String, Option<String>, String),
        "select name, time_zone, locale from users"
    );
    assert_eq!(stored, [("Ada".to_owned(), None, "en".to_owned())]);
    assert_eq!(t.audited("profile.changed").await, 0);
}

#[tokio::test]
async fn a_profile_is_its_owners_alone() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let mut nobody = t.browser();
    assert_eq!(
        nobody.get("/account/profile").await.location(),
        "/sign-in?next=%2Faccount%2Fprofile"
    );
    let fields = [("name", "Eve"), ("language", "en"), ("email", ADA)];
    assert_eq!(
        t.script().post("/api/save-profile", &fields).await.faults(),
        ["signed-out"]
    );
    let mut eve = t.member("Eve", "eve@example.com").await;
    eve.post(
        "/api/save-profile",
        &[
            ("name", "Mallory"),
            ("language", "en"),
            ("user_id", "1"),
            ("email", ADA),
        ],
    )
    .await;
    let names = rows!(t, (String,), "select name from users order by name");
    assert_eq!(names, [("Ada".to_owned(),), ("Mallory".to_owned(),)]);
}

#[tokio::test]
async fn saving_what_is_there_already_writes_nothing() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    assert_eq!(
        save(&mut ada, &[]).await.location(),
        "/account/profile?done=profile"
    );
    assert_eq!(t.audited("profile.changed").await, 0);
}
