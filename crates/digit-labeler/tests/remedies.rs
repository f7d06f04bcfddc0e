//! What a message advises helps: the advice is typed, and the command gets on.

use test_support::{Test, assert_same_files, gray_png};

/// A folder with these source pictures.
fn test(names: &[&str]) -> Test {
    let test = Test::new(env!("CARGO_BIN_EXE_digit-labeler"));
    for (at, name) in (1..).zip(names) {
        test.write(&format!("source/{name}"), gray_png(30, 30, move |x, y| (x * y * at) as u8));
    }
    test
}

/// Each case: the pictures, a command, a part of its message or of `rejected.csv`, and the options that follow it. A
/// first run has always taken place, so the folder has other settings.
#[test]
fn every_option_that_a_message_names_helps() {
    let all: Vec<String> = (0..=9).map(|digit| format!("{digit}_20_a.png")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    for (names, first, part, options, pictures) in [
        (&all[..], "", "outside --labels 1-5; to take them, give --labels 0-9 --fresh", "--labels 0-9 --fresh", 10),
        (&all[5..7], "", "outside the label set 1-5; to take it, give --labels 1-6 --fresh", "--labels 1-6 --fresh", 2),
        (
            &["8/x.png", "3/3_20_a.png"],
            "",
            "for folders named by label give --labels auto --size auto --fresh",
            "--labels auto --size auto --fresh",
            2,
        ),
        (&["3_kim.png", "3_20_a.png"], "", "give --size 20 --fresh if the digit at the", "--size 20 --fresh", 2),
        (
            &all[1..3],
            "--max-pixels 899",
            "raise the limit with --max-pixels 900 --fresh",
            "--max-pixels 900 --fresh",
            2,
        ),
    ] {
        let test = test(names);
        let said = test.run(&format!("source out {first}"));
        said.status(1);
        let rejected = test.read("out/rejected.csv");
        assert!(said.stderr.contains(part) || rejected.contains(part), "{said}\n{rejected}");
        test.run(&format!("source out {options}")).status(0);
        assert_eq!(test.json("out/stage.json")["counts"]["pictures"], pictures, "{options}");
    }
}

#[test]
fn other_settings_are_done_anew_in_place_with_fresh() {
    let test = test(&["1_20_a.png", "2_20_a.png"]);
    test.run("source out").status(0);
    test.write("out/20/mine.txt", "mine");
    test.write("out/notes.txt", "mine");
    let changed = "source out --canvas 8x8";
    test.run(changed).status(2).stderr_has(&["(canvas: 20x20 -> 8x8); do it anew in place with --fresh"]);
    test.run(&format!("{changed} --fresh")).status(0).stderr_has(&["2 pictures labelled"]);
    test.run("source other --canvas 8x8").status(0);
    assert_eq!((test.read("out/20/mine.txt"), test.read("out/notes.txt")), ("mine".into(), "mine".into()));
    test.remove("out/20/mine.txt");
    test.remove("out/notes.txt");
    assert_same_files(&test.files("out"), &test.files("other"));
    test.run(changed).status(0).stderr_has(&["nothing to do"]);
    test.run(&format!("{changed} --fresh")).status(0).stderr_has(&["digit-labeler: 2 pictures labelled"]);
    // The folder of --explain is one of the command's folders, too.
    test.run("source out --canvas 8x8 --explain shown").status(0);
    test.run("source out --canvas 8x8 --labels 0-9 --explain shown --fresh").status(0);
}

#[test]
fn a_picture_without_a_label_is_put_into_a_folder_as_its_reason_says() {
    let test = test(&["photo.png", "3_20_a.png"]);
    let part = "put it into a folder named by its digit, such as 3/x.png, with --size 20 --fresh";
    test.run("source out").status(1).stderr_has(&[part]);
    test.make_folder("source/3");
    test.rename("source/photo.png", "source/3/x.png");
    test.rename("source/3_20_a.png", "source/3/3_20_a.png");
    test.run("source out --size 20 --fresh").status(0).stderr_has(&["2 pictures labelled"]);
}

/// The system's words for it are "File exists" or "Not a directory".
#[test]
fn a_file_in_the_place_of_a_folder_is_told_as_such() {
    let test = test(&["1_20_a.png"]);
    test.run("source out").status(0);
    test.remove("out/20");
    test.write("out/20", "mine");
    let ended = test.run("source out");
    ended.status(2).stderr_has(&["out/20", "expected", "found a file", "name another path or move the file"]);
    assert!(!ended.stderr.contains("os error") && test.read("out/20") == "mine", "{ended}");
    test.rename("out/20", "out/twenty");
    test.run("source out").status(0);
}

#[test]
fn a_folder_in_which_nothing_was_done_takes_other_settings() {
    let test = test(&["7_20_a.png", "8_20_a.png"]);
    test.run("source out").status(1).stderr_has(&["0 pictures labelled, 2 rejected"]);
    test.run("source out --labels 0-9").status(0).stderr_has(&["2 pictures labelled"]);
}

#[test]
fn a_list_that_is_cut_says_how_much_more_there_is() {
    let names: Vec<String> = (1..=12).map(|n| format!("photo {n} x.png")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let said = test(&names).run("source out");
    said.status(1).stderr_has(&["warning: and 7 more in out/rejected.csv", "12 rejected (see out/rejected.csv)"]);
    assert_eq!(said.stderr.matches("name without label").count(), 5, "{said}");
}

#[test]
fn bad_input_is_told_with_what_was_expected_found_and_helps() {
    let test = test(&["1_20_a.png"]);
    test.write("file", "");
    test.make_folder("empty");
    for (line, parts) in [
        ("nowhere out", vec!["nowhere: expected a folder of pictures, found nothing; check the path"]),
        (
            "file out",
            vec![
                "file: expected a folder of pictures, or a zip or tar archive of one, found another file; give its folder, or unpack it",
            ],
        ),
        ("file/x out", vec!["file/x: a part of this path is a file, expected folders only; check the path"]),
        ("empty out", vec!["empty: expected pictures, found none", "give the folder that holds them"]),
        ("source file", vec!["file: expected a folder to write, found a file; name another folder"]),
        ("source out --preprocess standart", vec!["found `standart`; did you mean `standard`?"]),
        ("source out --preprocess ink,deskw", vec!["found `deskw`; did you mean `deskew`?"]),
        ("source out --label 0-9", vec!["unexpected argument '--label'", "'--labels'"]),
        ("source out --canvas 20", vec!["expected WIDTHxHEIGHT", "such as 20x20, found `20`"]),
    ] {
        let ended = test.run(line);
        ended.status(2).stderr_has(&parts);
        assert!(!ended.stderr.contains("os error") && !test.exists("out"), "{ended}");
    }
}
