//! Reads a picture file and shows the 20x20 pixels that a network of this project would see.
//!
//! ```text
//! cargo run -p digit-image --example read_picture -- datasets/sample/3_20_hand10-0.png
//! ```

#![expect(clippy::disallowed_methods, reason = "an example of the library, not of the stages' files")]
#![allow(clippy::print_stdout, reason = "showing the pixels is what this program is for")]

use anyhow::Context;
use digit_image::decode::DEFAULT_MAX_PIXELS;
use digit_image::preprocess::Pipeline;
use digit_image::reader::PictureReader;
use stage_files::picture::{Alpha, Canvas, PictureSettings};

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("expected the path of a picture")?;
    let preprocess = Pipeline::parse("standard").map_err(anyhow::Error::msg)?.to_json();
    let settings = PictureSettings { canvas: Canvas::DEFAULT, alpha: Alpha::White, preprocess };
    let reader = PictureReader::new(&settings).map_err(anyhow::Error::msg)?;
    let picture = reader.read(&std::fs::read(path)?, DEFAULT_MAX_PIXELS)?;
    for row in picture.rows() {
        let shades = row.iter().map(|&gray| char::from(b"@#*+. "[usize::from(gray) * 5 / 255]));
        println!("{}", shades.collect::<String>());
    }
    Ok(())
}
