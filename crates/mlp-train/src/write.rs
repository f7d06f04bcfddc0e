//! The files of a finished run.

use digit_confidence::to_layers;
use stage_files::atomic::{self, Durability};
use stage_files::config::{Config, Count};
use stage_files::json;
use stage_files::model::Model;
use stage_files::run::{self, PredictionRow, Summary};
use stage_files::stage::StageInfo;

use crate::confidence;
use crate::plan::Run;
use crate::prepare::Prepared;
use crate::source::Source;
use crate::train::Trained;

/// Writes everything but `config.json`; `stage.json` comes last and makes the folder whole.
pub fn write_run(run: &Run, data: &Prepared<'_>, trained: &Trained) -> anyhow::Result<Summary> {
    let Run { config, seed, source, folder, info, .. } = run;
    let labels = source.labels();
    let digit = |class: u8| labels.digit_of(class).unwrap_or_default();
    run::write_metrics(folder, &trained.metrics)?;
    run::write_timing(folder, &trained.timing)?;
    run::write_histograms(folder, &trained.histograms)?;
    let predictions: Vec<PredictionRow> = data
        .parts
        .test
        .iter()
        .zip(&trained.predictions)
        .map(|(&row, (class, probabilities))| PredictionRow {
            row: u64::from(row - data.first_test_row),
            label: digit(data.classes[row as usize]),
            predicted: digit(*class),
            probabilities: probabilities.clone(),
        })
        .collect();
    run::write_predictions(folder, labels, &predictions)?;
    atomic::write(&folder.join(run::LOG_FILE), trained.log.as_bytes(), Durability::Process)?;
    if trained.network.parameters().is_finite() {
        let mut model = model(config, source, data, trained);
        confidence::learn(&mut model, source, data)?;
        model.write(&folder.join(run::MODEL_FILE))?;
    }
    let summary = summary(config, *seed, source, data, trained);
    json::write(&folder.join(run::SUMMARY_FILE), &summary)?;
    stage_info(info, &summary).finish(folder)?;
    Ok(summary)
}

/// What `stage.json` of a finished run says.
fn stage_info(begun: &StageInfo, summary: &Summary) -> StageInfo {
    let mut info = begun.clone();
    info.counts.insert("train_rows".into(), summary.train_rows);
    if let Some(rows) = summary.validation_rows {
        info.counts.insert("validation_rows".into(), rows);
    }
    info.counts.insert("test_rows".into(), summary.test_rows);
    info.counts.insert("epochs".into(), u64::from(summary.epochs));
    info
}

/// The same before anything is known of the result.
pub fn begun(config: &Config, seed: u64, source: &Source) -> StageInfo {
    let settings = serde_json::to_value(config.resolved(seed)).unwrap_or_default();
    let mut info = StageInfo::new("mlp-train", env!("CARGO_PKG_VERSION"), settings, source.labels().clone());
    info.inputs = source.inputs().to_vec();
    if let Some(stage) = &source.first.stage {
        info.picture.clone_from(&stage.picture);
        info.earlier = stage.lineage();
    }
    info
}

fn model(config: &Config, source: &Source, data: &Prepared<'_>, trained: &Trained) -> Model {
    Model {
        name: config.name().to_owned(),
        labels: source.labels().clone(),
        activation: config.activations(),
        scaling: data.scaling.clone(),
        picture: source.first.picture().cloned(),
        temperature: 1.0,
        layers: to_layers(&trained.network),
        detector: None,
    }
}

fn summary(config: &Config, seed: u64, source: &Source, data: &Prepared<'_>, trained: &Trained) -> Summary {
    // A run that diverged has no last epoch worth quoting.
    let last = trained.metrics.last().filter(|_| trained.test.is_some());
    let (best, test) = (trained.best.as_ref(), trained.test);
    Summary {
        name: config.name().to_owned(),
        seed,
        fold: config.split.fold.map(Count::get),
        outcome: trained.outcome.clone(),
        epochs: trained.metrics.last().map_or(0, |row| row.epoch),
        hidden: config.widths(),
        activation: config.activations().into_iter().map(|name| name.as_str().to_owned()).collect(),
        parameters: trained.network.architecture().parameter_count() as u64,
        data: source.name(),
        labels: source.labels().clone(),
        train_rows: data.parts.train.len() as u64,
        validation_rows: config.validation.map(|_| data.parts.validation.len() as u64),
        test_rows: data.parts.test.len() as u64,
        train_loss: last.map(|row| row.train_loss),
        train_accuracy: last.map(|row| row.train_accuracy),
        best_epoch: best.map(|best| best.epoch),
        validation_loss: best.map(|best| best.validation.loss),
        validation_accuracy: best.map(|best| best.validation.accuracy()),
        test_loss: test.map(|test| test.loss),
        test_correct: test.map(|test| test.correct as u64),
        test_accuracy: test.map(|test| test.accuracy()),
        zero_loss_epoch: trained.zero_loss_epoch,
    }
}
