//! Finds pictures whose descriptors are close to one, without looking at all.

use std::collections::HashMap;

use crate::descriptor::{Descriptor, NUMBERS};

/// Numbers of a descriptor that make the grid.
const GRID: usize = 3;
/// Numbers compared before the sum is looked at.
const STEP: usize = 8;

/// Pictures by the cell of their descriptor.
pub(crate) struct Grid {
    /// The numbers that make the grid, and then the others, by falling variance.
    order: [usize; NUMBERS],
    cells: HashMap<[i32; GRID], Vec<(u32, Descriptor)>>,
    limit: f32,
}

impl Grid {
    /// Of the pictures `rows`.
    pub(crate) fn new(descriptors: &[Descriptor], rows: &[u32], limit: f32) -> Self {
        let mut order: [usize; NUMBERS] = core::array::from_fn(|at| at);
        let variance: Vec<f64> = order.iter().map(|&at| variance(descriptors, rows, at)).collect();
        order.sort_by(|&a, &b| variance[b].total_cmp(&variance[a]).then(a.cmp(&b)));
        let mut grid = Self { order, cells: HashMap::new(), limit };
        for &at in rows {
            let sorted = grid.sorted(&descriptors[at as usize]);
            grid.cells.entry(cell(&sorted, limit)).or_default().push((at, sorted));
        }
        grid
    }

    fn sorted(&self, descriptor: &Descriptor) -> Descriptor {
        core::array::from_fn(|at| descriptor[self.order[at]])
    }

    /// Calls `each` for every picture whose descriptor is within the limit.
    pub(crate) fn near(&self, descriptor: &Descriptor, mut each: impl FnMut(u32)) {
        // What rounding may add to a distance of vectors of length 1.
        let max_square = self.limit * self.limit + 1e-5;
        let sorted = self.sorted(descriptor);
        let [x, y, z] = cell(&sorted, self.limit);
        for cell in (-1..=1).flat_map(|a| (-1..=1).flat_map(move |b| (-1..=1).map(move |c| [x + a, y + b, z + c]))) {
            for (at, other) in self.cells.get(&cell).into_iter().flatten() {
                let mut sum = 0.0;
                let is_near = sorted.chunks(STEP).zip(other.chunks(STEP)).all(|(a, b)| {
                    sum += a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
                    sum <= max_square
                });
                if is_near {
                    each(*at);
                }
            }
        }
    }
}

/// Cells are a little wider than the limit, so that neighbours in space are in neighbouring cells.
fn cell(sorted: &Descriptor, limit: f32) -> [i32; GRID] {
    // What rounding adds is less than a hundredth of a hundredth.
    core::array::from_fn(|at| libm::floorf(sorted[at] / (limit * 1.01 + 1e-3)) as i32)
}

fn variance(descriptors: &[Descriptor], rows: &[u32], number: usize) -> f64 {
    let values = || rows.iter().map(|&at| f64::from(descriptors[at as usize][number]));
    let n = rows.len().max(1) as f64;
    let mean = values().sum::<f64>() / n;
    values().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n
}
