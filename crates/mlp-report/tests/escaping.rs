//! Names that hold anything: what each format and the terminal get of them.

mod runs;

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use runs::Run;

/// The report of runs with given names of experiment and data set; their folders are called 0, 1, 2 and so on.
struct Reported {
    folder: tempfile::TempDir,
    stderr: String,
}

impl Reported {
    fn of(names: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("runs");
        for (i, name) in names.iter().enumerate() {
            let mut run = Run::new(name, 1, 60, 3 + i as u64);
            run.config.push(("data", (*name).into()));
            let written = run.write(&root, &format!("{i}"));
            let path = written.join("summary.json");
            let mut summary: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            summary["data"] = (*name).into();
            stage_files::json::write(&path, &summary).unwrap();
        }
        let out = folder.path().join("out");
        let ran = Command::cargo_bin("mlp-report").unwrap().arg(&root).arg("--out").arg(&out).output().unwrap();
        let stderr = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.code(), Some(0), "{stderr}");
        Self { folder, stderr }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join("out").join(file)
    }

    fn text(&self, file: &str) -> String {
        std::fs::read_to_string(self.path(file)).unwrap()
    }

    fn charts(&self) -> Vec<(String, String)> {
        let entries = std::fs::read_dir(self.folder.path().join("out")).unwrap().map(|entry| entry.unwrap());
        let names = entries.map(|entry| entry.file_name().into_string().unwrap());
        let is_chart = |name: &String| Path::new(name).extension().is_some_and(|ending| ending == "svg");
        names.filter(is_chart).map(|name| (name.clone(), self.text(&name))).collect()
    }

    /// A column of a CSV file.
    fn column(&self, file: &str, name: &str) -> Vec<String> {
        let text = self.text(file);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let at = reader.headers().unwrap().iter().position(|head| head == name).unwrap();
        reader.records().map(|record| record.unwrap()[at].to_owned()).collect()
    }
}

#[test]
fn no_name_leaves_its_place_in_page_charts_and_tables() {
    let long = "x".repeat(300);
    let names = [
        "\"quoted\" 'name'",
        "</script><script>alert(1)</script>",
        "</title><svg onload=alert(1)>",
        "a|b",
        "\u{1b}[31mred\u{1b}[0m",
        &long,
        "손글씨 숫자",
        "![x](https://example.com/x.png)",
        "# heading",
    ];
    let reported = Reported::of(&names);
    let (page, tables) = (reported.text("index.html"), reported.text("tables.md"));
    let charts = reported.charts();
    assert!(charts.len() >= 2 * names.len());
    for (file, text) in charts.iter().map(|(file, text)| (file.as_str(), text)).chain([("index.html", &page)]) {
        for foreign in ["<script", "onload=alert(1)>", "</title><svg", "\u{1b}"] {
            assert!(!text.contains(foreign), "{file} has {foreign:?}");
        }
        assert!(file.len() < 255, "{file}");
    }
    assert!(page.contains("&lt;/script&gt;&lt;script&gt;alert(1)") && page.contains("&quot;quoted&quot;"));
    for whole in [long.as_str(), "손글씨 숫자"] {
        assert!(page.contains(whole) && tables.contains(whole), "{whole}");
    }
    assert!(charts.iter().any(|(file, text)| file.starts_with("손글씨_숫자-") && text.contains("손글씨 숫자")));

    // In Markdown no name opens a tag, an image or a heading, and a row has as many cells as its head.
    assert!(!tables.contains('\u{1b}') && !tables.contains("x](https"), "{tables}");
    assert!(tables.replace("\\<", "").find("<s").is_none(), "{tables}");
    assert!(!tables.lines().any(|line| line == "# heading" || line.starts_with("> # ") || line.starts_with("- # ")));
    let mut columns = None;
    for line in tables.lines() {
        let bars = line.replace("\\|", "").matches('|').count();
        match columns {
            _ if !line.starts_with('|') => columns = None,
            None => columns = Some(bars),
            Some(head) => assert_eq!(bars, head, "{line}"),
        }
    }
    // Data files have the names as they are.
    for (file, name) in [("results.csv", "name"), ("experiments.csv", "experiment")] {
        assert_eq!(reported.column(file, name), names, "{file}");
    }
}

#[test]
fn a_name_is_no_formula_in_a_spreadsheet() {
    let names = ["=1+1", "+1+cmd", "-2+3", "@SUM(A1)", "fine=1", "-0.5"];
    let reported = Reported::of(&names);
    let expected = ["'=1+1", "'+1+cmd", "'-2+3", "'@SUM(A1)", "fine=1", "-0.5"];
    for (file, column) in [("results.csv", "name"), ("results.csv", "config.data"), ("experiments.csv", "experiment")] {
        assert_eq!(reported.column(file, column), expected, "{file}");
    }
    let results: serde_json::Value = serde_json::from_str(&reported.text("results.json")).unwrap();
    assert_eq!((0..names.len()).map(|i| results[i]["name"].as_str().unwrap()).collect::<Vec<_>>(), names);
    // Differences stay numbers.
    let differences = reported.column("comparisons.csv", "low");
    assert!(differences.iter().all(|cell| cell.parse::<f64>().is_ok()), "{differences:?}");
}

#[cfg(unix)]
#[test]
fn control_characters_of_names_do_not_reach_the_terminal() {
    let reported = Reported::of(&["good"]);
    assert!(!reported.stderr.contains("warning"), "{}", reported.stderr);
    let root = reported.folder.path().join("runs");
    let name = "\u{1b}]0;owned\u{7}\u{9b}31m\nmlp-report: all is well\u{202e}";
    std::fs::create_dir_all(root.join(name)).unwrap();
    std::fs::write(root.join(name).join("config.json"), "{}").unwrap();
    let run = |arguments: &[&Path]| {
        let ran = Command::cargo_bin("mlp-report").unwrap().args(arguments).output().unwrap();
        (ran.status.code(), String::from_utf8(ran.stderr).unwrap())
    };
    let (code, stderr) = run(&[&root, Path::new("--out"), &reported.folder.path().join("second")]);
    let shown = r"\u{1b}]0;owned\u{7}\u{9b}31m\nmlp-report: all is well\u{202e}";
    let expected = format!("mlp-report: warning: {shown}: left out: unfinished; run mlp-train again to complete it");
    assert_eq!((code, stderr.lines().next()), (Some(1), Some(expected.as_str())));
    // Neither do those of an argument.
    let (code, stderr) = run(&[&root, Path::new("--out"), &reported.path(""), Path::new("--\u{1b}[31m")]);
    assert!(code == Some(2) && !stderr.contains('\u{1b}') && stderr.contains("unexpected argument"), "{stderr}");
    let (code, stderr) = run(&[&root.join(name), Path::new("--out"), &reported.path("")]);
    assert!(code == Some(2) && !stderr.contains(['\u{1b}', '\u{9b}', '\u{7}']), "{stderr}");
}
