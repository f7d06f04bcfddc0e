//! Digits drawn with a round pen on any paper, as PNG files: enough to try preprocessing without anyone's data.

#![allow(dead_code, reason = "each test program uses a part of this")]

use crate::files::Png;

/// Strokes of a digit in a box of 1 by 1.4, corner by corner.
pub(crate) fn strokes(digit: u8) -> &'static [&'static [(f64, f64)]] {
    match digit {
        0 => &[&[
            (0.5, 0.0),
            (0.15, 0.2),
            (0.0, 0.7),
            (0.15, 1.2),
            (0.5, 1.4),
            (0.85, 1.2),
            (1.0, 0.7),
            (0.85, 0.2),
            (0.5, 0.0),
        ]],
        1 => &[&[(0.2, 0.4), (0.6, 0.0), (0.6, 1.4)]],
        2 => &[&[(0.05, 0.3), (0.4, 0.0), (0.85, 0.15), (0.9, 0.5), (0.05, 1.4), (1.0, 1.4)]],
        3 => &[&[(0.1, 0.1), (0.6, 0.0), (0.9, 0.3), (0.45, 0.65), (0.95, 1.0), (0.6, 1.4), (0.0, 1.3)]],
        4 => &[&[(0.4, 0.0), (0.0, 0.9), (1.0, 0.9)], &[(0.7, 0.5), (0.7, 1.4)]],
        5 => &[&[(1.0, 0.0), (0.2, 0.0), (0.1, 0.6), (0.7, 0.6), (0.95, 1.0), (0.6, 1.4), (0.0, 1.3)]],
        6 => &[&[(0.8, 0.0), (0.2, 0.5), (0.0, 1.0), (0.3, 1.4), (0.8, 1.3), (0.9, 0.9), (0.5, 0.7), (0.05, 1.0)]],
        7 => &[&[(0.0, 0.0), (1.0, 0.0), (0.4, 1.4)], &[(0.25, 0.7), (0.95, 0.7)]],
        8 => &[&[
            (0.5, 0.65),
            (0.1, 0.35),
            (0.5, 0.0),
            (0.9, 0.35),
            (0.5, 0.65),
            (0.0, 1.0),
            (0.5, 1.4),
            (1.0, 1.0),
            (0.5, 0.65),
        ]],
        _ => &[&[(0.95, 0.4), (0.5, 0.7), (0.1, 0.4), (0.4, 0.0), (0.95, 0.2), (0.9, 0.9), (0.3, 1.4)]],
    }
}

/// A sheet of paper.
#[derive(Clone)]
pub(crate) struct Sheet {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<[u8; 3]>,
}

impl Sheet {
    pub(crate) fn new(width: usize, height: usize, colour: [u8; 3]) -> Self {
        Self { width, height, pixels: vec![colour; width * height] }
    }

    /// Lays ink over the places that are within `thickness / 2` of a line.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), thickness: f64, ink: [u8; 3]) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).max(1e-9);
        let reach = |a: f64, b: f64, side: usize| {
            let low = (a.min(b) - thickness).max(0.0) as usize;
            low..((a.max(b) + thickness).max(0.0).ceil() as usize).min(side)
        };
        for y in reach(from.1, to.1, self.height) {
            for x in reach(from.0, to.0, self.width) {
                let (px, py) = (x as f64 + 0.5 - from.0, y as f64 + 0.5 - from.1);
                let along = ((px * dx + py * dy) / length).clamp(0.0, 1.0);
                let distance = ((px - along * dx).powi(2) + (py - along * dy).powi(2)).sqrt();
                let cover = (thickness / 2.0 - distance + 0.5).clamp(0.0, 1.0);
                let pixel = &mut self.pixels[y * self.width + x];
                for (sample, ink) in pixel.iter_mut().zip(ink) {
                    *sample = (f64::from(*sample) * (1.0 - cover) + f64::from(ink) * cover).round() as u8;
                }
            }
        }
    }

    /// Draws a digit with its upper left corner at `at`, `height` high, slanted by `slant` columns a row.
    pub(crate) fn digit(
        mut self,
        digit: u8,
        at: (f64, f64),
        height: f64,
        slant: f64,
        thickness: f64,
        ink: [u8; 3],
    ) -> Self {
        let unit = height / 1.4;
        let place = |(x, y): (f64, f64)| (at.0 + unit * x + slant * unit * (0.7 - y), at.1 + unit * y);
        for stroke in strokes(digit) {
            for pair in stroke.windows(2) {
                self.line(place(pair[0]), place(pair[1]), thickness, ink);
            }
        }
        self
    }

    /// Each pixel changed by what `change` makes of its place and colour.
    pub(crate) fn map(mut self, change: impl Fn(f64, f64, [u8; 3]) -> [u8; 3]) -> Self {
        for (at, pixel) in self.pixels.iter_mut().enumerate() {
            let (x, y) = ((at % self.width) as f64 / self.width as f64, (at / self.width) as f64 / self.height as f64);
            *pixel = change(x, y, *pixel);
        }
        self
    }

    pub(crate) fn png(&self) -> Vec<u8> {
        let rows: Vec<u8> =
            self.pixels.chunks_exact(self.width).flat_map(|row| [&[0_u8][..], row.as_flattened()].concat()).collect();
        Png::new(self.width as u32, self.height as u32, 2, &rows).bytes()
    }
}
