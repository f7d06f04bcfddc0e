//! Thicker and thinner strokes.
//!
//! A stroke whose edge moves outwards by a whole pixel takes in every pixel that has ink beside it: the greatest ink of
//! the pixel and its four neighbours. Moving inwards, the least. A fraction of a pixel lies between the picture as it
//! is and that.

use super::shape::Shape;

/// Moves the edges of strokes outwards by `edge_px` (inwards when negative), at most 1 px. `room` is as large as the
/// picture. Beyond the picture is paper, 0.
pub(crate) fn change(shape: Shape, edge_px: f32, ink: &mut [f32], room: &mut [f32]) {
    let Shape { width, height } = shape;
    let before = &mut room[..width * height];
    before.copy_from_slice(ink);
    let pick = |a: f32, b: f32| if edge_px > 0.0 { a.max(b) } else { a.min(b) };
    let share = edge_px.abs();
    for y in 0..height {
        for x in 0..width {
            let at = y * width + x;
            let neighbour = |there: bool, at: usize| if there { before[at] } else { 0.0 };
            let sides = pick(neighbour(x > 0, at.wrapping_sub(1)), neighbour(x + 1 < width, at + 1));
            let ends = pick(neighbour(y > 0, at.wrapping_sub(width)), neighbour(y + 1 < height, at + width));
            let moved = pick(before[at], pick(sides, ends));
            ink[at] = before[at] + share * (moved - before[at]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape { width: 3, height: 3 };

    fn changed(edge_px: f32, mut ink: [f32; 9]) -> [f32; 9] {
        change(SHAPE, edge_px, &mut ink, &mut [0.0; 18]);
        ink
    }

    #[test]
    fn strokes_grow_and_shrink_by_hand() {
        let dot = [0.0, 0.0, 0.0, 0.0, 8.0, 0.0, 0.0, 0.0, 0.0];
        assert_eq!(changed(0.0, dot), dot);
        assert_eq!(changed(1.0, dot), [0.0, 8.0, 0.0, 8.0, 8.0, 8.0, 0.0, 8.0, 0.0]);
        assert_eq!(changed(0.25, dot), [0.0, 2.0, 0.0, 2.0, 8.0, 2.0, 0.0, 2.0, 0.0]);
        assert_eq!(changed(-1.0, dot), [0.0; 9]);
        // A column of ink two pixels wide at the right border: beyond the border is paper, so both its sides lose.
        let bar = [0.0, 8.0, 8.0, 0.0, 8.0, 8.0, 0.0, 8.0, 8.0];
        assert_eq!(changed(-0.5, bar), [0.0, 4.0, 4.0, 0.0, 4.0, 4.0, 0.0, 4.0, 4.0]);
        assert_eq!(changed(0.5, bar), [4.0, 8.0, 8.0, 4.0, 8.0, 8.0, 4.0, 8.0, 8.0]);
    }
}
