//! A sheet of paper in colours, and digits of drawn writers to lay on it.

use anyhow::Result;
use digit_source::draw::{DrawnBy, DrawnSpec, Picture, Size, render};

pub(crate) type Colour = [f64; 3];

/// How much ink lies at each place of a digit's picture, from 0 to 1.
#[derive(Clone)]
pub(crate) struct Cover {
    pub width: usize,
    pub height: usize,
    pub ink: Vec<f64>,
}

impl Cover {
    /// A digit of a drawn writer, as large as that person writes.
    pub(crate) fn drawn(label: u8, writer: u32, n: u32, seed: u64) -> Result<Self> {
        let picture = render(&DrawnSpec { label, size: Size::Fills, by: DrawnBy::Writer(writer), n }, seed)?;
        let gray = picture.rgb.chunks_exact(3).map(|rgb| rgb.iter().map(|&s| f64::from(s)).sum::<f64>() / 3.0);
        Ok(Self { width: picture.width_px as usize, height: picture.height_px as usize, ink: inked(gray.collect()) })
    }

    /// The same with `width` columns and `height` rows, each pixel taken from the one at its place.
    pub(crate) fn stretched(&self, width: usize, height: usize) -> Self {
        let at = |x: usize, y: usize| {
            let (x, y) =
                ((x * self.width / width).min(self.width - 1), (y * self.height / height).min(self.height - 1));
            self.ink[y * self.width + x]
        };
        let ink = (0..width * height).map(|index| at(index % width, index / width)).collect();
        Self { width, height, ink }
    }

    /// What lies between the outermost pixels that are at least half inked.
    pub(crate) fn cut(&self) -> Self {
        let held = |at: &usize| self.ink[*at] >= 0.5;
        let columns = (0..self.ink.len()).filter(held).map(|at| at % self.width);
        let (left, right) = columns.fold((self.width, 0), |(low, high), x| (low.min(x), high.max(x)));
        let rows = (0..self.ink.len()).filter(held).map(|at| at / self.width);
        let (top, bottom) = rows.fold((self.height, 0), |(low, high), y| (low.min(y), high.max(y)));
        let (width, height) = (right + 1 - left, bottom + 1 - top);
        let ink = (0..width * height).map(|at| self.ink[(top + at / width) * self.width + left + at % width]);
        Self { width, height, ink: ink.collect() }
    }

    /// Strokes broader by `radius` pixels on both sides; the picture grows as they do.
    pub(crate) fn broader(&self, radius: f64) -> Self {
        let reach = radius.ceil() as i64;
        let (width, height) = (self.width + 2 * reach as usize, self.height + 2 * reach as usize);
        let disc: Vec<(i64, i64)> = (-reach..=reach)
            .flat_map(|y| (-reach..=reach).map(move |x| (x, y)))
            .filter(|(x, y)| ((x * x + y * y) as f64).sqrt() <= radius)
            .collect();
        let ink = (0..width * height).map(|at| {
            let (x, y) = ((at % width) as i64 - reach, (at / width) as i64 - reach);
            disc.iter().map(|(dx, dy)| self.at(x + dx, y + dy)).fold(0.0, f64::max)
        });
        Self { width, height, ink: ink.collect() }
    }

    fn at(&self, x: i64, y: i64) -> f64 {
        let inside = (0..self.width as i64).contains(&x) && (0..self.height as i64).contains(&y);
        if inside { self.ink[y as usize * self.width + x as usize] } else { 0.0 }
    }

    /// The ink at a place between pixels, `x` and `y` counted in pixels from the upper left corner.
    pub(crate) fn between(&self, x: f64, y: f64) -> f64 {
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (u, v) = (x - left, y - top);
        let (left, top) = (left as i64, top as i64);
        let upper = self.at(left, top) * (1.0 - u) + self.at(left + 1, top) * u;
        let lower = self.at(left, top + 1) * (1.0 - u) + self.at(left + 1, top + 1) * u;
        upper * (1.0 - v) + lower * v
    }
}

/// What is nearly as light as the lightest is paper.
fn inked(gray: Vec<f64>) -> Vec<f64> {
    let (low, high) = gray.iter().fold((f64::MAX, f64::MIN), |(low, high), &g| (low.min(g), high.max(g)));
    gray.into_iter().map(|gray| ((high - gray) / (high - low) * 1.3 - 0.3).clamp(0.0, 1.0)).collect()
}

/// A picture of a sheet.
#[derive(Clone)]
pub(crate) struct Sheet {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<Colour>,
}

impl Sheet {
    pub(crate) fn new(width: usize, height: usize, paper: Colour) -> Self {
        Self { width, height, pixels: vec![paper; width * height] }
    }

    /// `ink` over a pixel, by the share that it covers.
    pub(crate) fn lay(&mut self, at: usize, ink: Colour, cover: f64) {
        for (sample, ink) in self.pixels[at].iter_mut().zip(ink) {
            *sample += (ink - *sample) * cover;
        }
    }

    /// Each sample becomes what `change` makes of its place, from 0 to 1, and its value.
    pub(crate) fn change(&mut self, mut change: impl FnMut(f64, f64, f64) -> f64) {
        let (width, height) = (self.width, self.height);
        for (at, pixel) in self.pixels.iter_mut().enumerate() {
            let (x, y) = ((at % width) as f64 / width as f64, (at / width) as f64 / height as f64);
            *pixel = pixel.map(|sample| change(x, y, sample));
        }
    }

    /// Each place, from 0 to 1, shows what was at another; beyond the sheet lies paper as in its upper left corner.
    pub(crate) fn moved(&mut self, from: impl Fn(f64, f64) -> (f64, f64)) {
        let (old, width, height) = (self.pixels.clone(), self.width, self.height);
        for (at, pixel) in self.pixels.iter_mut().enumerate() {
            let place = |index: usize, side: usize| (index as f64 + 0.5) / side as f64;
            let (x, y) = from(place(at % width, width), place(at / width, height));
            let inside = (0.0..1.0).contains(&x) && (0.0..1.0).contains(&y);
            let source = || (y * height as f64) as usize * width + (x * width as f64) as usize;
            *pixel = if inside { old[source()] } else { old[0] };
        }
    }

    /// Pixels for which `change` gives a colour take it.
    pub(crate) fn change_pixels(&mut self, change: impl Fn(usize, usize) -> Option<Colour>) {
        let width = self.width;
        for (at, pixel) in self.pixels.iter_mut().enumerate() {
            *pixel = change(at % width, at / width).unwrap_or(*pixel);
        }
    }

    /// The mean of each block of `factor` by `factor` pixels.
    pub(crate) fn shrunk(&self, factor: usize) -> Self {
        let mut small = Self::new(self.width / factor, self.height / factor, [0.0; 3]);
        for (at, pixel) in small.pixels.iter_mut().enumerate() {
            let (left, top) = (at % small.width * factor, at / small.width * factor);
            let rows = (top..top + factor).map(|y| &self.pixels[y * self.width + left..][..factor]);
            let block: Vec<Colour> = rows.flatten().copied().collect();
            *pixel = std::array::from_fn(|c| block.iter().map(|pixel| pixel[c]).sum::<f64>() / block.len() as f64);
        }
        small
    }

    /// Each sample becomes the darkest within `radius` columns and rows.
    pub(crate) fn fattened(&mut self, radius: usize) {
        let old = self.clone();
        for (at, pixel) in self.pixels.iter_mut().enumerate() {
            let around = |at: usize, side: usize| at.saturating_sub(radius)..(at + radius + 1).min(side);
            let rows = around(at / old.width, old.height);
            let near = rows.flat_map(|y| &old.pixels[y * old.width..][around(at % old.width, old.width)]);
            *pixel = near.fold([255.0; 3], |least, pixel| std::array::from_fn(|c| pixel[c].min(least[c])));
        }
    }

    pub(crate) fn bar(&mut self, from: (usize, usize), to: (usize, usize), colour: Colour) {
        for y in from.1..to.1 {
            self.pixels[y * self.width + from.0..y * self.width + to.0].fill(colour);
        }
    }

    /// The mean over `2 radius + 1` columns and rows, as a lens out of focus gives; twice, so that it is no box.
    pub(crate) fn blurred(&mut self, radius: usize) {
        for _ in 0..2 {
            self.pixels = means_along_rows(&self.pixels, self.width, radius);
            let turned = transposed(&self.pixels, self.width, self.height);
            let turned = means_along_rows(&turned, self.height, radius);
            self.pixels = transposed(&turned, self.height, self.width);
        }
    }

    pub(crate) fn picture(&self) -> Picture {
        let rgb = self.pixels.as_flattened().iter().map(|sample| sample.round().clamp(0.0, 255.0) as u8).collect();
        Picture { width_px: self.width as u32, height_px: self.height as u32, rgb }
    }
}

fn means_along_rows(pixels: &[Colour], width: usize, radius: usize) -> Vec<Colour> {
    let mut means = Vec::with_capacity(pixels.len());
    for row in pixels.chunks_exact(width) {
        for x in 0..width {
            let window = &row[x.saturating_sub(radius)..(x + radius + 1).min(width)];
            means.push(std::array::from_fn(|channel| {
                window.iter().map(|pixel| pixel[channel]).sum::<f64>() / window.len() as f64
            }));
        }
    }
    means
}

fn transposed(pixels: &[Colour], width: usize, height: usize) -> Vec<Colour> {
    (0..width).flat_map(|x| (0..height).map(move |y| pixels[y * width + x])).collect()
}
