//! How the page trains: the recommended config, which goes on from the network of the page where that knows the same
//! digits; and the commands that do the same.

use anyhow::Context;
use mlp_train::recommended::{self, Wanted};
use serde_json::{Value, json};
use stage_files::config::Config;
use stage_files::dataset::DataSet;
use stage_files::labels::LabelSet;
use stage_files::model::Model;
use stage_files::picture::Canvas;

use crate::collected::SIZE;

/// Name of the model file that a training goes on from.
pub(crate) const START_FILE: &str = "start.safetensors";
/// Name of the run.
const NAME: &str = "taught";
/// Learning rate where a trained network goes on: it has to change little.
const GOING_ON_LR: f64 = 0.005;

/// The config for a data set of collected digits.
///
/// # Errors
/// When the recommended config cannot be changed as needed, which the tests rule out.
pub(crate) fn config(data: &DataSet, model: &Model) -> anyhow::Result<Config> {
    let rows = data.rows.as_deref().unwrap_or_default();
    let wanted = Wanted { seed: Some(1), ..Wanted::default() };
    let config = recommended::config(rows, recommended::split_by(rows), &wanted)?;
    let mut value = serde_json::to_value(config)?;
    value["name"] = NAME.into();
    if goes_on(data, model) {
        let hidden: Vec<usize> = model.layers.iter().skip(1).map(|layer| layer.inputs).collect();
        value["hidden"] = json!(hidden);
        value["activation"] = serde_json::to_value(&model.activation)?;
        value["init"] = json!({ "file": START_FILE });
        let rate = value.pointer_mut("/optimizer/sgd/lr").context("the recommended config has no learning rate")?;
        *rate = Value::from(GOING_ON_LR);
    }
    Ok(serde_json::from_value(value)?)
}

/// Whether the weights of a model can begin a training on a data set: digits, pixels and scaling are the same.
fn goes_on(data: &DataSet, model: &Model) -> bool {
    let inputs = model.layers.first().map_or(0, |layer| layer.inputs);
    let scaling = &model.scaling;
    let is_recommended = scaling.scale == stage_files::config::Scale::Unit && scaling.invert;
    model.labels == data.labels && inputs == data.pixels.ncols() && is_recommended && model.layers.len() > 1
}

/// What does the same in a terminal, in the folder where `digits.zip` and the zip of the training were unpacked.
pub(crate) fn commands(labels: &LabelSet, preprocessing: &str, canvas: Canvas) -> Vec<String> {
    let canvas = if canvas == Canvas::DEFAULT { String::new() } else { format!(" --canvas {canvas}") };
    vec![
        format!("digit-labeler digits labelled --labels {labels} --size {SIZE} --preprocess {preprocessing}{canvas}"),
        "digit-csv labelled data".to_owned(),
        format!("mlp-train config.json --data data/{SIZE}x{SIZE}_info.csv --out runs"),
    ]
}
