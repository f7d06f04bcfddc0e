//! The labelled picture: a gray 8-bit PNG, one row higher than the picture it carries.
//!
//! Row 0 holds the label, the size, and then 255; rows 1.. are the picture, dark on white.

use std::io::Cursor;

use crate::picture::Canvas;
use crate::refuse;

/// A picture with what its label row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// The digit shown.
    pub label: u8,
    /// Its nominal size.
    pub size: u8,
    /// Width and height without the label row.
    pub canvas: Canvas,
    /// Gray values, row by row: `canvas.pixels()` of them.
    pub pixels: Vec<u8>,
}

impl Labelled {
    /// The PNG file. Compression settings are fixed, so equal pictures give equal bytes.
    pub fn encode(&self) -> anyhow::Result<Vec<u8>> {
        let width = self.canvas.width_px as usize;
        let mut rows = vec![255; width];
        rows[0] = self.label;
        rows[1] = self.size;
        rows.extend_from_slice(&self.pixels);
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.canvas.width_px, self.canvas.height_px + 1);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Balanced);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&rows)?;
        writer.finish()?;
        Ok(bytes)
    }

    /// Reads a PNG file; it must have the canvas's width, one row more than its height, and a sound label row.
    pub fn decode(bytes: &[u8], canvas: Canvas) -> anyhow::Result<Self> {
        let mut decoder = png::Decoder::new(Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::IDENTITY);
        let mut reader = match decoder.read_info() {
            Ok(reader) => reader,
            Err(error) => refuse!("not a readable PNG: {error}; label the picture again"),
        };
        let info = reader.info();
        let (width, height) = (canvas.width_px, canvas.height_px + 1);
        if (info.width, info.height) != (width, height) {
            refuse!(
                "expected {width}x{height} pixels ({canvas} and the label row), found {}x{}",
                info.width,
                info.height
            );
        }
        if (info.color_type, info.bit_depth) != (png::ColorType::Grayscale, png::BitDepth::Eight) {
            refuse!("expected 8-bit gray, found {:?} of {:?} bits", info.color_type, info.bit_depth);
        }
        let mut rows = vec![0; width as usize * height as usize];
        if let Err(error) = reader.next_frame(&mut rows) {
            refuse!("damaged PNG: {error}; label the picture again");
        }
        let pixels = rows.split_off(width as usize);
        if rows[0] > 9 || rows[1] == 0 || rows[2..].iter().any(|&v| v != 255) {
            refuse!("expected a label row (label 0..9, size, then 255), found {:?}", &rows[..rows.len().min(4)]);
        }
        Ok(Self { label: rows[0], size: rows[1], canvas, pixels })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Labelled {
        let canvas = Canvas { width_px: 3, height_px: 2 };
        Labelled { label: 4, size: 8, canvas, pixels: vec![0, 50, 100, 150, 200, 255] }
    }

    #[test]
    fn a_picture_round_trips_to_the_bit() {
        let bytes = picture().encode().unwrap();
        assert_eq!(Labelled::decode(&bytes, picture().canvas).unwrap(), picture());
        assert_eq!(picture().encode().unwrap(), bytes);
    }

    #[test]
    fn unfit_files_are_told_why() {
        let bytes = picture().encode().unwrap();
        let error = |bytes: &[u8], canvas| format!("{:#}", Labelled::decode(bytes, canvas).unwrap_err());
        assert!(error(&bytes, Canvas::DEFAULT).contains("expected 20x21 pixels"));
        assert!(error(b"text", picture().canvas).contains("not a readable PNG"));
        assert!(error(&bytes[..bytes.len() - 20], picture().canvas).contains("PNG"));
        let mut odd = picture();
        odd.label = 77;
        assert!(error(&odd.encode().unwrap(), odd.canvas).contains("expected a label row"));
    }
}
