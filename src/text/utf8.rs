//! Bytes that are text.

/// The text that some bytes are, if they are UTF-8. Whole pages pass here, so it looks at 32 bytes at a time.
pub fn text(bytes: &[u8]) -> Option<&str> {
    simdutf8::basic::from_utf8(bytes).ok()
}
