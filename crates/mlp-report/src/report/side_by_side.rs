//! Two runs side by side: what differs in their configs, and the test rows on which they disagree.

mod disagreement;

use std::collections::BTreeMap;

use serde_json::Value;
use stage_files::is_fault_of_system;

use super::sweep::{config, differing_keys, text};
use crate::comparison::Family;
use crate::experiment::Experiment;
use crate::run::Run;
use crate::words::side_by_side as said;
use stage_page::live::{Live, RunColumn, SideBySide, TestRows};
use stage_page::{Block, Lang, Table};

/// Predictions of all runs together that the page holds, a byte each. The runs of the best experiments come first.
const MOST_PREDICTIONS: usize = 1_000_000;
/// Source pictures that are named.
const MOST_PATHS: usize = 2000;
/// Rows of the table without JavaScript.
const MOST_ROWS: usize = 15;

/// The section: without JavaScript the best two experiments on each data set, with it any two runs.
///
/// # Errors
/// Faults of the system. What a damaged file keeps out is told on the page.
pub(super) fn section(lang: Lang, experiments: &[Experiment<'_>], families: &[Family]) -> anyhow::Result<Vec<Block>> {
    let mut blocks = Vec::new();
    let mut left = MOST_PREDICTIONS;
    for family in families {
        let runs = chosen(experiments, family, &mut left);
        if let [first, .., _] = runs.as_slice() {
            // Two seeds of one experiment differ in nothing that a config says.
            let rival = runs.iter().skip(1).find(|run| run.summary.name != first.summary.name).unwrap_or(&runs[1]);
            if families.len() > 1 {
                blocks.push(Block::Paragraph(format!("{}:", family.data_name)));
            }
            let label = said::label(lang, &family.data_name);
            let mut data = data(&runs);
            match disagreement::sheet(&data, &runs) {
                Ok(sheet) => data.sheet = sheet,
                Err(error) if is_fault_of_system(&error) => return Err(error),
                Err(error) => blocks.push(Block::Warning(said::not_shown(lang, &format!("{error:#}")))),
            }
            let live = Live::side_by_side(label, &data);
            blocks.push(Block::Live { live, without: without(lang, first, rival) });
        }
    }
    if !blocks.is_empty() {
        blocks.insert(0, Block::Heading(said::heading(lang)));
    }
    Ok(blocks)
}

/// Runs with predictions: the first of each experiment, the best experiments first, then their other seeds.
fn chosen<'a>(experiments: &[Experiment<'a>], family: &Family, left: &mut usize) -> Vec<&'a Run> {
    let members = || family.ranking.iter().map(|&i| &experiments[i]);
    let seeds = members().map(|experiment| experiment.runs.len()).max().unwrap_or(0);
    let runs = (0..seeds).flat_map(|seed| members().filter_map(move |experiment| experiment.runs.get(seed).copied()));
    let mut fits = |run: &&Run| {
        let rows = run.predictions.len();
        let fits = rows > 0 && rows <= *left;
        *left -= if fits { rows } else { 0 };
        fits
    };
    runs.filter(|run| fits(run)).collect()
}

fn data(runs: &[&Run]) -> SideBySide {
    let configs: Vec<BTreeMap<String, Value>> = runs.iter().map(|run| config(run)).collect();
    let mut keys: Vec<(String, Vec<String>)> =
        differing_keys(&configs).into_iter().map(|key| (key, Vec::new())).collect();
    let mut tests: Vec<TestRows> = Vec::new();
    let mut columns = Vec::new();
    let mut paths_left = MOST_PATHS;
    for (run, config) in runs.iter().zip(&configs) {
        let mut value = |(key, values): &mut (String, Vec<String>)| index_of(values, text(config.get(key)));
        let test = test_rows(run, &mut tests);
        for (row, path) in &run.misclassified_paths {
            let known = &mut tests[test].paths;
            if let (true, Err(at)) = (paths_left > 0, known.binary_search_by_key(row, |known| known.0)) {
                known.insert(at, (*row, path.clone()));
                paths_left -= 1;
            }
        }
        columns.push(RunColumn {
            name: run.name.clone(),
            config: keys.iter_mut().map(&mut value).collect(),
            test,
            predicted: run.predictions.iter().map(|prediction| prediction.predicted).collect(),
        });
    }
    SideBySide { keys, tests, runs: columns, sheet: None }
}

fn index_of(values: &mut Vec<String>, value: String) -> usize {
    values.iter().position(|known| *known == value).unwrap_or_else(|| {
        values.push(value);
        values.len() - 1
    })
}

/// The index of the test rows of a run.
fn test_rows(run: &Run, tests: &mut Vec<TestRows>) -> usize {
    let is_same =
        |test: &TestRows| test.rows.iter().copied().eq(run.predictions.iter().map(|prediction| prediction.row));
    tests.iter().position(is_same).unwrap_or_else(|| {
        tests.push(TestRows {
            rows: run.predictions.iter().map(|prediction| prediction.row).collect(),
            labels: run.predictions.iter().map(|prediction| prediction.label).collect(),
            paths: Vec::new(),
        });
        tests.len() - 1
    })
}

/// The same of two runs, for readers without JavaScript.
fn without(lang: Lang, a: &Run, b: &Run) -> Vec<Block> {
    let configs = [config(a), config(b)];
    let mut differences = Table::new(said::differences(lang, &a.name, &b.name), &[said::key_column(lang), "A", "B"]);
    differences.rows = differing_keys(&configs)
        .into_iter()
        .map(|key| {
            let [ours, theirs] = [0, 1].map(|i: usize| text(configs[i].get(&key)));
            vec![key, ours, theirs]
        })
        .collect();
    let of_b: BTreeMap<u32, u8> =
        b.predictions.iter().map(|prediction| (prediction.row, prediction.predicted)).collect();
    let common = a.predictions.iter().filter_map(|ours| Some((ours, *of_b.get(&ours.row)?)));
    let common: Vec<_> = common.collect();
    let disagreed: Vec<_> = common.iter().filter(|(ours, theirs)| ours.predicted != *theirs).collect();
    let mut blocks = Vec::new();
    if !differences.rows.is_empty() {
        blocks.push(Block::Table(differences));
    }
    blocks.push(Block::Paragraph(said::disagreement(lang, common.len(), &a.name, &b.name, disagreed.len())));
    if !disagreed.is_empty() {
        let caption = said::disagreed(lang, disagreed.len().min(MOST_ROWS), disagreed.len());
        let mut rows = Table::new(caption, &said::columns(lang));
        rows.rows = disagreed
            .iter()
            .take(MOST_ROWS)
            .map(|(ours, theirs)| [ours.row, ours.label.into(), ours.predicted.into(), (*theirs).into()])
            .map(|cells| cells.iter().map(u32::to_string).collect())
            .collect();
        blocks.push(Block::Table(rows));
    }
    blocks
}
