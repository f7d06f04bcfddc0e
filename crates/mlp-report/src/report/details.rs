//! One experiment by itself.

use serde_json::Value;
use stage_files::run::Outcome;

use super::{charts, copies, histograms, tables};
use crate::comparison::data_name;
use crate::experiment::Experiment;
use crate::run::{Run, slug};
use crate::words::details as said;
use mlp_statistics::confusion::Confusion;
use stage_page::chart::{self, Chart};
use stage_page::format::share;
use stage_page::{Block, Lang, Table};

/// Pairs of digits that are named as confused.
const MOST_CONFUSED: usize = 6;

/// Everything about an experiment, folded.
pub(crate) fn experiment(lang: Lang, experiment: &Experiment<'_>, open: bool) -> Block {
    let mut blocks = vec![Block::Paragraph(facts(lang, experiment))];
    blocks.extend(experiment.runs.iter().filter_map(|run| warning(lang, run)).map(Block::Warning));
    blocks.extend(copies::sentence(lang, experiment).map(Block::Warning));
    let charts = charts::curves(lang, experiment);
    if !charts.is_empty() {
        blocks.push(Block::Charts(charts));
    }
    let histograms = histograms::charts(lang, experiment.runs[0]);
    if !histograms.is_empty() {
        blocks.push(Block::Charts(histograms));
    }
    if experiment.runs.len() > 1 {
        blocks.push(tables::runs(lang, experiment));
    }
    blocks.extend(predictions(lang, experiment, ""));
    Block::Fold { title: experiment.name.clone(), open, blocks }
}

fn facts(lang: Lang, experiment: &Experiment<'_>) -> String {
    let run = experiment.runs[0];
    let s = &run.summary;
    let config = |key: &str| run.config.get(key).map_or("-".to_owned(), words);
    let activation = match s.activation.first() {
        None => None,
        Some(first) if s.activation.iter().all(|name| name == first) => Some(first.clone()),
        Some(_) => Some(s.activation.join(", ")),
    };
    let facts = said::Facts {
        shape: run.shape(),
        activation,
        parameters: s.parameters,
        init: &config("init"),
        optimizer: &config("optimizer"),
        batch: &config("batch"),
        scale: &config("scale"),
        data: data_name::of(lang, run),
        split: &config("split"),
    };
    let mut text = said::facts(lang, &facts);
    if let Some(rejected) = run.stage.counts.get("rejected") {
        text += &said::rejected(lang, *rejected);
    }
    text
}

/// A config value in words: objects and lists without their marks.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(object) => {
            let item = |(key, value): (&String, &Value)| match value {
                Value::Null => None,
                Value::Object(_) => Some(format!("{key} ({})", words(value))),
                _ => Some(format!("{key} {}", words(value))),
            };
            object.iter().filter_map(item).collect::<Vec<_>>().join(", ")
        }
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// What went wrong with a run.
fn warning(lang: Lang, run: &Run) -> Option<String> {
    let name = &run.name;
    match &run.summary.outcome {
        Outcome::Diverged { .. } => {
            let outcome = serde_json::to_value(&run.summary.outcome).unwrap_or_default();
            let facts = outcome.get("diverged").and_then(Value::as_object).map_or(String::new(), |facts| {
                let known = facts.iter().filter(|(_, value)| !value.is_null());
                let fact =
                    |(key, value): (&String, &Value)| format!("{} {}", said::diverged_key(lang, key), words(value));
                known.map(fact).collect::<Vec<_>>().join(", ")
            });
            Some(said::diverged(lang, name, &facts))
        }
        Outcome::Dead { layer } => Some(said::dead(lang, name, *layer)),
        _ => None,
    }
}

/// The confusion matrix of all runs together as a chart and as a table, and the pairs of digits that are confused most.
/// `prefix` begins the name of the chart's file, since two sections of the report may show the same matrix.
pub(crate) fn predictions(lang: Lang, experiment: &Experiment<'_>, prefix: &str) -> Vec<Block> {
    let chart = experiment.confusion().map(|confusion| confusion_chart(lang, experiment, &confusion, prefix));
    let charts = chart.map(|chart| Block::Charts(vec![chart]));
    charts.into_iter().chain(scores_of(lang, experiment)).collect()
}

/// The chart of a confusion matrix.
pub(super) fn confusion_chart(lang: Lang, experiment: &Experiment<'_>, confusion: &Confusion, prefix: &str) -> Chart {
    let file = format!("{prefix}{}-confusion", slug(&experiment.name));
    chart::confusion(lang, file, &confusion_title(lang, experiment), confusion)
}

/// What the confusion matrix of an experiment is called.
pub(super) fn confusion_title(lang: Lang, experiment: &Experiment<'_>) -> String {
    said::confusion_matrix(lang, experiment.runs.iter().filter(|run| run.confusion.is_some()).count())
}

/// The counts of an experiment's confusion matrix as a table, and the pairs of digits that are confused most.
pub(super) fn scores_of(lang: Lang, experiment: &Experiment<'_>) -> Vec<Block> {
    let Some(confusion) = experiment.confusion() else { return Vec::new() };
    let mut blocks = vec![Block::Table(scores(lang, &experiment.name, &confusion))];
    let mistakes = confusion.mistakes(MOST_CONFUSED);
    if !mistakes.is_empty() {
        let named: Vec<String> =
            mistakes.iter().map(|&(label, predicted, count)| said::confused(lang, label, predicted, count)).collect();
        blocks.push(Block::Paragraph(said::most_confused(lang, &named.join(", "))));
    }
    blocks
}

/// The counts of the confusion matrix with precision, recall and F1 of each digit.
fn scores(lang: Lang, name: &str, confusion: &Confusion) -> Table {
    let labels = confusion.labels();
    let predicted: Vec<String> = labels.iter().map(|label| said::predicted_column(lang, *label)).collect();
    let columns: Vec<&str> = [said::label_column(lang)]
        .into_iter()
        .chain(predicted.iter().map(String::as_str))
        .chain(said::score_columns(lang))
        .collect();
    let mut table = Table::new(said::predictions_of(lang, name), &columns);
    for (i, score) in confusion.scores().iter().enumerate() {
        let mut row = vec![score.label.to_string()];
        row.extend((0..labels.len()).map(|j| confusion.at(i, j).to_string()));
        row.extend([score.rows.to_string(), share(score.precision), share(score.recall), share(score.f1)]);
        table.rows.push(row);
    }
    table
}
