//! Softmax, loss and gradient of a whole batch. The exponentials and logarithms of all rows are computed in one loop.
//!
//! Each row goes through the operations of [`loss`], in the same order.

use crate::kernels::Elementwise;
use crate::loss;
use crate::math::exp;

/// Turns the logits (B, O) of all rows into probabilities.
pub(crate) struct Softmax<'a> {
    pub logits: &'a mut [f32],
    pub outputs: usize,
}

impl Elementwise for Softmax<'_> {
    #[inline(always)]
    fn run(self) {
        for row in self.logits.chunks_exact_mut(self.outputs) {
            let largest = loss::largest(row);
            for z in row {
                *z -= largest;
            }
        }
        // One loop over all rows: a single row of a few classes would leave most lanes of a register idle.
        for z in self.logits.iter_mut() {
            *z = exp(*z);
        }
        for row in self.logits.chunks_exact_mut(self.outputs) {
            let mut sum = 0.0;
            for z in row.iter() {
                sum += *z;
            }
            for z in row {
                *z /= sum;
            }
        }
    }
}

/// Loss, gradient and number of right predictions of a batch.
pub(crate) struct BatchLoss<'a> {
    /// Logits (B, O). Replaced by the probabilities or, if `gradient` is set, the gradient with respect to the logits.
    pub logits: &'a mut [f32],
    pub outputs: usize,
    /// Classes of all rows of the data (N).
    pub labels: &'a [u8],
    /// Rows of the batch (B): indices into `labels`.
    pub rows: &'a [u32],
    /// See [`loss::smoothed_cross_entropy`].
    pub smoothing: f32,
    pub gradient: bool,
    /// Receives the loss of each row (B).
    pub losses: &'a mut [f32],
    /// Receives the number of rows that are predicted right.
    pub correct: &'a mut usize,
}

impl Elementwise for BatchLoss<'_> {
    #[inline(always)]
    fn run(self) {
        let outputs = self.outputs;
        let class = |at: &u32| self.labels[*at as usize];
        *self.correct = 0;
        for (row, at) in self.logits.chunks_exact(outputs).zip(self.rows) {
            *self.correct += usize::from(loss::is_largest(row, class(at)));
        }
        Softmax { logits: self.logits, outputs }.run();
        let each = self.logits.chunks_exact(outputs).zip(self.rows).zip(self.losses.iter_mut());
        if self.smoothing > 0.0 {
            for ((row, at), loss) in each {
                *loss = loss::smoothed_cross_entropy(row, class(at), self.smoothing);
            }
        } else {
            for ((row, at), loss) in each {
                *loss = row[usize::from(class(at))];
            }
            for loss in self.losses.iter_mut() {
                *loss = loss::negative_log(*loss);
            }
        }
        if self.gradient {
            for (row, at) in self.logits.chunks_exact_mut(outputs).zip(self.rows) {
                if self.smoothing > 0.0 {
                    loss::smoothed_gradient(row, class(at), self.rows.len(), self.smoothing);
                } else {
                    loss::gradient(row, class(at), self.rows.len());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::KernelPath;
    use crate::random::{Purpose, Stream};
    use alloc::vec::Vec;

    #[test]
    fn a_batch_gives_the_bits_of_its_rows_one_by_one_on_every_path() {
        let mut stream = Stream::new(5, Purpose::Init);
        for outputs in [1, 2, 5, 10, 17] {
            let rows: Vec<u32> = (0..13).rev().collect();
            let labels: Vec<u8> = (0..13).map(|_| stream.below(outputs as u64) as u8).collect();
            let mut logits: Vec<f32> = (0..13 * outputs).map(|_| 9.0 * stream.normal() as f32).collect();
            logits[0] = f32::NAN;
            logits[3 * outputs..4 * outputs].fill(2.5);
            logits[5 * outputs] = -1e30;
            logits[6 * outputs] = f32::INFINITY;
            for smoothing in [0.0, 0.1] {
                let mut expected = logits.clone();
                let (mut losses, mut correct) = (Vec::new(), 0);
                for (row, at) in expected.chunks_exact_mut(outputs).zip(&rows) {
                    let class = labels[*at as usize];
                    correct += usize::from(loss::arg_max(row) == class && !row[usize::from(class)].is_nan());
                    loss::softmax(row);
                    if smoothing > 0.0 {
                        losses.push(loss::smoothed_cross_entropy(row, class, smoothing));
                        loss::smoothed_gradient(row, class, 13, smoothing);
                    } else {
                        losses.push(loss::cross_entropy(row, class));
                        loss::gradient(row, class, 13);
                    }
                }
                for path in KernelPath::ALL.into_iter().filter(|path| path.is_available()) {
                    let mut found = logits.clone();
                    let (mut found_losses, mut found_correct) = ([0.0; 13], 0);
                    path.elementwise(BatchLoss {
                        logits: &mut found,
                        outputs,
                        labels: &labels,
                        rows: &rows,
                        smoothing,
                        gradient: true,
                        losses: &mut found_losses,
                        correct: &mut found_correct,
                    });
                    let same = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| a == b || a.is_nan() && b.is_nan());
                    assert!(same(&found, &expected) && same(&found_losses, &losses), "{} {outputs}", path.name());
                    assert_eq!(found_correct, correct, "{} {outputs}", path.name());
                }
            }
        }
    }
}
