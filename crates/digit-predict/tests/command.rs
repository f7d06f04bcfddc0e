//! The whole command: stdout, stderr, exit code.

use serde_json::Value;
use stage_files::config::{ActivationName, Scale};
use stage_files::model::{Detector, Layer, Model};
use stage_files::picture::{Alpha, Canvas, PictureSettings};
use stage_files::scaling::Scaling;
use test_support::{Test, data_set_csv};

/// Fits the temperature of the model to the rows of a data set.
const CALIBRATE: &str = "calibrate --model model.safetensors --data data/20x20_info.csv";

/// A folder with `model.safetensors` in it.
fn test() -> Test {
    let test = Test::new(env!("CARGO_BIN_EXE_digit-predict"));
    test.write("model.safetensors", model().to_bytes().unwrap());
    test
}

/// A network on 4x4 pixels that says in which quarter the ink is: 2 and 5 above, 7 and 9 below. Each hidden unit adds
/// the ink of a quarter.
fn model() -> Model {
    let quarter = |at: usize| usize::from(at % 4 >= 2) + 2 * (at / 8);
    let first = (0..16 * 4).map(|i| if quarter(i / 4) == i % 4 { 1.0 } else { 0.0 }).collect();
    let second = (0..4 * 4).map(|i| if i / 4 == i % 4 { 2.0 } else { 0.0 }).collect();
    Model {
        name: "quarters".into(),
        labels: "2,5,7,9".parse().unwrap(),
        activation: vec![ActivationName::Relu],
        scaling: Scaling { scale: Scale::Unit, invert: true, standard: None },
        temperature: 1.0,
        picture: Some(PictureSettings {
            canvas: Canvas { width_px: 4, height_px: 4 },
            alpha: Alpha::White,
            preprocess: vec![],
        }),
        layers: vec![
            Layer { inputs: 16, outputs: 4, weight: first, bias: vec![0.0; 4] },
            Layer { inputs: 4, outputs: 4, weight: second, bias: vec![0.0; 4] },
        ],
        detector: None,
    }
}

/// A PGM of `side` x `side` pixels with ink in one quarter.
fn quarter(side: usize, quarter: usize) -> Vec<u8> {
    let mut bytes = format!("P5 {side} {side} 255\n").into_bytes();
    let half = side / 2;
    bytes.extend((0..side * side).map(|at| {
        let here = usize::from(at % side >= half) + 2 * usize::from(at / side >= half);
        if here == quarter { 0 } else { 255 }
    }));
    bytes
}

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

#[test]
fn every_option_and_path_that_a_message_names_helps() {
    let test = test();
    test.write("a.pgm", quarter(40, 1));
    test.write("list.txt", "a.pgm\n");
    for run in ["runs/first/seed-1", "runs/first/seed-2"] {
        test.write(&format!("{run}/config.json"), "{}");
        test.write(&format!("{run}/model.safetensors"), model().to_bytes().unwrap());
    }
    for (wrong, code, part, right) in [
        ("--model runs a.pgm", 2, "name one of them, such as runs/first/seed-1", "--model runs/first/seed-1 a.pgm"),
        ("a.pgm", 2, "as in --model ", "--model model.safetensors a.pgm"),
        ("--model model.safetensors", 2, "or --files-from LIST", "--model model.safetensors --files-from list.txt"),
        (
            "--model model.safetensors --max-pixels 1599 a.pgm",
            1,
            "raise the limit with --max-pixels 1600",
            "--model model.safetensors --max-pixels 1600 a.pgm",
        ),
        (
            "--model model.safetensors --min-confidnce 0.5 a.pgm",
            2,
            "'--min-confidence'",
            "--model model.safetensors --min-confidence 0.5 a.pgm",
        ),
    ] {
        let ended = test.run(wrong);
        assert!(ended.status(code).stderr.contains(part) || ended.stdout.contains(part), "{ended}");
        test.run(right).status(0).stderr_has(&["1 picture labelled"]);
    }
    for n in 3..=8 {
        test.write(&format!("runs/first/seed-{n}/config.json"), "{}");
    }
    test.run("--model runs a.pgm")
        .status(2)
        .stderr_has(&["holds 8 runs (first/seed-1, ", "first/seed-5 and 3 more); name"]);
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

#[test]
fn wrong_requests_are_refused() {
    let test = test();
    test.write("a.pgm", quarter(4, 1));
    for (line, part) in [
        ("a.pgm", "no --model; name a run folder of mlp-train or a model.safetensors, as in --model "),
        ("calibrat --model model.safetensors --data a.csv", "did you mean `calibrate`?"),
        ("--model nowhere a.pgm", "nowhere: no such file or folder; expected a run folder"),
        ("--model a.pgm/x a.pgm", "a.pgm/x: no such file or folder"),
        ("--model model.safetensors --min-confidence 80 a.pgm", "expected a number from 0 to 1, found `80`"),
        ("calibrate --model model.safetensors --data gone.csv", "gone.csv: no such file; check the path"),
        ("--model model.safetensors", "no picture"),
        ("--model model.safetensors - -", "asked for 2 times"),
        ("--model model.safetensors --files-from gone.txt", "gone.txt"),
        ("--model model.safetensors --colour a.pgm", "--colour"),
    ] {
        test.run(line).status(2).stderr_has(&[part]);
    }
}

#[test]
fn help_completions_and_manual_page_are_there() {
    let test = test();
    test.run("--help").status(0).stdout_has(&["Example:"]);
    test.run("--generate bash").status(0).stdout_has(&["--min-confidence"]);
    test.run("--generate man").status(0).stdout_has(&["digit\\-predict"]);
}

#[test]
fn a_reader_that_stops_reading_is_no_error() {
    let test = test();
    for n in 0..50 {
        test.write(&format!("all/{n}.pgm"), quarter(4, 1));
    }
    let mut command = test.command("--quiet --model model.safetensors all").command();
    let mut child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
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
