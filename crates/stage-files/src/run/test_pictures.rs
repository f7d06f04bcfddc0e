//! `test_pictures.png`: the test rows as pictures, as the data set has them: gray, 8 bit, before scaling and inverting.
//!
//! The file is a sheet that every viewer opens: [`TestPictures::COLUMNS`] pictures side by side, line under line, in
//! the order of `predictions.csv`, without gaps. Places after the last picture are white. So the width of a picture is
//! the sheet's divided by 50, and its height the sheet's divided by the number of lines. In NumPy:
//!
//! ```text
//! sheet = np.asarray(Image.open("test_pictures.png"))
//! w, lines = sheet.shape[1] // 50, -(-n // 50)                        # n: the rows of predictions.csv
//! pictures = sheet.reshape(lines, -1, 50, w).swapaxes(1, 2).reshape(lines * 50, -1, w)[:n]
//! ```
//!
//! Where a data set does not say the shape of its pictures, they are taken for squares, or for one line of pixels if
//! their number is no square. The file is absent in run folders of older versions and of runs that diverged.

use std::io::Cursor;
use std::path::Path;

use anyhow::Context;

use super::tables::is_there;
use crate::picture::Canvas;
use crate::png_bytes::{self, Effort, Samples};
use crate::{refuse, regular_file};

/// Name of the file.
pub const TEST_PICTURES_FILE: &str = "test_pictures.png";
/// Longest file that is read.
const MAX_BYTES: u64 = 1 << 30;
/// Most pixels of a sheet that is read: a small file may claim to be a large picture.
const MAX_PIXELS: usize = 1 << 31;

/// The pictures of the test rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestPictures {
    canvas: Canvas,
    pixels: Vec<u8>,
}

impl TestPictures {
    /// Pictures side by side in the file.
    pub const COLUMNS: usize = 50;

    /// No picture yet. `pixels` is the number in a row; `known` is what the data set says of their shape.
    pub fn new(pixels: usize, known: Option<Canvas>) -> Self {
        let side = pixels.isqrt();
        let (width, height) = if side * side == pixels { (side, side) } else { (pixels, 1) };
        let guessed = Canvas { width_px: width as u32, height_px: height as u32 };
        Self { canvas: known.filter(|canvas| canvas.pixels() == pixels).unwrap_or(guessed), pixels: Vec::new() }
    }

    /// Width and height of each.
    pub fn canvas(&self) -> Canvas {
        self.canvas
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.pixels.len().checked_div(self.canvas.pixels()).unwrap_or(0)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a row of `canvas().pixels()` gray values.
    ///
    /// # Panics
    /// When there are fewer or more.
    pub fn push(&mut self, pixels: impl IntoIterator<Item = u8>) {
        let before = self.pixels.len();
        self.pixels.extend(pixels);
        assert_eq!(self.pixels.len() - before, self.canvas.pixels(), "gray values of one row");
    }

    /// The gray values of each picture, row by row; 0 is black.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.pixels.chunks_exact(self.canvas.pixels().max(1))
    }

    /// The gray values of the picture of row `index` of `predictions.csv`.
    pub fn get(&self, index: usize) -> Option<&[u8]> {
        self.iter().nth(index)
    }

    /// The bytes of the file; `None` without pictures. Equal pictures give equal bytes.
    pub fn encode(&self) -> anyhow::Result<Option<Vec<u8>>> {
        if self.is_empty() {
            return Ok(None);
        }
        let (width, height) = (self.canvas.width_px as usize, self.canvas.height_px as usize);
        let lines = self.len().div_ceil(Self::COLUMNS);
        let mut sheet = vec![255; Self::COLUMNS * width * lines * height];
        for (i, picture) in self.pixels.chunks_exact(width * height).enumerate() {
            let top = i / Self::COLUMNS * height;
            for (y, row) in picture.chunks_exact(width).enumerate() {
                let at = ((top + y) * Self::COLUMNS + i % Self::COLUMNS) * width;
                sheet[at..at + width].copy_from_slice(row);
            }
        }
        let side = |side: usize| u32::try_from(side).context("too many pixels for a PNG");
        let (sheet_width, sheet_height) = (side(Self::COLUMNS * width)?, side(lines * height)?);
        let bytes = png_bytes::encode(sheet_width, sheet_height, Samples::Gray(&sheet), Effort::Small);
        bytes.context("cannot encode the PNG").map(Some)
    }

    /// Reads a sheet of `count` pictures. The error says what was expected and found.
    fn decode(bytes: &[u8], count: usize) -> Result<Self, String> {
        let damaged = |error: png::DecodingError| format!("damaged PNG: {error}");
        let mut decoder = png::Decoder::new(Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::IDENTITY);
        decoder.set_ignore_text_chunk(true);
        let mut reader = decoder.read_info().map_err(damaged)?;
        let (info, lines) = (reader.info(), count.div_ceil(Self::COLUMNS));
        let (wide, high) = (info.width as usize, info.height as usize);
        if (info.color_type, info.bit_depth) != (png::ColorType::Grayscale, png::BitDepth::Eight) {
            return Err(format!("expected gray of 8 bits, found {:?}, {:?}", info.color_type, info.bit_depth));
        }
        let fits = lines > 0 && wide.is_multiple_of(Self::COLUMNS) && high.is_multiple_of(lines);
        if !fits || wide.saturating_mul(high) > MAX_PIXELS {
            return Err(format!(
                "expected {count} pictures in lines of {}, as {} has rows, found {wide}x{high} pixels",
                Self::COLUMNS,
                super::PREDICTIONS_FILE
            ));
        }
        let mut sheet = vec![0; wide * high];
        reader.next_frame(&mut sheet).map_err(damaged)?;
        reader.finish().map_err(damaged)?;
        let (width, height) = (wide / Self::COLUMNS, high / lines);
        let mut pixels = Vec::with_capacity(count * width * height);
        for i in 0..count {
            let rows =
                (0..height).map(|y| ((i / Self::COLUMNS * height + y) * Self::COLUMNS + i % Self::COLUMNS) * width);
            rows.for_each(|at| pixels.extend_from_slice(&sheet[at..at + width]));
        }
        Ok(Self { canvas: Canvas { width_px: width as u32, height_px: height as u32 }, pixels })
    }

    /// Reads the file of a run folder whose `predictions.csv` has `count` rows; `None` where there is none.
    ///
    /// # Errors
    /// A refusal when the file is no sheet of so many pictures; a fault from outside when it cannot be read.
    pub fn read(folder: &Path, count: usize) -> anyhow::Result<Option<Self>> {
        let path = folder.join(TEST_PICTURES_FILE);
        if !is_there(&path)? {
            return Ok(None);
        }
        let bytes = regular_file::read(&path, MAX_BYTES).map_err(|error| error.at(&path))?;
        match Self::decode(&bytes, count) {
            Ok(pictures) => Ok(Some(pictures)),
            Err(what) => refuse!("{}: {what}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pictures(count: usize, canvas: Canvas) -> TestPictures {
        let mut pictures = TestPictures::new(canvas.pixels(), Some(canvas));
        (0..count).for_each(|i| pictures.push((0..canvas.pixels()).map(|at| (i * 7 + at) as u8)));
        pictures
    }

    #[test]
    fn sheets_of_any_number_round_trip() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(TestPictures::read(folder.path(), 3).unwrap(), None);
        for (count, width_px, height_px) in [(1, 20, 20), (49, 3, 2), (50, 2, 3), (51, 5, 1), (120, 4, 4)] {
            let pictures = pictures(count, Canvas { width_px, height_px });
            let bytes = pictures.encode().unwrap().unwrap();
            std::fs::write(folder.path().join(TEST_PICTURES_FILE), &bytes).unwrap();
            let read = TestPictures::read(folder.path(), count).unwrap().unwrap();
            assert!(read == pictures, "{count} of {width_px}x{height_px}");
            assert_eq!((read.len(), read.get(count)), (count, None));
            assert_eq!(read.get(count - 1).unwrap()[0], ((count - 1) * 7) as u8);
        }
        assert_eq!(pictures(0, Canvas::DEFAULT).encode().unwrap(), None);
    }

    #[test]
    fn the_shape_is_what_the_data_set_says_or_a_square_or_a_line() {
        let canvas = |pixels, known| TestPictures::new(pixels, known).canvas().to_string();
        let tall = Canvas { width_px: 8, height_px: 50 };
        assert_eq!(canvas(400, Some(tall)), "8x50");
        assert_eq!(canvas(400, None), "20x20");
        assert_eq!(canvas(784, Some(tall)), "28x28");
        assert_eq!(canvas(6, None), "6x1");
    }

    #[test]
    fn another_picture_is_refused_with_what_was_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(TEST_PICTURES_FILE);
        let bytes = pictures(60, Canvas::DEFAULT).encode().unwrap().unwrap();
        for (bytes, count, part) in [
            (bytes.as_slice(), 120, "expected 120 pictures in lines of 50, as predictions.csv has rows, found 1000x40"),
            (&bytes[..bytes.len() / 2], 60, "damaged PNG"),
            (b"no picture", 60, "damaged PNG"),
        ] {
            std::fs::write(&path, bytes).unwrap();
            let error = TestPictures::read(folder.path(), count).unwrap_err();
            assert!(crate::is_refused(&error) && error.to_string().contains(part), "{error:#}");
        }
    }
}
