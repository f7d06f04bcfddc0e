//! What the caller decides about decoding.

use stage_files::picture::Alpha;

use super::error::DecodeError;

/// The largest picture read unless the caller says otherwise: 100 megapixels.
pub const DEFAULT_MAX_PIXELS: u64 = 100_000_000;

/// What the caller decides about decoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeOptions {
    /// What becomes of transparent parts.
    pub alpha: Alpha,
    /// Pictures with more pixels than this are refused before memory is set aside for them.
    pub max_pixels: u64,
    /// The page of a TIFF file or the frame of an animation, from 0; see [`pages`](super::pages).
    pub page: usize,
}

impl Default for DecodeOptions {
    fn default() -> Self {
        Self { alpha: Alpha::White, max_pixels: DEFAULT_MAX_PIXELS, page: 0 }
    }
}

impl DecodeOptions {
    /// The check that stands before every allocation.
    pub(super) fn check_size(&self, width_px: u64, height_px: u64) -> Result<(), DecodeError> {
        match width_px.checked_mul(height_px) {
            Some(pixels) if pixels <= self.max_pixels => Ok(()),
            _ => Err(DecodeError::TooManyPixels { width_px, height_px, max_pixels: self.max_pixels }),
        }
    }
}

/// A number of pixels as options take it: `250000`, or `100M` for 100 million.
///
/// # Errors
/// What was expected and what was found.
pub fn parse_pixels(text: &str) -> Result<u64, String> {
    let (digits, factor) = text.strip_suffix('M').map_or((text, 1), |digits| (digits, 1_000_000));
    let count = digits.parse::<u64>().ok().and_then(|count| count.checked_mul(factor)).filter(|&count| count > 0);
    count.ok_or_else(|| format!("expected a number of pixels such as 100M or 250000, found `{text}`"))
}
