//! Runs that cannot be used and outputs that cannot be written: what is named, and what is left on disk.

use stage_files::lock::FolderLock;
use test_support::{RunFolder, assert_same_files};

use crate::{REPORT, test};

/// What becomes of a file's text; `None` removes the file.
type Change = Box<dyn Fn(&str) -> Option<String>>;

fn removed() -> Change {
    Box::new(|_| None)
}

fn text(text: &'static str) -> Change {
    Box::new(move |_| Some(text.into()))
}

fn replaced(from: &'static str, to: &'static str) -> Change {
    Box::new(move |text| {
        assert!(text.contains(from), "no `{from}` in {text}");
        Some(text.replacen(from, to, 1))
    })
}

/// Without what stands between the two, the first included.
fn without(from: &'static str, until: Option<&'static str>) -> Change {
    Box::new(move |text| {
        let end = until.map_or(text.len(), |until| text.find(until).unwrap());
        Some([&text[..text.find(from).unwrap()], &text[end..]].concat())
    })
}

#[test]
fn folders_that_cannot_be_used_are_named_with_their_reason_and_the_rest_is_done() {
    let test = test();
    RunFolder::new("good", 1, 30, 3).write(&test, "runs/good");
    let faults = [
        ("half", "unfinished; run mlp-train again", "stage.json", removed()),
        ("version", "format 9 is not known here", "stage.json", replaced("\"format\": 1", "\"format\": 9")),
        ("no-summary", "summary.json", "summary.json", removed()),
        ("no-metrics", "metrics.csv", "metrics.csv", removed()),
        ("no-predictions", "predictions.csv", "predictions.csv", removed()),
        ("cut-off", "stage.json", "stage.json", text("{\"format\": 1,")),
        ("config-gone-bad", "config.json", "config.json", text("{")),
        (
            "better",
            "summary.json says 29 of 30 test rows are right, predictions.csv 27",
            "summary.json",
            replaced("\"test_correct\": 27", "\"test_correct\": 29"),
        ),
        (
            "accuracy",
            "test_accuracy 0.95",
            "summary.json",
            replaced("\"test_accuracy\": 0.9", "\"test_accuracy\": 0.95"),
        ),
        ("epochs", "summary.json says 20 epochs, metrics.csv ends with 19", "metrics.csv", without("\n20,", None)),
        ("gap", "metrics.csv: line 5: expected epoch 4, found 5", "metrics.csv", without("\n4,", Some("\n5,"))),
        ("seed", "config.json has seed 1, summary.json seed 5", "summary.json", replaced("\"seed\": 1", "\"seed\": 5")),
        ("label", "predictions.csv: line 2", "predictions.csv", replaced("\n0,1,1,", "\n0,7,1,")),
        ("text", "metrics.csv", "metrics.csv", replaced("\n3,0.5,", "\n3,half,")),
    ];
    for (name, _, file, change) in &faults {
        RunFolder::new(name, 1, 30, 3).write(&test, &format!("runs/{name}"));
        let file = format!("runs/{name}/{file}");
        match change(&test.read(&file)) {
            Some(text) => test.write(&file, text),
            None => test.remove(&file),
        }
    }
    let ended = test.run(REPORT);
    assert!(ended.status(1).stderr.ends_with("1 run, report in out/index.html\n"), "{ended}");
    let (tables, page) = (test.read("out/tables.md"), test.read("out/index.html"));
    for (name, reason, ..) in &faults {
        let line = ended.stderr.lines().find(|line| line.contains(&format!("warning: {name}: left out: ")));
        assert!(line.is_some_and(|line| line.contains(reason)), "{name}: {ended}");
        assert!(tables.contains(&format!("- {name}: ")) && page.contains(&format!("{name}: ")), "{name}");
    }
    test.run(REPORT).status(1);
    let absolute = test.at("runs").display().to_string();
    test.command("").arg(&absolute).args(["--out", "elsewhere"]).run().status(1);
    assert!(!test.read("elsewhere/tables.md").contains(&absolute), "a report names no folder of this machine");
}

#[test]
fn without_a_whole_run_the_request_is_refused_unless_that_is_allowed() {
    let test = test();
    test.run(REPORT).status(2).stderr_has(&["expected the folder that mlp-train wrote, found nothing"]);
    test.make_folder("runs");
    test.run(REPORT).status(2).stderr_has(&["no whole run folder (0 cannot be used); run mlp-train first"]);
    RunFolder::new("half", 1, 30, 3).write(&test, "runs/half");
    test.remove("runs/half/stage.json");
    test.run(REPORT).status(2);
    assert!(!test.exists("out"));
    test.run("runs --out out --allow-missing").status(1);
    assert!(test.read("out/index.html").contains("No run could be used"));
    assert_eq!(test.read("out/results.csv").lines().count(), 1);
    test.remove("runs/half");
    test.run("runs --out out --allow-missing").status(0);
    test.run("runs --out out --nonsense").status(2);
}

#[test]
fn outputs_that_cannot_be_written_are_faults_and_foreign_ones_are_refused() {
    let test = test();
    RunFolder::new("good", 1, 30, 3).write(&test, "runs/good");
    test.write("file", "");
    test.run("runs --out file/out").status(2).stderr_has(&["expected folders only"]);

    let lock = FolderLock::take(&test.at("out")).unwrap();
    let writer = format!("is being written by process {}", std::process::id());
    test.run(REPORT).status(3).stderr_has(&[&writer]);
    assert!(!test.exists("out/index.html"));
    drop(lock);
    test.run(REPORT).status(0);

    test.write("foreign/thesis.docx", "mine");
    test.run("runs --out foreign").status(2).stderr_has(&["thesis.docx"]);
    assert_eq!(test.names("foreign"), ["thesis.docx"]);
    // A run folder is no place for a report either.
    test.run("runs --out runs/good").status(2).stderr_has(&["lies inside, the input runs"]);
}

#[cfg(unix)]
#[test]
fn a_read_only_output_is_a_fault_from_outside() {
    let test = test();
    RunFolder::new("good", 1, 30, 3).write(&test, "runs/good");
    if test.make_read_only_folder("closed") {
        test.run("runs --out closed/out").status(3).stderr_has(&["closed"]);
    }
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_a_fault_that_leaves_the_last_report_and_can_be_tried_again() {
    let test = test();
    let report = test.command("runs --out out --tensorboard events");
    let on_full_disk = report.clone().on_full_disk();
    RunFolder::new("good", 1, 30, 3).write(&test, "runs/good");
    on_full_disk.run().status(3).stderr_has(&["cannot write", "out"]);
    assert!(!test.exists("out/index.html") && !test.exists("out/stage.json"));
    report.run().status(0);
    let page = test.read("out/index.html");

    RunFolder::new("better", 1, 30, 1).write(&test, "runs/better");
    on_full_disk.run().status(3);
    assert_eq!(test.read("out/index.html"), page, "the last page must stay as it was");
    assert!(!test.exists("out/stage.json"), "but not be taken for the current one");
    report.run().status(0);
    test.run("runs --out fresh").status(0);
    assert_same_files(&test.files("out"), &test.files("fresh"));

    // Event files are no different.
    let mut long = RunFolder::new("long", 1, 30, 2);
    long.epochs = 100;
    long.write(&test, "runs/long");
    on_full_disk.run().status(3).stderr_has(&["cannot write", "events"]);
    assert!(!test.exists("events/stage.json"));
    report.run().status(0);
    assert!(test.exists("events/stage.json") && test.exists("events/long"));
}
