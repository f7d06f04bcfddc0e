//! What the tags of a page say of its picture, held against what can be read and what the file can hold.

use super::compression::Compression;
use super::directory as tag;
use super::directory::{Directory, TiffFile};
use super::{damaged, unsupported};
use crate::decode::{DecodeError, DecodeOptions};

/// Pictures and tiles up to this size are taken as they are declared, in bytes.
const HARMLESS_BYTES: u64 = 16 << 20;

/// A page, checked.
pub(super) struct Page {
    pub(super) width_px: usize,
    pub(super) height_px: usize,
    pub(super) bits: usize,
    pub(super) samples: usize,
    pub(super) compression: Compression,
    pub(super) photometric: u64,
    /// Whether each sample has its own strips or tiles.
    pub(super) is_planar: bool,
    /// Whether samples are stored as differences to the pixel on the left.
    pub(super) is_differences: bool,
    pub(super) has_reversed_bits: bool,
    /// What the first sample beyond colour means (tag 338), if there is one.
    pub(super) extra: Option<u64>,
    /// Pixels of colour under one pair of chroma samples, across and down; 1 and 1 where chroma is not subsampled.
    pub(super) chroma: [usize; 2],
    pub(super) chunk_width_px: usize,
    pub(super) chunk_height_px: usize,
    pub(super) is_tiled: bool,
    pub(super) offsets: Vec<u64>,
    pub(super) byte_counts: Vec<u64>,
}

impl Page {
    pub(super) fn read(file: TiffFile<'_>, tags: &Directory<'_>, options: &DecodeOptions) -> Result<Self, DecodeError> {
        let (width, height) = (tags.number(tag::WIDTH)?.unwrap_or(0), tags.number(tag::HEIGHT)?.unwrap_or(0));
        options.check_size(width, height)?;
        if width == 0 || height == 0 {
            return Err(damaged(None, format!("it declares {width}x{height} pixels, each side must be at least 1")));
        }
        let samples = tags.number(tag::SAMPLES_PER_PIXEL)?.unwrap_or(1);
        let mut bits = tags.numbers(tag::BITS_PER_SAMPLE)?;
        bits.truncate(samples.clamp(1, 64) as usize);
        check_samples(&bits, samples, &tags.numbers(tag::SAMPLE_FORMAT)?)?;
        let number = tags.number(tag::COMPRESSION)?.unwrap_or(1);
        let compression = Compression::of(number, tags.number(tag::T4_OPTIONS)?.unwrap_or(0))?;
        let is_tiled = tags.bytes(tag::TILE_OFFSETS)?.is_some();
        let (chunk_width, chunk_height, offsets, byte_counts) = if is_tiled {
            let size = (tags.number(tag::TILE_WIDTH)?.unwrap_or(0), tags.number(tag::TILE_HEIGHT)?.unwrap_or(0));
            (size.0, size.1, tag::TILE_OFFSETS, tag::TILE_BYTE_COUNTS)
        } else {
            let rows = tags.number(tag::ROWS_PER_STRIP)?.unwrap_or(height).min(height);
            (width, rows, tag::STRIP_OFFSETS, tag::STRIP_BYTE_COUNTS)
        };
        let photometric = tags.number(tag::PHOTOMETRIC)?.unwrap_or(match (compression, samples) {
            (Compression::Fax(_), 1) => 0,
            (_, 3..) => 2,
            _ => 1,
        });
        let mut page = Self {
            width_px: width as usize,
            height_px: height as usize,
            bits: bits.first().map_or(1, |&bits| bits as usize),
            samples: samples as usize,
            compression,
            photometric,
            is_planar: tags.number(tag::PLANAR_CONFIGURATION)? == Some(2) && samples > 1,
            is_differences: false,
            has_reversed_bits: tags.number(tag::FILL_ORDER)? == Some(2) && compression != Compression::Jpeg,
            extra: tags.number(tag::EXTRA_SAMPLES)?,
            chroma: chroma(tags, photometric, compression)?,
            chunk_width_px: chunk_width as usize,
            chunk_height_px: chunk_height as usize,
            is_tiled,
            offsets: tags.numbers(offsets)?,
            byte_counts: tags.numbers(byte_counts)?,
        };
        page.read_predictor(tags)?;
        page.check_extent(file.bytes.len() as u64)?;
        page.check_chunks(file.bytes.len() as u64)?;
        Ok(page)
    }

    fn read_predictor(&mut self, tags: &Directory<'_>) -> Result<(), DecodeError> {
        let is_predicting = matches!(self.compression, Compression::Lzw | Compression::Deflate);
        match tags.number(tag::PREDICTOR)?.filter(|_| is_predicting) {
            None | Some(1) => Ok(()),
            Some(2) if matches!(self.bits, 8 | 16) && self.chroma == [1, 1] => {
                self.is_differences = true;
                Ok(())
            }
            Some(_) => Err(unsupported("differences between samples that are not of 8 or 16 bits".to_owned())),
        }
    }

    /// Samples of a pixel in one strip or tile.
    pub(super) fn chunk_samples(&self) -> usize {
        if self.is_planar { 1 } else { self.samples }
    }

    /// Bytes of a row of a strip or tile; of a row of chroma where chroma is subsampled.
    pub(super) fn row_bytes(&self) -> usize {
        if self.chroma == [1, 1] {
            (self.chunk_width_px * self.chunk_samples() * self.bits).div_ceil(8)
        } else {
            self.chunk_width_px.div_ceil(self.chroma[0]) * (self.chroma[0] * self.chroma[1] + 2)
        }
    }

    pub(super) fn chunks_across(&self) -> usize {
        self.width_px.div_ceil(self.chunk_width_px)
    }

    pub(super) fn chunks_down(&self) -> usize {
        self.height_px.div_ceil(self.chunk_height_px)
    }

    fn check_extent(&self, file_bytes: u64) -> Result<(), DecodeError> {
        let bytes = |width: usize, height: usize| {
            (width as u64).saturating_mul(height as u64).saturating_mul((self.bits * self.samples) as u64) / 8
        };
        if self.chunk_width_px == 0 || self.chunk_height_px == 0 {
            return Err(damaged(None, "its strips or tiles have no pixels"));
        }
        let picture = bytes(self.width_px, self.height_px);
        if bytes(self.chunk_width_px, self.chunk_height_px) > HARMLESS_BYTES.max(picture.saturating_mul(4)) {
            let (width, height) = (self.chunk_width_px, self.chunk_height_px);
            return Err(damaged(None, format!("its tiles of {width}x{height} pixels are larger than its picture")));
        }
        let fits = match self.compression {
            // Every row costs a bit.
            Compression::Fax(_) => self.height_px as u64 <= 8 * file_bytes,
            // Every block of 64 samples costs a bit.
            Compression::Jpeg => picture / 512 <= 8 * file_bytes,
            other => other.ratio().is_none_or(|ratio| picture / ratio <= file_bytes),
        };
        if picture > HARMLESS_BYTES && !fits {
            let (width, height) = (self.width_px, self.height_px);
            let what = format!("the {width}x{height} pixels that it declares do not fit into {file_bytes} bytes");
            return Err(damaged(None, what));
        }
        Ok(())
    }

    fn check_chunks(&mut self, file_bytes: u64) -> Result<(), DecodeError> {
        let planes = if self.is_planar { self.samples } else { 1 };
        let expected = self.chunks_across() * self.chunks_down() * planes;
        if self.byte_counts.is_empty() && self.offsets.len() == 1 {
            // One strip of old writers, up to the end of the file.
            self.byte_counts.push(file_bytes.saturating_sub(self.offsets[0]));
        }
        let found = self.offsets.len().min(self.byte_counts.len());
        if found < expected {
            let what = format!("it names {found} strips or tiles, expected {expected}");
            return Err(damaged(None, what));
        }
        Ok(())
    }
}

fn check_samples(bits: &[u64], samples: u64, formats: &[u64]) -> Result<(), DecodeError> {
    // Signed samples (2) count by their bits, as OpenCV and Pillow take them.
    if formats.iter().any(|&format| !matches!(format, 1 | 2 | 4)) {
        let kind = if formats.contains(&3) { "floating-point samples" } else { "complex samples" };
        return Err(unsupported(kind.to_owned()));
    }
    let first = bits.first().copied().unwrap_or(1);
    if !(1..=16).contains(&first) || bits.iter().any(|&bits| bits != first) {
        let bits: Vec<String> = bits.iter().map(u64::to_string).collect();
        return Err(unsupported(format!("samples of {} bits", bits.join(", "))));
    }
    if !(1..=64).contains(&samples) {
        return Err(unsupported(format!("{samples} samples a pixel")));
    }
    Ok(())
}

/// Chroma subsampling; the JPEG decoder undoes its own.
fn chroma(tags: &Directory<'_>, photometric: u64, compression: Compression) -> Result<[usize; 2], DecodeError> {
    if photometric != super::YCBCR
        || compression == Compression::Jpeg
        || tags.number(tag::PLANAR_CONFIGURATION)? == Some(2)
    {
        return Ok([1, 1]);
    }
    match *tags.numbers(tag::YCBCR_SUBSAMPLING)?.as_slice() {
        [across @ (1 | 2 | 4), down @ (1 | 2 | 4), ..] => Ok([across as usize, down as usize]),
        [] => Ok([2, 2]),
        _ => Err(unsupported("chroma at an unusual resolution".to_owned())),
    }
}
