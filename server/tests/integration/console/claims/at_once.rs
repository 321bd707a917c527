//! Many at once: nobody meets an error of the database.

use futures_util::future::join_all;

use super::{ADA, MAKE, PERSON, ROLE, boss, define, id_of, of_person, of_role, stored};
use crate::console::make_role;
use crate::house::{TestHouse, count, rows, tamper};

#[tokio::test]
async fn a_value_is_set_while_its_claim_and_its_role_go() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    define(&mut ida, "plan", "text").await;
    t.member("Ada", ADA).await;
    let ada = id_of(&t, ADA).await.to_string();
    let role = make_role(&t, "Night shift", &[]).await;
    let (version,) = rows!(t, (i64,), "select version from claims")[0];
    let version = version.to_string();
    let all = (0..64).map(|n| {
        let (mut browser, ada, role, version) =
            (ida.scripted().moved(), ada.clone(), role.clone(), version.clone());
        async move {
            let answer = match n {
                20 => {
                    let fields = [
                        ("id", role.as_str()),
                        ("version", "1"),
                        ("confirmation", "Night shift"),
                    ];
                    browser.post("/api/admin-remove-role", &fields).await
                }
                // As the page shows it while nobody, one, or both of them have a value.
                30..36 => {
                    let lost = ["0 0 0", "1 0 1", "0 1 0", "1 1 1", "0 0 0", "1 0 1"][n - 30];
                    let fields = [
                        ("id", "plan"),
                        ("version", version.as_str()),
                        ("lost", lost),
                        ("confirmation", "plan"),
                    ];
                    browser.post("/api/admin-remove-claim", &fields).await
                }
                _ if n % 2 == 0 => browser.post(PERSON, &of_person(&ada, "plan", "", "gold")).await,
                _ => browser.post(ROLE, &of_role(&role, "plan", "", "gold")).await,
            };
            (n, answer.status, answer.body)
        }
    });
    let answers = join_all(all).await;
    let odd: Vec<_> = answers
        .iter()
        .filter(|(_, status, _)| ![200, 404, 409].contains(status))
        .collect();
    assert!(odd.is_empty(), "{odd:?}");
    let removed = count!(t, "select count(*) from claims") == 0;
    assert_eq!(t.audited("claim.removed").await, i64::from(removed));
    assert!(!removed || stored(&t).await.is_empty());
    assert_eq!(t.audited("role.removed").await, 1);
    assert_eq!(count!(t, "select count(*) from role_claims"), 0);
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn of_sixty_four_at_once_no_more_are_defined_than_there_may_be() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    for n in 0..45 {
        let (name, now) = (format!("claim_{n}"), t.clock.now());
        tamper!(
            t,
            "insert into claims (name, kind, created_at, updated_at) values ($1, 'text', $2, $2)",
            name,
            now
        );
    }
    let all = (0..64).map(|n| {
        let mut browser = ida.scripted().moved();
        async move {
            let name = format!("new_{n}");
            browser
                .post(MAKE, &[("name", &name), ("kind", "text")])
                .await
                .status
        }
    });
    let answers = join_all(all).await;
    let made = answers.iter().filter(|status| **status == 200).count();
    let full = answers.iter().filter(|status| **status == 422).count();
    assert_eq!((made, full), (5, 59), "{answers:?}");
    assert_eq!(count!(t, "select count(*) from claims"), 50);
}
