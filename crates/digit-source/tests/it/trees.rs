//! Imports of trees of folders.

use image::ImageFormat;
use serde_json::json;
use test_support::{Files, gray_gif, gray_tiff};

use crate::{bar, encoded, pixels, png, test};

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
        json!({"left_out": 1, "passed_over": 2, "pictures": 3, "rejected": 0, "size_20": 3})
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
        ("1/c.png", "not a picture"),
        ("1/d.png", "cut-off PNG"),
        ("readme.png", "not in a folder named by a digit"),
        ("1/x.png", "is a folder, expected a picture"),
    ];
    if cfg!(unix) {
        expected.extend([("1/e.png", "broken link"), ("1/up", "leads back")]);
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

/// What looks like a picture and cannot be read was passed over without its name.
#[test]
fn files_that_look_like_pictures_are_named_with_a_remedy() {
    let test = test();
    test.write("scans/3/good.png", png(20, 230));
    test.write("scans/3/notes.txt", "notes");
    let bad: [(&str, &[u8], &str); 9] = [
        ("3/scan.pdf", b"%PDF-1.7", "PDF"),
        ("3/phone.heic", b"\0\0\0\x18ftypheic....", "HEIC"),
        ("3/phone.jpg", b"\0\0\0\x18ftypheic....", "HEIC"),
        ("3/paint.tga", b"\0\0\x02\0", "TGA"),
        ("3/icon.ico", b"\0\0\x01\0\x01\0", "ICO"),
        ("3/drawing.svg", b"<svg xmlns=", "SVG"),
        ("3/layers.psd", b"8BPS", "PSD"),
        ("3/page.djvu", b"AT&TFORM", "DjVu"),
        ("3/photo.avif", b"\0\0\0\x1cftypavif....", "AVIF"),
    ];
    for (name, bytes, _) in bad {
        test.write(&format!("scans/{name}"), bytes);
    }
    test.run("import folders scans out").status(1).stderr_has(&["1 source picture in out, 9 rejected"]);
    let rejected = test.records("out/rejected.csv");
    for (name, _, what) in bad {
        let row = rejected.iter().find(|row| row["source"] == name).unwrap_or_else(|| panic!("{name}: {rejected:?}"));
        assert!(row["reason"].contains(what) && row["reason"].contains("export"), "{row:?}");
    }
    assert_eq!(test.json("out/stage.json")["counts"]["passed_over"], 1);
}

/// Pages of 30 x 40 pixels, the bar of each a little lighter.
fn pages(count: u8) -> Vec<Vec<u8>> {
    (0..count).map(|page| bar(20 + page, 230).into_raw()).collect()
}

#[test]
fn further_pages_are_told_or_become_pictures() {
    let test = test();
    let file = gray_tiff(30, &pages(3));
    test.write("scans/kim/3/n-5.tif", &file);
    test.write("scans/kim/4/n-6.gif", gray_gif(30, &pages(2)));
    test.write("scans/kim/5/n-7.png", png(20, 230));
    test.run("import folders scans out").status(0).stderr(
        "digit-source: warning: kim/3/n-5.tif: has 3 pages or frames, the first is used; --pages all --fresh takes \
         each\n\
         digit-source: warning: kim/4/n-6.gif: has 2 pages or frames, the first is used; --pages all --fresh takes \
         each\n\
         digit-source: 3 source pictures in out\n",
    );
    assert_eq!(test.json("out/stage.json")["counts"]["pages_left_out"], 3);
    assert_eq!(test.bytes("out/3_20_kim-5.tiff"), file);

    let import = "import folders scans all --pages all";
    test.run(import).status(0).stderr("digit-source: 6 source pictures in all\n");
    for (name, page) in [("3_20_kim-5", 0), ("3_20_kim-5-p2", 1), ("3_20_kim-5-p3", 2), ("4_20_kim-6-p2", 1)] {
        assert_eq!(pixels(&test.bytes(&format!("all/{name}.png"))), pages(3)[page], "{name}");
    }
    let sources = test.read("all/sources.csv");
    assert!(sources.contains("3_20_kim-5-p3.png,\"kim/3/n-5.tif, page 3\"\n"), "{sources}");
    test.run(import).status(0).stderr_has(&["nothing to do: 6 source pictures"]);
    test.write("scans/kim/3/n-5.tif", gray_tiff(30, &pages(2)));
    test.run(import).status(0).stderr_has(&["5 source pictures"]);
    assert!(!test.exists("all/3_20_kim-5-p3.png"));
    test.run("import folders scans other --pages 2").status(2).stderr_has(&["expected first or all, found `2`"]);
}

/// An office's fax pages and EXIF orientation: what the labeler reads is imported, and turned upright where the file is
/// written anew.
#[test]
fn light_on_dark_photographs_are_turned_upright() {
    let test = test();
    let jpeg = encoded(bar(250, 5), ImageFormat::Jpeg);
    // Behind the first marker: EXIF with orientation 6, to be turned by a quarter.
    let exif = b"\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    test.write("scans/1/a.jpg", [&jpeg[..2], exif, &jpeg[2..]].concat());
    test.run("import folders scans out").status(0);
    let made = image::load_from_memory(&test.bytes("out/1_20_1.png")).unwrap();
    assert_eq!((made.width(), made.height()), (40, 30));
}
