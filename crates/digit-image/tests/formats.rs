//! TIFF and BMP files against stored OpenCV results, `tests/golden/formats`; JPEG files without an end mark; pages.

#![allow(clippy::disallowed_methods, reason = "tests put files in place as users do")]

mod files;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use digit_image::decode::{DEFAULT_MAX_PIXELS, DecodeOptions, decode_gray, pages};
use digit_image::reader::PictureReader;
use files::{Png, chunk, encode, exif, jpeg};
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use serde::Deserialize;
use stage_files::digest::sha256_hex;
use stage_files::picture::{Alpha, Canvas, PictureSettings};

const OPENCV: DecodeOptions = DecodeOptions { alpha: Alpha::Drop, max_pixels: DEFAULT_MAX_PIXELS, page: 0 };

#[derive(Deserialize)]
struct Expected {
    files: BTreeMap<String, Option<ExpectedGray>>,
}

#[derive(Deserialize)]
struct ExpectedGray {
    width: u32,
    height: u32,
    sha256: String,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/formats")
}

fn expected() -> Expected {
    let text = std::fs::read(folder().join("expected.json")).expect("expected.json lies beside the vectors");
    serde_json::from_slice(&text).expect("expected.json has its usual shape")
}

#[test]
fn every_tiff_and_bmp_has_opencvs_pixels() {
    let (mut problems, mut compared, mut ours_only) = (String::new(), 0, Vec::new());
    for (name, expected) in expected().files {
        let bytes = std::fs::read(folder().join(&name)).expect("readable");
        match (decode_gray(&bytes, &OPENCV), expected) {
            (Err(error), _) => _ = writeln!(problems, "{name}: {error}"),
            (Ok(_), None) => ours_only.push(name),
            (Ok(picture), Some(gray)) => {
                compared += 1;
                if (picture.width_px, picture.height_px) != (gray.width, gray.height) {
                    let _ = writeln!(problems, "{name}: {}x{}", picture.width_px, picture.height_px);
                } else if sha256_hex(&picture.pixels) != gray.sha256 {
                    let _ = writeln!(problems, "{name}: other gray values");
                }
            }
        }
    }
    assert_eq!(problems, "");
    assert!(compared > 85 && ours_only.len() == 10, "{compared} compared, {ours_only:?} not read by OpenCV");
}

/// What OpenCV does not read is held against what it does.
#[test]
fn a_tiff_of_few_bits_or_turned_has_the_pixels_of_its_plain_form() {
    let read = |name: &str| {
        let bytes = std::fs::read(folder().join(name)).expect("readable");
        decode_gray(&bytes, &OPENCV).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let gray = read("gray8-1.tif");
    for (bits, step) in [(2_u32, 85_u32), (4, 17)] {
        let coarse = gray.map(|value| ((u32::from(value) >> (8 - bits)) * step) as u8);
        assert_eq!(read(&format!("gray{bits}-1.tif")), coarse);
        assert_eq!(read(&format!("gray{bits}-0.tif")), coarse.map(|value| 255 - value));
    }
    let upright = read("orientation1.tif");
    assert_eq!(read("orientation5.tif"), upright.transposed());
    assert_eq!(read("orientation6.tif"), read("orientation4.tif").transposed());
    assert_eq!(read("orientation7.tif"), read("orientation3.tif").transposed());
    assert_eq!(read("orientation8.tif"), read("orientation2.tif").transposed());
}

/// Of the pixels' data every byte counts; in the bytes of a fax strip that pad it to the next one, nothing is missing.
#[test]
fn a_tiff_cut_off_anywhere_is_refused_or_whole() {
    for name in expected().files.into_keys().filter(|name| name.ends_with(".tif")) {
        let bytes = std::fs::read(folder().join(&name)).expect("readable");
        let whole = decode_gray(&bytes, &OPENCV).unwrap_or_else(|error| panic!("{name}: {error}"));
        for length in (0..bytes.len()).step_by(7) {
            match decode_gray(&bytes[..length], &OPENCV) {
                Ok(picture) => assert!(picture == whole, "{name}: {length} of {} bytes", bytes.len()),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }
}

/// Tells the fault from the kind of file: a sentence of ours, not the library's inside another.
#[test]
fn what_a_tiff_needs_is_named() {
    let mut bytes = std::fs::read(folder().join("gray8-1.tif")).expect("readable");
    let entry = bytes.windows(4).rposition(|entry| entry == b"\x03\x01\x03\0").expect("the entry of the compression");
    for (number, expected) in [
        (50_000_u16, "TIFF with Zstandard compression is not supported; export it as PNG or JPEG"),
        (6, "TIFF with JPEG compression of the old kind (6) is not supported; export it as PNG or JPEG"),
        (77, "TIFF with compression number 77 is not supported; export it as PNG or JPEG"),
    ] {
        bytes[entry + 8..entry + 10].copy_from_slice(&number.to_le_bytes());
        assert_eq!(decode_gray(&bytes, &OPENCV).expect_err("not read").to_string(), expected);
    }
}

#[test]
fn a_jpeg_may_lack_its_end_mark_and_nothing_else() {
    for (name, file) in [
        ("baseline", jpeg(64, 48, |encoder| encoder)),
        ("progressive", jpeg(64, 48, |encoder| encoder.progressive(true))),
        ("restarts", jpeg(64, 48, |encoder| encoder.restart_blocks(3))),
    ] {
        let whole = decode_gray(&file, &OPENCV).expect("a whole file");
        for missing in 1..=2 {
            let cut = &file[..file.len() - missing];
            assert!(decode_gray(cut, &OPENCV).as_ref() == Ok(&whole), "{name}: {missing} bytes missing");
        }
        let mut refused = 0;
        for missing in 3..file.len() - 2 {
            match decode_gray(&file[..file.len() - missing], &OPENCV) {
                // The last byte may be mere padding.
                Ok(picture) => assert!(picture == whole, "{name}: {missing} bytes missing"),
                Err(error) => {
                    refused += 1;
                    assert!(error.to_string().starts_with("cut-off JPEG: the file ends at byte "), "{name}: {error}");
                }
            }
        }
        assert!(refused >= file.len() - 12, "{name}: {refused} of {} refused", file.len());
        let with_garbage = [&file[..file.len() - 2], &[0; 40]].concat();
        let read = decode_gray(&with_garbage, &OPENCV);
        assert!(read.is_err() || read == Ok(whole), "{name}: garbage in place of the end mark");
    }
    // Its decoder cannot tell where the data ends.
    let arithmetic = jpeg(64, 48, |encoder| encoder.arithmetic(true));
    assert!(decode_gray(&arithmetic, &OPENCV).is_ok());
    assert!(decode_gray(&arithmetic[..arithmetic.len() - 2], &OPENCV).is_err());
}

#[test]
fn pages_and_frames_that_are_not_used_are_counted() {
    let settings = PictureSettings { canvas: Canvas::DEFAULT, alpha: Alpha::White, preprocess: vec![] };
    let reader = PictureReader::new(&settings).expect("no steps");
    let left_out = |bytes: &[u8]| {
        reader.read(bytes, 1_000_000).expect("readable");
        pages(bytes).all as u64 - 1
    };

    let frame = |value| image::Frame::new(RgbaImage::from_pixel(4, 4, Rgba([value, value, value, 255])));
    for frames in 1..4_u8 {
        let mut gif = Vec::new();
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut gif);
        encoder.encode_frames((0..frames).map(frame)).expect("encodable");
        drop(encoder);
        assert_eq!(left_out(&gif), u64::from(frames) - 1);
    }
    let control = |sequence: u8| {
        let place = [&[0, 0, 0, sequence, 0, 0, 0, 2, 0, 0, 0, 2], &[0; 8][..], &[0, 1, 0, 10, 0, 0]].concat();
        chunk(*b"fcTL", &place)
    };
    let rows = [0, 1, 2, 0, 3, 4];
    let mut png = Png::new(2, 2, 0, &rows);
    assert_eq!(left_out(&png.bytes()), 0);
    png.before = [chunk(*b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]), control(0)].concat();
    png.after = [control(1), chunk(*b"fdAT", b"\0\0\0\x02not looked at")].concat();
    assert_eq!(left_out(&png.bytes()), 1);

    // A second page: the directory once more, behind the first. A smaller version of the page (tag 254) is none.
    let one = std::fs::read(folder().join("gray8-1.tif")).expect("readable");
    assert_eq!(left_out(&one), 0);
    let start = u32::from_le_bytes(*one[4..].first_chunk().expect("8 bytes")) as usize;
    let entries = usize::from(u16::from_le_bytes(*one[start..].first_chunk().expect("a directory")));
    let next = start + 2 + 12 * entries;
    for (subfile_type, expected) in [(0, 1), (2, 1), (1, 0), (4, 0)] {
        let mut two = one.clone();
        two[next..next + 4].copy_from_slice(&(one.len() as u32).to_le_bytes());
        two.extend_from_slice(&(entries as u16 + 1).to_le_bytes());
        two.extend_from_slice(&[254, 0, 4, 0, 1, 0, 0, 0, subfile_type, 0, 0, 0]);
        two.extend_from_slice(&one[start + 2..next]);
        two.extend_from_slice(&[0; 4]);
        assert_eq!(left_out(&two), expected, "subfile type {subfile_type}");
        // A chain that is a circle ends.
        let end = two.len() - 4;
        two[end..].copy_from_slice(&(one.len() as u32).to_le_bytes());
        assert!(left_out(&two) >= expected);
    }
}

#[test]
fn a_webp_may_name_its_exif_block() {
    let image: DynamicImage = image::RgbImage::from_fn(3, 2, |x, y| image::Rgb([(90 * x + 20 * y) as u8; 3])).into();
    let plain = encode(&image, ImageFormat::WebP);
    let upright = decode_gray(&plain, &OPENCV).expect("readable");
    for name in [&b""[..], b"Exif\0\0"] {
        let block = [name, &exif(3)].concat();
        let flags_and_size = [8, 0, 0, 0, 2, 0, 0, 1, 0, 0];
        let riff = |name: &[u8], data: &[u8]| {
            let padding: &[u8] = if data.len() % 2 == 1 { &[0] } else { &[] };
            [name, &(data.len() as u32).to_le_bytes(), data, padding].concat()
        };
        let body = [b"WEBP", &riff(b"VP8X", &flags_and_size)[..], &plain[12..], &riff(b"EXIF", &block)].concat();
        let turned = decode_gray(&riff(b"RIFF", &body), &OPENCV).expect("readable");
        assert!(turned.pixels.iter().eq(upright.pixels.iter().rev()), "{}", name.escape_ascii());
    }
}
