//! Hears from the system which files of a site have changed.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use notify::event::{AccessKind, AccessMode};
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::{INPUTS, may_be_input, relative};

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// These files or folders, by their paths from the site's folder, are new, changed or gone.
    Paths(Vec<String>),
    /// More than could be told.
    Unknown,
}

/// Listens as long as it is held.
#[derive(Debug)]
pub struct Watch {
    watcher: RecommendedWatcher,
    root: PathBuf,
}

impl Watch {
    /// Tells of every change from now on, on a thread of its own.
    ///
    /// # Errors
    /// The system does not tell: of too many folders, or on some network file systems.
    pub fn start(root: &Path, tell: impl Fn(Change) + Send + 'static) -> Result<Self> {
        let root = root.canonicalize().with_context(|| format!("cannot read {}", root.display()))?;
        let base = root.clone();
        let hear = move |event: notify::Result<Event>| {
            if let Some(change) = change_of(event, &base) {
                tell(change);
            }
        };
        let config = Config::default().with_follow_symlinks(false);
        let watcher = RecommendedWatcher::new(hear, config).context("cannot watch files")?;
        let mut watch = Self { watcher, root };
        // Of the folder itself the direct contents alone: what else lies there may be large and is no input.
        watch.watcher.watch(&watch.root, RecursiveMode::NonRecursive).context("cannot watch the site's folder")?;
        watch.renew()?;
        Ok(watch)
    }

    /// Listens to folders that have come since, too.
    ///
    /// # Errors
    /// The system does not tell of so many.
    pub fn renew(&mut self) -> Result<()> {
        for input in INPUTS.iter().map(|input| self.root.join(input)).filter(|input| input.is_dir()) {
            match self.watcher.watch(&input, RecursiveMode::Recursive) {
                Err(error) if input.is_dir() => {
                    return Err(error).with_context(|| format!("cannot watch the folder {}", input.display()));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// What an event says of the inputs of a site. That a file is read is none: a build would set itself off.
fn change_of(event: notify::Result<Event>, root: &Path) -> Option<Change> {
    let Ok(event) = event else { return Some(Change::Unknown) };
    if event.need_rescan() {
        return Some(Change::Unknown);
    }
    let is_change = match event.kind {
        EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
        _ => true,
    };
    let paths = event.paths.iter().filter(|_| is_change).map(|path| relative(root, path));
    let paths: Vec<String> = paths.filter(|path| may_be_input(path)).collect();
    (!paths.is_empty()).then_some(Change::Paths(paths))
}

#[cfg(test)]
mod tests {
    use notify::event::{CreateKind, Flag, ModifyKind};

    use super::*;

    fn heard(kind: EventKind, path: &str) -> Option<Change> {
        change_of(Ok(Event::new(kind).add_path(Path::new("/site").join(path))), Path::new("/site"))
    }

    #[test]
    fn what_is_written_is_heard_and_what_is_read_is_not() {
        let told = |path: &str| Some(Change::Paths(vec![path.to_owned()]));
        let written = EventKind::Modify(ModifyKind::Any);
        assert_eq!(heard(written, "content/blog/x.md"), told("content/blog/x.md"));
        assert_eq!(heard(EventKind::Create(CreateKind::Folder), "content"), told("content"));
        assert_eq!(heard(EventKind::Access(AccessKind::Open(AccessMode::Read)), "content/blog/x.md"), None);
        for none in ["public/index.html", "README.md", "content/.x.md.swp", "content/blog/x.md~", ".git/index"] {
            assert_eq!(heard(written, none), None, "{none}");
        }
    }

    #[test]
    fn what_the_system_has_not_told_may_be_anything() {
        let lost = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert_eq!(change_of(Ok(lost), Path::new("/site")), Some(Change::Unknown));
        assert_eq!(change_of(Err(notify::Error::generic("lost")), Path::new("/site")), Some(Change::Unknown));
    }
}
