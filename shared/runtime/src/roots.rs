//! Whom AWS access trusts: the five roots that AWS certifies its endpoints by, or those of a file.
//!
//! Deliberately absent: the machine's own list. It has about 145 roots, and reading them takes longer than all the rest
//! of a start.

use std::path::Path;

use anyhow::{Context as _, ensure};
use aws_smithy_http_client::tls::TrustStore;
use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, pem::PemObject as _};

const AMAZON: &[u8] = include_bytes!("../roots/amazon.pem");

/// The roots of a PEM file, or else Amazon's.
pub(crate) fn trusted(bundle: Option<&Path>) -> anyhow::Result<TrustStore> {
    let pem = match bundle {
        None => AMAZON.to_vec(),
        Some(path) => read(path).with_context(|| format!("the certificates of AWS_CA_BUNDLE, {}", path.display()))?,
    };
    Ok(TrustStore::empty().with_pem_certificate(pem))
}

/// Reads a file and tries its certificates, since the HTTP client panics over bad ones.
fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let pem = std::fs::read(path)?;
    let mut roots = RootCertStore::empty();
    for (at, certificate) in CertificateDer::pem_slice_iter(&pem).enumerate() {
        let place = || format!("number {} can't be read", at + 1);
        roots.add(certificate.with_context(place)?).with_context(place)?;
    }
    ensure!(!roots.is_empty(), "there is none");
    Ok(pem)
}
