//! The lines that a person reads, in the words of the 2022 experiments.

use std::fmt::Write;

use stage_cli::Console;

/// Collects the lines for `log.txt` and says them as they come.
pub struct Log<'a> {
    text: String,
    console: Option<&'a Console>,
    prefix: String,
}

impl<'a> Log<'a> {
    /// A log that speaks to a console, with the run's name before each line when several runs speak at once.
    pub fn new(console: Option<&'a Console>, prefix: Option<&str>) -> Self {
        let prefix = prefix.map_or(String::new(), |name| format!("{name}: "));
        Self { text: String::new(), console, prefix }
    }

    /// Adds a line.
    pub fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{line}");
        if let Some(console) = self.console
            && !line.is_empty()
        {
            console.note(format!("{}{line}", self.prefix));
        }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The first line.
pub fn opening(hidden: usize) -> String {
    format!("a multi-layer perceptron with {hidden} hidden layers is running")
}

/// A line at a report epoch.
pub fn epoch(epoch: u32, loss: f64, train_accuracy: f64, test_accuracy: f64) -> String {
    format!("Epoch {epoch}: loss={loss:5.3}, accuracy={train_accuracy:5.3}/{test_accuracy:5.3}")
}

/// The last lines: the final accuracy, and when a mini-batch's loss first fell below `zero_loss`.
pub fn closing(accuracy: f64, epochs: u32, elapsed_s: f64, zero: Option<(u32, f64)>) -> [String; 3] {
    let last = match zero {
        Some((epoch, seconds)) => format!("Final Epoch : {epoch} loss_zero time : Time : {seconds}"),
        None => format!("Final Epoch : {epochs} Running Time : {elapsed_s}"),
    };
    [String::new(), format!("Final Test: final accuracy = {accuracy:.3}"), last]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_experiments() {
        assert_eq!(opening(2), "a multi-layer perceptron with 2 hidden layers is running");
        assert_eq!(epoch(950, 0.0456, 0.978, 0.7512), "Epoch 950: loss=0.046, accuracy=0.978/0.751");
        assert_eq!(
            closing(0.746, 1000, 9.5, Some((175, 3.5))),
            ["", "Final Test: final accuracy = 0.746", "Final Epoch : 175 loss_zero time : Time : 3.5"]
        );
        assert_eq!(closing(0.1, 1000, 15.25, None)[2], "Final Epoch : 1000 Running Time : 15.25");
    }
}
