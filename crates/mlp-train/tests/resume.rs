//! Runs that are killed or interrupted, and go on to the same bytes.

mod common;

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use common::{Place, numbers};
use serde_json::{Value, json};

const CHECKPOINT: &str = "runs/c/.checkpoint";
/// Every mini-batch is followed by a checkpoint, so that there is always one to go on from.
const ARGUMENTS: [&str; 5] = ["c.json", "--out", "runs", "--checkpoint-seconds", "0"];

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

fn spawn(place: &Place, arguments: &[&str]) -> Child {
    place.command(arguments).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits until a process has written a checkpoint or ended.
fn wait_for_checkpoint(place: &Place, child: &mut Child) {
    let began = Instant::now();
    while !place.has(CHECKPOINT) && child.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < Duration::from_mins(1), "no checkpoint in a minute");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn signal(child: &Child, name: &str) {
    let status = std::process::Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

#[test]
fn a_run_killed_at_any_moment_ends_with_the_bytes_of_an_undisturbed_one() {
    let mut next = numbers(11);
    for kind in kinds() {
        let undisturbed = Place::new(kind.clone());
        undisturbed.train().expect(0, &[]);
        let expected = undisturbed.files("runs");
        let place = Place::new(kind.clone());
        let mut in_the_middle = 0;
        for _ in 0..4 {
            let mut child = spawn(&place, &ARGUMENTS);
            wait_for_checkpoint(&place, &mut child);
            std::thread::sleep(Duration::from_millis(u64::from(next() % 12)));
            child.kill().unwrap();
            child.wait().unwrap();
            in_the_middle += u32::from(place.has(CHECKPOINT));
        }
        assert!(in_the_middle > 0, "no kill came while the run was under way: {kind}");
        let ended = place.run(&ARGUMENTS);
        ended.expect(0, &[]);
        assert!(place.files("runs") == expected, "{kind}: {:?}", place.files("runs").keys());
        assert!(place.read("runs/c/log.txt").contains("Final Test"));
    }
}

#[test]
fn signals_end_a_run_cleanly_with_its_state_saved() {
    let kind = kinds().swap_remove(2);
    let undisturbed = Place::new(kind.clone());
    undisturbed.train().expect(0, &[]);
    for (name, code) in [("-INT", 130), ("-TERM", 143)] {
        let place = Place::new(kind.clone());
        let mut child = spawn(&place, &ARGUMENTS);
        wait_for_checkpoint(&place, &mut child);
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{stderr}");
        assert!(stderr.contains("interrupted with 1 runs left; run the same command again to go on"), "{stderr}");
        assert!(place.has(CHECKPOINT) && !place.has("runs/c/stage.json"));
        assert_eq!(place.read("runs/c/.lock"), "");
        // Without --checkpoint-seconds it goes on all the same.
        place.train().expect(0, &["c: going on after", "1 runs done"]);
        assert!(place.files("runs") == undisturbed.files("runs"), "{name}");
    }
}

#[test]
fn a_checkpoint_that_cannot_be_used_is_told_and_the_run_begins_again() {
    let kind = kinds().swap_remove(3);
    let undisturbed = Place::new(kind.clone());
    undisturbed.train().expect(0, &[]);
    let place = Place::new(kind.clone());
    let mut child = spawn(&place, &ARGUMENTS);
    wait_for_checkpoint(&place, &mut child);
    signal(&child, "-TERM");
    child.wait().unwrap();
    let good = std::fs::read(place.path().join(CHECKPOINT)).unwrap();
    let partial = place.read("runs/c/.stage.partial.json");
    let changed = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    let foreign = Place::new(json!({"epochs": 41, "optimizer": {"adamw": {"lr": 0.01}}}));
    let mut child = spawn(&foreign, &ARGUMENTS);
    wait_for_checkpoint(&foreign, &mut child);
    signal(&child, "-TERM");
    child.wait().unwrap();
    let foreign = std::fs::read(foreign.path().join(CHECKPOINT)).unwrap();
    for (bytes, part) in [
        (changed(good.len() / 2), "damaged"),
        (changed(good.len() - 1), "damaged"),
        (changed(3), "another version"),
        (good[..good.len() - 7].to_vec(), "damaged"),
        (good[..20].to_vec(), "cut off"),
        (Vec::new(), "cut off"),
        (foreign, "other settings or other data"),
    ] {
        let _ = std::fs::remove_dir_all(place.path().join("runs"));
        std::fs::create_dir_all(place.path().join("runs/c")).unwrap();
        place.write("runs/c/.stage.partial.json", &partial);
        std::fs::write(place.path().join(CHECKPOINT), bytes).unwrap();
        place.train().expect(0, &["c: the checkpoint of the interrupted run cannot be used", part, "begins again"]);
        assert!(place.files("runs") == undisturbed.files("runs"), "{part}");
    }
}

/// A checkpoint of one data set is of no use for another, though the settings are the same.
#[test]
fn changed_data_make_the_run_begin_again() {
    let kind = kinds().swap_remove(0);
    let place = Place::new(kind.clone());
    let mut child = spawn(&place, &ARGUMENTS);
    wait_for_checkpoint(&place, &mut child);
    signal(&child, "-INT");
    child.wait().unwrap();
    place.write("d.csv", &common::data_set().replacen("isThree\n", "isThree\n0", 1));
    place.train().expect(0, &["other settings or other data", "begins again"]);
}

/// Killed after the last file of a run and before the lock is released, a process leaves a complete run with a lock
/// that names it, a checkpoint and the mark of work under way.
#[test]
fn a_run_that_was_whole_when_its_process_died_is_tidied() {
    let place = Place::new(json!({}));
    place.train().expect(0, &[]);
    let expected = place.files("runs");
    place.write("runs/c/.lock", "process 1 on elsewhere");
    place.write(CHECKPOINT, "of no more use");
    std::fs::copy(place.path().join("runs/c/stage.json"), place.path().join("runs/c/.stage.partial.json")).unwrap();
    place.train().expect(0, &["nothing to do: 1 runs are up to date"]);
    assert!(place.files("runs") == expected, "{:?}", place.files("runs").keys());
}
