//! Before a change that reaches people is saved, it says in numbers whom.

use chrono::Duration;

use super::{PAGE, boss, change, changed};
use crate::factors;
use crate::house::{Browser, PASSWORD, TestHouse, tamper};

const CHECK: &str = "/admin/settings/check";

/// Saves, is led to the numbers, and returns them.
async fn told(browser: &mut Browser, group: &str, typed: &[(&str, &str)]) -> String {
    let page = change(browser, group, typed).await;
    assert!(page.location().starts_with(CHECK), "{}", page.outline());
    let page = browser.follow().await;
    assert_eq!(page.status, 200, "{}", page.outline());
    page.text("settings-reach")
}

#[tokio::test]
async fn whoever_must_add_a_second_factor_is_counted_and_nothing_is_saved_before() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    for name in ["ada", "bob", "eve"] {
        t.member(name, &format!("{name}@example.org")).await;
    }
    let mut grace = t.member("Grace", "grace@example.org").await;
    factors::add_app(&t, &mut grace).await;
    t.mails_to("grace@example.org").await;
    tamper!(
        t,
        "update users set locked_at = created_at where email = 'eve@example.org'"
    );

    let text = told(&mut ida, "sign-in", &[("second_factor", "required")]).await;
    assert_eq!(text.trim(), "2 people have no second factor and must add one.");
    assert_eq!(t.platform.settings().version, 0);
    let saved = ida.submit("sure-button", &[]).await;
    assert_eq!(saved.location(), "/admin/settings?done=saved");
    assert_eq!(t.platform.settings().second_factor.rule.as_str(), "required");
    // From there to passkeys alone: nobody has one.
    let text = told(&mut ida, "sign-in", &[("second_factor", "passkey_only")]).await;
    assert_eq!(text.trim(), "4 people have no passkey and must make one.");
    // The other way nobody has to do anything.
    changed(&mut ida, "sign-in", &[("second_factor", "optional")]).await;
}

#[tokio::test]
async fn sessions_that_would_end_are_counted_as_they_end() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    for name in ["ada", "bob"] {
        t.member(name, &format!("{name}@example.org")).await;
    }
    let mut stays = t.browser();
    stays.sign_in_to_stay("ada@example.org", PASSWORD).await;
    t.clock.advance(Duration::minutes(9));
    let mut fresh = t.browser();
    fresh.sign_in("bob@example.org", PASSWORD).await;
    // Two that began nine minutes ago and were not used since.
    let typed = [("session_plain_idle_minutes", "8")];
    assert_eq!(
        told(&mut ida, "sessions", &typed).await.trim(),
        "2 sessions end at once."
    );
    assert!(stays.is_signed_in().await);
    // What does not end any is saved at once.
    changed(&mut ida, "sessions", &[("session_plain_idle_minutes", "45")]).await;
    assert!(fresh.is_signed_in().await);
}

/// Undo does as much as saving, so it tells as much before.
#[tokio::test]
async fn whom_undo_would_reach_is_told_as_well() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    changed(&mut ida, "sign-in", &[("second_factor", "required")]).await;
    changed(&mut ida, "sign-in", &[("second_factor", "optional")]).await;
    changed(&mut ida, "sessions", &[("session_plain_idle_minutes", "5")]).await;
    changed(&mut ida, "sessions", &[("session_plain_idle_minutes", "60")]).await;
    let ada = t.member("Ada", "ada@example.org").await;
    t.clock.advance(Duration::minutes(6));
    let version = t.platform.settings().version;
    for (button, said) in [
        (
            "undo-second-factor",
            "1 person has no second factor and must add one.",
        ),
        ("undo-session-plain-idle-minutes", "1 session ends at once."),
    ] {
        ida.get(PAGE).await;
        let page = ida.submit(button, &[]).await;
        assert!(
            page.location().starts_with("/admin/settings/check?undo="),
            "{}",
            page.outline()
        );
        let page = ida.follow().await;
        assert_eq!(page.text("settings-reach").trim(), said);
        assert!(page.body.contains("Before this is undone"), "{}", page.outline());
        assert_eq!(t.platform.settings().version, version, "nothing has changed");
    }
    let undone = ida.submit("sure-button", &[]).await;
    assert_eq!(undone.location(), "/admin/settings?done=undone");
    assert!(!ada.is_signed_in().await);
    // What was changed since, what was never changed, and what is no number.
    for (query, status) in [("1", 409), ("99", 400), ("x", 200)] {
        let page = ida.get(&format!("{CHECK}?undo={query}")).await;
        assert_eq!(page.status, status, "{query}: {}", page.outline());
    }
    assert_eq!(t.platform.settings().version, version + 1);
}

/// It would see none of the changes that are made until then.
#[tokio::test]
async fn a_form_that_has_seen_the_future_is_refused() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    changed(&mut ida, "branding", &[("product_name", "Mine")]).await;
    let fields = [("seen", "2"), ("product_name", "Theirs")];
    let refused = ida.scripted().post("/api/admin-settings-branding", &fields).await;
    assert_eq!(refused.faults(), ["malformed"]);
    let fields = [("seen", "9223372036854775807"), ("second_factor", "required")];
    let refused = ida.scripted().post("/api/admin-settings-sign-in", &fields).await;
    assert_eq!(refused.faults(), ["malformed"]);
    let page = ida
        .get(&format!("{CHECK}?group=sign-in&seen=2&second_factor=required"))
        .await;
    assert!(
        page.status == 400 && !page.has("sure-button"),
        "{}",
        page.outline()
    );
    assert_eq!(t.platform.settings().version, 1);
}

#[tokio::test]
async fn people_of_other_domains_are_counted_and_stay() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let ada = t.member("Ada", "ada@example.net").await;
    t.member("Bob", "bob@mail.example.org").await;
    t.member("Eve", "eve@example.org").await;
    t.member("Hoa", "hoa@xn--bcher-kva.example").await;
    let typed = [
        ("sign_up", "domains"),
        ("sign_up_domains", "example.org, bücher.example"),
    ];
    let text = told(&mut ida, "sign-up", &typed).await;
    // Ada, Bob of a domain below it, and Ida of example.com.
    assert_eq!(
        text.trim(),
        "3 people have an address of another domain. They keep their accounts."
    );
    assert_eq!(
        ida.submit("sure-button", &[]).await.location(),
        "/admin/settings?done=saved"
    );
    assert!(ada.is_signed_in().await);

    // And nobody moves an account to where none could be made.
    let mut program = ada.scripted();
    let refused = program
        .post("/api/change-email", &[("email", "ada@example.com")])
        .await;
    assert_eq!(
        (refused.status, refused.faults()),
        (422, vec!["email: email-domain".to_owned()])
    );
    assert!(
        refused
            .body
            .contains("Only addresses of example.org, bücher.example"),
        "{}",
        refused.outline()
    );
    let taken = program
        .post("/api/change-email", &[("email", "ada@example.org")])
        .await;
    assert_eq!(taken.status, 200, "{}", taken.outline());
    // The rule is asked for again when the link is opened.
    let link = t.link_for("ada@example.org").await;
    t.mails_to("ada@example.net").await;
    changed(&mut ida, "sign-up", &[("sign_up_domains", "example.com")]).await;
    let mut elsewhere = t.browser();
    elsewhere.open(&link).await;
    let refused = elsewhere.submit("confirm-email-button", &[]).await;
    assert!(
        elsewhere
            .follow()
            .await
            .body
            .contains("Only addresses of example.com"),
        "{}",
        refused.outline()
    );
}

#[tokio::test]
async fn whose_language_goes_is_counted() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let mut an = t.browser().reading("vi");
    an.sign_up("An", "an@example.org", PASSWORD).await;
    let code = t.code_for("an@example.org").await;
    an.type_code(&code).await;
    t.mails_to("an@example.org").await;
    let page = ida
        .get(&format!("{CHECK}?group=languages&seen=0&languages=en"))
        .await;
    assert_eq!(
        page.text("settings-reach").trim(),
        "1 person reads a language that goes, and gets the default one."
    );
    assert_eq!(
        ida.submit("sure-button", &[]).await.location(),
        "/admin/settings?done=saved"
    );
    assert_eq!(t.platform.settings().languages.to_string(), "en");
}

#[tokio::test]
async fn the_address_of_the_page_is_only_a_wish() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    for query in [
        "",
        "?group=sessions",
        "?group=nothing&seen=0",
        "?group=sessions&seen=x",
    ] {
        let page = ida.get(&format!("{CHECK}{query}")).await;
        assert!(
            page.body.contains("nothing to look at"),
            "{query}: {}",
            page.outline()
        );
    }
    // What is wrong, what another form has, and what nobody may write.
    let wrong = ida
        .get(&format!("{CHECK}?group=sessions&seen=0&session_plain_hours=0"))
        .await;
    assert!(wrong.status < 500, "{}", wrong.outline());
    let page = ida
        .get(&format!(
            "{CHECK}?group=branding&seen=0&product_name=%3Cb%3EName&sign_up=closed"
        ))
        .await;
    assert!(
        page.body.contains("&lt;b&gt;Name") && !page.body.contains("name=\"sign_up\""),
        "{}",
        page.outline()
    );
    // A form that was seen before somebody else's change is told so here, too.
    changed(&mut ida, "sessions", &[("session_plain_hours", "23")]).await;
    ida.get(&format!("{CHECK}?group=sessions&seen=0&session_plain_hours=22"))
        .await;
    let late = ida.submit("sure-button", &[]).await;
    assert!(late.location().starts_with(CHECK), "{}", late.outline());
    assert_eq!(t.platform.settings().version, 1);
    let mut ann = crate::console::staff(&t, "Ann", "ann@example.com", "auditor").await;
    assert_eq!(ann.get(CHECK).await.status, 403);
    assert_eq!(ann.get(PAGE).await.status, 200);
}
