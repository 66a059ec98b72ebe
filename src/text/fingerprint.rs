//! Hashes that tell whether two texts are the same. Fast and stable over machines and runs, not cryptographic.

/// Tables that hash fast, for what is asked on every page; their order is chance, so they are never walked through.
pub use rapidhash::fast::{HashMapExt, HashSetExt, RapidHashMap as FastMap, RapidHashSet as FastSet};

/// The hash of some bytes.
pub fn fingerprint(bytes: &[u8]) -> u64 {
    rapidhash::v3::rapidhash_v3(bytes)
}
