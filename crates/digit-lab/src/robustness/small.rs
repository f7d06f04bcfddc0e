//! Pictures of few pixels: other people's data sets.

use anyhow::Result;

use super::condition::{Condition, File, condition};
use super::random::Random;
use super::world::{self, Placement};
use crate::sheet::{Cover, Sheet};

pub(super) const CONDITIONS: &[Condition] = &[
    condition("8-px-with-margin", |digit, random| shrunk(digit, 8, 1, [255.0, 20.0], random)),
    condition("8-px-without-margin", |digit, random| shrunk(digit, 8, 0, [255.0, 20.0], random)),
    // As optdigits: bitmaps of 32 by 32, each 4 by 4 counted, so 0 to 16 levels, and fat strokes.
    condition("8-px-fat", |digit, random| shrunk(&digit.broader(5.0), 8, 0, [0.0, 255.0], random)),
    condition("12-px", |digit, random| shrunk(digit, 12, 1, [255.0, 20.0], random)),
    condition("20-px", |digit, random| shrunk(digit, 20, 2, [255.0, 20.0], random)),
    condition("28-px-light-on-dark", |digit, random| shrunk(&digit.broader(1.0), 28, 4, [0.0, 255.0], random)),
];

/// `side` pixels a side, the digit as large as the margin leaves.
fn shrunk(digit: &Cover, side: usize, margin: usize, [paper, ink]: [f64; 2], random: &mut Random) -> Result<File> {
    let mut sheet = Sheet::new(side, side, [paper; 3]);
    let room = (side - 2 * margin) as f64;
    let scale = (room / digit.height as f64).min(room / digit.width as f64);
    let left = (side as f64 - scale * digit.width as f64) * 0.5;
    let top = (side as f64 - scale * digit.height as f64) * 0.5;
    let off = if margin > 0 { random.between(-0.4, 0.4) } else { 0.0 };
    world::write(&mut sheet, digit, Placement { left: left + off, top: top + off, scale }, [ink; 3]);
    world::png(&sheet)
}
