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

#[cfg(unix)]
#[test]
fn interrupted_or_killed_it_ends_as_if_it_had_not_been() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let canvas = Canvas { width_px: 20, height_px: 20 };
    std::fs::create_dir_all(at("labelled/20")).unwrap();
    for n in 0..4000_u32 {
        let pixels = (0..400).map(|p| (p * 31 + n) as u8).collect();
        let picture = LabelledPicture { label: 1, size: 20, canvas, pixels };
        std::fs::write(at(&format!("labelled/20/1_20_{n}.png")), picture.encode().unwrap()).unwrap();
    }
    let arguments = |out: &str| [at("labelled"), at(out), "--labels".into(), "1-2".into(), "--mixed".into()];
    let mut codes = Vec::new();
    for (signal, wait_ms) in [("-INT", 30), ("-TERM", 120), ("-KILL", 200), ("-INT", 300)] {
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("digit-csv"))
            .args(arguments("out"))
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait_ms));
        assert!(std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        codes.push((signal, child.wait().unwrap().code()));
    }
    for (signal, code) in codes {
        // A quick machine may have been done before the signal came, a slow one may not listen yet: then the signal ends
        // the process, which loses nothing either.
        let expected = match signal {
            "-INT" => [Some(130), Some(0), None],
            "-TERM" => [Some(143), Some(0), None],
            _ => [None, Some(0), None],
        };
        assert!(expected.contains(&code), "{signal}: {code:?}");
    }
    assert_eq!(run(&arguments("out").each_ref().map(PathBuf::as_path)).0, Some(0));
    assert_eq!(run(&arguments("fresh").each_ref().map(PathBuf::as_path)).0, Some(0));
    for file in ["20x20_info.csv", "20x20_info.rows.csv", "mixed_info.csv", "stage.json", "rejected.csv"] {
        assert_eq!(text(&at("out").join(file)), text(&at("fresh").join(file)), "{file}");
    }
    let left = std::fs::read_dir(at("out"))
        .unwrap()
        .filter(|entry| stage_files::atomic::is_temporary(&entry.as_ref().unwrap().file_name().to_string_lossy()));
    assert_eq!(left.count(), 0);
}
