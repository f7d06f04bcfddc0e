//! The zlib stream that runs through all IDAT chunks, unpacked piece by piece.
//!
//! Which errors matter is libpng's doing, and OpenCV's behaviour with it: libpng asks zlib for one row at a time, and
//! zlib goes on reading after the last byte of a row until it would have to write another. So a wrong Adler-32 right
//! behind the last row spoils that row, whereas behind superfluous bytes, or in a later IDAT chunk, it is not noticed.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_PARSE_ZLIB_HEADER, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::chunks::Chunk;
use super::damaged;
use crate::decode::DecodeError;

/// How far back deflate may refer.
const HISTORY_BYTES: usize = 32 * 1024;
/// History and room for new bytes. A bigger window means fewer moves of the history, a smaller one stays in cache.
const WINDOW_BYTES: usize = HISTORY_BYTES + 64 * 1024;

const FLAGS: u32 = TINFL_FLAG_PARSE_ZLIB_HEADER | TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF | TINFL_FLAG_HAS_MORE_INPUT;

/// Unpacks exactly the bytes that the rows need.
pub(super) struct Inflater {
    state: Box<DecompressorOxide>,
    window: Vec<u8>,
    /// Bytes of `window` that are filled.
    filled: usize,
    /// Bytes that the rows still need.
    missing: u64,
    ended: bool,
}

impl Inflater {
    pub(super) fn new(needed: u64) -> Self {
        // Small pictures get a window of their size. One more byte than needed tells a superfluous byte from none.
        let window_bytes = usize::try_from(needed + 1).map_or(WINDOW_BYTES, |needed| needed.min(WINDOW_BYTES));
        Self { state: Box::default(), window: vec![0; window_bytes], filled: 0, missing: needed, ended: false }
    }

    /// Whether the stream has ended, or everything that still comes is to be ignored.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// Bytes that the rows still need.
    pub(super) fn missing(&self) -> u64 {
        self.missing
    }

    /// Unpacks the data of one IDAT chunk and hands the bytes to `sink` in pieces, as many as the rows need.
    pub(super) fn feed(
        &mut self,
        chunk: &Chunk<'_>,
        mut sink: impl FnMut(&[u8]) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let mut input = chunk.data;
        let rows_were_complete = self.missing == 0;
        while !self.ended {
            if self.filled == self.window.len() {
                self.window.copy_within(self.filled - HISTORY_BYTES.., 0);
                self.filled = HISTORY_BYTES;
            }
            let room = self.window.len() - self.filled;
            let wanted = usize::try_from(self.missing + 1).map_or(room, |wanted| wanted.min(room));
            let limit = self.filled + wanted;
            let (status, read, written) =
                decompress(&mut self.state, input, &mut self.window[..limit], self.filled, FLAGS);
            let at_byte = chunk.data_at_byte() + chunk.data.len() - input.len() + read;
            input = &input[read..];
            let new = &self.window[self.filled..self.filled + written];
            self.filled += written;
            let (used, superfluous) = new.split_at(new.len().min(usize::try_from(self.missing).unwrap_or(usize::MAX)));
            self.missing -= used.len() as u64;
            sink(used)?;
            if !superfluous.is_empty() {
                self.ended = true;
                return Ok(());
            }
            match status {
                TINFLStatus::HasMoreOutput => {}
                TINFLStatus::NeedsMoreInput => return Ok(()),
                TINFLStatus::Done => self.ended = true,
                _ if rows_were_complete => self.ended = true,
                TINFLStatus::Adler32Mismatch => {
                    return Err(damaged(at_byte, "the pixels do not have the Adler-32 checksum that the file states"));
                }
                _ => return Err(damaged(at_byte, "the compressed data is not valid zlib data")),
            }
        }
        Ok(())
    }
}
