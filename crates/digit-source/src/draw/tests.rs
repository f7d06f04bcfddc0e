//! What holds for whole pictures.

use std::collections::BTreeMap;

use stage_files::digest::sha256_hex;
use stage_files::labels::LabelSet;

use super::*;

fn digits(count: u32, size: Size) -> DrawSettings {
    DrawSettings::new(count, vec![size], LabelSet::new((0..10).collect()).unwrap(), 1)
}

/// 1 where there is ink, by a plain threshold half-way between paper and the darkest ink.
fn ink(picture: &Picture) -> Vec<bool> {
    let gray: Vec<u32> = picture
        .rgb
        .chunks_exact(3)
        .map(|p| (299 * u32::from(p[0]) + 587 * u32::from(p[1]) + 114 * u32::from(p[2])) / 1000)
        .collect();
    let threshold = u32::midpoint(*gray.iter().min().unwrap(), *gray.iter().max().unwrap());
    gray.into_iter().map(|value| value < threshold).collect()
}

/// Left, top, right, bottom of the ink in pixels, the last two exclusive.
fn ink_box(picture: &Picture) -> [u32; 4] {
    let mut found = [picture.width_px, picture.height_px, 0, 0];
    for (index, _) in ink(picture).into_iter().enumerate().filter(|(_, ink)| *ink) {
        let (x, y) = (index as u32 % picture.width_px, index as u32 / picture.width_px);
        found = [found[0].min(x), found[1].min(y), found[2].max(x + 1), found[3].max(y + 1)];
    }
    found
}

/// Pictures stay as they are from one version to the next: who drew a set with some seed can draw it again. If this
/// fails because drawing was changed on purpose, put the new digest here and say in the changelog that drawn sets
/// change.
#[test]
fn the_bytes_of_some_pictures_are_fixed() {
    let mut bytes = Vec::new();
    for (label, size, by) in [
        (0, Size::Fills, DrawnBy::Writer(0)),
        (2, Size::Small, DrawnBy::Writer(17)),
        (5, Size::Fills, DrawnBy::Writer(1234)),
        (7, Size::Fills, DrawnBy::Face(2)),
        (8, Size::Small, DrawnBy::Face(5)),
    ] {
        let picture = render(&DrawnSpec { label, size, by, n: 3 }, 42).unwrap();
        bytes.extend([picture.width_px as u8, picture.height_px as u8]);
        bytes.extend(picture.rgb);
    }
    assert_eq!(sha256_hex(&bytes), "318b5c9d025e1074f94640d6984af7611109e94b811083241d392393e1957128");
}

#[test]
fn a_picture_depends_on_seed_and_spec_alone() {
    let small = plan(&digits(600, Size::Fills));
    let first: BTreeMap<String, Picture> =
        small.iter().take(40).map(|spec| (spec.file_name(), render(spec, 9).unwrap())).collect();
    // Another order, and as part of a larger set with the same writers.
    let large = plan(&DrawSettings { writers: 0..writers_for(600), ..digits(900, Size::Fills) });
    let mut met = 0;
    for spec in large.iter().rev() {
        if let Some(picture) = first.get(&spec.file_name()) {
            met += 1;
            assert_eq!(&render(spec, 9).unwrap(), picture, "{}", spec.file_name());
        }
    }
    assert!(met >= 20, "{met}");
    assert_ne!(render(&small[0], 9).unwrap(), render(&small[0], 10).unwrap());
}

#[test]
fn ink_lies_wholly_inside_and_fills_the_canvas() {
    for spec in plan(&digits(600, Size::Fills)) {
        let picture = render(&spec, 2).unwrap();
        let [left, top, right, bottom] = ink_box(&picture);
        assert!(left > 0 && top > 0 && right < picture.width_px && bottom < picture.height_px, "{}", spec.file_name());
        let filled = f64::from(right - left) / f64::from(picture.width_px);
        let filled = filled.max(f64::from(bottom - top) / f64::from(picture.height_px));
        assert!((0.70..0.98).contains(&filled), "{}: {filled}", spec.file_name());
    }
}

#[test]
fn small_digits_take_a_quarter_to_a_half_of_the_side_and_stand_anywhere() {
    // How many digits have their middle in each ninth of the canvas.
    let mut ninths = [0_u32; 9];
    for spec in plan(&digits(900, Size::Small)) {
        let picture = render(&spec, 3).unwrap();
        let [left, top, right, bottom] = ink_box(&picture);
        assert!(left > 0 && top > 0 && right < picture.width_px && bottom < picture.height_px, "{}", spec.file_name());
        let (width, height) = (f64::from(picture.width_px), f64::from(picture.height_px));
        let share = (f64::from(right - left) / width).max(f64::from(bottom - top) / height);
        assert!((0.25..0.50).contains(&share), "{}: {share}", spec.file_name());
        let third = |low: u32, high: u32, side: f64| (f64::from(low + high) / 2.0 / side * 3.0) as usize;
        ninths[3 * third(top, bottom, height).min(2) + third(left, right, width).min(2)] += 1;
    }
    assert!(ninths.iter().all(|&count| count > 30), "{ninths:?}");
}

/// Every form of every digit is put on paper, by several writers that have it.
#[test]
fn every_form_can_be_drawn() {
    let mut drawn: BTreeMap<(u8, usize), u32> = BTreeMap::new();
    // The rarest form, a zero slashed upright, comes to one writer in about 350.
    for number in 0..3000 {
        for label in 0..10 {
            let (form, _) = Writer::new(number).form(label, &mut Stream::new("test", &[]));
            let count = drawn.entry((label, form)).or_default();
            if *count < 2 {
                *count += 1;
                let spec = DrawnSpec { label, size: Size::Fills, by: DrawnBy::Writer(number), n: 0 };
                let inked = ink(&render(&spec, 1).unwrap()).into_iter().filter(|ink| *ink).count();
                assert!(inked > 100, "{label} in form {form}: {inked} pixels of ink");
            }
        }
    }
    let forms: usize = (0..10).map(|digit| digit_forms::forms(digit).len()).sum();
    assert_eq!(drawn.len(), forms, "{drawn:?}");
}

/// 16 x 16 shares of ink of a digit's box, its aspect kept, centred.
fn shape(picture: &Picture) -> Vec<f64> {
    let ink = ink(picture);
    let [left, top, right, bottom] = ink_box(picture).map(f64::from);
    let side = (right - left).max(bottom - top);
    let origin = ((left + right - side) / 2.0, (top + bottom - side) / 2.0);
    let mut cells = vec![0.0; 256];
    for (index, _) in ink.iter().enumerate().filter(|(_, ink)| **ink) {
        let (x, y) = (index as u32 % picture.width_px, index as u32 / picture.width_px);
        let cell = |at: u32, from: f64| (((f64::from(at) - from) / side * 16.0).max(0.0) as usize).min(15);
        cells[16 * cell(y, origin.1) + cell(x, origin.0)] += (16.0 / side) * (16.0 / side);
    }
    cells
}

#[test]
fn writers_differ_more_between_than_within() {
    let distance = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
    let draw = |label, number, n| {
        shape(&render(&DrawnSpec { label, size: Size::Fills, by: DrawnBy::Writer(number), n }, 1).unwrap())
    };
    let (mut within, mut between) = (0.0, 0.0);
    let writers = 24;
    for label in 0..10 {
        for number in 0..writers {
            let drawn = draw(label, number, 0);
            within += distance(&drawn, &draw(label, number, 1));
            between += distance(&drawn, &draw(label, (number + 1) % writers, 0));
        }
    }
    assert!(within > 0.0 && between > 1.4 * within, "{within} {between}");
}

#[test]
fn a_picture_as_png_has_its_size_and_colours() {
    let picture = render(&plan(&digits(10, Size::Fills))[4], 1).unwrap();
    let file = picture.to_png().unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(&file)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.width, info.height), (picture.width_px, picture.height_px));
    assert_eq!(&pixels[..info.buffer_size()], picture.rgb);
}

#[test]
fn a_face_or_digit_that_does_not_exist_is_refused() {
    let spec = DrawnSpec { label: 3, size: Size::Fills, by: DrawnBy::Face(99), n: 0 };
    assert!(render(&spec, 1).unwrap_err().to_string().contains("no face 99"));
    for by in [DrawnBy::Face(0), DrawnBy::Writer(0)] {
        let error = render(&DrawnSpec { label: 10, by, ..spec }, 1).unwrap_err().to_string();
        assert!(error.contains("10 is not a digit"), "{error}");
    }
}
