//! JPEG 2000 against stored OpenCV results, `tests/golden/jpeg2000`.

use std::path::PathBuf;

use digit_image::decode::{DecodeOptions, decode_gray};
use digit_image::raster::GrayPicture;

use crate::{DROP, WHITE, message};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/jpeg2000")
}

/// The files by name, each with the gray pixels that OpenCV reads.
fn vectors() -> Vec<(String, Vec<u8>, GrayPicture)> {
    let names = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names = names.filter(|name| name.ends_with(".jp2") || name.ends_with(".j2k"));
    let read = |name: &str| std::fs::read(folder().join(name)).unwrap();
    let vector = |name: String| (name.clone(), read(&name), crate::read(&read(&format!("{name}.png"))));
    names.map(vector).collect()
}

#[test]
fn reversible_files_have_opencvs_pixels_and_others_differ_by_one() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 14);
    for (name, bytes, expected) in vectors {
        let picture = decode_gray(&bytes, &DROP).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((picture.width_px, picture.height_px), (expected.width_px, expected.height_px), "{name}");
        let pairs = || picture.pixels.iter().zip(&expected.pixels);
        let differing = pairs().filter(|(ours, theirs)| ours != theirs).count();
        let largest = pairs().map(|(ours, theirs)| ours.abs_diff(*theirs)).max();
        let allowed = if name.starts_with("lossy") { picture.pixels.len() / 50 } else { 0 };
        assert!(differing <= allowed && largest <= Some(1), "{name}: {differing} pixels differ by up to {largest:?}");
    }
}

#[test]
fn transparent_parts_are_white_paper() {
    let read = |name: &str, options: &DecodeOptions| {
        decode_gray(&std::fs::read(folder().join(name)).unwrap(), options).unwrap().pixels
    };
    assert_eq!(read("rgb.jp2", &WHITE), read("rgb.jp2", &DROP));
    let (white, drop) = (read("rgba.jp2", &WHITE), read("rgba.jp2", &DROP));
    assert!(white.iter().zip(&drop).all(|(white, drop)| white >= drop) && white != drop);
}

#[test]
fn a_file_that_is_cut_off_is_refused() {
    for (name, bytes, _) in vectors() {
        for length in (0..bytes.len()).step_by(7).chain([bytes.len() - 1]) {
            assert!(decode_gray(&bytes[..length], &WHITE).is_err(), "{name}: {length} of {} bytes", bytes.len());
        }
    }
}

#[test]
fn a_size_over_the_limit_is_refused_before_memory_is_set_aside() {
    let mut bytes = std::fs::read(folder().join("gray.j2k")).unwrap();
    // SIZ: marker, length, capabilities, then width and height; the size of a tile follows the offsets.
    for at in [8, 12, 24, 28] {
        bytes[at..at + 4].copy_from_slice(&60_000_u32.to_be_bytes());
    }
    assert!(message(&bytes).contains("60000x60000"), "{}", message(&bytes));
}
