//! The files of a finished run.

use std::collections::BTreeSet;

use digit_model::to_layers;
use mlp_statistics::writers::Writers;
use stage_files::config::{Config, Count};
use stage_files::model::Model;
use stage_files::output::FolderWriter;
use stage_files::run::{
    HISTOGRAMS_FILE, LOG_FILE, METRICS_FILE, MODEL_FILE, PREDICTIONS_FILE, PredictionRow, ROW_COUNTS_FILE, Summary,
    TEST_PICTURES_FILE, TIMING_FILE, TestWriters, histograms_csv, metrics_csv, predictions_csv, row_counts_csv,
    timing_csv,
};

use crate::data::prepare::Prepared;
use crate::data::source::Source;
use crate::run::training_loop::Trained;
use crate::run::{Run, Task, calibrate, rows};

/// Writes everything but `config.json`, which is there from the start.
pub(crate) fn write(
    run: &Run,
    writer: FolderWriter,
    data: &Prepared<'_>,
    trained: &Trained,
) -> anyhow::Result<Summary> {
    let (files, summary) = files(run.task(), data, trained)?;
    for (name, bytes) in files {
        writer.write(name, &bytes)?;
    }
    run.folder.finish(writer, &summary)?;
    Ok(summary)
}

/// The files of a run by name, but for `config.json` and `summary.json`, and its summary.
pub(crate) fn files(
    task: Task<'_>,
    data: &Prepared<'_>,
    trained: &Trained,
) -> anyhow::Result<(Vec<(&'static str, Vec<u8>)>, Summary)> {
    let Task { config, source, .. } = task;
    let predictions = predictions(source, data, trained);
    let mut files = vec![
        (METRICS_FILE, metrics_csv(&trained.metrics)?),
        (TIMING_FILE, timing_csv(&trained.timing)?),
        (HISTOGRAMS_FILE, histograms_csv(&trained.histograms)?),
        (PREDICTIONS_FILE, predictions_csv(source.labels(), &predictions)?),
        (ROW_COUNTS_FILE, row_counts_csv(&rows::counts(source, data))?),
    ];
    // Of a run that diverged there is no prediction to look at.
    if !predictions.is_empty()
        && let Some(sheet) = rows::test_pictures(source, data).encode()?
    {
        files.push((TEST_PICTURES_FILE, sheet));
    }
    files.push((LOG_FILE, trained.log.as_bytes().to_vec()));
    if trained.network.parameters().is_finite() {
        let mut model = model(config, source, data, trained);
        if config.confidence {
            calibrate::learn(&mut model, source, data)?;
        }
        files.push((MODEL_FILE, model.to_bytes()?));
    }
    let writers = tested_writers(&predictions, source, data);
    Ok((files, summary(task, data, trained, &writers)))
}

fn predictions(source: &Source, data: &Prepared<'_>, trained: &Trained) -> Vec<PredictionRow> {
    let digit = |class: u8| source.labels().digit_of(class).unwrap_or_default();
    let rows = data.split.test.iter().zip(&trained.predictions);
    let rows_info = source.test.as_ref().unwrap_or(&source.first).rows.as_deref();
    rows.map(|(&row, (class, probabilities))| PredictionRow {
        row: u64::from(row - data.first_test_row),
        label: digit(data.classes[row as usize]),
        predicted: digit(*class),
        probabilities: probabilities.clone(),
        writer: rows_info.and_then(|info| info[(row - data.first_test_row) as usize].writer.clone()),
        path: rows_info.and_then(|info| info[(row - data.first_test_row) as usize].path.clone()),
    })
    .collect()
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
        guarantee: None,
    }
}

/// The predictions by writer.
fn tested_writers(predictions: &[PredictionRow], source: &Source, data: &Prepared<'_>) -> Writers {
    let trained: BTreeSet<&str> = data.split.train.iter().filter_map(|&row| source.training_writer(row)).collect();
    let tested: BTreeSet<&str> = predictions.iter().filter_map(|row| row.writer.as_deref()).collect();
    let rows = predictions.iter().map(|row| (row.writer.as_deref(), row.label == row.predicted));
    Writers::count(rows).of_whom_trained(tested.intersection(&trained).count())
}

fn summary(task: Task<'_>, data: &Prepared<'_>, trained: &Trained, writers: &Writers) -> Summary {
    let Task { config, seed, source, copies } = task;
    // The last epoch of a run that diverged means nothing.
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
        train_rows: data.split.train.len() as u64,
        validation_rows: config.validation.map(|_| data.split.validation.len() as u64),
        test_rows: data.split.test.len() as u64,
        test_rows_in_training: Some(copies.test_rows_in_training),
        contradictory_rows: Some(copies.contradictory_rows),
        labels_with_few_rows: Some(copies.labels_with_few_rows.clone()).filter(|labels| !labels.is_empty()),
        train_loss: last.map(|row| row.train_loss),
        train_accuracy: last.map(|row| row.train_accuracy),
        best_epoch: best.map(|best| best.epoch),
        validation_loss: best.map(|best| best.validation.loss),
        validation_accuracy: best.map(|best| best.validation.accuracy()),
        test_loss: test.map(|test| test.loss),
        test_correct: test.map(|test| test.correct as u64),
        test_accuracy: test.map(|test| test.accuracy()),
        test_writers: test.and(writers.known()).map(|count| TestWriters {
            count: count as u64,
            in_training: writers.trained() as u64,
            low: writers.interval().map(|limits| limits.0),
            high: writers.interval().map(|limits| limits.1),
            more_to_halve: writers.more_to_halve(),
        }),
        zero_loss_epoch: trained.zero_loss_epoch,
    }
}
