//! What the standard library does not know of file systems: exchanging two folders, moving without replacing, and which
//! folders lie in one mount.

use std::fs;
use std::io;
use std::path::Path;

use rayon::prelude::*;

#[cfg(unix)]
use rustix::fs::CWD;
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
use rustix::fs::{RenameFlags, renameat_with};

/// Whether this system may know how to exchange two folders.
pub(super) const CAN_EXCHANGE: bool = cfg!(any(target_os = "linux", target_vendor = "apple"));

/// Exchanges two folders: at every instant each path leads to one of them, whole.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

/// Exchanges two folders: at every instant each path leads to one of them, whole.
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub(super) fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Moves a file or a folder to where nothing is.
pub(super) fn move_new(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // A file system that does not know it: then there is an instant between looking and moving.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {}
        moved => return Ok(moved?),
    }
    if fs::symlink_metadata(to).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(from, to)
}

/// In which mount a file or a folder lies: within one, files can be moved and linked.
#[cfg(target_os = "linux")]
pub(super) fn mount(path: &Path) -> io::Result<(u64, u64)> {
    use rustix::fs::{AtFlags, StatxFlags, statx};
    use std::os::unix::fs::MetadataExt;
    let device = fs::metadata(path)?.dev();
    // The same device may be mounted twice, which only newer systems tell.
    let mount = statx(CWD, path, AtFlags::empty(), StatxFlags::MNT_ID).ok();
    Ok((device, mount.map_or(0, |found| found.stx_mnt_id)))
}

/// In which mount a file or a folder lies: within one, files can be moved and linked.
#[cfg(all(unix, not(target_os = "linux")))]
pub(super) fn mount(path: &Path) -> io::Result<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Ok((fs::metadata(path)?.dev(), 0))
}

/// In which mount a file or a folder lies: within one, files can be moved and linked.
#[cfg(not(unix))]
pub(super) fn mount(path: &Path) -> io::Result<(u64, u64)> {
    fs::metadata(path).map(|_| (0, 0))
}

/// Whether files in a folder may be made, replaced and removed.
#[cfg(unix)]
pub(super) fn may_change(folder: &Path) -> io::Result<()> {
    use rustix::fs::{Access, AtFlags, accessat};
    Ok(accessat(CWD, folder, Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS)?)
}

/// Whether files in a folder may be made, replaced and removed.
#[cfg(not(unix))]
pub(super) fn may_change(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Gives a folder the mode and the owner of another, under which a web server may read it.
pub(super) fn take_after(folder: &Path, model: &fs::Metadata) -> io::Result<()> {
    let own = fs::metadata(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, chown};
        if (own.uid(), own.gid()) != (model.uid(), model.gid()) {
            chown(folder, Some(model.uid()), Some(model.gid()))?;
        }
    }
    if own.permissions() == model.permissions() { Ok(()) } else { fs::set_permissions(folder, model.permissions()) }
}

/// How many files are asked for one by one. Above that the whole file system is, with what others have written.
const FEW: usize = 256;

/// Has files in a folder reach the disk, so that a power cut leaves none of them half. Nothing is wrong where a system cannot be
/// asked: it is a matter of power cuts alone.
pub(super) fn sync(folder: &Path, paths: &[&str]) {
    if paths.len() > FEW {
        #[cfg(target_os = "linux")]
        let _ = fs::File::open(folder).map(rustix::fs::syncfs);
        return;
    }
    paths.par_iter().for_each(|path| {
        let _ = fs::File::open(folder.join(path)).and_then(|file| file.sync_all());
    });
}
