//! From the bytes of a CSV to a matrix: a first look counts the lines, so that memory is set aside once; then each row
//! is read on the fast path, or by the strict reader where that gives up, while another thread reads on and hashes.

use std::io::Read;
use std::path::Path;

use anyhow::Context;

use super::blocks;
use super::header::Header;
use super::strict::{self, MAX_LINE_BYTES, text};
use crate::digest::sha256_hex;
use crate::{refuse, regular_file};

/// What a CSV alone tells.
#[derive(Debug, PartialEq)]
pub(super) struct Table {
    pub header: Header,
    /// Row by row (N, P).
    pub pixels: Vec<u8>,
    pub classes: Vec<u8>,
    pub sha256: String,
}

/// A way through one row that may give up; see `fast_path::row`.
pub(super) type FastRow = fn(&[u8], &mut [u8], usize) -> Option<(usize, u8)>;

impl Table {
    /// Reads a CSV, some bytes at a time; nothing depends on how many.
    pub(super) fn read(path: &Path, block_bytes: usize, fast_row: FastRow) -> anyhow::Result<Self> {
        let size = Size::of(regular_file::open(path).map_err(|error| error.at_input(path))?)?;
        let file = path.display().to_string();
        let work = |blocks: &blocks::Blocks| {
            let mut rows = None;
            while let Some(block) = blocks.next()? {
                take(&mut rows, &block, &file, &size, fast_row)?;
                blocks.done(block);
            }
            finish(rows, &file, &size)
        };
        let ((header, pixels, classes), sha256) = blocks::read(path, block_bytes, MAX_LINE_BYTES, work)?;
        Ok(Self { header, pixels, classes, sha256 })
    }

    /// As [`Self::read`], of bytes in memory; `file` names them in messages.
    pub(super) fn of_bytes(file: &str, bytes: &[u8], fast_row: FastRow) -> anyhow::Result<Self> {
        let size = Size::of(bytes)?;
        let mut rows = None;
        if !bytes.is_empty() {
            take(&mut rows, bytes, file, &size, fast_row)?;
        }
        let (header, pixels, classes) = finish(rows, file, &size)?;
        Ok(Self { header, pixels, classes, sha256: sha256_hex(bytes) })
    }
}

/// Reads whole lines; the first of the file is the header.
fn take<'a>(
    rows: &mut Option<RowReader<'a>>,
    mut lines: &[u8],
    file: &'a str,
    size: &Size,
    fast_row: FastRow,
) -> anyhow::Result<()> {
    if rows.is_none() {
        let line = lines.split_inclusive(|&b| b == b'\n').next().unwrap_or_default();
        lines = &lines[line.len()..];
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        *rows = Some(RowReader::new(file, Header::parse(file, text(file, line, 1)?)?, size));
    }
    rows.as_mut().map_or(Ok(()), |rows| rows.read(lines, fast_row))
}

fn finish(rows: Option<RowReader<'_>>, file: &str, size: &Size) -> anyhow::Result<(Header, Vec<u8>, Vec<u8>)> {
    let Some(rows) = rows else {
        refuse!("{file}: the file is empty; expected a header line and at least one row of pixels");
    };
    rows.finish(size)
}

/// What a first look at a file gives.
struct Size {
    bytes: u64,
    /// A last line without a line feed counts.
    lines: u64,
}

impl Size {
    fn of(mut reader: impl Read) -> anyhow::Result<Self> {
        let mut buffer = vec![0; blocks::BLOCK_BYTES];
        let (mut bytes, mut lines, mut last) = (0, 0, b'\n');
        loop {
            let n = reader.read(&mut buffer)?;
            let Some(&end) = buffer[..n].last() else { break };
            // Counts of up to 255 bytes fit into a byte, and bytes are added sixteen or more at a time.
            let feeds = |part: &[u8]| u64::from(part.iter().map(|&b| u8::from(b == b'\n')).sum::<u8>());
            lines += buffer[..n].chunks(192).map(feeds).sum::<u64>();
            bytes += n as u64;
            last = end;
        }
        Ok(Self { bytes, lines: lines + u64::from(last != b'\n') })
    }

    /// The most rows that there can be: a line each, and at least two bytes for each cell.
    fn rows(&self, header: &Header) -> usize {
        self.lines.saturating_sub(1).min((self.bytes + 1) / (2 * header.columns() as u64)) as usize
    }
}

/// Collects rows.
struct RowReader<'a> {
    file: &'a str,
    header: Header,
    /// Whole to begin with; memory that is never written is never taken from the system.
    pixels: Vec<u8>,
    classes: Vec<u8>,
    lines: usize,
    blank_line: Option<usize>,
}

impl<'a> RowReader<'a> {
    fn new(file: &'a str, header: Header, size: &Size) -> Self {
        let rows = size.rows(&header);
        let pixels = vec![0; rows * header.pixels];
        Self { file, header, pixels, classes: Vec::with_capacity(rows), lines: 1, blank_line: None }
    }

    /// Reads whole lines.
    fn read(&mut self, mut lines: &[u8], fast_row: FastRow) -> anyhow::Result<()> {
        let (file, width) = (self.file, self.header.pixels);
        while !lines.is_empty() {
            self.lines += 1;
            let at = self.classes.len() * width;
            // Only a file with wrong rows, or one that grew meanwhile, has more rows than its size allows.
            if self.pixels.len() < at + width {
                self.pixels.resize(at + width, 0);
            }
            let pixels = &mut self.pixels[at..at + width];
            if self.blank_line.is_none()
                && let Some((length, class)) = fast_row(lines, pixels, self.header.labels.len())
            {
                self.classes.push(class);
                lines = &lines[length..];
                continue;
            }
            let line = lines.split_inclusive(|&b| b == b'\n').next().unwrap_or_default();
            lines = &lines[line.len()..];
            let number = self.lines;
            let line = text(file, line, number)?;
            if line.trim().is_empty() {
                self.blank_line.get_or_insert(number);
                continue;
            }
            if let Some(blank) = self.blank_line {
                let columns = self.header.columns();
                refuse!("{file}, line {blank}: expected a row of {columns} values, found an empty line; remove it");
            }
            let class = strict::row(&self.header, line, pixels).with_context(|| format!("{file}, line {number}"))?;
            self.classes.push(class);
        }
        Ok(())
    }

    fn finish(mut self, size: &Size) -> anyhow::Result<(Header, Vec<u8>, Vec<u8>)> {
        if self.classes.is_empty() {
            refuse!("{}: expected at least one row below the header, found none; make the data set again", self.file);
        }
        // Both looks must have seen the same file.
        if self.lines as u64 != size.lines {
            anyhow::bail!("{} changed while it was read; try again when its writer has ended", self.file);
        }
        self.pixels.truncate(self.classes.len() * self.header.pixels);
        self.pixels.shrink_to_fit();
        Ok((self.header, self.pixels, self.classes))
    }
}

#[cfg(test)]
mod tests;
