//! Who may look at whom, and why.

use chrono::{DateTime, Utc};

use super::{IDA, REASON, begin, id_of};
use crate::console::staff;
use crate::house::{TestHouse, count, tamper};

/// ASVS 8.2.2, 8.3.1.
#[tokio::test]
async fn nobody_looks_at_themselves_at_who_may_do_more_or_at_who_sees_nothing() {
    let t = TestHouse::new().await;
    let ida = staff(&t, "Ida Rhodes", IDA, "administrator").await;
    let sam = staff(&t, "Sam", "sam@example.com", "support").await;
    let ann = staff(&t, "Ann", "ann@example.com", "auditor").await;
    let bob = t.member("Bob", "bob@example.com").await;
    for (who, whom, why) in [
        (&ida, IDA, "own-account"),
        (&sam, "sam@example.com", "own-account"),
        (&sam, IDA, "they-may-more"),
        (&sam, "ann@example.com", "they-may-more"),
        (&ann, "bob@example.com", "not-allowed"),
        (&bob, IDA, "not-allowed"),
    ] {
        assert_eq!(begin(&t, who, whom).await, why, "{whom}");
    }
    let nobody = ida
        .scripted()
        .post("/api/admin-view-as", &[("person", "7"), ("reason", REASON)])
        .await;
    assert_eq!(nobody.faults(), ["person-unknown"]);
    for (column, name) in [
        ("locked_at", "locked"),
        ("deactivated_at", "closed"),
        ("erase_at", "leaving"),
        ("unproven_since", "not come yet"),
    ] {
        let now = t.clock.now();
        set(&t, column, Some(now)).await;
        assert_eq!(begin(&t, &ida, "bob@example.com").await, "not-viewable", "{name}");
        set(&t, column, None).await;
    }
    let bobs = id_of(&t, "bob@example.com").await.to_string();
    for (reason, why) in [
        ("", "reason: required"),
        (" \u{a0} ", "reason: required"),
        ("a\nb", "reason: line-invalid"),
        ("a\u{202e}\u{7}b", "reason: line-invalid"),
        (&*"x".repeat(201), "reason: too-long"),
    ] {
        let fields = [("person", bobs.as_str()), ("reason", reason)];
        let page = ida.scripted().moved().post("/api/admin-view-as", &fields).await;
        assert_eq!(page.faults(), [why], "{reason:?}");
    }
    assert_eq!(count!(t, "select count(*) from viewings"), 0);
    assert_eq!(t.audited("view.began").await, 0);
    assert!(t.mails_to("bob@example.com").await.is_empty());
    // Markup is text, also in the mail.
    let fields = [
        ("person", bobs.as_str()),
        ("reason", "<b>x</b> {$name} %0d%0aBcc: a@b"),
    ];
    let mut viewer = sam.scripted();
    assert_eq!(viewer.post("/api/admin-view-as", &fields).await.status, 200);
    let mail = t.mail_to("bob@example.com").await;
    assert!(
        mail.html.contains("&lt;b&gt;x") || mail.html.contains("&#60;b&#62;x"),
        "{}",
        mail.html
    );
    assert!(!viewer.get("/account").await.body.contains("<b>x"));
}

/// One of the moments that close Bob's account, past all forms.
async fn set(t: &TestHouse, column: &str, at: Option<DateTime<Utc>>) {
    const BOB: &str = "bob@example.com";
    let changed = match column {
        "locked_at" => tamper!(t, "update users set locked_at = $1 where email = $2", at, BOB),
        "deactivated_at" => tamper!(
            t,
            "update users set deactivated_at = $1 where email = $2",
            at,
            BOB
        ),
        "erase_at" => tamper!(t, "update users set erase_at = $1 where email = $2", at, BOB),
        _ => tamper!(
            t,
            "update users set unproven_since = $1 where email = $2",
            at,
            BOB
        ),
    };
    assert_eq!(changed, 1);
}
