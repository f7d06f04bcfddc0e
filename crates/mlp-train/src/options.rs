//! Options that change configs, and those that stand for the commonest `--set`.

use std::path::Path;
use std::str::FromStr;

use clap::Args;
use stage_cli::Console;
use stage_files::config::{Config, Count, Data, Seeds, Setting};
use stage_files::refused;
use stage_files::text_name::base_name;

/// What the command line changes in every config.
#[derive(Args)]
pub(crate) struct ConfigOptions {
    /// Data set CSV, instead of the one that the configs name
    #[arg(long, value_name = "CSV")]
    data: Option<String>,
    /// Data set CSV whose rows all train, instead of those that the configs name as `extra_data`; several if repeated
    #[arg(long, value_name = "CSV")]
    extra_data: Vec<String>,
    /// Seeds, instead of those in the configs: a list such as 3,5,8 or a count
    #[arg(long, value_name = "LIST|COUNT")]
    seeds: Option<String>,
    /// Config key to change in every config: a dotted path and JSON, or a text as it is; several if repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<Setting>,
    #[command(flatten)]
    short: ShortOptions,
}

impl ConfigOptions {
    /// The config of a file with what the options change in it.
    pub(crate) fn config(&self, path: &Path, console: &Console) -> anyhow::Result<Config> {
        let settings: Vec<Setting> = self.set.iter().cloned().chain(self.short.settings()).collect();
        let mut config = Config::read_with(path, &settings)?;
        if let Some(data) = &self.data {
            warn_of_other_size(&config, data, console);
            config.data = Some(Data::One(data.clone()));
        }
        if !self.extra_data.is_empty() {
            config.extra_data.clone_from(&self.extra_data);
        }
        if let Some(seeds) = &self.seeds {
            config.seeds = Some(parse_seeds(seeds)?);
            config.seed = None;
        }
        Ok(config)
    }
}

/// Says it when `--data` gives the pictures of another size than those that a config is for, such as those of 8x8.
fn warn_of_other_size(config: &Config, data: &str, console: &Console) {
    let set = |path: &str| Some(base_name(Path::new(path)).strip_suffix("_info.csv")?.to_owned());
    let of_config = config.data.iter().flat_map(Data::paths).next().and_then(set);
    if let (Some(of_config), Some(given)) = (of_config, set(data))
        && of_config != given
    {
        console.warn(format!(
            "config {}: it is for {of_config}_info.csv, and --data gives {given}_info.csv; its runs are named by the \
             config all the same",
            config.name()
        ));
    }
}

/// A list of seeds (`3,5,8`), or how many (`5`: the seeds 1 to 5).
pub fn parse_seeds(text: &str) -> anyhow::Result<Seeds> {
    let wrong = || refused(format!("--seeds: expected a list such as 3,5,8 or a count of 1 or more, found `{text}`"));
    if let Some((_, _)) = text.split_once(',') {
        let seeds: Option<Vec<u64>> =
            text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect();
        let mut sorted = seeds.clone().ok_or_else(wrong)?;
        sorted.sort_unstable();
        if sorted.is_empty() || sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(wrong());
        }
        return seeds.map(Seeds::List).ok_or_else(wrong);
    }
    let count = text.trim().parse::<i64>().ok().and_then(|count| Count::try_from(count).ok());
    count.map(Seeds::Count).ok_or_else(wrong)
}

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
