//! Where a session is: from a file of places that the operator brings, and from nowhere else.

use std::net::{IpAddr, Ipv4Addr};

use domain::notification::dev_inbox::CaughtMessage;

use crate::house::{Browser, Entry, PASSWORD, TestHouse, atlas, count};

const ADA: &str = "ada@example.com";
const HANOI: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 7);
const BRNO: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 9);
const NOWHERE: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
/// A day before the clock of the tests.
const MADE: u64 = 1_772_348_400;

fn file() -> Vec<u8> {
    atlas(
        MADE,
        &[
            Entry {
                network: (Ipv4Addr::new(203, 0, 113, 0), 24),
                city: &[("en", "Hanoi"), ("vi", "Hà Nội")],
                country: &[("en", "Vietnam"), ("vi", "Việt Nam")],
            },
            Entry {
                network: (Ipv4Addr::new(198, 51, 100, 0), 24),
                city: &[],
                country: &[("en", "Czechia"), ("de", "Tschechien")],
            },
        ],
    )
}

/// A house with a file of places of this content.
async fn with_file(content: &[u8]) -> (TestHouse, tempfile::NamedTempFile) {
    let place = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(place.path(), content).unwrap();
    let path = place.path().to_str().unwrap().to_owned();
    (TestHouse::with(&[("PLACES_FILE", &path)]).await, place)
}

/// The mail about a new browser at this address.
async fn told_from(t: &TestHouse, address: Ipv4Addr) -> CaughtMessage {
    let mut mails = t.new_device_mails_to(ADA).await;
    mails.retain(|mail| mail.text.contains(&address.to_string()));
    mails.remove(0)
}

fn at(mut browser: Browser, address: Ipv4Addr) -> Browser {
    browser.address = IpAddr::V4(address);
    browser
}

#[tokio::test]
async fn devices_and_the_mail_about_a_new_one_say_where() {
    let (t, _file) = with_file(&file()).await;
    let mut ada = t.member("Ada", ADA).await;
    for (address, place) in [
        (HANOI, "203.0.113.7 · Hanoi, Vietnam"),
        (BRNO, "198.51.100.9 · Czechia"),
        (NOWHERE, "192.0.2.1"),
    ] {
        let mut elsewhere = at(t.browser(), address);
        elsewhere.sign_in(ADA, PASSWORD).await;
        let mail = told_from(&t, address).await;
        assert!(mail.text.contains(&format!("address {place}.")), "{}", mail.text);
        let page = elsewhere.get("/account/sessions").await;
        let told = page.text("this-device");
        assert!(told.contains(place), "{told}");
        assert_eq!(told.contains('·'), place.contains('·'), "{told}");
    }
    let page = ada.get("/account/activity").await;
    assert!(page.body.contains("Hanoi, Vietnam"));
    assert_eq!(
        count!(t, "select count(*) from sessions where address like '%Hanoi%'"),
        0
    );
}

#[tokio::test]
async fn places_are_named_in_the_language_of_the_person_or_else_in_english() {
    let (t, _file) = with_file(&file()).await;
    let mut ada = t.member("Ada", ADA).await;
    ada.get("/account/profile").await;
    ada.submit("save-profile-button", &[("language", "vi")]).await;
    for (address, place) in [(HANOI, "Hà Nội, Việt Nam"), (BRNO, "Czechia")] {
        let mut elsewhere = at(t.browser(), address);
        elsewhere.sign_in(ADA, PASSWORD).await;
        let mail = told_from(&t, address).await;
        assert!(mail.text.contains(place), "{}", mail.text);
        let page = elsewhere.get("/account/sessions").await;
        assert!(page.text("this-device").contains(place));
    }
}

#[tokio::test]
async fn a_file_that_is_missing_broken_or_old_is_named_and_stops_nobody() {
    let old = atlas(MADE - 100 * 86_400, &[]);
    let cases: [(&str, Option<&[u8]>, &str); 4] = [
        ("good", Some(&file()), "check-places-ok"),
        ("old", Some(&old), "check-places-old"),
        ("broken", Some(b"no such thing"), "check-places-unreadable"),
        ("missing", None, "check-places-unreadable"),
    ];
    for (name, content, finding) in cases {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("places.mmdb");
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        let t = TestHouse::with(&[("PLACES_FILE", path.to_str().unwrap())]).await;
        let found =
            domain::platform::doctor::examine(&t.platform, Some(&domain::platform::doctor::Visit::default()))
                .await;
        let places = found.iter().find(|found| found.check == "places").expect(name);
        assert_eq!(places.message.0, finding, "{places:?}");
        assert!(
            places
                .text(domain::words::Words::for_language("en"))
                .contains("places.mmdb")
        );
        t.member("Ada", ADA).await;
        assert_eq!(
            at(t.browser(), HANOI).sign_in(ADA, PASSWORD).await.location(),
            "/account"
        );
    }
    let t = TestHouse::new().await;
    let found = domain::platform::doctor::examine(&t.platform, None).await;
    assert!(found.iter().all(|found| found.check != "places"), "none is set");
}
