//! The logo: what is taken, what becomes of it, who gets it, and the way back.

use axum::body::Body;
use axum::http::Request;
use chrono::Duration;
use domain::platform::{clean_up, settings::refresh};

use super::{PAGE, UNDO, boss};
use crate::console::staff;
use crate::house::{Browser, PASSWORD, Page, TestHouse, rows};

const UPLOAD: &str = "/admin/settings/logo";
const REMOVE: &str = "/api/admin-remove-logo";
const BOUNDARY: &str = "a-line-between-parts";

/// A PNG of one colour, of this size, with words in it that are no part of the picture.
pub fn png(width: u32, height: u32, red: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder
        .add_text_chunk("GPSLatitude".to_owned(), "21.0285".to_owned())
        .unwrap();
    let mut writer = encoder.write_header().unwrap();
    let pixels = [red, 90, 40].repeat((width * height) as usize);
    writer.write_image_data(&pixels).unwrap();
    writer.finish().unwrap();
    bytes
}

fn form(seen: &str, file: &[u8]) -> Vec<u8> {
    let mut body = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"seen\"\r\n\r\n{seen}\r\n\
         --{BOUNDARY}\r\ncontent-disposition: form-data; name=\"logo\"; filename=\"../logo.svg\"\r\ncontent-type: image/svg+xml\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(file);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    body
}

async fn send(browser: &mut Browser, origin: &str, body: Vec<u8>) -> Page {
    let request = Request::builder()
        .method("POST")
        .uri(UPLOAD)
        .header("origin", origin)
        .header("referer", "http://localhost:3000/admin/settings")
        .header("accept", "text/html")
        .header(
            "content-type",
            format!("multipart/form-data; boundary={BOUNDARY}"),
        );
    browser.send(request, Body::from(body)).await
}

/// Uploads as the form of the page does.
pub async fn upload(browser: &mut Browser, file: &[u8]) -> Page {
    let page = browser.get(PAGE).await;
    let form_seen = page.form("upload-logo-button");
    assert_eq!(form_seen.action, UPLOAD);
    let seen = form_seen
        .fields
        .iter()
        .find(|(name, _)| name == "seen")
        .unwrap()
        .1
        .clone();
    send(browser, "http://localhost:3000", form(&seen, file)).await
}

/// The path of the logo on a page.
fn logo_on(page: &Page) -> Option<String> {
    let (_, rest) = page.body.split_once("src=\"/logo/")?;
    Some(format!("/logo/{}", rest.split('"').next().unwrap()))
}

#[tokio::test]
async fn a_logo_stands_on_every_page_and_in_every_mail_until_it_is_removed() {
    let t = TestHouse::new().await;
    let other = t.second_node().await;
    let mut ida = boss(&t).await;
    assert!(ida.get(PAGE).await.has("no-logo"));
    let saved = upload(&mut ida, &png(320, 80, 200)).await;
    assert_eq!(
        saved.location(),
        "/admin/settings?done=saved",
        "{}",
        saved.outline()
    );
    let page = ida.follow().await;
    assert!(
        page.has("logo-now") && page.text("setting-changes").contains("320 × 80"),
        "{}",
        page.outline()
    );
    let path = logo_on(&page).expect("a logo");
    for place in ["/sign-in", "/nothing-here"] {
        let page = t.browser().get(place).await;
        assert_eq!(logo_on(&page).as_ref(), Some(&path), "{place}");
        // It is broad, so it is taken to hold the name.
        assert!(page.body.contains("alt=\"Latchstring\""), "{}", page.outline());
    }
    assert_eq!(logo_on(&ida.get("/account").await).as_ref(), Some(&path));

    let picture = t.browser().get(&path).await;
    assert_eq!(picture.status, 200);
    assert_eq!(picture.header("content-type"), "image/png");
    assert_eq!(picture.header("x-content-type-options"), "nosniff");
    assert_eq!(
        picture.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert!(
        picture
            .header("content-security-policy")
            .starts_with("default-src 'none'")
    );
    assert!(picture.bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
    let holds = |words: &[u8]| picture.bytes.windows(words.len()).any(|window| window == words);
    assert!(!holds(b"GPSLatitude") && !holds(b"21.0285"));

    t.browser().sign_up("Ada", "ada@example.org", PASSWORD).await;
    let mail = t.mail_to("ada@example.org").await;
    let html = &mail.html;
    assert!(
        html.contains(&format!("src=\"http://localhost:3000{path}\""))
            && html.contains("alt=\"Latchstring\"")
    );
    assert!(mail.text.contains("Latchstring"), "{}", mail.text);

    // The other server has the picture at once, and the page when it has looked.
    assert_eq!(t.browser().on(&other).get(&path).await.status, 200);
    assert_eq!(logo_on(&t.browser().on(&other).get("/sign-in").await), None);
    refresh(&other.platform).await.unwrap();
    assert_eq!(
        logo_on(&t.browser().on(&other).get("/sign-in").await).as_ref(),
        Some(&path)
    );

    ida.get(PAGE).await;
    let removed = ida.submit("remove-logo-button", &[]).await;
    assert_eq!(removed.location(), "/admin/settings?done=saved");
    assert_eq!(logo_on(&t.browser().get("/sign-in").await), None);
    // Mails of before still show it, and undo brings it back.
    assert_eq!(t.browser().get(&path).await.status, 200);
    ida.follow().await;
    assert_eq!(
        ida.submit("undo-logo", &[]).await.location(),
        "/admin/settings?done=undone"
    );
    assert_eq!(logo_on(&t.browser().get("/sign-in").await).as_ref(), Some(&path));
    assert_eq!(t.audited("settings.changed").await, 3);
}

#[tokio::test]
async fn a_square_one_has_the_name_beside_it() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    upload(&mut ida, &png(64, 64, 10)).await;
    let page = t.browser().get("/sign-in").await;
    assert!(
        logo_on(&page).is_some() && page.body.contains("alt=\"\""),
        "{}",
        page.outline()
    );
    assert!(page.body.contains("Latchstring<"), "{}", page.outline());
}

/// ASVS 5.2.2: what a file is says its content; ASVS 5.2.1: and it may not be too large.
#[tokio::test]
async fn asvs_5_2_2_what_is_no_picture_is_refused_in_words_under_the_field() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let cases: [(&[u8], &str); 8] = [
        (b"", "Choose a picture first"),
        (svg, "no PNG or JPEG"),
        (b"<!doctype html><script>alert(1)</script>", "no PNG or JPEG"),
        (b"\x89PNG\r\n\x1a\n", "no PNG or JPEG"),
        (&vec![7; 257 * 1024], "larger than 256 KB"),
        (&png(31, 31, 1), "32 to 2048 pixels"),
        (&png(2049, 300, 1), "32 to 2048 pixels"),
        (&png(400, 40, 1), "32 to 2048 pixels"),
    ];
    for (file, said) in cases {
        let refused = upload(&mut ida, file).await;
        assert_eq!(refused.location(), PAGE, "{}", refused.outline());
        let page = ida.follow().await;
        assert!(
            page.text("logo-error").contains(said),
            "{said}: {}",
            page.outline()
        );
        assert!(!page.has("sign-up-error"));
    }
    assert_eq!(t.platform.settings().version, 0);
    assert_eq!(rows!(t, (i64,), "select count(*) from logos")[0].0, 0);
    // What is no form with a file: nothing at all, a cut one, a plain one.
    for body in [Vec::new(), form("0", b"x")[..60].to_vec()] {
        let refused = send(&mut ida, "http://localhost:3000", body).await;
        assert_eq!(refused.location(), PAGE);
        ida.follow().await;
    }
    let plain = ida.scripted().post(UPLOAD, &[("logo", "x")]).await;
    assert_eq!(
        (plain.status, plain.faults()),
        (400, vec!["malformed".to_owned()])
    );
}

#[tokio::test]
async fn nobody_uploads_one_without_the_permission_a_fresh_proof_and_our_own_page() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    ida.get(PAGE).await;
    let file = form("0", &png(64, 64, 1));
    let elsewhere = send(&mut ida, "https://evil.example", file.clone()).await;
    assert_eq!(elsewhere.status, 403);
    let mut nobody = t.browser();
    let away = send(&mut nobody, "http://localhost:3000", file.clone()).await;
    assert_eq!(away.location(), "/sign-in?next=%2Fadmin%2Fsettings");
    let mut ann = staff(&t, "Ann", "ann@example.com", "auditor").await;
    let page = ann.get(PAGE).await;
    assert!(!page.has("upload-logo-button") && !page.has("remove-logo-button"));
    let mut program = ann.scripted();
    for action in [UPLOAD, REMOVE] {
        assert_eq!(program.post(action, &[]).await.status, 403, "{action}");
    }
    t.clock.advance(Duration::minutes(11));
    ida.get(PAGE).await;
    let stale = send(&mut ida, "http://localhost:3000", file).await;
    assert_eq!(stale.location(), "/confirm?next=%2Fadmin%2Fsettings");
    assert_eq!(t.platform.settings().version, 0);
}

#[tokio::test]
async fn two_who_upload_at_once_are_told_and_what_is_not_used_goes_in_the_end() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    ida.get(PAGE).await;
    let one = send(&mut ida, "http://localhost:3000", form("0", &png(64, 64, 1))).await;
    assert_eq!(one.location(), "/admin/settings?done=saved");
    let late = send(&mut ida, "http://localhost:3000", form("0", &png(64, 64, 2))).await;
    assert_eq!(late.location(), PAGE);
    let page = ida.follow().await;
    assert!(
        page.text("settings-logo").contains("changed"),
        "{}",
        page.outline()
    );
    // The same picture again is no change.
    assert_eq!(rows!(t, (i64,), "select count(*) from logos")[0].0, 1);
    let same = upload(&mut ida, &png(64, 64, 1)).await;
    assert_eq!(same.location(), "/admin/settings?done=saved");
    assert_eq!(t.platform.settings().version, 1);
    for red in [3, 4] {
        upload(&mut ida, &png(64, 64, red)).await;
    }
    assert_eq!(rows!(t, (i64,), "select count(*) from logos")[0].0, 3);
    // An undo by number of what has been changed since.
    let stale = ida.scripted().post(UNDO, &[("version", "1")]).await;
    assert_eq!(stale.faults(), ["changed-meanwhile"]);
    t.clock.advance(Duration::days(91));
    clean_up::run(&t.platform).await.unwrap();
    // The one that holds, and the one that undo would bring back.
    assert_eq!(rows!(t, (i64,), "select count(*) from logos")[0].0, 2);
}

#[tokio::test]
async fn there_is_no_other_name() {
    let t = TestHouse::new().await;
    for path in [
        "/logo/0123456789abcdef0123456789abcdef.png",
        "/logo/0123456789abcdef0123456789abcdef",
        "/logo/..%2f..%2fetc%2fpasswd.png",
        "/logo/%25.png",
        "/logo/.png",
        "/logo/0123456789ABCDEF0123456789ABCDEF.png",
    ] {
        assert_eq!(t.browser().get(path).await.status, 404, "{path}");
    }
}
