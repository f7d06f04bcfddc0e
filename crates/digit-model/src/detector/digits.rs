//! Digits as strokes in the unit square, y downwards.

use digit_forms::{HEIGHT, Point, WIDTH, curve, forms};
use mlp_core::random::Stream;

use super::letters::Stroke;

/// Rare forms come at least this often beside the others: strangers may have them.
const MIN_WEIGHT: f64 = 1.0;
/// How far a knot is moved, in hundredths of a digit's height (standard deviation).
const MOVE: f64 = 2.0;
/// Distance of the points of a stroke, in hundredths of a digit's height.
const STEP: f64 = 8.0;

/// The strokes of one of the forms of a digit, a little different each time.
pub(super) fn strokes(digit: u8, stream: &mut Stream) -> Vec<Stroke> {
    let forms = forms(digit);
    let weight = |at: usize| forms[at].weight.max(MIN_WEIGHT);
    let mut left = stream.uniform() * (0..forms.len()).map(weight).sum::<f64>();
    let mut at = 0;
    while at + 1 < forms.len() && left >= weight(at) {
        left -= weight(at);
        at += 1;
    }
    forms[at].strokes.iter().map(|knots| line(knots, stream)).collect()
}

fn line(knots: &[(i16, i16)], stream: &mut Stream) -> Stroke {
    let mut moved: Vec<Point> = Vec::with_capacity(knots.len());
    for (at, &knot) in knots.iter().enumerate() {
        let point = match moved.last() {
            // Both halves of a corner move together.
            Some(&corner) if knots[at - 1] == knot => corner,
            _ => Point::from(knot) + Point { x: MOVE * stream.normal(), y: MOVE * stream.normal() },
        };
        moved.push(point);
    }
    curve::through(&moved, STEP).into_iter().map(|point| (point.x / WIDTH, point.y / HEIGHT)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_core::random::Purpose;

    #[test]
    fn every_digit_has_many_strokes_about_its_square() {
        let mut stream = Stream::new(1, Purpose::Augmentation);
        for digit in 0..10 {
            let mut all: Vec<_> = (0..50).map(|_| strokes(digit, &mut stream)).collect();
            for stroke in all.iter().flatten() {
                assert!(stroke.len() >= 2, "{digit}");
                assert!(stroke.iter().all(|(x, y)| (-0.5..1.5).contains(x) && (-0.3..1.3).contains(y)), "{digit}");
            }
            all.dedup();
            assert_eq!(all.len(), 50);
        }
    }
}
