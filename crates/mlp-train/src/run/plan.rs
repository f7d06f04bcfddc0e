//! Which runs a command asks for: every config, every combination of its sweep, every fold, every seed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use stage_files::config::{Config, Data, Init, MAX_RUNS};
use stage_files::digest::sha256_file;
use stage_files::kind::{Kind, kind};
use stage_files::output::Reuse;
use stage_files::refuse;
use stage_files::run::DATA_FOLDER;
use stage_files::stage::{Input, StageInfo};
use stage_files::text_name::{base_name, folded};

use crate::data::augment::Augmenter;
use crate::data::copies::{Copies, SamePixels};
use crate::data::prepare::split_rows;
use crate::data::source::Source;
use crate::run::Run;
use crate::run::folder::RunFolder;
use crate::run::from_config;

/// What to do with the work of earlier commands.
#[derive(Clone, Copy, Default)]
pub(crate) struct Earlier {
    pub(crate) reuse: Reuse,
    /// Whether only what other settings, other data or another version made is trained anew.
    pub(crate) renew: bool,
}

impl From<Reuse> for Earlier {
    fn from(reuse: Reuse) -> Self {
        Self { reuse, renew: false }
    }
}

/// The runs that configs ask for. What can be refused is refused here, before any run begins. Each data set is read
/// once.
pub(crate) fn plan(configs: Vec<Config>, out: &Path, earlier: impl Into<Earlier>) -> anyhow::Result<Vec<Run>> {
    plan_unless(configs, out, earlier.into(), &mut Err)
}

/// As [`plan`], but asks `refused` whether to go on without a config that cannot be used.
pub(crate) fn plan_unless(
    configs: Vec<Config>,
    out: &Path,
    earlier: Earlier,
    refused: &mut dyn FnMut(anyhow::Error) -> anyhow::Result<()>,
) -> anyhow::Result<Vec<Run>> {
    let count: u128 = configs.iter().map(Config::run_count).sum();
    if count > u128::from(MAX_RUNS) {
        refuse!("expected at most {MAX_RUNS} runs, found {count} runs; name fewer configs, seeds or values of a sweep");
    }
    let mut checks = Checks::default();
    let mut runs: Vec<Run> = Vec::with_capacity(count as usize);
    for config in configs {
        let before = runs.len();
        if let Err(error) = plan_one(config, out, earlier, &mut checks, &mut runs) {
            runs.truncate(before);
            refused(error)?;
        }
    }
    Ok(runs)
}

/// Adds the runs of one config.
fn plan_one(
    config: Config,
    out: &Path,
    earlier: Earlier,
    checks: &mut Checks,
    runs: &mut Vec<Run>,
) -> anyhow::Result<()> {
    let name = config.name().to_owned();
    for config in config.expand().with_context(|| format!("config {name}"))? {
        let (source, same_pixels) = checks.source(&config)?;
        for (config, seed) in config.folds_and_seeds() {
            let name = config.run_name(seed);
            let copies = checks
                .split(&config, &source, &same_pixels, seed)
                .with_context(|| format!("config {}", config.name()))?;
            let mut info = begun(&config, seed, &source);
            info.inputs.extend(checks.init(&config)?);
            let folder = RunFolder::new(out.join(&name), info, inputs(&config), earlier.reuse, earlier.renew);
            let run = Run { config, seed, source: Arc::clone(&source), name, folder, copies };
            checks.run(&run).with_context(|| format!("config {}", run.config.name()))?;
            runs.push(run);
        }
    }
    Ok(())
}

/// What there is to say of copies among the rows: one sentence for each data set that runs use.
pub(crate) fn copies(runs: &[Run]) -> Vec<String> {
    let mut by_source: Vec<(&Arc<Source>, Vec<Copies>)> = Vec::new();
    for run in runs {
        match by_source.iter_mut().find(|(source, _)| Arc::ptr_eq(source, &run.source)) {
            Some((_, copies)) => copies.push(run.copies.clone()),
            None => by_source.push((&run.source, vec![run.copies.clone()])),
        }
    }
    by_source.iter().filter_map(|(source, copies)| Copies::sentence(&source.name(), copies)).collect()
}

/// The files that a config's runs read.
pub(crate) fn inputs(config: &Config) -> Vec<PathBuf> {
    let data = config.data.iter().flat_map(Data::paths);
    let init = if let Init::File(path) = &config.init { Some(path.as_str()) } else { None };
    data.chain(config.extra_data.iter().map(String::as_str)).chain(init).map(PathBuf::from).collect()
}

/// What has been read and checked so far, so that nothing is read or checked twice.
#[derive(Default)]
struct Checks {
    sources: BTreeMap<String, (Arc<Source>, Arc<SamePixels>)>,
    run_names: BTreeSet<String>,
    data_splits: BTreeMap<String, Copies>,
    init_files: BTreeMap<String, Input>,
    init_shapes: BTreeSet<String>,
}

impl Checks {
    /// The data of a config, and which of its rows are the same.
    fn source(&mut self, config: &Config) -> anyhow::Result<(Arc<Source>, Arc<SamePixels>)> {
        let key = serde_json::to_string(&(&config.data, &config.extra_data))?;
        let read = match self.sources.get(&key) {
            Some(read) => read.clone(),
            None => {
                let source = Source::read(config).with_context(|| format!("config {}", config.name()))?;
                let same_pixels = Arc::new(SamePixels::new(&source));
                let read = (Arc::new(source), same_pixels);
                self.sources.insert(key, read.clone());
                read
            }
        };
        if read.0.test.is_some() && config.split.folds.is_some() {
            refuse!(
                "config {}: key `split.folds` splits one data set, and `data` names two files; take one of them away",
                config.name()
            );
        }
        Ok(read)
    }

    /// The copies in a run's split. Refuses a split or an augmentation that the data does not allow.
    fn split(
        &mut self,
        config: &Config,
        source: &Source,
        same_pixels: &SamePixels,
        seed: u64,
    ) -> anyhow::Result<Copies> {
        let data = (&config.data, &config.extra_data);
        let key = (data, &config.split, config.validation, config.batch, &config.augment, seed);
        let key = serde_json::to_string(&key)?;
        if let Some(copies) = self.data_splits.get(&key) {
            return Ok(copies.clone());
        }
        let split = split_rows(config, source, seed)?;
        Augmenter::from_config(config, source, &split.train, seed)?;
        let copies = same_pixels.of_split(&split);
        self.data_splits.insert(key, copies.clone());
        Ok(copies)
    }

    /// The file of starting weights as an input, if there is one.
    fn init(&mut self, config: &Config) -> anyhow::Result<Option<Input>> {
        let Init::File(path) = &config.init else { return Ok(None) };
        if let Some(input) = self.init_files.get(path) {
            return Ok(Some(input.clone()));
        }
        let file = Path::new(path);
        if kind(file)? == Kind::Nothing {
            refuse!("config {}: key `init.file`: {path}: no such file; expected safetensors", config.name());
        }
        let input =
            Input { name: base_name(file), sha256: sha256_file(file).map_err(|error| error.at(file))?, files: 1 };
        self.init_files.insert(path.clone(), input.clone());
        Ok(Some(input))
    }

    /// Refuses a run that its name, its starting weights or its folder do not allow.
    fn run(&mut self, run: &Run) -> anyhow::Result<()> {
        let Run { config, seed, source, name, folder, .. } = run;
        if !self.run_names.insert(folded(name)) {
            refuse!("two configs have the name {}; give each its own `name`", config.name());
        }
        let (inputs, outputs) = (source.first.pixels.ncols(), source.labels().len());
        from_config::architecture(config, inputs, outputs)?;
        if let Init::File(path) = &config.init
            && self.init_shapes.insert(format!("{path} {:?} {inputs} {outputs}", config.hidden))
        {
            from_config::network(config, inputs, outputs, *seed, None)?;
        }
        folder.check().map(drop)
    }
}

/// What `stage.json` says before the result is known.
fn begun(config: &Config, seed: u64, source: &Source) -> StageInfo {
    let settings = serde_json::to_value(config.resolved(seed)).unwrap_or_default();
    let mut info = StageInfo::new("mlp-train", env!("CARGO_PKG_VERSION"), settings, source.labels().clone());
    info.inputs = source.inputs().to_vec();
    info.found.extend(source.folder.iter().map(|folder| (DATA_FOLDER.to_owned(), folder.clone())));
    if let Some(stage) = &source.first.stage {
        info.picture.clone_from(&stage.picture);
        info.earlier = stage.lineage();
    }
    info
}
