//! Which language somebody reads, on pages and in mails.

mod walk;

use axum::body::Body;
use axum::http::Request;

use crate::house::{Browser, PASSWORD, Page, TestHouse, rows, tamper};

const AN: &str = "an@example.com";

/// The language of a page.
#[track_caller]
fn spoken(page: &Page) -> &str {
    assert_eq!(page.status, 200, "{}", page.outline());
    page.header("content-language")
}

async fn door(browser: &mut Browser) -> String {
    spoken(&browser.get("/sign-in").await).to_owned()
}

/// Chooses a language at the door.
async fn choose(browser: &mut Browser, tag: &str) -> Page {
    browser.submit(&format!("language-{tag}"), &[]).await
}

/// Signs up in Vietnamese and confirms by the code.
async fn member_in_vietnamese(t: &TestHouse) -> Browser {
    let mut an = t.browser().reading("vi-VN,vi;q=0.9");
    an.sign_up("Nguyễn Thị An", AN, PASSWORD).await;
    let code = t.code_for(AN).await;
    assert_eq!(an.type_code(&code).await.location(), "/account");
    assert_eq!(t.mail_to(AN).await.subject, "Tài khoản của bạn đã sẵn sàng");
    an
}

#[tokio::test]
async fn a_page_speaks_the_language_that_the_browser_likes_best() {
    let t = TestHouse::new().await;
    let cases = [
        ("vi", "vi"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("en-GB,en;q=0.9,vi;q=0.8", "en"),
        ("fr-FR,fr;q=0.9,vi;q=0.3", "vi"),
        ("de", "en"),
        ("*", "en"),
        ("", "en"),
    ];
    for (asked, answered) in cases {
        let mut browser = t.browser().reading(asked);
        assert_eq!(door(&mut browser).await, answered, "{asked:?}");
    }
    assert_eq!(door(&mut t.browser()).await, "en");
    let page = t.browser().reading("vi").get("/sign-in").await;
    assert_eq!(page.heading(), "Mừng bạn trở lại");
    assert!(page.body.contains(r#"<html lang="vi" dir="ltr">"#));
}

#[tokio::test]
async fn a_choice_at_the_door_is_kept_and_comes_before_what_the_browser_says() {
    let t = TestHouse::new().await;
    let mut browser = t.browser().reading("en-GB");
    browser.get("/sign-up?next=/account").await;
    let answer = choose(&mut browser, "vi").await;
    assert_eq!(answer.location(), "/sign-up?next=/account");
    assert_eq!(browser.jar["latchstring-lang"], "vi");
    assert_eq!(spoken(&browser.follow().await), "vi");
    assert_eq!(door(&mut browser).await, "vi");
    // And back.
    assert_eq!(choose(&mut browser, "en").await.location(), "/sign-in");
    assert_eq!(door(&mut browser).await, "en");
    // A value that we never set says nothing.
    for value in ["fr", "VI", "", "vi-VN", "../vi"] {
        browser
            .jar
            .insert("latchstring-lang".to_owned(), value.to_owned());
        assert_eq!(door(&mut browser).await, "en", "{value:?}");
    }
}

#[tokio::test]
async fn the_choice_takes_only_languages_we_have_and_leads_only_to_pages_of_ours() {
    let t = TestHouse::new().await;
    let mut browser = t.browser();
    for referer in [
        "https://evil.example/sign-in",
        "http://localhost:3000.evil.example/sign-in",
        "http://localhost:3000//evil.example",
        "http://localhost:3000/\\evil.example",
        "javascript:alert(1)",
        "",
    ] {
        let choice = Request::builder()
            .method("POST")
            .uri("/language")
            .header("origin", "http://localhost:3000")
            .header("referer", referer)
            .header("accept", "text/html")
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = browser
            .send(choice, Body::from("lang=vi&next=//evil.example"))
            .await;
        assert_eq!(answer.location(), "/", "{referer:?}");
    }
    browser.get("/sign-in").await;
    for tag in ["fr", "vi-VN", "VI", "", "vi; Domain=evil.example"] {
        let answer = browser.post("/language", &[("lang", tag)]).await;
        assert_eq!(answer.status, 400, "{tag:?}");
        assert!(answer.cookies().is_empty(), "{tag:?}");
    }
    let json = Request::builder()
        .method("POST")
        .uri("/language")
        .header("origin", "http://localhost:3000")
        .header("content-type", "application/json");
    let answer = browser.send(json, Body::from(r#"{"lang":"vi"}"#)).await;
    assert_eq!(answer.status, 415);
}

#[tokio::test]
async fn a_sign_up_keeps_the_language_of_its_page_in_its_mails_and_its_account() {
    let t = TestHouse::new().await;
    let mut an = t.browser().reading("vi");
    an.sign_up("Nguyễn Thị An", AN, PASSWORD).await;
    let first = t.mail_to(AN).await;
    assert_eq!(first.subject, "Xác nhận địa chỉ của bạn");
    assert!(first.text.starts_with("Chào Nguyễn Thị An."), "{}", first.text);
    // Sent again from a browser that asks for English: it is still the same sign-up.
    let mut an = an.reading("en");
    an.get("/sign-up/verify").await;
    an.submit("resend-button", &[]).await;
    let link = t.link_for(AN).await;
    // Opened on a device that speaks English.
    let mut elsewhere = t.browser().reading("en");
    assert_eq!(spoken(&elsewhere.open(&link).await), "en");
    let answer = elsewhere.submit("verify-button", &[("password", PASSWORD)]).await;
    assert_eq!(answer.location(), "/account");
    assert_eq!(t.mail_to(AN).await.subject, "Tài khoản của bạn đã sẵn sàng");
    assert_eq!(
        rows!(t, (String,), "select locale from users"),
        [("vi".to_owned(),)]
    );

    let account = elsewhere.follow().await;
    assert_eq!(spoken(&account), "vi", "the account's language comes first");
    assert_eq!(account.text("welcome-message"), "Chào Nguyễn Thị An");
    assert!(account.body.contains("ngày 2 tháng 3, 2026 (giờ UTC)"));
    assert!(
        !account.body.contains("language-en"),
        "an account has its own setting"
    );
    // The door goes on in the language of whoever went out.
    elsewhere.sign_out().await;
    assert_eq!(spoken(&elsewhere.follow().await), "vi");
}

#[tokio::test]
async fn a_choice_at_the_door_does_not_change_the_account() {
    let t = TestHouse::new().await;
    member_in_vietnamese(&t).await;
    let mut an = t.browser().reading("en");
    an.get("/sign-in").await;
    let fields = [("email", AN), ("password", PASSWORD), ("remember", "")];
    assert_eq!(an.submit("sign-in-button", &fields).await.location(), "/account");
    assert_eq!(spoken(&an.follow().await), "vi");
    // An account with a language that we don't have, or no longer have, is spoken to in English.
    tamper!(t, "update users set locale = 'tlh'");
    let mut other = t.browser().reading("vi");
    other.sign_in(AN, PASSWORD).await;
    assert_eq!(spoken(&other.follow().await), "en");
}

#[tokio::test]
async fn mails_to_somebody_with_an_account_are_in_the_language_of_the_account() {
    let t = TestHouse::new().await;
    member_in_vietnamese(&t).await;
    // Whoever asks reads English.
    t.browser().sign_up("Somebody Else", AN, PASSWORD).await;
    assert_eq!(t.mail_to(AN).await.subject, "Bạn đã có tài khoản rồi");
    let mut stranger = t.browser();
    stranger.get("/forgot-password").await;
    stranger.submit("forgot-password-button", &[("email", AN)]).await;
    let mail = t.mail_to(AN).await;
    assert_eq!(mail.subject, "Đặt mật khẩu mới");
    stranger
        .open(mail.links.iter().find(|l| l.contains("token=")).unwrap())
        .await;
    let new = [("password", "nine herons guard the tin lantern")];
    stranger.submit("reset-password-button", &new).await;
    assert_eq!(t.mail_to(AN).await.subject, "Mật khẩu của bạn vừa được đổi");
}

#[tokio::test]
async fn the_first_administrator_gets_the_language_of_the_set_up() {
    let t = TestHouse::new().await;
    let mut ida = t.browser().reading("vi");
    ida.open(&t.setup_link().await).await;
    let fields = [
        ("name", "Ida Rhodes"),
        ("email", "ida@example.com"),
        ("password", PASSWORD),
    ];
    ida.submit("setup-button", &fields).await;
    assert_eq!(spoken(&ida.follow().await), "vi");
    let mail = t.mail_to("ida@example.com").await;
    assert_eq!(mail.subject, "Bạn là quản trị viên của localhost:3000");
}

#[tokio::test]
async fn refusals_and_errors_are_told_in_the_reader_s_language() {
    let t = TestHouse::new().await;
    let mut script = t.script().reading("vi");
    let refused = script.sign_in("an@example", "not a password").await;
    assert_eq!(refused.header("content-language"), "vi");
    let detail = refused.json()["errors"][0]["detail"].as_str().unwrap().to_owned();
    assert_eq!(
        detail,
        "Trông chưa giống địa chỉ email. Địa chỉ có dạng name@example.com."
    );

    let nowhere = t.browser().reading("vi").get("/no/such/page").await;
    assert_eq!(
        (nowhere.status, nowhere.heading().as_str()),
        (404, "Ở đây không có gì")
    );
    // Before any page: the layer that dresses bare errors reads the wish by itself.
    let wrong_host = Request::builder()
        .uri("/sign-in")
        .header("host", "evil.example")
        .header("accept", "text/html");
    let page = t.browser().reading("vi").send(wrong_host, Body::empty()).await;
    assert_eq!((page.status, page.heading().as_str()), (421, "Nhầm nhà rồi"));
    let program = t.api().reading("vi").fetch("/no/such/page").await;
    assert_eq!(program.header("content-language"), "vi");
    let detail = program.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("Có thể địa chỉ gõ nhầm"), "{detail}");
    // And of somebody who is signed in, the account's language.
    let mut an = member_in_vietnamese(&t).await.reading("en");
    assert_eq!(an.get("/no/such/page").await.heading(), "Ở đây không có gì");
}
