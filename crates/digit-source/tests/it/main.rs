//! The whole command: message, exit code and what is on disk.

#![allow(clippy::disallowed_methods, reason = "tests read stored files")]

mod cut;
mod draw;
mod files;
mod folder;
#[cfg(feature = "parquet")]
mod parquet;
mod trees;

use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use std::io::Write as _;
use test_support::Test;

fn test() -> Test {
    Test::new(env!("CARGO_BIN_EXE_digit-source"))
}

/// A bar of `ink` on `paper`, 30 x 40 pixels.
fn bar(ink: u8, paper: u8) -> GrayImage {
    GrayImage::from_fn(30, 40, |x, y| Luma([if (12..18).contains(&x) && (5..35).contains(&y) { ink } else { paper }]))
}

fn encoded(picture: GrayImage, format: ImageFormat) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(picture).write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn png(ink: u8, paper: u8) -> Vec<u8> {
    encoded(bar(ink, paper), ImageFormat::Png)
}

fn pixels(file: &[u8]) -> Vec<u8> {
    image::load_from_memory(file).unwrap().to_luma8().into_raw()
}

fn idx(magic: u8, sizes: &[u32], data: &[u8]) -> Vec<u8> {
    let sizes = sizes.iter().flat_map(|size| size.to_be_bytes());
    [0, 0, 8, magic].into_iter().chain(sizes).chain(data.iter().copied()).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
