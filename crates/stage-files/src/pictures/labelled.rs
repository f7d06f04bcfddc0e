//! The labelled picture: a gray 8-bit PNG of W x (H+1) pixels. Row 0 holds the label, the size and then 255; the rows
//! below hold the picture, dark on white.

use std::io::Cursor;

use anyhow::Context;

use super::small_png;
use crate::picture::Canvas;
use crate::png_bytes::{self, Effort, Samples};

/// What helps against a damaged one.
const REMEDY: &str = "run digit-labeler again with --verify";

/// A shrunk picture and what it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledPicture {
    /// The digit shown, 0..=9.
    pub label: u8,
    /// Nominal size of the digit, 1..=255.
    pub size: u8,
    /// Width and height of the picture without the label row.
    pub canvas: Canvas,
    /// Gray values row by row, `canvas.pixels()` of them, 255 is white.
    pub pixels: Vec<u8>,
}

impl LabelledPicture {
    /// The bytes of the PNG; equal pictures give equal bytes, because the compression is fixed.
    ///
    /// # Errors
    /// When the number of pixels is not that of the canvas.
    pub fn encode(&self) -> anyhow::Result<Vec<u8>> {
        let width = self.canvas.width_px as usize;
        let mut rows = vec![255; width];
        if width < 2 || self.pixels.len() != self.canvas.pixels() {
            anyhow::bail!("expected {} pixels on {}, found {}", self.canvas.pixels(), self.canvas, self.pixels.len());
        }
        rows[..2].copy_from_slice(&[self.label, self.size]);
        rows.extend_from_slice(&self.pixels);
        png_bytes::encode(self.canvas.width_px, self.canvas.height_px + 1, Samples::Gray(&rows), Effort::Small)
            .context("cannot encode the PNG")
    }

    /// Reads a labelled picture. The error says what was expected and found.
    pub fn decode(bytes: &[u8]) -> Result<Self, String> {
        let (width_px, height_px, rows) = match small_png::decode(bytes) {
            Some(sound) => sound,
            None => Self::rows_of_any(bytes)?,
        };
        Self::of_rows(width_px, height_px, rows)
    }

    /// As [`Self::decode`], always by the decoder for any PNG, and not by the quick one for those that
    /// [`Self::encode`] makes. The result is the same. Tests compare the two.
    ///
    /// # Errors
    /// As [`Self::decode`].
    pub fn decode_as_any(bytes: &[u8]) -> Result<Self, String> {
        let (width_px, height_px, rows) = Self::rows_of_any(bytes)?;
        Self::of_rows(width_px, height_px, rows)
    }

    fn of_rows(width_px: u32, height_px: u32, mut rows: Vec<u8>) -> Result<Self, String> {
        if !is_possible(width_px, height_px) {
            return Err(wrong_size(width_px, height_px));
        }
        let pixels = rows.split_off(width_px as usize);
        let (label, size) = (rows[0], rows[1]);
        if label > 9 || size == 0 || rows[2..].iter().any(|&value| value != 255) {
            return Err(format!(
                "no label row: expected a label 0..9, a size 1..255 and then 255 in the first row, found {:?}; give \
                 the source pictures to the labeler first",
                &rows[..rows.len().min(4)]
            ));
        }
        Ok(Self { label, size, canvas: Canvas { width_px, height_px: height_px - 1 }, pixels })
    }

    /// Width, height and samples of any PNG that may be a labelled picture.
    fn rows_of_any(bytes: &[u8]) -> Result<(u32, u32, Vec<u8>), String> {
        if bytes.is_empty() {
            return Err(format!("the file is empty; {REMEDY}"));
        }
        let damaged = |error: png::DecodingError| format!("damaged PNG: {error}; {REMEDY}");
        let mut decoder = png::Decoder::new(Cursor::new(bytes));
        // Nothing is converted: a file of another kind is to be noticed.
        decoder.set_transformations(png::Transformations::IDENTITY);
        decoder.set_ignore_text_chunk(true);
        let mut reader = decoder.read_info().map_err(damaged)?;
        let info = reader.info();
        let (width_px, height_px) = (info.width, info.height);
        if (info.color_type, info.bit_depth) != (png::ColorType::Grayscale, png::BitDepth::Eight) {
            return Err(format!(
                "expected a gray PNG of 8 bits, found {:?} of {} bits; give the source pictures to the labeler first",
                info.color_type, info.bit_depth as u8
            ));
        }
        // Before memory is taken for it.
        if !is_possible(width_px, height_px) {
            return Err(wrong_size(width_px, height_px));
        }
        let mut rows = vec![0; width_px as usize * height_px as usize];
        reader.next_frame(&mut rows).map_err(damaged)?;
        reader.finish().map_err(damaged)?;
        Ok((width_px, height_px, rows))
    }
}

/// Whether a picture with its label row can have this size.
fn is_possible(width_px: u32, height_px: u32) -> bool {
    let max = Canvas::MAX_SIDE_PX;
    (2..=max).contains(&width_px) && (2..=max + 1).contains(&height_px)
}

fn wrong_size(width_px: u32, height_px: u32) -> String {
    let max = Canvas::MAX_SIDE_PX;
    format!(
        "expected a label row above a picture of 2x1 to {max}x{max} pixels, found {width_px}x{height_px} in all; give \
         the source pictures to the labeler first"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> LabelledPicture {
        LabelledPicture {
            label: 3,
            size: 20,
            canvas: Canvas { width_px: 3, height_px: 2 },
            pixels: vec![0, 1, 2, 3, 4, 255],
        }
    }

    #[test]
    fn a_picture_round_trips_with_its_label_row_on_top() {
        let bytes = picture().encode().unwrap();
        assert_eq!(LabelledPicture::decode(&bytes).unwrap(), picture());
        let mut reader = png::Decoder::new(Cursor::new(&bytes)).read_info().unwrap();
        let mut rows = vec![0; 9];
        reader.next_frame(&mut rows).unwrap();
        assert_eq!(rows, [3, 20, 255, 0, 1, 2, 3, 4, 255]);
        assert_eq!(bytes, picture().encode().unwrap());
    }

    #[test]
    fn a_cut_or_changed_file_is_an_error_at_every_byte() {
        let bytes = picture().encode().unwrap();
        for end in 0..bytes.len() - 12 {
            assert!(LabelledPicture::decode(&bytes[..end]).is_err(), "{end}");
        }
        let mut changed = bytes.clone();
        let middle = bytes.len() - 25;
        changed[middle] ^= 1;
        assert!(LabelledPicture::decode(&changed).unwrap_err().contains("damaged PNG"));
    }

    #[test]
    fn a_picture_without_label_row_is_told_apart() {
        let mut wrong = picture();
        wrong.label = 200;
        assert!(LabelledPicture::decode(&wrong.encode().unwrap()).unwrap_err().contains("no label row"));
        let mut bytes = Vec::new();
        let encoder = png::Encoder::new(&mut bytes, 1, 1);
        encoder.write_header().unwrap().write_image_data(&[0]).unwrap();
        assert!(LabelledPicture::decode(&bytes).is_err());
        wrong.pixels.pop();
        assert!(wrong.encode().is_err());
    }
}
