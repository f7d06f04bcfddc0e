//! The report as a list of parts: first what matters to anyone, then what supports it, then each experiment by itself.

mod charts;
mod details;
mod misread;
pub mod spread;
mod starting_weights;
mod summary;
mod tables;

pub use charts::single_curves;

use crate::comparison::{Comparison, Family, MOST_COMPARED, compare};
use crate::document::Block;
use crate::experiment::Experiment;
use crate::run::LeftOut;
use crate::seed::Seed;
use crate::sentence::counted;

/// Title of page and tables.
pub const TITLE: &str = "Training report";
/// Experiments whose details are on the page; with more, a browser would be slow and nobody would read them.
const MOST_DETAILED: usize = 60;
/// Rows that a table on the page has at most; the CSV files have all.
const MOST_ROWS: usize = 500;

/// The report, and the comparisons in it for `comparisons.csv`.
pub fn report(experiments: &[Experiment<'_>], left_out: &[LeftOut]) -> (Vec<Block>, Vec<Family>) {
    let families = compare(experiments);
    let seed = Seed::find(experiments);
    let verdicts = seed.as_ref().map_or(Vec::new(), Seed::sentences);
    let mut blocks = summary::opening(experiments, &families, verdicts, left_out);
    if experiments.is_empty() {
        return (blocks, families);
    }
    blocks.push(Block::Heading("Experiments".into()));
    blocks.push(tables::experiments(experiments));
    blocks.push(Block::Paragraph(
        "The interval says how far the mean accuracy may lie from that of other seeds on other rows of the same kind. \
         Where each seed parts the rows anew it is Student's, widened since the training rows overlap; where all seeds \
         have the same test rows, the chance of the rows and that of the seeds are added; for one run it is Wilson's, \
         which knows nothing of other seeds. Runs that diverged have no accuracy and are counted beside it. A median \
         epoch takes runs that never came near zero loss as not there yet."
            .into(),
    ));
    blocks.extend(seed.map_or(Vec::new(), |seed| seed.blocks()));
    comparisons(&mut blocks, experiments, &families);
    curves(&mut blocks, experiments, &families);
    best_experiments(&mut blocks, experiments, &families);
    if let Some(histograms) = starting_weights::histograms(experiments) {
        blocks.push(Block::Heading("Starting weights".into()));
        blocks.push(histograms);
    }
    details(&mut blocks, experiments, &families);
    (blocks, families)
}

fn comparisons(blocks: &mut Vec<Block>, experiments: &[Experiment<'_>], families: &[Family]) {
    if families.iter().all(|family| family.comparisons.is_empty()) {
        return;
    }
    blocks.push(Block::Heading("Comparisons".into()));
    blocks.push(Block::Paragraph(
        "A point is a hundredth of the accuracy. A difference counts when its p value, corrected by Holm's method for \
         all comparisons on the same data, is at most 0.05; everything else is called noise, however large it looks. \
         The experiment that came out best owes part of its lead to luck."
            .into(),
    ));
    blocks.push(Block::Paragraph(
        "The test follows from the runs. Seeds that part the rows anew: the paired t test over seeds, corrected for \
         overlapping training rows (without common seeds Welch's). Seeds on the same test rows: a t test in which the \
         chance of the seeds and that of the rows add up. One run of each: McNemar's exact test, which says nothing of \
         other seeds. A run that diverged counts as one that always says the most frequent digit."
            .into(),
    ));
    for family in families.iter().filter(|family| !family.comparisons.is_empty()) {
        if family.ranking.len() > MOST_COMPARED {
            blocks.push(Block::Paragraph(format!(
                "Of {} experiments on {} the {MOST_COMPARED} with the highest accuracy are compared.",
                family.ranking.len(),
                summary::data_name(experiments, family)
            )));
        }
        blocks.push(tables::comparisons(&summary::data_name(experiments, family), &family.comparisons));
        let sentences = family.comparisons.iter().map(Comparison::sentence).collect();
        let title = format!("The same in sentences ({})", summary::data_name(experiments, family));
        blocks.push(Block::Fold { title, open: family.comparisons.len() <= 6, blocks: vec![Block::List(sentences)] });
    }
}

fn curves(blocks: &mut Vec<Block>, experiments: &[Experiment<'_>], families: &[Family]) {
    let overlaid: Vec<_> = families
        .iter()
        .enumerate()
        .filter(|(_, family)| family.ranking.len() > 1)
        .flat_map(|(i, family)| charts::overlaid(i, &summary::data_name(experiments, family), experiments, family))
        .collect();
    if !overlaid.is_empty() {
        blocks.push(Block::Heading("Curves".into()));
        blocks.push(Block::Charts(overlaid));
    }
}

fn best_experiments(blocks: &mut Vec<Block>, experiments: &[Experiment<'_>], families: &[Family]) {
    if families.iter().any(|family| !family.ranking.is_empty()) {
        blocks.push(Block::Heading("What the best misread".into()));
    }
    for family in families {
        let Some(best) = family.ranking.first().map(|&i| &experiments[i]) else { continue };
        blocks.push(Block::Paragraph(format!("{}: {}.", summary::data_name(experiments, family), best.name)));
        blocks.extend(details::answers(best, "best"));
        blocks.extend(misread::rows(best));
    }
}

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
    let open = shown.len() == 1;
    blocks.extend(shown.into_iter().map(|experiment| details::experiment(experiment, open)));
}
