//! Training and prediction on `ndarray` views.

#![allow(clippy::needless_pass_by_value, reason = "a view is a reference; ndarray passes views by value")]

use alloc::vec::Vec;
use core::fmt;

use ndarray::ArrayView2;

use crate::model::network::Network;
use crate::train::{StepResult, Trainer};

/// Why a view cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewError {
    /// The matrix is not stored row by row without gaps; `as_standard_layout` makes such a copy.
    Layout,
    /// The number of columns is not the network's number of inputs.
    Columns {
        /// Inputs of the network.
        expected: usize,
        /// Columns of the view.
        found: usize,
    },
}

impl fmt::Display for ViewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Layout => f.write_str("expected a matrix in standard layout; copy it with as_standard_layout first"),
            Self::Columns { expected, found } => write!(f, "expected {expected} columns, found {found}"),
        }
    }
}

impl core::error::Error for ViewError {}

fn checked<'a>(view: &'a ArrayView2<'_, f32>, expected: usize) -> Result<&'a [f32], ViewError> {
    if view.ncols() != expected {
        return Err(ViewError::Columns { expected, found: view.ncols() });
    }
    view.as_slice().ok_or(ViewError::Layout)
}

impl Trainer {
    /// [`step`](Self::step) on a view (N, I).
    ///
    /// # Errors
    /// When the view does not have I columns, or is not in standard layout.
    pub fn step_view(
        &mut self,
        inputs: ArrayView2<'_, f32>,
        labels: &[u8],
        rows: &[u32],
    ) -> Result<StepResult, ViewError> {
        let width = self.network().architecture().inputs();
        Ok(self.step(checked(&inputs, width)?, labels, rows))
    }
}

impl Network {
    /// [`predict`](Self::predict) on a view (B, I).
    ///
    /// # Errors
    /// As for [`Trainer::step_view`].
    pub fn predict_view(&self, inputs: ArrayView2<'_, f32>) -> Result<Vec<u8>, ViewError> {
        Ok(self.predict(checked(&inputs, self.architecture().inputs())?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::architecture::Architecture;
    use ndarray::Array2;

    #[test]
    fn unfit_views_are_refused() {
        let network = Network::zeros(Architecture::new(3, &[], &[], 2).unwrap());
        let wide = Array2::<f32>::zeros((2, 4));
        assert_eq!(network.predict_view(wide.view()), Err(ViewError::Columns { expected: 3, found: 4 }));
        let turned = Array2::<f32>::zeros((3, 2));
        assert_eq!(network.predict_view(turned.t()), Err(ViewError::Layout));
    }
}
