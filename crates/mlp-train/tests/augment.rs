//! Augmentation, from outside: the same bytes whoever makes the rows, another network than without, a sheet to look at.

use std::fmt::Write;
use std::path::Path;

use assert_cmd::Command;
use stage_files::run::read_metrics;

/// 60 pictures of 6 x 6: a bar that stands (1) or lies (2).
fn data_set(folder: &Path) {
    let pixels: Vec<String> = (1..=36).map(|i| format!("pixel{i}")).collect();
    let mut csv = format!("{},isOne,isTwo\n", pixels.join(","));
    for row in 0..60 {
        for pixel in 0..36 {
            let (x, y) = (pixel % 6, pixel / 6);
            let (along, across) = if row % 2 == 0 { (y, x) } else { (x, y) };
            let is_ink = (1..5).contains(&along) && across == 1 + row / 2 % 4;
            let _ = write!(csv, "{},", if is_ink { 10 + row } else { 255 });
        }
        csv += if row % 2 == 0 { "1,0\n" } else { "0,1\n" };
    }
    std::fs::write(folder.join("d.csv"), csv).unwrap();
}

fn config(folder: &Path, augment: &str) {
    let text = format!(
        r#"{{"name": "a", "data": "d.csv", "scale": "unit", "invert": true, "hidden": [8], "batch": 7, "epochs": 6,
            "report": 0, "optimizer": {{"sgd": {{"lr": 0.2, "momentum": 0.5}}}}, "seeds": [1, 2]{augment}}}"#
    );
    std::fs::write(folder.join("a.json"), text).unwrap();
}

fn mlp_train(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::cargo_bin("mlp-train").unwrap();
    let output = command.current_dir(folder).args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

const AUGMENT: &str = r#", "augment": {"shift_px": 1, "rotate_deg": 10, "scale": 0.1, "shear": 0.1, "thickness": 0.3,
    "elastic": {"sigma_px": 2, "alpha_px": 3}, "erase": 0.2, "noise": 4}"#;

#[test]
fn augmented_runs_are_the_same_alone_and_beside_others_and_differ_from_plain_ones() {
    let temp = tempfile::tempdir().unwrap();
    data_set(temp.path());
    config(temp.path(), AUGMENT);
    // Alone, a run has helpers; beside many runs there is no thread for them.
    for arguments in [["a.json", "--out", "both", "--jobs", "64"], ["a.json", "--out", "one", "--seeds", "2"]] {
        let (code, stderr) = mlp_train(temp.path(), &arguments);
        assert_eq!(code, Some(0), "{stderr}");
    }
    config(temp.path(), "");
    let (code, stderr) = mlp_train(temp.path(), &["a.json", "--out", "plain"]);
    assert_eq!(code, Some(0), "{stderr}");
    for file in ["metrics.csv", "model.safetensors", "predictions.csv"] {
        let read = |run: &str| std::fs::read(temp.path().join(run).join(file)).unwrap();
        assert_eq!(read("both/a/seed-2"), read("one/a/seed-2"), "{file}");
        assert_ne!(read("both/a/seed-2"), read("plain/a/seed-2"), "{file}");
    }
    let loss = |run: &str| read_metrics(&temp.path().join(run)).unwrap().last().unwrap().train_loss;
    assert!(loss("both/a/seed-2") > loss("plain/a/seed-2"), "augmented pictures are harder");
    let config = std::fs::read_to_string(temp.path().join("both/a/seed-1/config.json")).unwrap();
    assert!(config.contains("\"rotate_deg\""), "{config}");
}

#[test]
fn a_sheet_shows_what_augmentation_makes() {
    let temp = tempfile::tempdir().unwrap();
    data_set(temp.path());
    config(temp.path(), AUGMENT);
    let (code, stderr) = mlp_train(temp.path(), &["augmented", "a.json", "--out", "sheet.png"]);
    assert_eq!(code, Some(0), "{stderr}");
    let bytes = std::fs::read(temp.path().join("sheet.png")).unwrap();
    let decoder = png::Decoder::new(std::io::Cursor::new(bytes));
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
    let temp = tempfile::tempdir().unwrap();
    data_set(temp.path());
    for (augment, part) in [
        (r#", "augment": {"shift_px": 6}"#, "less than the pictures' 6x6 pixels, found 6"),
        (r#", "augment": {"rotate": 6}"#, "unknown field `rotate`"),
        (r#", "augment": {"scale": 1}"#, "augment.scale"),
    ] {
        config(temp.path(), augment);
        for arguments in [["a.json", "--out", "runs"].as_slice(), &["augmented", "a.json", "--out", "runs"]] {
            let (code, stderr) = mlp_train(temp.path(), arguments);
            assert!(code == Some(2) && stderr.contains(part), "{augment}: {code:?} {stderr}");
            assert!(!temp.path().join("runs").exists());
        }
    }
    config(temp.path(), "");
    let (code, stderr) = mlp_train(temp.path(), &["augmented", "a.json", "--out", "runs"]);
    assert!(code == Some(2) && stderr.contains("no `augment`"), "{code:?} {stderr}");
}
