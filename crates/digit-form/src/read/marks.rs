//! Corner marks in a picture, with their corners between pixels.
//!
//! 1. On a smaller copy, what is darker than its surroundings falls into connected components. The outline of one that
//!    is a mark is a square seen aslant: its four corners are the points farthest out.
//! 2. The cells within those corners are compared with the marks' bits.
//! 3. In the picture itself, straight lines are fitted to the four edges of the black border. They meet at the corners.

use digit_image::connected::{self, Connectivity};
use digit_image::raster::GrayPicture;
use image::GrayImage;

use crate::dictionary::{CELLS, INNER, corner_of, find as find_bits};

use super::homography::Homography;
use super::sampler::Sampler;

/// The longer side of the copy in which marks are looked for.
const LOOKED_AT_PX: u32 = 2000;
/// A mark is at least this large there,
const LEAST_PX: u32 = 14;
/// and at most this share of the longer side.
const MOST: f64 = 0.2;
/// The surroundings reach so far: the longer side over this.
const SURROUNDINGS: u32 = 24;
/// Dark is less than this share of the surroundings.
const DARK: f64 = 0.8;
/// Black and white differ by at least so many levels.
const LEAST_CONTRAST: f64 = 25.0;
/// Places along an edge where it is looked for.
const PLACES: usize = 32;

type Point = (f64, f64);

/// A mark in a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Its id in the dictionary, which says its sheet and its corner.
    pub id: u16,
    /// Its corners in pixels, 0, 0 being the upper left corner of the first pixel: that which is upper left on the
    /// sheet, then clockwise.
    pub corners: [Point; 4],
}

impl Mark {
    /// Which corner of the sheet it marks: 0 upper left, then clockwise.
    pub fn corner(&self) -> usize {
        corner_of(self.id)
    }

    /// The mean length of its sides in pixels.
    pub(super) fn side_px(&self) -> f64 {
        (0..4).map(|at| distance(self.corners[at], self.corners[(at + 1) % 4])).sum::<f64>() / 4.0
    }

    /// The mean of its corners.
    pub(super) fn middle(&self) -> Point {
        let mean = |pick: fn(&Point) -> f64| self.corners.iter().map(pick).sum::<f64>() / 4.0;
        (mean(|corner| corner.0), mean(|corner| corner.1))
    }
}

/// All marks of a picture, looked for in a copy whose longer side is about [`LOOKED_AT_PX`]; in one twice as large if
/// the first has fewer than four.
pub(super) fn find(picture: &GrayPicture) -> Vec<Mark> {
    let longer = picture.width_px.max(picture.height_px);
    let factor = longer.div_ceil(LOOKED_AT_PX);
    let marks = find_in(picture, factor);
    if marks.len() >= 4 || factor == 1 { marks } else { find_in(picture, factor.div_ceil(2)) }
}

fn find_in(picture: &GrayPicture, factor: u32) -> Vec<Mark> {
    let small = if factor == 1 { picture.clone() } else { shrunk(picture, factor) };
    let sampler = Sampler::new(&small);
    let mut marks: Vec<Mark> = Vec::new();
    for outline in outlines(&small) {
        let Some(quad) = corners_of(&outline) else { continue };
        let Some((id, corners)) = decoded(&sampler, quad) else { continue };
        let scaled = corners.map(|(x, y)| (x * f64::from(factor), y * f64::from(factor)));
        let corners = refined(&Sampler::new(picture), scaled).unwrap_or(scaled);
        marks.push(Mark { id, corners });
    }
    marks
}

/// The mean of each block of `factor` by `factor` pixels; what is left over at the borders is left out.
fn shrunk(picture: &GrayPicture, factor: u32) -> GrayPicture {
    let (width_px, height_px) = (picture.width_px / factor, picture.height_px / factor);
    let (wide, factor) = (picture.width_px as usize, factor as usize);
    let mut pixels = Vec::with_capacity((width_px * height_px) as usize);
    let mut sums = vec![0_u32; width_px as usize];
    for rows in picture.pixels.chunks_exact(wide * factor) {
        sums.fill(0);
        for row in rows.chunks_exact(wide) {
            for (sum, block) in sums.iter_mut().zip(row.chunks_exact(factor)) {
                *sum += block.iter().map(|&value| u32::from(value)).sum::<u32>();
            }
        }
        pixels.extend(sums.iter().map(|sum| (sum / (factor * factor) as u32) as u8));
    }
    GrayPicture { width_px, height_px, pixels }
}

/// For each dark component that may be a mark, the leftmost and rightmost pixel of each of its rows.
fn outlines(small: &GrayPicture) -> Vec<Vec<Point>> {
    let (width, height) = (small.width_px as usize, small.height_px as usize);
    let longer = small.width_px.max(small.height_px);
    let dark = dark(small, (longer / SURROUNDINGS).max(8) as usize);
    let mask = GrayImage::from_raw(small.width_px, small.height_px, dark).unwrap_or_default();
    let labels = connected::numbers(&mask, Connectivity::Four);
    let count = labels.iter().copied().max().unwrap_or(0) as usize;
    // Left, right, top, bottom of each component.
    let mut boxes = vec![(usize::MAX, 0, usize::MAX, 0); count];
    for (at, &label) in labels.iter().enumerate().filter(|(_, label)| **label > 0) {
        let (x, y) = (at % width, at / width);
        let extent = &mut boxes[label as usize - 1];
        *extent = (extent.0.min(x), extent.1.max(x), extent.2.min(y), extent.3.max(y));
    }
    let most = (MOST * f64::from(longer)) as usize;
    let mut outlines = Vec::new();
    for (label, (left, right, top, bottom)) in (1_u32..).zip(boxes) {
        let (across, down) = (right + 1 - left, bottom + 1 - top);
        let is_size = |side: usize| (LEAST_PX as usize..=most).contains(&side);
        let is_inside = left > 0 && top > 0 && right + 1 < width && bottom + 1 < height;
        if !is_inside || !is_size(across) || !is_size(down) || across > 3 * down || down > 3 * across {
            continue;
        }
        let mut outline = Vec::with_capacity(2 * down);
        for y in top..=bottom {
            let row = &labels[y * width..][..width];
            let own = |x: &usize| row[*x] == label;
            let ends = ((left..=right).find(own), (left..=right).rfind(own));
            if let (Some(first), Some(last)) = ends {
                let corner = |x: usize, y: usize| (x as f64, y as f64);
                outline.extend([corner(first, y), corner(first, y + 1), corner(last + 1, y), corner(last + 1, y + 1)]);
            }
        }
        outlines.push(outline);
    }
    outlines
}

/// 1 where a pixel is darker than its surroundings, by sums over squares.
fn dark(picture: &GrayPicture, radius: usize) -> Vec<u8> {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    // sums[y][x]: of all pixels above and to the left.
    let mut sums = vec![0_u32; (width + 1) * (height + 1)];
    for y in 0..height {
        let mut row = 0_u32;
        for x in 0..width {
            row += u32::from(picture.pixels[y * width + x]);
            sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1].wrapping_add(row);
        }
    }
    let mut dark = Vec::with_capacity(width * height);
    for y in 0..height {
        let (top, bottom) = (y.saturating_sub(radius), (y + radius + 1).min(height));
        for x in 0..width {
            let (left, right) = (x.saturating_sub(radius), (x + radius + 1).min(width));
            let at = |x: usize, y: usize| sums[y * (width + 1) + x];
            let sum = at(right, bottom).wrapping_add(at(left, top));
            let sum = sum.wrapping_sub(at(left, bottom)).wrapping_sub(at(right, top));
            let mean = f64::from(sum) / ((right - left) * (bottom - top)) as f64;
            dark.push(u8::from(f64::from(picture.pixels[y * width + x]) < DARK * mean));
        }
    }
    dark
}

/// The corners of a square seen aslant, clockwise: the ends of its longest diagonal and the points farthest from it.
fn corners_of(outline: &[Point]) -> Option<[Point; 4]> {
    let count = outline.len() as f64;
    let middle = (outline.iter().map(|p| p.0).sum::<f64>() / count, outline.iter().map(|p| p.1).sum::<f64>() / count);
    let squared = |a: Point, b: Point| (a.0 - b.0).powi(2) + (a.1 - b.1).powi(2);
    let farthest = |from: Point| outline.iter().copied().max_by(|a, b| squared(*a, from).total_cmp(&squared(*b, from)));
    let first = farthest(middle)?;
    let third = farthest(first)?;
    let side = |p: Point| (third.0 - first.0) * (p.1 - first.1) - (third.1 - first.1) * (p.0 - first.0);
    let second = outline.iter().copied().min_by(|a, b| side(*a).total_cmp(&side(*b)))?;
    let fourth = outline.iter().copied().max_by(|a, b| side(*a).total_cmp(&side(*b)))?;
    // With rows downwards, what lies before the diagonal comes after the first corner clockwise.
    let flat = squared(first, third) * 0.1;
    (side(second) < -flat && side(fourth) > flat).then_some([first, second, third, fourth])
}

/// Which mark is seen within these corners, and its corners in order.
fn decoded(picture: &Sampler<'_>, quad: [Point; 4]) -> Option<(u16, [Point; 4])> {
    let side = CELLS as f64;
    let square = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)];
    let pairs: Vec<_> = square.into_iter().zip(quad).collect();
    let to_photo = Homography::fit(&pairs)?;
    // A cell's middle, by nine places.
    let cell = |column: f64, row: f64| {
        let places = (0..9).map(|at| (column + 0.3 + 0.2 * f64::from(at % 3), row + 0.3 + 0.2 * f64::from(at / 3)));
        places.map(|place| picture.at(to_photo.apply(place))).sum::<f64>() / 9.0
    };
    let last = CELLS - 1;
    let rim = (0..CELLS).flat_map(|at| [(at, 0), (at, last), (0, at), (last, at)]);
    let rim: Vec<f64> = rim.map(|(column, row)| cell(column as f64, row as f64)).collect();
    let beyond = (0..CELLS).flat_map(|at| {
        let at = at as f64;
        [cell(at, -1.0), cell(at, side), cell(-1.0, at), cell(side, at)]
    });
    let white = beyond.sum::<f64>() / (4 * CELLS) as f64;
    let black = rim.iter().sum::<f64>() / rim.len() as f64;
    let middle = white.midpoint(black);
    if white - black < LEAST_CONTRAST || rim.iter().any(|&value| value > middle) {
        return None;
    }
    let inner = (0..INNER).flat_map(|row| (0..INNER).map(move |column| (column, row)));
    let bits = inner
        .fold(0_u32, |bits, (column, row)| bits << 1 | u32::from(cell(column as f64 + 1.0, row as f64 + 1.0) > middle));
    let (id, turns) = find_bits(bits)?;
    let mut corners = quad;
    corners.rotate_left(turns);
    Some((id, corners))
}

/// The corners where lines along the edges meet.
fn refined(picture: &Sampler<'_>, corners: [Point; 4]) -> Option<[Point; 4]> {
    let lines: Vec<Line> =
        (0..4).map(|at| Line::along(picture, corners[at], corners[(at + 1) % 4])).collect::<Option<_>>()?;
    let mut met = [(0.0, 0.0); 4];
    for (at, corner) in met.iter_mut().enumerate() {
        *corner = lines[(at + 3) % 4].meets(&lines[at])?;
        let side = distance(corners[at], corners[(at + 1) % 4]);
        if distance(*corner, corners[at]) > side / CELLS as f64 {
            return None;
        }
    }
    Some(met)
}

fn distance(one: Point, other: Point) -> f64 {
    (one.0 - other.0).hypot(one.1 - other.1)
}

/// A straight line: a point and a direction of length 1.
struct Line {
    point: Point,
    direction: Point,
}

impl Line {
    /// The edge between black on the right of the way from one point to the other, and white on its left.
    fn along(picture: &Sampler<'_>, from: Point, to: Point) -> Option<Self> {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).sqrt();
        if length < 6.0 {
            return None;
        }
        let outwards = (dy / length, -dx / length);
        let reach = (0.6 * length / CELLS as f64).max(1.5);
        let edges: Vec<Point> = (0..PLACES)
            .filter_map(|at| {
                let share = 0.08 + 0.84 * (at as f64 + 0.5) / PLACES as f64;
                let middle = (from.0 + share * dx, from.1 + share * dy);
                crossing(picture, middle, outwards, reach)
            })
            .collect();
        if edges.len() < PLACES / 2 {
            return None;
        }
        // Places that lie far off, as where a speck touches the edge, are left out the second time.
        let first = Self::through(&edges)?;
        let mut off: Vec<f64> = edges.iter().map(|&edge| first.distance(edge)).collect();
        off.sort_by(f64::total_cmp);
        let limit = (2.5 * off[off.len() / 2]).max(0.15);
        let near: Vec<Point> = edges.into_iter().filter(|&edge| first.distance(edge) <= limit).collect();
        Self::through(&near)
    }

    /// The line with the least squares of distances.
    fn through(points: &[Point]) -> Option<Self> {
        let count = points.len() as f64;
        let middle = (points.iter().map(|p| p.0).sum::<f64>() / count, points.iter().map(|p| p.1).sum::<f64>() / count);
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for (x, y) in points.iter().map(|p| (p.0 - middle.0, p.1 - middle.1)) {
            (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y);
        }
        // The direction of the larger eigenvalue of [[xx, xy], [xy, yy]].
        let half = (xx - yy) / 2.0;
        let root = (half * half + xy * xy).sqrt();
        let direction = if half >= 0.0 { (half + root, xy) } else { (xy, root - half) };
        let length = (direction.0 * direction.0 + direction.1 * direction.1).sqrt();
        (length > 0.0).then(|| Self { point: middle, direction: (direction.0 / length, direction.1 / length) })
    }

    fn distance(&self, point: Point) -> f64 {
        let (x, y) = (point.0 - self.point.0, point.1 - self.point.1);
        (x * self.direction.1 - y * self.direction.0).abs()
    }

    fn meets(&self, other: &Self) -> Option<Point> {
        let cross = self.direction.0 * other.direction.1 - self.direction.1 * other.direction.0;
        let (x, y) = (other.point.0 - self.point.0, other.point.1 - self.point.1);
        let along = (x * other.direction.1 - y * other.direction.0) / cross;
        (cross.abs() > 0.1)
            .then_some((self.point.0 + along * self.direction.0, self.point.1 + along * self.direction.1))
    }
}

/// Where the brightness along a short way across an edge passes the middle between both ends.
fn crossing(picture: &Sampler<'_>, middle: Point, outwards: Point, reach: f64) -> Option<Point> {
    const STEPS: i32 = 24;
    let at = |step: i32| {
        let along = reach * f64::from(step) / f64::from(STEPS);
        (middle.0 + along * outwards.0, middle.1 + along * outwards.1)
    };
    if !picture.holds(at(-STEPS)) || !picture.holds(at(STEPS)) {
        return None;
    }
    let values: Vec<f64> = (-STEPS..=STEPS).map(|step| picture.at(at(step))).collect();
    let end = values.len() / 6;
    let black = values[..end].iter().sum::<f64>() / end as f64;
    let white = values[values.len() - end..].iter().sum::<f64>() / end as f64;
    let level = black.midpoint(white);
    if white - black < LEAST_CONTRAST {
        return None;
    }
    let step = values.windows(2).position(|pair| pair[0] < level && pair[1] >= level)?;
    let share = (level - values[step]) / (values[step + 1] - values[step]);
    let (one, other) = (at(step as i32 - STEPS), at(step as i32 + 1 - STEPS));
    Some((one.0 + share * (other.0 - one.0), one.1 + share * (other.1 - one.1)))
}
