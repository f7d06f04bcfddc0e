//! The curves of all runs, to overlay, zoom and read off.

use super::charts;
use crate::comparison::Family;
use crate::experiment::Experiment;
use crate::run::{Point, Run};
use crate::words::curves::{self as said, Measure as What};
use stage_page::chart::SERIES;
use stage_page::live::{CurveLine, Curves, Group, Live, Measure};
use stage_page::{Block, Lang};

/// What there are curves of: name, whether it is a share, and where a point has it. The first two are drawn at first.
const MEASURES: [(What, bool, fn(&Point) -> f32); 6] = [
    (What::TestAccuracy, true, |point| point.test_accuracy),
    (What::TrainingLoss, false, |point| point.train_loss),
    (What::TrainingAccuracy, true, |point| point.train_accuracy),
    (What::TestLoss, false, |point| point.test_loss),
    (What::ValidationAccuracy, true, |point| point.validation_accuracy),
    (What::ValidationLoss, false, |point| point.validation_loss),
];

/// The section: charts of the best experiments on each data set, or with JavaScript the curves of any runs. Its tables,
/// one row an experiment and one row a run, switch them.
pub(super) fn section(lang: Lang, experiments: &[Experiment<'_>], families: &[Family]) -> Vec<Block> {
    if experiments.iter().all(|experiment| experiment.runs.iter().all(|run| run.curve.is_empty())) {
        return Vec::new();
    }
    let mut without = Vec::new();
    for (i, family) in families.iter().enumerate().filter(|(_, family)| family.ranking.len() > 1) {
        without.push(Block::Paragraph(format!("{}:", family.data_name)));
        without.push(Block::Charts(charts::overlaid(lang, i, experiments, family)));
    }
    if without.is_empty() {
        without.push(Block::Paragraph(said::below(lang)));
    }
    let label = said::live_label(lang);
    vec![
        Block::Heading(said::heading(lang)),
        Block::Paragraph(said::what_a_line_is(lang)),
        Block::Live { live: Live::curves(label, &curves(lang, experiments, families)), without },
    ]
}

fn curves(lang: Lang, experiments: &[Experiment<'_>], families: &[Family]) -> Curves {
    let runs = || experiments.iter().flat_map(|experiment| experiment.runs.iter().copied());
    let has = |value: &fn(&Point) -> f32| runs().any(|run| run.curve.iter().any(|point| value(point).is_finite()));
    let measures: Vec<_> = MEASURES.iter().filter(|(.., value)| has(value)).collect();
    let line = |run: &Run| CurveLine {
        name: run.name.clone(),
        curves: measures.iter().map(|(.., value)| points(run, *value)).collect(),
    };
    let mut next = 0;
    let group = |experiment: &Experiment<'_>| {
        let first = next;
        next += experiment.runs.len();
        Group { name: experiment.name.clone(), lines: (first..next).collect() }
    };
    Curves {
        measures: measures
            .iter()
            .map(|(name, is_share, _)| Measure { name: said::measure(lang, *name).into(), is_share: *is_share })
            .collect(),
        lines: runs().map(line).collect(),
        groups: experiments.iter().map(group).collect(),
        shown: shown(experiments, families),
    }
}

fn points(run: &Run, value: fn(&Point) -> f32) -> Vec<(u32, f32)> {
    run.curve.iter().map(|point| (point.epoch, value(point))).filter(|(_, value)| value.is_finite()).collect()
}

/// The best on the data set that most experiments use; where none has an accuracy, the first.
fn shown(experiments: &[Experiment<'_>], families: &[Family]) -> Vec<usize> {
    let largest =
        families.iter().max_by_key(|family| (family.ranking.len(), std::cmp::Reverse(family.ranking.first())));
    match largest.map(|family| family.ranking.as_slice()) {
        Some(ranking @ [_, ..]) => ranking.iter().take(SERIES).copied().collect(),
        _ => (0..experiments.len().min(SERIES)).collect(),
    }
}
