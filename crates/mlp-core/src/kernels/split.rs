//! The products on several threads: each computes some columns of what is written.
//!
//! A thread has the same columns of a layer's weights in forward and gradient, as far as chance lets it, so they stay in
//! the cache of its core.
#![allow(unsafe_code)]

#[cfg(feature = "std")]
use alloc::sync::Arc;
use core::ops::Range;

use super::block::Block;
#[cfg(feature = "std")]
use super::team::Team;
use super::{Activated, Elementwise, Into, KernelPath, Rows, check_backward, check_gradient, check_layer};
use crate::activation::Activation;

/// Columns are dealt out in groups of as many: no two threads write to one cache line, and registers stay full.
#[cfg(feature = "std")]
const COLUMNS: usize = 32;
/// Operations that are worth a thread of their own: some microseconds, against less than one for handing them over.
const LEAST_OPERATIONS: usize = 250_000;
/// Parameters of an optimiser that are worth a thread of their own, likewise.
const LEAST_PARAMETERS: usize = 16_384;

/// A kernel path, with the threads that share the work.
#[derive(Clone, Debug)]
pub(crate) struct Kernels {
    path: KernelPath,
    /// See [`LEAST_OPERATIONS`] and [`LEAST_PARAMETERS`]; tests have less.
    least: (usize, usize),
    #[cfg(feature = "std")]
    team: Option<Arc<Team>>,
}

impl Kernels {
    pub fn new(path: KernelPath) -> Self {
        Self {
            path,
            least: (LEAST_OPERATIONS, LEAST_PARAMETERS),
            #[cfg(feature = "std")]
            team: None,
        }
    }

    /// With a team that shares even the smallest work.
    #[cfg(all(test, feature = "std"))]
    pub fn sharing_all(path: KernelPath, team: &Arc<Team>) -> Self {
        Self { path, least: (1, 1), team: Some(Arc::clone(team)) }
    }

    pub fn path(&self) -> KernelPath {
        self.path
    }

    #[cfg(feature = "std")]
    pub fn set_team(&mut self, team: Option<Arc<Team>>) {
        self.team = team;
    }

    /// Calls `work` with ranges that make up `0..columns`, on as many threads as have `least` to do of `all`.
    #[inline(always)]
    #[cfg_attr(not(feature = "std"), allow(clippy::unused_self, reason = "there are no threads without std"))]
    fn split(&self, columns: usize, all: usize, least: usize, work: impl Fn(Range<usize>) + Sync) {
        #[cfg(feature = "std")]
        if let Some(team) = &self.team {
            let groups = columns.div_ceil(COLUMNS);
            let parts = team.threads().min(groups).min(all / least);
            if parts > 1 {
                let begin = |part: usize| columns.min(groups * part / parts * COLUMNS);
                team.run(parts, &|part| work(begin(part)..begin(part + 1)));
                return;
            }
        }
        let _ = (all, least);
        work(0..columns);
    }

    /// See [`KernelPath::layer`].
    #[inline]
    pub fn layer(
        &self,
        x: Rows<'_>,
        w: &[f32],
        bias: &[f32],
        activation: Activation,
        sums: &mut [f32],
        out: &mut [f32],
    ) {
        check_layer(x, w, bias, activation, sums, out);
        let columns = bias.len();
        let operations = 2 * x.width * out.len();
        let (sums, out) = (Block::whole(sums, columns), Block::whole(out, columns));
        self.split(columns, operations, self.least.0, |range| {
            // SAFETY: the ranges share no column.
            let (sums, out) = unsafe { (sums.columns(range.clone()), out.columns(range.clone())) };
            self.path.layer_part(x, &w[range.start..], &bias[range], activation, sums, out);
        });
    }

    /// See [`KernelPath::update`].
    #[inline]
    pub fn update(&self, x: Rows<'_>, g: &[f32], learning_rate: f32, w: &mut [f32], bias: &mut [f32]) {
        self.gradient_into(x, g, Into::Update(-learning_rate), w, bias);
    }

    /// See [`KernelPath::gradient`].
    #[inline]
    pub fn gradient(&self, x: Rows<'_>, g: &[f32], dw: &mut [f32], dbias: &mut [f32]) {
        self.gradient_into(x, g, Into::Store, dw, dbias);
    }

    #[inline]
    pub(super) fn gradient_into(&self, x: Rows<'_>, g: &[f32], into: Into, w: &mut [f32], bias: &mut [f32]) {
        check_gradient(x, g, w, bias);
        let columns = bias.len();
        let operations = 2 * x.width * g.len();
        let (w, bias) = (Block::whole(w, columns), Block::whole(bias, columns));
        self.split(columns, operations, self.least.0, |range| {
            // SAFETY: the ranges share no column.
            let (w, mut bias) = unsafe { (w.columns(range.clone()), bias.columns(range.clone())) };
            self.path.gradient_part(x, &g[range.start..], into, w, bias.row(0));
        });
    }

    /// See [`KernelPath::backward`].
    #[inline]
    pub fn backward(&self, g: &[f32], w: &[f32], outputs: usize, below: Activated<'_>, dx: &mut [f32]) {
        check_backward(g, w, outputs, below, dx);
        let inputs = w.len() / outputs;
        let operations = 2 * outputs * dx.len();
        let dx = Block::whole(dx, inputs);
        self.split(inputs, operations, self.least.0, |range| {
            // SAFETY: the ranges share no column.
            let dx = unsafe { dx.columns(range.clone()) };
            let w = &w[range.start * outputs..range.end * outputs];
            self.path.backward_part(g, w, outputs, below.behind(range.start), dx);
        });
    }

    /// Work on slices of equal length, element by element, which `work` makes of their parts.
    pub fn elementwise<'a, W: Elementwise, const N: usize>(
        &self,
        slices: [&'a mut [f32]; N],
        work: impl Fn(Range<usize>, [&'a mut [f32]; N]) -> W + Sync,
    ) {
        let floats = slices.first().map_or(0, |slice| slice.len());
        let slices = slices.map(|slice| {
            assert!(slice.len() == floats, "slices of one length");
            Block::whole(slice, floats)
        });
        self.split(floats, floats, self.least.1, |range| {
            // SAFETY: the ranges share no element.
            let parts = slices.each_ref().map(|slice| unsafe { slice.columns(range.clone()) }.into_row());
            self.path.elementwise(work(range, parts));
        });
    }
}
