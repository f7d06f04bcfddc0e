//! Clusters of pictures of one class that are written alike: k-means (S. Lloyd 1982) on the ink, with the starting
//! points of k-means++ (D. Arthur, S. Vassilvitskii 2007), which finds rare forms since they lie far from all others.
//!
//! Products are those of mlp-core's kernels and all other sums run in the order of the pictures, so the clusters are
//! the same on every machine.

use mlp_core::kernels::{KernelPath, Kernels, Rows};
use mlp_core::random::Stream;
use ndarray::ArrayView1;

use crate::data::augment::{Paper, Shape};

/// Iterations of k-means at most; later ones would move few pictures.
const MOST_ITERATIONS: usize = 25;
/// Pictures whose products are computed at a time.
const CHUNK_ROWS: usize = 256;

/// The form of a picture, by which pictures are compared: its ink, blurred over 3 x 3 pixels, so that strokes a pixel
/// apart are alike, and scaled to length 1, so that faint ink is like strong ink.
pub(crate) fn form(shape: Shape, paper: Paper, pixels: &ArrayView1<'_, u8>) -> Vec<f32> {
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

/// The cluster, from 0 on, of each of the forms (N, `width`); at most `clusters`.
pub(crate) fn assign(
    forms: &[f32],
    width: usize,
    clusters: usize,
    stream: &mut Stream,
    path: KernelPath,
) -> Vec<usize> {
    let mut centers = starting_centers(forms, width, clusters, stream, path);
    let mut assigned = nearest(forms, width, &centers, path);
    for _ in 1..MOST_ITERATIONS {
        let mut counts = vec![0_u32; centers.len() / width];
        let mut sums = vec![0.0_f64; centers.len()];
        for (form, &cluster) in forms.chunks_exact(width).zip(&assigned) {
            counts[cluster] += 1;
            sums[cluster * width..][..width].iter_mut().zip(form).for_each(|(sum, &value)| *sum += f64::from(value));
        }
        for ((center, sum), &count) in centers.chunks_exact_mut(width).zip(sums.chunks_exact(width)).zip(&counts) {
            // The center of a cluster that has lost all its pictures stays where it is.
            if count > 0 {
                center.iter_mut().zip(sum).for_each(|(center, sum)| *center = (sum / f64::from(count)) as f32);
            }
        }
        let before = std::mem::replace(&mut assigned, nearest(forms, width, &centers, path));
        if before == assigned {
            break;
        }
    }
    assigned
}

/// Forms as starting centers (K, `width`): the first is drawn evenly, each other one with a probability that is
/// proportional to its squared distance from the nearest one before. K is smaller than `clusters` where there are not
/// as many different forms.
fn starting_centers(forms: &[f32], width: usize, clusters: usize, stream: &mut Stream, path: KernelPath) -> Vec<f32> {
    let count = forms.len() / width;
    let mut centers = Vec::with_capacity(clusters * width);
    let mut squares = vec![f64::INFINITY; count];
    let mut next = stream.below(count as u64) as usize;
    for _ in 0..clusters.min(count) {
        let center = &forms[next * width..][..width];
        centers.extend_from_slice(center);
        let products = products(forms, width, center, &[0.0], path);
        for (square, product) in squares.iter_mut().zip(products) {
            // The squared distance of two forms of length 1. Rounding may leave a form a distance from itself.
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
    centers
}

/// The center that each form lies nearest to; the first of equals.
fn nearest(forms: &[f32], width: usize, centers: &[f32], path: KernelPath) -> Vec<usize> {
    let count = centers.len() / width;
    let mut transposed = vec![0.0; centers.len()];
    let mut halves = vec![0.0; count];
    for (cluster, center) in centers.chunks_exact(width).enumerate() {
        for (place, &value) in center.iter().enumerate() {
            transposed[place * count + cluster] = value;
            halves[cluster] -= 0.5 * value * value;
        }
    }
    // The nearest has the largest product less half its own square.
    let products = products(forms, width, &transposed, &halves, path);
    let largest =
        |row: &[f32]| (1..count).fold(0, |best, cluster| if row[cluster] > row[best] { cluster } else { best });
    products.chunks_exact(count).map(largest).collect()
}

/// `forms w + bias` (N, K): w is (`width`, K).
fn products(forms: &[f32], width: usize, w: &[f32], bias: &[f32], path: KernelPath) -> Vec<f32> {
    let mut all = vec![0.0; forms.len() / width * bias.len()];
    for (forms, out) in forms.chunks(CHUNK_ROWS * width).zip(all.chunks_mut(CHUNK_ROWS * bias.len())) {
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
    fn a_rare_form_is_a_cluster_of_its_own_on_every_path() {
        // 60 upright bars in two neighbouring columns, 2 level ones in between.
        let level = |row: usize| row == 17 || row == 40;
        let forms: Vec<f32> = (0..62).flat_map(|row| bar(!level(row), 2 + row % 2, 100 + (row % 50) as u8)).collect();
        let mut found = Vec::new();
        for path in KernelPath::ALL.into_iter().filter(|path| path.is_available()) {
            let clusters = assign(&forms, 36, 3, &mut Stream::new(1, Purpose::Styles), path);
            for (row, cluster) in clusters.iter().enumerate() {
                assert_eq!(*cluster == clusters[17], level(row), "{row} on {}", path.name());
            }
            found.push(clusters);
        }
        assert!(found.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn there_are_no_more_clusters_than_forms() {
        let forms = [bar(true, 1, 9), bar(true, 1, 90), bar(false, 4, 50), vec![0.0; 36]].concat();
        let clusters = assign(&forms, 36, 60, &mut Stream::new(2, Purpose::Styles), KernelPath::Portable);
        assert!(clusters[0] == clusters[1] && clusters[0] != clusters[2]);
        assert_eq!(assign(&forms[..36], 36, 3, &mut Stream::new(2, Purpose::Styles), KernelPath::Portable), [0]);
    }
}
