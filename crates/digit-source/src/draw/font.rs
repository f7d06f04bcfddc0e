//! Digits of the font faces that the build brings along (see `fonts/README.md`).

use std::sync::OnceLock;

use anyhow::{Context, Result, bail, ensure};

use super::ink::Ink;
use super::paper::Sheet;
use digit_forms::Point;

use super::point::Linear;
use super::random::Stream;

/// Pieces that a curve of an outline is cut into; at 200 pixels a digit a piece is then a few pixels long.
const PIECES: usize = 10;

/// A face.
pub struct Face {
    /// Its name, as the folder under `fonts/`.
    pub name: &'static str,
    /// It imitates handwriting, so that its digits come in any ink and vary more.
    handwriting: bool,
    file: &'static str,
    digits: OnceLock<std::result::Result<Vec<Outline>, String>>,
}

/// Closed contours of a digit, y downwards, scaled to be about 100 high.
type Outline = Vec<Vec<Point>>;

macro_rules! face {
    ($name:literal, $handwriting:literal) => {
        Face {
            name: $name,
            handwriting: $handwriting,
            file: include_str!(concat!("../../fonts/", $name, "/outlines.txt")),
            digits: OnceLock::new(),
        }
    };
}

/// All faces, in the order of their names.
pub static FACES: [Face; 12] = [
    face!("annie-use-your-telescope", true),
    face!("architects-daughter", true),
    face!("caveat", true),
    face!("eb-garamond", false),
    face!("indie-flower", true),
    face!("inter", false),
    face!("jetbrains-mono", false),
    face!("kalam", true),
    face!("mali", true),
    face!("nunito", false),
    face!("patrick-hand", true),
    face!("shadows-into-light", true),
];

/// A digit of a face, ready to be placed.
pub(super) struct Printed {
    /// Closed contours, about 100 high.
    pub contours: Vec<Vec<Point>>,
    /// By how much the outline is fattened all round, in the same unit.
    pub fatter: f64,
    /// What it is printed with.
    pub ink: Ink,
    /// What it is printed on.
    pub sheet: Sheet,
}

/// A drawing of a digit in this face, turned clockwise by `turn_rad`.
///
/// # Errors
/// When the file of the face cannot be read, which the tests rule out for the faces brought along.
pub(super) fn print(face: &Face, digit: u8, turn_rad: f64, drawing: &mut Stream) -> Result<Printed> {
    let outline = face.outline(digit)?;
    let play = if face.handwriting { 1.0 } else { 0.6 };
    let place = Linear::new(
        drawing.factor_between(0.85, 1.18),
        drawing.normal(0.09 * play),
        turn_rad + drawing.normal(0.04 * play),
    );
    let contours = outline.iter().map(|contour| contour.iter().map(|&point| place.apply(point)).collect()).collect();
    let ink = if face.handwriting { Ink::of_a_pen(drawing) } else { Ink::printed(drawing) };
    Ok(Printed { contours, fatter: drawing.between(0.0, 2.4), ink, sheet: Sheet::pick(drawing) })
}

impl Face {
    fn outline(&self, digit: u8) -> Result<&Outline> {
        let digits = self.digits.get_or_init(|| read(self.file).map_err(|error| format!("{error:#}")));
        let digits = digits.as_ref().map_err(|reason| anyhow::anyhow!("face {}: {reason}", self.name))?;
        digits.get(usize::from(digit)).with_context(|| format!("{digit} is not a digit 0..9"))
    }
}

/// Ten lines of SVG paths, for 0 to 9 (`fonts/outlines.py` writes them).
fn read(file: &str) -> Result<Vec<Outline>> {
    let digits: Vec<Outline> = file
        .lines()
        .enumerate()
        .map(|(digit, path)| contours(path).map(upright).with_context(|| format!("outline of {digit}")))
        .collect::<Result<_>>()?;
    ensure!(digits.len() == 10, "expected 10 outlines, found {}", digits.len());
    Ok(digits)
}

/// The contours of a path as polylines. Each ends where it began.
fn contours(path: &str) -> Result<Vec<Vec<Point>>> {
    let mut words = path.split(' ');
    let mut contours: Vec<Vec<Point>> = Vec::new();
    while let Some(command) = words.next() {
        if command == "M" {
            contours.push(vec![point(&mut words)?]);
            continue;
        }
        let contour = contours.last_mut().context("a path begins with M")?;
        match command {
            "L" => contour.push(point(&mut words)?),
            "Q" => {
                let knots = [contour[contour.len() - 1], point(&mut words)?, point(&mut words)?];
                contour.extend((1..=PIECES).map(|k| bezier(&knots, k as f64 / PIECES as f64)));
            }
            "Z" => contour.push(contour[0]),
            _ => bail!("expected M, L, Q or Z, found {command}"),
        }
    }
    ensure!(!contours.is_empty(), "it is empty");
    Ok(contours)
}

fn point<'a>(words: &mut impl Iterator<Item = &'a str>) -> Result<Point> {
    let mut number = || -> Result<f64> {
        let word = words.next().context("a point is cut off")?;
        word.parse().with_context(|| format!("expected a number, found {word}"))
    };
    Ok(Point { x: number()?, y: number()? })
}

/// A point of a Bezier curve of any degree, by de Casteljau's construction.
fn bezier(knots: &[Point], share: f64) -> Point {
    let mut points = knots.to_vec();
    while points.len() > 1 {
        points = points.windows(2).map(|pair| pair[0] * (1.0 - share) + pair[1] * share).collect();
    }
    points[0]
}

/// Turns the y axis downwards and makes the digit 100 high.
fn upright(mut outline: Outline) -> Outline {
    let heights = outline.iter().flatten().map(|point| point.y);
    let (low, high) = heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y)));
    let scale = 100.0 / (high - low);
    for point in outline.iter_mut().flatten() {
        *point = Point { x: point.x * scale, y: (high - point.y) * scale };
    }
    outline
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_every_digit() {
        for face in &FACES {
            for digit in 0..10 {
                let outline = face.outline(digit).unwrap();
                let contours = match digit {
                    0 | 4 | 6 | 8 | 9 => 1..=4,
                    _ => 1..=2,
                };
                assert!(contours.contains(&outline.len()), "{} {digit}: {}", face.name, outline.len());
                for point in outline.iter().flatten() {
                    assert!((-1e-9..=100.000_001).contains(&point.y), "{} {digit}: {point:?}", face.name);
                }
            }
        }
    }

    #[test]
    fn faces_stand_in_the_order_of_their_names() {
        assert!(FACES.is_sorted_by_key(|face| face.name));
    }

    #[test]
    fn a_broken_file_is_reported() {
        let whole = FACES[0].file;
        for (broken, reason) in [
            (String::new(), "expected 10 outlines, found 0"),
            (format!("{whole}{whole}"), "expected 10 outlines, found 20"),
            (whole.replacen('M', "S", 1), "outline of 0: a path begins with M"),
            (whole.replacen('Q', "C", 1), "expected M, L, Q or Z, found C"),
            (whole.replacen('M', "M x", 1), "outline of 0: expected a number, found x"),
            (whole.trim_end_matches(" Z\n").rsplit_once(' ').unwrap().0.to_owned(), "outline of 9: a point is cut off"),
        ] {
            let error = format!("{:#}", read(&broken).unwrap_err());
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn a_path_becomes_closed_contours() {
        let contours = contours("M 0 0 L 10 0 Q 10 10 0 10.5 Z M 2 2 L 3 2 Z").unwrap();
        assert_eq!(contours.len(), 2);
        assert_eq!(contours[0].len(), 2 + PIECES + 1);
        assert_eq!(contours[0][1 + PIECES], Point { x: 0.0, y: 10.5 });
        assert_eq!(contours[1], [(2.0, 2.0), (3.0, 2.0), (2.0, 2.0)].map(|(x, y)| Point { x, y }));
    }

    #[test]
    fn bezier_curves_end_at_their_ends() {
        let knots = [(0.0, 0.0), (5.0, 9.0), (10.0, 0.0)].map(|(x, y)| Point { x, y });
        assert_eq!(bezier(&knots, 0.0), knots[0]);
        assert_eq!(bezier(&knots, 1.0), knots[2]);
        assert_eq!(bezier(&knots, 0.5), Point { x: 5.0, y: 4.5 });
    }
}
