//! Small gray PNG files, made and read with the memory of the picture before.
//!
//! The bytes are those of the `png` crate. What it allocates and clears for each file costs more than the 441 pixels of
//! a labelled picture.

use std::cell::RefCell;
use std::io::{self, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::zlib;

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// Of chunk IHDR behind width and height: 8 bits, gray, and the only methods there are, not interlaced.
const GRAY_8: [u8; 5] = [8, 0, 0, 0, 0];
/// More samples are no small picture.
pub(super) const MAX_SAMPLES: usize = 1 << 20;

thread_local! {
    static ENCODER: RefCell<Option<ZlibEncoder<Vec<u8>>>> = const { RefCell::new(None) };
    static ROWS: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The file of a picture of `width_px` columns, without row filters, at deflate level 6.
pub(super) fn encode(width_px: u32, height_px: u32, samples: &[u8]) -> io::Result<Vec<u8>> {
    let packed = packed(width_px as usize, samples)?;
    let mut file = Vec::with_capacity(packed.len() + 57);
    file.extend_from_slice(&SIGNATURE);
    let size = [width_px.to_be_bytes(), height_px.to_be_bytes()];
    push_chunk(&mut file, *b"IHDR", &[size.as_flattened(), &GRAY_8].concat());
    push_chunk(&mut file, *b"IDAT", &packed);
    push_chunk(&mut file, *b"IEND", &[]);
    Ok(file)
}

fn packed(width: usize, samples: &[u8]) -> io::Result<Vec<u8>> {
    // Taken out, so that one that failed is not used again.
    let encoder = ENCODER.take();
    let mut encoder = encoder.unwrap_or_else(|| ZlibEncoder::new(Vec::new(), Compression::new(6)));
    for row in samples.chunks_exact(width) {
        encoder.write_all(&[0])?;
        encoder.write_all(row)?;
    }
    let packed = encoder.reset(Vec::new())?;
    ENCODER.set(Some(encoder));
    Ok(packed)
}

fn push_chunk(file: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    file.extend_from_slice(&(data.len() as u32).to_be_bytes());
    file.extend_from_slice(&name);
    file.extend_from_slice(data);
    file.extend_from_slice(&checksum(name, data).to_be_bytes());
}

fn checksum(name: [u8; 4], data: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&name);
    hasher.update(data);
    hasher.finalize()
}

/// Width, height and samples of a sound file of the kind that [`encode`] makes; of any other, nothing.
pub(super) fn decode(bytes: &[u8]) -> Option<(u32, u32, Vec<u8>)> {
    let rest = bytes.strip_prefix(&SIGNATURE)?;
    let (header, rest) = split_chunk(rest, *b"IHDR")?;
    let &[w0, w1, w2, w3, h0, h1, h2, h3, ref kind @ ..] = header else { return None };
    let (packed, rest) = split_chunk(rest, *b"IDAT")?;
    let (end, rest) = split_chunk(rest, *b"IEND")?;
    if kind != GRAY_8 || !end.is_empty() || !rest.is_empty() {
        return None;
    }
    let (width_px, height_px) = (u32::from_be_bytes([w0, w1, w2, w3]), u32::from_be_bytes([h0, h1, h2, h3]));
    let (width, height) = (width_px as usize, height_px as usize);
    width.checked_mul(height).filter(|samples| (1..=MAX_SAMPLES).contains(samples))?;
    ROWS.with_borrow_mut(|rows| {
        // Only what is new is cleared; all of it is written, or the result is nothing.
        rows.resize(height * (width + 1), 0);
        if !zlib::unpack(packed, rows) {
            return None;
        }
        let mut samples = Vec::with_capacity(width * height);
        for row in rows.chunks_exact(width + 1) {
            let (&filter, row) = row.split_first()?;
            if filter != 0 {
                return None;
            }
            samples.extend_from_slice(row);
        }
        Some((width_px, height_px, samples))
    })
}

/// The data of a sound chunk of this name at the start, and what is behind it.
fn split_chunk(bytes: &[u8], name: [u8; 4]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (found, rest) = rest.split_first_chunk()?;
    let (data, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
    let (stored, rest) = rest.split_first_chunk()?;
    (*found == name && checksum(name, data) == u32::from_be_bytes(*stored)).then_some((data, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn by_png(width_px: u32, height_px: u32, samples: &[u8], filter: png::Filter) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width_px, height_px);
        encoder.set_deflate_compression(png::DeflateCompression::Level(6));
        encoder.set_filter(filter);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(samples).unwrap();
        writer.finish().unwrap();
        bytes
    }

    proptest! {
        /// Flat parts and noise, as pictures have them; several files by the same thread.
        #[test]
        fn files_are_those_of_the_general_encoder(
            pictures in prop::collection::vec((1_u32..40, 1_u32..40, prop::collection::vec(any::<u8>(), 1..60)), 1..4),
        ) {
            for (width_px, height_px, values) in pictures {
                let samples: Vec<u8> =
                    (0..(width_px * height_px) as usize).map(|at| values[at / 7 % values.len()] | 15).collect();
                let file = encode(width_px, height_px, &samples).unwrap();
                prop_assert_eq!(&file, &by_png(width_px, height_px, &samples, png::Filter::NoFilter));
                if cfg!(not(target_arch = "wasm32")) {
                    prop_assert_eq!(decode(&file), Some((width_px, height_px, samples)));
                }
            }
        }
    }

    #[test]
    fn a_damaged_file_and_one_of_another_kind_give_nothing() {
        let file = encode(3, 2, &[9, 8, 7, 6, 5, 4]).unwrap();
        for end in 0..file.len() {
            assert_eq!(decode(&file[..end]), None, "{end}");
        }
        for at in 0..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert_eq!(decode(&changed), None, "byte {at}");
        }
        assert_eq!(decode(&[&file[..], &[0]].concat()), None);
        assert_eq!(decode(&by_png(3, 2, &[9, 8, 7, 6, 5, 4], png::Filter::Sub)), None);
    }
}
