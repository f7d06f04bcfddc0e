//! The report as a list of blocks: first the summary, then the evidence, then each experiment by itself.

mod charts;
mod copies;
mod curves;
mod details;
mod histograms;
mod misclassified;
mod next_steps;
mod pictures;
mod side_by_side;
mod starting_weights;
mod summary;
mod sweep;
mod tables;

pub(crate) use charts::single_curves;

use crate::comparison::{Comparison, Family, MOST_COMPARED, compare};
use crate::course_2022::Experiments2022;
use crate::experiment::Experiment;
use crate::pictures::Originals;
use crate::run::LeftOut;
use stage_page::Block;
use stage_page::format::counted;

/// Title of page and tables.
pub(crate) const TITLE: &str = "Training report";
/// Experiments whose details are on the page; with more, a browser would be slow and nobody would read them.
const MOST_DETAILED: usize = 60;
/// Up to this many comparisons, their sentences are shown at once; more have to be opened.
const MOST_OPEN_SENTENCES: usize = 6;

/// The report, and the comparisons in it for `comparisons.csv`. Pictures lead to the `originals` that are there.
pub(crate) fn report(
    experiments: &[Experiment<'_>],
    left_out: &[LeftOut],
    originals: Option<&Originals>,
) -> anyhow::Result<(Vec<Block>, Vec<Family>)> {
    let families = compare(experiments);
    let of_2022 = Experiments2022::find(experiments);
    let verdicts = of_2022.as_ref().map_or(Vec::new(), Experiments2022::sentences);
    let mut blocks = summary::opening(experiments, &families, verdicts, left_out);
    if experiments.is_empty() {
        return Ok((blocks, families));
    }
    blocks.extend(curves::section(experiments, &families));
    blocks.push(Block::Heading("Experiments".into()));
    blocks.push(tables::experiments(experiments));
    if experiments.iter().any(|experiment| experiment.runs.len() > 1) {
        blocks.push(Block::Fold {
            title: "Run by run".into(),
            open: false,
            blocks: vec![tables::all_runs(experiments)],
        });
    }
    blocks.extend(sweep::section(experiments, &families));
    let mut best_rows = pictures::Best::read(experiments, &families)?;
    pictures::best_experiments(&mut blocks, experiments, &families, &mut best_rows, originals)?;
    pictures::data_sets(&mut blocks, experiments, &families, &best_rows, originals)?;
    blocks.extend(side_by_side::section(experiments, &families));
    comparisons(&mut blocks, &families);
    blocks.extend(of_2022.map_or(Vec::new(), |of_2022| of_2022.blocks()));
    if let Some(histograms) = starting_weights::histograms(experiments) {
        blocks.push(Block::Heading("Starting weights".into()));
        blocks.push(histograms);
    }
    details(&mut blocks, experiments, &families);
    Ok((blocks, families))
}

fn comparisons(blocks: &mut Vec<Block>, families: &[Family]) {
    if families.iter().all(|family| family.comparisons.is_empty()) {
        return;
    }
    blocks.push(Block::Heading("Comparisons".into()));
    for family in families.iter().filter(|family| !family.comparisons.is_empty()) {
        if family.ranking.len() > MOST_COMPARED {
            blocks.push(Block::Paragraph(format!(
                "Of {} experiments on {} the {MOST_COMPARED} with the highest accuracy are compared.",
                family.ranking.len(),
                family.data_name
            )));
        }
        blocks.push(tables::comparisons(&family.data_name, &family.comparisons));
        blocks.push(Block::Fold {
            title: format!("The same in sentences ({})", family.data_name),
            open: family.comparisons.len() <= MOST_OPEN_SENTENCES,
            blocks: vec![Block::List(family.comparisons.iter().map(Comparison::sentence).collect())],
        });
    }
    blocks.push(Block::Fold {
        title: "How differences are tested".into(),
        open: false,
        blocks: TESTS.iter().map(|text| Block::Paragraph((*text).into())).collect(),
    });
}

/// The small print of comparisons.
const TESTS: [&str; 2] = [
    "A point is a hundredth of the accuracy. A difference is significant when its p value, corrected by Holm's method \
     for all comparisons on the same data, is at most 0.05. Any other difference may be chance, however large it looks; \
     with fewer than five runs of each there are not enough seeds to tell. The experiment with the highest accuracy owes \
     part of its lead to luck.",
    "The runs decide the test. Each seed splits the rows anew: the paired t test over seeds, corrected for overlapping \
     training rows; without common seeds, Welch's t test with the same correction. All seeds have the same test rows: a \
     t test that adds the variance of the rows to that of the seeds. One run of each: McNemar's exact test, which does \
     not allow for other seeds. A run that diverged counts as always predicting the most frequent digit.",
];

fn details(blocks: &mut Vec<Block>, experiments: &[Experiment<'_>], families: &[Family]) {
    blocks.push(Block::Heading("Experiment by experiment".into()));
    let shown: Vec<&Experiment<'_>> = if experiments.len() <= MOST_DETAILED {
        experiments.iter().collect()
    } else {
        let each = (MOST_DETAILED / families.len().max(1)).max(1);
        let best = families.iter().flat_map(|family| family.ranking.iter().take(each)).take(MOST_DETAILED);
        best.map(|&i| &experiments[i]).collect()
    };
    if shown.len() < experiments.len() {
        blocks.push(Block::Paragraph(format!(
            "The {} with the highest accuracy, of {}. The CSV files beside this page have all.",
            shown.len(),
            counted(experiments.len(), "experiment")
        )));
    }
    // Whoever scrolls to the first experiment sees its curves without a click.
    blocks.extend(shown.into_iter().enumerate().map(|(i, experiment)| details::experiment(experiment, i == 0)));
}
