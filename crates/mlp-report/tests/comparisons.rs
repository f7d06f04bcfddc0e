//! Which test two experiments get, what it allows for, and how runs that diverged count.

mod runs;

use std::collections::BTreeMap;
use std::path::Path;

use assert_cmd::Command;
use runs::Run;

/// The rows of `comparisons.csv` and the text of `tables.md`.
fn report(root: &Path) -> (Vec<BTreeMap<String, String>>, String) {
    let out = tempfile::tempdir().unwrap();
    let ran = Command::cargo_bin("mlp-report").unwrap().arg(root).arg("--out").arg(out.path()).output().unwrap();
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    let table = std::fs::read_to_string(out.path().join("comparisons.csv")).unwrap();
    let rows = csv::Reader::from_reader(table.as_bytes()).deserialize().collect::<Result<_, _>>().unwrap();
    (rows, std::fs::read_to_string(out.path().join("tables.md")).unwrap())
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap()
}

/// A run whose test rows are others with every seed.
fn with_own_rows(name: &str, seed: u64, wrong: u64) -> Run {
    let mut run = Run::new(name, seed, 200, wrong);
    run.rows.iter_mut().for_each(|row| row.0 += seed);
    run
}

#[test]
fn the_runs_decide_the_test() {
    for (own_rows, common_seeds, count, test, pairs, words) in [
        (false, true, 5, "t, seeds x rows", "5", "5 seeds on the same 200 rows)"),
        (false, false, 5, "t, seeds x rows", "5", "5 seeds on the same 200 rows)"),
        (true, true, 5, "paired t, corrected", "5", ", 5 seeds)"),
        (true, false, 5, "Welch t, corrected", "0", ", different seeds)"),
        (false, true, 1, "McNemar exact", "1", ", one seed, others may differ)"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        for seed in 1..=count {
            for (name, wrong, more) in [("a", 10 + seed, 0), ("b", 50 + 2 * seed, if common_seeds { 0 } else { 5 })] {
                let run = if own_rows {
                    with_own_rows(name, seed + more, wrong)
                } else {
                    Run::new(name, seed + more, 200, wrong)
                };
                run.write(folder.path(), &format!("{name}/seed-{seed}"));
            }
        }
        let (rows, tables) = report(folder.path());
        assert_eq!((rows.len(), rows[0]["test"].as_str(), rows[0]["pairs"].as_str()), (1, test, pairs));
        assert!(tables.contains(words), "{test}: {tables}");
    }
}

#[test]
fn seeds_on_the_same_rows_leave_the_chance_of_the_rows() {
    let folder = tempfile::tempdir().unwrap();
    for seed in 1..=5 {
        Run::new("a", seed, 200, 10 + seed).write(folder.path(), &format!("a/seed-{seed}"));
        Run::new("b", seed, 200, 50 + 2 * seed).write(folder.path(), &format!("b/seed-{seed}"));
    }
    let (rows, _) = report(folder.path());
    // By numpy and scipy from the formula of `Crossed`; the paired t test over seeds alone says .195 .. .235.
    assert!((number(&rows[0], "difference") - 0.215).abs() < 1e-12, "{rows:?}");
    assert!((number(&rows[0], "low") - 0.159_739_405_1).abs() < 1e-9, "{rows:?}");
    assert!((number(&rows[0], "high") - 0.270_260_594_9).abs() < 1e-9, "{rows:?}");
}

#[test]
fn runs_that_diverged_do_not_drop_out() {
    // Where it ends, `fast` is better; but three of ten runs of it do not end.
    for written in [|name: &str, seed, wrong| Run::new(name, seed, 200, wrong), with_own_rows] {
        let folder = tempfile::tempdir().unwrap();
        for seed in 1..=10 {
            let fast = written("fast", seed, 6 + seed % 3).write(folder.path(), &format!("fast/seed-{seed}"));
            if seed > 7 {
                runs::diverge(&fast);
            }
            written("slow", seed, 16 + seed % 2).write(folder.path(), &format!("slow/seed-{seed}"));
        }
        let (rows, tables) = report(folder.path());
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
    let folder = tempfile::tempdir().unwrap();
    for seed in 1..=6 {
        let a = Run::new("a", seed, 200, 20 + seed).write(folder.path(), &format!("a/seed-{seed}"));
        let b = Run::new("b", seed, 200, 60 + seed).write(folder.path(), &format!("b/seed-{seed}"));
        if seed > 4 {
            [a, b].iter().for_each(|folder| runs::diverge(folder));
        }
    }
    let (rows, tables) = report(folder.path());
    assert_eq!(rows[0]["pairs"], "6");
    // 40 of 200 rows in four of six pairs.
    assert!((number(&rows[0], "difference") - 0.2 * 4.0 / 6.0).abs() < 1e-9, "{rows:?}");
    assert!(
        tables.contains("diverged: 2 of a and 2 of b") && tables.contains("That is without 2 runs, which diverged.")
    );
}

#[test]
fn to_be_better_than_what_learned_nothing_is_not_counted() {
    let folder = tempfile::tempdir().unwrap();
    for seed in 1..=5 {
        for (name, wrong) in [("good", 10), ("fair", 60), ("dull", 133), ("duller", 134)] {
            Run::new(name, seed, 200, wrong + seed % 2).write(folder.path(), &format!("{name}/seed-{seed}"));
        }
    }
    let (rows, tables) = report(folder.path());
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
    let folder = tempfile::tempdir().unwrap();
    for fold in 1..=5u64 {
        for (name, wrong) in [("a", 20 + fold), ("b", 60 - fold)] {
            let mut run = Run::new(name, 1, 200, wrong);
            run.rows.iter_mut().for_each(|row| row.0 += 200 * fold);
            let path = run.write(folder.path(), &format!("{name}/fold-{fold}")).join("summary.json");
            let mut summary: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            summary["fold"] = fold.into();
            stage_files::json::write(&path, &summary).unwrap();
            let path = path.with_file_name("config.json");
            let mut config: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            config["split"] = serde_json::json!({"by": "row", "folds": 5, "fold": fold});
            stage_files::json::write(&path, &config).unwrap();
        }
    }
    let (rows, tables) = report(folder.path());
    assert_eq!((rows[0]["test"].as_str(), rows[0]["pairs"].as_str()), ("paired t, corrected", "5"));
    assert!(tables.contains(", 5 folds)"), "{tables}");
}
