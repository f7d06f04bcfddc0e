//! The output folder: requests that are refused, runs that were killed, inputs that must not be written to.

use serde_json::json;

use crate::{png, test};

/// Killed between the last file and the release of the folder, a process leaves a whole folder that it still names.
/// One that could not remove its mark leaves the mark and no name.
#[test]
fn a_whole_folder_that_a_killed_writer_left_is_tidied() {
    let test = test();
    test.run("draw out --count 5").status(0);
    for holder in ["process 1 on elsewhere", ""] {
        test.write("out/.lock", holder);
        test.write("out/.stage.partial.json", test.read("out/stage.json"));
        let again = test.run("draw out --count 5");
        assert!(again.status(0).stderr.contains("nothing to do"), "{again}");
        assert_eq!(test.read("out/.lock"), "");
        assert!(!test.exists("out/.stage.partial.json"));
    }
}

#[test]
fn wrong_requests_and_faults_from_outside_have_their_codes() {
    let test = test();
    for (line, part) in [
        ("draw out --count 0", "0 is not in 1..=10000000"),
        ("draw out --sizes 12", "expected 20, 8 or both, found 12"),
        ("draw out --labels 3-12", "3-12"),
        ("draw out --labels=", "--labels"),
        ("draw", "OUT"),
        ("import folders no/such/folder out", "no/such/folder: expected a folder"),
        ("import csv no/such.csv out", "no/such.csv"),
        ("import idx no/such no/such/labels out", "no/such"),
    ] {
        test.run(line).status(2).stderr_has(&[part]);
        assert!(!test.exists("out"), "{line}");
    }
    test.write("file", "x");
    test.run("draw file/out --count 5").status(2).stderr_has(&["expected folders only"]);
    test.run("draw out --count 5").status(0);
    test.run("draw out --count 5 --seed 2").status(2).stderr_has(&["made with other settings"]);
    test.write("foreign/thesis.docx", "x");
    test.run("draw foreign --count 5").status(2).stderr_has(&["thesis.docx"]);
    let lock = stage_files::lock::FolderLock::take(&test.at("busy")).unwrap();
    test.run("draw busy --count 5").status(3).stderr_has(&["is being written by process"]);
    drop(lock);
}

/// A pipe was waited for without an end, and a link to an endless device filled the memory.
#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_no_input() {
    let test = test();
    test.write("scans/1/a.png", png(20, 230));
    let made = std::process::Command::new("mkfifo").arg(test.at("scans/1/pipe.png")).status().unwrap();
    assert!(made.success());
    std::os::unix::fs::symlink("/dev/zero", test.at("scans/1/zero.png")).unwrap();
    test.run("import folders scans out").status(1).stderr_has(&["1 source picture"]);
    let rejected = test.read("out/rejected.csv");
    assert!(rejected.contains("1/pipe.png,is no regular file but a device or pipe"), "{rejected}");
    assert!(rejected.contains("1/zero.png,is no regular file but a device or pipe"), "{rejected}");
    for (path, what) in [("scans/1/pipe.png", "is a pipe"), ("scans/1/zero.png", "is a device")] {
        for line in [format!("import csv {path} never"), format!("import idx {path} {path} never")] {
            test.run(&line).status(2).stderr_has(&[what]);
        }
    }
}

#[cfg(unix)]
#[test]
fn an_import_never_writes_into_its_input() {
    let test = test();
    test.write("scans/1/a.png", png(20, 230));
    std::os::unix::fs::symlink("scans", test.at("link")).unwrap();
    for out in ["scans", "scans/new", "link/new", "link", "gone/../scans/new", "scans/1/../../link/1/x"] {
        test.run(&format!("import folders scans {out}")).status(2).stderr_has(&["lies inside, the input"]);
        assert_eq!(test.names("scans"), ["1/a.png"], "{out}");
    }
    test.write("table.csv", "label,p0,p1,p2,p3\n1,0,0,255,255\n");
    test.run("import csv table.csv table.csv").status(2).stderr_has(&["is, or lies inside, the input"]);
    test.run("import csv table.csv table.csv/x").status(2);
    assert!(test.read("table.csv").starts_with("label"));
}

#[cfg(unix)]
#[test]
fn a_lock_that_is_a_link_empties_nothing() {
    let test = test();
    test.write("thesis.txt", "my thesis");
    test.make_folder("out");
    std::os::unix::fs::symlink("../thesis.txt", test.at("out/.lock")).unwrap();
    test.run("draw out --count 5").status(3).stderr_has(&[".lock is a link"]);
    assert_eq!(test.read("thesis.txt"), "my thesis");
}

#[test]
fn emptied_and_altered_pictures_are_made_anew() {
    let test = test();
    test.run("draw out --count 6").status(0);
    let whole = test.files("out");
    let name = whole.keys().find(|name| name.ends_with(".png")).unwrap().clone();
    test.write(&format!("out/{name}"), "");
    test.run("draw out --count 6").status(0).stderr_has(&["6 source pictures"]);
    assert_eq!(test.files("out"), whole);
    let mut bytes = whole[&name].clone();
    bytes[50] ^= 1;
    test.write(&format!("out/{name}"), bytes);
    test.run("draw out --count 6").status(0).stderr_has(&["nothing to do"]);
    test.run("draw out --count 6 --verify").status(0).stderr_has(&["6 source pictures"]);
    assert_eq!(test.files("out"), whole);
}

/// Killed between any two of its first files, a run leaves a folder that can be written again.
#[test]
fn a_folder_that_was_hardly_begun_can_be_written_again() {
    for files in [&[".lock"][..], &[".lock", ".outputs.csv"], &[".lock", ".outputs.csv", ".stage-tmp-host-1-abc"]] {
        let test = test();
        for file in files {
            test.write(&format!("out/{file}"), if *file == ".lock" { "process 1 on elsewhere" } else { "" });
        }
        test.run("draw out --count 5").status(0);
    }
}

#[test]
fn labelled_pictures_are_no_input() {
    let test = test();
    test.write("labelled/1/a.png", png(20, 230));
    let stage = json!({"format": 1, "tool": "digit-labeler", "version": "0.1.0", "settings": {}, "inputs": [],
        "counts": {}, "labels": [1]});
    test.write("labelled/stage.json", stage.to_string());
    test.run("import folders labelled out").status(2).stderr_has(&["digit-labeler wrote this folder"]);
}
