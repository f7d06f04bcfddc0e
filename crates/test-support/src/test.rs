//! The folder of a test and the program that runs in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::folder::{self, Files};
use crate::{Invocation, Output};

/// A temporary folder and the program under test. The folder goes with the value.
///
/// Names of files are relative to the folder, with `/` between their parts. Every method panics when it cannot do what
/// it says, and names the file.
pub struct Test {
    folder: TempDir,
    program: PathBuf,
}

impl Test {
    /// An empty folder for a program, `env!("CARGO_BIN_EXE_name")` of the crate under test.
    pub fn new(program: &str) -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder"), program: program.into() }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where the file `name` is or would be.
    pub fn at(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// Runs the program in the folder. The arguments are the words of `line`, which are separated by spaces.
    pub fn run(&self, line: &str) -> Output {
        self.command(line).run()
    }

    /// The program with the words of `line` as its first arguments, for a run that needs more than those.
    pub fn command(&self, line: &str) -> Invocation {
        Invocation::new(&self.program, self.path()).args(line.split_whitespace())
    }

    /// Writes a file and makes the folders above it.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        self.make_folder(Path::new(name).parent().and_then(Path::to_str).unwrap_or_default());
        std::fs::write(self.at(name), bytes).unwrap_or_else(|error| panic!("cannot write {name}: {error}"));
    }

    /// Makes a folder and those above it.
    pub fn make_folder(&self, name: &str) {
        std::fs::create_dir_all(self.at(name)).unwrap_or_else(|error| panic!("cannot make the folder {name}: {error}"));
    }

    /// Makes a folder in which nobody may write. False, and a line on stderr, where this user may write all the same,
    /// as root may.
    #[must_use]
    #[expect(clippy::print_stderr, reason = "a test that cannot test here says so")]
    pub fn make_read_only_folder(&self, name: &str) -> bool {
        self.make_folder(name);
        let mut permissions = std::fs::metadata(self.at(name)).expect("the folder was made").permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(self.at(name), permissions).expect("the owner may change permissions");
        let is_closed = std::fs::write(self.at(name).join("probe"), "").is_err();
        if !is_closed {
            eprintln!("not tested: this user may write where the permissions say nobody may");
        }
        is_closed
    }

    /// Removes a file or a folder with all that is in it.
    pub fn remove(&self, name: &str) {
        let path = self.at(name);
        let removed = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        removed.unwrap_or_else(|error| panic!("cannot remove {name}: {error}"));
    }

    /// Gives a file or folder another name.
    pub fn rename(&self, from: &str, to: &str) {
        std::fs::rename(self.at(from), self.at(to)).unwrap_or_else(|error| panic!("cannot rename {from}: {error}"));
    }

    /// Replaces the first `from` in a text file; it must be there.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{name} has no `{from}`: {text}");
        self.write(name, text.replacen(from, to, 1));
    }

    /// Whether there is such a file or folder.
    pub fn exists(&self, name: &str) -> bool {
        self.at(name).exists()
    }

    /// The bytes of a file.
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.at(name)).unwrap_or_else(|error| panic!("cannot read {name}: {error}"))
    }

    /// The text of a file.
    pub fn read(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The value of a JSON file.
    pub fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.bytes(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The rows of a CSV file, each from column to cell.
    pub fn records(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        let rows = csv::Reader::from_reader(self.bytes(name).as_slice()).into_deserialize().collect::<Result<_, _>>();
        rows.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The files below a folder that equal runs have alike: all but `timing.csv`, `log.txt` and `.cache`, which hold
    /// times, and the `.lock`. None if there is no such folder.
    pub fn files(&self, folder: &str) -> Files {
        folder::files(&self.at(folder))
    }

    /// The names of [`Test::files`].
    pub fn names(&self, folder: &str) -> Vec<String> {
        self.files(folder).into_keys().collect()
    }
}
