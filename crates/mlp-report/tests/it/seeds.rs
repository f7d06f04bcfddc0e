//! Experiments with several seeds, and differences that are no more than chance.

use test_support::RunFolder;

use crate::{REPORT, test};

/// Five writers or more, who did not train, give an interval over writers.
#[test]
fn intervals_are_over_writers_where_they_are_known() {
    let test = test();
    for seed in 1..=2 {
        for (name, writers) in [("many", 8), ("few", 3), ("unknown", 0)] {
            let mut run = RunFolder::new(name, seed, 200, 20);
            run.writers = writers;
            run.write(&test, &format!("runs/{name}/seed-{seed}"));
        }
    }
    test.run(REPORT).status(0);
    let rows = test.records("out/experiments.csv");
    let of = |name: &str, key: &str| rows.iter().find(|row| row["experiment"] == name).unwrap()[key].clone();
    assert_eq!(["many", "few", "unknown"].map(|name| of(name, "test_writers")), ["8", "3", ""]);
    let over = ["many", "few", "unknown"].map(|name| of(name, "interval_over"));
    assert_eq!(over, ["writers", "rows and seeds", "rows and seeds"]);
    assert!(of("many", "writers_to_halve_interval").parse::<u32>().unwrap() > 8);
    assert_eq!(of("few", "test_accuracy_low"), of("unknown", "test_accuracy_low"));
    assert!(of("many", "test_accuracy_low") < of("few", "test_accuracy_low"));
    let results = test.records("out/results.csv");
    assert!(results.iter().any(|row| row["test_writers.count"] == "8"), "{results:?}");
}

#[test]
fn seeds_of_one_experiment_are_one_row_with_an_interval_and_a_line_each_in_the_results() {
    let test = test();
    for seed in 1..=5 {
        RunFolder::new("good", seed, 200, 10 + seed).write(&test, &format!("runs/good/seed-{seed}"));
        let mut bad = RunFolder::new("bad", seed, 200, 50 + 2 * seed);
        bad.zero_loss_epoch = (seed > 3).then_some(15);
        bad.write(&test, &format!("runs/bad/seed-{seed}"));
    }
    test.run(REPORT).status(0);
    let rows = test.records("out/results.csv");
    assert_eq!(rows.len(), 10);
    assert_eq!((rows[9]["run"].as_str(), rows[9]["experiment"].as_str()), ("good/seed-5", "good"));
    assert_eq!((rows[9]["config.optimizer.sgd.lr"].as_str(), rows[9]["hidden"].as_str()), ("0.001", "[32,32]"));
    let json = test.json("out/results.json");
    assert_eq!((&json[9]["run"], &json[9]["test_correct"]), (&"good/seed-5".into(), &185.into()));

    let rows = test.records("out/experiments.csv");
    let bad = &rows[0];
    assert_eq!((bad["experiment"].as_str(), bad["runs"].as_str()), ("bad", "5"));
    assert!((bad["test_accuracy_mean"].parse::<f64>().unwrap() - 0.72).abs() < 1e-12, "{bad:?}");
    // Accuracies .74 .73 .72 .71 .70 on the same rows: Student's half width over the seeds alone would be .0196, with
    // the chance of 200 rows it is .0628 (numpy and scipy, by the formula of `Crossed`).
    assert!((bad["test_accuracy_low"].parse::<f64>().unwrap() - 0.657_235_212).abs() < 1e-8, "{bad:?}");
    // Two of five came near zero loss: their median was not reached.
    assert_eq!((bad["zero_loss_reached"].as_str(), bad["zero_loss_epoch_median"].as_str()), ("2", ""));

    let comparisons = test.records("out/comparisons.csv");
    assert_eq!((comparisons.len(), comparisons[0]["verdict"].as_str()), (1, "a is better"));
    let page = test.read("out/index.html");
    assert!(page.contains("good beats bad by 21.5 points (95 % "), "the sentence is missing");
    assert!(test.read("out/tables.md").contains("good beats bad by 21.5 points (95 % "));
}

#[test]
fn with_too_few_seeds_no_verdict_is_given() {
    let test = test();
    RunFolder::new("a", 1, 185, 20).write(&test, "runs/a");
    RunFolder::new("b", 1, 185, 22).write(&test, "runs/b");
    test.run(REPORT).status(0);
    let tables = test.read("out/tables.md");
    let sentence = tables.lines().find(|line| line.starts_with("- a and b: ")).unwrap_or_else(|| panic!("{tables}"));
    assert!(
        sentence.ends_with(
            "(95 % 0.0 .. 2.7, one seed, others may differ); not enough seeds to tell: train at least 5 of each."
        ),
        "{sentence}"
    );
    assert!(tables.contains("There are not enough seeds to tell it from b."), "{tables}");
    let comparison = &test.records("out/comparisons.csv")[0];
    assert_eq!(comparison["verdict"], "not enough seeds to tell");
    assert_eq!(comparison["p"], "0.5");
}

#[test]
fn runs_on_other_data_are_not_compared_and_diverged_ones_are_named() {
    let test = test();
    RunFolder::new("a", 1, 60, 5).write(&test, "runs/a");
    RunFolder::new("b", 1, 60, 30).write(&test, "runs/b");
    test.edit("runs/b/stage.json", &"0".repeat(64), &"1".repeat(64));
    let mut lost = RunFolder::new("lost", 1, 60, 5);
    lost.has_diverged = true;
    lost.write(&test, "runs/lost");
    test.run(REPORT).status(0);
    assert_eq!(test.records("out/comparisons.csv").len(), 0);
    let row = &test.records("out/results.csv")[2];
    assert_eq!(
        (row["outcome"].as_str(), row["outcome.epoch"].as_str(), row["test_accuracy"].as_str()),
        ("diverged", "21", "")
    );
    let page = test.read("out/index.html");
    assert!(
        page.contains("lost diverged (epoch 21, largest weight 1e30, layer 2, learning rate 0.5)")
            || page.contains("lost diverged (epoch 21")
    );
}
