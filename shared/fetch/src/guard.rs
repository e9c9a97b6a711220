//! Which IP addresses are public, as one table after the IANA special-purpose registries.
//!
//! Deliberately absent: names and their resolution. An address that carries another one inside (IPv4-mapped, NAT64, 6to4,
//! Teredo) is refused whatever it carries: no status page needs one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

const V4: &[(Ipv4Net, &str)] = &[
    (v4([0, 0, 0, 0], 8), "unspecified"),
    (v4([10, 0, 0, 0], 8), "private"),
    (v4([100, 64, 0, 0], 10), "shared by a carrier"),
    (v4([127, 0, 0, 0], 8), "loopback"),
    // Answers only inside a cloud, with that cloud's configuration.
    (v4([168, 63, 129, 16], 32), "a cloud's own"),
    (v4([169, 254, 0, 0], 16), "link-local"),
    (v4([172, 16, 0, 0], 12), "private"),
    (v4([192, 0, 0, 0], 24), "protocol assignments"),
    (v4([192, 0, 2, 0], 24), "documentation"),
    (v4([192, 88, 99, 0], 24), "6to4 relay"),
    (v4([192, 168, 0, 0], 16), "private"),
    (v4([198, 18, 0, 0], 15), "benchmarking"),
    (v4([198, 51, 100, 0], 24), "documentation"),
    (v4([203, 0, 113, 0], 24), "documentation"),
    (v4([224, 0, 0, 0], 4), "multicast"),
    (v4([240, 0, 0, 0], 4), "reserved"),
];

/// The only block from which public IPv6 addresses are given out.
const GLOBAL_V6: Ipv6Net = v6(0x2000 << 112, 3);

/// Exceptions inside [`GLOBAL_V6`] first, then the names of what lies outside.
const V6: &[(Ipv6Net, &str)] = &[
    (v6(0x2001_0000 << 96, 32), "Teredo"),
    (v6(0x2001_0002 << 96, 48), "benchmarking"),
    (v6(0x2001_0000 << 96, 23), "protocol assignments"),
    (v6(0x2001_0db8 << 96, 32), "documentation"),
    (v6(0x2002 << 112, 16), "6to4"),
    (v6(0x3fff << 112, 20), "documentation"),
    (v6(0, 128), "unspecified"),
    (v6(1, 128), "loopback"),
    (v6(0xffff << 32, 96), "IPv4-mapped"),
    (v6(0x0064_ff9b << 96, 32), "NAT64"),
    (v6(0xfc00 << 112, 7), "private"),
    (v6(0xfe80 << 112, 10), "link-local"),
    (v6(0xff00 << 112, 8), "multicast"),
];

const fn v4([a, b, c, d]: [u8; 4], prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(bits: u128, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::from_bits(bits), prefix)
}

/// What kind of address it is, in a word or two, when it is not public; `None` for a public one.
pub(crate) fn not_public(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => V4.iter().find(|(net, _)| net.contains(&ip)).map(|(_, what)| *what),
        IpAddr::V6(ip) => {
            let named = V6.iter().find(|(net, _)| net.contains(&ip)).map(|(_, what)| *what);
            named.or_else(|| (!GLOBAL_V6.contains(&ip)).then_some("reserved"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_public(ip: &str) -> bool {
        not_public(ip.parse().unwrap()).is_none()
    }

    #[test]
    fn first_and_last_of_every_network_are_refused() {
        for (net, _) in V4 {
            assert!(not_public(net.network().into()).is_some(), "{net}");
            assert!(not_public(net.broadcast().into()).is_some(), "{net}");
        }
        for (net, _) in V6 {
            assert!(not_public(net.network().into()).is_some(), "{net}");
            assert!(not_public(net.broadcast().into()).is_some(), "{net}");
        }
    }

    #[test]
    fn neighbours_of_refused_networks_are_public() {
        for ip in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "168.63.129.15",
            "168.63.129.17",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "191.255.255.255",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2000::1",
            "2001:200::1",
            "2001:db7::1",
            "2001:db9::1",
            "2003::1",
            "2606:4700::1111",
            "2a00:1450:4001::1",
            "3ffe:ffff::1",
        ] {
            assert!(is_public(ip), "{ip}");
        }
    }

    #[test]
    fn an_address_says_what_it_is() {
        assert_eq!(not_public("169.254.169.254".parse().unwrap()), Some("link-local"));
        assert_eq!(not_public("2001:0:1::".parse().unwrap()), Some("Teredo"));
        assert_eq!(not_public("64:ff9b:1::1".parse().unwrap()), Some("NAT64"));
        assert_eq!(not_public("::7f00:1".parse().unwrap()), Some("reserved"));
        assert_eq!(not_public("5f00::1".parse().unwrap()), Some("reserved"));
    }
}
