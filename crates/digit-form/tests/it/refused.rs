//! `digit-form read` on what is no whole sheet: refused with the reason, nothing written, nothing lost.

use digit_form::code::Sheet;
use image::{GrayImage, Luma, imageops};

use super::paper::{ASLANT, filled, photographed, png, printed, sheet};
use super::test;

/// The reason why a picture is refused.
fn reason(picture: &GrayImage) -> String {
    let test = test();
    test.write("photo.png", png(picture));
    let output = test.run("read photo.png --out source --marked marked");
    output.status(2);
    assert!(!test.exists("source"), "nothing is written");
    assert!(test.exists("marked/photo.png.png"), "{:?}", test.names("marked"));
    output.stderr_has(&["no sheet can be read: photo.png: "]);
    output.stderr.clone()
}

/// Two pictures beside each other.
fn beside(one: &GrayImage, other: &GrayImage) -> GrayImage {
    let mut both = GrayImage::from_pixel(one.width() + other.width() + 40, one.height(), Luma([90]));
    imageops::replace(&mut both, one, 0, 0);
    imageops::replace(&mut both, other, i64::from(one.width()) + 40, 0);
    both
}

#[test]
fn what_is_no_sheet_is_refused() {
    let blank = GrayImage::from_pixel(900, 1200, Luma([230]));
    assert!(reason(&blank).contains("no form: expected a sheet with four corner marks, found none"));
}

#[test]
fn two_sheets_on_one_photo_are_refused() {
    let both = beside(&filled(&sheet(1)), &filled(&sheet(2)));
    assert!(reason(&both).contains("several forms: expected one sheet, found 2 marks of the upper left corner"));
}

#[test]
fn half_a_sheet_is_refused() {
    let paper = filled(&sheet(1));
    let upper = imageops::crop_imm(&paper, 0, 0, paper.width(), paper.height() / 2).to_image();
    assert!(
        reason(&upper).contains("half a form: expected four corner marks, the lower right, lower left ones are not")
    );
    let mut covered = paper.clone();
    imageops::replace(&mut covered, &GrayImage::from_pixel(200, 200, Luma([90])), 0, 0);
    assert!(reason(&covered).contains("the upper left one is not found"));
}

#[test]
fn halves_of_two_sheets_that_fit_exactly_are_refused() {
    let (one, other) = (filled(&sheet(1)), filled(&sheet(2)));
    let (width, height) = one.dimensions();
    let halves: [fn(u32, u32, u32, u32) -> bool; 5] = [
        |_, y, _, h| y < h / 2,
        |_, y, _, h| y > h / 2,
        |x, _, w, _| x < w / 2,
        |x, _, w, _| x > w / 2,
        // One corner, as where a sheet peeps out below another.
        |x, y, w, h| x < w / 5 && y > h * 4 / 5,
    ];
    for (at, is_other) in halves.into_iter().enumerate() {
        let mixed = GrayImage::from_fn(width, height, |x, y| {
            *if is_other(x, y, width, height) { other.get_pixel(x, y) } else { one.get_pixel(x, y) }
        });
        let reason = reason(&mixed);
        assert!(reason.contains("several forms: the code is that of page 1 of writer"), "{at}: {reason}");
    }
}

#[test]
fn a_mirror_image_is_refused() {
    let mirrored = imageops::flip_horizontal(&filled(&sheet(1)));
    assert!(reason(&mirrored).contains("no form"));
}

#[test]
fn a_sheet_whose_code_is_covered_is_refused() {
    let mut paper = filled(&sheet(1));
    imageops::replace(&mut paper, &GrayImage::from_pixel(170, 170, Luma([235])), 760, 50);
    assert!(reason(&paper).contains("no code: expected one beside the upper right mark"));
}

#[test]
fn a_sheet_of_another_layout_than_its_code_says_is_refused() {
    // The code and marks of one sheet over the boxes of another layout.
    let own = sheet(1);
    let other = Sheet { layout: digit_form::layout::Layout { per_label: 3, ..own.layout.clone() }, ..own.clone() };
    let (mut paper, boxes) = (printed(&own), printed(&other));
    let below = imageops::crop_imm(&boxes, 130, 200, 800, 1100).to_image();
    imageops::replace(&mut paper, &below, 130, 200);
    assert!(reason(&paper).contains("not found exactly: expected 12 boxes where the marks and the code say, found"));
}

#[test]
fn a_sheet_with_a_corner_folded_over_is_refused() {
    // The lower right mark stands 12 mm higher and further left than it was printed.
    let paper = filled(&sheet(1));
    let (width, height) = paper.dimensions();
    let corner = imageops::crop_imm(&paper, width - 120, height - 120, 120, 120).to_image();
    let mut folded = paper.clone();
    imageops::replace(
        &mut folded,
        &GrayImage::from_pixel(120, 120, Luma([235])),
        i64::from(width) - 120,
        i64::from(height) - 120,
    );
    imageops::replace(&mut folded, &corner, i64::from(width) - 180, i64::from(height) - 180);
    let reason = reason(&folded);
    let is_meant = ["not flat", "not found exactly", "no code"].iter().any(|part| reason.contains(part));
    assert!(is_meant, "{reason}");
}

#[test]
fn another_edition_is_refused() {
    let mut paper = filled(&sheet(1));
    let code = qrcode("digit-form;2;00000001;a4;0-2;4;1;1;kim");
    let (left, top) = sheet(1).layout.paper.code_mm();
    for (x, y) in (0..49).flat_map(|y| (0..49).map(move |x| (x, y))) {
        let (left, top) = (left + 0.62 * f64::from(x), top + 0.62 * f64::from(y));
        super::paper::rectangle(&mut paper, (left, top), (0.62, 0.62), if code.get_module(x, y) { 20 } else { 235 });
    }
    assert!(reason(&paper).contains("another edition: expected a sheet of edition 1, found one of 2"));
}

fn qrcode(text: &str) -> qrcodegen::QrCode {
    let segment = qrcodegen::QrSegment::make_bytes(text.as_bytes());
    let version = qrcodegen::Version::new(8);
    let level = qrcodegen::QrCodeEcc::Medium;
    qrcodegen::QrCode::encode_segments_advanced(&[segment], level, version, version, None, true).unwrap()
}

#[test]
fn files_that_are_no_pictures_are_rejected_and_the_others_read() {
    let test = test();
    test.write("good.png", png(&photographed(&filled(&sheet(1)), ASLANT)));
    test.write("text.txt", "no picture");
    test.write("empty.png", "");
    test.write("cut.png", &png(&filled(&sheet(2)))[..3000]);
    test.write("cut.pdf", "%PDF-1.7\n1 0 obj\n<< /Type /Catalog");
    test.run("read good.png text.txt empty.png cut.png cut.pdf --out source").status(1);
    let rejected = test.records("source/rejected.csv");
    let sources: Vec<&str> = rejected.iter().map(|row| row["source"].as_str()).collect();
    assert_eq!(sources, ["cut.pdf", "cut.png", "empty.png", "text.txt"]);
    test.run("read good.png text.txt --out strict --strict").status(1);
    assert!(!test.exists("strict"));
    test.run("read missing.png --out missing").status(2).stderr_has(&["missing.png"]);
    test.run("read good.png --out small --max-pixels 1000").status(2).stderr_has(&["good.png", "1000"]);
}

#[test]
fn nothing_of_the_users_is_written_over() {
    let test = test();
    test.write("photos/a.png", png(&filled(&sheet(1))));
    test.write("mine/notes.txt", "keep");
    test.run("read photos/a.png --out mine").status(2).stderr_has(&["mine"]);
    test.run("read photos/a.png --out photos").status(2);
    test.run("read photos/a.png --out out --marked mine").status(2);
    assert_eq!(test.read("mine/notes.txt"), "keep");
    assert_eq!(test.names("photos"), ["a.png"]);
}
