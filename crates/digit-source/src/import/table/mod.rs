//! Digits in a table: one row a picture, with pixels and a label, as spreadsheets and people's programs write them.
//!
//! ```text
//! label,pixel0,pixel1,..        Kaggle      0,0,5,13,..,0        optdigits, scikit-learn
//! 5,0,0,..                                  5 1:0.3 4:-1         libsvm
//! ```
//!
//! Encoding, separator, header, the columns' roles and the range of the values are found out and said. What cannot be
//! found out for certain is asked for; above all the label column is never guessed.

mod by_content;
mod by_name;
mod cell;
mod encoding;
mod grid;
mod layout;
mod separator;
mod sparse;

use stage_files::refuse;
use stage_files::rejected::Rejected;

#[cfg(feature = "parquet")]
pub(super) use self::by_name::is_label_name;
use self::grid::{Grid, Row};
pub use self::layout::LabelColumn;
use self::layout::Layout;
use super::gather::{Item, Pictures};
use super::names::Names;
use super::scale::{self, Extremes, Range};

/// What the user says about a table.
#[derive(Default)]
pub struct Options {
    /// Width of a picture; pictures are square by default.
    pub width_px: Option<u32>,
    /// The label column; found out by default.
    pub label_column: Option<LabelColumn>,
    /// The values of black and white; found out by default.
    pub range: Option<Range>,
    /// The arrays, in a file of arrays.
    pub arrays: Names,
}

/// What was found out about a file: a key and a value each, in the order in which they are said.
pub type Found = Vec<(&'static str, String)>;

/// The pictures of a table.
///
/// # Errors
/// What makes the whole table unreadable or ambiguous; a row that cannot be read is rejected.
pub(super) fn read(bytes: &[u8], options: &Options) -> anyhow::Result<(Pictures, Found)> {
    let text = encoding::decode(bytes)?;
    let mut found = vec![("encoding", text.encoding.to_owned()), ("line_ends", text.line_ends.to_owned())];
    let pictures = if sparse::is_sparse(&text.content) {
        read_sparse(&text.content, options, &mut found)?
    } else {
        read_grid(&Grid::parse(&text.content)?, options, &mut found)?
    };
    Ok((pictures, found))
}

fn read_grid(grid: &Grid<'_>, options: &Options, found: &mut Found) -> anyhow::Result<Pictures> {
    let Layout { label, pixels, passed_over } = match &grid.header {
        Some(names) => by_name::layout(grid, names, options.label_column.as_ref())?,
        None => by_content::layout(grid, options.width_px, options.label_column.as_ref())?,
    };
    let others: Vec<_> = passed_over.iter().map(|(at, what)| format!("{} ({what})", grid.place(*at))).collect();
    let (width_px, height_px) = shape(pixels.len(), options.width_px, &others)?;
    let values = |row: &Row<'_>| pixels.iter().map(|&at| row.values[at]).collect::<Vec<f32>>();
    let range = match options.range {
        Some(range) => range,
        None => {
            let extremes = grid.rows.iter().filter_map(|row| {
                let numbers = pixels.iter().map(|&at| row.values[at]).filter(|value| !value.is_nan());
                Extremes::of(numbers)
            });
            scale::find(&extremes.collect::<Vec<_>>()).or_else(|reason| refuse!("{reason}"))?
        }
    };
    found.push(("separator", grid.separator.name().to_owned()));
    if grid.decimal == ',' {
        found.push(("decimal", "comma".to_owned()));
    }
    found.push(("header", if grid.header.is_some() { "yes" } else { "no" }.to_owned()));
    found.push(("label", label.place(grid)));
    found.push(("pixels", format!("{width_px}x{height_px}, {range}")));
    if !others.is_empty() {
        found.push(("passed_over", others.join(", ")));
    }
    let mut rows = Rows::new(grid.rows.iter().map(|row| row.line).chain(grid.ragged.iter().map(|(line, _)| *line)));
    for row in &grid.rows {
        let bad = pixels.iter().find(|&&at| !range.holds(row.values[at]));
        match (bad, label.read(grid, row)) {
            (Some(&at), _) => {
                let (place, cell) = (grid.place(at), grid.shown(row, at));
                rows.reject(row.line, format!("{place}: expected a number {range}, found {cell}"));
            }
            (None, Err(reason)) => rows.reject(row.line, reason),
            (None, Ok(label)) => rows.take(row.line, label, &values(row), &range),
        }
    }
    for (line, cells) in &grid.ragged {
        rows.reject(*line, format!("expected {} cells, found {cells}", grid.columns));
    }
    Ok(rows.pictures(width_px, height_px, label.place(grid)))
}

fn read_sparse(text: &str, options: &Options, found: &mut Found) -> anyhow::Result<Pictures> {
    let (sparse, pixels) = sparse::read(text, options.width_px)?;
    let (width_px, height_px) = shape(pixels, options.width_px, &[])?;
    let dense = |entries: &[(usize, f32)]| {
        let mut values = vec![0.0; pixels];
        entries.iter().for_each(|&(index, value)| values[index] = value);
        values
    };
    let range = match options.range {
        Some(range) => range,
        None => {
            let read = sparse.iter().filter_map(|row| row.content.as_ref().ok());
            let extremes = read.filter_map(|(_, entries)| Extremes::of(entries.iter().map(|(_, value)| *value)));
            scale::find(&extremes.collect::<Vec<_>>()).or_else(|reason| refuse!("{reason}"))?
        }
    };
    found.push(("separator", "libsvm's index:value".to_owned()));
    found.push(("label", "column 1".to_owned()));
    found.push(("pixels", format!("{width_px}x{height_px}, {range}")));
    let mut rows = Rows::new(sparse.iter().map(|row| row.line));
    for row in sparse {
        match row.content {
            Err(reason) => rows.reject(row.line, reason),
            Ok((label, entries)) => match entries.iter().find(|(_, value)| !range.holds(*value)) {
                Some((index, value)) => {
                    rows.reject(row.line, format!("pixel {}: expected a number {range}, found {value}", index + 1));
                }
                None => rows.take(row.line, label, &dense(&entries), &range),
            },
        }
    }
    Ok(rows.pictures(width_px, height_px, "column 1".into()))
}

/// Rows, read or rejected, that are named by their lines.
struct Rows {
    digits: usize,
    items: Vec<Item>,
    rejected: Vec<Rejected>,
}

impl Rows {
    fn new(lines: impl Iterator<Item = u64>) -> Self {
        Self { digits: lines.max().unwrap_or(1).to_string().len(), items: Vec::new(), rejected: Vec::new() }
    }

    fn take(&mut self, line: u64, label: i64, values: &[f32], range: &Range) {
        let digits = self.digits;
        let levels = values.iter().map(|&value| range.level(value)).collect();
        let (source, id) = (format!("line {line}"), format!("r{line:0digits$}"));
        self.items.push(Item { source, id, label, levels, width_px: None });
    }

    fn reject(&mut self, line: u64, reason: String) {
        self.rejected.push(Rejected { source: format!("line {line}"), reason });
    }

    fn pictures(self, width_px: u32, height_px: u32, label_place: String) -> Pictures {
        Pictures { width_px, height_px, items: self.items, rejected: self.rejected, label_place }
    }
}

/// Width and height of pictures of so many pixels; `passed_over` are columns that are none.
pub(super) fn shape(pixels: usize, width_px: Option<u32>, passed_over: &[String]) -> anyhow::Result<(u32, u32)> {
    let width = width_px.map_or_else(|| pixels.isqrt(), |w| w as usize);
    if pixels > 0 && width > 0 && pixels.is_multiple_of(width) && (width_px.is_some() || width * width == pixels) {
        return Ok((width as u32, (pixels / width) as u32));
    }
    let others = match passed_over {
        [] => String::new(),
        names => format!("; not counted as pixels: {}", names.join(", ")),
    };
    let side = (pixels / 3).isqrt();
    if pixels > 0 && 3 * side * side == pixels {
        refuse!("{pixels} pixel columns are 3 colours of {side}x{side} pixels; give a table of gray pixels{others}");
    }
    refuse!("{pixels} pixel columns do not make a picture of width {width}; give the width with --width{others}");
}

#[cfg(test)]
mod tests;
