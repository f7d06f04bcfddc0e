//! Models: those that cannot be used, and calibration.

use serde_json::Value;
use stage_files::config::Scale;
use stage_files::model::{Detector, Layer, Model};
use stage_files::picture::{Alpha, Canvas, PictureSettings};
use stage_files::scaling::Scaling;
use test_support::data_set_csv;

use crate::{model, quarter, test};

/// Fits the temperature of the model to the rows of a data set.
const CALIBRATE: &str = "calibrate --model model.safetensors --data data/20x20_info.csv";

/// Weights as large as a number can be: sums become infinite, and infinity less infinity is no number. NaN is not below
/// any limit, so such answers passed for certain.
#[test]
fn a_model_whose_output_is_not_finite_gives_no_label() {
    let test = test();
    test.write("ink.pgm", quarter(4, 1));
    test.write("blank.pgm", quarter(4, 9));
    let huge = |layer: &mut Layer, sign: fn(usize) -> f32| {
        layer.weight.iter_mut().enumerate().for_each(|(at, weight)| *weight = sign(at) * f32::MAX);
    };
    let mut all_nan = model();
    all_nan.layers.iter_mut().for_each(|layer| huge(layer, |at| if at % 3 == 0 { -1.0 } else { 1.0 }));
    let mut one_infinite = model();
    one_infinite.layers[1].weight[5] = f32::MAX;
    one_infinite.layers[0].weight.iter_mut().for_each(|weight| *weight *= 9.0);
    let mut minus_infinite = one_infinite.clone();
    minus_infinite.layers[1].weight[5] = -f32::MAX;
    let mut no_spread = model();
    no_spread.scaling =
        Scaling { scale: Scale::Standard, invert: true, standard: Some((vec![0.0; 16], vec![0.0; 16])) };
    let layer =
        |inputs, outputs| Layer { inputs, outputs, weight: vec![0.0; inputs * outputs], bias: vec![0.0; outputs] };
    let mut unsure = model();
    let mut detector = Detector { layers: vec![layer(16, 2), layer(2, 2)], temperature: 1.0 };
    detector.layers.iter_mut().for_each(|layer| huge(layer, |at| if at % 2 == 0 { -1.0 } else { 1.0 }));
    detector.layers[1].weight = vec![f32::MAX, -f32::MAX, -f32::MAX, f32::MAX];
    detector.layers[0].weight.fill(f32::MAX);
    unsure.detector = Some(detector);
    for (name, model) in [
        ("all-nan", all_nan),
        ("one-infinite", one_infinite),
        ("minus-infinite", minus_infinite),
        ("no-spread", no_spread),
        ("detector", unsure),
    ] {
        test.write("model.safetensors", model.to_bytes().unwrap());
        for least in ["0", "0.99"] {
            let ran = test.run(&format!("--model model.safetensors --json --min-confidence {least} ink.pgm"));
            let line = &ran.status(1).json_lines()[0];
            assert_eq!((&line["label"], &line["probabilities"]), (&Value::Null, &Value::Null), "{name}");
            assert!(line["error"].as_str().unwrap().contains("gives no finite number"), "{name}: {line}");
        }
        test.run("--model model.safetensors ink.pgm").status(1).stdout_has(&["gives no finite number"]);
    }
    test.write("data/20x20_info.csv", data_set(256));
    test.run(CALIBRATE).status(2).stderr_has(&["gives no finite number"]);
    // What a model does know, it says: without ink all sums are 0.
    let mut model = model();
    model.layers.iter_mut().for_each(|layer| layer.weight.fill(f32::MAX));
    test.write("model.safetensors", model.to_bytes().unwrap());
    let ran = test.run("--model model.safetensors --json blank.pgm ink.pgm blank.pgm");
    let lines = ran.status(1).json_lines();
    assert_eq!([&lines[0]["label"], &lines[1]["label"], &lines[2]["label"]], [&2.into(), &Value::Null, &2.into()]);
}

#[test]
fn models_that_cannot_be_used_say_why() {
    let test = test();
    test.write("a.pgm", quarter(4, 1));
    let good = test.bytes("model.safetensors");
    let refused = |name: &str, part: &str| {
        let ran = test.run(&format!("--model {name} a.pgm"));
        ran.status(2).stdout("").stderr_has(&[part, name]);
        assert!(ran.stderr.starts_with("digit-predict: error: "), "{ran}");
    };
    test.write("cut.safetensors", &good[..good.len() - 5]);
    refused("cut.safetensors", "copy it again");
    test.write("header.safetensors", &good[..60]);
    refused("header.safetensors", "cut short");
    test.write("nan.safetensors", [&good[..good.len() - 4], &f32::NAN.to_le_bytes()[..]].concat());
    refused("nan.safetensors", "is NaN; a model has finite numbers only");
    test.write("picture.safetensors", quarter(4, 1));
    refused("picture.safetensors", "no safetensors file");
    test.write("empty.safetensors", b"");
    refused("empty.safetensors", "0 bytes");
    let replaced = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        let at = good.windows(from.len()).position(|part| part == from.as_bytes()).unwrap();
        [&good[..at], to.as_bytes(), &good[at + from.len()..]].concat()
    };
    test.write("future.safetensors", replaced(r#""format":"1""#, r#""format":"7""#));
    refused("future.safetensors", "format 7 is not known here, expected 1");
    test.write("shapes.safetensors", replaced(r#""shape":[16,4]"#, r#""shape":[4,16]"#));
    refused("shapes.safetensors", "expected shape [16, 4], found [4, 16]");
    test.write("inputs.safetensors", replaced(r#""inputs":"16""#, r#""inputs":"15""#));
    refused("inputs.safetensors", "expected shape [15, 4], found [16, 4]");
    test.write("labels.safetensors", replaced(r#""labels":"[2,5,7,9]""#, r#""labels":"[2,5,7]  ""#));
    refused("labels.safetensors", "expected shape [4, 3], found [4, 4]");
    refused("no/such/run", "no such file or folder");
    test.write("run/config.json", b"{}");
    refused("run", "not finished");
    test.make_folder("nothing");
    refused("nothing", "no run in this folder");
    test.write("several/a/config.json", b"{}");
    test.write("several/b/config.json", b"{}");
    refused("several", "holds 2 runs (a, b); name one of them");
    for (name, bytes, kind) in [
        ("digits.onnx", &b"\x08\x07\x12\x09mlp-train\x1a\x050.1.0\x3a\x04\x12\x02ab"[..], "this is an ONNX file"),
        ("digits.npz", b"PK\x03\x04\x0a\0\0\0\0\0\0\0\x21\0", "this is a ZIP archive, such as NumPy's .npz"),
        ("digits.c", b"/* k: a multi-layer perceptron for the digits 0-9 */\n", "this is C source"),
        ("digit.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "this is a PNG picture"),
        ("config.json", b"{\n  \"name\": \"k\"\n}\n", "this is a JSON file"),
        ("20x20_info.csv", b"pixel1,pixel2,isOne,isTwo\n", "this is a text file"),
        ("empty", b"", "the file is empty (0 bytes)"),
    ] {
        test.write(name, bytes);
        refused(name, kind);
        refused(name, "expected a run folder of mlp-train or a safetensors file, such as its model.safetensors");
    }
    let unfit = Model {
        picture: model().picture.map(|picture| PictureSettings { canvas: Canvas::DEFAULT, ..picture }),
        ..model()
    };
    test.write("canvas.safetensors", unfit.to_bytes().unwrap());
    refused("canvas.safetensors", "canvas 20x20 does not fit 16 inputs");
    let mut unknown = model();
    unknown.picture.as_mut().unwrap().preprocess.push(serde_json::json!({"polish": {"version": 1}}));
    test.write("steps.safetensors", unknown.to_bytes().unwrap());
    refused("steps.safetensors", "polish");
}

#[test]
fn a_model_without_picture_settings_is_used_with_a_warning() {
    let test = test();
    test.write("model.safetensors", Model { picture: None, ..model() }.to_bytes().unwrap());
    test.write("a.pgm", quarter(40, 1));
    let ran = test.run("--model model.safetensors --json a.pgm");
    ran.status(0).stderr_has(&["warning: ", "shrunk to 4x4"]);
    assert_eq!(ran.json()["label"], 5);
}

/// A data set CSV of quarters with some noise, the label being the quarter of the ink.
fn data_set(rows: usize) -> String {
    let row = |n: usize| {
        let picture = quarter(4, n % 4);
        // Every seventh label is another than the picture says, so that certainty would be wrong.
        let label = if n % 7 == 3 { (n + 1) % 4 } else { n % 4 };
        ([2, 5, 7, 9][label], picture[picture.len() - 16..].to_vec())
    };
    data_set_csv("2,5,7,9", (0..rows).map(row))
}

#[test]
fn calibrating_makes_probabilities_modest_and_changes_no_label() {
    let test = test();
    test.write("data/20x20_info.csv", data_set(203));
    test.write("a.pgm", quarter(4, 1));
    let predict = |model: &str| test.run(&format!("--model {model} --json a.pgm")).status(0).json();
    let facts = test.run(&format!("{CALIBRATE} --out new.safetensors --json")).status(0).json();
    assert_eq!((&facts["rows"], &facts["detector"]), (&Value::from(203), &Value::from("none, for want of rows")));
    assert!(facts["temperature"].as_f64().unwrap() > 2.0, "{facts}");
    assert!(facts["calibration_error_after"].as_f64() < facts["calibration_error_before"].as_f64(), "{facts}");
    let (before, after) = (predict("model.safetensors"), predict("new.safetensors"));
    assert_eq!((&before["label"], &after["label"]), (&Value::from(5), &Value::from(5)));
    // Six labels of seven are those of the picture.
    let p = after["probabilities"]["5"].as_f64().unwrap();
    assert!(before["probabilities"]["5"].as_f64().unwrap() > 0.99 && (p - 6.0 / 7.0).abs() < 0.03, "{p}");
    // Without --out the model's own file is replaced, with the same bytes.
    test.run(CALIBRATE).status(0).stderr_has(&["expected calibration error"]);
    assert!(test.bytes("model.safetensors") == test.bytes("new.safetensors"));
}

#[test]
fn rows_that_are_not_the_models_are_refused() {
    let test = test();
    let refused = |csv: &str, part: &str| {
        test.write("data/20x20_info.csv", csv);
        let before = test.bytes("model.safetensors");
        test.run(CALIBRATE).status(2).stderr_has(&[part]);
        assert!(test.bytes("model.safetensors") == before);
    };
    refused(&data_set(20), "at least 200 rows, found 20");
    refused(
        &data_set(60).replace("isNine", "isEight"),
        "expected the labels 2,5,7,9, as the model knows, found 2,5,7,8",
    );
    refused("pixel1,pixel2,isTwo,isFive,isSeven,isNine\n0,0,1,0,0,0\n", "expected rows of 16 pixels");
    let labels: stage_files::LabelSet = "2,5,7,9".parse().unwrap();
    let mut stage = stage_files::stage::StageInfo::new("digit-csv", "1", Value::Null, labels);
    stage.picture = model().picture.map(|picture| PictureSettings { alpha: Alpha::Drop, ..picture });
    stage.counts.insert("rows_20x20".into(), 60);
    stage_files::json::write(&test.at("data/stage.json"), &stage).unwrap();
    refused(&data_set(60), "was prepared in another way than the model's training pictures");
}

/// A network answers with one of its labels, whatever it is shown; so it says which these are, and what it lacks.
#[test]
fn a_model_says_what_it_knows_and_how_it_prepares_pictures() {
    let test = test();
    test.write("a.pgm", quarter(40, 1));
    let raw = test.run("--model model.safetensors --json a.pgm");
    raw.status(0).stderr_has(&[
        "digit-predict: model.safetensors knows the digits 2,5,7,9 and no others; pictures are shrunk to 4x4 without \
         preprocessing\n",
        "warning: model.safetensors: its training pictures were not preprocessed",
        "digit-labeler --preprocess standard",
        "warning: model.safetensors: it has no detector",
        "learn one from 268 rows or more that did not train it: digit-predict calibrate --model model.safetensors \
         --data CSV",
    ]);
    assert_eq!((raw.stderr.matches("warning").count(), raw.stdout.lines().count()), (2, 1), "{raw}");

    // What it advises helps.
    test.write("data/20x20_info.csv", data_set(268));
    test.run(CALIBRATE).status(0).stderr_has(&["detector learned"]);
    let calibrated = test.run("--model model.safetensors a.pgm");
    assert!(!calibrated.status(0).stderr.contains("detector"), "{calibrated}");
    let mut prepared = model();
    prepared.picture.as_mut().unwrap().preprocess =
        digit_image::preprocess::Pipeline::parse("standard").unwrap().to_json();
    test.write("prepared.safetensors", prepared.to_bytes().unwrap());
    let ran = test.run("--model prepared.safetensors a.pgm");
    ran.stderr_has(&["pictures are prepared by standard and shrunk to 4x4"]);
    assert!(!ran.stderr.contains("not preprocessed"), "{ran}");
}
