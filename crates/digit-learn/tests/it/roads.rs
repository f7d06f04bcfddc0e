//! The whole command on folders of every kind that people have: what is said, the exit code, and what is on disk.

use crate::pictures::{Kind, draw, put};
use crate::{test, typed};
use test_support::{Output, Test, assert_same_files, gray_tiff};

/// Options that make a run short.
const SHORT: &str = "--no-drawn --epochs 2";

/// Runs the command on a folder whose name may hold blanks.
fn learn(test: &Test, source: &str, options: &str) -> Output {
    test.command("").arg(source).args(options.split_whitespace()).run()
}

/// The only run below `runs`.
fn run_folder(test: &Test, root: &str) -> String {
    let names = test.names(&format!("{root}/runs"));
    let mut runs: Vec<&str> = names.iter().filter_map(|name| name.strip_suffix("/summary.json")).collect();
    assert_eq!(runs.len(), 1, "{names:?}");
    format!("{root}/runs/{}", runs.remove(0))
}

fn split_by(test: &Test, root: &str) -> String {
    let config = test.json(&format!("{}/config.json", run_folder(test, root)));
    config["split"]["by"].as_str().unwrap_or_default().to_owned()
}

/// The paths that a run's predictions name.
fn predicted_paths(test: &Test, root: &str) -> Vec<String> {
    let records = test.records(&format!("{}/predictions.csv", run_folder(test, root)));
    assert!(!records.is_empty());
    records.into_iter().map(|mut record| record.remove("path").expect("a column `path`")).collect()
}

#[test]
fn two_writers_are_tested_on_the_one_who_did_not_train() {
    let test = test();
    draw(&test, "scans", Kind::WriterFolders(&["kim", "lee"]), "0-9", 40);
    let before = test.files("scans");
    let ran = learn(&test, "scans", SHORT);
    ran.status(0).stdout("").stderr_has(&[
        "digit-learn: scans: 40 pictures, digits 0-9, 2 writers, layout {writer}/{digit}\n",
        "20 pictures of 1 writer who did not train (",
        "digit-learn: report: learned/scans/report/index.html\n",
        &format!("{} --model learned/scans/runs/0-9-40-pictures-", typed("digit-predict")),
        " scans/kim/0/",
    ]);
    assert_eq!(split_by(&test, "learned/scans"), "group");
    // The original path is in the rows file, the predictions and the report.
    let rows = test.records("learned/scans/data-0-9/20x20_info.rows.csv");
    assert!(rows.iter().all(|row| test.exists(&format!("scans/{}", row["path"]))), "{rows:?}");
    let paths = predicted_paths(&test, "learned/scans");
    assert!(paths.iter().all(|path| test.exists(&format!("scans/{path}"))), "{paths:?}");
    let report = test.read("learned/scans/report/tables.md");
    assert!(paths.iter().any(|path| report.contains(path.as_str())), "{report}");
    assert_same_files(&test.files("scans"), &before);
}

#[test]
fn one_writer_is_split_by_row_and_told_what_the_accuracy_speaks_of() {
    let test = test();
    draw(&test, "scans", Kind::WriterFolders(&["kim"]), "1-5", 20);
    // With drawn digits beside, too, a single writer needs no second one.
    learn(&test, "scans", "--drawn 30 --epochs 2").status(0).stderr_has(&[
        "20 pictures, digits 1-5, 1 writer, layout {writer}/{digit}",
        "all are of kim, so this speaks of kim only",
    ]);
    assert_eq!(split_by(&test, "learned/scans"), "row");
    assert!(test.exists("learned/scans/drawn-1-5-30/data/20x20_info.csv"));
}

#[test]
fn names_without_a_writer_and_flat_names_train_at_once() {
    let test = test();
    draw(&test, "own form", Kind::OwnForm, "1-5", 20);
    learn(&test, "own form", SHORT).status(0).stderr_has(&[
        "own form: 20 pictures, digits 1-5, writers not known, layout {digit}_{size}_{id}",
        "these writers only",
        "--model 'learned/own form/runs/1-5-20-pictures-",
    ]);
    draw(&test, "flat", Kind::Flat, "1-5", 20);
    learn(&test, "flat", SHORT).status(0).stderr_has(&[
        "flat: 20 pictures, digits 1-5, writers not known, layout {digit}_{id}",
        "is taken for a picture of 1",
    ]);
    assert_eq!(split_by(&test, "learned/flat"), "row");
    assert!(predicted_paths(&test, "learned/flat").iter().all(|path| test.exists(&format!("flat/{path}"))));
}

#[test]
fn phone_names_in_class_folders_keep_their_names_to_the_end() {
    let test = test();
    draw(&test, "phone", Kind::Phone, "0-9", 40);
    learn(&test, "phone", SHORT).status(0).stderr_has(&["40 pictures, digits 0-9, writers not known, layout {digit}/"]);
    let paths = predicted_paths(&test, "learned/phone");
    assert!(paths.iter().all(|path| path.contains("/IMG_2") && test.exists(&format!("phone/{path}"))), "{paths:?}");
    draw(&test, "words", Kind::Words, "1-3", 12);
    learn(&test, "words", SHORT).status(0).stderr_has(&["12 pictures, digits 1-3, writers not known, layout {digit}/"]);
}

#[test]
fn blanks_quotes_and_korean_in_names_of_folders_change_nothing() {
    let test = test();
    // Windows allows no double quotes in names.
    let source = if cfg!(windows) { "우리 반 '숫자'" } else { "우리 반 \"숫자\"" };
    let writer = if cfg!(windows) { "O'Neill, Pat" } else { "O'Neill, \"Pat\"" };
    draw(&test, source, Kind::WriterFolders(&["김 철수", writer]), "1-5", 20);
    let before = test.files(source);
    let ran = learn(&test, source, SHORT);
    ran.status(0).stderr_has(&["20 pictures, digits 1-5, 2 writers, layout {writer}/{digit}"]);
    let root = format!("learned/{source}");
    assert_eq!(split_by(&test, &root), "group");
    assert!(predicted_paths(&test, &root).iter().all(|path| test.exists(&format!("{source}/{path}"))));
    learn(&test, source, SHORT).status(0).stderr_has(&["digit-learn: nothing to do: up to date in"]);
    assert_same_files(&test.files(source), &before);
    // The same runs, reported in Korean.
    let korean = format!("{SHORT} --lang ko");
    let ran = learn(&test, source, &korean);
    assert!(!ran.status(0).stderr.contains("digit-learn: nothing to do"), "{}", ran.stderr);
    assert!(test.read(&format!("{root}/report/index.html")).contains("테스트 정확도"));
    learn(&test, source, &korean).status(0).stderr_has(&["digit-learn: nothing to do: up to date in"]);
}

#[test]
fn more_digits_in_the_same_folder_make_another_data_set_and_leave_the_older_run() {
    let test = test();
    draw(&test, "scans", Kind::WriterFolders(&["kim", "lee"]), "1-5", 20);
    learn(&test, "scans", SHORT).status(0).stderr_has(&["20 pictures, digits 1-5"]);
    let first = run_folder(&test, "learned/scans");
    let before = test.files(&first);
    draw(&test, "scans", Kind::WriterFolders(&["kim", "lee"]), "0,6-9", 20);
    learn(&test, "scans", SHORT).status(0).stderr_has(&["40 pictures, digits 0-9, 2 writers", "40-pictures"]);
    assert_same_files(&test.files(&first), &before);
    let runs = test.names("learned/scans/runs");
    assert_eq!(runs.iter().filter(|name| name.ends_with("summary.json")).count(), 2, "{runs:?}");
    assert_eq!(test.names("learned/scans/configs").len(), 2);
    // More pictures of the same digits, other options: each is a run of its own.
    put(&test, "scans/kim/3/more-99.png", 3, 99);
    learn(&test, "scans", SHORT).status(0).stderr_has(&["41 pictures", "accuracy"]);
    learn(&test, "scans", "--no-drawn --epochs 3 --seeds 2").status(0).stderr_has(&["the mean of 2 runs"]);
    learn(&test, "scans", "--no-drawn --epochs 2 --labels 1-5").status(1).stderr_has(&["outside --labels 1-5"]);
    assert_same_files(&test.files(&first), &before);
}

#[test]
fn the_own_form_in_a_folder_for_each_writer_keeps_all_pictures() {
    let test = test();
    for writer in ["kim", "lee"] {
        draw(&test, &format!("scans/{writer}"), Kind::OwnForm, "1-5", 25);
    }
    learn(&test, "scans", SHORT)
        .status(0)
        .stderr_has(&["50 pictures, digits 1-5, 2 writers, layout {writer}/{digit}_{size}_{id}"]);
    assert_eq!(split_by(&test, "learned/scans"), "group");
}

#[test]
fn names_that_say_their_size_keep_it_and_all_sizes_train_together() {
    let test = test();
    draw(&test, "scans", Kind::BothSizes, "1-3", 60);
    learn(&test, "scans", "--drawn 60 --epochs 2")
        .status(0)
        .stderr_has(&["60 pictures, digits 1-3, sizes 8 and 20, ", "60 rows in mixed_info.csv"]);
    assert!(test.exists("learned/scans/drawn-1-3-sizes-20,8-60/data/mixed_info.csv"));
    draw(&test, "large", Kind::OwnForm, "1-3", 15);
    learn(&test, "large", "--no-drawn --epochs 2 --size 8").status(0).stderr_has(&["15 rows in 8x8_info.csv"]);
    assert!(test.exists("learned/large/data-1-3-size-8/8x8_info.csv"));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_goes_on_and_ends_as_if_it_had_not_been() {
    let (whole, test) = (test(), test());
    for test in [&whole, &test] {
        draw(test, "scans", Kind::WriterFolders(&["kim", "lee"]), "1-3", 30);
    }
    let options = "--drawn 300 --epochs 4";
    learn(&whole, "scans", options).status(0);
    for (seen, signal, status) in
        [("labelled-1-3/.stage.partial.json", "KILL", None), ("drawn-1-3-300/source/stage.json", "INT", Some(130))]
    {
        let mut running = test.command(&format!("scans {options}")).start();
        running.wait_for(&format!("learned/scans/{seen}"));
        running.signal(signal);
        let ended = running.end();
        // It may have ended before the signal came.
        assert!(ended.code == status || ended.code == Some(0), "{ended}");
    }
    learn(&test, "scans", options).status(0);
    assert_same_files(&test.files("learned"), &whole.files("learned"));
}

#[test]
fn a_second_run_does_nothing() {
    let test = test();
    draw(&test, "scans", Kind::WriterFolders(&["kim", "lee"]), "1-3", 15);
    let options = "--drawn 12 --epochs 2";
    learn(&test, "scans", options).status(0);
    let before = test.files("learned");
    let ran = learn(&test, "scans", options);
    ran.status(0).stderr_has(&["digit-learn: nothing to do: up to date in learned/scans\n", "digit-learn: accuracy "]);
    for stage in ["digit-labeler", "digit-csv", "digit-source", "mlp-train", "mlp-report"] {
        ran.stderr_has(&[&format!("{stage}: nothing to do: ")]);
    }
    assert_same_files(&test.files("learned"), &before);
    let json = learn(&test, "scans", &format!("{options} --json")).json();
    assert_eq!((json["status"].as_str(), json["pictures"].as_u64()), (Some("nothing_to_do"), Some(15)));
    assert!(test.exists(json["runs"][0].as_str().unwrap()) && test.exists(json["report"].as_str().unwrap()));
    learn(&test, "scans", &format!("{options} --quiet")).status(0).stdout("").stderr("");

    // Anew is not nothing.
    let anew = learn(&test, "scans", &format!("{options} --fresh"));
    assert!(!anew.status(0).stderr.contains("nothing to do"), "{anew}");
    let json = learn(&test, "scans", &format!("{options} --fresh --json")).json();
    assert_eq!(json["status"], "done");
}

#[test]
fn each_page_of_a_scan_may_be_a_picture() {
    let test = test();
    // Thick strokes, of another place in each page: bars for 1, corners for 7.
    let page = |label: usize, shift: usize| -> Vec<u8> {
        let is_ink = |x: usize, y: usize| {
            let (in_rows, bar) = ((5..35).contains(&y), (14 + shift..19 + shift).contains(&x));
            in_rows && (bar || label == 7 && y < 10 && (4 + shift..19 + shift).contains(&x))
        };
        (0..1600).map(|at| if is_ink(at % 40, at / 40) { 0 } else { 255 }).collect()
    };
    for label in [1, 7] {
        let pages: Vec<Vec<u8>> = (0..6).map(|shift| page(label, shift)).collect();
        test.write(&format!("scans/{label}/all.tif"), gray_tiff(40, &pages));
    }
    learn(&test, "scans", SHORT).stderr_has(&["7/all.tif: has 6 pages or frames, the first is used; --pages all"]);
    let ran = learn(&test, "scans", &format!("{SHORT} --pages all --fresh"));
    ran.status(0).stderr_has(&["digit-learn: scans: 12 pictures, digits 1, 7", "digit-labeler: 12 pictures labelled"]);
    assert!(!ran.stderr.contains("too few to train on some"), "{ran}");
    let rows = test.records("learned/scans/data-1,7-all-pages/20x20_info.rows.csv");
    let paths: Vec<&str> = rows.iter().map(|row| row["path"].as_str()).collect();
    assert_eq!(paths, [["1/all.tif"; 6], ["7/all.tif"; 6]].concat());
}
