//! Labelled pictures in one archive a size: the same pictures, the same data set.

#![allow(clippy::disallowed_methods, reason = "tests put files in place as users do")]

use std::collections::BTreeMap;

use stage_files::pack::{Pack, PackWriter};
use test_support::{Test, assert_same_files, gray_png};

const LABEL: &str = "label source labelled --labels 1-3";
const PACK: &str = "label source packed --labels 1-3 --pack";

fn picture(test: &Test, name: &str, variant: u32) {
    test.write(&format!("source/{name}"), gray_png(30, 30, |x, y| (x * y * variant) as u8));
}

/// Pictures of two sizes, and one that is none.
fn test() -> Test {
    let test = Test::new(env!("CARGO_BIN_EXE_digits"));
    for n in 0..40_u32 {
        picture(&test, &format!("{}_{}_kim-{n}.png", n % 3 + 1, [20, 8][n as usize % 2]), n);
    }
    test.write("source/1_20_broken.png", "no picture");
    test
}

/// The pictures in the archives of a folder, by name.
fn pictures(test: &Test, folder: &str) -> BTreeMap<String, Vec<u8>> {
    let mut pictures = BTreeMap::new();
    for name in ["20.tar", "8.tar"] {
        let pack = Pack::open(&test.at(&format!("{folder}/{name}"))).unwrap();
        let mut members = Vec::new();
        pack.visit(|member| members.push(member)).unwrap();
        assert!(members.is_sorted_by(|a, b| a.name < b.name));
        pictures.extend(members.into_iter().map(|member| (member.name.clone(), pack.read(&member, u64::MAX).unwrap())));
    }
    pictures
}

/// The files of a folder that are pictures, by name.
fn files(test: &Test, folder: &str) -> BTreeMap<String, Vec<u8>> {
    test.files(folder).into_iter().filter(|(name, _)| name.ends_with(".png")).collect()
}

#[test]
fn an_archive_holds_the_files_and_gives_the_same_data_set() {
    let test = test();
    test.run(LABEL).status(1);
    test.run(PACK).status(1).stderr_has(&["40 pictures labelled (20 of size 20, 20 of size 8)"]);
    let archives = ["20.tar", "20.tar.csv", "8.tar", "8.tar.csv", "rejected.csv", "sources.csv", "stage.json"];
    assert_eq!(test.names("packed"), archives);
    assert_eq!(pictures(&test, "packed"), files(&test, "labelled"));
    for file in ["rejected.csv", "sources.csv"] {
        assert_eq!(test.read(&format!("packed/{file}")), test.read(&format!("labelled/{file}")));
    }
    test.run("csv labelled from-files --mixed").status(0);
    test.run("csv packed from-archives --mixed").status(0);
    assert_same_files(&test.files("from-archives"), &test.files("from-files"));
    test.run("doctor packed findings").status(0);

    // Other programs find a picture by the list.
    let bytes = test.bytes("packed/20.tar");
    let row = &test.records("packed/20.tar.csv")[3];
    let offset: usize = row["offset_bytes"].parse().unwrap();
    let size: usize = row["size_bytes"].parse().unwrap();
    assert_eq!(bytes[offset..offset + size], pictures(&test, "packed")[&row["name"]]);
}

#[cfg(unix)]
#[test]
fn the_usual_program_unpacks_it_to_a_labelled_folder() {
    let test = test();
    test.run(LABEL).status(1);
    test.run(PACK).status(1);
    let tar = |arguments: &[&str]| {
        let ran = std::process::Command::new("tar").args(arguments).current_dir(test.at("unpacked")).output().unwrap();
        assert!(ran.status.success() && ran.stderr.is_empty(), "{ran:?}");
    };
    test.make_folder("unpacked");
    tar(&["-xf", "../packed/20.tar"]);
    tar(&["-xf", "../packed/8.tar"]);
    assert_eq!(files(&test, "unpacked"), files(&test, "labelled"));
    // What that program packs is read as well.
    tar(&["-cf", "20.tar", "./20"]);
    test.run("csv unpacked data --labels 1-3").status(2).stderr_has(&["found both 20.tar and 20/", "remove one"]);
    std::fs::remove_dir_all(test.at("unpacked/20")).unwrap();
    test.run("csv unpacked data --labels 1-3").status(0);
    test.run("csv labelled expected").status(0);
    let csv = "20x20_info.csv";
    let whole = test.read(&format!("expected/{csv}"));
    assert_eq!(test.read(&format!("data/{csv}")), whole);
}

#[test]
fn only_what_changed_is_made_again() {
    let test = test();
    test.run(PACK).status(1);
    test.run(PACK).status(1).stderr_has(&["nothing to do: 40 pictures labelled"]);
    test.remove("source/1_20_kim-0.png");
    picture(&test, "2_8_kim-1.png", 77);
    picture(&test, "3_20_lee-1.png", 5);
    let changed = "label source fresh --labels 1-3 --pack --jobs 1";
    test.run(changed).status(1);
    test.run(PACK).status(1);
    assert_same_files(&test.files("packed"), &test.files("fresh"));
    for damage in ["packed/20.tar", "packed/.cache", "packed/8.tar.csv"] {
        let bytes = test.bytes(damage);
        test.write(damage, &bytes[..bytes.len() / 2]);
        test.run(PACK).status(1);
        assert_same_files(&test.files("packed"), &test.files("fresh"));
    }
    let mut bytes = test.bytes("packed/20.tar");
    bytes[600] ^= 1;
    test.write("packed/20.tar", &bytes);
    test.run(PACK).status(1).stderr_has(&["nothing to do"]);
    test.run(&format!("{PACK} --verify")).status(1);
    assert_same_files(&test.files("packed"), &test.files("fresh"));
}

#[test]
fn a_folder_changes_from_files_to_archives_and_back_where_that_is_asked_for() {
    let test = test();
    test.run(LABEL).status(1);
    test.run(PACK).status(1);
    let (files, archives) = (test.files("labelled"), test.files("packed"));
    test.run(&format!("{LABEL} --pack")).status(2).stderr_has(&["pack: not set -> true", "--fresh"]);
    test.run(&format!("{LABEL} --pack --fresh")).status(1);
    assert_same_files(&test.files("labelled"), &archives);
    test.run(&format!("{LABEL} --fresh")).status(1);
    assert_same_files(&test.files("labelled"), &files);
}

#[test]
fn a_size_without_a_picture_has_no_archive() {
    let test = Test::new(env!("CARGO_BIN_EXE_digits"));
    picture(&test, "1_20_a.png", 3);
    test.write("source/1_8_b.png", "no picture");
    test.run(PACK).status(1);
    assert_eq!(test.names("packed"), ["20.tar", "20.tar.csv", "rejected.csv", "sources.csv", "stage.json"]);
    assert!(!test.exists("packed/.pack.part"));
    test.run(PACK).status(1).stderr_has(&["nothing to do"]);
}

#[test]
fn packed_shards_merge_to_the_whole() {
    let test = test();
    test.run(LABEL).status(1);
    test.run("csv labelled whole").status(0);
    for i in 1..=3 {
        let ran = test.run(&format!("label source shard-{i} --labels 1-3 --pack --shard {i}/3"));
        assert!(matches!(ran.code, Some(0 | 1)), "{ran}");
        test.run(&format!("csv shard-{i} csv-{i}")).status(0);
    }
    test.run("csv merge csv-1 csv-2 csv-3 merged").status(0);
    assert_same_files(&test.files("merged"), &test.files("whole"));
}

#[cfg(unix)]
#[test]
fn killed_at_any_moment_it_goes_on_to_the_same_bytes() {
    let test = Test::new(env!("CARGO_BIN_EXE_digits"));
    (0..900).for_each(|n| picture(&test, &format!("{}_{}_kim-{n}.png", n % 3 + 1, [20, 8][n as usize / 800]), n));
    test.run("label source fresh --labels 1-3 --pack").status(0);
    let expected = test.files("fresh");
    for signal in ["KILL", "TERM"] {
        let folder = format!("label source {signal} --labels 1-3 --pack --jobs 1");
        let mut wait_ms = 0;
        while !test.exists(&format!("{signal}/stage.json")) {
            wait_ms += 15;
            let mut running = test.command(&folder).start();
            std::thread::sleep(std::time::Duration::from_millis(wait_ms));
            running.signal(signal);
            let _ = running.end();
        }
        test.run(&folder).status(0).stderr_has(&["nothing to do"]);
        assert_same_files(&test.files(signal), &expected);
    }
}

/// What is in the archive of an interrupted run is not made again: its sources hold other pictures by then, which have
/// the size and time of the right ones.
#[test]
fn what_an_interrupted_run_has_made_is_used() {
    let test = test();
    test.run("label source fresh --labels 1-3 --pack").status(1);
    let whole = test.bytes("fresh/20.tar");
    let index = test.records("fresh/20.tar.csv");
    let sources: BTreeMap<String, String> =
        test.records("fresh/sources.csv").iter().map(|row| (row["picture"].clone(), row["source"].clone())).collect();
    for pictures in [1, 7, 20] {
        let row = &index[pictures - 1];
        let end = row["offset_bytes"].parse::<usize>().unwrap() + row["size_bytes"].parse::<usize>().unwrap();
        let folder = format!("cut-{pictures}");
        for name in [".cache", ".outputs.csv", "8.tar", "8.tar.csv"] {
            test.write(&format!("{folder}/{name}"), test.bytes(&format!("fresh/{name}")));
        }
        test.write(&format!("{folder}/.stage.partial.json"), test.bytes("fresh/stage.json"));
        // Cut within what fills the last block, or a little behind it.
        test.write(&format!("{folder}/.pack.part"), &whole[..(end + 600).min(whole.len())]);
        let kept: Vec<&String> = index[..pictures].iter().map(|row| &sources[&row["name"]]).collect();
        let before: Vec<Vec<u8>> = kept.iter().map(|name| spoil(&test, name)).collect();
        test.run(&format!("label source {folder} --labels 1-3 --pack")).status(1);
        assert_same_files(&test.files(&folder), &test.files("fresh"));
        kept.into_iter().zip(before).for_each(|(name, bytes)| restore(&test, name, &bytes));
    }
}

/// Makes a source another file of the same size and time.
fn spoil(test: &Test, name: &str) -> Vec<u8> {
    let bytes = test.bytes(&format!("source/{name}"));
    restore(test, name, &vec![b'x'; bytes.len()]);
    bytes
}

fn restore(test: &Test, name: &str, bytes: &[u8]) {
    let path = test.at(&format!("source/{name}"));
    let modified = std::fs::metadata(&path).unwrap().modified().unwrap();
    std::fs::write(&path, bytes).unwrap();
    std::fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
}

#[test]
fn an_archive_that_cannot_be_right_is_refused_in_words() {
    let test = test();
    test.run(PACK).status(1);
    let whole = test.bytes("packed/20.tar");
    let png = pictures(&test, "packed").into_values().next_back();
    test.write("packed/20.tar", &whole[..1000]);
    test.run("csv packed data").status(2).stderr_has(&["20.tar: ", "run digit-labeler again with --verify"]);
    test.write("packed/20.tar", "no archive at all".repeat(100));
    test.run("csv packed data").status(2).stderr_has(&["20.tar: damaged tar archive"]);

    let mut twice = PackWriter::new(Vec::new());
    for _ in 0..2 {
        twice.add("20/1_20_a.png", png.as_deref().unwrap_or_default()).unwrap();
    }
    test.write("packed/20.tar", twice.finish().unwrap());
    test.run("csv packed data").status(2).stderr_has(&["found 20/1_20_a.png twice"]);

    // A picture whose name and label row disagree is rejected as one in a file is.
    let mut lying = PackWriter::new(Vec::new());
    for (name, png) in pictures_of(&whole, &test) {
        lying.add(&name.replace("20/1_20", "20/2_20"), &png).unwrap();
    }
    test.write("packed/20.tar", lying.finish().unwrap());
    test.run("csv packed data").status(1);
    assert!(test.read("data/rejected.csv").contains("its label row 1 and 20"));
}

fn pictures_of(archive: &[u8], test: &Test) -> BTreeMap<String, Vec<u8>> {
    test.write("one/20.tar", archive);
    let pack = Pack::open(&test.at("one/20.tar")).unwrap();
    let mut members = Vec::new();
    pack.visit(|member| members.push(member)).unwrap();
    members.into_iter().map(|member| (member.name.clone(), pack.read(&member, u64::MAX).unwrap())).collect()
}
