//! The whole command: message, exit code and what is on disk.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use stage_files::dataset::DataSet;
use stage_files::labelled::LabelledPicture;
use stage_files::picture::Canvas;

fn run(arguments: &[&Path]) -> (Option<i32>, String) {
    let output = Command::cargo_bin("digit-csv").unwrap().args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn put(labelled: &Path, label: u8, size: u8, id: &str) -> PathBuf {
    let canvas = Canvas { width_px: 2, height_px: 2 };
    let picture = LabelledPicture { label, size, canvas, pixels: vec![label, size, id.len() as u8, 255] };
    let folder = labelled.join(size.to_string());
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{label}_{size}_{id}.png"));
    std::fs::write(&path, picture.encode().unwrap()).unwrap();
    path
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn rows_come_by_name_and_damaged_pictures_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let (labelled, out) = (folder.path().join("labelled"), folder.path().join("out"));
    put(&labelled, 2, 20, "kim-1");
    put(&labelled, 1, 20, "b");
    put(&labelled, 1, 8, "a");
    let labels = [Path::new("--labels"), Path::new("1-2")];
    let (code, stderr) = run(&[&labelled, &out]);
    assert_eq!((code, stderr.contains("give it with --labels")), (Some(2), true), "{stderr}");
    let all = [&labelled, &out, labels[0], labels[1], Path::new("--mixed")];
    assert_eq!(
        run(&all),
        (
            Some(0),
            "digit-csv: 1 rows in 8x8_info.csv, 2 rows in 20x20_info.csv, 3 rows in mixed_info.csv, 0 rejected\n"
                .to_owned()
        )
    );
    let header = "pixel1,pixel2,pixel3,pixel4,isOne,isTwo\n";
    assert_eq!(text(&out.join("20x20_info.csv")), format!("{header}1,20,1,255,1,0\n2,20,5,255,0,1\n"));
    let rows = "row,source,label,size,group\n0,1_20_b.png,1,20,\n1,1_8_a.png,1,8,\n2,2_20_kim-1.png,2,20,kim\n";
    assert_eq!(text(&out.join("mixed_info.rows.csv")), rows);
    assert_eq!(DataSet::read(&out.join("mixed_info.csv")).unwrap().stage.unwrap().counts["rows"], 3);
    let (code, stderr) = run(&all);
    assert_eq!((code, stderr.as_str()), (Some(0), "digit-csv: nothing to do: 3 rows are up to date\n"));

    std::fs::remove_dir_all(labelled.join("8")).unwrap();
    std::fs::write(labelled.join("20/1_20_x.png"), b"").unwrap();
    put(&labelled, 5, 20, "outside");
    let (code, stderr) = run(&all);
    assert_eq!((code, stderr.contains("2 rejected (see ")), (Some(1), true), "{stderr}");
    let rejected = text(&out.join("rejected.csv"));
    assert!(rejected.contains("20/1_20_x.png,the file is empty"), "{rejected}");
    assert!(rejected.contains("20/5_20_outside.png,\"label 5 is outside the label set 1,2;"), "{rejected}");
    assert!(!out.join("8x8_info.csv").exists() && !out.join("8x8_info.rows.csv").exists());
}

#[test]
fn merged_shards_equal_the_whole_to_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let labels = [Path::new("--labels"), Path::new("1-3")];
    for n in 0..9_u8 {
        for part in ["whole", ["one", "two"][usize::from(n % 2)]] {
            put(&at(part), n % 3 + 1, [20, 8][usize::from(n / 5)], &format!("kim-{n}"));
        }
    }
    for part in ["whole", "one", "two"] {
        assert_eq!(run(&[&at(part), &at(&format!("csv-{part}")), labels[0], labels[1]]).0, Some(0));
    }
    let (one, two, merged) = (at("csv-one"), at("csv-two"), at("merged"));
    let (code, stderr) = run(&[Path::new("merge"), &two, &one, &merged]);
    assert_eq!(code, Some(0), "{stderr}");
    for file in
        ["20x20_info.csv", "20x20_info.rows.csv", "8x8_info.csv", "8x8_info.rows.csv", "stage.json", "rejected.csv"]
    {
        assert_eq!(text(&merged.join(file)), text(&at("csv-whole").join(file)), "{file}");
    }
    let (code, stderr) = run(&[Path::new("merge"), &one, &one, &at("twice")]);
    assert_eq!((code, stderr.contains("more than one shard")), (Some(2), true), "{stderr}");
    assert!(!at("twice").exists());
}

#[test]
fn wrong_requests_and_faults_from_outside_have_their_codes() {
    let folder = tempfile::tempdir().unwrap();
    let labelled = folder.path().join("labelled");
    let out = folder.path().join("out");
    assert_eq!(run(&[&labelled, &out]).0, Some(2));
    let picture = put(&labelled, 1, 20, "a");
    let labels = [Path::new("--labels"), Path::new("1-2")];
    assert_eq!(run(&[&labelled, &picture.join("out"), labels[0], labels[1]]).0, Some(3));
    std::fs::create_dir(&out).unwrap();
    std::fs::write(out.join("thesis.docx"), "").unwrap();
    let (code, stderr) = run(&[&labelled, &out, labels[0], labels[1]]);
    assert_eq!((code, stderr.contains("thesis.docx")), (Some(2), true), "{stderr}");
}
