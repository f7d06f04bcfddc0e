//! What a folder holds.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

/// Files by their name below a folder, with `/` between its parts, and their bytes.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Files in which equal runs may differ: all but the last hold times, or digests of such files.
const IGNORED: [&str; 5] = ["timing.csv", "log.txt", ".cache", ".outputs.csv", ".lock"];
/// Lines of a listing in a message.
const LISTED: usize = 100;

/// The files below `folder` that equal runs have alike.
pub(crate) fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    each_file(folder, "", &mut |name, path| {
        let own = name.rsplit('/').next().unwrap_or(name);
        if !IGNORED.contains(&own) {
            found.insert(name.to_owned(), std::fs::read(path).unwrap_or_else(|error| panic!("{name}: {error}")));
        }
    });
    found
}

/// Checks that two folders hold the same; the message names the files that differ.
#[track_caller]
pub fn assert_same_files(found: &Files, expected: &Files) {
    let names: BTreeSet<&String> = found.keys().chain(expected.keys()).collect();
    let mut message = String::new();
    for name in names {
        match (found.get(name), expected.get(name)) {
            (Some(found), Some(expected)) if found == expected => {}
            (Some(found), Some(expected)) => {
                let same = found.iter().zip(expected).take_while(|(a, b)| a == b).count();
                let (found, expected) = (found.len(), expected.len());
                let _ = writeln!(message, "{name}: {found} bytes, expected {expected}; the first {same} are equal");
            }
            (Some(_), None) => message += &format!("{name}: not expected\n"),
            _ => message += &format!("{name}: missing\n"),
        }
    }
    assert!(message.is_empty(), "the folders differ:\n{message}");
}

/// Name and size of the files below a folder, one a line.
pub(crate) fn listing(folder: &Path) -> String {
    let mut lines = Vec::new();
    each_file(folder, "", &mut |name, path| {
        let size = std::fs::symlink_metadata(path).map_or(0, |data| data.len());
        lines.push(format!("{size:>10}  {name}\n"));
    });
    lines.sort_by(|a, b| a[10..].cmp(&b[10..]));
    let more = lines.len().saturating_sub(LISTED);
    lines.truncate(LISTED);
    if more > 0 {
        lines.push(format!("            and {more} more\n"));
    }
    lines.concat()
}

/// Calls `visit` with the name and path of every file below a folder. Links to folders are not followed.
fn each_file(folder: &Path, prefix: &str, visit: &mut impl FnMut(&str, &Path)) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            each_file(&entry.path(), &format!("{name}/"), visit);
        } else {
            visit(&name, &entry.path());
        }
    }
}
