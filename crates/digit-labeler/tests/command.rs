//! The whole command: message, exit code and what is on disk.

#![allow(clippy::disallowed_methods, reason = "tests put files in place as users do")]

#[path = "command/fixes.rs"]
mod fixes;

use stage_files::labelled::LabelledPicture;
use test_support::{Test, assert_same_files, gray_png};

/// The usual run: the folder `source` into the folder `out`.
const LABEL: &str = "source out";
const REJECTED: &str = "out/rejected.csv";

fn test() -> Test {
    Test::new(env!("CARGO_BIN_EXE_digit-labeler"))
}

/// A gray PNG whose pixels depend on `variant`.
fn png(width_px: u32, height_px: u32, variant: u32) -> Vec<u8> {
    gray_png(width_px, height_px, |x, y| ((y * width_px + x) * 7 + variant * 31) as u8)
}

#[test]
fn pictures_get_a_label_row_and_the_folder_of_their_size() {
    let test = test();
    test.write("source/1_20_a.png", png(40, 40, 1));
    test.write("source/deep/2_8_kim-3.png", png(1, 1, 2));
    test.write("source/3_20_김\u{1f600}.png", png(20, 20, 3));
    test.write(&format!("source/4_20_{}.png", "x".repeat(246)), png(30, 20, 4));
    test.write("source/5_20_no_ending", png(30, 20, 5));
    test.write("source/Thumbs.db", b"x");
    test.write("source/.DS_Store", b"x");
    test.write("source/._1_20_a.png", b"x");
    test.run(LABEL)
        .status(0)
        .stdout("")
        .stderr("digit-labeler: 5 pictures labelled (4 of size 20, 1 of size 8), 3 other files passed over\n");
    let long = format!("20/4_20_{}.png", "x".repeat(246));
    let expected = [
        "20/1_20_a.png",
        "20/3_20_김\u{1f600}.png",
        &long,
        "20/5_20_no_ending.png",
        "8/2_8_kim-3.png",
        "rejected.csv",
        "sources.csv",
        "stage.json",
    ];
    assert_eq!(test.names("out"), expected);
    let picture = LabelledPicture::decode(&test.bytes("out/20/3_20_김\u{1f600}.png")).unwrap();
    assert_eq!((picture.label, picture.size, picture.pixels[1]), (3, 20, 100));
    assert_eq!(test.read(REJECTED), "source,reason\n");
    let sources = test.read("out/sources.csv");
    assert!(sources.starts_with("picture,source\n20/1_20_a.png,1_20_a.png\n"), "{sources}");
    assert!(sources.ends_with("\n8/2_8_kim-3.png,deep/2_8_kim-3.png\n"), "{sources}");
    // A folder that an older version made gets the file without a picture being made again.
    test.remove("out/sources.csv");
    test.run(LABEL).status(0).stderr_has(&["5 pictures labelled"]);
    assert_eq!(test.read("out/sources.csv"), sources);
}

#[test]
fn unfit_inputs_are_listed_with_reason_and_the_rest_is_done() {
    let test = test();
    let good = png(40, 40, 1);
    test.write("source/1_20_good.png", &good);
    test.write("source/1_20_zero.png", b"");
    test.write("source/1_20_text.png", b"this is text");
    test.write("source/1_20_cut.png", &good[..good.len() / 2]);
    let mut crc = good.clone();
    let at = crc.len() - 30;
    crc[at] ^= 255;
    test.write("source/1_20_crc.png", &crc);
    let mut huge = good[..100].to_vec();
    huge[16..24].copy_from_slice(&[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20]);
    let crc = crc32fast::hash(&huge[12..29]).to_be_bytes();
    huge[29..33].copy_from_slice(&crc);
    test.write("source/1_20_huge.png", &huge);
    test.write("source/photo.png", &good);
    test.write("source/7_20_outside.png", &good);
    test.write("source/1_big_a.png", &good);
    test.write("source/twice/1_20_good.png", &good);
    test.write("source/1_20_phone.heic", b"\0\0\0\x18ftypheic....");
    test.make_folder("source/x.png");
    test.run(LABEL).status(1).stderr_has(&["1 picture labelled (1 of size 20), 11 rejected (see "]);
    let rejected = test.read(REJECTED);
    for (source, reason) in [
        ("1_20_zero.png", "empty"),
        ("1_20_text.png", "not a picture"),
        ("1_20_cut.png", "cut-off PNG"),
        ("1_20_crc.png", "damaged PNG"),
        ("1_20_huge.png", "20000"),
        ("photo.png", "name without label"),
        ("7_20_outside.png", "outside the label set 1-5"),
        ("1_big_a.png", "size is not a number"),
        ("twice/1_20_good.png", "which 1_20_good.png has already"),
        ("1_20_phone.heic", "HEIC"),
        ("x.png", "is a folder"),
    ] {
        let line = rejected.lines().find(|line| line.starts_with(&format!("{source},")));
        assert!(line.is_some_and(|line| line.contains(reason)), "{source} {reason}: {rejected}");
    }
    let before = test.files("out");
    assert_eq!(before.len(), 4);
    test.run(LABEL).status(1).stderr_has(&["nothing to do: 1 picture labelled", "up to date in out, 11 rejected"]);
    assert_same_files(&test.files("out"), &before);
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_broken_or_looping_ones_rejected() {
    use std::os::unix::{ffi::OsStrExt, fs::symlink};
    let test = test();
    test.write("source/real/1_20_a.png", png(20, 20, 1));
    for (target, link) in [
        ("real/1_20_a.png", "source/2_20_link.png"),
        ("nowhere", "source/1_20_broken.png"),
        ("1_20_self.png", "source/1_20_self.png"),
        ("..", "source/real/up"),
    ] {
        symlink(target, test.at(link)).unwrap();
    }
    let name = std::ffi::OsStr::from_bytes(b"3_20_\xff.png");
    std::fs::write(test.at("source").join(name), png(20, 20, 1)).unwrap();
    test.run(LABEL).status(1);
    let rejected = test.read(REJECTED);
    assert!(rejected.contains("1_20_broken.png,broken link"), "{rejected}");
    assert!(rejected.contains("1_20_self.png,link loop"), "{rejected}");
    assert!(rejected.contains("real/up,link loop"), "{rejected}");
    assert_eq!(test.files("out").len(), 6);
    assert!(test.exists("out/20/2_20_link.png") && test.exists("out/20/3_20_%FF.png"));
}

#[test]
fn only_what_changed_is_done_again_and_what_vanished_goes() {
    let test = test();
    for n in 0..5 {
        test.write(&format!("source/1_20_{n}.png"), png(30, 30, n));
    }
    test.run(LABEL).status(0);
    let modified = || std::fs::metadata(test.at("out/20/1_20_1.png")).unwrap().modified().unwrap();
    let before = modified();
    test.run(LABEL).status(0).stderr_has(&["nothing to do: 5 pictures labelled"]);
    test.remove("source/1_20_0.png");
    test.write("source/1_20_2.png", png(30, 30, 77));
    test.remove("out/20/1_20_3.png");
    test.write("out/20/1_20_4.png", "short");
    test.run(LABEL).status(0);
    assert_eq!(modified(), before);
    test.run("source fresh --jobs 1").status(0);
    assert_same_files(&test.files("out"), &test.files("fresh"));
    test.write("out/.cache", "damaged");
    test.run("source out --jobs 2").status(0);
    assert_same_files(&test.files("out"), &test.files("fresh"));
}

#[test]
fn killed_at_any_moment_it_ends_as_if_it_had_not_been() {
    let test = test();
    for n in 0..600 {
        test.write(&format!("source/1_20_{n}.png"), png(90, 90, n));
    }
    test.run("source fresh").status(0);
    for wait_ms in [5, 20, 60] {
        let running = test.command(LABEL).start();
        std::thread::sleep(std::time::Duration::from_millis(wait_ms));
        running.kill();
    }
    test.run("source out --quiet").status(0);
    assert_same_files(&test.files("out"), &test.files("fresh"));
}

#[test]
fn strict_writes_nothing_when_anything_is_unfit() {
    let test = test();
    test.write("source/1_20_a.png", png(20, 20, 1));
    test.write("source/1_20_b.png", b"text");
    test.run("source out --strict").status(1).stderr_has(&["1_20_b.png: not a picture", "nothing was written"]);
    assert!(!test.exists("out"));
}

/// A bar on white with a margin, as a PGM: the content decides the format, not the name.
fn bar(thickness_px: u32) -> Vec<u8> {
    gray_png(70, 80, |x, y| if (30..30 + thickness_px).contains(&x) && (15..65).contains(&y) { 40 } else { 255 })
}

#[test]
fn preprocessing_travels_resolved_and_rejects_what_is_no_digit() {
    let test = test();
    test.write("source/1_20_thin.png", bar(3));
    test.write("source/1_20_thick.png", bar(9));
    test.write("source/1_20_blank.png", bar(0));
    test.run("source out --preprocess standard").status(1);
    assert_eq!(
        test.read(REJECTED),
        "source,reason\n1_20_blank.png,\"no ink: expected one digit, found a blank picture; draw or scan it again\"\n"
    );
    let stage = stage_files::stage::StageInfo::read(&test.at("out")).unwrap().unwrap();
    let steps = digit_image::preprocess::Pipeline::parse("standard").unwrap();
    assert_eq!(stage.picture.as_ref().unwrap().preprocess, steps.to_json());
    assert_eq!(stage.settings["preprocess"], serde_json::Value::Array(steps.to_json()));
    let labelled = |name: &str| LabelledPicture::decode(&test.bytes(name)).unwrap().pixels;
    let (thin, thick) = (labelled("out/20/1_20_thin.png"), labelled("out/20/1_20_thick.png"));
    let apart: u64 = thin.iter().zip(&thick).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    assert!(apart / 400 < 12, "{apart}");
    // The function that other programs use gives the same pixels.
    let reader = digit_image::reader::PictureReader::new(stage.picture.as_ref().unwrap()).unwrap();
    assert_eq!(reader.read(&bar(3), 1_000_000).unwrap().pixels, thin);
    test.run("source out --preprocess ink").status(2).stderr_has(&["other settings"]);
}

#[test]
fn an_impossible_list_of_steps_is_a_wrong_request() {
    let test = test();
    test.write("source/1_20_a.png", bar(3));
    for (list, message) in [
        ("sharpen", "expected a step (limit, "),
        ("deskew:max=9", "expected a number from 0 to 3 for `max`, found `9`"),
        ("fit,ink", "step 2 `ink` works on the picture as it is in the file"),
    ] {
        test.run(&format!("source out --preprocess {list}")).status(2).stderr_has(&[message]);
        assert!(!test.exists("out"));
    }
}

#[test]
fn explain_writes_each_step_and_a_sheet() {
    let test = test();
    test.write("source/1_20_a.png", bar(4));
    test.write("source/1_20_b.png", bar(0));
    test.run("source out --preprocess ink,fit --explain explained").status(1);
    let expected = [
        "01-1_20_a-0-decoded.png",
        "01-1_20_a-1-ink.png",
        "01-1_20_a-2-fit.png",
        "01-1_20_a-3-shrunk.png",
        "02-1_20_b-0-decoded.png",
        "02-1_20_b-refused.txt",
        "sheet.png",
        "stage.json",
    ];
    assert_eq!(test.names("explained"), expected);
    let read = |name: &str| {
        let options = digit_image::decode::DecodeOptions::default();
        digit_image::decode::decode_gray(&test.bytes(name), &options).unwrap()
    };
    let small = read("explained/01-1_20_a-3-shrunk.png");
    assert_eq!(small.pixels, LabelledPicture::decode(&test.bytes("out/20/1_20_a.png")).unwrap().pixels);
    let sheet = read("explained/sheet.png");
    assert_eq!((sheet.width_px, sheet.height_px), (4 * 124 + 4, 2 * 124 + 4));
    assert!(test.read("explained/02-1_20_b-refused.txt").contains("no ink"));
    test.run("source out --preprocess ink,fit --explain source/deep")
        .status(2)
        .stderr_has(&["lies inside, the input source"]);
}

#[test]
fn wrong_requests_and_faults_from_outside_have_their_codes() {
    let test = test();
    test.make_folder("source");
    test.run(LABEL).status(2).stderr_has(&["expected pictures, found none"]);
    test.write("source/1_20_a.png", png(20, 20, 1));
    test.run("no/such/folder out").status(2).stderr_has(&["no/such/folder"]);
    test.run("source source/deep/out").status(2).stderr_has(&["lies inside, the input source"]);
    assert!(!test.exists("source/deep/out"));
    test.write("file", "x");
    test.run("source file/out").status(2).stderr_has(&["expected folders only"]);
    test.run(LABEL).status(0);
    test.run("source out --labels 0-9").status(2).stderr_has(&["other settings"]);
    test.write("source/1_20_b.png", png(20, 20, 2));
    let lock = stage_files::lock::FolderLock::take(&test.at("out")).unwrap();
    test.run(LABEL).status(3).stderr_has(&["is being written by process"]);
    drop(lock);
    let json = test.run("source out --json");
    assert!(json.status(0).stdout.starts_with('{') && json.stdout.contains("\"pictures\":2"), "{json}");
}
