//! The inputs of `fuzz/corpus/` through their targets, without libFuzzer.

#![allow(clippy::disallowed_methods, reason = "reads the files of the workspace itself")]

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fuzz_targets::TARGETS;

/// No input of the corpus takes as long, by far, even on a loaded machine.
const MOST_TIME: Duration = Duration::from_secs(10);

fn fuzz_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

/// The names of what a folder holds, in order, without their endings.
fn stems(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let stem = |path: PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    entries.map(|entry| stem(entry.unwrap().path())).collect()
}

#[test]
fn each_input_of_the_corpus_passes() {
    let mut wrong = Vec::new();
    for (name, target) in TARGETS {
        let folder = fuzz_folder().join("corpus").join(name);
        let inputs = stems(&folder);
        assert!(!inputs.is_empty(), "fuzz/corpus/{name} is empty");
        for input in inputs {
            let bytes = fs::read(folder.join(&input)).unwrap();
            let begun = Instant::now();
            let ended = catch_unwind(|| target(&bytes));
            if ended.is_err() || begun.elapsed() > MOST_TIME {
                wrong.push(format!("fuzz/corpus/{name}/{input} after {:?}", begun.elapsed()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_target_is_a_program_of_libfuzzer_and_has_a_corpus() {
    let names: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(stems(&fuzz_folder().join("fuzz_targets")), names);
    assert_eq!(stems(&fuzz_folder().join("corpus")), names);
    let manifest = fs::read_to_string(fuzz_folder().join("Cargo.toml")).unwrap();
    for name in names {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "fuzz/Cargo.toml lacks {name}");
        let program = fs::read_to_string(fuzz_folder().join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(program.contains(&format!("fuzz_targets::{name}(bytes)")), "fuzz_targets/{name}.rs calls another one");
    }
}
