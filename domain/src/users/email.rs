//! Mail addresses.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

use crate::Code;

/// A mail address that mail can reach: `local@domain` with an ASCII local part, at most 254 bytes (RFC 5321 §4.5.3.1).
///
/// Quoted local parts, comments, lists and address literals are refused: nobody types them, and they are how header
/// injection and look-alike addresses are smuggled in (ASVS 1.3.11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    typed: String,
    key: EmailKey,
}

/// What makes an address unique: lower case, NFC, the domain in its ASCII form (RFC 5891).
///
/// Mail hosts may tell upper and lower case apart in the local part; in practice none does, and two accounts that
/// differ in case alone would be a trap.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EmailKey(String);

impl Email {
    /// Reads an address as a person types it; white space around it is dropped.
    ///
    /// # Errors
    /// [`Code::Required`] when nothing is left, [`Code::TooLong`] over 254 bytes, else [`Code::EmailInvalid`].
    pub fn parse(text: &str) -> Result<Self, Code> {
        let typed: String = text.trim().nfc().collect();
        if typed.is_empty() {
            return Err(Code::Required);
        }
        if typed.len() > 254 {
            return Err(Code::TooLong);
        }
        let (local, domain) = typed.rsplit_once('@').ok_or(Code::EmailInvalid)?;
        let domain = host(domain).ok_or(Code::EmailInvalid)?;
        if !is_dot_atom(local) || local.len() > 64 {
            return Err(Code::EmailInvalid);
        }
        let key = EmailKey(format!("{}@{domain}", local.to_lowercase()));
        Ok(Self {
            typed: format!("{local}@{domain}"),
            key,
        })
    }

    /// The address to send to and to show.
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// What makes it unique.
    pub fn key(&self) -> &EmailKey {
        &self.key
    }

    /// The host behind the `@`, in its ASCII form.
    pub fn host(&self) -> &str {
        self.key.0.rsplit_once('@').map_or("", |(_, host)| host)
    }

    /// The part before the `@`.
    pub fn local_part(&self) -> &str {
        self.typed.rsplit_once('@').map_or("", |(local, _)| local)
    }
}

impl EmailKey {
    /// The text that the database holds.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

/// A dot-atom (RFC 5322 §3.2.3): atoms of ASCII letters, digits and a few signs, separated by single dots.
fn is_dot_atom(local: &str) -> bool {
    local.split('.').all(|atom| {
        !atom.is_empty()
            && atom
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    })
}

/// The ASCII form of a host that mail can go to.
pub(super) fn host(text: &str) -> Option<String> {
    let host = idna::domain_to_ascii_strict(text).ok()?;
    is_host(&host).then_some(host)
}

/// A host name with at least two labels, none of them all digits at the end (that would be an IP address).
fn is_host(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    domain.len() <= 253
        && labels.len() >= 2
        && labels.iter().all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
        && labels
            .last()
            .is_some_and(|last| !last.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_for_every_way_to_type_an_address() {
        let keys: Vec<_> = ["Ada@Example.com", " ada@example.com ", "ADA@EXAMPLE.COM"]
            .iter()
            .map(|text| Email::parse(text).unwrap().key().clone())
            .collect();
        assert!(
            keys.iter().all(|key| key.as_str() == "ada@example.com"),
            "{keys:?}"
        );
        assert_eq!(
            Email::parse("jo@bücher.example").unwrap().as_str(),
            "jo@xn--bcher-kva.example"
        );
    }

    #[test]
    fn what_is_no_plain_address_is_refused() {
        let long_label = format!("a@{}.example", "x".repeat(64));
        let long_local = format!("{}@example.com", "x".repeat(65));
        let hostile = [
            "ada",
            "ada@",
            "@example.com",
            "ada@example",
            "ada@@example.com",
            "a da@example.com",
            ".ada@example.com",
            "ada.@example.com",
            "a..b@example.com",
            "\"ada\"@example.com",
            "\"e@attacker.example\"@victim.example",
            "ada@example.com,eve@example.com",
            "ada@example.com;eve@example.com",
            "ada@[127.0.0.1]",
            "ada@127.0.0.1",
            "ada@example.com\r\nBcc: eve@example.com",
            "ada\0@example.com",
            "ada(comment)@example.com",
            "ada@-x.example",
            "ada@x-.example",
            "<ada@example.com>",
            "Ada <ada@example.com>",
            "ada＠example.com",
            "аda@example.com",
            "ada@exa mple.com",
            "ada@example..com",
            "ada@.example.com",
            "ada@example.com.",
            &long_label,
            &long_local,
        ];
        for text in hostile {
            assert_eq!(Email::parse(text), Err(Code::EmailInvalid), "{text:?}");
        }
        assert_eq!(Email::parse(" \t"), Err(Code::Required));
        assert_eq!(
            Email::parse(&format!("{}@example.com", "x".repeat(300))),
            Err(Code::TooLong)
        );
    }
}
