//! `--explain`: PNG files that show what each step makes of a few pictures.

use std::path::Path;

use anyhow::Context;
use digit_image::preprocess::Image;
use digit_image::raster::RgbPicture;
use digit_image::reader::PictureReader;
use digit_image::resize;
use rayon::prelude::*;
use serde_json::json;
use stage_files::output::{FolderWriter, Layout, OutputFolder};
use stage_files::stage::StageInfo;

use crate::plan::Planned;
use crate::request::{MAX_FILE_BYTES, Request};

/// Number of pictures.
const PICTURES: usize = 12;
/// Side of a tile of the sheet, in pixels.
const TILE_PX: u32 = 120;
/// Between tiles.
const GAP_PX: u32 = 4;
const GAP_COLOUR: [u8; 3] = [176, 190, 200];
/// Name of the sheet: a row for each picture, a column for each step.
pub const SHEET_FILE: &str = "sheet.png";

/// The tool that `stage.json` of the folder names.
const EXPLAIN_TOOL: &str = "digit-labeler --explain";
/// Which files are written.
const LAYOUT: Layout = Layout { owns: is_own, private: &[] };

fn is_own(name: &str) -> bool {
    let is_numbered = name.split_once('-').is_some_and(|(number, _)| number.parse::<usize>().is_ok());
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    name == SHEET_FILE || is_numbered && !name.contains('/') && matches!(ending, Some("png" | "txt"))
}

/// Writes `NN-STEM-K-STEP.png` for each step of some pictures, evenly chosen, and [`SHEET_FILE`]. A picture that a step
/// refuses is shown up to there, and `NN-STEM-refused.txt` says why.
///
/// # Errors
/// Faults from outside.
pub fn explain(planned: &[Planned], reader: &PictureReader, request: &Request, folder: &Path) -> anyhow::Result<()> {
    // Another tool's name than the labeler's: the labelled pictures and these must not share a folder.
    let mut info = StageInfo::new(EXPLAIN_TOOL, env!("CARGO_PKG_VERSION"), json!({}), request.labels.clone());
    info.picture = Some(request.picture.clone());
    let folder = OutputFolder::new(folder, LAYOUT, info.clone(), &[&request.source, &request.out], request.reuse)?;
    let writer = folder.begin()?;
    let count = planned.len().min(PICTURES);
    let chosen: Vec<&Planned> = (0..count).map(|at| &planned[at * planned.len() / count]).collect();
    let rows: Vec<Vec<RgbPicture>> = chosen
        .par_iter()
        .enumerate()
        .map(|(at, planned)| explain_one(at + 1, planned, reader, request.max_pixels, &writer))
        .collect::<anyhow::Result<_>>()?;
    if !rows.is_empty() {
        writer.write(SHEET_FILE, &png(&sheet(&rows))?)?;
    }
    info.counts.insert("pictures".into(), count as u64);
    writer.finish(&info)?;
    Ok(())
}

fn explain_one(
    number: usize,
    planned: &Planned,
    reader: &PictureReader,
    max_pixels: u64,
    writer: &FolderWriter,
) -> anyhow::Result<Vec<RgbPicture>> {
    let bytes = match planned.found.read(MAX_FILE_BYTES) {
        Ok(bytes) => bytes,
        Err(error) => return Err(error.at(planned.found.name.as_ref())),
    };
    let stem = planned.name.png_file_name();
    let stem = stem.strip_suffix(".png").unwrap_or(&stem);
    let mut stages: Vec<(String, RgbPicture)> = Vec::new();
    let read = reader.read_page_seen(&bytes, planned.page, max_pixels, |step, image| {
        let name = step.map_or("decoded", |step| step.name());
        stages.push((name.to_owned(), rgb_of(image)));
    });
    match read {
        Ok(small) => stages.push(("shrunk".to_owned(), rgb_of(&Image::Gray(small)))),
        Err(reason) => {
            let text = format!("{}: {}\n", planned.found.name, planned.reason(&reason.to_string()));
            writer.write(&format!("{number:02}-{stem}-refused.txt"), text.as_bytes())?;
        }
    }
    for (at, (name, picture)) in stages.iter().enumerate() {
        writer.write(&format!("{number:02}-{stem}-{at}-{name}.png"), &png(picture)?)?;
    }
    Ok(stages.into_iter().map(|(_, picture)| picture).collect())
}

fn rgb_of(image: &Image) -> RgbPicture {
    match image {
        Image::Rgb(picture) => picture.clone(),
        Image::Gray(picture) => picture.map(|gray| [gray; 3]),
    }
}

fn sheet(rows: &[Vec<RgbPicture>]) -> RgbPicture {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0) as u32;
    let side = |tiles: u32| tiles * (TILE_PX + GAP_PX) + GAP_PX;
    let mut sheet = RgbPicture::filled(side(columns), side(rows.len() as u32), GAP_COLOUR);
    for (row, pictures) in (0_u32..).zip(rows) {
        for (column, picture) in (0_u32..).zip(pictures) {
            let tile = tile(picture);
            let left = side(column) + (TILE_PX - tile.width_px) / 2;
            let top = side(row) + (TILE_PX - tile.height_px) / 2;
            for (y, line) in (top..).zip(tile.rows()) {
                let start = (y * sheet.width_px + left) as usize;
                sheet.pixels[start..start + line.len()].copy_from_slice(line);
            }
        }
    }
    sheet
}

/// The picture as large as a tile allows: small ones by a whole factor, so that their pixels are seen.
fn tile(picture: &RgbPicture) -> RgbPicture {
    let longer = picture.width_px.max(picture.height_px);
    let factor = TILE_PX / longer;
    if factor >= 1 {
        let (width_px, height_px) = (picture.width_px * factor, picture.height_px * factor);
        let pixels = (0..height_px).flat_map(|y| {
            let row = &picture.pixels[(y / factor * picture.width_px) as usize..];
            (0..width_px).map(move |x| row[(x / factor) as usize])
        });
        return RgbPicture { width_px, height_px, pixels: pixels.collect() };
    }
    let shrunk = |side: u32| (u64::from(side) * u64::from(TILE_PX) / u64::from(longer)).max(1) as u32;
    resize::area_rgb(picture, shrunk(picture.width_px), shrunk(picture.height_px))
}

fn png(picture: &RgbPicture) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width_px, picture.height_px);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_deflate_compression(png::DeflateCompression::Level(6));
    let mut writer = encoder.write_header().context("cannot encode the PNG")?;
    writer.write_image_data(picture.pixels.as_flattened()).context("cannot encode the PNG")?;
    writer.finish().context("cannot encode the PNG")?;
    Ok(bytes)
}
