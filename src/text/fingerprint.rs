//! Hashes that tell whether two texts are the same. Fast and stable over machines and runs, not cryptographic.

use rapidhash::v3::{DEFAULT_RAPID_SECRETS, RapidStreamHasherV3, rapidhash_v3};

/// Tables that hash fast, for what is asked on every page; their order is chance, so they are never walked through.
pub use rapidhash::fast::{HashMapExt, HashSetExt, RapidHashMap as FastMap, RapidHashSet as FastSet};

/// The hash of some bytes.
pub fn fingerprint(bytes: &[u8]) -> u64 {
    rapidhash_v3(bytes)
}

/// The same of the bytes that some pieces are together.
pub fn fingerprint_of<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let mut hasher = RapidStreamHasherV3::new(&DEFAULT_RAPID_SECRETS);
    pieces.into_iter().for_each(|piece| hasher.write(piece));
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_have_the_hash_of_the_whole() {
        let bytes: Vec<u8> = (0..1000_u32).map(|number| (number % 251) as u8).collect();
        for size in [1, 7, 112, 113, 500, 1000] {
            assert_eq!(fingerprint_of(bytes.chunks(size)), fingerprint(&bytes), "{size}");
        }
        assert_eq!(fingerprint_of([]), fingerprint(b""));
    }
}
