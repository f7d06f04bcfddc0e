//! Pictures without place, size and brightness, so that copies that were shifted, resized or saved again are alike.
//!
//! Ink is how much darker a pixel is than the paper, as a share of the contrast; a tenth of the contrast counts as
//! paper, so that the grain of paper and the noise of JPEG are none of it. The centre of a shape is the centre of
//! gravity of the ink, and its unit of length the root of the mean square distance from there. Both move with the ink,
//! by parts of a pixel, too. A shape is the ink on a grid around the centre, as a vector of length 1.

use digit_image::raster::GrayPicture;

/// Cells along a side of a shape.
pub(crate) const SIDE: usize = 48;
/// Cells of a shape.
pub(crate) const CELLS: usize = SIDE * SIDE;
/// Half a side of the grid, in units of length of the picture. The root of the mean square distance is the radius of a
/// circle, and 0.58 of half a straight stroke.
const REACH: f32 = 2.25;
/// Side of the square over which a cell takes the mean, in cells: neighbours overlap, so that half a pixel more or less
/// changes little.
const OVERLAP: f32 = 1.5;
/// With less between the paper and the ink, in gray values, a picture shows nothing.
const MIN_CONTRAST: u8 = 24;
/// The part of the contrast that counts as paper.
const FLOOR: f32 = 0.1;
/// The most that a pixel counts: what is darker than nearly all ink is no more than that.
const MOST: f32 = 1.4;
/// The share of pixels that are at least as bright as the paper, and that are at least as dark as the ink.
const PAPER_ONE_IN: usize = 4;
const INK_ONE_IN: usize = 200;

/// The ink of a picture: 0 for paper, about 1 for ink.
pub(crate) struct InkMap {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) ink: Vec<f32>,
}

impl InkMap {
    /// `None` if the picture shows nothing. Light ink on dark paper is ink, too.
    pub(crate) fn of(picture: &GrayPicture) -> Option<Self> {
        let sum: u64 = picture.pixels.iter().map(|&gray| u64::from(gray)).sum();
        let is_light = sum < 128 * picture.pixels.len() as u64;
        let dark = |gray: u8| if is_light { u8::MAX - gray } else { gray };
        let mut counts = [0usize; 256];
        picture.pixels.iter().for_each(|&gray| counts[usize::from(dark(gray))] += 1);
        let (paper, darkest) = (
            rank(&counts, picture.pixels.len() * (PAPER_ONE_IN - 1) / PAPER_ONE_IN),
            rank(&counts, picture.pixels.len() / INK_ONE_IN),
        );
        let contrast = paper.checked_sub(darkest).filter(|&contrast| contrast >= MIN_CONTRAST)?;
        let ink = |&gray: &u8| {
            let share = f32::from(paper.saturating_sub(dark(gray))) / f32::from(contrast);
            ((share - FLOOR) / (1.0 - FLOOR)).clamp(0.0, MOST)
        };
        let (width, height) = (picture.width_px as usize, picture.height_px as usize);
        Some(Self { width, height, ink: picture.pixels.iter().map(ink).collect() })
    }

    /// The centre of gravity, and the root of the mean square distance from it, in pixels.
    fn centre(&self) -> (f32, f32, f32) {
        let (mut mass, mut x_sum, mut y_sum, mut squares) = (0.0, 0.0, 0.0, 0.0);
        for (y, row) in self.ink.chunks_exact(self.width).enumerate() {
            let y = y as f64 + 0.5;
            for (x, &ink) in row.iter().enumerate() {
                let (x, ink) = (x as f64 + 0.5, f64::from(ink));
                mass += ink;
                x_sum += ink * x;
                y_sum += ink * y;
                squares += ink * (x * x + y * y);
            }
        }
        let (x, y) = (x_sum / mass, y_sum / mass);
        // A pixel is a square, whose own mean square distance from its centre is a sixth.
        let square = squares / mass - x * x - y * y + 1.0 / 6.0;
        (x as f32, y as f32, libm::sqrt(square) as f32)
    }

    /// The shape, and where it is.
    pub(crate) fn shape(&self) -> Shape {
        let (x, y, length) = self.centre();
        let longer = self.width.max(self.height) as f32;
        let (width_px, height_px) = (self.width as f32, self.height as f32);
        let place = Place { x: x / longer, y: y / longer, length: length / longer, width_px, height_px };
        let cell = 2.0 * REACH * length / SIDE as f32;
        let (columns, rows) = (windows(self.width, x, cell), windows(self.height, y, cell));
        let mut lines = vec![0.0f32; SIDE * self.height];
        for (line, row) in lines.chunks_exact_mut(SIDE).zip(self.ink.chunks_exact(self.width)) {
            for (into, (from, weights)) in line.iter_mut().zip(&columns) {
                *into = row[*from..].iter().zip(weights).map(|(ink, weight)| ink * weight).sum();
            }
        }
        let mut cells = vec![0.0f32; CELLS];
        for (row, (from, weights)) in cells.chunks_exact_mut(SIDE).zip(&rows) {
            for (line, weight) in lines.chunks_exact(SIDE).skip(*from).zip(weights) {
                row.iter_mut().zip(line).for_each(|(cell, ink)| *cell += ink * weight);
            }
        }
        let largest = cells.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        Shape { cells: cells.iter().map(|cell| libm::roundf(cell / largest * 255.0) as u8).collect(), place }
    }
}

/// A shape and its place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    /// [`CELLS`] values, the largest of them 255; none if the picture shows nothing.
    cells: Vec<u8>,
    place: Place,
}

/// Where in its picture a shape is, and how large: in longer sides of the picture.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    x: f32,
    y: f32,
    length: f32,
    /// Of the picture.
    width_px: f32,
    height_px: f32,
}

impl Place {
    /// Whether two shapes may be one picture, that was resized or shifted a little.
    fn is_like(&self, other: &Self) -> bool {
        let longer_px = self.width_px.max(self.height_px).min(other.width_px.max(other.height_px));
        let shift = MAX_SHIFT.max(MAX_SHIFT_PX / longer_px);
        let growth = MAX_GROWTH.max(MAX_GROWTH_PX / longer_px) * self.length.max(other.length);
        // The sides would be as one to the other.
        let stretch = (self.width_px * other.height_px - other.width_px * self.height_px).abs();
        (self.x - other.x).abs() <= shift
            && (self.y - other.y).abs() <= shift
            && (self.length - other.length).abs() <= growth
            && stretch <= MAX_STRETCH_PX * self.width_px.max(self.height_px).max(other.width_px).max(other.height_px)
    }
}

/// How far a copy may be shifted, in longer sides of the picture,
const MAX_SHIFT: f32 = 0.03;
/// or in pixels of the smaller picture, if that is more.
const MAX_SHIFT_PX: f32 = 1.3;
/// How much larger, in its picture, its ink may be: what smoothing and JPEG change.
const MAX_GROWTH: f32 = 0.012;
/// The same of small pictures: a part of this many pixels by one pixel of the longer side.
const MAX_GROWTH_PX: f32 = 0.5;
/// By how many pixels the smaller picture may be stretched: sides are rounded to whole pixels.
const MAX_STRETCH_PX: f32 = 1.2;

/// The value that `place` others lie below.
fn rank(counts: &[usize; 256], place: usize) -> u8 {
    let mut below = 0;
    let found = counts.iter().position(|count| {
        below += count;
        below > place
    });
    found.unwrap_or(255) as u8
}

/// For each cell along an axis of `n` pixels: the first pixel of its window, and how much of each pixel is in it.
fn windows(n: usize, centre: f32, cell: f32) -> Vec<(usize, Vec<f32>)> {
    // Smaller than a pixel, a window would show the pixels' edges.
    let half = OVERLAP * cell.max(1.0) / 2.0;
    let window = |at: usize| {
        let middle = centre + (at as f32 + 0.5 - SIDE as f32 / 2.0) * cell;
        let (begin, end) = ((middle - half).max(0.0), (middle + half).min(n as f32));
        if begin >= end {
            return (0, Vec::new());
        }
        let first = begin as usize;
        let covered = |pixel: usize| (end.min(pixel as f32 + 1.0) - begin.max(pixel as f32)).max(0.0);
        (first, (first..(end.ceil() as usize).min(n)).map(covered).collect())
    };
    (0..SIDE).map(window).collect()
}

/// The shapes of pictures.
pub(crate) struct Shapes {
    /// (N, CELLS).
    cells: Vec<u8>,
    /// The length of each vector; 0 where a picture shows nothing.
    lengths: Vec<f32>,
    places: Vec<Place>,
}

impl Shapes {
    /// Of given shapes.
    pub(crate) fn of<'a>(shapes: impl ExactSizeIterator<Item = &'a Shape>) -> Self {
        let mut all = Self { cells: Vec::with_capacity(shapes.len() * CELLS), lengths: Vec::new(), places: Vec::new() };
        for shape in shapes {
            let squares: u64 = shape.cells.iter().map(|&cell| u64::from(cell) * u64::from(cell)).sum();
            all.lengths.push(libm::sqrt(squares as f64) as f32);
            all.places.push(shape.place);
            all.cells.extend_from_slice(&shape.cells);
            all.cells.resize(all.lengths.len() * CELLS, 0);
        }
        all
    }

    pub(crate) fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Whether a picture shows something.
    pub(crate) fn shows(&self, at: usize) -> bool {
        self.lengths[at] > 0.0
    }

    fn row(&self, at: usize) -> &[u8] {
        &self.cells[at * CELLS..][..CELLS]
    }

    /// A shape as a vector of length 1.
    pub(crate) fn vector(&self, at: usize) -> Vec<f32> {
        self.row(at).iter().map(|&cell| f32::from(cell) / self.lengths[at].max(1.0)).collect()
    }

    /// The distance of two shapes, if they are in like places: 0 for the same one, sqrt(2) for two without ink in
    /// common.
    pub(crate) fn distance(&self, a: usize, b: usize) -> Option<f32> {
        if !self.places[a].is_like(&self.places[b]) {
            return None;
        }
        let product: u32 = self.row(a).iter().zip(self.row(b)).map(|(a, b)| u32::from(*a) * u32::from(*b)).sum();
        let cosine = product as f32 / (self.lengths[a] * self.lengths[b]).max(1.0);
        Some(libm::sqrtf((2.0 - 2.0 * cosine).max(0.0)))
    }
}

#[cfg(test)]
mod tests {
    use digit_image::resize;

    use super::*;

    /// Two strokes on paper, `scale` times as large, moved by `right` and `down` pixels.
    fn strokes(scale: f32, right: f32, down: f32, gray: impl Fn(f32, usize) -> u8) -> GrayPicture {
        let side = (40.0 * scale) as usize;
        let ink = |x: f32, y: f32| {
            let (x, y) = ((x - right) / scale, (y - down) / scale);
            // The part of a pixel within 1.5 of a stroke, roughly.
            let near = |distance: f32| (2.0 - distance).clamp(0.0, 1.0);
            let line = near((x - 12.0 - y / 4.0).abs().max((y - 20.0).abs() - 11.0));
            let bar = near((y - 14.0).abs().max((x - 19.0).abs() - 8.0));
            line.max(bar)
        };
        let places = (0..side * side).map(|at| (at, ink((at % side) as f32 + 0.5, (at / side) as f32 + 0.5)));
        GrayPicture::new(side as u32, side as u32, places.map(|(at, ink)| gray(ink, at)).collect()).unwrap()
    }

    fn plain(ink: f32, _: usize) -> u8 {
        (240.0 - 200.0 * ink) as u8
    }

    fn distance(a: &GrayPicture, b: &GrayPicture) -> Option<f32> {
        let shapes = [a, b].map(|picture| InkMap::of(picture).unwrap().shape());
        Shapes::of(shapes.iter()).distance(0, 1)
    }

    #[test]
    fn place_size_brightness_and_noise_hardly_matter_and_form_does() {
        // Drawn large, and shrunk as cameras and programs do it.
        let seen = |right: f32, down: f32, side: u32| resize::area(&strokes(8.0, right, down, plain), side, side);
        let original = seen(0.0, 0.0, 80);
        let mut noise = (0..5u8).cycle();
        let noisy = original.map(|gray| 80 + gray / 2 + noise.next().unwrap_or_default());
        for (what, other) in [
            ("shifted", seen(8.0, -6.0, 80)),
            ("by part of a pixel", seen(2.0, 1.2, 80)),
            ("seven tenths as large", seen(0.0, 0.0, 56)),
            ("larger", seen(0.0, 0.0, 108)),
            ("paler and noisy", noisy),
            ("light on dark", original.map(|gray| 255 - gray)),
        ] {
            let distance = distance(&original, &other);
            assert!(distance.is_some_and(|distance| distance < crate::copies::MAX_DISTANCE), "{what}: {distance:?}");
        }
        assert_eq!(distance(&original, &original), Some(0.0));
        let turned = distance(&original, &original.transposed());
        assert!(turned.is_none_or(|distance| distance > 0.5), "{turned:?}");
        // The same form elsewhere, or larger in a picture of the same size, is another one by the same hand.
        assert_eq!(distance(&original, &seen(32.0, 0.0, 80)), None);
    }

    #[test]
    fn paper_alone_shows_nothing() {
        assert!(InkMap::of(&GrayPicture::filled(20, 20, 230)).is_none());
        assert!(InkMap::of(&strokes(1.0, 0.0, 0.0, |_, at| 230 + (at % 20) as u8)).is_none());
        assert!(!Shapes::of([Shape::default()].iter()).shows(0));
    }
}
