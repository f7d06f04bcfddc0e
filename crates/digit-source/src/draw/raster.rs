//! How much of each pixel lies under ink.
//!
//! Strokes are measured by distance with nothing but the four operations and the square root, which IEEE 754 fixes to
//! the last bit; outlines are filled by tiny-skia in its scalar form. So the same digit covers the same pixels by the
//! same amount on every machine.

use anyhow::{Context, Result};
use tiny_skia::{FillRule, Mask, PathBuilder, Transform};

use digit_forms::Point;

use super::point::Dab;

/// The coverage of a picture's pixels, each 0..=1, row by row.
#[derive(Clone, Debug)]
pub(super) struct Coverage {
    width: usize,
    height: usize,
    shares: Vec<f64>,
}

impl Coverage {
    /// A picture without ink.
    pub(super) fn empty(width_px: u32, height_px: u32) -> Self {
        let (width, height) = (width_px as usize, height_px as usize);
        Self { width, height, shares: vec![0.0; width * height] }
    }

    /// The shares, row by row.
    pub(super) fn shares(&self) -> &[f64] {
        &self.shares
    }

    /// Lays the trail of a pen: discs and, between one disc and the next, all that lies between them. Positions and
    /// radii are in pixels, pixel (0, 0) having its centre at (0.5, 0.5); the edge fades over `edge_px`.
    pub(super) fn stroke(&mut self, dabs: &[Dab], edge_px: f64) {
        if let [dab] = dabs {
            self.capsule(*dab, *dab, edge_px);
        }
        for pair in dabs.windows(2) {
            self.capsule(pair[0], pair[1], edge_px);
        }
    }

    /// The radius changes evenly between the two ends. Where strokes lie over one another, the greater share counts.
    fn capsule(&mut self, from: Dab, to: Dab, edge_px: f64) {
        let reach = from.radius.max(to.radius) + edge_px;
        let span = |a: f64, b: f64, end: usize| {
            let first = (a.min(b) - reach - 0.5).floor().max(0.0) as usize;
            let last = (a.max(b) + reach + 0.5).ceil().max(0.0) as usize;
            first..last.min(end)
        };
        let along = to.centre - from.centre;
        let square = along.x * along.x + along.y * along.y;
        for row in span(from.centre.y, to.centre.y, self.height) {
            for column in span(from.centre.x, to.centre.x, self.width) {
                let at = Point { x: column as f64 + 0.5, y: row as f64 + 0.5 };
                let away = at - from.centre;
                let share =
                    if square > 0.0 { ((away.x * along.x + away.y * along.y) / square).clamp(0.0, 1.0) } else { 0.0 };
                let distance = (at - (from.centre + along * share)).length();
                let radius = from.radius + (to.radius - from.radius) * share;
                let covered = (0.5 + (radius - distance) / edge_px).clamp(0.0, 1.0);
                let pixel = &mut self.shares[row * self.width + column];
                *pixel = pixel.max(covered);
            }
        }
    }

    /// Fills closed contours, holes by direction (the non-zero rule). Positions are in pixels.
    pub(super) fn fill(&mut self, contours: &[Vec<Point>]) -> Result<()> {
        let mut path = PathBuilder::new();
        for contour in contours {
            let Some((first, rest)) = contour.split_first() else { continue };
            path.move_to(first.x as f32, first.y as f32);
            rest.iter().for_each(|point| path.line_to(point.x as f32, point.y as f32));
            path.close();
        }
        let path = path.finish().context("an outline without points cannot be filled")?;
        let mut mask = Mask::new(self.width as u32, self.height as u32)
            .with_context(|| format!("a canvas of {} x {} pixels cannot be filled", self.width, self.height))?;
        mask.fill_path(&path, FillRule::Winding, true, Transform::identity());
        for (share, &covered) in self.shares.iter_mut().zip(mask.data()) {
            *share = share.max(f64::from(covered) / 255.0);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dab(x: f64, y: f64, radius: f64) -> Dab {
        Dab { centre: Point { x, y }, radius }
    }

    #[test]
    fn a_level_stroke_covers_its_length_times_its_breadth() {
        let mut coverage = Coverage::empty(40, 20);
        coverage.stroke(&[dab(10.0, 10.2, 2.5), dab(30.0, 10.2, 2.5)], 1.0);
        let area: f64 = coverage.shares().iter().sum();
        let expected = 20.0 * 5.0 + std::f64::consts::PI * 2.5 * 2.5;
        assert!((area - expected).abs() < 1.0, "{area} {expected}");
    }

    #[test]
    fn a_square_outline_covers_its_area() {
        let mut coverage = Coverage::empty(20, 20);
        let corners = [(3.25, 4.0), (13.25, 4.0), (13.25, 14.0), (3.25, 14.0)];
        coverage.fill(&[corners.map(|(x, y)| Point { x, y }).to_vec()]).unwrap();
        let area: f64 = coverage.shares().iter().sum();
        assert!((area - 100.0).abs() < 1.0, "{area}");
        assert_eq!(coverage.shares()[20 * 9 + 8], 1.0);
        assert_eq!(coverage.shares()[0], 0.0);
    }

    #[test]
    fn ink_beyond_the_canvas_is_cut_off_without_harm() {
        let mut coverage = Coverage::empty(10, 10);
        coverage.stroke(&[dab(-20.0, -20.0, 2.0), dab(5.0, 5.0, 2.0), dab(50.0, 3.0, 2.0)], 1.0);
        assert!(coverage.shares().iter().all(|share| (0.0..=1.0).contains(share)));
    }

    #[test]
    fn an_outline_without_points_is_an_error() {
        assert!(Coverage::empty(5, 5).fill(&[]).is_err());
    }
}
