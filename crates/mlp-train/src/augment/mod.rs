//! Variations of training pictures: each row is another picture in every epoch.
//!
//! What a row becomes is a function of seed, epoch, row and copy alone, so it does not matter which thread makes it, in which
//! order, or where a run was interrupted. All arithmetic is IEEE additions, multiplications and divisions in the order
//! in which it stands, without fused operations; sines and exponentials come from `libm`. So the bits are the same on
//! every machine.
//!
//! Pictures are varied as ink on paper: what comes in from outside is paper, whatever its gray level and whether the ink is
//! darker or lighter. One file a variation:
//!
//! 1. [`affine`]: shift, rotation, scale and shear as one matrix, and [`elastic`]: a smooth random field. Both say where a
//!    pixel comes from, and [`warp`] samples the picture once for both.
//! 2. [`thickness`] of strokes.
//! 3. [`erase`]: a rectangle becomes paper.
//! 4. [`noise`].

mod affine;
mod elastic;
mod erase;
mod noise;
mod paper;
mod thickness;
mod warp;

use mlp_core::random::{Purpose, Stream};
use ndarray::{ArrayView1, ArrayView2};
use stage_files::config::Augment;
use stage_files::picture::Canvas;
use stage_files::refuse;

use affine::Affine;
use elastic::Smoother;
pub use paper::Paper;

/// Width and height of the pictures, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    pub width: usize,
    pub height: usize,
}

impl Shape {
    /// The shape that the data set tells, or that of a square of so many pixels.
    ///
    /// # Errors
    /// When neither is there; `key` is the setting that asks for it.
    pub fn new(key: &str, canvas: Option<Canvas>, pixels: usize) -> anyhow::Result<Self> {
        if let Some(canvas) = canvas.filter(|canvas| canvas.pixels() == pixels) {
            return Ok(Self { width: canvas.width_px as usize, height: canvas.height_px as usize });
        }
        let side = pixels.isqrt();
        if side * side != pixels {
            refuse!(
                "key `{key}`: rows of {pixels} pixels are no square, and no stage.json beside the data set tells the shape of \
                 its pictures; make the data set with digit-csv, or leave `{key}` out"
            );
        }
        Ok(Self { width: side, height: side })
    }
}

/// Makes variations of the pictures of one data set for one run.
#[derive(Clone, Debug)]
pub struct Augmenter {
    rule: Augment,
    seed: u64,
    shape: Shape,
    paper: Paper,
    smoother: Option<Smoother>,
}

/// A row of the data set in an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    pub row: u32,
    /// How many more times it comes after this in the epoch.
    pub copy: u32,
}

impl Pick {
    /// The rows of an epoch, or of what is left of it.
    pub fn all(order: &[u32]) -> Vec<Self> {
        let mut more = vec![0_u32; order.iter().max().map_or(0, |&row| row as usize + 1)];
        let mut picks: Vec<Self> = order
            .iter()
            .rev()
            .map(|&row| {
                let copy = more[row as usize];
                more[row as usize] += 1;
                Self { row, copy }
            })
            .collect();
        picks.reverse();
        picks
    }
}

/// Room for the work on one picture, so that none is allocated for each.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Ink of the picture as it was, with a margin of paper.
    source: Vec<f32>,
    /// Where each pixel comes from, in pixels from where it is: all x of a row, then all y.
    field: Vec<f32>,
    /// For what a variation keeps for itself.
    extra: Vec<f32>,
}

impl Augmenter {
    /// Variations by a rule for the training rows of `pixels` (N, W * H), whose paper is looked at.
    ///
    /// # Errors
    /// When the pictures have no known shape, or are smaller than they would be shifted.
    pub fn new(
        rule: &Augment,
        seed: u64,
        canvas: Option<Canvas>,
        pixels: &ArrayView2<'_, u8>,
        train: &[u32],
    ) -> anyhow::Result<Self> {
        let shape = Shape::new("augment", canvas, pixels.ncols())?;
        if let Some(shift) = rule.shift_px
            && shift.get() >= shape.width.min(shape.height) as f64
        {
            refuse!(
                "key `augment.shift_px`: expected less than the pictures' {}x{} pixels, found {}",
                shape.width,
                shape.height,
                shift.get()
            );
        }
        let paper = Paper::of_border(shape, train.iter().map(|&row| pixels.row(row as usize)));
        let smoother = rule.elastic.filter(|e| e.alpha_px.get() > 0.0).map(|e| Smoother::new(shape, e));
        Ok(Self { rule: rule.clone(), seed, shape, paper, smoother })
    }

    /// Width and height of the pictures.
    pub fn shape_px(&self) -> (usize, usize) {
        (self.shape.width, self.shape.height)
    }

    /// Room to work in.
    pub fn scratch(&self) -> Scratch {
        let Shape { width, height } = self.shape;
        Scratch {
            source: vec![0.0; warp::padded_len(self.shape)],
            field: vec![0.0; 2 * width * height],
            extra: vec![0.0; elastic::room_len(self.shape)],
        }
    }

    /// Writes to `out` what the picture `pixels` (W * H), row `row` of the data set, is in an epoch; another one for each
    /// `copy` of it.
    pub fn vary(
        &self,
        epoch: u32,
        Pick { row, copy }: Pick,
        pixels: &ArrayView1<'_, u8>,
        out: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let time = u64::from(copy) << 32 | u64::from(epoch);
        let mut stream = Stream::of_item(self.seed, Purpose::Augmentation, [time, u64::from(row)]);
        let rule = &self.rule;
        self.paper.to_ink(pixels, out);
        let affine = Affine::draw(rule, &mut stream);
        if affine.is_some() || self.smoother.is_some() {
            let affine = affine.unwrap_or_default();
            affine.displacements(self.shape, affine::centre_of_ink(self.shape, out), &mut scratch.field);
            if let Some(smoother) = &self.smoother {
                smoother.add_field(&mut stream, &mut scratch.field, &mut scratch.extra);
            }
            warp::pad(self.shape, out, &mut scratch.source);
            warp::sample(self.shape, &scratch.source, &scratch.field, out);
        }
        if let Some(limit) = rule.thickness {
            let edge_px = symmetric(&mut stream, limit.get()) as f32;
            thickness::change(self.shape, edge_px, out, &mut scratch.extra);
        }
        if let Some(share) = rule.erase {
            erase::rectangle(self.shape, share.get(), &mut stream, out);
        }
        if let Some(deviation) = rule.noise {
            noise::add(deviation.get() as f32, &mut stream, out);
        }
        self.paper.to_pixels(out);
    }
}

/// Uniform in -limit..limit.
fn symmetric(stream: &mut Stream, limit: f64) -> f64 {
    (2.0 * stream.uniform() - 1.0) * limit
}

#[cfg(test)]
mod tests;
