//! One experiment by itself.

use serde_json::Value;
use stage_files::run::Outcome;

use super::{charts, copies, histograms, tables};
use crate::comparison::data_name;
use crate::experiment::Experiment;
use crate::run::{Run, slug};
use mlp_statistics::confusion::Confusion;
use stage_page::chart::{self, Chart};
use stage_page::format::{counted, share};
use stage_page::{Block, Table};

/// Pairs of digits that are named as confused.
const MOST_CONFUSED: usize = 6;

/// Everything about an experiment, folded.
pub(crate) fn experiment(experiment: &Experiment<'_>, open: bool) -> Block {
    let mut blocks = vec![Block::Paragraph(facts(experiment))];
    blocks.extend(experiment.runs.iter().filter_map(|run| warning(run)).map(Block::Warning));
    blocks.extend(copies::sentence(experiment).map(Block::Warning));
    let charts = charts::curves(experiment);
    if !charts.is_empty() {
        blocks.push(Block::Charts(charts));
    }
    let histograms = histograms::charts(experiment.runs[0]);
    if !histograms.is_empty() {
        blocks.push(Block::Charts(histograms));
    }
    if experiment.runs.len() > 1 {
        blocks.push(tables::runs(experiment));
    }
    blocks.extend(predictions(experiment, ""));
    Block::Fold { title: experiment.name.clone(), open, blocks }
}

fn facts(experiment: &Experiment<'_>) -> String {
    let run = experiment.runs[0];
    let s = &run.summary;
    let config = |key: &str| run.config.get(key).map_or("-".to_owned(), words);
    let activation = match s.activation.first() {
        None => "none".to_owned(),
        Some(first) if s.activation.iter().all(|name| name == first) => first.clone(),
        Some(_) => s.activation.join(", "),
    };
    let mut text = format!(
        "Hidden layers {}, activation {activation}, {} parameters. Starting weights {}; optimizer {}; batch {}; values \
         {}. Data {}, split {}.",
        run.shape(),
        s.parameters,
        config("init"),
        config("optimizer"),
        config("batch"),
        config("scale"),
        data_name::of(run),
        config("split")
    );
    if let Some(rejected) = run.stage.counts.get("rejected") {
        let were = if *rejected == 1 { "was" } else { "were" };
        text += &format!(" {} {were} rejected on the way.", counted(*rejected as usize, "input"));
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
fn warning(run: &Run) -> Option<String> {
    let name = &run.name;
    match &run.summary.outcome {
        Outcome::Diverged { .. } => {
            let outcome = serde_json::to_value(&run.summary.outcome).unwrap_or_default();
            let facts = outcome.get("diverged").map_or(String::new(), words).replace('_', " ");
            Some(format!(
                "{name} diverged ({facts}): loss or weights were no longer finite. A smaller learning rate or another \
                 scale may help."
            ))
        }
        Outcome::Dead { layer } => Some(format!(
            "{name} is dead: every output of hidden layer {layer} is 0 for every test row, so no gradient passes it. A \
             smaller learning rate or larger starting weights may help."
        )),
        _ => None,
    }
}

/// The confusion matrix of all runs together as a chart and as a table, and the pairs of digits that are confused most.
/// `prefix` begins the name of the chart's file, since two sections of the report may show the same matrix.
pub(crate) fn predictions(experiment: &Experiment<'_>, prefix: &str) -> Vec<Block> {
    let chart = experiment.confusion().map(|confusion| confusion_chart(experiment, &confusion, prefix));
    let charts = chart.map(|chart| Block::Charts(vec![chart]));
    charts.into_iter().chain(scores_of(experiment)).collect()
}

/// The chart of a confusion matrix.
pub(super) fn confusion_chart(experiment: &Experiment<'_>, confusion: &Confusion, prefix: &str) -> Chart {
    let file = format!("{prefix}{}-confusion", slug(&experiment.name));
    chart::confusion(file, &confusion_title(experiment), confusion)
}

/// What the confusion matrix of an experiment is called.
pub(super) fn confusion_title(experiment: &Experiment<'_>) -> String {
    match experiment.runs.iter().filter(|run| run.confusion.is_some()).count() {
        0 | 1 => "Confusion matrix".to_owned(),
        tested => format!("Confusion matrix, {} together", counted(tested, "run")),
    }
}

/// The counts of an experiment's confusion matrix as a table, and the pairs of digits that are confused most.
pub(super) fn scores_of(experiment: &Experiment<'_>) -> Vec<Block> {
    let Some(confusion) = experiment.confusion() else { return Vec::new() };
    let mut blocks = vec![Block::Table(scores(&experiment.name, &confusion))];
    let mistakes = confusion.mistakes(MOST_CONFUSED);
    if !mistakes.is_empty() {
        let named =
            mistakes.iter().map(|(label, predicted, count)| format!("{label} predicted as {predicted} ({count})"));
        blocks.push(Block::Paragraph(format!("Most confused: {}.", named.collect::<Vec<_>>().join(", "))));
    }
    blocks
}

/// The counts of the confusion matrix with precision, recall and F1 of each digit.
fn scores(name: &str, confusion: &Confusion) -> Table {
    let labels = confusion.labels();
    let predicted: Vec<String> = labels.iter().map(|label| format!("#predicted {label}")).collect();
    let columns: Vec<&str> = ["#label"]
        .into_iter()
        .chain(predicted.iter().map(String::as_str))
        .chain(["#rows", "#precision", "#recall", "#F1"])
        .collect();
    let mut table = Table::new(format!("Predictions of {name}, by label"), &columns);
    for (i, score) in confusion.scores().iter().enumerate() {
        let mut row = vec![score.label.to_string()];
        row.extend((0..labels.len()).map(|j| confusion.at(i, j).to_string()));
        row.extend([score.rows.to_string(), share(score.precision), share(score.recall), share(score.f1)]);
        table.rows.push(row);
    }
    table
}
