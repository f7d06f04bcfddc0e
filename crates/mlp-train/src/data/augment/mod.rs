//! Augmentation of training pictures: each row is another picture in every epoch.
//!
//! What a row becomes is a function of seed, epoch, row and copy alone, so it does not matter which thread augments it,
//! in which order, or where a run was interrupted. All arithmetic is IEEE additions, multiplications and divisions in
//! the order in which it stands, without fused operations; sines and exponentials come from `libm`. So the bits are the
//! same on every machine.
//!
//! A picture is ink on paper. What comes in from outside is paper, whatever its gray level and whether the ink is
//! darker or lighter. One file an augmentation:
//!
//! 1. [`affine`]: shift, rotation, scale and shear as one matrix, and [`elastic`]: a smooth random field. Both displace
//!    pixels, and [`warp`] samples the picture once for both.
//! 2. [`thickness`] of strokes.
//! 3. [`erase`]: a rectangle becomes paper.
//! 4. [`noise`].

mod affine;
mod elastic;
mod erase;
mod noise;
mod paper;
mod shape;
mod thickness;
mod warp;

use mlp_core::random::{Purpose, Stream};
use ndarray::{ArrayView1, ArrayView2};
use stage_files::config::{Augment, Config};
use stage_files::picture::Canvas;
use stage_files::refuse;

use crate::data::source::Source;
use affine::Affine;
use elastic::Smoother;
pub(crate) use paper::Paper;
pub(crate) use shape::Shape;

/// Augments the pictures of one data set for one run.
#[derive(Clone, Debug)]
pub(crate) struct Augmenter {
    rule: Augment,
    seed: u64,
    shape: Shape,
    paper: Paper,
    smoother: Option<Smoother>,
}

/// A row of the data set in an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pick {
    pub(crate) row: u32,
    /// How many more times the row comes after this in the epoch.
    pub(crate) copy: u32,
}

impl Pick {
    /// The rows of an epoch, or of what is left of it.
    pub(crate) fn all(order: &[u32]) -> Vec<Self> {
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

/// Buffers for the work on one picture, so that none is allocated for each.
#[derive(Clone, Debug)]
pub(crate) struct Scratch {
    /// Ink of the picture as it was, with a margin of paper.
    source: Vec<f32>,
    /// Where each pixel comes from, in pixels from where it is: all x of a row, then all y.
    field: Vec<f32>,
    /// Buffer that each augmentation may use.
    extra: Vec<f32>,
}

impl Augmenter {
    /// What augments the training rows, if the config asks for it.
    ///
    /// # Errors
    /// As of [`new`](Self::new).
    pub(crate) fn from_config(
        config: &Config,
        source: &Source,
        train: &[u32],
        seed: u64,
    ) -> anyhow::Result<Option<Self>> {
        let Some(rule) = &config.augment else { return Ok(None) };
        Self::new(rule, seed, source.first.canvas, &source.first.pixels.view(), train).map(Some)
    }

    /// Augments by a rule the training rows of `pixels` (N, W * H), whose border gives the color of the paper.
    ///
    /// # Errors
    /// When the pictures have no known shape, or are smaller than they would be shifted.
    pub(crate) fn new(
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
    pub(crate) fn shape_px(&self) -> (usize, usize) {
        (self.shape.width, self.shape.height)
    }

    /// Buffers for one thread.
    pub(crate) fn scratch(&self) -> Scratch {
        let Shape { width, height } = self.shape;
        Scratch {
            source: vec![0.0; warp::padded_len(self.shape)],
            field: vec![0.0; 2 * width * height],
            extra: vec![0.0; elastic::room_len(self.shape)],
        }
    }

    /// Writes to `out` what the picture `pixels` (W * H), row `row` of the data set, is in an epoch. Each `copy` of a
    /// row is another picture.
    pub(crate) fn augment(
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
            let edge_px = affine::symmetric(&mut stream, limit.get()) as f32;
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

#[cfg(test)]
mod tests;
