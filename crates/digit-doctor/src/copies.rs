//! Copies and near copies.
//!
//! Two pictures are copies if they have the same pixels. They are near copies if their [shapes](crate::shape) are close
//! to each other: shifted a little, resized, brighter, saved again as JPEG. The shapes are those of the source
//! pictures, where these are read. Preprocessing makes different pictures of one form alike, so prepared rows must be
//! closer.
//!
//! No near copy is missed: pairs are left out only where the distance of their [descriptors](crate::descriptor), which
//! is never larger than that of the shapes, is beyond the limit.

use digit_image::raster::GrayPicture;
use rayon::prelude::*;
use stage_files::dataset::first_with_same_pixels;

use crate::descriptor::of_shapes;
use crate::grid::Grid;
use crate::pictures::Pictures;
use crate::shape::{InkMap, Shape, Shapes};

/// Largest distance of the shapes of near copies; docs/doctor.md says how these were chosen. Of source pictures and of
/// rows without preprocessing,
pub(crate) const MAX_DISTANCE: f32 = 0.068;
/// and of prepared rows.
pub(crate) const MAX_DISTANCE_PREPARED: f32 = 0.02;
/// Near copies that are noted for a picture. In a set of almost equal pictures all would be pairs.
const MOST_NOTED: usize = 16;

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
pub(crate) fn pairs(pictures: &Pictures) -> Vec<Pair> {
    let first = first_with_same_pixels(pictures.rows());
    let exact = (0u32..).zip(&first).filter(|(at, first)| at != *first);
    let mut pairs: Vec<Pair> = exact.map(|(copy, &of)| Pair { copy, of, distance: 0.0, is_exact: true }).collect();
    let is_first = |at: u32| first[at as usize] == at;
    let (own, all) = (pictures.own as u32, pictures.len() as u32);
    if !pictures.seen.is_empty() {
        let shapes = Shapes::of(pictures.seen.iter().map(|seen| &seen.shape));
        pairs.extend(near(&shapes, MAX_DISTANCE, is_first, |_, _| true));
    }
    // Of rows that test there is no source picture.
    if pictures.seen.is_empty() || own < all {
        let limit = if pictures.is_prepared() { MAX_DISTANCE_PREPARED } else { MAX_DISTANCE };
        let is_wanted = |a: u32, b: u32| pictures.seen.is_empty() || (a < own) != (b < own);
        pairs.extend(near(&of_rows(pictures), limit, is_first, is_wanted));
    }
    pairs.sort_by_key(|pair| (pair.copy, pair.of));
    pairs
}

/// The shapes of the rows.
fn of_rows(pictures: &Pictures) -> Shapes {
    let (width_px, height_px) = (pictures.canvas.width_px, pictures.canvas.height_px);
    let shape = |pixels: &[u8]| {
        let map = GrayPicture::new(width_px, height_px, pixels.to_vec()).and_then(|picture| InkMap::of(&picture));
        map.map_or_else(Shape::default, |map| map.shape())
    };
    let shapes: Vec<Shape> = pictures.pixels.par_chunks_exact(pictures.canvas.pixels()).map(shape).collect();
    Shapes::of(shapes.iter())
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

/// Near copies among the pictures that are the first of their pixels and show something.
fn near(
    shapes: &Shapes,
    limit: f32,
    is_first: impl Fn(u32) -> bool,
    is_wanted: impl Fn(u32, u32) -> bool + Sync,
) -> Vec<Pair> {
    let rows: Vec<u32> = (0..shapes.len() as u32).filter(|&at| is_first(at) && shapes.shows(at as usize)).collect();
    let descriptors = of_shapes(shapes);
    let grid = Grid::new(&descriptors, &rows, limit);
    let of_one = |&copy: &u32| {
        let mut found = Vec::new();
        grid.near(&descriptors[copy as usize], |of| {
            if of < copy && found.len() < MOST_NOTED && is_wanted(of, copy) {
                let distance = shapes.distance(copy as usize, of as usize).filter(|distance| *distance <= limit);
                found.extend(distance.map(|distance| Pair { copy, of, distance, is_exact: false }));
            }
        });
        found
    };
    rows.par_iter().flat_map_iter(of_one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::{Item, Seen};
    use stage_files::picture::Canvas;
    use test_support::numbers;

    const SIDE: usize = 20;

    fn pictures(rows: &[Vec<u8>]) -> Pictures {
        Pictures {
            name: "d.csv".into(),
            canvas: Canvas { width_px: SIDE as u32, height_px: SIDE as u32 },
            labels: "0-9".parse().unwrap(),
            pixels: rows.concat(),
            items: vec![Item::default(); rows.len()],
            own: rows.len(),
            seen: Vec::new(),
            settings: None,
        }
    }

    /// Two strokes from one random place to another, on paper.
    fn drawn(random: &mut impl FnMut() -> u32) -> Vec<u8> {
        let mut pixels = vec![240; SIDE * SIDE];
        let mut place = || f64::from(random() % 12) + 4.0;
        for _ in 0..2 {
            let (x, y, to_x, to_y) = (place(), place(), place(), place());
            for step in 0..=40 {
                let part = f64::from(step) / 40.0;
                let at = (y + (to_y - y) * part) as usize * SIDE + (x + (to_x - x) * part) as usize;
                pixels[at] = 30;
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

    fn found(pictures: &Pictures) -> Vec<(u32, u32)> {
        pairs(pictures).iter().map(|pair| (pair.of, pair.copy)).collect()
    }

    #[test]
    fn copies_are_found_whatever_their_shift_brightness_and_noise() {
        let mut random = numbers(9);
        let mut rows: Vec<Vec<u8>> = (0..30).map(|_| drawn(&mut random)).collect();
        let mut expected = found(&pictures(&rows));
        let shifts = (-1..=1).flat_map(|right| (-1..=1).map(move |down| (right, down)));
        for (at, (right, down)) in (0u32..).zip(shifts) {
            let noise = |gray: &u8| 60 + gray / 2 + (at as u8 + gray) % 3;
            rows.push(shifted(&rows[at as usize], right, down).iter().map(noise).collect());
            expected.push((at, rows.len() as u32 - 1));
        }
        assert_eq!(found(&pictures(&rows)), expected);
    }

    #[test]
    fn the_grid_finds_what_a_comparison_of_all_pairs_finds() {
        let mut random = numbers(9);
        let mut rows: Vec<Vec<u8>> = (0..150).map(|_| drawn(&mut random)).collect();
        for at in 0..150 {
            // Nearly the same: pixels changed until some are within the limit and some beyond it.
            let mut row = shifted(&rows[at], (random() % 3) as i32 - 1, 0);
            for _ in 0..random() % 12 {
                row[random() as usize % (SIDE * SIDE)] = 190 + (random() % 50) as u8;
            }
            rows.push(row);
        }
        let pictures = pictures(&rows);
        let shapes = of_rows(&pictures);
        let all = (0..rows.len()).flat_map(|copy| (0..copy).map(move |of| (of, copy)));
        let is_near =
            |&(of, copy): &(usize, usize)| shapes.distance(of, copy).is_some_and(|distance| distance <= MAX_DISTANCE);
        let mut expected: Vec<(u32, u32)> = all.filter(is_near).map(|(of, copy)| (of as u32, copy as u32)).collect();
        let mut found = found(&pictures);
        found.sort_unstable();
        expected.sort_unstable();
        assert!(expected.len() > 30 && expected.len() < 148, "{}", expected.len());
        assert_eq!(found, expected);
    }

    #[test]
    fn between_source_pictures_and_rows_that_test_the_rows_are_compared() {
        let mut random = numbers(4);
        let mut rows: Vec<Vec<u8>> = (0..20).map(|_| drawn(&mut random)).collect();
        rows.push(shifted(&rows[3], 1, 0));
        rows.push(shifted(&rows[3], 0, 1));
        let mut pictures = pictures(&rows);
        let seen = |row: &[u8]| Seen::of(&GrayPicture::new(SIDE as u32, SIDE as u32, row.to_vec()).unwrap());
        pictures.seen = rows[..20].iter().map(|row| seen(row)).collect();
        pictures.own = 20;
        // Two rows that test are no concern of this.
        assert_eq!(found(&pictures), [(3, 20), (3, 21)]);
    }

    #[test]
    fn groups_hang_together_by_pairs() {
        let pair = |of, copy| Pair { copy, of, distance: 0.0, is_exact: true };
        assert_eq!(groups(6, &[pair(2, 4), pair(0, 5), pair(4, 5)]), [0, 1, 0, 3, 0, 0]);
    }
}
