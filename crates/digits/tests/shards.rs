//! Labelled in shards and merged, pictures give the data set of one machine.

#![allow(clippy::disallowed_methods, reason = "tests put files in place as users do")]

use test_support::{Test, assert_same_files, gray_png};

/// More shards than pictures, so that some are empty.
const SHARDS: usize = 12;

fn test() -> Test {
    let test = Test::new(env!("CARGO_BIN_EXE_digits"));
    for n in 0..9_u32 {
        let picture = gray_png(30, 30, |x, y| (x * y * n) as u8);
        test.write(&format!("source/{}_{}_kim-{n}.png", n % 3 + 1, [20, 8][n as usize % 2]), picture);
    }
    test.write("source/1_20_broken.png", "no picture");
    test
}

/// Labels a shard and makes its data set; the name of its folder.
fn shard(test: &Test, i: usize, count: usize) -> String {
    let ran = test.run(&format!("label source labelled-{i}-{count} --shard {i}/{count} --labels 1-3"));
    assert!(matches!(ran.code, Some(0 | 1)), "{ran}");
    let ran = test.run(&format!("csv labelled-{i}-{count} csv-{i}-{count} --mixed"));
    assert!(matches!(ran.code, Some(0 | 1)), "{ran}");
    format!("csv-{i}-{count}")
}

#[test]
fn merged_shards_have_the_bytes_of_one_machine() {
    let test = test();
    test.run("label source labelled --labels 1-3").status(1);
    test.run("csv labelled whole --mixed").status(0);
    let folders: Vec<String> = (1..=SHARDS).map(|i| shard(&test, i, SHARDS)).collect();
    assert!(folders.iter().any(|folder| !test.exists(&format!("{folder}/mixed_info.csv"))), "no shard is empty");
    test.run(&format!("csv merge {} merged", folders.join(" "))).status(0);
    assert_same_files(&test.files("merged"), &test.files("whole"));
}

#[test]
fn shards_that_are_missing_or_of_another_division_are_refused_by_name() {
    let test = test();
    let [one, two] = [1, 2].map(|i| shard(&test, i, 2));
    test.run(&format!("csv merge {one} out")).status(2).stderr_has(&["shards are missing (2/2)", "--allow-missing"]);
    test.run(&format!("csv merge {one} out --allow-missing")).status(0);
    let other = shard(&test, 1, 3);
    test.run(&format!("csv merge {two} {other} no")).status(2).stderr_has(&[
        &two,
        &other,
        "is one of 2 shards",
        "one of 3",
    ]);
    test.run("label source labelled-o --shard 2/2 --labels 1-3 --alpha drop").status(0);
    test.run("csv labelled-o csv-o --mixed").status(0);
    test.run(&format!("csv merge {one} csv-o no"))
        .status(2)
        .stderr_has(&["csv-o: its earlier stages differ (alpha: white -> drop)", &one]);
    assert!(!test.exists("no"));
}
