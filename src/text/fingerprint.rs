//! Hashes that tell whether two texts are the same. Fast and stable over machines and runs, not cryptographic.

/// The hash of some bytes.
pub fn fingerprint(bytes: &[u8]) -> u64 {
    rapidhash::v3::rapidhash_v3(bytes)
}
