//! Boards and screens: light on dark, and whiteboards.

use anyhow::Result;

use super::condition::{Condition, File, condition};
use super::damage;
use super::random::Random;
use super::world::{self, Placement};
use crate::sheet::{Colour, Cover, Sheet};

const BLACK_BOARD: Colour = [38.0, 40.0, 42.0];
const GREEN_BOARD: Colour = [38.0, 72.0, 58.0];

pub(super) const CONDITIONS: &[Condition] = &[
    condition("chalk-black-board", |digit, random| chalk(digit, BLACK_BOARD, 0.0, random)),
    condition("chalk-green-board", |digit, random| chalk(digit, GREEN_BOARD, 0.0, random)),
    condition("chalk-wiped-board", |digit, random| chalk(digit, GREEN_BOARD, 0.3, random)),
    condition("chalk-board-from-afar", |digit, random| {
        let board = random.one_of(&[BLACK_BOARD, GREEN_BOARD]);
        chalk_of_size(digit, board, 0.15, (0.15, 0.3), random)
    }),
    condition("whiteboard-glare", |digit, random| {
        let mut sheet = Sheet::new(640, 480, [225.0, 228.0, 230.0]);
        let place = Placement::about_the_middle(&sheet, digit, 0.6, 0.5, random);
        let ink = random.one_of(&[[30.0, 30.0, 35.0], [30.0, 60.0, 170.0], [190.0, 40.0, 50.0], [20.0, 120.0, 70.0]]);
        world::write(&mut sheet, digit, place, ink);
        damage::uneven(&mut sheet, random);
        damage::glare(&mut sheet, random);
        damage::noise(&mut sheet, 2.5, random);
        world::jpeg(&sheet, 80)
    }),
    condition("neon-on-black", |digit, random| {
        let mut sheet = Sheet::new(400, 480, [8.0, 8.0, 12.0]);
        let place = Placement::about_the_middle(&sheet, digit, 0.6, 0.5, random);
        let ink: Colour = random.one_of(&[[255.0, 60.0, 160.0], [60.0, 255.0, 120.0], [80.0, 160.0, 255.0]]);
        let mut glow = sheet.clone();
        world::write(&mut glow, digit, place, ink);
        glow.blurred(14);
        world::write(&mut sheet, digit, place, ink);
        for (pixel, glow) in sheet.pixels.iter_mut().zip(&glow.pixels) {
            *pixel = std::array::from_fn(|channel| pixel[channel].max(0.8 * glow[channel]));
        }
        damage::noise(&mut sheet, 2.0, random);
        world::png(&sheet)
    }),
    condition("screen-dark-mode", |digit, random| {
        let mut sheet = Sheet::new(300, 300, [30.0, 31.0, 34.0]);
        let place = Placement::about_the_middle(&sheet, digit, 0.85, 0.3, random);
        world::write(&mut sheet, digit, place, [225.0, 228.0, 230.0]);
        world::png(&sheet)
    }),
];

fn chalk(digit: &Cover, board: Colour, wiped: f64, random: &mut Random) -> Result<File> {
    chalk_of_size(digit, board, wiped, (0.5, 0.85), random)
}

/// Chalk is laid where the board is rough, so strokes have grain and gaps; dust lies over all, most where something was
/// wiped away.
fn chalk_of_size(
    digit: &Cover,
    board: Colour,
    wiped: f64,
    (least, most): (f64, f64),
    random: &mut Random,
) -> Result<File> {
    let (width, height) = random.one_of(&[(640, 480), (480, 640), (560, 560), (900, 700)]);
    let mut sheet = Sheet::new(width, height, board);
    let share = random.between(least, most);
    let place = Placement::about_the_middle(&sheet, digit, share, 0.5, random);
    let (grain, clouds, wipes) = (random.texture(), random.texture(), random.texture());
    let chalk: Colour = random.one_of(&[[235.0, 235.0, 228.0], [240.0, 225.0, 120.0], [225.0, 230.0, 235.0]]);
    let (pressure, dust) = (random.between(0.1, 0.4), random.between(0.03, 0.12));
    for (at, cover) in world::cover(&sheet, digit, place).into_iter().enumerate() {
        let (x, y) = ((at % width) as f64, (at / width) as f64);
        let rough = grain.rough(x / 5.0, y / 5.0, 3);
        let laid = cover * ((rough + pressure) * 3.0 + 0.5).clamp(0.15, 0.95);
        // A sponge leaves broad stripes.
        let smear = wiped * (0.4 + 0.8 * wipes.rough(x / 160.0, (y + 0.4 * x) / 30.0, 3)).clamp(0.0, 1.0);
        let cloud = dust * (1.0 + clouds.rough(x / 60.0, y / 60.0, 4));
        sheet.lay(at, chalk, (cloud + smear).min(0.6) * (0.8 + 0.2 * rough));
        sheet.lay(at, chalk, laid);
    }
    damage::uneven(&mut sheet, random);
    damage::noise(&mut sheet, 3.0, random);
    world::jpeg(&sheet, 80)
}
