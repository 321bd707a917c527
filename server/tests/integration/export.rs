//! `/account/data`: a copy of one's data.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::Duration;
use domain::platform::jobs::run_due;
use serde_json::Value;

use crate::house::{Browser, PASSWORD, Page, TestHouse, count, rows, tamper};

const ADA: &str = "ada@example.com";

/// Presses "make a copy"; the answer is not followed.
async fn ask(browser: &mut Browser) -> Page {
    browser.get("/account/data").await;
    browser.submit("export-button", &[]).await
}

/// Where the archive on the page is.
pub fn download_path(page: &Page) -> String {
    let (_, rest) = page
        .body
        .split_once("href=\"/account/data/download/")
        .expect("a link to the archive");
    format!("/account/data/download/{}", rest.split('"').next().unwrap())
}

/// Asks for a copy, lets it be made, and fetches it.
async fn fetch(t: &TestHouse, browser: &mut Browser) -> Page {
    ask(browser).await;
    assert_eq!(t.mail_to(ADA).await.subject, "Your data is ready");
    let shown = browser.get("/account/data").await;
    browser.get(&download_path(&shown)).await
}

/// The files of an archive.
pub fn unzip(page: &Page) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(page.bytes.to_vec())).expect("a zip");
    let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut files = BTreeMap::new();
    for name in names {
        let mut text = String::new();
        zip.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
        files.insert(name, text);
    }
    files
}

#[tokio::test]
async fn a_person_gets_a_zip_of_everything_and_of_no_secret() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada Lovelace", ADA).await;
    t.browser().sign_in(ADA, "not the right password").await;
    let answer = ask(&mut ada).await;
    assert_eq!(answer.location(), "/account/data");

    // While it waits, there is a bar, also for programs.
    let waiting = ada.follow().await;
    assert!(
        waiting.has("export-making") && waiting.has("export-progress"),
        "{}",
        waiting.outline()
    );
    assert!(!waiting.has("export-button"), "one at a time");
    let progress = ada.fetch("/account/data/progress").await.json();
    assert_eq!(
        (progress["done"].as_i64(), progress["ready"].as_bool()),
        (Some(0), Some(false))
    );
    assert_eq!(progress["total"], 12);

    let mail = t.mail_to(ADA).await;
    assert_eq!(mail.subject, "Your data is ready");
    assert!(
        mail.links.iter().any(|link| link.ends_with("/account/data"))
            && mail.links.iter().any(|link| link.contains("/not-me?token=")),
        "{}",
        mail.text
    );
    let ready = ada.get("/account/data").await;
    assert!(ready.has("export-ready"));
    let zip = ada.get(&download_path(&ready)).await;
    assert_eq!(zip.status, 200);
    for (name, value) in [
        ("content-type", "application/zip"),
        ("content-disposition", "attachment; filename=\"my-data.zip\""),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(zip.header(name), value);
    }

    let files = unzip(&zip);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let expected = [
        "README.txt",
        "activity.json",
        "claims.json",
        "devices.json",
        "email-changes.json",
        "invitations.json",
        "messages.json",
        "notes.json",
        "profile.json",
        "sessions.json",
        "sign-in.json",
        "sign-ups.json",
    ];
    assert_eq!(names, expected);
    for name in &expected[1..] {
        assert!(files["README.txt"].contains(name), "the README explains {name}");
    }
    let json = |name: &str| serde_json::from_str::<Value>(&files[name]).expect("JSON");
    assert_eq!(json("profile.json")["name"], "Ada Lovelace");
    assert_eq!(json("sessions.json").as_array().unwrap().len(), 1);
    assert_eq!(json("devices.json").as_array().unwrap().len(), 1);
    assert_eq!(json("sign-ups.json")[0]["email"], ADA);
    let activity = json("activity.json");
    let kinds: BTreeSet<&str> = activity
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect();
    let expected = [
        "export.asked",
        "sign_in.failed",
        "sign_in.succeeded",
        "sign_up.completed",
    ];
    assert_eq!(kinds, BTreeSet::from(expected));

    // No hash of anything, in whatever form it may be written.
    let phc = rows!(t, (String,), "select phc from passwords").remove(0).0;
    let hashes = rows!(
        t,
        (Vec<u8>,),
        "select token_hash from sessions union select token_hash from known_devices"
    );
    let all: String = files.into_values().collect();
    assert!(!all.contains("argon2") && !all.contains(&phc));
    for (hash,) in hashes {
        let hex = hash
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<Vec<_>>()
            .concat();
        assert!(!all.to_lowercase().contains(&hex[..16]));
    }
    assert!(!all.contains(PASSWORD) && !all.contains(&ada.session_cookie()));
    for event in ["export.asked", "export.made", "export.fetched"] {
        assert_eq!(t.audited(event).await, 1, "{event}");
    }
}

#[tokio::test]
async fn nobody_else_fetches_it_and_it_goes_after_a_day() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let mut eda = t.member("Eda", "eda@example.com").await;
    ask(&mut ada).await;
    t.mail_to(ADA).await;
    let path = download_path(&ada.get("/account/data").await);

    assert_eq!(eda.get(&path).await.status, 404, "another person");
    assert_eq!(ada.get("/account/data/download/no-id").await.status, 404);
    assert_eq!(
        t.browser().get(&path).await.location(),
        "/sign-in?next=%2Faccount%2Fdata"
    );
    assert_eq!(t.api().fetch(&path).await.status, 401);
    t.clock.advance(Duration::minutes(11));
    assert_eq!(
        ada.get(&path).await.location(),
        "/confirm?next=%2Faccount%2Fdata",
        "the proof is too old"
    );
    assert_eq!(
        ada.get("/account/data").await.location(),
        "/confirm?next=%2Faccount%2Fdata"
    );

    t.clock.advance(Duration::hours(24));
    ada.sign_in(ADA, PASSWORD).await;
    assert_eq!(ada.get(&path).await.status, 404, "it has expired");
    assert!(ada.get("/account/data").await.has("export-button"));
    t.platform
        .db
        .write(async |tx| tx.enqueue(&domain::job::Job::CleanUp).await)
        .await
        .unwrap();
    run_due(&t.platform).await.unwrap();
    assert_eq!(
        count!(t, "select count(*) from exports") + count!(t, "select count(*) from export_pieces"),
        0
    );
}

#[tokio::test]
async fn one_at_a_time_and_three_a_day() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let mut script = t.script();
    script.sign_in(ADA, PASSWORD).await;
    let mut first = None;
    for _ in 0..3 {
        ada.get("/account/data").await;
        let (mut again, mut once_more) = (ada.clone(), ada.clone());
        // The second and third press change nothing.
        for browser in [&mut ada, &mut again, &mut once_more] {
            assert_eq!(
                browser.submit("export-button", &[]).await.location(),
                "/account/data"
            );
        }
        assert_eq!(count!(t, "select count(*) from exports"), 1);
        assert_eq!(t.mails_to(ADA).await.len(), 1);
        let path = download_path(&ada.get("/account/data").await);
        let old = first.replace(path);
        if let Some(old) = old {
            assert_eq!(
                ada.get(&old).await.status,
                404,
                "a new one takes the place of the old one"
            );
        }
    }
    assert_eq!(ask(&mut script).await.faults(), ["too-many-attempts"]);
    t.clock.advance(Duration::hours(24));
    script.sign_in(ADA, PASSWORD).await;
    assert_eq!(ask(&mut script).await.location(), "/account/data");
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn the_copy_of_a_worker_that_died_in_the_middle_is_made_by_another() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    ask(&mut ada).await;
    // As a worker leaves it that is killed after three steps: leased, with its steps written down.
    let until = t.clock.now() + Duration::seconds(30);
    tamper!(
        t,
        "update jobs set state = 'running', attempts = 1, worker = id, lease_until = $1 where kind = 'export-data'",
        until
    );
    tamper!(t, "update exports set steps_done = 3");
    assert!(t.mails_to(ADA).await.is_empty(), "it is still leased");
    assert_eq!(ada.fetch("/account/data/progress").await.json()["done"], 3);
    t.clock.advance(Duration::seconds(31));
    assert_eq!(t.mail_to(ADA).await.subject, "Your data is ready");
    let ready = ada.get("/account/data").await;
    let zip = ada.get(&download_path(&ready)).await;
    assert_eq!(unzip(&zip).len(), 12);
    assert_eq!(t.audited("export.made").await, 1);
}

#[tokio::test]
async fn a_large_copy_lies_in_pieces_that_only_our_key_opens() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    // Random text does not pack: half a megabyte a piece.
    let user = rows!(t, (uuid::Uuid,), "select id from users").remove(0).0;
    for _ in 0..30 {
        let noise = STANDARD.encode(t.platform.entropy.bytes::<20_000>());
        let (id, now) = (t.platform.entropy.uuid_v7(t.clock.now()), t.clock.now());
        let detail = format!("{{\"noise\":\"{noise}\"}}");
        tamper!(
            t,
            "insert into audit_events (id, at, kind, outcome, subject_id, detail) values ($1, $2, 'noise', 'done', $3, $4)",
            id,
            now,
            user,
            detail.as_str()
        );
    }
    let zip = fetch(&t, &mut ada).await;
    assert_eq!(zip.header("content-length"), zip.bytes.len().to_string());
    assert!(unzip(&zip)["activity.json"].matches("\"noise\": ").count() == 30);
    let pieces = rows!(t, (Vec<u8>,), "select sealed from export_pieces order by number");
    assert!(pieces.len() > 1, "{} pieces", pieces.len());
    for (sealed,) in pieces {
        assert!(sealed.len() < 600_000);
        assert!(
            !sealed.windows(4).any(|bytes| bytes == b"PK\x03\x04"),
            "nothing lies open"
        );
    }
}
