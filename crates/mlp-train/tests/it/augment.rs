//! Augmentation, from outside: the same bytes whoever makes the rows, another network than without, a sheet to look at.

use serde_json::{Value, json};
use stage_files::run::read_metrics;
use test_support::{Test, assert_same_files, data_set_csv};

use crate::TRAIN;

/// 60 pictures of 6 x 6: a bar that stands (1) or lies (2). The config is named `a`.
fn bars(augment: Value) -> Test {
    let test = Test::new(env!("CARGO_BIN_EXE_mlp-train"));
    let row = |row: u8| {
        let stands = row.is_multiple_of(2);
        let pixel = |pixel: u8| {
            let (x, y) = (pixel % 6, pixel / 6);
            let (along, across) = if stands { (y, x) } else { (x, y) };
            let is_ink = (1..5).contains(&along) && across == 1 + row / 2 % 4;
            if is_ink { 10 + row } else { 255 }
        };
        (if stands { 1 } else { 2 }, (0..36).map(pixel).collect::<Vec<u8>>())
    };
    test.write("d.csv", data_set_csv("1,2", (0..60).map(row)));
    config(&test, augment);
    test
}

/// Writes `c.json` with this `augment`; `null` for none.
fn config(test: &Test, augment: Value) {
    let mut config = json!({
        "name": "a", "data": "d.csv", "scale": "unit", "invert": true, "hidden": [8], "batch": 7, "epochs": 6,
        "report": 0, "optimizer": {"sgd": {"lr": 0.2, "momentum": 0.5}}, "seeds": [1, 2]
    });
    if !augment.is_null() {
        config["augment"] = augment;
    }
    test.write("c.json", config.to_string());
}

fn all_kinds() -> Value {
    json!({"shift_px": 1, "rotate_deg": 10, "scale": 0.1, "shear": 0.1, "thickness": 0.3,
           "elastic": {"sigma_px": 2, "alpha_px": 3}, "erase": 0.2, "noise": 4})
}

#[test]
fn augmented_runs_are_the_same_alone_and_beside_others_and_differ_from_plain_ones() {
    let test = bars(all_kinds());
    // Alone, a run has helpers; beside many runs there is no thread for them.
    test.run("c.json --out both --jobs 64").status(0);
    test.run("c.json --out one --seeds 2").status(0);
    config(&test, Value::Null);
    test.run("c.json --out plain").status(0);
    let (beside, alone, plain) =
        (test.files("both/a/seed-2"), test.files("one/a/seed-2"), test.files("plain/a/seed-2"));
    assert_same_files(&alone, &beside);
    for file in ["metrics.csv", "model.safetensors", "predictions.csv"] {
        assert_ne!(alone[file], plain[file], "{file}");
    }
    let loss = |run: &str| read_metrics(&test.at(run)).unwrap().last().unwrap().train_loss;
    assert!(loss("both/a/seed-2") > loss("plain/a/seed-2"), "augmented pictures are harder");
    assert!(test.json("both/a/seed-1/config.json")["augment"]["rotate_deg"].is_number());
}

#[test]
fn a_sheet_shows_what_augmentation_makes() {
    let test = bars(all_kinds());
    test.run("augmented c.json --out sheet.png").status(0).stderr_has(&["sheet.png: a training picture a line"]);
    let decoder = png::Decoder::new(std::io::Cursor::new(test.bytes("sheet.png")));
    let mut reader = decoder.read_info().unwrap();
    let mut gray = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut gray).unwrap();
    // 20 columns and 20 lines of 6 x 6 pixels, each enlarged to 2 x 2, with gaps of 4.
    assert_eq!((info.width, info.height), (20 * 16 + 4, 20 * 16 + 4));
    let width = info.width as usize;
    let picture = |column: usize| -> Vec<u8> {
        (0..12).flat_map(|y| gray[(4 + y) * width + 4 + column * 16..][..12].to_vec()).collect()
    };
    assert!((1..20).all(|column| picture(column) != picture(0)), "every epoch augments the picture anew");
    assert!((2..20).all(|column| picture(column) != picture(1)));
}

#[test]
fn what_cannot_be_varied_is_refused_before_anything_is_written() {
    let test = bars(Value::Null);
    for (augment, part) in [
        (json!({"shift_px": 6}), "less than the pictures' 6x6 pixels, found 6"),
        (json!({"rotate": 6}), "unknown field `rotate`"),
        (json!({"scale": 1}), "augment.scale"),
    ] {
        config(&test, augment);
        for line in [TRAIN, "augmented c.json --out runs"] {
            test.run(line).status(2).stderr_has(&[part]);
            assert!(!test.exists("runs"));
        }
    }
    config(&test, Value::Null);
    test.run("augmented c.json --out runs").status(2).stderr_has(&["no `augment`"]);
}
