//! The directories of a TIFF file and the values of their tags (TIFF 6.0, section 2; BigTIFF with numbers of 64 bits).
//! Nothing is believed that the file cannot hold.

use super::{cut_off, damaged};
use crate::decode::DecodeError;

/// Pages that are counted, at most; a chain of directories may be a circle.
const MAX_PAGES: usize = 10_000;

pub(super) const SUBFILE_TYPE: u16 = 254;
pub(super) const WIDTH: u16 = 256;
pub(super) const HEIGHT: u16 = 257;
pub(super) const BITS_PER_SAMPLE: u16 = 258;
pub(super) const COMPRESSION: u16 = 259;
pub(super) const PHOTOMETRIC: u16 = 262;
pub(super) const FILL_ORDER: u16 = 266;
pub(super) const STRIP_OFFSETS: u16 = 273;
pub(super) const ORIENTATION: u16 = 274;
pub(super) const SAMPLES_PER_PIXEL: u16 = 277;
pub(super) const ROWS_PER_STRIP: u16 = 278;
pub(super) const STRIP_BYTE_COUNTS: u16 = 279;
pub(super) const PLANAR_CONFIGURATION: u16 = 284;
pub(super) const T4_OPTIONS: u16 = 292;
pub(super) const PREDICTOR: u16 = 317;
pub(super) const COLOR_MAP: u16 = 320;
pub(super) const TILE_WIDTH: u16 = 322;
pub(super) const TILE_HEIGHT: u16 = 323;
pub(super) const TILE_OFFSETS: u16 = 324;
pub(super) const TILE_BYTE_COUNTS: u16 = 325;
pub(super) const INK_SET: u16 = 332;
pub(super) const EXTRA_SAMPLES: u16 = 338;
pub(super) const SAMPLE_FORMAT: u16 = 339;
pub(super) const JPEG_TABLES: u16 = 347;
pub(super) const YCBCR_COEFFICIENTS: u16 = 529;
pub(super) const YCBCR_SUBSAMPLING: u16 = 530;
pub(super) const REFERENCE_BLACK_WHITE: u16 = 532;

/// A TIFF file: its bytes and how its numbers are written.
#[derive(Clone, Copy)]
pub(super) struct TiffFile<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) is_little_endian: bool,
    is_big_tiff: bool,
}

/// One directory: the tags of a page.
pub(super) struct Directory<'a> {
    file: TiffFile<'a>,
    entries: Vec<Entry>,
    /// Where the next directory begins; 0 after the last one.
    next: u64,
}

struct Entry {
    tag: u16,
    kind: u16,
    count: u64,
    /// Where the values stand.
    at: u64,
    /// Where this entry itself stands.
    place: usize,
}

impl Entry {
    fn value_bytes(&self) -> usize {
        match self.kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16..=18 => 8,
            _ => 0,
        }
    }
}

impl<'a> TiffFile<'a> {
    /// The file with its first directory.
    pub(super) fn open(bytes: &'a [u8]) -> Result<(Self, Directory<'a>), DecodeError> {
        let is_little_endian = bytes.starts_with(b"II");
        let mut file = Self { bytes, is_little_endian, is_big_tiff: false };
        file.is_big_tiff = file.number(2, 2)? == 43;
        let first = if file.is_big_tiff { file.number(8, 8)? } else { file.number(4, 4)? };
        let directory = file.directory(first)?;
        Ok((file, directory))
    }

    /// A number of `length` bytes, at most 8, in the file's order.
    fn number(&self, at: u64, length: usize) -> Result<u64, DecodeError> {
        let field = self.slice(at, length as u64, "a directory")?;
        let shift = |number: u64, &byte: &u8| number << 8 | u64::from(byte);
        Ok(if self.is_little_endian { field.iter().rev().fold(0, shift) } else { field.iter().fold(0, shift) })
    }

    /// Bytes of the file; `inside` names what they belong to.
    pub(super) fn slice(&self, at: u64, length: u64, inside: &str) -> Result<&'a [u8], DecodeError> {
        let range = usize::try_from(at).ok().zip(at.checked_add(length).and_then(|end| usize::try_from(end).ok()));
        range.and_then(|(at, end)| self.bytes.get(at..end)).ok_or_else(|| cut_off(self.bytes.len(), inside))
    }

    fn directory(&self, at: u64) -> Result<Directory<'a>, DecodeError> {
        let (count_bytes, entry_bytes, word_bytes) = if self.is_big_tiff { (8, 20, 8) } else { (2, 12, 4) };
        let count = self.number(at, count_bytes)?;
        let first = at.saturating_add(count_bytes as u64);
        self.slice(first, count.saturating_mul(entry_bytes), "a directory")?;
        let mut entries = Vec::new();
        for index in 0..count {
            let at = first + index * entry_bytes;
            let (tag, kind) = (self.number(at, 2)? as u16, self.number(at + 2, 2)? as u16);
            let count = self.number(at + 4, word_bytes)?;
            let mut entry = Entry { tag, kind, count, at: at + 4 + word_bytes as u64, place: at as usize };
            if count.saturating_mul(entry.value_bytes() as u64) > word_bytes as u64 {
                entry.at = self.number(entry.at, word_bytes)?;
            }
            entries.push(entry);
        }
        let next = self.number(first + count * entry_bytes, word_bytes)?;
        Ok(Directory { file: *self, entries, next })
    }
}

impl<'a> Directory<'a> {
    /// The pages that follow this one. Smaller versions of a page and masks are none.
    pub(super) fn pages_after(&self) -> impl Iterator<Item = Self> + use<'a> {
        let (file, mut next) = (self.file, self.next);
        let directories = std::iter::from_fn(move || {
            let directory = (next > 0).then(|| file.directory(next).ok()).flatten()?;
            next = directory.next;
            Some(directory)
        });
        let is_thumbnail_or_mask =
            |directory: &Self| matches!(directory.number(SUBFILE_TYPE), Ok(Some(kind)) if kind & 0b101 != 0);
        directories.take(MAX_PAGES).filter(move |directory| !is_thumbnail_or_mask(directory))
    }

    fn find(&self, tag: u16) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    /// The values of a tag as they are stored.
    pub(super) fn bytes(&self, tag: u16) -> Result<Option<&'a [u8]>, DecodeError> {
        let Some(entry) = self.find(tag) else { return Ok(None) };
        let length = entry.count.checked_mul(entry.value_bytes() as u64);
        let Some(length) = length.filter(|&length| length <= self.file.bytes.len() as u64) else {
            let what = format!("tag {tag} declares {} values, more than the file can hold", entry.count);
            return Err(damaged(Some(entry.place), what));
        };
        Ok(Some(self.file.slice(entry.at, length, &format!("the values of tag {tag}"))?))
    }

    /// The whole numbers of a tag; empty when it is not there or holds something else.
    pub(super) fn numbers(&self, tag: u16) -> Result<Vec<u64>, DecodeError> {
        let Some(bytes) = self.bytes(tag)? else { return Ok(Vec::new()) };
        let value_bytes =
            self.find(tag).filter(|entry| matches!(entry.kind, 1 | 3 | 4 | 13 | 16)).map(Entry::value_bytes);
        let Some(value_bytes) = value_bytes else { return Ok(Vec::new()) };
        let number = |field: &[u8]| {
            let shift = |number: u64, &byte: &u8| number << 8 | u64::from(byte);
            if self.file.is_little_endian { field.iter().rev().fold(0, shift) } else { field.iter().fold(0, shift) }
        };
        Ok(bytes.chunks_exact(value_bytes).map(number).collect())
    }

    /// The first number of a tag.
    pub(super) fn number(&self, tag: u16) -> Result<Option<u64>, DecodeError> {
        Ok(self.numbers(tag)?.first().copied())
    }

    /// The fractions of a tag, or its whole numbers.
    pub(super) fn fractions(&self, tag: u16) -> Result<Vec<f32>, DecodeError> {
        let Some(entry) = self.find(tag).filter(|entry| entry.kind == 5) else {
            return Ok(self.numbers(tag)?.into_iter().map(|number| number as f32).collect());
        };
        let mut fractions = Vec::new();
        for at in (0..entry.count.min(16)).map(|index| entry.at.saturating_add(8 * index)) {
            let (above, below) = (self.file.number(at, 4)?, self.file.number(at.saturating_add(4), 4)?);
            fractions.push(if below == 0 { 0.0 } else { (above as f64 / below as f64) as f32 });
        }
        Ok(fractions)
    }
}
