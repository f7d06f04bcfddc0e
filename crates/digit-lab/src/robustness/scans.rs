//! Scans of written paper, from clean to bad.

use anyhow::Result;

use super::condition::{Condition, File, condition};
use super::damage;
use super::random::Random;
use super::world::{self, NIGHT, PENS, Placement, WHITE, grayish, times};
use crate::sheet::{Colour, Cover, Sheet};

/// Side of most scans, in pixels: as if cut from a form.
const SIDE: usize = 120;

pub(super) const CONDITIONS: &[Condition] = &[
    condition("clean-scan", |digit, random| scan(digit, WHITE, random.one_of(&PENS), 0.7, random)),
    condition("light-felt-pens", |digit, random| {
        let ink = random.one_of(&[[250.0, 232.0, 80.0], [255.0, 170.0, 70.0], [255.0, 165.0, 200.0]]);
        scan(&digit.broader(1.0), WHITE, ink, 0.7, random)
    }),
    condition("faint-pencil", |digit, random| {
        let (paper, less) = (random.between(200.0, 240.0), random.between(16.0, 60.0));
        let (paper, ink) = (grayish(paper, random), grayish(paper - less, random));
        scan(digit, paper, ink, 0.7, random)
    }),
    condition("thick-marker", |digit, random| {
        let radius = random.between(3.0, 6.0);
        scan(&digit.broader(radius), WHITE, random.one_of(&PENS), 0.75, random)
    }),
    condition("thick-marker-cut-tightly", |digit, random| {
        let radius = random.between(3.0, 6.0);
        tight(&digit.broader(radius).cut(), random)
    }),
    condition("cut-tightly", tight),
    condition("touching-the-border", |digit, random| {
        let mut sheet = Sheet::new(SIDE, SIDE, WHITE);
        let mut place = Placement::about_the_middle(&sheet, digit, 0.75, 0.2, random);
        let width = place.scale * digit.width as f64;
        let beyond = random.between(-1.0, 2.0);
        place.left = if random.chance(0.5) { -beyond } else { SIDE as f64 - width + beyond };
        world::write(&mut sheet, digit, place, random.one_of(&PENS));
        world::png(&sheet)
    }),
    condition("wide-margin-dust", |digit, random| {
        let mut sheet = Sheet::new(600, 600, WHITE);
        let place = Placement::about_the_middle(&sheet, digit, 0.15, 0.8, random);
        world::write(&mut sheet, digit, place, random.one_of(&PENS));
        for _ in 0..12 {
            let (x, y) = ((random.unit() * 596.0) as usize, (random.unit() * 596.0) as usize);
            let size = 1 + (random.unit() * 2.5) as usize;
            sheet.bar((x, y), (x + size, y + size), NIGHT);
        }
        damage::noise(&mut sheet, 1.5, random);
        world::png(&sheet)
    }),
    condition("dark-noisy-paper", |digit, random| {
        let mut sheet = written(digit, [150.0, 140.0, 125.0], NIGHT, 0.7, random);
        damage::fibres(&mut sheet, 0.12, 2.0, random);
        damage::noise(&mut sheet, 7.0, random);
        world::png(&sheet)
    }),
    condition("crumpled-paper", |digit, random| {
        let mut sheet = written(digit, [235.0, 232.0, 226.0], random.one_of(&PENS), 0.65, random);
        let folds = random.texture();
        damage::lit(&mut sheet, |x, y| {
            let (a, b) = (folds.at(x * 5.0, y * 5.0), folds.at(x * 5.0 + 0.06, y * 5.0 + 0.06));
            (1.0 + 1.2 * (b - a)).clamp(0.75, 1.1)
        });
        damage::noise(&mut sheet, 2.0, random);
        world::jpeg(&sheet, 85)
    }),
    condition("other-side-shines-through", |digit, random| {
        let mut sheet = Sheet::new(SIDE, SIDE, [245.0, 243.0, 238.0]);
        let turned = Cover { ink: digit.ink.iter().rev().copied().collect(), ..*digit };
        let place = Placement::about_the_middle(&sheet, digit, 0.8, 1.0, random);
        world::write(&mut sheet, &turned, place, [226.0, 224.0, 222.0]);
        sheet.blurred(1);
        let place = Placement::about_the_middle(&sheet, digit, 0.7, 0.3, random);
        world::write(&mut sheet, digit, place, NIGHT);
        damage::noise(&mut sheet, 2.0, random);
        world::png(&sheet)
    }),
    condition("fax", |digit, random| {
        let mut sheet = written(digit, WHITE, NIGHT, 0.7, random);
        for pixel in &mut sheet.pixels {
            let level = if random.chance(0.01) { 255.0 * random.unit() } else { 128.0 + 60.0 * random.normal() };
            *pixel = [if pixel[0] < level.clamp(45.0, 240.0) { 0.0 } else { 255.0 }; 3];
        }
        world::png(&sheet)
    }),
    condition("ruled-paper", |digit, random| ruled(digit, false, random)),
    condition("squared-paper", |digit, random| ruled(digit, true, random)),
    condition("pieces-of-a-frame", |digit, random| {
        let mut sheet = written(digit, WHITE, random.one_of(&PENS), 0.65, random);
        let colour: Colour = random.one_of(&[[225.0, 70.0, 70.0], [150.0; 3], [60.0; 3]]);
        let (thick, far) = (2 + (random.unit() * 3.0) as usize, (random.unit() * 3.0) as usize);
        sheet.bar((0, far), (SIDE, far + thick), colour);
        sheet.bar((SIDE - far - thick, 0), (SIDE - far, SIDE), colour);
        sheet.bar((0, SIDE - thick), (SIDE * 2 / 3, SIDE), colour);
        world::png(&sheet)
    }),
    condition("strong-on-strong-colour", |digit, random| {
        let (paper, ink): (Colour, Colour) = random.one_of(&[
            ([235.0, 60.0, 60.0], [40.0, 60.0, 190.0]),
            ([40.0, 110.0, 210.0], [230.0, 60.0, 50.0]),
            ([60.0, 170.0, 60.0], [190.0, 40.0, 160.0]),
            ([250.0, 210.0, 40.0], [30.0, 130.0, 60.0]),
            ([150.0, 60.0, 160.0], [250.0, 160.0, 40.0]),
        ]);
        let mut sheet = written(digit, paper, ink, 0.65, random);
        damage::fibres(&mut sheet, 0.06, 2.0, random);
        damage::noise(&mut sheet, 3.0, random);
        world::jpeg(&sheet, 85)
    }),
    condition("two-inks-alike", |digit, random| two_inks(digit, [30.0, 50.0, 160.0], [150.0, 30.0, 40.0], random)),
    condition("black-and-light-ink", |digit, random| {
        let light = random.one_of(&[[255.0, 170.0, 70.0], [120.0, 200.0, 250.0], [240.0, 130.0, 160.0]]);
        two_inks(digit, NIGHT, light, random)
    }),
    condition("heavy-jpeg", |digit, random| {
        let sheet = written(digit, WHITE, random.one_of(&PENS), 0.7, random);
        world::jpeg(&sheet, random.one_of(&[5, 8, 13]))
    }),
    condition("out-of-focus", |digit, random| {
        let mut sheet = written(digit, [235.0, 233.0, 228.0], NIGHT, 0.65, random);
        sheet.blurred(random.one_of(&[2, 3, 4]));
        damage::noise(&mut sheet, 2.0, random);
        world::png(&sheet)
    }),
    condition("2000-by-120", |digit, random| strip(digit, 2000, 120, random)),
    condition("120-by-1800", |digit, random| strip(digit, 120, 1800, random)),
];

/// A digit of `share` of the height.
fn written(digit: &Cover, paper: Colour, ink: Colour, share: f64, random: &mut Random) -> Sheet {
    let mut sheet = Sheet::new(SIDE, SIDE, paper);
    let place = Placement::about_the_middle(&sheet, digit, share, 0.6, random);
    world::write(&mut sheet, digit, place, ink);
    sheet
}

fn scan(digit: &Cover, paper: Colour, ink: Colour, share: f64, random: &mut Random) -> Result<File> {
    let mut sheet = written(digit, paper, ink, share, random);
    damage::noise(&mut sheet, 1.2, random);
    world::png(&sheet)
}

fn tight(digit: &Cover, random: &mut Random) -> Result<File> {
    let scale = random.between(0.8, 1.6);
    let side = |length: usize| (scale * length as f64).round().max(1.0) as usize;
    let mut sheet = Sheet::new(side(digit.width), side(digit.height), WHITE);
    world::write(&mut sheet, digit, Placement { left: 0.0, top: 0.0, scale }, random.one_of(&PENS));
    damage::noise(&mut sheet, 1.2, random);
    world::png(&sheet)
}

fn ruled(digit: &Cover, squared: bool, random: &mut Random) -> Result<File> {
    let paper = [250.0, 249.0, 246.0];
    let mut sheet = Sheet::new(SIDE, SIDE, paper);
    let line: Colour = random.one_of(&[[140.0, 165.0, 225.0], [190.0, 190.0, 190.0], [230.0, 150.0, 150.0]]);
    let (step, start) = (random.between(15.0, 34.0) as usize, random.between(2.0, 14.0) as usize);
    let thick = 1 + (random.unit() * 1.6) as usize;
    for at in (start..SIDE - 2).step_by(step) {
        sheet.bar((0, at), (SIDE, at + thick), line);
        if squared {
            sheet.bar((at, 0), (at + thick, SIDE), line);
        }
    }
    let place = Placement::about_the_middle(&sheet, digit, 0.7, 0.6, random);
    world::write(&mut sheet, digit, place, times(random.one_of(&PENS), 0.9));
    damage::noise(&mut sheet, 1.5, random);
    world::png(&sheet)
}

/// The pen runs dry and another goes on, above or below a line.
fn two_inks(digit: &Cover, first: Colour, second: Colour, random: &mut Random) -> Result<File> {
    let mut sheet = Sheet::new(SIDE, SIDE, WHITE);
    let place = Placement::about_the_middle(&sheet, digit, 0.7, 0.6, random);
    let change = place.top + place.scale * digit.height as f64 * random.between(0.35, 0.65);
    for (at, cover) in world::cover(&sheet, digit, place).into_iter().enumerate() {
        let ink = if ((at / SIDE) as f64) < change { first } else { second };
        sheet.lay(at, ink, cover);
    }
    damage::noise(&mut sheet, 1.2, random);
    world::png(&sheet)
}

fn strip(digit: &Cover, width: usize, height: usize, random: &mut Random) -> Result<File> {
    let mut sheet = Sheet::new(width, height, WHITE);
    let share = 90.0 / height as f64;
    let place = Placement::about_the_middle(&sheet, digit, share, 0.8, random);
    world::write(&mut sheet, digit, place, random.one_of(&PENS));
    damage::noise(&mut sheet, 1.2, random);
    world::png(&sheet)
}
