//! Which configs a command trains, and what `--set` changes in them.

use serde_json::json;

use crate::{TRAIN, config, training};

#[test]
fn set_changes_every_config_as_if_its_file_said_so() {
    let test = training(json!({"name": "a"}));
    test.rename("c.json", "a.json");
    config(&test, json!({"name": "b", "hidden": []}));
    let set = "--set epochs=2 --set split.by=order --set optimizer={\"adamw\":{\"lr\":0.01}}";
    test.run(&format!("a.json c.json --out runs {set}")).status(0).stderr_has(&["2 runs done, in runs"]);

    let written = json!({"epochs": 2, "split": {"by": "order"}, "optimizer": {"adamw": {"lr": 0.01}}});
    let mut change = written.clone();
    change["name"] = json!("a");
    config(&test, change);
    test.run("c.json --out plain").status(0).stderr_has(&["1 run done"]);
    assert!(test.files("runs/a") == test.files("plain/a"));
    let config = test.json("runs/b/config.json");
    assert_eq!(
        (&config["epochs"], &config["hidden"], &config["split"]["by"]),
        (&json!(2), &json!([]), &json!("order"))
    );

    // The other options stand above it.
    let listed = test.run("c.json --out seeds --dry-run --set seed=9 --seeds 2");
    listed.status(0).stderr_has(&["2 runs"]);
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
        let test = training(json!({}));
        test.run(&format!("{TRAIN} --set {setting}")).status(2).stderr_has(&parts);
        assert!(!test.exists("runs"), "{setting}");
    }
    let test = training(json!({"sweep": {"batch": [8, 9]}}));
    test.run("c.json --out runs --set batch=7").status(2).stderr_has(&[
        "--set batch=7",
        "key `batch`",
        "`sweep` varies it",
    ]);
    // A file that is wrong is refused with its line, whatever is set.
    test.write("c.json", "{\"epochs\": 0}");
    test.run("c.json --out runs --set epochs=3").status(2).stderr_has(&["c.json", "line 1", "found 0"]);
}

#[test]
fn a_list_names_further_configs() {
    let test = training(json!({"name": "a"}));
    test.rename("c.json", "a.json");
    config(&test, json!({"name": "b"}));
    test.write("list.txt", "  a.json\r\n\n");
    test.run("c.json --configs-from list.txt --out runs").status(0).stderr_has(&["2 runs done, in runs"]);
    assert!(test.exists("runs/a/stage.json") && test.exists("runs/b/stage.json"));
    test.run("--configs-from list.txt --out runs").status(0).stderr_has(&["nothing to do: 1 run"]);
    test.write("list.txt", "\n");
    test.run("--configs-from list.txt --out runs").status(2).stderr_has(&["no config"]);
    test.run("--configs-from none.txt --out runs").status(2).stderr_has(&["--configs-from: none.txt: no such file"]);
    test.run("--batch list.txt --out runs").status(2).stderr_has(&["invalid value 'list.txt' for '--batch"]);
}
