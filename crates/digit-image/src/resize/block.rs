//! Both scales are whole numbers: every target pixel is the mean of a block of source pixels.

use crate::raster::GrayPicture;

/// Columns and rows of source pixels in one target pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BlockFactors {
    pub columns: u32,
    pub rows: u32,
}

pub(super) fn shrink(factors: BlockFactors, picture: &GrayPicture, target_px: (u32, u32)) -> Vec<u8> {
    let (columns, rows) = (factors.columns as usize, factors.rows as usize);
    let width = picture.width_px as usize;
    let mut sums = vec![0_u32; width];
    let halves_go_up = columns == 2 && rows == 2;
    // The reciprocal is rounded before it is used, and the product rounded again: not the same as a division.
    let reciprocal = 1.0_f32 / (u64::from(factors.columns) * u64::from(factors.rows)) as f32;
    let mut out = Vec::with_capacity(target_px.0 as usize * target_px.1 as usize);
    for band in picture.pixels.chunks_exact(width * rows) {
        // Adding whole rows first keeps the inner loop free of strides; integer sums do not mind the order. A column
        // of a picture at the largest readable height stays below 2^32.
        sums.fill(0);
        for row in band.chunks_exact(width) {
            for (sum, &value) in sums.iter_mut().zip(row) {
                *sum += u32::from(value);
            }
        }
        out.extend(sums.chunks_exact(columns).map(|cell| {
            let sum: u64 = cell.iter().map(|&column| u64::from(column)).sum();
            if halves_go_up { ((sum + 2) >> 2) as u8 } else { (sum as f32 * reciprocal).round_ties_even() as u8 }
        }));
    }
    out
}
