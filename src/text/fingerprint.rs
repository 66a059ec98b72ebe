//! Hashes that tell whether two texts are the same. Fast and stable over machines and runs, not cryptographic.

use rapidhash::v3::{DEFAULT_RAPID_SECRETS, RapidStreamHasherV3, rapidhash_v3};

/// Tables that hash fast, for what is asked on every page; their order is chance, so they are never walked through.
pub use rapidhash::fast::{HashMapExt, HashSetExt, RapidHashMap as FastMap, RapidHashSet as FastSet};

/// The hash of some bytes.
pub fn fingerprint(bytes: &[u8]) -> u64 {
    rapidhash_v3(bytes)
}

/// The same of bytes that come in pieces.
pub struct Fingerprint(RapidStreamHasherV3<'static>);

impl Default for Fingerprint {
    fn default() -> Self {
        Self(RapidStreamHasherV3::new(&DEFAULT_RAPID_SECRETS))
    }
}

impl Fingerprint {
    /// Takes the next piece.
    pub fn write(&mut self, piece: &[u8]) {
        self.0.write(piece);
    }

    /// The hash of all that was taken.
    pub fn finish(&self) -> u64 {
        self.0.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_have_the_hash_of_the_whole() {
        let bytes: Vec<u8> = (0..1000_u32).map(|number| (number % 251) as u8).collect();
        for size in [1, 7, 112, 113, 500, 1000] {
            let mut hasher = Fingerprint::default();
            bytes.chunks(size).for_each(|piece| hasher.write(piece));
            assert_eq!(hasher.finish(), fingerprint(&bytes), "{size}");
        }
        assert_eq!(Fingerprint::default().finish(), fingerprint(b""));
    }
}
