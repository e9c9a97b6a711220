//! Whom a function trusts.

use std::collections::BTreeSet;
use std::fs;

use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use statusphere_runtime::aws;
use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

use crate::alone;

const SHIPPED: &[u8] = include_bytes!("../../roots/amazon.pem");

#[test]
fn the_roots_that_are_shipped_are_all_of_amazon_s_that_browsers_trust() {
    let shipped: Vec<_> = CertificateDer::pem_slice_iter(SHIPPED).collect::<Result<_, _>>().unwrap();
    let shipped: BTreeSet<&[u8]> = shipped.iter().map(AsRef::as_ref).collect();
    let names = [&b"Amazon Root CA "[..], b"Starfield Services Root Certificate Authority - G2"];
    let is_amazon_s = |root: &&[u8]| names.iter().any(|name| root.windows(name.len()).any(|part| part == *name));
    let known: BTreeSet<&[u8]> = TLS_SERVER_ROOT_CERTS.iter().map(AsRef::as_ref).filter(is_amazon_s).collect();
    assert_eq!(known.len(), 5);
    assert!(shipped == known, "roots/amazon.pem is not what Mozilla lists of Amazon's");
}

fn start() {
    aws().unwrap();
}

/// What a start says with this file as `AWS_CA_BUNDLE`, nothing when it goes well; `None` in the process that starts.
fn refusal(test: &str, content: Option<&str>) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roots.pem");
    if let Some(content) = content {
        fs::write(&file, content).unwrap();
    }
    let environment = [
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_CA_BUNDLE", file.to_str().unwrap()),
    ];
    let output = alone(&format!("roots::{test}"), &environment, start)?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(if output.status.success() { String::new() } else { said })
}

#[test]
fn a_bundle_of_certificates_is_taken() {
    let shipped = Some(str::from_utf8(SHIPPED).unwrap());
    let Some(said) = refusal("a_bundle_of_certificates_is_taken", shipped) else { return };
    assert_eq!(said, "");
}

#[test]
fn a_bundle_that_is_none_is_a_clear_error() {
    let no_certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let cut = "-----BEGIN CERTIFICATE-----\nAAAA\n";
    for (content, why) in [
        (None, "No such file"),
        (Some(""), "there is none"),
        (Some("nonsense"), "there is none"),
        (Some(no_certificate), "number 1 can't be read"),
        (Some(cut), "number 1 can't be read"),
    ] {
        let Some(said) = refusal("a_bundle_that_is_none_is_a_clear_error", content) else { return };
        assert!(said.contains("the certificates of AWS_CA_BUNDLE") && said.contains(why), "{content:?}: {said}");
    }
}
