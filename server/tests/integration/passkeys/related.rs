//! Pages elsewhere that may use the passkeys of this server (WebAuthn level 3 §5.11): named to browsers, and taken.

use serde_json::json;

use super::answers::Lie;
use super::{ADA, Device, answer, begin, sign_in};
use crate::house::{TestHouse, count};

const RELATED: [(&str, &str); 1] = [(
    "PASSKEY_RELATED_ORIGINS",
    "https://example.org,https://login.example.net:8443",
)];

#[tokio::test]
async fn answers_of_related_origins_are_taken_and_of_no_other_address() {
    let t = TestHouse::with(&RELATED).await;
    let (_, mut device) = super::with_passkey(&t, "Ada", ADA).await;
    for (origin, taken) in [
        ("http://localhost:3000", true),
        ("https://example.org", true),
        ("https://login.example.net:8443", true),
        ("http://example.org", false),
        ("https://example.org:8443", false),
        ("https://login.example.net", false),
        ("https://a.example.org", false),
        ("https://example.org.evil.example", false),
        ("https://evil.example", false),
        ("null", false),
    ] {
        let mut browser = t.script();
        let options = begin(&mut browser, "sign-in").await;
        let mut draft = device.draft(&options);
        draft.client["origin"] = json!(origin);
        let page = answer(&mut browser, &device.signed(&draft).to_string()).await;
        assert_eq!(page.status == 200, taken, "{origin}: {}", page.outline());
        assert_eq!(browser.is_signed_in().await, taken, "{origin}");
    }
}

#[tokio::test]
async fn from_a_related_origin_too_the_rest_must_be_right() {
    let t = TestHouse::with(&RELATED).await;
    let (_, mut device) = super::with_passkey(&t, "Ada", ADA).await;
    let lies: [Lie; 4] = [
        ("in a frame", |draft| draft.client["crossOrigin"] = json!(true)),
        ("in a frame of somebody", |draft| {
            draft.client["topOrigin"] = json!("https://example.org");
        }),
        ("its own domain", |draft| {
            "example.org".clone_into(&mut draft.rp_id);
        }),
        ("type", |draft| draft.client["type"] = json!("webauthn.create")),
    ];
    for (what, lie) in lies {
        let mut browser = t.script();
        let options = begin(&mut browser, "sign-in").await;
        let mut draft = device.draft(&options);
        draft.client["origin"] = json!("https://example.org");
        lie(&mut draft);
        let page = answer(&mut browser, &device.signed(&draft).to_string()).await;
        assert_eq!(page.faults(), ["passkey-wrong"], "{what}");
    }
    assert_eq!(sign_in(&mut t.script(), &mut device).await.location(), "/account");
}

#[tokio::test]
async fn a_passkey_is_made_at_a_related_origin_and_nowhere_else() {
    let t = TestHouse::with(&RELATED).await;
    let mut ada = t.member("Ada", ADA).await;
    for (origin, made) in [("https://evil.example", 0), ("https://example.org", 1)] {
        let mut device = Device::synced();
        let options = begin(&mut ada, "add").await;
        let mut draft = device.draft_creation(&options);
        draft.client["origin"] = json!(origin);
        let credential = device.created(&draft).to_string();
        ada.post("/api/add-passkey", &[("credential", &credential)]).await;
        assert_eq!(count!(t, "select count(*) from passkeys"), made, "{origin}");
    }
    t.mails_to(ADA).await;
}
