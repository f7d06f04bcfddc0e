//! Folders of drawn digits, prepared as usual, so that the built-in network has something to say.

use digit_image::decode::{DecodeOptions, decode_gray};
use digit_image::raster::GrayPicture;
use digit_image::resize;
use digit_source::draw::{DrawSettings, Size, plan, render};
use stage_files::png_bytes::{self, Effort, Samples};
use test_support::Test;

use super::{cells, of_kind, test};

/// Drawn digits: label and file.
fn drawn(count: u32) -> Vec<(u8, Vec<u8>)> {
    let settings = DrawSettings::new(count, vec![Size::Fills], "0-9".parse().unwrap(), 5);
    plan(&settings).iter().map(|spec| (spec.label, render(spec, 5).unwrap().to_png().unwrap())).collect()
}

/// Puts the digits into folders by label, under names that say no writer.
fn put(test: &Test, digits: &[(u8, Vec<u8>)], folder_of: impl Fn(u8) -> u8) {
    for (at, (label, png)) in digits.iter().enumerate() {
        test.write(&format!("scans/{}/n{at}.png", folder_of(*label)), png);
    }
}

fn gray(png: &[u8]) -> GrayPicture {
    decode_gray(png, &DecodeOptions::default()).unwrap()
}

fn png(picture: &GrayPicture) -> Vec<u8> {
    png_bytes::encode(picture.width_px, picture.height_px, Samples::Gray(&picture.pixels), Effort::Fast).unwrap()
}

/// The pixels from `left` and `top` on, with paper to the right and below.
fn moved(picture: &GrayPicture, left: u32, top: u32) -> GrayPicture {
    let (width, height) = (picture.width_px, picture.height_px);
    let at = |x: u32, y: u32| if x < width && y < height { picture.pixels[(y * width + x) as usize] } else { 250 };
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let pixels = places.map(|(x, y)| at(x + left, y + top)).collect();
    GrayPicture::new(width, height, pixels).unwrap()
}

#[test]
fn folders_of_the_whole_set_with_exchanged_names_are_found_without_any_writer() {
    let test = test();
    let digits = drawn(240);
    put(&test, &digits, |label| match label {
        3 => 8,
        8 => 3,
        other => other,
    });
    test.run("scans out").status(0).stderr_has(&["2 labels out of order"]);
    let found = of_kind(&test, "labels_out_of_order");
    let mut groups = cells(&found, &["label", "suggested", "pictures"]);
    groups.sort();
    assert_eq!(groups, ["3 8 24", "8 3 24"]);
    assert!(found[0]["reason"].ends_with("3 and 8 are swapped"), "{}", found[0]["reason"]);
}

#[test]
fn a_wrong_label_among_few_pictures_is_found_and_right_ones_are_not() {
    let test = test();
    let mut digits = drawn(40);
    let place = digits.iter().position(|(label, _)| *label == 4).unwrap();
    digits[place].0 = 0;
    put(&test, &digits, |label| label);
    test.run("scans out").status(0);
    let wrong = of_kind(&test, "wrong_label");
    assert_eq!(cells(&wrong, &["source", "suggested"])[0], format!("0/n{place}.png 4"));
    assert!(wrong.len() < 4, "{wrong:?}");
}

#[test]
fn copies_that_were_shifted_resized_or_are_brighter_are_found_in_a_folder_and_nothing_else() {
    let test = test();
    let digits = drawn(120);
    put(&test, &digits, |label| label);
    let mut expected = Vec::new();
    let changes: [(&str, fn(&GrayPicture) -> GrayPicture); 4] = [
        ("shifted", |picture| moved(picture, 1, 1)),
        ("smaller", |picture| resize::area(picture, picture.width_px * 2 / 3, picture.height_px * 2 / 3)),
        ("brighter", |picture| picture.map(|gray| 90 + gray / 2)),
        ("same", Clone::clone),
    ];
    for ((name, change), (label, file)) in changes.into_iter().zip(&digits[30..]) {
        test.write(&format!("scans/{label}/{name}.png"), png(&change(&gray(file))));
        expected.push(format!("{label}/{name}.png"));
    }
    test.run("scans out").status(0).stderr_has(&["4 copy"]);
    let found = of_kind(&test, "copy");
    let mut pairs: Vec<String> = found.iter().flat_map(|row| [row["source"].clone(), row["other"].clone()]).collect();
    pairs.retain(|name| expected.contains(name));
    pairs.sort();
    expected.sort();
    assert_eq!((pairs, found.len()), (expected, 4));
}

#[test]
fn digits_that_go_on_beyond_the_border_are_found() {
    let test = test();
    let mut digits = drawn(60);
    let cut: Vec<usize> = (0..60).filter(|at| [0, 8].contains(&digits[*at].0)).take(3).collect();
    for &at in &cut {
        let picture = gray(&digits[at].1);
        digits[at].1 = png(&moved(&picture, picture.width_px * 2 / 5, 0));
    }
    put(&test, &digits, |label| label);
    test.run("scans out").stderr_has(&["digit-doctor: "]);
    // Some are refused by the preprocessing already, for the same reason.
    let refused = test.records("out/rejected.csv");
    assert!(refused.len() < cut.len() && refused.iter().all(|row| row["reason"].contains("cut at the border")));
    let mut found = cells(&of_kind(&test, "cut"), &["source"]);
    found.extend(cells(&refused, &["source"]));
    for at in cut {
        assert!(found.contains(&format!("{}/n{at}.png", digits[at].0)), "{at} in {found:?}");
    }
    assert!(of_kind(&test, "cut")[0]["reason"].contains("left border"));
}
