//! What a message advises helps: the advice is typed, and the command gets on.

use test_support::{Test, assert_same_files, gray_png};

fn test() -> Test {
    let test = Test::new(env!("CARGO_BIN_EXE_digit-source"));
    for label in 0..10 {
        test.write(&format!("scans/{label}/a.png"), gray_png(30, 30, move |x, y| (x * y * (label + 1)) as u8));
    }
    let row = |label: u32| format!("{label},0,0,0,255\n");
    test.write("table.csv", "label,p0,p1,p2,p3\n".to_owned() + &(0..10).map(row).collect::<String>());
    test.write("wide.csv", "label,p0,p1,p2,p3,p4,p5\n1,0,0,0,0,0,255\n2,255,0,0,0,0,0\n");
    test.write("odd.csv", "label,p0,p1,p2,p3\n1,0,0,0,500\n2,500,0,0,0\n");
    test.write("two.csv", "label,p0,p1,p2,p3,target\n1,0,0,0,255,1\n2,0,0,255,0,2\n");
    let row = |label: u32| format!("{label},0,0,0,255\n");
    test.write("ten.csv", "label,p0,p1,p2,p3\n".to_owned() + &(1..=10).map(row).collect::<String>());
    test
}

/// A label that is refused alone is taken with the option that its reason names.
#[test]
fn a_rejected_label_is_mapped_as_its_reason_says() {
    let test = test();
    let row = |label: u32| format!("{label},0,0,0,255\n");
    let labels = [1, 2, 3, 4, 5, 6, 7, 10, 12];
    test.write("mixed.csv", "label,p0,p1,p2,p3\n".to_owned() + &labels.map(row).concat());
    test.run("import csv mixed.csv out").status(1).stderr_has(&["no label is 0, --zero-is 10 --fresh maps it"]);
    test.run("import csv mixed.csv out --zero-is 10 --fresh").status(1).stderr_has(&["8 source pictures"]);
    assert_eq!(test.read("out/rejected.csv").lines().count(), 2);
}

#[cfg(feature = "arrays")]
#[test]
fn arrays_are_chosen_as_the_message_says() {
    use std::io::Write as _;

    let npy = |shape: &str, data: &[u8]| {
        let header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}\n");
        [&b"\x93NUMPY\x01\0"[..], &(header.len() as u16).to_le_bytes(), header.as_bytes(), data].concat()
    };
    let npz = |entries: &[(&str, Vec<u8>)]| {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(bytes).unwrap();
        }
        archive.finish().unwrap().into_inner()
    };
    let test = test();
    let (pictures, labels) = (npy("(2, 2, 2)", &[0, 0, 0, 255, 255, 0, 0, 0]), npy("(2,)", &[3, 4]));
    let all =
        [("a.npy", pictures.clone()), ("b.npy", pictures), ("la.npy", labels.clone()), ("lb.npy", labels.clone())];
    test.write("four.npz", npz(&all));
    test.write("none.npz", npz(&[("la.npy", labels), ("three.npy", npy("(3, 3, 3)", &[0; 27]))]));
    let wrong = test.run("import csv four.npz out");
    wrong.status(2).stderr_has(&["name them with --images and --labels-array"]);
    test.run("import csv four.npz out --images c")
        .status(2)
        .stderr_has(&["--images c: no array has this name; there are"]);
    test.run("import csv four.npz out --images b --labels-array la").status(0).stderr_has(&["2 source pictures"]);
    let odd = npy("(2, 2, 2, 2)", &[0; 16]);
    test.write(
        "odd.npz",
        npz(&[("odd.npy", odd), ("good.npy", npy("(2, 2, 2)", &[0, 0, 0, 255, 255, 0, 0, 0])), all[2].clone()]),
    );
    let said = test.run("import csv odd.npz odd --images odd");
    said.status(2).stderr_has(&["expected pictures of rows and columns", "give another array with --images"]);
    test.run("import csv odd.npz odd --images good").status(0).stderr_has(&["2 source pictures"]);
    test.run("import csv none.npz never").status(2).stderr_has(&["give a file that has both"]);
    assert!(!test.exists("never"));
}

/// Each case: a command, a part of its message, and the command that follows it.
#[test]
fn every_option_that_a_message_names_helps() {
    let test = test();
    for (wrong, code, part, right) in [
        (
            "import folders scans part --labels 1-5",
            0,
            "--labels 0-9 --fresh takes all",
            "import folders scans part --labels 0-9 --fresh",
        ),
        ("import csv wide.csv wide", 2, "give the width with --width", "import csv wide.csv wide --width 3"),
        (
            "import csv odd.csv odd",
            2,
            "such as --range 0..255 or --range 0..500",
            "import csv odd.csv odd --range 0..500",
        ),
        (
            "import csv two.csv two",
            2,
            "give --label-column with the name",
            "import csv two.csv two --label-column target",
        ),
        ("import csv ten.csv ten", 2, "give --zero-is 10", "import csv ten.csv ten --zero-is 10"),
        ("import csv table.csv none --labels 0-9 --count 11", 2, "at most 10", "import csv table.csv none --count 10"),
        ("draw drawn --count 5 --sizes 12", 2, "expected 20, 8 or both", "draw drawn --count 5 --sizes 20,8"),
        ("darw drawn2 --count 5", 2, "'draw'", "draw drawn2 --count 5"),
    ] {
        test.run(wrong).status(code).stderr_has(&[part]);
        test.run(right).status(0).stderr_has(&["source picture"]);
    }
}

/// Each case: a table, the options of a command, a part of its message, and the options that follow it.
#[test]
fn what_a_table_does_not_tell_is_given_as_the_message_says() {
    let rows = "1,0,0,0,255\n2,255,0,0,0\n";
    let headed = |header: &str| format!("{header}\n{rows}");
    for (table, wrong, part, right) in [
        (headed("a,p0,p1,p2,p3"), "", "give --label-column first, last, its number or its name", "--label-column a"),
        (headed("7,p0,p1,p2,p3"), "--label-column 9", "5 columns; give a smaller number", "--label-column 1"),
        (
            headed("label,p0,p1,p2,p3"),
            "--labels 5-9",
            "2 pictures have the labels 1,2; give --labels 1,2",
            "--labels 1,2",
        ),
        (headed("label,p0,p1,p2,p3"), "--label-column b", "no column has this name", "--label-column label"),
        (headed("label,p0,p1,p2,p3").replace("\n1,", "\n0,"), "--zero-is 10", "leave the option out", ""),
        (
            "y,y,p0,p1,p2,p3\n1,1,0,0,0,255\n2,2,255,0,0,0\n".to_owned(),
            "--label-column y",
            "more than one column has this name; give its number",
            "--label-column 1",
        ),
        (
            "2,p0,p1,p2,p3\n1,0,0,0,255\n2,255,0,0,0\n".to_owned(),
            "--label-column 2",
            "column 2 (p0) by its place, but column 1 by its name; give first or last",
            "--label-column first",
        ),
        (
            "label,p0,p1,p2,p3,isOne,isTwo\n1,0,0,0,255,1,0\n2,255,0,0,0,0,1\n".to_owned(),
            "",
            "give --label-column with the name or number of one",
            "--label-column label",
        ),
        (
            "1,0,0,0,255,2\n2,255,0,0,0,1\n".to_owned(),
            "",
            "give --label-column first, last or its number",
            "--label-column last",
        ),
    ] {
        let test = test();
        test.write("t.csv", &table);
        test.run(&format!("import csv t.csv out {wrong}")).status(2).stderr_has(&[part]);
        assert!(!test.exists("out"), "{table}");
        test.run(&format!("import csv t.csv out {right}")).status(0).stderr_has(&["2 source pictures"]);
    }
}

#[test]
fn other_settings_are_done_anew_in_place_with_fresh() {
    let test = test();
    test.run("draw out --count 5").status(0);
    test.write("out/notes.txt", "mine");
    test.run("draw out --count 7 --seed 2")
        .status(2)
        .stderr_has(&["(draw.count: 5 -> 7, draw.seed: 1 -> 2); do it anew in place with --fresh"]);
    test.run("draw out --count 7 --seed 2 --fresh").status(0).stderr_has(&["7 source pictures"]);
    assert_eq!(test.read("out/notes.txt"), "mine");
    test.remove("out/notes.txt");
    test.run("draw other --count 7 --seed 2").status(0);
    assert_same_files(&test.files("out"), &test.files("other"));
}

#[test]
fn bad_input_is_told_with_what_was_expected_found_and_helps() {
    let test = test();
    test.write("file", "");
    for (line, part) in [
        ("import folders nowhere out", "nowhere: expected a folder"),
        ("import folders file out", "file: expected a folder"),
        ("import csv nowhere out", "nowhere: no such file; check the path"),
        ("import csv scans out", "scans: is a folder, expected a regular file; give a file"),
        ("import csv file/x out", "file/x: a part of this path is a file, expected folders only"),
        ("import idx scans scans out", "scans: is a folder, expected a regular file"),
        ("import folders scans file", "file: expected a folder to write, found a file; name another folder"),
        ("draw out --label 0-9", "'--labels'"),
    ] {
        let ended = test.run(line);
        ended.status(2).stderr_has(&[part]);
        assert!(!ended.stderr.contains("os error") && !test.exists("out"), "{ended}");
    }
}
