//! Sweeps, from outside: the runs that come of one, what is listed, refused, killed and gone on with.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{Place, ended, numbers};
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

#[test]
fn of_many_runs_that_diverge_some_are_named() {
    let place = Place::new(json!({"seed": null, "seeds": 25, "optimizer": {"sgd": {"lr": 1e30}}}));
    let ended = place.train();
    ended.expect(0, &["c/seed-1: diverged in epoch 1", "and 5 more runs that diverged or died", "25 runs done"]);
    assert_eq!(ended.stderr.matches("a smaller learning rate").count(), 20);
}

/// Kills of each sweep; `MLP_TRAIN_KILLS=50` is the long way.
const KILLS: u32 = 5;

/// Kills a sweep at many moments, each of them while it is at work, and lets it go on to its end, again and again.
#[expect(clippy::print_stderr, reason = "a short cut must not be silent")]
fn killed_sweeps_end_as_undisturbed_ones(sweep: &serde_json::Value, seed: u32) {
    let kills = std::env::var("MLP_TRAIN_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(KILLS);
    eprintln!("{kills} kills; the variable MLP_TRAIN_KILLS says how many");
    // A checkpoint after every mini-batch, so that most kills come inside an epoch.
    let arguments = ["c.json", "--out", "runs", "--jobs", "2", "--checkpoint-seconds", "0"];
    let undisturbed = Place::new(sweep.clone());
    let began = Instant::now();
    undisturbed.run(&arguments).expect(0, &[]);
    let takes_us = began.elapsed().as_micros() as u64;
    let expected = undisturbed.files("runs");
    let checkpoints = |place: &Place| place.files("runs").keys().filter(|name| name.ends_with(".checkpoint")).count();
    let place = Place::new(sweep.clone());
    let mut next = numbers(seed);
    let (mut killed, mut inside_a_run) = (0, 0);
    while killed < kills {
        let mut child = place.command(&arguments).stderr(Stdio::piped()).spawn().unwrap();
        // Short of the whole time, or most sweeps would end before their kill.
        std::thread::sleep(Duration::from_micros(u64::from(next() % 1000) * takes_us / 2000));
        if let Some(status) = child.try_wait().unwrap() {
            let words = std::io::read_to_string(child.stderr.take().unwrap()).unwrap();
            assert!(status.success(), "after {killed} kills: {words}");
            same(&place, &expected);
            std::fs::remove_dir_all(place.path().join("runs")).unwrap();
        } else {
            child.kill().unwrap();
            child.wait().unwrap();
            killed += 1;
            inside_a_run += u32::from(checkpoints(&place) > 0);
        }
    }
    assert!(inside_a_run > 0, "no kill came while a run was under way");
    place.train().expect(0, &["in runs"]);
    same(&place, &expected);
}

/// Checks that the runs have these files; names those that differ.
#[track_caller]
fn same(place: &Place, expected: &BTreeMap<String, Vec<u8>>) {
    let found = place.files("runs");
    let names: BTreeSet<&String> = found.keys().chain(expected.keys()).collect();
    let different: Vec<_> = names.into_iter().filter(|name| found.get(*name) != expected.get(*name)).collect();
    assert!(different.is_empty(), "{different:?} differ");
}

#[test]
fn a_sweep_killed_at_any_moment_ends_as_an_undisturbed_one() {
    killed_sweeps_end_as_undisturbed_ones(&sweep(), 23);
}

#[test]
fn so_does_one_whose_pictures_are_augmented_anew_in_every_epoch() {
    let mut augmented = sweep();
    augmented["augment"] = json!({"shift_px": 1, "rotate_deg": 10, "scale": 0.1, "noise": 4});
    augmented["optimizer"] = json!({"sgd": {"lr": 0.2, "momentum": 0.5}});
    augmented["dropout"] = json!(0.1);
    killed_sweeps_end_as_undisturbed_ones(&augmented, 5);
}

/// A disk that is full after 4 kB, as far as one file goes: the large network cannot be written, the small one can.
#[cfg(unix)]
#[test]
fn a_full_disk_stops_the_runs_that_it_must_and_no_other() {
    let wide_and_narrow = json!({"sweep": {"hidden": [[400], [2]]}, "epochs": 3});
    let place = Place::new(wide_and_narrow.clone());
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" c.json --out runs";
    let mut command = Command::new("sh");
    command.current_dir(place.path()).args(["-c", script]).arg(assert_cmd::cargo::cargo_bin("mlp-train"));
    ended(&mut command).expect(3, &["run c-400", "cannot write", "1 of 2 runs could not be done, see above"]);
    assert!(place.has("runs/c-2/stage.json") && !place.has("runs/c-400/stage.json"));
    place.train().expect(0, &["1 runs done, 1 were done before"]);
    let undisturbed = Place::new(wide_and_narrow);
    undisturbed.train().expect(0, &[]);
    assert!(place.files("runs") == undisturbed.files("runs"));
}
