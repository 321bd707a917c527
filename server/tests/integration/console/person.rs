//! `/admin/users/{id}`: one person, by everybody who may and may not; and what each deed does, and to whom it is told.

mod coming;
mod factors;
mod leaving;
mod lock;
mod password;
mod rules;

use domain::users::user::UserId;

use super::staff;
use crate::house::{Browser, Page, TestHouse, rows};

const IDA: &str = "ida@example.com";
const ADA: &str = "ada@example.com";

/// An administrator, signed in with two factors just now.
async fn boss(t: &TestHouse) -> Browser {
    staff(t, "Ida Rhodes", IDA, "administrator").await
}

/// The id of somebody.
async fn id_of(t: &TestHouse, email: &str) -> UserId {
    rows!(t, (UserId,), "select id from users where email = $1", email)
        .remove(0)
        .0
}

/// The page of somebody.
async fn page_of(t: &TestHouse, browser: &mut Browser, email: &str) -> Page {
    let id = id_of(t, email).await;
    browser.get(&format!("/admin/users/{id}")).await
}

/// Sends a deed as the page's own script does.
async fn deed(browser: &Browser, path: &str, person: UserId, fields: &[(&str, &str)]) -> Page {
    let id = person.to_string();
    let mut all = vec![("person", id.as_str())];
    all.extend_from_slice(fields);
    browser.scripted().moved().post(path, &all).await
}

/// What a deed was refused for; nothing when it was done.
fn refused(page: &Page) -> String {
    if page.status == 200 {
        String::new()
    } else {
        page.faults().join(" ").replace(": ", ":")
    }
}

/// The details of every audit row of a kind, the oldest first.
async fn details(t: &TestHouse, kind: &str) -> Vec<String> {
    let rows = rows!(
        t,
        (String,),
        "select detail from audit_events where kind = $1 order by seq",
        kind
    );
    rows.into_iter().map(|(detail,)| detail).collect()
}

#[tokio::test]
async fn the_page_shows_who_it_is_and_what_needs_somebody() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    t.member("Ada Lovelace", ADA).await;
    let page = page_of(&t, &mut ida, ADA).await;
    assert_eq!(page.status, 200, "{}", page.outline());
    assert_eq!(page.text("person-name"), "Ada Lovelace");
    assert_eq!(page.text("person-state"), "Active");
    assert!(page.body.contains(ADA) && page.body.contains("Firefox on Linux"));
    assert!(page.text("person-history").contains("Created the account"));
    for button in [
        "send-reset-button",
        "demand-button",
        "end-sessions-button",
        "add-note-button",
    ] {
        assert!(page.has(button), "{button}");
    }
    for link in ["lock-link", "delete-link", "edit-link", "roles-link"] {
        assert!(page.has(link), "{link}");
    }
    assert!(!page.has("why-not") && !page.has("locked-note") && !page.has("recovery-note"));
}

#[tokio::test]
async fn one_session_and_all_of_them_end_on_both_servers_at_once() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    let mut ida = boss(&t).await;
    let ada = t.member("Ada", ADA).await;
    let mut others = Vec::new();
    for _ in 0..3 {
        let mut other = t.browser();
        other.sign_in(ADA, crate::house::PASSWORD).await;
        let other = other.on(&second);
        assert!(other.is_signed_in().await, "a copy may be in the cache now");
        others.push(other);
    }
    t.mails_to(ADA).await;
    page_of(&t, &mut ida, ADA).await;
    assert!(ida.shown().body.contains("Signed in on 4 devices"));
    let ended = ida.submit("end-session-button", &[]).await;
    assert!(ended.location().ends_with("?done=ended"), "{}", ended.outline());
    assert_eq!(t.mail_to(ADA).await.subject, "You were signed out");
    let mut left = 0;
    for browser in others.iter().chain([&ada]) {
        left += usize::from(browser.is_signed_in().await);
    }
    assert_eq!(left, 3);
    ida.follow().await;
    let ended = ida.submit("end-sessions-button", &[]).await;
    assert!(ended.location().ends_with("?done=ended"), "{}", ended.outline());
    for browser in others.iter().chain([&ada]) {
        assert!(!browser.is_signed_in().await);
    }
    assert!(ida.is_signed_in().await, "hers stays");
    assert_eq!(t.mail_to(ADA).await.subject, "You were signed out");
    let page = ida.follow().await;
    assert!(page.body.contains("Signed in on 0 devices"), "{}", page.outline());
    assert_eq!(t.audited("session.ended_by_operator").await, 2);
    // Once more: there is nothing to end, and nobody is told.
    let ada = id_of(&t, ADA).await;
    assert_eq!(
        refused(&deed(&ida, "/api/admin-end-sessions", ada, &[]).await),
        ""
    );
    assert!(t.mails_to(ADA).await.is_empty());
}

#[tokio::test]
async fn of_two_who_edit_one_person_the_second_is_told() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let ada = t.member("Ada", ADA).await;
    let id = id_of(&t, ADA).await;
    let mut other = ida.clone();
    for browser in [&mut ida, &mut other] {
        let page = browser.get(&format!("/admin/users/{id}/edit")).await;
        assert_eq!(page.status, 200, "{}", page.outline());
    }
    let typed = [
        ("name", "Ada Lovelace"),
        ("time_zone", "Europe/London"),
        ("language", "vi"),
    ];
    let edited = ida.submit("edit-button", &typed).await;
    assert!(
        edited.location().ends_with("?done=edited"),
        "{}",
        edited.outline()
    );
    let late = other.submit("edit-button", &[("name", "Augusta")]).await;
    assert!(late.location().ends_with("/edit"), "{}", late.outline());
    assert!(other.follow().await.body.contains("Somebody else changed this"));
    let row = rows!(
        t,
        (String, String, String),
        "select name, time_zone, locale from users where email = 'ada@example.com'"
    );
    assert_eq!(
        row,
        [("Ada Lovelace".into(), "Europe/London".into(), "vi".into())]
    );
    let became = rows!(
        t,
        (String, String),
        "select was, became from audit_events where kind = 'profile.changed_by_operator'"
    );
    assert!(
        became[0].1.contains("Europe/London") && became[0].0.contains("en"),
        "{became:?}"
    );
    assert!(
        t.mail_to(ADA).await.subject.contains("profile"),
        "told in the language of before"
    );
    // And her session shows it with the next request.
    assert!(ada.clone().get("/account").await.body.contains("Ada Lovelace"));
    // What can't be is refused field by field.
    let wrong = deed(
        &ida,
        "/api/admin-edit-person",
        id,
        &[("name", ""), ("time_zone", "Mars/Olympus"), ("language", "tlh")],
    )
    .await;
    assert_eq!(
        refused(&wrong),
        "name:required time_zone:time-zone-unknown language:language-unknown"
    );
}

#[tokio::test]
async fn notes_are_kept_in_order_and_go_into_the_persons_copy() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let mut ada = t.member("Ada", ADA).await;
    let id = id_of(&t, ADA).await;
    let notes = (0..8).map(|n| {
        let ida = ida.clone();
        async move { deed(&ida, "/api/admin-add-note", id, &[("note", &format!("note {n}"))]).await }
    });
    for page in futures_util::future::join_all(notes).await {
        assert_eq!(refused(&page), "");
    }
    let page = page_of(&t, &mut ida, ADA).await;
    assert_eq!(page.texts("note").len(), 8);
    assert!(page.texts("note")[0].contains("Ida Rhodes"));
    let gone = ida.submit("remove-note-button", &[]).await;
    assert!(gone.location().ends_with("?done=unnoted"), "{}", gone.outline());
    assert_eq!(ida.follow().await.texts("note").len(), 7);
    for (typed, code) in [
        ("", "note:required"),
        (&*"x".repeat(1001), "note:too-long"),
        ("a\u{7}", "note:line-invalid"),
    ] {
        let page = deed(&ida, "/api/admin-add-note", id, &[("note", typed)]).await;
        assert_eq!(refused(&page), code);
    }
    // Markup is text.
    deed(
        &ida,
        "/api/admin-add-note",
        id,
        &[("note", "<b>bold</b>\n& more")],
    )
    .await;
    let page = page_of(&t, &mut ida, ADA).await;
    assert!(!page.body.contains("<b>bold"), "escaped");
    // Another person's note is not removed through this one.
    let note = rows!(t, (uuid::Uuid,), "select id from person_notes order by id")[0].0;
    t.member("Bob", "bob@example.com").await;
    let bobs = id_of(&t, "bob@example.com").await;
    deed(&ida, "/api/admin-remove-note", bobs, &[("id", &note.to_string())]).await;
    assert_eq!(page_of(&t, &mut ida, ADA).await.texts("note").len(), 8);
    ada.get("/account/data").await;
    ada.submit("export-button", &[]).await;
    t.mails_to(ADA).await;
    let page = ada.get("/account/data").await;
    let zip = ada.get(&crate::export::download_path(&page)).await;
    let copy = crate::export::unzip(&zip)["notes.json"].clone();
    assert!(copy.contains("note 7") || copy.contains("note 6"), "{copy}");
    assert!(!copy.contains("Ida"), "{copy}");
}
