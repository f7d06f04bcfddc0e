//! Pictures of test rows on the page, links to their originals, and what is said of the data.

use stage_files::picture::Canvas;
use stage_files::run::{PredictionRow, TestPictures, predictions_csv, read_predictions};
use test_support::{RunFolder, Test};

use crate::opening::live;
use crate::{REPORT, test};

const CANVAS: Canvas = Canvas { width_px: 4, height_px: 4 };

/// A run of 60 rows, the last 6 misclassified, with pictures; `change` gives each row its writer and path.
pub(crate) fn with_pictures(test: &Test, name: &str, run: &RunFolder, change: impl Fn(&mut PredictionRow)) {
    run.write(test, name);
    let labels = "1-3".parse().unwrap();
    let mut rows = read_predictions(&test.at(name), &labels).unwrap();
    rows.iter_mut().for_each(change);
    test.write(&format!("{name}/predictions.csv"), predictions_csv(&labels, &rows).unwrap());
    let mut pictures = TestPictures::new(CANVAS.pixels(), None);
    rows.iter().for_each(|row| pictures.push((0..16).map(|at| (row.row * 4 + at) as u8)));
    test.write(&format!("{name}/test_pictures.png"), pictures.encode().unwrap().unwrap());
}

fn page(test: &Test) -> String {
    test.read("out/index.html")
}

/// The part of the page from one text to the next.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let rest = page.split_once(from).unwrap_or_else(|| panic!("no {from}")).1;
    rest.split_once(to).unwrap_or_else(|| panic!("no {to} after {from}")).0
}

#[test]
fn cells_of_the_matrix_lead_to_their_pictures() {
    let test = test();
    with_pictures(&test, "runs/a", &RunFolder::new("a", 1, 60, 6), |_| ());
    test.run(REPORT).status(0);
    let page = page(&test);
    // The last 6 rows: two of each label, predicted as the next one.
    let cell = between(&page, "id=\"pictures-1-1-2\"", "class=\"cell");
    assert!(
        cell.contains("<h3>Label 1, predicted 2: 2 pictures</h3>") && cell.contains("row 54: label 1, predicted 2")
    );
    assert_eq!(cell.matches("<img").count(), 2, "{cell}");
    // Three bars, of which that of the label is marked.
    assert!(cell.contains("<li><span>2</span><i style=\"width:36px\"></i><span>0.75</span></li>"), "{cell}");
    assert_eq!((cell.matches("<li").count(), cell.matches("<li class=\"label\"><span>1</span>").count()), (6, 2));
    let right = between(&page, "id=\"pictures-1-1-1\"", "</h3>");
    assert!(right.ends_with("Label 1, predicted 1: the 6 least certain of 18 pictures"), "{right}");
    for pair in ["1-2", "2-3", "3-1", "1-1", "2-2", "3-3"] {
        assert_eq!(page.matches(&format!("href=\"#pictures-1-{pair}\"")).count(), 1, "{pair}");
    }
    // The chart for papers is a file; the page has no second copy of the matrix there.
    assert!(test.exists("out/best-a-confusion.svg"));
    let strip = between(&page, "Label 2: 20 test rows", "Label 3: 20");
    assert_eq!((strip.matches("<img").count(), strip.matches("mean of 20 pictures").count()), (21, 2), "{strip}");
    assert!(test.read("out/tables.md").contains("- Label 1, predicted 2: 2 pictures"));
}

#[test]
fn rows_on_which_two_runs_disagree_have_pictures() {
    let test = test();
    // Of the last 9 rows, the first three are predicted right by one of the two.
    with_pictures(&test, "runs/a", &RunFolder::new("a", 1, 60, 6), |_| ());
    with_pictures(&test, "runs/b", &RunFolder::new("b", 1, 60, 9), |_| ());
    test.run(REPORT).status(0);
    let sheet = &live(&test, "side-by-side")["sheet"];
    // The first row, then steps.
    assert_eq!((&sheet["rows"], &sheet["size"]), (&serde_json::json!([51, 1, 1]), &serde_json::json!([4, 4])));
    assert!(sheet["source"].as_str().unwrap().starts_with("data:image/png;base64,"));
    assert_eq!(sheet["columns"], 50);
    // Runs of versions that stored none.
    for run in ["a", "b"] {
        test.remove(&format!("runs/{run}/test_pictures.png"));
    }
    test.run(&format!("{REPORT} --fresh")).status(0);
    assert!(live(&test, "side-by-side")["sheet"].is_null());
}

#[test]
fn a_picture_that_several_runs_misclassify_is_shown_once() {
    let test = test();
    for seed in 1..=3 {
        let mut run = RunFolder::new("a", seed, 60, 6);
        if seed == 3 {
            run.rows.iter_mut().for_each(|row| row.2 = row.1);
        }
        with_pictures(&test, &format!("runs/a/seed-{seed}"), &run, |_| ());
    }
    test.run(REPORT).status(0);
    let page = page(&test);
    let cell = between(&page, "id=\"pictures-1-1-2\"", "class=\"cell");
    assert!(cell.contains("Label 1, predicted 2: 2 pictures, 4 predictions"), "{cell}");
    assert!(cell.contains("predicted 2 by 2 of 3 runs") && cell.matches("<figure").count() == 2, "{cell}");
    // Means: 0.75 twice and 0.125 once; the label has 0.125 twice and 0.75 once.
    assert!(cell.contains("<span>0.54</span>") && cell.contains("<span>0.33</span>"), "{cell}");
}

#[test]
fn the_next_experiments_are_behind_folds_and_the_page_stays_small() {
    let test = test();
    for (i, wrong) in (0..6).enumerate() {
        with_pictures(&test, &format!("runs/{i}"), &RunFolder::new(&format!("e{i}"), 1, 600, 200 + wrong), |_| ());
    }
    test.run(REPORT).status(0);
    let page = page(&test);
    assert_eq!(page.matches("<div class=\"gallery\"").count(), 3);
    assert_eq!(page.matches("<summary>Misclassified by e").count(), 2);
    // Three cells of 12, then three of 6 in each fold; 6 correct ones of each label in the first.
    assert_eq!(page.matches("<figure class=\"sample\"").count(), 36 + 18 + 2 * 18);
    assert!(
        page.contains("Label 1, predicted 2: 12 of 66 pictures"),
        "{}",
        between(&page, "pictures-1-1-2\"><", "</h3>")
    );
}

#[test]
fn originals_are_linked_below_the_given_folder_and_nowhere_else() {
    let test = test();
    let odd = "김/a \"1\" & <b>#.png";
    let paths = [odd, "kim/none.png", "../secret.png", "/etc/passwd", "kim/here.png", "javascript:alert(1)"];
    with_pictures(&test, "runs/a", &RunFolder::new("a", 1, 60, 6), |row| {
        row.path = row.row.checked_sub(54).map(|at| paths[at as usize].to_owned());
    });
    for file in [odd, "kim/here.png"] {
        test.write(&format!("my scans/{file}"), "x");
    }
    test.write("secret.png", "x");
    test.command("runs --out out --pictures").arg("my scans").run().status(0);
    let html = page(&test);
    let links: Vec<&str> = html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let mut links: Vec<&str> = links.into_iter().filter(|link| !link.starts_with('#')).collect();
    links.dedup();
    links.sort_unstable();
    links.dedup();
    let expected = ["../my%20scans/%EA%B9%80/a%20%221%22%20%26%20%3Cb%3E%23.png", "../my%20scans/kim/here.png"];
    assert_eq!(links, expected);
    // The same again is up to date; without the option, the page is made anew without links.
    let again = test.command("runs --out out --pictures").arg("my scans").run();
    again.status(0).stderr_has(&["nothing to do"]);
    test.run(REPORT).status(0);
    assert!(!page(&test).contains("my%20scans"));
    test.run("runs --out out --pictures none").status(2).stderr_has(&["--pictures none: no such folder"]);
    test.run("runs --out secret/out --pictures .").status(2).stderr_has(&["lies inside, the input"]);
}

#[test]
fn writers_and_paths_may_hold_anything() {
    let test = test();
    let long = format!("{}/{}.png", "x".repeat(300), "김".repeat(300));
    let names = ["</script><script>alert(1)</script>", "\"quoted\" 'name'", "손글씨", "a\u{1b}[31mb", "<b>&amp;"];
    with_pictures(&test, "runs/a", &RunFolder::new("a", 1, 60, 6), |row| {
        row.writer = Some(names[row.row as usize % names.len()].to_owned());
        row.path = Some(if row.row % 2 == 0 { long.clone() } else { format!("{}/{}.png", names[1], names[0]) });
    });
    test.run(REPORT).status(0);
    let page = page(&test);
    assert_eq!(page.matches("<script").count(), page.matches("</script>").count(), "only the page's own");
    for foreign in ["alert(1)</script>", "\u{1b}", "<b>"] {
        assert!(!page.contains(foreign), "{foreign:?}");
    }
    assert!(page.contains("&lt;/script&gt;&lt;script&gt;alert(1)") && page.contains("손글씨"));
    assert!(page.contains(&long) && page.contains("\u{2026}"));
}

#[test]
fn damaged_pictures_are_said_and_the_rest_is_shown() {
    let test = test();
    with_pictures(&test, "runs/a", &RunFolder::new("a", 1, 60, 6), |_| ());
    RunFolder::new("b", 1, 120, 30).write(&test, "runs/b");
    test.write("runs/a/test_pictures.png", "no picture");
    test.write("runs/a/row_counts.csv", "part\n");
    test.run(REPORT).status(0);
    let page = page(&test);
    assert!(page.contains("The pictures of a cannot be shown: a: ") && page.contains("damaged PNG"), "{page}");
    assert!(page.contains("The counts of a cannot be shown: ") && page.contains("Misclassified rows: 6 of 6"));
    assert!(!page.contains("class=\"gallery\"") && test.exists("out/best-a-confusion.svg"));
    assert!(!page.contains(test.at("").to_str().unwrap()), "no page names where the folders lie");
}

#[test]
fn rows_are_counted_by_label_size_and_writer() {
    let test = test();
    RunFolder { copies: Some((0, 0)), ..RunFolder::new("a", 1, 60, 6) }.write(&test, "runs/a");
    let rows = "train,1,20,kim,5\ntrain,2,8,\"<lee>, J\",7\nextra,1,,,100\ntest,1,20,park,3\ntest,2,20,park,4\n";
    test.write("runs/a/row_counts.csv", format!("part,label,size,writer,rows\n{rows}"));
    test.run(REPORT).status(0);
    let tables = test.read("out/tables.md");
    let facts =
        "19 rows of 3 writers. 100 rows of extra data only train. No test row has the same pixels as a training";
    assert!(tables.contains(facts), "{tables}");
    let line = |cells: &[&str]| {
        let is = |line: &str| line.trim_matches('|').split('|').map(str::trim).eq(cells.iter().copied());
        assert!(tables.lines().any(is), "{cells:?}: {tables}");
    };
    line(&["label", "train", "train, extra data", "test", "rows"]);
    line(&["1", "5", "100", "3", "108"]);
    line(&["8", "7", "0", "0", "7"]);
    line(&["writer", "does", "1", "2", "3", "rows"]);
    line(&["park", "tests", "3", "4", "0", "7"]);
    line(&["\\<lee>, J", "trains", "0", "7", "0", "7"]);
    assert!(page(&test).contains("&lt;lee&gt;, J"));
}
