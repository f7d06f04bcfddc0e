//! The whole command: message, exit code and what is on disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

struct Ran {
    code: Option<i32>,
    stderr: String,
    stdout: String,
}

fn run(arguments: &[&str]) -> Ran {
    let output = Command::cargo_bin("digit-labeler").unwrap().args(arguments).output().unwrap();
    Ran {
        code: output.status.code(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
    }
}

struct Place {
    _folder: tempfile::TempDir,
    source: PathBuf,
    out: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (source, out) = (folder.path().join("source"), folder.path().join("out"));
        std::fs::create_dir(&source).unwrap();
        Self { _folder: folder, source, out }
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.source.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    fn run(&self, more: &[&str]) -> Ran {
        let mut arguments = vec![self.source.to_str().unwrap(), self.out.to_str().unwrap()];
        arguments.extend(more);
        run(&arguments)
    }

    fn rejected(&self) -> String {
        std::fs::read_to_string(self.out.join("rejected.csv")).unwrap()
    }
}

/// A gray PNG whose pixels depend on `seed`.
fn png(width: u32, height: u32, seed: u32) -> Vec<u8> {
    let pixels: Vec<u8> = (0..width * height).map(|at| (at * 7 + seed * 31) as u8).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    bytes
}

/// The contract's files below a folder: the lock and the memory are outside it.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.unwrap();
        let name = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
        if entry.file_type().is_file() && name != ".cache" && name != ".lock" {
            all.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
    all
}

#[test]
fn pictures_get_a_label_row_and_the_folder_of_their_size() {
    let place = Place::new();
    place.put("1_20_a.png", &png(40, 40, 1));
    place.put("deep/2_8_kim-3.png", &png(1, 1, 2));
    place.put("3_20_김\u{1f600}.png", &png(20, 20, 3));
    place.put(&format!("4_20_{}.png", "x".repeat(246)), &png(30, 20, 4));
    place.put("5_20_no_ending", &png(30, 20, 5));
    place.put("Thumbs.db", b"x");
    place.put(".DS_Store", b"x");
    place.put("._1_20_a.png", b"x");
    let ran = place.run(&[]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(
        ran.stderr,
        "digit-labeler: 5 pictures labelled (4 of size 20, 1 of size 8), 0 rejected, 3 passed over\n"
    );
    assert_eq!(ran.stdout, "");
    let names: Vec<String> = files(&place.out).into_keys().collect();
    let long = format!("20/4_20_{}.png", "x".repeat(246));
    let expected = [
        "20/1_20_a.png",
        "20/3_20_김\u{1f600}.png",
        &long,
        "20/5_20_no_ending.png",
        "8/2_8_kim-3.png",
        "rejected.csv",
        "stage.json",
    ];
    assert_eq!(names, expected);
    let bytes = std::fs::read(place.out.join("20/3_20_김\u{1f600}.png")).unwrap();
    let picture = stage_files::labelled::LabelledPicture::decode(&bytes).unwrap();
    assert_eq!((picture.label, picture.size, picture.pixels[1]), (3, 20, 100));
    assert_eq!(place.rejected(), "source,reason\n");
}

#[test]
fn unfit_inputs_are_listed_with_reason_and_the_rest_is_done() {
    let place = Place::new();
    let good = png(40, 40, 1);
    place.put("1_20_good.png", &good);
    place.put("1_20_zero.png", b"");
    place.put("1_20_text.png", b"this is text");
    place.put("1_20_cut.png", &good[..good.len() / 2]);
    let mut crc = good.clone();
    let at = crc.len() - 30;
    crc[at] ^= 255;
    place.put("1_20_crc.png", &crc);
    let mut huge = good[..100].to_vec();
    huge[16..24].copy_from_slice(&[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20]);
    let crc = crc32fast::hash(&huge[12..29]).to_be_bytes();
    huge[29..33].copy_from_slice(&crc);
    place.put("1_20_huge.png", &huge);
    place.put("photo.png", &good);
    place.put("7_20_outside.png", &good);
    place.put("1_big_a.png", &good);
    place.put("twice/1_20_good.png", &good);
    place.put("1_20_phone.heic", b"\0\0\0\x18ftypheic....");
    std::fs::create_dir(place.source.join("x.png")).unwrap();
    let ran = place.run(&[]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("1 pictures labelled (1 of size 20), 11 rejected (see "), "{}", ran.stderr);
    let rejected = place.rejected();
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
    assert_eq!(files(&place.out).len(), 3);
    let before = files(&place.out);
    let again = place.run(&[]);
    assert_eq!(again.code, Some(1));
    assert!(again.stderr.contains("nothing to do: 1 pictures are up to date, 11 rejected"), "{}", again.stderr);
    assert_eq!(files(&place.out), before);
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_broken_or_looping_ones_rejected() {
    use std::os::unix::{ffi::OsStrExt, fs::symlink};
    let place = Place::new();
    place.put("real/1_20_a.png", &png(20, 20, 1));
    symlink("real/1_20_a.png", place.source.join("2_20_link.png")).unwrap();
    symlink("nowhere", place.source.join("1_20_broken.png")).unwrap();
    symlink("1_20_self.png", place.source.join("1_20_self.png")).unwrap();
    symlink("..", place.source.join("real/up")).unwrap();
    std::fs::write(place.source.join(std::ffi::OsStr::from_bytes(b"3_20_\xff.png")), png(20, 20, 1)).unwrap();
    let ran = place.run(&[]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let rejected = place.rejected();
    assert!(rejected.contains("1_20_broken.png,broken link"), "{rejected}");
    assert!(rejected.contains("1_20_self.png,link loop"), "{rejected}");
    assert!(rejected.contains("real/up,link loop"), "{rejected}");
    assert_eq!(files(&place.out).len(), 5);
    assert!(place.out.join("20/2_20_link.png").is_file() && place.out.join("20/3_20_%FF.png").is_file());
}

#[test]
fn only_what_changed_is_done_again_and_what_vanished_goes() {
    let place = Place::new();
    for n in 0..5 {
        place.put(&format!("1_20_{n}.png"), &png(30, 30, n));
    }
    assert_eq!(place.run(&[]).code, Some(0));
    let untouched = place.out.join("20/1_20_1.png");
    let time = std::fs::metadata(&untouched).unwrap().modified().unwrap();
    assert!(place.run(&[]).stderr.contains("nothing to do: 5 pictures are up to date"));
    std::fs::remove_file(place.source.join("1_20_0.png")).unwrap();
    place.put("1_20_2.png", &png(30, 30, 77));
    std::fs::remove_file(place.out.join("20/1_20_3.png")).unwrap();
    std::fs::write(place.out.join("20/1_20_4.png"), b"short").unwrap();
    assert_eq!(place.run(&[]).code, Some(0));
    assert_eq!(std::fs::metadata(&untouched).unwrap().modified().unwrap(), time);
    let fresh = place.out.with_file_name("fresh");
    assert_eq!(run(&[place.source.to_str().unwrap(), fresh.to_str().unwrap(), "--jobs", "1"]).code, Some(0));
    assert_eq!(files(&place.out), files(&fresh));
    std::fs::write(place.out.join(".cache"), "damaged").unwrap();
    assert_eq!(place.run(&["--jobs", "2"]).code, Some(0));
    assert_eq!(files(&place.out), files(&fresh));
}

#[test]
fn killed_at_any_moment_it_ends_as_if_it_had_not_been() {
    let place = Place::new();
    for n in 0..600 {
        place.put(&format!("1_20_{n}.png"), &png(90, 90, n));
    }
    let fresh = place.out.with_file_name("fresh");
    assert_eq!(run(&[place.source.to_str().unwrap(), fresh.to_str().unwrap()]).code, Some(0));
    for wait_ms in [5, 20, 60] {
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("digit-labeler"))
            .args([&place.source, &place.out])
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait_ms));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(place.run(&["--quiet"]).code, Some(0));
    assert_eq!(files(&place.out), files(&fresh));
}

#[test]
fn strict_writes_nothing_when_anything_is_unfit() {
    let place = Place::new();
    place.put("1_20_a.png", &png(20, 20, 1));
    place.put("1_20_b.png", b"text");
    let ran = place.run(&["--strict"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("1_20_b.png: not a picture") && ran.stderr.contains("nothing was written"));
    assert!(!place.out.exists());
}

/// A bar on white with a margin, as a PGM: what a file is, is told by its content.
fn bar(thickness_px: u32) -> Vec<u8> {
    let row = |y: u32| {
        let inked = move |x: u32| (30..30 + thickness_px).contains(&x) && (15..65).contains(&y);
        (0..70).map(move |x| if inked(x) { 40 } else { 255 })
    };
    let mut bytes = b"P5 70 80 255 ".to_vec();
    bytes.extend((0..80).flat_map(row));
    bytes
}

#[test]
fn preprocessing_travels_resolved_and_rejects_what_is_no_digit() {
    let place = Place::new();
    place.put("1_20_thin.png", &bar(3));
    place.put("1_20_thick.png", &bar(9));
    place.put("1_20_blank.png", &bar(0));
    let ran = place.run(&["--preprocess", "standard"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert_eq!(
        place.rejected(),
        "source,reason\n1_20_blank.png,\"no ink: expected one digit, found a blank picture; draw or scan it again\"\n"
    );
    let stage = stage_files::stage::StageInfo::read(&place.out).unwrap().unwrap();
    let steps = digit_image::preprocess::Pipeline::parse("standard").unwrap();
    assert_eq!(stage.picture.as_ref().unwrap().preprocess, steps.to_json());
    assert_eq!(stage.settings["preprocess"], serde_json::Value::Array(steps.to_json()));
    let labelled = |name: &str| {
        let bytes = std::fs::read(place.out.join("20").join(name)).unwrap();
        stage_files::labelled::LabelledPicture::decode(&bytes).unwrap().pixels
    };
    let (thin, thick) = (labelled("1_20_thin.png"), labelled("1_20_thick.png"));
    let apart: u64 = thin.iter().zip(&thick).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    assert!(apart / 400 < 12, "{apart}");
    // The function that other programs use gives the same pixels.
    let reader = digit_image::reader::PictureReader::new(stage.picture.as_ref().unwrap()).unwrap();
    assert_eq!(reader.read(&bar(3), 1_000_000).unwrap().pixels, thin);
    let other = place.run(&["--preprocess", "ink"]);
    assert_eq!((other.code, other.stderr.contains("other settings")), (Some(2), true), "{}", other.stderr);
}

#[test]
fn an_impossible_list_of_steps_is_a_wrong_request() {
    let place = Place::new();
    place.put("1_20_a.png", &bar(3));
    for (list, message) in [
        ("sharpen", "expected a step (limit, ink, "),
        ("deskew:max=9", "expected a number from 0 to 3 for `max`, found `9`"),
        ("fit,ink", "step 2 `ink` works on the picture as it is in the file"),
    ] {
        let ran = place.run(&["--preprocess", list]);
        assert_eq!((ran.code, ran.stderr.contains(message)), (Some(2), true), "{}", ran.stderr);
        assert!(!place.out.exists());
    }
}

#[test]
fn explain_writes_each_step_and_a_sheet() {
    let place = Place::new();
    place.put("1_20_a.png", &bar(4));
    place.put("1_20_b.png", &bar(0));
    let folder = place.out.with_file_name("explained");
    let ran = place.run(&["--preprocess", "ink,fit", "--explain", folder.to_str().unwrap()]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let mut names: Vec<String> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let expected = [
        "01-1_20_a-0-decoded.png",
        "01-1_20_a-1-ink.png",
        "01-1_20_a-2-fit.png",
        "01-1_20_a-3-shrunk.png",
        "02-1_20_b-0-decoded.png",
        "02-1_20_b-refused.txt",
        "sheet.png",
    ];
    assert_eq!(names, expected);
    let read = |name: &str| {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let options = digit_image::decode::DecodeOptions::default();
        digit_image::decode::decode_gray(&bytes, &options).unwrap()
    };
    let small = read("01-1_20_a-3-shrunk.png");
    let labelled = std::fs::read(place.out.join("20/1_20_a.png")).unwrap();
    assert_eq!(small.pixels, stage_files::labelled::LabelledPicture::decode(&labelled).unwrap().pixels);
    let sheet = read("sheet.png");
    assert_eq!((sheet.width_px, sheet.height_px), (4 * 124 + 4, 2 * 124 + 4));
    assert!(std::fs::read_to_string(folder.join("02-1_20_b-refused.txt")).unwrap().contains("no ink"));
    let inside = place.run(&["--explain", place.source.join("deep").to_str().unwrap()]);
    assert_eq!((inside.code, inside.stderr.contains("inside the source")), (Some(2), true), "{}", inside.stderr);
}

#[test]
fn wrong_requests_and_faults_from_outside_have_their_codes() {
    let place = Place::new();
    let ran = place.run(&[]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("expected pictures, found none"), "{}", ran.stderr);
    place.put("1_20_a.png", &png(20, 20, 1));
    let source = place.source.to_str().unwrap();
    let missing = run(&["no/such/folder", place.out.to_str().unwrap()]);
    assert_eq!((missing.code, missing.stderr.contains("no/such/folder")), (Some(2), true));
    let inside = place.source.join("deep/out");
    let ran = run(&[source, inside.to_str().unwrap()]);
    assert_eq!((ran.code, ran.stderr.contains("inside the source")), (Some(2), true), "{}", ran.stderr);
    assert!(!inside.exists());
    let below_file = place.source.join("1_20_a.png");
    let outside = place.out.with_file_name("file");
    std::fs::copy(below_file, &outside).unwrap();
    assert_eq!(run(&[source, outside.join("out").to_str().unwrap()]).code, Some(3));
    assert_eq!(place.run(&[]).code, Some(0));
    let other = place.run(&["--labels", "0-9"]);
    assert_eq!((other.code, other.stderr.contains("other settings")), (Some(2), true));
    let lock = stage_files::lock::FolderLock::take(&place.out).unwrap();
    let busy = place.run(&[]);
    assert_eq!((busy.code, busy.stderr.contains("is being written by process")), (Some(3), true));
    drop(lock);
    let json = place.run(&["--json"]);
    assert!(json.stdout.starts_with('{') && json.stdout.contains("\"pictures\":1"), "{}", json.stdout);
}
