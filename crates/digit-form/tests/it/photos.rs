//! `digit-form read` on photographs: what is written, under which names, and what the labeler makes of it.

use image::GrayImage;
use image::imageops::{rotate90, rotate180, rotate270};
use test_support::Test;

use super::paper::{ASLANT, PX_A_MM, cell, filled, photographed, png, rectangle, sheet, sheet_for, slant, stroke};
use super::test;

const KIM: [&str; 6] = ["0_20_kim-1", "0_20_kim-2", "1_20_kim-1", "1_20_kim-2", "2_20_kim-1", "2_20_kim-2"];

fn pictures(test: &Test, folder: &str) -> Vec<String> {
    let names = test.names(folder).into_iter();
    names.filter_map(|name| name.strip_suffix(".png").map(str::to_owned)).collect()
}

fn picture(test: &Test, name: &str) -> GrayImage {
    let png = image_of(&test.bytes(name));
    let pixels = png.pixels.into_iter().map(|[red, ..]| red).collect();
    GrayImage::from_raw(png.width_px, png.height_px, pixels).unwrap()
}

fn image_of(bytes: &[u8]) -> digit_image::raster::RgbPicture {
    digit_image::decode::decode_rgb(bytes, &digit_image::decode::DecodeOptions::default()).unwrap()
}

#[test]
fn a_photo_becomes_source_pictures_by_writer_and_label() {
    let test = test();
    test.write("photo.png", png(&photographed(&filled(&sheet(1)), ASLANT)));
    test.run("--no-next read photo.png --out source --marked marked").status(0).stderr(
        "digit-form: 1 sheet, 12 boxes: 6 written, 3 empty, 3 crossed out, 0 rejected\n\
         digit-form: 6 source pictures in source\n",
    );
    assert_eq!(pictures(&test, "source"), KIM);
    for name in KIM {
        let picture = picture(&test, &format!("source/{name}.png"));
        assert_eq!(slant(&picture).to_string(), name[..1], "{name} shows what was written into its box");
    }
    assert_eq!(test.records("source/sources.csv")[3]["source"], "photo.png, digit 1, box 2");
    assert_eq!(test.json("source/stage.json")["counts"]["crossed_out"], 3);
    assert_eq!(pictures(&test, "marked"), ["photo.png"], "named after the photo");
    test.run("--no-next read photo.png --out source").status(0).stderr_has(&["nothing to do"]);
}

#[test]
fn a_sheet_may_lie_in_any_direction() {
    let upright = filled(&sheet(2));
    for (turned, at) in [rotate90(&upright), rotate180(&upright), rotate270(&upright)].into_iter().zip(1..) {
        let test = test();
        test.write("photo.png", png(&turned));
        test.run("read photo.png --out source").status(0);
        for label in 0..3 {
            let picture = picture(&test, &format!("source/{label}_20_lee-1.png"));
            assert_eq!(slant(&picture), label, "turned {at} times");
        }
    }
}

#[test]
fn sheets_of_several_writers_make_one_folder_that_the_labeler_takes() {
    let test = test();
    let writers = ["a/b \"c\"", "🙂", "김민지", "..", "nul"];
    for number in 1..=writers.len() as u32 {
        test.write(&format!("photos/{number}.png"), png(&filled(&sheet_for(&writers, number))));
    }
    test.run("read photos/1.png photos/2.png photos/3.png photos/4.png photos/5.png --out class/source").status(0);
    let found = pictures(&test, "class/source");
    for writer in ["a_b _c_", "🙂", "김민지", "writer", "nul"] {
        assert!(found.contains(&format!("2_20_{writer}-1")), "{writer}: {found:?}");
    }
    assert_eq!(found.len(), 6 * writers.len());
    let all = test.names(".");
    let is_meant = |name: &String| name.starts_with("class/source/") || name.starts_with("photos/");
    assert!(all.iter().all(is_meant), "nothing beside the folders: {all:?}");
    let (source, labelled) = (test.at("class/source"), test.at("class/labelled"));
    let arguments = ["digit-labeler", "--quiet", "--labels", "0-2", "--preprocess", "standard"].map(Into::into);
    let folders = [source.into_os_string(), labelled.into_os_string()];
    let status = digit_labeler::cli::run(arguments.into_iter().chain(folders));
    assert_eq!(status.code(), 0);
    assert!(test.exists("class/labelled/20/1_20_김민지-2.png"), "{:?}", test.names("class/labelled"));
}

#[test]
fn a_box_that_is_not_found_is_listed_and_the_others_are_written() {
    let test = test();
    let sheet = sheet(1);
    let mut paper = filled(&sheet);
    // The left line of one box is covered, and a speck stands in an empty one.
    let covered = cell(&sheet, 1, 2);
    rectangle(&mut paper, (covered.left_mm - 1.5, covered.top_mm - 1.0), (3.0, 16.0), 235);
    let speck = cell(&sheet, 0, 3);
    stroke(&mut paper, (speck.left_mm + 6.0, speck.top_mm + 6.0), (speck.left_mm + 6.4, speck.top_mm + 6.4), 0.8, 60);
    test.write("photo.png", png(&paper));
    test.run("read photo.png --out source").status(1).stderr_has(&[
        "12 boxes: 5 written, 2 empty, 3 crossed out, 2 rejected",
        "photo.png, digit 1, box 2: its left line is not found",
    ]);
    let rejected = test.read("source/rejected.csv");
    assert!(
        rejected.contains("\"photo.png, digit 0, box 3\",\"a speck: expected a digit of at least 1.8 mm"),
        "{rejected}"
    );
    let kept: Vec<&str> = KIM.into_iter().filter(|&name| name != "1_20_kim-2").collect();
    assert_eq!(pictures(&test, "source"), kept);
}

#[test]
fn ink_that_reaches_a_line_is_written_and_said() {
    let test = test();
    let sheet = sheet(1);
    let mut paper = filled(&sheet);
    let cell = cell(&sheet, 2, 3);
    stroke(&mut paper, (cell.left_mm + 7.0, cell.top_mm + 3.0), (cell.left_mm + 7.0, cell.top_mm + 17.0), 0.8, 60);
    test.write("photo.png", png(&paper));
    test.run("read photo.png --out source").status(0).stderr_has(&["1 of those written reach a line of their box"]);
    assert_eq!(test.json("source/stage.json")["counts"]["touching_lines"], 1);
}

#[test]
fn the_same_sheet_twice_is_used_once() {
    let test = test();
    let paper = filled(&sheet(1));
    test.write("a.png", png(&paper));
    test.write("b.png", png(&photographed(&paper, ASLANT)));
    test.run("read a.png b.png --out source")
        .status(1)
        .stderr_has(&["b.png: the same sheet again", "is on a.png, too"]);
    assert_eq!(pictures(&test, "source"), KIM);
}

#[test]
fn another_form_of_the_same_writer_adds_to_the_first() {
    let test = test();
    test.write("a.png", png(&filled(&sheet(1))));
    test.write("b.png", png(&filled(&sheet_for(&["kim"], 1))));
    test.run("read a.png b.png --out source").status(0);
    let found = pictures(&test, "source");
    assert_eq!(found.len(), 12, "{found:?}");
    assert!(found.contains(&"0_20_kim-4".to_owned()));
}

#[test]
fn resolution_does_not_matter_above_one_hundred_dpi() {
    // 12 boxes at the 127 dpi of the other tests, made smaller by a fifth.
    let paper = filled(&sheet(3));
    let (width, height) = (paper.width() * 4 / 5, paper.height() * 4 / 5);
    let small = image::imageops::resize(&paper, width, height, image::imageops::FilterType::Triangle);
    assert!((PX_A_MM * 0.8 * 25.4 - 101.6).abs() < 0.1);
    let test = test();
    test.write("photo.png", png(&small));
    test.run("read photo.png --out source").status(0).stderr_has(&["6 written, 3 empty, 3 crossed out, 0 rejected"]);
}
