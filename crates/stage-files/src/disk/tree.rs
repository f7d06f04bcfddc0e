//! Walks through a folder. Follows links and detects loops, in time and memory proportional to the number of entries.

use std::collections::HashSet;
use std::fmt;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

/// Why an entry cannot be used.
#[derive(Debug)]
pub enum Problem {
    /// A link to nothing.
    BrokenLink,
    /// A link that leads to itself, or to a folder that holds it.
    LinkLoop,
    /// The system gives no metadata.
    Unknown(io::Error),
    /// A folder that cannot be listed.
    Unlisted(io::Error),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BrokenLink => f.write_str("broken link: what it points to is not there; mend or remove the link"),
            Self::LinkLoop => f.write_str("link loop: the link leads back to itself or a folder above it; remove it"),
            Self::Unknown(error) => write!(f, "cannot be looked at: {}", plain(error)),
            Self::Unlisted(error) => write!(f, "the folder cannot be listed: {}", plain(error)),
        }
    }
}

/// The text of an error without paths, so that it is equal on every machine.
pub fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::Other => "input or output error".to_owned(),
        kind => kind.to_string(),
    }
}

/// Whether a folder is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enter {
    /// Its entries come next.
    Yes,
    /// It is passed over. Files are not entered either.
    No,
}

/// Visits all entries below `root` in the order of their names, a folder before its entries. `visit` gets the path
/// relative to `root` and the metadata, links followed. Its result says whether a folder is entered. A folder that
/// cannot be entered is visited a second time, with the reason.
///
/// # Errors
/// Only a root that cannot be listed is an error.
pub fn visit(root: &Path, mut visit: impl FnMut(&Path, Result<&Metadata, Problem>) -> Enter) -> io::Result<()> {
    let mut above = HashSet::from([Identity::of(root, &std::fs::metadata(root)?)?]);
    // What is still to be done, the next last.
    let mut todo = list(root, Path::new(""))?;
    while let Some(step) = todo.pop() {
        let relative = match step {
            Step::Look(relative) => relative,
            Step::Leave(identity) => {
                above.remove(&identity);
                continue;
            }
        };
        let path = root.join(&relative);
        let metadata = match std::fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => {
                visit(&relative, Err(problem(&path, error)));
                continue;
            }
        };
        if visit(&relative, Ok(&metadata)) == Enter::No || !metadata.is_dir() {
            continue;
        }
        match Identity::of(&path, &metadata) {
            Ok(identity) if above.contains(&identity) => drop(visit(&relative, Err(Problem::LinkLoop))),
            Ok(identity) => match list(root, &relative) {
                Ok(entries) => {
                    above.insert(identity.clone());
                    todo.push(Step::Leave(identity));
                    todo.extend(entries);
                }
                Err(error) => drop(visit(&relative, Err(Problem::Unlisted(error)))),
            },
            Err(error) => drop(visit(&relative, Err(Problem::Unknown(error)))),
        }
    }
    Ok(())
}

/// A step of the walk.
enum Step {
    /// Look at what stands at this path.
    Look(PathBuf),
    /// All entries of this folder have been visited.
    Leave(Identity),
}

/// The entries of a folder, the first name last. The folder is closed again, because a deep tree would exceed the
/// number of files that a process may have open.
fn list(root: &Path, relative: &Path) -> io::Result<Vec<Step>> {
    let entries: io::Result<Vec<_>> =
        std::fs::read_dir(root.join(relative))?.map(|entry| Ok(entry?.file_name())).collect();
    let mut names = entries?;
    names.sort_unstable_by(|a, b| b.cmp(a));
    Ok(names.into_iter().map(|name| Step::Look(relative.join(name))).collect())
}

fn problem(path: &Path, error: io::Error) -> Problem {
    let is_link = std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    match error.kind() {
        io::ErrorKind::NotFound if is_link => Problem::BrokenLink,
        // The kind has no stable name in the standard library yet, but its text.
        kind if kind.to_string().starts_with("filesystem loop") => Problem::LinkLoop,
        _ => Problem::Unknown(error),
    }
}

/// Identifies a folder, whatever links lead to it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Identity {
    /// Device and number on it.
    #[cfg(unix)]
    numbers: (u64, u64),
    /// The path without links.
    #[cfg(not(unix))]
    real: PathBuf,
}

impl Identity {
    #[cfg(unix)]
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere the system has to be asked again")]
    fn of(_: &Path, metadata: &Metadata) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        Ok(Self { numbers: (metadata.dev(), metadata.ino()) })
    }

    #[cfg(not(unix))]
    fn of(path: &Path, _: &Metadata) -> io::Result<Self> {
        Ok(Self { real: path.canonicalize()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text_name::text_path;

    /// What is visited, problems in words.
    fn visited(root: &Path) -> Vec<String> {
        let mut all = Vec::new();
        visit(root, |relative, what| {
            let name = text_path(relative);
            match what {
                Ok(metadata) if metadata.is_dir() => all.push(format!("{name}/")),
                Ok(_) => all.push(name),
                Err(problem) => all.push(format!("{name}: {problem}")),
            }
            if relative.ends_with("closed") { Enter::No } else { Enter::Yes }
        })
        .unwrap();
        all
    }

    #[test]
    fn entries_come_in_order_and_a_folder_before_what_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b", "a/2", "a/10", "a.x", "closed/c"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        assert_eq!(visited(folder.path()), ["a/", "a/10", "a/2", "a.x", "b", "closed/"]);
        assert!(visit(&folder.path().join("none"), |_, _| Enter::Yes).is_err());
        assert!(visit(&folder.path().join("b"), |_, _| Enter::Yes).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_loops_and_broken_links_said() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("a/b")).unwrap();
        std::fs::write(at("a/b/x"), "").unwrap();
        symlink("..", at("a/b/up")).unwrap();
        symlink("../a", at("a/own")).unwrap();
        symlink("itself", at("itself")).unwrap();
        symlink("gone", at("broken")).unwrap();
        symlink("a/b", at("second")).unwrap();
        let all = visited(folder.path());
        let loops = |name: &str| all.iter().filter(|line| line.starts_with(&format!("{name}: link loop"))).count();
        assert_eq!([loops("a/b/up"), loops("a/own"), loops("itself")], [1, 1, 1], "{all:?}");
        assert!(all.contains(&"broken: broken link: what it points to is not there; mend or remove the link".into()));
        // A second way to a folder is no loop, and the loop behind it is found there.
        assert!(all.contains(&"second/x".into()) && all.contains(&"a/b/x".into()), "{all:?}");
    }

    /// Took 17 seconds and 391 MB when each folder had the paths of all above it. (No deeper, as the test's own
    /// clearing up keeps each folder open.)
    #[cfg(unix)]
    #[test]
    fn nested_folders_take_no_time() {
        let folder = tempfile::tempdir().unwrap();
        let deep = std::iter::repeat_n("d", 900).fold(folder.path().to_path_buf(), |path, name| path.join(name));
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::write(deep.join("x"), "").unwrap();
        let start = std::time::Instant::now();
        let all = visited(folder.path());
        assert_eq!(all.len(), 901);
        assert!(all[900].ends_with("d/x") && !all[900].contains(':'), "{}", all[900]);
        assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    }
}
