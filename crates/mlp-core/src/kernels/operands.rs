//! What goes into a product, and the check that the shapes fit.

use super::block::Block;
use crate::activation::Activation;
use crate::math::fma;

/// Rows of a matrix, picked by index or all in order.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// The matrix, row by row.
    pub data: &'a [f32],
    /// Columns of the matrix.
    pub width: usize,
    /// Indices of the rows; `None` for all in order.
    pub index: Option<&'a [u32]>,
}

impl<'a> Rows<'a> {
    /// The picked row number `r`.
    #[inline(always)]
    pub(super) fn row(&self, r: usize) -> &'a [f32] {
        let at = self.index.map_or(r, |index| index[r] as usize) * self.width;
        &self.data[at..at + self.width]
    }

    /// The first value of row `r`.
    ///
    /// # Safety
    /// [`holds`](Self::holds) has returned true for more than `r` rows.
    #[inline(always)]
    #[allow(unsafe_code, reason = "used in the inner loops of the tiles")]
    pub(super) unsafe fn row_pointer(&self, r: usize) -> *const f32 {
        let row = match self.index {
            // SAFETY: the caller's contract.
            Some(index) => unsafe { *index.get_unchecked(r) as usize },
            None => r,
        };
        self.data.as_ptr().wrapping_add(row * self.width)
    }

    /// Whether there are `rows` rows, all inside the data.
    #[inline]
    fn holds(&self, rows: usize) -> bool {
        let available = self.data.len() / self.width;
        match self.index {
            Some(index) => rows <= index.len() && index[..rows].iter().all(|&row| (row as usize) < available),
            None => rows <= available,
        }
    }
}

/// An activation with what its derivative needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Activated<'a> {
    pub activation: Activation,
    /// Its outputs. Not read for the identity.
    pub values: &'a [f32],
    /// Its inputs. Read only where the derivative [needs them](Activation::needs_sum).
    pub sums: &'a [f32],
}

impl<'a> Activated<'a> {
    /// Multiplies each gradient by the derivative at its position. `values` and `sums` start at the block's first
    /// column.
    #[inline(always)]
    pub(crate) fn scale_gradient(self, mut gradients: Block<'_>) {
        gradients.for_each_run(|at, run| {
            let Self { activation, values, sums } = self.skip(at);
            activation.scale_gradient(run, values, sums);
        });
    }

    /// Without the first `floats` values and sums.
    #[inline(always)]
    pub(crate) fn skip(self, floats: usize) -> Self {
        let skip = |slice: &'a [f32]| slice.get(floats..).unwrap_or_default();
        Self { activation: self.activation, values: skip(self.values), sums: skip(self.sums) }
    }
}

/// What a gradient product does with the gradient `d` of a parameter.
#[derive(Clone, Copy, Debug)]
pub(super) enum GradientUse {
    /// `parameter = fma(-learning_rate, d, parameter)`; holds `-learning_rate`.
    Update(f32),
    /// `parameter = d`.
    Store,
}

impl GradientUse {
    #[inline(always)]
    pub(super) fn apply(self, parameter: &mut f32, d: f32) {
        *parameter = match self {
            Self::Update(factor) => fma(factor, d, *parameter),
            Self::Store => d,
        };
    }
}

/// Applies the activation to a block of sums. Copies them to `sums` first where its derivative
/// [needs them](Activation::needs_sum).
#[inline(always)]
pub(super) fn activate(activation: Activation, mut sums: Block<'_>, mut out: Block<'_>) {
    if activation.needs_sum() {
        for r in 0..out.rows() {
            sums.row(r).copy_from_slice(out.row(r));
        }
    }
    out.for_each_run(|_, run| activation.apply(run));
}

/// Shapes are fixed when a network is made. A mismatch is a bug of the caller, or a row index outside the data.
#[inline(always)]
fn check(fits: bool) {
    assert!(fits, "matrix shapes do not fit one another");
}

#[inline(always)]
pub(super) fn check_layer(x: Rows<'_>, w: &[f32], bias: &[f32], activation: Activation, sums: &[f32], out: &[f32]) {
    check(x.width * bias.len() == w.len() && out.len().is_multiple_of(bias.len()));
    check(x.holds(out.len() / bias.len()) && (!activation.needs_sum() || sums.len() == out.len()));
}

#[inline(always)]
pub(super) fn check_gradient(x: Rows<'_>, g: &[f32], w: &[f32], bias: &[f32]) {
    check(x.width * bias.len() == w.len() && g.len().is_multiple_of(bias.len()));
    check(x.holds(g.len() / bias.len()));
}

#[inline(always)]
pub(super) fn check_backward(g: &[f32], w: &[f32], outputs: usize, below: Activated<'_>, dx: &[f32]) {
    let inputs = w.len() / outputs;
    check(inputs * outputs == w.len() && g.len().is_multiple_of(outputs));
    check(inputs > 0 && g.len() / outputs * inputs == dx.len());
    check(below.activation == Activation::Identity || below.values.len() == dx.len());
    check(!below.activation.needs_sum() || below.sums.len() == dx.len());
}
