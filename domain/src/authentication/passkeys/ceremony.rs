//! What is asked of a browser and how its answer is checked, without any row.
//!
//! `webauthn-rs` itself decides per use what it asks for and keeps flags and identifiers to itself; we need the flags of each
//! answer (what a session is worth hangs on `UV`), the counter, and the kind of authenticator, so this stands on
//! `webauthn-rs-core`, which checks signatures, origin, RP ID, challenge and the consistency of `BE` and `BS`. What that
//! crate leaves to its caller is here: that `id` and `rawId` are one, the type, whose passkey it is, that no other page stood
//! around ours, and the counter.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;
use webauthn_rs_core::WebauthnCore;
use webauthn_rs_core::proto::{
    AllowCredentials, AttestationConveyancePreference, AuthenticationState, AuthenticatorTransport, COSEKey,
    Credential, ParsedAttestation, PublicKeyCredential, RegisterPublicKeyCredential, RegisteredExtensions,
    RegistrationState, ResidentKeyRequirement, UserVerificationPolicy,
};

use super::row::Passkey;
use crate::platform::Platform;
use crate::users::user::UserId;
use crate::{Code, Error, Result};

/// How long a browser waits for its person. A challenge lives as long: [`challenge::LIFE`](super::challenge::LIFE).
const TIMEOUT: Duration = Duration::from_mins(5);
/// The longest answer that is looked at, in bytes. One without attestation has about 1,000.
const LONGEST: usize = 32 * 1024;
/// The longest id of a credential (WebAuthn level 3 §4).
const LONGEST_ID: usize = 1023;

/// This server, as browsers and devices know it.
pub struct RelyingParty {
    core: WebauthnCore,
    id: String,
}

/// A passkey that a device has made, before it is anybody's.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Created {
    /// As the device named it: bytes, in base64url.
    pub credential_id: String,
    /// The COSE key as JSON.
    pub public_key: String,
    /// The kind of authenticator; nil when it does not say.
    pub aaguid: Uuid,
    /// How the browser may reach it, as a JSON list.
    pub transports: String,
    /// The flag `UV`.
    pub verified: bool,
    /// The flag `BE`.
    pub backup_eligible: bool,
    /// The flag `BS`.
    pub backed_up: bool,
    /// The counter.
    pub sign_count: u32,
    /// The domain that it was made for; empty in sign-ups that waited when this was not kept yet.
    #[serde(default)]
    pub rp_id: String,
}

/// What an answer to a challenge said, once it was found right.
#[derive(Debug, Clone, Copy)]
pub struct Signed {
    /// The flag `UV`.
    pub(super) verified: bool,
    /// The flag `BS`.
    pub(super) backed_up: bool,
    /// The counter; 0 when the passkey has none.
    pub(super) sign_count: u32,
}

impl Signed {
    /// Whether the counter shows that there may be a copy of the key, held against what it was before (WebAuthn level 3
    /// §7.2, step 22).
    pub fn went_back(&self, before: i64) -> bool {
        let now = i64::from(self.sign_count);
        (now > 0 || before > 0) && now <= before
    }
}

/// An answer to a challenge, as a browser sent it: read, and not believed.
#[derive(Debug)]
pub struct Assertion {
    credential: PublicKeyCredential,
    challenge: Vec<u8>,
}

/// A new passkey, as a browser sent it: read, and not believed.
#[derive(Debug)]
pub struct Attestation {
    credential: RegisterPublicKeyCredential,
    challenge: Vec<u8>,
}

/// What is read of the client's data before anything is known.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    challenge: String,
    #[serde(default)]
    cross_origin: bool,
    #[serde(default)]
    top_origin: Option<String>,
}

fn wrong() -> Error {
    Error::form(Code::PasskeyWrong)
}

fn challenge_of(client_data: &[u8]) -> Result<Vec<u8>> {
    let data: ClientData = serde_json::from_slice(client_data).map_err(|_| wrong())?;
    // The library looks at this where a passkey is made, and not where one is used: our pages stand in no frame.
    if data.cross_origin || data.top_origin.is_some() {
        return Err(wrong());
    }
    URL_SAFE_NO_PAD.decode(data.challenge).map_err(|_| wrong())
}

/// The two names of a credential are the same bytes: whoever looks at one and checks the other has checked nothing.
fn check_names(id: &str, raw_id: &[u8], kind: &str) -> Result<()> {
    let is_right = kind == "public-key" && raw_id.len() <= LONGEST_ID && URL_SAFE_NO_PAD.encode(raw_id) == id;
    is_right.then_some(()).ok_or_else(wrong)
}

impl Assertion {
    /// Reads an answer (`AuthenticationResponseJSON`).
    ///
    /// # Errors
    /// Refused with [`Code::PasskeyWrong`].
    pub fn parse(text: &str) -> Result<Self> {
        if text.len() > LONGEST {
            return Err(wrong());
        }
        let credential: PublicKeyCredential = serde_json::from_str(text).map_err(|_| wrong())?;
        check_names(&credential.id, &credential.raw_id, &credential.type_)?;
        let challenge = challenge_of(&credential.response.client_data_json)?;
        Ok(Self {
            credential,
            challenge,
        })
    }

    /// The challenge that it says it answers.
    pub fn challenge(&self) -> &[u8] {
        &self.challenge
    }

    /// Which passkey it says it is of.
    pub fn credential_id(&self) -> &[u8] {
        &self.credential.raw_id
    }

    /// Whether the device names this person as the holder; `None`: it names nobody.
    pub fn is_of(&self, user: UserId) -> Option<bool> {
        let handle = self.credential.response.user_handle.as_ref()?;
        // Some devices send an empty one for a key that keeps nothing.
        (!handle.is_empty()).then(|| handle.as_slice() == user.as_bytes())
    }
}

impl Attestation {
    /// Reads a new passkey (`RegistrationResponseJSON`).
    ///
    /// # Errors
    /// Refused with [`Code::PasskeyWrong`].
    pub fn parse(text: &str) -> Result<Self> {
        if text.len() > LONGEST {
            return Err(wrong());
        }
        let credential: RegisterPublicKeyCredential = serde_json::from_str(text).map_err(|_| wrong())?;
        check_names(&credential.id, &credential.raw_id, &credential.type_)?;
        let challenge = challenge_of(&credential.response.client_data_json)?;
        Ok(Self {
            credential,
            challenge,
        })
    }

    /// The challenge that it says it answers.
    pub fn challenge(&self) -> &[u8] {
        &self.challenge
    }
}

/// What to hand to a browser, and what to keep.
pub struct Question {
    /// `publicKey` of the browser's call, as JSON.
    pub options: Value,
    /// The challenge in it.
    pub challenge: Vec<u8>,
    /// What the answer is checked against, as JSON.
    pub state: String,
}

fn broken(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("passkeys: {error}"))
}

impl RelyingParty {
    /// This server. An answer may come from its own pages at `public_url`, and from those that `/.well-known/webauthn` names to
    /// browsers: `passkey_related_origins` (WebAuthn level 3 §5.11). An origin is compared whole, with scheme and port.
    pub fn of(platform: &Platform) -> Self {
        let config = &platform.config;
        let related = config.passkey_related_origins.iter().cloned();
        let id = config.passkey_rp_id().to_owned();
        let core = WebauthnCore::new_unsafe_experts_only(
            &platform.settings().product_name,
            &id,
            std::iter::once(config.public_url.clone())
                .chain(related)
                .collect(),
            TIMEOUT,
            Some(false),
            Some(false),
        );
        Self { core, id }
    }

    /// Asks for a new passkey: one that the device finds by itself, if it can; no attestation, which would tell more of
    /// the device than we want to know.
    ///
    /// # Errors
    /// [`Error::Internal`] when the library fails.
    pub fn ask_to_create(
        &self,
        user: UserId,
        email: &str,
        name: &str,
        known: &[Passkey],
        must_verify: bool,
    ) -> Result<Question> {
        let policy = if must_verify {
            UserVerificationPolicy::Required
        } else {
            UserVerificationPolicy::Preferred
        };
        let builder = self
            .core
            .new_challenge_register_builder(user.as_bytes(), email, name)
            .map_err(broken)?
            .attestation(AttestationConveyancePreference::None)
            .user_verification_policy(policy)
            .require_resident_key(must_verify)
            .exclude_credentials(Some(
                known
                    .iter()
                    .map(|passkey| passkey.credential_id.clone())
                    .collect(),
            ));
        let (mut asked, state) = self.core.generate_challenge_register(builder).map_err(broken)?;
        if let Some(selection) = &mut asked.public_key.authenticator_selection
            && !must_verify
        {
            // A security key that keeps nothing serves as a second factor.
            selection.resident_key = Some(ResidentKeyRequirement::Preferred);
        }
        Ok(Question {
            challenge: asked.public_key.challenge.clone(),
            options: serde_json::to_value(&asked.public_key).map_err(broken)?,
            state: serde_json::to_string(&state).map_err(broken)?,
        })
    }

    /// Checks a new passkey.
    ///
    /// # Errors
    /// Refused with [`Code::PasskeyWrong`].
    pub fn created(&self, attestation: &Attestation, state: &str) -> Result<Created> {
        let state: RegistrationState = serde_json::from_str(state).map_err(broken)?;
        let credential = self
            .core
            .register_credential(&attestation.credential, &state, None)
            .map_err(|error| refuse(&error))?;
        if credential.cred_id.as_slice() != attestation.credential.raw_id {
            return Err(wrong());
        }
        let transports = attestation.credential.response.transports.clone();
        Ok(Created {
            credential_id: URL_SAFE_NO_PAD.encode(&credential.cred_id),
            public_key: serde_json::to_string(&credential.cred).map_err(broken)?,
            aaguid: aaguid_of(&attestation.credential.response.attestation_object).unwrap_or_default(),
            transports: serde_json::to_string(&transports.unwrap_or_default()).map_err(broken)?,
            verified: credential.user_verified,
            backup_eligible: credential.backup_eligible,
            backed_up: credential.backup_state,
            sign_count: credential.counter,
            rp_id: self.id.clone(),
        })
    }

    /// Asks to sign. `allowed`: one of these; none: whichever the person chooses, and then it must verify them.
    ///
    /// # Errors
    /// [`Error::Internal`] when the library fails.
    pub fn ask_to_sign(&self, allowed: &[Passkey]) -> Result<Question> {
        let policy = if allowed.is_empty() {
            UserVerificationPolicy::Required
        } else {
            UserVerificationPolicy::Preferred
        };
        let builder = self
            .core
            .new_challenge_authenticate_builder(Vec::new(), Some(policy))
            .map_err(broken)?;
        let (mut asked, state) = self
            .core
            .generate_challenge_authenticate(builder)
            .map_err(broken)?;
        asked.public_key.allow_credentials = allowed
            .iter()
            .map(|passkey| AllowCredentials {
                type_: "public-key".to_owned(),
                id: passkey.credential_id.clone(),
                transports: Some(transports_of(passkey)),
            })
            .collect();
        Ok(Question {
            challenge: asked.public_key.challenge.clone(),
            options: serde_json::to_value(&asked.public_key).map_err(broken)?,
            state: serde_json::to_string(&state).map_err(broken)?,
        })
    }

    /// Checks the answer of a passkey. Whether it verified its holder is told, not demanded: the caller decides what it is
    /// worth.
    ///
    /// # Errors
    /// Refused with [`Code::PasskeyWrong`].
    pub fn signed(&self, assertion: &Assertion, state: &str, passkey: &Passkey) -> Result<Signed> {
        let mut state: Value = serde_json::from_str(state).map_err(broken)?;
        // The library would refuse by its own policy; the flag is read below in any case.
        state["policy"] =
            serde_json::to_value(UserVerificationPolicy::Discouraged_DO_NOT_USE).map_err(broken)?;
        let state: AuthenticationState = serde_json::from_value(state).map_err(broken)?;
        let key: COSEKey = serde_json::from_str(&passkey.public_key).map_err(broken)?;
        let credential = Credential {
            cred_id: passkey.credential_id.clone(),
            cred: key,
            // The library refuses a counter that goes back; we tell of it: see `Signed::went_back`.
            counter: 0,
            transports: None,
            user_verified: false,
            backup_eligible: passkey.backup_eligible,
            backup_state: passkey.backed_up,
            registration_policy: UserVerificationPolicy::Discouraged_DO_NOT_USE,
            extensions: RegisteredExtensions::none(),
            attestation: ParsedAttestation::default(),
            attestation_format: webauthn_rs_core::proto::AttestationFormat::None,
        };
        let result = self
            .core
            .authenticate_single_credential(&assertion.credential, &state, &credential)
            .map_err(|error| refuse(&error))?;
        Ok(Signed {
            verified: result.user_verified(),
            backed_up: result.backup_state(),
            sign_count: result.counter(),
        })
    }
}

/// Why, for whoever looks into the log closely: the kind alone, nothing that the browser sent.
fn refuse(error: &webauthn_rs_core::error::WebauthnError) -> Error {
    let kind = format!("{error:?}");
    let kind = kind.split(['(', ' ', '{']).next().unwrap_or_default();
    tracing::debug!(kind, "an answer of a passkey was refused");
    wrong()
}

fn transports_of(passkey: &Passkey) -> Vec<AuthenticatorTransport> {
    serde_json::from_str(&passkey.transports).unwrap_or_default()
}

/// Which kind of authenticator made this (WebAuthn level 3 §6.5.1). Nobody vouches for it: it gives a passkey its first name.
fn aaguid_of(attestation_object: &[u8]) -> Option<Uuid> {
    let Ok(serde_cbor_2::Value::Map(object)) = serde_cbor_2::from_slice(attestation_object) else {
        return None;
    };
    match object.get(&serde_cbor_2::Value::Text("authData".to_owned()))? {
        // 32 bytes of the RP ID's hash, one of flags, four of the counter; then 16 of the AAGUID.
        serde_cbor_2::Value::Bytes(data) => Uuid::from_slice(data.get(37..53)?).ok(),
        _ => None,
    }
}
