//! Cursors: a place in one list, sealed so that what was changed, cut or taken from another list is refused.
//!
//! Deliberately absent: secrecy. Lists are public and a place in one is no secret; the key only keeps cursors from being
//! made elsewhere. It is the table's name, which AWS draws for each deployment.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::problem::{Code, Problem};

/// Bytes of the seal.
const SEAL: usize = 16;

/// Makes and opens the cursors of one deployment.
#[derive(Debug, Clone)]
pub(crate) struct Cursors {
    key: String,
}

impl Cursors {
    pub(crate) fn new(key: impl Into<String>) -> Self {
        Self { key: key.into() }
    }

    /// The cursor of a place in a list; `list` names the list and everything that decides what is in it.
    pub(crate) fn seal(&self, list: &[&str], place: &str) -> String {
        let mut bytes = self.seal_of(list, place);
        bytes.extend_from_slice(place.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The place in this list that a cursor names.
    pub(crate) fn open(&self, list: &[&str], cursor: &str) -> Result<String, Problem> {
        let opened = || {
            let mut seal = URL_SAFE_NO_PAD.decode(cursor).ok()?;
            let place = String::from_utf8(seal.split_off(seal.len().min(SEAL))).ok()?;
            (self.seal_of(list, &place) == seal).then_some(place)
        };
        opened().ok_or_else(|| Problem::new(Code::CursorInvalid, "cursor is not valid"))
    }

    fn seal_of(&self, list: &[&str], place: &str) -> Vec<u8> {
        // A key of any length will do.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.as_bytes()) else { return Vec::new() };
        for part in list.iter().chain([&place]) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        let mut seal = mac.finalize().into_bytes().to_vec();
        seal.truncate(SEAL);
        seal
    }
}
