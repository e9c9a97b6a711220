//! Turns a host's name into the addresses to connect to, once, and refuses names that lead inside.
//!
//! The client connects to nothing but what comes out of here, so a name cannot change its mind between check and use.
//! Deliberately absent: literal addresses, which never get here; `address` checks them.

use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::guard;

/// Turns names into addresses that may be connected to.
#[derive(Debug, Clone)]
pub(crate) struct Resolver {
    /// For strangers' names: every address must be public. Those that the configuration names may lead anywhere.
    pub(crate) public_only: bool,
    pub(crate) names: Names,
}

/// Who knows what a name stands for.
#[derive(Debug, Clone)]
pub(crate) enum Names {
    /// The machine.
    System,
    /// A test.
    #[cfg(test)]
    Table(fn(&str) -> Vec<IpAddr>),
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
        let resolver = self.clone();
        Box::pin(async move {
            let found = resolver.names.look_up(name.as_str()).await;
            let accepted = resolver.accept(name.as_str(), found)?;
            Ok(Box::new(accepted.into_iter()) as Addrs)
        })
    }
}

impl Resolver {
    /// One address inside spoils all of them: the next connection might take it.
    fn accept(&self, name: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, NameError> {
        if found.is_empty() {
            return Err(NameError::Unresolved(name.to_owned()));
        }
        if !self.public_only {
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

impl Names {
    /// Empty when the name stands for nothing. The client replaces port 0 by the address's own.
    async fn look_up(&self, name: &str) -> Vec<SocketAddr> {
        match self {
            Self::System => tokio::net::lookup_host((name, 0)).await.map(Iterator::collect).unwrap_or_default(),
            #[cfg(test)]
            Self::Table(table) => table(name).into_iter().map(|ip| SocketAddr::new(ip, 0)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRANGERS: Resolver = Resolver { public_only: true, names: Names::System };

    fn addresses(ips: &[&str]) -> Vec<SocketAddr> {
        ips.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect()
    }

    #[test]
    fn one_private_address_among_public_ones_refuses_the_name() {
        let mixed = addresses(&["93.184.215.14", "2606:2800:21f::1", "10.0.0.7"]);
        let error = STRANGERS.accept("mixed.example", mixed.clone()).unwrap_err();
        assert_eq!(error.to_string(), "mixed.example resolves to 10.0.0.7, which is not a public address (private)");
        assert_eq!(Resolver { public_only: false, ..STRANGERS }.accept("mixed.example", mixed).unwrap().len(), 3);
    }

    #[test]
    fn all_public_addresses_are_kept_and_none_is_no_name() {
        let public = addresses(&["93.184.215.14", "2606:2800:21f::1"]);
        assert_eq!(STRANGERS.accept("public.example", public.clone()).unwrap(), public);
        assert!(matches!(STRANGERS.accept("none.example", Vec::new()), Err(NameError::Unresolved(_))));
    }
}
