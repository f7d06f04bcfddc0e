//! Paper, and ink laid on it: from coverage to colours.

use super::ink::Ink;
use super::random::{Stream, mix};

/// A writer's paper and how it is scanned.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    /// Red, green, blue of the empty paper.
    rgb: [f64; 3],
    /// Standard deviation of the scanner's noise, in gray levels.
    noise: f64,
    /// Difference of light between opposite corners, in gray levels.
    shade: f64,
    /// Usual side of a picture in pixels.
    side_px: f64,
}

impl Sheet {
    /// Some sheet.
    pub(super) fn pick(stream: &mut Stream) -> Self {
        let light = stream.between(246.0, 266.0);
        let warm = if stream.chance(0.5) { 0.0 } else { stream.between(-2.0, 5.0) };
        Self {
            // Above 255 the scanner shows plain white, noise and all.
            rgb: [light, light - 0.4 * warm, light - warm],
            noise: stream.between(0.1, 0.7),
            shade: stream.between(0.0, 2.0),
            side_px: stream.factor_between(72.0, 132.0),
        }
    }

    /// Width and height of a picture, each 64..=160 pixels and not far from square.
    pub(super) fn canvas_px(&self, drawing: &mut Stream) -> (u32, u32) {
        let height = self.side_px * (1.0 + drawing.normal(0.05));
        let width = height * (1.0 + drawing.normal(0.035));
        let whole = |side: f64| side.round().clamp(64.0, 160.0) as u32;
        (whole(width), whole(height))
    }
}

/// Colours of the picture, three bytes a pixel, row by row. `cover` holds a value 0..=1 a pixel: how much of it is
/// under ink.
pub(super) fn colour(cover: &[f64], width_px: u32, ink: &Ink, sheet: &Sheet, drawing: &mut Stream) -> Vec<u8> {
    let width = width_px as usize;
    let height = cover.len() / width.max(1);
    let key = drawing.bits();
    // The light falls from a side that is not always the same.
    let fall = [drawing.between(-1.0, 1.0), drawing.between(-1.0, 1.0)].map(|share| share * sheet.shade);
    let cover_here = ink.cover * (1.0 + drawing.normal(0.02));
    let mut rgb = Vec::with_capacity(cover.len() * 3);
    for (index, &covered) in cover.iter().enumerate() {
        let (column, row) = (index % width, index / width);
        let across = column as f64 / width as f64 - 0.5;
        let down = row as f64 / height as f64 - 0.5;
        let random = mix(key ^ (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        // Whole gray levels, the same in all three channels, keep the files small.
        let light = (fall[0] * across + fall[1] * down + sheet.noise * triangular(random)).round();
        // Grain comes in flecks of about two pixels: paper fibres and the skips of a ball.
        let fleck = mix(key ^ 0x5bd1_e995 ^ ((row as u64 / 2) << 32) ^ (column as u64 / 2));
        let speckle = 0.5 * (unit(random >> 32) + unit(fleck));
        let share = (covered * cover_here * (1.0 - ink.grain * speckle)).clamp(0.0, 1.0);
        for (paper, mark) in sheet.rgb.iter().zip(ink.rgb) {
            let value = (paper + light).min(255.0) * (1.0 - share) + mark * share;
            rgb.push((value + 0.5).clamp(0.0, 255.0) as u8);
        }
    }
    rgb
}

/// The lower 16 bits as a value in [0, 1).
fn unit(bits: u64) -> f64 {
    (bits & 0xffff) as f64 / 65_536.0
}

/// Close to normal, mean 0, standard deviation 1: the sum of two uniform values.
fn triangular(bits: u64) -> f64 {
    // A uniform value in [0, 1) has variance 1/12.
    (unit(bits) + unit(bits >> 16) - 1.0) * 6.0_f64.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_stays_light_and_ink_dark() {
        for number in 0..200 {
            let stream = &mut Stream::new("test", &[number]);
            let (sheet, ink) = (Sheet::pick(stream), Ink::of_a_pen(stream));
            let cover: Vec<f64> = (0..64 * 64).map(|index| f64::from(u8::from(index % 64 < 16))).collect();
            let rgb = colour(&cover, 64, &ink, &sheet, stream);
            for (index, pixel) in rgb.chunks_exact(3).enumerate() {
                let gray = 0.299 * f64::from(pixel[0]) + 0.587 * f64::from(pixel[1]) + 0.114 * f64::from(pixel[2]);
                if index % 64 < 16 {
                    assert!(gray < 180.0, "ink of gray {gray}: {ink:?}");
                } else {
                    assert!(gray > 235.0, "paper of gray {gray}: {sheet:?}");
                }
            }
        }
    }

    #[test]
    fn canvases_keep_within_their_sides() {
        let stream = &mut Stream::new("test", &[]);
        let mut sides = Vec::new();
        for _ in 0..300 {
            let (width, height) = Sheet::pick(stream).canvas_px(stream);
            assert!((64..=160).contains(&width) && (64..=160).contains(&height));
            sides.push(height);
        }
        sides.sort_unstable();
        assert!(sides[280] > sides[20] + 30, "{} {}", sides[0], sides[280]);
    }
}
