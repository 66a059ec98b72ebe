//! Files as editors name them (`file:///home/anna/mr/content/blog/x.md`), and as the site does (`content/blog/x.md`).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types::Uri;

use crate::text::address::{decode, encode};

/// What an editor's names of files begin with.
const SCHEME: &str = "file://";

/// The folder of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// The folder, as the editor has it.
    pub path: PathBuf,
    /// The same without symbolic links.
    real: PathBuf,
}

impl Folder {
    /// The nearest folder with a `site.yaml` from here upwards.
    pub fn around(path: &Path) -> Option<Self> {
        let path = path.ancestors().find(|folder| folder.join("site.yaml").is_file())?;
        Some(Self { path: path.to_owned(), real: path.canonicalize().ok()? })
    }

    /// A file of the site, by its path from the folder; none for what lies elsewhere.
    pub fn relative(&self, file: &Path) -> Option<Arc<str>> {
        // The file may not have been written yet, so its folder is asked for.
        let real = || Some(file.parent()?.canonicalize().ok()?.join(file.file_name()?));
        let path = match file.strip_prefix(&self.path) {
            Ok(path) => path.to_owned(),
            Err(_) => real()?.strip_prefix(&self.real).ok()?.to_owned(),
        };
        Some(path.to_str()?.replace(std::path::MAIN_SEPARATOR, "/").into())
    }

    /// A file of the site, as an editor names it.
    pub fn uri(&self, path: &str) -> Uri {
        uri_of(&self.path.join(path))
    }
}

/// A file as an editor names it.
pub fn uri_of(path: &Path) -> Uri {
    let path = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let root = if path.starts_with('/') { "" } else { "/" };
    Uri(format!("{SCHEME}{root}{}", encode(&path)))
}

/// The file that an editor names; none for what is no file of this machine.
pub fn path_of(uri: &Uri) -> Option<PathBuf> {
    let path = decode(uri.0.strip_prefix(SCHEME)?)?;
    let path = path.strip_prefix("localhost").filter(|rest| rest.starts_with('/')).unwrap_or(&path);
    // `/c:/mr` is a path of Windows, which begins with its drive.
    let has_drive = path.as_bytes().get(2) == Some(&b':') && std::path::MAIN_SEPARATOR != '/';
    let path = if has_drive { path.trim_start_matches('/') } else { path };
    (path.starts_with('/') || has_drive).then(|| PathBuf::from(path))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_its_name_both_ways() {
        for (path, uri) in [
            ("/mr/content/blog/x.md", "file:///mr/content/blog/x.md"),
            ("/våra sidor/ö#1%.md", "file:///v%C3%A5ra%20sidor/%C3%B6%231%25.md"),
        ] {
            assert_eq!(uri_of(Path::new(path)).0, uri);
            assert_eq!(path_of(&Uri(uri.to_owned())), Some(PathBuf::from(path)));
        }
        // Editors write the same in other ways.
        assert_eq!(path_of(&Uri("file://localhost/mr/ö.md".to_owned())), Some(PathBuf::from("/mr/ö.md")));
        for other in ["untitled:Untitled-1", "git:/mr/x.md", "file://server/share/x.md", "file:///%FF", ""] {
            assert_eq!(path_of(&Uri(other.to_owned())), None, "{other}");
        }
    }
}
