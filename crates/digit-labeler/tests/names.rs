//! Which label and size each picture gets from its name, its folder and the options, in whole commands. What may mean
//! two labels is rejected with both.

use test_support::{Output, Test, gray_png};

/// The labelled pictures without their folder and ending, such as `3_20_kim-1`, and what was said and rejected.
struct Labelled {
    test: Test,
    ran: Output,
    names: Vec<String>,
    rejected: String,
}

fn label(sources: &[&str], options: &str) -> Labelled {
    let test = Test::new(env!("CARGO_BIN_EXE_digit-labeler"));
    for (n, source) in (0..).zip(sources) {
        test.write(&format!("source/{source}"), gray_png(20, 20, |x, y| (x * y + n) as u8));
    }
    let ran = test.run(&format!("source out {options}"));
    let names = if test.exists("out") { test.names("out") } else { Vec::new() };
    let names = names.iter().filter_map(|name| Some(name.strip_suffix(".png")?.rsplit_once('/')?.1.to_owned()));
    let names = names.collect();
    let rejected = test.read("out/rejected.csv");
    Labelled { test, ran, names, rejected }
}

const ALL: &str = "--labels 0-9 --size 20";

#[test]
fn folders_by_digit_win_over_names_of_another_form() {
    let cases: [(&[&str], &[&str]); 7] = [
        // {writer}_{digit}_{sample}: the second number was taken for the size and the writer for the label.
        (&["3/5_3_12.png", "3/5_3_13.png", "3/6_3_01.png"], &["3_20_5_3_12", "3_20_5_3_13", "3_20_6_3_01"]),
        (&["8/5_8_12.png", "3/8_3_1.png", "3/20_3_1.png"], &["3_20_20_3_1", "3_20_8_3_1", "8_20_5_8_12"]),
        // {digit}_{writer}_{sample}: a writer is no size.
        (&["3/3_1_12.png", "3/3_2_12.png"], &["3_20_3_1_12", "3_20_3_2_12"]),
        (
            &["3/3.png", "3/7.png", "3/IMG_20200815_031637.png", "5/scan0005.png"],
            &["3_20_3", "3_20_7", "3_20_IMG_20200815_031637", "5_20_scan0005"],
        ),
        (&["kim/3/3_1.png", "kim/5/5_1.png", "kim/5/5_2.png"], &["3_20_kim-1", "5_20_kim-1", "5_20_kim-2"]),
        (&["3/3_20_kim-1.png", "5/5_8_kim-1.png"], &["3_20_kim-1", "5_20_kim-1"]),
        (&["20/3_20_a.png", "8/3_8_b.png", "w12/5_20_a.png"], &["3_20_a", "3_20_b", "5_20_a"]),
    ];
    for (sources, expected) in cases {
        let labelled = label(sources, ALL);
        labelled.ran.status(0);
        assert_eq!(labelled.names, expected, "{sources:?}");
    }
}

#[test]
fn a_name_and_a_folder_that_contradict_each_other_reject_the_picture_with_both() {
    let cases: [(&str, &str, &[&str], &str, &str); 12] = [
        (ALL, "5/3_20_kim-1.png", &["5/5_20_kim-1.png"], "3", "5"),
        (ALL, "5/3_8_kim-1.png", &[], "3", "5"),
        ("--labels 0-9", "3/5_3_12.png", &[], "5", "3"),
        ("--labels 0-9", "8/5_8_12.png", &[], "5", "8"),
        ("--labels 0-9", "3/left/5_3_12.png", &[], "5", "3"),
        // The folder 8 alone may be the label or the size.
        (ALL, "8/5_8_12.png", &[], "5", "8"),
        // The names begin with the label, so one that begins with another digit lies in the wrong folder.
        (ALL, "3/5_1.png", &["3/3_1.png", "4/4_1.png", "5/5_2.png"], "5", "3"),
        (ALL, "3/5.png", &["3/3_1.png", "4/4_1.png"], "5", "3"),
        // A label beyond 9, and labels in words.
        (ALL, "20/3_20_12.png", &["2/a.png", "3/a.png"], "3", "20"),
        (ALL, "three/5_1.png", &[], "5", "three"),
        (ALL, "03/5_3_12.png", &[], "5", "03"),
        ("--labels 0-9", "digit_3/5_20_1.png", &["three/3_20_1.png"], "5", "digit_3"),
    ];
    for (options, source, others, name, folder) in cases {
        let sources: Vec<&str> = others.iter().chain([&source]).copied().collect();
        let labelled = label(&sources, options);
        labelled.ran.status(1);
        let reason = format!("{source},\"its name says label {name}, its folder {folder}; rename");
        assert!(labelled.rejected.contains(&reason), "{reason}: {}", labelled.rejected);
        assert_eq!(labelled.names.len(), others.len(), "{source}");
    }
}

#[test]
fn nothing_is_said_of_names_where_the_folders_are_labels() {
    for sources in [
        &["three/IMG_2001.png", "eight/a (4).png", "eight/b.png"][..],
        &["3/kim/3_1.png", "3/lee/3_2.png", "4/kim/4_1.png", "4/lee/4_2.png"],
    ] {
        let labelled = label(sources, ALL);
        labelled
            .ran
            .status(0)
            .stderr(&format!("digit-labeler: {0} pictures labelled ({0} of size 20)\n", sources.len()));
    }
}

#[test]
fn with_size_a_name_that_begins_with_its_label_needs_no_more() {
    let sources = [
        "3_20200815-031637_digit3.png",
        "3-005.png",
        "3.png",
        "4 (2).png",
        "4.7.png",
        "4_20.png",
        "5_kim-1.png",
        "lee/5_1.png",
        "lee/5_b.png",
    ];
    let labelled = label(&sources, ALL);
    labelled.ran.status(0).stderr_has(&["9 pictures labelled", "such as 3-005.png, have no label but the digit"]);
    let expected = [
        "3_20_0",
        "3_20_005",
        "3_20_20200815-031637_digit3",
        "4_20_(2)",
        "4_20_20",
        "4_20_7",
        "5_20_kim-1",
        "5_20_lee-1",
        "5_20_lee_b",
    ];
    assert_eq!(labelled.names, expected);
    // The same without --size: all rejected, with the option that works.
    labelled.test.remove("out");
    labelled.test.run("source out --labels 0-9").status(1).stderr_has(&["0 pictures labelled, 9 rejected"]);
    let rejected = labelled.test.read("out/rejected.csv");
    assert_eq!(rejected.matches("give --size 20 --fresh").count(), 9, "{rejected}");
}

#[test]
fn numbers_that_are_no_labels_give_none() {
    for (source, part) in [
        ("12_a.png", "not the number 12"),
        ("20200815.png", "not the number 20200815"),
        ("05.png", "not the number 05"),
        ("photo.png", "name without label"),
        ("IMG_3.png", "name without label"),
        ("3rd.png", "name without label"),
        ("8-15-2020.png", "name without label"),
        ("5.12.2020.png", "name without label"),
        ("5 apples.png", "name without label"),
        ("12/5_1.png", "its folder 12 may be a label or a writer"),
        ("3/left/5_1.png", "its folder 3 may be a label or a writer"),
        ("three/left/5_1.png", "its folder three may be a label or a writer"),
        ("unknown/5_1.png", "beside folders named by digit"),
    ] {
        let others: &[&str] = if source.starts_with("unknown") { &["3/a.png"] } else { &["3_a.png"] };
        let labelled = label(&[&[source], others].concat(), ALL);
        labelled.ran.status(1);
        let line = labelled.rejected.lines().find(|line| line.trim_start_matches('"').starts_with(source));
        assert!(
            line.is_some_and(|line| line.contains(part) && line.contains("into a folder named by its digit")),
            "{source}: {}",
            labelled.rejected
        );
        assert_eq!(labelled.names, ["3_20_a"], "{source}");
    }
    // The source is a folder of one digit.
    let test = label(&["3/5_1.png"], ALL).test;
    test.run("source/3 other --labels 0-9 --size 20").status(1).stderr_has(&["the source folder 3 may be the label"]);
    // Numbers that count: none is a label.
    let counted: Vec<String> = (1..=12).map(|n| format!("{n}.png")).collect();
    let labelled = label(&counted.iter().map(String::as_str).collect::<Vec<_>>(), ALL);
    labelled.ran.status(1).stderr_has(&["0 pictures labelled"]);
    assert_eq!(labelled.rejected.matches("count the pictures").count(), 9, "{}", labelled.rejected);
}

#[test]
fn twins_are_rejected_with_the_first() {
    let labelled = label(&["3-1.png", "3_1.png"], ALL);
    labelled.ran.status(1);
    assert!(
        labelled.rejected.contains("3_1.png,\"would get the name 3_20_1.png, which 3-1.png has"),
        "{}",
        labelled.rejected
    );
}

#[test]
fn size_on_the_command_line_wins_and_that_is_said_once() {
    let labelled = label(&["3_20_kim-1.png", "3_8_lee-1.png", "4_8_lee-1.png"], ALL);
    labelled
        .ran
        .status(0)
        .stderr_has(&["2 pictures, such as 3_8_lee-1.png, have another size in their name than --size 20"]);
    assert_eq!(labelled.names, ["3_20_kim-1", "3_20_lee-1", "4_20_lee-1"]);
    let labelled = label(&["3_20_kim-1.png", "3_8_lee-1.png"], "--labels 0-9");
    labelled.ran.status(0).stderr("digit-labeler: 2 pictures labelled (1 of size 20, 1 of size 8)\n");
    // {label}_{writer}_{n}: the second number is no size where it has other values too.
    let labelled = label(&["3_1_1.png", "3_2_1.png", "3_8_1.png"], ALL);
    labelled.ran.status(0);
    assert_eq!(labelled.names, ["3_20_1_1", "3_20_2_1", "3_20_8_1"]);
}

#[test]
fn folders_that_may_be_writers_are_said() {
    let labelled = label(&["1/0_a.png", "1/2_a.png", "2/0_a.png", "2/1_a.png"], ALL);
    labelled.ran.status(0).stderr_has(&["4 pictures, such as 1/0_a.png, lie in folders named by a digit", "writers"]);
}

#[test]
fn labels_outside_the_set_are_counted_once_when_they_are_many() {
    let sources: Vec<String> = (0..=9).map(|n| format!("{n}_20_a.png")).collect();
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    let labelled = label(&sources, "");
    labelled
        .ran
        .status(1)
        .stderr_has(&["5 pictures of labels 0, 6-9 are outside --labels 1-5; to take them, give --labels 0-9 --fresh"]);
    assert!(!labelled.ran.stderr.contains("0_20_a.png"), "{}", labelled.ran);
    assert_eq!(labelled.rejected.matches("outside the label set 1-5").count(), 5);
    let again = labelled.test.run("source out");
    again.status(1).stderr_has(&["outside --labels 1-5", "nothing to do", "5 rejected"]);
    // A few are named.
    label(&sources[5..8], "").ran.status(1).stderr_has(&["6_20_a.png: label 6 is outside the label set 1-5"]);
}

#[test]
fn what_looks_like_a_picture_and_cannot_be_read_is_listed() {
    let test = Test::new(env!("CARGO_BIN_EXE_digit-labeler"));
    test.write("source/7_20_a.png", gray_png(20, 20, |x, y| (x * y) as u8));
    let unread: [(&str, &[u8], &str); 9] = [
        ("7_20_scan.pdf", b"%PDF-1.4\n", "PDF"),
        ("7_20_scan", b"%PDF-1.4\n", "PDF"),
        ("7_20_b.tga", b"\0\0\x02\0\0\0\0\0\0\0\0\0\x04\0\x04\0\x18\0", "TGA"),
        ("7_20_c.ico", b"\0\0\x01\0\x01\0\x10\x10\0\0", "ICO"),
        ("7_20_d.xcf", b"gimp xcf v011\0", "XCF"),
        ("7_20_e.zip", b"PK\x03\x04\x14\0", "archive"),
        ("7_20_f.docx", b"PK\x03\x04\x14\0", "document"),
        ("7_20_g.NEF", b"no TIFF", "raw"),
        ("7_20_h.heic", b"\0\0\0\x18ftypheic....", "HEIC"),
    ];
    for (name, bytes, _) in unread {
        test.write(&format!("source/{name}"), bytes);
    }
    for name in ["notes.txt", "Thumbs.db", ".DS_Store", "pictures.zip", "7_20_a.txt"] {
        test.write(&format!("source/{name}"), "notes");
    }
    test.run("source out --labels 0-9")
        .status(1)
        .stderr_has(&["1 picture labelled (1 of size 20), 5 other files passed over, 9 rejected"]);
    let rejected = test.read("out/rejected.csv");
    for (name, _, what) in unread {
        let line = rejected.lines().find(|line| line.starts_with(&format!("{name},"))).unwrap_or_default();
        let has_remedy = ["export", "unpack"].iter().any(|remedy| line.contains(remedy));
        assert!(line.contains(what) && has_remedy, "{name}: {rejected}");
    }
}
