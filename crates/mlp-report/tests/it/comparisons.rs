//! Which test two experiments get, what it allows for, and how runs that diverged count.

use std::collections::BTreeMap;

use test_support::{RunFolder, Test};

use crate::{REPORT, test};

/// The rows of `comparisons.csv` and the text of `tables.md`.
fn report(test: &Test) -> (Vec<BTreeMap<String, String>>, String) {
    test.run(REPORT).status(0);
    (test.records("out/comparisons.csv"), test.read("out/tables.md"))
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap()
}

/// A run whose test rows are others with every seed.
fn with_own_rows(name: &str, seed: u64, wrong: u64) -> RunFolder {
    let mut run = RunFolder::new(name, seed, 200, wrong);
    run.rows.iter_mut().for_each(|row| row.0 += seed);
    run
}

#[test]
fn the_runs_decide_the_test() {
    for (own_rows, common_seeds, count, name_of_test, pairs, words) in [
        (false, true, 5, "t, seeds x rows", "5", "5 seeds on the same 200 rows)"),
        (false, false, 5, "t, seeds x rows", "5", "5 seeds on the same 200 rows)"),
        (true, true, 5, "paired t, corrected", "5", ", 5 seeds)"),
        (true, false, 5, "Welch t, corrected", "0", ", different seeds)"),
        (false, true, 1, "McNemar exact", "1", ", one seed, others may differ)"),
    ] {
        let test = test();
        for seed in 1..=count {
            for (name, wrong, more) in [("a", 10 + seed, 0), ("b", 50 + 2 * seed, if common_seeds { 0 } else { 5 })] {
                let run = if own_rows {
                    with_own_rows(name, seed + more, wrong)
                } else {
                    RunFolder::new(name, seed + more, 200, wrong)
                };
                run.write(&test, &format!("runs/{name}/seed-{seed}"));
            }
        }
        let (rows, tables) = report(&test);
        assert_eq!((rows.len(), rows[0]["test"].as_str(), rows[0]["pairs"].as_str()), (1, name_of_test, pairs));
        assert!(tables.contains(words), "{name_of_test}: {tables}");
    }
}

#[test]
fn seeds_on_the_same_rows_leave_the_chance_of_the_rows() {
    let test = test();
    for seed in 1..=5 {
        RunFolder::new("a", seed, 200, 10 + seed).write(&test, &format!("runs/a/seed-{seed}"));
        RunFolder::new("b", seed, 200, 50 + 2 * seed).write(&test, &format!("runs/b/seed-{seed}"));
    }
    let (rows, _) = report(&test);
    // By numpy and scipy from the formula of `Crossed`; the paired t test over seeds alone says .195 .. .235.
    assert!((number(&rows[0], "difference") - 0.215).abs() < 1e-12, "{rows:?}");
    assert!((number(&rows[0], "low") - 0.159_739_405_1).abs() < 1e-9, "{rows:?}");
    assert!((number(&rows[0], "high") - 0.270_260_594_9).abs() < 1e-9, "{rows:?}");
}

#[test]
fn runs_that_diverged_do_not_drop_out() {
    // Where it ends, `fast` is better; but three of ten runs of it do not end.
    for written in [|name: &str, seed, wrong| RunFolder::new(name, seed, 200, wrong), with_own_rows] {
        let test = test();
        for seed in 1..=10 {
            let mut fast = written("fast", seed, 6 + seed % 3);
            fast.has_diverged = seed > 7;
            fast.write(&test, &format!("runs/fast/seed-{seed}"));
            written("slow", seed, 16 + seed % 2).write(&test, &format!("runs/slow/seed-{seed}"));
        }
        let (rows, tables) = report(&test);
        assert_eq!((rows[0]["a"].as_str(), rows[0]["pairs"].as_str()), ("slow", "10"));
        // Three runs are as good as always saying 1, which 67 of 200 rows are: (7 * 193/200 + 3 * .335) / 10 = .776.
        assert!((number(&rows[0], "difference") - 0.14).abs() < 0.01, "{rows:?}");
        assert!(tables.contains("; diverged: 3 of fast)"), "{tables}");
        assert!(tables.contains("highest test accuracy is 0.917") && tables.contains("of slow."), "{tables}");
        assert!(tables.contains("- fast: diverged in some runs; where experiments are compared"), "{tables}");
    }
}

#[test]
fn where_both_diverged_neither_is_better() {
    let test = test();
    for seed in 1..=6 {
        for (name, wrong) in [("a", 20 + seed), ("b", 60 + seed)] {
            let mut run = RunFolder::new(name, seed, 200, wrong);
            run.has_diverged = seed > 4;
            run.write(&test, &format!("runs/{name}/seed-{seed}"));
        }
    }
    let (rows, tables) = report(&test);
    assert_eq!(rows[0]["pairs"], "6");
    // 40 of 200 rows in four of six pairs.
    assert!((number(&rows[0], "difference") - 0.2 * 4.0 / 6.0).abs() < 1e-9, "{rows:?}");
    assert!(
        tables.contains("diverged: 2 of a and 2 of b") && tables.contains("That is without 2 runs, which diverged.")
    );
}

#[test]
fn to_be_better_than_what_learned_nothing_is_not_counted() {
    let test = test();
    for seed in 1..=5 {
        for (name, wrong) in [("good", 10), ("fair", 60), ("dull", 133), ("duller", 134)] {
            RunFolder::new(name, seed, 200, wrong + seed % 2).write(&test, &format!("runs/{name}/seed-{seed}"));
        }
    }
    let (rows, tables) = report(&test);
    assert!(
        tables.contains(
            "of good. It is significantly better than fair. Not counted: 2 experiments that learned nothing."
        ),
        "{tables}"
    );
    // In the table they are compared all the same.
    assert!(rows.iter().any(|row| row["a"] == "good" && row["b"] == "dull" && row["verdict"] == "a is better"));
}

#[test]
fn folds_are_called_folds() {
    let test = test();
    for fold in 1..=5u64 {
        for (name, wrong) in [("a", 20 + fold), ("b", 60 - fold)] {
            let mut run = RunFolder::new(name, 1, 200, wrong);
            run.rows.iter_mut().for_each(|row| row.0 += 200 * fold);
            run.fold = Some(fold);
            run.write(&test, &format!("runs/{name}/fold-{fold}"));
        }
    }
    let (rows, tables) = report(&test);
    assert_eq!((rows[0]["test"].as_str(), rows[0]["pairs"].as_str()), ("paired t, corrected", "5"));
    assert!(tables.contains(", 5 folds)"), "{tables}");
}
