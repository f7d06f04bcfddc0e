//! The way from a plane to its photograph: a homography, fitted to more points than it needs.

/// Maps points of a plane to points of its photograph.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Homography([f64; 9]);

type Point = (f64, f64);

impl Homography {
    /// The homography that maps each first point to the second one, with the least sum of squares of its linear
    /// equations (direct linear transformation; Hartley and Zisserman, Multiple View Geometry, 4.1), after both planes
    /// were moved and scaled to about 1. `None` for points on a line.
    pub(crate) fn fit(pairs: &[(Point, Point)]) -> Option<Self> {
        let from = Scale::of(pairs.iter().map(|pair| pair.0));
        let to = Scale::of(pairs.iter().map(|pair| pair.1));
        // Eight unknowns, the ninth being 1: the normal equations, with the right side in the last column.
        let mut equations = [[0.0; 9]; 8];
        for &(a, b) in pairs {
            let ((x, y), (u, v)) = (from.apply(a), to.apply(b));
            for row in [[x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u], [0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v]] {
                for (i, equation) in equations.iter_mut().enumerate() {
                    equation.iter_mut().zip(row).for_each(|(sum, value)| *sum += row[i] * value);
                }
            }
        }
        let h = solved(equations)?;
        let normal = Self([h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], 1.0]);
        let back = Self([1.0 / to.factor, 0.0, to.middle.0, 0.0, 1.0 / to.factor, to.middle.1, 0.0, 0.0, 1.0]);
        let there = Self([
            from.factor,
            0.0,
            -from.factor * from.middle.0,
            0.0,
            from.factor,
            -from.factor * from.middle.1,
            0.0,
            0.0,
            1.0,
        ]);
        Some(back.after(&normal.after(&there)))
    }

    /// Where a point comes to lie.
    pub(crate) fn apply(&self, (x, y): Point) -> Point {
        let h = &self.0;
        let w = h[6] * x + h[7] * y + h[8];
        ((h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w)
    }

    /// How far a fitted homography misses the pair that it misses most.
    pub(crate) fn worst(&self, pairs: &[(Point, Point)]) -> f64 {
        let missed = pairs.iter().map(|&(from, to)| {
            let (x, y) = self.apply(from);
            (x - to.0).hypot(y - to.1)
        });
        missed.fold(0.0, f64::max)
    }

    fn after(&self, first: &Self) -> Self {
        let (a, b) = (&self.0, &first.0);
        Self(std::array::from_fn(|at| (0..3).map(|k| a[at / 3 * 3 + k] * b[3 * k + at % 3]).sum()))
    }
}

/// Moves and scales points to about 1.
struct Scale {
    middle: Point,
    factor: f64,
}

impl Scale {
    fn of(points: impl Iterator<Item = Point> + Clone) -> Self {
        let count = points.clone().count().max(1) as f64;
        let sum = points.clone().fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
        let middle = (sum.0 / count, sum.1 / count);
        let far = points.map(|point| (point.0 - middle.0).abs() + (point.1 - middle.1).abs()).sum::<f64>() / count;
        Self { middle, factor: 1.0 / far.max(1e-9) }
    }

    fn apply(&self, point: Point) -> Point {
        ((point.0 - self.middle.0) * self.factor, (point.1 - self.middle.1) * self.factor)
    }
}

/// The solution of linear equations by elimination with pivots.
fn solved(mut rows: [[f64; 9]; 8]) -> Option<[f64; 8]> {
    for at in 0..8 {
        let pivot = (at..8).max_by(|&a, &b| rows[a][at].abs().total_cmp(&rows[b][at].abs()))?;
        if rows[pivot][at].abs() < 1e-12 {
            return None;
        }
        rows.swap(at, pivot);
        let own = rows[at];
        for row in rows.iter_mut().skip(at + 1) {
            let share = row[at] / own[at];
            row.iter_mut().zip(own).for_each(|(value, own)| *value -= share * own);
        }
    }
    let mut solution = [0.0; 8];
    for at in (0..8).rev() {
        let known: f64 = (at + 1..8).map(|other| rows[at][other] * solution[other]).sum();
        solution[at] = (rows[at][8] - known) / rows[at][at];
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever view of a sheet: the corners of its marks give the way back to every place on it.
        #[test]
        fn sixteen_corners_give_the_view_of_the_sheet(
            slopes in prop::array::uniform4(-4.0..4.0_f64),
            sizes in prop::array::uniform2(4.0..20.0_f64),
            shift in prop::array::uniform2(-2000.0..2000.0_f64),
            lean in prop::array::uniform2(-0.0012..0.0012_f64),
        ) {
            let [a, b, ..] = slopes;
            let truth = Homography([sizes[0], a, shift[0], b, sizes[1], shift[1], lean[0], lean[1], 1.0]);
            prop_assume!((sizes[0] * sizes[1] - a * b).abs() > 4.0);
            let marks = [(10.0, 10.0), (188.0, 10.0), (188.0, 275.0), (10.0, 275.0)];
            let corners = marks.into_iter().flat_map(|(x, y)| {
                [(0.0, 0.0), (12.0, 0.0), (12.0, 12.0), (0.0, 12.0)].map(|(dx, dy)| (x + dx, y + dy))
            });
            let pairs: Vec<_> = corners.map(|corner| (corner, truth.apply(corner))).collect();
            let fitted = Homography::fit(&pairs).unwrap();
            prop_assert!(fitted.worst(&pairs) < 1e-3);
            for place in [(0.0, 0.0), (210.0, 0.0), (105.0, 148.5), (30.0, 250.0)] {
                let (found, expected) = (fitted.apply(place), truth.apply(place));
                prop_assert!((found.0 - expected.0).hypot(found.1 - expected.1) < 1e-2, "{found:?} {expected:?}");
            }
        }
    }

    #[test]
    fn a_fitted_homography_maps_as_the_true_one() {
        let truth = Homography([9.0, 0.8, 120.0, -0.5, 10.0, 80.0, 0.0004, 0.0007, 1.0]);
        let points = [(10.0, 10.0), (190.0, 12.0), (200.0, 280.0), (9.0, 270.0), (60.0, 100.0), (150.0, 220.0)];
        let pairs: Vec<_> = points.iter().map(|&point| (point, truth.apply(point))).collect();
        let fitted = Homography::fit(&pairs).unwrap();
        for point in [(0.0, 0.0), (210.0, 297.0), (100.0, 150.0)] {
            let (found, expected) = (fitted.apply(point), truth.apply(point));
            assert!(
                (found.0 - expected.0).abs() < 1e-6 && (found.1 - expected.1).abs() < 1e-6,
                "{found:?} {expected:?}"
            );
        }
        let on_a_line: Vec<_> = (0..5).map(|at| ((f64::from(at), 0.0), (f64::from(at), 0.0))).collect();
        assert!(Homography::fit(&on_a_line).is_none());
    }
}
