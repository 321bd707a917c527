//! Taking a second factor away, and shortening a way back.

use chrono::Duration;

use super::{ADA, boss, deed, details, id_of, page_of, refused};
use crate::factors::{App, CHALLENGE, at_challenge, with_app};
use crate::house::{PASSWORD, TestHouse, count, rows};
use crate::passkeys::{Device, add};
use crate::recover::{asked_for, look_after};

const REMOVE: &str = "/api/admin-remove-factor";
const WITH_REASON: (&str, &str) = ("reason", "lost her phone");

#[tokio::test]
async fn asvs_6_4_4_a_factor_is_taken_away_audited_and_told_and_every_device_is_signed_out() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let (ada, ..) = with_app(&t, "Ada", ADA).await;
    let page = page_of(&t, &mut ida, ADA).await;
    assert!(page.text("person-factor").contains("Authenticator app"));
    let id = id_of(&t, ADA).await;
    let page = ida.get(&format!("/admin/users/{id}/factor?what=totp")).await;
    assert!(
        page.text("will-do").contains("1 device is signed out"),
        "{}",
        page.outline()
    );
    let gone = ida.submit("remove-factor-button", &[WITH_REASON]).await;
    assert!(gone.location().ends_with("?done=factor"), "{}", gone.outline());
    assert!(!ada.is_signed_in().await);
    let mail = t.mail_to(ADA).await;
    assert_eq!(mail.subject, "Your authenticator app was removed");
    assert!(mail.text.contains("by the people who run"), "{}", mail.text);
    assert!(
        !mail.text.contains("address 10."),
        "not from where the operator sits"
    );
    assert_eq!(
        count!(t, "select count(*) from recovery_codes"),
        10,
        "the codes of the administrator"
    );
    let detail = details(&t, "factor.removed_by_operator").await;
    assert!(
        detail[0].contains("lost her phone") && detail[0].contains("totp"),
        "{detail:?}"
    );
    let changes = rows!(
        t,
        (String, String),
        "select was, became from audit_events where kind = 'factor.removed_by_operator'"
    );
    assert_eq!(
        changes,
        [(r#"{"factors":"totp"}"#.into(), r#"{"factors":""}"#.into())]
    );
    // The policy asks nothing of her: the password is enough.
    assert_eq!(t.browser().sign_in(ADA, PASSWORD).await.location(), "/account");
    let again = deed(&ida, REMOVE, id, &[("what", "totp"), WITH_REASON]).await;
    assert_eq!(refused(&again), "factor-unknown");
}

#[tokio::test]
async fn whoever_must_have_a_factor_enrols_at_the_next_sign_in_whatever_grace_they_had() {
    let t = TestHouse::with(&[("SECOND_FACTOR", "required"), ("SECOND_FACTOR_GRACE_DAYS", "30")]).await;
    let ida = boss(&t).await;
    with_app(&t, "Ada", ADA).await;
    let id = id_of(&t, ADA).await;
    let page = deed(&ida, REMOVE, id, &[("what", "totp"), WITH_REASON]).await;
    assert_eq!(refused(&page), "");
    t.mails_to(ADA).await;
    let mut ada = t.browser();
    assert_eq!(ada.sign_in(ADA, PASSWORD).await.location(), CHALLENGE);
    assert!(!ada.is_signed_in().await);
    let page = ada.get(CHALLENGE).await;
    let app = App::on(&page);
    let answer = ada.submit("challenge-button", &[("code", &app.code(&t))]).await;
    assert_eq!(
        answer.location(),
        "/account/security/recovery-codes",
        "{}",
        answer.outline()
    );
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn one_passkey_goes_and_another_persons_never() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let mut ada = t.member("Ada", ADA).await;
    let mut bob = t.member("Bob", "bob@example.com").await;
    let (mut first, mut second, mut bobs) = (Device::synced(), Device::synced(), Device::synced());
    add(&mut ada, &mut first).await;
    // Whoever has one shows it before adding another.
    crate::passkeys::sign_in(&mut ada, &mut first).await;
    t.clock.advance(chrono::Duration::seconds(1));
    add(&mut ada, &mut second).await;
    add(&mut bob, &mut bobs).await;
    t.mails_to(ADA).await;
    t.mails_to("bob@example.com").await;
    let id = id_of(&t, ADA).await;
    let of_bob = rows!(
        t,
        (uuid::Uuid,),
        "select p.id from passkeys p join users u on u.id = p.user_id where u.name = 'Bob'"
    )[0]
    .0;
    for (what, code) in [
        (of_bob.to_string(), "passkey-unknown"),
        (uuid::Uuid::nil().to_string(), "passkey-unknown"),
        ("recovery".into(), "factor-unknown"),
        ("passkey".into(), "factor-unknown"),
        (String::new(), "factor-unknown"),
        ("sms".into(), "factor-unknown"),
    ] {
        let page = deed(&ida, REMOVE, id, &[("what", &what), WITH_REASON]).await;
        assert_eq!(refused(&page), code, "{what}");
    }
    let page = page_of(&t, &mut ida, ADA).await;
    assert_eq!(page.texts("person-factor").len(), 2);
    let of_ada = rows!(
        t,
        (uuid::Uuid,),
        "select p.id from passkeys p join users u on u.id = p.user_id where u.name = 'Ada' order by p.id"
    )[0]
    .0;
    let page = deed(&ida, REMOVE, id, &[("what", &of_ada.to_string())]).await;
    assert_eq!(refused(&page), "reason:required");
    let page = deed(&ida, REMOVE, id, &[("what", &of_ada.to_string()), WITH_REASON]).await;
    assert_eq!(refused(&page), "");
    assert_eq!(t.mail_to(ADA).await.subject, "A passkey was removed");
    assert!(bob.is_signed_in().await && !ada.is_signed_in().await);
    assert_eq!(count!(t, "select count(*) from passkeys"), 2);
    assert_eq!(
        crate::passkeys::sign_in(&mut t.script(), &mut first)
            .await
            .faults(),
        ["passkey-wrong"]
    );
    let entered = crate::passkeys::sign_in(&mut t.browser(), &mut second).await;
    assert_eq!(entered.location(), "/account");
}

#[tokio::test]
async fn after_this_was_not_me_no_caller_talks_a_factor_away() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    with_app(&t, "Ada", ADA).await;
    let id = id_of(&t, ADA).await;
    let until = t.clock.now() + Duration::hours(24);
    crate::house::tamper!(t, "update users set frozen_until = $1 where id = $2", until, id);
    let page = deed(&ida, REMOVE, id, &[("what", "totp"), WITH_REASON]).await;
    assert_eq!((page.status, refused(&page).as_str()), (403, "changes-frozen"));
    let page = page_of(&t, &mut ida, ADA).await;
    assert!(page.has("frozen-note") && !page.has("remove-factor-link"));
}

#[tokio::test]
async fn a_wait_is_shortened_with_a_reason_and_never_begun_or_lengthened() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    with_app(&t, "Ada", ADA).await;
    let id = id_of(&t, ADA).await;
    let shorten = async |hours: &str, reason: &str| {
        let fields = [("hours", hours), ("reason", reason)];
        refused(&deed(&ida, "/api/admin-shorten-recovery", id, &fields).await)
    };
    assert_eq!(shorten("0", "at the desk").await, "nothing-waits");
    asked_for(&t, ADA).await;
    assert_eq!(shorten("0", "").await, "reason:required");
    assert_eq!(shorten("-1", "at the desk").await, "hours:hours-invalid");
    assert_eq!(
        shorten("73", "at the desk").await,
        "hours:hours-invalid",
        "that would be later"
    );
    let page = page_of(&t, &mut ida, ADA).await;
    assert!(page.has("recovery-note") && page.has("shorten-link"));
    ida.get(&format!("/admin/users/{id}/recovery")).await;
    let typed = [("hours", "0"), ("reason", "showed her passport at the desk")];
    let done = ida.submit("shorten-button", &typed).await;
    assert!(done.location().ends_with("?done=recovery"), "{}", done.outline());
    look_after(&t.platform).await;
    let mut subjects: Vec<_> = t
        .mails_to(ADA)
        .await
        .into_iter()
        .map(|mail| mail.subject)
        .collect();
    subjects.sort_unstable();
    assert_eq!(
        subjects,
        [
            "The wait is over: choose a new password",
            "You get back into your account sooner"
        ]
    );
    let detail = details(&t, "recovery.hastened_by_operator").await;
    assert!(detail.len() == 1 && detail[0].contains("passport"), "{detail:?}");
    let actor = rows!(
        t,
        (Option<uuid::Uuid>,),
        "select actor_id from audit_events where kind = 'recovery.hastened_by_operator'"
    );
    assert_eq!(actor[0].0, Some(id_of(&t, super::IDA).await));
    // A sign-in still stops it.
    at_challenge(&mut t.browser(), ADA).await;
}
