//! What a claim may be called.

use crate::Code;

/// The shortest and the longest name, in characters.
pub const LENGTHS: (usize, usize) = (2, 40);

/// Names that tokens use for something else, or that we keep for ourselves. In the order of the alphabet.
pub const RESERVED: [&str; 64] = [
    // RFC 7519 §4.1: aud exp iat iss jti nbf sub. OpenID Connect Core §2: acr amr auth_time azp nonce. §3.1.3.6 and §3.3.2.11: at_hash
    // c_hash. §5.1: address to zoneinfo. Of others: act, may_act (RFC 8693), cnf (RFC 7800), client_id, scope, entitlements, groups,
    // roles (RFC 9068), events, toe, txn (RFC 8417), sub_id (RFC 9493), status (OAuth Token Status List), sid (OpenID Connect
    // Back-Channel Logout), s_hash (FAPI), authorization_details (RFC 9396), ath, htm, htu (RFC 9449), active, token_type, username (RFC 7662), vot, vtm (RFC 8485), trust_framework, verified_claims
    // (OpenID Connect for Identity Assurance). Ours for later: permissions, org, org_id, tenant, version.
    "acr",
    "act",
    "active",
    "address",
    "amr",
    "at_hash",
    "ath",
    "aud",
    "auth_time",
    "authorization_details",
    "azp",
    "birthdate",
    "c_hash",
    "client_id",
    "cnf",
    "email",
    "email_verified",
    "entitlements",
    "events",
    "exp",
    "family_name",
    "gender",
    "given_name",
    "groups",
    "htm",
    "htu",
    "iat",
    "iss",
    "jti",
    "locale",
    "may_act",
    "middle_name",
    "name",
    "nbf",
    "nickname",
    "nonce",
    "org",
    "org_id",
    "permissions",
    "phone_number",
    "phone_number_verified",
    "picture",
    "preferred_username",
    "profile",
    "roles",
    "s_hash",
    "scope",
    "sid",
    "status",
    "sub",
    "sub_id",
    "tenant",
    "toe",
    "token_type",
    "trust_framework",
    "txn",
    "updated_at",
    "username",
    "verified_claims",
    "version",
    "vot",
    "vtm",
    "website",
    "zoneinfo",
];

/// Reads a name as typed: small letters, digits and `_`, a letter first, no `_` last, [`LENGTHS`] characters.
///
/// # Errors
/// [`Code::Required`], [`Code::ClaimName`], or [`Code::ClaimReserved`].
pub fn read(typed: &str) -> Result<&str, Code> {
    let name = typed.trim();
    if name.is_empty() {
        return Err(Code::Required);
    }
    if !is_shaped(name) {
        return Err(Code::ClaimName);
    }
    if is_reserved(name) {
        return Err(Code::ClaimReserved);
    }
    Ok(name)
}

/// Whether a claim could be called that, or could have been before a name was reserved.
pub(super) fn is_shaped(name: &str) -> bool {
    (LENGTHS.0..=LENGTHS.1).contains(&name.len())
        && name
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('_')
}

/// Whether tokens use the name for something else.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_small_letters_digits_and_underscores() {
        let longest = format!("a{}", "b".repeat(LENGTHS.1 - 1));
        for name in ["plan", "cost_center", "b2b", " team ", "a1", longest.as_str()] {
            assert_eq!(read(name), Ok(name.trim()));
        }
        let too_long = format!("{longest}c");
        for name in [
            "a",
            "Plan",
            "2nd",
            "_claim_names",
            "team_",
            "a-b",
            "a.b",
            "a b",
            "plán",
            "https://example.com/plan",
            "a\nb",
            too_long.as_str(),
        ] {
            assert_eq!(read(name), Err(Code::ClaimName), "{name:?}");
        }
        assert_eq!(read(" "), Err(Code::Required));
    }

    #[test]
    fn what_tokens_use_already_is_refused() {
        let jwt = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];
        let connect = [
            "sub",
            "name",
            "given_name",
            "family_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "email",
            "email_verified",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "phone_number",
            "phone_number_verified",
            "address",
            "updated_at",
            "nonce",
            "acr",
            "amr",
            "azp",
            "auth_time",
        ];
        let events = ["events", "toe", "txn", "sub_id", "status"];
        for name in jwt.iter().chain(&connect).chain(&events) {
            assert_eq!(read(name), Err(Code::ClaimReserved), "{name}");
        }
        assert!(RESERVED.is_sorted());
    }
}
