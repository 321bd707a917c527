//! Signing everybody out at once (ASVS 7.4.5): on every server, with and without Redis.

use super::{make_role, staff};
use crate::house::{Browser, Node, PASSWORD, Page, TestHouse, count, logged, rows};

const PAGE: &str = "/admin/users/everybody";
const END: &str = "/api/admin-sign-everybody-out";

/// Looks at the page, and types the name.
async fn end(browser: &mut Browser, keep: &str, name: &str) -> Page {
    let page = browser.get(PAGE).await;
    assert_eq!(page.status, 200, "{}", page.outline());
    browser
        .submit("everybody-button", &[("keep", keep), ("confirmation", name)])
        .await
}

/// Here, and on the other server, where a copy of the session may be kept.
async fn is_in(browser: &Browser, other: &Node) -> (bool, bool) {
    (
        browser.is_signed_in().await,
        browser.on(other).is_signed_in().await,
    )
}

#[tokio::test]
async fn asvs_7_4_5_an_operator_ends_everybody_s_sessions_on_every_server_at_once() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    let sam = staff(&t, "Sam Helper", "sam@example.com", "support").await;
    let (ada, bob) = (
        t.member("Ada", "ada@example.com").await,
        t.member("Bob", "bob@example.com").await,
    );
    let mut idas_phone = t.browser();
    idas_phone.sign_in("ida@example.com", PASSWORD).await;
    let mut adas_phone = t.browser();
    adas_phone.sign_in("ada@example.com", PASSWORD).await;
    for browser in [&ida, &sam, &ada, &bob, &adas_phone] {
        assert_eq!(is_in(browser, &second).await, (true, true));
    }

    let page = ida.get(PAGE).await;
    assert!(
        page.text("will-do").contains("4 sessions of 3 people end"),
        "{}",
        page.outline()
    );
    for name in ["", "latchstring", "Everybody"] {
        let refused = end(&mut ida, "on", name).await;
        assert_eq!(refused.location(), PAGE);
        assert!(ida.follow().await.body.contains("Type the name exactly"));
    }
    assert_eq!(
        is_in(&ada, &second).await,
        (true, true),
        "looking and mistyping end nothing"
    );
    assert_eq!(t.audited("session.everybody_signed_out").await, 0);

    let done = end(&mut ida, "on", " Latchstring ").await;
    assert_eq!(done.location(), format!("{PAGE}?n=4"));
    for browser in [&sam, &ada, &bob, &adas_phone] {
        assert_eq!(is_in(browser, &second).await, (false, false));
    }
    assert_eq!(is_in(&ida, &second).await, (true, true));
    let page = ida.follow().await;
    assert!(page.text("notice").contains("4 sessions have ended"));
    assert!(page.text("will-do").contains("no session besides yours"));
    // What a sign-in had proven is worth nothing any more.
    let over = idas_phone.get("/sign-in/challenge").await;
    assert_ne!(over.status, 200, "{}", over.outline());
    assert_eq!(
        count!(t, "select count(*) from sign_ins where ended_at is null"),
        0
    );

    // Once more, as after a double click, ends nothing and says so. And they sign in as always.
    assert_eq!(
        end(&mut ida, "on", "Latchstring").await.location(),
        format!("{PAGE}?n=0")
    );
    let mut ada = t.browser();
    assert_eq!(
        ada.sign_in("ada@example.com", PASSWORD).await.location(),
        "/account"
    );
    assert_eq!(is_in(&ada, &second).await, (true, true));
    let noted = rows!(
        t,
        (String,),
        "select detail from audit_events where kind = 'session.everybody_signed_out' order by seq"
    );
    let detail = |ended| {
        let text = format!(r#"{{"kept":"own","sessions_ended":"{ended}","spared":"nobody"}}"#);
        (text,)
    };
    assert_eq!(noted, [detail(4), detail(0)]);
    t.new_device_mails_to("ada@example.com").await;
}

#[tokio::test]
async fn an_operator_s_own_session_ends_too_if_they_want() {
    let t = TestHouse::new().await;
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    let thief = ida.clone();
    let done = end(&mut ida, "", "Latchstring").await;
    assert_eq!(done.location(), "/sign-in?signed-out=1");
    assert!(!ida.is_signed_in().await && !thief.is_signed_in().await);
    assert_eq!(count!(t, "select count(*) from sessions"), 0);
}

#[tokio::test]
async fn who_is_no_administrator_spares_the_sessions_of_people_with_a_role() {
    let t = TestHouse::new().await;
    let ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    let mut sam = staff(&t, "Sam Helper", "sam@example.com", "support").await;
    let mut sams_phone = t.browser();
    sams_phone.sign_in("sam@example.com", PASSWORD).await;
    let ada = t.member("Ada", "ada@example.com").await;
    let page = sam.get(PAGE).await;
    assert!(
        page.text("will-do").contains("1 session of 1 person ends")
            && page.text("will-do").contains("Only an administrator"),
        "{}",
        page.outline()
    );
    end(&mut sam, "on", "Latchstring").await;
    assert!(!ada.is_signed_in().await);
    assert!(ida.is_signed_in().await && sam.is_signed_in().await);
    assert_eq!(
        count!(
            t,
            "select count(*) from audit_events where kind = 'session.everybody_signed_out' and detail like '%\"spared\":\"staff\"%'"
        ),
        1
    );
}

#[tokio::test]
async fn it_takes_the_permission_and_a_fresh_proof() {
    let t = TestHouse::new().await;
    let fields = [("keep", "on"), ("confirmation", "Latchstring")];
    let ada = t.member("Ada", "ada@example.com").await;
    let role = make_role(&t, "Reads", &["users:read", "users:write"]).await;
    let mut eve = staff(&t, "Eve", "eve@example.com", &role).await;
    assert_eq!(eve.get(PAGE).await.status, 403);
    assert!(!eve.get("/admin/users").await.has("everybody-link"));
    assert_eq!(eve.scripted().post(END, &fields).await.faults(), ["not-allowed"]);
    assert_eq!(ada.scripted().post(END, &fields).await.status, 403);
    assert_eq!(t.browser().scripted().post(END, &fields).await.status, 401);
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    assert_eq!(
        ida.scripted().post(END, &[]).await.faults(),
        ["confirmation: name-differs"]
    );
    assert!(ida.get("/admin/users").await.has("everybody-link"));
    ida.get(PAGE).await;
    t.clock.advance(chrono::Duration::minutes(11));
    let late = ida
        .submit("everybody-button", &[("confirmation", "Latchstring")])
        .await;
    assert!(
        late.location().starts_with("/confirm?next="),
        "{}",
        late.outline()
    );
    assert!(ada.is_signed_in().await);
    assert_eq!(t.audited("session.everybody_signed_out").await, 0);
}

#[tokio::test]
async fn the_operator_of_the_machine_ends_everybody_s() {
    let t = TestHouse::new().await;
    let ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    let ada = t.member("Ada", "ada@example.com").await;
    assert!(ida.is_signed_in().await && ada.is_signed_in().await);
    let wrong = t.tries(&["session", "end"], &[], "").await;
    assert_eq!(wrong.code, Some(2), "{}", wrong.err);
    assert!(ada.is_signed_in().await);
    let said = t.operator(&["session", "end", "--all"], "").await;
    assert!(said.contains("Ended 2 sessions."), "{said}");
    assert!(!ida.is_signed_in().await && !ada.is_signed_in().await);
    assert_eq!(t.audited("session.everybody_signed_out").await, 1);
}

/// The statements of one deed, counted in the log of the database driver.
#[tokio::test]
async fn it_costs_as_many_statements_for_many_as_for_one() {
    let t = TestHouse::new().await;
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    let mut counts = Vec::new();
    for people in [1, 7] {
        for n in 0..people {
            let email = format!("p{people}.{n}@example.com");
            t.member("Somebody", &email).await;
        }
        ida.get(PAGE).await;
        let before = logged().len();
        let done = ida
            .submit("everybody-button", &[("confirmation", "Latchstring")])
            .await;
        assert_eq!(done.location(), format!("{PAGE}?n={people}"));
        let log = logged();
        let statements = log[before..].split("sqlx::query: ").skip(1);
        counts.push(statements.filter(|rest| !rest.contains("rollback")).count());
    }
    assert_eq!(counts[0], counts[1]);
    assert!((4..40).contains(&counts[0]), "{counts:?}");
}
