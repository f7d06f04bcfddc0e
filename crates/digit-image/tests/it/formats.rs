//! Every format: gray values of colours, orientation, limits.

use digit_image::decode::{DecodeError, DecodeOptions, decode_gray};
use digit_image::format::sniff;
use image::{DynamicImage, GrayAlphaImage, ImageBuffer, ImageFormat, Luma};

use crate::files::{Png, chunk, colours, encode, exif, jpeg, jpeg_cmyk, jpeg_with_exif, one_of_each};
use crate::{WHITE, message, one_pixel, pixels, read};

#[test]
fn every_format_is_read_and_told_by_content() {
    for (name, bytes) in one_of_each() {
        let format = sniff(&bytes[..bytes.len().min(32)]).unwrap_or_else(|| panic!("{name} was not recognised"));
        assert!(format.is_supported() && name.starts_with(&format.name().to_lowercase()), "{name}: {format}");
        let picture = read(&bytes);
        assert_eq!(picture.pixels.len(), (picture.width_px * picture.height_px) as usize, "{name}");
    }
}

#[test]
fn colour_is_weighted_as_each_format_asks() {
    let (r, g, b) = (200_u32, 30, 90);
    let png_gray = (9797 * r + 19234 * g + 3737 * b) >> 15;
    let q14 = (4899 * r + 9617 * g + 1868 * b + 8192) >> 14;
    let q15 = (9798 * r + 19235 * g + 3735 * b + 16384) >> 15;
    let colour = [r as u8, g as u8, b as u8];
    let image: DynamicImage = image::RgbImage::from_pixel(3, 2, image::Rgb(colour)).into();
    assert_eq!(pixels(&one_pixel(2, 8, &colour, vec![]), &WHITE), [png_gray as u8]);
    for (format, expected) in
        [(ImageFormat::Bmp, q14), (ImageFormat::Tiff, q14), (ImageFormat::Pnm, q14), (ImageFormat::WebP, q15)]
    {
        assert_eq!(pixels(&encode(&image, format), &WHITE), [expected as u8; 6], "{format:?}");
    }
    // The luma that the encoder stored: 0.299 R + 0.587 G + 0.114 B, here 87.7, within the error of quality 100.
    let rgb = colour.repeat(64);
    let file = libjpeg_turbo_rs::Encoder::new(&rgb, 8, 8, libjpeg_turbo_rs::PixelFormat::Rgb).quality(100).encode();
    for gray in pixels(&file.expect("encodable"), &WHITE) {
        assert!((87..=89).contains(&gray), "{gray}");
    }
}

#[test]
fn cmyk_goes_through_rgb() {
    // Inverted inks: 255 is none. K 200 and no other ink is gray 200; cyan alone takes red away.
    let gray = pixels(&jpeg_cmyk(8, 8, [255, 255, 255, 200]), &WHITE);
    assert!(gray.iter().all(|gray| (198..=201).contains(gray)), "{gray:?}");
    let cyan = pixels(&jpeg_cmyk(8, 8, [0, 255, 255, 255]), &WHITE);
    let expected = (9617 * 255 + 1868 * 255 + 8192) >> 14;
    assert!(cyan.iter().all(|&gray| i32::from(gray).abs_diff(expected) <= 2), "{cyan:?}, expected about {expected}");
}

#[test]
fn sixteen_bits_count_with_their_high_byte() {
    assert_eq!(pixels(&one_pixel(0, 16, &[7, 255], vec![]), &WHITE), [7]);
    let image: DynamicImage = ImageBuffer::<Luma<u16>, _>::from_pixel(1, 1, Luma([0x07ff])).into();
    for format in [ImageFormat::Tiff, ImageFormat::Pnm] {
        assert_eq!(pixels(&encode(&image, format), &WHITE), [7], "{format:?}");
    }
}

#[test]
fn pictures_are_turned_upright() {
    let turned = |bytes: &[u8]| {
        let picture = read(bytes);
        (picture.width_px, picture.height_px, picture.pixels)
    };
    let mut png = Png::new(3, 1, 0, &[0, 1, 2, 3]);
    png.before = chunk(*b"eXIf", &exif(6));
    assert_eq!(turned(&png.bytes()), (1, 3, vec![1, 2, 3]));
    png.before = Vec::new();
    png.after = chunk(*b"eXIf", &exif(3));
    assert_eq!(turned(&png.bytes()), (3, 1, vec![3, 2, 1]), "eXIf after the pixels counts too");

    let plain = read(&jpeg(24, 16, |encoder| encoder));
    for orientation in 1..=8 {
        let picture = read(&jpeg_with_exif(24, 16, &exif(orientation)));
        let size = if orientation < 5 { (24, 16) } else { (16, 24) };
        assert_eq!((picture.width_px, picture.height_px), size, "orientation {orientation}");
        // Where the first row and column of the stored picture are shown: EXIF 2.3, table of tag 274.
        let corner = |right: bool, bottom: bool| {
            let x = if right { picture.width_px - 1 } else { 0 };
            let y = if bottom { picture.height_px - 1 } else { 0 };
            picture.pixels[(y * picture.width_px + x) as usize]
        };
        let first = match orientation {
            1 | 5 => corner(false, false),
            2 | 6 => corner(true, false),
            3 | 7 => corner(true, true),
            _ => corner(false, true),
        };
        assert_eq!(first, plain.pixels[0], "orientation {orientation}");
    }

    // The encoder writes no orientation into a TIFF, so one of its own tags is made into it: the entry for
    // ResolutionUnit (0x0128), a SHORT like orientation.
    let gray: DynamicImage = ImageBuffer::<Luma<u8>, _>::from_raw(3, 1, vec![1, 2, 3]).expect("3 pixels").into();
    let mut tiff = encode(&gray, ImageFormat::Tiff);
    assert_eq!(turned(&tiff), (3, 1, vec![1, 2, 3]));
    let at = tiff.windows(4).position(|entry| entry == b"\x28\x01\x03\0").expect("the entry for the resolution's unit");
    tiff[at] = 0x12;
    tiff[at + 8..at + 10].copy_from_slice(&3_u16.to_le_bytes());
    assert_eq!(turned(&tiff), (3, 1, vec![3, 2, 1]));
}

#[test]
fn declared_sizes_over_the_limit_are_refused_before_anything_else() {
    let limit = DecodeOptions { max_pixels: 100_000_000, ..DecodeOptions::default() };
    let huge = Png::new(20_000, 20_000, 0, &[]).bytes();
    assert!(huge.len() < 100);
    let error = decode_gray(&huge, &limit).expect_err("400 megapixels");
    assert_eq!(error, DecodeError::TooManyPixels { width_px: 20_000, height_px: 20_000, max_pixels: 100_000_000 });
    assert_eq!(
        error.to_string(),
        "the picture declares 20000x20000 pixels, the limit is 100000000 in all; shrink it, or raise the \
         limit with --max-pixels 400000000"
    );
    for (name, bytes) in one_of_each() {
        let picture = read(&bytes);
        let pixels = picture.pixels.len() as u64;
        let one_less = DecodeOptions { max_pixels: pixels - 1, ..WHITE };
        let error = decode_gray(&bytes, &one_less).expect_err(name);
        assert!(matches!(error, DecodeError::TooManyPixels { .. }), "{name}: {error}");
        assert_eq!(decode_gray(&bytes, &DecodeOptions { max_pixels: pixels, ..WHITE }), Ok(picture), "{name}");
    }
}

#[test]
fn gray_formats_keep_their_values() {
    let values: Vec<u8> = (0..=255).collect();
    let gray: DynamicImage = ImageBuffer::<Luma<u8>, _>::from_raw(16, 16, values.clone()).expect("256 pixels").into();
    for format in [ImageFormat::Bmp, ImageFormat::Tiff, ImageFormat::Pnm, ImageFormat::WebP] {
        assert_eq!(pixels(&encode(&gray, format), &WHITE), values, "{format:?}");
    }
    let with_alpha: DynamicImage =
        GrayAlphaImage::from_fn(16, 16, |x, y| image::LumaA([(16 * y + x) as u8, 255])).into();
    assert_eq!(pixels(&encode(&with_alpha, ImageFormat::WebP), &WHITE), values);
    assert_eq!(colours(16, 16).len(), 768);
}

#[test]
fn jpeg_inks_at_unusual_resolutions_are_refused() {
    let mut bytes = jpeg_cmyk(8, 8, [1, 2, 3, 4]);
    let frame = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a baseline frame");
    for component in 0..4 {
        let mut changed = bytes.clone();
        changed[frame + 11 + 3 * component] = 0x31;
        assert_eq!(
            message(&changed),
            "JPEG with inks at unusual resolutions is not supported; export it as PNG or JPEG",
            "component {component}"
        );
    }
    bytes[frame + 9] = 2;
    assert!(message(&bytes).contains("the frame header has 18 bytes, expected 12 for 2 components"));
}
