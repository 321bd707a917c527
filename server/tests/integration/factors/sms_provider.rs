//! Text messages on their way to a provider that takes them, refuses, stumbles or lies (SECURITY-BAR F-13): a real server for
//! the real client.

use chrono::Duration;
use domain::platform::jobs;

use super::ADA;
use super::sms::{PHONE, refused};
use crate::house::{ACCOUNT, Browser, Manner, PASSWORD, Provider, TOKEN, TestHouse, logged, rows};

/// A house with a provider, and somebody in it who may add a telephone.
async fn with_provider(more: &[(&str, &str)]) -> (Provider, TestHouse, Browser) {
    let provider = Provider::start().await;
    let mut settings = provider.settings();
    settings.push(("RATE_LIMITS", "off"));
    settings.extend(more);
    let t = TestHouse::with(&settings).await;
    t.keep_secret(PHONE);
    t.keep_secret(TOKEN);
    let mut ada = t.script();
    ada.sign_up("Ada", ADA, PASSWORD).await;
    let code = t.code_for(ADA).await;
    ada.type_code(&code).await;
    t.mails_to(ADA).await;
    (provider, t, ada)
}

async fn wish(browser: &mut Browser) -> Vec<String> {
    refused(&browser.post("/api/add-phone", &[("phone", PHONE)]).await)
}

/// The state of the message's job, how often it was tried, and what an operator reads about it.
async fn job(t: &TestHouse) -> (String, i64, Option<String>) {
    rows!(
        t,
        (String, i64, Option<String>),
        "select state, attempts, last_error from jobs where kind = 'send-sms' order by created_at desc limit 1"
    )
    .remove(0)
}

#[tokio::test]
async fn the_provider_gets_one_message_and_nothing_of_it_is_logged() {
    let (provider, t, mut ada) = with_provider(&[("PRODUCT_NAME", "Haus")]).await;
    assert!(wish(&mut ada).await.is_empty());
    jobs::run_due(&t.platform).await.unwrap();
    let arrived = provider.arrived();
    assert_eq!(arrived.len(), 1);
    let message = &arrived[0];
    assert_eq!(message.method, "POST");
    assert_eq!(
        message.path,
        format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
    );
    assert!(message.headers["authorization"].starts_with("Basic "));
    assert_eq!(
        message.headers["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(
        (message.fields["To"].as_str(), message.fields["From"].as_str()),
        (PHONE, "+12015550123")
    );
    let text = &message.fields["Body"];
    let code = text.rsplit('#').next().unwrap().to_owned();
    assert!(
        code.len() == 6 && text.starts_with(&format!("{code} is your Haus code.")),
        "{text}"
    );
    assert!(text.ends_with(&format!("\n@localhost #{code}")), "{text}");
    t.keep_secret(&code);
    // The code proves the number, and the job has forgotten what it carried.
    let done = ada.post("/api/confirm-phone", &[("code", &code)]).await;
    assert_eq!(done.location(), "/account/security/recovery-codes");
    assert_eq!(job(&t).await.0, "done");
    assert_eq!(
        rows!(
            t,
            (i64,),
            "select cast(length(payload) as bigint) from jobs where kind = 'send-sms'"
        ),
        [(0,)]
    );
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn f_13_a_refusal_is_for_good_and_what_may_pass_is_tried_while_the_code_works() {
    const QUOTES_THE_NUMBER: &str =
        r#"{"code":21211,"message":"The 'To' number +447400123456 is not valid","status":400}"#;
    const NO: &str = r#"{"code":20003,"message":"Authenticate","status":401}"#;
    for (manner, state, said) in [
        (
            Manner::Says(400, QUOTES_THE_NUMBER),
            "dead",
            "the provider said 400, fault 21211",
        ),
        (
            Manner::Says(401, NO),
            "dead",
            "the provider said 401, fault 20003",
        ),
        (
            Manner::Says(200, NO),
            "dead",
            "the provider said 200, fault 20003",
        ),
        (Manner::Says(200, "<html>"), "dead", "the provider said 200"),
        (
            Manner::Redirects("http://127.0.0.1:9/elsewhere"),
            "dead",
            "the provider said 307",
        ),
        (Manner::Says(429, "{}"), "ready", "the provider said 429"),
        (Manner::Says(500, "oops"), "ready", "the provider said 500"),
        (Manner::Says(503, ""), "ready", "the provider said 503"),
        (Manner::HangsUp, "ready", "no answer in HTTP/1"),
    ] {
        let (provider, t, mut ada) = with_provider(&[]).await;
        t.ignore_jobs();
        provider.behave(manner);
        assert!(
            wish(&mut ada).await.is_empty(),
            "the page promises, the worker keeps"
        );
        jobs::run_due(&t.platform).await.unwrap();
        let (is, tries, error) = job(&t).await;
        let error = error.unwrap_or_default();
        assert_eq!((is.as_str(), tries), (state, 1), "{manner:?}");
        assert!(
            error.starts_with(said) && !error.contains("7400"),
            "{manner:?}: {error}"
        );
        if state == "dead" {
            continue;
        }
        provider.behave(Provider::TAKES);
        t.clock.advance(Duration::seconds(10));
        jobs::run_due(&t.platform).await.unwrap();
        assert_eq!(job(&t).await.0, "done", "{manner:?}");
        let codes: Vec<_> = provider
            .arrived()
            .into_iter()
            .map(|message| message.fields["Body"].clone())
            .collect();
        assert_eq!(codes.len(), 2);
        assert_eq!(codes[0], codes[1], "the same message");
    }
    assert!(!logged().contains("+447400123456") && !logged().contains(TOKEN));
}

#[tokio::test]
async fn cve_2024_8122_nothing_is_sent_when_the_code_works_no_longer() {
    let (provider, t, mut ada) = with_provider(&[]).await;
    provider.behave(Manner::Says(503, ""));
    wish(&mut ada).await;
    let start = t.clock.now();
    while t.clock.now() - start < Duration::minutes(10) {
        jobs::run_due(&t.platform).await.unwrap();
        t.clock.advance(Duration::seconds(30));
    }
    let tries = provider.arrived().len();
    assert!((4..=12).contains(&tries), "{tries}");
    t.clock.advance(Duration::hours(1));
    jobs::run_due(&t.platform).await.unwrap();
    assert_eq!(provider.arrived().len(), tries, "too late");
    assert_eq!(job(&t).await.0, "done");
}

#[tokio::test]
async fn f_13_the_cap_holds_whatever_the_provider_says() {
    let (provider, t, mut ada) = with_provider(&[("SMS_PER_DAY", "4")]).await;
    t.ignore_jobs();
    let try_for_a_while = async || {
        for _ in 0..20 {
            jobs::run_due(&t.platform).await.unwrap();
            t.clock.advance(Duration::seconds(25));
        }
    };
    // What was surely not sent costs nothing.
    provider.behave(Manner::Says(503, ""));
    wish(&mut ada).await;
    try_for_a_while().await;
    let free = provider.arrived().len();
    assert!(free > 4, "{free}");
    // What may have been sent is counted each time.
    provider.behave(Manner::HangsUp);
    t.clock.advance(Duration::minutes(10));
    jobs::run_due(&t.platform).await.unwrap();
    let before = provider.arrived().len();
    // The proof of before is too old by now.
    let mut ada = t.script();
    ada.sign_in(ADA, PASSWORD).await;
    wish(&mut ada).await;
    try_for_a_while().await;
    assert_eq!(provider.arrived().len() - before, 4);
    let (state, _, error) = job(&t).await;
    assert_eq!(state, "dead");
    assert!(error.unwrap_or_default().contains("sms.per_day"));
    provider.behave(Provider::TAKES);
    assert_eq!(wish(&mut ada).await, ["sms-spent"]);
}

#[tokio::test]
async fn f_13_a_provider_that_never_answers_holds_up_neither_the_person_nor_the_queue() {
    let (provider, t, mut ada) = with_provider(&[]).await;
    provider.behave(Manner::Silent);
    assert!(wish(&mut ada).await.is_empty());
    let meanwhile = async {
        while provider.arrived().is_empty() {
            tokio::task::yield_now().await;
        }
        // The page says where the code goes, and what to do when none comes.
        let page = ada.get("/account/security/phone").await;
        assert!(
            page.has("confirm-phone-button") && page.has("send-code-button"),
            "{}",
            page.outline()
        );
        assert!(
            page.body.contains("See whether the phone has a signal"),
            "{}",
            page.outline()
        );
        // All other mail goes out.
        let mut bob = t.browser();
        bob.sign_up("Bob", "bob@example.com", PASSWORD).await;
        let code = t.code_for("bob@example.com").await;
        assert_eq!(bob.type_code(&code).await.location(), "/account");
        t.mails_to("bob@example.com").await;
        assert_eq!(job(&t).await.0, "running", "the worker still waits");
    };
    let (ran, ()) = tokio::join!(jobs::run_due(&t.platform), meanwhile);
    ran.unwrap();
    let (state, tries, error) = job(&t).await;
    assert_eq!((state.as_str(), tries), ("ready", 1));
    assert_eq!(error.as_deref(), Some("no answer within 10 s"));
    // It is tried again, and the code that arrives is the one that works.
    provider.behave(Provider::TAKES);
    t.clock.advance(Duration::seconds(10));
    jobs::run_due(&t.platform).await.unwrap();
    assert_eq!(job(&t).await.0, "done");
    let text = provider.arrived().pop().unwrap().fields["Body"].clone();
    let code = text.rsplit('#').next().unwrap().to_owned();
    t.keep_secret(&code);
    let done = ada.post("/api/confirm-phone", &[("code", &code)]).await;
    assert_eq!(done.location(), "/account/security/recovery-codes");
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn an_answer_without_end_is_read_up_to_a_limit() {
    let (provider, t, mut ada) = with_provider(&[]).await;
    t.ignore_jobs();
    provider.behave(Manner::Endless);
    wish(&mut ada).await;
    jobs::run_due(&t.platform).await.unwrap();
    assert_eq!(
        job(&t).await.0,
        "dead",
        "a yes without the id of a message, and no second try"
    );
}

#[tokio::test]
async fn doctor_looks_whether_the_provider_takes_the_account() {
    let (provider, t, _) = with_provider(&[]).await;
    for (manner, status, message) in [
        (Manner::Says(200, "{}"), "ok", "check-sms-ok"),
        (Manner::Says(401, "{}"), "warn", "check-sms-login"),
        (Manner::Says(404, "{}"), "warn", "check-sms-fail"),
    ] {
        provider.behave(manner);
        let ended = t.tries(&["doctor", "--json"], &[], "").await;
        let findings = ended.json();
        let sms = findings
            .as_array()
            .unwrap()
            .iter()
            .find(|finding| finding["check"] == "sms")
            .unwrap();
        assert_eq!(
            (&sms["status"], &sms["message"]),
            (&status.into(), &message.into()),
            "{sms}"
        );
        assert!(!ended.out.contains(TOKEN) && !ended.err.contains(TOKEN));
    }
    let asked = provider.arrived();
    assert!(
        asked
            .iter()
            .all(|call| call.method == "GET" && call.path == format!("/2010-04-01/Accounts/{ACCOUNT}.json"))
    );
    let none = t
        .tries(&["doctor", "--json"], &[("SMS_PROVIDER", "off")], "")
        .await;
    assert!(
        none.json()
            .as_array()
            .unwrap()
            .iter()
            .all(|finding| finding["check"] != "sms")
    );
}
