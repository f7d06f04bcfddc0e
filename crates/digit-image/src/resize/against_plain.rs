//! The resize against the plain one.

use proptest::prelude::*;

use super::{area, plain};
use crate::raster::GrayPicture;

fn assert_equal(source: &GrayPicture, width_px: u32, height_px: u32) {
    let fast = area(source, width_px, height_px);
    let plain = plain::area(source, width_px, height_px);
    let first_difference = fast.pixels.iter().zip(&plain).position(|(a, b)| a != b);
    assert_eq!(
        (fast.width_px, fast.height_px, fast.pixels.len(), first_difference),
        (width_px, height_px, plain.len(), None),
        "{}x{} to {width_px}x{height_px}",
        source.width_px,
        source.height_px
    );
}

/// A picture of up to 64x64 with few gray levels (ties are common) or many.
fn pictures() -> impl Strategy<Value = GrayPicture> {
    (1_u32..=64, 1_u32..=64, prop_oneof![Just(1_u8), Just(51), Just(85)]).prop_flat_map(
        |(width_px, height_px, step)| {
            let count = (width_px * height_px) as usize;
            prop::collection::vec(any::<u8>(), count).prop_map(move |values| GrayPicture {
                width_px,
                height_px,
                pixels: values.into_iter().map(|value| value / step * step).collect(),
            })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn fast_resize_equals_the_plain_one(picture in pictures(), width_px in 1_u32..=64, height_px in 1_u32..=64) {
        assert_equal(&picture, width_px, height_px);
        assert_equal(&picture, 20, 20);
        assert_equal(&picture, picture.width_px, height_px);
    }

    #[test]
    fn a_picture_of_one_value_keeps_it(
        value in any::<u8>(), source in (1_u32..=300, 1_u32..=300), target in (1_u32..=64, 1_u32..=64)
    ) {
        let picture = GrayPicture::filled(source.0, source.1, value);
        let resized = area(&picture, target.0, target.1);
        prop_assert_eq!(resized, GrayPicture::filled(target.0, target.1, value));
    }
}

#[test]
fn every_source_size_up_to_64_by_target_20_and_8() {
    for width_px in 1..=64_u32 {
        for height_px in 1..=64 {
            let pixels = (0..width_px * height_px).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
            let picture = GrayPicture { width_px, height_px, pixels };
            for side_px in [20, 8] {
                assert_equal(&picture, side_px, side_px);
            }
        }
    }
}

#[test]
fn worked_examples() {
    let check = |rows: &[&[u8]], (width_px, height_px): (u32, u32), expected: &[u8]| {
        let picture =
            GrayPicture { width_px: rows[0].len() as u32, height_px: rows.len() as u32, pixels: rows.concat() };
        assert_eq!(area(&picture, width_px, height_px).pixels, expected);
        assert_eq!(plain::area(&picture, width_px, height_px), expected, "the plain version itself");
    };
    check(&[&[10, 20, 40]], (2, 1), &[13, 33]);
    check(&[&[0, 1, 2, 3]], (2, 1), &[0, 2]);
    check(&[&[1, 2, 4, 9]], (2, 1), &[2, 6]);
    check(&[&[0, 1], &[0, 1]], (1, 1), &[1]);
    check(&[&[0, 255]], (5, 1), &[0, 0, 128, 255, 255]);
    check(
        &[&[0, 100, 200], &[50, 60, 70], &[255, 0, 255], &[9, 99, 199]],
        (5, 2),
        &[25, 43, 80, 117, 135, 132, 104, 50, 168, 227],
    );
    check(&[&[77]], (3, 2), &[77; 6]);
}
