//! `/admin/settings`: who may change what, two people at once, undo, what the operator fixed, and two servers.

mod attempts;
mod holds;
mod languages;
pub mod logo;
mod reach;
mod sessions;

pub use self::logo::{png, upload};
use super::staff;
use crate::house::{Browser, Page, TestHouse, rows, tamper};

const PAGE: &str = "/admin/settings";
const SIGN_UP: &str = "/api/admin-settings-sign-up";
const SIGN_IN: &str = "/api/admin-settings-sign-in";
const SESSIONS: &str = "/api/admin-settings-sessions";
const BRANDING: &str = "/api/admin-settings-branding";
const UNDO: &str = "/api/admin-undo-setting";

async fn boss(t: &TestHouse) -> Browser {
    staff(t, "Ida Rhodes", "ida@example.com", "administrator").await
}

/// Changes the form of a group as somebody who has just opened it does.
async fn change(browser: &mut Browser, group: &str, typed: &[(&str, &str)]) -> Page {
    let page = browser.get(PAGE).await;
    assert_eq!(page.status, 200, "{}", page.outline());
    browser.submit(&format!("save-{group}-button"), typed).await
}

/// The same, and it is saved.
async fn changed(browser: &mut Browser, group: &str, typed: &[(&str, &str)]) {
    let mut page = change(browser, group, typed).await;
    // Whom it reaches is told first.
    if page.location().starts_with("/admin/settings/check") {
        browser.follow().await;
        page = browser.submit("sure-button", &[]).await;
    }
    assert_eq!(
        page.location(),
        "/admin/settings?done=saved",
        "{}",
        browser.follow().await.outline()
    );
}

#[tokio::test]
async fn a_change_has_its_name_its_time_and_the_way_back() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    assert!(ida.get(PAGE).await.has("no-changes"));
    changed(&mut ida, "sign-up", &[("sign_up", "closed")]).await;
    let page = ida.follow().await;
    assert!(page.body.contains("It holds from now on."), "{}", page.outline());
    assert!(page.text("setting-changes").contains("Ida Rhodes"));
    assert_eq!(page.choice("sign_up"), "closed");
    assert_eq!(t.platform.settings().version, 1);

    let undone = ida.submit("undo-sign-up", &[]).await;
    assert_eq!(undone.location(), "/admin/settings?done=undone");
    assert_eq!(ida.follow().await.choice("sign_up"), "open");
    // That is a change, too.
    let undone = ida.submit("undo-sign-up", &[]).await;
    assert_eq!(undone.location(), "/admin/settings?done=undone");
    assert_eq!(ida.follow().await.choice("sign_up"), "closed");

    let audited = rows!(
        t,
        (Option<String>, Option<String>),
        "select was, became from audit_events where kind = 'settings.changed' order by seq"
    );
    let value = |word: &str| Some(format!(r#"{{"sign_up":"{word}"}}"#));
    assert_eq!(
        audited,
        [
            (value("open"), value("closed")),
            (value("closed"), value("open")),
            (value("open"), value("closed"))
        ]
    );
}

#[tokio::test]
async fn nothing_is_written_where_nothing_differs_or_anything_is_wrong() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let same = change(&mut ida, "branding", &[("product_name", " Latchstring ")]).await;
    assert_eq!(same.location(), "/admin/settings?done=same");
    // One of them is right.
    let wrong = change(
        &mut ida,
        "branding",
        &[("product_name", "Example"), ("support_email", "help")],
    )
    .await;
    assert_eq!(wrong.location(), PAGE);
    let page = ida.follow().await;
    assert!(
        page.text("support-email-error").contains("name@example.com"),
        "{}",
        page.outline()
    );
    assert_eq!(
        (page.value("product_name"), page.value("support_email")),
        ("Example".into(), "help".into())
    );
    assert_eq!(t.audited("settings.changed").await, 0);
    assert_eq!(t.platform.settings().version, 0);
}

#[tokio::test]
async fn each_wrong_value_is_refused_with_what_would_be_right() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    ida.get(PAGE).await;
    let mut program = ida.scripted();
    for (action, typed, field, said) in [
        (SIGN_UP, ("sign_up", "everybody"), "sign_up", "couldn't read"),
        (
            SIGN_UP,
            ("sign_up_domains", "example.org, no domain"),
            "sign_up_domains",
            "isn't a domain",
        ),
        (
            SIGN_UP,
            ("sign_up", "domains"),
            "sign_up_domains",
            "Name at least one domain",
        ),
        (
            SIGN_IN,
            ("second_factor", "never"),
            "second_factor",
            "couldn't read",
        ),
        (
            SIGN_IN,
            ("second_factor_grace_days", "91"),
            "second_factor_grace_days",
            "from 0 to 90",
        ),
        (SIGN_IN, ("min_length", "14"), "min_length", "from 15 to 64"),
        (SIGN_IN, ("max_length", "ten"), "max_length", "from 64 to 1024"),
        (
            SIGN_IN,
            ("recovery_wait_hours", "1"),
            "recovery_wait_hours",
            "from 24 to 720",
        ),
        (
            SESSIONS,
            ("session_plain_idle_minutes", "1441"),
            "session_plain_idle_minutes",
            "longest life",
        ),
        (
            SESSIONS,
            ("session_administrator_hours", "0"),
            "session_administrator_hours",
            "from 1 to 168",
        ),
        (BRANDING, ("product_name", ""), "product_name", "Type the name"),
        (
            BRANDING,
            ("product_name", "a\r\nBcc: b@example.com"),
            "product_name",
            "can't be shown",
        ),
        (
            BRANDING,
            ("accent_color", "red"),
            "accent_color",
            "isn't a colour",
        ),
        (
            BRANDING,
            ("accent_color", "#ffd400"),
            "accent_color",
            "The nearest that works is #",
        ),
        (
            BRANDING,
            ("support_email", "help"),
            "support_email",
            "name@example.com",
        ),
    ] {
        let answer = program.post(action, &[typed]).await;
        assert_eq!(
            answer.faults(),
            [format!("{field}: {}", code_of(&answer))],
            "{typed:?} {}",
            answer.outline()
        );
        let detail = answer.json()["errors"][0]["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(said), "{typed:?}: {detail}");
    }
    assert_eq!(t.platform.settings().version, 0);
}

fn code_of(answer: &Page) -> String {
    answer.json()["errors"][0]["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_auditor_reads_every_setting_and_changes_none() {
    let t = TestHouse::new().await;
    let mut ann = staff(&t, "Ann Auditor", "ann@example.com", "auditor").await;
    let page = ann.get(PAGE).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Changing them needs a permission"));
    for group in ["sign-up", "sign-in", "sessions", "branding", "limits"] {
        assert!(page.has(&format!("settings-{group}")) && !page.has(&format!("save-{group}-button")));
    }
    for (action, typed) in [(SIGN_UP, ("sign_up", "closed")), (UNDO, ("version", "1"))] {
        assert_eq!(ann.scripted().post(action, &[typed]).await.status, 403);
    }
    assert_eq!(t.platform.settings().version, 0);
    let mut sue = staff(&t, "Sue Support", "sue@example.com", "support").await;
    assert_eq!(sue.get(PAGE).await.status, 403);
}

#[tokio::test]
async fn whoever_saves_after_somebody_else_is_told_and_nothing_is_written_over() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let mut ada = staff(&t, "Ada Lovelace", "ada@example.com", "administrator").await;
    ida.get(PAGE).await;
    ada.get(PAGE).await;
    let first = ida
        .submit("save-branding-button", &[("product_name", "Ida's")])
        .await;
    assert_eq!(first.location(), "/admin/settings?done=saved");
    let late = ada
        .submit("save-branding-button", &[("support_email", "help@example.com")])
        .await;
    assert_eq!(late.location(), PAGE);
    let page = ada.follow().await;
    assert!(
        page.text("settings-branding").contains("changed"),
        "{}",
        page.outline()
    );
    assert_eq!(t.platform.settings().product_name, "Ida's");
    // Another group has nothing to do with it.
    ida.get(PAGE).await;
    let other = ada
        .submit("save-sessions-button", &[("session_plain_hours", "12")])
        .await;
    assert_eq!(other.location(), "/admin/settings?done=saved");
    let other = ida
        .submit("save-branding-button", &[("product_name", "Both")])
        .await;
    assert_eq!(other.location(), "/admin/settings?done=saved");
    // Nor is what somebody changed since undone.
    let stale = ida.scripted().post(UNDO, &[("version", "1")]).await;
    assert_eq!(
        (stale.status, stale.faults()),
        (409, vec!["changed-meanwhile".to_owned()])
    );
}

#[tokio::test]
async fn of_many_who_save_at_once_one_is_first() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    ida.get(PAGE).await;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..16 {
        let mut program = ida.scripted().moved();
        tasks.spawn(async move {
            let name = format!("Number {number}");
            program
                .post(BRANDING, &[("seen", "0"), ("product_name", &name)])
                .await
                .status
        });
    }
    let mut statuses = tasks.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses[..2], [200, 409]);
    assert!(statuses[1..].iter().all(|status| *status == 409), "{statuses:?}");
    assert_eq!(t.platform.settings().version, 1);
}

#[tokio::test]
async fn what_the_operator_set_is_shown_and_stays() {
    let t = TestHouse::with(&[
        ("SIGN_UP", "closed"),
        ("SESSION_PLAIN_HOURS", "2"),
        ("PRODUCT_NAME", "Fixed"),
    ])
    .await;
    let mut ida = t.admin().await;
    crate::factors::add_app(&t, &mut ida).await;
    t.mails_to("ida@example.com").await;
    let page = ida.get(PAGE).await;
    assert!(page.body.contains("Set in the file"), "{}", page.outline());
    assert_eq!(page.choice("sign_up"), "closed");
    let mut program = ida.scripted();
    let refused = program.post(SIGN_UP, &[("sign_up", "open")]).await;
    assert_eq!(
        (refused.status, refused.faults()),
        (409, vec!["sign_up: setting-pinned".to_owned()])
    );
    // What a browser does not send stays; what is as it is does no harm.
    let fine = program
        .post(
            SIGN_UP,
            &[("sign_up", "closed"), ("sign_up_domains", "example.org")],
        )
        .await;
    assert_eq!(fine.status, 200, "{}", fine.outline());
    // What is set beside it must fit.
    let long = program
        .post(SESSIONS, &[("session_plain_idle_minutes", "121")])
        .await;
    assert_eq!(long.faults(), ["session_plain_idle_minutes: idle-too-long"]);
    assert_eq!(
        t.platform
            .settings()
            .text(domain::platform::settings::Key::SignUp),
        "closed"
    );
}

#[tokio::test]
async fn a_row_that_fits_no_longer_is_put_aside_and_told() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    changed(
        &mut ida,
        "sessions",
        &[
            ("session_plain_hours", "48"),
            ("session_plain_idle_minutes", "1500"),
        ],
    )
    .await;
    // The operator fixes one of them later, and starts anew.
    let node = t.second_node_with(&[("SESSION_PLAIN_HOURS", "10")]).await;
    let settings = node.platform.settings();
    assert_eq!(
        (
            settings.session.plain.num_hours(),
            settings.session.plain_idle.num_minutes()
        ),
        (10, 60)
    );
    let mut ida = ida.on(&node);
    let page = ida.get(PAGE).await;
    assert!(
        page.body.contains("What was chosen here does not hold"),
        "{}",
        page.outline()
    );
    // A row of a program that is newer or older than this one.
    tamper!(
        t,
        "update settings set value = 'sometimes' where key = 'session.plain_idle_minutes'"
    );
    tamper!(
        t,
        "insert into settings (key, value, version) values ('of.another_version', 'x', 2)"
    );
    let node = t.second_node().await;
    assert_eq!(node.platform.settings().session.plain.num_hours(), 48);
    assert_eq!(node.platform.settings().session.plain_idle.num_minutes(), 60);
}

#[tokio::test]
async fn the_history_goes_back_page_by_page() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let mut ida = boss(&t).await;
    for number in 0..25 {
        let name = format!("Number {number}");
        changed(&mut ida, "branding", &[("product_name", &name)]).await;
    }
    let page = ida.get(PAGE).await;
    assert!(page.text("setting-changes").contains("Number 24") && page.has("older-changes"));
    assert!(!page.text("setting-changes").contains("Number 3"));
    let page = ida.get("/admin/settings?before=6").await;
    assert!(page.text("setting-changes").contains("Number 3") && !page.has("older-changes"));
    assert!(page.text("setting-changes").contains("default (Latchstring)"));
    assert_eq!(ida.get("/admin/settings?before=tomorrow").await.status, 200);
}

/// Cut, it would be saved so by the next press of the button.
#[tokio::test]
async fn a_text_that_is_too_long_to_be_shown_again_is_not_shown_cut() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let domains: Vec<String> = (1..=20)
        .map(|number| format!("department-{number}.example.com"))
        .collect();
    let stored = domains.join(", ");
    assert!(stored.len() > 300);
    let typed = [("sign_up", "domains"), ("sign_up_domains", stored.as_str())];
    changed(&mut ida, "sign-up", &typed).await;
    let shown = ida.get(PAGE).await.value("sign_up_domains");
    let wrong = format!("{stored}, no domain");
    let refused = change(&mut ida, "sign-up", &[("sign_up_domains", &wrong)]).await;
    assert_eq!(refused.location(), PAGE);
    let page = ida.follow().await;
    assert!(
        page.text("sign-up-domains-error").contains("isn't a domain"),
        "{}",
        page.outline()
    );
    assert_eq!(page.value("sign_up_domains"), shown);
    assert!(shown.contains("department-20.example.com"), "{shown}");
}

/// What somebody changed stays when they go, without their name.
#[tokio::test]
async fn a_change_outlives_who_made_it() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let mut ada = staff(&t, "Ada Lovelace", "ada@example.com", "administrator").await;
    changed(&mut ada, "branding", &[("product_name", "Ada's")]).await;
    tamper!(t, "delete from users where email = 'ada@example.com'");
    let page = ida.get(PAGE).await;
    assert!(
        page.text("setting-changes").contains("Somebody who is gone"),
        "{}",
        page.outline()
    );
    assert!(!page.body.contains("Lovelace"));
    assert_eq!(t.platform.settings().product_name, "Ada's");
}
