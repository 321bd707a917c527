//! What lies in the database of second factors, and for how long.

use chrono::Duration;
use domain::platform::clean_up;
use totp_rs::Secret;

use super::sms::{PHONE, add_phone, ask};
use super::{ADA, BOB, CHALLENGE, add_mail, answer, at_challenge, with_app};
use crate::at_rest::{hex, lie_nowhere};
use crate::house::{TestHouse, count, rows};

#[tokio::test]
async fn no_key_and_no_code_lies_in_the_database_as_it_is() {
    let t = TestHouse::new().await;
    let (_, app, codes) = with_app(&t, "Ada", ADA).await;
    add_mail(&mut t.member("Bob", BOB).await).await;
    t.mails_to(BOB).await;

    let mut browser = t.browser();
    at_challenge(&mut browser, BOB).await;
    let mailed = t.code_for(BOB).await;
    let mut ada = t.browser();
    at_challenge(&mut ada, ADA).await;
    let code = app.code(&t);
    ada.submit("challenge-button", &[("code", &code), ("trust", "on")])
        .await;

    let key = Secret::try_from_base32(&app.0).unwrap();
    let mut secrets = vec![
        ("the key", app.0.clone()),
        ("the key in hex", hex(key.as_bytes())),
        ("a mailed code", mailed),
    ];
    secrets.extend(codes.iter().flat_map(|code| {
        let together = code.replace([' ', '-'], "");
        [
            ("a recovery code", code.clone()),
            ("a recovery code together", together),
        ]
    }));
    let cookies = browser.jar.iter().chain(&ada.jar);
    secrets.extend(cookies.map(|(_, value)| ("a cookie", value.clone())));
    assert!(secrets.len() > 20, "{}", secrets.len());
    lie_nowhere(&t, &secrets).await;
}

#[tokio::test]
async fn a_rotation_seals_numbers_anew_those_that_are_being_added_too() {
    const OTHER: &str = "+84912345678";
    let t = TestHouse::new().await;
    add_phone(&t, &mut t.member("Ada", ADA).await, PHONE).await;
    let mut bob = t.member("Bob", BOB).await;
    bob.get("/account/security/phone").await;
    bob.submit("add-phone-button", &[("phone", OTHER)]).await;
    let code = t.code_for(OTHER).await;
    let keys = async || {
        rows!(
            t,
            (Vec<u8>,),
            "select distinct substr(sealed, 2, 4) from phones union select substr(sealed, 2, 4) from phone_enrolments"
        )
    };
    let old = t.platform.keys.current_id();
    assert_eq!(keys().await, [(old.to_vec(),)]);
    let said = t.operator(&["key", "rotate"], "").await;
    assert!(said.contains("The master key is now"), "{said}");
    t.platform.keys.refresh();
    let new = t.platform.keys.current_id();
    assert!(new != old && keys().await == [(new.to_vec(),)]);

    // Each is still the number that it was.
    bob.get("/account/security/phone").await;
    let added = bob.submit("confirm-phone-button", &[("code", &code)]).await;
    assert_eq!(added.location(), "/account/security/recovery-codes");
    assert!(
        bob.get("/account/security")
            .await
            .text("sms-state")
            .contains("•••• 78")
    );
    let mut ada = t.browser();
    at_challenge(&mut ada, ADA).await;
    let code = ask(&t, &mut ada, PHONE).await;
    assert_eq!(answer(&mut ada, "sms", &code).await.location(), "/account");
    for somebody in [ADA, BOB] {
        t.mails_to(somebody).await;
    }
    t.ignore_jobs();
}

#[tokio::test]
async fn what_has_expired_is_deleted() {
    let t = TestHouse::new().await;
    let (mut ada, app, _) = with_app(&t, "Ada", ADA).await;
    add_mail(&mut t.member("Bob", BOB).await).await;
    t.mails_to(BOB).await;
    let mut trusting = t.browser();
    at_challenge(&mut trusting, ADA).await;
    let code = app.code(&t);
    trusting
        .submit("challenge-button", &[("code", &code), ("trust", "on")])
        .await;
    t.clock.advance(Duration::seconds(30));

    // All at one moment: the clock stands.
    ada.get("/confirm").await;
    ada.submit("confirm-button", &[("code", &app.code(&t))]).await;
    ada.get("/account/security").await;
    ada.submit("add-authenticator-button", &[]).await;
    let mut waiting = t.browser();
    at_challenge(&mut waiting, BOB).await;
    answer(&mut waiting, "mail", "000000").await;
    assert_eq!(waiting.get(CHALLENGE).await.status, 200);

    for somebody in [ADA, BOB] {
        t.mails_to(somebody).await;
    }

    let rows = async || {
        [
            count!(t, "select count(*) from totp_enrolments"),
            count!(t, "select count(*) from mail_codes"),
            count!(t, "select count(*) from sign_ins"),
            count!(t, "select count(*) from trusted_devices"),
        ]
    };
    let [_, mailed, sign_ins, _] = rows().await;
    assert!(mailed >= 1 && sign_ins >= 1, "{mailed} {sign_ins}");
    let (hour, day) = (Duration::hours(1), Duration::days(1));
    let start = t.clock.now();
    // As docs/security/data.md has it: the longest that each may still be there.
    let times = [
        (0, hour),
        (1, day + Duration::minutes(10)),
        (2, day + Duration::minutes(15)),
        (3, day * 30),
    ];
    for (table, age) in times {
        let early = start + age - Duration::minutes(1);
        t.clock.advance(early - t.clock.now());
        clean_up::run(&t.platform).await.unwrap();
        assert!(rows().await[table] > 0, "{table}: a minute before {age}");
        t.clock.advance(Duration::minutes(1));
        clean_up::run(&t.platform).await.unwrap();
        assert_eq!(rows().await[table], 0, "{table}: {age} later");
    }
    assert_eq!(
        count!(t, "select count(*) from totps"),
        1,
        "the app is still there"
    );
    assert_eq!(count!(t, "select count(*) from mail_factors"), 1);
}
