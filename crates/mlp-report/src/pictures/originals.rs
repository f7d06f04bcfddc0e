//! Links from the page to the source pictures, when the user says where they are.

use std::fmt::Write;
use std::path::{Component, Path, PathBuf};

use stage_files::output::resolved;
use stage_files::refuse;

/// A folder with source pictures, seen from the page.
pub(crate) struct Originals {
    /// Without links in it.
    folder: PathBuf,
    /// Its address relative to the page, percent-encoded, with a slash at the end.
    address: String,
}

impl Originals {
    /// # Errors
    /// A refusal when it is no folder.
    pub(crate) fn new(folder: &Path, out: &Path) -> anyhow::Result<Self> {
        if !folder.is_dir() {
            refuse!(
                "--pictures {}: no such folder; expected the folder that digit-labeler read, or leave the option out",
                folder.display()
            );
        }
        let (folder, out) = (resolved(folder)?, resolved(out)?);
        let address = address(&folder, &out);
        Ok(Self { folder, address })
    }

    /// The folder's address relative to the page.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The address of a source picture; `None` if there is no file at this path below the folder. A path is data: it
    /// leads nowhere else, not by `..` and not through a link.
    pub(crate) fn link(&self, path: &str) -> Option<String> {
        let path = Path::new(path);
        if !path.components().all(|part| matches!(part, Component::Normal(_))) {
            return None;
        }
        let file = self.folder.join(path).canonicalize().ok()?;
        (file.is_file() && file.starts_with(&self.folder)).then(|| format!("{}{}", self.address, encoded(path)))
    }
}

/// The address of a folder, seen from another; from its root where they have nothing in common.
fn address(folder: &Path, from: &Path) -> String {
    let common = folder.components().zip(from.components()).take_while(|(a, b)| a == b).count();
    if common == 0 {
        return format!("file:///{}/", encoded(folder));
    }
    let up = "../".repeat(from.components().count() - common);
    let down: PathBuf = folder.components().skip(common).collect();
    match encoded(&down) {
        down if down.is_empty() => {
            if up.is_empty() {
                "./".into()
            } else {
                up
            }
        }
        down => format!("{up}{down}/"),
    }
}

/// A path with all but the unreserved characters of RFC 3986 percent-encoded.
fn encoded(path: &Path) -> String {
    let mut text = String::new();
    for part in path.components().filter(|part| !matches!(part, Component::RootDir)) {
        if !text.is_empty() {
            text.push('/');
        }
        for &byte in part.as_os_str().as_encoded_bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                text.push(char::from(byte));
            } else {
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_relative_and_encoded() {
        let seen = |folder: &str, from: &str| address(Path::new(folder), Path::new(from));
        assert_eq!(seen("/a/scans", "/a/out/report"), "../../scans/");
        assert_eq!(seen("/a/my scans/김", "/a/out"), "../my%20scans/%EA%B9%80/");
        assert_eq!(seen("/a", "/a/out"), "../");
        assert_eq!(seen("/a", "/a"), "./");
    }

    #[test]
    fn only_files_below_the_folder_are_linked() {
        let place = tempfile::tempdir().unwrap();
        let scans = place.path().join("scans");
        std::fs::create_dir_all(scans.join("kim")).unwrap();
        for name in ["scans/kim/a #1\"<.png", "outside.png"] {
            std::fs::write(place.path().join(name), "x").unwrap();
        }
        let originals = Originals::new(&scans, &place.path().join("report")).unwrap();
        assert_eq!(originals.link("kim/a #1\"<.png").as_deref(), Some("../scans/kim/a%20%231%22%3C.png"));
        for path in ["kim", "kim/none.png", "../outside.png", "/etc/passwd", "kim/../../outside.png", ""] {
            assert_eq!(originals.link(path), None, "{path}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(place.path().join("outside.png"), scans.join("link.png")).unwrap();
            assert_eq!(originals.link("link.png"), None);
        }
        assert!(stage_files::is_refused(&Originals::new(&scans.join("none"), place.path()).err().unwrap()));
    }
}
