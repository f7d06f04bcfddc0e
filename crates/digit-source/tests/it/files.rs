//! Imports of IDX files and tables.

use test_support::{Files, assert_same_files};

use crate::{bar, gzip, idx, pixels, png, test};

#[test]
fn idx_files_plain_and_gzipped_give_the_same_dark_on_light_pictures() {
    let test = test();
    let light_on_dark: Vec<u8> = (0..4).flat_map(|_| bar(255, 0).into_raw()).collect();
    let (images, labels) = (idx(3, &[4, 40, 30], &light_on_dark), idx(1, &[4], &[3, 11, 7, 1]));
    for (name, bytes) in [
        ("images", &images[..]),
        ("labels", &labels),
        ("images.gz", &gzip(&images)),
        ("labels.gz", &gzip(&labels)),
        ("short", &images[..images.len() - 1]),
        ("cut.gz", &gzip(&images)[..60]),
        ("one", &idx(1, &[1], &[3])),
        ("nines", &idx(1, &[4], &[9; 4])),
        ("page", b"<!DOCTYPE html>\n<html>404</html>"),
        ("zip.gz", &gzip(b"PK\x03\x04.........")),
    ] {
        test.write(name, bytes);
    }
    let made = [("out", "images labels"), ("out-gz", "images.gz labels.gz")].map(|(out, inputs)| {
        test.run(&format!("import idx {inputs} {out} --labels 1-5")).status(1);
        assert_eq!(test.read(&format!("{out}/rejected.csv")), "source,reason\nitem 1,label 11 is no digit 0..9\n");
        test.files(out).into_iter().filter(|(name, _)| name.contains("_20_")).collect::<Files>()
    });
    assert_same_files(&made[1], &made[0]);
    assert!(made[0].keys().eq(["1_20_i3.png", "3_20_i0.png"]), "{:?}", made[0].keys());
    assert_eq!(pixels(&made[0]["1_20_i3.png"]), bar(0, 255).into_raw());

    for (inputs, part) in [
        ("images images", "expected an IDX file"),
        ("labels images", "swap the two"),
        ("page labels", "found an HTML page"),
        ("zip.gz labels", "found a ZIP archive"),
        ("short labels", "copy the file again"),
        ("cut.gz labels", "damaged gzip"),
        ("images one", "do not belong together"),
        ("images nines", "give --labels 9"),
    ] {
        test.run(&format!("import idx {inputs} never --labels 1-5")).status(2).stderr_has(&[part]);
        assert!(!test.exists("never"));
    }
}

/// EMNIST's files hold every picture with rows and columns exchanged: with --transpose they are MNIST's.
#[test]
fn transposed_pictures_and_the_labels_of_qmnist_are_read() {
    let test = test();
    let upright: Vec<u8> = (0..12).map(|v| if v % 5 == 0 { 0 } else { 200 + v }).collect();
    let lying: Vec<u8> = (0..12).map(|i| upright[i % 3 * 4 + i / 3]).collect();
    let numbers = [4u32, 1, 2, 3].into_iter().flat_map(u32::to_be_bytes).collect::<Vec<u8>>();
    let sizes = [1u32, 4].into_iter().flat_map(u32::to_be_bytes);
    test.write("labels-int", [0, 0, 12, 2].into_iter().chain(sizes).chain(numbers).collect::<Vec<u8>>());
    test.write("upright", idx(3, &[1, 3, 4], &upright));
    test.write("lying", idx(3, &[1, 4, 3], &lying));
    test.run("import idx upright labels-int a").status(0);
    test.run("import idx lying labels-int b --transpose").status(0);
    assert_eq!(test.bytes("a/4_20_i0.png"), test.bytes("b/4_20_i0.png"));
    assert_eq!(test.json("b/stage.json")["settings"]["transpose"], true);
    test.run("import idx --help").stdout_has(&["EMNIST"]);
}

/// Half of a set was left out without a word, since the digits 1 to 5 were the default.
#[test]
fn all_labels_are_taken_unless_some_are_named_and_the_others_are_told() {
    let test = test();
    for label in 0..10 {
        test.write(&format!("scans/{label}/a.png"), png(20, 230));
    }
    test.write("images", idx(3, &[10, 1, 2], &[9; 20]));
    test.write("labels", idx(1, &[10], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    let row = |label: u32| format!("{label},0,0,0,255\n");
    test.write("table.csv", "label,p0,p1,p2,p3\n".to_owned() + &(0..10).map(row).collect::<String>());
    for (n, inputs) in ["folders scans", "idx images labels", "csv table.csv"].into_iter().enumerate() {
        test.run(&format!("import {inputs} all{n}"))
            .status(0)
            .stderr_has(&[&format!("10 source pictures in all{n}\n")]);
        let part = format!("import {inputs} part{n} --labels 1-5");
        let words = "5 left out, since --labels 1-5 does not name their labels 0,6-9; --labels 0-9 --fresh takes all";
        test.run(&part).status(0).stderr_has(&["5 source pictures", words]);
        test.run(&part).status(0).stderr_has(&["nothing to do", words]);
    }
}

#[test]
fn tables_of_pixels_are_read_whatever_their_scale_line_ends_and_label_column() {
    let test = test();
    // 2x2 pixels, 0..16 with the label last; the largest class of levels is the ground, so light paper stays.
    test.write("a.csv", "\u{feff}p1,p2,p3,p4,label\r\n16,16,16,0,3\r\n16,8,16,16,5\r\n16,16,16,1,x\r\n");
    test.run("import csv a.csv a --labels 0-9").status(1);
    let reason = "line 4,\"column 5 (label): expected a label 0..9, found `x`\"";
    assert_eq!(test.read("a/rejected.csv"), format!("source,reason\n{reason}\n"));
    assert_eq!(pixels(&test.bytes("a/3_20_r2.png")), [255, 255, 255, 0]);
    assert_eq!(pixels(&test.bytes("a/5_20_r3.png")), [255, 128, 255, 255]);
    test.run("import csv a.csv strict --strict").status(1).stderr_has(&["nothing was written"]);
    assert!(!test.exists("strict"));
    test.write("b.csv", "pixel1,pixel2,isOne,isTwo\n255,0,0,1\n255,9,1,1\n");
    test.run("import csv b.csv b --width 2").status(1);
    let rejected = test.read("b/rejected.csv");
    assert!(rejected.contains("line 3,more than one 1"), "{rejected}");
    assert!(test.exists("b/2_20_r2.png"));
    for (text, part) in [
        ("label,p0\n1,256\n", "give --range"),
        (
            "label,p0,p1,p2,p3\n1,0,0,255,z\n2,0,0,255\n1,z,0,0,0\n",
            "none of 3 pictures can be used; the first, line 2: column 5",
        ),
        ("label,p0,p1\n1,0,255\n", "give the width with --width"),
        ("", "expected one row a picture"),
        ("<html>", "no table but an HTML page"),
        ("\x7fELF\0\0", "byte 5 is 0"),
        ("\0\0\u{8}\u{3}\0\0", "import idx IMAGES LABELS OUT"),
    ] {
        test.write("bad.csv", text);
        test.run("import csv bad.csv never").status(2).stderr_has(&[part, "bad.csv"]);
        assert!(!test.exists("never"));
    }
}

/// The same table in every encoding, packing and with every line end, and what is said and kept about it.
#[test]
fn encoding_packing_and_line_ends_of_a_table_do_not_matter() {
    let test = test();
    let row = |n: u32| format!("{},0,{},255,0\n", n % 10, n);
    let text = "label,p0,p1,p2,p3\n".to_owned() + &(0..30).map(row).collect::<String>();
    let utf16 = |text: &str| [vec![0xff, 0xfe], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
    // A raw block is the simplest of zstd's: its frame is written here byte by byte.
    let block = (text.len() as u32) << 3 | 1;
    let size = (text.len() as u16 - 256).to_le_bytes();
    let frame = [&[0x28, 0xb5, 0x2f, 0xfd, 0x60][..], &size, &block.to_le_bytes()[..3], text.as_bytes()].concat();
    let mut made: Vec<Files> = Vec::new();
    for (n, (bytes, key, value)) in [
        (text.clone().into_bytes(), "encoding", "UTF-8"),
        (text.replace('\n', "\r").into_bytes(), "line_ends", "CR"),
        (text.replace('\n', "\r\n").into_bytes(), "line_ends", "CR LF"),
        (text.replace(',', ";").into_bytes(), "separator", "semicolons"),
        (utf16(&text.replace(',', "\t")), "encoding", "UTF-16 LE"),
        (gzip(text.as_bytes()), "packing", "gzip"),
        (frame, "packing", "zstd"),
    ]
    .into_iter()
    .enumerate()
    {
        test.write("table", bytes);
        let out = format!("out{n}");
        let said = format!("{} {value}", key.replace('_', " "));
        test.run(&format!("import csv table {out}")).status(0).stderr_has(&["digit-source: table: ", &said]);
        assert_eq!(test.json(&format!("{out}/stage.json"))["found"][key], *value);
        made.push(test.files(&out).into_iter().filter(|(name, _)| name.ends_with(".png")).collect());
    }
    assert_eq!(made[0].len(), 30);
    made[1..].iter().for_each(|files| assert_same_files(files, &made[0]));
}

/// No wrong label without a word: the one fault that a tool for labels may not have.
#[test]
fn labels_that_are_not_plain_are_asked_for() {
    let test = test();
    // Two classes, label first, and a last pixel that runs from 0 to 6.
    let rows: Vec<String> = (0..60).map(|n| format!("{},0,16,3,{}", n % 2 * 2, n % 7)).collect();
    test.write("two.csv", rows.join("\n"));
    test.run("import csv two.csv out").status(2).stderr_has(&["first or the last column", "--label-column"]);
    test.run("import csv two.csv out --label-column first").status(0);
    let labels = |out: &str| {
        let names: Vec<String> = test.names(out).into_iter().filter(|name| name.ends_with(".png")).collect();
        names.iter().map(|name| name[..1].to_owned()).collect::<std::collections::BTreeSet<_>>()
    };
    assert!(labels("out").iter().eq(["0", "2"]));
    assert_eq!(test.json("out/stage.json")["settings"]["label_column"], "first");

    let rows: Vec<String> = (0..60).map(|n| format!("{},0,255,3,9", n % 10 + 1)).collect();
    test.write("ten.csv", format!("y,p0,p1,p2,p3\n{}\n", rows.join("\n")));
    test.run("import csv ten.csv ten").status(2).stderr_has(&["6 labels are 10", "--zero-is 10", "--zero-is 1 "]);
    for (zero_is, first) in [("10", "1_20_r02.png"), ("1", "0_20_r02.png")] {
        let out = format!("zero{zero_is}");
        test.run(&format!("import csv ten.csv {out} --zero-is {zero_is}")).status(0);
        assert_eq!(labels(&out).len(), 10);
        assert!(test.exists(&format!("{out}/{first}")));
        assert_eq!(test.json(&format!("{out}/stage.json"))["settings"]["zero_is"].to_string(), zero_is);
    }
    test.write("mixed.csv", "y,p0,p1,p2,p3\n0,0,255,3,9\n10,0,255,3,9\n");
    test.run("import csv mixed.csv mixed").status(1).stderr_has(&["and no label is 0, --zero-is 10 --fresh maps it"]);
}
