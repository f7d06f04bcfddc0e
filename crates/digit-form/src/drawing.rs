//! What is printed on a sheet, as shapes in millimetres from its upper left corner.

use digit_forms::{HEIGHT, Point, WIDTH, curve, forms};

use crate::code::{MODULES, Sheet};
use crate::dictionary::{CELLS, is_white};
use crate::layout::{BOX_MM, Cell, LINE_MM, MARGIN_MM, MARK_MM, MODULE_MM};

/// Height of a sample.
const SAMPLE_MM: f64 = 3.2;
/// Between a sample and its box.
const SAMPLE_GAP_MM: f64 = 0.9;
/// Thickness of its strokes.
const SAMPLE_LINE_MM: f64 = 0.3;
/// Where text begins.
const TEXT_MM: f64 = MARGIN_MM + MARK_MM + 5.0;

/// A shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Black.
    Rectangle {
        /// Left side.
        left: f64,
        /// Upper side.
        top: f64,
        /// To the right side.
        width: f64,
        /// To the lower side.
        height: f64,
    },
    /// A gray line with round ends through points.
    Stroke {
        /// Its points.
        points: Vec<(f64, f64)>,
        /// Its thickness.
        width: f64,
    },
    /// A line of text.
    Text {
        /// Where it begins.
        left: f64,
        /// Where the letters stand.
        baseline: f64,
        /// Height of the letters, from top to bottom.
        size: f64,
        /// The text.
        text: String,
    },
}

/// All shapes of a sheet; `writers` is the number of all writers.
///
/// # Errors
/// A name that is too long for the code.
pub fn shapes(sheet: &Sheet, writers: u32) -> anyhow::Result<Vec<Shape>> {
    let paper = sheet.layout.paper;
    let mut shapes = Vec::new();
    for (mark, (left, top)) in sheet.marks().into_iter().zip(paper.marks_mm()) {
        let cell = MARK_MM / CELLS as f64;
        squares(&mut shapes, CELLS, cell, (left, top), |column, row| !is_white(mark, column, row));
    }
    let modules = sheet.modules()?;
    squares(&mut shapes, MODULES, MODULE_MM, paper.code_mm(), |column, row| modules[row * MODULES + column]);
    let pages = sheet.layout.pages();
    let lines = [
        (4.2, 15.0, sheet.writer.clone()),
        (2.6, 20.0, format!("writer {} of {writers}, page {} of {pages}", sheet.writer_number, sheet.page)),
        (2.6, 25.0, "Write each digit into its box as you always write it, without touching the lines.".to_owned()),
        (2.6, 29.0, "A slip: cross the whole box out from corner to corner. Boxes may stay empty.".to_owned()),
        (2.6, 33.0, "Photograph or scan the whole sheet with its four corner marks.".to_owned()),
    ];
    shapes.extend(lines.map(|(size, baseline, text)| Shape::Text { left: TEXT_MM, baseline, size, text }));
    for cell in sheet.layout.cells(sheet.page) {
        frame(&mut shapes, &cell);
        sample(&mut shapes, &cell);
    }
    Ok(shapes)
}

/// The black ones of a grid of squares, those beside each other as one.
fn squares(
    shapes: &mut Vec<Shape>,
    count: usize,
    side: f64,
    (left, top): (f64, f64),
    is_black: impl Fn(usize, usize) -> bool,
) {
    for row in 0..count {
        let mut column = 0;
        while column < count {
            let length = (column..count).take_while(|&column| is_black(column, row)).count();
            if length > 0 {
                shapes.push(Shape::Rectangle {
                    left: left + column as f64 * side,
                    top: top + row as f64 * side,
                    width: length as f64 * side,
                    height: side,
                });
            }
            column += length.max(1);
        }
    }
}

fn frame(shapes: &mut Vec<Shape>, cell: &Cell) {
    let (left, top) = (cell.left_mm - LINE_MM / 2.0, cell.top_mm - LINE_MM / 2.0);
    let long = BOX_MM + LINE_MM;
    let mut line = |left, top, width, height| shapes.push(Shape::Rectangle { left, top, width, height });
    line(left, top, long, LINE_MM);
    line(left, top + BOX_MM, long, LINE_MM);
    line(left, top, LINE_MM, long);
    line(left + BOX_MM, top, LINE_MM, long);
}

fn sample(shapes: &mut Vec<Shape>, cell: &Cell) {
    let scale = SAMPLE_MM / HEIGHT;
    let left = cell.left_mm + (BOX_MM - WIDTH * scale) / 2.0;
    let top = cell.top_mm - SAMPLE_GAP_MM - SAMPLE_MM;
    for stroke in forms(cell.label)[0].strokes {
        let knots: Vec<Point> = stroke.iter().map(|&knot| knot.into()).collect();
        let points = curve::through(&knots, 4.0).into_iter();
        let points = points.map(|point| (left + point.x * scale, top + point.y * scale)).collect();
        shapes.push(Shape::Stroke { points, width: SAMPLE_LINE_MM });
    }
}
