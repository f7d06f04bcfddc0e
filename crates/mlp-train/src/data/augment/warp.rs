//! Sampling a picture at places between its pixels, once for all geometric augmentations.

use super::shape::Shape;

/// Paper around the picture, in pixels: places further out are moved there, where all four neighbours are paper.
const MARGIN: usize = 1;

/// Floats of a picture with its margin. One more column and row lie beyond the margin, so that the right and lower
/// neighbour of every place is there.
pub(crate) fn padded_len(shape: Shape) -> usize {
    padded_width(shape) * (shape.height + 2 * MARGIN + 1)
}

fn padded_width(shape: Shape) -> usize {
    shape.width + 2 * MARGIN + 1
}

/// Copies a picture into the middle of paper, which is 0.
pub(crate) fn pad(shape: Shape, ink: &[f32], padded: &mut [f32]) {
    padded.fill(0.0);
    let rows = padded.chunks_exact_mut(padded_width(shape)).skip(MARGIN);
    for (to, from) in rows.zip(ink.chunks_exact(shape.width)) {
        to[MARGIN..][..shape.width].copy_from_slice(from);
    }
}

/// Gives each pixel the value at its place plus its displacement (x of a whole row, then y of it), by bilinear
/// interpolation: first between left and right, then between above and below.
pub(crate) fn sample(shape: Shape, padded: &[f32], field: &[f32], out: &mut [f32]) {
    let Shape { width, height } = shape;
    let stride = padded_width(shape);
    let margin = MARGIN as f32;
    let (right, bottom) = ((width - 1) as f32 + 2.0 * margin, (height - 1) as f32 + 2.0 * margin);
    let rows = out.chunks_exact_mut(width).zip(field.chunks_exact(2 * width)).enumerate();
    for (y, (out, field)) in rows {
        let (dx, dy) = field.split_at(width);
        for (x, (out, (dx, dy))) in out.iter_mut().zip(dx.iter().zip(dy)).enumerate() {
            // min and max in this order also bring NaN into the range.
            let u = (x as f32 + dx + margin).max(0.0).min(right);
            let v = (y as f32 + dy + margin).max(0.0).min(bottom);
            let (left, top) = (u as usize, v as usize);
            let (a, b) = (u - left as f32, v - top as f32);
            let at = top * stride + left;
            let (above, below) = (&padded[at..at + 2], &padded[at + stride..at + stride + 2]);
            let upper = above[0] + a * (above[1] - above[0]);
            let lower = below[0] + a * (below[1] - below[0]);
            *out = upper + b * (lower - upper);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape { width: 3, height: 2 };

    /// Every pixel displaced alike.
    fn moved(dx: f32, dy: f32) -> Vec<f32> {
        let ink = [10.0, 20.0, 40.0, 50.0, 60.0, 80.0];
        let mut padded = vec![0.0; padded_len(SHAPE)];
        pad(SHAPE, &ink, &mut padded);
        let field: Vec<f32> = (0..12).map(|i| if i % 6 < 3 { dx } else { dy }).collect();
        let mut out = vec![f32::NAN; 6];
        sample(SHAPE, &padded, &field, &mut out);
        out
    }

    #[test]
    fn places_by_hand() {
        assert_eq!(moved(0.0, 0.0), [10.0, 20.0, 40.0, 50.0, 60.0, 80.0]);
        assert_eq!(moved(1.0, 0.0), [20.0, 40.0, 0.0, 60.0, 80.0, 0.0]);
        assert_eq!(moved(0.0, -1.0), [0.0, 0.0, 0.0, 10.0, 20.0, 40.0]);
        assert_eq!(moved(0.5, 0.0), [15.0, 30.0, 20.0, 55.0, 70.0, 40.0]);
        // (10 + 20 + 50 + 60) / 4 and so on; half of the lowest row's neighbours are paper.
        assert_eq!(moved(0.5, 0.5), [35.0, 50.0, 30.0, 27.5, 35.0, 20.0]);
        assert_eq!(moved(-0.25, 0.0), [7.5, 17.5, 35.0, 37.5, 57.5, 75.0]);
    }

    #[test]
    fn far_out_is_paper() {
        for far in [4.0, 5.5, 1e9, f32::INFINITY] {
            for (dx, dy) in [(far, 0.0), (-far, 0.0), (0.0, far), (0.0, -far), (far, -far)] {
                assert_eq!(moved(dx, dy), [0.0; 6], "{dx} {dy}");
            }
        }
    }
}
