//! Transparency.

use digit_image::preprocess::{Pipeline, STANDARD};
use digit_image::reader::PictureReader;
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use proptest::prelude::*;
use stage_files::picture::{Alpha, Canvas, PictureSettings};

use crate::files::{Png, chunk, encode};
use crate::{DROP, WHITE, one_pixel, pixels};

#[test]
fn transparent_parts_are_white_paper_or_what_lies_beneath() {
    let palette = || [chunk(*b"PLTE", &[0, 0, 0, 9, 9, 9]), chunk(*b"tRNS", &[0])].concat();
    for (what, bytes, white, drop) in [
        ("gray with alpha", one_pixel(4, 8, &[10, 0], vec![]), 255, 10),
        ("gray with half alpha", one_pixel(4, 8, &[10, 128], vec![]), 132, 10),
        ("gray with alpha, 16 bit", one_pixel(4, 16, &[10, 0, 128, 0], vec![]), 132, 10),
        ("colour with alpha", one_pixel(6, 8, &[9, 9, 9, 0], vec![]), 255, 9),
        ("colour with alpha, 16 bit", one_pixel(6, 16, &[9, 0, 9, 0, 9, 0, 0, 0], vec![]), 255, 9),
        ("clear gray value", one_pixel(0, 8, &[7], chunk(*b"tRNS", &[0, 7])), 255, 7),
        ("another gray value", one_pixel(0, 8, &[7], chunk(*b"tRNS", &[0, 8])), 7, 7),
        ("clear gray value, 2 bit, high bits set", one_pixel(0, 2, &[0x40], chunk(*b"tRNS", &[0xff, 0xfd])), 255, 85),
        ("clear gray value, 16 bit", one_pixel(0, 16, &[7, 1], chunk(*b"tRNS", &[7, 1])), 255, 7),
        ("near a clear gray value, 16 bit", one_pixel(0, 16, &[7, 1], chunk(*b"tRNS", &[7, 2])), 7, 7),
        ("clear colour", one_pixel(2, 8, &[5, 5, 5], chunk(*b"tRNS", &[0, 5, 0, 5, 0, 5])), 255, 5),
        ("clear palette entry", one_pixel(3, 8, &[0], palette()), 255, 0),
        ("opaque palette entry", one_pixel(3, 8, &[1], palette()), 9, 9),
        ("palette index too high", one_pixel(3, 8, &[2], palette()), 0, 0),
    ] {
        assert_eq!((pixels(&bytes, &WHITE), pixels(&bytes, &DROP)), (vec![white], vec![drop]), "{what}");
    }
}

#[test]
fn alpha_of_other_formats_follows_the_same_rule() {
    let image: DynamicImage = RgbaImage::from_pixel(2, 2, Rgba([9, 9, 9, 128])).into();
    for format in [ImageFormat::Tiff, ImageFormat::WebP, ImageFormat::Bmp] {
        let bytes = encode(&image, format);
        assert_eq!((pixels(&bytes, &WHITE), pixels(&bytes, &DROP)), (vec![132; 4], vec![9; 4]), "{format:?}");
    }
    // A bitmap whose fourth bytes are all 0 is meant to be opaque.
    let unused: DynamicImage = RgbaImage::from_pixel(2, 2, Rgba([9, 9, 9, 0])).into();
    assert_eq!(pixels(&encode(&unused, ImageFormat::Bmp), &WHITE), [9; 4]);
    assert_eq!(pixels(&encode(&unused, ImageFormat::WebP), &WHITE), [255; 4]);
}

#[test]
fn a_canvas_gives_what_a_png_of_its_pixels_gives() {
    let steps = Pipeline::parse(STANDARD).unwrap().to_json();
    for preprocess in [vec![], steps] {
        for alpha in [Alpha::White, Alpha::Drop] {
            let settings = PictureSettings { canvas: Canvas::DEFAULT, alpha, preprocess: preprocess.clone() };
            let reader = PictureReader::new(&settings).unwrap();
            // A coloured bar, half clear at its ends.
            let image = RgbaImage::from_fn(60, 80, |x, y| match (x, y) {
                (25..35, 10..70) => Rgba([20, (x * 3) as u8, 90, if y % 50 < 15 { 140 } else { 255 }]),
                _ => Rgba([250, 252, 249, 255]),
            });
            let mut shown = 0;
            let of_canvas = reader.read_rgba_seen(60, 80, image.as_raw(), |_, _| shown += 1).unwrap();
            let of_file = reader.read(&encode(&image.into(), ImageFormat::Png), 1_000_000).unwrap();
            assert_eq!(of_canvas, of_file);
            assert_eq!(shown, 1 + preprocess.len());
            let short = reader.read_rgba_seen(60, 80, &[0; 7], |_, _| ()).unwrap_err().to_string();
            assert!(short.contains("7 bytes are not the pixels of a canvas of 60 x 80"), "{short}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_fully_opaque_picture_is_the_same_under_both_rules(
        samples in prop::collection::vec(any::<[u8; 6]>(), 12), gamma in prop::option::of(1_u32..1_000_000)
    ) {
        let before = gamma.map_or_else(Vec::new, |gamma| chunk(*b"gAMA", &gamma.to_be_bytes()));
        for (color_type, depth_bits, channels) in [(4, 8, 1), (4, 16, 1), (6, 8, 3), (6, 16, 3)] {
            let sample_bytes = depth_bits as usize / 8 * channels;
            let row = |opaque: bool| samples.iter().fold(vec![0], |mut row, pixel| {
                row.extend_from_slice(&pixel[..sample_bytes]);
                if opaque {
                    row.extend_from_slice(&[255, 255][..depth_bits as usize / 8]);
                }
                row
            });
            let file = |color_type, opaque| {
                let row = row(opaque);
                let mut png = Png::new(12, 1, color_type, &row);
                png.depth_bits = depth_bits;
                png.before.clone_from(&before);
                png.bytes()
            };
            let with_alpha = file(color_type, true);
            prop_assert_eq!(pixels(&with_alpha, &WHITE), pixels(&with_alpha, &DROP));
            prop_assert_eq!(pixels(&with_alpha, &WHITE), pixels(&file(color_type - 4, false), &WHITE));
        }
    }
}
