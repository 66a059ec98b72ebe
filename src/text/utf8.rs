//! Bytes that are text.

/// The text that some bytes are, if they are UTF-8. Whole pages pass here, so it looks at 32 bytes at a time.
pub fn text(bytes: &[u8]) -> Option<&str> {
    simdutf8::basic::from_utf8(bytes).ok()
}

/// The same, or where the first byte stands that is none.
///
/// # Errors
/// That offset.
pub fn check(bytes: &[u8]) -> Result<&str, usize> {
    text(bytes).map_or_else(|| std::str::from_utf8(bytes).map_err(|error| error.valid_up_to()), Ok)
}
