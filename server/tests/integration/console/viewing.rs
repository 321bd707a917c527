//! Looking at an account as its owner sees it: what is shown, what stays shut, and what ends it.

mod ends;
mod shut;
mod who;

use domain::users::user::UserId;

use super::staff;
use crate::house::{Browser, PASSWORD, Page, TestHouse, count, rows};

const IDA: &str = "ida@example.com";
const ADA: &str = "ada@example.com";
const REASON: &str = "Called about a missing button";

async fn id_of(t: &TestHouse, email: &str) -> UserId {
    rows!(t, (UserId,), "select id from users where email = $1", email)[0].0
}

/// Asks to look at somebody, by the page that asks for a reason.
async fn ask(t: &TestHouse, browser: &mut Browser, email: &str) -> Page {
    let id = id_of(t, email).await;
    let page = browser.get(&format!("/admin/users/{id}/view")).await;
    assert_eq!(page.status, 200, "{}", page.outline());
    browser.submit("view-button", &[("reason", REASON)]).await
}

/// The same past the page, by a script; what it was refused for, or nothing.
async fn begin(t: &TestHouse, browser: &Browser, email: &str) -> String {
    let id = id_of(t, email).await.to_string();
    let fields = [("person", id.as_str()), ("reason", REASON)];
    let page = browser
        .scripted()
        .moved()
        .post("/api/admin-view-as", &fields)
        .await;
    if page.status == 200 {
        return String::new();
    }
    page.faults().join(" ")
}

/// An administrator who looks at Ada's account, and Ada.
async fn looking(t: &TestHouse) -> (Browser, Browser) {
    let ada = t.member("Ada Lovelace", ADA).await;
    let mut ida = staff(t, "Ida Rhodes", IDA, "administrator").await;
    let answer = ask(t, &mut ida, ADA).await;
    assert_eq!(answer.location(), "/account", "{}", answer.outline());
    t.mails_to(ADA).await;
    (ida, ada)
}

/// Whether the browser sees Ada's pages.
async fn sees_ada(browser: &Browser) -> bool {
    let page = browser.clone().get("/account").await;
    page.has("viewing-line") && page.body.contains(ADA)
}

/// Details of the audit rows of a kind, the oldest first.
async fn details(t: &TestHouse, kind: &str) -> Vec<serde_json::Value> {
    let rows = rows!(
        t,
        (String,),
        "select detail from audit_events where kind = $1 order by seq",
        kind
    );
    rows.iter()
        .map(|(detail,)| serde_json::from_str(detail).unwrap())
        .collect()
}

#[tokio::test]
async fn an_operator_sees_the_pages_of_a_person_and_comes_back() {
    for script in [false, true] {
        let t = TestHouse::new().await;
        t.member("Ada Lovelace", ADA).await;
        let mut ida = staff(&t, "Ida Rhodes", IDA, "administrator").await;
        if script {
            ida = ida.scripted();
        }
        let id = id_of(&t, ADA).await;
        let page = ida.get(&format!("/admin/users/{id}")).await;
        assert_eq!(page.link("view-link"), format!("/admin/users/{id}/view"));
        let before = ida.session_cookie();
        assert_eq!(ask(&t, &mut ida, ADA).await.location(), "/account");
        assert_ne!(ida.session_cookie(), before, "a new token");

        for path in [
            "/account",
            "/account/profile",
            "/account/security",
            "/account/sessions",
            "/account/activity",
        ] {
            let page = ida.get(path).await;
            assert_eq!(page.status, 200, "{}", page.outline());
            let line = page.text("viewing-line");
            for part in ["Ada Lovelace", "Ida Rhodes", "15 minutes", REASON] {
                assert!(line.contains(part), "{path}: {part}: {line}");
            }
            assert!(
                page.has("stop-viewing-button") && !page.has("account-menu"),
                "{path}"
            );
            let group = page
                .body
                .split("<fieldset")
                .nth(1)
                .and_then(|rest| rest.split('>').next());
            let group = group.expect("what is on the page is one group");
            assert!(
                group.contains("disabled") && group.contains("looked-at"),
                "{path}: {group}"
            );
            assert_eq!(page.header("refresh"), "901", "{path}");
            assert_eq!(page.header("cache-control"), "no-store", "{path}");
        }
        let home = ida.get("/").await;
        assert_eq!(home.location(), "/account");
        let page = ida.get("/account").await;
        assert_eq!(page.text("account-email"), ADA);
        assert!(!page.body.contains(IDA), "hers is not there");

        let looking = ida.session_cookie();
        let stopped = ida.submit("stop-viewing-button", &[]).await;
        assert_eq!(stopped.location(), format!("/admin/users/{id}?done=viewed"));
        assert!(![before, looking].contains(&ida.session_cookie()), "a new token");
        let page = ida.follow().await;
        assert_eq!(page.status, 200, "{}", page.outline());
        assert!(page.body.contains("You are yourself again"), "{}", page.body);
        let page = ida.get("/account").await;
        assert_eq!(page.text("account-email"), IDA);
        assert!(!page.has("viewing-line") && page.header("refresh").is_empty());
        assert_eq!(count!(t, "select count(*) from viewings"), 0);
        t.mails_to(ADA).await;
    }
}

/// ASVS 16.2.1: who, as whom, when, from where, why.
#[tokio::test]
async fn both_sides_know_of_it() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada Lovelace", ADA).await;
    let mut ida = staff(&t, "Ida Rhodes", IDA, "administrator").await;
    ask(&t, &mut ida, ADA).await;
    let mail = t.mail_to(ADA).await;
    assert_eq!(mail.subject, "Somebody looked at your account");
    assert!(
        mail.text.contains(REASON) && mail.text.contains("15 minutes"),
        "{}",
        mail.text
    );
    assert!(!mail.text.contains("Ida"), "{}", mail.text);
    ida.get("/account").await;
    ida.post("/api/save-profile", &[("name", "Mallory")]).await;
    ida.get("/account").await;
    ida.submit("stop-viewing-button", &[]).await;

    let (idas, adas) = (id_of(&t, IDA).await, id_of(&t, ADA).await);
    let noted = rows!(
        t,
        (String, String, Option<UserId>, Option<UserId>),
        "select kind, outcome, actor_id, subject_id from audit_events where kind like 'view.%' order by seq"
    );
    let row = |kind: &str, outcome: &str| (kind.to_owned(), outcome.to_owned(), Some(idas), Some(adas));
    assert_eq!(
        noted,
        [
            row("view.began", "done"),
            row("view.refused", "refused"),
            row("view.ended", "done")
        ]
    );
    let began = &details(&t, "view.began").await[0];
    assert_eq!(
        (&began["as"], &began["reason"]),
        (&adas.to_string().into(), &REASON.into())
    );
    assert_eq!(details(&t, "view.refused").await[0]["path"], "/api/save-profile");
    assert_eq!(details(&t, "view.ended").await[0]["because"], "stopped");

    // The person's own page says who and why, and not from where.
    let page = ada.get("/account/activity").await;
    let lines = page.texts("happening");
    let line = lines
        .iter()
        .find(|line| line.contains("looked at your account as you see it"));
    let line = line.expect("the look is there");
    assert!(line.contains("By Ida Rhodes") && line.contains(REASON), "{line}");
    assert!(!line.contains(&ida.address.to_string()), "{line}");
    assert!(
        lines.iter().any(|line| line.contains("were refused")),
        "{lines:?}"
    );
    // And the operators' page.
    let page = ida.get("/admin/audit?what=view.began").await;
    assert!(
        page.body.contains("Ida Rhodes, as Ada Lovelace"),
        "{}",
        page.outline()
    );
}

#[tokio::test]
async fn the_person_is_not_there_because_somebody_looks() {
    let t = TestHouse::new().await;
    let (mut ida, mut ada) = looking(&t).await;
    let seen = async |t: &TestHouse| {
        rows!(
            t,
            (i64, chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::Utc>),
            "select (select count(*) from sessions s where s.user_id = u.id),
                (select max(s.last_seen_at) from sessions s where s.user_id = u.id),
                (select max(g.seen_at) from sightings g where g.user_id = u.id) from users u where u.email = $1",
            ADA
        )
        .remove(0)
    };
    let before = seen(&t).await;
    t.clock.advance(chrono::Duration::minutes(5));
    for path in ["/account", "/account/sessions", "/account/activity"] {
        assert_eq!(ida.get(path).await.status, 200);
    }
    assert_eq!(seen(&t).await, before);
    let page = ida.get("/account/sessions").await;
    assert!(!page.has("this-device"), "she is not here");
    let page = ada.get("/account/sessions").await;
    assert!(
        page.has("this-device") && !page.has("other-device"),
        "{}",
        page.body
    );
    // It is counted as the operator's, who is here.
    let used = rows!(
        t,
        (chrono::DateTime<chrono::Utc>,),
        "select s.last_seen_at from sessions s join users u on u.id = s.user_id where u.email = $1",
        IDA
    );
    assert_eq!(used[0].0, t.clock.now());
}

#[tokio::test]
async fn it_takes_a_fresh_proof_and_can_not_be_done_without_end() {
    let t = TestHouse::new().await;
    let mut ida = staff(&t, "Ida Rhodes", IDA, "administrator").await;
    t.member("Ada Lovelace", ADA).await;
    let id = id_of(&t, ADA).await;
    for _ in 0..20 {
        assert_eq!(ask(&t, &mut ida, ADA).await.location(), "/account");
        ida.follow().await;
        assert!(
            ida.submit("stop-viewing-button", &[])
                .await
                .location()
                .contains(&id.to_string())
        );
    }
    assert_eq!(begin(&t, &ida, ADA).await, "too-many-attempts");
    t.clock.advance(chrono::Duration::minutes(11));
    let page = ida.get(&format!("/admin/users/{id}/view")).await;
    assert!(
        page.location().starts_with("/confirm?next="),
        "{}",
        page.outline()
    );
    let fields = [("person", id.to_string()), ("reason", REASON.to_owned())];
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let answer = ida.post("/api/admin-view-as", &fields).await;
    assert!(answer.location().starts_with("/confirm"), "{}", answer.outline());
    assert_eq!(t.mails_to(ADA).await.len(), 20);
}

#[tokio::test]
async fn accounts_that_wait_in_the_browser_stay_out_of_it() {
    let t = TestHouse::new().await;
    t.member("Eve", "eve@example.com").await;
    let (mut ida, _ada) = {
        let ada = t.member("Ada Lovelace", ADA).await;
        let mut ida = staff(&t, "Ida Rhodes", IDA, "administrator").await;
        ida.get("/sign-in?add=1").await;
        let typed = [
            ("email", "eve@example.com"),
            ("password", PASSWORD),
            ("remember", ""),
        ];
        ida.submit("sign-in-button", &typed).await;
        ida.get("/account").await;
        // Ida's account was parked, and comes back.
        ida.submit("switch-button", &[]).await;
        (ida, ada)
    };
    assert_eq!(ida.get("/account").await.text("account-email"), IDA);
    let parked = ida.shown().form("switch-button");
    assert_eq!(ask(&t, &mut ida, ADA).await.location(), "/account");
    let page = ida.follow().await;
    assert!(
        !page.has("switch-button") && !page.body.contains("eve@example.com"),
        "{}",
        page.outline()
    );
    // Neither by hand: the account that waits stays where it is, and nobody is mixed up.
    let fields: Vec<_> = parked
        .fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let answer = ida.post("/api/switch-account", &fields).await;
    assert_eq!(answer.location(), "/viewing");
    let answer = ida.get("/sign-in?add=1").await;
    assert_eq!(answer.location(), "/viewing");
    assert!(sees_ada(&ida).await);
    ida.get("/account").await;
    ida.submit("stop-viewing-button", &[]).await;
    let page = ida.get("/account").await;
    assert_eq!(page.text("account-email"), IDA);
    assert!(page.has("switch-button"), "Eve waits as before");
    // A look is not taken up from the cookie of what waits.
    ask(&t, &mut ida, ADA).await;
    let page = ida.get("/account").await;
    assert!(page.has("viewing-line"));
    t.mails_to(ADA).await;
    t.mails_to("eve@example.com").await;
}
