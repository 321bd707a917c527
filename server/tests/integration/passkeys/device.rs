//! A device that keeps passkeys: an authenticator and the browser in front of it, written from WebAuthn level 3 §5 and §6
//! alone, on `ring`. It shares no code with what it tests, and lies as well as it tells the truth.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

pub const UP: u8 = 1;
pub const UV: u8 = 4;
pub const BE: u8 = 8;
pub const BS: u8 = 16;
const AT: u8 = 64;

pub const ORIGIN: &str = "http://localhost:3000";
const RP_ID: &str = "localhost";
const BITWARDEN: Uuid = uuid::uuid!("d548826e-79b4-db40-a3d8-11116f7e8349");

pub fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn bytes(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

/// One passkey, and what the device says of itself.
pub struct Device {
    key: EcdsaKeyPair,
    random: SystemRandom,
    pub id: Vec<u8>,
    /// Whose it is, as the server named them.
    pub holder: Vec<u8>,
    /// What it says at each use.
    pub flags: u8,
    pub counter: u32,
    pub aaguid: Uuid,
}

/// What a device and its browser are about to say: to be changed before it is signed.
#[derive(Clone)]
pub struct Draft {
    pub client: Value,
    pub rp_id: String,
    pub flags: u8,
    pub counter: u32,
    pub holder: Option<Vec<u8>>,
    pub made: Made,
}

/// What is sent of a new key beside its owner.
#[derive(Clone)]
pub struct Made {
    /// Another key than the device's own, as COSE.
    pub key: Option<Vec<u8>>,
    /// How the device swears what it is: a text of at most 23 bytes.
    pub format: &'static str,
}

impl Default for Made {
    fn default() -> Self {
        Self {
            key: None,
            format: "none",
        }
    }
}

impl Made {
    /// A key of Ed25519 that there is (RFC 9053 §7.2).
    pub fn ed25519() -> Vec<u8> {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
        // OKP, EdDSA, Ed25519, x.
        let mut key = vec![0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20];
        key.extend_from_slice(pair.public_key().as_ref());
        key
    }

    /// Two coordinates of so many bytes that are no point of their curve, with an algorithm as CBOR writes it.
    pub fn of_no_curve(algorithm: &[u8], curve: u8, size: u8) -> Vec<u8> {
        let mut key = vec![0xa5, 0x01, 0x02, 0x03];
        key.extend(algorithm);
        key.extend([0x20, curve]);
        for name in [0x21, 0x22] {
            key.extend([name, 0x58, size]);
            key.extend(vec![7; usize::from(size)]);
        }
        key
    }
}

impl Device {
    /// One that verifies its holder and can be copied, as password managers do.
    pub fn synced() -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
        let id = Sha256::digest(key.public_key()).to_vec();
        Self {
            key,
            random,
            id,
            holder: Vec::new(),
            flags: UP | UV | BE | BS,
            counter: 0,
            aaguid: BITWARDEN,
        }
    }

    /// One that says of itself what it is told to.
    pub fn saying(flags: u8, counter: u32) -> Self {
        Self {
            flags,
            counter,
            ..Self::synced()
        }
    }

    /// A security key without PIN, which counts.
    pub fn security_key() -> Self {
        Self {
            flags: UP,
            counter: 1,
            aaguid: Uuid::nil(),
            ..Self::synced()
        }
    }

    fn client(kind: &str, options: &Value) -> Value {
        json!({
            "type": kind,
            "challenge": options["challenge"],
            "origin": ORIGIN,
            "crossOrigin": false,
        })
    }

    fn data(&self, draft: &Draft) -> Vec<u8> {
        let mut data = Sha256::digest(draft.rp_id.as_bytes()).to_vec();
        data.push(draft.flags);
        data.extend(draft.counter.to_be_bytes());
        if draft.flags & AT != 0 {
            data.extend(self.aaguid.as_bytes());
            data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
            data.extend(&self.id);
            if let Some(key) = &draft.made.key {
                data.extend(key);
                return data;
            }
            // COSE: EC2, ES256, P-256, x, y (RFC 9053 §7.1).
            let point = self.key.public_key().as_ref();
            data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
            data.extend(&point[1..33]);
            data.extend([0x22, 0x58, 0x20]);
            data.extend(&point[33..65]);
        }
        data
    }

    /// What it would answer to a request for a new passkey.
    pub fn draft_creation(&mut self, options: &Value) -> Draft {
        self.holder = bytes(options["user"]["id"].as_str().expect("a holder"));
        Draft {
            client: Self::client("webauthn.create", options),
            rp_id: RP_ID.to_owned(),
            flags: self.flags | AT,
            counter: self.counter,
            holder: None,
            made: Made::default(),
        }
    }

    /// `RegistrationResponseJSON`.
    pub fn created(&self, draft: &Draft) -> Value {
        let data = self.data(draft);
        // {"fmt": text, "attStmt": {}, "authData": bytes}
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt");
        object.push(0x60 + u8::try_from(draft.made.format.len()).expect("short"));
        object.extend(draft.made.format.as_bytes());
        object.push(0x67);
        object.extend(b"attStmt");
        object.extend([0xa0, 0x68]);
        object.extend(b"authData");
        object.push(0x58);
        object.push(u8::try_from(data.len()).expect("short"));
        object.extend(&data);
        json!({
            "id": b64(&self.id),
            "rawId": b64(&self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": b64(draft.client.to_string().as_bytes()),
                "attestationObject": b64(&object),
                "transports": ["internal", "hybrid"],
            },
            "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        })
    }

    /// Makes the passkey, honestly.
    pub fn create(&mut self, options: &Value) -> String {
        let draft = self.draft_creation(options);
        self.created(&draft).to_string()
    }

    /// What it would answer to a challenge.
    pub fn draft(&mut self, options: &Value) -> Draft {
        if self.counter > 0 {
            self.counter += 1;
        }
        Draft {
            client: Self::client("webauthn.get", options),
            rp_id: RP_ID.to_owned(),
            flags: self.flags,
            counter: self.counter,
            holder: Some(self.holder.clone()),
            made: Made::default(),
        }
    }

    /// `AuthenticationResponseJSON`.
    pub fn signed(&self, draft: &Draft) -> Value {
        let (data, client) = (self.data(draft), draft.client.to_string());
        let mut message = data.clone();
        message.extend(Sha256::digest(client.as_bytes()));
        let signature = self.key.sign(&self.random, &message).unwrap();
        let mut answer = json!({
            "id": b64(&self.id),
            "rawId": b64(&self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": b64(client.as_bytes()),
                "authenticatorData": b64(&data),
                "signature": b64(signature.as_ref()),
            },
            "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        });
        if let Some(holder) = &draft.holder {
            answer["response"]["userHandle"] = json!(b64(holder));
        }
        answer
    }

    /// Answers a challenge, honestly.
    pub fn sign(&mut self, options: &Value) -> String {
        let draft = self.draft(options);
        self.signed(&draft).to_string()
    }
}
