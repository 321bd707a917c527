//! `/admin/audit`: finding what happened, why somebody was refused, and whether the chain holds.

mod copy;
mod tail;
mod why;

use chrono::Duration;
use domain::audit::{Entry, Event, Origin, checkpoint};
use domain::platform::jobs::run_due;
use scraper::{Html, Selector};
use uuid::Uuid;

use super::staff;
use crate::house::{Browser, Node, Page, TestHouse, count, rows, tamper};

pub const AUDITOR: &str = "auditor@example.com";

/// An auditor, signed in with both factors.
pub async fn auditor(t: &TestHouse) -> Browser {
    staff(t, "Olga Auditor", AUDITOR, "auditor").await
}

/// The id of somebody.
pub async fn id_of(t: &TestHouse, email: &str) -> Uuid {
    rows!(t, (Uuid,), "select id from users where email = $1", email)[0].0
}

/// Something that happens to somebody, from an address, in a request.
pub async fn happen(
    node: &Node,
    event: Event,
    (actor, subject): (Uuid, Uuid),
    (address, request): (&str, &str),
) {
    let origin = Origin {
        address: address.into(),
        user_agent: "Lynx/2.9".into(),
        request_id: request.into(),
    };
    let entry = Entry::by(event, actor, &origin).to(subject);
    node.platform
        .db
        .write(async |tx| tx.audit(entry).await)
        .await
        .unwrap();
}

/// What stands in each row, from the top.
pub fn told(page: &Page) -> Vec<String> {
    let document = Html::parse_document(&page.body);
    let selector = Selector::parse("[data-testid=audit-row]").unwrap();
    let row = |row: scraper::ElementRef| row.text().collect::<Vec<_>>().join(" ");
    document.select(&selector).map(row).collect()
}

/// Where the link with this `data-testid` leads, if it is there.
fn link(page: &Page, testid: &str) -> Option<String> {
    let document = Html::parse_document(&page.body);
    let selector = Selector::parse(&format!("a[data-testid={testid}]")).unwrap();
    let link = document.select(&selector).next()?;
    link.value().attr("href").map(str::to_owned)
}

#[tokio::test]
async fn rows_are_found_by_each_filter_and_by_all_of_them_together() {
    let t = TestHouse::new().await;
    let mut olga = auditor(&t).await;
    t.member("Ada Lovelace", "ada@example.com").await;
    let (olga_id, ada) = (id_of(&t, AUDITOR).await, id_of(&t, "ada@example.com").await);
    t.clock.advance(Duration::minutes(2));
    let request = t.platform.entropy.uuid_v7(t.clock.now()).to_string();
    happen(&t, Event::Locked, (olga_id, ada), ("192.0.2.7", &request)).await;
    t.clock.advance(Duration::minutes(5));
    happen(&t, Event::Unlocked, (olga_id, ada), ("192.0.2.8", "another")).await;

    for (query, expected) in [
        ("what=user.locked".to_owned(), vec!["Locked the account"]),
        (
            "what=accounts&who=auditor@example.com&from=2026-03-02T07:03".to_owned(),
            vec!["Unlocked the account", "Locked the account"],
        ),
        (
            "whom=Ada@Example.com&what=user.unlocked".to_owned(),
            vec!["Unlocked the account"],
        ),
        (
            format!("whom={ada}&address=192.0.2.7"),
            vec!["Locked the account"],
        ),
        ("address=192.0.2.8".to_owned(), vec!["Unlocked the account"]),
        (format!("request={request}"), vec!["Locked the account"]),
        ("request=another&what=user.locked".to_owned(), vec![]),
        (
            "from=2026-03-02T07:03&until=2026-03-02T07:06&what=accounts&who=auditor@example.com".to_owned(),
            vec!["Locked the account"],
        ),
        ("what=user.locked&until=2026-03-01".to_owned(), vec![]),
        ("what=refused".to_owned(), vec![]),
    ] {
        let page = olga.get(&format!("/admin/audit?{query}")).await;
        assert_eq!(page.status, 200, "{query}: {}", page.outline());
        let rows = told(&page);
        assert_eq!(rows.len(), expected.len(), "{query}: {rows:#?}");
        for (row, sentence) in rows.iter().zip(&expected) {
            assert!(
                row.contains(sentence) && row.contains("Olga Auditor") && row.contains("Ada Lovelace"),
                "{query}: {row}"
            );
        }
        assert_eq!(page.has("audit-empty"), expected.is_empty(), "{query}");
    }
}

#[tokio::test]
async fn pages_go_to_any_depth_and_back_without_a_gap_or_a_double() {
    let t = TestHouse::new().await;
    let mut olga = auditor(&t).await;
    let person = Uuid::from_u128(7);
    for n in 0..173 {
        t.clock.advance(Duration::milliseconds(1));
        happen(
            &t,
            Event::ProfileChanged,
            (person, person),
            ("192.0.2.7", &format!("row {n}.")),
        )
        .await;
    }
    for query in [
        format!("whom={person}"),
        "what=profile.changed".into(),
        format!("who={person}&what=accounts"),
    ] {
        let (mut seen, mut next) = (Vec::new(), Some(format!("/admin/audit?{query}")));
        let mut last = String::new();
        while let Some(path) = next {
            let page = olga.get(&path).await;
            seen.extend(rows_of(&page));
            next = link(&page, "older-link");
            last = path;
        }
        assert_eq!(seen.len(), 173, "{query}");
        let unique: std::collections::BTreeSet<_> = seen.iter().collect();
        assert_eq!(unique.len(), 173, "{query}");
        let (mut back, mut next) = (Vec::new(), Some(last));
        while let Some(path) = next {
            let page = olga.get(&path).await;
            let mut rows = rows_of(&page);
            rows.extend(back);
            back = rows;
            next = link(&page, "newer-link");
        }
        // The first page is shown whole, so its end may be there twice.
        back.dedup();
        let first: Vec<_> = back.iter().take(50).collect();
        assert_eq!(first, seen.iter().take(50).collect::<Vec<_>>(), "{query}");
    }
}

/// The paths of the rows.
fn rows_of(page: &Page) -> Vec<String> {
    let document = Html::parse_document(&page.body);
    let selector = Selector::parse("[data-testid=audit-row] a").unwrap();
    let links = document.select(&selector);
    links
        .filter_map(|link| Some(link.value().attr("href")?.to_owned()))
        .collect()
}

#[tokio::test]
async fn what_is_rare_is_found_by_looking_further_and_no_page_reads_on_for_ever() {
    let t = TestHouse::new().await;
    let mut olga = auditor(&t).await;
    let person = Uuid::from_u128(7);
    happen(&t, Event::Locked, (person, person), ("192.0.2.7", "the only one")).await;
    let (at, first) = (
        t.clock.now(),
        t.clock.now().timestamp_millis().unsigned_abs() + 10,
    );
    let many = t.platform.db.write(async |tx| {
        for n in 0..5_200_u64 {
            let id = Uuid::from_u128(u128::from(first + n) << 80);
            domain::sql!(tx, execute
                "insert into audit_events (id, at, kind, outcome, subject_id, detail) values ($1, $2, 'sign_in.succeeded', 'done', $3, '{}')",
                id, at, person)?;
        }
        Ok(())
    });
    many.await.unwrap();
    let page = olga
        .get(&format!("/admin/audit?whom={person}&what=user.locked"))
        .await;
    assert!(told(&page).is_empty() && page.has("audit-looked") && !page.has("audit-empty"));
    let further = olga.get(&link(&page, "older-link").unwrap()).await;
    assert_eq!(told(&further).len(), 1);
    assert!(!further.has("audit-looked") && link(&further, "older-link").is_none());
}

#[tokio::test]
async fn what_cannot_be_read_is_said_where_it_was_typed_and_a_made_up_place_breaks_nothing() {
    let t = TestHouse::new().await;
    let mut olga = auditor(&t).await;
    for (query, field, said) in [
        ("who=nobody@example.com", "who-error", "Nobody here"),
        ("whom=*", "whom-error", "Nobody here"),
        ("what=everything.else", "what-error", "no such event"),
        ("address=example.com", "address-error", "one network address"),
        ("from=yesterday", "from-error", "a day and a time"),
        (
            "from=2026-03-04&until=2026-03-03",
            "until-error",
            "before the beginning",
        ),
    ] {
        let page = olga.get(&format!("/admin/audit?{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        assert!(page.text(field).contains(said), "{query}: {}", page.text(field));
        assert!(told(&page).is_empty() && page.has("audit-empty"), "{query}");
    }
    let all = told(&olga.get("/admin/audit").await).len();
    assert!(all > 2);
    for query in [
        "before=nonsense",
        "after=1",
        "before=ffffffff-ffff-ffff-ffff-ffffffffffff",
        "after=00000000-0000-0000-0000-000000000000",
    ] {
        let page = olga.get(&format!("/admin/audit?{query}")).await;
        assert_eq!((page.status, told(&page).len()), (200, all), "{query}");
    }
    let page = olga
        .get("/admin/audit?before=00000000-0000-0000-0000-000000000001")
        .await;
    assert!(told(&page).is_empty() && page.has("newest-link"));
    assert_eq!(olga.get("/admin/audit/row/nonsense").await.status, 404);
    assert_eq!(
        olga.get(&format!("/admin/audit/row/{}", Uuid::from_u128(1)))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn the_chain_is_examined_by_a_job_and_the_page_names_where_it_breaks() {
    let t = TestHouse::new().await;
    let mut olga = auditor(&t).await;
    let page = olga.get("/admin/audit/chain").await;
    assert!(page.body.contains("Nobody has asked"), "{}", page.outline());
    assert_eq!(olga.get("/admin/audit/chain/progress").await.status, 404);
    checkpoint::sign(&t.platform).await.unwrap();

    let asked = olga.get("/admin/audit/chain").await;
    assert_eq!(asked.texts("checkpoints").len(), 1);
    olga.submit("check-audit-button", &[]).await;
    let going = olga.follow().await;
    assert!(
        going.has("chain-going") && !going.has("check-audit-button"),
        "{}",
        going.outline()
    );
    let progress = olga.get("/admin/audit/chain/progress").await.json();
    assert_eq!(progress["ready"], false);
    run_due(&t.platform).await.unwrap();
    assert_eq!(
        olga.get("/admin/audit/chain/progress").await.json()["ready"],
        true
    );
    let page = olga.get("/admin/audit/chain").await;
    assert!(
        page.text("chain-whole").contains("The audit is whole"),
        "{}",
        page.outline()
    );
    assert_eq!(t.audited("audit.checked").await, 1);

    t.clock.advance(Duration::seconds(1));
    let seq = count!(t, "select max(seq) from audit_events") - 2;
    tamper!(
        t,
        "update audit_events set outcome = 'refused' where seq = $1",
        seq
    );
    olga.get("/admin/audit/chain").await;
    olga.submit("check-audit-button", &[]).await;
    run_due(&t.platform).await.unwrap();
    let page = olga.get("/admin/audit/chain").await;
    let said = page.text("chain-broken");
    assert!(
        said.contains(&format!("Row {seq} (")) && said.contains("audit verify"),
        "{said}"
    );
}

#[tokio::test]
async fn a_row_shows_all_that_is_known_of_it_and_the_ways_on() {
    let t = TestHouse::new().await;
    let mut olga = auditor(&t).await;
    let mut boss = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    boss.get("/admin/roles/new?review=1&name=Night+shift&permissions%5B%5D=users%3Aread")
        .await;
    boss.submit("save-role-button", &[]).await;
    let (id, role) = rows!(
        t,
        (Uuid, String),
        "select e.id, r.id from audit_events e, roles r where e.kind = 'role.made' and r.name = 'Night shift'"
    )
    .remove(0);
    let page = olga.get(&format!("/admin/audit/row/{id}")).await;
    let facts = page.text("audit-facts");
    for part in [
        "role.made",
        "Ida Rhodes",
        "ida@example.com",
        "Firefox on Linux",
        "Place in the chain",
    ] {
        assert!(facts.contains(part), "{part}: {facts}");
    }
    assert!(page.body.contains(&role) && page.body.contains("Night shift"));
    assert!(
        page.text("audit-around")
            .contains("Everything that Ida Rhodes did")
    );
}
