//! Decoding as a caller sees it: values, transparency, orientation, limits, damage.

#![allow(clippy::disallowed_methods, reason = "tests read stored files")]

mod alpha;
mod damage;
#[path = "../files/mod.rs"]
mod files;
mod formats;
mod jpeg2000;
mod pages;

use digit_image::decode::{DecodeOptions, decode_gray};
use digit_image::raster::GrayPicture;
use files::Png;
use stage_files::picture::Alpha;

const WHITE: DecodeOptions = DecodeOptions { alpha: Alpha::White, max_pixels: 1_000_000, page: 0 };

const DROP: DecodeOptions = DecodeOptions { alpha: Alpha::Drop, max_pixels: 1_000_000, page: 0 };

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
