//! "Why was this denied?", for the operator in full.

use super::auditor;
use crate::console::{appoint, staff};
use crate::house::{PASSWORD, TestHouse, rows, tamper};

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn a_denial_is_explained_by_the_incident_that_the_person_was_shown() {
    let t = TestHouse::new().await;
    let mut olga = auditor(&t).await;
    let mut sam = staff(&t, "Sam Support", "sam@example.com", "support").await;
    let refused = sam.get("/admin/audit").await;
    assert_eq!(refused.status, 403);
    let incident = refused.text("incident-id");
    assert!(
        !refused.body.contains("audit:read"),
        "the person is told in plain words"
    );

    let page = olga.get(&format!("/admin/audit?request={incident}")).await;
    let why = page.text("why");
    for part in [
        "No role of theirs gave the permission",
        "audit:read",
        "Administrator",
        "Auditor",
        "still don't have it",
    ] {
        assert!(why.contains(part), "{part}: {why}");
    }
    assert!(!why.contains("Support"), "{why}");
    appoint(&t, "sam@example.com", "auditor").await;
    let page = olga.get(&format!("/admin/audit?request={incident}")).await;
    assert!(page.text("why").contains("They have it by now"));
}

#[tokio::test]
async fn each_reason_for_which_a_sign_in_is_refused_is_told_to_the_operator_and_to_nobody_else() {
    let t = TestHouse::new().await;
    let mut olga = auditor(&t).await;
    t.member("Ada Lovelace", ADA).await;
    let mut reasons = Vec::new();
    let mut refused = async |email: &str, password: &str, expected: &'static str| {
        let page = t.script().sign_in(email, password).await;
        reasons.push((expected, page.faults()));
        expected
    };
    refused("nobody@example.com", PASSWORD, "Nobody has the address").await;
    refused(ADA, "not the right password", "The password was another one").await;
    t.operator(&["user", "lock", ADA], "").await;
    refused(ADA, PASSWORD, "the account is locked").await;
    t.operator(&["user", "unlock", ADA], "").await;
    tamper!(
        t,
        "delete from passwords where user_id in (select id from users where email = $1)",
        ADA
    );
    refused(ADA, PASSWORD, "has no password").await;
    assert!(
        reasons.iter().all(|(_, faults)| *faults == ["sign-in-mismatch"]),
        "{reasons:?}"
    );
    let noted = rows!(
        t,
        (String,),
        "select request_id from audit_events where kind = 'sign_in.failed' order by seq"
    );
    assert_eq!(noted.len(), reasons.len());
    for ((request,), (expected, _)) in noted.iter().zip(&reasons) {
        let page = olga.get(&format!("/admin/audit?request={request}")).await;
        assert!(
            page.text("why").contains(expected),
            "{expected}: {}",
            page.text("why")
        );
    }
    t.mails_to(ADA).await;
}
