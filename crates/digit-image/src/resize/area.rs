//! Both sides shrink, at least one by a factor that is not whole: every target pixel is the mean of the source
//! rectangle it covers, pixels at the edges counting by the part that is covered.

use super::axis::Axis;

/// Covered parts up to this size are left out, and the other weights are not raised for it.
const SMALLEST_PART: f64 = 1e-3;

/// The source pixels of one target pixel along one axis: `weights` belong to `first`, `first + 1`, ...
#[derive(Clone, Debug, PartialEq)]
struct Cell {
    first: usize,
    weights: Vec<f32>,
}

/// The weights of one axis, each computed in f64 and rounded to f32 once.
fn cells(axis: Axis) -> Vec<Cell> {
    let source_px = f64::from(axis.source_px);
    (0..axis.target_px)
        .map(|target| {
            let start = f64::from(target) * axis.scale;
            let end = start + axis.scale;
            let covered = axis.scale.min(source_px - start);
            let last = end.floor().min(source_px - 1.0);
            let first_whole = start.ceil().min(last);
            let mut cell = Cell { first: first_whole as usize, weights: Vec::new() };
            if first_whole - start > SMALLEST_PART {
                cell.first -= 1;
                cell.weights.push(((first_whole - start) / covered) as f32);
            }
            for _ in first_whole as usize..last as usize {
                cell.weights.push((1.0 / covered) as f32);
            }
            if end - last > SMALLEST_PART {
                cell.weights.push(((end - last).min(1.0).min(covered) / covered) as f32);
            }
            cell
        })
        .collect()
}

/// Horizontal first, then vertical, both in f32, one tap after the other in ascending order. Columns are independent,
/// so the vertical sums may run side by side in vector registers.
pub(super) fn shrink(x: Axis, y: Axis, pixels: &[u8]) -> Vec<u8> {
    let (columns, rows) = (cells(x), cells(y));
    let width = x.source_px as usize;
    let (mut source_row, mut row, mut total) = (Vec::new(), Vec::new(), Vec::new());
    let mut out = Vec::with_capacity(columns.len() * rows.len());
    // A source row on the border of two target rows is used by both.
    let mut row_held: Option<usize> = None;
    for cell in &rows {
        total.clear();
        total.resize(columns.len(), 0.0_f32);
        for (y, &weight) in (cell.first..).zip(&cell.weights) {
            if row_held != Some(y) {
                shrink_row(&columns, &pixels[y * width..][..width], &mut source_row, &mut row);
                row_held = Some(y);
            }
            for (sum, &value) in total.iter_mut().zip(&row) {
                *sum += weight * value;
            }
        }
        out.extend(total.iter().map(|sum| sum.round_ties_even() as u8));
    }
    out
}

fn shrink_row(columns: &[Cell], pixels: &[u8], source_row: &mut Vec<f32>, row: &mut Vec<f32>) {
    source_row.clear();
    source_row.extend(pixels.iter().map(|&value| f32::from(value)));
    row.clear();
    row.extend(columns.iter().map(|cell| {
        let values = &source_row[cell.first..][..cell.weights.len()];
        values.iter().zip(&cell.weights).fold(0.0_f32, |sum, (&value, &weight)| sum + value * weight)
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_five_to_two() {
        let expected =
            [Cell { first: 0, weights: vec![0.4, 0.4, 0.2] }, Cell { first: 2, weights: vec![0.2, 0.4, 0.4] }];
        assert_eq!(cells(Axis::new(5, 2)), expected);
    }

    #[test]
    fn weights_cover_each_cell_whole_at_usual_sizes() {
        for source_px in 21..600 {
            for cell in cells(Axis::new(source_px, 20)) {
                let sum: f64 = cell.weights.iter().map(|&weight| f64::from(weight)).sum();
                assert!((sum - 1.0).abs() < 1e-5, "{source_px} px: a cell's weights sum to {sum}");
                assert!(cell.first + cell.weights.len() <= source_px as usize, "{source_px} px");
            }
        }
    }
}
