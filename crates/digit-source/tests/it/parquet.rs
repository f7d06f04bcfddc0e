//! Imports of Parquet; `tests/parquet/make_parquet.py` made the files.

use test_support::{Output, Test};

use crate::{pixels, test};

fn import(test: &Test, name: &str, options: &str) -> Output {
    let stored = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/parquet/");
    test.write(&format!("{name}.parquet"), std::fs::read(format!("{stored}{name}.parquet")).unwrap());
    test.run(&format!("import csv {name}.parquet {name} {options}"))
}

/// Picture `n` as the script makes it.
fn picture(n: usize, width: usize, height: usize) -> Vec<u8> {
    (0..width * height).map(|at| if at % width == n % width { (n % 10 * 20 + 5) as u8 } else { 250 }).collect()
}

#[test]
fn picture_files_in_a_column_are_read_with_their_labels() {
    let test = test();
    let ran = import(&test, "pictures", "");
    ran.status(0).stderr_has(&["pictures.parquet: format Parquet; images image; label label", "12 source pictures"]);
    for n in 0..12 {
        let made = test.bytes(&format!("pictures/{}_20_r{n:02}.png", n % 10));
        assert_eq!(pixels(&made), picture(n, 6, 4), "{n}");
    }
    assert!(test.read("pictures/sources.csv").contains("3_20_r03.png,row 3\n"));
    import(&test, "pictures", "").status(0).stderr_has(&["nothing to do: 12 source pictures"]);

    // The numbers of classes are not their digits.
    import(&test, "reversed", "--labels 0-8").status(0).stderr_has(&["10 source pictures", "2 left out"]);
    assert_eq!(pixels(&test.bytes("reversed/6_20_r03.png")), picture(3, 6, 4));
}

#[test]
fn pixels_in_columns_are_read_as_a_table() {
    let test = test();
    let ran = import(&test, "pixels", "");
    ran.status(0).stderr_has(&["format Parquet; label column 1 (label); pixels 4x4, 0..255", "12 source pictures"]);
    // Line 1 of the table is its header.
    assert_eq!(pixels(&test.bytes("pixels/3_20_r05.png")), picture(3, 4, 4));
}

#[test]
fn rows_that_cannot_be_used_are_rejected_and_pictures_have_their_own_sizes() {
    let test = test();
    import(&test, "odd", "").status(1).stderr_has(&["2 source pictures", "3 rejected"]);
    assert_eq!(pixels(&test.bytes("odd/1_20_r1.png")), picture(1, 9, 7));
    let rejected = test.records("odd/rejected.csv");
    let parts = [("row 2", "not a picture"), ("row 3", "has no label"), ("row 4", "expected a class 0..9, found 12")];
    assert_eq!(rejected.len(), parts.len());
    for (row, (source, part)) in rejected.iter().zip(parts) {
        assert!(row["source"] == source && row["reason"].contains(part), "{row:?}");
    }
}

#[test]
fn what_may_be_misunderstood_or_is_not_read_is_refused() {
    let test = test();
    for (name, options, part) in [
        ("words", "", "expected classes whose names are digits, found zero, one, two"),
        ("zstd", "", "packed with ZSTD, which is not read; write it again with snappy or gzip"),
        ("pictures", "--images photo", "--images photo: no column of pictures has this name; there are image"),
        ("pictures", "--label-column digit", "no label column"),
    ] {
        import(&test, name, options).status(2).stderr_has(&[part]);
        assert!(!test.exists(name));
    }
    let whole = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/parquet/pictures.parquet")).unwrap();
    for length in (4..whole.len()).step_by(40) {
        test.write("cut.parquet", &whole[..length]);
        test.run("import csv cut.parquet out").status(2).stderr_has(&["a damaged Parquet file"]);
    }
    for at in (0..whole.len()).step_by(13) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        test.write("damaged.parquet", damaged);
        let out = format!("out{at}");
        let code = test.run(&format!("import csv damaged.parquet {out}")).code;
        assert!(matches!(code, Some(0..=2)), "byte {at}: {code:?}");
    }
}
