//! Letters and signs as strokes in the unit square, y downwards. Those that look like digits are left out: b, g, i, l,
//! o, q, s, z and B, I, O, S, Z.

use std::f64::consts::PI;

/// Points joined by straight lines.
pub(super) type Stroke = Vec<(f64, f64)>;

/// Points of an arc between two points of a circle.
const ARC_POINTS: usize = 12;

/// A piece of a letter.
enum Part {
    /// To these points.
    Line(&'static [(f64, f64)]),
    /// Along an ellipse: centre, radii, first and last angle in degrees, clockwise from the right.
    Arc(f64, f64, f64, f64, f64, f64),
    /// The pen is lifted.
    Lift,
}

use Part::{Arc, Lift, Line};

/// How many letters there are.
pub(super) const COUNT: usize = LETTERS.len();

const LETTERS: &[&[Part]] = &[
    // Capitals: A C D E F G H J K L M N P Q R T U V W X Y.
    &[Line(&[(0.0, 1.0), (0.5, 0.0), (1.0, 1.0)]), Lift, Line(&[(0.2, 0.6), (0.8, 0.6)])],
    &[Arc(0.55, 0.5, 0.5, 0.5, -50.0, -310.0)],
    &[Line(&[(0.0, 1.0), (0.0, 0.0)]), Arc(0.3, 0.5, 0.65, 0.5, -90.0, 90.0), Line(&[(0.0, 1.0)])],
    &[Line(&[(1.0, 0.0), (0.0, 0.0), (0.0, 1.0), (1.0, 1.0)]), Lift, Line(&[(0.0, 0.5), (0.8, 0.5)])],
    &[Line(&[(1.0, 0.0), (0.0, 0.0), (0.0, 1.0)]), Lift, Line(&[(0.0, 0.5), (0.8, 0.5)])],
    &[Arc(0.5, 0.5, 0.5, 0.5, -50.0, -360.0), Line(&[(0.55, 0.5)])],
    &[Line(&[(0.0, 0.0), (0.0, 1.0)]), Lift, Line(&[(1.0, 0.0), (1.0, 1.0)]), Lift, Line(&[(0.0, 0.5), (1.0, 0.5)])],
    &[Line(&[(0.8, 0.0), (0.8, 0.7)]), Arc(0.45, 0.7, 0.35, 0.3, 0.0, 180.0)],
    &[Line(&[(0.0, 0.0), (0.0, 1.0)]), Lift, Line(&[(1.0, 0.0), (0.0, 0.55)]), Lift, Line(&[(0.3, 0.4), (1.0, 1.0)])],
    &[Line(&[(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)])],
    &[Line(&[(0.0, 1.0), (0.1, 0.0), (0.5, 0.7), (0.9, 0.0), (1.0, 1.0)])],
    &[Line(&[(0.0, 1.0), (0.0, 0.0), (1.0, 1.0), (1.0, 0.0)])],
    &[Line(&[(0.0, 1.0), (0.0, 0.0)]), Arc(0.45, 0.27, 0.5, 0.27, -90.0, 90.0), Line(&[(0.0, 0.54)])],
    &[Arc(0.5, 0.5, 0.5, 0.5, 0.0, 360.0), Lift, Line(&[(0.6, 0.65), (1.0, 1.05)])],
    &[
        Line(&[(0.0, 1.0), (0.0, 0.0)]),
        Arc(0.45, 0.27, 0.5, 0.27, -90.0, 90.0),
        Line(&[(0.0, 0.54)]),
        Lift,
        Line(&[(0.4, 0.54), (1.0, 1.0)]),
    ],
    &[Line(&[(0.0, 0.0), (1.0, 0.0)]), Lift, Line(&[(0.5, 0.0), (0.5, 1.0)])],
    &[Line(&[(0.0, 0.0)]), Arc(0.5, 0.6, 0.5, 0.4, 180.0, 0.0), Line(&[(1.0, 0.0)])],
    &[Line(&[(0.0, 0.0), (0.5, 1.0), (1.0, 0.0)])],
    &[Line(&[(0.0, 0.0), (0.25, 1.0), (0.5, 0.3), (0.75, 1.0), (1.0, 0.0)])],
    &[Line(&[(0.0, 0.0), (1.0, 1.0)]), Lift, Line(&[(1.0, 0.0), (0.0, 1.0)])],
    &[Line(&[(0.0, 0.0), (0.5, 0.5), (1.0, 0.0)]), Lift, Line(&[(0.5, 0.5), (0.5, 1.0)])],
    // Small ones: a d e f h k m n p r t u y j.
    &[Arc(0.45, 0.6, 0.45, 0.4, 0.0, 360.0), Lift, Line(&[(0.9, 0.2), (0.9, 1.0)])],
    &[Arc(0.45, 0.7, 0.45, 0.3, 0.0, 360.0), Lift, Line(&[(0.9, 0.0), (0.9, 1.0)])],
    &[Line(&[(0.05, 0.5), (0.95, 0.5)]), Arc(0.5, 0.5, 0.45, 0.5, 0.0, -300.0)],
    &[Arc(0.7, 0.2, 0.3, 0.2, -20.0, -180.0), Line(&[(0.4, 1.0)]), Lift, Line(&[(0.1, 0.4), (0.8, 0.4)])],
    &[Line(&[(0.0, 0.0), (0.0, 1.0)]), Lift, Arc(0.45, 0.65, 0.45, 0.25, 180.0, 360.0), Line(&[(0.9, 1.0)])],
    &[Line(&[(0.0, 0.0), (0.0, 1.0)]), Lift, Line(&[(0.8, 0.35), (0.0, 0.7)]), Lift, Line(&[(0.25, 0.6), (0.9, 1.0)])],
    &[
        Line(&[(0.0, 0.2), (0.0, 1.0)]),
        Lift,
        Arc(0.25, 0.5, 0.25, 0.25, 180.0, 360.0),
        Line(&[(0.5, 1.0)]),
        Lift,
        Arc(0.75, 0.5, 0.25, 0.25, 180.0, 360.0),
        Line(&[(1.0, 1.0)]),
    ],
    &[Line(&[(0.0, 0.1), (0.0, 1.0)]), Lift, Arc(0.45, 0.5, 0.45, 0.4, 180.0, 360.0), Line(&[(0.9, 1.0)])],
    &[Line(&[(0.0, 0.0), (0.0, 1.0)]), Lift, Arc(0.45, 0.3, 0.45, 0.3, 0.0, 360.0)],
    &[Line(&[(0.1, 0.1), (0.1, 1.0)]), Lift, Arc(0.5, 0.5, 0.4, 0.4, 180.0, 310.0)],
    &[Line(&[(0.5, 0.0)]), Arc(0.75, 0.8, 0.25, 0.2, 180.0, 60.0), Lift, Line(&[(0.1, 0.3), (0.9, 0.3)])],
    &[Line(&[(0.0, 0.1)]), Arc(0.45, 0.6, 0.45, 0.4, 180.0, 0.0), Line(&[(0.9, 0.1), (0.9, 1.0)])],
    &[Line(&[(0.0, 0.0), (0.5, 0.55)]), Lift, Line(&[(1.0, 0.0), (0.3, 1.0)])],
    &[Line(&[(0.6, 0.25)]), Arc(0.35, 0.8, 0.25, 0.2, 0.0, 140.0), Lift, Line(&[(0.6, 0.0), (0.62, 0.02)])],
    // Signs: square, triangle, plus, arrow, hash, tick.
    &[Line(&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)])],
    &[Line(&[(0.0, 1.0), (0.5, 0.0), (1.0, 1.0), (0.0, 1.0)])],
    &[Line(&[(0.0, 0.5), (1.0, 0.5)]), Lift, Line(&[(0.5, 0.0), (0.5, 1.0)])],
    &[Line(&[(0.0, 0.5), (1.0, 0.5)]), Lift, Line(&[(0.6, 0.1), (1.0, 0.5), (0.6, 0.9)])],
    &[
        Line(&[(0.3, 0.0), (0.2, 1.0)]),
        Lift,
        Line(&[(0.8, 0.0), (0.7, 1.0)]),
        Lift,
        Line(&[(0.0, 0.35), (1.0, 0.35)]),
        Lift,
        Line(&[(0.0, 0.7), (1.0, 0.7)]),
    ],
    &[Line(&[(0.0, 0.6), (0.35, 1.0), (1.0, 0.0)])],
];

/// The strokes of letter `at` (below [`COUNT`]).
pub(super) fn strokes(at: usize) -> Vec<Stroke> {
    let mut strokes = vec![Stroke::new()];
    for part in LETTERS[at] {
        let points: Stroke = match *part {
            Line(points) => points.to_vec(),
            Arc(x, y, radius_x, radius_y, from, to) => (0..ARC_POINTS)
                .map(|i| (from + (to - from) * i as f64 / (ARC_POINTS - 1) as f64) * PI / 180.0)
                .map(|angle| (x + radius_x * libm::cos(angle), y + radius_y * libm::sin(angle)))
                .collect(),
            Lift => {
                strokes.push(Stroke::new());
                continue;
            }
        };
        if let Some(stroke) = strokes.last_mut() {
            stroke.extend(points);
        }
    }
    strokes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_has_strokes_inside_its_square() {
        for at in 0..COUNT {
            for stroke in strokes(at) {
                assert!(stroke.len() >= 2, "letter {at}");
                assert!(stroke.iter().all(|(x, y)| (-0.06..=1.06).contains(x) && (-0.06..=1.06).contains(y)), "{at}");
            }
        }
    }
}
