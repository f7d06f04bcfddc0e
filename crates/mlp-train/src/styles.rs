//! Parts pictures of one digit into styles of writing: k-means (S. Lloyd 1982) on what is inked, from starting points by
//! k-means++ (D. Arthur, S. Vassilvitskii 2007), which finds rare forms since they lie far from all others.
//!
//! Products are those of mlp-core's kernels and all other sums run in the order of the pictures, so the styles are the
//! same on every machine.

use mlp_core::kernels::{KernelPath, Kernels, Rows};
use mlp_core::random::Stream;
use ndarray::ArrayView1;

use crate::augment::{Paper, Shape};

/// Rounds of k-means; later ones move few pictures, and nothing depends on the last of them.
const ROUNDS: usize = 25;
/// Pictures whose products are taken at a time.
const CHUNK: usize = 256;

/// What of a picture is compared: its ink, blurred over 3 x 3 pixels, so that strokes a pixel apart are alike, and of
/// length 1, so that faint ones are like strong ones.
pub fn form(shape: Shape, paper: Paper, pixels: &ArrayView1<'_, u8>) -> Vec<f32> {
    let Shape { width, height } = shape;
    let mut ink = vec![0.0; width * height];
    paper.to_ink(pixels, &mut ink);
    let around = |at: usize, side: usize| at.saturating_sub(1)..(at + 2).min(side);
    let mut form: Vec<f32> = (0..width * height)
        .map(|at| {
            let (rows, columns) = (around(at / width, height), around(at % width, width));
            rows.flat_map(|y| columns.clone().map(move |x| y * width + x)).fold(0.0, |sum, near| sum + ink[near])
        })
        .collect();
    let length = form.iter().fold(0.0, |sum: f32, value| sum + value * value).sqrt();
    if length > 0.0 {
        form.iter_mut().for_each(|value| *value /= length);
    }
    form
}

/// The style, from 0 on, of each of the forms (N, `width`); at most `styles`.
pub fn part(forms: &[f32], width: usize, styles: usize, stream: &mut Stream, path: KernelPath) -> Vec<usize> {
    let mut middles = begin(forms, width, styles, stream, path);
    let mut chosen = nearest(forms, width, &middles, path);
    for _ in 1..ROUNDS {
        let mut counts = vec![0_u32; middles.len() / width];
        let mut sums = vec![0.0_f64; middles.len()];
        for (form, &style) in forms.chunks_exact(width).zip(&chosen) {
            counts[style] += 1;
            sums[style * width..][..width].iter_mut().zip(form).for_each(|(sum, &value)| *sum += f64::from(value));
        }
        for ((middle, sum), &count) in middles.chunks_exact_mut(width).zip(sums.chunks_exact(width)).zip(&counts) {
            // A style that has lost all its pictures stays where it is.
            if count > 0 {
                middle.iter_mut().zip(sum).for_each(|(middle, sum)| *middle = (sum / f64::from(count)) as f32);
            }
        }
        let before = std::mem::replace(&mut chosen, nearest(forms, width, &middles, path));
        if before == chosen {
            break;
        }
    }
    chosen
}

/// Forms to begin with (K, `width`): the first by chance, each other one the likelier the farther it lies from those
/// before. Fewer where there are not as many different ones.
fn begin(forms: &[f32], width: usize, styles: usize, stream: &mut Stream, path: KernelPath) -> Vec<f32> {
    let count = forms.len() / width;
    let mut middles = Vec::with_capacity(styles * width);
    let mut squares = vec![f64::INFINITY; count];
    let mut next = stream.below(count as u64) as usize;
    for _ in 0..styles.min(count) {
        let middle = &forms[next * width..][..width];
        middles.extend_from_slice(middle);
        let products = products(forms, width, middle, &[0.0], path);
        for (square, product) in squares.iter_mut().zip(products) {
            // Of two forms of length 1. What rounding leaves of a form's distance from itself is none.
            let this = 2.0 - 2.0 * f64::from(product);
            *square = square.min(if this > 1e-5 { this } else { 0.0 });
        }
        let all: f64 = squares.iter().fold(0.0, |sum, square| sum + square);
        if all == 0.0 {
            break;
        }
        let target = stream.uniform() * all;
        let mut sum = 0.0;
        let past = squares.iter().position(|square| {
            sum += square;
            sum > target
        });
        next = past.unwrap_or(count - 1);
    }
    middles
}

/// The middle that each form lies nearest to; the first of equals.
fn nearest(forms: &[f32], width: usize, middles: &[f32], path: KernelPath) -> Vec<usize> {
    let count = middles.len() / width;
    let mut turned = vec![0.0; middles.len()];
    let mut halves = vec![0.0; count];
    for (style, middle) in middles.chunks_exact(width).enumerate() {
        for (place, &value) in middle.iter().enumerate() {
            turned[place * count + style] = value;
            halves[style] -= 0.5 * value * value;
        }
    }
    // The nearest has the largest product less half its own square.
    let products = products(forms, width, &turned, &halves, path);
    let largest = |row: &[f32]| (1..count).fold(0, |best, style| if row[style] > row[best] { style } else { best });
    products.chunks_exact(count).map(largest).collect()
}

/// `forms w + bias` (N, K): w is (`width`, K).
fn products(forms: &[f32], width: usize, w: &[f32], bias: &[f32], path: KernelPath) -> Vec<f32> {
    let mut all = vec![0.0; forms.len() / width * bias.len()];
    for (forms, out) in forms.chunks(CHUNK * width).zip(all.chunks_mut(CHUNK * bias.len())) {
        Kernels::new(path).forward(Rows { data: forms, width, index: None }, w, bias, out);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_core::random::Purpose;

    const SHAPE: Shape = Shape { width: 6, height: 6 };

    /// A bar of ink in column or row `at`, of some strength.
    fn bar(upright: bool, at: usize, ink: u8) -> Vec<f32> {
        let pixels = ndarray::Array1::from_shape_fn(36, |pixel| {
            if (if upright { pixel % 6 } else { pixel / 6 }) == at { 255 - ink } else { 255 }
        });
        let paper = Paper::of_border(SHAPE, std::iter::empty());
        form(SHAPE, paper, &pixels.view())
    }

    #[test]
    fn forms_have_length_one_whatever_the_ink() {
        let (strong, faint) = (bar(true, 2, 200), bar(true, 2, 100));
        assert!((strong.iter().map(|v| v * v).sum::<f32>() - 1.0).abs() < 1e-6);
        assert!(strong.iter().zip(&faint).all(|(a, b)| (a - b).abs() < 1e-6));
        assert!(strong[1] > 0.0 && strong[4] == 0.0, "a pixel wider than the bar, and no more");
        assert_eq!(bar(true, 2, 0), [0.0; 36]);
    }

    #[test]
    fn a_rare_form_is_a_style_of_its_own_on_every_path() {
        // 60 upright bars in two neighbouring columns, 2 level ones in between.
        let level = |row: usize| row == 17 || row == 40;
        let forms: Vec<f32> = (0..62).flat_map(|row| bar(!level(row), 2 + row % 2, 100 + (row % 50) as u8)).collect();
        let mut found = Vec::new();
        for path in KernelPath::ALL.into_iter().filter(|path| path.is_available()) {
            let styles = part(&forms, 36, 3, &mut Stream::new(1, Purpose::Styles), path);
            for (row, style) in styles.iter().enumerate() {
                assert_eq!(*style == styles[17], level(row), "{row} on {}", path.name());
            }
            found.push(styles);
        }
        assert!(found.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn there_are_no_more_styles_than_forms() {
        let forms = [bar(true, 1, 9), bar(true, 1, 90), bar(false, 4, 50), vec![0.0; 36]].concat();
        let styles = part(&forms, 36, 60, &mut Stream::new(2, Purpose::Styles), KernelPath::Portable);
        assert!(styles[0] == styles[1] && styles[0] != styles[2]);
        assert_eq!(part(&forms[..36], 36, 3, &mut Stream::new(2, Purpose::Styles), KernelPath::Portable), [0]);
    }
}
