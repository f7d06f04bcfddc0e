//! Shrinks very large pictures by a whole factor, so that everything after it takes bounded time and memory.

use crate::preprocess::step::{Context, Image, Setting, StepKind, Unfit, Work};
use crate::raster::RgbPicture;

/// The step.
pub(super) const LIMIT: StepKind = StepKind {
    name: "limit",
    version: 1,
    about: "shrink very large pictures by a whole factor, so that what follows takes bounded time",
    settings: &[Setting::number("megapixels", 1.0, 0.01, 100.0, "pictures with more pixels are shrunk, in millions")],
    work: Work::OnFile(run),
};

#[allow(clippy::unnecessary_wraps)] // The signature of all steps.
fn run(context: &Context<'_>, picture: &RgbPicture) -> Result<Image, Unfit> {
    let factor = shrink_factor(picture, context.number("megapixels") * 1e6);
    Ok(Image::Rgb(if factor == 1 { picture.clone() } else { block_means(picture, factor) }))
}

/// The whole factor by which width and height shrink, so that no more than `most` pixels remain.
pub(crate) fn shrink_factor(picture: &RgbPicture, most: f64) -> u32 {
    let pixels = f64::from(picture.width_px) * f64::from(picture.height_px);
    (pixels / most).sqrt().ceil().max(1.0) as u32
}

/// The mean of each block of `factor` by `factor` pixels, rounded; blocks at the right and lower border may be smaller.
pub(crate) fn block_means(picture: &RgbPicture, factor: u32) -> RgbPicture {
    let (width_px, height_px) = (picture.width_px.div_ceil(factor), picture.height_px.div_ceil(factor));
    let mut pixels = Vec::with_capacity(width_px as usize * height_px as usize);
    let mut sums: Vec<([u64; 3], u64)> = Vec::new();
    for rows in picture.pixels.chunks(picture.width_px as usize * factor as usize) {
        sums.clear();
        sums.resize(width_px as usize, ([0; 3], 0));
        for row in rows.chunks_exact(picture.width_px as usize) {
            for (block, (sum, count)) in row.chunks(factor as usize).zip(&mut sums) {
                for pixel in block {
                    for (sum, &sample) in sum.iter_mut().zip(pixel) {
                        *sum += u64::from(sample);
                    }
                }
                *count += block.len() as u64;
            }
        }
        pixels.extend(sums.iter().map(|(sum, count)| sum.map(|sum| ((sum + count / 2) / count) as u8)));
    }
    RgbPicture { width_px, height_px, pixels }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_at_the_border_may_be_smaller() {
        let pixels = [0, 10, 20, 30, 40, 50].map(|value| [value; 3]).to_vec();
        let small = block_means(&RgbPicture { width_px: 3, height_px: 2, pixels }, 2);
        assert_eq!((small.width_px, small.height_px), (2, 1));
        assert_eq!(small.pixels, [[20; 3], [35; 3]]);
    }
}
