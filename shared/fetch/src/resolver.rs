//! Turns a host's name into the addresses to connect to, once, and refuses names that lead inside.
//!
//! The client connects to nothing but what comes out of here, so a name cannot change its mind between check and use.
//! Deliberately absent: literal addresses, which never get here; `address` checks them.

use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::guard;

/// Whose names are resolved.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Resolver {
    /// Strangers': every address must be public.
    PublicOnly,
    /// Those that the configuration names: anything goes.
    Anything,
}

/// Why a name leads nowhere.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NameError {
    #[error("the name {0} does not resolve")]
    Unresolved(String),
    #[error("{name} resolves to {ip}, which is not a public address ({what})")]
    NotPublic { name: String, ip: IpAddr, what: &'static str },
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = *self;
        Box::pin(async move {
            let name = name.as_str();
            // The client replaces port 0 by the address's own.
            let found = tokio::net::lookup_host((name, 0)).await.map_err(|_| NameError::Unresolved(name.to_owned()))?;
            let accepted = resolver.accept(name, found.collect())?;
            Ok(Box::new(accepted.into_iter()) as Addrs)
        })
    }
}

impl Resolver {
    /// One address inside spoils all of them: the next connection might take it.
    fn accept(self, name: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, NameError> {
        if found.is_empty() {
            return Err(NameError::Unresolved(name.to_owned()));
        }
        if matches!(self, Self::Anything) {
            return Ok(found);
        }
        for address in &found {
            let ip = address.ip();
            if let Some(what) = guard::not_public(ip) {
                return Err(NameError::NotPublic { name: name.to_owned(), ip, what });
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(ips: &[&str]) -> Vec<SocketAddr> {
        ips.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect()
    }

    #[test]
    fn one_private_address_among_public_ones_refuses_the_name() {
        let mixed = addresses(&["93.184.215.14", "2606:2800:21f::1", "10.0.0.7"]);
        let error = Resolver::PublicOnly.accept("mixed.example", mixed.clone()).unwrap_err();
        assert_eq!(error.to_string(), "mixed.example resolves to 10.0.0.7, which is not a public address (private)");
        assert_eq!(Resolver::Anything.accept("mixed.example", mixed).unwrap().len(), 3);
    }

    #[test]
    fn all_public_addresses_are_kept_and_none_is_no_name() {
        let public = addresses(&["93.184.215.14", "2606:2800:21f::1"]);
        assert_eq!(Resolver::PublicOnly.accept("public.example", public.clone()).unwrap(), public);
        assert!(matches!(Resolver::PublicOnly.accept("none.example", Vec::new()), Err(NameError::Unresolved(_))));
    }
}
