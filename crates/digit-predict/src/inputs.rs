//! Finds the pictures that the arguments name: files, folders, lists of paths, standard input.

use std::path::{Path, PathBuf};

use digit_image::look::look;
use stage_cli::counted;
use stage_files::archive::is_archive;
use stage_files::regular_file::{self, STDIN, read_at_most};
use stage_files::text_name::text_path;
use stage_files::walk::{PictureFile, walk};
use stage_files::{in_words, refuse, refused};

/// Larger files are not read. No picture within a sensible limit is as large.
const MAX_FILE_BYTES: u64 = 1 << 30;
/// Longest list of paths: some millions of them.
const MAX_LIST_BYTES: u64 = 1 << 30;

/// A picture that was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// Its path as the user would write it.
    pub path: String,
    /// Where its bytes are.
    pub place: Place,
}

/// Where a picture's bytes are.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// In a file.
    File(PathBuf),
    /// In a folder or archive that was walked through.
    Found(PictureFile),
    /// On standard input.
    Stdin,
    /// Nowhere, for this reason.
    Nowhere(String),
}

/// All pictures, in the order of the results.
#[derive(Debug, Default)]
pub(crate) struct Items {
    /// Arguments in their order, the pictures of a folder in the order of their names.
    pub items: Vec<Item>,
    /// Files in folders that are no pictures.
    pub passed_over: u64,
}

/// Resolves arguments and, when there is one, a list of paths.
///
/// # Errors
/// Refusals: a missing list, nothing to do, standard input named twice. A path that does not exist is not an error but
/// an [`Item`] with a reason.
pub(crate) fn resolve(arguments: &[PathBuf], list: Option<&Path>) -> anyhow::Result<Items> {
    let mut paths = arguments.to_vec();
    let mut stdin_uses = paths.iter().filter(|path| is_stdin(path)).count();
    if let Some(list) = list {
        stdin_uses += usize::from(is_stdin(list));
        let listed = read_list(list)?;
        stdin_uses += listed.iter().filter(|path| is_stdin(path)).count();
        paths.extend(listed);
    }
    if stdin_uses > 1 {
        refuse!("standard input (`{STDIN}`) can be read once, and is asked for {stdin_uses} times");
    }
    if paths.is_empty() {
        refuse!("no picture; name files or folders, `{STDIN}` for a picture on standard input, or --files-from LIST");
    }
    let mut found = Items::default();
    paths.into_iter().for_each(|path| found.add(path));
    if found.items.is_empty() {
        refuse!(
            "expected pictures, found none ({}); give the files or their folder",
            counted(found.passed_over, "other file")
        );
    }
    Ok(found)
}

impl Items {
    fn add(&mut self, path: PathBuf) {
        if is_stdin(&path) {
            self.items.push(Item { path: STDIN.into(), place: Place::Stdin });
            return;
        }
        let shown = text_path(&path);
        if !path.is_dir() && !is_archive(&path) {
            self.items.push(Item { path: shown, place: Place::File(path) });
            return;
        }
        let walked = match walk(&path, look) {
            Ok(walked) => walked,
            Err(error) => {
                let reason = format!("the folder cannot be listed: {}", in_words(&error));
                self.items.push(Item { path: shown, place: Place::Nowhere(reason) });
                return;
            }
        };
        let below =
            |name: &str| if shown.ends_with('/') { format!("{shown}{name}") } else { format!("{shown}/{name}") };
        let pictures = walked.pictures.into_iter().map(|f| (f.name.clone(), Place::Found(f)));
        let rejected = walked.rejected.into_iter().map(|r| (r.source, Place::Nowhere(r.reason)));
        let mut all: Vec<(String, Place)> = pictures.chain(rejected).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        self.items.extend(all.into_iter().map(|(name, place)| Item { path: below(&name), place }));
        self.passed_over += walked.passed_over;
    }
}

impl Item {
    /// The bytes of the picture, or why there are none.
    pub(crate) fn read(&self) -> Result<Vec<u8>, String> {
        match &self.place {
            Place::Nowhere(reason) => Err(reason.clone()),
            Place::Stdin => read_at_most(std::io::stdin().lock(), 0, MAX_FILE_BYTES).map_err(|error| error.to_string()),
            Place::Found(picture) => picture.read(MAX_FILE_BYTES).map_err(|error| error.to_string()),
            Place::File(path) => regular_file::read(path, MAX_FILE_BYTES).map_err(|error| error.to_string()),
        }
    }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == STDIN
}

/// A path a line; empty lines are passed over.
fn read_list(list: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let bytes = regular_file::read_or_stdin(list, MAX_LIST_BYTES);
    let wrong = |what: &dyn std::fmt::Display| {
        let shown = list.display();
        refused(format!("--files-from {shown}: {what}; expected a text file with a path a line, or `{STDIN}`"))
    };
    let text = String::from_utf8(bytes.map_err(|error| wrong(&error))?).map_err(|_| wrong(&"is not UTF-8"))?;
    Ok(text.lines().filter(|line| !line.trim().is_empty()).map(PathBuf::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_folders_and_lists_come_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("d/sub")).unwrap();
        for name in ["d/b.png", "d/sub/a.png", "d/a.png", "d/notes.txt", "one.png"] {
            std::fs::write(at(name), "x").unwrap();
        }
        std::fs::write(at("list"), format!("{}\r\n\n{}\n", at("one.png").display(), at("gone.png").display())).unwrap();
        let found = resolve(&[at("d"), "-".into(), at("one.png")], Some(&at("list"))).unwrap();
        let root = text_path(folder.path());
        let names: Vec<&str> =
            found.items.iter().map(|item| item.path.strip_prefix(&root).unwrap_or(&item.path)).collect();
        let expected = ["/d/a.png", "/d/b.png", "/d/sub/a.png", "-", "/one.png", "/one.png", "/gone.png"];
        assert_eq!((names.as_slice(), found.passed_over), (&expected[..], 1));
        assert_eq!(found.items[0].read(), Ok(b"x".to_vec()));
        assert!(found.items[6].read().unwrap_err().contains("no such file"));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let says = |arguments: &[&Path], list: Option<&str>, part: &str| {
            let arguments: Vec<PathBuf> = arguments.iter().map(|path| path.to_path_buf()).collect();
            let error = resolve(&arguments, list.map(Path::new)).unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
        };
        says(&[], None, "no picture");
        says(&[folder.path()], None, "found none");
        says(&[Path::new("-"), Path::new("-")], None, "asked for 2 times");
        says(&[], Some("no/such/list"), "--files-from no/such/list");
    }
}
