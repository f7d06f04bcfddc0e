//! Exact Euclidean distance to the nearest marked pixel, squared, in integers (Meijster, Roerdink and Hesselink 2000):
//! first down the columns, then along each row the lower envelope of one parabola a column.

use crate::raster::Raster;

/// For each pixel the squared distance to the nearest one that is marked; 0 for those themselves, [`FAR`] where none is
/// marked.
pub fn squared_distances(marked: &Raster<bool>) -> Vec<u64> {
    let (width, height) = (marked.width_px as usize, marked.height_px as usize);
    // Distance within the column.
    let mut column: Vec<u64> = marked.pixels.iter().map(|&marked| if marked { 0 } else { FAR_AWAY }).collect();
    for y in 1..height {
        let (above, row) = column.split_at_mut(y * width);
        step_rows(&mut row[..width], &above[(y - 1) * width..]);
    }
    for y in (1..height).rev() {
        let (above, row) = column.split_at_mut(y * width);
        step_rows(&mut above[(y - 1) * width..], &row[..width]);
    }
    let mut squared = Vec::with_capacity(column.len());
    let mut envelope: Vec<(usize, usize)> = Vec::with_capacity(width);
    for row in column.chunks_exact(width) {
        lower_envelope(row, &mut envelope);
        let mut parts = envelope.iter().rev().peekable();
        let start = squared.len();
        squared.resize(start + width, 0);
        for x in (0..width).rev() {
            while parts.peek().is_some_and(|&&(_, from)| from > x) {
                parts.next();
            }
            squared[start + x] = parts.peek().map_or(FAR, |&&(at, _)| height_of(row, at, x));
        }
    }
    squared
}

/// The squared distance when nothing is marked.
pub const FAR: u64 = u64::MAX;

/// Longer than any column, with a square that fits.
const FAR_AWAY: u64 = 1 << 31;

fn step_rows(row: &mut [u64], neighbour: &[u64]) {
    for (value, &near) in row.iter_mut().zip(neighbour) {
        *value = (*value).min(near + 1);
    }
}

/// The parabola of column `at`, seen from column `x`.
fn height_of(row: &[u64], at: usize, x: usize) -> u64 {
    let across = at.abs_diff(x) as u64;
    across * across + row[at] * row[at]
}

/// Which column's parabola is lowest, from which column on.
fn lower_envelope(row: &[u64], envelope: &mut Vec<(usize, usize)>) {
    envelope.clear();
    for at in (0..row.len()).filter(|&at| row[at] < FAR_AWAY) {
        while let Some(&(last, from)) = envelope.last() {
            if height_of(row, last, from) > height_of(row, at, from) {
                envelope.pop();
            } else {
                break;
            }
        }
        let Some(&(last, _)) = envelope.last() else {
            envelope.push((at, 0));
            continue;
        };
        // Where the new parabola comes to lie below the last one.
        let (near, far) = (last as i64, at as i64);
        let square = |column: usize| (row[column] * row[column]) as i64;
        let meet = floor_divided(far * far - near * near + square(at) - square(last), 2 * (far - near)) + 1;
        if let Ok(from) = usize::try_from(meet)
            && from < row.len()
        {
            envelope.push((at, from));
        }
    }
}

/// `dividend / divisor` rounded down; `divisor` is above 0. Small numbers are divided in 32 bits, which many processors
/// do several times as fast.
fn floor_divided(dividend: i64, divisor: i64) -> i64 {
    match (u32::try_from(dividend), u32::try_from(divisor)) {
        (Ok(dividend), Ok(divisor)) => i64::from(dividend / divisor),
        _ => dividend.div_euclid(divisor),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn distances_equal_those_found_by_trying_every_pixel(
            (width, height) in (1_usize..16, 1_usize..16),
            seed in prop::collection::vec(prop::bool::weighted(0.1), 225),
        ) {
            let marked =
                Raster { width_px: width as u32, height_px: height as u32, pixels: seed[..width * height].to_vec() };
            let found = squared_distances(&marked);
            for y in 0..height {
                for x in 0..width {
                    let all = (0..width * height).filter(|&at| marked.pixels[at]);
                    let nearest = all.map(|at| {
                        let (across, down) = ((at % width).abs_diff(x), (at / width).abs_diff(y));
                        (across * across + down * down) as u64
                    });
                    prop_assert_eq!(found[y * width + x], nearest.min().unwrap_or(FAR));
                }
            }
        }
    }
}
