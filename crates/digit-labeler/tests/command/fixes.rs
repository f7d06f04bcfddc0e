//! `--fixes`: pictures that are left out, and pictures with another label.

use test_support::{Test, gray_png};

const HEADER: &str = "picture,source,row,action,label,was\n";

fn test() -> Test {
    let test = Test::new(env!("CARGO_BIN_EXE_digit-labeler"));
    for (at, name) in ["kim/3/1", "kim/5/1", "kim/5/2", "lee/3/7"].into_iter().enumerate() {
        test.write(&format!("scans/{name}.png"), gray_png(20, 20, |x, y| ((x * y) as u8).wrapping_add(at as u8)));
    }
    test
}

const LABEL: &str = "scans out --labels 0-9 --size 20";

#[test]
fn fixes_are_applied_and_counted_and_the_sources_stay() {
    let test = test();
    let sources = test.files("scans");
    let fixes = "20/5_20_kim-1.png,kim/5/1.png,,relabel,3,5\n20/3_20_lee-7.png,lee/3/7.png,4,drop,,3\n\
                 20/5_20_kim-2.png,kim/5/2.png,,keep,,5\n";
    test.write("fixes.csv", format!("{HEADER}{fixes}"));
    test.run(&format!("{LABEL} --fixes fixes.csv"))
        .status(0)
        .stderr_has(&["digit-labeler: 3 pictures labelled (3 of size 20), 1 dropped and 1 relabelled by fixes\n"]);
    // 3_20_kim-1 is there already, so the old label stands before the number; the writer stays kim.
    assert_eq!(test.names("out/20"), ["3_20_kim-1.png", "3_20_kim-51.png", "5_20_kim-2.png"]);
    assert!(test.read("out/sources.csv").contains("20/3_20_kim-51.png,kim/5/1.png"));
    let counts = test.json("out/stage.json")["counts"].clone();
    assert_eq!((&counts["dropped"], &counts["relabelled"]), (&1.into(), &1.into()));
    test.run(&format!("{LABEL} --fixes fixes.csv"))
        .status(0)
        .stderr_has(&["nothing to do", "1 dropped and 1 relabelled"]);
    assert_eq!(test.files("scans"), sources);
    // Other fixes are other settings.
    test.write("fixes.csv", HEADER);
    test.run(&format!("{LABEL} --fixes fixes.csv")).status(2).stderr_has(&["fixes: ", "--fresh"]);
    test.run(LABEL).status(2).stderr_has(&["fixes: "]);
    test.run(&format!("{LABEL} --fresh"))
        .status(0)
        .stderr_has(&["digit-labeler: 4 pictures labelled (4 of size 20)\n"]);
}

#[test]
fn stale_and_contradictory_fixes_are_told_with_their_line() {
    let test = test();
    test.write("fixes.csv", format!("{HEADER}x.png,kim/9/1.png,,drop,,9\ny.png,kim/5/2.png,,relabel,1,7\n"));
    test.run(&format!("{LABEL} --fixes fixes.csv")).status(0).stderr_has(&[
        "fixes.csv, line 2: kim/9/1.png is not among the pictures; the fix is not used",
        "fixes.csv, line 3: kim/5/2.png has the label 5, the fix is for the label 7; it is not used",
        "0 dropped and 0 relabelled",
    ]);
    test.write("twice.csv", format!("{HEADER}x.png,kim/5/1.png,,drop,,5\nx.png,kim/5/1.png,,keep,,5\n"));
    let twice = "twice.csv, line 3: kim/5/1.png has another action in line 2";
    test.run("scans other --labels 0-9 --size 20 --fixes twice.csv").status(2).stderr_has(&[twice]);
    test.run("scans other --labels 0-9 --size 20 --fixes gone.csv").status(2).stderr_has(&["gone.csv: no such file"]);
    test.run("scans other --labels 0-9 --size 20 --fixes fixes.csv --shard 1/2").status(2).stderr_has(&["--shard"]);
    assert!(!test.exists("other"));
    // A label that is not wanted is rejected, as it would be under its own name.
    test.write("fixes.csv", format!("{HEADER}x.png,kim/5/1.png,,relabel,7,5\n"));
    test.run("scans other --labels 3,5 --size 20 --fixes fixes.csv")
        .status(1)
        .stderr_has(&["kim/5/1.png: fixes relabel it, and label 7 is outside the label set 3,5", "1 rejected"]);
}
