//! Mistakes that people make: what was expected, what was found, what to type; nothing is made.

use crate::pictures::{Kind, draw};
use crate::{test, typed};
use test_support::{Output, Test, assert_same_files, gray_png};

/// A picture that is not a digit, for what is refused by name.
fn put(test: &Test, name: &str) {
    test.write(name, gray_png(20, 20, |x, y| (x * y) as u8));
}

/// Expects a refusal with these parts, and that nothing was written.
#[track_caller]
fn refused(test: &Test, ran: &Output, parts: &[&str]) {
    ran.status(2).stdout("").stderr_has(parts);
    assert!(!test.exists("learned"), "{ran}");
}

#[test]
fn a_wrong_or_empty_folder_is_told() {
    let test = test();
    refused(&test, &test.run("nowhere"), &["nowhere: expected a folder of pictures, found nothing; check the path"]);
    test.write("file.png", "x");
    refused(
        &test,
        &test.run("file.png"),
        &["expected a folder of pictures, or a zip or tar archive of one, found another file"],
    );
    test.make_folder("empty");
    refused(&test, &test.run("empty"), &["empty: expected pictures, found none (0 other files)"]);
    test.write("notes/a.txt", "x");
    refused(&test, &test.run("notes"), &["expected pictures, found none (1 other file)"]);
    refused(&test, &test.run(""), &["<SOURCE>"]);
}

#[test]
fn a_folder_that_a_later_stage_made_is_refused() {
    let test = test();
    draw(&test, "scans", Kind::Flat, "1-2", 8);
    test.run("scans --no-drawn --epochs 2 --out made").status(0);
    for folder in ["made", "made/labelled-1,2", "made/data-1,2"] {
        refused(&test, &test.run(folder), &["wrote this folder, so it is no input of this command"]);
    }
}

#[test]
fn pictures_whose_names_say_no_digit_are_refused_with_the_way_out() {
    let test = test();
    for n in 0..5 {
        put(&test, &format!("phone/IMG_20{n}.JPG"));
    }
    let parts = [
        "phone: expected pictures whose folder or name says the digit, such as 3/x.png, kim/3/x.png or 3_x.png",
        "found 5 files that do not: IMG_200.JPG, IMG_201.JPG, IMG_202.JPG;",
        "put the pictures of each digit into a folder named by it, such as phone/3, and give phone again",
    ];
    refused(&test, &test.run("phone"), &parts);
    // Done as it says.
    for (n, digit) in [(0, 3), (1, 3), (2, 3), (3, 5), (4, 5)] {
        test.make_folder(&format!("phone/{digit}"));
        test.rename(&format!("phone/IMG_20{n}.JPG"), &format!("phone/{digit}/IMG_20{n}.JPG"));
    }
    let ran = test.run("phone --no-drawn --epochs 2");
    ran.stderr_has(&["phone: 5 pictures, digits 3, 5, writers not known, layout {digit}/"]);
    // Pictures that cannot be read at all.
    test.write("scanner/3/IMG_1.pdf", b"%PDF-1.4\n");
    test.run("scanner").status(2).stderr_has(&["scanner: expected pictures", "3/IMG_1.pdf: ", "export"]);
    for digit in [3, 5] {
        test.write(&format!("heic/{digit}/IMG_1.heic"), b"\0\0\0\x18ftypheic....");
    }
    test.run("heic").status(2).stderr_has(&["heic: none of the pictures can be used", "rejected.csv says why", "HEIC"]);
}

#[test]
fn contradicting_layouts_are_refused_and_each_option_named_works() {
    let test = test();
    draw(&test, "mixed", Kind::Phone, "1-2", 8);
    draw(&test, "mixed", Kind::Flat, "4-5", 8);
    let parts = [
        "mixed: expected all pictures to say their digit in one way, found 8 of 16 files that do not, such as 4_scan0.png",
        "the others are {digit}/ (8)",
        "give --layout folders to take the digit from the folders (8 pictures), \
         or --layout names to take it from the names (8 pictures)",
    ];
    refused(&test, &test.run("mixed"), &parts[..2]);
    test.run("mixed").stderr_has(&["--layout folders to take the digit from the folders (8 pictures)"]);
    let folders = test.run("mixed --no-drawn --epochs 2 --layout folders");
    folders.status(1).stderr_has(&["mixed: 8 pictures, digits 1, 2", "8 more files without a label", "8 rejected"]);
    let names = test.run("mixed --no-drawn --epochs 2 --layout names");
    names.status(1).stderr_has(&["mixed: 8 pictures, digits 4, 5", "8 more files without a label", "8 rejected"]);
}

#[test]
fn folders_that_may_be_digits_or_writers_are_refused_and_each_option_named_works() {
    let test = test();
    for writer in 1..=2 {
        for digit in 3..=5 {
            for n in 0..3 {
                put(&test, &format!("class/{writer}/{digit}_{n}.png"));
            }
        }
    }
    let parts =
        ["class: expected one digit for each picture, found two: 1/3_0.png", "--layout folders", "--layout names"];
    refused(&test, &test.run("class"), &parts);
    let ran = test.run("class --no-drawn --epochs 2 --layout names");
    ran.stderr_has(&["class: 18 pictures, digits 3-5", "1/3_0.png is taken for a picture of 3"]);
    let ran = test.run("class --no-drawn --epochs 2 --layout folders");
    ran.stderr_has(&["class: 18 pictures, digits 1, 2", "1/3_0.png is taken for a picture of 1"]);
    // Numbers that count pictures are no digits.
    for (digit, n) in (1..=2).flat_map(|digit| (1..=12).map(move |n| (digit, n))) {
        put(&test, &format!("counted/{digit}/{n}.png"));
    }
    test.run("counted --no-drawn --epochs 2").stderr_has(&["counted: 24 pictures, digits 1, 2", "layout {digit}/"]);
}

#[test]
fn a_few_pictures_without_a_label_are_listed_and_the_rest_is_learned() {
    let test = test();
    draw(&test, "scans", Kind::Phone, "1-3", 18);
    put(&test, "scans/holiday.png");
    let ran = test.run("scans --no-drawn --epochs 2");
    ran.status(1).stderr_has(&["18 pictures, digits 1-3", "1 more file without a label", "1 rejected", "accuracy "]);
    assert!(test.read("learned/scans/labelled-1-3/rejected.csv").contains("holiday.png"));
}

#[test]
fn one_digit_alone_is_refused_and_a_missing_one_is_named() {
    let test = test();
    draw(&test, "three", Kind::Phone, "3", 6);
    refused(&test, &test.run("three"), &["expected pictures of two or more digits, found digits 3", "add pictures"]);
    refused(&test, &test.run("three/3"), &["expected"]);
    draw(&test, "gap", Kind::Phone, "1-2,4", 18);
    let ran = test.run("gap --drawn 20 --epochs 2");
    ran.status(0).stderr_has(&["there is no picture of the digit 3: the network learns from drawn digits alone"]);
    assert!(test.exists("learned/gap/data-1-4/20x20_info.csv"));
    let ran = test.run("gap --no-drawn --epochs 2");
    ran.status(0).stderr_has(&["there is no picture of the digit 3: the network will take it for another digit"]);
    refused_labels(&test);
}

fn refused_labels(test: &Test) {
    let ran = test.run("gap --labels 3-4");
    ran.status(2).stderr_has(&["expected pictures of two or more digits of --labels 3,4, found digits 1,2,4"]);
}

#[test]
fn a_digit_with_too_few_pictures_is_named_in_words() {
    let test = test();
    draw(&test, "scans", Kind::Phone, "1-2", 12);
    draw(&test, "scans", Kind::Phone, "7", 1);
    test.run("scans --no-drawn --epochs 2").status(0).stderr_has(&[
        "there is only 1 picture of 7: too few to train on some and test on others",
        "there is no picture of the digits 3, 4, 5 and 6",
    ]);
    // Two pictures are the least that can be trained and tested.
    draw(&test, "two", Kind::Phone, "1-2", 2);
    test.run("two --no-drawn --epochs 2").status(0).stderr_has(&["of 1 picture that did not train"]);
}

#[test]
fn nothing_is_written_into_the_source_or_over_other_files() {
    let test = test();
    draw(&test, "scans", Kind::Flat, "1-2", 8);
    let before = test.files("scans");
    for out in ["scans", "scans/out", "scans/../scans/out"] {
        let ran = test.run(&format!("scans --out {out}"));
        let remedy = format!("{} scans --out ", typed("digit-learn"));
        ran.status(2).stderr_has(&["the folder of pictures, which is only read", &remedy]);
    }
    test.write("mine/thesis.txt", "my work");
    let ran = test.run("scans --out mine");
    ran.status(2).stderr_has(&["mine holds files that no stage made (such as thesis.txt)"]);
    test.run("scans --out scans/3_scan0.png").status(2);
    assert_same_files(&test.files("scans"), &before);
    assert_eq!(test.names("mine"), ["thesis.txt"]);
    // The command of the refusal works.
    let refusal = test.run("scans --out scans/out").stderr;
    let line = refusal.trim_end().rsplit_once(&format!("{} scans ", typed("digit-learn"))).unwrap().1.to_owned();
    test.run(&format!("scans --no-drawn --epochs 2 {line}")).status(0);
    // Two folders of pictures do not share an output folder.
    draw(&test, "others", Kind::Flat, "1-2", 8);
    test.run("scans --no-drawn --epochs 2 --out both").status(0);
    let ran = test.run("others --no-drawn --epochs 2 --out both");
    ran.status(2).stderr_has(&["both was made with other settings (source: scans -> others)"]);
}
