//! What a page has open: the model in use, collected pictures, and the files of the last training.

use std::sync::Arc;

use anyhow::Context;
use digit_image::decode::DEFAULT_MAX_PIXELS;
use digit_page::{DEFAULT_MIN_CONFIDENCE, InUse, Picture, explained};
use digit_predict::Predictor;
use mlp_train::train_in_memory;
use serde_json::json;
use stage_files::config::Config;
use stage_files::dataset::DataSet;
use stage_files::json::to_line;
use stage_files::model::Model;
use stage_files::{json as files_json, refuse, refused};

use crate::collected;
use crate::teaching::{self, START_FILE};

/// What a page has open.
#[derive(Default)]
pub struct Session {
    in_use: Option<InUse>,
    /// The file of the model in use.
    model: Vec<u8>,
    /// Name and bytes of each collected picture.
    pictures: Vec<(String, Vec<u8>)>,
    planned: Option<DataSet>,
    /// Name and bytes of each file of the last training.
    files: Vec<(&'static str, Vec<u8>)>,
}

impl Session {
    fn in_use(&self) -> anyhow::Result<&InUse> {
        self.in_use.as_ref().context("no model is loaded")
    }

    /// Takes a model file, and says what the page has to know of it.
    ///
    /// # Errors
    /// A refusal that says what is wrong with the file.
    pub fn load(&mut self, bytes: &[u8]) -> anyhow::Result<String> {
        let in_use = InUse::new(Arc::new(Predictor::from_bytes(bytes)?))?;
        let about = json!({
            "labels": in_use.model.labels().as_slice(),
            "preprocessing": in_use.model.preprocessing(),
            "canvas": in_use.model.picture_settings().canvas.to_string(),
            "has_detector": in_use.model.has_detector(),
            "min_confidence": DEFAULT_MIN_CONFIDENCE,
        });
        self.in_use = Some(in_use);
        self.model = bytes.to_vec();
        Ok(to_line(&about)?)
    }

    /// The answer for a picture, with the keys of `digit-predict --json`.
    ///
    /// # Errors
    /// A fault of the network; what is wrong with a picture is an answer.
    pub fn predict(&self, picture: Picture<'_>) -> anyhow::Result<String> {
        let in_use = self.in_use()?;
        let answer = in_use.answer(in_use.prepare(picture), DEFAULT_MIN_CONFIDENCE)?;
        Ok(to_line(&answer.keys(in_use.model.labels()))?)
    }

    /// How the answer for a picture came about.
    ///
    /// # Errors
    /// A fault of the network.
    pub fn explain(&self, picture: Picture<'_>) -> anyhow::Result<String> {
        explained(self.in_use()?, picture, DEFAULT_MAX_PIXELS, DEFAULT_MIN_CONFIDENCE)
    }

    /// The pixels of a picture as the network takes them.
    ///
    /// # Errors
    /// What is wrong with the picture, and what to do.
    pub fn prepare(&self, picture: Picture<'_>) -> anyhow::Result<Vec<u8>> {
        self.in_use()?.prepare(picture).map_err(refused)
    }

    /// Forgets the collected pictures.
    pub fn clear_pictures(&mut self) {
        self.pictures.clear();
        self.planned = None;
    }

    /// Adds a collected picture: its name, as `kim/3/0001.png`, and then its bytes.
    ///
    /// # Errors
    /// When the name is not UTF-8, or longer than all.
    pub fn add_picture(&mut self, name_and_bytes: &[u8], name_length: usize) -> anyhow::Result<()> {
        let (name, bytes) = name_and_bytes.split_at_checked(name_length).context("the name is longer than all")?;
        let name = std::str::from_utf8(name).context("the name of a picture")?;
        self.pictures.push((name.to_owned(), bytes.to_vec()));
        Ok(())
    }

    /// Makes a data set of the collected pictures, as the model in use prepares them, and says how it will be trained
    /// on: `{"config":{..},"commands":[..],"rows":80,"labels":"0-9","rejected":[{"source":..,"reason":..}]}`.
    ///
    /// # Errors
    /// A refusal when there are too few pictures.
    pub fn plan(&mut self) -> anyhow::Result<String> {
        let settings = self.in_use()?.model.picture_settings().clone();
        let collected = collected::data_set(&self.pictures, &settings)?;
        let data = collected.data;
        let config = teaching::config(&data, &Model::from_bytes(&self.model)?)?;
        let rejected: Vec<_> =
            collected.rejected.iter().map(|one| json!({ "source": one.source, "reason": one.reason })).collect();
        let plan = json!({
            "config": config,
            "commands": teaching::commands(&data.labels, &self.in_use()?.model.preprocessing(), settings.canvas),
            "rows": data.classes.len(),
            "labels": data.labels.to_string(),
            "rejected": rejected,
        });
        self.planned = Some(data);
        Ok(to_line(&plan)?)
    }

    /// Trains on the data set that was planned, by a config in JSON. `tell` gets a line of JSON after each epoch. The
    /// answer has the summary and the names of the files; the model in use stays.
    ///
    /// # Errors
    /// A refusal when nothing was planned or the config cannot be used.
    pub fn train(&mut self, config: &[u8], tell: &mut dyn FnMut(&str)) -> anyhow::Result<String> {
        let config: Config = files_json::from_bytes(config).context("the config")?;
        let Some(data) = self.planned.clone() else { refuse!("no data set; plan one first") };
        let epochs = config.epochs.get();
        let mut watch = |row: &stage_files::run::MetricsRow| {
            let line = json!({
                "epoch": row.epoch,
                "epochs": epochs,
                "train_loss": row.train_loss,
                "train_accuracy": row.train_accuracy,
                "test_accuracy": row.test_accuracy,
            });
            tell(&line.to_string());
        };
        let trained = train_in_memory(&config, data, Some(&self.model), &mut watch)?;
        self.files = trained.files;
        self.files.push((START_FILE, self.model.clone()));
        let names: Vec<&str> = self.files.iter().map(|(name, _)| *name).collect();
        Ok(to_line(&json!({ "files": names, "summary": trained.summary }))?)
    }

    /// A file of the last training.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn file(&self, name: &[u8]) -> anyhow::Result<Vec<u8>> {
        let found = self.files.iter().find(|(known, _)| known.as_bytes() == name);
        found.map(|(_, bytes)| bytes.clone()).context("there is no such file")
    }
}
