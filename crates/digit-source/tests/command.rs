//! The whole command: message, exit code and what is on disk.

use std::io::Write as _;

use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use serde_json::json;
use test_support::{Files, Test, assert_same_files};

fn test() -> Test {
    Test::new(env!("CARGO_BIN_EXE_digit-source"))
}

/// A bar of `ink` on `paper`, 30 x 40 pixels.
fn bar(ink: u8, paper: u8) -> GrayImage {
    GrayImage::from_fn(30, 40, |x, y| Luma([if (12..18).contains(&x) && (5..35).contains(&y) { ink } else { paper }]))
}

fn encoded(picture: GrayImage, format: ImageFormat) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(picture).write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn png(ink: u8, paper: u8) -> Vec<u8> {
    encoded(bar(ink, paper), ImageFormat::Png)
}

fn pixels(file: &[u8]) -> Vec<u8> {
    image::load_from_memory(file).unwrap().to_luma8().into_raw()
}

/// `datasets/sample` is kept in the repository, drawn once: whoever draws it again gets these bytes, on any machine.
#[test]
fn the_sample_drawn_again_is_the_one_kept() {
    let test = test();
    let draw = "draw out --count 60 --labels 0-9 --seed 2022";
    test.run(draw).status(0).stdout("").stderr("digit-source: 60 source pictures in out\n");
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../../datasets/sample");
    assert_same_files(&test.files("out"), &test.files(sample));
    test.run(draw).status(0).stderr("digit-source: nothing to do: 60 source pictures, up to date in out\n");
}

/// Killed between the last file and the release of the folder, a process leaves a whole folder that it still names.
#[test]
fn a_whole_folder_that_a_killed_writer_left_is_tidied() {
    let test = test();
    test.run("draw out --count 5").status(0);
    test.write("out/.lock", "process 1 on elsewhere");
    test.write("out/.stage.partial.json", test.read("out/stage.json"));
    let again = test.run("draw out --count 5");
    assert!(again.status(0).stderr.contains("nothing to do"), "{again}");
    assert_eq!(test.read("out/.lock"), "");
    assert!(!test.exists("out/.stage.partial.json"));
}

#[test]
fn drawing_killed_at_any_moment_ends_as_if_it_had_not_been() {
    let test = test();
    for wait_ms in [20, 60, 150] {
        let running = test.command("draw out --count 400 --sizes 8").start();
        std::thread::sleep(std::time::Duration::from_millis(wait_ms));
        running.kill();
    }
    test.run("draw out --count 400 --sizes 8").status(0);
    test.run("draw fresh --count 400 --sizes 8").status(0);
    assert_same_files(&test.files("out"), &test.files("fresh"));
    assert_eq!(test.files("out").len(), 403);
}

#[test]
fn wrong_requests_and_faults_from_outside_have_their_codes() {
    let test = test();
    for (line, part) in [
        ("draw out --count 0", "0 is not in 1..=10000000"),
        ("draw out --sizes 12", "expected 20, 8 or both, found 12"),
        ("draw out --labels 3-12", "3-12"),
        ("draw out --labels=", "--labels"),
        ("draw", "OUT"),
        ("import folders no/such/folder out", "no/such/folder: expected a folder"),
        ("import csv no/such.csv out", "no/such.csv"),
        ("import idx no/such no/such/labels out", "no/such"),
    ] {
        test.run(line).status(2).stderr_has(&[part]);
        assert!(!test.exists("out"), "{line}");
    }
    test.write("file", "x");
    test.run("draw file/out --count 5").status(2).stderr_has(&["expected folders only"]);
    test.run("draw out --count 5").status(0);
    test.run("draw out --count 5 --seed 2").status(2).stderr_has(&["made with other settings"]);
    test.write("foreign/thesis.docx", "x");
    test.run("draw foreign --count 5").status(2).stderr_has(&["thesis.docx"]);
    let lock = stage_files::lock::FolderLock::take(&test.at("busy")).unwrap();
    test.run("draw busy --count 5").status(3).stderr_has(&["is being written by process"]);
    drop(lock);
}

#[test]
fn a_tree_of_writers_keeps_bytes_writers_and_numbers() {
    let test = test();
    let (plain, turned) = (png(20, 230), png(240, 10));
    let jpeg = encoded(bar(10, 250), ImageFormat::Jpeg);
    test.write("scans/kim/3/number-7.png", &plain);
    test.write("scans/kim/3/number-12.jpeg", &jpeg);
    test.write("scans/이\u{1f600}/0/x.PNG", &turned);
    test.write("scans/kim/7/left.png", &plain);
    test.write("scans/kim/3/Thumbs.db", "no picture");
    test.write("scans/.hidden/3/a.png", &plain);
    let import = "import folders scans out --labels 0-5 --json";
    let ran = test.run(import);
    ran.status(0).stderr("");
    assert_eq!(
        ran.json()["counts"],
        json!({"left_out": 1, "passed_over": 1, "pictures": 3, "rejected": 0, "size_20": 3})
    );
    let made = test.files("out");
    // Dark on light goes through untouched; the format's usual ending takes the place of the given one.
    assert_eq!(made["3_20_kim-7.png"], plain);
    assert_eq!(made["3_20_kim-12.jpg"], jpeg);
    let inverted: Vec<u8> = pixels(&turned).iter().map(|v| 255 - v).collect();
    assert_eq!(pixels(&made["0_20_이\u{1f600}-1.png"]), inverted);
    let sources = test.read("out/sources.csv");
    assert!(sources.contains("3_20_kim-7.png,kim/3/number-7.png\n"), "{sources}");
    assert!(test.run(import).stdout.contains("\"pictures\":3"));

    // What vanished from the tree goes, what came is done.
    test.remove("scans/kim/3/number-7.png");
    test.write("scans/kim/3/number-8.png", &plain);
    test.run(import).status(0);
    let threes: Vec<String> = test.names("out").into_iter().filter(|name| name.starts_with('3')).collect();
    assert_eq!(threes, ["3_20_kim-12.jpg", "3_20_kim-8.png"]);
    test.run("import folders scans scans/out").status(2).stderr_has(&["lies inside, the input scans"]);
}

#[test]
fn unfit_pictures_of_a_tree_are_listed_and_the_rest_is_done() {
    let test = test();
    let good = png(20, 230);
    test.write("scans/1/a.png", &good);
    test.write("scans/1/b.png", "");
    test.write("scans/1/c.png", "just words");
    test.write("scans/1/d.png", &good[..good.len() / 2]);
    test.write("scans/readme.png", &good);
    test.make_folder("scans/1/x.png");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", test.at("scans/1/e.png")).unwrap();
        std::os::unix::fs::symlink("..", test.at("scans/1/up")).unwrap();
    }
    let ran = test.run("import folders scans out");
    ran.status(1);
    let rejected = test.read("out/rejected.csv");
    let mut expected = vec![
        ("1/b.png", "0 bytes"),
        ("1/c.png", "no picture"),
        ("1/d.png", "damaged"),
        ("readme.png", "not in a folder named by a digit"),
        ("1/x.png", "a folder with the name of a picture"),
    ];
    if cfg!(unix) {
        expected.extend([("1/e.png", "cannot be read"), ("1/up", "leads back")]);
    }
    for (source, reason) in &expected {
        let line = rejected.lines().find(|line| line.starts_with(&format!("{source},")));
        assert!(line.is_some_and(|line| line.contains(reason)), "{source} {reason}: {rejected}");
    }
    ran.stderr_has(&[&format!("1 source picture in out, {} rejected", expected.len()), "and 2 more in out"]);
    assert_eq!(rejected.lines().count(), expected.len() + 1);
    test.run("import folders scans strict --strict").status(1).stderr_has(&["nothing was written"]);
    assert!(!test.exists("strict"));
    test.write("none/words.txt", "x");
    test.run("import folders none out-none").status(2).stderr_has(&["no picture in a folder named by"]);
}

#[test]
fn random_places_make_small_digits_that_the_seed_decides() {
    let test = test();
    for n in 0..6 {
        test.write(&format!("scans/kim/{}/n{n}.png", n % 5 + 1), png(20, 230));
    }
    let import = |out: &str, seed: u32| -> Files {
        test.run(&format!("import folders scans {out} --size 8 --place random --seed {seed}")).status(0);
        test.files(out).into_iter().filter(|(name, _)| name.contains("_8_")).collect()
    };
    let (first, again, other) = (import("a", 1), import("b", 1), import("c", 2));
    assert_eq!(first.len(), 6);
    assert!(first == again && first != other);
    for file in first.values() {
        let ink = pixels(file).iter().filter(|&&v| v < 128).count();
        let all = pixels(file).len();
        assert!(ink > 0 && ink * 20 < all, "{ink} of {all} pixels");
    }
}

#[test]
fn a_count_takes_an_even_part_and_more_than_there_is_is_refused() {
    let test = test();
    for n in 0..20 {
        test.write(&format!("scans/{}/{}/n{n}.png", ["kim", "lee"][n / 10], n % 5 + 1), png(20, 230));
    }
    let import = |out: &str, count: u32, seed: u32| {
        test.run(&format!("import folders scans {out} --count {count} --seed {seed} --json"))
    };
    let ran = import("half", 10, 1);
    let counts = &ran.json()["counts"];
    ran.status(0);
    assert_eq!((&counts["pictures"], &counts["left_out"]), (&json!(10), &json!(10)));
    let names: Vec<String> = test.names("half").into_iter().filter(|name| name.contains("_20_")).collect();
    for class in (1..=5).flat_map(|digit| [format!("{digit}_20_kim-"), format!("{digit}_20_lee-")]) {
        assert_eq!(names.iter().filter(|name| name.starts_with(&class)).count(), 1, "{class} {names:?}");
    }
    // The folder holds another sample: it is not mixed with this one.
    import("half", 10, 2).status(2);
    import("more", 21, 1).status(2).stderr_has(&["--count: expected at most 20"]);
    assert!(!test.exists("more"));
}

fn idx(magic: u8, sizes: &[u32], data: &[u8]) -> Vec<u8> {
    let sizes = sizes.iter().flat_map(|size| size.to_be_bytes());
    [0, 0, 8, magic].into_iter().chain(sizes).chain(data.iter().copied()).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

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

/// A pipe was waited for without an end, and a link to an endless device filled the memory.
#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_no_input() {
    let test = test();
    test.write("scans/1/a.png", png(20, 230));
    let made = std::process::Command::new("mkfifo").arg(test.at("scans/1/pipe.png")).status().unwrap();
    assert!(made.success());
    std::os::unix::fs::symlink("/dev/zero", test.at("scans/1/zero.png")).unwrap();
    test.run("import folders scans out").status(1).stderr_has(&["1 source picture"]);
    let rejected = test.read("out/rejected.csv");
    assert!(rejected.contains("1/pipe.png,\"is a pipe, expected a regular file"), "{rejected}");
    assert!(rejected.contains("1/zero.png,\"is a device, expected a regular file"), "{rejected}");
    for (path, what) in [("scans/1/pipe.png", "is a pipe"), ("scans/1/zero.png", "is a device")] {
        for line in [format!("import csv {path} never"), format!("import idx {path} {path} never")] {
            test.run(&line).status(2).stderr_has(&[what]);
        }
    }
}

/// Folders between a writer's and the digit's belong to the writer's name, as digit-labeler has it.
#[test]
fn a_writer_is_named_by_all_folders_above_the_digit() {
    let test = test();
    test.write("scans/kim/left/1/n7.png", png(20, 230));
    test.write("scans/kim/2/n7.png", png(20, 230));
    test.run("import folders scans out").status(0);
    let names: Vec<String> = test.names("out").into_iter().filter(|name| name.ends_with(".png")).collect();
    assert_eq!(names, ["1_20_kim_left-7.png", "2_20_kim-7.png"]);
}

#[cfg(unix)]
#[test]
fn an_import_never_writes_into_its_input() {
    let test = test();
    test.write("scans/1/a.png", png(20, 230));
    std::os::unix::fs::symlink("scans", test.at("link")).unwrap();
    for out in ["scans", "scans/new", "link/new", "link", "gone/../scans/new", "scans/1/../../link/1/x"] {
        test.run(&format!("import folders scans {out}")).status(2).stderr_has(&["lies inside, the input"]);
        assert_eq!(test.names("scans"), ["1/a.png"], "{out}");
    }
    test.write("table.csv", "label,p0,p1,p2,p3\n1,0,0,255,255\n");
    test.run("import csv table.csv table.csv").status(2).stderr_has(&["is, or lies inside, the input"]);
    test.run("import csv table.csv table.csv/x").status(2);
    assert!(test.read("table.csv").starts_with("label"));
}

#[cfg(unix)]
#[test]
fn a_lock_that_is_a_link_empties_nothing() {
    let test = test();
    test.write("thesis.txt", "my thesis");
    test.make_folder("out");
    std::os::unix::fs::symlink("../thesis.txt", test.at("out/.lock")).unwrap();
    test.run("draw out --count 5").status(3).stderr_has(&[".lock is a link"]);
    assert_eq!(test.read("thesis.txt"), "my thesis");
}

#[test]
fn emptied_and_altered_pictures_are_made_anew() {
    let test = test();
    test.run("draw out --count 6").status(0);
    let whole = test.files("out");
    let name = whole.keys().find(|name| name.ends_with(".png")).unwrap().clone();
    test.write(&format!("out/{name}"), "");
    test.run("draw out --count 6").status(0).stderr_has(&["6 source pictures"]);
    assert_eq!(test.files("out"), whole);
    let mut bytes = whole[&name].clone();
    bytes[50] ^= 1;
    test.write(&format!("out/{name}"), bytes);
    test.run("draw out --count 6").status(0).stderr_has(&["nothing to do"]);
    test.run("draw out --count 6 --verify").status(0).stderr_has(&["6 source pictures"]);
    assert_eq!(test.files("out"), whole);
}

/// Killed between any two of its first files, a run leaves a folder that can be written again.
#[test]
fn a_folder_that_was_hardly_begun_can_be_written_again() {
    for files in [&[".lock"][..], &[".lock", ".outputs.csv"], &[".lock", ".outputs.csv", ".stage-tmp-host-1-abc"]] {
        let test = test();
        for file in files {
            test.write(&format!("out/{file}"), if *file == ".lock" { "process 1 on elsewhere" } else { "" });
        }
        test.run("draw out --count 5").status(0);
    }
}

#[test]
fn labelled_pictures_are_no_input() {
    let test = test();
    test.write("labelled/1/a.png", png(20, 230));
    let stage = json!({"format": 1, "tool": "digit-labeler", "version": "0.1.0", "settings": {}, "inputs": [],
        "counts": {}, "labels": [1]});
    test.write("labelled/stage.json", stage.to_string());
    test.run("import folders labelled out").status(2).stderr_has(&["digit-labeler wrote this folder"]);
}
