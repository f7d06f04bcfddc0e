//! Shards: lists of what each reads.

#![allow(clippy::disallowed_methods, reason = "tests put files in place as users do")]

use std::collections::BTreeMap;

use test_support::{Test, gray_png};

const SHARDS: usize = 4;

fn picture(test: &Test, name: &str) {
    test.write(&format!("source/{name}"), gray_png(30, 30, |x, _| x as u8));
}

/// Forty pictures, one that is no label, one that has no readable name.
fn test() -> Test {
    let test = Test::new(env!("CARGO_BIN_EXE_digit-labeler"));
    (0..40).for_each(|n| picture(&test, &format!("{}_20_kim-{n}.png", n % 5 + 1)));
    picture(&test, "9_20_kim-1.png");
    picture(&test, "no-label.png");
    test.make_folder("lists");
    test
}

fn list(test: &Test) -> Vec<String> {
    test.run("source lists --list-shards 4").status(0);
    (1..=SHARDS).map(|i| test.read(&format!("lists/{i}-of-4.tsv"))).collect()
}

#[test]
fn the_list_of_a_shard_names_what_the_shard_reads() {
    let test = test();
    let lists = list(&test);
    let mut all = 0;
    for (i, list) in lists.iter().enumerate() {
        let shard = i + 1;
        let ran = test.run(&format!("source shard-{shard} --shard {shard}/4"));
        assert!(matches!(ran.code, Some(0 | 1)), "{ran}");
        let mut done: Vec<String> = Vec::new();
        done.extend(test.records(&format!("shard-{shard}/sources.csv")).iter().map(|row| row["source"].clone()));
        done.extend(test.records(&format!("shard-{shard}/rejected.csv")).iter().map(|row| row["source"].clone()));
        done.sort();
        let names: Vec<&str> = list.lines().map(|line| line.split('\t').next().unwrap()).collect();
        assert_eq!(names, done);
        all += names.len();
    }
    assert_eq!(all, 42);
}

#[test]
fn ten_more_pictures_change_the_lists_of_their_shards_only() {
    let test = test();
    let before = list(&test);
    let modified = |i: usize| test.at(&format!("lists/{i}-of-4.tsv")).metadata().unwrap().modified().unwrap();
    let times: Vec<_> = (1..=SHARDS).map(modified).collect();
    test.run("source lists --list-shards 4").status(0).stderr_has(&["42 pictures in 4 shards, 0 lists changed"]);
    assert_eq!((1..=SHARDS).map(modified).collect::<Vec<_>>(), times);
    picture(&test, "1_20_lee-1.png");
    let after = list(&test);
    let changed: BTreeMap<usize, usize> = before
        .iter()
        .zip(&after)
        .enumerate()
        .filter(|(_, (before, after))| before != after)
        .map(|(i, (before, after))| (i, after.lines().count() - before.lines().count()))
        .collect();
    assert_eq!(changed.into_values().collect::<Vec<_>>(), [1]);
}

#[test]
fn shards_and_lists_that_cannot_be_are_refused() {
    let test = test();
    for (line, part) in [
        ("source out --shard 0/4", "expected I/N with I from 1 to N"),
        ("source out --shard 5/4", "expected I/N with I from 1 to N"),
        ("source out --shard 1", "expected I/N with I from 1 to N"),
        ("source lists --list-shards 0", "--list-shards: expected a number from 1"),
        ("source none --list-shards 2", "no such folder to write in; make it first"),
        ("source lists --list-shards 2 --shard 1/2", "cannot be used with"),
        ("gone lists --list-shards 2", "expected a folder of pictures, found nothing"),
    ] {
        test.run(line).status(2).stderr_has(&[part]);
    }
    assert!(!test.exists("out") && !test.exists("none") && test.names("lists").is_empty());
}
