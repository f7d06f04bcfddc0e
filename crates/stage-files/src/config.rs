//! The experiment config: which data, which network, how it is trained.
//!
//! The types are the schema: `configs/schema.json` is generated from them. Unknown keys, wrong types and impossible
//! values are refused while reading, with line, key, what was expected and what was found.

mod augment;
mod balance;
mod data;
mod dotted_path;
mod numbers;
mod optimizer;
mod setting;
mod split;
mod sweep;

use std::path::Path;

use anyhow::Context;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use augment::{Augment, Elastic};
pub use balance::Balance;
pub use data::{Data, Scale, TwoFiles};
pub use numbers::{Count, Folds, NonNegative, Portion, Positive, Share, Width};
pub use optimizer::{
    AdamW, Average, Constant, Cosine, Dropout, Ema, OneCycle, Optimizer, Schedule, Sgd, StepWise, Swa,
};
pub use setting::Setting;
pub use split::{Split, SplitBy};
pub use sweep::{MAX_RUNS, Sweep};

use crate::{json, refuse};

/// One experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Name of the run folder; the config file's name without its ending if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The data set; `--data` takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Data>,
    /// CSVs whose rows all train and never choose or test, such as drawn digits beside real ones; `--extra-data` takes
    /// their place. By group, a hand that chooses or tests does not train from here either.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra_data: Vec<String>,
    /// Which rows train and which test.
    #[serde(default)]
    pub split: Split,
    /// Share of the training rows that do not train but choose the best epoch, whose network is kept: by group whole
    /// groups, in order the last rows. The epoch with most of them right is the best, among equals the one with the
    /// smallest loss on them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<Share>,
    /// Training stops when this many epochs have gone by without a better one. Needs `validation`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patience: Option<Count>,
    /// What becomes of the pixel values.
    #[serde(default)]
    pub scale: Scale,
    /// Whether paper becomes 0 and ink 255, before scaling.
    #[serde(default)]
    pub invert: bool,
    /// How the training pictures are varied anew in every epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub augment: Option<Augment>,
    /// Epochs draw all styles of writing of all classes equally often, rare ones several times and common ones not in
    /// every epoch. For networks that other hands will use than those that train.
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
    /// How the weights are changed.
    pub optimizer: Optimizer,
    /// Share of the units of each hidden layer that is left out in training, or a list with one for each layer.
    #[serde(default)]
    pub dropout: Dropout,
    /// Share of the target that is spread evenly over all classes in training.
    #[serde(default)]
    pub label_smoothing: Portion,
    /// An average of the weights as the network to use.
    #[serde(default)]
    pub average: Option<Average>,
    /// Rows of a mini-batch.
    #[serde(default = "ten")]
    pub batch: Count,
    /// Times that the training rows are gone through.
    pub epochs: Count,
    /// Whether the training rows are put into a new order before each epoch.
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
    /// Decides everything random.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Several seeds, a run each: a list, or a count (1, 2, .. count).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seeds: Option<Seeds>,
    /// Lists of values by dotted path into the config, such as "optimizer.sgd.lr"; every combination is an experiment
    /// of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep: Option<Sweep>,
}

/// Activation of the hidden layers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected identity, sigmoid, tanh, relu, leaky_relu, selu or gelu, or a list of these, one a layer"
)]
pub enum Activations {
    /// The same in all.
    All(ActivationName),
    /// One for each.
    Each(Vec<ActivationName>),
}

impl Default for Activations {
    fn default() -> Self {
        Self::All(ActivationName::Relu)
    }
}

/// Name of an activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it; mlp-core defines them")]
pub enum ActivationName {
    Identity,
    Sigmoid,
    Tanh,
    Relu,
    LeakyRelu,
    Selu,
    Gelu,
}

impl ActivationName {
    /// As it is written in a config.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Relu => "relu",
            Self::LeakyRelu => "leaky_relu",
            Self::Selu => "selu",
            Self::Gelu => "gelu",
        }
    }
}

/// Starting weights; all rules draw from a normal distribution with mean 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum Init {
    /// Standard deviation gain / sqrt(fan_in), the gain being that of the activation.
    #[default]
    #[serde(rename = "he")]
    He,
    /// sqrt(2 / (fan_in + fan_out)).
    #[serde(rename = "xavier")]
    Xavier,
    /// 1 / sqrt(fan_in).
    #[serde(rename = "lecun")]
    LeCun,
    /// 2 / fan_in, as in the 2022 experiments.
    #[serde(rename = "he-2022")]
    He2022,
    /// The same in all layers.
    #[serde(rename = "normal")]
    Normal(NormalInit),
    /// Weights and biases from a file of tensors layers.{i}.weight and layers.{i}.bias.
    #[serde(rename = "file")]
    File(String),
}

/// One standard deviation for all layers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NormalInit {
    /// Standard deviation.
    pub std: Positive,
}

/// Several seeds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a count of 1 or more or a list of whole numbers")]
pub enum Seeds {
    /// 1, 2, .. count.
    Count(Count),
    /// These.
    List(Vec<u64>),
}

impl Seeds {
    /// The seeds in order.
    pub fn list(&self) -> Vec<u64> {
        match self {
            Self::Count(count) => (1..=u64::from(count.get())).collect(),
            Self::List(seeds) => seeds.clone(),
        }
    }

    /// Their number.
    pub fn len(&self) -> u64 {
        match self {
            Self::Count(count) => u64::from(count.get()),
            Self::List(seeds) => seeds.len() as u64,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn ten() -> Count {
    Count::TEN
}

fn ten_epochs() -> u32 {
    10
}

fn yes() -> bool {
    true
}

fn zero_loss() -> f64 {
    0.005
}

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
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                refuse!("{}: no such file; expected an experiment config", path.display())
            }
            Err(error) => return Err(error).with_context(|| path.display().to_string()),
        };
        let stem = path.file_stem().map(crate::text_name::text_name);
        setting::read(&bytes, settings, stem).with_context(|| path.display().to_string())
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
        Self { data, extra_data, split, init, seed: Some(seed), seeds: None, sweep: None, ..self.clone() }
    }
}

/// The JSON Schema of a config, as the contract writes it.
pub fn schema() -> anyhow::Result<Vec<u8>> {
    json::to_bytes(&schemars::schema_for!(Config))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"{"name": "a", "hidden": [32, 16], "optimizer": {"sgd": {"lr": 0.001}}, "epochs": 3}"#;

    fn parsed(text: &str) -> anyhow::Result<Config> {
        let config: Config = json::from_bytes(text.as_bytes())?;
        config.check()?;
        Ok(config)
    }

    #[test]
    fn defaults_are_filled_and_the_resolved_config_is_a_config() {
        let config = parsed(SMALL).unwrap();
        assert_eq!((config.batch.get(), config.report, config.shuffle, config.zero_loss), (10, 10, true, 0.005));
        assert_eq!(config.seed_list(), [DEFAULT_SEED]);
        assert_eq!(config.activations(), [ActivationName::Relu; 2]);
        let resolved = Config { data: Some(Data::One("x/y/20x20_info.csv".into())), ..config }.resolved(7);
        assert_eq!(resolved.data, Some(Data::One("20x20_info.csv".into())));
        let again = parsed(std::str::from_utf8(&json::to_bytes(&resolved).unwrap()).unwrap()).unwrap();
        assert_eq!(again, resolved);
    }

    #[test]
    fn every_form_of_the_design_is_read() {
        for (key, value) in [
            ("data", r#""datasets/demo/20x20_info.csv""#),
            ("data", r#"{"train": "a.csv", "test": "b.csv"}"#),
            ("extra_data", r#"["drawn/20x20_info.csv", "more.csv"]"#),
            ("split", r#"{"by": "group", "train": 0.7}"#),
            ("split", r#"{"by": "order"}"#),
            ("split", r#"{"by": "group", "folds": 5}"#),
            ("split", r#"{"by": "row", "folds": 5, "fold": 2}"#),
            ("validation", "0.1"),
            ("augment", r#"{"shift_px": 1.5, "rotate_deg": 10, "scale": 0.1, "shear": 0.2, "thickness": 0.5}"#),
            ("augment", r#"{"elastic": {"sigma_px": 4, "alpha_px": 30}, "erase": 0.3, "noise": 8}"#),
            ("balance", r#"{"styles": 60}"#),
            ("validation", "0.1, \"patience\": 20"),
            ("scale", r#""standard""#),
            ("activation", r#"["tanh", "leaky_relu"]"#),
            ("init", r#""he-2022""#),
            ("init", r#"{"normal": {"std": 0.003}}"#),
            ("init", r#"{"file": "weights.safetensors"}"#),
            ("stop_loss", "0.01"),
            ("stop_loss", "null"),
            ("dropout", "0.25"),
            ("dropout", "[0, 0.5]"),
            ("label_smoothing", "0.1"),
            ("average", r#"{"ema": {"decay": 0.99}}"#),
            ("average", r#"{"swa": {}}"#),
            ("average", "null"),
            ("seeds", "[1, 2, 3]"),
            ("seeds", "5"),
        ] {
            let text = SMALL.replace("\"epochs\"", &format!("\"{key}\": {value}, \"epochs\""));
            parsed(&text).unwrap_or_else(|error| panic!("{key}: {value}: {error:#}"));
        }
        parsed(&SMALL.replace("[32, 16]", "[]")).unwrap();
        for optimizer in [
            r#"{"sgd": {"lr": 0.1, "momentum": 0.9, "nesterov": true, "weight_decay": 1e-4}}"#,
            r#"{"adamw": {"lr": 0.001}}"#,
            r#"{"adamw": {"lr": 0.001, "beta1": 0, "beta2": 0.99, "epsilon": 1e-6, "weight_decay": 0}}"#,
            r#"{"sgd": {"lr": 0.1, "schedule": {"constant": {"warmup": 0.5}}}}"#,
            r#"{"sgd": {"lr": 0.1, "schedule": {"step": {"every": 2, "factor": 0.5}}}}"#,
            r#"{"sgd": {"lr": 0.1, "schedule": {"cosine": {"floor": 0.01, "warmup": 2}}}}"#,
            r#"{"adamw": {"lr": 0.1, "schedule": {"one_cycle": {"rise": 0.2}}}}"#,
        ] {
            let text = SMALL.replace(r#"{"sgd": {"lr": 0.001}}"#, optimizer);
            let config = parsed(&text).unwrap_or_else(|error| panic!("{optimizer}: {error:#}"));
            let again = json::to_bytes(&config.resolved(1)).unwrap();
            assert_eq!(parsed(std::str::from_utf8(&again).unwrap()).unwrap(), config.resolved(1), "{optimizer}");
        }
    }

    #[test]
    fn what_is_impossible_is_refused_with_the_key() {
        for (from, to, parts) in [
            ("0.001", "0", ["optimizer.sgd.lr", "above 0"]),
            ("0.001", "-0.5", ["optimizer.sgd.lr", "found -0.5"]),
            ("0.001", "NaN", ["line 1", ""]),
            ("0.001", "\"fast\"", ["optimizer.sgd.lr", "string"]),
            ("\"lr\"", "\"learnrate\"", ["unknown field `learnrate`", "lr"]),
            ("0.001", "1e-60", ["optimizer.sgd.lr", "found 1e-60"]),
            ("0.001", "1, \"momentum\": 1", ["optimizer.sgd.momentum", "below 1, found 1"]),
            ("0.001", "1, \"nesterov\": true", ["optimizer.sgd.nesterov", "`momentum` above 0"]),
            ("0.001", "1, \"weight_decay\": -1", ["optimizer.sgd.weight_decay", "found -1"]),
            ("0.001", "1, \"schedule\": \"cosine\"", ["optimizer.sgd.schedule.cosine", "write {\"cosine\": {}}"]),
            ("0.001", "1, \"schedule\": {\"linear\": {}}", ["unknown variant `linear`", "one_cycle"]),
            ("0.001", "1, \"schedule\": {\"step\": {\"every\": 0}}", ["schedule.step.every", "found 0"]),
            ("0.001", "1, \"schedule\": {\"cosine\": {\"warmup\": 3}}", ["cosine.warmup", "less than the 3 epochs"]),
            ("0.001", "1, \"beta1\": 0.9", ["unknown field `beta1`", "momentum"]),
            ("\"epochs\": 3", "\"epochs\": 3, \"dropout\": 1", ["dropout", "below 1"]),
            ("\"epochs\": 3", "\"epochs\": 3, \"dropout\": [0.5]", ["dropout", "list of 2"]),
            ("\"epochs\": 3", "\"epochs\": 3, \"label_smoothing\": 1", ["label_smoothing", "below 1"]),
            ("\"epochs\": 3", "\"epochs\": 3, \"average\": {\"ema\": {}}", ["average.ema", "missing field `decay`"]),
            ("\"epochs\": 3", "\"epochs\": 3, \"activation\": \"rellu\"", ["activation", "leaky_relu"]),
            ("\"epochs\": 3", "\"epochs\": 0", ["epochs", "found 0"]),
            ("\"epochs\": 3", "\"epochs\": -1", ["epochs", "-1"]),
            ("\"epochs\": 3", "\"epoch\": 3", ["unknown field `epoch`", "epochs"]),
            ("\"epochs\": 3", "\"epochs\": 3, \"batch\": 0", ["batch", "found 0"]),
            ("[32, 16]", "[0]", ["hidden[0]", "found 0"]),
            ("\"epochs\": 3", "\"epochs\": 3, \"activation\": [\"relu\"]", ["activation", "list of 2"]),
            ("\"epochs\": 3", "\"epochs\": 3, \"split\": {\"by\": \"row\", \"train\": 1}", ["split.train", "found 1"]),
            ("\"epochs\": 3", "\"epochs\": 3, \"split\": {\"by\": \"row\", \"folds\": 1}", ["split.folds", "found 1"]),
            ("\"epochs\": 3", "\"epochs\": 3, \"validation\": 1", ["validation", "found 1"]),
            ("\"epochs\": 3", "\"epochs\": 3, \"patience\": 5", ["patience", "`validation` beside it"]),
            ("\"epochs\": 3", "\"epochs\": 3, \"augment\": {\"rotate\": 5}", ["augment", "rotate_deg"]),
            ("\"epochs\": 3", "\"epochs\": 3, \"augment\": {\"rotate_deg\": 181}", ["augment.rotate_deg", "0 to 180"]),
            ("\"epochs\": 3", "\"epochs\": 3, \"augment\": {\"shift_px\": -1}", ["augment.shift_px", "found -1"]),
            ("\"epochs\": 3", "\"epochs\": 3, \"augment\": {\"thickness\": 2}", ["augment.thickness", "found 2"]),
            (
                "\"epochs\": 3",
                "\"epochs\": 3, \"augment\": {\"elastic\": {\"sigma_px\": 0, \"alpha_px\": 1}}",
                ["augment.elastic.sigma_px", "above 0"],
            ),
            (
                "\"epochs\": 3",
                "\"epochs\": 3, \"augment\": {\"elastic\": {\"sigma_px\": 4}}",
                ["augment.elastic", "alpha_px"],
            ),
            ("\"epochs\": 3", "\"epochs\": 3, \"seeds\": []", ["seeds", "at least one"]),
            ("\"epochs\": 3", "\"epochs\": 3, \"seed\": 1, \"seeds\": 2", ["seeds", "both"]),
            ("\"a\"", "\"../a\"", ["name", "../a"]),
            ("\"epochs\": 3", "\"epochs\": 3, \"epochs\": 4", ["duplicate field", "epochs"]),
        ] {
            let text = SMALL.replace(from, to);
            let Err(error) = parsed(&text) else { panic!("accepted {text}") };
            for part in parts {
                assert!(format!("{error:#}").contains(part), "{text}: {error:#}");
            }
            assert!(crate::is_refused(&error));
        }
    }
}
