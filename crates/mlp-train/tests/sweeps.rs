//! Sweeps, from outside: the runs that come of one, what is listed, refused, killed and gone on with.

mod common;

use std::time::Duration;

use common::{Place, numbers};
use serde_json::json;

fn sweep() -> serde_json::Value {
    json!({"seed": null, "seeds": 2, "epochs": 12, "name": "s",
           "sweep": {"hidden": [[6], [5, 4]], "optimizer.sgd.lr": [0.2, 0.02], "activation": ["relu", "tanh"]}})
}

#[test]
fn a_sweep_is_a_run_for_every_combination_and_seed() {
    let place = Place::new(sweep());
    place.run(&["check", "c.json"]).expect(0, &["1 configs are sound"]);
    let listed = place.run(&["c.json", "--out", "runs", "--dry-run"]);
    listed.expect(0, &["16 runs, 0 of them done", "will take about"]);
    assert_eq!(listed.stdout.lines().count(), 16);
    assert!(listed.stdout.starts_with("s-relu-6-lr-0.2/seed-1  "), "{}", listed.stdout);
    assert!(!place.has("runs"), "a dry run writes nothing");
    place.train().expect(0, &["16 runs done, in runs"]);
    for name in listed.stdout.lines().filter_map(|line| line.split("  ").next()) {
        assert!(place.has(&format!("runs/{name}/stage.json")), "{name}");
    }
    let config = place.json("runs/s-tanh-5-4-lr-0.02/seed-2/config.json");
    assert_eq!((&config["hidden"], &config["optimizer"]["sgd"]["lr"]), (&json!([5, 4]), &json!(0.02)));
    assert!(config.get("sweep").is_none() && config["seed"] == json!(2));
    let again = place.run(&["c.json", "--out", "runs", "--dry-run", "--json"]);
    again.expect(0, &["16 runs, 16 of them done"]);
    assert!(again.stdout.lines().all(|line| line.contains("\"done\":true")), "{}", again.stdout);
}

#[test]
fn impossible_sweeps_are_refused_before_anything_is_written() {
    let ten: Vec<u32> = (1..=10).collect();
    for (sweep, parts) in [
        (json!({"hidden": []}), vec!["key `sweep", "`hidden`", "empty list"]),
        (json!({"hiden": [[1]]}), vec!["c-hiden-1", "unknown field `hiden`"]),
        (json!({"optimizer.sgd.lr": [0.1, -1]}), vec!["c-lr--1", "optimizer.sgd.lr", "found -1"]),
        (json!({"batch": [8, 80]}), vec!["config c-batch-80", "80 is more than the 72 training rows"]),
        (
            json!({"batch": ten, "epochs": ten, "report": ten, "hidden": ten, "zero_loss": ten, "patience": ten,
                   "stop_loss": ten}),
            vec!["at most 100000 runs, found 10000000 runs"],
        ),
    ] {
        let place = Place::new(json!({ "sweep": sweep }));
        place.train().expect(2, &parts);
        assert!(!place.has("runs"));
    }
    let place = Place::new(json!({}));
    place.write("c.json", &place.read("c.json").replacen('{', r#"{"sweep": {"batch": [1], "batch": [2]},"#, 1));
    place.train().expect(2, &["expected one list for each key", "`batch`"]);
}

/// Kills a sweep at this many moments; `MLP_TRAIN_KILLS=50` is the long way.
#[test]
fn a_sweep_killed_at_any_moment_ends_as_an_undisturbed_one() {
    let kills: u32 = std::env::var("MLP_TRAIN_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(5);
    let undisturbed = Place::new(sweep());
    undisturbed.train().expect(0, &[]);
    let place = Place::new(sweep());
    let mut next = numbers(23);
    for _ in 0..kills {
        let mut child = place.command(&["c.json", "--out", "runs", "--jobs", "2", "--checkpoint-seconds", "0"]);
        let mut child = child.stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(u64::from(next() % 60)));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    place.train().expect(0, &["in runs"]);
    assert!(place.files("runs") == undisturbed.files("runs"));
}
