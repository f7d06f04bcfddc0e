//! No option overwrites what the command reads, and damaged run folders are trained anew.

use serde_json::json;

use crate::{TRAIN, training};

#[test]
fn no_file_option_overwrites_what_the_command_reads() {
    let test = training(json!({"augment": {"noise": 0.1}, "name": "k"}));
    test.run(TRAIN).status(0);
    let (data, config, run) = (test.read("d.csv"), test.read("c.json"), test.files("runs/k"));
    test.write("list", "c.json\n");
    for (line, part) in [
        (
            "export runs/k --onnx runs/k/model.safetensors",
            "--onnx runs/k/model.safetensors: the command reads this file",
        ),
        ("export runs/k --c runs/k/metrics.csv", "a stage keeps this file"),
        ("export runs/k --npz runs/k/../k/stage.json", "a stage keeps this file"),
        ("export runs/k --onnx a --npz a", "name one file"),
        ("export runs/k --onnx a --c runs/../a", "name one file"),
        ("c.json --out runs --summary d.csv", "--summary d.csv: the command reads this file"),
        ("c.json --out runs --summary c.json", "--summary c.json: the command reads this file"),
        ("--configs-from list --out runs --summary list", "--summary list: the command reads this file"),
        ("augmented c.json --out c.json", "--out c.json: the command reads this file"),
        ("augmented c.json --out d.csv", "--out d.csv: the command reads this file"),
        ("c.json --out runs --summary runs", "found a folder"),
    ] {
        test.run(line).status(2).stderr_has(&[part]);
    }
    assert_eq!((test.read("d.csv"), test.read("c.json"), test.files("runs/k")), (data, config, run));
    assert!(!test.exists("a"));
}

#[cfg(unix)]
#[test]
fn devices_and_standard_output_are_written_to_and_stay() {
    use std::os::unix::fs::FileTypeExt;
    let test = training(json!({"name": "k"}));
    test.run(TRAIN).status(0);
    test.run("export runs/k --onnx /dev/null").status(0);
    assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    test.run("export runs/k --c a.c").status(0);
    let ran = test.run("export runs/k --c -");
    assert_eq!(ran.status(0).stdout, test.read("a.c"));
    test.run("c.json --out runs --summary -").status(0).stdout_has(&["\"name\":\"k\""]);
}

#[test]
fn an_emptied_file_of_a_run_is_made_anew() {
    let test = training(json!({"name": "k"}));
    test.run(TRAIN).status(0);
    let whole = test.files("runs");
    for name in ["model.safetensors", "predictions.csv", "config.json"] {
        test.write(&format!("runs/k/{name}"), "");
        test.run(TRAIN).status(0).stderr_has(&["1 run"]);
        assert!(test.files("runs") == whole, "{name}");
    }
    let mut model = test.bytes("runs/k/model.safetensors");
    *model.last_mut().unwrap() ^= 1;
    test.write("runs/k/model.safetensors", model);
    test.run(TRAIN).status(0).stderr_has(&["nothing to do"]);
    test.run(&format!("{TRAIN} --verify")).status(0);
    assert!(test.files("runs") == whole);
}

/// The data set in the folder that the run would write, and run folders that differ only in case.
#[test]
fn runs_overlap_neither_their_data_nor_each_other() {
    let test = training(json!({"name": "k", "data": "runs/k/d.csv"}));
    test.make_folder("runs/k");
    test.rename("d.csv", "runs/k/d.csv");
    test.run(TRAIN).status(2);
    assert!(test.read("runs/k/d.csv").starts_with("pixel1"));
    test.write("d.csv", test.bytes("runs/k/d.csv"));
    test.edit("c.json", "runs/k/d.csv", "d.csv");
    test.write("C.json", test.read("c.json").replace("\"k\"", "\"K\""));
    test.run("c.json C.json --out other").status(2).stderr_has(&["two configs have the name"]);
}

/// What a killed export left beside its target goes with the next export to that folder.
#[cfg(unix)]
#[test]
fn a_killed_export_leaves_nothing_for_ever() {
    let test = training(json!({"name": "k"}));
    test.run(TRAIN).status(0);
    test.make_folder("exports");
    for wait_ms in [0, 1, 2, 3, 5, 8] {
        let _ = test.command("export runs/k --onnx exports/a.onnx --c exports/a.c").signal_after(wait_ms, "KILL");
    }
    test.write("exports/.stage-file-0123456789abcdef", "half");
    test.run("export runs/k --onnx exports/b.onnx --c exports/b.c --npz exports/b.npz").status(0);
    let names = test.names("exports");
    assert!(names.iter().all(|name| !name.starts_with('.')), "{names:?}");
}
