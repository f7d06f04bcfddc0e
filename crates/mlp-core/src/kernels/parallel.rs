//! The products on several threads: each thread computes some columns of the output.
//!
//! A thread usually gets the same columns of a layer's weights in forward and in gradient, so they stay in its core's
//! cache.
#![allow(unsafe_code)]

#[cfg(feature = "std")]
use alloc::sync::Arc;
use core::ops::Range;

use super::block::Block;
use super::dispatch;
use super::elementwise::Elementwise;
use super::operands::{Activated, GradientUse, Rows, check_backward, check_gradient, check_layer};
use super::path::KernelPath;
#[cfg(feature = "std")]
use super::team::Team;
use crate::activation::Activation;

/// Threads get columns in multiples of this: no two threads then write to one cache line, and registers stay full.
#[cfg(feature = "std")]
const COLUMN_GROUP: usize = 32;
/// Floating-point operations that pay for one more thread: they take some microseconds, the hand-over less than one.
const MIN_OPERATIONS: usize = 250_000;
/// Parameters of an optimiser step that pay for one more thread, likewise.
const MIN_PARAMETERS: usize = 16_384;

/// The products of a dense layer on a kernel path, and the threads that share their work.
///
/// Shapes: B rows, I inputs, O outputs. All matrices are stored row by row.
#[derive(Clone, Debug)]
pub struct Kernels {
    path: KernelPath,
    /// [`MIN_OPERATIONS`]; tests have less.
    min_operations: usize,
    /// [`MIN_PARAMETERS`]; tests have less.
    min_parameters: usize,
    #[cfg(feature = "std")]
    team: Option<Arc<Team>>,
}

impl Kernels {
    /// The products on one thread.
    pub fn new(path: KernelPath) -> Self {
        Self {
            path,
            min_operations: MIN_OPERATIONS,
            min_parameters: MIN_PARAMETERS,
            #[cfg(feature = "std")]
            team: None,
        }
    }

    /// With a team that shares even the smallest work.
    #[cfg(all(test, feature = "std"))]
    pub(super) fn sharing_all(path: KernelPath, team: &Arc<Team>) -> Self {
        Self { path, min_operations: 1, min_parameters: 1, team: Some(Arc::clone(team)) }
    }

    pub(crate) fn path(&self) -> KernelPath {
        self.path
    }

    #[cfg(feature = "std")]
    pub(crate) fn set_team(&mut self, team: Option<Arc<Team>>) {
        self.team = team;
    }

    /// Calls `work` with ranges that together are `0..columns`. Uses one thread for each `min_cost` in `cost`, and no
    /// more than the team has.
    #[inline(always)]
    #[cfg_attr(not(feature = "std"), allow(clippy::unused_self, reason = "there are no threads without std"))]
    fn for_column_ranges(&self, columns: usize, cost: usize, min_cost: usize, work: impl Fn(Range<usize>) + Sync) {
        #[cfg(feature = "std")]
        if let Some(team) = &self.team {
            let groups = columns.div_ceil(COLUMN_GROUP);
            let tasks = team.threads().min(groups).min(cost / min_cost);
            if tasks > 1 {
                let start = |task: usize| columns.min(groups * task / tasks * COLUMN_GROUP);
                team.run(tasks, &|task| work(start(task)..start(task + 1)));
                return;
            }
        }
        let _ = (cost, min_cost);
        work(0..columns);
    }

    /// `out = x w + bias`: x (B, I), w (I, O), bias (O), out (B, O).
    ///
    /// # Panics
    /// When the shapes do not fit one another or a row index lies outside the data, as in all products.
    #[inline]
    pub fn forward(&self, x: Rows<'_>, w: &[f32], bias: &[f32], out: &mut [f32]) {
        self.layer(x, w, bias, Activation::Identity, &mut [], out);
    }

    /// A dense layer, `out = activation(x w + bias)`: x (B, I), w (I, O), bias (O), out (B, O). Where the activation's
    /// derivative [needs them](Activation::needs_sum), `sums` (B, O) receives the activation's inputs; elsewhere it is
    /// not touched and may be empty.
    #[inline]
    pub(crate) fn layer(
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
        self.for_column_ranges(columns, operations, self.min_operations, |range| {
            // SAFETY: the ranges share no column.
            let (sums, out) = unsafe { (sums.columns(range.clone()), out.columns(range.clone())) };
            dispatch::layer(self.path, x, &w[range.start..], &bias[range], activation, sums, out);
        });
    }

    /// `w -= learning_rate x^T g`, and `bias -= learning_rate` times the column sums of g: x (B, I), g (B, O), w (I,
    /// O), bias (O).
    #[inline]
    pub fn update(&self, x: Rows<'_>, g: &[f32], learning_rate: f32, w: &mut [f32], bias: &mut [f32]) {
        self.use_gradient(x, g, GradientUse::Update(-learning_rate), w, bias);
    }

    /// `dw = x^T g`, and `dbias` = the column sums of g: x (B, I), g (B, O), dw (I, O), dbias (O). Overwrites `dw` and
    /// `dbias`. The bits are those that [`update`](Self::update) applies.
    #[inline]
    pub(crate) fn gradient(&self, x: Rows<'_>, g: &[f32], dw: &mut [f32], dbias: &mut [f32]) {
        self.use_gradient(x, g, GradientUse::Store, dw, dbias);
    }

    #[inline]
    pub(super) fn use_gradient(
        &self,
        x: Rows<'_>,
        g: &[f32],
        gradient_use: GradientUse,
        w: &mut [f32],
        bias: &mut [f32],
    ) {
        check_gradient(x, g, w, bias);
        let columns = bias.len();
        let operations = 2 * x.width * g.len();
        let (w, bias) = (Block::whole(w, columns), Block::whole(bias, columns));
        self.for_column_ranges(columns, operations, self.min_operations, |range| {
            // SAFETY: the ranges share no column.
            let (w, mut bias) = unsafe { (w.columns(range.clone()), bias.columns(range.clone())) };
            dispatch::gradient(self.path, x, &g[range.start..], gradient_use, w, bias.row(0));
        });
    }

    /// `dx = g w^T`: g (B, O), w (I, O), dx (B, I); `outputs` is O.
    #[inline]
    pub fn transposed(&self, g: &[f32], w: &[f32], outputs: usize, dx: &mut [f32]) {
        let below = Activated { activation: Activation::Identity, values: &[], sums: &[] };
        self.backward(g, w, outputs, below, dx);
    }

    /// The gradient of a layer's inputs, carried back through the activation `below` that computed them: `dx = g w^T`
    /// times the activation's derivative. g (B, O), w (I, O), dx (B, I); `outputs` is O.
    #[inline]
    pub(crate) fn backward(&self, g: &[f32], w: &[f32], outputs: usize, below: Activated<'_>, dx: &mut [f32]) {
        check_backward(g, w, outputs, below, dx);
        let inputs = w.len() / outputs;
        let operations = 2 * outputs * dx.len();
        let dx = Block::whole(dx, inputs);
        self.for_column_ranges(inputs, operations, self.min_operations, |range| {
            // SAFETY: the ranges share no column.
            let dx = unsafe { dx.columns(range.clone()) };
            let w = &w[range.start * outputs..range.end * outputs];
            dispatch::backward(self.path, g, w, outputs, below.skip(range.start), dx);
        });
    }

    /// Runs work on slices of equal length, element by element. `work` makes it for a range and the slices' elements in
    /// that range.
    pub(crate) fn elementwise<'a, W: Elementwise, const N: usize>(
        &self,
        slices: [&'a mut [f32]; N],
        work: impl Fn(Range<usize>, [&'a mut [f32]; N]) -> W + Sync,
    ) {
        let floats = slices.first().map_or(0, |slice| slice.len());
        let slices = slices.map(|slice| {
            assert!(slice.len() == floats, "slices of one length");
            Block::whole(slice, floats)
        });
        self.for_column_ranges(floats, floats, self.min_parameters, |range| {
            // SAFETY: the ranges share no element.
            let elements = slices.each_ref().map(|slice| unsafe { slice.columns(range.clone()) }.into_row());
            self.path.elementwise(work(range, elements));
        });
    }
}
