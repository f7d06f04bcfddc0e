//! The training loop of one run: epochs, measurements, and how it ends.

use mlp_core::kernels::KernelPath;
use mlp_core::loss::arg_max;
use mlp_core::network::Network;
use mlp_core::optimizer::{Schedule, StepPosition};
use mlp_core::train::{Evaluation, Sgd, Trainer};
use stage_cli::{ExitStatus, Interrupts};
use stage_files::config::{Average, Config};
use stage_files::run::{HistogramRow, MetricsRow, Outcome, TimingRow};

use crate::data::batches::{Batch, Batches};
use crate::data::prepare::Prepared;
use crate::run::checkpoint::Checkpoints;
use crate::run::early_stopping::{BestEpoch, EarlyStopping};
use crate::run::from_config::{schedule, trainer};
use crate::run::histograms;
use crate::run::log::{self, Log};
use crate::run::state::RunState;
use crate::run::stopwatch::Stopwatch;
use crate::threads::helpers::Helpers;

/// The results of a run.
pub(crate) struct Trained {
    /// The network that is kept: that of the best epoch if there are validation rows, otherwise that of the last.
    pub(crate) network: Network,
    /// The best epoch, if there are validation rows.
    pub(crate) best: Option<BestEpoch>,
    pub(crate) metrics: Vec<MetricsRow>,
    pub(crate) timing: Vec<TimingRow>,
    pub(crate) histograms: Vec<HistogramRow>,
    pub(crate) outcome: Outcome,
    pub(crate) zero_loss_epoch: Option<u32>,
    /// For each test row the predicted class and the probabilities.
    pub(crate) predictions: Vec<(u8, Vec<f32>)>,
    /// Loss and accuracy on the test rows; `None` when the run diverged.
    pub(crate) test: Option<Evaluation>,
    pub(crate) log: String,
}

/// How the loop ended: with its results, or early by a signal.
pub(crate) enum LoopEnd {
    Trained(Box<Trained>),
    Interrupted(ExitStatus),
}

/// A run under way.
pub(crate) struct TrainingLoop<'a> {
    config: &'a Config,
    data: &'a Prepared<'a>,
    batches: Batches<'a>,
    trainer: Trainer,
    helpers: Helpers,
    path: KernelPath,
    schedule: Schedule,
    epoch_steps: u64,
    state: RunState,
    began: Stopwatch,
    /// Seconds that earlier processes trained.
    elapsed_before_s: f64,
}

/// How an epoch ended.
enum EpochEnd {
    Complete,
    Diverged(Outcome),
    Interrupted(ExitStatus),
}

impl<'a> TrainingLoop<'a> {
    /// A run at its start.
    pub(crate) fn new(
        config: &'a Config,
        batches: Batches<'a>,
        helpers: Helpers,
        network: Network,
        seed: u64,
        path: KernelPath,
    ) -> Self {
        let data = batches.data();
        Self {
            schedule: schedule(&config.optimizer),
            epoch_steps: data.split.train.len().div_ceil(config.batch.get() as usize) as u64,
            state: RunState::new(data, seed, network.parameters().largest()),
            trainer: trainer(config, network, seed, path),
            began: Stopwatch::start(),
            elapsed_before_s: 0.0,
            config,
            data,
            batches,
            helpers,
            path,
        }
    }

    /// Continues from a checkpoint, if there is one; gives the epochs that are done.
    ///
    /// # Errors
    /// Why the checkpoint cannot be used. The run is then still at its start.
    pub(crate) fn resume(&mut self, checkpoints: &Checkpoints, log: &mut Log<'_>) -> anyhow::Result<Option<u32>> {
        let Some(resumed) = checkpoints.resume(&mut self.trainer, &self.state)? else { return Ok(None) };
        self.began = Stopwatch::start();
        self.elapsed_before_s = resumed.state.elapsed_s;
        self.state = resumed.state;
        log.resume(resumed.log, self.state.epoch);
        Ok(Some(self.state.epoch))
    }

    /// Trains to the end, or until a signal comes. A checkpoint is written then, and whenever one is due, if there is
    /// a place for it.
    pub(crate) fn run(
        mut self,
        interrupts: &Interrupts,
        mut checkpoints: Option<&mut Checkpoints>,
        mut log: Log<'_>,
    ) -> anyhow::Result<LoopEnd> {
        if log.text().is_empty() {
            log.line(&log::opening(self.config.hidden.len()));
        }
        if self.state.histograms.is_empty() {
            self.state.histograms = histograms::take(&mut self.trainer, self.data, 0);
        }
        let mut outcome = None;
        while outcome.is_none() && self.state.epoch < self.config.epochs.get() {
            match self.train_epoch(interrupts, checkpoints.as_deref_mut(), &log)? {
                EpochEnd::Complete => outcome = self.end_epoch(&mut log),
                EpochEnd::Diverged(diverged) => outcome = Some(diverged),
                EpochEnd::Interrupted(status) => {
                    self.save(checkpoints, &log)?;
                    return Ok(LoopEnd::Interrupted(status));
                }
            }
        }
        Ok(LoopEnd::Trained(Box::new(self.finish(outcome, log))))
    }

    fn elapsed_s(&self) -> f64 {
        self.elapsed_before_s + self.began.elapsed().as_secs_f64()
    }

    fn save(&mut self, checkpoints: Option<&mut Checkpoints>, log: &Log<'_>) -> anyhow::Result<()> {
        let Some(checkpoints) = checkpoints else { return Ok(()) };
        self.state.elapsed_s = self.elapsed_s();
        checkpoints.save(&self.trainer, &self.state, log.text())
    }

    /// The learning rate of the next step.
    fn learning_rate(&self) -> f64 {
        let step = u64::from(self.state.epoch) * self.epoch_steps + u64::from(self.state.batch);
        let total_steps = u64::from(self.config.epochs.get()) * self.epoch_steps;
        let position = StepPosition { step, steps_per_epoch: self.epoch_steps, total_steps };
        self.schedule.learning_rate(self.config.optimizer.lr(), position)
    }

    /// Trains on the mini-batches that are left of the epoch.
    fn train_epoch(
        &mut self,
        interrupts: &Interrupts,
        mut checkpoints: Option<&mut Checkpoints>,
        log: &Log<'_>,
    ) -> anyhow::Result<EpochEnd> {
        let mut has_begun = false;
        while u64::from(self.state.batch) < self.epoch_steps {
            if let Some(status) = interrupts.pending() {
                return Ok(EpochEnd::Interrupted(status));
            }
            if checkpoints.as_ref().is_some_and(|checkpoints| checkpoints.is_due()) {
                self.save(checkpoints.as_deref_mut(), log)?;
            }
            // After the checkpoint: a state with no mini-batch done is one whose rows are not yet ordered.
            if self.state.batch == 0 {
                if let Some(balance) = &self.data.balance {
                    balance.draw(&mut self.state.shuffle, &mut self.state.order);
                }
                if self.config.shuffle {
                    self.state.shuffle.shuffle(&mut self.state.order);
                }
            }
            if !has_begun {
                let done = self.state.batch as usize * self.config.batch.get() as usize;
                let team = self.helpers.gather();
                self.trainer.set_team(team.clone());
                self.batches.begin(self.state.epoch + 1, &self.state.order[done..], team);
                has_begun = true;
            }
            let learning_rate = self.learning_rate();
            let Some(Batch { inputs, classes, rows }) = self.batches.next_batch() else { break };
            self.trainer.set_learning_rate(learning_rate as f32);
            let step = self.trainer.step(inputs, classes, rows);
            let accuracy = step.correct as f64 / rows.len() as f64;
            if !step.loss.is_finite() {
                return Ok(EpochEnd::Diverged(self.diverged(learning_rate)));
            }
            if matches!(self.config.average, Some(Average::Ema(_))) {
                self.trainer.average();
            }
            self.state.loss_sum += f64::from(step.loss);
            self.state.accuracy_sum += accuracy;
            self.state.batch += 1;
            if f64::from(step.loss) < self.config.zero_loss && self.state.zero.is_none() {
                self.state.zero = Some((self.state.epoch + 1, self.elapsed_s()));
            }
        }
        Ok(EpochEnd::Complete)
    }

    /// Measures after the last mini-batch of an epoch, and decides whether training stops here.
    fn end_epoch(&mut self, log: &mut Log<'_>) -> Option<Outcome> {
        let (config, data, epoch) = (self.config, self.data, self.state.epoch + 1);
        let largest_weight = self.trainer.network().parameters().largest();
        // The rate of the epoch's last step.
        self.state.batch -= 1;
        let learning_rate = self.learning_rate();
        if !largest_weight.is_finite() {
            return Some(self.diverged(learning_rate));
        }
        let swa_begins = |start: f64| epoch > (start * f64::from(config.epochs.get())) as u32;
        if let Some(Average::Swa(swa)) = &config.average
            && swa_begins(swa.start.get())
        {
            self.trainer.average();
        }
        let mut row = self.measure(epoch, learning_rate);
        let stops = self.stops(&row);
        let is_reported = config.report > 0 && epoch.is_multiple_of(config.report);
        if is_reported || stops || epoch == config.epochs.get() {
            let test = self.trainer.evaluate(&data.inputs, &data.classes, &data.split.test, |_, _| {});
            (row.test_loss, row.test_accuracy) = (Some(test.loss), Some(test.accuracy()));
            if is_reported {
                log.line(&log::epoch(epoch, row.train_loss, row.train_accuracy, test.accuracy()));
            }
        }
        log.end_epoch(&row);
        let elapsed_s = self.elapsed_s();
        if stops || histograms::is_due(config, epoch) {
            self.state.histograms.extend(histograms::take(&mut self.trainer, data, epoch));
        }
        let state = &mut self.state;
        state.metrics.push(row);
        state.timing.push(TimingRow { epoch, elapsed_s });
        (state.epoch, state.batch) = (epoch, 0);
        (state.loss_sum, state.accuracy_sum) = (0.0, 0.0);
        state.largest_weight = largest_weight;
        stops.then_some(Outcome::Stopped { epoch })
    }

    /// The metrics of an epoch without those of the test rows. Early stopping takes in those of the validation rows.
    fn measure(&mut self, epoch: u32, learning_rate: f64) -> MetricsRow {
        let (data, steps) = (self.data, self.epoch_steps as f64);
        let validation = self.state.early_stopping.as_mut().map(|stopping| {
            let validation = self.trainer.evaluate(&data.inputs, &data.classes, &data.split.validation, |_, _| {});
            stopping.note(epoch, validation, self.trainer.model());
            validation
        });
        MetricsRow {
            epoch,
            train_loss: self.state.loss_sum / steps,
            train_accuracy: self.state.accuracy_sum / steps,
            test_loss: None,
            test_accuracy: None,
            learning_rate,
            validation_loss: validation.map(|measured| measured.loss),
            validation_accuracy: validation.map(|measured| measured.accuracy()),
        }
    }

    /// Whether `stop_loss` is reached or `patience` exhausted.
    fn stops(&self, row: &MetricsRow) -> bool {
        let (config, stopping) = (self.config, self.state.early_stopping.as_ref());
        config.stop_loss.is_some_and(|stop| row.train_loss < stop.get())
            || config.patience.zip(stopping).is_some_and(|(patience, s)| s.is_exhausted(row.epoch, patience.get()))
    }

    /// The outcome of a run whose loss or weights are no longer finite.
    fn diverged(&self, learning_rate: f64) -> Outcome {
        Outcome::Diverged {
            epoch: self.state.epoch + 1,
            learning_rate,
            largest_weight: f64::from(self.state.largest_weight),
            layer: self.trainer.first_unfinite_layer().map_or(0, |layer| layer as u32 + 1),
        }
    }

    /// The last measurement. `early` is why training ended before its last epoch.
    fn finish(self, early: Option<Outcome>, mut log: Log<'_>) -> Trained {
        let elapsed_s = self.elapsed_s();
        let (data, state) = (self.data, self.state);
        let mut predictions = Vec::with_capacity(data.split.test.len());
        let (mut test, mut best, mut kept) = (None, None, self.trainer);
        if let Some(Outcome::Diverged { epoch, layer, .. }) = &early {
            log.line(&log::diverged(*epoch, *layer));
        } else {
            best = state.early_stopping.and_then(EarlyStopping::into_best);
            if let Some(best) = &best {
                kept = Trainer::new(best.network.clone(), Sgd { learning_rate: 0.0 }, 1, self.path);
            }
            let note = |_, p: &[f32]| predictions.push((arg_max(p), p.to_vec()));
            let measured = kept.evaluate(&data.inputs, &data.classes, &data.split.test, note);
            for line in log::closing(best.as_ref(), measured, state.epoch, elapsed_s, state.zero) {
                log.line(&line);
            }
            test = Some(measured);
        }
        let outcome = early.unwrap_or_else(|| match (kept.dead_layer(&data.inputs, &data.split.test), state.zero) {
            (Some(layer), _) => Outcome::Dead { layer: layer as u32 + 1 },
            (None, Some(_)) => Outcome::Learned,
            (None, None) => Outcome::Unreached,
        });
        Trained {
            network: kept.into_network(),
            best,
            metrics: state.metrics,
            timing: state.timing,
            histograms: state.histograms,
            outcome,
            zero_loss_epoch: state.zero.map(|(epoch, _)| epoch),
            predictions,
            test,
            log: log.text().to_owned(),
        }
    }
}
