//! Made lines and pages of drawn digits, and what `digit_image::segment` finds in them.
//!
//! A line has 1 to 12 digits of one drawn writer, with gaps, slants, pens and paper as people have them. Where each
//! digit stands is known, so found, missed and doubled ones are counted.

use std::fmt::Write;
use std::path::Path;

use anyhow::Result;
use digit_image::raster::RgbPicture;
use digit_image::segment::{Area, Found, What, marked, segment};
use digit_source::draw::Picture;
use rayon::prelude::*;

use super::FIRST_WRITER;
use super::damage;
use super::random::Random;
use super::world::{self, NIGHT, PENS, Placement, grayish};
use crate::sheet::{Colour, Cover, Sheet};

/// A digit is found when it and what was found share this part of both their areas.
const SHARED: f64 = 0.5;
/// A digit is doubled when two of what was found have this part of themselves in it.
const WITHIN: f64 = 0.5;
/// So many lines of each kind are written as pictures, with their boxes.
const SHOWN: u32 = 6;

/// How a line is written, lit and scanned.
const KINDS: [&str; 9] = ["plain", "close", "slanted", "pencil", "ruled", "squared", PHOTOGRAPH, HARSH_LIGHT, "page"];
/// Light that falls off over the picture, and a shadow's edge.
const PHOTOGRAPH: &str = "photograph";
/// The same, but within a line the light falls to black or rises to white.
const HARSH_LIGHT: &str = "harsh light";
/// Ink is seen where it differs from its paper by so many levels, and a digit when this share of its ink is.
const SEEN_LEVELS: f64 = 12.0;
const SEEN_SHARE: f64 = 0.9;
/// Where writing changes a sheet by so many levels is ink.
const INK_LEVELS: f64 = 40.0;

/// What was counted.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    digits: u64,
    /// Digits that no light falls on, or that too much does; they do not count.
    unseen: u64,
    found: u64,
    doubled: u64,
    /// What was found where no digit is.
    false_ones: u64,
    /// Digits that were said to touch others.
    said_to_touch: u64,
    lines: u64,
    /// Lines with every digit, nothing else, in the right order.
    exact: u64,
    pairs: u64,
    /// Pairs of touching digits that were said to touch.
    pairs_told: u64,
}

/// Draws `count` lines of each kind, prints a table of what is found, and writes some lines with their boxes to a
/// folder.
pub(crate) fn measure(count: u32, seed: u32, shown: Option<&Path>) -> Result<String> {
    if let Some(folder) = shown {
        fs_err::create_dir_all(folder)?;
    }
    let mut table = String::from(
        "| lines | digits | found | missed | doubled | other ink | said to touch | whole lines | not seen |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let mut all = Counts::default();
    for kind in KINDS {
        let counts: Vec<Counts> =
            (0..count).into_par_iter().map(|number| one_line(kind, seed, number, shown)).collect::<Result<_>>()?;
        let sum = counts.into_iter().fold(Counts::default(), Counts::plus);
        table += &sum.row(kind);
        all = all.plus(sum);
    }
    table += &all.row("all");
    let pairs: Vec<Counts> =
        (0..count).into_par_iter().map(|number| touching_pair(seed, number, shown)).collect::<Result<_>>()?;
    let pairs = pairs.into_iter().fold(Counts::default(), Counts::plus);
    writeln!(table, "\nPairs of digits that touch: {} of {} are said to touch.", pairs.pairs_told, pairs.pairs)?;
    Ok(table)
}

impl Counts {
    fn plus(self, other: Self) -> Self {
        Self {
            digits: self.digits + other.digits,
            unseen: self.unseen + other.unseen,
            found: self.found + other.found,
            doubled: self.doubled + other.doubled,
            false_ones: self.false_ones + other.false_ones,
            said_to_touch: self.said_to_touch + other.said_to_touch,
            lines: self.lines + other.lines,
            exact: self.exact + other.exact,
            pairs: self.pairs + other.pairs,
            pairs_told: self.pairs_told + other.pairs_told,
        }
    }

    fn row(&self, kind: &str) -> String {
        let percent = |part: u64, of: u64| 100.0 * part as f64 / of.max(1) as f64;
        format!(
            "| {kind} | {} | {:.2} % | {} | {} | {} | {} | {:.1} % | {} |\n",
            self.digits,
            percent(self.found, self.digits),
            self.digits - self.found - self.said_to_touch,
            self.doubled,
            self.false_ones,
            self.said_to_touch,
            percent(self.exact, self.lines),
            self.unseen,
        )
    }
}

/// A box of a digit: left, top, right, bottom.
type Bounds = [f64; 4];

/// A digit that was written.
#[derive(Clone, Copy)]
struct Truth {
    bounds: Bounds,
    is_seen: bool,
}

fn one_line(kind: &str, seed: u32, number: u32, shown: Option<&Path>) -> Result<Counts> {
    // Both have the same digits under the same shadow.
    let stream = if kind == HARSH_LIGHT { PHOTOGRAPH } else { kind };
    let mut random = Random::new(stream, seed, number);
    let rows = if kind == "page" { 2 + (random.unit() * 6.0) as usize } else { 1 };
    let (picture, truth) = drawn(kind, rows, seed, number, &mut random)?;
    let Ok(segments) = segment(&picture) else {
        return Ok(judged(&truth, &[]));
    };
    let counts = judged(&truth, &segments.lines.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let is_odd = counts.found < counts.digits || counts.false_ones > 0 || counts.exact < counts.lines;
    if let Some(folder) = shown.filter(|_| number < SHOWN || is_odd) {
        let labels: Vec<Option<u8>> = segments.lines.iter().flatten().map(|_| Some(0)).collect();
        save(&folder.join(format!("{kind}-{number}.png")), &marked(&picture, &segments, &labels))?;
    }
    Ok(counts)
}

fn judged(truth: &[Vec<Truth>], found: &[&[Found]]) -> Counts {
    let all = || found.iter().copied().flatten();
    let digits =
        |is_seen| truth.iter().flatten().filter(move |digit| digit.is_seen == is_seen).map(|digit| &digit.bounds);
    let unseen = digits(false).count() as u64;
    let mut counts = Counts { lines: truth.len() as u64, unseen, ..Counts::default() };
    for digit in digits(true) {
        counts.digits += 1;
        let meets = |area: &Area| shared(digit, area) >= SHARED * size(digit).max(size(&bounds(area)));
        let touching = all().any(|one| one.what == What::Touching && shared(digit, &one.area) >= SHARED * size(digit));
        let whole = all().any(|one| one.what == What::Digit && meets(&one.area));
        let parts = all().filter(|one| shared(digit, &one.area) >= WITHIN * size(&bounds(&one.area))).count();
        counts.found += u64::from(whole);
        counts.said_to_touch += u64::from(touching && !whole);
        counts.doubled += u64::from(parts > 1);
    }
    let is_none = |area: &Area| truth.iter().flatten().all(|digit| !is_on(digit, area));
    counts.false_ones = all().filter(|one| is_none(&one.area)).count() as u64;
    for (at, line) in truth.iter().enumerate() {
        let line: Vec<&Bounds> = line.iter().filter(|digit| digit.is_seen).map(|digit| &digit.bounds).collect();
        let is_same = found.get(at).is_some_and(|found| {
            let is_counted =
                |one: &&Found| truth.iter().flatten().all(|digit| digit.is_seen || !is_on(digit, &one.area));
            let found: Vec<&Found> = found.iter().filter(is_counted).collect();
            found.len() == line.len()
                && found.iter().zip(line).all(|(one, digit)| {
                    one.what == What::Digit
                        && shared(digit, &one.area) >= SHARED * size(digit).max(size(&bounds(&one.area)))
                })
        });
        counts.exact += u64::from(is_same && found.len() == truth.len());
    }
    counts
}

/// Whether what was found is part of a digit.
fn is_on(digit: &Truth, area: &Area) -> bool {
    shared(&digit.bounds, area) >= 0.2 * size(&bounds(area))
}

fn bounds(area: &Area) -> Bounds {
    let (left, top) = (f64::from(area.left), f64::from(area.top));
    [left, top, left + f64::from(area.width_px), top + f64::from(area.height_px)]
}

fn size(bounds: &Bounds) -> f64 {
    (bounds[2] - bounds[0]).max(0.0) * (bounds[3] - bounds[1]).max(0.0)
}

fn shared(digit: &Bounds, area: &Area) -> f64 {
    let other = bounds(area);
    let both = [digit[0].max(other[0]), digit[1].max(other[1]), digit[2].min(other[2]), digit[3].min(other[3])];
    if both[2] <= both[0] || both[3] <= both[1] { 0.0 } else { size(&both) }
}

/// A picture of rows of digits, and where each digit's ink is.
fn drawn(
    kind: &str,
    rows: usize,
    seed: u32,
    number: u32,
    random: &mut Random,
) -> Result<(RgbPicture, Vec<Vec<Truth>>)> {
    let height = if kind == PHOTOGRAPH || kind == HARSH_LIGHT {
        random.between(50.0, 160.0)
    } else {
        random.between(28.0, 130.0)
    };
    let height = if rows > 1 { height.min(60.0) } else { height };
    let writer = FIRST_WRITER + seed * 10_000 + number;
    let (least, most) = if kind == "close" { (0.08, 0.2) } else { (0.15, 0.9) };
    let tilt = if kind == "slanted" { random.between(-0.1, 0.1) } else { random.between(-0.03, 0.03) };
    let radius = random.one_of(&[0.0, 0.0, 1.0, 2.0]);
    let mut lines: Vec<Vec<(Cover, Placement)>> = Vec::new();
    let mut right_most: f64 = 0.0;
    let margin = height * random.between(0.3, 1.2);
    for row in 0..rows {
        let count = 1 + (random.unit() * 12.0) as u32;
        let mut left = margin;
        let mut line = Vec::new();
        for place in 0..count {
            let label = (random.unit() * 10.0) as u8;
            let digit = Cover::drawn(label, writer, place + 20 * row as u32, u64::from(seed))?.broader(radius).cut();
            let scale = height * random.between(0.85, 1.1) / digit.height as f64;
            let top =
                margin + row as f64 * 1.75 * height + height * random.between(-0.08, 0.08) + tilt * (left - margin);
            let width = scale * digit.width as f64;
            line.push((digit, Placement { left, top, scale }));
            left += width + height * random.between(least, most);
            right_most = right_most.max(left);
        }
        lines.push(line);
    }
    // A line that falls or rises needs room.
    let lift = (tilt * right_most).min(0.0);
    let width = (right_most + margin) as usize;
    let tall = (2.0 * margin + rows as f64 * 1.75 * height + (tilt * right_most).abs()) as usize;
    let mut sheet = paper(kind, width, tall, height, random);
    let ink = if kind == "pencil" { grayish(random.between(120.0, 165.0), random) } else { random.one_of(&PENS) };
    let mut unwritten = sheet.clone();
    let mut truth: Vec<Vec<Bounds>> = Vec::new();
    for line in lines {
        let mut boxes = Vec::new();
        for (digit, mut place) in line {
            place.top -= lift;
            world::write(&mut sheet, &digit, place, ink);
            let (right, bottom) =
                (place.left + place.scale * digit.width as f64, place.top + place.scale * digit.height as f64);
            boxes.push([place.left, place.top, right, bottom]);
        }
        truth.push(boxes);
    }
    let ink: Vec<bool> =
        sheet.pixels.iter().zip(&unwritten.pixels).map(|(a, b)| contrast(*a, *b) >= INK_LEVELS).collect();
    lit(kind, &mut unwritten, &mut random.clone());
    lit(kind, &mut sheet, random);
    let truth_of = |bounds: Bounds| Truth { bounds, is_seen: is_seen(&bounds, &ink, &sheet, &unwritten) };
    let truth = truth.into_iter().map(|line| line.into_iter().map(truth_of).collect()).collect();
    let deviation = random.between(0.5, 4.0);
    damage::noise(&mut sheet, deviation, random);
    Ok((rgb(&sheet.picture()), truth))
}

/// Whether the `ink` of a digit differs from its paper on a sheet that is lit; `unwritten` is the same without ink.
fn is_seen(bounds: &Bounds, ink: &[bool], lit: &Sheet, unwritten: &Sheet) -> bool {
    let [left, top, right, bottom] = bounds.map(|side| side.max(0.0) as usize);
    let (mut all, mut seen) = (0_u64, 0_u64);
    for y in top..bottom.min(lit.height) {
        for at in (y * lit.width + left..y * lit.width + right.min(lit.width)).filter(|&at| ink[at]) {
            all += 1;
            seen += u64::from(contrast(lit.pixels[at], unwritten.pixels[at]) >= SEEN_LEVELS);
        }
    }
    seen as f64 >= SEEN_SHARE * all as f64
}

/// The largest difference in a channel, of what a file can hold.
fn contrast(one: Colour, other: Colour) -> f64 {
    let differences = one.iter().zip(other).map(|(a, b)| (a.clamp(0.0, 255.0) - b.clamp(0.0, 255.0)).abs());
    differences.fold(0.0, f64::max)
}

fn paper(kind: &str, width: usize, height: usize, digit_px: f64, random: &mut Random) -> Sheet {
    let brightness = random.between(205.0, 250.0);
    let mut sheet = Sheet::new(width, height, grayish(brightness, random));
    damage::fibres(&mut sheet, 0.015, 3.0, random);
    let colour = random.one_of(&[[150.0, 170.0, 220.0], [170.0; 3], [120.0, 150.0, 200.0]]);
    let thick = 1 + (digit_px / 60.0) as usize;
    if kind == "ruled" || kind == "squared" {
        let pitch =
            (digit_px * if kind == "ruled" { random.between(1.2, 1.8) } else { random.between(0.4, 0.7) }) as usize;
        let first = (random.unit() * pitch as f64) as usize;
        for y in (first..height.saturating_sub(thick)).step_by(pitch.max(8)) {
            sheet.bar((0, y), (width, y + thick), colour);
        }
        if kind == "squared" {
            for x in (first..width.saturating_sub(thick)).step_by(pitch.max(8)) {
                sheet.bar((x, 0), (x + thick, height), colour);
            }
        }
    }
    // Dust, which is no digit.
    for _ in 0..(random.unit() * 4.0) as usize {
        let size = 1 + (digit_px / 25.0) as usize;
        let (x, y) = (random.unit() * (width - size) as f64, random.unit() * (height - size) as f64);
        sheet.bar((x as usize, y as usize), (x as usize + size, y as usize + size), NIGHT);
    }
    sheet
}

/// What light and lens do, but for their noise.
fn lit(kind: &str, sheet: &mut Sheet, random: &mut Random) {
    if kind == PHOTOGRAPH || kind == HARSH_LIGHT {
        let light = if kind == PHOTOGRAPH { damage::uneven_over_all } else { damage::uneven };
        light(sheet, random);
        let soft = random.between(0.0, 0.3);
        damage::shadow_edge(sheet, soft, random);
        sheet.blurred(random.one_of(&[0, 1, 1]));
    }
}

/// Two digits so near that their strokes overlap.
fn touching_pair(seed: u32, number: u32, shown: Option<&Path>) -> Result<Counts> {
    let mut random = Random::new("touching", seed, number);
    let height = 80.0;
    let writer = FIRST_WRITER + seed * 10_000 + number;
    let mut sheet = Sheet::new(700, 160, [245.0; 3]);
    let place = |label: u8, n: u32, left: f64, sheet: &mut Sheet| -> Result<f64> {
        let digit = Cover::drawn(label, writer, n, u64::from(seed))?.cut();
        let scale = height / digit.height as f64;
        world::write(sheet, &digit, Placement { left, top: 40.0, scale }, NIGHT);
        Ok(left + scale * digit.width as f64)
    };
    let mut labels = [0; 5].map(|_| (random.unit() * 10.0) as u8);
    // Two ones beside each other share no ink but over a length that no pen leaves.
    labels[1] = if labels[0] == 1 { 0 } else { labels[1] };
    let end = place(labels[0], 0, 40.0, &mut sheet)?;
    let first = [40.0, 40.0, end, 120.0];
    let end = place(labels[1], 1, end - 0.14 * height, &mut sheet)?;
    let both = [first[0], 40.0, end, 120.0];
    let mut left = end + 40.0;
    for (n, &label) in (2..).zip(&labels[2..]) {
        left = place(label, n, left, &mut sheet)? + 40.0;
    }
    let picture = rgb(&sheet.picture());
    let Ok(segments) = segment(&picture) else { return Ok(Counts::default()) };
    // Pairs whose strokes do not meet are two digits, and no pair.
    let parts = segments.lines.iter().flatten().filter(|one| shared(&both, &one.area) > 0.3 * size(&bounds(&one.area)));
    let parts: Vec<_> = parts.collect();
    let [one] = parts.as_slice() else { return Ok(Counts::default()) };
    if let Some(folder) = shown.filter(|_| number < SHOWN || one.what == What::Digit) {
        let labels: Vec<Option<u8>> = segments.lines.iter().flatten().map(|_| Some(0)).collect();
        save(&folder.join(format!("touching-{number}.png")), &marked(&picture, &segments, &labels))?;
    }
    Ok(Counts { pairs: 1, pairs_told: u64::from(one.what == What::Touching), ..Counts::default() })
}

fn rgb(picture: &Picture) -> RgbPicture {
    RgbPicture { width_px: picture.width_px, height_px: picture.height_px, pixels: picture.rgb.as_chunks().0.to_vec() }
}

fn save(path: &Path, picture: &RgbPicture) -> Result<()> {
    let rgb = picture.pixels.as_flattened().to_vec();
    let picture = Picture { width_px: picture.width_px, height_px: picture.height_px, rgb };
    Ok(fs_err::write(path, picture.to_png()?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number that docs/segment.md gives for more lines.
    #[test]
    fn digits_of_made_lines_are_found_and_none_is_doubled() {
        let count = |kind: &str| {
            let counts = (0..5).map(|number| one_line(kind, 7, number, None).unwrap());
            counts.fold(Counts::default(), Counts::plus)
        };
        let all = KINDS.iter().map(|kind| count(kind)).fold(Counts::default(), Counts::plus);
        assert!(all.digits > 250, "{all:?}");
        assert!(all.found as f64 >= 0.98 * all.digits as f64, "{all:?}");
        assert_eq!(all.doubled, 0, "{all:?}");
    }
}
