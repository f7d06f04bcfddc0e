//! The curves of all runs, to overlay, zoom and read off.

use super::charts;
use crate::comparison::Family;
use crate::experiment::Experiment;
use crate::run::{Point, Run};
use stage_page::Block;
use stage_page::chart::SERIES;
use stage_page::live::{CurveLine, Curves, Group, Live, Measure};

/// What there are curves of: name, whether it is a share, and where a point has it. The first two are drawn at first.
const MEASURES: [(&str, bool, fn(&Point) -> f32); 6] = [
    ("Test accuracy", true, |point| point.test_accuracy),
    ("Training loss", false, |point| point.train_loss),
    ("Training accuracy", true, |point| point.train_accuracy),
    ("Test loss", false, |point| point.test_loss),
    ("Validation accuracy", true, |point| point.validation_accuracy),
    ("Validation loss", false, |point| point.validation_loss),
];

/// The section: charts of the best experiments on each data set, or with JavaScript the curves of any runs. Its tables,
/// one row an experiment and one row a run, switch them.
pub(super) fn section(experiments: &[Experiment<'_>], families: &[Family]) -> Vec<Block> {
    if experiments.iter().all(|experiment| experiment.runs.iter().all(|run| run.curve.is_empty())) {
        return Vec::new();
    }
    let mut without = Vec::new();
    for (i, family) in families.iter().enumerate().filter(|(_, family)| family.ranking.len() > 1) {
        without.push(Block::Paragraph(format!("{}:", family.data_name)));
        without.push(Block::Charts(charts::overlaid(i, experiments, family)));
    }
    if without.is_empty() {
        without.push(Block::Paragraph("The charts of each experiment stand under its name below.".into()));
    }
    let label = "Curves of the experiments over the epochs";
    vec![
        Block::Heading("Curves".into()),
        Block::Paragraph(
            "A line is the mean over the runs of an experiment, its band reaches from the lowest run to the highest."
                .into(),
        ),
        Block::Live { live: Live::curves(label, &curves(experiments, families)), without },
    ]
}

fn curves(experiments: &[Experiment<'_>], families: &[Family]) -> Curves {
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
            .map(|(name, is_share, _)| Measure { name: (*name).into(), is_share: *is_share })
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
