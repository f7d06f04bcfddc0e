//! Options that stand for the commonest `--set`.

use std::str::FromStr;

use clap::Args;
use stage_files::config::Setting;

/// `--epochs`, `--hidden`, `--lr` and `--batch`: short for `--set`.
#[derive(Args)]
pub(crate) struct ShortOptions {
    /// Epochs of every config; short for --set epochs=N
    #[arg(long, value_name = "N")]
    epochs: Option<u32>,
    /// Widths of the hidden layers, such as 64,64, or none; short for --set hidden=[64,64]
    #[arg(long, value_name = "WIDTHS")]
    hidden: Option<Widths>,
    /// Learning rate, whichever optimiser a config has; short for --set optimizer.sgd.lr=X
    #[arg(long, value_name = "X")]
    lr: Option<f64>,
    /// Rows of a mini-batch; short for --set batch=N
    #[arg(long, value_name = "N")]
    batch: Option<u32>,
}

impl ShortOptions {
    /// The settings that they stand for.
    pub(crate) fn settings(&self) -> impl Iterator<Item = Setting> {
        let epochs = self.epochs.map(Setting::epochs);
        let hidden = self.hidden.as_ref().map(|widths| Setting::hidden(&widths.0));
        let lr = self.lr.map(Setting::learning_rate);
        let batch = self.batch.map(Setting::batch);
        [epochs, hidden, lr, batch].into_iter().flatten()
    }
}

/// Widths of hidden layers.
#[derive(Clone, Debug, PartialEq)]
struct Widths(Vec<u32>);

impl FromStr for Widths {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self(Vec::new()));
        }
        let widths: Result<_, _> = text.split(',').map(|width| width.trim().parse()).collect();
        widths.map(Self).map_err(|_| "expected widths such as 64,64, or none".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_numbers_or_none() {
        assert_eq!("64, 32".parse(), Ok(Widths(vec![64, 32])));
        assert_eq!("none".parse(), Ok(Widths(vec![])));
        for text in ["", "64,", "a", "-1", "[64]"] {
            assert!(text.parse::<Widths>().is_err(), "{text}");
        }
    }
}
