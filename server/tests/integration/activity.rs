//! `/account/activity`: a person's own security events, in plain words, page by page.

use axum::body::Body;
use axum::http::Request;
use scraper::{Html, Selector};
use uuid::Uuid;

use crate::house::{Browser, PASSWORD, Page, Storage, TestHouse, count, rows, tamper};

const ADA: &str = "ada@example.com";
const EVE: &str = "eve@example.com";

/// What stands in each row, from the top.
fn happenings(page: &Page) -> Vec<String> {
    let document = Html::parse_document(&page.body);
    let selector = Selector::parse("[data-testid=happening]").unwrap();
    let rows = document.select(&selector);
    rows.map(|row| row.text().collect::<Vec<_>>().join(" ")).collect()
}

/// Where the link with this `data-testid` leads, if it is there.
fn link(page: &Page, testid: &str) -> Option<String> {
    let document = Html::parse_document(&page.body);
    let selector = Selector::parse(&format!("a[data-testid={testid}]")).unwrap();
    let link = document.select(&selector).next()?;
    link.value().attr("href").map(str::to_owned)
}

/// Writes `count` rows about a person behind the server's back, the first the oldest; their addresses are their numbers.
async fn write(t: &TestHouse, email: &str, count: u32) {
    let person = rows!(t, (Uuid,), "select id from users where email = $1", email)[0].0;
    for n in 0..count {
        let id = Uuid::from_u128((0x0300_0000_0000 + u128::from(n)) << 80);
        tamper!(
            t,
            "insert into audit_events (id, at, kind, outcome, subject_id, address, user_agent, detail)
             select $1, created_at, 'sign_in.succeeded', 'done', id, $2, '', '{}' from users where id = $3",
            id,
            format!("row {n}."),
            person
        );
    }
}

/// Follows a link until it is gone, and returns all rows that were seen.
async fn walk(browser: &mut Browser, first: &str, testid: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut next = Some(first.to_owned());
    while let Some(path) = next {
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200);
        pages.push(happenings(&page));
        next = link(&page, testid);
        assert!(pages.len() < 100, "it never ends");
    }
    pages
}

#[tokio::test]
async fn what_happened_is_told_in_plain_words_the_newest_first() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    t.clock.advance(chrono::Duration::seconds(1));
    t.browser().sign_in(ADA, "not the right password").await;
    t.clock.advance(chrono::Duration::seconds(1));
    let page = ada.get("/account/activity").await;
    let told = happenings(&page);
    assert!(
        told[0].contains("A sign-in was refused: wrong password"),
        "{told:#?}"
    );
    assert!(told[0].contains("Firefox on Linux") && told[0].contains("local network"));
    assert!(told[0].contains("This wasn't me"));
    assert!(
        told.iter()
            .any(|row| row.contains("Signed in") && row.contains("This session"))
    );
    assert!(told.iter().any(|row| row.contains("Created the account")));
    assert!(!page.body.contains("Something happened"));
    assert!(link(&page, "older-link").is_none() && link(&page, "newer-link").is_none());
}

#[tokio::test]
async fn pages_go_to_any_depth_and_back_without_a_gap_or_a_double() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    write(&t, ADA, 253).await;
    let own = count!(
        t,
        "select count(*) from audit_events where subject_id is not null"
    );
    let down = walk(&mut ada, "/account/activity", "older-link").await;
    assert!(down.iter().rev().skip(1).all(|page| page.len() == 25));
    let all: Vec<String> = down.concat();
    assert_eq!(i64::try_from(all.len()).unwrap(), own);
    let newest: Vec<&String> = all.iter().filter(|row| row.contains("row ")).collect();
    for (n, row) in newest.iter().enumerate() {
        assert!(row.contains(&format!("row {}.", 252 - n)), "{n}: {row}");
    }
    // Up again from the last page.
    let deepest = format!(
        "/account/activity?before={}",
        Uuid::from_u128(0x0300_0000_0003 << 80)
    );
    let mut up = walk(&mut ada, &deepest, "newer-link").await;
    let first_page = up.pop().expect("the first page");
    assert_eq!(first_page, down[0], "the way up ends at the first page, whole");
    let mut seen: Vec<String> = up.into_iter().rev().flatten().collect();
    assert!(seen.iter().any(|row| row.contains("row 2.")), "where it began");
    let length = seen.len();
    seen.dedup();
    assert_eq!(seen.len(), length, "no row twice");
}

#[tokio::test]
async fn new_rows_move_nothing_on_an_older_page() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    write(&t, ADA, 60).await;
    let first = ada.get("/account/activity").await;
    let older = link(&first, "older-link").expect("an older page");
    let before = happenings(&ada.get(&older).await);
    let id = Uuid::from_u128(0x0400_0000_0000 << 80);
    tamper!(
        t,
        "insert into audit_events (id, at, kind, outcome, subject_id, detail)
         select $1, created_at, 'password.changed', 'done', id, '{}' from users",
        id
    );
    assert_eq!(happenings(&ada.get(&older).await), before);
    assert!(happenings(&ada.get("/account/activity").await)[0].contains("Changed the password"));
}

#[tokio::test]
async fn nobody_sees_another_person_s_rows_whatever_the_cursor() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    t.member("Eve", EVE).await;
    write(&t, EVE, 40).await;
    let theirs = Uuid::from_u128(0x0300_0000_0014 << 80);
    for query in [
        String::new(),
        format!("?before={theirs}"),
        format!("?after={theirs}"),
        format!("?after={}", Uuid::nil()),
        format!("?before={}", Uuid::nil()),
        format!("?before={}", Uuid::max()),
        "?before='%20or%201=1".to_owned(),
        "?after=&before=".to_owned(),
    ] {
        let page = ada.get(&format!("/account/activity{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        let told = happenings(&page);
        assert!(!told.is_empty(), "{query}");
        assert!(!told.iter().any(|row| row.contains("row ")), "{query}: {told:#?}");
    }
}

#[tokio::test]
async fn what_a_browser_calls_itself_stays_text() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let body = format!("email=ada%40example.com&password={}", PASSWORD.replace(' ', "+"));
    let form = Request::builder()
        .method("POST")
        .uri("/api/sign-in")
        .header("user-agent", "<script>alert(1)</script> Firefox Linux")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", t.platform.config.public_origin());
    t.browser().send(form, Body::from(body)).await;
    for path in ["/account/activity", "/account/sessions"] {
        let page = ada.get(path).await;
        assert!(!page.body.contains("<script>alert"), "{path}");
    }
    t.new_device_mails_to(ADA).await;
}

#[tokio::test]
async fn the_overview_tells_of_refused_sign_ins_for_a_week() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    assert!(!ada.get("/account").await.has("attention"), "calm");
    for _ in 0..2 {
        t.browser().sign_in(ADA, "not the right password").await;
    }
    let page = ada.get("/account").await;
    assert!(
        page.text("attention")
            .contains("2 sign-ins to your account were refused"),
        "{}",
        page.text("attention")
    );
    t.clock.advance(chrono::Duration::days(8));
    ada.sign_in(ADA, PASSWORD).await;
    assert!(!ada.get("/account").await.has("attention"));
}

/// A replica that lags so far behind that it has nothing yet: what is read there is empty, and all else goes on.
#[tokio::test]
async fn where_there_is_a_replica_the_list_comes_from_it_and_who_is_signed_in_does_not() {
    let t = TestHouse::new().await;
    if t.platform.db.kind() != "Postgres" {
        return;
    }
    let mut ada = t.member("Ada", ADA).await;
    let replica = Storage::with_tables(t.dice(u64::MAX)).await;
    let node = t.second_node_with(&[("DATABASE_READ_URL", replica.url())]).await;
    assert!(!happenings(&ada.get("/account/activity").await).is_empty());
    let mut ada = ada.on(&node);
    let page = ada.get("/account/activity").await;
    assert_eq!(page.status, 200, "{}", page.outline());
    assert_eq!(happenings(&page), [""; 0], "it was read from the primary");
    // Changes and their pages stay with the primary.
    assert!(ada.is_signed_in().await);
    let page = ada.get("/account").await;
    assert!(
        page.status == 200 && page.body.contains(ADA),
        "{}",
        page.outline()
    );
    node.platform.db.close().await;
    replica.close();
}
