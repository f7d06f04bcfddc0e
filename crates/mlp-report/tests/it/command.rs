//! Run folders become a report, under every name that a run can have.

use std::path::Path;

use test_support::{RunFolder, assert_same_files};

use crate::{REPORT, test};

#[test]
fn runs_become_a_report_whose_bytes_depend_on_them_alone() {
    let test = test();
    RunFolder::new("wide", 1, 60, 6).write(&test, "runs/wide");
    RunFolder::new("narrow", 1, 60, 15).write(&test, "runs/narrow");
    test.run(REPORT).status(0).stdout("").stderr(
        "wide: test accuracy 0.900 on 60 rows\nnarrow: test accuracy 0.750 on 60 rows\nmlp-report: 2 runs, report in \
         out/index.html\n",
    );
    for file in ["index.html", "tables.md", "results.csv", "stage.json", "wide-loss.svg", "narrow-confusion.svg"] {
        assert!(test.exists(&format!("out/{file}")), "{file}");
    }
    // The tables and the page are made from one source, so every row of one is in the other.
    let tables = test.read("out/tables.md");
    let verdicts = ["wide beats narrow", "narrow beats wide", "not enough seeds to tell"];
    assert!(verdicts.iter().any(|verdict| tables.contains(verdict)), "{tables}");
    let rows = test.records("out/results.csv");
    assert_eq!(rows.len(), 2);
    for (row, run, accuracy) in [(&rows[0], "narrow", "0.75"), (&rows[1], "wide", "0.9")] {
        assert_eq!((row["run"].as_str(), row["test_accuracy"].as_str(), row["seed"].as_str()), (run, accuracy, "1"));
    }
    let page = test.read("out/index.html");
    assert!(page.contains("0.900") && page.contains("0.750"));
    for outside in ["src=", "href=\"h", "href=\"/", "url(", "@import", "<link", "<script s", "fetch("] {
        assert!(!page.contains(outside), "the page must need nothing but itself, but has {outside}");
    }

    let first = test.files("out");
    test.run(REPORT).status(0).stderr_has(&["mlp-report: nothing to do: 2 runs", "up to date in out"]);
    // Killed between the last file and the release of the folder, a process leaves a whole report that it still names.
    test.write("out/.lock", "process 1 on elsewhere");
    test.write("out/.stage.partial.json", test.read("out/stage.json"));
    test.run(REPORT).status(0);
    assert_same_files(&test.files("out"), &first);
    assert_eq!(test.read("out/.lock"), "");
    test.make_folder("a/b");
    test.rename("runs", "a/b/runs");
    test.run("a/b/runs --out second --quiet").status(0).stderr("");
    assert_same_files(&test.files("second"), &first);

    test.remove("a/b/runs/narrow");
    test.run("a/b/runs --out out").status(0);
    assert!(!test.exists("out/narrow-loss.svg") && test.exists("out/wide-loss.svg"));
}

#[test]
fn copies_among_the_rows_are_named_at_the_top_and_with_the_experiment() {
    let test = test();
    let run = |name: &str, seed: u64, copies| {
        let folder = RunFolder { copies, ..RunFolder::new(name, seed, 60, 6) };
        folder.write(&test, &format!("runs/{name}/seed-{seed}"));
    };
    run("older", 1, None);
    run("clean", 1, Some((0, 0)));
    test.run(REPORT).status(0);
    assert!(!test.read("out/index.html").contains("same pixels"));
    run("copied", 1, Some((41, 0)));
    run("copied", 2, Some((52, 0)));
    run("other", 1, Some((0, 3)));
    test.run(REPORT).status(0);
    let copied = "copied: up to 52 of 60 test rows have the same pixels as a training row";
    let other = "other: 3 rows of the data have the same pixels as a row with another label.";
    for file in ["out/index.html", "out/tables.md"] {
        let text = test.read(file);
        for sentence in [copied, other] {
            assert_eq!(text.matches(sentence).count(), 2, "{file}: {sentence}");
        }
        assert_eq!(text.matches("same pixels").count(), 4, "{file}");
    }
    let rows = test.records("out/results.csv");
    let cells: Vec<_> = rows.iter().map(|row| row["test_rows_in_training"].as_str()).collect();
    assert_eq!(cells, ["0", "41", "52", "", "0"]);
}

#[test]
fn a_run_that_is_there_twice_is_counted_once() {
    let test = test();
    RunFolder::new("twin", 1, 30, 3).write(&test, "runs/a/twin");
    RunFolder::new("twin", 1, 30, 3).write(&test, "runs/b/twin");
    RunFolder::new("twin", 2, 30, 3).write(&test, "runs/b/twin-2");
    let expected = "b/twin: left out: the same config, data and seed as a/twin, which is counted";
    test.run(REPORT).status(1).stderr_has(&[expected]);
    assert_eq!(test.read("out/results.csv").lines().count(), 3);
}

#[cfg(unix)]
#[test]
fn names_are_escaped_in_every_format() {
    let test = test();
    let name = "a|b <i>&\"x\"\n`c`,\u{1}*d*";
    RunFolder::new(name, 1, 30, 3).write(&test, &format!("runs/{name}"));
    test.run(REPORT).status(0);
    let tables = test.read("out/tables.md");
    let row = tables.lines().find(|line| line.starts_with("| a")).unwrap_or_else(|| panic!("{tables}"));
    assert!(row.starts_with("| a\\|b \\<i>&\"x\" \\`c\\`,\u{fffd}\\*d\\*"), "{row}");
    let columns = |line: &str| line.replace("\\|", "").matches('|').count();
    assert_eq!(columns(row), columns(tables.lines().find(|line| line.starts_with("| ---")).unwrap()));
    let page = test.read("out/index.html");
    assert!(page.contains("a|b &lt;i&gt;&amp;&quot;x&quot;") && !page.contains("<i>") && !page.contains('\u{1}'));
    for (file, bytes) in test.files("out") {
        if Path::new(&file).extension().is_some_and(|ending| ending == "svg") {
            let svg = String::from_utf8(bytes).unwrap();
            assert!(!svg.contains("<i>") && !svg.contains('\u{1}'), "{file}: {svg}");
        }
    }
    assert_eq!(test.records("out/results.csv")[0]["run"], name);
}

#[test]
fn two_experiments_of_one_name_are_told_apart_by_their_folders() {
    let test = test();
    RunFolder::new("same", 1, 60, 6).write(&test, "runs/monday/same");
    let mut other = RunFolder::new("same", 1, 60, 9);
    other.config.push(("optimizer.sgd.lr", 0.01.into()));
    other.write(&test, "runs/tuesday/same");
    test.run(REPORT).status(0);
    let rows = test.records("out/experiments.csv");
    assert!(rows.iter().map(|row| &row["experiment"]).eq(["monday/same", "tuesday/same"]), "{rows:?}");
    assert!(test.read("out/tables.md").contains("monday/same and tuesday/same: "));
}

#[test]
fn json_goes_to_stdout_alone() {
    let test = test();
    RunFolder::new("good", 1, 30, 3).write(&test, "runs/good");
    let ended = test.run("runs --out out --json");
    let facts = ended.status(0).stderr("").json();
    assert_eq!((&facts["tool"], &facts["counts"]["runs"]), (&"mlp-report".into(), &1.into()));
}

#[test]
fn a_run_with_other_digits_joins_the_report() {
    let test = test();
    RunFolder::new("a", 1, 60, 6).write(&test, "runs/a");
    test.run(REPORT).status(0);
    let whole = test.json("out/stage.json");
    assert_eq!(whole["labels"], serde_json::json!([1, 2, 3]));
    // A report whose runs knew fewer digits, finished or not.
    let mut fewer = whole.clone();
    fewer["labels"] = serde_json::json!([1, 2]);
    for file in ["out/stage.json", "out/.stage.partial.json"] {
        test.remove("out/stage.json");
        test.write(file, fewer.to_string());
        test.run(REPORT).status(0).stderr_has(&["mlp-report: 1 run, report in out/index.html\n"]);
        assert_eq!(test.json("out/stage.json"), whole);
    }
}
