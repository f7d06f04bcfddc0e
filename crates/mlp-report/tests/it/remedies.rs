//! What a message advises helps, and what is wrong is told with what was expected and found.

use test_support::RunFolder;

use crate::{REPORT, test};

#[test]
fn bad_input_is_told_with_what_was_expected_found_and_helps() {
    let test = test();
    test.write("file", "");
    test.make_folder("empty");
    RunFolder::new("a", 1, 30, 3).write(&test, "runs/a");
    for (line, part) in [
        ("nowhere --out out", "nowhere: expected the folder that mlp-train wrote, found nothing; check the path"),
        ("file --out out", "file: expected the folder that mlp-train wrote, found a file; give its folder"),
        ("empty --out out", "run mlp-train first"),
        ("runs --out file", "file: expected a folder to write, found a file; name another folder"),
        ("runs --out file/x", "expected folders only"),
        ("runs", "--out"),
    ] {
        let ended = test.run(line);
        ended.status(2).stderr_has(&[part]);
        assert!(!ended.stderr.contains("os error") && !test.exists("out"), "{ended}");
    }
    test.run("empty --out out --allow-missing").status(0);
    // A report of other runs, with other labels, is no other setting.
    test.run(REPORT).status(0).stderr_has(&["1 run, report in"]);
    test.run(&format!("{REPORT} --fresh")).status(0).stderr_has(&["mlp-report: 1 run, report in"]);
}
