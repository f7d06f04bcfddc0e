//! The lines of `log.txt`, in the words of the 2022 experiments.

use std::fmt::Write;

use mlp_core::train::Evaluation;
use stage_cli::{Console, counted};
use stage_files::run::MetricsRow;

use crate::progress_bar::{EpochDone, ProgressBar};
use crate::run::early_stopping::BestEpoch;

/// Collects the lines for `log.txt`, prints them as they come, and tells whoever watches how far a run is.
pub(crate) struct Log<'a> {
    text: String,
    console: Option<&'a Console>,
    // Behind a pointer, so that a program that trains in memory does not contain a progress bar.
    watcher: Box<dyn Watch + 'a>,
    epochs: u32,
}

/// Who watches a run.
trait Watch {
    /// The run continues from a share that an earlier process had done.
    fn resume(&self, share: f64);
    /// An epoch has ended.
    fn end_epoch(&mut self, row: &MetricsRow, done: EpochDone);
    /// Lets `say` print.
    fn say(&self, say: &mut dyn FnMut());
}

/// The progress bar, and the number by which it knows the run.
struct Bar<'a>(&'a ProgressBar, usize);

impl Watch for Bar<'_> {
    fn resume(&self, share: f64) {
        self.0.resume(self.1, share);
    }
    fn end_epoch(&mut self, _: &MetricsRow, done: EpochDone) {
        self.0.end_epoch(self.1, done);
    }
    fn say(&self, say: &mut dyn FnMut()) {
        self.0.say(say);
    }
}

/// A program that calls this crate.
struct Program<'a>(&'a mut dyn FnMut(&MetricsRow));

impl Watch for Program<'_> {
    fn resume(&self, _: f64) {}
    fn end_epoch(&mut self, row: &MetricsRow, _: EpochDone) {
        (self.0)(row);
    }
    fn say(&self, say: &mut dyn FnMut()) {
        say();
    }
}

impl<'a> Log<'a> {
    /// The log of a run of so many epochs, which `progress_bar` knows by this number. The lines go to the console too
    /// if one is given.
    pub(crate) fn new(console: Option<&'a Console>, progress_bar: &'a ProgressBar, run: usize, epochs: u32) -> Self {
        Self { text: String::new(), console, watcher: Box::new(Bar(progress_bar, run)), epochs }
    }

    /// The log of a run in memory, of which `watch` is told every epoch.
    pub(crate) fn watched(watch: &'a mut dyn FnMut(&MetricsRow), epochs: u32) -> Self {
        Self { text: String::new(), console: None, watcher: Box::new(Program(watch)), epochs }
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{line}");
        if let Some(console) = self.console
            && !line.is_empty()
        {
            self.say(|| console.note(line));
        }
    }

    /// Continues the text that an earlier process had collected up to the end of an epoch.
    pub(crate) fn resume(&mut self, text: String, epoch: u32) {
        self.text = text;
        self.watcher.resume(self.share(epoch));
    }

    /// An epoch has ended.
    pub(crate) fn end_epoch(&mut self, row: &MetricsRow) {
        let MetricsRow { epoch, train_loss: loss, train_accuracy, .. } = *row;
        // The validation rows choose the best epoch, where there are any.
        let accuracy = row.validation_accuracy.or(row.test_accuracy);
        let done = EpochDone { epoch, epochs: self.epochs, loss, train_accuracy, accuracy };
        self.watcher.end_epoch(row, done);
    }

    /// Lets `say` print what belongs to no file, without tearing the progress bar apart.
    pub(crate) fn say(&self, mut say: impl FnMut()) {
        self.watcher.say(&mut say);
    }

    fn share(&self, epoch: u32) -> f64 {
        f64::from(epoch) / f64::from(self.epochs)
    }

    /// The whole text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// The first line.
pub(crate) fn opening(hidden: usize) -> String {
    format!("a multi-layer perceptron with {} is running", counted(hidden as u64, "hidden layer"))
}

/// A line at a report epoch.
pub(crate) fn epoch(epoch: u32, loss: f64, train_accuracy: f64, test_accuracy: f64) -> String {
    format!("Epoch {epoch}: loss={loss:5.3}, accuracy={train_accuracy:5.3}/{test_accuracy:5.3}")
}

/// The line of an epoch in which loss or weights were no longer finite, and the first layer in which that was so.
pub(crate) fn diverged(epoch: u32, layer: u32) -> String {
    format!("Epoch {epoch}: diverged, no longer finite from layer {layer} on; a smaller learning rate may help")
}

/// The last lines: which epoch's network is kept, when validation rows chose it, the final accuracy, and when a
/// mini-batch's loss first fell below `zero_loss`.
pub(crate) fn closing(
    best: Option<&BestEpoch>,
    test: Evaluation,
    epochs: u32,
    elapsed_s: f64,
    zero: Option<(u32, f64)>,
) -> Vec<String> {
    let best = best
        .map(|best| format!("Best Epoch : {}, validation accuracy = {:.3}", best.epoch, best.validation.accuracy()));
    let last = match zero {
        Some((epoch, seconds)) => format!("Final Epoch : {epoch} loss_zero time : Time : {seconds}"),
        None => format!("Final Epoch : {epochs} Running Time : {elapsed_s}"),
    };
    let lines = [format!("Final Test: final accuracy = {:.3}", test.accuracy()), last];
    [String::new()].into_iter().chain(best).chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_core::architecture::Architecture;
    use mlp_core::network::Network;

    #[test]
    fn lines_are_those_of_the_experiments() {
        assert_eq!(opening(1), "a multi-layer perceptron with 1 hidden layer is running");
        assert_eq!(opening(2), "a multi-layer perceptron with 2 hidden layers is running");
        assert_eq!(epoch(950, 0.0456, 0.978, 0.7512), "Epoch 950: loss=0.046, accuracy=0.978/0.751");
        let measured = |correct| Evaluation { loss: 0.5, correct, rows: 1000 };
        assert_eq!(
            closing(None, measured(746), 1000, 9.5, Some((175, 3.5))),
            ["", "Final Test: final accuracy = 0.746", "Final Epoch : 175 loss_zero time : Time : 3.5"]
        );
        assert_eq!(closing(None, measured(100), 1000, 15.25, None)[2], "Final Epoch : 1000 Running Time : 15.25");
        let network = Network::zeros(Architecture::new(1, &[], &[], 2).unwrap());
        let best = BestEpoch { epoch: 40, validation: measured(988), network };
        assert_eq!(
            closing(Some(&best), measured(981), 60, 1.5, None)[1..3],
            ["Best Epoch : 40, validation accuracy = 0.988", "Final Test: final accuracy = 0.981"]
        );
    }
}
