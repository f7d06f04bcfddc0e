//! The IDX format of the MNIST files: a magic number, big-endian sizes, then bytes. Plain or gzipped.
//!
//! Layout: two zero bytes, type (8 = unsigned byte), number of dimensions, each size as u32, the data in row order
//! (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits").

use std::io::Read;
use std::path::Path;

use anyhow::Context;
use stage_files::labels::LabelSet;
use stage_files::picture_name::PictureName;
use stage_files::refuse;
use stage_files::stage::StageInfo;

use super::{gray_png, polarity};
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
    pub labels: Vec<u8>,
}

impl IdxSet {
    /// The pixels of picture `i`.
    pub fn picture(&self, i: usize) -> &[u8] {
        let size = self.width_px * self.height_px;
        &self.pixels[i * size..(i + 1) * size]
    }

    /// Reads the two files; each must be exactly as long as its header says, and both must agree.
    pub fn parse(images: &[u8], labels: &[u8]) -> anyhow::Result<Self> {
        let (sizes, pixels) = parse_idx::<3>(images).context("the images file")?;
        let ([count], labels) = parse_idx::<1>(labels).context("the labels file")?;
        if count != sizes[0] {
            refuse!(
                "the files do not belong together: {} images but {count} labels; give the two of one set",
                sizes[0]
            );
        }
        if sizes[1] == 0 || sizes[2] == 0 {
            refuse!("the images file declares pictures of {}x{} pixels; expected at least 1x1", sizes[2], sizes[1]);
        }
        Ok(Self { width_px: sizes[2], height_px: sizes[1], pixels: pixels.to_vec(), labels: labels.to_vec() })
    }
}

fn parse_idx<const DIMENSIONS: usize>(bytes: &[u8]) -> anyhow::Result<([usize; DIMENSIONS], &[u8])> {
    let magic = [0, 0, 8, DIMENSIONS as u8];
    match bytes.get(..4) {
        Some(found) if found == magic => {}
        found => refuse!("expected an IDX file that begins with {magic:?}, found {:?}", found.unwrap_or(bytes)),
    }
    let mut sizes = [0; DIMENSIONS];
    for (i, size) in sizes.iter_mut().enumerate() {
        let Some(field) = bytes.get(4 + 4 * i..8 + 4 * i) else {
            refuse!("cut off inside its header: {} bytes, expected at least {}", bytes.len(), 4 + 4 * DIMENSIONS);
        };
        *size = field.iter().fold(0, |value, &byte| value << 8 | usize::from(byte));
    }
    let data = &bytes[4 + 4 * DIMENSIONS..];
    match sizes.iter().try_fold(1usize, |product, &size| product.checked_mul(size)) {
        Some(expected) if expected == data.len() => Ok((sizes, data)),
        expected => refuse!(
            "its header declares {sizes:?}, that is {} bytes of data, but {} follow; copy the file again",
            expected.map_or("too many".into(), |e| e.to_string()),
            data.len()
        ),
    }
}

/// The bytes of a file, unpacked when they are gzipped, whatever its name.
fn unpacked(path: &Path, bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes.to_vec());
    }
    let mut plain = Vec::new();
    if let Err(error) = flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut plain) {
        refuse!("{}: damaged gzip file ({error}); copy it again", path.display());
    }
    Ok(plain)
}

/// Prepares an import; the second part makes the PNG of each planned picture.
pub fn plan(
    images: &Path,
    labels: &Path,
    set: &LabelSet,
    size: u8,
    version: &str,
) -> anyhow::Result<(Job<usize>, impl Fn(&Planned<usize>) -> Made + Sync + use<>)> {
    let read = |path: &Path| -> anyhow::Result<(Vec<u8>, Vec<u8>)> {
        let bytes = crate::read_input(path)?;
        let plain = unpacked(path, &bytes)?;
        Ok((bytes, plain))
    };
    let ((packed_images, images_plain), (packed_labels, labels_plain)) = (read(images)?, read(labels)?);
    let idx = IdxSet::parse(&images_plain, &labels_plain)
        .with_context(|| format!("{} and {}", images.display(), labels.display()))?;
    let turn_round = polarity::is_light_on_dark(&polarity::histogram(idx.pixels.iter().copied()));
    let settings = serde_json::json!({"import": "idx", "size": size});
    let mut info = StageInfo::new("digit-source", version, settings, set.clone());
    info.inputs = vec![file_input(images, &packed_images), file_input(labels, &packed_labels)];
    let digits = (idx.labels.len().max(1) - 1).to_string().len();
    let mut pictures = Vec::new();
    let mut rejected = Vec::new();
    let mut left_out = 0u64;
    for (i, &label) in idx.labels.iter().enumerate() {
        let source = format!("item {i}");
        if label > 9 {
            let reason = format!("label {label} is no digit 0..9");
            rejected.push(stage_files::rejected::Rejected { source, reason });
        } else if set.class_of(label).is_none() {
            left_out += 1;
        } else {
            // No `-` in the id: who wrote the digit is not known, so no writer is named.
            pictures.push(Planned::new(PictureName { label, size, id: format!("i{i:0digits$}") }, source, i));
        }
    }
    if pictures.is_empty() {
        refuse!("no picture has a label in {set}; found {} items with other labels; give --labels", left_out);
    }
    info.counts.insert("left_out".into(), left_out);
    let make = move |picture: &Planned<usize>| {
        let mut pixels = idx.picture(picture.origin).to_vec();
        if turn_round {
            pixels.iter_mut().for_each(|pixel| *pixel = 255 - *pixel);
        }
        gray_png(idx.width_px as u32, idx.height_px as u32, &pixels)
    };
    Ok((Job { info, pictures, rejected, inputs_read: None }, make))
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
    }

    #[test]
    fn what_is_wrong_is_said() {
        let images = [header([0, 0, 8, 3], &[1, 1, 1]), vec![1]].concat();
        let labels = [header([0, 0, 8, 1], &[1]), vec![7]].concat();
        let two = [header([0, 0, 8, 1], &[2]), vec![7, 8]].concat();
        for (images, labels, part) in [
            (&labels, &labels, "expected an IDX file"),
            (&images[..9].to_vec(), &labels, "cut off inside its header"),
            (&images[..16].to_vec(), &labels, "0 follow"),
            (&header([0, 0, 8, 3], &[u32::MAX, u32::MAX, u32::MAX]), &labels, "too many"),
            (&images, &two, "do not belong together"),
            (&Vec::new(), &labels, "expected an IDX file"),
        ] {
            let Err(error) = IdxSet::parse(images, labels) else { panic!("accepted: {part}") };
            assert!(format!("{error:#}").contains(part), "{error:#}");
            assert!(stage_files::is_refused(&error));
        }
    }
}
