//! Copies and near copies.
//!
//! Two pictures are copies if they have the same pixels. They are near copies if, after a shift of one of them by at
//! most a pixel along each axis, their [inks](crate::ink) are at most [`MAX_DISTANCE`] apart. Ink is a vector of length
//! 1, so distance 0 is the same picture up to brightness and contrast, and sqrt(2) two pictures without ink in common;
//! [`MAX_DISTANCE`] stands for a correlation of 1 - `MAX_DISTANCE`² / 2.
//!
//! Preprocessing makes different pictures of one shape alike, so among prepared pictures only copies are told.
//!
//! No near copy is missed: pairs are left out only where the distance of their [descriptors](crate::descriptor), which
//! is never larger than that of the pictures, is beyond the limit. Three numbers of the descriptor put the pictures into
//! the cells of a grid, so that only pictures in neighbouring cells meet.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::descriptor::{Descriptor, NUMBERS, Shift, Transform};
use crate::ink::Inks;
use crate::pictures::Pictures;
use stage_files::dataset::first_with_same_pixels;

/// Largest distance of near copies. docs/doctor.md says how it was chosen.
pub(crate) const MAX_DISTANCE: f32 = 0.06;
/// Half of the shifts; the others are these, seen from the other picture.
const SHIFTS: [Shift; 5] = [(0, 0), (1, 0), (0, 1), (1, 1), (1, -1)];
/// Near copies that are noted for a picture. In a set of almost equal pictures all would be pairs.
const MOST_NOTED: usize = 16;
/// Numbers of a descriptor that make the grid.
const GRID: usize = 3;
/// Numbers compared before the sum is looked at.
const STEP: usize = 8;

/// A picture that is a copy or near copy of an earlier one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pair {
    /// The later picture.
    pub(crate) copy: u32,
    /// The earlier one.
    pub(crate) of: u32,
    /// Their distance; 0 for the same pixels.
    pub(crate) distance: f32,
    pub(crate) is_exact: bool,
}

/// All pairs, by the later picture: copies, each with the first picture of the same pixels; and near copies among the
/// firsts.
pub(crate) fn pairs(pictures: &Pictures, inks: &Inks) -> Vec<Pair> {
    let first = first_with_same_pixels(pictures.rows());
    let exact = (0u32..).zip(&first).filter(|(at, first)| at != *first);
    let mut pairs: Vec<Pair> = exact.map(|(copy, &of)| Pair { copy, of, distance: 0.0, is_exact: true }).collect();
    let seen: Vec<u32> =
        (0..pictures.len() as u32).filter(|&at| first[at as usize] == at && !inks.blank[at as usize]).collect();
    if !pictures.is_prepared {
        pairs.extend(near(pictures, inks, &seen));
    }
    pairs.sort_by_key(|pair| (pair.copy, pair.of));
    pairs
}

/// The groups of pictures that hang together by pairs: for each picture the first of its group.
pub(crate) fn groups(count: usize, pairs: &[Pair]) -> Vec<u32> {
    let mut root: Vec<u32> = (0..count as u32).collect();
    let find = |root: &mut Vec<u32>, mut at: u32| {
        while root[at as usize] != at {
            root[at as usize] = root[root[at as usize] as usize];
            at = root[at as usize];
        }
        at
    };
    for pair in pairs {
        let (a, b) = (find(&mut root, pair.copy), find(&mut root, pair.of));
        root[a.max(b) as usize] = a.min(b);
    }
    (0..count as u32).map(|at| find(&mut root, at)).collect()
}

/// Near copies among the pictures `seen`.
fn near(pictures: &Pictures, inks: &Inks, seen: &[u32]) -> Vec<Pair> {
    let transform = Transform::new(pictures.canvas);
    let still = transform.all(inks, (0, 0));
    let grid = Grid::new(&still, seen);
    let size = (pictures.canvas.width_px as usize, pictures.canvas.height_px as usize);
    let mut pairs = Vec::new();
    for shift in SHIFTS {
        let shifted = if shift == (0, 0) { still.clone() } else { transform.all(inks, shift) };
        let of_one = |&at: &u32| {
            let is_wanted = |other: u32| if shift == (0, 0) { other < at } else { other != at };
            let mut found = Vec::new();
            grid.near(&shifted[at as usize], |other| {
                if is_wanted(other) && found.len() < MOST_NOTED {
                    let distance = distance(inks.row(at as usize), inks.row(other as usize), size, shift);
                    if distance <= MAX_DISTANCE {
                        let (copy, of) = (at.max(other), at.min(other));
                        found.push(Pair { copy, of, distance, is_exact: false });
                    }
                }
            });
            found
        };
        pairs.extend(seen.par_iter().flat_map_iter(of_one).collect::<Vec<_>>());
    }
    // Of several shifts the best.
    pairs.sort_by(|a, b| (a.copy, a.of).cmp(&(b.copy, b.of)).then(a.distance.total_cmp(&b.distance)));
    pairs.dedup_by_key(|pair| (pair.copy, pair.of));
    pairs
}

/// The distance of two inks after a shift of the first one. What is shifted off the canvas meets paper.
fn distance(a: &[f32], b: &[f32], (width, height): (usize, usize), (right, down): Shift) -> f32 {
    let begin = |shift: i32| (shift.max(0) as usize, (-shift).max(0) as usize);
    let ((to_x, from_x), (to_y, from_y)) = (begin(right), begin(down));
    let columns = width - right.unsigned_abs() as usize;
    let mut product = 0.0;
    for y in 0..height - down.unsigned_abs() as usize {
        let a = &a[(from_y + y) * width + from_x..][..columns];
        let b = &b[(to_y + y) * width + to_x..][..columns];
        product += a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    }
    libm::sqrtf((2.0 - 2.0 * product).max(0.0))
}

/// Pictures by the cell of their descriptor.
struct Grid {
    /// The numbers that make the grid, and then the others, by falling variance.
    order: [usize; NUMBERS],
    cells: HashMap<[i32; GRID], Vec<(u32, Descriptor)>>,
}

impl Grid {
    fn new(descriptors: &[Descriptor], seen: &[u32]) -> Self {
        let mut order: [usize; NUMBERS] = core::array::from_fn(|at| at);
        let variance: Vec<f64> = order.iter().map(|&at| variance(descriptors, seen, at)).collect();
        order.sort_by(|&a, &b| variance[b].total_cmp(&variance[a]).then(a.cmp(&b)));
        let mut grid = Self { order, cells: HashMap::new() };
        for &at in seen {
            let sorted = grid.sorted(&descriptors[at as usize]);
            grid.cells.entry(cell(&sorted)).or_default().push((at, sorted));
        }
        grid
    }

    fn sorted(&self, descriptor: &Descriptor) -> Descriptor {
        core::array::from_fn(|at| descriptor[self.order[at]])
    }

    /// Calls `each` for every picture whose descriptor is within [`MAX_DISTANCE`].
    fn near(&self, descriptor: &Descriptor, mut each: impl FnMut(u32)) {
        // What rounding may add to a distance of vectors of length 1.
        const MAX_SQUARE: f32 = MAX_DISTANCE * MAX_DISTANCE + 1e-4;
        let sorted = self.sorted(descriptor);
        let [x, y, z] = cell(&sorted);
        for cell in (-1..=1).flat_map(|a| (-1..=1).flat_map(move |b| (-1..=1).map(move |c| [x + a, y + b, z + c]))) {
            for (at, other) in self.cells.get(&cell).into_iter().flatten() {
                let mut sum = 0.0;
                let is_near = sorted.chunks(STEP).zip(other.chunks(STEP)).all(|(a, b)| {
                    sum += a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
                    sum <= MAX_SQUARE
                });
                if is_near {
                    each(*at);
                }
            }
        }
    }
}

/// Cells are a little wider than the limit, so that neighbours in space are in neighbouring cells.
fn cell(sorted: &Descriptor) -> [i32; GRID] {
    core::array::from_fn(|at| libm::floorf(sorted[at] / (MAX_DISTANCE * 1.01)) as i32)
}

fn variance(descriptors: &[Descriptor], seen: &[u32], number: usize) -> f64 {
    let values = || seen.iter().map(|&at| f64::from(descriptors[at as usize][number]));
    let n = seen.len().max(1) as f64;
    let mean = values().sum::<f64>() / n;
    values().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::Item;
    use stage_files::picture::Canvas;

    const SIDE: usize = 12;

    fn pictures(rows: &[Vec<u8>]) -> Pictures {
        Pictures {
            name: "d.csv".into(),
            canvas: Canvas { width_px: SIDE as u32, height_px: SIDE as u32 },
            labels: "0-9".parse().unwrap(),
            pixels: rows.concat(),
            items: vec![Item::default(); rows.len()],
            own: rows.len(),
            is_prepared: false,
        }
    }

    /// A stroke from one random place to another, on paper.
    fn drawn(random: &mut impl FnMut() -> u32) -> Vec<u8> {
        let mut pixels = vec![240; SIDE * SIDE];
        let mut place = || f64::from(random() % 8) + 2.0;
        for _ in 0..2 {
            let (x, y, to_x, to_y) = (place(), place(), place(), place());
            for step in 0..=20 {
                let part = f64::from(step) / 20.0;
                let at = (y + (to_y - y) * part) as usize * SIDE + (x + (to_x - x) * part) as usize;
                pixels[at] = 30 + (step % 3) as u8 * 20;
            }
        }
        pixels
    }

    fn shifted(pixels: &[u8], right: i32, down: i32) -> Vec<u8> {
        let at = |x: i32, y: i32| {
            let is_inside = (0..SIDE as i32).contains(&x) && (0..SIDE as i32).contains(&y);
            if is_inside { pixels[y as usize * SIDE + x as usize] } else { 240 }
        };
        let places = (0..SIDE as i32).flat_map(|y| (0..SIDE as i32).map(move |x| (x, y)));
        places.map(|(x, y)| at(x - right, y - down)).collect()
    }

    fn random() -> impl FnMut() -> u32 {
        let mut state = 9u32;
        move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 16
        }
    }

    fn found(rows: &[Vec<u8>]) -> Vec<(u32, u32)> {
        let pictures = pictures(rows);
        pairs(&pictures, &Inks::of(&pictures)).iter().map(|pair| (pair.of, pair.copy)).collect()
    }

    #[test]
    fn copies_are_found_whatever_their_shift_brightness_and_noise() {
        let mut random = random();
        let mut rows: Vec<Vec<u8>> = (0..30).map(|_| drawn(&mut random)).collect();
        let mut expected = found(&rows);
        let shifts = (-1..=1).flat_map(|right| (-1..=1).map(move |down| (right, down)));
        for (at, (right, down)) in (0u32..).zip(shifts) {
            let noise = |gray: &u8| 60 + gray / 2 + (at as u8 + gray) % 3;
            rows.push(shifted(&rows[at as usize], right, down).iter().map(noise).collect());
            expected.push((at, rows.len() as u32 - 1));
        }
        let found = found(&rows);
        assert!(expected.iter().all(|pair| found.contains(pair)), "{expected:?} in {found:?}");
    }

    #[test]
    fn the_grid_finds_what_a_comparison_of_all_pairs_finds() {
        let mut random = random();
        let mut rows: Vec<Vec<u8>> = (0..150).map(|_| drawn(&mut random)).collect();
        for at in 0..150 {
            // Nearly the same: pixels changed until some are within the limit and some beyond it.
            let mut row = shifted(&rows[at], (random() % 3) as i32 - 1, 0);
            for _ in 0..random() % 12 {
                row[random() as usize % (SIDE * SIDE)] = 225 + (random() % 15) as u8;
            }
            rows.push(row);
        }
        let pictures = pictures(&rows);
        let inks = Inks::of(&pictures);
        let all = (-1..=1).flat_map(|right| (-1..=1).map(move |down| (right, down)));
        let all: Vec<Shift> = all.collect();
        let mut expected = Vec::new();
        for copy in 0..rows.len() {
            for of in 0..copy {
                let near = |shift: &Shift| distance(inks.row(copy), inks.row(of), (SIDE, SIDE), *shift);
                if all.iter().map(near).fold(2.0, f32::min) <= MAX_DISTANCE {
                    expected.push((of as u32, copy as u32));
                }
            }
        }
        let mut found = found(&rows);
        found.sort_unstable();
        expected.sort_unstable();
        assert!(expected.len() > 40 && expected.len() < 2000, "{}", expected.len());
        assert_eq!(found, expected);
    }

    #[test]
    fn groups_hang_together_by_pairs() {
        let pair = |of, copy| Pair { copy, of, distance: 0.0, is_exact: true };
        assert_eq!(groups(6, &[pair(2, 4), pair(0, 5), pair(4, 5)]), [0, 1, 0, 3, 0, 0]);
    }
}
