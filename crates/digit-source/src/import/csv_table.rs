//! Digits in a table: one row a picture, pixel columns and either one label column or one-hot columns.
//!
//! The values may run to 255, 16 or 1; the largest one found tells which. Without a header the label is the first or
//! the last column, whichever can be one.

use std::path::Path;

use anyhow::Context;
use stage_files::labels::LabelSet;
use stage_files::picture_name::PictureName;
use stage_files::plain_text::plain;
use stage_files::refuse;
use stage_files::rejected::Rejected;
use stage_files::stage::StageInfo;

use super::{gray_png, polarity};
use crate::folder::{Job, Made, Planned, file_input};

/// Where the label of a row stands.
#[derive(Debug, PartialEq)]
enum LabelColumns {
    One(usize),
    /// Column and the digit it stands for.
    OneHot(Vec<(usize, u8)>),
}

/// A table of pictures.
struct Table {
    rows: Vec<Row>,
    pixel_columns: usize,
}

struct Row {
    line: u64,
    label: Result<u8, String>,
    pixels: Vec<f32>,
}

/// Prepares an import; the second part makes the PNG of each planned picture.
pub fn plan(
    file: &Path,
    set: &LabelSet,
    size: u8,
    width_px: Option<u32>,
    version: &str,
) -> anyhow::Result<(Job<usize>, impl Fn(&Planned<usize>) -> Made + Sync + use<>)> {
    let bytes = crate::read_input(file)?;
    let table = Table::parse(&bytes).with_context(|| file.display().to_string())?;
    let (width_px, height_px) = shape(table.pixel_columns, width_px).with_context(|| file.display().to_string())?;
    let largest = table.rows.iter().flat_map(|row| &row.pixels).fold(0.0f32, |a, &b| a.max(b));
    let full_scale = [1.0, 16.0, 255.0].into_iter().find(|&scale| largest <= scale).unwrap_or(255.0);
    let settings = serde_json::json!({"import": "csv", "size": size, "width_px": width_px});
    let mut info = StageInfo::new("digit-source", version, settings, set.clone());
    info.inputs = vec![file_input(file, &bytes)];
    let digits = table.rows.last().map_or(1, |row| row.line.to_string().len());
    let (mut pictures, mut rejected, mut left_out) = (Vec::new(), Vec::new(), 0u64);
    let mut counts = [0u64; 256];
    let mut gray = Vec::with_capacity(table.rows.len());
    for (i, row) in table.rows.iter().enumerate() {
        // Rounded half up to the nearest of 256 levels.
        let levels: Vec<u8> = row.pixels.iter().map(|v| (v / full_scale * 255.0 + 0.5) as u8).collect();
        levels.iter().for_each(|&level| counts[usize::from(level)] += 1);
        gray.push(levels);
        let source = format!("line {}", row.line);
        match &row.label {
            Err(reason) => rejected.push(Rejected { source, reason: reason.clone() }),
            Ok(label) if set.class_of(*label).is_none() => left_out += 1,
            Ok(label) => {
                let name = PictureName { label: *label, size, id: format!("r{:0digits$}", row.line) };
                pictures.push(Planned::new(name, source, i));
            }
        }
    }
    if pictures.is_empty() {
        refuse!("{}: no row has a label in {set}; {left_out} rows have other labels; give --labels", file.display());
    }
    info.counts.insert("left_out".into(), left_out);
    let turn_round = polarity::is_light_on_dark(&counts);
    let make = move |picture: &Planned<usize>| {
        let turned = |level: &u8| if turn_round { 255 - level } else { *level };
        let pixels: Vec<u8> = gray[picture.origin].iter().map(turned).collect();
        gray_png(width_px, height_px, &pixels)
    };
    Ok((Job { info, pictures, rejected, inputs_read: None }, make))
}

fn shape(pixels: usize, width_px: Option<u32>) -> anyhow::Result<(u32, u32)> {
    let width = width_px.map_or_else(|| pixels.isqrt(), |w| w as usize);
    if width == 0 || !pixels.is_multiple_of(width) || (width_px.is_none() && width * width != pixels) {
        refuse!("{pixels} pixel columns do not make a picture of width {width}; give the width with --width");
    }
    Ok((width as u32, (pixels / width) as u32))
}

impl Table {
    fn parse(bytes: &[u8]) -> anyhow::Result<Self> {
        let text = plain(bytes);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_reader(&*text);
        let records: Vec<csv::StringRecord> = reader
            .records()
            .collect::<Result<_, _>>()
            .or_else(|error| refuse!("{error}; every row must have as many cells as the first"))?;
        let Some(first) = records.first() else { refuse!("no row; expected one row a picture") };
        let has_header = first.iter().any(|cell| cell.parse::<f32>().is_err());
        let data = &records[usize::from(has_header)..];
        if data.is_empty() {
            refuse!("a header and no row; expected one row a picture");
        }
        let label = if has_header { Self::label_by_name(first)? } else { Self::label_by_content(data)? };
        let is_label = |column: usize| match &label {
            LabelColumns::One(at) => column == *at,
            LabelColumns::OneHot(columns) => columns.iter().any(|(at, _)| *at == column),
        };
        let pixel_columns = (0..first.len()).filter(|&column| !is_label(column)).count();
        let rows = data
            .iter()
            .map(|record| {
                let line = record.position().map_or(0, csv::Position::line);
                let mut pixels = Vec::with_capacity(pixel_columns);
                for (column, cell) in record.iter().enumerate().filter(|(column, _)| !is_label(*column)) {
                    match cell.parse::<f32>() {
                        Ok(value) if (0.0..=255.0).contains(&value) => pixels.push(value),
                        _ => refuse!("line {line}, column {}: expected a number 0..255, found `{cell}`", column + 1),
                    }
                }
                Ok(Row { line, label: label.read(record), pixels })
            })
            .collect::<anyhow::Result<_>>()?;
        Ok(Self { rows, pixel_columns })
    }

    fn label_by_name(header: &csv::StringRecord) -> anyhow::Result<LabelColumns> {
        let named = |name: &str| ["label", "class", "digit", "target", "y"].contains(&name.to_lowercase().as_str());
        if let Some(at) = header.iter().position(named) {
            return Ok(LabelColumns::One(at));
        }
        let one_hot: Vec<(usize, u8)> =
            header.iter().enumerate().filter_map(|(at, name)| Some((at, LabelSet::digit_of_column(name)?))).collect();
        if one_hot.is_empty() {
            refuse!("no label column: expected one named label, class, digit, target or y, or isZero .. isNine");
        }
        Ok(LabelColumns::OneHot(one_hot))
    }

    fn label_by_content(rows: &[csv::StringRecord]) -> anyhow::Result<LabelColumns> {
        let last = rows[0].len() - 1;
        // How many different digits a column holds; none if any cell is no digit.
        let digits = |column: usize| {
            let mut seen = [false; 10];
            for row in rows {
                match row[column].as_bytes() {
                    [digit @ b'0'..=b'9'] => seen[usize::from(digit - b'0')] = true,
                    _ => return 0,
                }
            }
            seen.iter().filter(|&&s| s).count()
        };
        match (digits(0), digits(last)) {
            (0, 0) => refuse!("no header, and neither the first nor the last column holds digits 0..9 throughout"),
            (first, at_end) if first == at_end => {
                refuse!("no header, and the label may be the first or the last column; add a header that names it")
            }
            (first, at_end) => Ok(LabelColumns::One(if first > at_end { 0 } else { last })),
        }
    }
}

impl LabelColumns {
    fn read(&self, record: &csv::StringRecord) -> Result<u8, String> {
        match self {
            Self::One(at) => match record[*at].as_bytes() {
                [digit @ b'0'..=b'9'] => Ok(digit - b'0'),
                _ => Err(format!("expected a label 0..9, found `{}`", &record[*at])),
            },
            Self::OneHot(columns) => {
                let mut hot = columns.iter().filter(|(at, _)| record[*at].parse() == Ok(1.0));
                match (hot.next(), hot.next()) {
                    (Some((_, digit)), None) => Ok(*digit),
                    (None, _) => Err("no 1 among the one-hot columns".into()),
                    (Some(_), Some(_)) => Err("more than one 1 among the one-hot columns".into()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<Result<u8, String>> {
        Table::parse(text.as_bytes()).unwrap().rows.into_iter().map(|row| row.label).collect()
    }

    #[test]
    fn the_label_is_found_by_name_or_by_content() {
        assert_eq!(labels("label,p0,p1\n3,0,255\n4,9,9\n"), [Ok(3), Ok(4)]);
        assert_eq!(labels("p0,isOne,isTwo\r\n0,0,1\r\n7,1,0\r\n"), [Ok(2), Ok(1)]);
        assert_eq!(labels("0,16,5,7\n0,9,12,8\n"), [Ok(7), Ok(8)]);
        assert_eq!(labels("\u{feff}5,0,200,255\n6,30,2,99\n"), [Ok(5), Ok(6)]);
    }

    #[test]
    fn unfit_labels_are_kept_as_reasons() {
        assert!(labels("label,p0\n12,0\n")[0].as_ref().unwrap_err().contains("found `12`"));
        assert!(labels("p0,isOne,isTwo\n0,1,1\n")[0].as_ref().unwrap_err().contains("more than one"));
        assert!(labels("p0,isOne,isTwo\n0,0,0\n")[0].as_ref().unwrap_err().contains("no 1"));
    }

    #[test]
    fn tables_that_cannot_be_read_are_refused() {
        for (text, part) in [
            ("", "no row"),
            ("label,p0\n", "a header and no row"),
            ("a,b\n1,2\n", "no label column"),
            ("label,p0\n1,256\n", "line 2, column 2: expected a number 0..255, found `256`"),
            ("label,p0\n1,-1\n", "found `-1`"),
            ("label,p0\n1,\n", "found ``"),
            ("label,p0\n1,NaN\n", "found `NaN`"),
            ("label,p0\n1\n", "as many cells"),
            ("1,200,1\n2,100,2\n", "first or the last"),
            ("200,10\n100,20\n", "neither"),
        ] {
            let Err(error) = Table::parse(text.as_bytes()) else { panic!("accepted {text:?}") };
            assert!(format!("{error:#}").contains(part), "{text:?}: {error:#}");
            assert!(stage_files::is_refused(&error));
        }
    }

    #[test]
    fn the_width_is_the_root_unless_given() {
        assert_eq!(shape(64, None).unwrap(), (8, 8));
        assert_eq!(shape(12, Some(4)).unwrap(), (4, 3));
        assert!(shape(12, None).is_err() && shape(12, Some(5)).is_err() && shape(0, None).is_err());
    }
}
