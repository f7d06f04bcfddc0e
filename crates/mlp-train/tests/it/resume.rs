//! Runs that are killed or interrupted, and go on to the same bytes.

use std::time::Duration;

use serde_json::{Value, json};
use test_support::{Running, Test, assert_same_files, numbers};

use crate::{TRAIN, data_set, training};

const CHECKPOINT: &str = "runs/c/.checkpoint";
/// Every mini-batch is followed by a checkpoint, so that there is always one to go on from.
const WITH_CHECKPOINTS: &str = "c.json --out runs --checkpoint-seconds 0";

/// Long enough to be killed in the middle.
fn kinds() -> Vec<Value> {
    let long = |mut change: Value| {
        change["epochs"] = json!(40);
        change
    };
    vec![
        long(json!({})),
        long(json!({"optimizer": {"sgd": {"lr": 0.05, "momentum": 0.9, "schedule": {"cosine": {"warmup": 1}}}},
                    "dropout": 0.2, "average": {"swa": {"start": 0.2}}})),
        long(json!({"optimizer": {"adamw": {"lr": 0.005, "schedule": {"one_cycle": {}}}}, "dropout": [0.1, 0],
                    "average": {"ema": {"decay": 0.9}}, "label_smoothing": 0.1})),
        long(json!({"validation": 0.2, "optimizer": {"adamw": {"lr": 0.01}}})),
        long(json!({"balance": {"styles": 4}, "augment": {"shift_px": 1, "noise": 5}})),
    ]
}

/// Starts the run and waits until it has written a checkpoint or ended.
fn start_until_checkpoint(test: &Test) -> Running {
    let mut running = test.command(WITH_CHECKPOINTS).start();
    running.wait_for(CHECKPOINT);
    running
}

/// Starts the run and interrupts it as soon as it has written a checkpoint.
#[cfg(unix)]
fn interrupt(test: &Test) {
    let mut running = start_until_checkpoint(test);
    running.signal("TERM");
    running.end().status(143);
}

#[test]
fn a_run_killed_at_any_moment_ends_with_the_bytes_of_an_undisturbed_one() {
    let mut next = numbers(11);
    for kind in kinds() {
        let undisturbed = training(kind.clone());
        undisturbed.run(TRAIN).status(0);
        let expected = undisturbed.files("runs");
        let test = training(kind.clone());
        let mut in_the_middle = 0;
        for _ in 0..4 {
            let running = start_until_checkpoint(&test);
            std::thread::sleep(Duration::from_millis(u64::from(next() % 12)));
            running.kill();
            in_the_middle += u32::from(test.exists(CHECKPOINT));
        }
        assert!(in_the_middle > 0, "no kill came while the run was under way: {kind}");
        test.run(WITH_CHECKPOINTS).status(0);
        assert_same_files(&test.files("runs"), &expected);
        assert!(test.read("runs/c/log.txt").contains("Final Test"));
    }
}

#[cfg(unix)]
#[test]
fn signals_end_a_run_cleanly_with_its_state_saved() {
    let kind = kinds().swap_remove(2);
    let undisturbed = training(kind.clone());
    undisturbed.run(TRAIN).status(0);
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let test = training(kind.clone());
        let mut running = start_until_checkpoint(&test);
        running.signal(signal);
        let left = "interrupted with 1 run left; run the same command again to go on";
        running.end().status(code).stderr_has(&[left]);
        assert!(test.exists(CHECKPOINT) && !test.exists("runs/c/stage.json"));
        assert_eq!(test.read("runs/c/.lock"), "");
        // Without --checkpoint-seconds it goes on all the same.
        test.run(TRAIN).status(0).stderr_has(&["c: going on after", "1 run done"]);
        assert_same_files(&test.files("runs"), &undisturbed.files("runs"));
    }
}

#[cfg(unix)]
#[test]
fn a_checkpoint_that_cannot_be_used_is_told_and_the_run_begins_again() {
    let kind = kinds().swap_remove(3);
    let undisturbed = training(kind.clone());
    undisturbed.run(TRAIN).status(0);
    let test = training(kind.clone());
    interrupt(&test);
    let good = test.bytes(CHECKPOINT);
    let partial = test.read("runs/c/.stage.partial.json");
    let changed = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    let foreign = training(json!({"epochs": 41, "optimizer": {"adamw": {"lr": 0.01}}}));
    interrupt(&foreign);
    let foreign = foreign.bytes(CHECKPOINT);
    for (bytes, part) in [
        (changed(good.len() / 2), "damaged"),
        (changed(good.len() - 1), "damaged"),
        (changed(3), "another version"),
        (good[..good.len() - 7].to_vec(), "damaged"),
        (good[..20].to_vec(), "cut off"),
        (Vec::new(), "cut off"),
        (foreign, "other settings or other data"),
    ] {
        test.remove("runs");
        test.write("runs/c/.stage.partial.json", &partial);
        test.write(CHECKPOINT, bytes);
        test.run(TRAIN).status(0).stderr_has(&[
            "c: the checkpoint of the interrupted run cannot be used",
            part,
            "begins again",
        ]);
        assert_same_files(&test.files("runs"), &undisturbed.files("runs"));
    }
}

/// A checkpoint of one data set is of no use for another, though the settings are the same.
#[cfg(unix)]
#[test]
fn changed_data_make_the_run_begin_again() {
    let kind = kinds().swap_remove(0);
    let test = training(kind.clone());
    interrupt(&test);
    test.write("d.csv", data_set().replacen("isThree\n", "isThree\n0", 1));
    test.run(TRAIN).status(0).stderr_has(&["other settings or other data", "begins again"]);
}

/// Killed after the last file of a run and before the lock is released, a process leaves a complete run with a lock
/// that names it, a checkpoint and the mark of work under way.
#[test]
fn a_run_that_was_whole_when_its_process_died_is_tidied() {
    let test = training(json!({}));
    test.run(TRAIN).status(0);
    let expected = test.files("runs");
    test.write("runs/c/.lock", "process 1 on elsewhere");
    test.write(CHECKPOINT, "of no more use");
    test.write("runs/c/.stage.partial.json", test.read("runs/c/stage.json"));
    test.run(TRAIN).status(0).stderr_has(&["nothing to do: 1 run, up to date"]);
    assert_same_files(&test.files("runs"), &expected);
    assert_eq!(test.read("runs/c/.lock"), "");

    // As a process leaves it that another one overtook.
    test.write(CHECKPOINT, "of no more use");
    test.run(TRAIN).status(0).stderr_has(&["nothing to do: 1 run, up to date"]);
    assert_same_files(&test.files("runs"), &expected);
}
