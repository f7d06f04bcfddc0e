//! TIFF to pixels, as OpenCV gives them: libtiff's colours, weighted as those of BMP.
//!
//! Bilevel, gray, palette, RGB, CMYK and YCbCr pictures of 1 to 16 bits a sample, in strips or tiles, with samples side
//! by side or in planes, in either order of bytes and bits; not compressed or by CCITT group 3 and 4, LZW, Deflate,
//! PackBits or JPEG. What libtiff fills in when data is missing is an error here.

mod cielab;
mod colour;
mod compression;
mod directory;
mod fax;
#[cfg(feature = "jpeg")]
mod jpeg_chunk;
mod page;
mod samples;
mod ycbcr;

use self::colour::Converter;
use self::directory::TiffFile;
use self::page::Page;
use self::samples::Chunks;
use super::options::DecodeOptions;
use super::{DecodeError, orientation};
use crate::format::Format;
use crate::raster::{Pixel, Raster};

/// PhotometricInterpretation of YCbCr.
const YCBCR: u64 = 6;

fn damaged(at_byte: Option<usize>, what: impl Into<String>) -> DecodeError {
    DecodeError::Damaged { format: Format::Tiff, at_byte: at_byte.map(|at| at as u64), what: what.into() }
}

fn unsupported(what: String) -> DecodeError {
    DecodeError::Unsupported { format: Format::Tiff, what: Some(what) }
}

fn cut_off(file_bytes: usize, inside: &str) -> DecodeError {
    DecodeError::CutOff { format: Format::Tiff, file_bytes: file_bytes as u64, inside: inside.to_owned() }
}

/// Number of pages; 0 for a damaged file.
pub(super) fn page_count(bytes: &[u8]) -> usize {
    TiffFile::open(bytes).map_or(0, |(_, first)| 1 + first.pages_after().count())
}

/// Reads a page of a TIFF file.
pub(super) fn decode<P: Pixel>(bytes: &[u8], options: &DecodeOptions) -> Result<Raster<P>, DecodeError> {
    let (file, first) = TiffFile::open(bytes)?;
    let tags = match options.page.checked_sub(1) {
        None => first,
        Some(later) => {
            let page = first.pages_after().nth(later);
            page.ok_or_else(|| damaged(None, format!("it has no page {}", options.page + 1)))?
        }
    };
    let page = Page::read(file, &tags, options)?;
    let turned = tags.number(directory::ORIENTATION)?.map(|turned| turned as u16);
    let converter = Converter::new(&page, &tags, options.alpha)?;
    let tables = tags.bytes(directory::JPEG_TABLES)?.unwrap_or_default();
    let chunks = Chunks { file, page: &page, tables };

    let mut pixels = vec![P::default(); page.width_px * page.height_px];
    for row in 0..page.chunks_down() {
        for column in 0..page.chunks_across() {
            let (left, top) = (column * page.chunk_width_px, row * page.chunk_height_px);
            let samples = chunks.samples(column, row)?;
            let width = page.chunk_width_px.min(page.width_px - left);
            for (y, samples) in samples.chunks_exact(page.chunk_width_px * page.samples).enumerate() {
                let Some(row) = pixels.get_mut((top + y) * page.width_px + left..) else { break };
                let row = row.get_mut(..width).unwrap_or_default();
                converter.convert(samples, row);
            }
        }
    }
    let picture = Raster::new(page.width_px as u32, page.height_px as u32, pixels);
    let picture = picture.ok_or_else(|| damaged(None, "it has no pixels"))?;
    Ok(orientation::apply(picture, turned))
}
