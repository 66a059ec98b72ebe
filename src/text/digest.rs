//! Hashes that others can check with their own tools: SHA-256 in hexadecimal digits.
//!
//! What the program remembers for itself has shorter and faster ones ([`fingerprint`](super::fingerprint)).

use sha2::{Digest, Sha256};

/// The digest of some bytes, as `sha256sum` writes it.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_standard() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
