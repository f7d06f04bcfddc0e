//! Draws digits out of nothing: by many writers and by the font faces that the build brings along.
//!
//! [`plan`] lists the pictures of a set, [`render`] makes one of them. What a picture shows depends on the seed and on
//! its own [`DrawnSpec`] alone, so pictures can be made in any order and by any number of threads, and come out the
//! same to the byte on every machine.
//!
//! ```
//! use digit_source::draw::{DrawSettings, Size, plan, render};
//! use stage_files::labels::LabelSet;
//!
//! let labels = LabelSet::new(vec![1, 2, 3]).unwrap();
//! let settings = DrawSettings::new(12, vec![Size::Fills, Size::Small], labels, 1);
//! let specs = plan(&settings);
//! assert_eq!(specs.len(), 12);
//! let picture = render(&specs[0], settings.seed).unwrap();
//! assert_eq!(picture.rgb.len(), (picture.width_px * picture.height_px * 3) as usize);
//! ```

mod few_pixels;
mod font;
mod ink;
mod paper;
mod place;
mod plan;
mod point;
mod random;
mod raster;
#[cfg(test)]
mod tests;
mod writer;
mod writing;

use anyhow::{Context, Result, ensure};

pub use few_pixels::SideRange;
pub use font::{FACES, Face};
pub use place::Size;
pub use plan::{DrawSettings, DrawnBy, DrawnSpec, plan, writers_for};

use digit_forms::Point;
use few_pixels::Grid;
use font::Printed;
use ink::Ink;
use paper::Sheet;
use place::Placing;
use point::{Bounds, Dab};
use random::Stream;
use raster::Coverage;
use stage_files::png_bytes::{self, Effort, Samples};
use writer::Writer;

/// A picture in colour, 8 bits a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Columns.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
    /// Red, green, blue of each pixel, row by row; `3 * width_px * height_px` bytes.
    pub rgb: Vec<u8>,
}

impl Picture {
    /// The picture as a PNG file.
    pub fn to_png(&self) -> Result<Vec<u8>> {
        Ok(png_bytes::encode(self.width_px, self.height_px, Samples::Rgb(&self.rgb), Effort::Fast)?)
    }
}

/// Makes a picture of a plan.
///
/// # Errors
/// For a face that is not among [`FACES`] or a label above 9; no plan holds such.
pub fn render(spec: &DrawnSpec, seed: u64) -> Result<Picture> {
    drawn(spec, "picture", seed, |_| None)
}

/// Makes a picture of a plan with few pixels: the digit fills a square of a side from this range. The size of the spec
/// has no meaning here.
///
/// # Errors
/// As [`render`].
pub fn render_few_pixels(spec: &DrawnSpec, seed: u64, sides: SideRange) -> Result<Picture> {
    drawn(spec, "few pixels", seed, |drawing| Some(sides.pick(drawing)))
}

fn drawn(spec: &DrawnSpec, purpose: &str, seed: u64, grid: impl Fn(&mut Stream) -> Option<Grid>) -> Result<Picture> {
    ensure!(spec.label <= 9, "{} is not a digit; expected 0..9", spec.label);
    let (kind, number) = match spec.by {
        DrawnBy::Writer(number) => (0, u64::from(number)),
        DrawnBy::Face(index) => (1, index as u64),
    };
    let size = u64::from(spec.size.number());
    let keys = [seed, kind, number, size, u64::from(spec.label), u64::from(spec.n)];
    let drawing = &mut Stream::new(purpose, &keys);
    let grid = grid(drawing);
    let turn_rad = spec.size.turn_rad(drawing);
    let broader = grid.map_or(spec.size.broader(), |grid| grid.broader);
    match spec.by {
        DrawnBy::Writer(number) => {
            let writer = Writer::new(number);
            let strokes = writing::write(&writer, spec.label, broader, turn_rad, drawing);
            written(strokes, &writer, spec.size, grid, drawing)
        }
        DrawnBy::Face(index) => {
            let face = FACES.get(index).with_context(|| format!("there is no face {index} among {}", FACES.len()))?;
            printed(font::print(face, spec.label, turn_rad, drawing)?, spec.size, grid, drawing)
        }
    }
}

fn written(
    mut strokes: Vec<Vec<Dab>>,
    writer: &Writer,
    size: Size,
    grid: Option<Grid>,
    drawing: &mut Stream,
) -> Result<Picture> {
    let bounds_of = |strokes: &[Vec<Dab>]| {
        let mut bounds = Bounds::empty();
        strokes.iter().flatten().for_each(|dab| bounds.add(dab.centre, dab.radius));
        bounds
    };
    let mut bounds = bounds_of(&strokes);
    if let Some(grid) = &grid {
        let factor = grid.x_factor(bounds.extent().x, bounds.extent().y);
        strokes.iter_mut().flatten().for_each(|dab| dab.centre.x *= factor);
        bounds = bounds_of(&strokes);
    }
    let look = Look { sheet: &writer.sheet, ink: &writer.pen.ink, size, grid };
    picture(&bounds, &look, drawing, |coverage, placing, edge_px| {
        for stroke in &strokes {
            coverage.stroke(&placed(stroke, placing), edge_px);
        }
        Ok(())
    })
}

fn printed(mut digit: Printed, size: Size, grid: Option<Grid>, drawing: &mut Stream) -> Result<Picture> {
    let bounds_of = |digit: &Printed| {
        let mut bounds = Bounds::empty();
        digit.contours.iter().flatten().for_each(|&point| bounds.add(point, digit.fatter));
        bounds
    };
    let mut bounds = bounds_of(&digit);
    if let Some(grid) = &grid {
        let factor = grid.x_factor(bounds.extent().x, bounds.extent().y);
        digit.contours.iter_mut().flatten().for_each(|point| point.x *= factor);
        bounds = bounds_of(&digit);
    }
    let look = Look { sheet: &digit.sheet, ink: &digit.ink, size, grid };
    picture(&bounds, &look, drawing, |coverage, placing, edge_px| {
        let contours: Vec<Vec<Point>> =
            digit.contours.iter().map(|c| c.iter().map(|&p| placing.apply(p)).collect()).collect();
        coverage.fill(&contours)?;
        // Fattened by a line drawn round it.
        let radius = digit.fatter * placing.scale;
        for contour in contours {
            let rim: Vec<Dab> = contour.iter().chain(contour.first()).map(|&centre| Dab { centre, radius }).collect();
            coverage.stroke(&rim, edge_px);
        }
        Ok(())
    })
}

/// What a digit is laid on, with what, and how large.
struct Look<'a> {
    sheet: &'a Sheet,
    ink: &'a Ink,
    size: Size,
    grid: Option<Grid>,
}

/// Chooses a canvas and a place, lays the ink and colours the picture.
fn picture(
    bounds: &Bounds,
    look: &Look<'_>,
    drawing: &mut Stream,
    lay: impl FnOnce(&mut Coverage, &Placing, f64) -> Result<()>,
) -> Result<Picture> {
    let (sheet, ink) = (look.sheet, look.ink);
    let canvas_px = look.grid.map_or_else(|| sheet.canvas_px(drawing), |grid| grid.canvas_px());
    let placing = match look.grid {
        Some(_) => Placing::tight(bounds, canvas_px, drawing),
        None => Placing::pick(bounds, canvas_px, look.size, ink.edge_px, drawing),
    };
    let mut coverage = Coverage::empty(canvas_px.0, canvas_px.1);
    lay(&mut coverage, &placing, ink.edge_px)?;
    let Some(grid) = look.grid else {
        let rgb = paper::colour(coverage.shares(), canvas_px.0, ink, sheet, drawing);
        return Ok(Picture { width_px: canvas_px.0, height_px: canvas_px.1, rgb });
    };
    let side_px = grid.side_px();
    let rgb = paper::colour(&grid.shrink(coverage.shares()), side_px, ink, sheet, drawing);
    Ok(Picture { width_px: side_px, height_px: side_px, rgb })
}

/// A mark is at least so broad that it does not fade away on a small canvas, in pixels.
const THINNEST_RADIUS_PX: f64 = 0.55;

fn placed(stroke: &[Dab], placing: &Placing) -> Vec<Dab> {
    stroke
        .iter()
        .map(|dab| Dab {
            centre: placing.apply(dab.centre),
            radius: (dab.radius * placing.scale).max(THINNEST_RADIUS_PX),
        })
        .collect()
}
