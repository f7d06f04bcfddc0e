//! What the page opens with, and what stands behind it: the answer, sweeps, two runs side by side.

use test_support::{RunFolder, Test};

use crate::{REPORT, test};

/// The JSON of a live part of the page.
pub(crate) fn live(test: &Test, kind: &str) -> serde_json::Value {
    let page = test.read("out/index.html");
    let (_, part) = page.split_once(&format!("data-live=\"{kind}\"")).unwrap_or_else(|| panic!("no {kind}"));
    let (_, data) = part.split_once("<script type=\"application/json\">").unwrap();
    serde_json::from_str(data.split_once("</script>").unwrap().0).unwrap()
}

#[test]
fn the_best_experiment_comes_first_with_its_mistakes_and_the_next_step() {
    let test = test();
    for seed in 1..=2 {
        RunFolder::new("good", seed, 60, 12 + seed).write(&test, &format!("runs/good/seed-{seed}"));
        RunFolder::new("fair", seed, 60, 16 - seed).write(&test, &format!("runs/fair/seed-{seed}"));
    }
    test.run(REPORT).status(0);
    let tables = test.read("out/tables.md");
    let (opening, _) = tables.split_once("## Curves").unwrap();
    for part in [
        "**0.775** test accuracy: good, the best of 2 experiments",
        "- Interval: 95 %: 0.",
        ", from 2 runs on 60 test rows.",
        // The last 13 and 14 of 60 rows are wrong, each predicted as the next digit.
        "- Wrong most often: 3 predicted as 1, 10 of 40; 2 predicted as 3, 9 of 40; 1 predicted as 2, 8 of 40 (2 runs \
         together).",
        // The training accuracy is 1 - .5/20.
        "- Next: Add writers, or augmentation: the training accuracy is 0.975",
        "Train it and fair with at least 5 seeds (mlp-train --seeds 5): there are not enough to tell which is better.",
        "![Accuracy over the epochs](best-1-accuracy.svg)",
    ] {
        assert!(opening.contains(part), "{part}: {opening}");
    }
    let page = test.read("out/index.html");
    let answer = page.find("<p class=\"figure\"><strong>0.775</strong>").unwrap();
    assert!(answer < page.find("Wilson's, which").unwrap() && test.exists("out/best-1-accuracy.svg"));
}

#[test]
fn a_perfect_experiment_and_one_that_learned_nothing_are_told_what_helps() {
    for (wrong, expected) in [
        (0, "Wrong most often: Nothing: every test row is predicted correctly."),
        (0, "Next: Test it on writers who are not in this data set"),
        (40, "Next: Look at the labels and at the learning rate"),
    ] {
        let test = test();
        RunFolder::new("only", 1, 60, wrong).write(&test, "runs/only");
        test.run(REPORT).status(0);
        let tables = test.read("out/tables.md");
        assert!(tables.contains(expected) && tables.contains("from one run on 60 test rows; other seeds may differ"));
    }
}

#[test]
fn with_many_data_sets_the_rest_is_named_in_sentences() {
    let test = test();
    for digit in '1'..='5' {
        let run = RunFolder { data_sha256: digit.to_string().repeat(64), ..RunFolder::new("a", 1, 60, 6) };
        run.write(&test, &format!("runs/{digit}"));
    }
    test.run(REPORT).status(0);
    let tables = test.read("out/tables.md");
    assert_eq!((tables.matches("**0.900** test").count(), tables.matches("the highest test accuracy").count()), (3, 5));
}

#[test]
fn the_page_holds_the_curves_of_all_runs_in_the_order_of_the_table() {
    let test = test();
    RunFolder::new("b", 1, 60, 6).write(&test, "runs/b");
    for seed in 1..=2 {
        RunFolder::new("a", seed, 60, 9).write(&test, &format!("runs/c/seed-{seed}"));
    }
    test.run(REPORT).status(0);
    let curves = live(&test, "curves");
    assert_eq!(curves["groups"], serde_json::json!([["b", [0]], ["a", [1, 2]]]));
    assert_eq!((&curves["shown"], &curves["lines"][1][0]), (&serde_json::json!([0, 1]), &"c/seed-1".into()));
    assert_eq!(curves["measures"][0], serde_json::json!(["Test accuracy", true]));
    // Tested in epochs 10 and 20; 54 of 60 are correct.
    let [index, values] = [0, 1].map(|i| &curves["lines"][0][1][0][i]);
    assert_eq!(curves["epochs"][index.as_u64().unwrap() as usize], serde_json::json!([10, 10, 2]));
    assert_eq!(values, &serde_json::json!([0.9, 0.9]));
    let page = test.read("out/index.html");
    assert!(page.contains("data-switches=\"groups\"") && page.contains("data-switches=\"lines\""));
}

#[test]
fn a_sweep_has_a_chart_for_each_key_that_changes() {
    let test = test();
    for (i, lr) in [0.001, 0.01, 0.1, 1.0].into_iter().enumerate() {
        let mut run = RunFolder::new(&format!("lr{lr}"), 1, 60, 5 + i as u64);
        run.config.push(("optimizer.sgd.lr", lr.into()));
        run.hidden = vec![8 * (1 + i % 2)];
        run.write(&test, &format!("runs/{i}"));
    }
    test.run(REPORT).status(0);
    let charts: Vec<String> = (1..=2).map(|i| test.read(&format!("out/sweep-1-{i}.svg"))).collect();
    assert!(charts[0].contains("Test accuracy against hidden") && charts[0].contains(">[16]<"));
    assert!(charts[1].contains("Test accuracy against optimizer.sgd.lr") && charts[1].contains(">0.001<"));
    assert!(charts[1].contains("<title>lr0.001: 0.917</title>") && !test.exists("out/sweep-1-3.svg"));
}

#[test]
fn two_runs_side_by_side_differ_where_they_differ() {
    let test = test();
    RunFolder::new("a", 1, 60, 6).write(&test, "runs/a");
    let mut other = RunFolder::new("b", 1, 60, 9);
    other.config.push(("batch", 20.into()));
    other.write(&test, "runs/b");
    test.run(REPORT).status(0);
    let tables = test.read("out/tables.md");
    for part in [
        "What differs in the configs of A (a) and B (b)",
        "| batch | 10  | 20  |",
        "Of 60 test rows that both have, A (a) and B (b) disagree on 3.",
        "Test rows on which they disagree: 3 of 3",
    ] {
        assert!(tables.contains(part), "{part}: {tables}");
    }
    let data = live(&test, "side-by-side");
    assert_eq!(data["keys"], serde_json::json!([["batch", ["10", "20"]]]));
    assert_eq!(data["runs"][1]["config"], serde_json::json!([1]));
    let texts = [&data["tests"][0]["labels"], &data["runs"][0]["predicted"]].map(|text| text.as_str().unwrap());
    assert_eq!((texts[0].len(), texts.map(|text| &text[54..])), (60, ["123123", "231231"]));
    // One run alone stands beside none.
    test.remove("runs/b");
    test.run(REPORT).status(0);
    assert!(!test.read("out/index.html").contains("data-live=\"side-by-side\""));
}
