//! At least one side grows: `INTER_AREA` then means a linear filter on both axes, in 11-bit fixed point, with OpenCV's
//! truncating shifts. Its sample positions are those of whole areas, not of pixel centres.

use super::axis::Axis;

/// Weights are in units of 1/2048.
const WEIGHT_ONE: i32 = 2048;

/// The two neighbours of one target pixel along one axis: `first` and the one after it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Pair {
    first: usize,
    weight_first: i32,
    weight_second: i32,
}

fn pairs(axis: Axis) -> Vec<Pair> {
    (0..axis.target_px)
        .map(|target| {
            let first = (f64::from(target) * axis.scale).floor();
            // Rounded to f32 before the whole part is taken off: 0.9999999999 must become 1 and then 0.
            let position = ((f64::from(target) + 1.0) - (first + 1.0) * axis.inverse) as f32;
            let fraction = if position <= 0.0 { 0.0 } else { position - position.floor() };
            Pair {
                first: first as usize,
                weight_first: ((1.0 - fraction) * WEIGHT_ONE as f32).round_ties_even() as i32,
                weight_second: (fraction * WEIGHT_ONE as f32).round_ties_even() as i32,
            }
        })
        .collect()
}

/// Horizontal sums of 8-bit values with 11-bit weights stay below 2^20, so all of this fits in i32.
pub(super) fn resize(x: Axis, y: Axis, pixels: &[u8]) -> Vec<u8> {
    let (columns, rows) = (pairs(x), pairs(y));
    let (width, last_row) = (x.source_px as usize, y.source_px as usize - 1);
    let (mut upper, mut lower) = (Vec::new(), Vec::new());
    let mut out = Vec::with_capacity(columns.len() * rows.len());
    let mut rows_held: Option<(usize, usize)> = None;
    for pair in &rows {
        let wanted = (pair.first.min(last_row), (pair.first + 1).min(last_row));
        if rows_held != Some(wanted) {
            if rows_held.is_some_and(|held| held.1 == wanted.0) {
                std::mem::swap(&mut upper, &mut lower);
            } else {
                resize_row(&columns, &pixels[wanted.0 * width..][..width], &mut upper);
            }
            resize_row(&columns, &pixels[wanted.1 * width..][..width], &mut lower);
            rows_held = Some(wanted);
        }
        out.extend(upper.iter().zip(&lower).map(|(&above, &below)| {
            let sum = ((pair.weight_first * (above >> 4)) >> 16) + ((pair.weight_second * (below >> 4)) >> 16);
            ((sum + 2) >> 2).clamp(0, 255) as u8
        }));
    }
    out
}

fn resize_row(columns: &[Pair], pixels: &[u8], row: &mut Vec<i32>) {
    let last = pixels.len() - 1;
    row.clear();
    row.extend(columns.iter().map(|pair| {
        if pair.first >= last {
            i32::from(pixels[last]) * WEIGHT_ONE
        } else {
            i32::from(pixels[pair.first]) * pair.weight_first + i32::from(pixels[pair.first + 1]) * pair.weight_second
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(source_px: u32, target_px: u32) -> Vec<(usize, i32, i32)> {
        pairs(Axis::new(source_px, target_px))
            .into_iter()
            .map(|pair| (pair.first, pair.weight_first, pair.weight_second))
            .collect()
    }

    #[test]
    fn weights_when_growing_and_when_the_other_axis_grows() {
        assert_eq!(listed(3, 5), [(0, 2048, 0), (0, 1365, 683), (1, 2048, 0), (1, 683, 1365), (2, 2048, 0)]);
        assert_eq!(listed(4, 2), [(0, 1024, 1024), (2, 1024, 1024)]);
    }
}
