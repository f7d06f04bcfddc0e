//! What of a run changes from mini-batch to mini-batch.

use mlp_core::random::{Purpose, Stream};
use stage_files::run::{HistogramRow, MetricsRow, TimingRow};

use crate::data::prepare::Prepared;
use crate::run::early_stopping::EarlyStopping;

/// Everything of a run that changes, besides the trainer state. Both together, with config and data, let another
/// process continue the run to the bit.
#[derive(Clone, Debug)]
pub(crate) struct RunState {
    /// Epochs done.
    pub(crate) epoch: u32,
    /// Mini-batches done of the epoch under way.
    pub(crate) batch: u32,
    /// The training rows in the order of this epoch.
    pub(crate) order: Vec<u32>,
    /// The stream that orders them.
    pub(crate) shuffle: Stream,
    /// Sum of the losses of the mini-batches done in this epoch.
    pub(crate) loss_sum: f64,
    /// Sum of their accuracies.
    pub(crate) accuracy_sum: f64,
    /// The first epoch in which the loss of a mini-batch was below `zero_loss`, and the seconds up to it.
    pub(crate) zero: Option<(u32, f64)>,
    /// The best epoch so far, when there are validation rows.
    pub(crate) early_stopping: Option<EarlyStopping>,
    pub(crate) metrics: Vec<MetricsRow>,
    pub(crate) timing: Vec<TimingRow>,
    /// Histograms of weights and activations so far.
    pub(crate) histograms: Vec<HistogramRow>,
    /// Largest absolute weight at the end of the last epoch, or at the start.
    pub(crate) largest_weight: f32,
    /// Seconds of training up to the last checkpoint.
    pub(crate) elapsed_s: f64,
}

impl RunState {
    /// A run at its start.
    pub(crate) fn new(data: &Prepared<'_>, seed: u64, largest_weight: f32) -> Self {
        Self {
            epoch: 0,
            batch: 0,
            order: data.split.train.clone(),
            shuffle: Stream::new(seed, Purpose::Shuffle),
            loss_sum: 0.0,
            accuracy_sum: 0.0,
            zero: None,
            early_stopping: (!data.split.validation.is_empty()).then(EarlyStopping::default),
            metrics: Vec::new(),
            timing: Vec::new(),
            histograms: Vec::new(),
            largest_weight,
            elapsed_s: 0.0,
        }
    }
}
