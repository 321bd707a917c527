//! The part of a mail address behind the `@`.

use std::fmt;

use super::email::{Email, host};
use crate::Code;

/// A domain whose addresses may do something. Compared whole, in its ASCII form (RFC 5891): `example.org` is not `mail.example.org`, and
/// `bücher.example` is `xn--bcher-kva.example`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailDomain(String);

impl MailDomain {
    /// Reads one as a person types it, with or without an `@` in front.
    ///
    /// # Errors
    /// [`Code::DomainInvalid`].
    pub fn parse(text: &str) -> Result<Self, Code> {
        let text = text.trim();
        let text = text.strip_prefix('@').unwrap_or(text);
        host(text).map(Self).ok_or(Code::DomainInvalid)
    }

    /// In ASCII, as addresses are compared.
    pub fn ascii(&self) -> &str {
        &self.0
    }

    /// Whether an address is one of this domain.
    pub fn has(&self, email: &Email) -> bool {
        email.host() == self.0
    }
}

/// As people read it.
impl fmt::Display for MailDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (shown, read) = idna::domain_to_unicode(&self.0);
        f.write_str(if read.is_ok() { &shown } else { &self.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_compared_whole_and_in_one_form() {
        let has = |domain: &str, email: &str| {
            let (domain, email) = (MailDomain::parse(domain), Email::parse(email));
            domain.expect("a domain").has(&email.expect("an address"))
        };
        assert!(has("example.org", "ada@example.org"));
        assert!(has(" @Example.ORG ", "Ada@EXAMPLE.org"));
        assert!(has("bücher.example", "ada@xn--bcher-kva.example"));
        assert!(has("xn--bcher-kva.example", "ada@BÜCHER.example"));
        assert!(!has("example.org", "ada@mail.example.org"));
        assert!(!has("example.org", "ada@notexample.org"));
        assert!(!has("example.org", "ada@example.org.evil.example"));
        assert!(!has("example.org", "example.org@evil.example"));
    }

    #[test]
    fn what_no_mail_goes_to_is_none() {
        for text in [
            "",
            "@",
            "localhost",
            "*.example.org",
            "ada@example.org",
            "example..org",
            "10.0.0.1",
            "a b.org",
        ] {
            assert_eq!(MailDomain::parse(text), Err(Code::DomainInvalid), "{text:?}");
        }
        assert_eq!(
            MailDomain::parse("XN--bcher-kva.example")
                .expect("one")
                .to_string(),
            "bücher.example"
        );
    }
}
