//! After "this wasn't me": nothing about the account's security changes for a day, the way back is begun, and the people who run the
//! server are told.

use chrono::Duration;

use crate::export::download_path;
use crate::factors::{App, add_app, answer, at_challenge};
use crate::house::{Browser, PASSWORD, Page, TestHouse, count, logged};
use crate::recover::{ASKED, asked_for, link_in, look_after};

const ADA: &str = "ada@example.com";
const NEW_PASSWORD: &str = "nine herons guard the tin lantern";
const FROZEN: [&str; 1] = ["changes-frozen"];

/// Ada, who has an app and a copy of her data, and the link "this wasn't me" of a message to her.
async fn with_alarm(t: &TestHouse) -> (Browser, App, String) {
    let mut ada = t.member("Ada", ADA).await;
    let (app, _) = add_app(t, &mut ada).await;
    ada.get("/account/data").await;
    ada.submit("export-button", &[]).await;
    let mails = t.mails_to(ADA).await;
    let notice = mails
        .iter()
        .find(|mail| mail.subject == "An authenticator app was added")
        .expect("a notice");
    (ada, app, link_in(notice, "/not-me?token="))
}

async fn raise(t: &TestHouse, link: &str) -> Page {
    let mut anybody = t.browser();
    anybody.open(link).await;
    anybody.submit("not-me-button", &[]).await
}

/// Signs in with both factors.
async fn enter(t: &TestHouse, browser: &mut Browser, app: &App) {
    at_challenge(browser, ADA).await;
    let page = answer(browser, "totp", &app.code(t)).await;
    assert!(page.location().starts_with("/account"));
    t.clock.advance(Duration::seconds(30));
}

/// Every change that the freeze is about, by its path and fields.
const CHANGES: &[(&str, &[(&str, &str)])] = &[
    (
        "/api/change-password",
        &[("current_password", PASSWORD), ("password", NEW_PASSWORD)],
    ),
    ("/api/change-email", &[("email", "ada@new.example")]),
    ("/api/add-authenticator", &[]),
    ("/api/remove-authenticator", &[]),
    ("/api/add-mail-codes", &[]),
    ("/api/recovery-codes", &[]),
    ("/passkey/add", &[]),
    (
        "/api/remove-passkey",
        &[("id", "00000000-0000-0000-0000-000000000000")],
    ),
    (
        "/api/rename-passkey",
        &[
            ("id", "00000000-0000-0000-0000-000000000000"),
            ("label", "Mine now"),
        ],
    ),
    ("/api/export-data", &[]),
    ("/api/close-account", &[]),
    ("/api/add-phone", &[("phone", "+447400123456")]),
    ("/api/remove-phone", &[]),
    ("/api/delete-account", &[("email", ADA)]),
];

#[tokio::test]
async fn for_a_day_nobody_who_is_inside_changes_anything() {
    let t = TestHouse::new().await;
    let (before, app, link) = with_alarm(&t).await;
    assert_eq!(raise(&t, &link).await.location(), "/not-me?done=1");
    assert!(!before.is_signed_in().await, "every session is over");
    // Whoever it is, they have both factors.
    let mut inside = t.script();
    enter(&t, &mut inside, &app).await;
    t.mails_to(ADA).await;
    for (path, fields) in CHANGES {
        assert_eq!(inside.post(path, fields).await.faults(), FROZEN, "{path}");
    }
    let page = inside.get("/account").await;
    assert!(
        page.has("frozen-note") && !page.has("passkey-offer"),
        "{}",
        page.outline()
    );
    let page = inside.get("/account/data").await;
    assert!(page.has("frozen-note"));
    let download = inside.get(&download_path(&page)).await;
    assert_eq!(download.location(), "/account/data", "not handed out");
    // Nothing was changed, and nobody was mailed.
    assert_eq!(count!(t, "select count(*) from totps"), 1);
    assert_eq!(count!(t, "select count(*) from mail_factors"), 0);
    assert_eq!(count!(t, "select count(*) from email_changes"), 0);
    assert_eq!(
        count!(t, "select count(*) from users where erase_at is not null"),
        0
    );
    assert_eq!(count!(t, "select count(*) from recovery_codes"), 10);
    assert!(t.mails_to(ADA).await.is_empty());
    assert_eq!(t.audited("export.fetched").await, 0);

    // To the second.
    t.clock.advance(Duration::hours(24) - Duration::seconds(31));
    let mut inside = t.script();
    enter(&t, &mut inside, &app).await;
    t.mails_to(ADA).await;
    let typed = [("current_password", PASSWORD), ("password", NEW_PASSWORD)];
    t.clock.advance(Duration::seconds(1));
    let page = inside.get("/account/security").await;
    assert!(!page.has("frozen-note"));
    assert!(inside.get("/account").await.has("passkey-offer"));
    let answer = inside.post("/api/change-password", &typed).await;
    assert_eq!(answer.location(), "/account/security?done=password");
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn the_refusal_says_until_when_on_the_clock_of_the_person_without_script_too() {
    let t = TestHouse::new().await;
    let (_, app, link) = with_alarm(&t).await;
    let until = (t.clock.now() + Duration::hours(24))
        .format("%-d %B %Y")
        .to_string();
    raise(&t, &link).await;
    let mut ada = t.browser();
    enter(&t, &mut ada, &app).await;
    t.mails_to(ADA).await;
    for path in ["/account", "/account/security", "/account/data"] {
        let page = ada.get(path).await;
        assert!(page.text("frozen-note").contains(&until), "{path}");
    }
    ada.get("/account/security").await;
    let typed = [("current_password", PASSWORD), ("password", NEW_PASSWORD)];
    ada.submit("change-password-button", &typed).await;
    let page = ada.follow().await;
    let said = page.text("form-error");
    assert!(said.contains(&until) && said.contains("this wasn't me"), "{said}");
    ada.submit("recovery-codes-button", &[]).await;
    assert!(ada.follow().await.text("form-error").contains(&until));
    // Where the reader has a clock of their own.
    ada.get("/account/profile").await;
    ada.submit("save-profile-button", &[("time_zone", "Asia/Tokyo")])
        .await;
    ada.get("/account/security").await;
    ada.submit("change-password-button", &typed).await;
    let said = ada.follow().await.text("form-error");
    assert!(
        said.contains("JST") || said.contains("GMT+9") || said.contains("+09"),
        "{said}"
    );
}

#[tokio::test]
async fn the_ways_back_in_stay_open() {
    let t = TestHouse::new().await;
    let (_, app, link) = with_alarm(&t).await;
    raise(&t, &link).await;
    let mails = t.mails_to(ADA).await;
    let mut subjects: Vec<_> = mails.iter().map(|mail| mail.subject.as_str()).collect();
    subjects.sort_unstable();
    assert_eq!(subjects, ["Choose a new password", ASKED]);
    let reset = mails
        .iter()
        .find(|mail| mail.subject == "Choose a new password")
        .expect("the link");
    let mut back = t.browser();
    back.open(&link_in(reset, "/reset-password?token=")).await;
    let done = back
        .submit("reset-password-button", &[("password", NEW_PASSWORD)])
        .await;
    assert_eq!(done.location(), "/sign-in?reset=1");
    assert_eq!(
        back.sign_in(ADA, NEW_PASSWORD).await.location(),
        "/sign-in/challenge"
    );
    let entered = answer(&mut back, "totp", &app.code(&t)).await;
    assert_eq!(entered.location(), "/account?done=recovery-stopped");
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn an_alarm_begins_the_way_back_and_ends_one_that_was_under_way() {
    let t = TestHouse::new().await;
    let (_, _, link) = with_alarm(&t).await;
    // A stranger who reads the mailbox asked long ago, and the link is out.
    asked_for(&t, ADA).await;
    t.clock.advance(Duration::hours(72));
    look_after(&t.platform).await;
    let stale = link_in(&t.mail_to(ADA).await, "/recover/finish?token=");
    raise(&t, &link).await;
    t.mails_to(ADA).await;
    assert_eq!(t.browser().open(&stale).await.heading(), "This was stopped");
    assert_eq!(
        count!(t, "select count(*) from recoveries where ended_at is null"),
        1
    );
    t.clock.advance(Duration::hours(72) - Duration::seconds(1));
    look_after(&t.platform).await;
    assert!(t.mails_to(ADA).await.is_empty(), "the wait begins anew");
    t.clock.advance(Duration::seconds(1));
    look_after(&t.platform).await;
    let fresh = link_in(&t.mail_to(ADA).await, "/recover/finish?token=");
    let mut lost = t.browser();
    lost.open(&fresh).await;
    let done = lost
        .submit("recover-finish-button", &[("password", NEW_PASSWORD)])
        .await;
    assert_eq!(done.location(), "/sign-in?recovered=1");
    assert_eq!(
        count!(t, "select count(*) from users where frozen_until is not null"),
        0
    );
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn the_people_who_run_the_server_are_told_by_mail_and_in_the_log() {
    let t = TestHouse::new().await;
    t.admin().await;
    let (_, _, link) = with_alarm(&t).await;
    raise(&t, &link).await;
    let mail = t.mail_to("ida@example.com").await;
    assert_eq!(mail.subject, "Somebody said \"this wasn't me\"");
    assert!(mail.text.contains(ADA), "{}", mail.text);
    assert!(!mail.links.iter().any(|link| link.contains("token=")));
    assert!(logged().contains("an alarm was raised"));
    assert_eq!(t.audited("account.alarm_raised").await, 1);
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn a_change_of_address_that_waits_is_closed_and_its_link_does_nothing() {
    let t = TestHouse::new().await;
    let (mut ada, _, link) = with_alarm(&t).await;
    ada.get("/account/email").await;
    ada.submit("change-email-button", &[("email", "ada@new.example")])
        .await;
    let confirm = t.link_for("ada@new.example").await;
    raise(&t, &link).await;
    t.mails_to(ADA).await;
    let mut stranger = t.script();
    let token = confirm.split_once("token=").expect("a token").1;
    let answer = stranger.post("/api/confirm-email", &[("token", token)]).await;
    assert_eq!(answer.faults(), ["link-invalid"]);
    assert_eq!(count!(t, "select count(*) from users where email = $1", ADA), 1);
}

#[tokio::test]
async fn nothing_is_added_in_a_sign_in_either_and_the_page_says_until_when() {
    for (policy, begin) in [("required", ""), ("passkey_only", "/passkey/enrol")] {
        let t = TestHouse::new().await;
        t.member("Ada", ADA).await;
        let mut elsewhere = t.browser();
        elsewhere.sign_in(ADA, PASSWORD).await;
        let notice = t.new_device_mails_to(ADA).await;
        let link = link_in(&notice[0], "/not-me?token=");
        let settings = [("SECOND_FACTOR", policy), ("SECOND_FACTOR_GRACE_DAYS", "0")];
        let node = t.second_node_with(&settings).await;
        // What began before the alarm is over, and what begins after it adds nothing.
        let mut before = node.script();
        before.sign_in(ADA, PASSWORD).await;
        let page = before.get("/sign-in/challenge").await;
        let app = (policy == "required").then(|| App::on(&page));
        let code = |t: &TestHouse| app.as_ref().map_or_else(String::new, |app| app.code(t));
        raise(&t, &link).await;
        let fields = [("code", code(&t)), ("credential", String::new())];
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(
            before.post("/api/sign-in-enrol", &fields).await.faults(),
            ["sign-in-over"]
        );

        let mut inside = node.script();
        inside.sign_in(ADA, PASSWORD).await;
        let page = inside.get("/sign-in/challenge").await;
        assert!(
            page.has("frozen-note") && page.has("recover-link") && page.has("cancel-button"),
            "{policy}"
        );
        assert!(!page.has("totp-key") && !page.has("challenge-button"), "{policy}");
        if begin.is_empty() {
            let key = crate::house::rows!(t, (Vec<u8>,), "select sealed from totp_enrolments");
            assert!(!key.is_empty(), "one is prepared, and not shown");
            let refused = inside.post("/api/sign-in-enrol", &[("code", "123456")]).await;
            assert_eq!(refused.faults(), FROZEN);
        } else {
            assert_eq!(inside.post(begin, &[]).await.faults(), FROZEN);
            let refused = inside.post("/api/sign-in-enrol", &[("credential", "{}")]).await;
            assert_eq!(refused.faults(), FROZEN);
        }
        assert!(!inside.is_signed_in().await);
        assert_eq!(count!(t, "select count(*) from totps"), 0);
        assert_eq!(count!(t, "select count(*) from passkeys"), 0);
        t.clock.advance(Duration::hours(24));
        let mut after = node.script();
        after.sign_in(ADA, PASSWORD).await;
        assert!(
            !after.get("/sign-in/challenge").await.has("frozen-note"),
            "{policy}"
        );
        t.mails_to(ADA).await;
    }
}
