//! The first administrator.

use chrono::Duration;
use domain::authentication::set_up::new_link;

use crate::house::{PASSWORD, TestHouse, count, rows};

const IDA: [(&str, &str); 3] = [
    ("name", "Ida Rhodes"),
    ("email", "ida@example.com"),
    ("password", PASSWORD),
];

#[tokio::test]
async fn the_link_makes_the_first_administrator_and_lets_them_in() {
    let t = TestHouse::new().await;
    let link = t.setup_link().await;
    let mut ida = t.browser();

    let page = ida.open(&link).await;
    assert_eq!(page.status, 200);
    assert!(page.has("check-database") && page.has("checks-summary"));

    let page = ida.submit("setup-button", &IDA).await;
    assert_eq!(page.location(), "/account");
    let account = ida.follow().await;
    assert_eq!(account.status, 200);
    assert!(account.text("welcome-message").contains("Ida"));

    let people = rows!(t, (String, bool), "select email, administrator from users");
    assert_eq!(people, [("ida@example.com".to_owned(), true)]);
    assert_eq!(t.audited("installation.set_up").await, 1);
    let mail = t.mail_to("ida@example.com").await;
    assert!(
        mail.subject.starts_with("You are the administrator"),
        "{}",
        mail.subject
    );
}

#[tokio::test]
async fn the_page_s_own_script_gets_the_same_in() {
    let t = TestHouse::new().await;
    let mut ida = t.script();
    ida.open(&t.setup_link().await).await;
    let answer = ida.submit("setup-button", &IDA).await;
    assert_eq!((answer.status, answer.location().as_str()), (200, "/account"));
    assert!(ida.is_signed_in().await);
    t.mail_to("ida@example.com").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_at_once_make_one_administrator() {
    let t = TestHouse::new().await;
    let link = t.setup_link().await;
    let mut people = Vec::new();
    for number in 0..64 {
        let mut browser = t.browser();
        browser.open(&link).await;
        people.push((browser, format!("person{number}@example.com")));
    }
    let attempts: Vec<_> = people
        .into_iter()
        .map(|(mut browser, email)| {
            tokio::spawn(async move {
                let fields = [("name", "Somebody"), ("email", &email), ("password", PASSWORD)];
                let page = browser.submit("setup-button", &fields).await;
                (page.location() == "/account", browser.is_signed_in().await)
            })
        })
        .collect();
    let mut let_in = 0;
    for attempt in attempts {
        let (welcomed, signed_in) = attempt.await.unwrap();
        assert_eq!(welcomed, signed_in);
        let_in += i32::from(welcomed);
    }
    assert_eq!(let_in, 1);
    assert_eq!(count!(t, "select count(*) from users"), 1);
    assert_eq!(count!(t, "select count(*) from sessions"), 1);
    assert_eq!(count!(t, "select count(*) from installations"), 1);
    assert_eq!(count!(t, "select count(*) from jobs"), 1);
    domain::platform::jobs::run_due(&t.platform).await.unwrap();
}

#[tokio::test]
async fn opening_the_link_uses_nothing_up() {
    let t = TestHouse::new().await;
    let link = t.setup_link().await;
    let mut ida = t.browser();
    for _ in 0..5 {
        assert!(ida.open(&link).await.has("setup-button"));
    }
    ida.open(&link).await;
    assert_eq!(ida.submit("setup-button", &IDA).await.location(), "/account");
    t.mail_to("ida@example.com").await;
}

/// Without script: the first look sets a cookie, the second one says whether it came back.
#[tokio::test]
async fn a_browser_that_keeps_no_cookies_is_told_so_when_it_looks_again() {
    let t = TestHouse::new().await;
    let link = t.setup_link().await;
    let mut ida = t.browser();
    let first = ida.open(&link).await;
    assert!(!first.text("check-cookie").contains("didn't send it back"));
    let again = first.link("look-again");
    let again = again.split('#').next().unwrap();
    assert!(again.ends_with("&again=1"), "{again}");
    let kept = ida.get(again).await;
    assert!(kept.has("setup-button"), "{}", kept.outline());
    assert!(!kept.text("check-cookie").contains("didn't send it back"));
    let lost = t.browser().get(again).await;
    let told = lost.text("check-cookie");
    assert!(told.contains("didn't send it back"), "{told}");
    assert!(lost.has("setup-button"));
}

#[tokio::test]
async fn a_link_that_does_not_work_has_a_page_that_says_why() {
    let t = TestHouse::new().await;
    let mut somebody = t.browser();

    let missing = somebody.get("/setup").await;
    assert_eq!(
        (missing.status, missing.heading().as_str()),
        (200, "Open the set-up link")
    );
    let unknown = somebody
        .get("/setup?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
        .await;
    assert_eq!(unknown.heading(), "This set-up link doesn't work");
    let garbage = somebody.get("/setup?token=%00%ff%3Cscript%3E").await;
    assert_eq!(garbage.heading(), "This set-up link doesn't work");

    let link = t.setup_link().await;
    t.clock.advance(Duration::minutes(59));
    assert!(somebody.open(&link).await.has("setup-button"));
    t.clock.advance(Duration::minutes(1));
    assert_eq!(
        somebody.open(&link).await.heading(),
        "This set-up link is too old"
    );

    for page in [missing, unknown, garbage] {
        assert!(!page.has("setup-button"), "{}", page.outline());
    }
}

#[tokio::test]
async fn an_expired_link_makes_nobody_though_its_form_is_still_open() {
    let t = TestHouse::new().await;
    let mut ida = t.script();
    ida.open(&t.setup_link().await).await;
    t.clock.advance(Duration::minutes(61));
    let answer = ida.submit("setup-button", &IDA).await;
    assert_eq!(
        (answer.status, answer.faults()),
        (422, vec!["link-expired".to_owned()])
    );
    assert_eq!(count!(t, "select count(*) from users"), 0);
}

#[tokio::test]
async fn a_second_link_replaces_the_first() {
    let t = TestHouse::new().await;
    let first = t.setup_link().await;
    let mut ida = t.script();
    ida.open(&first).await;
    let second = t.setup_link().await;
    let answer = ida.submit("setup-button", &IDA).await;
    assert_eq!(answer.faults(), ["link-invalid"]);
    ida.open(&second).await;
    assert_eq!(ida.submit("setup-button", &IDA).await.location(), "/account");
    t.mail_to("ida@example.com").await;
}

#[tokio::test]
async fn after_the_set_up_no_link_works_and_none_is_made() {
    let t = TestHouse::new().await;
    let link = t.setup_link().await;
    let (mut ida, mut eve) = (t.browser(), t.script());
    eve.open(&link).await;
    ida.open(&link).await;
    ida.submit("setup-button", &IDA).await;
    t.mail_to("ida@example.com").await;

    assert_eq!(new_link(&t.platform).await.unwrap(), None);
    let fields = [
        ("name", "Eve"),
        ("email", "eve@example.com"),
        ("password", PASSWORD),
    ];
    let answer = eve.submit("setup-button", &fields).await;
    assert_eq!(
        (answer.status, answer.faults()),
        (409, vec!["already-set-up".to_owned()])
    );
    assert_eq!(eve.open(&link).await.heading(), "This server is set up");
    assert_eq!(eve.get("/setup").await.heading(), "This server is set up");
    assert_eq!(count!(t, "select count(*) from users"), 1);
}

#[tokio::test]
async fn each_field_is_refused_with_its_reason_and_all_of_them_at_once() {
    let t = TestHouse::new().await;
    let mut ida = t.script();
    ida.open(&t.setup_link().await).await;
    let cases: [(Typed, &[&str]); 7] = [
        (&[("name", "")], &["name: required"]),
        (&[("name", "see https://evil.example")], &["name: name-invalid"]),
        (&[("email", "ida@localhost")], &["email: email-invalid"]),
        (
            &[("password", "14 characters!")],
            &["password: password-too-short"],
        ),
        (
            &[("password", "passwordpassword")],
            &["password: password-common"],
        ),
        (
            &[("password", "ida@example.com")],
            &["password: password-contains-identity"],
        ),
        (
            &[("name", ""), ("email", ""), ("password", "")],
            &["name: required", "email: required", "password: required"],
        ),
    ];
    for (changed, faults) in cases {
        let fields: Vec<_> = IDA.iter().chain(changed).copied().collect();
        let answer = ida.submit("setup-button", &fields).await;
        assert_eq!(
            (answer.status, answer.faults().as_slice()),
            (422, to_owned(faults).as_slice())
        );
    }
    assert_eq!(count!(t, "select count(*) from users"), 0);
}

#[tokio::test]
async fn a_refusal_without_script_comes_back_to_the_page_of_the_link_and_keeps_what_was_typed() {
    let t = TestHouse::new().await;
    let link = t.setup_link().await;
    let mut ida = t.browser();
    ida.open(&link).await;
    let fields = [IDA[0], IDA[1], ("password", "otter-kettle")];
    let refused = ida.submit("setup-button", &fields).await;
    assert!(link.ends_with(&refused.location()));
    let page = ida.follow().await;
    assert!(page.has("password-error"));
    assert_eq!(page.value("name"), "Ida Rhodes");
    assert_eq!(page.value("email"), "ida@example.com");
    assert_eq!(page.value("password"), "");
    assert_eq!(
        ida.submit("setup-button", &[("password", PASSWORD)])
            .await
            .location(),
        "/account"
    );
    t.mail_to("ida@example.com").await;
}

#[tokio::test]
async fn an_account_with_this_address_becomes_the_administrator_and_its_sessions_end() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    let early = t.member("Somebody Early", "ida@example.com").await;
    let early_elsewhere = early.on(&second);
    assert!(early.is_signed_in().await && early_elsewhere.is_signed_in().await);

    let new_password = "nine herons guard the tin lantern";
    let mut ida = t.browser();
    ida.open(&t.setup_link().await).await;
    let fields = [
        ("name", "Ida Rhodes"),
        ("email", "IDA@example.com"),
        ("password", new_password),
    ];
    assert_eq!(ida.submit("setup-button", &fields).await.location(), "/account");
    t.mail_to("ida@example.com").await;

    assert!(!early.is_signed_in().await, "the old session is over");
    assert!(!early_elsewhere.is_signed_in().await, "on the other server too");
    assert!(ida.is_signed_in().await);
    let people = rows!(t, (String, bool), "select name, administrator from users");
    assert_eq!(people, [("Ida Rhodes".to_owned(), true)]);
    assert_eq!(
        t.script().sign_in("ida@example.com", PASSWORD).await.faults(),
        ["sign-in-mismatch"]
    );
    assert_eq!(
        t.browser()
            .sign_in("ida@example.com", new_password)
            .await
            .location(),
        "/account"
    );
}

/// What somebody types, by field.
type Typed = &'static [(&'static str, &'static str)];

fn to_owned(faults: &[&str]) -> Vec<String> {
    faults.iter().map(|fault| (*fault).to_owned()).collect()
}
