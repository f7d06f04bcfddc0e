//! Test accuracy against each key in which the configs of the experiments on one data set differ.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::comparison::Family;
use crate::experiment::Experiment;
use crate::results::flatten;
use crate::run::Run;
use crate::words::curves::{self as said, Measure};
use stage_page::chart::{Against, Chart, Dot, scatter};
use stage_page::{Block, Lang};

/// Experiments from which on a picture shows more than the table.
const FEWEST: usize = 4;
/// Words that a chart has at most; a key with more has no order that a reader would see.
const MOST_WORDS: usize = 24;
/// Charts for one data set.
const MOST_KEYS: usize = 12;

/// The section; empty where no sweep was made.
pub(super) fn section(lang: Lang, experiments: &[Experiment<'_>], families: &[Family]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (number, family) in families.iter().enumerate().filter(|(_, family)| family.ranking.len() >= FEWEST) {
        let charts = charts(lang, number, experiments, family);
        if !charts.is_empty() {
            if families.len() > 1 {
                blocks.push(Block::Paragraph(format!("{}:", family.data_name)));
            }
            blocks.push(Block::Charts(charts));
        }
    }
    if !blocks.is_empty() {
        blocks.splice(0..0, [Block::Heading(said::sweep_heading(lang)), Block::Paragraph(said::sweep(lang))]);
    }
    blocks
}

fn charts(lang: Lang, number: usize, experiments: &[Experiment<'_>], family: &Family) -> Vec<Chart> {
    let members: Vec<&Experiment<'_>> = family.ranking.iter().map(|&i| &experiments[i]).collect();
    let configs: Vec<BTreeMap<String, Value>> = members.iter().map(|experiment| config(experiment.runs[0])).collect();
    let mut charts = Vec::new();
    for key in differing_keys(&configs) {
        let chart = chart(lang, format!("sweep-{}-{}", number + 1, charts.len() + 1), &key, &members, &configs);
        charts.extend(chart);
        if charts.len() == MOST_KEYS {
            break;
        }
    }
    charts
}

/// What decides the result of an experiment, by dotted path: its config without name and seed, and the number of its
/// parameters, which stands for the widths.
pub(super) fn config(run: &Run) -> BTreeMap<String, Value> {
    const LEFT_OUT: [&str; 4] = ["name", "seed", "seeds", "split.fold"];
    let mut flat = BTreeMap::new();
    flatten("", &run.config, &mut flat);
    flat.retain(|key, value| !LEFT_OUT.contains(&key.as_str()) && !value.is_null());
    flat.insert("parameters".into(), run.summary.parameters.into());
    flat
}

/// The keys that do not have one value in all configs, the shape of the network first.
pub(super) fn differing_keys(configs: &[BTreeMap<String, Value>]) -> Vec<String> {
    let keys: BTreeSet<&String> = configs.iter().flat_map(BTreeMap::keys).collect();
    let differs = |key: &&String| configs.iter().any(|config| config.get(*key) != configs[0].get(*key));
    let mut differing: Vec<String> = keys.into_iter().filter(differs).cloned().collect();
    differing.sort_by_key(|key| !["hidden", "parameters"].contains(&key.as_str()));
    differing
}

/// A config value as text; absent keys have the default of another choice, such as the rate of another optimiser.
pub(super) fn text(value: Option<&Value>) -> String {
    match value {
        None => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => {
            format!("[{}]", items.iter().map(|item| text(Some(item))).collect::<Vec<_>>().join(", "))
        }
        Some(other) => other.to_string(),
    }
}

/// The chart of a key; `None` where it has too many values that are no numbers.
fn chart(
    lang: Lang,
    file: String,
    key: &str,
    members: &[&Experiment<'_>],
    configs: &[BTreeMap<String, Value>],
) -> Option<Chart> {
    let accuracies: Vec<f64> = members.iter().filter_map(|experiment| Some(experiment.accuracy()?.mean)).collect();
    let numbers: Vec<f64> = configs.iter().filter_map(|config| config.get(key)?.as_f64()).collect();
    let dots = |against: &dyn Fn(usize) -> f64| -> Vec<Dot> {
        let dot = |(i, value): (usize, &f64)| Dot { name: members[i].name.clone(), against: against(i), value: *value };
        accuracies.iter().enumerate().map(dot).collect()
    };
    if numbers.len() == configs.len() {
        return Some(scatter(
            lang,
            file,
            key,
            said::measure(lang, Measure::TestAccuracy),
            &Against::Numbers,
            &dots(&|i| numbers[i]),
        ));
    }
    let texts: Vec<String> = configs.iter().map(|config| text(config.get(key))).collect();
    let mut words = texts.clone();
    words.sort_by_cached_key(|word| (word.len(), word.clone()));
    words.dedup();
    let place = |i: usize| words.iter().position(|word| *word == texts[i]).unwrap_or(0) as f64;
    (words.len() <= MOST_WORDS).then(|| {
        scatter(lang, file, key, said::measure(lang, Measure::TestAccuracy), &Against::Words(&words), &dots(&place))
    })
}
