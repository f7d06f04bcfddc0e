//! Which configs a command trains, and what `--set` changes in them.

mod common;

use common::Place;
use serde_json::json;

#[test]
fn set_changes_every_config_as_if_its_file_said_so() {
    let place = Place::new(json!({"name": "a"}));
    std::fs::rename(place.path().join("c.json"), place.path().join("a.json")).unwrap();
    place.config(json!({"name": "b", "hidden": []}));
    let set = ["--set", "epochs=2", "--set", "split.by=order", "--set", "optimizer={\"adamw\": {\"lr\": 0.01}}"];
    let arguments = [&["a.json", "c.json", "--out", "runs"], set.as_slice()].concat();
    place.run(&arguments).expect(0, &["2 runs done, in runs"]);

    let written = json!({"epochs": 2, "split": {"by": "order"}, "optimizer": {"adamw": {"lr": 0.01}}});
    let mut change = written.clone();
    change["name"] = json!("a");
    place.config(change);
    place.run(&["c.json", "--out", "plain"]).expect(0, &["1 runs done"]);
    assert!(place.files("runs/a") == place.files("plain/a"));
    let config = place.json("runs/b/config.json");
    assert_eq!(
        (&config["epochs"], &config["hidden"], &config["split"]["by"]),
        (&json!(2), &json!([]), &json!("order"))
    );

    // The other options stand above it.
    let seeds = ["c.json", "--out", "seeds", "--dry-run", "--set", "seed=9", "--seeds", "2"];
    let listed = place.run(&seeds);
    listed.expect(0, &["2 runs"]);
    assert!(listed.stdout.starts_with("a/seed-1  "), "{}", listed.stdout);
}

#[test]
fn what_cannot_be_set_is_refused_before_anything_is_written() {
    for (setting, parts) in [
        ("epoch=3", vec!["c.json", "--set epoch=3", "key `epoch`", "unknown field `epoch`", "`epochs`"]),
        ("epochs=many", vec!["c.json", "--set epochs=many", "key `epochs`", "string"]),
        ("optimizer.sgd.lr=-1", vec!["--set optimizer.sgd.lr=-1", "key `optimizer.sgd.lr`", "above 0", "found -1"]),
        ("activation=[\"relu\"]", vec!["--set activation", "key `activation`", "a list of 2"]),
        ("epochs", vec!["--set", "expected KEY=VALUE", "split.by=group"]),
        ("data=no/such.csv", vec!["key `data`", "no/such.csv: no such file"]),
    ] {
        let place = Place::new(json!({}));
        place.run(&["c.json", "--out", "runs", "--set", setting]).expect(2, &parts);
        assert!(!place.has("runs"), "{setting}");
    }
    let place = Place::new(json!({"sweep": {"batch": [8, 9]}}));
    let varied = place.run(&["c.json", "--out", "runs", "--set", "batch=7"]);
    varied.expect(2, &["--set batch=7", "key `batch`", "`sweep` varies it"]);
    // A file that is wrong is refused with its line, whatever is set.
    place.write("c.json", "{\"epochs\": 0}");
    place.run(&["c.json", "--out", "runs", "--set", "epochs=3"]).expect(2, &["c.json", "line 1", "found 0"]);
}

#[test]
fn a_list_names_further_configs() {
    let place = Place::new(json!({"name": "a"}));
    std::fs::rename(place.path().join("c.json"), place.path().join("a.json")).unwrap();
    place.config(json!({"name": "b"}));
    place.write("list.txt", "  a.json\r\n\n");
    let both = place.run(&["c.json", "--configs-from", "list.txt", "--out", "runs"]);
    both.expect(0, &["2 runs done, in runs"]);
    assert!(place.has("runs/a/stage.json") && place.has("runs/b/stage.json"));
    place.run(&["--configs-from", "list.txt", "--out", "runs"]).expect(0, &["nothing to do: 1 runs"]);
    place.write("list.txt", "\n");
    place.run(&["--configs-from", "list.txt", "--out", "runs"]).expect(2, &["no config"]);
    place.run(&["--configs-from", "none.txt", "--out", "runs"]).expect(2, &["--configs-from none.txt", "on each line"]);
    place.run(&["--batch", "list.txt", "--out", "runs"]).expect(2, &["unexpected argument '--batch'"]);
}
