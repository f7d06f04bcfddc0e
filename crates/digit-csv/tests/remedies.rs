//! What a message advises helps: the advice is typed, and the command gets on.

use serde_json::json;
use stage_files::labelled::LabelledPicture;
use stage_files::picture::Canvas;
use test_support::{Test, assert_same_files};

fn test() -> Test {
    Test::new(env!("CARGO_BIN_EXE_digit-csv"))
}

/// Writes a labelled picture of 2 x 2 pixels.
fn put(test: &Test, label: u8, id: &str) {
    let canvas = Canvas { width_px: 2, height_px: 2 };
    let picture = LabelledPicture { label, size: 20, canvas, pixels: vec![label, 20, id.len() as u8, 255] };
    test.write(&format!("labelled/20/{label}_20_{id}.png"), picture.encode().unwrap());
}

/// Writes the `stage.json` of the labelled folder as digit-labeler does.
fn stage(test: &Test, preprocess: &str, labels: &[u8]) {
    let info = json!({
        "format": 1, "tool": "digit-labeler", "version": "0", "settings": {"preprocess": preprocess}, "inputs": [],
        "labels": labels, "counts": {"pictures": 2}
    });
    test.write("labelled/stage.json", info.to_string());
}

#[test]
fn every_option_that_a_message_names_helps() {
    let test = test();
    put(&test, 1, "a");
    put(&test, 5, "b");
    test.run("labelled out").status(2).stderr_has(&["give it with --labels, such as --labels 0-9"]);
    test.run("labelled out --labels 0-9").status(0).stderr_has(&["2 rows in 20x20_info.csv"]);
    let few = "labelled few --labels 1-2";
    test.run(few).status(1).stderr_has(&["outside the label set 1,2; to take it, give --labels 1,2,5 --fresh"]);
    test.run("labelled few --labels 1,2,5 --fresh").status(0).stderr_has(&["2 rows in 20x20_info.csv"]);
    test.run("labelled few --labels 1,2,5 --mixed").status(2).stderr_has(&["(mixed: false -> true)", "--fresh"]);
    test.run("labelled few --labels 1,2,5 --mixed --fresh").status(0).stderr_has(&["2 rows in mixed_info.csv"]);
    // Pictures that are not labelled are told before their labels are asked for.
    test.write("scans/kim/3/x.png", "x");
    test.run("scans other").status(2).stderr_has(&["expected labelled pictures", "run digit-labeler first"]);
    test.run("merg few out").status(2).stderr_has(&["did you mean `merge`?"]);
}

#[test]
fn other_settings_are_done_anew_in_place_with_fresh() {
    let test = test();
    put(&test, 1, "a");
    test.run("labelled out --labels 1-2 --mixed").status(0);
    test.write("out/notes.txt", "mine");
    test.run("labelled out --labels 1-2")
        .status(2)
        .stderr_has(&["(mixed: true -> false); do it anew in place with --fresh"]);
    test.run("labelled out --labels 1-2 --fresh").status(0).stderr_has(&["1 row in 20x20_info.csv"]);
    assert_eq!(test.read("out/notes.txt"), "mine");
    test.remove("out/notes.txt");
    test.run("labelled other --labels 1-2").status(0);
    assert_same_files(&test.files("out"), &test.files("other"));
}

/// The label set and the canvas of a data set are those of its labelled folder, so they follow it.
#[test]
fn a_data_set_follows_its_labelled_folder_and_says_what_changed_there() {
    let test = test();
    put(&test, 1, "a");
    put(&test, 2, "b");
    stage(&test, "none", &[1, 2]);
    test.run("labelled out").status(0);
    test.run("labelled out").status(0).stderr_has(&["nothing to do"]);
    put(&test, 7, "c");
    stage(&test, "standard", &[1, 2, 7]);
    test.run("labelled out").status(0).stderr_has(&[
        "digit-csv: the labelled pictures were made again with other settings (preprocess: none -> standard, \
         labels: 1,2 -> 1,2,7); the data set is made anew",
        "3 rows in 20x20_info.csv",
    ]);
    // This stage's own settings are still the user's to decide.
    stage(&test, "none", &[1, 2, 7]);
    test.run("labelled out --mixed").status(2).stderr_has(&["mixed: false -> true", "--fresh"]);
}

#[test]
fn a_labelled_folder_that_is_older_than_its_sources_settings_is_told() {
    let test = test();
    put(&test, 1, "a");
    let of_source = |seed: u64| json!({"draw": {"seed": seed}});
    let info = |tool: &str, settings: serde_json::Value, inputs: serde_json::Value, earlier: serde_json::Value| {
        json!({
            "format": 1, "tool": tool, "version": "0", "settings": settings, "inputs": inputs, "labels": [1, 2],
            "counts": {"pictures": 1}, "earlier": earlier
        })
        .to_string()
    };
    let earlier = json!([{"tool": "digit-source", "version": "0", "settings": of_source(1)}]);
    let input = json!([{"name": "source", "sha256": "0", "files": 1}]);
    test.write("labelled/stage.json", info("digit-labeler", json!({}), input, earlier));
    test.write("source/stage.json", info("digit-source", of_source(1), json!([]), json!([])));
    let ended = test.run("labelled out");
    assert!(!ended.status(0).stderr.contains("warning"), "{ended}");
    test.write("source/stage.json", info("digit-source", of_source(2), json!([]), json!([])));
    test.run("labelled out").status(0).stderr_has(&[
        "warning: source was made again with other settings (draw.seed: 1 -> 2) since labelled was made of it; to use \
         what it holds now, run digit-labeler again",
    ]);
}

#[test]
fn bad_input_is_told_with_what_was_expected_found_and_helps() {
    let test = test();
    put(&test, 1, "a");
    test.write("file", "");
    test.make_folder("empty");
    for (line, parts) in [
        ("nowhere out --labels 1", vec!["nowhere: expected a folder of labelled pictures, found nothing"]),
        ("file out --labels 1", vec!["file: expected a folder of labelled pictures, found a file"]),
        ("empty out --labels 1", vec!["found none; run digit-labeler first"]),
        ("labelled file --labels 1", vec!["file: expected a folder to write, found a file; name another folder"]),
        ("labelled", vec!["expected a folder of labelled pictures and a folder to write"]),
        ("labelled out --label 1", vec!["'--labels'"]),
    ] {
        let ended = test.run(line);
        ended.status(2).stderr_has(&parts);
        assert!(!ended.stderr.contains("os error") && !test.exists("out"), "{ended}");
    }
}
