//! The only writer of `addresses.lock`. It is replaced as a whole, and only while it is still the file that was read: builds into
//! two folders, or a command beside a build, would else undo what the other has written.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::{Lock, Seen, replace};
use crate::addresses::ADDRESSES;
use crate::source::Snapshot;

/// Writes what a build has added, and tells how the file is then; none when somebody else has changed it meanwhile, and the
/// next build adds to that.
///
/// # Errors
/// The file cannot be read or written.
pub fn renew(root: &Path, snapshot: &Snapshot, text: &str) -> Result<Option<Seen>> {
    let is_written = write(root, snapshot, text)
        .with_context(|| "the site was published; `--locked` builds without adding to the file".to_owned())?;
    Ok(is_written.then(|| Seen::unstamped(ADDRESSES.to_owned(), text.as_bytes())))
}

/// Writes what somebody has decided.
///
/// # Errors
/// The file cannot be read or written, or somebody else has changed it meanwhile.
pub fn settle(root: &Path, snapshot: &Snapshot, text: &str) -> Result<()> {
    if !write(root, snapshot, text)? {
        bail!("{} was changed meanwhile; run the command again", root.join(ADDRESSES).display());
    }
    Ok(())
}

fn write(root: &Path, snapshot: &Snapshot, text: &str) -> Result<bool> {
    let place = root.join(ADDRESSES);
    let _alone = Lock::wait_for_addresses(root);
    let present = match fs::read(&place) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", place.display())),
    };
    if present.as_deref() != snapshot.text(ADDRESSES).map(|text| text.as_bytes()) {
        return Ok(false);
    }
    replace(&place, text.as_bytes())?;
    Ok(true)
}
