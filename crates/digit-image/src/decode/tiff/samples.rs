//! Strips and tiles to samples.

use std::borrow::Cow;

use super::compression::{Compression, expand};
use super::directory::TiffFile;
use super::page::Page;
use crate::decode::DecodeError;

/// The strips or tiles of a page.
pub(super) struct Chunks<'a> {
    pub(super) file: TiffFile<'a>,
    pub(super) page: &'a Page,
    /// What JPEG strips share.
    pub(super) tables: &'a [u8],
}

impl Chunks<'_> {
    /// The samples of a strip or tile, all those of a pixel side by side, row by row and as wide as the tile; strips
    /// have no more rows than the picture.
    pub(super) fn samples(&self, column: usize, row: usize) -> Result<Vec<u16>, DecodeError> {
        let page = self.page;
        let index = row * page.chunks_across() + column;
        let is_last = !page.is_tiled && row + 1 == page.chunks_down();
        let rows = if is_last { page.height_px - row * page.chunk_height_px } else { page.chunk_height_px };
        if !page.is_planar {
            return self.plane(index, rows);
        }
        let plane_chunks = page.chunks_across() * page.chunks_down();
        let mut samples = vec![0; page.chunk_width_px * rows * page.samples];
        for sample in 0..page.samples {
            let plane = self.plane(sample * plane_chunks + index, rows)?;
            for (into, value) in samples.iter_mut().skip(sample).step_by(page.samples).zip(plane) {
                *into = value;
            }
        }
        Ok(samples)
    }

    fn plane(&self, index: usize, rows: usize) -> Result<Vec<u16>, DecodeError> {
        let page = self.page;
        let mut data = Cow::Borrowed(self.file.slice(page.offsets[index], page.byte_counts[index], "the picture")?);
        if page.has_reversed_bits {
            data.to_mut().iter_mut().for_each(|byte| *byte = byte.reverse_bits());
        }
        if page.compression == Compression::Jpeg {
            return Ok(jpeg(&data, self.tables, page, rows)?.into_iter().map(u16::from).collect());
        }
        let row_bytes = page.row_bytes();
        let coded_rows = rows.div_ceil(page.chroma[1]);
        let data = expand(data, page.compression, page.chunk_width_px, row_bytes, coded_rows)?;
        let coded_rows = data.chunks_exact(row_bytes).take(coded_rows);
        let mut samples = Vec::with_capacity(page.chunk_width_px * page.chunk_samples() * rows);
        for row in coded_rows {
            if page.chroma == [1, 1] {
                self.unpack(row, &mut samples);
            } else {
                spread_chroma(row, page, &mut samples);
            }
        }
        samples.truncate(page.chunk_width_px * page.chunk_samples() * rows);
        Ok(samples)
    }

    /// A row of samples of 1 to 16 bits.
    fn unpack(&self, row: &[u8], samples: &mut Vec<u16>) {
        let page = self.page;
        let (start, count) = (samples.len(), page.chunk_width_px * page.chunk_samples());
        match page.bits {
            8 => samples.extend(row[..count].iter().map(|&byte| u16::from(byte))),
            16 => {
                let number = if self.file.is_little_endian { u16::from_le_bytes } else { u16::from_be_bytes };
                samples.extend(row.as_chunks().0.iter().map(|&bytes| number(bytes)));
            }
            bits => samples.extend((0..count).map(|index| {
                let at = index * bits;
                let byte = |offset: usize| u32::from(row.get(at / 8 + offset).copied().unwrap_or(0));
                let word = byte(0) << 16 | byte(1) << 8 | byte(2);
                (word << (8 + at % 8) >> (32 - bits)) as u16
            })),
        }
        if page.is_differences {
            let step = page.chunk_samples();
            for at in start + step..samples.len() {
                let sum = samples[at].wrapping_add(samples[at - step]);
                samples[at] = if page.bits == 8 { sum & 0xff } else { sum };
            }
        }
    }
}

/// A row of units of subsampled chroma: so many values of Y, then one of Cb and one of Cr (TIFF 6.0, section 21).
fn spread_chroma(units: &[u8], page: &Page, samples: &mut Vec<u16>) {
    let [across, down] = page.chroma;
    let unit_bytes = across * down + 2;
    for y in 0..down {
        for x in 0..page.chunk_width_px {
            let unit = &units[x / across * unit_bytes..][..unit_bytes];
            let luma = unit[y * across + x % across];
            samples.extend([luma, unit[across * down], unit[across * down + 1]].map(u16::from));
        }
    }
}

#[cfg(feature = "jpeg")]
use super::jpeg_chunk::decode as jpeg;

#[cfg(not(feature = "jpeg"))]
fn jpeg(_: &[u8], _: &[u8], _: &Page, _: usize) -> Result<Vec<u8>, DecodeError> {
    Err(super::unsupported("JPEG compression, which is switched off in this build,".to_owned()))
}
