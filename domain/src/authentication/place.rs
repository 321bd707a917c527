//! Where an address is, as far as it tells by itself. Nothing is looked up anywhere: a database of places would be
//! asked in [`Place::of`].

use std::net::IpAddr;

/// A place that an address tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The network that the server is in: private, link-local and loopback addresses (RFC 1918, 3927, 4193, 4291).
    LocalNetwork,
}

impl Place {
    /// The place of an address, if it is known.
    pub fn of(address: &str) -> Option<Self> {
        let is_local = match address.parse::<IpAddr>().ok()?.to_canonical() {
            IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_link_local(),
            IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
        };
        is_local.then_some(Self::LocalNetwork)
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn private_ranges_are_the_local_network_and_the_rest_is_unknown() {
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
            assert_eq!(Place::of(local), Some(Place::LocalNetwork), "{local}");
        }
        for elsewhere in ["203.0.113.7", "172.32.0.1", "2001:db8::1", "", "unknown"] {
            assert_eq!(Place::of(elsewhere), None, "{elsewhere}");
        }
    }
}
