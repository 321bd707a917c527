//! The database goes away in the middle of a sign-in, a ceremony, a recovery: every answer says so in the dress of its reader, and
//! nothing is half done when it is back.

use domain::platform::Platform;
use domain::sql;

use crate::factors::{CHALLENGE, at_challenge, with_app};
use crate::house::{Browser, PASSWORD, Page, TestHouse};
use crate::recover::{asked_for, waited};

const ADA: &str = "ada@example.com";
const NEW_PASSWORD: &str = "nine herons guard the tin lantern";

/// A form: its path, its fields, and who sends it.
type Sent<'a> = (&'a str, Vec<(&'a str, &'a str)>, &'a Browser);

/// What could be half done, as rows.
async fn rows(platform: &Platform) -> Vec<i64> {
    platform
        .db
        .read(async |tx| {
            let mut counts = Vec::new();
            for (count,) in [
                sql!(tx, fetch_one(i64,), "select count(*) from sessions")?,
                sql!(
                    tx,
                    fetch_one(i64,),
                    "select count(*) from sign_ins where ended_at is null"
                )?,
                sql!(
                    tx,
                    fetch_one(i64,),
                    "select count(*) from recoveries where ended_at is null"
                )?,
                sql!(
                    tx,
                    fetch_one(i64,),
                    "select count(*) from recovery_codes where used_at is null"
                )?,
                sql!(tx, fetch_one(i64,), "select count(*) from passkey_challenges")?,
                sql!(tx, fetch_one(i64,), "select count(*) from factor_failures")?,
                sql!(tx, fetch_one(i64,), "select count(*) from audit_events")?,
                sql!(tx, fetch_one(i64,), "select count(*) from jobs")?,
            ] {
                counts.push(count);
            }
            Ok(counts)
        })
        .await
        .unwrap()
}

/// The dressed page, and no cookie that would take something away.
fn assert_page(page: &Page, path: &str) {
    assert_eq!(page.status, 503, "{path}: {}", page.outline());
    assert!(
        page.header("content-type").starts_with("text/html") && !page.heading().is_empty(),
        "{path}: {}",
        page.outline()
    );
    assert!(
        page.cookies().is_empty(),
        "{path}: the cookies stay: {:?}",
        page.cookies()
    );
}

#[tokio::test]
async fn no_way_in_is_half_gone_when_the_database_is_lost() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let (ada, app, codes) = with_app(&t, "Ada", ADA).await;
    let cancel = asked_for(&t, ADA).await;
    let finish = waited(&t, ADA).await;
    let token = |link: &str| link.split_once("token=").unwrap().1.to_owned();
    let (cancel, finish) = (token(&cancel), token(&finish));
    let mut door = t.browser();
    at_challenge(&mut door, ADA).await;
    let ceremony = door.post("/passkey/sign-in", &[]).await;
    assert_eq!(ceremony.status, 200, "{}", ceremony.outline());
    let code = app.code(&t);
    t.mails_to(ADA).await;

    let second = t.second_node().await;
    let before = rows(&second.platform).await;
    t.ignore_jobs();
    t.platform.db.close().await;

    let pages = [
        CHALLENGE.to_owned(),
        "/account/security/passkey".to_owned(),
        "/confirm".to_owned(),
        format!("/recover/finish?token={finish}"),
        format!("/recover/cancel?token={cancel}"),
    ];
    for path in &pages {
        // Whoever is signed in gets the passkey's page, the other one that of the sign-in.
        let mut browser = if path == CHALLENGE {
            door.clone()
        } else {
            ada.clone()
        };
        assert_page(&browser.get(path).await, path);
    }
    let forms: [Sent<'_>; 13] = [
        ("/passkey/sign-in", vec![], &door),
        ("/passkey/challenge", vec![], &door),
        ("/passkey/confirm", vec![], &ada),
        ("/passkey/add", vec![], &ada),
        (
            "/api/sign-in-challenge",
            vec![("factor", "totp"), ("code", &code)],
            &door,
        ),
        (
            "/api/sign-in-challenge",
            vec![("factor", "recovery"), ("code", &codes[0])],
            &door,
        ),
        ("/api/sign-in-challenge-send", vec![("factor", "mail")], &door),
        ("/api/sign-in-enrol", vec![("code", &code)], &door),
        ("/api/confirm", vec![("factor", "totp"), ("code", &code)], &ada),
        ("/api/recover", vec![("email", ADA)], &door),
        (
            "/api/recover-finish",
            vec![("token", &finish), ("password", NEW_PASSWORD)],
            &door,
        ),
        ("/api/recover-cancel", vec![("token", &cancel)], &door),
        (
            "/api/sign-in",
            vec![("email", ADA), ("password", PASSWORD)],
            &door,
        ),
    ];
    for (path, fields, browser) in &forms {
        let mut script = t.script();
        script.jar = browser.jar.clone();
        let answer = script.post(path, fields).await;
        assert_eq!(answer.status, 503, "{path}: {}", answer.outline());
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{path}"
        );
        assert!(answer.cookies().is_empty(), "{path}: {:?}", answer.cookies());
        if path.starts_with("/passkey/") {
            continue;
        }
        let mut plain = (*browser).clone();
        let answer = plain.post(path, fields).await;
        if answer.status == 303 {
            // Back to its page, with what was refused in a cookie; and that page says what is wrong.
            let kept: Vec<_> = answer.cookies();
            assert!(
                kept.iter().all(|cookie| cookie.name().ends_with("-flash")),
                "{path}: {kept:?}"
            );
            let page = plain.follow().await;
            assert_eq!(page.status, 503, "{path}: {}", page.outline());
        } else {
            assert_page(&answer, path);
        }
    }
    assert_eq!(rows(&second.platform).await, before);
}
