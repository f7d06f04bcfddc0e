//! The whole command: message, exit code and what is on disk.

use std::collections::BTreeMap;

use stage_files::dataset::DataSet;
use stage_files::labelled::LabelledPicture;
use stage_files::picture::Canvas;
use stage_files::sources::sources_csv;
use test_support::{Test, assert_same_files};

fn test() -> Test {
    Test::new(env!("CARGO_BIN_EXE_digit-csv"))
}

/// Writes a labelled picture of 2 x 2 pixels and returns its name.
fn put(test: &Test, labelled: &str, label: u8, size: u8, id: &str) -> String {
    let canvas = Canvas { width_px: 2, height_px: 2 };
    let picture = LabelledPicture { label, size, canvas, pixels: vec![label, size, id.len() as u8, 255] };
    let name = format!("{labelled}/{size}/{label}_{size}_{id}.png");
    test.write(&name, picture.encode().unwrap());
    name
}

#[test]
fn rows_come_by_name_and_damaged_pictures_are_listed() {
    let test = test();
    put(&test, "labelled", 2, 20, "kim-1");
    put(&test, "labelled", 1, 20, "b");
    put(&test, "labelled", 1, 8, "a");
    test.run("labelled out").status(2).stderr_has(&["give it with --labels"]);
    let all = "labelled out --labels 1-2 --mixed";
    test.run(all)
        .status(0)
        .stderr("digit-csv: 1 row in 8x8_info.csv, 2 rows in 20x20_info.csv, 3 rows in mixed_info.csv\n");
    let header = "pixel1,pixel2,pixel3,pixel4,isOne,isTwo\n";
    assert_eq!(test.read("out/20x20_info.csv"), format!("{header}1,20,1,255,1,0\n2,20,5,255,0,1\n"));
    let rows = "row,source,label,size,group\n0,1_20_b.png,1,20,\n1,1_8_a.png,1,8,\n2,2_20_kim-1.png,2,20,kim\n";
    assert_eq!(test.read("out/mixed_info.rows.csv"), rows);
    assert_eq!(DataSet::read(&test.at("out/mixed_info.csv")).unwrap().stage.unwrap().counts["rows"], 3);
    test.run(all).status(0).stderr_has(&["digit-csv: nothing to do: 1 row in 8x8_info.csv", "up to date in out"]);

    test.remove("labelled/8");
    test.write("labelled/20/1_20_x.png", "");
    put(&test, "labelled", 5, 20, "outside");
    test.run(all).status(1).stderr_has(&["2 rejected (see "]);
    let rejected = test.read("out/rejected.csv");
    assert!(rejected.contains("20/1_20_x.png,the file is empty"), "{rejected}");
    assert!(rejected.contains("20/5_20_outside.png,\"label 5 is outside the label set 1,2;"), "{rejected}");
    assert!(rejected.contains("--labels 1,2,5 --fresh"), "{rejected}");
    assert!(!test.exists("out/8x8_info.csv") && !test.exists("out/8x8_info.rows.csv"));
}

#[test]
fn merged_shards_equal_the_whole_to_the_byte() {
    let test = test();
    let mut sources: BTreeMap<&str, Vec<(String, String)>> = BTreeMap::new();
    for n in 0..9_u8 {
        for shard in ["whole", ["one", "two"][usize::from(n % 2)]] {
            let name = put(&test, shard, n % 3 + 1, [20, 8][usize::from(n / 5)], &format!("kim-{n}"));
            sources
                .entry(shard)
                .or_default()
                .push((name[shard.len() + 1..].to_owned(), format!("kim, 김/IMG_{n}.JPG")));
        }
    }
    for (shard, sources) in &sources {
        let pairs = sources.iter().map(|(picture, source)| (picture.as_str(), source.as_str()));
        test.write(&format!("{shard}/sources.csv"), sources_csv(pairs).unwrap());
    }
    for shard in ["whole", "one", "two"] {
        test.run(&format!("{shard} csv-{shard} --labels 1-3")).status(0);
    }
    test.run("merge csv-two csv-one merged").status(0);
    assert_same_files(&test.files("merged"), &test.files("csv-whole"));
    assert_eq!(test.files("merged").len(), 6);
    let rows = test.records("merged/8x8_info.rows.csv");
    assert_eq!((rows[0]["source"].as_str(), rows[0]["path"].as_str()), ("1_8_kim-6.png", "kim, 김/IMG_6.JPG"));
    // Other paths alone make the rows file anew.
    test.edit("whole/sources.csv", "IMG_6", "IMG_66");
    test.run("whole csv-whole --labels 1-3").status(0);
    assert_eq!(test.records("csv-whole/8x8_info.rows.csv")[0]["path"], "kim, 김/IMG_66.JPG");
    test.write("whole/sources.csv", "picture\nx\n");
    test.run("whole csv-whole --labels 1-3").status(2).stderr_has(&["whole/sources.csv: expected"]);
    test.run("merge csv-one csv-one twice").status(2).stderr_has(&["more than one shard"]);
    assert!(!test.exists("twice"));
}

#[test]
fn wrong_requests_and_faults_from_outside_have_their_codes() {
    let test = test();
    test.run("labelled out").status(2);
    let picture = put(&test, "labelled", 1, 20, "a");
    test.run(&format!("labelled {picture}/out --labels 1-2")).status(2).stderr_has(&["lies inside, the input"]);
    test.write("file", "");
    test.run("labelled file/out --labels 1-2").status(2).stderr_has(&["expected folders only"]);
    test.write("out/thesis.docx", "");
    test.run("labelled out --labels 1-2").status(2).stderr_has(&["thesis.docx"]);
}

#[cfg(unix)]
#[test]
fn interrupted_or_killed_it_ends_as_if_it_had_not_been() {
    let test = test();
    let canvas = Canvas { width_px: 20, height_px: 20 };
    for n in 0..4000_u32 {
        let pixels = (0..400).map(|p| (p * 31 + n) as u8).collect();
        let picture = LabelledPicture { label: 1, size: 20, canvas, pixels };
        test.write(&format!("labelled/20/1_20_{n}.png"), picture.encode().unwrap());
    }
    for (signal, wait_ms) in [("INT", 30), ("TERM", 120), ("KILL", 200), ("INT", 300)] {
        let ended = test.command("labelled out --labels 1-2 --mixed").signal_after(wait_ms, signal);
        // A quick machine may have been done before the signal came, a slow one may not listen yet: then the signal
        // ends the process, which loses nothing either.
        let expected = match signal {
            "INT" => [Some(130), Some(0), None],
            "TERM" => [Some(143), Some(0), None],
            _ => [None, Some(0), None],
        };
        assert!(expected.contains(&ended.code), "{signal}: {ended}");
    }
    test.run("labelled out --labels 1-2 --mixed").status(0);
    test.run("labelled fresh --labels 1-2 --mixed").status(0);
    assert_same_files(&test.files("out"), &test.files("fresh"));
    assert!(!test.files("out").keys().any(|name| stage_files::atomic::is_temporary(name)));
}

/// The counts of a stage.json that came with a folder named any CSV, which was then removed.
#[test]
fn names_from_files_of_the_folder_remove_nothing_else() {
    let test = test();
    put(&test, "labelled", 1, 20, "a");
    test.write("other/20x20_info.csv", "precious");
    test.run("labelled out --labels 1-2").status(0);
    test.write("out/other_info.csv", "mine");
    test.edit("out/stage.json", "\"counts\": {", "\"counts\": {\"rows_../other/20x20\": 1, \"rows_other\": 1,");
    test.edit("out/.outputs.csv", "name\n", "name\n8,00,../other/20x20_info.csv\n4,00,other_info.csv\n");
    put(&test, "labelled", 2, 20, "b");
    test.run("labelled out --labels 1-2").status(0);
    assert_eq!(
        (test.read("other/20x20_info.csv"), test.read("out/other_info.csv")),
        ("precious".into(), "mine".into())
    );
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_rejected_and_never_waited_for() {
    let test = test();
    put(&test, "labelled", 1, 20, "a");
    assert!(std::process::Command::new("mkfifo").arg(test.at("labelled/20/1_20_x.png")).status().unwrap().success());
    std::os::unix::fs::symlink("/dev/zero", test.at("labelled/20/1_20_z.png")).unwrap();
    test.run("labelled out --labels 1-2").status(1).stderr_has(&["is a pipe", "is a device", "1 row"]);
}

#[test]
fn a_folder_of_another_stage_is_no_input_and_an_overlap_is_refused() {
    let test = test();
    put(&test, "labelled", 1, 20, "a");
    test.run("labelled out --labels 1-2").status(0);
    test.run("out again").status(2).stderr_has(&["digit-csv wrote this folder"]);
    test.run("labelled labelled --labels 1-2").status(2).stderr_has(&["is, or lies inside, the input"]);
    test.run("labelled labelled/20/new --labels 1-2").status(2).stderr_has(&["is, or lies inside, the input"]);
    test.run("merge out out").status(2).stderr_has(&["is, or lies inside, the input"]);
}

#[test]
fn a_damaged_labelled_picture_is_told_what_helps() {
    let test = test();
    let name = put(&test, "labelled", 1, 20, "a");
    put(&test, "labelled", 2, 20, "b");
    let mut bytes = test.bytes(&name);
    let at = bytes.len() - 20;
    bytes[at] ^= 255;
    test.write(&name, bytes);
    test.run("labelled out --labels 1-2").status(1).stderr_has(&["run digit-labeler again with --verify"]);
}

#[test]
fn fixes_are_applied_and_counted_and_the_labelled_pictures_stay() {
    const HEADER: &str = "picture,source,row,action,label,was\n";
    let test = test();
    for (label, id) in [(1, "a"), (1, "b-1"), (2, "b-2"), (2, "c")] {
        put(&test, "labelled", label, 20, id);
    }
    let labelled = test.files("labelled");
    let fixes = "20/1_20_a.png,,0,drop,,1\n20/2_20_b-2.png,,,relabel,1,2\n20/9_20_z.png,,,drop,,9\n";
    test.write("fixes.csv", format!("{HEADER}{fixes}"));
    test.run("labelled out --labels 1-2 --fixes fixes.csv").status(0).stderr(
        "digit-csv: warning: fixes.csv, line 4: 20/9_20_z.png is not among the pictures; the fix is not used\n\
         digit-csv: 3 rows in 20x20_info.csv, 1 dropped and 1 relabelled by fixes\n",
    );
    // The name is where the row came from, and stays.
    let rows = test.records("out/20x20_info.rows.csv");
    let told: Vec<(&str, &str)> = rows.iter().map(|row| (row["source"].as_str(), row["label"].as_str())).collect();
    assert_eq!(told, [("1_20_b-1.png", "1"), ("2_20_b-2.png", "1"), ("2_20_c.png", "2")]);
    assert_eq!(DataSet::read(&test.at("out/20x20_info.csv")).unwrap().classes, [0, 0, 1]);
    test.run("labelled out --labels 1-2 --fixes fixes.csv").status(0).stderr_has(&["nothing to do"]);
    assert_eq!(test.files("labelled"), labelled);
    test.run("labelled out --labels 1-2").status(2).stderr_has(&["fixes: ", "--fresh"]);
    test.write("fixes.csv", format!("{HEADER}20/1_20_a.png,,,relabel,5,1\n"));
    let outside = "20/1_20_a.png: fixes relabel it, and label 5 is outside the label set 1,2";
    test.run("labelled out --labels 1-2 --fixes fixes.csv --fresh").status(1).stderr_has(&[outside]);
    test.write("fixes.csv", format!("{HEADER}20/1_20_a.png,,,drop,,1\n20/1_20_a.png,,,keep,,1\n"));
    test.run("labelled out --labels 1-2 --fixes fixes.csv")
        .status(2)
        .stderr_has(&["line 3: 20/1_20_a.png has another"]);
}
