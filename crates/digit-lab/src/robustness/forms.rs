//! Simulated photographs and scans of forms filled with drawn digits, and what `digit_form::read` cuts out of them.
//!
//! The sheet is drawn from the same shapes as the PDF. Where each digit's ink is on the sheet is known, and so is the
//! way from sheet to photograph; what was cut out is mapped back to the sheet and compared.

mod camera;
mod paper;

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result};
use digit_form::code::{Sheet as Form, form_id};
use digit_form::layout::{BOX_MM, Cell, LINE_MM, Layout, MARK_MM, Paper};
use digit_form::read::{Content, Found, Refusal, marked, read};
use digit_image::raster::RgbPicture;
use digit_source::draw::Picture;
use rayon::prelude::*;

use self::camera::{Camera, photographed};
use self::paper::{Written, filled};
use super::random::Random;

/// Kinds of pictures that are to be read.
const KINDS: [&str; 7] = ["scan", "photo", "shadow", "crease", "pencil", "turned", "blurred"];
/// Pictures that are to be refused: half of one sheet beside half of another, where they belong.
const HALVES: &str = "halves";

/// What was counted.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    sheets: u64,
    refused: u64,
    digits: u64,
    /// With all ink inside and nothing of the frame.
    whole: u64,
    /// Listed as rejected.
    listed: u64,
    /// Taken for an empty or crossed-out box.
    lost: u64,
    wrong: u64,
    /// Written, though the box is empty or crossed out.
    other: u64,
    /// Largest residual of the marks, in micrometres of paper.
    residual_um: u64,
}

impl Counts {
    fn plus(self, other: Self) -> Self {
        Self {
            sheets: self.sheets + other.sheets,
            refused: self.refused + other.refused,
            digits: self.digits + other.digits,
            whole: self.whole + other.whole,
            listed: self.listed + other.listed,
            lost: self.lost + other.lost,
            wrong: self.wrong + other.wrong,
            other: self.other + other.other,
            residual_um: self.residual_um.max(other.residual_um),
        }
    }
}

/// Draws `count` pictures of each kind, reads them, and gives a table; some pictures go to a folder.
pub(crate) fn measure(count: u32, seed: u32, shown: Option<&Path>) -> Result<String> {
    if let Some(folder) = shown {
        fs_err::create_dir_all(folder)?;
    }
    let mut table = String::from(
        "| pictures | sheets | refused | digits | cut whole | rejected boxes | lost | wrong label | not empty | marks off, mm |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let of = |kind: &str| -> Result<Counts> {
        let counts: Vec<Counts> =
            (0..count).into_par_iter().map(|number| one(kind, seed, number, shown)).collect::<Result<_>>()?;
        Ok(counts.into_iter().fold(Counts::default(), Counts::plus))
    };
    let mut all = Counts::default();
    for kind in KINDS {
        let sum = of(kind)?;
        row(&mut table, kind, sum)?;
        all = all.plus(sum);
    }
    row(&mut table, "all", all)?;
    let halves = of(HALVES)?;
    writeln!(
        table,
        "\nPhotos with half of one sheet and half of another: {} of {} are refused; {} labels of the others are wrong.",
        halves.refused, halves.sheets, halves.wrong
    )?;
    Ok(table)
}

fn row(table: &mut String, kind: &str, counts: Counts) -> Result<()> {
    let Counts { sheets, refused, digits, whole, listed, lost, wrong, other, residual_um } = counts;
    let share = 100.0 * whole as f64 / digits.max(1) as f64;
    let off_mm = residual_um as f64 / 1000.0;
    writeln!(
        table,
        "| {kind} | {sheets} | {refused} | {digits} | {share:.2} % | {listed} | {lost} | {wrong} | {other} | {off_mm:.2} |"
    )?;
    Ok(())
}

fn one(kind: &str, seed: u32, number: u32, shown: Option<&Path>) -> Result<Counts> {
    let mut random = Random::new(kind, seed, number);
    let paper = random.one_of(&[Paper::A4, Paper::A4, Paper::Letter]);
    let layout = Layout { paper, labels: "0-9".parse().map_err(anyhow::Error::msg)?, per_label: 8 };
    let writers: Vec<String> = (0..1000).map(|number| format!("writer {number}")).collect();
    let of = |writer_number: u32| Form {
        form: form_id(&layout, &writers),
        layout: layout.clone(),
        page: 1,
        writer_number,
        writer: writers[writer_number as usize - 1].clone(),
    };
    let form = of(number % 999 + 1);
    let (mut sheet, written) = filled(&form, kind == "pencil", seed, &mut random)?;
    if kind == HALVES {
        let (other, _) = filled(&of(number % 999 + 2), false, seed, &mut random)?;
        let (width, height) = (sheet.width, sheet.height);
        let is_upright = random.chance(0.5);
        for (at, pixel) in sheet.pixels.iter_mut().enumerate() {
            if if is_upright { at % width > width / 2 } else { at / width > height / 2 } {
                *pixel = other.pixels[at];
            }
        }
    }
    let (photo, camera) = photographed(kind, &sheet, paper, &mut random)?;
    let found = read(&photo);
    let counts = judged(&form, &written, &camera, &found);
    let counts = if kind == HALVES && found.is_ok() { Counts { wrong: counts.digits, ..counts } } else { counts };
    let is_odd = counts.refused > 0 || counts.whole < counts.digits || counts.wrong + counts.other > 0;
    if let Some(folder) = shown.filter(|_| number < 2 || is_odd && kind != HALVES) {
        save(&folder.join(format!("{kind}-{number}.png")), &photo)?;
        save(&folder.join(format!("{kind}-{number}-marked.png")), &marked(&photo, &found))?;
        fs_err::write(folder.join(format!("{kind}-{number}.txt")), told(&found))?;
    }
    Ok(counts)
}

/// Why a sheet or boxes were refused.
fn told(found: &Result<Found, Refusal>) -> String {
    let of_cells = |found: &Found| {
        let reasons = found.cells.iter().filter_map(|cut| match &cut.content {
            Content::Doubtful(reason) => Some(format!("digit {}, box {}: {reason}\n", cut.cell.label, cut.cell.number)),
            _ => None,
        });
        reasons.collect::<String>()
    };
    found.as_ref().map_or_else(|refusal| format!("{}\n", refusal.reason), of_cells)
}

fn judged(form: &Form, written: &[(Cell, Written)], camera: &Camera, found: &Result<Found, Refusal>) -> Counts {
    let digits = written.iter().filter(|(_, written)| matches!(written, Written::Digit(_))).count() as u64;
    let mut counts = Counts { sheets: 1, digits, ..Counts::default() };
    let Ok(found) = found else { return Counts { refused: 1, ..counts } };
    if found.sheet != *form || found.cells.len() != written.len() {
        return Counts { wrong: digits, ..counts };
    }
    let px_a_mm = found
        .marks
        .iter()
        .map(|mark| (mark.corners[0].0 - mark.corners[1].0).hypot(mark.corners[0].1 - mark.corners[1].1))
        .sum::<f64>()
        / 4.0
        / MARK_MM;
    counts.residual_um = (1000.0 * found.residual_px / px_a_mm) as u64;
    for (cut, (cell, written)) in found.cells.iter().zip(written) {
        let corners = cut.corners.map(|corner| camera.back(corner));
        match (written, &cut.content) {
            (Written::Digit(ink), Content::Digit { .. }) => {
                counts.whole += u64::from(is_within(ink, &corners) && keeps_off_frame(cell, &corners));
                let middle = |at: fn(&(f64, f64)) -> f64| corners.iter().map(at).sum::<f64>() / 4.0;
                let (x, y) = (middle(|c| c.0) - cell.left_mm, middle(|c| c.1) - cell.top_mm);
                let is_beside = (x - BOX_MM / 2.0).hypot(y - BOX_MM / 2.0) > BOX_MM / 2.0;
                counts.wrong += u64::from(is_beside || cut.cell != *cell);
            }
            (Written::Digit(_), Content::Doubtful(_)) => counts.listed += 1,
            (Written::Digit(_), _) => counts.lost += 1,
            (_, Content::Digit { .. }) => counts.other += 1,
            _ => {}
        }
    }
    counts
}

/// Whether all corners of the ink's box are within the four corners.
fn is_within(ink: &[f64; 4], corners: &[(f64, f64); 4]) -> bool {
    let points = [(ink[0], ink[1]), (ink[2], ink[1]), (ink[2], ink[3]), (ink[0], ink[3])];
    points.iter().all(|point| {
        (0..4).all(|at| {
            let (a, b) = (corners[at], corners[(at + 1) % 4]);
            (b.0 - a.0) * (point.1 - a.1) - (b.1 - a.1) * (point.0 - a.0) >= 0.0
        })
    })
}

/// Whether all corners are within the inner edges of the frame.
fn keeps_off_frame(cell: &Cell, corners: &[(f64, f64); 4]) -> bool {
    let (low, high) = (LINE_MM / 2.0, BOX_MM - LINE_MM / 2.0);
    corners.iter().all(|(x, y)| (low..=high).contains(&(x - cell.left_mm)) && (low..=high).contains(&(y - cell.top_mm)))
}

fn save(path: &Path, picture: &RgbPicture) -> Result<()> {
    let rgb = picture.pixels.as_flattened().to_vec();
    let png = Picture { width_px: picture.width_px, height_px: picture.height_px, rgb }.to_png();
    Ok(fs_err::write(path, png.context("a picture")?)?)
}
