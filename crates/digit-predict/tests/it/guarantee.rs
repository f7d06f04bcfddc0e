//! `digit-predict calibrate --error` and `--guarantee`.

use serde_json::Value;
use test_support::Test;

use crate::{model, quarter, test};

const MEASURE: &str = "calibrate --error 0.05 --model model.safetensors others";

/// `each` pictures of 6 writers; the first `wrong` of a writer have the ink of another label, and are faint.
fn write_pictures(test: &Test, each: usize, wrong: usize) {
    for writer in ["ann", "bob", "cho", "dan", "eve", "fay"] {
        for n in 0..each {
            let (label, is_wrong) = ([2, 5, 7, 9][n % 4], n < wrong);
            let mut picture = quarter(4, if is_wrong { (n + 1) % 4 } else { n % 4 });
            if is_wrong {
                let pixels = picture.len() - 16;
                picture[pixels..].iter_mut().filter(|pixel| **pixel == 0).for_each(|pixel| *pixel = 200);
            }
            test.write(&format!("others/{writer}/{label}/p{n}.pgm"), picture);
        }
    }
}

#[test]
fn a_threshold_is_measured_stored_and_used() {
    let test = test();
    write_pictures(&test, 100, 20);
    let ran = test.run(&format!("{MEASURE} --out sure.safetensors --json"));
    let facts = ran.status(0).json();
    let of = |key: &str| facts[key].as_f64().unwrap();
    // The faint ones have a probability of about 0.69.
    assert!(of("threshold") >= 0.7 && of("threshold") < 0.999, "{facts}");
    assert_eq!((of("pictures"), of("accepted"), of("wrong"), of("writers")), (600.0, 480.0, 0.0, 6.0));
    assert_eq!(facts["probability_threshold"], facts["threshold"]);
    let threshold = facts["threshold"].to_string();
    let said = test.run(&format!("{MEASURE} --out again.safetensors"));
    said.status(0).stderr_has(&[
        &format!("threshold {threshold}: 480 of 600 answers accepted (80 %), 0 of them wrong"),
        "with 95 % confidence, at most 5 % of the answers",
        "on pictures like the 600 of 6 writers that it was measured on",
    ]);
    assert!(test.bytes("sure.safetensors") == test.bytes("again.safetensors"));
    let faint = "others/ann/2/p0.pgm others/ann/2/p40.pgm";
    let lines = test.run(&format!("--model sure.safetensors --guarantee --json {faint}"));
    lines.status(0).stderr_has(&["answers below are refused: with 95 % confidence", "1 refused below confidence"]);
    let lines = lines.json_lines();
    assert_eq!((&lines[0]["label"], &lines[0]["refused"]), (&Value::Null, &true.into()));
    assert_eq!((&lines[1]["label"], &lines[1]["refused"]), (&2.into(), &false.into()));
    // Without --guarantee nothing is refused, and without a guarantee the option is.
    assert_eq!(test.run(&format!("--model sure.safetensors --json {faint}")).json_lines()[0]["label"], 5);
    test.run(&format!("--model model.safetensors --guarantee {faint}")).status(2).stderr_has(&["calibrate --error"]);
    let ran = test.run("evaluate --model sure.safetensors others --guarantee");
    ran.status(0).stderr_has(&["120 refused below confidence", "0 of the other 480 wrong"]);
    assert!(test.read("evaluated/others/index.html").contains("With 95 % confidence, at most 5 %"));
}

#[test]
fn too_few_pictures_and_too_many_errors_are_said_with_what_it_takes() {
    let test = test();
    write_pictures(&test, 8, 0);
    let before = test.bytes("model.safetensors");
    let refused = |arguments: &str, parts: &[&str]| {
        test.run(arguments).status(2).stdout("").stderr_has(parts);
        assert!(test.bytes("model.safetensors") == before && !test.at("out.safetensors").exists());
    };
    refused(&format!("{MEASURE} --out out.safetensors"), &["expected at least ", "found 48 pictures"]);
    refused(MEASURE, &["--out FILE", "--in-place"]);
    refused(&format!("{MEASURE} --out model.safetensors"), &["--out"]);
    refused("calibrate --error 2 --model model.safetensors others", &["between 0 and 1"]);
    refused("calibrate --error 0.05 --model model.safetensors --out out.safetensors", &["name a folder"]);
    refused("calibrate --model model.safetensors others", &["--error E"]);
    // As sure of wrong answers as of right ones.
    let mut sure = model();
    sure.layers[1].weight.iter_mut().for_each(|weight| *weight *= 100.0);
    test.write("model.safetensors", sure.to_bytes().unwrap());
    write_pictures(&test, 100, 30);
    let ran = test.run(&format!("{MEASURE} --out out.safetensors"));
    ran.status(2).stderr_has(&["expected at most 5 % wrong answers", "found at least 30 % of 600 pictures"]);
}

#[test]
fn fitting_the_confidences_removes_the_guarantee() {
    let test = test();
    write_pictures(&test, 100, 20);
    test.run(&format!("{MEASURE} --in-place")).status(0).stderr_has(&["written to model.safetensors"]);
    let row = |n: usize| {
        let picture = quarter(4, n % 4);
        ([2, 5, 7, 9][n % 4], picture[picture.len() - 16..].to_vec())
    };
    test.write("data/20x20_info.csv", test_support::data_set_csv("2,5,7,9", (0..220).map(row)));
    let ran = test.run("calibrate --model model.safetensors --data data/20x20_info.csv");
    ran.status(0).stderr_has(&["warning: the guarantee is removed"]);
    test.run("--model model.safetensors --guarantee others").status(2);
}
