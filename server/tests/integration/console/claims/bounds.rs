//! How much applications are told of one person: 4 kB.

use super::{ADA, PERSON, ROLE, boss, define, id_of, of_person, of_role, set, stored};
use crate::console::{appoint, make_role};
use crate::house::TestHouse;

/// Twenty entries of a hundred characters each: 2,061 bytes of JSON. Two such lists do not fit together.
fn lines(letter: char) -> String {
    let entries: Vec<String> = (0..20).map(|n| format!("{letter}{n:0>99}")).collect();
    entries.join("\n")
}

#[tokio::test]
async fn what_does_not_fit_is_not_set() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    define(&mut ida, "one", "list").await;
    define(&mut ida, "two", "list").await;
    t.member("Ada", ADA).await;
    let ada = id_of(&t, ADA).await.to_string();
    let person = format!("/admin/users/{ada}");
    for page in [person.as_str(), "/admin/roles/support"] {
        assert!(
            set(&mut ida, page, "one", &lines('a'))
                .await
                .location()
                .contains("done=set")
        );
    }
    let before = stored(&t).await;
    for (path, fields) in [
        (PERSON, of_person(&ada, "two", "", &lines('b'))),
        (ROLE, of_role("support", "two", "", &lines('b'))),
    ] {
        let refused = ida.scripted().post(path, &fields).await;
        assert_eq!(
            (refused.status, refused.faults()),
            (422, vec!["value: claims-too-long".to_owned()])
        );
    }
    assert_eq!(stored(&t).await, before);
    assert_eq!(t.audited("claim.set_for_person").await, 1);
    // What is shorter can be set whatever there is, and what is no longer there makes room.
    for (claim, value) in [("two", "short"), ("one", "short"), ("two", lines('b').as_str())] {
        let done = set(&mut ida, &person, claim, value).await;
        assert!(done.location().contains("done=set"), "{}", done.outline());
    }
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn of_roles_together_what_does_not_fit_is_left_out_whole_and_the_page_says_so() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    define(&mut ida, "sites", "list").await;
    t.member("Ada", ADA).await;
    let person = format!("/admin/users/{}", id_of(&t, ADA).await);
    let first = make_role(&t, "First", &[]).await;
    t.clock.advance(chrono::Duration::seconds(1));
    let second = make_role(&t, "Second", &[]).await;
    for (role, letter) in [(&second, 'b'), (&first, 'a')] {
        appoint(&t, ADA, role).await;
        let done = set(&mut ida, &format!("/admin/roles/{role}"), "sites", &lines(letter)).await;
        assert!(done.location().contains("done=set"), "{}", done.outline());
    }
    let shown = ida.get(&person).await.text("claims");
    assert!(shown.contains("a00") && !shown.contains("b00"), "{shown}");
    assert!(
        shown.contains(
            "From: role First. Left out, because all claims of one person together have at most 4 kB: role Second."
        ),
        "{shown}"
    );
    // What is their own comes first, and is refused where more would be left out for it.
    for (value, is_set) in [("short", true), (lines('c').as_str(), false)] {
        let done = set(&mut ida, &person, "sites", value).await;
        assert_eq!(done.location().contains("done=set"), is_set, "{}", done.outline());
    }
    assert!(
        ida.follow()
            .await
            .body
            .contains("at most 4 kB, and with this value")
    );
    t.mails_to(ADA).await;
}
