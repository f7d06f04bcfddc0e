//! The resize written a second time, straight from its definition, one target pixel at a time and without any
//! shared weights or buffers; and the tests that hold the fast version against it.

use proptest::prelude::*;

use super::area;
use crate::raster::GrayPicture;

/// `INTER_AREA` for one channel of 8 bits, as plainly as possible.
fn resize_reference(source: &GrayPicture, width_px: u32, height_px: u32) -> Vec<u8> {
    let (sw, sh) = (f64::from(source.width_px), f64::from(source.height_px));
    let (inverse_x, inverse_y) = (f64::from(width_px) / sw, f64::from(height_px) / sh);
    let (kx, ky) = (1.0 / inverse_x, 1.0 / inverse_y);
    let at = |x: usize, y: usize| source.pixels[y * source.width_px as usize + x];
    let whole = |k: f64| (k - k.round_ties_even()).abs() < f64::EPSILON;
    let mut out = Vec::new();
    for t in 0..height_px {
        for j in 0..width_px {
            out.push(if (source.width_px, source.height_px) == (width_px, height_px) {
                at(j as usize, t as usize)
            } else if kx >= 1.0 && ky >= 1.0 && whole(kx) && whole(ky) {
                block_reference(&at, (j as usize, t as usize), (kx.round() as usize, ky.round() as usize))
            } else if kx >= 1.0 && ky >= 1.0 {
                let mut total = 0.0_f32;
                for (y, wy) in area_taps_reference(f64::from(t), sh, ky) {
                    let mut row = 0.0_f32;
                    for (x, wx) in area_taps_reference(f64::from(j), sw, kx) {
                        let product = f32::from(at(x, y)) * wx;
                        row += product;
                    }
                    let product = wy * row;
                    total += product;
                }
                total.round_ties_even().clamp(0.0, 255.0) as u8
            } else {
                let (x, cx0, cx1) = linear_taps_reference(f64::from(j), kx, inverse_x);
                let (y, cy0, cy1) = linear_taps_reference(f64::from(t), ky, inverse_y);
                let (last_x, last_y) = (source.width_px as usize - 1, source.height_px as usize - 1);
                let row = |y: usize| {
                    if x >= last_x {
                        i32::from(at(last_x, y)) * 2048
                    } else {
                        i32::from(at(x, y)) * cx0 + i32::from(at(x + 1, y)) * cx1
                    }
                };
                let (upper, lower) = (row(y.min(last_y)), row((y + 1).min(last_y)));
                (((((cy0 * (upper >> 4)) >> 16) + ((cy1 * (lower >> 4)) >> 16)) + 2) >> 2) as u8
            });
        }
    }
    out
}

fn block_reference(at: &dyn Fn(usize, usize) -> u8, (j, t): (usize, usize), (rx, ry): (usize, usize)) -> u8 {
    let mut sum = 0_u64;
    for y in t * ry..(t + 1) * ry {
        for x in j * rx..(j + 1) * rx {
            sum += u64::from(at(x, y));
        }
    }
    if (rx, ry) == (2, 2) {
        return ((sum + 2) >> 2) as u8;
    }
    let factor = 1.0_f32 / (rx * ry) as f32;
    (sum as f32 * factor).round_ties_even() as u8
}

fn area_taps_reference(j: f64, s: f64, k: f64) -> Vec<(usize, f32)> {
    let mut taps = Vec::new();
    let (a, b) = (j * k, j * k + k);
    let wd = k.min(s - a);
    let i2 = b.floor().min(s - 1.0);
    let i1 = a.ceil().min(i2);
    if i1 - a > 1e-3 {
        taps.push((i1 as usize - 1, ((i1 - a) / wd) as f32));
    }
    let mut i = i1;
    while i < i2 {
        taps.push((i as usize, (1.0 / wd) as f32));
        i += 1.0;
    }
    if b - i2 > 1e-3 {
        taps.push((i2 as usize, ((b - i2).min(1.0).min(wd) / wd) as f32));
    }
    taps
}

fn linear_taps_reference(j: f64, k: f64, inverse: f64) -> (usize, i32, i32) {
    let i = (j * k).floor();
    let mut t = ((j + 1.0) - (i + 1.0) * inverse) as f32;
    t = if t <= 0.0 { 0.0 } else { t - t.floor() };
    (i as usize, ((1.0 - t) * 2048.0).round_ties_even() as i32, (t * 2048.0).round_ties_even() as i32)
}

fn assert_equal(source: &GrayPicture, width_px: u32, height_px: u32) {
    let fast = area(source, width_px, height_px);
    let plain = resize_reference(source, width_px, height_px);
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
        assert_eq!(resize_reference(&picture, width_px, height_px), expected, "the plain version itself");
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
