//! Names that hold anything: what each format and the terminal get of them.

use test_support::{RunFolder, Test};

use crate::{REPORT, test};

/// Reports runs of these names; the folder of a run has its number for a name.
fn reported(names: &[&str]) -> Test {
    let test = test();
    for (i, name) in names.iter().enumerate() {
        let mut run = RunFolder::new(name, 1, 60, 3 + i as u64);
        run.config.push(("data", (*name).into()));
        run.write(&test, &format!("runs/{i}"));
    }
    test.run(REPORT).status(0);
    test
}

/// A column of a CSV file of the report.
fn column(test: &Test, file: &str, name: &str) -> Vec<String> {
    test.records(&format!("out/{file}")).iter().map(|row| row[name].clone()).collect()
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
    let test = reported(&names);
    let (page, tables) = (test.read("out/index.html"), test.read("out/tables.md"));
    let svgs = test.names("out").into_iter().filter(|name| name.ends_with(".svg"));
    let charts: Vec<(String, String)> = svgs.map(|name| (name.clone(), test.read(&format!("out/{name}")))).collect();
    assert!(charts.len() >= 2 * names.len());
    for (file, text) in charts.iter().map(|(file, text)| (file.as_str(), text)).chain([("index.html", &page)]) {
        // The page has scripts of its own; a chart has none.
        let script = if file == "index.html" { "<script>alert" } else { "<script" };
        for foreign in [script, "onload=alert(1)>", "</title><svg", "\u{1b}"] {
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
        assert_eq!(column(&test, file, name), names, "{file}");
    }
}

#[test]
fn a_name_is_no_formula_in_a_spreadsheet() {
    let names = ["=1+1", "+1+cmd", "-2+3", "@SUM(A1)", "fine=1", "-0.5"];
    let test = reported(&names);
    let expected = ["'=1+1", "'+1+cmd", "'-2+3", "'@SUM(A1)", "fine=1", "-0.5"];
    for (file, name) in [("results.csv", "name"), ("results.csv", "config.data"), ("experiments.csv", "experiment")] {
        assert_eq!(column(&test, file, name), expected, "{file}");
    }
    let results = test.json("out/results.json");
    assert_eq!((0..names.len()).map(|i| results[i]["name"].as_str().unwrap()).collect::<Vec<_>>(), names);
    // Differences stay numbers.
    let differences = column(&test, "comparisons.csv", "low");
    assert!(differences.iter().all(|cell| cell.parse::<f64>().is_ok()), "{differences:?}");
}

#[cfg(unix)]
#[test]
fn control_characters_of_names_do_not_reach_the_terminal() {
    let test = reported(&["good"]);
    assert!(!test.run("runs --out first").status(0).stderr.contains("warning"));
    let name = "\u{1b}]0;owned\u{7}\u{9b}31m\nmlp-report: all is well\u{202e}";
    test.write(&format!("runs/{name}/config.json"), "{}");
    let ended = test.run("runs --out second");
    let shown = r"\u{1b}]0;owned\u{7}\u{9b}31m\nmlp-report: all is well\u{202e}";
    let expected = format!("mlp-report: warning: {shown}: left out: unfinished; run mlp-train again to complete it");
    assert_eq!(ended.status(1).stderr.lines().next(), Some(expected.as_str()));
    // Neither do those of an argument.
    let ended = test.run("runs --out out --\u{1b}[31m");
    assert!(!ended.status(2).stderr_has(&["unexpected argument"]).stderr.contains('\u{1b}'), "{ended}");
    let ended = test.command("").arg(format!("runs/{name}")).args(["--out", "out"]).run();
    assert!(!ended.status(2).stderr.contains(['\u{1b}', '\u{9b}', '\u{7}']), "{ended}");
}
