//! What is refused: every field of an answer changed, one at a time; answers of yesterday, of another browser, of another
//! person, for another purpose.

use chrono::Duration;
use serde_json::{Value, json};

use super::device::{Device, Draft, Made, UP, b64, bytes};
use super::{ADA, BOB, COPIED, NEITHER, ODD, add, answer, begin, sign_in, with_passkey};
use crate::house::{PASSWORD, TestHouse, count};

/// Why a changed field is refused: a challenge that nobody was given is over, everything else is wrong.
fn because(what: &str) -> [&'static str; 1] {
    if what.starts_with("challenge") {
        ["passkey-over"]
    } else {
        ["passkey-wrong"]
    }
}

/// What is said, before it is signed: a device or a browser that lies.
pub type Lie = (&'static str, fn(&mut Draft));

const LIES: [Lie; 14] = [
    ("type", |draft| draft.client["type"] = json!("webauthn.create")),
    ("type empty", |draft| draft.client["type"] = json!("")),
    ("challenge", |draft| {
        draft.client["challenge"] = json!(b64(&[7; 32]));
    }),
    ("challenge empty", |draft| draft.client["challenge"] = json!("")),
    ("origin", |draft| {
        draft.client["origin"] = json!("https://evil.example");
    }),
    ("origin's port", |draft| {
        draft.client["origin"] = json!("http://localhost:3001");
    }),
    ("origin's scheme", |draft| {
        draft.client["origin"] = json!("https://localhost:3000");
    }),
    ("a host below", |draft| {
        draft.client["origin"] = json!("http://a.localhost:3000");
    }),
    ("cross-origin", |draft| draft.client["crossOrigin"] = json!(true)),
    ("RP ID", |draft| "evil.example".clone_into(&mut draft.rp_id)),
    ("nobody there", |draft| draft.flags &= !UP),
    ("BS without BE", |draft| draft.flags = ODD),
    ("BE gone", |draft| draft.flags = NEITHER),
    ("another holder", |draft| draft.holder = Some(vec![1; 16])),
];

/// What is changed after it was signed.
type Forgery = (&'static str, fn(&mut Value));

fn flip(value: &mut Value, at: usize) {
    let mut raw = bytes(value.as_str().unwrap());
    let at = at.min(raw.len() - 1);
    raw[at] ^= 1;
    *value = json!(b64(&raw));
}

const FORGERIES: [Forgery; 16] = [
    ("id", |answer| flip(&mut answer["id"], 0)),
    ("rawId", |answer| flip(&mut answer["rawId"], 0)),
    ("id and rawId", |answer| {
        flip(&mut answer["id"], 0);
        flip(&mut answer["rawId"], 0);
    }),
    ("kind", |answer| answer["type"] = json!("password")),
    ("signature", |answer| {
        flip(&mut answer["response"]["signature"], 12);
    }),
    ("no signature", |answer| {
        answer["response"]["signature"] = json!("");
    }),
    ("signature of nothing", |answer| {
        answer["response"]["signature"] = json!(b64(&[0x30, 6, 2, 1, 0, 2, 1, 0]));
    }),
    ("RP ID hash", |answer| {
        flip(&mut answer["response"]["authenticatorData"], 0);
    }),
    ("flags", |answer| {
        flip(&mut answer["response"]["authenticatorData"], 32);
    }),
    ("counter", |answer| {
        flip(&mut answer["response"]["authenticatorData"], 36);
    }),
    ("data cut", |answer| {
        answer["response"]["authenticatorData"] = json!(b64(&[1; 20]));
    }),
    ("data longer", |answer| {
        let mut raw = bytes(answer["response"]["authenticatorData"].as_str().unwrap());
        raw.push(0);
        answer["response"]["authenticatorData"] = json!(b64(&raw));
    }),
    ("client data", |answer| {
        let text = String::from_utf8(bytes(answer["response"]["clientDataJSON"].as_str().unwrap())).unwrap();
        answer["response"]["clientDataJSON"] = json!(b64(text.replace("false", "false ").as_bytes()));
    }),
    ("client data no JSON", |answer| {
        answer["response"]["clientDataJSON"] = json!(b64(b"\r\nlevel=error forged"));
    }),
    ("no holder", |answer| {
        answer["response"].as_object_mut().unwrap().remove("userHandle");
    }),
    ("holder", |answer| flip(&mut answer["response"]["userHandle"], 3)),
];

#[tokio::test]
async fn gitlab_585333_every_changed_field_of_an_answer_is_refused() {
    let t = TestHouse::new().await;
    let (_, mut device) = with_passkey(&t, "Ada", ADA).await;
    let mut refused = 0;
    for (what, lie) in LIES {
        let mut browser = t.script();
        let options = begin(&mut browser, "sign-in").await;
        let mut draft = device.draft(&options);
        lie(&mut draft);
        let page = answer(&mut browser, &device.signed(&draft).to_string()).await;
        assert_eq!(
            (page.status, page.faults()),
            (422, because(what).map(str::to_owned).to_vec()),
            "{what}"
        );
        assert!(!browser.is_signed_in().await, "{what}");
        refused += 1;
    }
    for (what, forge) in FORGERIES {
        let mut browser = t.script();
        let options = begin(&mut browser, "sign-in").await;
        let mut forged: Value = serde_json::from_str(&device.sign(&options)).unwrap();
        forge(&mut forged);
        let page = answer(&mut browser, &forged.to_string()).await;
        assert_eq!(
            (page.status, page.faults()),
            (422, because(what).map(str::to_owned).to_vec()),
            "{what}"
        );
        assert!(!browser.is_signed_in().await, "{what}");
        refused += 1;
    }
    assert_eq!(refused, 30);
    // And as it is, it lets in.
    assert_eq!(sign_in(&mut t.script(), &mut device).await.location(), "/account");
}

#[tokio::test]
async fn lbuchs_128_flags_that_do_not_agree_add_no_passkey_and_those_that_change_open_nothing() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let mut odd = Device::saying(ODD, 0);
    add(&mut ada, &mut odd).await;
    assert_eq!(count!(t, "select count(*) from passkeys"), 0);
    // One device today, copied tomorrow.
    let mut device = Device::saying(NEITHER, 0);
    add(&mut ada, &mut device).await;
    device.flags = COPIED;
    let page = sign_in(&mut t.script(), &mut device).await;
    assert_eq!(page.faults(), ["passkey-wrong"]);
    device.flags = NEITHER;
    assert_eq!(sign_in(&mut t.script(), &mut device).await.location(), "/account");
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn every_changed_field_of_a_new_passkey_is_refused() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let lies: [Lie; 9] = [
        ("type", |draft| draft.client["type"] = json!("webauthn.get")),
        ("challenge", |draft| {
            draft.client["challenge"] = json!(b64(&[7; 32]));
        }),
        ("origin", |draft| {
            draft.client["origin"] = json!("https://evil.example");
        }),
        ("port", |draft| {
            draft.client["origin"] = json!("http://localhost:3001");
        }),
        ("cross-origin", |draft| draft.client["crossOrigin"] = json!(true)),
        ("RP ID", |draft| "evil.example".clone_into(&mut draft.rp_id)),
        ("nobody there", |draft| draft.flags &= !UP),
        ("no key", |draft| draft.flags &= !64),
        ("BS without BE", |draft| draft.flags = ODD | 64),
    ];
    for (what, lie) in lies {
        let mut device = Device::synced();
        let options = begin(&mut ada, "add").await;
        let mut draft = device.draft_creation(&options);
        lie(&mut draft);
        let page = ada
            .scripted()
            .post(
                "/api/add-passkey",
                &[("credential", &device.created(&draft).to_string())],
            )
            .await;
        assert_eq!(page.faults(), because(what), "{what}");
    }
    // Its two names are one.
    let mut device = Device::synced();
    let options = begin(&mut ada, "add").await;
    let mut forged: Value = serde_json::from_str(&device.create(&options)).unwrap();
    flip(&mut forged["id"], 0);
    flip(&mut forged["rawId"], 0);
    ada.post("/api/add-passkey", &[("credential", &forged.to_string())])
        .await;
    assert_eq!(count!(t, "select count(*) from passkeys"), 0);
}

/// The key of an algorithm that was not offered (CVE-2026-8830), and a device that swears by a format in which nothing is
/// sworn (CVE-2025-12150): whatever the browser let through, the server looks itself.
#[tokio::test]
async fn cve_2026_8830_cve_2025_12150_a_key_or_an_attestation_that_was_not_asked_for_is_refused() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let options = begin(&mut ada, "add").await;
    let offered = options["pubKeyCredParams"].as_array().expect("algorithms");
    assert!(offered.iter().all(|one| one["alg"] != -8 && one["alg"] != -36));
    let lies: [Lie; 8] = [
        ("EdDSA", |draft| draft.made.key = Some(Made::ed25519())),
        ("ES512", |draft| {
            draft.made.key = Some(Made::of_no_curve(&[0x38, 0x23], 3, 66));
        }),
        ("ES256K", |draft| {
            draft.made.key = Some(Made::of_no_curve(&[0x38, 0x2e], 8, 32));
        }),
        ("no point", |draft| {
            draft.made.key = Some(Made::of_no_curve(&[0x26], 1, 32));
        }),
        ("packed", |draft| draft.made.format = "packed"),
        ("fido-u2f", |draft| draft.made.format = "fido-u2f"),
        ("android-safetynet", |draft| {
            draft.made.format = "android-safetynet";
        }),
        ("made up", |draft| draft.made.format = "trust-me"),
    ];
    for (what, lie) in lies {
        let mut device = Device::synced();
        let options = begin(&mut ada, "add").await;
        let mut draft = device.draft_creation(&options);
        lie(&mut draft);
        let credential = device.created(&draft).to_string();
        let page = ada
            .scripted()
            .post("/api/add-passkey", &[("credential", &credential)])
            .await;
        assert_eq!(page.faults(), ["passkey-wrong"], "{what}");
    }
    assert_eq!(count!(t, "select count(*) from passkeys"), 0);
    // And as it is, it is taken.
    assert_eq!(
        add(&mut ada, &mut Device::synced()).await.location(),
        "/account/security/recovery-codes"
    );
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn an_answer_works_once_in_its_browser_for_its_purpose_and_for_five_minutes() {
    let t = TestHouse::new().await;
    let (mut ada, mut device) = with_passkey(&t, "Ada", ADA).await;

    // Again.
    let mut browser = t.script();
    let options = begin(&mut browser, "sign-in").await;
    let credential = device.sign(&options);
    assert_eq!(answer(&mut browser, &credential).await.location(), "/account");
    let mut again = t.script();
    again.jar.clone_from(&browser.jar);
    assert_eq!(
        again
            .post("/api/sign-in", &[("credential", &credential)])
            .await
            .faults(),
        ["passkey-over"]
    );

    // In another browser, with its own cookie and with none.
    let options = begin(&mut browser, "sign-in").await;
    let credential = device.sign(&options);
    let mut elsewhere = t.script();
    assert_eq!(
        answer(&mut elsewhere, &credential).await.faults(),
        ["passkey-over"]
    );
    begin(&mut elsewhere, "sign-in").await;
    assert_eq!(
        answer(&mut elsewhere, &credential).await.faults(),
        ["passkey-over"]
    );

    // For another purpose: asked for at /confirm, sent as a sign-in.
    let mut thief = t.script();
    let options = begin(&mut ada, "confirm").await;
    let name = t.platform.config.cookie_name("-passkey");
    thief.jar.insert(name.clone(), ada.jar[&name].clone());
    let credential = device.sign(&options);
    assert_eq!(answer(&mut thief, &credential).await.faults(), ["passkey-over"]);

    // Too late.
    let mut slow = t.script();
    let options = begin(&mut slow, "sign-in").await;
    t.clock.advance(Duration::minutes(5));
    let credential = device.sign(&options);
    assert_eq!(answer(&mut slow, &credential).await.faults(), ["passkey-over"]);
    // Two windows of one browser don't hinder each other.
    let options = begin(&mut slow, "sign-in").await;
    begin(&mut slow, "sign-in").await;
    let credential = device.sign(&options);
    assert_eq!(answer(&mut slow, &credential).await.location(), "/account");
}

#[tokio::test]
async fn rodauth_2_46_0_a_passkey_opens_its_owners_account_and_no_other() {
    let t = TestHouse::new().await;
    let (_, mut ada) = with_passkey(&t, "Ada", ADA).await;
    let (mut bob, bobs) = with_passkey(&t, "Bob", BOB).await;
    // Ada's device says that it is Bob's.
    let mut browser = t.script();
    let options = begin(&mut browser, "sign-in").await;
    let mut draft = ada.draft(&options);
    draft.holder = Some(bobs.holder.clone());
    let page = answer(&mut browser, &ada.signed(&draft).to_string()).await;
    assert_eq!(page.faults(), ["passkey-wrong"]);
    // Ada's key under the name of Bob's.
    let mut browser = t.script();
    let options = begin(&mut browser, "sign-in").await;
    let mut draft = ada.draft(&options);
    draft.holder = Some(bobs.holder.clone());
    let mut forged = ada.signed(&draft);
    forged["id"] = json!(b64(&bobs.id));
    forged["rawId"] = json!(b64(&bobs.id));
    assert_eq!(
        answer(&mut browser, &forged.to_string()).await.faults(),
        ["passkey-wrong"]
    );
    // At Bob's second step, and at his /confirm.
    let mut browser = t.script();
    browser.sign_in(BOB, PASSWORD).await;
    let options = begin(&mut browser, "challenge").await;
    let credential = ada.sign(&options);
    let fields = [("factor", "passkey"), ("credential", credential.as_str())];
    assert_eq!(
        browser.post("/api/sign-in-challenge", &fields).await.faults(),
        ["passkey-wrong"]
    );
    assert!(!browser.is_signed_in().await);
    let options = begin(&mut bob, "confirm").await;
    let credential = ada.sign(&options);
    let fields = [("factor", "passkey"), ("credential", credential.as_str())];
    assert_eq!(bob.post("/api/confirm", &fields).await.status, 303);
    t.clock.advance(Duration::minutes(11));
    assert!(
        bob.get("/account/security/passkey")
            .await
            .location()
            .starts_with("/confirm")
    );
    // The same passkey in a second account.
    let mut eve = t.member("Eve", "eve@example.com").await;
    assert_ne!(
        add(&mut eve, &mut ada).await.location(),
        "/account/security/recovery-codes"
    );
    assert_eq!(count!(t, "select count(*) from passkeys"), 2);
}

#[tokio::test]
async fn ghsa_g4c6_nobody_adds_a_passkey_without_a_session_that_was_just_confirmed() {
    let t = TestHouse::new().await;
    for ceremony in ["add", "confirm"] {
        let page = t.script().post(&format!("/passkey/{ceremony}"), &[]).await;
        assert_eq!(page.status, 401, "{ceremony}");
    }
    assert_eq!(t.script().post("/api/add-passkey", &[]).await.status, 401);
    let mut ada = t.member("Ada", ADA).await;
    let options = begin(&mut ada, "add").await;
    t.clock.advance(Duration::minutes(11));
    let page = ada.post("/passkey/add", &[]).await;
    assert_eq!(
        page.json()["location"],
        "/confirm?next=%2Faccount%2Fsecurity%2Fpasskey"
    );
    let credential = Device::synced().create(&options);
    let page = ada.post("/api/add-passkey", &[("credential", &credential)]).await;
    assert!(page.location().starts_with("/confirm"));
    assert_eq!(count!(t, "select count(*) from passkeys"), 0);
}

#[tokio::test]
async fn what_is_no_answer_at_all_is_refused_and_leaves_no_line_of_its_own() {
    let t = TestHouse::new().await;
    let long = format!("{{\"id\":\"{}\"}}", "a".repeat(40_000));
    for text in [
        "{}",
        "null",
        "[]",
        "x",
        "{\"id\":1}",
        "\r\nlevel=error forged=1",
        long.as_str(),
    ] {
        let mut browser = t.script();
        begin(&mut browser, "sign-in").await;
        let page = browser.post("/api/sign-in", &[("credential", text)]).await;
        assert_eq!(page.faults(), ["passkey-wrong"], "{}", text.len());
    }
    // An account that is locked, and a passkey that nobody has.
    let (_, mut device) = with_passkey(&t, "Ada", ADA).await;
    t.operator(&["user", "lock", ADA], "").await;
    assert_eq!(
        sign_in(&mut t.script(), &mut device).await.faults(),
        ["passkey-wrong"]
    );
    let mut stranger = Device::synced();
    stranger.holder.clone_from(&device.holder);
    assert_eq!(
        sign_in(&mut t.script(), &mut stranger).await.faults(),
        ["passkey-wrong"]
    );
}
