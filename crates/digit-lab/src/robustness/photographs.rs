//! Photographs of a written sheet, as a telephone takes them.

use anyhow::Result;

use super::condition::{Condition, File, condition};
use super::damage;
use super::random::Random;
use super::world::{self, Placement, grayish};
use crate::sheet::{Cover, Sheet};

pub(super) const CONDITIONS: &[Condition] = &[
    condition("photo-uneven-light", |digit, random| photograph(digit, random, |_, _| ())),
    condition("photo-soft-shadow", |digit, random| {
        photograph(digit, random, |sheet, random| {
            let soft = random.between(0.08, 0.3);
            damage::shadow_edge(sheet, soft, random);
        })
    }),
    condition("photo-hard-shadow", |digit, random| {
        photograph(digit, random, |sheet, random| {
            let soft = random.between(0.0, 0.015);
            damage::shadow_edge(sheet, soft, random);
        })
    }),
    condition("photo-hand-shadow", |digit, random| photograph(digit, random, damage::shadow_lump)),
    condition("photo-two-shadows", |digit, random| {
        photograph(digit, random, |sheet, random| {
            damage::shadow_edge(sheet, 0.02, random);
            damage::shadow_edge(sheet, 0.15, random);
        })
    }),
    condition("photo-glare", |digit, random| photograph(digit, random, damage::glare)),
    condition("photo-table-one-side", |digit, random| photograph_on_table(digit, random, 1, false)),
    condition("photo-table-two-sides", |digit, random| photograph_on_table(digit, random, 2, false)),
    condition("photo-table-all-round", |digit, random| photograph_on_table(digit, random, 4, false)),
    condition("photo-table-and-shadow", |digit, random| photograph_on_table(digit, random, 2, true)),
    Condition {
        name: "photo-12-megapixels",
        each: 1,
        make: |digit, random| {
            let mut sheet = paper(4000, 3000, random);
            let place = Placement::about_the_middle(&sheet, digit, 0.12, 0.8, random);
            world::write(&mut sheet, digit, place, random.one_of(&world::PENS));
            damage::uneven(&mut sheet, random);
            damage::noise(&mut sheet, 3.0, random);
            world::jpeg(&sheet, 85)
        },
    },
];

fn paper(width: usize, height: usize, random: &mut Random) -> Sheet {
    let brightness = random.between(195.0, 245.0);
    let mut sheet = Sheet::new(width, height, grayish(brightness, random));
    damage::fibres(&mut sheet, 0.02, 3.0, random);
    sheet
}

/// Upright or level, of the size in which messengers pass pictures on.
fn size(random: &mut Random) -> (usize, usize) {
    let long = random.between(640.0, 1100.0) as usize;
    let short = long * 3 / 4;
    random.one_of(&[(short, long), (long, short), (short, short)])
}

fn photograph(digit: &Cover, random: &mut Random, light: impl Fn(&mut Sheet, &mut Random)) -> Result<File> {
    let (width, height) = size(random);
    let mut sheet = paper(width, height, random);
    let share = random.between(0.3, 0.7);
    let place = Placement::about_the_middle(&sheet, digit, share, 0.6, random);
    world::write(&mut sheet, digit, place, random.one_of(&world::PENS));
    damage::uneven(&mut sheet, random);
    light(&mut sheet, random);
    taken(sheet, random)
}

/// The sheet ends within the picture at some of its sides; it lies a little aslant.
fn photograph_on_table(digit: &Cover, random: &mut Random, sides: usize, shadow: bool) -> Result<File> {
    let (width, height) = size(random);
    let mut sheet = paper(width, height, random);
    let (across, down) = damage::shape(&sheet);
    let margins: [f64; 4] = [0; 4].map(|_| random.between(0.06, 0.22));
    let first = (random.unit() * 4.0) as usize;
    let shown: Vec<usize> = (0..sides).map(|n| (first + n) % 4).collect();
    let aslant = random.between(-0.12, 0.12);
    let quarter = std::f64::consts::FRAC_PI_2;
    // Right, lower, left, upper.
    let lines: Vec<(f64, f64, f64)> = shown
        .iter()
        .map(|&side| match side {
            0 => (across - margins[0], down / 2.0, aslant),
            1 => (across / 2.0, down - margins[1], quarter + aslant),
            2 => (margins[2], down / 2.0, 2.0 * quarter + aslant),
            _ => (across / 2.0, margins[3], 3.0 * quarter + aslant),
        })
        .collect();
    // The digit keeps within what is seen of the sheet.
    let margin = |side: usize| if shown.contains(&side) { margins[side] + 0.1 } else { 0.06 };
    let (left, right, top, bottom) = (margin(2), across - margin(0), margin(3), down - margin(1));
    let unit = width.min(height) as f64;
    let (digit_width, digit_height) = (digit.width as f64 / unit, digit.height as f64 / unit);
    let most = ((right - left) / digit_width).min((bottom - top) / digit_height);
    let scale = most * random.between(0.55, 0.9);
    let mut at =
        |low: f64, high: f64, length: f64| (low + (high - low - scale * length) * random.between(0.2, 0.8)) * unit;
    let place = Placement { left: at(left, right, digit_width), top: at(top, bottom, digit_height), scale };
    world::write(&mut sheet, digit, place, random.one_of(&world::PENS));
    damage::table(&mut sheet, &lines, random);
    damage::uneven(&mut sheet, random);
    if shadow {
        let soft = random.between(0.0, 0.15);
        damage::shadow_edge(&mut sheet, soft, random);
    }
    taken(sheet, random)
}

fn taken(mut sheet: Sheet, random: &mut Random) -> Result<File> {
    sheet.blurred(random.one_of(&[0, 1, 1, 2]));
    let deviation = random.between(1.5, 5.0);
    damage::noise(&mut sheet, deviation, random);
    world::jpeg(&sheet, random.one_of(&[60, 75, 85, 92]))
}
