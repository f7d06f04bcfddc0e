//! Decoding as a caller sees it: values, transparency, orientation, limits, damage.

mod files;

use digit_image::decode::{DecodeError, DecodeOptions, decode_gray};
use digit_image::format::{Format, sniff};
use digit_image::raster::GrayPicture;
use files::{Png, chunk, colours, encode, exif, jpeg, jpeg_cmyk, jpeg_with_exif, one_of_each};
use image::{DynamicImage, GrayAlphaImage, ImageBuffer, ImageFormat, Luma, Rgba, RgbaImage};
use proptest::prelude::*;
use stage_files::picture::Alpha;

const WHITE: DecodeOptions = DecodeOptions { alpha: Alpha::White, max_pixels: 1_000_000 };
const DROP: DecodeOptions = DecodeOptions { alpha: Alpha::Drop, max_pixels: 1_000_000 };

fn read(bytes: &[u8]) -> GrayPicture {
    decode_gray(bytes, &WHITE).unwrap_or_else(|error| panic!("{error}"))
}

fn message(bytes: &[u8]) -> String {
    match decode_gray(bytes, &WHITE) {
        Ok(picture) => panic!("gave a picture of {}x{}", picture.width_px, picture.height_px),
        Err(error) => error.to_string(),
    }
}

fn pixels(bytes: &[u8], options: &DecodeOptions) -> Vec<u8> {
    decode_gray(bytes, options).unwrap_or_else(|error| panic!("{error}")).pixels
}

/// A picture of one pixel.
fn one_pixel(color_type: u8, depth_bits: u8, samples: &[u8], before: Vec<u8>) -> Vec<u8> {
    let row = [&[0], samples].concat();
    let mut png = Png::new(1, 1, color_type, &row);
    png.depth_bits = depth_bits;
    png.before = before;
    png.bytes()
}

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
fn an_animation_gives_its_first_frame() {
    let frame = |value| image::Frame::new(RgbaImage::from_pixel(4, 4, Rgba([value, value, value, 255])));
    let mut gif = Vec::new();
    image::codecs::gif::GifEncoder::new(&mut gif).encode_frames([frame(10), frame(200)]).expect("encodable");
    assert_eq!(pixels(&gif, &WHITE), [10; 16]);

    let rows = [0, 1, 2, 0, 3, 4];
    let frame_control = |sequence: u8| {
        let mut data = vec![0, 0, 0, sequence];
        data.extend_from_slice(&[0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 10, 0, 0]);
        chunk(*b"fcTL", &data)
    };
    let mut apng = Png::new(2, 2, 0, &rows);
    apng.before = [chunk(*b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]), frame_control(0)].concat();
    apng.after = [frame_control(1), chunk(*b"fdAT", b"\0\0\0\x02not looked at")].concat();
    assert_eq!(pixels(&apng.bytes(), &WHITE), [1, 2, 3, 4]);
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
fn a_file_cut_off_anywhere_is_refused() {
    for (name, mut bytes) in one_of_each() {
        if name.starts_with("jpeg") {
            // Its end mark may be missing; the two bytes before it hold the last blocks, but for padding.
            bytes.truncate(bytes.len() - 4);
        }
        // PNM has no end mark: the missing last sample is what is noticed.
        for length in 0..bytes.len() {
            if let Ok(picture) = decode_gray(&bytes[..length], &WHITE) {
                panic!("{name}: {length} of {} bytes gave {}x{}", bytes.len(), picture.width_px, picture.height_px);
            }
        }
        let text = message(&bytes[..bytes.len() - 1]);
        let format = sniff(&bytes).map_or("none", Format::name);
        assert!(
            text.starts_with(&format!("cut-off {format}: the file ends at byte {}", bytes.len() - 1)),
            "{name}: {text}"
        );
    }
}

#[test]
fn damage_is_named_with_its_place() {
    let good = || Png::new(2, 2, 0, &[0, 1, 2, 0, 3, 4]);
    let with = |before: Vec<u8>| {
        let mut png = good();
        png.before = before;
        png.bytes()
    };
    let changed = |at: usize| {
        let mut bytes = good().bytes();
        bytes[at] ^= 1;
        bytes
    };
    for (bytes, expected) in [
        (changed(16), "at byte 8: the bytes of chunk IHDR have CRC "),
        (changed(44), "at byte 33: the bytes of chunk IDAT have CRC "),
        (with(chunk(*b"ABCD", b"")), "at byte 33: unknown critical chunk ABCD"),
        (with(chunk(*b"ab1d", b"")), "at byte 37: \"ab1d\" is no chunk name"),
        (with(chunk(*b"IHDR", b"")), "at byte 33: a second IHDR chunk"),
        (with(chunk(*b"acTL", b"")), "at byte 33: chunk acTL has 0 bytes, expected 8"),
        (Png::new(0, 2, 0, &[]).bytes(), "at byte 16: IHDR declares 0x2 pixels, each side must be 1 to 1000000"),
        (Png::new(1, 1, 5, &[]).bytes(), "at byte 24: IHDR combines colour type 5 with 8 bits"),
        (Png::new(1, 1, 3, &[0, 0]).bytes(), "at byte 33: a palette picture needs PLTE before IDAT"),
        (Png::new(1, 1, 0, &[5, 0]).bytes(), "has filter type 5; only 0 to 4 exist"),
        (Png::new(1, 1, 0, &[0]).bytes(), "the compressed data ends 1 bytes before the last row is complete"),
    ] {
        let text = message(&bytes);
        assert!(text.starts_with("damaged PNG: at byte ") && text.contains(expected), "{text}\nexpected: {expected}");
        assert!(text.ends_with("; copy or export it again"), "{text}");
    }
    let jpeg = jpeg(16, 16, |encoder| encoder);
    let text = message(&jpeg[..jpeg.len() / 2]);
    let place = format!("cut-off JPEG: the file ends at byte {}, inside ", jpeg.len() / 2);
    assert!(text.starts_with(&place), "{text}");
}

#[test]
fn what_png_forgives_is_forgiven() {
    let rows = [0, 1, 2, 0, 3, 4];
    let expected = vec![1, 2, 3, 4];
    let png = || Png::new(2, 2, 0, &rows);
    let mut bytes = png().bytes();
    bytes.extend_from_slice(b"whatever follows the end");
    assert_eq!(pixels(&bytes, &WHITE), expected);

    let mut damaged_text = chunk(*b"tEXt", b"a\0b");
    *damaged_text.last_mut().expect("not empty") ^= 1;
    let mut png_with = png();
    png_with.before = [damaged_text, chunk(*b"abCd", b"unknown")].concat();
    assert_eq!(pixels(&png_with.bytes(), &WHITE), expected);

    let more_rows = [&rows[..], &[9; 100]].concat();
    assert_eq!(pixels(&Png::new(2, 2, 0, &more_rows).bytes(), &WHITE), expected);

    let mut end = png().bytes();
    *end.last_mut().expect("not empty") ^= 1;
    assert_eq!(pixels(&end, &WHITE), expected, "the checksum of IEND does not matter");
}

/// Each outcome was seen with opencv-python-headless 5.0.0.93.
#[test]
fn palettes_and_animation_chunks_are_judged_as_opencv_judges_them() {
    let wrong_checksum = |mut chunk: Vec<u8>| {
        let last = chunk.len() - 1;
        chunk[last] ^= 1;
        chunk
    };
    let colours = chunk(*b"PLTE", &[0; 12]);
    let odd_length = chunk(*b"PLTE", &[0; 5]);
    let srgb = chunk(*b"sRGB", &[0]);
    let file = |color_type: u8, before: Vec<u8>, after: Vec<u8>| {
        let samples: &[u8] = if color_type == 2 { &[0, 200, 30, 90] } else { &[0, 0] };
        let mut png = Png::new(1, 1, color_type, samples);
        (png.before, png.after) = (before, after);
        decode_gray(&png.bytes(), &DROP).ok().map(|picture| picture.pixels[0])
    };
    let none = Vec::new;
    // 87 is the gray value without gamma, 120 that with sRGB, which must come before a palette to count.
    for (what, before, after, expected) in [
        ("wrong checksum", wrong_checksum(colours.clone()), none(), Some(87)),
        ("two", [&colours[..], &colours].concat(), none(), Some(87)),
        ("late", none(), colours.clone(), Some(87)),
        ("empty", chunk(*b"PLTE", b""), none(), None),
        ("odd length", odd_length.clone(), none(), Some(87)),
        ("sRGB after odd length", [&odd_length[..], &srgb].concat(), none(), Some(120)),
        ("sRGB after wrong checksum", [&wrong_checksum(colours.clone())[..], &srgb].concat(), none(), Some(87)),
        ("sRGB before", [&srgb[..], &colours].concat(), none(), Some(120)),
    ] {
        assert_eq!(file(2, before, after), expected, "truecolour, palette {what}");
    }
    for (what, before, after, expected) in [
        ("right", colours.clone(), none(), Some(0)),
        ("wrong checksum", wrong_checksum(colours.clone()), none(), None),
        ("two", [&colours[..], &colours].concat(), none(), None),
        ("late", colours.clone(), colours.clone(), None),
        ("empty", chunk(*b"PLTE", b""), none(), None),
        ("odd length", odd_length.clone(), none(), None),
    ] {
        assert_eq!(file(3, before, after), expected, "palette picture, palette {what}");
    }
    for before in [&colours, &odd_length, &chunk(*b"PLTE", b"")] {
        assert_eq!(file(0, before.clone(), none()), Some(0), "a palette in a gray picture");
    }
    let frame = |width_px: u8, x: u8, dispose: u8, blend: u8| {
        let numbers = [0, u32::from(width_px), 1, u32::from(x), 0].map(u32::to_be_bytes).concat();
        chunk(*b"fcTL", &[&numbers[..], &[0, 1, 0, 10, dispose, blend]].concat())
    };
    for (what, chunk, expected) in [
        ("acTL of 1 frame", chunk(*b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]), Some(0)),
        ("acTL of 0 frames", chunk(*b"acTL", &[0; 8]), None),
        ("acTL too short", chunk(*b"acTL", &[0; 7]), None),
        ("fcTL", frame(1, 0, 2, 1), Some(0)),
        ("fcTL too short", chunk(*b"fcTL", &[0; 25]), None),
        ("fcTL too wide", frame(2, 0, 0, 0), None),
        ("fcTL outside", frame(1, 1, 0, 0), None),
        ("fcTL of unknown disposal", frame(1, 0, 3, 0), None),
        ("fcTL of unknown blending", frame(1, 0, 0, 2), None),
    ] {
        assert_eq!(file(0, chunk.clone(), none()), expected, "{what}");
        assert_eq!(file(0, none(), chunk), Some(0), "{what}, behind the picture");
    }
}

/// Each outcome was seen with opencv-python-headless 5.0.0.93.
#[test]
fn what_follows_the_last_row_matters_only_where_libpng_looks() {
    let file = |parts: &[&[u8]]| {
        let mut bytes = Png::new(2, 2, 0, &[]).bytes();
        bytes.truncate(33);
        for part in parts {
            bytes.extend_from_slice(&chunk(*b"IDAT", part));
        }
        bytes.extend_from_slice(&chunk(*b"IEND", b""));
        decode_gray(&bytes, &DROP).is_ok()
    };
    let whole = files::zlib(&[0, 1, 2, 0, 3, 4]);
    let (data, checksum) = whole.split_at(whole.len() - 4);
    assert!(file(&[data, checksum]), "the checksum in a chunk of its own");
    assert!(!file(&[data, b"xxxx"].concat().chunks(100).collect::<Vec<_>>()), "a wrong checksum behind the last row");
    assert!(file(&[data, b"xxxx"]), "a wrong checksum in a later chunk");
    assert!(file(&[data, &checksum[..1]]), "a checksum that stops");
    assert!(!file(&[data]), "a checksum that is missing");
    let more = files::zlib(&[[0, 1, 2, 0, 3, 4, 9, 9, 9].as_slice(), &[7; 5000]].concat());
    assert!(file(&[&more]), "superfluous bytes");
    assert!(file(&[&more[..more.len() - 4], b"xxxx"]), "superfluous bytes with a wrong checksum");
    assert!(!file(&[&more[..more.len() - 4]]), "superfluous bytes that stop");
    assert!(file(&[&whole, b"rubbish"]), "rubbish behind the stream");
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
