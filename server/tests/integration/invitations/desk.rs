//! `/admin/invitations`: the form, what became of each address, the list.

use chrono::Duration;

use super::{ADA, EVE, boss, invite, invited, manage, only};
use crate::console::staff;
use crate::house::{TestHouse, count, rows, tamper};

#[tokio::test]
async fn each_address_has_an_outcome_of_its_own_and_only_the_sender_sees_it() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    invited(&t, &ida, "waits@example.com", &[]).await;
    ida.get("/admin/invitations/new").await;
    let typed = "Ada@Example.com\r\n  ada@example.com \n<script>alert(1)</script>\nwaits@example.com, ida@example.com\nbad\tline@x\nBcc: eve@example.com\u{202e}";
    let sent = ida
        .submit("invite-button", &[("emails", typed), ("language", "vi")])
        .await;
    assert!(
        sent.location().starts_with("/admin/invitations?report="),
        "{}",
        sent.outline()
    );
    let page = ida.follow().await;
    let outcomes: Vec<_> = page
        .body
        .split("data-outcome=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert_eq!(
        outcomes,
        [
            "invited", "twice", "invalid", "waiting", "own", "invalid", "invalid"
        ]
    );
    assert!(page.body.contains("1 of 7 invited."));
    assert!(!page.body.contains("<script>alert"), "it is shown as text");
    let mail = t.mail_to("Ada@example.com").await;
    assert_eq!(
        mail.subject, "Mời bạn đến với Latchstring",
        "in the language that was chosen"
    );
    // Nobody else sees it, and after an hour nobody does.
    let mut sam = staff(&t, "Sam", "sam@example.com", "support").await;
    assert!(!sam.get(&sent.location()).await.has("invitation-report"));
    let (now, hour) = (t.clock.now(), Duration::hours(1));
    for (made, is_seen) in [(now - hour + Duration::seconds(1), true), (now - hour, false)] {
        tamper!(t, "update invitation_reports set created_at = $1", made);
        let page = ida.get(&sent.location()).await;
        assert_eq!(page.has("invitation-report"), is_seen);
    }
}

#[tokio::test]
async fn a_form_sent_twice_invites_once() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let list = "a@example.com\nb@example.com";
    for _ in 0..2 {
        assert_eq!(invite(&ida, list, &["auditor"]).await.status, 200);
    }
    assert_eq!(
        t.mails_to("a@example.com").await.len() + t.mails_to("b@example.com").await.len(),
        2
    );
    assert_eq!(count!(t, "select count(*) from invitations"), 2);
    assert_eq!(t.audited("invitation.sent").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_who_invite_the_same_people_at_once_invite_each_once() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let ida = boss(&t).await;
    let addresses: Vec<String> = (0..20).map(|n| format!("p{n:02}@example.com")).collect();
    let (there, back) = (
        addresses.join("\n"),
        addresses.iter().rev().cloned().collect::<Vec<_>>().join("\n"),
    );
    let attempts: Vec<_> = (0..16)
        .map(|n| {
            let (browser, list) = (ida.clone(), if n % 2 == 0 { there.clone() } else { back.clone() });
            tokio::spawn(async move { invite(&browser, &list, &[]).await.status })
        })
        .collect();
    for attempt in attempts {
        assert_eq!(attempt.await.unwrap(), 200);
    }
    assert_eq!(count!(t, "select count(*) from invitations"), 20);
    assert_eq!(t.audited("invitation.sent").await, 20);
    assert_eq!(t.mails_to("p00@example.com").await.len(), 1);
}

#[tokio::test]
async fn what_can_t_be_a_list_is_refused_and_invites_nobody() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    assert_eq!(
        invite(&ida, " \r\n ,; ", &[]).await.faults(),
        ["emails: required"]
    );
    let many = |count: usize| {
        let addresses: Vec<String> = (0..count).map(|n| format!("p{n}@example.com")).collect();
        addresses.join("\n")
    };
    assert_eq!(
        invite(&ida, &many(51), &[]).await.faults(),
        ["emails: too-many-addresses"]
    );
    let mut script = ida.scripted().moved();
    let fields = [("emails", ADA), ("language", "tlh")];
    assert_eq!(
        script.post("/api/admin-invite", &fields).await.faults(),
        ["language: language-unknown"]
    );
    let refused = script.post("/api/admin-invite", &[]).await;
    assert_eq!(
        refused.faults(),
        ["emails: required", "language: language-unknown"]
    );
    assert_eq!(count!(t, "select count(*) from invitations"), 0);
    assert_eq!(invite(&ida, &many(50), &[]).await.status, 200);
    assert_eq!(count!(t, "select count(*) from invitations"), 50);
    domain::platform::jobs::run_due(&t.platform).await.unwrap();
}

#[tokio::test]
async fn the_list_says_how_each_stands_and_goes_on_by_pages() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    assert!(ida.get("/admin/invitations").await.has("no-invitations"));
    for email in ["old@example.com", "gone@example.com", "in@example.com"] {
        invited(&t, &ida, email, &["auditor"]).await;
    }
    tamper!(
        t,
        "update invitations set expires_at = sent_at where email = 'old@example.com'"
    );
    tamper!(
        t,
        "update invitations set revoked_at = sent_at where email = 'gone@example.com'"
    );
    tamper!(
        t,
        "update invitations set accepted_at = sent_at, accepted_by = invited_by where email = 'in@example.com'"
    );
    t.clock.advance(Duration::seconds(1));
    let many: Vec<String> = (0..50).map(|n| format!("p{n}@example.com")).collect();
    assert_eq!(invite(&ida, &many.join("\n"), &[]).await.status, 200);
    domain::platform::jobs::run_due(&t.platform).await.unwrap();
    let page = ida.get("/admin/invitations").await;
    assert_eq!(page.texts("invitation").len(), 50);
    assert!(page.body.contains("Ida Rhodes") && !page.body.contains("old@example.com"));
    let page = ida.get(&page.link("older-link")).await;
    assert_eq!(page.texts("invitation").len(), 3);
    assert!(page.has("newest-link") && !page.has("older-link"));
    for (state, email) in [
        ("expired", "old"),
        ("revoked", "gone"),
        ("accepted", "in"),
        ("waiting", "p7"),
    ] {
        let page = ida
            .get(&format!(
                "/admin/invitations?state={state}&to={email}%40EXAMPLE.com"
            ))
            .await;
        assert_eq!(page.texts("invitation").len(), 1, "{state}");
        assert_eq!(
            page.has("resend-invitation-button"),
            ["expired", "waiting"].contains(&state),
            "{state}"
        );
        let page = ida
            .get(&format!(
                "/admin/invitations?state={state}&to=nobody%40example.com"
            ))
            .await;
        assert!(page.has("no-invitations"));
    }
    for odd in [
        "state=%00",
        "before=%27--",
        "to=%25%27%3Cscript%3E",
        "report=1",
        "before=ffffffff-ffff-ffff-ffff-ffffffffffff",
    ] {
        assert_eq!(
            ida.get(&format!("/admin/invitations?{odd}")).await.status,
            200,
            "{odd}"
        );
    }
}

/// Two administrators look at one invitation: the second is told.
#[tokio::test]
async fn what_was_changed_meanwhile_is_not_changed_again() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    invited(&t, &ida, ADA, &[]).await;
    let seen = only(&t).await;
    assert_eq!(manage(&ida, "resend", &seen).await.status, 200);
    for what in ["resend", "revoke"] {
        let refused = manage(&ida, what, &seen).await;
        assert_eq!(
            (refused.status, refused.faults()),
            (409, vec!["changed-meanwhile".to_owned()]),
            "{what}"
        );
    }
    let seen = only(&t).await;
    assert_eq!(manage(&ida, "revoke", &seen).await.status, 200);
    for what in ["resend", "revoke"] {
        assert_eq!(
            manage(&ida, what, &only(&t).await).await.faults(),
            ["changed-meanwhile"],
            "{what}"
        );
        // An id of its own: requests to send again are counted by it, and tests may share the counters.
        let nobody = t.platform.entropy.uuid_v7(t.clock.now());
        let none = (nobody.to_string(), "1".to_owned());
        assert_eq!(
            manage(&ida, what, &none).await.faults(),
            ["changed-meanwhile"],
            "{what}"
        );
        let odd = (format!("{nobody}' or 1=1"), "9223372036854775807".to_owned());
        let refused = manage(&ida, what, &odd).await;
        assert!([409, 429].contains(&refused.status), "{what}: {}", refused.body);
    }
    assert_eq!(t.mails_to(ADA).await.len(), 1);
    assert_eq!(
        (
            t.audited("invitation.sent_again").await,
            t.audited("invitation.revoked").await
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn an_inbox_is_not_filled_by_inviting_and_sending_again() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    invited(&t, &ida, ADA, &[]).await;
    for _ in 0..3 {
        assert_eq!(manage(&ida, "resend", &only(&t).await).await.status, 200);
    }
    assert_eq!(
        manage(&ida, "resend", &only(&t).await).await.faults(),
        ["too-many-attempts"]
    );
    // Revoking and inviting anew is no way around: the address has had its mails of this hour.
    for _ in 0..4 {
        manage(&ida, "revoke", &only_open(&t).await).await;
        assert_eq!(invite(&ida, ADA, &[]).await.status, 200);
        if count!(t, "select count(*) from invitations where revoked_at is null") == 0 {
            break;
        }
    }
    assert_eq!(
        count!(t, "select count(*) from invitations where revoked_at is null"),
        0
    );
    assert_eq!(t.mails_to(ADA).await.len(), 4, "besides the first");
    // Nor does one operator send mails without end.
    for n in 0..40 {
        let sent = invite(&ida, &format!("p{n}@example.com"), &[]).await;
        if sent.status == 429 {
            assert!(n >= 10, "{n}");
            domain::platform::jobs::run_due(&t.platform).await.unwrap();
            return;
        }
    }
    panic!("there is no limit");
}

async fn only_open(t: &TestHouse) -> (String, String) {
    let rows = rows!(
        t,
        (uuid::Uuid, i64),
        "select id, version from invitations where revoked_at is null"
    );
    rows.first().map_or_else(Default::default, |(id, version)| {
        (id.to_string(), version.to_string())
    })
}

#[tokio::test]
async fn a_proof_that_is_too_old_is_asked_for_before_the_list_is_typed() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    assert!(ida.get("/admin/invitations/new").await.has("invite-button"));
    t.clock.advance(Duration::minutes(11));
    let page = ida.get("/admin/invitations/new").await;
    assert_eq!(page.location(), "/confirm?next=%2Fadmin%2Finvitations%2Fnew");
    assert_eq!(
        ida.get("/admin/invitations").await.status,
        200,
        "the list can be looked at"
    );
    let sent = invite(&ida, EVE, &[]).await;
    assert!(sent.location().starts_with("/confirm"), "{}", sent.outline());
    assert_eq!(count!(t, "select count(*) from invitations"), 0);
}
