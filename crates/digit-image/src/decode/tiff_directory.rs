//! What a TIFF file declares, held against what it can hold. The decoder sets memory aside for the values of a tag and
//! for the picture before it looks for their bytes, so a file of 143 bytes could ask for hundreds of megabytes.

use super::DecodeError;
use crate::format::Format;

/// Pictures and tiles up to this size are left to the decoder, in bytes.
const HARMLESS_BYTES: u64 = 16 << 20;
/// Tags from here on are private; the decoder does not read them.
const FIRST_PRIVATE_TAG: u16 = 32_768;

const WIDTH: u16 = 256;
const HEIGHT: u16 = 257;
const BITS_PER_SAMPLE: u16 = 258;
const COMPRESSION: u16 = 259;
const SAMPLES_PER_PIXEL: u16 = 277;
const TILE_WIDTH: u16 = 322;
const TILE_HEIGHT: u16 = 323;

/// Checks the first directory, which is that of the picture that is read. What cannot be followed is left to the
/// decoder and its errors.
pub(super) fn check(bytes: &[u8]) -> Result<(), DecodeError> {
    let Some(entries) = Directory::of(bytes) else { return Ok(()) };
    let mut declared = Declared::default();
    for at in entries.positions() {
        let Some(entry) = entries.entry(at) else { return Ok(()) };
        let size = u64::from(entry.value_bytes);
        if entry.tag < FIRST_PRIVATE_TAG && entry.count.checked_mul(size).is_none_or(|all| all > bytes.len() as u64) {
            let what = format!("tag {} declares {} values, more than the file can hold", entry.tag, entry.count);
            return Err(DecodeError::damaged(Format::Tiff, at, what));
        }
        declared.take(&entry);
    }
    declared.check(bytes.len() as u64)
}

/// The entries of a directory (TIFF 6.0, section 2; BigTIFF with numbers of 64 bits).
struct Directory<'a> {
    bytes: &'a [u8],
    is_little_endian: bool,
    is_big_tiff: bool,
    first: usize,
    count: usize,
}

struct Entry {
    tag: u16,
    value_bytes: u8,
    count: u64,
    /// The first value, where it is a whole number that stands in the entry itself.
    value: Option<u64>,
}

impl<'a> Directory<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let is_little_endian = bytes.starts_with(b"II");
        let mut directory = Self { bytes, is_little_endian, is_big_tiff: false, first: 0, count: 0 };
        directory.is_big_tiff = directory.number(2, 2)? == 43;
        let (start, count_bytes) =
            if directory.is_big_tiff { (directory.number(8, 8)?, 8) } else { (directory.number(4, 4)?, 2) };
        let start = usize::try_from(start).ok()?;
        directory.count = usize::try_from(directory.number(start, count_bytes)?).ok()?;
        directory.first = start.checked_add(count_bytes)?;
        Some(directory)
    }

    /// A number of `length` bytes, at most 8, in the file's order.
    fn number(&self, at: usize, length: usize) -> Option<u64> {
        let field = self.bytes.get(at..at.checked_add(length)?)?;
        let shift = |number: u64, &byte: &u8| number << 8 | u64::from(byte);
        Some(if self.is_little_endian { field.iter().rev().fold(0, shift) } else { field.iter().fold(0, shift) })
    }

    /// Where entries begin, up to the end of the file.
    fn positions(&self) -> impl Iterator<Item = usize> {
        let entry_bytes = if self.is_big_tiff { 20 } else { 12 };
        let there = self.bytes.len().saturating_sub(self.first) / entry_bytes;
        let first = self.first;
        (0..self.count.min(there)).map(move |index| first + index * entry_bytes)
    }

    fn entry(&self, at: usize) -> Option<Entry> {
        let count_bytes = if self.is_big_tiff { 8 } else { 4 };
        let kind = self.number(at + 2, 2)?;
        let value_bytes: u8 = match kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16..=18 => 8,
            _ => 0,
        };
        let is_inline_number = matches!(kind, 1 | 3 | 4 | 16) && usize::from(value_bytes) <= count_bytes;
        let value = is_inline_number.then(|| self.number(at + 4 + count_bytes, usize::from(value_bytes))).flatten();
        Some(Entry { tag: self.number(at, 2)? as u16, value_bytes, count: self.number(at + 4, count_bytes)?, value })
    }
}

/// What the tags say of the picture.
#[derive(Default)]
struct Declared {
    width_px: u64,
    height_px: u64,
    bits_per_sample: Option<u64>,
    samples: Option<u64>,
    compression: Option<u64>,
    tile_width_px: u64,
    tile_height_px: u64,
}

impl Declared {
    fn take(&mut self, entry: &Entry) {
        let Some(value) = entry.value else { return };
        match entry.tag {
            WIDTH => self.width_px = value,
            HEIGHT => self.height_px = value,
            // Three values do not stand in the entry itself; what does then is their place.
            BITS_PER_SAMPLE if entry.count <= 2 => self.bits_per_sample = Some(value),
            SAMPLES_PER_PIXEL => self.samples = Some(value),
            COMPRESSION => self.compression = Some(value),
            TILE_WIDTH => self.tile_width_px = value,
            TILE_HEIGHT => self.tile_height_px = value,
            _ => {}
        }
    }

    fn check(&self, file_bytes: u64) -> Result<(), DecodeError> {
        let pixel_bits = self.bits_per_sample.unwrap_or(8).saturating_mul(self.samples.unwrap_or(1));
        let bytes = |width: u64, height: u64| width.saturating_mul(height).saturating_mul(pixel_bits) / 8;
        let picture = bytes(self.width_px, self.height_px);
        let tile = bytes(self.tile_width_px, self.tile_height_px);
        if tile > HARMLESS_BYTES.max(picture.saturating_mul(4)) {
            let what = format!("its tiles of {}x{} pixels", self.tile_width_px, self.tile_height_px);
            return Err(too_much(&what, "are larger than its picture"));
        }
        // The most bytes that one of the file can become.
        let ratio = match self.compression.unwrap_or(1) {
            1 => 1,
            // LZW: a code of 12 bits stands for at most 3838 bytes.
            5 => 2560,
            // Deflate: a match of 258 bytes takes 2 bits.
            8 | 32_946 => 1032,
            // PackBits: 128 bytes in 2.
            32_773 => 64,
            _ => return Ok(()),
        };
        if picture > HARMLESS_BYTES && picture / ratio > file_bytes {
            let what = format!("the {}x{} pixels that it declares", self.width_px, self.height_px);
            return Err(too_much(&what, &format!("do not fit into {file_bytes} bytes")));
        }
        Ok(())
    }
}

fn too_much(what: &str, why: &str) -> DecodeError {
    DecodeError::Damaged { format: Format::Tiff, at_byte: None, what: format!("{what} {why}") }
}
