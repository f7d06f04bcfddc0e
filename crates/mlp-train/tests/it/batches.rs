//! Batches of runs as clusters do them: lists, summaries, two writers of one run, work that is done again or not.

use serde_json::{Value, json};
use stage_files::digest::sha256_hex;
use stage_files::lock::FolderLock;
use test_support::{Test, assert_same_files};

use crate::{TRAIN, config, data_set, training};

/// A batch of the configs in `list`.
const BATCH: &str = "--configs-from list --out runs --summary runs.jsonl";

/// The configs `a.json` and `b.json`, and a list of both.
fn batch() -> Test {
    let test = training(json!({}));
    for (name, seed) in [("a.json", 1), ("b.json", 2)] {
        config(&test, json!({ "seed": seed }));
        test.rename("c.json", name);
    }
    test.write("list", "a.json\nb.json\n");
    test
}

#[test]
fn a_summary_names_each_run_with_the_digests_of_its_config_and_data() {
    let test = batch();
    test.run(BATCH).status(0).stderr_has(&["2 runs done"]);
    let first = test.read("runs.jsonl");
    for (line, name) in first.lines().zip(["a", "b"]) {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let taken: Vec<Value> = ["run", "config_sha256", "data_sha256"].iter().map(|key| line[key].take()).collect();
        let config = sha256_hex(&test.bytes(&format!("runs/{name}/config.json")));
        assert_eq!(taken, [json!(name), json!(config), json!([sha256_hex(&test.bytes("d.csv"))])]);
        let summary = test.json(&format!("runs/{name}/summary.json"));
        assert!(summary.as_object().unwrap().iter().all(|(key, value)| line[key] == *value), "{line}");
    }
    assert_eq!(first.lines().count(), 2);
    test.remove("runs.jsonl");
    test.run(BATCH).status(0).stderr_has(&["nothing to do: 2 runs"]);
    assert_eq!(test.read("runs.jsonl"), first);
}

#[test]
fn configs_that_cannot_be_used_stop_the_others_unless_it_keeps_going() {
    let test = batch();
    test.write("wrong.json", test.read("a.json").replace("epochs", "epoks"));
    test.write("no-data.json", test.read("a.json").replace("d.csv", "none.csv"));
    test.write("list", "a.json\ngone.json\nwrong.json\nno-data.json\nb.json\n");
    test.run(BATCH).status(2).stderr_has(&["gone.json: no such file"]);
    assert!(!test.exists("runs") && !test.exists("runs.jsonl"));
    let named = ["gone.json: no such file", "wrong.json", "`epoks`", "none.csv", "3 configs cannot be used", "2 runs"];
    test.run(&format!("{BATCH} --keep-going")).status(1).stderr_has(&named);
    assert_eq!(test.read("runs.jsonl").lines().count(), 2);
    test.run(&format!("{BATCH} --keep-going")).status(1).stderr_has(&["nothing to do: 2 runs"]);
    test.write("list", "gone.json\n");
    test.run(&format!("{BATCH} --keep-going")).status(1);
    assert_eq!(test.read("runs.jsonl"), "");
}

#[test]
fn what_changed_is_trained_anew_and_nothing_else() {
    let test = batch();
    test.run(BATCH).status(0);
    let renew = format!("{BATCH} --renew");
    test.run(&renew).status(0).stderr_has(&["nothing to do: 2 runs"]);
    test.edit("a.json", "\"epochs\":6", "\"epochs\":7");
    test.run(BATCH).status(2).stderr_has(&["runs/a", "other settings"]);
    test.run(&renew).status(0).stderr_has(&["1 run done, 1 done before"]);
    assert_eq!(test.json("runs/a/summary.json")["epochs"], json!(7));
    test.run(BATCH).status(0).stderr_has(&["nothing to do: 2 runs"]);

    test.write("d.csv", data_set().replacen("isThree\n", "isThree\n0", 1));
    test.run(BATCH).status(2).stderr_has(&["was trained before d.csv changed"]);
    test.run(&renew).status(0).stderr_has(&["2 runs done"]);
    test.run(&format!("{BATCH} --renew --fresh")).status(2).stderr_has(&["--renew", "--fresh"]);
    let elsewhere = batch();
    elsewhere.write("d.csv", test.bytes("d.csv"));
    elsewhere.write("a.json", test.bytes("a.json"));
    elsewhere.run(BATCH).status(0);
    assert_same_files(&test.files("runs"), &elsewhere.files("runs"));
    assert_eq!(test.read("runs.jsonl"), elsewhere.read("runs.jsonl"));
}

/// A run of many epochs, with a checkpoint after every mini-batch.
#[cfg(unix)]
const LONG: &str = "c.json --out runs --checkpoint-seconds 0";

#[cfg(unix)]
#[test]
fn a_renewed_run_goes_on_where_it_was_interrupted() {
    let test = training(json!({}));
    test.run(TRAIN).status(0);
    config(&test, json!({"epochs": 40}));
    let mut running = test.command(&format!("{LONG} --renew")).start();
    running.wait_for("runs/c/.checkpoint");
    running.signal("TERM");
    running.end().status(143);
    test.run(&format!("{LONG} --renew")).status(0).stderr_has(&["c: going on after"]);
    let fresh = training(json!({"epochs": 40}));
    fresh.run(TRAIN).status(0);
    assert_same_files(&test.files("runs"), &fresh.files("runs"));
}

#[test]
fn a_second_writer_waits_as_long_as_it_may() {
    let test = batch();
    let lock = FolderLock::take(&test.at("runs/a")).unwrap();
    let ended = test.run(&format!("{BATCH} --wait-seconds 0.5"));
    ended.status(3).stderr_has(&["a: another process is writing it; waiting", "run a: ", "is being written by"]);
    assert!(test.exists("runs/b/stage.json") && !test.exists("runs/a/stage.json"));
    drop(lock);
    test.run(&format!("{BATCH} --wait-seconds 60")).status(0).stderr_has(&["1 run done, 1 done before"]);
}

#[cfg(unix)]
#[test]
fn a_second_writer_takes_over_from_a_dead_one() {
    let undisturbed = training(json!({"epochs": 40}));
    undisturbed.run(TRAIN).status(0);
    for signal in ["KILL", "TERM"] {
        let test = training(json!({"epochs": 40}));
        let mut first = test.command(LONG).start();
        first.wait_for("runs/c/.checkpoint");
        let second = test.command(&format!("{LONG} --wait-seconds 60")).start();
        first.signal(signal);
        let _ = first.end();
        second.end().status(0).stderr_has(&["1 run"]);
        assert_same_files(&test.files("runs"), &undisturbed.files("runs"));
    }
}

/// Where a file system has no locks, each writer thinks that it is alone. Taking the lock file away does the same.
#[cfg(unix)]
#[test]
fn two_writers_that_do_not_know_of_each_other_do_no_harm() {
    let undisturbed = training(json!({"epochs": 40}));
    undisturbed.run(TRAIN).status(0);
    let test = training(json!({"epochs": 40}));
    let mut first = test.command(LONG).start();
    first.wait_for("runs/c/.checkpoint");
    test.remove("runs/c/.lock");
    let second = test.command(LONG).start();
    let ends = [first.end(), second.end()];
    assert!(ends.iter().all(|end| matches!(end.code, Some(0 | 3))), "{ends:?}");
    test.run(TRAIN).status(0);
    assert_same_files(&test.files("runs"), &undisturbed.files("runs"));
}
