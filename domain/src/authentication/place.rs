//! Where an address is, as far as it is known: by itself, or by the file of places that the operator brought
//! ([`Places`](crate::platform::places::Places)). Nobody is asked.

use std::net::IpAddr;

use crate::platform::places::Places;
use crate::words::Language;

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The network that the server is in: private, link-local and loopback addresses (RFC 1918, 3927, 4193, 4291).
    LocalNetwork,
    /// A city and its country, or the country alone, as somebody reads it.
    Named(String),
}

impl Place {
    /// The place of an address, if it is known, in a language or else in English.
    pub fn of(places: &Places, address: &str, language: Language) -> Option<Self> {
        let address = address.parse::<IpAddr>().ok()?.to_canonical();
        let is_local = match address {
            IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_link_local(),
            IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
        };
        if is_local {
            return Some(Self::LocalNetwork);
        }
        places.name(address, language).map(Self::Named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_ranges_are_the_local_network_and_without_a_file_the_rest_is_unknown() {
        let place = |address| Place::of(&Places::default(), address, Language::English);
        for local in [
            "10.0.0.1",
            "172.31.255.255",
            "192.168.1.7",
            "127.0.0.1",
            "169.254.1.1",
            "::1",
            "fd00::7",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert_eq!(place(local), Some(Place::LocalNetwork), "{local}");
        }
        for elsewhere in ["203.0.113.7", "172.32.0.1", "2001:db8::1", "", "unknown"] {
            assert_eq!(place(elsewhere), None, "{elsewhere}");
        }
    }
}
