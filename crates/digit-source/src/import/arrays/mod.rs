//! Digits in arrays: pictures in one, labels in another, as NumPy and MATLAB save them.
//!
//! | file | arrays |
//! |---|---|
//! | Keras' `mnist.npz` | `x_train` (60000x28x28), `y_train` (60000), `x_test`, `y_test` |
//! | SVHN's `train_32x32.mat` | `X` (32x32x3xN), `y` (Nx1) with 10 for 0 |
//! | `ex3data1.mat` | `X` (5000x400), each picture column by column, `y` (5000x1) with 10 for 0 |

mod array;
mod mat;
mod npy;
mod pair;

use stage_files::refuse;
use stage_files::rejected::Rejected;

use self::array::Array;
use self::pair::Pair;
use super::gather::{Item, Pictures};
use super::kind::Kind;
use super::names::Names;
use super::scale::{self, Extremes, Range};
use super::table::{Found, Options, shape};

/// The pictures of a file of arrays.
///
/// # Errors
/// What makes the file unreadable or ambiguous; a picture with a value outside of the range is rejected.
pub(super) fn read(kind: Kind, bytes: &[u8], options: &Options) -> anyhow::Result<(Pictures, Found)> {
    let arrays = arrays(kind, bytes)?;
    if let [only] = &arrays[..] {
        refuse!(
            "it holds {} only; expected pictures and labels in one file, as numpy.savez(\"digits.npz\", images=.., \
             labels=..) writes it, or two files: `digit-source import idx IMAGES LABELS OUT`",
            only.described()
        );
    }
    of_arrays(&arrays, options)
}

fn arrays(kind: Kind, bytes: &[u8]) -> anyhow::Result<Vec<Array>> {
    match kind {
        Kind::Mat => mat::read_mat(bytes),
        Kind::Zip => npy::read_npz(bytes),
        _ => Ok(vec![npy::read_npy("", bytes)?]),
    }
}

/// The pictures of one file with the labels of another, such as two `.npy`.
///
/// # Errors
/// As [`read`], and files of more than one array each.
pub(super) fn read_two(images: (Kind, &[u8]), labels: (Kind, &[u8])) -> anyhow::Result<(Pictures, Found)> {
    let (mut both, mut labels) = (arrays(images.0, images.1)?, arrays(labels.0, labels.1)?);
    let ([images], [_]) = (&mut both[..], &labels[..]) else {
        refuse!("expected one array in each file; a file of both is read by `digit-source import csv FILE OUT`");
    };
    if images.shape.len() == 1 && labels[0].shape.len() > 1 {
        refuse!("the first file holds labels and the second one pictures; swap the two: IMAGES LABELS OUT");
    }
    "images".clone_into(&mut images.name);
    both.append(&mut labels);
    "labels".clone_into(&mut both[1].name);
    let names = Names { images: Some("images".into()), labels: Some("labels".into()) };
    of_arrays(&both, &Options { arrays: names, ..Options::default() })
}

fn of_arrays(arrays: &[Array], options: &Options) -> anyhow::Result<(Pictures, Found)> {
    let pair = pair::find(arrays, &options.arrays)?;
    let picture = Picture::of(&pair, options)?;
    let range = match options.range {
        Some(range) => range,
        None => {
            let extremes = (0..picture.count).filter_map(|n| Extremes::of(picture.values(pair.images, n)));
            scale::find(&extremes.collect::<Vec<_>>()).or_else(|reason| refuse!("{reason}"))?
        }
    };
    let unused = |array: &&Array| !std::ptr::eq(*array, pair.images) && !std::ptr::eq(*array, pair.labels);
    let others: Vec<String> = arrays.iter().filter(unused).map(Array::described).collect();
    let mut found = vec![
        ("images", pair.images.described()),
        ("label", pair.labels.described()),
        ("pixels", format!("{}x{}, {range}{}", picture.width_px, picture.height_px, picture.colour_words())),
    ];
    if !others.is_empty() {
        found.push(("passed_over", others.join(", ")));
    }
    Ok((picture.pictures(&pair, &range), found))
}

/// Where the values of a picture stand in an array.
struct Picture {
    count: usize,
    /// From one picture to the next.
    step: usize,
    width_px: u32,
    height_px: u32,
    /// The first value of each pixel, row by row.
    pixels: Vec<usize>,
    /// From one colour to the next, where there are three.
    colour: Option<usize>,
}

impl Picture {
    fn of(pair: &Pair<'_>, options: &Options) -> anyhow::Result<Self> {
        let Pair { images, axis, .. } = *pair;
        let strides = images.strides();
        let mut axes: Vec<(usize, usize)> = (0..strides.len())
            .filter(|&k| k != axis && images.shape[k] != 1)
            .map(|k| (images.shape[k], strides[k]))
            .collect();
        let mut colour = None;
        if let [(3, step), _, _] | [_, _, (3, step)] = axes[..] {
            colour = Some(step);
            axes.retain(|&axis| axis != (3, step));
        }
        let ((width_px, height_px), pixels) = match axes[..] {
            [(pixels, step)] => (shape(pixels, options.width_px, &[])?, (0..pixels).map(|p| p * step).collect()),
            [(rows, down), (columns, right)] => {
                let pixels = (0..rows * columns).map(|p| p / columns * down + p % columns * right);
                ((columns as u32, rows as u32), pixels.collect())
            }
            _ => refuse!(
                "{}: expected pictures of rows and columns, gray or in three colours; give another array with --images",
                images.described()
            ),
        };
        Ok(Self { count: images.shape[axis], step: strides[axis], width_px, height_px, pixels, colour })
    }

    /// Gray values of picture `n`; of colours, the luminance (ITU-R BT.601).
    fn values<'a>(&'a self, images: &'a Array, n: usize) -> impl Iterator<Item = f32> + 'a {
        self.pixels.iter().map(move |pixel| {
            let at = n * self.step + pixel;
            match self.colour {
                None => images.value(at),
                Some(step) => {
                    let [red, green, blue] = [0, 1, 2].map(|k| images.value(at + k * step));
                    (0.299 * red + 0.587 * green + 0.114 * blue).min(red.max(green).max(blue))
                }
            }
        })
    }

    fn colour_words(&self) -> &'static str {
        if self.colour.is_some() { ", colours made gray" } else { "" }
    }

    fn pictures(&self, pair: &Pair<'_>, range: &Range) -> Pictures {
        let digits = (self.count.max(1) - 1).to_string().len();
        let (mut items, mut rejected) = (Vec::new(), Vec::new());
        for n in 0..self.count {
            let source = format!("item {n}");
            let bad = self.values(pair.images, n).find(|&value| !range.holds(value));
            match (label(pair.labels, n), bad) {
                (Err(reason), _) => rejected.push(Rejected { source, reason }),
                (_, Some(value)) => {
                    rejected.push(Rejected { source, reason: format!("expected numbers {range}, found {value}") });
                }
                (Ok(label), None) => {
                    let levels = self.values(pair.images, n).map(|value| range.level(value)).collect();
                    items.push(Item { source, id: format!("i{n:0digits$}"), label, levels, width_px: None });
                }
            }
        }
        let (width_px, height_px) = (self.width_px, self.height_px);
        Pictures { width_px, height_px, items, rejected, label_place: pair.labels.name.clone() }
    }
}

/// The n-th label: a number, or the column of the 1 among ten.
fn label(labels: &Array, n: usize) -> Result<i64, String> {
    let strides = labels.strides();
    if let [_, 10] = labels.shape[..]
        && labels.shape != [1, 10]
    {
        let row: Vec<f32> = (0..10).map(|k| labels.value(n * strides[0] + k * strides[1])).collect();
        let ones = row.iter().filter(|&&v| v == 1.0).count();
        let zeros = row.iter().filter(|&&v| v == 0.0).count();
        return match row.iter().position(|&v| v == 1.0) {
            Some(digit) if ones == 1 && zeros == 9 => Ok(digit as i64),
            _ => Err(format!("expected one 1 and nine 0 as a label, found {row:?}")),
        };
    }
    let value = labels.value(n);
    if value.fract() == 0.0 && value.abs() < 1e6 {
        Ok(value as i64)
    } else {
        Err(format!("expected a label 0..9, found {value}"))
    }
}

#[cfg(test)]
mod tests;
