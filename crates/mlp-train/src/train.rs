//! One run in memory: epochs, measurements, and how it ended.

use std::time::Instant;

use mlp_core::kernels::KernelPath;
use mlp_core::loss::arg_max;
use mlp_core::network::Network;
use mlp_core::random::{Purpose, Stream};
use mlp_core::optimizer::{Schedule, StepPosition};
use mlp_core::train::{Evaluation, Sgd, Trainer};
use stage_cli::{ExitStatus, Interrupts};
use stage_files::config::{Average, Config};
use stage_files::run::{HistogramRow, MetricsRow, Outcome, TimingRow};

use crate::best::{BestEpoch, Chosen};
use crate::checkpoint::Checkpoints;
use crate::feed::{Batch, Feed};
use crate::helpers::Helpers;
use crate::log::{self, Log};
use crate::prepare::Prepared;
use crate::setup::{schedule, trainer};
use crate::snapshots;

/// What a run gives.
pub struct Trained {
    /// The network that is kept: that of the best epoch, when validation rows chose one.
    pub network: Network,
    /// What chose it.
    pub best: Option<Chosen>,
    pub metrics: Vec<MetricsRow>,
    pub timing: Vec<TimingRow>,
    pub histograms: Vec<HistogramRow>,
    pub outcome: Outcome,
    pub zero_loss_epoch: Option<u32>,
    /// For each test row the class said and the probabilities.
    pub predictions: Vec<(u8, Vec<f32>)>,
    /// How it does on the test rows; none when the run diverged.
    pub test: Option<Evaluation>,
    pub log: String,
}

/// The end of a run: its result, or the signal that ended it early.
pub enum Ended {
    Trained(Box<Trained>),
    Interrupted(ExitStatus),
}

/// Everything of a run that changes from step to step, besides what the trainer holds. With that, and with what config
/// and data give, a run goes on from here to the bit.
#[derive(Clone, Debug)]
pub struct State {
    /// Epochs done.
    pub epoch: u32,
    /// Mini-batches done of the epoch under way.
    pub batch: u32,
    /// The training rows in the order of this epoch.
    pub order: Vec<u32>,
    /// The stream that orders them.
    pub shuffle: Stream,
    /// Sum of the losses of the mini-batches done in this epoch.
    pub loss_sum: f64,
    /// Sum of their accuracies.
    pub accuracy_sum: f64,
    /// The first epoch in which some mini-batch's loss was below `zero_loss`, and the seconds up to it.
    pub zero: Option<(u32, f64)>,
    /// The best epoch so far, when there are validation rows.
    pub best: Option<BestEpoch>,
    pub metrics: Vec<MetricsRow>,
    pub timing: Vec<TimingRow>,
    /// How weights and activations were spread so far.
    pub histograms: Vec<HistogramRow>,
    /// Largest absolute weight when the last epoch ended, or at the start.
    pub largest_weight: f32,
    /// Seconds of training so far, as of the last time that anyone looked.
    pub elapsed_s: f64,
}

/// A run under way.
pub struct Session<'a> {
    config: &'a Config,
    data: &'a Prepared<'a>,
    feed: Feed<'a>,
    trainer: Trainer,
    helpers: Helpers,
    path: KernelPath,
    schedule: Schedule,
    epoch_steps: u64,
    state: State,
    /// When this process began with it, and the seconds that others had spent on it before.
    began: (Instant, f64),
}

/// What an epoch, or a part of one, ended with.
enum Epoch {
    Whole,
    Diverged(Outcome),
    Interrupted(ExitStatus),
}

impl<'a> Session<'a> {
    /// A run at its beginning.
    pub fn new(
        config: &'a Config,
        feed: Feed<'a>,
        helpers: Helpers,
        network: Network,
        seed: u64,
        path: KernelPath,
    ) -> Self {
        let data = feed.data();
        let state = State {
            epoch: 0,
            batch: 0,
            order: data.parts.train.clone(),
            shuffle: Stream::new(seed, Purpose::Shuffle),
            loss_sum: 0.0,
            accuracy_sum: 0.0,
            zero: None,
            best: (!data.parts.validation.is_empty()).then(BestEpoch::default),
            metrics: Vec::new(),
            timing: Vec::new(),
            histograms: Vec::new(),
            largest_weight: network.parameters().largest(),
            elapsed_s: 0.0,
        };
        Self {
            trainer: trainer(config, network, seed, path),
            schedule: schedule(&config.optimizer),
            epoch_steps: data.parts.train.len().div_ceil(config.batch.get() as usize) as u64,
            began: (Instant::now(), 0.0),
            config,
            data,
            feed,
            helpers,
            path,
            state,
        }
    }

    /// Goes on from a checkpoint, if there is one; gives the epochs that are done.
    ///
    /// # Errors
    /// Why the checkpoint cannot be used. The run is then still at its beginning.
    pub fn resume(&mut self, checkpoints: &Checkpoints, log: &mut Log<'_>) -> anyhow::Result<Option<u32>> {
        let Some(resumed) = checkpoints.resume(&mut self.trainer, &self.state)? else { return Ok(None) };
        self.began = (Instant::now(), resumed.state.elapsed_s);
        self.state = resumed.state;
        log.go_on_from(resumed.log, self.state.epoch);
        Ok(Some(self.state.epoch))
    }

    /// Trains to the end, or until a signal comes; the state is saved then, and whenever it is time for it.
    pub fn run(
        mut self,
        interrupts: &Interrupts,
        checkpoints: &mut Checkpoints,
        mut log: Log<'_>,
    ) -> anyhow::Result<Ended> {
        if log.text().is_empty() {
            log.line(&log::opening(self.config.hidden.len()));
        }
        if self.state.histograms.is_empty() {
            self.state.histograms = snapshots::take(&mut self.trainer, self.data, 0);
        }
        let mut outcome = None;
        while outcome.is_none() && self.state.epoch < self.config.epochs.get() {
            match self.epoch(interrupts, checkpoints, &log)? {
                Epoch::Whole => outcome = self.end_of_epoch(&mut log),
                Epoch::Diverged(diverged) => outcome = Some(diverged),
                Epoch::Interrupted(status) => {
                    self.save(checkpoints, &log)?;
                    return Ok(Ended::Interrupted(status));
                }
            }
        }
        Ok(Ended::Trained(Box::new(self.finish(outcome, log))))
    }

    fn elapsed_s(&self) -> f64 {
        self.began.1 + self.began.0.elapsed().as_secs_f64()
    }

    fn save(&mut self, checkpoints: &mut Checkpoints, log: &Log<'_>) -> anyhow::Result<()> {
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

    /// Does what is left of the epoch's mini-batches.
    fn epoch(
        &mut self,
        interrupts: &Interrupts,
        checkpoints: &mut Checkpoints,
        log: &Log<'_>,
    ) -> anyhow::Result<Epoch> {
        let mut has_begun = false;
        while u64::from(self.state.batch) < self.epoch_steps {
            if let Some(status) = interrupts.pending() {
                return Ok(Epoch::Interrupted(status));
            }
            if checkpoints.is_due() {
                self.save(checkpoints, log)?;
            }
            // After these returns: a state with no mini-batch done is one whose rows are not yet ordered.
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
                self.feed.begin(self.state.epoch + 1, &self.state.order[done..], team);
                has_begun = true;
            }
            let learning_rate = self.learning_rate();
            let Some(Batch { inputs, classes, rows }) = self.feed.next_batch() else { break };
            self.trainer.set_learning_rate(learning_rate as f32);
            let step = self.trainer.step(inputs, classes, rows);
            let accuracy = step.correct as f64 / rows.len() as f64;
            if !step.loss.is_finite() {
                return Ok(Epoch::Diverged(self.diverged(learning_rate)));
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
        Ok(Epoch::Whole)
    }

    /// Measures after the last mini-batch of an epoch, and says whether training ends here.
    fn end_of_epoch(&mut self, log: &mut Log<'_>) -> Option<Outcome> {
        let (config, epoch) = (self.config, self.state.epoch + 1);
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
        let steps = self.epoch_steps as f64;
        let train_loss = self.state.loss_sum / steps;
        let train_accuracy = self.state.accuracy_sum / steps;
        let data = self.data;
        let mut stops = config.stop_loss.is_some_and(|stop| train_loss < stop.get());
        let validation = self.state.best.as_mut().map(|best| {
            let validation = self.trainer.evaluate(&data.inputs, &data.classes, &data.parts.validation, |_, _| {});
            best.note(epoch, validation, self.trainer.model());
            stops |= config.patience.is_some_and(|patience| best.is_exhausted(epoch, patience.get()));
            validation
        });
        let mut row = MetricsRow {
            epoch,
            train_loss,
            train_accuracy,
            test_loss: None,
            test_accuracy: None,
            learning_rate,
            validation_loss: validation.map(|measured| measured.loss),
            validation_accuracy: validation.map(|measured| measured.accuracy()),
        };
        let reports = config.report > 0 && epoch.is_multiple_of(config.report);
        if reports || stops || epoch == config.epochs.get() {
            let test = self.trainer.evaluate(&data.inputs, &data.classes, &data.parts.test, |_, _| {});
            (row.test_loss, row.test_accuracy) = (Some(test.loss), Some(test.accuracy()));
            if reports {
                log.line(&log::epoch(epoch, train_loss, train_accuracy, test.accuracy()));
            }
        }
        log.passed(epoch, train_loss);
        let elapsed_s = self.elapsed_s();
        if stops || snapshots::is_due(config, epoch) {
            self.state.histograms.extend(snapshots::take(&mut self.trainer, data, epoch));
        }
        let state = &mut self.state;
        state.metrics.push(row);
        state.timing.push(TimingRow { epoch, elapsed_s });
        (state.epoch, state.batch) = (epoch, 0);
        (state.loss_sum, state.accuracy_sum) = (0.0, 0.0);
        state.largest_weight = largest_weight;
        stops.then_some(Outcome::Stopped { epoch })
    }

    /// What is known when loss or weights are no longer finite.
    fn diverged(&self, learning_rate: f64) -> Outcome {
        Outcome::Diverged {
            epoch: self.state.epoch + 1,
            learning_rate,
            largest_weight: f64::from(self.state.largest_weight),
            layer: self.trainer.first_unfinite_layer().map_or(0, |layer| layer as u32 + 1),
        }
    }

    /// The last measurement. `ended` is how training ended before its last epoch.
    fn finish(self, ended: Option<Outcome>, mut log: Log<'_>) -> Trained {
        let elapsed_s = self.elapsed_s();
        let (data, state) = (self.data, self.state);
        let mut predictions = Vec::with_capacity(data.parts.test.len());
        let (mut test, mut best, mut kept) = (None, None, self.trainer);
        if let Some(Outcome::Diverged { epoch, layer, .. }) = &ended {
            log.line(&log::diverged(*epoch, *layer));
        } else {
            best = state.best.and_then(BestEpoch::into_chosen);
            if let Some(best) = &best {
                kept = Trainer::new(best.network.clone(), Sgd { learning_rate: 0.0 }, 1, self.path);
            }
            let note = |_, p: &[f32]| predictions.push((arg_max(p), p.to_vec()));
            let measured = kept.evaluate(&data.inputs, &data.classes, &data.parts.test, note);
            for line in log::closing(best.as_ref(), measured, state.epoch, elapsed_s, state.zero) {
                log.line(&line);
            }
            test = Some(measured);
        }
        let outcome = ended.unwrap_or_else(|| match (kept.dead_layer(&data.inputs, &data.parts.test), state.zero) {
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
