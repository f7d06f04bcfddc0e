//! A part of a picture at another scale, along the axes.
//!
//! Each new pixel is a weighted mean of old ones under a tent: as wide as an old pixel when the picture grows (linear
//! interpolation), as wide as a new one when it shrinks, so that no ink falls between the samples. Beyond the border
//! lies white paper. Weights are f32; each sum runs over the columns from the left and over the rows from the top, so
//! equal pictures give equal bytes on every machine.

use crate::raster::GrayPicture;

/// Which part of an axis goes into how many new pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Span {
    /// Where the part begins, in old pixels; pixel `i` covers `i..i + 1`.
    pub start: f64,
    /// Its length in old pixels, above 0.
    pub length: f64,
    /// New pixels.
    pub count: u32,
}

struct Weights {
    first: usize,
    weights: Vec<f32>,
}

fn weights(span: Span, source_px: u32) -> Vec<Weights> {
    let scale = span.length / f64::from(span.count);
    let reach = scale.max(1.0);
    let of_one = |at: u32| {
        let centre = span.start + (f64::from(at) + 0.5) * scale - 0.5;
        let (low, high) = ((centre - reach).ceil() as i64, (centre + reach).floor() as i64);
        let tent = |i: i64| (1.0 - (i as f64 - centre).abs() / reach).max(0.0);
        let total: f64 = (low..=high).map(tent).sum();
        let (first, last) = (low.clamp(0, i64::from(source_px)), high.clamp(-1, i64::from(source_px) - 1));
        let inside: Vec<f32> = (first..=last).map(|i| (tent(i) / total) as f32).collect();
        Weights { first: first as usize, weights: inside }
    };
    (0..span.count).map(of_one).collect()
}

/// The part of `picture` under `columns` and `rows`, at their numbers of pixels.
pub(crate) fn resample(picture: &GrayPicture, columns: Span, rows: Span) -> GrayPicture {
    let (across, down) = (weights(columns, picture.width_px), weights(rows, picture.height_px));
    let width = columns.count as usize;
    // Ink, so that paper outside adds nothing.
    let mut narrow: Vec<f32> = Vec::with_capacity(width * picture.height_px as usize);
    for row in picture.rows() {
        narrow.extend(across.iter().map(|Weights { first, weights }| {
            let tail = row.get(*first..).unwrap_or_default();
            weights.iter().zip(tail).fold(0.0_f32, |sum, (weight, &value)| sum + weight * f32::from(255 - value))
        }));
    }
    let mut pixels = Vec::with_capacity(width * rows.count as usize);
    let mut total = vec![0.0_f32; width];
    for Weights { first, weights } in &down {
        total.fill(0.0);
        for (weight, row) in weights.iter().zip(narrow.chunks_exact(width).skip(*first)) {
            for (sum, value) in total.iter_mut().zip(row) {
                *sum += weight * value;
            }
        }
        pixels.extend(total.iter().map(|&ink| 255 - (ink + 0.5).min(255.0) as u8));
    }
    GrayPicture { width_px: columns.count, height_px: rows.count, pixels }
}
