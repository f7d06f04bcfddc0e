//! A small data set, a config for it, and running the command on them as a user does.
#![allow(dead_code, reason = "each test program uses its own part")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

/// Rows of the data set.
pub const ROWS: usize = 90;
/// Its pixels.
pub const PIXELS: usize = 16;

/// What a command said and how it ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// Checks the exit code and that stderr has all of these parts; on failure all of it is shown.
    #[track_caller]
    pub fn expect(&self, code: i32, parts: &[&str]) -> &Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        for part in parts {
            assert!(self.stderr.contains(part), "`{part}` is missing: {self:#?}");
        }
        self
    }
}

/// A folder with the data set `d.csv` and the config `c.json`.
pub struct Place {
    folder: TempDir,
}

impl Place {
    /// The data set and this change of the usual config.
    pub fn new(change: Value) -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        place.write("d.csv", &data_set());
        place.config(change);
        place
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    /// Writes `c.json`: the usual config with these keys changed.
    pub fn config(&self, change: Value) {
        let mut config = json!({
            "data": "d.csv", "scale": "unit", "hidden": [6, 5], "activation": "relu", "init": "he",
            "optimizer": {"sgd": {"lr": 0.2}}, "batch": 8, "epochs": 6, "report": 2, "seed": 3
        });
        let Value::Object(changes) = change else { panic!("an object") };
        for (key, value) in changes {
            config[key] = value;
        }
        self.write("c.json", &config.to_string());
    }

    /// The command in this folder, without this machine's choice of kernels.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("mlp-train"));
        command.current_dir(self.path()).args(arguments).env_remove("MLP_KERNEL");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        ended(&mut self.command(arguments))
    }

    /// Trains `c.json` into `runs`.
    pub fn train(&self) -> Ended {
        self.run(&["c.json", "--out", "runs"])
    }

    /// Whether there is such a file or folder.
    pub fn has(&self, name: &str) -> bool {
        self.path().join(name).exists()
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).unwrap()
    }

    /// Every file below a folder that equal runs have alike: all but those that hold times. Empty if there is none.
    pub fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        collect(&self.path().join(folder), Path::new(""), &mut found);
        found
    }
}

pub fn ended(command: &mut Command) -> Ended {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn collect(folder: &Path, name: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path: PathBuf = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap().to_owned();
        let name = name.join(&file);
        if path.is_dir() {
            collect(&path, &name, found);
        } else if file != "timing.csv" && file != "log.txt" {
            found.insert(name.to_str().unwrap().to_owned(), std::fs::read(&path).unwrap());
        }
    }
}

/// Random-looking numbers by a fixed rule.
pub fn numbers(mut state: u32) -> impl FnMut() -> u32 {
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 16
    }
}

/// The header of the data set.
pub fn header() -> String {
    let pixels: Vec<String> = (1..=PIXELS).map(|i| format!("pixel{i}")).collect();
    format!("{},isOne,isTwo,isThree", pixels.join(","))
}

/// Three kinds of rows with noise: a bright quarter, another, or none.
pub fn data_set() -> String {
    let mut next = numbers(7);
    let mut text = header() + "\n";
    for row in 0..ROWS {
        let class = row % 3;
        for pixel in 0..PIXELS {
            let bright = if pixel / 4 == class { 120 } else { 0 };
            let _ = write!(text, "{},", bright + next() % 130);
        }
        let _ = writeln!(text, "{}", ["1,0,0", "0,1,0", "0,0,1"][class]);
    }
    text
}
