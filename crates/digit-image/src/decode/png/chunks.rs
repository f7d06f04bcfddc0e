//! The chunks of a PNG file: length, name, data, checksum.

use crate::decode::error::DecodeError;
use crate::decode::error::damaged_png;
use crate::format::{Format, PNG_SIGNATURE};

/// Walks over the chunks of a file.
pub(super) struct ChunkReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// One chunk. Its checksum is compared when asked for: many chunks are passed over.
pub(super) struct Chunk<'a> {
    pub name: [u8; 4],
    pub data: &'a [u8],
    /// Where the chunk begins (its length field), counted from the start of the file.
    pub at_byte: usize,
    stored_checksum: u32,
}

impl<'a> ChunkReader<'a> {
    pub(super) fn after_signature(bytes: &'a [u8]) -> Self {
        Self { bytes, at: PNG_SIGNATURE.len() }
    }

    /// Where the next chunk begins.
    pub(super) fn at_byte(&self) -> usize {
        self.at
    }

    /// The next chunk, complete with its four checksum bytes.
    pub(super) fn next_chunk(&mut self) -> Result<Chunk<'a>, DecodeError> {
        let at_byte = self.at;
        let rest = self.bytes.get(at_byte..).unwrap_or_default();
        let Some((&[l0, l1, l2, l3, n0, n1, n2, n3], rest)) = rest.split_first_chunk::<8>() else {
            let inside = if rest.is_empty() {
                "the chunk list before the end mark IEND".to_owned()
            } else {
                format!("the chunk header at byte {at_byte}")
            };
            return Err(self.cut_off(inside));
        };
        let length = u32::from_be_bytes([l0, l1, l2, l3]);
        let name = [n0, n1, n2, n3];
        if !name.iter().all(u8::is_ascii_alphabetic) || name[2].is_ascii_lowercase() {
            let what = format!("\"{}\" is no chunk name", name.escape_ascii());
            return Err(damaged_png(at_byte + 4, what));
        }
        if length > i32::MAX as u32 {
            let what = format!("chunk {} declares {length} bytes, more than the format allows", name.escape_ascii());
            return Err(damaged_png(at_byte, what));
        }
        let complete = rest
            .split_at_checked(length as usize)
            .and_then(|(data, rest)| rest.first_chunk::<4>().map(|checksum| (data, *checksum)));
        let Some((data, checksum)) = complete else {
            let inside = format!("chunk {} of {length} bytes, which begins at byte {at_byte}", name.escape_ascii());
            return Err(self.cut_off(inside));
        };
        self.at = at_byte + 8 + data.len() + 4;
        Ok(Chunk { name, data, at_byte, stored_checksum: u32::from_be_bytes(checksum) })
    }

    /// The data of `chunk` and of the chunks of the same name right behind it, which stay to be read; `None` if one of
    /// them is damaged.
    pub(super) fn data_of_equal(&self, chunk: &Chunk<'a>) -> Option<Vec<&'a [u8]>> {
        let mut ahead = Self { ..*self };
        let mut all = vec![chunk.data];
        while ahead.bytes.get(ahead.at + 4..)?.first_chunk() == Some(&chunk.name) {
            let next = ahead.next_chunk().ok().filter(Chunk::checksum_is_right)?;
            all.push(next.data);
        }
        Some(all)
    }

    fn cut_off(&self, inside: String) -> DecodeError {
        DecodeError::CutOff { format: Format::Png, file_bytes: self.bytes.len() as u64, inside }
    }
}

impl Chunk<'_> {
    /// Where the chunk's data begins, counted from the start of the file.
    pub(super) fn data_at_byte(&self) -> usize {
        self.at_byte + 8
    }

    /// A reader that does not know a critical chunk cannot show the picture.
    pub(super) fn is_critical(&self) -> bool {
        self.name[0].is_ascii_uppercase()
    }

    pub(super) fn shown_name(&self) -> String {
        self.name.escape_ascii().to_string()
    }

    /// Whether the stored CRC-32 is that of name and data.
    pub(super) fn checksum_is_right(&self) -> bool {
        self.checksum() == self.stored_checksum
    }

    pub(super) fn require_checksum(&self) -> Result<(), DecodeError> {
        let found = self.checksum();
        if found == self.stored_checksum {
            return Ok(());
        }
        let (name, stored) = (self.shown_name(), self.stored_checksum);
        Err(damaged_png(
            self.at_byte,
            format!("the bytes of chunk {name} have CRC {found:08x}, the file says {stored:08x}"),
        ))
    }

    fn checksum(&self) -> u32 {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&self.name);
        hasher.update(self.data);
        hasher.finalize()
    }
}
