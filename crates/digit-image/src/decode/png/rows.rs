//! Unpacked bytes to rows of pixels.

use super::adam7::{self, ADAM7, PLAIN, Pass};
use super::at_once;
use super::chunks::Chunk;
use super::header::Header;
use super::inflate::Inflater;
use super::samples::Converter;
use super::unfilter::unfilter;
use crate::decode::error::DecodeError;
use crate::decode::error::damaged_png;
use crate::raster::{Pixel, Raster};

/// The pixels of a picture while its IDAT chunks are read.
pub(super) enum ImageData<P> {
    /// All pixels. What still comes is ignored.
    Whole(Vec<P>),
    /// The raw samples of two rows and the pixels of the rows that have come.
    Rows(Box<RowReader<P>>),
}

pub(super) struct RowReader<P> {
    inflater: Inflater,
    assembler: RowAssembler<P>,
}

impl<P: Pixel> ImageData<P> {
    /// The picture whose data begins with `data`, which [`Self::feed`] takes again.
    pub(super) fn new(header: &Header, converter: Converter<P>, data: Option<&[&[u8]]>) -> Self {
        match data.and_then(|data| at_once::pixels(header, &converter, data)) {
            Some(pixels) => Self::Whole(pixels),
            None => Self::Rows(Box::new(RowReader::new(header, converter))),
        }
    }

    /// Whether the compressed stream has ended, so that other chunks may follow.
    pub(super) fn stream_ended(&self) -> bool {
        match self {
            Self::Whole(_) => true,
            Self::Rows(reader) => reader.inflater.ended(),
        }
    }

    /// Takes the data of the next IDAT chunk.
    pub(super) fn feed(&mut self, chunk: &Chunk<'_>) -> Result<(), DecodeError> {
        match self {
            Self::Whole(_) => Ok(()),
            Self::Rows(reader) => reader.feed(chunk),
        }
    }

    /// The whole picture, once the stream has ended.
    pub(super) fn finish(self, header: &Header) -> Result<Raster<P>, DecodeError> {
        let (width_px, height_px) = (header.width_px, header.height_px);
        let pixels = match self {
            Self::Whole(pixels) => pixels,
            Self::Rows(reader) if header.interlaced => adam7::weave(&reader.assembler.pixels, width_px, height_px)?,
            Self::Rows(reader) => reader.assembler.pixels,
        };
        Ok(Raster { width_px, height_px, pixels })
    }
}

impl<P: Pixel> RowReader<P> {
    fn new(header: &Header, converter: Converter<P>) -> Self {
        let all: &[Pass] = if header.interlaced { &ADAM7 } else { &PLAIN };
        let passes: Vec<PassRows> = all
            .iter()
            .map(|pass| pass.size_px(header.width_px, header.height_px))
            .filter(|&(columns, rows)| columns > 0 && rows > 0)
            .map(|(columns, rows)| PassRows { columns, rows, row_bytes: header.row_bytes(columns) })
            .collect();
        let needed = passes.iter().map(|pass| u64::from(pass.rows) * (pass.row_bytes as u64 + 1)).sum();
        let mut assembler = RowAssembler {
            passes: passes.into_iter(),
            columns: 0,
            rows_left: 0,
            pixel_bytes: header.pixel_bytes(),
            filter: None,
            row: Vec::new(),
            row_bytes: 0,
            above: Vec::new(),
            converter,
            pixels: Vec::new(),
            pixels_needed: header.width_px as usize * header.height_px as usize,
        };
        assembler.next_pass();
        Self { inflater: Inflater::new(needed), assembler }
    }

    fn feed(&mut self, chunk: &Chunk<'_>) -> Result<(), DecodeError> {
        let Self { inflater, assembler } = self;
        inflater.feed(chunk, |bytes| assembler.take(bytes, chunk))?;
        if inflater.ended() && inflater.missing() > 0 {
            let what = format!("the compressed data ends {} bytes before the last row is complete", inflater.missing());
            return Err(damaged_png(chunk.at_byte, what));
        }
        Ok(())
    }
}

struct PassRows {
    columns: u32,
    rows: u32,
    row_bytes: usize,
}

struct RowAssembler<P> {
    passes: std::vec::IntoIter<PassRows>,
    columns: u32,
    rows_left: u32,
    pixel_bytes: usize,
    /// The filter type of the row that is being filled, once it has come.
    filter: Option<u8>,
    row: Vec<u8>,
    row_bytes: usize,
    above: Vec<u8>,
    converter: Converter<P>,
    pixels: Vec<P>,
    pixels_needed: usize,
}

impl<P: Pixel> RowAssembler<P> {
    fn next_pass(&mut self) {
        if let Some(PassRows { columns, rows, row_bytes }) = self.passes.next() {
            self.columns = columns;
            self.rows_left = rows;
            self.row_bytes = row_bytes;
            self.above.clear();
            self.above.resize(row_bytes, 0);
        }
    }

    fn take(&mut self, mut bytes: &[u8], chunk: &Chunk<'_>) -> Result<(), DecodeError> {
        while let Some((&first, rest)) = bytes.split_first() {
            let filter = self.filter.unwrap_or_else(|| {
                bytes = rest;
                first
            });
            self.filter = Some(filter);
            let (part, rest) = bytes.split_at(bytes.len().min(self.row_bytes - self.row.len()));
            self.row.extend_from_slice(part);
            bytes = rest;
            if self.row.len() == self.row_bytes {
                self.finish_row(filter, chunk)?;
            }
        }
        Ok(())
    }

    fn finish_row(&mut self, filter: u8, chunk: &Chunk<'_>) -> Result<(), DecodeError> {
        unfilter(filter, self.pixel_bytes, &self.above, &mut self.row).ok_or_else(|| {
            damaged_png(chunk.at_byte, format!("a row in this chunk has filter type {filter}; only 0 to 4 exist"))
        })?;
        self.make_room()?;
        self.converter.convert(&self.row, self.columns as usize, &mut self.pixels);
        std::mem::swap(&mut self.row, &mut self.above);
        self.row.clear();
        self.filter = None;
        self.rows_left -= 1;
        if self.rows_left == 0 {
            self.next_pass();
        }
        Ok(())
    }

    /// Grows as rows come, by doubling, and never beyond the picture.
    fn make_room(&mut self) -> Result<(), DecodeError> {
        let wanted = self.pixels.len() + self.columns as usize;
        if wanted > self.pixels.capacity() {
            let target = wanted.max(2 * self.pixels.len()).min(self.pixels_needed);
            self.pixels
                .try_reserve_exact(target - self.pixels.len())
                .map_err(|_| DecodeError::OutOfMemory { bytes: (target * size_of::<P>()) as u64 })?;
        }
        Ok(())
    }
}
