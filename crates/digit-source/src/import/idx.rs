//! The IDX format of the MNIST files: a magic number, big-endian sizes, then the data. Plain or packed.
//!
//! Layout: two zero bytes, type (8 = unsigned byte, 12 = 32-bit integer), number of dimensions, each size as u32, the
//! data in row order (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits"). The labels of QMNIST
//! are a matrix of integers whose first column is the label (C. Yadav, L. Bottou, "Cold case: the lost MNIST digits",
//! 2019).

use std::path::Path;

use anyhow::Context;
use stage_files::refuse;

use super::gather::{Item, Pictures, Request};
use super::kind::{Kind, kind};
use super::unpack::unpacked;
use crate::folder::{Job, Made, Planned, file_input};

/// Pictures with their labels, as the two files hold them.
pub struct IdxSet {
    /// Columns of each picture.
    pub width_px: usize,
    /// Rows of each picture.
    pub height_px: usize,
    /// All pictures, one after the other, row by row.
    pub pixels: Vec<u8>,
    /// A label for each picture.
    pub labels: Vec<i64>,
}

impl IdxSet {
    /// The pixels of picture `i`.
    pub fn picture(&self, i: usize) -> &[u8] {
        let size = self.width_px * self.height_px;
        &self.pixels[i * size..(i + 1) * size]
    }

    /// No `-` in the ids: who wrote a digit is not known, so no writer is named.
    fn pictures(self) -> Pictures {
        let digits = (self.labels.len().max(1) - 1).to_string().len();
        let item = |(i, &label): (usize, &i64)| Item {
            source: format!("item {i}"),
            id: format!("i{i:0digits$}"),
            label,
            levels: self.picture(i).to_vec(),
            width_px: None,
        };
        Pictures {
            width_px: self.width_px as u32,
            height_px: self.height_px as u32,
            items: self.labels.iter().enumerate().map(item).collect(),
            rejected: Vec::new(),
            label_place: String::new(),
        }
    }

    /// Reads the two files; each must be exactly as long as its header says, and both must agree.
    pub fn parse(images: &[u8], labels: &[u8]) -> anyhow::Result<Self> {
        let is_labels = |bytes| matches!(kind(bytes), Some(Kind::Idx(8, 1) | Kind::Idx(12, 2)));
        if is_labels(images) && matches!(kind(labels), Some(Kind::Idx(8, 3))) {
            refuse!("the first file holds labels and the second one pictures; swap the two: IMAGES LABELS OUT");
        }
        let (sizes, pixels) = data::<3>(images, 1).context("the images file")?;
        let labels = label_numbers(labels).context("the labels file")?;
        if labels.len() != sizes[0] {
            refuse!(
                "the files do not belong together: {} images but {} labels; give the two of one set, as both train-.. \
                 or both t10k-..",
                sizes[0],
                labels.len()
            );
        }
        if sizes[1] == 0 || sizes[2] == 0 {
            refuse!("the images file declares pictures of {}x{} pixels; expected at least 1x1", sizes[2], sizes[1]);
        }
        Ok(Self { width_px: sizes[2], height_px: sizes[1], pixels: pixels.to_vec(), labels })
    }
}

#[cfg(feature = "arrays")]
fn arrays(images: (Kind, &[u8]), labels: (Kind, &[u8])) -> anyhow::Result<Pictures> {
    Ok(super::arrays::read_two(images, labels)?.0)
}

#[cfg(not(feature = "arrays"))]
fn arrays(_: (Kind, &[u8]), _: (Kind, &[u8])) -> anyhow::Result<Pictures> {
    refuse!(
        "NumPy's files; this program was built without the feature `arrays`, which reads them; \
         build it with `cargo build --release -p digit-source`"
    )
}

/// The kind of a file that may hold an array.
fn array_kind(bytes: &[u8]) -> Option<Kind> {
    kind(bytes).filter(|kind| matches!(kind, Kind::Npy | Kind::Zip | Kind::Mat))
}

/// One label an item: bytes, or QMNIST's rows of integers.
fn label_numbers(bytes: &[u8]) -> anyhow::Result<Vec<i64>> {
    if kind(bytes) != Some(Kind::Idx(12, 2)) {
        return Ok(data::<1>(bytes, 1)?.1.iter().map(|&label| i64::from(label)).collect());
    }
    let ([_, columns], numbers) = data::<2>(bytes, 4)?;
    if columns == 0 {
        refuse!("its header declares rows without a number; expected the label in the first column");
    }
    let (numbers, _) = numbers.as_chunks::<4>();
    Ok(numbers.iter().step_by(columns).map(|&number| i64::from(i32::from_be_bytes(number))).collect())
}

/// The sizes and the data of a file with so many dimensions and so many bytes a value.
fn data<const DIMENSIONS: usize>(bytes: &[u8], value_bytes: usize) -> anyhow::Result<([usize; DIMENSIONS], &[u8])> {
    let expected = Kind::Idx(if value_bytes == 1 { 8 } else { 12 }, DIMENSIONS as u8);
    match kind(bytes) {
        Some(found) if found == expected => {}
        Some(found) => refuse!("expected {}, found {}", expected.described(), found.described()),
        None if bytes.is_empty() => refuse!("expected {}, found an empty file; copy it again", expected.described()),
        None if std::str::from_utf8(&bytes[..bytes.len().min(64)]).is_ok() => refuse!(
            "expected {}, found text; a table with one row a picture is read by `digit-source import csv FILE OUT`",
            expected.described()
        ),
        None => refuse!(
            "expected {}, which begins with {:?}, found {:?}; is this the right file?",
            expected.described(),
            [0, 0, if value_bytes == 1 { 8 } else { 12 }, DIMENSIONS],
            &bytes[..bytes.len().min(4)]
        ),
    }
    let mut sizes = [0; DIMENSIONS];
    for (i, size) in sizes.iter_mut().enumerate() {
        let Some(field) = bytes.get(4 + 4 * i..8 + 4 * i) else {
            refuse!("cut off inside its header: {} bytes, expected at least {}", bytes.len(), 4 + 4 * DIMENSIONS);
        };
        *size = field.iter().fold(0, |value, &byte| value << 8 | usize::from(byte));
    }
    let data = &bytes[4 + 4 * DIMENSIONS..];
    match sizes.iter().try_fold(value_bytes, |product, &size| product.checked_mul(size)) {
        Some(expected) if expected == data.len() => Ok((sizes, data)),
        expected => refuse!(
            "its header declares {sizes:?}, that is {} bytes of data, but {} follow; copy the file again",
            expected.map_or("too many".into(), |e| e.to_string()),
            data.len()
        ),
    }
}

/// The pictures of one file with the labels of another: IDX files, or arrays of NumPy or MATLAB.
///
/// # Errors
/// What makes the files unreadable or ambiguous; a picture that cannot be read is rejected.
pub fn read(images: &[u8], labels: &[u8]) -> anyhow::Result<Pictures> {
    match (array_kind(images), array_kind(labels)) {
        (Some(first), Some(second)) => arrays((first, images), (second, labels)),
        _ => IdxSet::parse(images, labels).map(IdxSet::pictures),
    }
}

/// Prepares an import; the second part makes the PNG of each planned picture.
pub fn plan(
    images: &Path,
    labels: &Path,
    request: &Request<'_>,
) -> anyhow::Result<(Job<usize>, impl Fn(&Planned<usize>) -> Made + Sync + use<>)> {
    let (packed_images, packed_labels) = (crate::read_input(images)?, crate::read_input(labels)?);
    let name = format!("{} and {}", images.display(), labels.display());
    let images_plain = unpacked(&packed_images).with_context(|| images.display().to_string())?.bytes;
    let labels_plain = unpacked(&packed_labels).with_context(|| labels.display().to_string())?.bytes;
    let pictures = read(&images_plain, &labels_plain).with_context(|| name.clone())?;
    let inputs = vec![file_input(images, &packed_images), file_input(labels, &packed_labels)];
    request.job(&name, serde_json::json!({"import": "idx"}), inputs, pictures)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(magic: [u8; 4], sizes: &[u32]) -> Vec<u8> {
        magic.into_iter().chain(sizes.iter().flat_map(|s| s.to_be_bytes())).collect()
    }

    #[test]
    fn two_small_files_are_read() {
        let images = [header([0, 0, 8, 3], &[2, 1, 3]), vec![1, 2, 3, 4, 5, 6]].concat();
        let labels = [header([0, 0, 8, 1], &[2]), vec![7, 9]].concat();
        let set = IdxSet::parse(&images, &labels).unwrap();
        assert_eq!((set.width_px, set.height_px, set.picture(1)), (3, 1, [4, 5, 6].as_slice()));
        assert_eq!(set.labels, [7, 9]);
        let rows = [7u32, 100, 200, 9, 101, 201].into_iter().flat_map(u32::to_be_bytes);
        let qmnist = header([0, 0, 12, 2], &[2, 3]).into_iter().chain(rows).collect::<Vec<u8>>();
        assert_eq!(IdxSet::parse(&images, &qmnist).unwrap().labels, [7, 9]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let images = [header([0, 0, 8, 3], &[1, 1, 1]), vec![1]].concat();
        let labels = [header([0, 0, 8, 1], &[1]), vec![7]].concat();
        let two = [header([0, 0, 8, 1], &[2]), vec![7, 8]].concat();
        for (images, labels, part) in [
            (&labels, &images, "swap the two"),
            (&labels, &labels, "expected an IDX file of pictures, found an IDX file of labels"),
            (&images, &images, "expected an IDX file of labels, found an IDX file of pictures"),
            (&images[..9].to_vec(), &labels, "cut off inside its header"),
            (&images[..16].to_vec(), &labels, "0 follow"),
            (&header([0, 0, 8, 3], &[u32::MAX, u32::MAX, u32::MAX]), &labels, "too many"),
            (&images, &two, "do not belong together"),
            (&Vec::new(), &labels, "found an empty file"),
            (&b"<!DOCTYPE html>".to_vec(), &labels, "expected an IDX file of pictures, found an HTML page"),
            (&images, &b"label,p0\n".to_vec(), "import csv FILE OUT"),
            (&images, &vec![9, 9, 200, 9], "begins with [0, 0, 8, 1]"),
            (&header([0, 0, 13, 3], &[1, 1, 1]), &labels, "found an IDX file of type 13 with 3 dimensions"),
        ] {
            let Err(error) = IdxSet::parse(images, labels) else { panic!("accepted: {part}") };
            assert!(format!("{error:#}").contains(part), "{error:#}");
            assert!(stage_files::is_refused(&error));
        }
    }
}
