//! The whole command: findings, page, fixes that other stages apply, bad input.

#![allow(clippy::disallowed_methods, reason = "tests put files in place as users do")]

#[path = "command/drawn.rs"]
mod drawn;
#[path = "command/languages.rs"]
mod languages;

use std::collections::BTreeMap;

use test_support::{Test, assert_same_files, data_set_csv, gray_png, numbers, rows_csv};

fn test() -> Test {
    Test::new(env!("CARGO_BIN_EXE_digit-doctor"))
}

/// A made-up digit of 20x20 pixels: a bar whose place is its label, and some noise, so that no two are alike.
fn picture(label: u8, next: &mut impl FnMut() -> u32) -> Vec<u8> {
    let mut noise = || (next() % 60) as u8;
    let mut pixels: Vec<u8> = (0..400).map(|_| 250 - noise()).collect();
    let bend = usize::from(noise() % 3);
    for step in 0..14usize {
        let (along, across) = (3 + step, 2 + usize::from(label) % 5 * 3 + step * bend / 7);
        let at = if label < 5 { along * 20 + across } else { across * 20 + along };
        pixels[at] = noise();
        pixels[at + 1] = noise();
    }
    pixels
}

/// Rows by eight writers, of the labels 0 to 9. With four, of whom two are out of order, nobody could say who is right.
fn rows(count: usize) -> Vec<(u8, Vec<u8>)> {
    let mut next = numbers(7);
    (0..count).map(|at| ((at % 10) as u8, picture((at % 10) as u8, &mut next))).collect()
}

fn writer(at: usize) -> &'static str {
    ["a", "b", "c", "d", "e", "f", "g", "h"][at / 10 % 8]
}

fn write(test: &Test, name: &str, rows: &[(u8, Vec<u8>)]) {
    test.write(&format!("{name}.csv"), data_set_csv("0-9", rows.iter().map(|(label, pixels)| (*label, pixels))));
    let writers = rows.iter().enumerate().map(|(at, (label, _))| (*label, writer(at)));
    test.write(&format!("{name}.rows.csv"), rows_csv(writers));
}

/// The findings of a kind.
fn of_kind(test: &Test, kind: &str) -> Vec<BTreeMap<String, String>> {
    test.records("out/findings.csv").into_iter().filter(|record| record["kind"] == kind).collect()
}

fn cells(found: &[BTreeMap<String, String>], columns: &[&str]) -> Vec<String> {
    found.iter().map(|row| columns.iter().map(|column| row[*column].as_str()).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn planted_faults_are_found_and_a_second_run_does_nothing() {
    let test = test();
    let mut rows = rows(400);
    rows[33].0 = 8;
    rows[150].1 = vec![240; 400];
    let copy = rows[21].1.clone();
    let brighter = rows[60].1.iter().map(|&gray| 100 + gray / 2).collect();
    rows.push((1, copy.clone()));
    rows.push((7, copy));
    rows.push((0, brighter));
    write(&test, "d", &rows);
    test.run("d.csv out").status(0).stderr_has(&["digit-doctor: 403 pictures: ", "2 wrong label", "1 blank"]);
    // Row 401 is row 21 once more, under the label 7.
    let mut wrong = cells(&of_kind(&test, "wrong_label"), &["row", "label", "suggested", "writer"]);
    wrong.sort();
    assert_eq!(wrong, ["33 8 3 d", "401 7 1 a"]);
    assert_eq!(cells(&of_kind(&test, "blank"), &["row"]), ["150"]);
    // Row 401 has the wrong one of two labels; row 400 is by another writer than row 21.
    assert_eq!(cells(&of_kind(&test, "contradiction"), &["row", "suggested"]), ["401 1"]);
    assert_eq!(cells(&of_kind(&test, "copy_of_other_writer"), &["row"]), ["400", "402"]);
    let page = test.read("out/findings.html");
    assert!(page.contains("Likely wrong labels") && page.contains("data:image/png;base64,"));
    assert!(!page.contains("http"), "the page asks for something elsewhere");
    let before = test.files("out");
    test.run("d.csv out").status(0).stderr_has(&["nothing to do: 403 pictures"]);
    test.run("d.csv again --jobs 1").status(0);
    assert_same_files(&test.files("again"), &before);
    test.run("d.csv out --shown 3").status(2).stderr_has(&["shown: 200 -> 3", "--fresh"]);
    test.run("d.csv out --shown 3 --fresh").status(0);
}

#[test]
fn labels_of_a_whole_writer_that_are_out_of_order_are_one_finding_for_each_label() {
    let test = test();
    let mut rows = rows(800);
    for (at, (label, _)) in rows.iter_mut().enumerate() {
        match writer(at) {
            "b" => *label = (*label + 9) % 10,
            "c" if matches!(*label, 6 | 9) => *label = 15 - *label,
            _ => {}
        }
    }
    write(&test, "d", &rows);
    test.run("d.csv out").status(0);
    let found = of_kind(&test, "labels_out_of_order");
    let mut groups = cells(&found, &["writer", "label", "suggested", "pictures"]);
    groups.sort();
    let mut expected: Vec<String> = (0..10).map(|label| format!("b {label} {} 10", (label + 1) % 10)).collect();
    expected.extend(["c 6 9 10".to_owned(), "c 9 6 10".to_owned()]);
    assert_eq!(groups, expected);
    let reasons = cells(&found, &["reason"]).join("\n");
    assert!(reasons.contains("all labels of b are one too small") && reasons.contains("6 and 9 of c are swapped"));
    assert!(of_kind(&test, "wrong_label").is_empty(), "what belongs to a group is told once");
}

#[test]
fn a_leak_is_named_whether_the_test_rows_are_a_file_or_a_split() {
    let test = test();
    let rows = rows(200);
    write(&test, "d", &rows);
    write(&test, "t", &[&rows[40..45], &self::rows(260)[200..]].concat());
    test.run("d.csv out --test t.csv").status(0).stderr_has(&["5 leak"]);
    let leaks = of_kind(&test, "leak");
    let mut rows_of = cells(&leaks, &["row"]);
    rows_of.sort();
    assert_eq!(rows_of, ["40", "41", "42", "43", "44"]);
    assert!(leaks[0]["reason"].starts_with("the same pixels as the test picture 20/"), "{}", leaks[0]["reason"]);

    let mut twice = rows[..100].to_vec();
    twice.extend_from_slice(&rows[..100]);
    write(&test, "e", &twice);
    test.write("c.json", r#"{"data": "e.csv", "hidden": [4], "split": {"by": "order", "train": 0.5}, "batch": 10}"#);
    test.run("e.csv out --config c.json --fresh").status(0).stderr_has(&["100 leak"]);
    test.run("e.csv out --config c.json --test t.csv").status(2);
}

#[test]
fn a_source_folder_with_names_of_all_kinds() {
    let test = test();
    let long = format!("<img src=x onerror=alert(1)>&\"'{}", "가".repeat(60));
    let mut next = numbers(3);
    for at in 0..60 {
        let pixels = picture(at % 2, &mut next);
        let name = format!("scans/{}/{}/{at}.png", ["김철수", &long][usize::from(at / 2 % 2)], at % 2);
        test.write(&name, gray_png(20, 20, |x, y| pixels[(y * 20 + x) as usize]));
    }
    test.write("scans/김철수/1/broken.png", "no picture");
    test.run("scans out --preprocess none")
        .status(1)
        .stderr_has(&["found 61 pictures, digits 0, 1, 2 writers", "1 rejected"]);
    let page = test.read("out/findings.html");
    assert!(!page.contains("<img src=x"), "a name became markup");
    let rejected = page.split_once("id=\"rejected\"").unwrap().1;
    assert!(rejected.contains("<h3>김철수/1/broken.png</h3><p class=\"reason\">not a picture"), "{rejected}");
    // 30 pictures of each label, 15 by each writer.
    let overview = rejected.split_once("id=\"overview\"").unwrap().1;
    for label in 0..2 {
        let row = format!("<th scope=\"row\">{label}</th><td class=\"number\">30</td><td class=\"number\">2</td>");
        assert!(overview.contains(&row), "{overview}");
    }
    let number = |count: u8| format!("<td class=\"number\">{count}</td>");
    let writer = format!("<th scope=\"row\">김철수</th>{}{}{}", number(30), number(15), number(15));
    assert!(overview.contains(&writer), "{overview}");
    // A label that a picture has twice; the page's data hold its names.
    test.write("scans/김철수/1/copy.png", test.bytes("scans/김철수/0/0.png"));
    test.run("scans out --preprocess none --fresh").status(1);
    let found = of_kind(&test, "contradiction");
    assert_eq!(found.len(), 1);
    let page = test.read("out/findings.html");
    let data = page.split_once("id=\"data\">").unwrap().1.split_once("</script>").unwrap().0;
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    let sources: Vec<&str> = data["pictures"].as_array().unwrap().iter().filter_map(|row| row[1].as_str()).collect();
    assert!(sources.contains(&found[0]["source"].as_str()), "{sources:?}");
}

#[test]
fn little_data_is_looked_at_as_far_as_possible() {
    let test = test();
    test.make_folder("empty");
    test.run("empty out").status(2).stderr_has(&["empty: expected pictures, found none"]);
    test.run("nowhere out").status(2).stderr_has(&["nowhere: expected a folder of pictures or a data set CSV"]);
    // One class only, without a rows file.
    let mut next = numbers(5);
    let ones: Vec<Vec<u8>> = (0..60).map(|_| picture(1, &mut next)).collect();
    test.write("one.csv", data_set_csv("1", ones.iter().map(|pixels| (1, pixels))));
    test.run("one.csv out").status(0);
    let page = test.read("out/findings.html");
    assert!(page.contains("Wrong labels were not looked for"), "{page}");
    test.write("tiny.csv", data_set_csv("1,2", [(1, vec![0; 9]), (2, vec![255; 9])]));
    test.run("tiny.csv tiny").status(0);
    assert!(test.read("tiny/findings.html").contains("Outliers were not looked for"));
    // No square.
    test.write("odd.csv", data_set_csv("1,2", [(1, [0; 6]), (2, [9; 6])]));
    test.run("odd.csv odd").status(2).stderr_has(&["--canvas WxH"]);
    test.run("odd.csv odd --canvas 3x2").status(0);
    test.run("one.csv one.csv/x").status(2);
    test.run("out again").status(2).stderr_has(&["digit-doctor wrote this folder"]);
}
