//! Smooth curves through knots, as polylines.

use crate::Point;

/// A polyline through the knots of one stroke, its points about `step` apart.
///
/// Between corners it is a centripetal Catmull-Rom spline (Yuksel, Schaefer, Keyser 2011), which neither loops nor
/// overshoots between knots that lie unevenly. A knot that stands twice in a row is a corner.
pub fn through(knots: &[Point], step: f64) -> Vec<Point> {
    let mut line: Vec<Point> = Vec::new();
    let mut start = 0;
    for end in 0..knots.len() {
        let corner = knots.get(end + 1) == Some(&knots[end]);
        if corner || end + 1 == knots.len() {
            smooth_piece(&knots[start..=end], step, &mut line);
            start = end + 1;
        }
    }
    line
}

fn smooth_piece(knots: &[Point], step: f64, line: &mut Vec<Point>) {
    let Some((&first, rest)) = knots.split_first() else { return };
    if line.last() != Some(&first) {
        line.push(first);
    }
    let knot = |index: usize| knots[index.min(knots.len() - 1)];
    for (i, &to) in rest.iter().enumerate() {
        let from = knots[i];
        // Beyond the ends the curve goes on as it was going.
        let before = if i == 0 { from + (from - to) } else { knots[i - 1] };
        let after = if i + 2 < knots.len() { knot(i + 2) } else { to + (to - from) };
        let count = ((to - from).length() / step).ceil().max(1.0) as usize;
        for k in 1..count {
            line.push(catmull_rom([before, from, to, after], k as f64 / count as f64));
        }
        line.push(to);
    }
}

/// The point at `share` of the way from the second to the third knot, by the pyramid of Barry and Goldman (1988).
fn catmull_rom([a, b, c, d]: [Point; 4], share: f64) -> Point {
    // Knots that coincide would divide by zero; this is far below a pixel.
    let interval = |from: Point, to: Point| (to - from).length().sqrt().max(1e-4);
    let t1 = interval(a, b);
    let t2 = t1 + interval(b, c);
    let t3 = t2 + interval(c, d);
    let t = t1 + (t2 - t1) * share;
    let mix = |p: Point, q: Point, from: f64, to: f64| p * ((to - t) / (to - from)) + q * ((t - from) / (to - from));
    let (ab, bc, cd) = (mix(a, b, 0.0, t1), mix(b, c, t1, t2), mix(c, d, t2, t3));
    mix(mix(ab, bc, 0.0, t2), mix(bc, cd, t1, t3), t1, t2)
}

/// The same line with points exactly `step` apart (the last piece may be shorter). A dot gives one point.
pub fn resample(line: &[Point], step: f64) -> Vec<Point> {
    let Some((&first, rest)) = line.split_first() else { return Vec::new() };
    let mut points = vec![first];
    let mut at = first;
    let mut missing = step;
    for &to in rest {
        let mut length = (to - at).length();
        while length >= missing {
            at = at + (to - at) * (missing / length);
            points.push(at);
            length -= missing;
            missing = step;
        }
        missing -= length;
        at = to;
    }
    if let Some(&last) = line.last()
        && points.last() != Some(&last)
    {
        points.push(last);
    }
    points
}

/// Rounds corners off: each point becomes the mean of the points up to `reach` before and after it, fewer near the
/// ends, which stay where they are.
pub fn round_off(line: &[Point], reach: usize) -> Vec<Point> {
    (0..line.len())
        .map(|i| {
            let near = reach.min(i).min(line.len() - 1 - i);
            let sum = line[i - near..=i + near].iter().fold(Point::default(), |sum, &point| sum + point);
            sum * (1.0 / (2 * near + 1) as f64)
        })
        .collect()
}

/// Lengthens the end of the line by `length`, straight on; a negative length cuts it off, but never more than a
/// quarter of the points. Points are `step` apart.
pub fn stretch_end(line: &mut Vec<Point>, length: f64, step: f64) {
    let count = (length.abs() / step) as usize;
    if length < 0.0 {
        line.truncate(line.len() - count.min(line.len() / 4));
        return;
    }
    // The direction over a few points, so that one crooked piece does not decide it.
    let Some(&[from, .., to]) = line.last_chunk::<4>() else { return };
    let direction = (to - from).unit();
    line.extend((1..=count).map(|k| to + direction * (step * k as f64)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(coordinates: &[(f64, f64)]) -> Vec<Point> {
        coordinates.iter().map(|&(x, y)| Point { x, y }).collect()
    }

    #[test]
    fn the_curve_passes_through_every_knot() {
        let knots = points(&[(0.0, 0.0), (10.0, 30.0), (12.0, 31.0), (40.0, 5.0)]);
        let line = through(&knots, 1.0);
        for knot in &knots {
            assert!(line.iter().any(|point| (*point - *knot).length() < 1e-9), "{knot:?}");
        }
    }

    #[test]
    fn between_two_corners_the_curve_is_straight() {
        let line = through(&points(&[(0.0, 0.0), (10.0, 0.0), (10.0, 0.0), (10.0, 20.0)]), 1.0);
        assert!(line.iter().all(|p| p.y.abs() < 1e-9 || (p.x - 10.0).abs() < 1e-9), "{line:?}");
        assert_eq!(line.len(), 31);
    }

    #[test]
    fn resampled_points_are_one_step_apart() {
        let line = resample(&points(&[(0.0, 0.0), (0.3, 0.0), (7.0, 0.0), (7.0, 2.5)]), 1.0);
        assert_eq!(line.len(), 11);
        for pair in line[..10].windows(2) {
            let length = (pair[1] - pair[0]).length();
            assert!(length <= 1.0 + 1e-9 && length > 0.7, "{length}");
        }
    }

    #[test]
    fn rounding_off_keeps_the_ends_and_cuts_the_corner() {
        let line = resample(&points(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]), 1.0);
        let round = round_off(&line, 3);
        assert_eq!((round[0], round[20]), (line[0], line[20]));
        assert!((round[10] - line[10]).length() > 0.5);
    }

    #[test]
    fn ends_grow_and_shrink() {
        let mut line = resample(&points(&[(0.0, 0.0), (20.0, 0.0)]), 1.0);
        stretch_end(&mut line, 3.0, 1.0);
        assert_eq!(line.last(), Some(&Point { x: 23.0, y: 0.0 }));
        stretch_end(&mut line, -4.0, 1.0);
        assert_eq!(line.last(), Some(&Point { x: 19.0, y: 0.0 }));
    }
}
