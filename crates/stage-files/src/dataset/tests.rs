//! Data sets are read as they were written; faults are refused with their place.

use std::path::PathBuf;

use super::*;
use crate::output::{FolderWriter, Layout, OutputFolder, Reuse};
use crate::picture::{Alpha, PictureSettings};

fn in_folder(text: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("2x1_info.csv");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

fn refusal(path: &Path) -> String {
    let error = DataSet::read(path).unwrap_err();
    assert!(crate::is_refused(&error), "{error:#}");
    format!("{error:#}")
}

fn begun(folder: &Path) -> FolderWriter {
    let layout = Layout { owns: |name| name.ends_with(".csv"), private: &[] };
    let info = StageInfo::new(DATA_SET_TOOL, "0.1.0", serde_json::json!({}), "1-3".parse().unwrap());
    OutputFolder::new(folder, layout, info, &[], Reuse::default()).unwrap().begin().unwrap()
}

/// The CSV and its rows file, alone in a folder.
fn write_two_rows(folder: &Path) -> (PathBuf, PathBuf) {
    write_two(folder, false)
}

/// The same, perhaps with the paths of the source pictures.
fn write_two(folder: &Path, has_paths: bool) -> (PathBuf, PathBuf) {
    let (begun, csv) = (begun(folder), folder.join("20x20_info.csv"));
    let mut writer = DataSetWriter::create(&begun, "20x20_info.csv", &"1-3".parse().unwrap(), 2, has_paths).unwrap();
    let row = |source: &str, label, writer: Option<&str>| RowInfo {
        source: source.into(),
        label,
        size: 20,
        writer: writer.map(str::to_owned),
        path: writer.map(|_| "김, \"k\"/1/IMG_7.JPG".to_owned()).filter(|_| has_paths),
    };
    writer.row(&row("1_20_김, \"k\"-7.png", 1, Some("김, \"k\"")), &[0, 255]).unwrap();
    writer.row(&row("3_20_b.png", 3, None), &[9, 10]).unwrap();
    assert!(!csv.exists());
    assert_eq!(writer.finish().unwrap(), 2);
    let rows = rows_path(&csv);
    (csv, rows)
}

#[test]
fn what_is_written_reads_back() {
    let folder = tempfile::tempdir().unwrap();
    let (csv, rows) = write_two_rows(folder.path());
    let text = std::fs::read_to_string(&csv).unwrap();
    assert_eq!(text, "pixel1,pixel2,isOne,isTwo,isThree\n0,255,1,0,0\n9,10,0,0,1\n");
    let rows = std::fs::read_to_string(&rows).unwrap();
    let expected =
        "row,source,label,size,group\n0,\"1_20_김, \"\"k\"\"-7.png\",1,20,\"김, \"\"k\"\"\"\n1,3_20_b.png,3,20,\n";
    assert_eq!(rows, expected);
    let set = DataSet::read(&csv).unwrap();
    assert_eq!(set.name, "20x20_info.csv");
    assert_eq!(set.sha256, crate::digest::sha256_hex(text.as_bytes()));
    assert_eq!(set.pixels, ndarray::arr2(&[[0, 255], [9, 10]]));
    assert_eq!((set.classes, set.labels.to_string()), (vec![0, 2], "1-3".to_owned()));
    assert_eq!(set.rows.unwrap()[0].writer.as_deref(), Some("김, \"k\""));
    assert!(set.stage.is_none() && set.canvas.is_none());
}

#[test]
fn the_paths_of_source_pictures_are_a_column_where_they_are_known() {
    let folder = tempfile::tempdir().unwrap();
    let (csv, rows) = write_two(folder.path(), true);
    let text = std::fs::read_to_string(&rows).unwrap();
    let expected = "row,source,label,size,group,path\n0,\"1_20_김, \"\"k\"\"-7.png\",1,20,\"김, \"\"k\"\"\",\
                    \"김, \"\"k\"\"/1/IMG_7.JPG\"\n1,3_20_b.png,3,20,,\n";
    assert_eq!(text, expected);
    let set = DataSet::read(&csv).unwrap().rows.unwrap();
    assert_eq!([set[0].path.as_deref(), set[1].path.as_deref()], [Some("김, \"k\"/1/IMG_7.JPG"), None]);
    std::fs::write(&rows, text.replace("3,20,,", "3,20,")).unwrap();
    assert!(refusal(&csv).contains("line 3: expected 6 values, found 5"));
}

#[test]
fn marks_line_ends_and_quotes_of_other_programs_are_accepted() {
    for text in [
        "\u{feff}pixel1,pixel2,isOne,isTwo\r\n1,2,0,1\r\n",
        "\"pixel1\",\"pixel2\",\"isOne\",\"isTwo\"\n\"1\",\"2\",\"0\",\"1\"",
        "pixel1,pixel2,isOne,isTwo\n1, 2, 0, 1\n\n\n",
    ] {
        let (_folder, path) = in_folder(text.as_bytes());
        let set = DataSet::read(&path).unwrap();
        assert_eq!((set.pixels, set.classes), (ndarray::arr2(&[[1, 2]]), vec![1]), "{text:?}");
        assert!(set.rows.is_none());
    }
}

#[test]
fn wrong_rows_are_refused_with_line_column_expected_found_and_remedy() {
    for (row, parts) in [
        ("1,2,1", ["line 3", "expected 4 values, found 3 (isTwo is missing)", "too short"]),
        ("1,2,1,0,0", ["line 3", "expected 4 values, found 5", "too long"]),
        ("256,2,1,0", ["line 3", "column 1 (pixel1): expected an integer 0..255, found `256`", "correct"]),
        ("1,-1,1,0", ["line 3", "column 2 (pixel2): expected an integer 0..255, found `-1`", "correct"]),
        ("1,1.5,1,0", ["line 3", "column 2 (pixel2): expected an integer 0..255, found `1.5`", "correct"]),
        ("1,,1,0", ["line 3", "column 2 (pixel2): expected an integer 0..255, found an empty cell", "correct"]),
        ("1,2,2,0", ["line 3", "column 3 (isOne): expected an integer 0..1, found `2`", "correct"]),
        ("1,2,1,1", ["line 3", "column 4 (isTwo): expected one label, found a second 1", "set one"]),
        ("1,2,0,0", ["line 3", "columns 3..4 (isOne..isTwo): expected one 1, found only zeros", "remove"]),
        ("\n1,2,0,1", ["line 3", "found an empty line", "remove it"]),
        ("1,\u{0}2,0,1", ["line 3", "column 2", "found"]),
    ] {
        let (_folder, path) = in_folder(format!("pixel1,pixel2,isOne,isTwo\n1,2,0,1\n{row}\n").as_bytes());
        let message = refusal(&path);
        for part in [parts[0], parts[1], parts[2], "2x1_info.csv"] {
            assert!(message.contains(part), "{row:?}: `{part}` is not in: {message}");
        }
    }
}

#[test]
fn files_without_rows_or_text_are_refused() {
    for (text, part) in [
        (&b""[..], "the file is empty"),
        (b"pixel1,pixel2,isOne,isTwo\n", "at least one row"),
        (b"pixel1,pixel2,isOne,isTwo\n\xff,2,0,1\n", "line 2, byte 1: expected UTF-8"),
        (b"a,b\n1,2\n", "line 1, column 1: expected `pixel1`, found `a`"),
    ] {
        let (_folder, path) = in_folder(text);
        assert!(refusal(&path).contains(part), "{}", refusal(&path));
    }
    assert_eq!(refusal(Path::new("no/such.csv")), "no/such.csv: no such file; check the path");
}

#[test]
fn a_rows_file_that_does_not_fit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (csv, rows) = write_two_rows(folder.path());
    let good = std::fs::read_to_string(&rows).unwrap();
    for (from, to, part) in [
        ("row,source", "n,source", "expected the header row,source,label,size,group"),
        ("1,3_20_b.png,3,20,\n", "", "expected 2 rows"),
        ("1,3_20_b.png,3,20,\n", "1,3_20_b.png,3,20,\n2,x,1,20,\n", "found more"),
        ("1,3_20_b.png,3,20,", "1,3_20_b.png,2,20,", "line 3: column label: expected 3"),
        ("1,3_20_b.png,3,20,", "5,3_20_b.png,3,20,", "line 3: column row: expected 1, found `5`"),
        ("1,3_20_b.png,3,20,", "1,3_20_b.png,3,0,", "line 3: column size"),
        ("1,3_20_b.png,3,20,", "1,3_20_b.png,3", "line 3: expected 5 values, found 3"),
    ] {
        assert!(good.contains(from));
        std::fs::write(&rows, good.replace(from, to)).unwrap();
        let message = refusal(&csv);
        assert!(message.contains(part) && message.contains("make the data set again"), "{to}: {message}");
        std::fs::write(&rows, good.replace(from, to).replace('\n', "\r\n")).unwrap();
        assert_eq!(refusal(&csv), message, "with CRLF");
    }
}

#[test]
fn stage_json_counts_only_for_the_csv_it_speaks_of() {
    let folder = tempfile::tempdir().unwrap();
    let (csv, _) = write_two_rows(folder.path());
    let mut stage = StageInfo::new(DATA_SET_TOOL, "0.1.0", serde_json::json!({}), "1-3".parse().unwrap());
    let canvas = Canvas { width_px: 2, height_px: 1 };
    stage.picture = Some(PictureSettings { canvas, alpha: Alpha::White, preprocess: Vec::new() });
    stage.finish(folder.path()).unwrap();
    assert!(DataSet::read(&csv).unwrap().stage.is_none());
    stage.counts.insert(rows_count_key("20x20_info.csv"), 2);
    stage.finish(folder.path()).unwrap();
    let set = DataSet::read(&csv).unwrap();
    assert_eq!((set.canvas, set.stage.as_ref()), (Some(canvas), Some(&stage)));
    stage.counts.insert(rows_count_key("20x20_info.csv"), 3);
    stage.finish(folder.path()).unwrap();
    assert!(refusal(&csv).contains("3 rows of 2 pixels, found 2 rows"));
}

#[test]
fn the_writer_refuses_what_does_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    let begun = begun(folder.path());
    let mut writer = DataSetWriter::create(&begun, "8x8_info.csv", &"1-3".parse().unwrap(), 2, false).unwrap();
    let row = |label| RowInfo { source: "x".into(), label, size: 8, writer: None, path: None };
    assert!(writer.row(&row(4), &[1, 2]).is_err());
    assert!(writer.row(&row(1), &[1, 2, 3]).is_err());
    drop(writer);
    let left = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().contains("info")));
}
