//! Pictures and what is said of them.

use serde_json::Value;
use stage_files::picture::Canvas;
use test_support::{gray_gif, gray_tiff};

use crate::{quarter, test};

#[test]
fn pictures_are_answered_in_a_table() {
    let test = test();
    test.write("a.pgm", quarter(40, 2));
    test.write("sub/b.pgm", quarter(4, 3));
    test.write("sub/notes.txt", b"x");
    test.run("--model model.safetensors a.pgm sub")
        .status(0)
        .stdout(
            "picture    label  confidence  probabilities\n\
             a.pgm          7      99.9 %  7: 99.9 %\n\
             sub/b.pgm      9      99.9 %  9: 99.9 %\n",
        )
        .stderr_has(&["\ndigit-predict: 2 pictures labelled, 0 could not be used, 1 passed over\n"]);
    let quiet = test.run("--quiet --model model.safetensors a.pgm");
    assert!(quiet.status(0).stderr.lines().all(|line| line.contains("warning: ")), "{quiet}");
}

#[test]
fn unusable_pictures_are_lines_with_their_reason_and_the_rest_goes_on() {
    let test = test();
    let good = quarter(40, 0);
    let bad: [(&str, &[u8], &str); 6] = [
        ("bad/cut.pgm", &good[..700], "cut-off PNM"),
        ("bad/empty.png", b"", "empty"),
        ("bad/folder.png/x.txt", b"x", "is a folder"),
        ("bad/huge.pgm", b"P5 20000 20000 255\n", "20000x20000"),
        ("bad/phone.heic", b"\0\0\0\x18ftypheic....", "HEIC"),
        ("bad/text.png", b"this is text", "not a picture"),
    ];
    for (name, bytes, _) in bad {
        test.write(name, bytes);
    }
    test.write("good.pgm", &good);
    let ran = test.run("--model model.safetensors --json gone.png bad good.pgm");
    ran.status(1).stderr_has(&["\ndigit-predict: 1 picture labelled, 7 could not be used, 0 passed over\n"]);
    let lines = ran.json_lines();
    let paths: Vec<&str> = lines.iter().map(|line| line["path"].as_str().unwrap()).collect();
    assert_eq!(paths.len(), 8);
    assert_eq!((paths[0], paths[7], &lines[7]["label"]), ("gone.png", "good.pgm", &Value::from(2)));
    assert!(lines[0]["error"].as_str().unwrap().contains("no such file"));
    for (line, (name, _, reason)) in lines[1..7].iter().zip(bad) {
        assert!(name.starts_with(line["path"].as_str().unwrap()), "{line}");
        assert!(line["error"].as_str().unwrap().contains(reason), "{line}");
        assert_eq!(
            (&line["label"], &line["probabilities"], &line["refused"]),
            (&Value::Null, &Value::Null, &false.into())
        );
        assert_eq!(line["confidence"], 0.0);
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes_in_the_same_order() {
    let test = test();
    for n in 0..300 {
        let bytes = if n % 7 == 0 { b"text".to_vec() } else { quarter(4 + n % 50, n % 4) };
        test.write(&format!("all/{n:03}.pgm"), &bytes);
    }
    let run = |jobs: &str| test.run(&format!("--model model.safetensors --json --jobs {jobs} all"));
    let one = run("1");
    assert_eq!(one.json_lines().len(), 300);
    assert!(one.json_lines().iter().enumerate().all(|(n, line)| line["path"] == format!("all/{n:03}.pgm")));
    assert_eq!(one.stdout, run("4").stdout);
    // A picture alone gets what it gets in company.
    let alone = test.run("--model model.safetensors --json all/123.pgm");
    assert_eq!(alone.stdout.trim_end(), one.stdout.lines().nth(123).unwrap());
}

#[test]
fn standard_input_is_a_picture_or_a_list() {
    let test = test();
    test.write("a.pgm", quarter(8, 1));
    let picture = test.command("--model model.safetensors --json -").stdin(quarter(8, 3)).run();
    assert_eq!(picture.status(0).json()["label"], 9);
    let list = test.command("--model model.safetensors --json --files-from -").stdin("a.pgm\na.pgm\n").run();
    let lines = list.status(0).json_lines();
    assert_eq!((lines.len(), &lines[1]["label"]), (2, &Value::from(5)));
}

#[test]
fn below_the_confidence_asked_for_there_is_no_label() {
    let test = test();
    test.write("blank.pgm", quarter(4, 9));
    test.write("ink.pgm", quarter(4, 1));
    let ran = test.run("--model model.safetensors --json --min-confidence 0.5 blank.pgm ink.pgm");
    ran.status(0).stderr_has(&["1 picture labelled, 1 refused below confidence 0.5"]);
    let lines = ran.json_lines();
    assert_eq!((&lines[0]["refused"], &lines[0]["label"]), (&Value::from(true), &Value::Null));
    assert_eq!((&lines[1]["refused"], &lines[1]["label"]), (&Value::from(false), &Value::from(5)));
    assert_eq!(lines[0]["probabilities"]["2"], 0.25);
    test.run("--model model.safetensors --min-confidence 2 ink.pgm").status(2);
}

/// Each of these waited for ever or filled the memory.
#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_told_at_once() {
    let test = test();
    test.write("all/a.pgm", quarter(4, 1));
    for name in ["pipe.png", "all/pipe.png"] {
        assert!(std::process::Command::new("mkfifo").arg(test.at(name)).status().unwrap().success());
    }
    std::os::unix::fs::symlink("/dev/zero", test.at("zero.png")).unwrap();
    std::os::unix::fs::symlink("../zero.png", test.at("all/zero.png")).unwrap();
    let lines = test.run("--model model.safetensors --json pipe.png zero.png all").status(1).json_lines();
    let errors: Vec<&str> = lines.iter().map(|line| line["error"].as_str().unwrap_or("")).collect();
    for (error, part) in errors.iter().zip(["is a pipe", "is a device", "", "no regular file", "no regular file"]) {
        assert!(error.contains(part), "{errors:?}");
    }
    assert_eq!(lines[2]["label"], 5);
    for (line, part) in [
        ("--model pipe.png all/a.pgm", "pipe.png: is a pipe"),
        ("--model zero.png all/a.pgm", "zero.png: is a device"),
        ("--model model.safetensors --files-from pipe.png", "--files-from pipe.png: is a pipe"),
        ("calibrate --model model.safetensors --data pipe.png", "pipe.png: is a pipe"),
    ] {
        test.run(line).status(2).stderr_has(&[part]);
    }
}

#[test]
fn a_labelled_picture_is_taken_without_its_label_row() {
    let test = test();
    let mut pixels = vec![255; 16];
    pixels[10] = 0;
    pixels[15] = 3;
    let canvas = Canvas { width_px: 4, height_px: 4 };
    let labelled = stage_files::labelled::LabelledPicture { label: 9, size: 20, canvas, pixels: pixels.clone() };
    test.write("labelled.png", labelled.encode().unwrap());
    let mut plain = b"P5 4 4 255\n".to_vec();
    plain.extend(&pixels);
    test.write("plain.pgm", plain);
    let lines = test.run("--model model.safetensors --json labelled.png plain.pgm").status(0).json_lines();
    assert_eq!(lines[0]["probabilities"], lines[1]["probabilities"]);
    assert_eq!(lines[0]["label"], 9);
}

/// Every picture of a folder is answered by its path as it was given, never as `//abs/..`. What looks like a picture
/// and cannot be read is named.
#[test]
fn an_absolute_folder_and_scans_that_are_no_pictures() {
    let test = test();
    test.write("all/a.pgm", quarter(8, 1));
    for (name, bytes) in
        [("scan.pdf", &b"%PDF-1.4"[..]), ("scan.tga", b"\0\0\x02"), ("7.zip", b"PK\x03\x04"), ("notes.txt", b"x")]
    {
        test.write(&format!("all/{name}"), bytes);
    }
    let folder = test.at("all").display().to_string();
    let ran = test.run(&format!("--model model.safetensors --json {folder}"));
    ran.status(1).stderr_has(&["\ndigit-predict: 1 picture labelled, 3 could not be used, 1 passed over\n"]);
    let lines = ran.json_lines();
    let paths: Vec<String> = lines.iter().map(|line| line["path"].as_str().unwrap().to_owned()).collect();
    assert_eq!(paths, ["7.zip", "a.pgm", "scan.pdf", "scan.tga"].map(|name| format!("{folder}/{name}")));
    for (line, what) in [(0, "archive; unpack it"), (2, "PDF"), (3, "a TGA picture")] {
        assert!(lines[line]["error"].as_str().unwrap().contains(what), "{}", lines[line]);
    }
}

#[test]
fn each_page_may_have_an_answer() {
    let test = test();
    // Ink in one quarter of four pixels by four.
    let page = |quarter: usize| {
        let ink = |at: usize| usize::from(at % 4 >= 2) + 2 * (at / 8) == quarter;
        (0..16).map(|at| if ink(at) { 0 } else { 255 }).collect::<Vec<u8>>()
    };
    test.write("in/a.tif", gray_tiff(4, &[page(3), page(1), page(2)]));
    test.write("in/b.gif", gray_gif(4, &[page(0), page(3)]));
    test.write("in/c.pgm", quarter(4, 1));
    test.write("in/d.png", "text");
    let labels = |lines: &[Value]| lines.iter().map(|line| line["label"].as_u64()).collect::<Vec<_>>();
    let first = test.run("--model model.safetensors --json in");
    first.status(1).stderr_has(&[
        "warning: in/a.tif: has 3 pages or frames, the first is used; --pages all takes each",
        "warning: in/b.gif: has 2 pages or frames",
        "3 pictures labelled, 1 could not be used",
    ]);
    assert_eq!(labels(&first.json_lines()), [Some(9), Some(2), Some(5), None]);
    assert!(!first.stdout.contains("\"page\""));

    let all = test.run("--model model.safetensors --json --pages all in");
    all.status(1).stderr_has(&["\ndigit-predict: 6 pictures labelled, 1 could not be used, 0 passed over\n"]);
    assert!(!all.stderr.contains("pages or frames"), "{all}");
    let lines = all.json_lines();
    assert_eq!(labels(&lines), [Some(9), Some(5), Some(7), Some(2), Some(9), Some(5), None]);
    let pages: Vec<(&str, u64)> =
        lines.iter().map(|line| (line["path"].as_str().unwrap(), line["page"].as_u64().unwrap())).collect();
    let (a, b) = ("in/a.tif", "in/b.gif");
    assert_eq!(pages, [(a, 1), (a, 2), (a, 3), (b, 1), (b, 2), ("in/c.pgm", 1), ("in/d.png", 1)]);
    test.run("--model model.safetensors --pages all in/a.tif").status(0).stdout_has(&["in/a.tif, page 3      7  "]);
}
