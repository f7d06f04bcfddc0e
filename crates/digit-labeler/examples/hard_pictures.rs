//! Drawn digits under hard conditions, to try preprocessing on and to show it in the documentation:
//!
//! ```text
//! cargo run --release -p digit-labeler --example hard_pictures -- hard
//! digit-labeler hard hard-labelled --labels 0-9 --preprocess standard --explain hard-explained
//! ```

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use digit_source::draw::{DrawnSpec, Group, Picture, Size, render};

/// The seed of the drawings.
const SEED: u64 = 1;
/// Side of the pictures, in pixels.
const SIDE: usize = 160;

type Colour = [f64; 3];

const WHITE: Colour = [252.0, 252.0, 250.0];
const NIGHT: Colour = [30.0, 30.0, 40.0];

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).context("expected the folder to write")?;
    fs_err::create_dir_all(&folder)?;
    for (place, (name, paper, ink, change)) in CONDITIONS.iter().enumerate() {
        let label = (place % 10) as u8;
        let mut sheet = drawn(label, place as u32, *paper, *ink)?;
        change(&mut sheet);
        let path = Path::new(&folder).join(format!("{label}_20_{name}-{place}.png"));
        fs_err::File::create(path)?.write_all(&sheet.picture().to_png()?)?;
    }
    Ok(())
}

/// Name, colour of paper and of ink, what happens to the sheet.
type Condition = (&'static str, Colour, Colour, fn(&mut Sheet));

const CONDITIONS: [Condition; 12] = [
    ("blue-pen", WHITE, [70.0, 90.0, 200.0], |_| ()),
    ("pencil", [235.0, 233.0, 228.0], [185.0, 185.0, 185.0], |_| ()),
    ("yellow-on-white", WHITE, [250.0, 235.0, 80.0], |_| ()),
    ("red-on-green", [60.0, 170.0, 60.0], [220.0, 87.0, 60.0], |_| ()),
    ("chalk", [25.0, 45.0, 35.0], [235.0, 235.0, 225.0], |_| ()),
    ("shadow", [240.0, 236.0, 228.0], NIGHT, |sheet| {
        sheet.change(|x, y, sample| sample * (1.0 - 0.5 * x - 0.2 * y) * if x + 0.3 * y > 0.7 { 0.75 } else { 1.0 });
    }),
    ("noise", [200.0, 196.0, 188.0], NIGHT, |sheet| {
        let mut state = 1_u64;
        sheet.change(|_, _, sample| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            sample + (state >> 40) as f64 / f64::from(1 << 24) * 30.0 - 15.0
        });
    }),
    ("ruled", WHITE, NIGHT, |sheet| {
        (1..6).for_each(|line| sheet.bar((0, line * 30 - 8), (SIDE, line * 30 - 6), [140.0, 165.0, 225.0]));
    }),
    ("frame", WHITE, [60.0, 80.0, 190.0], |sheet| {
        sheet.bar((0, 0), (SIDE, 4), [225.0, 70.0, 70.0]);
        sheet.bar((SIDE - 3, 0), (SIDE, SIDE), [150.0; 3]);
    }),
    ("specks", WHITE, NIGHT, |sheet| {
        for (x, y) in [(8, 12), (20, 140), (148, 30), (140, 150), (76, 4)] {
            sheet.bar((x, y), (x + 3, y + 3), NIGHT);
        }
    }),
    ("dithered", WHITE, [120.0; 3], |sheet| {
        let mut at = 0_usize;
        sheet.change(|_, _, sample| {
            at += 1;
            // A chessboard of thresholds, as old scanners had.
            let (x, y) = (at / 3 % SIDE, at / 3 / SIDE);
            if sample < [110.0, 180.0, 150.0, 220.0][2 * (y % 2) + x % 2] { 0.0 } else { 255.0 }
        });
    }),
    ("faint", [250.0, 249.0, 246.0], [225.0, 226.0, 238.0], |_| ()),
];

struct Sheet(Vec<Colour>);

/// A digit of a drawn hand, its ink and paper in other colours, on a sheet of the usual size.
fn drawn(label: u8, n: u32, paper: Colour, ink: Colour) -> Result<Sheet> {
    let picture = render(&DrawnSpec { label, size: Size::Fills, group: Group::Hand(40 + n), n }, SEED)?;
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let gray = |x: usize, y: usize| {
        let at = 3 * ((y * height / SIDE).min(height - 1) * width + (x * width / SIDE).min(width - 1));
        picture.rgb[at..at + 3].iter().map(|&sample| f64::from(sample)).sum::<f64>() / 3.0
    };
    let all: Vec<f64> = (0..SIDE * SIDE).map(|at| gray(at % SIDE, at / SIDE)).collect();
    let (low, high) = all.iter().fold((f64::MAX, f64::MIN), |(low, high), &g| (low.min(g), high.max(g)));
    // What is nearly as light as the lightest is paper.
    let cover = |gray: f64| ((high - gray) / (high - low) * 1.3 - 0.3).clamp(0.0, 1.0);
    let mixed = |gray| std::array::from_fn(|channel| paper[channel] + (ink[channel] - paper[channel]) * cover(gray));
    Ok(Sheet(all.into_iter().map(mixed).collect()))
}

impl Sheet {
    fn change(&mut self, mut change: impl FnMut(f64, f64, f64) -> f64) {
        for (at, pixel) in self.0.iter_mut().enumerate() {
            let (x, y) = ((at % SIDE) as f64 / SIDE as f64, (at / SIDE) as f64 / SIDE as f64);
            *pixel = pixel.map(|sample| change(x, y, sample));
        }
    }

    fn bar(&mut self, from: (usize, usize), to: (usize, usize), colour: Colour) {
        for y in from.1..to.1 {
            self.0[y * SIDE + from.0..y * SIDE + to.0].fill(colour);
        }
    }

    fn picture(&self) -> Picture {
        let rgb = self.0.as_flattened().iter().map(|sample| sample.round().clamp(0.0, 255.0) as u8).collect();
        Picture { width_px: SIDE as u32, height_px: SIDE as u32, rgb }
    }
}
