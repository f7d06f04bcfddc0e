//! The whole command: message, exit code and what is on disk.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use image::{DynamicImage, GrayImage, ImageFormat, Luma};

struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn run<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Ran {
    let output = Command::cargo_bin("digit-source").unwrap().args(arguments).output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A folder that goes with the test; paths in it as text.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn at(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn put(&self, name: &str, bytes: &[u8]) -> String {
        let path = PathBuf::from(self.at(name));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        self.at(name)
    }

    fn rejected(&self, folder: &str) -> String {
        std::fs::read_to_string(Path::new(&self.at(folder)).join("rejected.csv")).unwrap()
    }
}

/// The files of a folder; what stages keep for themselves begins with a dot and is left out.
fn files(folder: impl AsRef<Path>) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = entries.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path));
    named.filter(|(name, _)| !name.starts_with('.')).map(|(name, path)| (name, std::fs::read(path).unwrap())).collect()
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
    let place = Place::new();
    let out = place.at("out");
    let arguments = ["draw", &out, "--count", "60", "--labels", "0-9", "--seed", "2022"];
    let ran = run(&arguments);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{}", ran.stderr);
    assert_eq!(ran.stderr, format!("60 source pictures in {out}\n"));
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../datasets/sample");
    assert!(files(&out) == files(sample), "other bytes than those of datasets/sample");
    let again = run(&arguments);
    assert_eq!(again.code, Some(0));
    assert_eq!(again.stderr, format!("nothing to do: 60 pictures are up to date in {out}\n"));
}

/// Killed between the last file and the release of the folder, a process leaves a whole folder that it still names.
#[test]
fn a_whole_folder_that_a_killed_writer_left_is_tidied() {
    let place = Place::new();
    let out = place.at("out");
    let arguments = ["draw", &out, "--count", "5"];
    assert_eq!(run(&arguments).code, Some(0));
    let (lock, partial) = (Path::new(&out).join(".lock"), Path::new(&out).join(".stage.partial.json"));
    std::fs::write(&lock, "process 1 on elsewhere").unwrap();
    std::fs::copy(Path::new(&out).join("stage.json"), &partial).unwrap();
    let again = run(&arguments);
    assert_eq!(again.code, Some(0));
    assert!(again.stderr.starts_with("nothing to do"), "{}", again.stderr);
    assert_eq!(std::fs::read(&lock).unwrap(), b"");
    assert!(!partial.exists());
}

#[test]
fn drawing_killed_at_any_moment_ends_as_if_it_had_not_been() {
    let place = Place::new();
    let (out, fresh) = (place.at("out"), place.at("fresh"));
    let arguments = |out: &str| ["draw", out, "--count", "400", "--sizes", "8"].map(str::to_owned);
    for wait_ms in [20, 60, 150] {
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("digit-source"))
            .args(arguments(&out))
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait_ms));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(run(&arguments(&out)).code, Some(0));
    assert_eq!(run(&arguments(&fresh)).code, Some(0));
    assert!(files(&out) == files(&fresh));
    assert_eq!(files(&out).len(), 403);
}

#[test]
fn wrong_requests_and_faults_from_outside_have_their_codes() {
    let place = Place::new();
    let out = place.at("out");
    for (arguments, part) in [
        (vec!["draw", &out, "--count", "0"], "0 is not in 1..=10000000"),
        (vec!["draw", &out, "--sizes", "12"], "expected 20, 8 or both, found 12"),
        (vec!["draw", &out, "--labels", "3-12"], "3-12"),
        (vec!["draw", &out, "--labels", ""], "--labels"),
        (vec!["draw"], "OUT"),
        (vec!["import", "folders", "no/such/folder", &out], "no/such/folder: expected a folder"),
        (vec!["import", "csv", "no/such.csv", &out], "no/such.csv"),
        (vec!["import", "idx", "no/such", "no/such/labels", &out], "no/such"),
    ] {
        let ran = run(&arguments);
        assert_eq!((ran.code, ran.stderr.contains(part)), (Some(2), true), "{arguments:?}: {}", ran.stderr);
        assert!(!Path::new(&out).exists(), "{arguments:?}");
    }
    let file = place.put("file", b"x");
    assert_eq!(run(&["draw", &format!("{file}/out"), "--count", "5"]).code, Some(3));
    assert_eq!(run(&["draw", &out, "--count", "5"]).code, Some(0));
    let other = run(&["draw", &out, "--count", "5", "--seed", "2"]);
    assert_eq!((other.code, other.stderr.contains("made with other settings")), (Some(2), true), "{}", other.stderr);
    let foreign = place.at("foreign");
    place.put("foreign/thesis.docx", b"x");
    let ran = run(&["draw", &foreign, "--count", "5"]);
    assert_eq!((ran.code, ran.stderr.contains("thesis.docx")), (Some(2), true), "{}", ran.stderr);
    let lock = stage_files::lock::FolderLock::take(Path::new(&place.at("busy"))).unwrap();
    let busy = run(&["draw", &place.at("busy"), "--count", "5"]);
    assert_eq!((busy.code, busy.stderr.contains("is being written by process")), (Some(3), true), "{}", busy.stderr);
    drop(lock);
}

#[test]
fn a_tree_of_writers_keeps_bytes_writers_and_numbers() {
    let place = Place::new();
    let (plain, turned) = (png(20, 230), png(240, 10));
    let jpeg = encoded(bar(10, 250), ImageFormat::Jpeg);
    place.put("scans/kim/3/number-7.png", &plain);
    place.put("scans/kim/3/number-12.jpeg", &jpeg);
    place.put("scans/이\u{1f600}/0/x.PNG", &turned);
    place.put("scans/kim/7/left.png", &plain);
    place.put("scans/kim/3/Thumbs.db", b"no picture");
    place.put("scans/.hidden/3/a.png", &plain);
    let (scans, out) = (place.at("scans"), place.at("out"));
    let arguments = ["import", "folders", &scans, &out, "--labels", "0-5", "--json"];
    let ran = run(&arguments);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{}", ran.stderr);
    let facts: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        facts["counts"],
        serde_json::json!({"left_out": 1, "passed_over": 1, "pictures": 3, "rejected": 0, "size_20": 3})
    );
    let made = files(&out);
    // Dark on light goes through untouched; the format's usual ending takes the place of the given one.
    assert_eq!(made["3_20_kim-7.png"], plain);
    assert_eq!(made["3_20_kim-12.jpg"], jpeg);
    let inverted: Vec<u8> = pixels(&turned).iter().map(|v| 255 - v).collect();
    assert_eq!(pixels(&made["0_20_이\u{1f600}-1.png"]), inverted);
    let sources = String::from_utf8(made["sources.csv"].clone()).unwrap();
    assert!(sources.contains("3_20_kim-7.png,kim/3/number-7.png\n"), "{sources}");
    assert!(run(&arguments).stdout.contains("\"pictures\":3"));

    // What vanished from the tree goes, what came is done.
    std::fs::remove_file(place.at("scans/kim/3/number-7.png")).unwrap();
    place.put("scans/kim/3/number-8.png", &plain);
    assert_eq!(run(&arguments).code, Some(0));
    let names: Vec<String> = files(&out).into_keys().filter(|name| name.starts_with('3')).collect();
    assert_eq!(names, ["3_20_kim-12.jpg", "3_20_kim-8.png"]);
    let nested = run(&["import", "folders", &scans, &format!("{scans}/out")]);
    assert_eq!((nested.code, nested.stderr.contains("outside the input")), (Some(2), true), "{}", nested.stderr);
}

#[test]
fn unfit_pictures_of_a_tree_are_listed_and_the_rest_is_done() {
    let place = Place::new();
    let good = png(20, 230);
    place.put("scans/1/a.png", &good);
    place.put("scans/1/b.png", b"");
    place.put("scans/1/c.png", b"just words");
    place.put("scans/1/d.png", &good[..good.len() / 2]);
    place.put("scans/readme.png", &good);
    std::fs::create_dir(place.at("scans/1/x.png")).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", place.at("scans/1/e.png")).unwrap();
        std::os::unix::fs::symlink("..", place.at("scans/1/up")).unwrap();
    }
    let (scans, out) = (place.at("scans"), place.at("out"));
    let ran = run(&["import", "folders", &scans, &out]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let rejected = place.rejected("out");
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
    assert!(ran.stderr.contains(&format!("1 source pictures in {out}, {} inputs rejected", expected.len())));
    assert_eq!(rejected.lines().count(), expected.len() + 1);
    let strict = run(&["import", "folders", &scans, &place.at("strict"), "--strict"]);
    assert_eq!((strict.code, strict.stderr.contains("nothing was written")), (Some(1), true), "{}", strict.stderr);
    assert!(!Path::new(&place.at("strict")).exists());
    place.put("none/words.txt", b"x");
    let none = run(&["import", "folders", &place.at("none"), &place.at("out-none")]);
    assert_eq!((none.code, none.stderr.contains("no picture in a folder named by")), (Some(2), true));
}

#[test]
fn random_places_make_small_digits_that_the_seed_decides() {
    let place = Place::new();
    for n in 0..6 {
        place.put(&format!("scans/kim/{}/n{n}.png", n % 5 + 1), &png(20, 230));
    }
    let scans = place.at("scans");
    let import = |out: &str, seed: &str| {
        let ran =
            run(&["import", "folders", &scans, &place.at(out), "--size", "8", "--place", "random", "--seed", seed]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        files(place.at(out)).into_iter().filter(|(name, _)| name.contains("_8_")).collect::<BTreeMap<_, _>>()
    };
    let (first, again, other) = (import("a", "1"), import("b", "1"), import("c", "2"));
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
    let place = Place::new();
    for n in 0..20 {
        place.put(&format!("scans/{}/{}/n{n}.png", ["kim", "lee"][n / 10], n % 5 + 1), &png(20, 230));
    }
    let scans = place.at("scans");
    let import = |out: &str, count: &str, seed: &str| {
        run(&["import", "folders", &scans, &place.at(out), "--count", count, "--seed", seed, "--json"])
    };
    let ran = import("half", "10", "1");
    let facts: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (ran.code, &facts["counts"]["pictures"], &facts["counts"]["left_out"]),
        (Some(0), &10.into(), &10.into())
    );
    let names: Vec<String> = files(place.at("half")).into_keys().filter(|name| name.contains("_20_")).collect();
    for class in (1..=5).flat_map(|digit| [format!("{digit}_20_kim-"), format!("{digit}_20_lee-")]) {
        assert_eq!(names.iter().filter(|name| name.starts_with(&class)).count(), 1, "{class} {names:?}");
    }
    // The folder holds another sample: it is not mixed with this one.
    assert_eq!(import("half", "10", "2").code, Some(2));
    let refused = import("more", "21", "1");
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("--count: expected at most 20") && !Path::new(&place.at("more")).exists());
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
    let place = Place::new();
    let light_on_dark: Vec<u8> = (0..4).flat_map(|_| bar(255, 0).into_raw()).collect();
    let (images, labels) = (idx(3, &[4, 40, 30], &light_on_dark), idx(1, &[4], &[3, 11, 7, 1]));
    let plain = [place.put("images", &images), place.put("labels", &labels)];
    let packed = [place.put("images.gz", &gzip(&images)), place.put("labels.gz", &gzip(&labels))];
    let mut made = Vec::new();
    for (name, [images, labels]) in [("out", &plain), ("out-gz", &packed)] {
        let ran = run(&["import", "idx", images, labels, &place.at(name), "--labels", "1-5"]);
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
        assert_eq!(place.rejected(name), "source,reason\nitem 1,label 11 is no digit 0..9\n");
        made.push(files(place.at(name)).into_iter().filter(|(name, _)| name.contains("_20_")).collect::<Vec<_>>());
    }
    assert!(made[0] == made[1]);
    let names: Vec<&str> = made[0].iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["1_20_i3.png", "3_20_i0.png"]);
    assert_eq!(pixels(&made[0][0].1), bar(0, 255).into_raw());

    let out = place.at("never");
    for (images, labels, part) in [
        (&plain[0], &plain[0], "expected an IDX file"),
        (&plain[1], &plain[0], "expected an IDX file"),
        (&place.put("short", &images[..images.len() - 1]), &plain[1], "copy the file again"),
        (&place.put("cut.gz", &gzip(&images)[..60]), &plain[1], "damaged gzip"),
        (&plain[0], &place.put("one", &idx(1, &[1], &[3])), "do not belong together"),
        (&plain[0], &place.put("nines", &idx(1, &[4], &[9; 4])), "give --labels"),
    ] {
        let ran = run(&["import", "idx", images, labels, &out]);
        assert_eq!((ran.code, ran.stderr.contains(part)), (Some(2), true), "{part}: {}", ran.stderr);
        assert!(!Path::new(&out).exists());
    }
}

#[test]
fn tables_of_pixels_are_read_whatever_their_scale_line_ends_and_label_column() {
    let place = Place::new();
    // 2x2 pixels, 0..16 with the label last; the largest class of levels is the ground, so light paper stays.
    let sixteenths =
        place.put("a.csv", b"\xef\xbb\xbfp1,p2,p3,p4,label\r\n16,16,16,0,3\r\n16,8,16,16,5\r\n16,16,16,1,x\r\n");
    let ran = run(&["import", "csv", &sixteenths, &place.at("a"), "--labels", "0-9"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert_eq!(place.rejected("a"), "source,reason\nline 4,\"expected a label 0..9, found `x`\"\n");
    let made = files(place.at("a"));
    assert_eq!(pixels(&made["3_20_r2.png"]), [255, 255, 255, 0]);
    assert_eq!(pixels(&made["5_20_r3.png"]), [255, 128, 255, 255]);
    let one_hot = place.put("b.csv", b"pixel1,pixel2,isOne,isTwo\n255,0,0,1\n255,9,1,1\n");
    let ran = run(&["import", "csv", &one_hot, &place.at("b"), "--width", "2"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(place.rejected("b").contains("line 3,more than one 1"), "{}", place.rejected("b"));
    assert!(files(place.at("b")).contains_key("2_20_r2.png"));
    for (text, part) in [
        ("label,p0\n1,256\n", "line 2, column 2: expected a number 0..255, found `256`"),
        ("label,p0,p1\n1,0,0\n2,0\n", "as many cells as the first"),
        ("label,p0,p1\n1,0,0\n", "give the width with --width"),
        ("", "expected one row a picture"),
    ] {
        let bad = place.put("bad.csv", text.as_bytes());
        let ran = run(&["import", "csv", &bad, &place.at("never")]);
        let named = ran.stderr.contains(part) && ran.stderr.contains("bad.csv");
        assert_eq!((ran.code, named), (Some(2), true), "{part}: {}", ran.stderr);
        assert!(!Path::new(&place.at("never")).exists());
    }
}

/// A pipe was waited for without an end, and a link to an endless device filled the memory.
#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_no_input() {
    let place = Place::new();
    place.put("scans/1/a.png", &png(20, 230));
    let pipe = place.at("scans/1/pipe.png");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let endless = place.at("scans/1/zero.png");
    std::os::unix::fs::symlink("/dev/zero", &endless).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("digit-source").unwrap();
        let output = command.args(arguments).timeout(std::time::Duration::from_secs(60)).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, stderr) = run(&["import", "folders", &place.at("scans"), &place.at("out")]);
    assert_eq!(code, Some(1), "{stderr}");
    let rejected = place.rejected("out");
    assert!(rejected.contains("1/pipe.png,\"is a pipe, expected a regular file"), "{rejected}");
    assert!(rejected.contains("1/zero.png,\"is a device, expected a regular file"), "{rejected}");
    assert!(stderr.contains("1 source pictures"), "{stderr}");
    for (path, what) in [(&pipe, "is a pipe"), (&endless, "is a device")] {
        let out = place.at("never");
        for arguments in [&["import", "csv", path, &out][..], &["import", "idx", path, path, &out]] {
            let (code, stderr) = run(arguments);
            assert_eq!((code, stderr.contains(what)), (Some(2), true), "{arguments:?}: {stderr}");
        }
    }
}

/// Folders between a writer's and the digit's belong to the writer's name, as digit-labeler has it.
#[test]
fn a_writer_is_named_by_all_folders_above_the_digit() {
    let place = Place::new();
    place.put("scans/kim/left/1/n7.png", &png(20, 230));
    place.put("scans/kim/2/n7.png", &png(20, 230));
    let out = place.at("out");
    let ran = run(&["import", "folders", &place.at("scans"), &out]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let names: Vec<String> = files(&out).into_keys().filter(|name| name.ends_with(".png")).collect();
    assert_eq!(names, ["1_20_kim_left-7.png", "2_20_kim-7.png"]);
}
