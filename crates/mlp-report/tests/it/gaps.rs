//! Runs that a list of configs asks for and that are not there.

use serde_json::json;
use test_support::RunFolder;

use crate::test;

#[test]
fn runs_that_are_missing_are_refused_or_listed() {
    let test = test();
    let config = json!({"data": "d.csv", "hidden": [4], "seeds": [1, 2]});
    test.write("wide.json", config.to_string());
    test.write("narrow.json", config.to_string());
    test.write("wrong.json", config.to_string().replace("hidden", "hiden"));
    test.write("list", "wide.json\n\nnarrow.json\nwrong.json\ngone.json\n");
    for (name, seed) in [("wide", 1), ("wide", 2), ("narrow", 2)] {
        RunFolder::new(name, seed, 30, 3).write(&test, &format!("runs/{name}/seed-{seed}"));
    }
    let all = "runs --out out --configs-from list";
    let gaps = ["3 of the runs are not there", "narrow/seed-1: missing", "wrong: missing", "gone: missing"];
    test.run(all).status(2).stderr_has(&gaps).stderr_has(&["or give --allow-missing"]);
    assert!(!test.exists("out"));
    let tolerant = format!("{all} --allow-missing");
    test.run(&tolerant).status(1).stderr_has(&["narrow/seed-1: left out: missing", "3 runs, report in"]);
    let tables = test.read("out/tables.md");
    assert!(tables.contains("Missing: 3 runs that the configs ask for are not there."), "{tables}");
    assert!(tables.contains("- narrow/seed-1: missing; run mlp-train with its config"), "{tables}");
    assert!(tables.contains("- wrong: missing; its config cannot be used: wrong.json: "), "{tables}");
    assert!(!tables.contains("Left out"), "{tables}");
    test.run(&tolerant).status(1).stderr_has(&["nothing to do"]);
    // Another gap is another report, though their number is the same.
    test.remove("runs/wide/seed-2");
    RunFolder::new("narrow", 1, 30, 3).write(&test, "runs/narrow/seed-1");
    test.run(&tolerant).status(1);
    assert!(test.read("out/tables.md").contains("- wide/seed-2: missing"));
    test.write("list", "narrow.json\n");
    test.run(all).status(0);
    test.run("runs --out out --configs-from none").status(2).stderr_has(&["--configs-from", "none"]);
}
