//! The whole command: stdout, stderr, exit code.

use std::path::PathBuf;

use assert_cmd::Command;
use serde_json::Value;
use stage_files::config::{ActivationName, Scale};
use stage_files::model::{Detector, Layer, Model};
use stage_files::picture::{Alpha, Canvas, PictureSettings};
use stage_files::scaling::Scaling;

struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Ran {
    fn lines(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    /// A folder with `model.safetensors` in it.
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        model().write(&place.at("model.safetensors")).unwrap();
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.at(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Runs the command in the folder.
    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with_stdin(arguments, b"")
    }

    fn run_with_stdin(&self, arguments: &[&str], stdin: &[u8]) -> Ran {
        let mut command = Command::cargo_bin("digit-predict").unwrap();
        let output = command.current_dir(self.folder.path()).args(arguments).write_stdin(stdin).output().unwrap();
        Ran {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
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
    let place = Place::new();
    place.put("a.pgm", &quarter(40, 2));
    place.put("sub/b.pgm", &quarter(4, 3));
    place.put("sub/notes.txt", b"x");
    let ran = place.run(&["--model", "model.safetensors", "a.pgm", "sub"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(
        ran.stdout,
        "picture    label  confidence  probabilities\n\
         a.pgm          7      99.9 %  7: 99.9 %\n\
         sub/b.pgm      9      99.9 %  9: 99.9 %\n"
    );
    assert_eq!(ran.stderr, "digit-predict: 2 pictures labelled, 0 could not be used, 1 passed over\n");
    let quiet = place.run(&["--quiet", "--model", "model.safetensors", "a.pgm"]);
    assert_eq!((quiet.code, quiet.stderr.as_str()), (Some(0), ""));
}

#[test]
fn unusable_pictures_are_lines_with_their_reason_and_the_rest_goes_on() {
    let place = Place::new();
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
        place.put(name, bytes);
    }
    place.put("good.pgm", &good);
    let ran = place.run(&["--model", "model.safetensors", "--json", "gone.png", "bad", "good.pgm"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let lines = ran.lines();
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
    assert_eq!(ran.stderr, "digit-predict: 1 pictures labelled, 7 could not be used, 0 passed over\n");
}

#[test]
fn any_number_of_threads_gives_the_same_bytes_in_the_same_order() {
    let place = Place::new();
    for n in 0..300 {
        let bytes = if n % 7 == 0 { b"text".to_vec() } else { quarter(4 + n % 50, n % 4) };
        place.put(&format!("all/{n:03}.pgm"), &bytes);
    }
    let run = |jobs: &str| place.run(&["--model", "model.safetensors", "--json", "--jobs", jobs, "all"]);
    let one = run("1");
    assert_eq!(one.lines().len(), 300);
    assert!(one.lines().iter().enumerate().all(|(n, line)| line["path"] == format!("all/{n:03}.pgm")));
    assert_eq!(one.stdout, run("4").stdout);
    // A picture alone gets what it gets in company.
    let alone = place.run(&["--model", "model.safetensors", "--json", "all/123.pgm"]);
    assert_eq!(alone.stdout.trim_end(), one.stdout.lines().nth(123).unwrap());
}

#[test]
fn standard_input_is_a_picture_or_a_list() {
    let place = Place::new();
    place.put("a.pgm", &quarter(8, 1));
    let picture = place.run_with_stdin(&["--model", "model.safetensors", "--json", "-"], &quarter(8, 3));
    assert_eq!((picture.code, &picture.lines()[0]["label"]), (Some(0), &Value::from(9)));
    let list =
        place.run_with_stdin(&["--model", "model.safetensors", "--json", "--files-from", "-"], b"a.pgm\na.pgm\n");
    assert_eq!((list.code, list.lines().len(), &list.lines()[1]["label"]), (Some(0), 2, &Value::from(5)));
}

#[test]
fn below_the_confidence_asked_for_there_is_no_label() {
    let place = Place::new();
    place.put("blank.pgm", &quarter(4, 9));
    place.put("ink.pgm", &quarter(4, 1));
    let ran = place.run(&["--model", "model.safetensors", "--json", "--min-confidence", "0.5", "blank.pgm", "ink.pgm"]);
    let lines = ran.lines();
    assert_eq!((ran.code, &lines[0]["refused"], &lines[0]["label"]), (Some(0), &Value::from(true), &Value::Null));
    assert_eq!((&lines[1]["refused"], &lines[1]["label"]), (&Value::from(false), &Value::from(5)));
    assert_eq!(lines[0]["probabilities"]["2"], 0.25);
    assert!(ran.stderr.contains("1 pictures labelled, 1 refused below confidence 0.5"), "{}", ran.stderr);
    assert_eq!(place.run(&["--model", "model.safetensors", "--min-confidence", "2", "ink.pgm"]).code, Some(2));
}

/// Weights as large as a number can be: sums become infinite, and infinity less infinity is no number. NaN is not below
/// any limit, so such answers passed for certain.
#[test]
fn a_model_whose_output_is_not_finite_gives_no_label() {
    let place = Place::new();
    place.put("ink.pgm", &quarter(4, 1));
    place.put("blank.pgm", &quarter(4, 9));
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
        model.write(&place.at("model.safetensors")).unwrap();
        for least in ["0", "0.99"] {
            let arguments = ["--model", "model.safetensors", "--json", "--min-confidence", least, "ink.pgm"];
            let ran = place.run(&arguments);
            assert_eq!(ran.code, Some(1), "{name}: {}{}", ran.stdout, ran.stderr);
            let line = &ran.lines()[0];
            assert_eq!((&line["label"], &line["probabilities"]), (&Value::Null, &Value::Null), "{name}");
            assert!(line["error"].as_str().unwrap().contains("gives no finite number"), "{name}: {line}");
        }
        let table = place.run(&["--model", "model.safetensors", "ink.pgm"]);
        assert!(table.stdout.contains("gives no finite number"), "{name}: {}", table.stdout);
    }
    place.put("data/20x20_info.csv", data_set(98).as_bytes());
    let ran = place.run(&["calibrate", "--model", "model.safetensors", "--data", "data/20x20_info.csv"]);
    assert_eq!((ran.code, ran.stderr.contains("gives no finite number")), (Some(2), true), "{}", ran.stderr);
    // What a model does know, it says: without ink all sums are 0.
    let mut model = model();
    model.layers.iter_mut().for_each(|layer| layer.weight.fill(f32::MAX));
    model.write(&place.at("model.safetensors")).unwrap();
    let ran = place.run(&["--model", "model.safetensors", "--json", "blank.pgm", "ink.pgm", "blank.pgm"]);
    let lines = ran.lines();
    assert_eq!([&lines[0]["label"], &lines[1]["label"], &lines[2]["label"]], [&2.into(), &Value::Null, &2.into()]);
}

/// Each of these waited for ever or filled the memory.
#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_told_at_once() {
    let place = Place::new();
    place.put("all/a.pgm", &quarter(4, 1));
    for name in ["pipe.png", "all/pipe.png"] {
        assert!(std::process::Command::new("mkfifo").arg(place.at(name)).status().unwrap().success());
    }
    std::os::unix::fs::symlink("/dev/zero", place.at("zero.png")).unwrap();
    std::os::unix::fs::symlink("../zero.png", place.at("all/zero.png")).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("digit-predict").unwrap();
        command.current_dir(place.folder.path()).args(arguments).timeout(std::time::Duration::from_secs(60));
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    };
    let ran = run(&["--model", "model.safetensors", "--json", "pipe.png", "zero.png", "all"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let lines = ran.lines();
    let errors: Vec<&str> = lines.iter().map(|line| line["error"].as_str().unwrap_or("")).collect();
    for (error, part) in errors.iter().zip(["is a pipe", "is a device", "", "no regular file", "no regular file"]) {
        assert!(error.contains(part), "{errors:?}");
    }
    assert_eq!(lines[2]["label"], 5);
    for (arguments, part) in [
        (&["--model", "pipe.png", "all/a.pgm"][..], "pipe.png: is a pipe"),
        (&["--model", "zero.png", "all/a.pgm"], "zero.png: is a device"),
        (&["--model", "model.safetensors", "--files-from", "pipe.png"], "--files-from pipe.png: is a pipe"),
        (&["calibrate", "--model", "model.safetensors", "--data", "pipe.png"], "pipe.png: is a pipe"),
    ] {
        let ran = run(arguments);
        assert_eq!((ran.code, ran.stderr.contains(part)), (Some(2), true), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn a_labelled_picture_is_taken_without_its_label_row() {
    let place = Place::new();
    let mut pixels = vec![255; 16];
    pixels[10] = 0;
    pixels[15] = 3;
    let canvas = Canvas { width_px: 4, height_px: 4 };
    let labelled = stage_files::labelled::LabelledPicture { label: 9, size: 20, canvas, pixels: pixels.clone() };
    place.put("labelled.png", &labelled.encode().unwrap());
    let mut plain = b"P5 4 4 255\n".to_vec();
    plain.extend(&pixels);
    place.put("plain.pgm", &plain);
    let ran = place.run(&["--model", "model.safetensors", "--json", "labelled.png", "plain.pgm"]);
    let lines = ran.lines();
    assert_eq!(lines[0]["probabilities"], lines[1]["probabilities"]);
    assert_eq!(lines[0]["label"], 9);
}

#[test]
fn models_that_cannot_be_used_say_why() {
    let place = Place::new();
    place.put("a.pgm", &quarter(4, 1));
    let good = std::fs::read(place.at("model.safetensors")).unwrap();
    let says = |name: &str, part: &str| {
        let ran = place.run(&["--model", name, "a.pgm"]);
        assert!(
            ran.stderr.starts_with("digit-predict: error: ") && ran.stderr.contains(part),
            "{name}: {}",
            ran.stderr
        );
        assert!(ran.stderr.contains(name), "{}", ran.stderr);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);
    };
    place.put("cut.safetensors", &good[..good.len() - 5]);
    says("cut.safetensors", "copy it again");
    place.put("header.safetensors", &good[..60]);
    says("header.safetensors", "cut short");
    place.put("nan.safetensors", &[&good[..good.len() - 4], &f32::NAN.to_le_bytes()[..]].concat());
    says("nan.safetensors", "is NaN; a model has finite numbers only");
    place.put("picture.safetensors", &quarter(4, 1));
    says("picture.safetensors", "no safetensors file");
    place.put("empty.safetensors", b"");
    says("empty.safetensors", "0 bytes");
    let replaced = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        let at = good.windows(from.len()).position(|part| part == from.as_bytes()).unwrap();
        [&good[..at], to.as_bytes(), &good[at + from.len()..]].concat()
    };
    place.put("future.safetensors", &replaced(r#""format":"1""#, r#""format":"7""#));
    says("future.safetensors", "format 7 is not known here, expected 1");
    place.put("shapes.safetensors", &replaced(r#""shape":[16,4]"#, r#""shape":[4,16]"#));
    says("shapes.safetensors", "expected shape [16, 4], found [4, 16]");
    place.put("inputs.safetensors", &replaced(r#""inputs":"16""#, r#""inputs":"15""#));
    says("inputs.safetensors", "expected shape [15, 4], found [16, 4]");
    place.put("labels.safetensors", &replaced(r#""labels":"[2,5,7,9]""#, r#""labels":"[2,5,7]  ""#));
    says("labels.safetensors", "expected shape [4, 3], found [4, 4]");
    says("no/such/run", "no such file or folder");
    place.put("run/config.json", b"{}");
    says("run", "not finished");
    std::fs::create_dir(place.at("nothing")).unwrap();
    says("nothing", "no run in this folder");
    place.put("several/a/config.json", b"{}");
    place.put("several/b/config.json", b"{}");
    says("several", "holds 2 runs (a, b); name one of them");
    for (name, bytes, kind) in [
        ("digits.onnx", &b"\x08\x07\x12\x09mlp-train\x1a\x050.1.0\x3a\x04\x12\x02ab"[..], "this is an ONNX file"),
        ("digits.npz", b"PK\x03\x04\x0a\0\0\0\0\0\0\0\x21\0", "this is a ZIP archive, such as NumPy's .npz"),
        ("digits.c", b"/* k: a multi-layer perceptron for the digits 0-9 */\n", "this is C source"),
        ("digit.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "this is a PNG picture"),
        ("config.json", b"{\n  \"name\": \"k\"\n}\n", "this is a JSON file"),
        ("20x20_info.csv", b"pixel1,pixel2,isOne,isTwo\n", "this is a text file"),
        ("empty", b"", "the file is empty (0 bytes)"),
    ] {
        place.put(name, bytes);
        says(name, kind);
        says(name, "expected a run folder of mlp-train or a safetensors file, such as its model.safetensors");
    }
    let unfit = Model {
        picture: model().picture.map(|picture| PictureSettings { canvas: Canvas::DEFAULT, ..picture }),
        ..model()
    };
    unfit.write(&place.at("canvas.safetensors")).unwrap();
    says("canvas.safetensors", "canvas 20x20 does not fit 16 inputs");
    let mut unknown = model();
    unknown.picture.as_mut().unwrap().preprocess.push(serde_json::json!({"polish": {"version": 1}}));
    unknown.write(&place.at("steps.safetensors")).unwrap();
    says("steps.safetensors", "polish");
}

#[test]
fn a_model_without_picture_settings_is_used_with_a_warning() {
    let place = Place::new();
    Model { picture: None, ..model() }.write(&place.at("model.safetensors")).unwrap();
    place.put("a.pgm", &quarter(40, 1));
    let ran = place.run(&["--model", "model.safetensors", "--json", "a.pgm"]);
    assert_eq!((ran.code, &ran.lines()[0]["label"]), (Some(0), &Value::from(5)));
    assert!(ran.stderr.contains("warning: ") && ran.stderr.contains("shrunk to 4x4"), "{}", ran.stderr);
}

/// A data set CSV of quarters with some noise, the label being the quarter of the ink.
fn data_set(rows: usize) -> String {
    let pixels: Vec<String> = (1..=16).map(|i| format!("pixel{i}")).collect();
    let mut text = pixels.join(",") + ",isTwo,isFive,isSeven,isNine\n";
    for n in 0..rows {
        let picture = quarter(4, n % 4);
        // Every seventh label is another than the picture says, so that certainty would be wrong.
        let label = if n % 7 == 3 { (n + 1) % 4 } else { n % 4 };
        let pixels = picture[picture.len() - 16..].iter().map(u8::to_string);
        let one_hot = (0..4).map(|class| u8::from(class == label).to_string());
        text += &(pixels.chain(one_hot).collect::<Vec<_>>().join(",") + "\n");
    }
    text
}

#[test]
fn calibrating_makes_probabilities_modest_and_changes_no_label() {
    let place = Place::new();
    place.put("data/20x20_info.csv", data_set(203).as_bytes());
    place.put("a.pgm", &quarter(4, 1));
    let predict = |model: &str| {
        let ran = place.run(&["--model", model, "--json", "a.pgm"]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        ran.lines().remove(0)
    };
    let arguments = ["calibrate", "--model", "model.safetensors", "--data", "data/20x20_info.csv"];
    let ran = place.run(&[&arguments[..], &["--out", "new.safetensors", "--json"]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let facts = ran.lines().remove(0);
    assert_eq!((&facts["rows"], &facts["detector"]), (&Value::from(203), &Value::from("none, for want of rows")));
    assert!(facts["temperature"].as_f64().unwrap() > 2.0, "{facts}");
    assert!(facts["calibration_error_after"].as_f64() < facts["calibration_error_before"].as_f64(), "{facts}");
    let (before, after) = (predict("model.safetensors"), predict("new.safetensors"));
    assert_eq!((&before["label"], &after["label"]), (&Value::from(5), &Value::from(5)));
    // Six labels of seven are those of the picture.
    let p = after["probabilities"]["5"].as_f64().unwrap();
    assert!(before["probabilities"]["5"].as_f64().unwrap() > 0.99 && (p - 6.0 / 7.0).abs() < 0.03, "{p}");
    // Without --out the model's own file is replaced, with the same bytes.
    let ran = place.run(&arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("expected calibration error"), "{}", ran.stderr);
    let bytes = |name: &str| std::fs::read(place.at(name)).unwrap();
    assert!(bytes("model.safetensors") == bytes("new.safetensors"));
}

#[test]
fn rows_that_are_not_the_models_are_refused() {
    let place = Place::new();
    let says = |csv: &str, part: &str| {
        place.put("data/20x20_info.csv", csv.as_bytes());
        let before = std::fs::read(place.at("model.safetensors")).unwrap();
        let ran = place.run(&["calibrate", "--model", "model.safetensors", "--data", "data/20x20_info.csv"]);
        assert_eq!((ran.code, ran.stderr.contains(part)), (Some(2), true), "{part}: {}", ran.stderr);
        assert!(std::fs::read(place.at("model.safetensors")).unwrap() == before);
    };
    says(&data_set(20), "at least 200 rows, found 20");
    says(&data_set(60).replace("isNine", "isEight"), "expected the labels 2,5,7,9, as the model knows, found 2,5,7,8");
    says("pixel1,pixel2,isTwo,isFive,isSeven,isNine\n0,0,1,0,0,0\n", "expected rows of 16 pixels");
    let labels: stage_files::LabelSet = "2,5,7,9".parse().unwrap();
    let mut stage = stage_files::stage::StageInfo::new("digit-csv", "1", Value::Null, labels);
    stage.picture = model().picture.map(|picture| PictureSettings { alpha: Alpha::Drop, ..picture });
    stage.counts.insert("rows_20x20".into(), 60);
    std::fs::create_dir_all(place.at("data")).unwrap();
    stage.finish(&place.at("data")).unwrap();
    says(&data_set(60), "was prepared in another way than the model's training pictures");
}

#[test]
fn wrong_requests_are_refused() {
    let place = Place::new();
    place.put("a.pgm", &quarter(4, 1));
    for (arguments, part) in [
        (&["a.pgm"][..], "no --model"),
        (&["--model", "model.safetensors"], "no picture"),
        (&["--model", "model.safetensors", "-", "-"], "asked for 2 times"),
        (&["--model", "model.safetensors", "--files-from", "gone.txt"], "gone.txt"),
        (&["--model", "model.safetensors", "--colour", "a.pgm"], "--colour"),
    ] {
        let ran = place.run(arguments);
        assert_eq!((ran.code, ran.stderr.contains(part)), (Some(2), true), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn help_completions_and_manual_page_are_there() {
    let place = Place::new();
    assert!(place.run(&["--help"]).stdout.contains("Example:"));
    assert!(place.run(&["--generate", "bash"]).stdout.contains("--min-confidence"));
    assert!(place.run(&["--generate", "man"]).stdout.contains("digit\\-predict"));
}

#[test]
fn a_reader_that_stops_reading_is_no_error() {
    let place = Place::new();
    for n in 0..50 {
        place.put(&format!("all/{n}.pgm"), &quarter(4, 1));
    }
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("digit-predict"))
        .current_dir(place.folder.path())
        .args(["--quiet", "--model", "model.safetensors", "all"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
