//! Cutting a page of many digits apart: one class a row.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use digit_image::decode::{DecodeOptions, decode_rgb};
use digit_image::raster::RgbPicture;
use digit_image::segment::{Area, Segments, What, marked, segment};
use stage_files::labels::LabelSet;
use stage_files::picture_name::PictureName;
use stage_files::rejected::Rejected;
use stage_files::stage::StageInfo;
use stage_files::text_name::{base_name, folded};
use stage_files::writer::name_as_writer;
use stage_files::{refuse, refused};

use crate::folder::{Job, Made, Planned, file_input};
use crate::import::{gray_png, rgb_png};
use crate::read_input;

/// What to cut, and how.
pub struct Settings<'a> {
    /// The label of each row, from the top.
    pub rows: &'a [u8],
    /// Who wrote the pages; `None` for the name of each file.
    pub writer: Option<&'a str>,
    /// The size in the names.
    pub size: u8,
    /// Larger pages are not read.
    pub max_pixels: u64,
}

/// The labels of rows as `--rows` names them, from the top: `0-9`, `1-9,0`, `5,5,7`.
///
/// # Errors
/// What was expected and what was found.
pub fn parse_rows(text: &str) -> Result<Rows, String> {
    let wrong = || format!("expected the digit of each row from the top, such as 0-9 or 1-9,0, found `{text}`");
    let digit = |text: &str| match text.as_bytes() {
        [digit @ b'0'..=b'9'] => Ok(digit - b'0'),
        _ => Err(wrong()),
    };
    let mut rows = Vec::new();
    for part in text.split(',') {
        match part.split_once('-') {
            None => rows.push(digit(part)?),
            Some((first, last)) => {
                let (first, last) = (digit(first)?, digit(last)?);
                if first > last {
                    return Err(wrong());
                }
                rows.extend(first..=last);
            }
        }
    }
    Ok(Rows(rows))
}

/// The label of each row, from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows(pub Vec<u8>);

/// Finds the digits of all pages and names them. `show` is given the first page with boxes around its digits as a PNG,
/// also if it cannot be cut. A page whose rows are not as many as labels is rejected, as its labels
/// would be wrong.
///
/// # Errors
/// A refusal if no page can be cut, with its reason; faults while reading.
pub fn plan(
    pages: &[PathBuf],
    settings: &Settings<'_>,
    version: &str,
    show: impl Fn(&[u8]) -> anyhow::Result<()>,
) -> anyhow::Result<Job<RgbPicture>> {
    let labels = LabelSet::new(settings.rows.to_vec()).map_err(refused)?;
    let json = serde_json::json!({"cut": {
        "rows": settings.rows, "size": settings.size, "writer": settings.writer,
    }});
    let mut info = StageInfo::new("digit-source", version, json, labels);
    let (mut pictures, mut rejected, mut is_shown) = (Vec::new(), Vec::new(), false);
    let mut numbers: BTreeMap<(String, u8), u32> = BTreeMap::new();
    for path in pages {
        let (bytes, name) = (read_input(path)?, base_name(path));
        info.inputs.push(file_input(path, &bytes));
        let options = DecodeOptions { max_pixels: settings.max_pixels, ..DecodeOptions::default() };
        let page = decode_rgb(&bytes, &options).map_err(|error| error.to_string());
        let found = page.and_then(|page| match segment(&page) {
            Ok(segments) => Ok((page, segments)),
            Err(unfit) => Err(unfit.to_string()),
        });
        let (page, segments) = match found {
            Ok(found) => found,
            Err(reason) => {
                rejected.push(Rejected { source: name, reason });
                continue;
            }
        };
        if !is_shown {
            let page = png_of(&marked(&page, &segments, &labels_of(&segments, settings.rows)));
            show(&page.map_err(refused)?.bytes)?;
            is_shown = true;
        }
        if segments.lines.len() != settings.rows.len() {
            rejected.push(Rejected { source: name, reason: other_rows(&segments, settings.rows.len()) });
            continue;
        }
        let writer = settings.writer.map_or_else(|| stem(path), name_as_writer);
        for ((line, found_in_line), &label) in (1..).zip(&segments.lines).zip(settings.rows) {
            for (place, found) in (1..).zip(found_in_line) {
                let source = format!("{name}, row {line}, digit {place}");
                if found.what == What::Touching {
                    rejected.push(Rejected { source, reason: touching(&found.area) });
                    continue;
                }
                let number = numbers.entry((folded(&writer), label)).or_default();
                *number += 1;
                let name = PictureName { label, size: settings.size, id: format!("{writer}-{number}") };
                pictures.push(Planned::new(name, source, segments.cut(&page, found)));
            }
        }
    }
    if pictures.is_empty() {
        let reasons: Vec<String> = rejected.iter().map(|one| format!("{}: {}", one.source, one.reason)).collect();
        refuse!("no page can be cut: {}", reasons.join("; "));
    }
    let mut job = Job::new(info, pictures);
    job.rejected = rejected;
    Ok(job)
}

/// The picture file of a digit.
pub fn make(picture: &Planned<RgbPicture>) -> Made {
    png_of(&picture.origin)
}

fn png_of(picture: &RgbPicture) -> Made {
    if picture.pixels.iter().all(|[red, green, blue]| red == green && green == blue) {
        let gray: Vec<u8> = picture.pixels.iter().map(|pixel| pixel[0]).collect();
        return gray_png(picture.width_px, picture.height_px, &gray);
    }
    rgb_png(picture.width_px, picture.height_px, picture.pixels.as_flattened())
}

fn stem(path: &Path) -> String {
    let name = base_name(path);
    name_as_writer(name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem))
}

/// The label of everything that was found; none beyond the rows that have one.
fn labels_of(segments: &Segments, rows: &[u8]) -> Vec<Option<u8>> {
    let lines = segments.lines.iter().enumerate();
    lines.flat_map(|(line, found)| found.iter().map(move |_| rows.get(line).copied())).collect()
}

fn other_rows(segments: &Segments, expected: usize) -> String {
    let counts: Vec<String> = segments.lines.iter().map(|line| line.len().to_string()).collect();
    format!(
        "expected {expected} rows of digits, one for each of --rows, found {} (with {} digits); --marked FILE.png shows \
         what was found; name the rows that there are, or cover what is no row",
        segments.lines.len(),
        counts.join(", ")
    )
}

fn touching(area: &Area) -> String {
    format!(
        "touching digits at column {}, row {}, {} x {} pixels: expected digits with paper between them; write them apart",
        area.left, area.top, area.width_px, area.height_px
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_named_from_the_top() {
        let rows = |text: &str| parse_rows(text).map(|rows| rows.0);
        assert_eq!(rows("0-3").unwrap(), [0, 1, 2, 3]);
        assert_eq!(rows("1-3,0,0").unwrap(), [1, 2, 3, 0, 0]);
        for wrong in ["", "3-1", "12", "a", "1,", "-1"] {
            assert!(rows(wrong).unwrap_err().contains("found `"), "{wrong}");
        }
    }
}
