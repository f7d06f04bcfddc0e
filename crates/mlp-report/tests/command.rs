//! The whole command: message, exit code and what is on disk.

mod runs;

use std::collections::BTreeMap;
use std::path::Path;

use assert_cmd::Command;
use runs::Run;
use stage_files::lock::FolderLock;

struct Ended {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn report(runs: &Path, out: &Path, options: &[&str]) -> Ended {
    let mut command = Command::cargo_bin("mlp-report").unwrap();
    let output = command.arg(runs).arg("--out").arg(out).args(options).output().unwrap();
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|e| (e.file_name().into_string().unwrap(), std::fs::read(e.path()).unwrap())).collect()
}

/// Replaces a part of a file that must be there.
fn edit(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{} has no {from}", path.display());
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn runs_become_a_report_whose_bytes_depend_on_them_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (runs, out) = (folder.path().join("runs"), folder.path().join("out"));
    Run::new("wide", 1, 60, 6).write(&runs, "wide");
    Run::new("narrow", 1, 60, 15).write(&runs, "narrow");
    let ended = report(&runs, &out, &[]);
    let index = out.join("index.html");
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""));
    assert_eq!(ended.stderr, format!("2 runs, report in {}\n", index.display()));
    for file in ["index.html", "tables.md", "results.csv", "stage.json", "wide-loss.svg", "narrow-confusion.svg"] {
        assert!(out.join(file).is_file(), "{file}");
    }
    // The tables and the page are made from one source, so every row of one is in the other.
    let tables = text(&out.join("tables.md"));
    assert!(
        tables.contains("wide beats narrow")
            || tables.contains("narrow beats wide")
            || tables.contains("not significant")
    );
    let table = text(&out.join("results.csv"));
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), 2);
    for (row, run, accuracy) in [(&rows[0], "narrow", "0.75"), (&rows[1], "wide", "0.9")] {
        assert_eq!((row["run"].as_str(), row["test_accuracy"].as_str(), row["seed"].as_str()), (run, accuracy, "1"));
    }
    let page = text(&index);
    assert!(page.contains("0.900") && page.contains("0.750"));
    for outside in ["src=", "href=\"h", "href=\"/", "url(", "@import", "https:", "<script"] {
        assert!(!page.contains(outside), "the page must need nothing but itself, but has {outside}");
    }

    let first = files(&out);
    let ended = report(&runs, &out, &[]);
    assert_eq!(ended.code, Some(0));
    assert_eq!(ended.stderr, format!("nothing to do: the report in {} is up to date\n", index.display()));
    // Killed between the last file and the release of the folder, a process leaves a whole report that it still names.
    std::fs::write(out.join(".lock"), "process 1 on elsewhere").unwrap();
    std::fs::copy(out.join("stage.json"), out.join(".stage.partial.json")).unwrap();
    assert_eq!(report(&runs, &out, &[]).code, Some(0));
    assert_eq!(files(&out), first);
    let elsewhere = folder.path().join("a/b/runs");
    std::fs::create_dir_all(elsewhere.parent().unwrap()).unwrap();
    std::fs::rename(&runs, &elsewhere).unwrap();
    let second = folder.path().join("second");
    assert_eq!(report(&elsewhere, &second, &["--quiet"]).stderr, "");
    assert_eq!(files(&second), first);

    std::fs::remove_dir_all(elsewhere.join("narrow")).unwrap();
    assert_eq!(report(&elsewhere, &out, &[]).code, Some(0));
    assert!(!out.join("narrow-loss.svg").exists() && out.join("wide-loss.svg").exists());
}

#[test]
fn folders_that_cannot_be_used_are_named_with_their_reason_and_the_rest_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let (runs, out) = (folder.path().join("runs"), folder.path().join("out"));
    Run::new("good", 1, 30, 3).write(&runs, "good");
    let spoil: [(&str, &str, &dyn Fn(&Path)); 14] = [
        ("half", "unfinished; run mlp-train again", &|f| std::fs::remove_file(f.join("stage.json")).unwrap()),
        ("version", "format 9 is not known here", &|f| edit(&f.join("stage.json"), "\"format\": 1", "\"format\": 9")),
        ("no-summary", "summary.json", &|f| std::fs::remove_file(f.join("summary.json")).unwrap()),
        ("no-metrics", "metrics.csv", &|f| std::fs::remove_file(f.join("metrics.csv")).unwrap()),
        ("no-predictions", "predictions.csv", &|f| std::fs::remove_file(f.join("predictions.csv")).unwrap()),
        ("cut-off", "stage.json", &|f| std::fs::write(f.join("stage.json"), "{\"format\": 1,").unwrap()),
        ("config-gone-bad", "config.json", &|f| std::fs::write(f.join("config.json"), "{").unwrap()),
        ("better", "summary.json says 29 of 30 test rows are right, predictions.csv 27", &|f| {
            edit(&f.join("summary.json"), "\"test_correct\": 27", "\"test_correct\": 29");
        }),
        ("accuracy", "test_accuracy 0.95", &|f| {
            edit(&f.join("summary.json"), "\"test_accuracy\": 0.9", "\"test_accuracy\": 0.95");
        }),
        ("epochs", "summary.json says 20 epochs, metrics.csv ends with 19", &|f| {
            let table = text(&f.join("metrics.csv"));
            let end = table.rfind("\n20,").unwrap();
            std::fs::write(f.join("metrics.csv"), &table[..=end]).unwrap();
        }),
        ("gap", "metrics.csv: line 5: expected epoch 4, found 5", &|f| {
            let table = text(&f.join("metrics.csv"));
            let at = table.find("\n4,").unwrap();
            let next = table.find("\n5,").unwrap();
            std::fs::write(f.join("metrics.csv"), format!("{}{}", &table[..at], &table[next..])).unwrap();
        }),
        ("seed", "config.json has seed 1, summary.json seed 5", &|f| {
            edit(&f.join("summary.json"), "\"seed\": 1", "\"seed\": 5");
        }),
        ("label", "predictions.csv: line 2", &|f| edit(&f.join("predictions.csv"), "\n0,1,1,", "\n0,7,1,")),
        ("text", "metrics.csv", &|f| edit(&f.join("metrics.csv"), "\n3,0.5,", "\n3,half,")),
    ];
    for (name, _, spoil) in &spoil {
        spoil(&Run::new(name, 1, 30, 3).write(&runs, name));
    }
    let ended = report(&runs, &out, &[]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stderr.ends_with(&format!("1 runs, report in {}\n", out.join("index.html").display())));
    let (tables, page) = (text(&out.join("tables.md")), text(&out.join("index.html")));
    for (name, reason, _) in &spoil {
        let line = ended.stderr.lines().find(|line| line.contains(&format!("warning: {name}: left out: ")));
        assert!(line.is_some_and(|line| line.contains(reason)), "{name}: {}", ended.stderr);
        assert!(tables.contains(&format!("- {name}: ")) && page.contains(&format!("{name}: ")), "{name}");
    }
    assert!(!tables.contains(&folder.path().display().to_string()), "{tables}");
    assert_eq!(report(&runs, &out, &[]).code, Some(1));
}

#[test]
fn without_a_whole_run_the_request_is_refused_unless_that_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let (runs, out) = (folder.path().join("runs"), folder.path().join("out"));
    let ended = report(&runs, &out, &[]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("no such folder; expected the folder that mlp-train wrote"), "{}", ended.stderr);
    std::fs::create_dir(&runs).unwrap();
    let ended = report(&runs, &out, &[]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("no whole run folder (0 cannot be used); run mlp-train first"), "{}", ended.stderr);
    let half = Run::new("half", 1, 30, 3).write(&runs, "half");
    std::fs::remove_file(half.join("stage.json")).unwrap();
    assert_eq!(report(&runs, &out, &[]).code, Some(2));
    assert!(!out.exists());
    let ended = report(&runs, &out, &["--allow-missing"]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(text(&out.join("index.html")).contains("No run could be used"));
    assert_eq!(text(&out.join("results.csv")).lines().count(), 1);
    std::fs::remove_dir_all(half).unwrap();
    assert_eq!(report(&runs, &out, &["--allow-missing"]).code, Some(0));
    assert_eq!(report(&runs, &out, &["--nonsense"]).code, Some(2));
}

#[test]
fn a_run_that_is_there_twice_is_counted_once() {
    let folder = tempfile::tempdir().unwrap();
    let (runs, out) = (folder.path().join("runs"), folder.path().join("out"));
    Run::new("twin", 1, 30, 3).write(&runs, "a/twin");
    Run::new("twin", 1, 30, 3).write(&runs, "b/twin");
    Run::new("twin", 2, 30, 3).write(&runs, "b/twin-2");
    let ended = report(&runs, &out, &[]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    let expected = "b/twin: left out: the same config, data and seed as a/twin, which is counted";
    assert!(ended.stderr.contains(expected), "{}", ended.stderr);
    assert_eq!(text(&out.join("results.csv")).lines().count(), 3);
}

#[cfg(unix)]
#[test]
fn names_are_escaped_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let (runs, out) = (folder.path().join("runs"), folder.path().join("out"));
    let name = "a|b <i>&\"x\"\n`c`,\u{1}*d*";
    Run::new(name, 1, 30, 3).write(&runs, name);
    let ended = report(&runs, &out, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let tables = text(&out.join("tables.md"));
    let row = tables.lines().find(|line| line.starts_with("| a")).unwrap_or_else(|| panic!("{tables}"));
    assert!(row.starts_with("| a\\|b \\<i>&\"x\" \\`c\\`,\u{fffd}\\*d\\*"), "{row}");
    let columns = |line: &str| line.replace("\\|", "").matches('|').count();
    assert_eq!(columns(row), columns(tables.lines().find(|line| line.starts_with("| ---")).unwrap()));
    let page = text(&out.join("index.html"));
    assert!(page.contains("a|b &lt;i&gt;&amp;&quot;x&quot;") && !page.contains("<i>") && !page.contains('\u{1}'));
    for (file, bytes) in files(&out) {
        if Path::new(&file).extension().is_some_and(|ending| ending == "svg") {
            let svg = String::from_utf8(bytes).unwrap();
            assert!(!svg.contains("<i>") && !svg.contains('\u{1}'), "{file}: {svg}");
        }
    }
    let table = text(&out.join("results.csv"));
    let row = csv::Reader::from_reader(table.as_bytes()).into_records().next().unwrap().unwrap();
    assert_eq!(&row[0], name);
}

#[test]
fn outputs_that_cannot_be_written_are_faults_and_foreign_ones_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (runs, out) = (folder.path().join("runs"), folder.path().join("out"));
    Run::new("good", 1, 30, 3).write(&runs, "good");
    std::fs::write(folder.path().join("file"), "").unwrap();
    assert_eq!(report(&runs, &folder.path().join("file/out"), &[]).code, Some(3));

    let lock = FolderLock::take(&out).unwrap();
    let ended = report(&runs, &out, &[]);
    assert_eq!(ended.code, Some(3));
    assert!(ended.stderr.contains(&format!("is being written by process {}", std::process::id())), "{}", ended.stderr);
    assert!(!out.join("index.html").exists());
    drop(lock);
    assert_eq!(report(&runs, &out, &[]).code, Some(0));

    let foreign = folder.path().join("foreign");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::write(foreign.join("thesis.docx"), "mine").unwrap();
    let ended = report(&runs, &foreign, &[]);
    assert_eq!((ended.code, ended.stderr.contains("thesis.docx")), (Some(2), true), "{}", ended.stderr);
    assert_eq!(files(&foreign).len(), 1);
    // A run folder is no place for a report either.
    let ended = report(&runs, &runs.join("good"), &[]);
    assert_eq!((ended.code, ended.stderr.contains("made by mlp-train")), (Some(2), true), "{}", ended.stderr);
}

#[cfg(unix)]
#[test]
#[expect(clippy::print_stderr, reason = "a test that cannot test here says so")]
fn a_read_only_output_is_a_fault_from_outside() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (runs, closed) = (folder.path().join("runs"), folder.path().join("closed"));
    Run::new("good", 1, 30, 3).write(&runs, "good");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o555)).unwrap();
    if std::fs::write(closed.join("probe"), "").is_ok() {
        eprintln!("not tested: this user may write where the permissions say nobody may");
        return;
    }
    let ended = report(&runs, &closed.join("out"), &[]);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(ended.stderr.contains("closed"), "{}", ended.stderr);
}

/// A disk that is full after 4 kB, as far as one file goes.
#[cfg(unix)]
#[test]
fn a_full_disk_is_a_fault_that_leaves_the_last_report_and_can_be_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let on_full_disk = || {
        let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" runs --out out --tensorboard events";
        let mut command = std::process::Command::new("sh");
        command.current_dir(folder.path()).args(["-c", script]).arg(assert_cmd::cargo::cargo_bin("mlp-report"));
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let whole = || report(&at("runs"), &at("out"), &["--tensorboard", &at("events").display().to_string()]);
    Run::new("good", 1, 30, 3).write(&at("runs"), "good");
    let (code, stderr) = on_full_disk();
    assert!(code == Some(3) && stderr.contains("cannot write") && stderr.contains("out"), "{stderr}");
    assert!(!at("out/index.html").exists() && !at("out/stage.json").exists());
    assert_eq!(whole().code, Some(0));
    let page = text(&at("out/index.html"));

    Run::new("better", 1, 30, 1).write(&at("runs"), "better");
    assert_eq!(on_full_disk().0, Some(3));
    assert_eq!(text(&at("out/index.html")), page, "the last page must stay as it was");
    assert!(!at("out/stage.json").exists(), "but not be taken for the current one");
    assert_eq!(whole().code, Some(0));
    assert_eq!(report(&at("runs"), &at("fresh"), &[]).code, Some(0));
    assert_eq!(files(&at("out")), files(&at("fresh")));

    // Event files are no different.
    let mut long = Run::new("long", 1, 30, 2);
    long.epochs = 100;
    long.write(&at("runs"), "long");
    let (code, stderr) = on_full_disk();
    assert!(code == Some(3) && stderr.contains("cannot write") && stderr.contains("events"), "{stderr}");
    assert!(!at("events/stage.json").exists());
    assert_eq!(whole().code, Some(0));
    assert!(at("events/stage.json").exists() && at("events/long").exists());
}

#[test]
fn two_experiments_of_one_name_are_told_apart_by_their_folders() {
    let folder = tempfile::tempdir().unwrap();
    let (runs, out) = (folder.path().join("runs"), folder.path().join("out"));
    Run::new("same", 1, 60, 6).write(&runs, "monday/same");
    let mut other = Run::new("same", 1, 60, 9);
    other.config.push(("optimizer.sgd.lr", 0.01.into()));
    other.write(&runs, "tuesday/same");
    let ended = report(&runs, &out, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let names: Vec<String> =
        records(&out.join("experiments.csv")).iter().map(|row| row["experiment"].clone()).collect();
    assert_eq!(names, ["monday/same", "tuesday/same"]);
    assert!(text(&out.join("tables.md")).contains("monday/same and tuesday/same: "));
}

#[test]
fn json_goes_to_stdout_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (runs, out) = (folder.path().join("runs"), folder.path().join("out"));
    Run::new("good", 1, 30, 3).write(&runs, "good");
    let ended = report(&runs, &out, &["--json"]);
    let facts: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    assert_eq!((&facts["tool"], &facts["counts"]["runs"]), (&"mlp-report".into(), &1.into()));
}

fn records(path: &Path) -> Vec<BTreeMap<String, String>> {
    let table = text(path);
    csv::Reader::from_reader(table.as_bytes()).deserialize().collect::<Result<_, _>>().unwrap()
}

#[test]
fn seeds_of_one_experiment_are_one_row_with_an_interval_and_a_line_each_in_the_results() {
    let folder = tempfile::tempdir().unwrap();
    let (runs, out) = (folder.path().join("runs"), folder.path().join("out"));
    for seed in 1..=5 {
        Run::new("good", seed, 200, 10 + seed).write(&runs, &format!("good/seed-{seed}"));
        let mut bad = Run::new("bad", seed, 200, 50 + 2 * seed);
        bad.zero_loss_epoch = (seed > 3).then_some(15);
        bad.write(&runs, &format!("bad/seed-{seed}"));
    }
    assert_eq!(report(&runs, &out, &[]).code, Some(0));
    let rows = records(&out.join("results.csv"));
    assert_eq!(rows.len(), 10);
    assert_eq!((rows[9]["run"].as_str(), rows[9]["experiment"].as_str()), ("good/seed-5", "good"));
    assert_eq!((rows[9]["config.optimizer.sgd.lr"].as_str(), rows[9]["hidden"].as_str()), ("0.001", "[32,32]"));
    let json: serde_json::Value = serde_json::from_str(&text(&out.join("results.json"))).unwrap();
    assert_eq!((&json[9]["run"], &json[9]["test_correct"]), (&"good/seed-5".into(), &185.into()));

    let rows = records(&out.join("experiments.csv"));
    let bad = &rows[0];
    assert_eq!((bad["experiment"].as_str(), bad["runs"].as_str()), ("bad", "5"));
    assert!((bad["test_accuracy_mean"].parse::<f64>().unwrap() - 0.72).abs() < 1e-12, "{bad:?}");
    // Accuracies .74 .73 .72 .71 .70 on the same rows: Student's half width over the seeds alone would be .0196, with
    // the chance of 200 rows it is .0628 (numpy and scipy, by the formula of `Crossed`).
    assert!((bad["test_accuracy_low"].parse::<f64>().unwrap() - 0.657_235_212).abs() < 1e-8, "{bad:?}");
    // Two of five came near zero loss: their median was not reached.
    assert_eq!((bad["zero_loss_reached"].as_str(), bad["zero_loss_epoch_median"].as_str()), ("2", ""));

    let comparisons = records(&out.join("comparisons.csv"));
    assert_eq!((comparisons.len(), comparisons[0]["verdict"].as_str()), (1, "a is better"));
    let page = text(&out.join("index.html"));
    assert!(page.contains("good beats bad by 21.5 points (95 % "), "the sentence is missing");
    assert!(text(&out.join("tables.md")).contains("good beats bad by 21.5 points (95 % "));
}

#[test]
fn a_difference_that_is_not_significant_comes_with_what_it_would_take() {
    let folder = tempfile::tempdir().unwrap();
    let (runs, out) = (folder.path().join("runs"), folder.path().join("out"));
    Run::new("a", 1, 185, 20).write(&runs, "a");
    Run::new("b", 1, 185, 22).write(&runs, "b");
    assert_eq!(report(&runs, &out, &[]).code, Some(0));
    let tables = text(&out.join("tables.md"));
    let sentence = tables.lines().find(|line| line.starts_with("- a and b: ")).unwrap_or_else(|| panic!("{tables}"));
    assert!(sentence.contains("is not significant with 185 test rows; about 730 would be needed."), "{sentence}");
    assert_eq!(records(&out.join("comparisons.csv"))[0]["p"], "0.5");
}

#[test]
fn runs_on_other_data_are_not_compared_and_diverged_ones_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (runs, out) = (folder.path().join("runs"), folder.path().join("out"));
    Run::new("a", 1, 60, 5).write(&runs, "a");
    let other = Run::new("b", 1, 60, 30).write(&runs, "b");
    edit(&other.join("stage.json"), &"0".repeat(64), &"1".repeat(64));
    let lost = Run::new("lost", 1, 60, 5).write(&runs, "lost");
    runs::diverge(&lost);
    let ended = report(&runs, &out, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(records(&out.join("comparisons.csv")).len(), 0);
    let row = &records(&out.join("results.csv"))[2];
    assert_eq!(
        (row["outcome"].as_str(), row["outcome.epoch"].as_str(), row["test_accuracy"].as_str()),
        ("diverged", "21", "")
    );
    let page = text(&out.join("index.html"));
    assert!(page.contains("lost diverged (epoch 21"), "{page}");
}
