//! Sweeps, from outside: the runs that come of one, what is listed, refused, killed and gone on with.

use std::time::{Duration, Instant};

use serde_json::json;
use test_support::{Test, assert_same_files, numbers};

use crate::{TRAIN, training};

fn sweep() -> serde_json::Value {
    json!({"seed": null, "seeds": 2, "epochs": 12, "name": "s",
           "sweep": {"hidden": [[6], [5, 4]], "optimizer.sgd.lr": [0.2, 0.02], "activation": ["relu", "tanh"]}})
}

#[test]
fn a_sweep_is_a_run_for_every_combination_and_seed() {
    let test = training(sweep());
    test.run("check c.json").status(0).stderr_has(&["nothing wrong in 1 config"]);
    let listed = test.run("c.json --out runs --dry-run");
    listed.status(0).stderr_has(&["16 runs, 0 of them done", "will take about"]);
    assert_eq!(listed.stdout.lines().count(), 16);
    assert!(listed.stdout.starts_with("s-relu-6-lr-0.2/seed-1  "), "{}", listed.stdout);
    assert!(!test.exists("runs"), "a dry run writes nothing");
    test.run(TRAIN).status(0).stderr_has(&["16 runs done, in runs, test accuracies 0."]);
    for name in listed.stdout.lines().filter_map(|line| line.split("  ").next()) {
        assert!(test.exists(&format!("runs/{name}/stage.json")), "{name}");
    }
    let config = test.json("runs/s-tanh-5-4-lr-0.02/seed-2/config.json");
    assert_eq!((&config["hidden"], &config["optimizer"]["sgd"]["lr"]), (&json!([5, 4]), &json!(0.02)));
    assert!(config.get("sweep").is_none() && config["seed"] == json!(2));
    let again = test.run("c.json --out runs --dry-run --json");
    again.status(0).stderr_has(&["16 runs, 16 of them done"]);
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
        let test = training(json!({ "sweep": sweep }));
        test.run(TRAIN).status(2).stderr_has(&parts);
        assert!(!test.exists("runs"));
    }
    let test = training(json!({}));
    test.write("c.json", test.read("c.json").replacen('{', r#"{"sweep": {"batch": [1], "batch": [2]},"#, 1));
    test.run(TRAIN).status(2).stderr_has(&["expected one list for each key", "`batch`"]);
}

#[test]
fn of_many_runs_that_diverge_some_are_named() {
    let test = training(json!({"seed": null, "seeds": 25, "optimizer": {"sgd": {"lr": 1e30}}}));
    let ended = test.run(TRAIN);
    ended.status(0).stderr_has(&[
        "c/seed-1: diverged in epoch 1",
        "and 5 more runs that diverged or died",
        "25 runs done",
    ]);
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
    let line = "c.json --out runs --jobs 2 --checkpoint-seconds 0";
    let undisturbed = training(sweep.clone());
    let began = Instant::now();
    undisturbed.run(line).status(0);
    let takes_us = began.elapsed().as_micros() as u64;
    let expected = undisturbed.files("runs");
    let checkpoints = |test: &Test| test.files("runs").keys().filter(|name| name.ends_with(".checkpoint")).count();
    let test = training(sweep.clone());
    let mut next = numbers(seed);
    let (mut killed, mut inside_a_run) = (0, 0);
    while killed < kills {
        let mut running = test.command(line).start();
        // Short of the whole time, or most sweeps would end before their kill.
        std::thread::sleep(Duration::from_micros(u64::from(next() % 1000) * takes_us / 2000));
        if running.status().is_some() {
            running.end().status(0);
            assert_same_files(&test.files("runs"), &expected);
            test.remove("runs");
        } else {
            running.kill();
            killed += 1;
            inside_a_run += u32::from(checkpoints(&test) > 0);
        }
    }
    assert!(inside_a_run > 0, "no kill came while a run was under way");
    test.run(TRAIN).status(0).stderr_has(&["in runs"]);
    assert_same_files(&test.files("runs"), &expected);
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

/// The large network cannot be written, the small one can.
#[cfg(unix)]
#[test]
fn a_full_disk_stops_the_runs_that_it_must_and_no_other() {
    let wide_and_narrow = json!({"sweep": {"hidden": [[400], [2]]}, "epochs": 3});
    let test = training(wide_and_narrow.clone());
    let ended = test.command(TRAIN).on_full_disk().run();
    ended.status(3).stderr_has(&["run c-400", "cannot write", "1 of 2 runs could not be done, see above"]);
    assert!(test.exists("runs/c-2/stage.json") && !test.exists("runs/c-400/stage.json"));
    test.run(TRAIN).status(0).stderr_has(&["1 run done, 1 done before"]);
    let undisturbed = training(wide_and_narrow);
    undisturbed.run(TRAIN).status(0);
    assert_same_files(&test.files("runs"), &undisturbed.files("runs"));
}
