//! The stored vectors: what OpenCV gives for every file in `golden/area-resize`, pixel by pixel.

#![allow(clippy::disallowed_methods, reason = "tests put files in place as users do")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use digit_image::decode::{DEFAULT_MAX_PIXELS, DecodeOptions, decode_gray};
use digit_image::resize;
use serde::Deserialize;
use stage_files::digest::sha256_hex;
use stage_files::picture::Alpha;

#[derive(Deserialize)]
struct Expected {
    files: BTreeMap<String, ExpectedFile>,
}

#[derive(Deserialize)]
struct ExpectedFile {
    gray: Option<ExpectedGray>,
    resized: Option<BTreeMap<String, Vec<u8>>>,
}

#[derive(Deserialize)]
struct ExpectedGray {
    width: u32,
    height: u32,
    sha256: String,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/area-resize")
}

fn expected() -> BTreeMap<String, ExpectedFile> {
    let text = std::fs::read(folder().join("expected.json")).expect("expected.json lies beside the vectors");
    serde_json::from_slice::<Expected>(&text).expect("expected.json has its usual shape").files
}

const OPENCV: DecodeOptions = DecodeOptions { alpha: Alpha::Drop, max_pixels: DEFAULT_MAX_PIXELS, page: 0 };

#[test]
fn every_stored_vector_is_met_without_a_differing_pixel() {
    let files = expected();
    let mut on_disk: Vec<String> = std::fs::read_dir(folder())
        .expect("the vectors are there")
        .map(|entry| entry.expect("readable").file_name().into_string().expect("plain names"))
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "png"))
        .collect();
    on_disk.sort();
    assert_eq!(on_disk, files.keys().cloned().collect::<Vec<_>>(), "expected.json and the folder name the same files");

    let (mut read, mut refused, mut resizes, mut problems) = (0, 0, 0, String::new());
    for (name, expected) in &files {
        let bytes = std::fs::read(folder().join(name)).expect("readable");
        let picture = match (decode_gray(&bytes, &OPENCV), &expected.gray) {
            (Err(_), None) => {
                refused += 1;
                continue;
            }
            (Ok(_), None) => {
                let _ = writeln!(problems, "{name}: was read, OpenCV refuses it");
                continue;
            }
            (Err(error), Some(_)) => {
                let _ = writeln!(problems, "{name}: {error}");
                continue;
            }
            (Ok(picture), Some(gray)) => {
                if (picture.width_px, picture.height_px) != (gray.width, gray.height) {
                    let _ = writeln!(problems, "{name}: {}x{}", picture.width_px, picture.height_px);
                } else if sha256_hex(&picture.pixels) != gray.sha256 {
                    let _ = writeln!(problems, "{name}: other gray values");
                }
                picture
            }
        };
        read += 1;
        for (size, pixels) in expected.resized.iter().flatten() {
            let (width_px, height_px) = size.split_once('x').expect("WxH");
            let (width_px, height_px) = (width_px.parse().expect("number"), height_px.parse().expect("number"));
            let resized = resize::area(&picture, width_px, height_px);
            let differing = resized.pixels.iter().zip(pixels).filter(|(ours, theirs)| ours != theirs).count();
            if resized.pixels.len() != pixels.len() || differing > 0 {
                let _ = writeln!(problems, "{name} to {size}: {differing} pixels differ");
            }
            resizes += 1;
        }
    }
    assert_eq!(problems, "");
    assert_eq!((read + refused, resizes >= 3 * read), (files.len(), true), "each file was read or refused");
    assert!(refused >= 7 && read >= 80, "{refused} refused, {read} read: the vectors lost their variety");
}

#[test]
fn laying_on_white_changes_only_files_with_transparency() {
    for (name, expected) in &expected() {
        let Some(gray) = &expected.gray else { continue };
        let bytes = std::fs::read(folder().join(name)).expect("readable");
        let picture = decode_gray(&bytes, &DecodeOptions::default()).expect("readable either way");
        // No pixel of rgb8_trns.png has the colour that its tRNS chunk makes transparent.
        let may_change = ["rgba", "graya", "trns"].iter().any(|part| name.contains(part)) && name != "rgb8_trns.png";
        assert_eq!(sha256_hex(&picture.pixels) != gray.sha256, may_change, "{name}");
    }
}

#[test]
fn damage_is_named() {
    let message = |name: &str| {
        let bytes = std::fs::read(folder().join(name)).expect("readable");
        decode_gray(&bytes, &OPENCV).expect_err(name).to_string()
    };
    for (name, part) in [
        ("bad_adler.png", "Adler-32"),
        ("bad_cut_half.png", "cut-off PNG: the file ends at byte "),
        ("bad_empty.png", "the file is empty (0 bytes)"),
        ("bad_few_rows.png", "before the last row is complete"),
        ("bad_idat_crc.png", "the bytes of chunk IDAT have CRC "),
        ("bad_no_iend.png", "before the end mark IEND"),
        ("bad_text.png", "not a picture: expected PNG, JPEG, BMP, GIF, WebP, TIFF, PNM or JPEG 2000, found text"),
    ] {
        let message = message(name);
        assert!(message.contains(part), "{name}: {message}");
    }
}
