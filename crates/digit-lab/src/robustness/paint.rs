//! Pictures drawn on a screen.

use anyhow::Result;

use super::condition::{Condition, File, condition};
use super::random::Random;
use super::world::{self, Placement};
use crate::sheet::{Colour, Cover, Sheet};

pub(super) const CONDITIONS: &[Condition] = &[
    condition("paint-1-px", |digit, random| pencil(digit, 1, (240.0, 480.0), random)),
    condition("paint-1-px-large", |digit, random| pencil(digit, 1, (700.0, 1200.0), random)),
    condition("paint-2-px", |digit, random| pencil(digit, 2, (240.0, 900.0), random)),
    condition("paint-3-px", |digit, random| pencil(digit, 3, (240.0, 900.0), random)),
    condition("paint-brush", |digit, random| {
        let mut sheet = Sheet::new(400, 400, [255.0; 3]);
        let place = Placement::about_the_middle(&sheet, digit, 0.7, 0.6, random);
        let ink = random.one_of(&[[0.0; 3], [237.0, 28.0, 36.0], [0.0, 162.0, 232.0]]);
        world::write(&mut sheet, &digit.broader(2.0), place, ink);
        world::png(&sheet)
    }),
    condition("paint-colours", |digit, random| {
        let (ground, ink): (Colour, Colour) = random.one_of(&[
            ([255.0, 242.0, 0.0], [237.0, 28.0, 36.0]),
            ([0.0, 162.0, 232.0], [255.0, 255.0, 255.0]),
            ([34.0, 177.0, 76.0], [63.0, 72.0, 204.0]),
            ([163.0, 73.0, 164.0], [255.0, 201.0, 14.0]),
        ]);
        let mut sheet = Sheet::new(320, 320, ground);
        let place = Placement::about_the_middle(&sheet, digit, 0.7, 0.6, random);
        world::write(&mut sheet, digit, place, ink);
        world::png(&sheet)
    }),
    condition("transparent-ground", |digit, random| transparent(digit, 20, random)),
    condition("transparent-white-ink", |digit, random| transparent(digit, 255, random)),
];

/// Lines of whole pixels without soft edges along the middle of the strokes.
fn pencil(digit: &Cover, thick: usize, (least, most): (f64, f64), random: &mut Random) -> Result<File> {
    let side = random.between(least, most) as usize;
    let mut sheet = Sheet::new(side * 4 / 3, side, [255.0; 3]);
    let share = random.between(0.4, 0.85);
    let place = Placement::about_the_middle(&sheet, digit, share, 0.6, random);
    let mut held: Vec<bool> = world::cover(&sheet, digit, place).into_iter().map(|cover| cover >= 0.5).collect();
    thinned(&mut held, sheet.width);
    let ink = random.one_of(&[[0.0; 3], [0.0; 3], [63.0, 72.0, 204.0]]);
    for at in (0..held.len()).filter(|&at| held[at]) {
        let (x, y) = (at % sheet.width, at / sheet.width);
        sheet.bar((x, y), ((x + thick).min(sheet.width), (y + thick).min(sheet.height)), ink);
    }
    world::png(&sheet)
}

/// Lines of one pixel (Zhang and Suen 1984). Nothing may be held at the border.
fn thinned(held: &mut [bool], width: usize) {
    let mut rim: Vec<usize> = (0..held.len()).filter(|&at| held[at]).collect();
    loop {
        let mut changed = false;
        for second in [false, true] {
            let gone: Vec<usize> =
                rim.iter().copied().filter(|&at| held[at] && peels(held, width, at, second)).collect();
            gone.iter().for_each(|&at| held[at] = false);
            changed |= !gone.is_empty();
        }
        rim.retain(|&at| held[at]);
        if !changed {
            return;
        }
    }
}

fn peels(held: &[bool], width: usize, at: usize, second: bool) -> bool {
    // Around the pixel from above it, clockwise.
    let [n, ne, e, se, s, sw, w, nw] =
        [at - width, at - width + 1, at + 1, at + width + 1, at + width, at + width - 1, at - 1, at - width - 1]
            .map(|place| held[place]);
    let around = [n, ne, e, se, s, sw, w, nw];
    let count = around.iter().filter(|&&held| held).count();
    let begins = (0..8).filter(|&i| !around[i] && around[(i + 1) % 8]).count();
    let open = if second { !n || !w || !e && !s } else { !e || !s || !n && !w };
    (2..=6).contains(&count) && begins == 1 && open
}

fn transparent(digit: &Cover, ink: u8, random: &mut Random) -> Result<File> {
    let sheet = Sheet::new(256, 256, [255.0; 3]);
    let place = Placement::about_the_middle(&sheet, digit, 0.75, 0.6, random);
    let alpha = world::cover(&sheet, digit, place);
    let pixels = alpha.iter().flat_map(|&alpha| [ink, ink, ink, (alpha * 255.0).round() as u8]).collect::<Vec<u8>>();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 256, 256);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(File { bytes, ending: "png" })
}
