//! `digit-predict evaluate`: accuracy on labelled pictures, and what of it is said.

use test_support::{Test, english, said};

use crate::{quarter, test};

const EVALUATE: &str = "evaluate --model model.safetensors";

/// The label of each quarter.
const LABELS: [u8; 4] = [2, 5, 7, 9];

/// Pictures of each writer, four of each label; the first `wrong` of a writer have the ink of another label.
fn write_pictures(test: &Test, folder: &str, writers: &[(&str, usize)]) {
    for (writer, wrong) in writers {
        for n in 0..16 {
            let ink = if n < *wrong { (n + 1) % 4 } else { n % 4 };
            test.write(&format!("{folder}/{writer}/{}/p{n}.pgm", LABELS[n % 4]), quarter(4, ink));
        }
    }
}

#[test]
fn accuracy_has_intervals_over_pictures_and_over_writers() {
    let test = test();
    write_pictures(&test, "others", &[("ann", 0), ("bob", 1), ("cho", 2), ("dan", 0), ("eve", 4), ("김", 1)]);
    let ran = test.run(&format!("{EVALUATE} others"));
    ran.status(0).stderr_has(&[
        "digit-predict: accuracy 0.917: 88 of 96 pictures, 95 % interval ",
        " over pictures; 95 % interval ",
        " over 6 writers; about ",
        " more writers would halve it",
        "; page: evaluated/others/index.html",
    ]);
    let json = test.json("evaluated/others/evaluation.json");
    assert_eq!((&json["pictures"], &json["correct"], &json["writers"]), (&96.into(), &88.into(), &6.into()));
    let limits = |key: &str| [0, 1].map(|at| json[key][at].as_f64().unwrap());
    let ([low, high], [of_pictures, _]) = (limits("interval_over_writers"), limits("interval_over_pictures"));
    assert!(low < of_pictures && low < 88.0 / 96.0 && high > 88.0 / 96.0, "{json}");
    assert_eq!(json["by_writer"][4], serde_json::json!({"writer": "eve", "pictures": 16, "correct": 12}));
    assert_eq!(json["confusion"][0], serde_json::json!([20, 4, 0, 0]));
    assert_eq!(json["calibration"]["bins"].as_array().unwrap().len(), 15);
    let page = test.read("evaluated/others/index.html");
    for part in ["2 predicted as 5: 4 pictures", "data:image/png;base64,", "Calibration curve", "eve/2/p0.pgm", "김"] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("http://") || page.contains("http://www.w3.org/2000/svg"));
    let predictions = test.read("evaluated/others/predictions.csv");
    assert!(predictions.starts_with("row,label,predicted,p_2,p_5,p_7,p_9,writer,path\n0,2,2,"), "{predictions}");
    // A second run does nothing, another threshold asks for --fresh.
    test.run(&format!("{EVALUATE} others")).status(0).stderr_has(&["nothing to do: accuracy 0.917"]);
    test.run(&format!("{EVALUATE} others --min-confidence 0.5")).status(2).stderr_has(&["--fresh"]);
    assert!(test.json("evaluated/others/evaluation.json") == json);
}

#[test]
fn without_writers_it_speaks_of_these_writers_only() {
    let test = test();
    for n in 0..8 {
        test.write(&format!("plain/{}_a{n}.pgm", LABELS[n % 4]), quarter(4, n % 4));
    }
    let ran = test.run(&format!("{EVALUATE} plain --out out"));
    ran.status(0).stderr_has(&[
        "accuracy 1.000: 8 of 8 pictures",
        "the writers are not known, so it speaks of these writers only",
    ]);
    let json = test.json("out/evaluation.json");
    assert!(json["interval_over_writers"].is_null() && json["writers"].is_null(), "{json}");
    // One label only: the others have no recall.
    for n in 0..3 {
        test.write(&format!("ones/kim/5/p{n}.pgm"), quarter(4, 1));
    }
    test.run(&format!("{EVALUATE} ones")).status(0).stderr_has(&["1 writer is too few for an interval over writers"]);
    assert!(test.json("evaluated/ones/evaluation.json")["classes"][0]["recall"].is_null());
    // In what people see; the page's scripts name NaN.
    let page = test.read("evaluated/ones/index.html");
    let seen = page.split_once("<main").and_then(|(_, rest)| rest.split_once("</main>")).unwrap().0;
    assert!(seen.contains("recall") && !seen.contains("NaN"));
}

#[test]
fn pictures_that_cannot_be_used_and_other_labels_are_counted_apart() {
    let test = test();
    write_pictures(&test, "mixed", &[("ann", 0)]);
    test.write("mixed/ann/3/p0.pgm", quarter(4, 0));
    test.write("mixed/ann/2/broken.png", b"\x89PNG\r\n\x1a\n\0\0");
    let ran = test.run(&format!("{EVALUATE} mixed --json"));
    ran.status(1)
        .stderr_has(&["1 picture of the digits 3, which the model does not know, are not counted", "broken.png"]);
    assert_eq!(ran.json()["rejected"], 1);
    let json = test.json("evaluated/mixed/evaluation.json");
    assert_eq!(
        (&json["pictures"], &json["rejected"], &json["unknown_labels"]["pictures"]),
        (&16.into(), &1.into(), &1.into())
    );
    test.write("six/ann/6/p0.pgm", quarter(4, 0));
    test.run(&format!("{EVALUATE} six")).status(2).stderr_has(&["pictures of the digits 2,5,7,9", "found 6 only"]);
    test.write("broken/ann/2/p0.png", b"\x89PNG\r\n\x1a\n\0\0");
    test.run(&format!("{EVALUATE} broken")).status(2).stderr_has(&["expected pictures that can be read, found 1 file"]);
    test.run(&format!("{EVALUATE} nothing")).status(2).stderr_has(&["nothing"]);
    test.run(&format!("{EVALUATE} mixed --out mixed/out")).status(2);
    assert!(!test.at("mixed/out").exists() && !test.at("evaluated/six").exists());
}

/// A picture or folder may be called as a subcommand is.
#[test]
fn a_folder_called_evaluate_is_predicted_by_its_path() {
    let test = test();
    test.write("evaluate/2/a.pgm", quarter(4, 0));
    let ran = test.run("--model model.safetensors --json ./evaluate");
    assert_eq!(ran.status(0).json()["label"], 2);
    test.run(&format!("{EVALUATE} ./evaluate")).status(0).stderr_has(&["1 of 1 pictures"]);
}

#[test]
fn no_english_sentence_is_left_on_a_korean_page() {
    let test = test();
    write_pictures(&test, "others", &[("ann", 0), ("bob", 1), ("cho", 2), ("dan", 0), ("eve", 4)]);
    let words = format!("{EVALUATE} others --min-confidence 0.5");
    test.run(&format!("{words} --out en")).status(0);
    test.run(&format!("{words} --out ko --lang ko")).status(0);
    let page = test.read("ko/index.html");
    assert!(page.contains("<html lang=\"ko\">"));
    for word in ["정확도 0.91", "혼동 행렬", "보정 곡선", "맞은 비율", "쓴 사람 5명", "레이블 2, 예측 5: 그림"]
    {
        assert!(page.contains(word), "{word}");
    }
    let left: Vec<String> = said(&page).iter().filter_map(|text| Some(format!("{}: {text}", english(text)?))).collect();
    assert!(left.is_empty(), "{}", left.join("\n"));
    // The check itself finds English.
    assert!(said(&test.read("en/index.html")).iter().filter(|text| english(text).is_some()).count() > 8);
    for file in ["evaluation.json", "predictions.csv"] {
        assert_eq!(test.read(&format!("ko/{file}")), test.read(&format!("en/{file}")), "{file}");
    }
    // Another language replaces the page.
    test.run(&format!("{words} --out ko")).status(0);
    assert_eq!(test.read("ko/index.html"), test.read("en/index.html"));
    test.run(&format!("{words} --out ko --lang fr")).status(2).stderr_has(&["'fr'", "expected en or ko"]);
}
