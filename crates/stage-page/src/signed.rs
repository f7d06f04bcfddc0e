//! Signed values as pictures: one sheet of tiles. A value's colour says its sign and its opacity how large it is, so 0
//! has the colour of the page in light and in dark.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};

use crate::escape::printable;

/// Blue and orange that differ for colour-blind readers too (Okabe and Ito 2008).
const NEGATIVE: [u8; 3] = [0x00, 0x72, 0xb2];
const POSITIVE: [u8; 3] = [0xd5, 0x5e, 0x00];
/// Between tiles: gray, half transparent.
const GAP: [u8; 4] = [0x80, 0x80, 0x80, 0x50];
/// The palette's entry for 0; entries below are negative, those above positive.
const ZERO: u8 = 127;
/// The palette's entry for the gap.
const GAP_INDEX: u8 = 255;
/// Tiles side by side.
const COLUMNS: usize = 10;
/// About how wide the sheet is on the page.
const SHOWN_PX: usize = 640;

/// Tiles of signed values.
pub struct Signed {
    /// What they are.
    pub caption: String,
    /// Width of a tile in pixels.
    pub width_px: usize,
    /// The absolute value that has the full colour; larger ones have it too. Above 0.
    pub limit: f32,
    /// Values of each tile, row by row, all of one length.
    pub tiles: Vec<Vec<f32>>,
}

impl Signed {
    /// Palette entry of a value.
    fn index(&self, value: f32) -> u8 {
        let share = (value / self.limit).clamp(-1.0, 1.0);
        if share.is_nan() { ZERO } else { (f32::from(ZERO) + share * f32::from(ZERO)).round() as u8 }
    }

    /// Width, height and palette entries of the sheet.
    fn sheet(&self) -> Option<(usize, usize, Vec<u8>)> {
        let pixels = self.tiles.first()?.len();
        let height = pixels.checked_div(self.width_px)?;
        if height == 0 || self.tiles.iter().any(|tile| tile.len() != self.width_px * height) {
            return None;
        }
        let columns = COLUMNS.min(self.tiles.len());
        let (wide, high) = (self.width_px + 1, height + 1);
        let (width, lines) = (columns * wide + 1, self.tiles.len().div_ceil(columns));
        let mut sheet = vec![GAP_INDEX; width * (lines * high + 1)];
        for (i, tile) in self.tiles.iter().enumerate() {
            let (left, top) = (i % columns * wide + 1, i / columns * high + 1);
            for (y, row) in tile.chunks_exact(self.width_px).enumerate() {
                let at = (top + y) * width + left;
                sheet[at..at + self.width_px].iter_mut().zip(row).for_each(|(to, &value)| *to = self.index(value));
            }
        }
        Some((width, lines * high + 1, sheet))
    }

    fn data_uri(&self) -> Option<(usize, usize, String)> {
        let (width, height, sheet) = self.sheet()?;
        let mut colours = Vec::with_capacity(3 * 256);
        let mut opacities = Vec::with_capacity(256);
        for entry in 0..GAP_INDEX {
            colours.extend(if entry < ZERO { NEGATIVE } else { POSITIVE });
            opacities.push((u16::from(entry.abs_diff(ZERO)) * 255 / u16::from(ZERO)).min(255) as u8);
        }
        colours.extend_from_slice(&GAP[..3]);
        opacities.push(GAP[3]);
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, u32::try_from(width).ok()?, u32::try_from(height).ok()?);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette(colours);
        encoder.set_trns(opacities);
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(&sheet).ok()?;
        writer.finish().ok()?;
        Some((width, height, format!("data:image/png;base64,{}", STANDARD.encode(&bytes))))
    }

    pub(crate) fn markup(&self) -> Markup {
        let Some((width, height, source)) = self.data_uri() else { return html! {} };
        let times = (SHOWN_PX / width).clamp(1, 6);
        let limit = format!("{:.3}", self.limit);
        html! {
            figure class="signed" {
                img src=(source) alt=(printable(&self.caption)) width=(width * times) height=(height * times)
                    decoding="async";
                figcaption {
                    span class="scale" { span { "\u{2212}" (limit) } i {} span { "+" (limit) } }
                    (printable(&self.caption))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_transparent_and_the_limit_is_opaque() {
        let signed =
            Signed { caption: "w".into(), width_px: 2, limit: 0.5, tiles: vec![vec![0.0, 0.5, -0.5, 9.0]; 11] };
        let (width, height, sheet) = signed.sheet().unwrap();
        // 10 tiles of 2 and a line between and around them; two lines of them.
        assert_eq!((width, height), (31, 7));
        assert_eq!(sheet[width + 1..width + 4], [ZERO, 254, GAP_INDEX]);
        assert_eq!(sheet[2 * width + 1..2 * width + 4], [0, 254, GAP_INDEX]);
        let (.., text) = signed.data_uri().unwrap();
        let bytes = STANDARD.decode(text.strip_prefix("data:image/png;base64,").unwrap()).unwrap();
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        let at = |x: usize, y: usize| &pixels[4 * (y * width + x)..4 * (y * width + x) + 4];
        assert_eq!(at(1, 1)[3], 0);
        assert_eq!(at(2, 1), [POSITIVE[0], POSITIVE[1], POSITIVE[2], 255]);
        assert_eq!(at(1, 2), [NEGATIVE[0], NEGATIVE[1], NEGATIVE[2], 255]);
    }

    #[test]
    fn tiles_of_unequal_length_or_none_have_no_picture() {
        for (width_px, tiles) in [(2, vec![]), (0, vec![vec![1.0]]), (1, vec![vec![1.0], vec![1.0, 2.0]])] {
            assert!(Signed { caption: String::new(), width_px, limit: 1.0, tiles }.sheet().is_none());
        }
    }
}
