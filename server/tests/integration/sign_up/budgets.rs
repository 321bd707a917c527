//! What one address bears, however many clients ask (`sign_up_budget`).

use chrono::Duration;
use domain::authentication::sign_up_budget::{CODES_A_DAY, MAILS_AN_HOUR};

use super::ADA;
use crate::house::{PASSWORD, TestHouse};

#[tokio::test]
async fn an_address_gets_five_mails_an_hour_and_the_answers_stay_the_same() {
    let t = TestHouse::new().await;
    let mut answers = Vec::new();
    for _ in 0..MAILS_AN_HOUR + 3 {
        let mut stranger = t.script();
        answers.push(stranger.sign_up("Ada", ADA, PASSWORD).await.outline());
    }
    assert_eq!(i64::try_from(t.mails_to(ADA).await.len()).unwrap(), MAILS_AN_HOUR);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    t.clock.advance(Duration::hours(1));
    t.script().sign_up("Ada", ADA, PASSWORD).await;
    assert_eq!(
        t.mails_to(ADA).await.len(),
        1,
        "an hour later there is a mail again"
    );
}

#[tokio::test]
async fn after_fifty_guesses_in_a_day_only_the_link_still_works() {
    // No limits per client: the budget alone must hold.
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let mut looked_at = 0;
    while looked_at < CODES_A_DAY {
        let mut stranger = t.script();
        stranger.sign_up("Ada", ADA, PASSWORD).await;
        // Five tries end a code, and after the third one each has to wait.
        for _ in 0..5 {
            stranger.type_code("000000").await;
            looked_at += 1;
            t.clock.advance(Duration::seconds(11));
        }
        t.mails_to(ADA).await;
    }
    t.clock.advance(Duration::hours(1));
    let mut ada = t.script();
    ada.sign_up("Ada", ADA, PASSWORD).await;
    let mail = t.mail_to(ADA).await;
    let code = mail.code.clone().unwrap();
    assert_eq!(ada.type_code(&code).await.faults(), ["code: code-expired"]);
    ada.open(mail.links.iter().find(|link| link.contains("token=")).unwrap())
        .await;
    assert_eq!(ada.submit("verify-button", &[]).await.location(), "/account");
    t.mail_to(ADA).await;
}
