//! `/admin/import`: people from a file, as they come and as they must not.

mod hostile;
mod job;
mod passwords;

use axum::body::Body;
use axum::http::Request;
use domain::platform::jobs::run_due;

use super::staff;
use crate::house::{Browser, Page, TestHouse};

/// In what every hash of these tests was made.
const OLD_PASSWORD: &str = "Mật khẩu cũ 2019!";
/// Its hash by bcrypt, at the lowest cost.
const BCRYPT: &str = "$2b$04$QY/E.t1UzLeQ01snBNlTF.X5lQBLPKwDPbVAeWzN4k0EO7WlBkaAq";

/// Somebody who may bring people in.
async fn ida(t: &TestHouse) -> Browser {
    staff(t, "Ida Rhodes", "ida@example.com", "administrator").await
}

/// The form as a browser sends it, with a box that is ticked or not.
fn form(file: &[u8], proven: bool) -> Vec<u8> {
    let mut body = Vec::new();
    if proven {
        body.extend_from_slice(
            b"--b0undary\r\nContent-Disposition: form-data; name=\"proven\"\r\n\r\non\r\n",
        );
    }
    body.extend_from_slice(
        b"--b0undary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"people.csv\"\r\nContent-Type: text/csv\r\n\r\n",
    );
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--b0undary--\r\n");
    body
}

/// Sends a body to the path of the upload, as the form of the page does.
async fn send(browser: &mut Browser, body: Vec<u8>) -> Page {
    let post = Request::builder()
        .method("POST")
        .uri("/admin/import/upload")
        .header("origin", "http://localhost:3000")
        .header("sec-fetch-site", "same-origin")
        .header("referer", "http://localhost:3000/admin/import")
        .header("accept", "text/html")
        .header("content-type", "multipart/form-data; boundary=b0undary");
    // Piece by piece, as from a wire.
    let pieces: Vec<_> = body
        .chunks(16 << 10)
        .map(|piece| Ok::<_, std::io::Error>(piece.to_vec()))
        .collect();
    browser
        .send(post, Body::from_stream(futures_util::stream::iter(pieces)))
        .await
}

/// Brings a file that is taken; the path of its page.
async fn bring(browser: &mut Browser, file: impl AsRef<[u8]>) -> String {
    browser.get("/admin/import").await;
    let answer = send(browser, form(file.as_ref(), true)).await;
    assert_eq!(answer.status, 303, "{}", answer.outline());
    let path = answer.location();
    assert!(path.starts_with("/admin/import/"), "{path}");
    path
}

/// Makes the people of a file that was brought.
async fn make(t: &TestHouse, browser: &mut Browser, path: &str) -> Page {
    browser.get(path).await;
    assert_eq!(browser.submit("begin-button", &[]).await.location(), path);
    run_due(&t.platform).await.unwrap();
    browser.get(path).await
}

/// The report, line by line, without its head.
async fn report(browser: &mut Browser, path: &str) -> Vec<String> {
    let page = browser.get(&format!("{path}/report.csv")).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/csv; charset=utf-8");
    assert!(page.header("content-disposition").starts_with("attachment"));
    let mut lines = page.body.lines().map(str::to_owned);
    assert_eq!(lines.next().as_deref(), Some("line,email,outcome,reason"));
    lines.collect()
}
