//! Removing a claim: what is said before, what is noted, and what is refused because it is not as it was shown.

use super::{ADA, boss, define, id_of, set, stored};
use crate::console::{appoint, make_role};
use crate::house::{Browser, Page, TestHouse, count, rows, tamper};

const WHO_PAYS: [(&str, &str); 1] = [("description", "Who pays.")];

async fn remove(browser: &mut Browser, claim: &str) -> Page {
    browser
        .submit("remove-claim-button", &[("confirmation", claim)])
        .await
}

/// Two in a group with a role that gives a value, one of them with the role besides, and one with a value of their own.
async fn stage(t: &TestHouse) -> Browser {
    let mut ida = boss(t).await;
    define(&mut ida, "cost_center", "number").await;
    let now = t.clock.now();
    let id = t.platform.entropy.uuid_v7(now);
    tamper!(
        t,
        "insert into people_groups (id, name, name_key, created_at, updated_at) values ($1, 'Desk', 'desk', $2, $2)",
        id,
        now
    );
    tamper!(
        t,
        "insert into group_roles (group_id, role_id) values ($1, 'support')",
        id
    );
    for email in [ADA, "bob@example.com", "eve@example.com"] {
        t.member("Ada", email).await;
    }
    for email in [ADA, "bob@example.com"] {
        tamper!(
            t,
            "insert into group_members (group_id, user_id, added_at) select $1, id, $2 from users where email = $3",
            id,
            now,
            email
        );
    }
    appoint(t, ADA, "support").await;
    let ada = format!("/admin/users/{}", id_of(t, ADA).await);
    let eve = format!("/admin/users/{}", id_of(t, "eve@example.com").await);
    for (page, value) in [(ada.as_str(), "12"), (&eve, "12"), ("/admin/roles/support", "13")] {
        let done = set(&mut ida, page, "cost_center", value).await;
        assert_eq!(
            done.location(),
            format!("{page}/claims?done=set"),
            "{}",
            done.outline()
        );
    }
    t.mails_to(ADA).await;
    ida
}

#[tokio::test]
async fn what_it_takes_is_said_in_numbers_before_and_noted() {
    let t = TestHouse::new().await;
    let mut ida = stage(&t).await;
    let list = ida.get("/admin/claims").await.text("claims");
    assert!(
        list.contains("People with a value of their own: 2. Roles that give one: 1."),
        "{list}"
    );
    ida.get("/admin/claims/cost_center").await;
    ida.submit("describe-claim-button", &WHO_PAYS).await;
    let page = ida.get("/admin/claims/cost_center").await;
    // Ada has it in three ways, and counts once.
    assert_eq!(page.value("lost"), "2 1 3");
    let said = page.text("will-do");
    for part in ["of their own2", "give a value1", "through a role3"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let mistyped = remove(&mut ida, "cost center").await;
    assert_eq!(mistyped.location(), "/admin/claims/cost_center");
    assert!(ida.follow().await.body.contains("Type the name exactly"));
    assert_eq!(stored(&t).await.len(), 3);
    let removed = remove(&mut ida, "cost_center").await;
    assert_eq!(
        removed.location(),
        "/admin/claims?done=removed",
        "{}",
        removed.outline()
    );
    assert!(stored(&t).await.is_empty());
    assert_eq!(count!(t, "select count(*) from claims"), 0);
    let noted = rows!(
        t,
        (String, String),
        "select detail, was from audit_events where kind = 'claim.removed'"
    );
    assert_eq!(
        noted,
        [(
            r#"{"claim":"cost_center","kind":"number","own":"2","people":"3","roles":"1"}"#.to_owned(),
            r#"{"claim_value":"{\"support\":13}","description":"Who pays."}"#.to_owned()
        )]
    );
    // Once more, as after a double click.
    let fields = [("id", "cost_center"), ("confirmation", "cost_center")];
    let gone = ida.scripted().post("/api/admin-remove-claim", &fields).await;
    assert_eq!(
        (gone.status, gone.faults()),
        (404, vec!["claim-unknown".to_owned()])
    );
    assert_eq!(t.audited("claim.removed").await, 1);
}

#[tokio::test]
async fn when_somebody_has_got_it_meanwhile_it_is_shown_again_first() {
    let t = TestHouse::new().await;
    let mut ida = stage(&t).await;
    ida.get("/admin/claims/cost_center").await;
    t.member("Zoe", "zoe@example.com").await;
    appoint(&t, "zoe@example.com", "support").await;
    assert_eq!(
        remove(&mut ida, "cost_center").await.location(),
        "/admin/claims/cost_center"
    );
    let page = ida.follow().await;
    assert!(page.body.contains("Somebody else changed this"));
    assert_eq!(
        (page.value("lost"), stored(&t).await.len()),
        ("2 1 4".to_owned(), 3)
    );
    assert_eq!(
        remove(&mut ida, "cost_center").await.location(),
        "/admin/claims?done=removed"
    );
}

#[tokio::test]
async fn what_was_made_anew_is_another_one() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    define(&mut ida, "plan", "text").await;
    let (mut late, mut later) = (ida.clone(), ida.clone());
    for browser in [&mut ida, &mut late, &mut later] {
        browser.get("/admin/claims/plan").await;
    }
    remove(&mut ida, "plan").await;
    // The clock has not moved.
    define(&mut ida, "plan", "text").await;
    remove(&mut late, "plan").await;
    assert!(late.follow().await.body.contains("Somebody else changed this"));
    later.submit("describe-claim-button", &WHO_PAYS).await;
    assert!(later.follow().await.body.contains("Somebody else changed this"));
    assert_eq!(
        count!(t, "select count(*) from claims where description = 'For a test.'"),
        1
    );
}

#[tokio::test]
async fn a_role_says_before_whom_a_value_reaches_and_takes_its_values_along() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    define(&mut ida, "plan", "text").await;
    let role = make_role(&t, "Night shift", &["users:read"]).await;
    let page = format!("/admin/roles/{role}");
    let shown = ida.get(&format!("{page}/claims?claim=plan")).await;
    assert!(shown.text("will-do").contains("Nobody has this role now."));
    for email in [ADA, "bob@example.com"] {
        t.member("Ada", email).await;
        appoint(&t, email, &role).await;
    }
    let shown = ida.get(&format!("{page}/claims?claim=plan")).await;
    assert_eq!(
        shown.text("will-do"),
        "What you save counts at once for the 2 people who have this role."
    );
    assert!(
        ida.get(&page)
            .await
            .body
            .contains("It gives no value of a claim.")
    );
    set(&mut ida, &page, "plan", "gold").await;
    let shown = ida.get(&page).await;
    assert!(
        shown
            .body
            .contains("The value that it gives of 1 claim goes with it.")
    );
    ida.submit("remove-role-button", &[("confirmation", "Night shift")])
        .await;
    assert!(stored(&t).await.is_empty());
    let was = rows!(
        t,
        (String,),
        "select was from audit_events where kind = 'role.removed'"
    );
    assert_eq!(
        was[0].0,
        r#"{"claim_value":"{\"plan\":\"gold\"}","permissions":"users:read"}"#
    );
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn what_tokens_took_for_something_else_later_is_told_nobody_and_can_be_removed() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    t.member("Ada", ADA).await;
    let (ada, now) = (id_of(&t, ADA).await, t.clock.now());
    tamper!(
        t,
        "insert into claims (name, kind, created_at, updated_at) values ('txn', 'text', $1, $1)",
        now
    );
    tamper!(
        t,
        "insert into user_claims (user_id, claim, value, set_at) values ($1, 'txn', '\"gold\"', $2)",
        ada,
        now
    );
    let shown = ida.get(&format!("/admin/users/{ada}")).await;
    assert!(shown.body.contains("No value so far") && !shown.body.contains("gold"));
    assert!(ida.get("/admin/claims/txn").await.has("reserved-note"));
    ida.submit("describe-claim-button", &WHO_PAYS).await;
    ida.get("/admin/claims/txn").await;
    assert_eq!(
        remove(&mut ida, "txn").await.location(),
        "/admin/claims?done=removed"
    );
    assert!(stored(&t).await.is_empty());
    t.mails_to(ADA).await;
}
