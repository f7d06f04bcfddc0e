//! A contact sheet of augmented training pictures, to look at before training with them.

use stage_files::config::Config;
use stage_files::refuse;

use crate::data::augment::{Augmenter, Pick};
use crate::data::prepare::split_rows;
use crate::data::source::Source;

/// Training pictures on a sheet, one a line.
const LINES: usize = 20;
/// Epochs of each, after the picture as it is.
const EPOCHS: usize = 19;
/// Each pixel becomes a square of so many.
const ENLARGED: usize = 2;
/// Gap between pictures, and its gray level.
const GAP_PX: usize = 4;
const GAP_GRAY: u8 = 128;

/// A PNG of the pictures that a config trains on with its first seed and fold: each line a picture, first as
/// it is, then in epochs 1, 2, ..
pub(crate) fn png(config: &Config) -> anyhow::Result<Vec<u8>> {
    let source = Source::read(config)?;
    let seed = config.seed_list()[0];
    let train = split_rows(config, &source, seed)?.train;
    let Some(augmenter) = Augmenter::from_config(config, &source, &train, seed)? else {
        refuse!(
            "config {}: no `augment`, so its pictures stay as they are; expected at least one augmentation",
            config.name()
        )
    };
    let (width, height) = augmenter.shape_px();
    // Spread over the training rows, which often come label by label or writer by writer.
    let lines = LINES.min(train.len());
    let mut sheet = Sheet::new(width, height, 1 + EPOCHS, lines);
    let (mut augmented, mut scratch) = (vec![0.0; width * height], augmenter.scratch());
    for line in 0..lines {
        let row = train[line * train.len() / lines];
        let pixels = source.first.pixels.row(row as usize);
        sheet.lay(0, line, pixels.iter().map(|&value| f32::from(value)));
        for epoch in 1..=EPOCHS {
            augmenter.augment(epoch as u32, Pick { row, copy: 0 }, &pixels, &mut augmented, &mut scratch);
            sheet.lay(epoch, line, augmented.iter().copied());
        }
    }
    sheet.encode()
}

/// Gray pictures of one shape in lines and columns.
struct Sheet {
    shape: (usize, usize),
    size: (usize, usize),
    gray: Vec<u8>,
}

impl Sheet {
    fn new(width: usize, height: usize, columns: usize, lines: usize) -> Self {
        let size = (columns * (width * ENLARGED + GAP_PX) + GAP_PX, lines * (height * ENLARGED + GAP_PX) + GAP_PX);
        Self { shape: (width, height), size, gray: vec![GAP_GRAY; size.0 * size.1] }
    }

    fn lay(&mut self, column: usize, line: usize, pixels: impl Iterator<Item = f32>) {
        let (width, height) = self.shape;
        let left = GAP_PX + column * (width * ENLARGED + GAP_PX);
        let top = GAP_PX + line * (height * ENLARGED + GAP_PX);
        for (at, value) in pixels.enumerate() {
            let (x, y) = (left + at % width * ENLARGED, top + at / width * ENLARGED);
            for row in self.gray.chunks_exact_mut(self.size.0).skip(y).take(ENLARGED) {
                row[x..x + ENLARGED].fill(value.round().clamp(0.0, 255.0) as u8);
            }
        }
    }

    fn encode(&self) -> anyhow::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.size.0 as u32, self.size.1 as u32);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header()?.write_image_data(&self.gray)?;
        Ok(bytes)
    }
}
