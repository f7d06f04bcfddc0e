//! Files of several pages: which pages are used, under which names, and what is said of the others.

#![allow(clippy::disallowed_methods, reason = "tests put files in place as users do")]

use stage_files::labelled::LabelledPicture;
use test_support::{Test, assert_same_files, gray_gif, gray_png, gray_tiff};

fn test() -> Test {
    Test::new(env!("CARGO_BIN_EXE_digit-labeler"))
}

/// Pages of 20 x 20 pixels, each of its own.
fn pages(count: u8) -> Vec<Vec<u8>> {
    (0..count).map(|page| (0..400_u16).map(|at| (at % 251) as u8 ^ (page * 16)).collect()).collect()
}

fn tiff(count: u8) -> Vec<u8> {
    gray_tiff(20, &pages(count))
}

fn pixels(test: &Test, name: &str) -> Vec<u8> {
    LabelledPicture::decode(&test.bytes(name)).unwrap().pixels
}

#[test]
fn pages_that_are_not_used_are_said_and_counted() {
    let test = test();
    for (at, pages) in [1, 4, 2, 2, 2, 2, 2, 2].into_iter().enumerate() {
        test.write(&format!("source/3_20_{at}.tif"), tiff(pages));
    }
    let warnings = [4, 2, 2, 2, 2].iter().enumerate().map(|(at, pages)| {
        let name = format!("3_20_{}.tif", at + 1);
        format!(
            "digit-labeler: warning: {name}: has {pages} pages or frames, the first is used; --pages all --fresh takes \
             each\n"
        )
    });
    let warnings = warnings.collect::<Vec<_>>().concat();
    let done = "digit-labeler: 8 pictures labelled (8 of size 20), 9 further pages or frames left out";
    test.run("source out").status(0).stderr(&format!(
        "{warnings}digit-labeler: warning: the first page or frame alone is used of 2 more pictures\n{done}\n"
    ));
    assert!(test.read("out/stage.json").contains("\"pages_left_out\": 9"));
    // What is remembered of the pictures has the pages too.
    test.write("source/4_20_new.png", gray_png(5, 5, |x, _| x as u8));
    test.run("source out").status(0);
    assert!(test.read("out/stage.json").contains("\"pages_left_out\": 9"));
}

#[test]
fn each_page_may_be_a_picture() {
    let test = test();
    test.write("source/3_20_kim-1.tif", tiff(3));
    test.write("source/4_20_lee-2.gif", gray_gif(20, &pages(2)));
    test.write("source/5_20_one.png", gray_png(20, 20, |x, y| (x + y) as u8));
    let label = "source out --pages all";
    test.run(label).status(0).stderr("digit-labeler: 6 pictures labelled (6 of size 20)\n");
    let made: Vec<String> = test.names("out/20");
    let names = ["3_20_kim-1-p2", "3_20_kim-1-p3", "3_20_kim-1", "4_20_lee-2-p2", "4_20_lee-2", "5_20_one"];
    let mut expected = names.map(|name| format!("{name}.png"));
    expected.sort();
    assert_eq!(made, expected);
    for (name, page) in [("3_20_kim-1", 0), ("3_20_kim-1-p2", 1), ("3_20_kim-1-p3", 2), ("4_20_lee-2-p2", 1)] {
        assert_eq!(pixels(&test, &format!("out/20/{name}.png")), pages(3)[page], "{name}");
    }
    // One input a file, whatever its pages.
    assert_eq!(test.json("out/stage.json")["inputs"][0]["files"], 3);
    test.run(label).status(0).stderr_has(&["nothing to do: 6 pictures labelled"]);
    test.run("source out").status(2).stderr_has(&["pages"]);
    // All pages come from the file, and the file can be opened.
    let came = test.records("out/sources.csv");
    let of_kim: Vec<&str> =
        came.iter().filter(|row| row["picture"].contains("kim")).map(|row| row["source"].as_str()).collect();
    assert_eq!(of_kim, ["3_20_kim-1.tif"; 3]);

    // A page that is lost is made again, and pages that went from the file go.
    let all = test.files("out");
    test.remove("out/20/3_20_kim-1-p2.png");
    test.run(label).status(0);
    assert_same_files(&test.files("out"), &all);
    test.write("source/3_20_kim-1.tif", tiff(2));
    test.run(label).status(0);
    assert!(test.exists("out/20/3_20_kim-1-p2.png") && !test.exists("out/20/3_20_kim-1-p3.png"));
}

#[test]
fn pages_that_cannot_be_used_are_rejected_by_their_number() {
    let test = test();
    let mut damaged = tiff(3);
    // The second page says that it is compressed in a way that nobody knows.
    let second = damaged.windows(2).enumerate().filter(|(_, tag)| *tag == 258_u16.to_le_bytes());
    let at = second.map(|(at, _)| at).nth(1).unwrap();
    damaged[at + 8] = 77;
    test.write("source/3_20_a.tif", &damaged);
    test.write("source/4_20_b-p2.png", gray_png(20, 20, |x, _| x as u8));
    test.write("source/4_20_b.tif", tiff(2));
    test.run("source out --pages all").status(1);
    let rejected = test.records("out/rejected.csv");
    let of = |at: usize| (rejected[at]["source"].as_str(), rejected[at]["reason"].as_str());
    assert_eq!(rejected.len(), 2, "{rejected:?}");
    assert!(of(0).0 == "3_20_a.tif" && of(0).1.starts_with("page 2: "), "{:?}", of(0));
    assert!(of(1).0 == "4_20_b.tif" && of(1).1.contains("which 4_20_b-p2.png has"), "{:?}", of(1));
    assert_eq!(test.names("out/20").len(), 4);
}

#[test]
fn what_is_found_counts_the_pages_that_become_pictures() {
    let test = test();
    test.write("source/kim/3/a-1.tif", tiff(3));
    test.write("source/lee/5/b-2.png", gray_png(20, 20, |x, y| (x * y) as u8));
    let auto = "source out --labels auto --size auto";
    let found = "pictures, digits 3, 5, 2 writers, layout {writer}/{digit}\n";
    test.run(auto).status(0).stderr_has(&[&format!("digit-labeler: found 2 {found}")]);
    test.run(&format!("{auto} --pages all --fresh"))
        .status(0)
        .stderr_has(&[&format!("digit-labeler: found 4 {found}"), "4 pictures labelled"]);
    assert_eq!(test.names("out/20"), ["3_20_kim-1-p2.png", "3_20_kim-1-p3.png", "3_20_kim-1.png", "5_20_lee-2.png"]);
}
