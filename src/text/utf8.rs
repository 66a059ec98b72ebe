//! Bytes that are text.

use std::borrow::Cow;

/// The text that some bytes are, if they are UTF-8. Whole pages pass here, so it looks at 32 bytes at a time.
pub fn text(bytes: &[u8]) -> Option<&str> {
    simdutf8::basic::from_utf8(bytes).ok()
}

/// The same of bytes that may be owned.
pub fn of(bytes: Cow<[u8]>) -> Option<Cow<str>> {
    match bytes {
        Cow::Borrowed(bytes) => text(bytes).map(Cow::Borrowed),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    }
}

/// The same, or where the first byte stands that is none.
///
/// # Errors
/// That offset.
pub fn check(bytes: &[u8]) -> Result<&str, usize> {
    text(bytes).map_or_else(|| std::str::from_utf8(bytes).map_err(|error| error.valid_up_to()), Ok)
}
