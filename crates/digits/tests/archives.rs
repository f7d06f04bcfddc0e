//! A zip or tar archive is as good as the folder that it was made of.

#![allow(clippy::disallowed_methods, reason = "tests put files in place as users do")]

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use test_support::{Test, gray_png};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const LABELS: &str = "--labels 1-3 --size 20";

/// A class: two writers, a picture without a picture's ending, one that is damaged, notes, and what systems leave.
fn class() -> BTreeMap<&'static str, Vec<u8>> {
    let png = |n: u32| gray_png(40, 40, |x, y| (x * y * n) as u8);
    BTreeMap::from([
        ("kim/1/0001.png", png(1)),
        ("kim/2/0001.png", png(2)),
        ("kim/2/scan", png(6)),
        ("lee/1/0001.png", png(3)),
        ("lee/3/0002.png", png(4)),
        ("lee/3/0003.png", b"no picture".to_vec()),
        ("lee/notes.txt", b"written on Monday".to_vec()),
        ("lee/3/.DS_Store", b"x".to_vec()),
        ("__MACOSX/lee/3/._0002.png", b"x".to_vec()),
    ])
}

fn zip(files: impl IntoIterator<Item = (impl ToString, Vec<u8>)>, method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in files {
        zip.start_file(name, options).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn test() -> Test {
    let test = Test::new(env!("CARGO_BIN_EXE_digits"));
    class().into_iter().for_each(|(name, bytes)| test.write(&format!("class/{name}"), bytes));
    // Not in the order of the names.
    test.write("stored/class.zip", zip(class().into_iter().rev(), CompressionMethod::Stored));
    test.write("deflated/class.zip", zip(class().into_iter().rev(), CompressionMethod::Deflated));
    #[cfg(unix)]
    {
        test.make_folder("tar");
        let mut tar = std::process::Command::new("tar");
        tar.arg("-cf").arg(test.at("tar/class.tar")).arg(".").current_dir(test.at("class"));
        assert!(tar.status().unwrap().success());
    }
    test
}

fn archives() -> Vec<&'static str> {
    let mut archives = vec!["stored/class.zip", "deflated/class.zip"];
    if cfg!(unix) {
        archives.push("tar/class.tar");
    }
    archives
}

#[test]
fn labelled_it_gives_what_its_folder_gives() {
    let test = test();
    test.run(&format!("label class expected {LABELS}")).status(1).stderr_has(&["5 pictures labelled", "3 other files"]);
    let expected = |name: &str| test.bytes(&format!("expected/{name}"));
    for (i, archive) in archives().into_iter().enumerate() {
        let out = format!("out-{i}");
        let label = format!("label {archive} {out} {LABELS}");
        test.run(&label).status(1).stderr_has(&["5 pictures labelled", "3 other files"]);
        for name in test.names(&out).iter().filter(|name| *name != "stage.json") {
            assert!(test.bytes(&format!("{out}/{name}")) == expected(name), "{archive}: {name}");
        }
        assert_eq!(test.names(&out), test.names("expected"));
        test.run(&label).status(1).stderr_has(&["nothing to do: 5 pictures labelled"]);
        // Packed again, it has another time and the same pictures.
        let bytes = test.bytes(archive);
        test.write(archive, &bytes);
        test.run(&label).status(1).stderr_has(&["nothing to do"]);
    }
}

#[test]
fn it_is_looked_at_and_predicted() {
    let test = test();
    for archive in archives() {
        test.run(&format!("label {archive} auto-{} --labels auto --size auto", archive.len()))
            .status(1)
            .stderr_has(&["digits 1-3, 2 writers, layout {writer}/{digit}"]);
        test.run(&format!("predict {archive}")).stdout_has(&[&format!("{archive}/kim/1/0001.png")]);
    }
    test.run("doctor stored/class.zip findings").stderr_has(&["2 writers"]);
}

#[test]
fn it_is_learned_from_and_the_command_to_try_works() {
    let test = Test::new(env!("CARGO_BIN_EXE_digits"));
    let names = ["kim", "lee"].into_iter().flat_map(|writer| (1..=3).map(move |label| (writer, label)));
    let pictures = names.flat_map(|(writer, label)| {
        (0..4).map(move |n| {
            let png = gray_png(40, 40, |x, y| if x.abs_diff(n + 8) < 3 * label && y > 6 { 20 } else { 240 });
            (format!("{writer}/{label}/{n}.png"), png)
        })
    });
    test.write("two.zip", zip(pictures, CompressionMethod::Stored));
    let ran = test.run("learn two.zip --no-drawn --epochs 2 --layout folders");
    ran.status(0).stderr_has(&["two.zip: 24 pictures, digits 1-3, 2 writers"]);
    let (_, tried) = ran.stderr.split_once("try it: ").unwrap();
    let (_, tried) = tried.trim().split_once("predict ").unwrap();
    test.run(&format!("predict {tried}")).stdout_has(&["two.zip/kim/1/0.png"]);
}

#[test]
fn what_cannot_be_read_is_told_in_words() {
    let test = test();
    let whole = test.bytes("deflated/class.zip");
    test.write("cut.zip", &whole[..whole.len() / 2]);
    test.run(&format!("label cut.zip out {LABELS}"))
        .status(2)
        .stderr_has(&["cut.zip: damaged zip archive", "pack it again"]);
    test.write("class.txt", "no archive");
    test.run(&format!("label class.txt out {LABELS}")).status(2).stderr_has(&["a zip or tar archive", "another file"]);
    assert!(!test.exists("out"));

    // The content of one file is damaged, the list is not.
    let mut damaged = test.bytes("stored/class.zip");
    let at = damaged.windows(8).position(|bytes| bytes == b"\x89PNG\r\n\x1a\n").unwrap();
    damaged[at + 40] ^= 1;
    test.write("damaged.zip", damaged);
    test.run(&format!("label damaged.zip out {LABELS}")).status(1).stderr_has(&["4 pictures labelled"]);
    assert!(
        test.read("out/rejected.csv").contains("cannot be taken out of the archive"),
        "{}",
        test.read("out/rejected.csv")
    );
}

/// Of two files with one name nobody knows which one is meant. What is passed over may come as often as it likes.
#[cfg(unix)]
#[test]
fn a_name_that_is_in_a_tar_twice_is_rejected_once_and_not_labelled() {
    let test = test();
    for name in ["kim/1/0001.png", "lee/3/.DS_Store", "lee/notes.txt"] {
        for _ in 0..2 {
            let mut tar = std::process::Command::new("tar");
            tar.arg("-rf").arg(test.at("tar/class.tar")).arg(format!("./{name}")).current_dir(test.at("class"));
            assert!(tar.status().unwrap().success());
        }
    }
    test.run(&format!("label tar/class.tar out {LABELS}")).status(1).stderr_has(&["4 pictures labelled"]);
    let rejected = test.records("out/rejected.csv");
    let sources: Vec<&str> = rejected.iter().map(|row| row["source"].as_str()).collect();
    assert_eq!(sources, ["kim/1/0001.png", "lee/3/0003.png"]);
    assert!(rejected[0]["reason"].contains("in the archive more than once"), "{rejected:?}");
}

/// A file that has the name of one of a stage's is one only where a stage wrote the folder.
#[test]
fn files_of_stages_count_as_they_do_in_a_folder() {
    let test = test();
    let mut files: BTreeMap<&str, Vec<u8>> = class();
    files.insert("sources.csv", b"mine".to_vec());
    test.write("class/sources.csv", "mine");
    test.write("with/class.zip", zip(files, CompressionMethod::Stored));
    test.run(&format!("label class folder {LABELS}")).status(1).stderr_has(&["4 other files"]);
    test.run(&format!("label with/class.zip archive {LABELS}")).status(1).stderr_has(&["4 other files"]);
}

/// Names that lead elsewhere where an archive is unpacked carelessly.
#[test]
fn names_in_an_archive_lead_nowhere() {
    let test = Test::new(env!("CARGO_BIN_EXE_digits"));
    let png = gray_png(40, 40, |x, y| (x * y) as u8);
    let names = ["../../1/evil.png", "/tmp/1/evil.png", "kim/1/0001.png", "C:\\1\\evil.png"];
    test.write("in/evil.zip", zip(names.map(|name| (name, png.clone())), CompressionMethod::Stored));
    test.make_folder("in/deep/er");
    let ran = test.run("label in/evil.zip in/deep/er/out --labels 1-3 --size 20");
    assert!(matches!(ran.code, Some(0 | 1)), "{ran}");
    let all = test.files(".");
    assert!(all.keys().all(|name| name == "in/evil.zip" || name.starts_with("in/deep/er/out/")), "{:?}", all.keys());
}
