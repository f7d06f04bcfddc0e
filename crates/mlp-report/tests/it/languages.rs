//! The report in Korean: no English sentence on it, and the same numbers as in English.

use serde_json::json;
use stage_files::run::Outcome;
use test_support::{RunFolder, Test, assert_same_files, english, said};

use crate::pictures::with_pictures;
use crate::{REPORT, test};

/// Runs of all kinds: seeds, folds, copies, pictures, dead and diverged ones, two data sets, those of 2022.
fn runs(test: &Test) {
    for seed in 1..=3 {
        with_pictures(test, &format!("runs/wide/seed-{seed}"), &RunFolder::new("wide", seed, 60, 6 + seed), |row| {
            row.writer = Some(format!("w{}", row.row % 6));
            row.path = Some(format!("w/{}.png", row.row));
        });
        let copies = Some((5, 3));
        RunFolder { copies, ..RunFolder::new("narrow", seed, 60, 20) }.write(test, &format!("runs/narrow/seed-{seed}"));
    }
    let config = vec![("batch", json!(50))];
    RunFolder { config, hidden: vec![8, 8], ..RunFolder::new("other", 1, 60, 12) }.write(test, "runs/other");
    RunFolder { zero_loss_epoch: None, ..RunFolder::new("hopeless", 1, 60, 40) }.write(test, "runs/hopeless");
    RunFolder { has_diverged: true, ..RunFolder::new("lost", 1, 60, 6) }.write(test, "runs/lost");
    for fold in 1..=5 {
        RunFolder { fold: Some(fold), ..RunFolder::new("folded", 1, 60, 6) }
            .write(test, &format!("runs/folded/{fold}"));
    }
    for name in ["09-20x20-8-8-relu-normal", "10-20x20-32-32-relu-normal", "12-20x20-8-8-8-relu-normal"] {
        let data_sha256 = "7".repeat(64);
        RunFolder { data_sha256, ..RunFolder::new(name, 1, 60, 9) }.write(test, &format!("runs/{name}"));
    }
    RunFolder::new("dead", 1, 60, 40).write(test, "runs/dead");
    let summary = test.read("runs/dead/summary.json");
    let mut summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    summary["outcome"] = serde_json::to_value(Outcome::Dead { layer: 1 }).unwrap();
    test.write("runs/dead/summary.json", summary.to_string());
}

#[test]
fn no_english_sentence_is_left_on_a_korean_report() {
    let test = test();
    runs(&test);
    test.run(&format!("{REPORT} --lang ko")).status(0);
    let page = test.read("out/index.html");
    assert!(page.contains("<html lang=\"ko\">") && page.contains("<title>학습 보고서</title>"));
    for word in ["혼동 행렬", "학습률", "정확도", "손실", "오분류", "2022년의 결론", "발산", "죽은 층"]
    {
        assert!(page.contains(word), "{word}");
    }
    let mut texts = said(&page);
    texts.extend(test.read("out/tables.md").lines().map(str::to_owned));
    for (file, bytes) in test.files("out") {
        if file.ends_with(".svg") {
            texts.extend(said(&String::from_utf8(bytes).unwrap()));
        }
    }
    let left: Vec<String> = texts.iter().filter_map(|text| Some(format!("{}: {text}", english(text)?))).collect();
    assert!(left.is_empty(), "{}", left.join("\n"));
    // The check itself finds English.
    test.run(&format!("{REPORT} --lang en")).status(0);
    assert!(said(&test.read("out/index.html")).iter().filter(|text| english(text).is_some()).count() > 50);
}

#[test]
fn both_languages_have_the_same_numbers_and_tables_for_programs() {
    let test = test();
    runs(&test);
    test.run("runs --out en").status(0);
    test.run("runs --out same --lang en").status(0);
    assert_same_files(&test.files("same"), &test.files("en"));
    test.run("runs --out ko --lang ko").status(0);
    for file in ["results.csv", "results.json", "experiments.csv", "comparisons.csv"] {
        assert_eq!(test.read(&format!("ko/{file}")), test.read(&format!("en/{file}")), "{file}");
    }
    // Korean names the whole before its part, so the numbers of a cell may have another order.
    let cells = |folder: &str| -> Vec<Vec<String>> {
        let tables = test.read(&format!("{folder}/tables.md"));
        // The heads of columns are words.
        let lines: Vec<&str> = tables.lines().collect();
        let is_head = |at: usize| lines.get(at + 1).is_some_and(|next| next.starts_with("| --"));
        let rows = (0..lines.len()).filter(|&at| lines[at].starts_with("| ") && !is_head(at)).map(|at| lines[at]);
        let numbers = |cell: &str| {
            let is_number = |c: char| c.is_ascii_digit() || c == '.';
            let mut numbers: Vec<String> = cell.split(|c| !is_number(c)).map(str::to_owned).collect();
            numbers.retain(|number| number.contains(|c: char| c.is_ascii_digit()));
            numbers.sort();
            numbers
        };
        rows.flat_map(|row| row.split('|').map(numbers).collect::<Vec<_>>()).collect()
    };
    let (english, korean) = (cells("en"), cells("ko"));
    assert!(english.len() > 200 && english.len() == korean.len());
    let differing: Vec<_> = english.iter().zip(&korean).filter(|(english, korean)| english != korean).collect();
    assert!(differing.is_empty(), "{differing:?}");
    let pictures = |folder: &str| test.read(&format!("{folder}/index.html")).matches("<img").count();
    assert_eq!(pictures("ko"), pictures("en"));
}

#[test]
fn another_language_replaces_the_report_and_an_unknown_one_is_refused() {
    let test = test();
    RunFolder::new("a", 1, 60, 6).write(&test, "runs/a");
    test.run(REPORT).status(0);
    test.run(&format!("{REPORT} --lang ko")).status(0);
    assert!(test.read("out/index.html").contains("테스트 정확도"));
    test.run(&format!("{REPORT} --lang ko")).status(0).stderr_has(&["nothing to do"]);
    test.run(REPORT).status(0);
    assert!(!test.read("out/index.html").contains("테스트 정확도"));
    test.run(&format!("{REPORT} --lang fr")).status(2).stderr_has(&["'fr'", "expected en or ko"]);
}
