//! The experiment config: which data, which network, how it is trained.
//!
//! The types are the schema: `configs/schema.json` is generated from them. Unknown keys, wrong types and impossible
//! values are refused while reading, with line, key, what was expected and what was found.

mod activation;
mod augment;
mod balance;
mod data;
mod dotted_path;
mod init;
mod list;
mod numbers;
mod optimizer;
mod seeds;
mod setting;
mod short;
mod split;
mod sweep;

use std::path::Path;

use anyhow::Context;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use activation::{ActivationName, Activations};
pub use augment::{Augment, Elastic};
pub use balance::Balance;
pub use data::{Data, Scale, TwoFiles};
pub use init::{Init, NormalInit};
pub use list::config_list;
pub use numbers::{Count, Folds, NonNegative, Portion, Positive, Share, Width};
pub use optimizer::{
    AdamW, Average, Constant, Cosine, Dropout, Ema, OneCycle, Optimizer, Schedule, Sgd, StepWise, Swa,
};
pub use seeds::Seeds;
pub use setting::Setting;
pub use split::{Split, SplitBy};
pub use sweep::{MAX_RUNS, Sweep};

use crate::{json, refuse, regular_file};

/// One experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the JSON Schema of configs is, so that an editor explains and checks the keys. It changes nothing.
    #[serde(rename = "$schema", default, skip_serializing)]
    pub schema: Option<String>,
    /// Name of the run folder; the config file's name without its ending if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The data set; `--data` replaces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Data>,
    /// CSVs whose rows only train, such as drawn digits beside real ones. `--extra-data` replaces them. With a split by
    /// group, a writer who validates or tests does not train from here either.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra_data: Vec<String>,
    /// Which rows train and which test.
    #[serde(default)]
    pub split: Split,
    /// Share of the training rows that validate instead: the network of the epoch that is best on them is kept. With a
    /// split by group they are whole writers, with a split in order the last rows. The best epoch has the most rows
    /// right, and among equals the smallest loss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<Share>,
    /// Training stops after this many epochs without a better one. Needs `validation`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patience: Option<Count>,
    /// How pixel values become inputs; "unit" where `optimizer` is left out.
    #[serde(default)]
    pub scale: Scale,
    /// Whether paper becomes 0 and ink 255, before scaling; true where `optimizer` is left out.
    #[serde(default)]
    pub invert: bool,
    /// Augmentation: random changes of the training pictures, new in every epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub augment: Option<Augment>,
    /// Epochs draw all clusters of all classes equally often: rare ones several times, common ones not in every epoch.
    /// For networks that are used on other writers than those who train.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<Balance>,
    /// Widths of the hidden layers; none is softmax regression.
    pub hidden: Vec<Width>,
    /// Activation of all hidden layers, or a list with one for each.
    #[serde(default)]
    pub activation: Activations,
    /// Starting weights.
    #[serde(default)]
    pub init: Init,
    /// The optimiser. A config that leaves it out is short for a recommended one: what it does not say of `scale`,
    /// `invert`, `dropout` and `batch` it takes from there, too.
    #[serde(default)]
    pub optimizer: Optimizer,
    /// Share of the units of each hidden layer that is left out in training, or a list with one for each layer; 0.1
    /// where `optimizer` is left out.
    #[serde(default)]
    pub dropout: Dropout,
    /// Share of the target that is spread evenly over all classes in training.
    #[serde(default)]
    pub label_smoothing: Portion,
    /// An average of the weights as the network to use.
    #[serde(default)]
    pub average: Option<Average>,
    /// Rows of a mini-batch; 32 where `optimizer` is left out.
    #[serde(default = "ten")]
    pub batch: Count,
    /// Passes over the training rows.
    #[serde(default = "thirty")]
    pub epochs: Count,
    /// Whether the training rows get a new order before each epoch.
    #[serde(default = "yes")]
    pub shuffle: bool,
    /// Epochs between two measurements on the test rows; 0 measures at the end only.
    #[serde(default = "ten_epochs")]
    pub report: u32,
    /// The first epoch in which some mini-batch's loss falls below this is noted; training goes on.
    #[serde(default = "zero_loss")]
    pub zero_loss: f64,
    /// Training stops when the mean loss of an epoch falls below this.
    #[serde(default)]
    pub stop_loss: Option<Positive>,
    /// Whether the model gets a detector of digits and a temperature, which make its confidence. They take up to
    /// some seconds a run, and change no prediction; a sweep that is only compared does not need them.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub confidence: bool,
    /// The random seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Several random seeds, a run each: a list, or a count (1, 2, .. count).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seeds: Option<Seeds>,
    /// Lists of values by dotted path into the config, such as "optimizer.sgd.lr"; every combination is an experiment
    /// of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep: Option<Sweep>,
}

fn ten() -> Count {
    Count::TEN
}

fn thirty() -> Count {
    Count::THIRTY
}

fn ten_epochs() -> u32 {
    10
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_yes(value: &bool) -> bool {
    *value
}

fn zero_loss() -> f64 {
    0.005
}

/// Longest config file that is read.
const MAX_BYTES: u64 = 1 << 26;
/// The seed where a config names none.
pub const DEFAULT_SEED: u64 = 1234;

impl Config {
    /// Reads a config file. Its name becomes that of the experiment unless it names itself.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        Self::read_with(path, &[])
    }

    /// Reads a config file as if it said what `settings` say, one after the other.
    ///
    /// # Errors
    /// A refusal, as of a config file that says the same, or when its sweep varies a key that is set.
    pub fn read_with(path: &Path, settings: &[Setting]) -> anyhow::Result<Self> {
        let bytes = regular_file::read_input(path, MAX_BYTES)?;
        let stem = path.file_stem().map(crate::text_name::text_name);
        setting::read(&bytes, settings, stem).with_context(|| path.display().to_string())
    }

    /// Reads the bytes of a config file; `name` is for one that does not name itself.
    ///
    /// # Errors
    /// As [`Self::read`], without the name of a file.
    pub fn from_bytes(bytes: &[u8], name: &str) -> anyhow::Result<Self> {
        setting::read(bytes, &[], Some(name.to_owned()))
    }

    /// Checks what no single value shows.
    fn check(&self) -> anyhow::Result<()> {
        let name = self.name();
        let plain = |c: char| c.is_alphanumeric() || "-_.,+ ()[]".contains(c);
        if name.is_empty() || name.starts_with('.') || name.len() > 200 || !name.chars().all(plain) {
            refuse!("key `name`: expected a plain folder name of letters, digits, `-`, `_` and `.`, found `{name}`");
        }
        self.split.check()?;
        if self.patience.is_some() && self.validation.is_none() {
            refuse!("key `patience`: expected `validation` beside it, which says what a better epoch is");
        }
        if let Activations::Each(names) = &self.activation
            && names.len() != self.hidden.len()
        {
            refuse!(
                "key `activation`: expected a name, or a list of {} as in `hidden`, found {}",
                self.hidden.len(),
                names.len()
            );
        }
        self.optimizer.check(self.epochs.get())?;
        self.dropout.check(self.hidden.len())?;
        if !self.zero_loss.is_finite() || self.zero_loss < 0.0 {
            refuse!("key `zero_loss`: expected a number of 0 or more, found {}", self.zero_loss);
        }
        if self.seed.is_some() && self.seeds.is_some() {
            refuse!("keys `seed` and `seeds`: expected one of them, found both");
        }
        if let Some(Seeds::List(seeds)) = &self.seeds {
            let mut list = seeds.clone();
            list.sort_unstable();
            if list.is_empty() || list.windows(2).any(|pair| pair[0] == pair[1]) {
                refuse!("key `seeds`: expected at least one seed, each once");
            }
        }
        if self.run_count() > u128::from(MAX_RUNS) {
            refuse!(
                "expected at most {MAX_RUNS} runs, found {} runs as the product of `sweep`, `seeds` and folds; name fewer \
                 values",
                self.run_count()
            );
        }
        Ok(())
    }

    /// The experiment's name.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or("")
    }

    /// Widths of the hidden layers.
    pub fn widths(&self) -> Vec<usize> {
        self.hidden.iter().map(|width| width.get() as usize).collect()
    }

    /// One activation for each hidden layer.
    pub fn activations(&self) -> Vec<ActivationName> {
        match &self.activation {
            Activations::All(name) => vec![*name; self.hidden.len()],
            Activations::Each(names) => names.clone(),
        }
    }

    /// The seeds to run.
    pub fn seed_list(&self) -> Vec<u64> {
        match (&self.seeds, self.seed) {
            (Some(seeds), _) => seeds.list(),
            (None, seed) => vec![seed.unwrap_or(DEFAULT_SEED)],
        }
    }

    /// A config and seed for each run: all seeds of the first fold, then of the next.
    pub fn folds_and_seeds(&self) -> Vec<(Self, u64)> {
        let seeds = self.seed_list();
        let folds = self.split.each_fold().into_iter().map(|split| Self { split, ..self.clone() });
        folds.flat_map(|config| seeds.iter().map(move |&seed| (config.clone(), seed))).collect()
    }

    /// Place of a run below the folder of all runs: `<name>[/fold-<k>][/seed-<s>]`. A fold has the same place whether
    /// it is run alone or with the others.
    pub fn run_name(&self, seed: u64) -> String {
        let fold = self.split.fold.map_or(String::new(), |fold| format!("/fold-{}", fold.get()));
        let seed = if self.seed_list().len() > 1 { format!("/seed-{seed}") } else { String::new() };
        format!("{}{fold}{seed}", self.name())
    }

    /// The config of one run: one seed, data by base name, so that it says the same wherever the files lie.
    #[must_use]
    pub fn resolved(&self, seed: u64) -> Self {
        let base = |path: &String| crate::text_name::base_name(Path::new(path));
        let data = self.data.as_ref().map(|data| match data {
            Data::One(path) => Data::One(base(path)),
            Data::Two(two) => Data::Two(TwoFiles { train: base(&two.train), test: base(&two.test) }),
        });
        let extra_data = self.extra_data.iter().map(base).collect();
        let init = match &self.init {
            Init::File(path) => Init::File(base(path)),
            other => other.clone(),
        };
        let split = self.split.resolved();
        let (schema, seeds, sweep) = (None, None, None);
        Self { schema, data, extra_data, split, init, seed: Some(seed), seeds, sweep, ..self.clone() }
    }
}

/// The JSON Schema of a config, as the contract writes it.
pub fn schema() -> anyhow::Result<Vec<u8>> {
    json::to_bytes(&schemars::schema_for!(Config))
}

#[cfg(test)]
mod tests;
