//! The zlib stream that runs through all IDAT chunks, unpacked piece by piece.
//!
//! Which errors matter is the doing of libpng's sequential reader, which OpenCV uses. It hands zlib pieces of at most
//! 8192 bytes and asks for one row at a time; zlib goes on reading behind the last byte of a row until it would have to
//! write another. So a wrong Adler-32 right behind the last row spoils that row. Once all rows are there, libpng looks
//! for the end of the stream: in the first piece with bytes left it minds neither errors nor a missing end, unless
//! superfluous pixels turn up; then the stream has to end, in whichever way, before another chunk comes.
//!
//! One known difference is left: a copy from before the start of the data, as the very first symbol behind the last
//! row, is refused here and goes unnoticed there.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_PARSE_ZLIB_HEADER, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::chunks::Chunk;
use crate::decode::error::DecodeError;
use crate::decode::error::damaged_png;

/// How far back deflate may refer.
const HISTORY_BYTES: usize = 32 * 1024;
/// History and room for new bytes. A bigger window means fewer moves of the history, a smaller one stays in cache.
const WINDOW_BYTES: usize = HISTORY_BYTES + 64 * 1024;
/// Bytes that libpng hands to zlib at once (its `PNG_IDAT_READ_SIZE`).
const PIECE_BYTES: usize = 8192;
/// Superfluous bytes that libpng asks for at once (its `PNG_INFLATE_BUF_SIZE`).
const SUPERFLUOUS_BYTES: usize = 1024;

const FLAGS: u32 = TINFL_FLAG_PARSE_ZLIB_HEADER | TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF | TINFL_FLAG_HAS_MORE_INPUT;

/// Unpacks exactly the bytes that the rows need.
pub(super) struct Inflater {
    state: Box<DecompressorOxide>,
    window: Vec<u8>,
    /// Bytes of `window` that are filled.
    filled: usize,
    /// Bytes that the rows still need.
    missing: u64,
    phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Rows are missing.
    Rows,
    /// All rows are there, the end of the stream has not been seen.
    End,
    /// More bytes than the rows need have come.
    Superfluous,
    /// Whatever still comes is ignored.
    Over,
}

impl Inflater {
    pub(super) fn new(needed: u64) -> Self {
        // Small pictures get a window of their size.
        let room = needed.saturating_add(SUPERFLUOUS_BYTES as u64);
        let window_bytes = usize::try_from(room).map_or(WINDOW_BYTES, |room| room.min(WINDOW_BYTES));
        let window = vec![0; window_bytes];
        Self { state: Box::default(), window, filled: 0, missing: needed, phase: Phase::Rows }
    }

    /// Whether the stream has ended, or everything that still comes is to be ignored.
    pub(super) fn ended(&self) -> bool {
        self.phase == Phase::Over
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
        for (index, piece) in chunk.data.chunks(PIECE_BYTES).enumerate() {
            self.feed_piece(piece, chunk.data_at_byte() + index * PIECE_BYTES, &mut sink)?;
        }
        Ok(())
    }

    fn feed_piece(
        &mut self,
        piece: &[u8],
        at_byte: usize,
        sink: &mut impl FnMut(&[u8]) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let mut input = piece;
        while self.phase != Phase::Over {
            if input.is_empty() && self.phase != Phase::Rows {
                return Ok(());
            }
            let room = self.make_room();
            let wanted = match self.phase {
                Phase::Rows => usize::try_from(self.missing).map_or(room, |missing| missing.min(room)),
                _ => room.min(SUPERFLUOUS_BYTES),
            };
            let limit = self.filled + wanted;
            let (status, read, written) =
                decompress(&mut self.state, input, &mut self.window[..limit], self.filled, FLAGS);
            input = &input[read..];
            let new = self.filled..self.filled + written;
            self.filled = new.end;
            if self.phase == Phase::Rows {
                self.missing -= written as u64;
                sink(&self.window[new])?;
                match status {
                    TINFLStatus::Done => self.phase = Phase::Over,
                    TINFLStatus::HasMoreOutput | TINFLStatus::NeedsMoreInput if self.missing == 0 => {
                        self.phase = Phase::End;
                    }
                    TINFLStatus::HasMoreOutput => {}
                    TINFLStatus::NeedsMoreInput => return Ok(()),
                    failed => return Err(unpacking_failed(failed, at_byte + piece.len() - input.len())),
                }
            } else {
                let more = matches!(status, TINFLStatus::HasMoreOutput | TINFLStatus::NeedsMoreInput);
                let superfluous = self.phase == Phase::Superfluous || written > 0;
                self.phase = if more && superfluous { Phase::Superfluous } else { Phase::Over };
            }
        }
        Ok(())
    }

    /// Makes room at the end of a full window: a small one grows, a big one moves its history to the front.
    fn make_room(&mut self) -> usize {
        if self.filled == self.window.len() {
            if self.window.len() < WINDOW_BYTES {
                self.window.resize(WINDOW_BYTES, 0);
            } else {
                self.window.copy_within(self.filled - HISTORY_BYTES.., 0);
                self.filled = HISTORY_BYTES;
            }
        }
        self.window.len() - self.filled
    }
}

fn unpacking_failed(status: TINFLStatus, at_byte: usize) -> DecodeError {
    let what = match status {
        TINFLStatus::Adler32Mismatch => "the pixels do not have the Adler-32 checksum that the file states",
        _ => "the compressed data is not valid zlib data",
    };
    damaged_png(at_byte, what)
}
