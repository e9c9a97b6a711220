//! The one stylesheet, the one script and the icon, each at an address that changes with it, so that browsers keep them.

use std::sync::LazyLock;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use statusphere_http::{Answer, MaxAge};

/// Letters of a hash.
const HASH: usize = 12;

/// A file with its address.
pub(crate) struct Asset {
    /// Below the deployment's own address: `/assets/<hash>.css`.
    pub(crate) path: String,
    content_type: &'static str,
    text: &'static str,
}

pub(crate) static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("css", "text/css; charset=utf-8", include_str!("../assets/style.css")));
pub(crate) static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("js", "text/javascript; charset=utf-8", include_str!("../assets/script.js")));
pub(crate) static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("svg", "image/svg+xml", include_str!("../assets/icon.svg")));

impl Asset {
    fn new(ending: &str, content_type: &'static str, text: &'static str) -> Self {
        let hash = BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..HASH * 3 / 4]);
        Self { path: format!("/assets/{hash}.{ending}"), content_type, text }
    }
}

/// The file of this name. Of another release, what has taken its place: better than a page without style.
pub(crate) fn find(name: &str) -> Option<Answer> {
    let all = [&*STYLE, &*SCRIPT, &*ICON];
    let answer = |asset: &Asset, max_age| Answer::new(asset.content_type, asset.text.to_owned(), max_age).unindexed();
    if let Some(asset) = all.iter().find(|asset| asset.path.strip_prefix("/assets/") == Some(name)) {
        return Some(answer(asset, MaxAge::Forever));
    }
    let (hash, ending) = name.split_once('.')?;
    let asset = all.iter().find(|asset| asset.path.rsplit('.').next() == Some(ending))?;
    (hash.len() == HASH).then(|| answer(asset, MaxAge::Page))
}
