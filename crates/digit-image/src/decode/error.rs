//! Why a file gave no picture.

use std::error::Error;
use std::fmt;

use crate::format::Format;

/// Why a file gave no picture. The text of each says what was found, what was expected and what to do; the caller adds
/// the path.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// The file has no bytes.
    Empty,
    /// The first bytes are those of no known picture format.
    NotAPicture {
        /// Up to 16 bytes from the start of the file.
        start: Vec<u8>,
    },
    /// A known format, or a kind of it, that is not read.
    Unsupported {
        /// The format by content.
        format: Format,
        /// Which kind of the format; `None` means all of it.
        what: Option<String>,
    },
    /// The declared size is over the limit.
    TooManyPixels {
        /// Declared columns.
        width_px: u64,
        /// Declared rows.
        height_px: u64,
        /// [`super::DecodeOptions::max_pixels`].
        max_pixels: u64,
    },
    /// The file ends too early.
    CutOff {
        /// The format by content.
        format: Format,
        /// Length of the file, where it ends.
        file_bytes: u64,
        /// What was being read there.
        inside: String,
    },
    /// The content contradicts the format.
    Damaged {
        /// The format by content.
        format: Format,
        /// Where, counted from 0, if it is known.
        at_byte: Option<u64>,
        /// What is wrong, with what was expected.
        what: String,
    },
    /// The system gave no memory for a picture within the limit.
    OutOfMemory {
        /// Bytes that were asked for.
        bytes: u64,
    },
}

impl DecodeError {
    pub(super) fn damaged(format: Format, at_byte: usize, what: impl Into<String>) -> Self {
        Self::Damaged { format, at_byte: Some(at_byte as u64), what: what.into() }
    }
}

/// [`DecodeError::damaged`] of a PNG.
pub(super) fn damaged_png(at_byte: usize, what: impl Into<String>) -> DecodeError {
    DecodeError::damaged(Format::Png, at_byte, what)
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const AGAIN: &str = "copy or export it again";
        match self {
            Self::Empty => write!(f, "the file is empty (0 bytes); {AGAIN}"),
            Self::NotAPicture { start } => {
                let kind = if looks_like_text(start) { "text" } else { "a file" };
                let shown = start.escape_ascii();
                write!(
                    f,
                    "not a picture: expected {}, found {kind} that begins with \"{shown}\"",
                    Format::supported_names()
                )
            }
            Self::Unsupported { format, what: None } if format.is_decoded() => {
                write!(f, "{format} pictures are switched off in this build; export it as {}", Format::export_names())
            }
            Self::Unsupported { format, what: None } => {
                write!(f, "{format} pictures are not supported; export it as {}", Format::export_names())
            }
            Self::Unsupported { format, what: Some(what) } => {
                write!(f, "{format} with {what} is not supported; export it as {}", Format::export_names())
            }
            Self::TooManyPixels { width_px, height_px, max_pixels } => write!(
                f,
                "the picture declares {width_px}x{height_px} pixels, the limit is {max_pixels} in all; shrink it, or \
                 raise the limit with --max-pixels {}",
                width_px.saturating_mul(*height_px)
            ),
            Self::CutOff { format, file_bytes, inside } => {
                write!(f, "cut-off {format}: the file ends at byte {file_bytes}, inside {inside}; {AGAIN}")
            }
            Self::Damaged { format, at_byte: Some(at), what } => {
                write!(f, "damaged {format}: at byte {at}: {what}; {AGAIN}")
            }
            Self::Damaged { format, at_byte: None, what } => write!(f, "damaged {format}: {what}; {AGAIN}"),
            Self::OutOfMemory { bytes } => {
                write!(f, "the system gave no memory ({bytes} bytes) for the picture; shrink it or use fewer jobs")
            }
        }
    }
}

impl Error for DecodeError {}

/// Printable ASCII, white space and the bytes of UTF-8.
fn looks_like_text(start: &[u8]) -> bool {
    start.iter().all(|&byte| byte >= 0x80 || byte.is_ascii_graphic() || byte.is_ascii_whitespace())
        && start.iter().any(u8::is_ascii_graphic)
}
