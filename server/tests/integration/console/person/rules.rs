//! Who may do what to whom: by actor and deed, with ids that don't exist, and many at once.

use domain::users::user::UserId;

use super::{ADA, IDA, boss, deed, id_of, page_of, refused};
use crate::console::staff;
use crate::house::{Browser, PASSWORD, TestHouse, count};

/// Every deed, with fields that make it possible.
const DEEDS: &[(&str, &[(&str, &str)])] = &[
    ("/api/admin-lock-person", &[("reason", "a test")]),
    ("/api/admin-unlock-person", &[]),
    ("/api/admin-edit-person", &[("name", "Other"), ("language", "en")]),
    ("/api/admin-send-reset", &[]),
    ("/api/admin-send-again", &[]),
    ("/api/admin-demand-password", &[]),
    ("/api/admin-withdraw-demand", &[]),
    ("/api/admin-end-session", &[("session", "")]),
    ("/api/admin-end-sessions", &[]),
    ("/api/admin-add-note", &[("note", "a note")]),
    ("/api/admin-remove-note", &[("id", "")]),
    (
        "/api/admin-remove-factor",
        &[("what", "totp"), ("reason", "a test")],
    ),
    (
        "/api/admin-shorten-recovery",
        &[("hours", "0"), ("reason", "a test")],
    ),
    (
        "/api/admin-delete-person",
        &[("email", "ida@example.com"), ("reason", "a test")],
    ),
    ("/api/admin-keep-person", &[]),
];

/// What each deed is refused for.
async fn refusals(browser: &Browser, person: UserId) -> Vec<String> {
    let mut all = Vec::new();
    for (path, fields) in DEEDS {
        all.push(refused(&deed(browser, path, person, fields).await));
    }
    all
}

#[tokio::test]
async fn asvs_8_2_2_nobody_acts_on_themselves_on_who_may_do_more_or_on_nobody() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let mut sam = staff(&t, "Sam", "sam@example.com", "support").await;
    let mut ann = staff(&t, "Ann", "ann@example.com", "auditor").await;
    let bob = t.member("Bob", "bob@example.com").await;
    t.mails_to("bob@example.com").await;
    let (idas, sams, anns) = (
        id_of(&t, IDA).await,
        id_of(&t, "sam@example.com").await,
        id_of(&t, "ann@example.com").await,
    );
    // Themselves: whatever they may do to others.
    assert_eq!(refusals(&ida, idas).await, vec!["own-account"; DEEDS.len()]);
    // Support to an administrator, and to an auditor, who sees what support does not.
    for (whom, what) in [
        (idas, "they-may-more"),
        (anns, "they-may-more"),
        (sams, "own-account"),
    ] {
        for (answer, (path, _)) in refusals(&sam, whom).await.iter().zip(DEEDS) {
            assert!(answer == what || answer == "not-allowed", "{path}: {answer}");
        }
    }
    // Auditors and people do nothing at all.
    let bobs = id_of(&t, "bob@example.com").await;
    assert_eq!(refusals(&ann, bobs).await, vec!["not-allowed"; DEEDS.len()]);
    for whom in [idas, sams, bobs, UserId::nil()] {
        for answer in refusals(&bob, whom).await {
            assert!(
                ["not-allowed", "factor-needed"].contains(&answer.as_str()),
                "{answer}"
            );
        }
    }
    // Nobody.
    for answer in refusals(&ida, UserId::from_u128(7)).await {
        assert_eq!(answer, "person-unknown");
    }
    for (path, fields) in DEEDS {
        for person in ["", "7", "' or 1=1 --", "00000000-0000-0000-0000-000000000000"] {
            let mut all = vec![("person", person)];
            all.extend_from_slice(fields);
            let page = ida.scripted().moved().post(path, &all).await;
            assert_eq!(page.status, 404, "{path} {person}");
        }
    }
    assert_eq!(
        count!(
            t,
            "select count(*) from users where locked_at is not null or erase_at is not null"
        ),
        0
    );
    assert_eq!(count!(t, "select count(*) from person_notes"), 0);
    assert!(ida.is_signed_in().await && sam.is_signed_in().await && bob.is_signed_in().await);

    // The pages say so, too.
    let own = page_of(&t, &mut ida, IDA).await;
    assert!(own.text("why-not").contains("your own account"));
    let hers = page_of(&t, &mut sam, IDA).await;
    assert!(hers.text("why-not").contains("may do something that you may not"));
    let his = page_of(&t, &mut ann, "bob@example.com").await;
    for page in [&own, &hers, &his] {
        for button in [
            "lock-link",
            "end-sessions-button",
            "add-note-button",
            "edit-link",
            "delete-link",
        ] {
            assert!(!page.has(button), "{button}");
        }
    }
    assert_eq!(bob.clone().get(&format!("/admin/users/{bobs}")).await.status, 403);
    for path in [
        "/admin/users/7",
        "/admin/users/00000000-0000-7000-8000-000000000000",
    ] {
        assert_eq!(ida.get(path).await.status, 404, "{path}");
    }
    // A page that asks before a deed leads back where the rules are against it.
    let page = ida.get(&format!("/admin/users/{idas}/lock")).await;
    assert_eq!(page.location(), format!("/admin/users/{idas}"));
}

#[tokio::test]
async fn support_helps_people_and_gives_nothing_away() {
    let t = TestHouse::new().await;
    let mut sam = staff(&t, "Sam", "sam@example.com", "support").await;
    t.member("Ada", ADA).await;
    let id = id_of(&t, ADA).await;
    let page = page_of(&t, &mut sam, ADA).await;
    for there in [
        "lock-link",
        "send-reset-button",
        "end-sessions-button",
        "edit-link",
    ] {
        assert!(page.has(there), "{there}");
    }
    for missing in ["delete-link", "roles-link", "remove-factor-link"] {
        assert!(!page.has(missing), "{missing}");
    }
    for path in [
        "/api/admin-delete-person",
        "/api/admin-remove-factor",
        "/api/admin-shorten-recovery",
        "/api/admin-give-role",
    ] {
        assert_eq!(refused(&deed(&sam, path, id, &[]).await), "not-allowed", "{path}");
    }
    for page in ["delete", "factor", "recovery", "roles"] {
        assert_eq!(
            sam.get(&format!("/admin/users/{id}/{page}")).await.status,
            403,
            "{page}"
        );
    }
    let locked = deed(&sam, "/api/admin-lock-person", id, &[("reason", "asked for it")]).await;
    assert_eq!(refused(&locked), "");
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn a_deed_needs_a_fresh_proof_and_a_note_does_not() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    t.member("Ada", ADA).await;
    let id = id_of(&t, ADA).await;
    t.clock.advance(chrono::Duration::minutes(11));
    let page = ida.get(&format!("/admin/users/{id}/lock")).await;
    assert!(
        page.location().starts_with("/confirm?next="),
        "{}",
        page.outline()
    );
    for (path, fields) in DEEDS.iter().filter(|(path, _)| !path.contains("-note")) {
        let page = deed(&ida, path, id, fields).await;
        assert!(
            page.location().starts_with("/confirm"),
            "{path}: {}",
            page.outline()
        );
    }
    assert_eq!(
        refused(&deed(&ida, "/api/admin-add-note", id, &[("note", "called")]).await),
        ""
    );
    assert_eq!(page_of(&t, &mut ida, ADA).await.status, 200);
}

/// Two administrators who lock, delete and demote each other, 64 times at once: one who may do everything is left.
#[tokio::test]
async fn of_64_at_once_against_each_other_an_administrator_is_left() {
    let t = TestHouse::new().await;
    let one = boss(&t).await;
    let two = staff(&t, "Eve", "eve@example.com", "administrator").await;
    let (idas, eves) = (id_of(&t, IDA).await, id_of(&t, "eve@example.com").await);
    let tries = (0..64).map(|n| {
        let (browser, whom, email) = if n % 2 == 0 {
            (one.clone(), eves, "eve@example.com")
        } else {
            (two.clone(), idas, IDA)
        };
        async move {
            match n % 6 {
                0 | 1 => deed(&browser, "/api/admin-lock-person", whom, &[("reason", "a race")]).await,
                2 | 3 => {
                    let fields = [("email", email), ("reason", "a race")];
                    deed(&browser, "/api/admin-delete-person", whom, &fields).await
                }
                _ => {
                    deed(
                        &browser,
                        "/api/admin-take-role",
                        whom,
                        &[("role", "administrator")],
                    )
                    .await
                }
            }
            .status
        }
    });
    let answers = futures_util::future::join_all(tries).await;
    assert!(answers.contains(&200), "{answers:?}");
    assert!(answers.iter().all(|status| *status < 500), "{answers:?}");
    let left = count!(
        t,
        "select count(*) from users where administrator and locked_at is null and erase_at is null"
    );
    assert_eq!(left, 1, "{answers:?}");
    for email in [IDA, "eve@example.com"] {
        t.mails_to(email).await;
    }
}

/// A lock comes before or after a sign-in at the same moment: no session is left of it.
#[tokio::test]
async fn whoever_signs_in_while_they_are_locked_is_not_in_afterwards() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    t.member("Ada", ADA).await;
    let id = id_of(&t, ADA).await;
    let mut doors = vec![t.browser(); 8];
    let comings = doors.iter_mut().map(|door| async move {
        *door = door.moved();
        door.sign_in(ADA, PASSWORD).await;
    });
    let lock = deed(&ida, "/api/admin-lock-person", id, &[("reason", "now")]);
    let (_, locked) = futures_util::future::join(futures_util::future::join_all(comings), lock).await;
    assert_eq!(refused(&locked), "");
    for door in &doors {
        assert!(!door.is_signed_in().await);
    }
    assert_eq!(
        count!(t, "select count(*) from sessions where user_id = $1", id),
        0
    );
    t.mails_to(ADA).await;
}
