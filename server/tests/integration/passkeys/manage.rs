//! Names, and taking passkeys away.

use chrono::Duration;

use super::{ADA, BOB, Device, add, sign_in, with_passkey};
use crate::house::{Browser, PASSWORD, TestHouse, count, rows, tamper};

#[tokio::test]
async fn a_passkey_is_renamed_and_removed_and_its_owner_is_told() {
    let t = TestHouse::new().await;
    let (mut ada, mut device) = with_passkey(&t, "Ada", ADA).await;
    sign_in(&mut ada, &mut device).await;
    ada.get("/account/security").await;
    let done = ada
        .submit("rename-passkey-button", &[("label", "  My vault ")])
        .await;
    assert_eq!(done.location(), "/account/security?done=passkey-renamed");
    assert_eq!(ada.follow().await.text("passkey-name"), "My vault");
    for wrong in ["", "\u{202e}evil", &"x".repeat(61)] {
        ada.get("/account/security").await;
        let refused = ada.submit("rename-passkey-button", &[("label", wrong)]).await;
        assert_eq!(refused.location(), "/account/security");
        assert!(ada.follow().await.has("form-error"), "{wrong:?}");
    }
    ada.get("/account/security").await;
    let done = ada.submit("remove-passkey-button", &[]).await;
    assert_eq!(done.location(), "/account/security?done=passkey-removed");
    assert_eq!(t.mail_to(ADA).await.subject, "A passkey was removed");
    assert_eq!(
        sign_in(&mut t.script(), &mut device).await.faults(),
        ["passkey-wrong"]
    );
    // The password alone is enough again, and the recovery codes went with the last factor.
    assert_eq!(t.browser().sign_in(ADA, PASSWORD).await.location(), "/account");
    assert_eq!(count!(t, "select count(*) from recovery_codes"), 0);
}

#[tokio::test]
async fn ghsa_4vcf_nobody_renames_or_removes_another_persons_passkey() {
    let t = TestHouse::new().await;
    with_passkey(&t, "Ada", ADA).await;
    let (mut bob, mut bobs) = with_passkey(&t, "Bob", BOB).await;
    sign_in(&mut bob, &mut bobs).await;
    let ada = rows!(
        t,
        (uuid::Uuid,),
        "select p.id from passkeys p join users u on u.id = p.user_id where u.email = $1",
        ADA
    );
    let id = ada[0].0.to_string();
    let mut script = t.script();
    script.jar.clone_from(&bob.jar);
    for id in [id.as_str(), "", "x", "00000000-0000-0000-0000-000000000000"] {
        let fields = [("id", id), ("label", "Mine now")];
        let page = script.post("/api/rename-passkey", &fields).await;
        assert_eq!(page.faults(), ["passkey-unknown"], "{id}");
        let page = script.post("/api/remove-passkey", &fields).await;
        assert_eq!(page.faults(), ["passkey-unknown"], "{id}");
    }
    assert_eq!(
        count!(t, "select count(*) from passkeys where name = 'Bitwarden'"),
        2
    );
}

/// Somebody without a password, signed in by their passkey.
async fn without_password(t: &TestHouse) -> (Browser, Device) {
    let (_, mut device) = with_passkey(t, "Ada", ADA).await;
    tamper!(t, "delete from passwords");
    let mut ada = t.browser();
    assert_eq!(sign_in(&mut ada, &mut device).await.location(), "/account");
    (ada, device)
}

#[tokio::test]
async fn the_last_way_in_is_not_taken_away() {
    let t = TestHouse::new().await;
    let (mut ada, _) = without_password(&t).await;
    let page = ada.get("/account/security").await;
    assert!(page.has("no-password") && !page.has("remove-passkey-button"));
    let id = rows!(t, (uuid::Uuid,), "select id from passkeys")[0]
        .0
        .to_string();
    let mut script = t.script();
    script.jar.clone_from(&ada.jar);
    let page = script.post("/api/remove-passkey", &[("id", &id)]).await;
    assert_eq!(page.faults(), ["last-way-in"]);
    // A key that verifies nobody opens nothing alone, so it is not another way in.
    let mut key = Device::security_key();
    add(&mut ada, &mut key).await;
    let page = script.post("/api/remove-passkey", &[("id", &id)]).await;
    assert_eq!(page.faults(), ["last-way-in"]);
    // Another one that does is.
    let mut second = Device::synced();
    add(&mut ada, &mut second).await;
    let page = script.post("/api/remove-passkey", &[("id", &id)]).await;
    assert_eq!(page.status, 200, "{}", page.outline());
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn of_two_last_passkeys_removed_at_once_one_stays() {
    let t = TestHouse::new().await;
    let (mut ada, _) = without_password(&t).await;
    add(&mut ada, &mut Device::synced()).await;
    let ids = rows!(t, (uuid::Uuid,), "select id from passkeys");
    let tries = ids.iter().map(|(id,)| {
        let mut one = ada.moved();
        let id = id.to_string();
        async move { one.post("/api/remove-passkey", &[("id", &id)]).await }
    });
    futures_util::future::join_all(tries).await;
    assert_eq!(count!(t, "select count(*) from passkeys"), 1);
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn a_second_key_says_that_it_is_a_second_step_only_and_a_device_has_one() {
    let t = TestHouse::new().await;
    let (mut ada, mut device) = with_passkey(&t, "Ada", ADA).await;
    sign_in(&mut ada, &mut device).await;
    t.clock.advance(Duration::minutes(1));
    let mut key = Device::security_key();
    let added = add(&mut ada, &mut key).await;
    assert_eq!(added.location(), "/account/security?done=passkey");
    let page = ada.follow().await;
    assert_eq!(page.texts("passkey-name"), ["Bitwarden", "Passkey"]);
    assert!(page.body.contains("Works as a second step"));
    // What is there is named to the browser, so that no device makes a second one.
    let options = super::begin(&mut ada, "add").await;
    assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), 2);
    assert_eq!(options["attestation"], "none");
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn an_operator_clears_passkeys_with_the_other_factors() {
    let t = TestHouse::new().await;
    let (_, mut device) = with_passkey(&t, "Ada", ADA).await;
    // The command is a process of its own, by the clock of this machine: its mails are not due here yet.
    t.ignore_jobs();
    t.operator(&["user", "reset", "--second-factor", ADA], PASSWORD)
        .await;
    assert_eq!(count!(t, "select count(*) from passkeys"), 0);
    assert_eq!(
        sign_in(&mut t.script(), &mut device).await.faults(),
        ["passkey-wrong"]
    );
    t.mails_to(ADA).await;
}
