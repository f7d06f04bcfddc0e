//! Exact Euclidean distance to the nearest marked pixel, squared, in integers (Meijster, Roerdink and Hesselink 2000):
//! first down the columns, then along each row the lower envelope of one parabola a column.

use crate::raster::Raster;

/// For each pixel the squared distance to the nearest one that is marked; 0 for those themselves, [`FAR`] where none is
/// marked. Distances beyond `most_px` may come out as any that are, which costs less.
pub(crate) fn squared_distances(marked: &Raster<bool>, most_px: u32) -> Vec<u64> {
    let (width, height) = (marked.width_px as usize, marked.height_px as usize);
    // Distance within the column.
    let mut column: Vec<u32> = marked.pixels.iter().map(|&marked| if marked { 0 } else { FAR_AWAY }).collect();
    for y in 1..height {
        let (above, row) = column.split_at_mut(y * width);
        step_rows(&mut row[..width], &above[(y - 1) * width..]);
    }
    for y in (1..height).rev() {
        let (above, row) = column.split_at_mut(y * width);
        step_rows(&mut above[(y - 1) * width..], &row[..width]);
    }
    let most_px = most_px.min(FAR_AWAY - 1);
    let mut squared = vec![0; column.len()];
    let mut envelope: Vec<(usize, usize)> = Vec::with_capacity(width);
    for (row, squared) in column.chunks_exact(width).zip(squared.chunks_exact_mut(width)) {
        // Whatever lies beyond a marked pixel is farther than that, so each gap between two of them is a row of its
        // own.
        let mut start = 0;
        while let Some(first) = row[start..].iter().position(|&distance| distance > 0).map(|at| start + at) {
            let end =
                row[first..].iter().position(|&distance| distance == 0).map_or(width, |length| first + length + 1);
            let gap = first.saturating_sub(1)..end;
            along_the_row(&row[gap.clone()], most_px, &mut envelope, &mut squared[gap]);
            start = end;
        }
    }
    squared
}

fn along_the_row(row: &[u32], most_px: u32, envelope: &mut Vec<(usize, usize)>, squared: &mut [u64]) {
    lower_envelope(row, most_px, envelope);
    let mut parts = envelope.iter().rev().peekable();
    for (x, squared) in squared.iter_mut().enumerate().rev() {
        while parts.peek().is_some_and(|&&(_, from)| from > x) {
            parts.next();
        }
        *squared = parts.peek().map_or(FAR, |&&(at, _)| height_of(row, at, x));
    }
}

/// The squared distance when nothing is marked.
pub(crate) const FAR: u64 = u64::MAX;

/// Longer than any column; one more is still a number.
const FAR_AWAY: u32 = 1 << 31;

fn step_rows(row: &mut [u32], neighbour: &[u32]) {
    for (value, &near) in row.iter_mut().zip(neighbour) {
        *value = (*value).min(near + 1);
    }
}

/// The parabola of column `at`, seen from column `x`.
fn height_of(row: &[u32], at: usize, x: usize) -> u64 {
    let (across, down) = (at.abs_diff(x) as u64, u64::from(row[at]));
    across * across + down * down
}

/// Which column's parabola is lowest, from which column on; of those with something marked within `most_px`.
fn lower_envelope(row: &[u32], most_px: u32, envelope: &mut Vec<(usize, usize)>) {
    envelope.clear();
    for at in (0..row.len()).filter(|&at| row[at] <= most_px) {
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
        let square = |column: usize| i64::from(row[column]) * i64::from(row[column]);
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
            most_px in 0_u32..24,
            seed in prop::collection::vec(prop::bool::weighted(0.1), 225),
        ) {
            let marked =
                Raster { width_px: width as u32, height_px: height as u32, pixels: seed[..width * height].to_vec() };
            let (found, near) = (squared_distances(&marked, u32::MAX), squared_distances(&marked, most_px));
            for y in 0..height {
                for x in 0..width {
                    let all = (0..width * height).filter(|&at| marked.pixels[at]);
                    let nearest = all.map(|at| {
                        let (across, down) = ((at % width).abs_diff(x), (at / width).abs_diff(y));
                        (across * across + down * down) as u64
                    });
                    let nearest = nearest.min().unwrap_or(FAR);
                    prop_assert_eq!(found[y * width + x], nearest);
                    let most = u64::from(most_px * most_px);
                    prop_assert!(near[y * width + x] == nearest || nearest > most && near[y * width + x] > most);
                }
            }
        }
    }
}
