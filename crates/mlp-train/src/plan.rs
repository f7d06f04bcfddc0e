//! Which runs a call asks for: every config, every combination of its sweep, every fold, every seed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use stage_files::config::{Config, Init, MAX_RUNS};
use stage_files::digest::sha256_file;
use stage_files::refuse;
use stage_files::stage::{Input, StageInfo};
use stage_files::text_name::base_name;

use crate::feed::augmenter;
use crate::prepare::part;
use crate::setup::{architecture, start};
use crate::source::Source;
use crate::write::begun;

/// One run: a config, a seed, its data and its folder.
pub struct Run {
    pub config: Config,
    pub seed: u64,
    pub source: Arc<Source>,
    pub folder: PathBuf,
    /// Its place below the folder of all runs.
    pub name: String,
    /// What its `stage.json` says before anything is known of the result: all that decides its bits.
    pub info: StageInfo,
}

/// The runs that configs ask for, with all said that can be said before one begins. Each data set is read once.
pub fn plan(configs: Vec<Config>, out: &Path) -> anyhow::Result<Vec<Run>> {
    let count: u128 = configs.iter().map(Config::run_count).sum();
    if count > u128::from(MAX_RUNS) {
        refuse!("expected at most {MAX_RUNS} runs, found {count} runs; name fewer configs, seeds or values of a sweep");
    }
    let mut checks = Checks::default();
    let mut runs: Vec<Run> = Vec::with_capacity(count as usize);
    for config in configs {
        let name = config.name().to_owned();
        for config in config.expand().with_context(|| format!("config {name}"))? {
            let source = checks.source(&config)?;
            for (config, seed) in folds_and_seeds(&config) {
                let name = run_name(&config, seed);
                let mut info = begun(&config, seed, &source);
                info.inputs.extend(checks.init(&config)?);
                let run = Run { folder: out.join(&name), config, seed, source: Arc::clone(&source), name, info };
                checks.run(&run).with_context(|| format!("config {}", run.config.name()))?;
                runs.push(run);
            }
        }
    }
    Ok(runs)
}

/// What has been seen so far, so that nothing is looked at twice.
#[derive(Default)]
struct Checks {
    sources: BTreeMap<String, Arc<Source>>,
    runs: BTreeSet<String>,
    parts: BTreeSet<String>,
    inits: BTreeMap<String, Input>,
    shapes: BTreeSet<String>,
}

impl Checks {
    /// The data of a config.
    fn source(&mut self, config: &Config) -> anyhow::Result<Arc<Source>> {
        let key = serde_json::to_string(&(&config.data, &config.extra_data))?;
        let source = match self.sources.get(&key) {
            Some(source) => Arc::clone(source),
            None => {
                let source = Arc::new(Source::read(config).with_context(|| format!("config {}", config.name()))?);
                self.sources.insert(key, Arc::clone(&source));
                source
            }
        };
        if source.test.is_some() && config.split.folds.is_some() {
            refuse!(
                "config {}: key `split.folds` parts one data set, and `data` names two files; take one of them away",
                config.name()
            );
        }
        Ok(source)
    }

    /// The file of starting weights as an input, if there is one.
    fn init(&mut self, config: &Config) -> anyhow::Result<Option<Input>> {
        let Init::File(path) = &config.init else { return Ok(None) };
        if let Some(input) = self.inits.get(path) {
            return Ok(Some(input.clone()));
        }
        let file = Path::new(path);
        if !file.exists() {
            refuse!("config {}: key `init.file`: {path}: no such file; expected safetensors", config.name());
        }
        let input = Input { name: base_name(file), sha256: sha256_file(file)?, files: 1 };
        self.inits.insert(path.clone(), input.clone());
        Ok(Some(input))
    }

    /// What data and folders cannot give is said before anything is written.
    fn run(&mut self, run: &Run) -> anyhow::Result<()> {
        let Run { config, seed, source, folder, name, info } = run;
        if !self.runs.insert(name.clone()) {
            refuse!("two configs have the name {}; give each its own `name`", config.name());
        }
        let data = (&config.data, &config.extra_data);
        let parted = (data, &config.split, config.validation, config.batch, &config.augment, seed);
        if self.parts.insert(serde_json::to_string(&parted)?) {
            let parts = part(config, source, *seed)?;
            augmenter(config, source, &parts.train, *seed)?;
        }
        let (inputs, outputs) = (source.first.pixels.ncols(), source.labels().len());
        architecture(config, inputs, outputs)?;
        if let Init::File(path) = &config.init
            && self.shapes.insert(format!("{path} {:?} {inputs} {outputs}", config.hidden))
        {
            start(config, inputs, outputs, *seed)?;
        }
        info.refuse_foreign(folder)
    }
}

/// A config and seed for each run of a config: all seeds of the first fold, then of the next.
fn folds_and_seeds(config: &Config) -> Vec<(Config, u64)> {
    let seeds = config.seed_list();
    let folds = config.split.each_fold().into_iter().map(|split| Config { split, ..config.clone() });
    folds.flat_map(|config| seeds.iter().map(move |&seed| (config.clone(), seed))).collect()
}

/// Place of a run below the folder of all runs: `<name>[/fold-<k>][/seed-<s>]`. A fold has the same place whether it is
/// run alone or with the others.
fn run_name(config: &Config, seed: u64) -> String {
    let fold = config.split.fold.map_or(String::new(), |fold| format!("/fold-{}", fold.get()));
    let seed = if config.seed_list().len() > 1 { format!("/seed-{seed}") } else { String::new() };
    format!("{}{fold}{seed}", config.name())
}

impl Run {
    /// Weights of its network, which is what a row's way through it costs.
    pub fn weights(&self) -> u64 {
        let shape = [self.source.first.pixels.ncols()].into_iter().chain(self.config.widths());
        let widths: Vec<u64> = shape.chain([self.source.labels().len()]).map(|w| w as u64).collect();
        widths.windows(2).map(|pair| pair[0] * pair[1]).sum()
    }

    /// Weights times rows times epochs, to begin with the largest run.
    pub fn work(&self) -> u64 {
        self.weights() * self.source.first.classes.len() as u64 * u64::from(self.config.epochs.get())
    }
}
