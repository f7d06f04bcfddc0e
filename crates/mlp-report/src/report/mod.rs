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

use crate::comparison::{Family, MOST_COMPARED, compare};
use crate::course_2022::Experiments2022;
use crate::experiment::Experiment;
use crate::pictures::Originals;
use crate::run::LeftOut;
use crate::words::sections as words;
use stage_page::{Block, Lang};

/// Experiments whose details are on the page; with more, a browser would be slow and nobody would read them.
const MOST_DETAILED: usize = 60;
/// Up to this many comparisons, their sentences are shown at once; more have to be opened.
const MOST_OPEN_SENTENCES: usize = 6;

/// The report, and the comparisons in it for `comparisons.csv`. Pictures lead to the `originals` that are there.
pub(crate) fn report(
    lang: Lang,
    experiments: &[Experiment<'_>],
    left_out: &[LeftOut],
    originals: Option<&Originals>,
) -> anyhow::Result<(Vec<Block>, Vec<Family>)> {
    let families = compare(lang, experiments);
    let of_2022 = Experiments2022::find(experiments);
    let verdicts = of_2022.as_ref().map_or(Vec::new(), |of_2022| of_2022.sentences(lang));
    let mut blocks = summary::opening(lang, experiments, &families, verdicts, left_out);
    if experiments.is_empty() {
        return Ok((blocks, families));
    }
    blocks.extend(curves::section(lang, experiments, &families));
    blocks.push(Block::Heading(words::experiments_heading(lang)));
    blocks.push(tables::experiments(lang, experiments));
    if experiments.iter().any(|experiment| experiment.runs.len() > 1) {
        blocks.push(Block::Fold {
            title: words::run_by_run(lang),
            open: false,
            blocks: vec![tables::all_runs(lang, experiments)],
        });
    }
    blocks.extend(sweep::section(lang, experiments, &families));
    let page = pictures::Page { lang, experiments, originals };
    let mut best_rows = pictures::Best::read(lang, experiments, &families)?;
    pictures::best_experiments(&mut blocks, &page, &families, &mut best_rows)?;
    pictures::data_sets(&mut blocks, &page, &families, &best_rows)?;
    blocks.extend(side_by_side::section(lang, experiments, &families)?);
    comparisons(lang, &mut blocks, &families);
    blocks.extend(of_2022.map_or(Vec::new(), |of_2022| of_2022.blocks(lang)));
    if let Some(histograms) = starting_weights::histograms(lang, experiments) {
        blocks.push(Block::Heading(crate::words::curves::starting_weights(lang)));
        blocks.push(histograms);
    }
    details(lang, &mut blocks, experiments, &families);
    Ok((blocks, families))
}

fn comparisons(lang: Lang, blocks: &mut Vec<Block>, families: &[Family]) {
    if families.iter().all(|family| family.comparisons.is_empty()) {
        return;
    }
    blocks.push(Block::Heading(words::comparisons(lang)));
    for family in families.iter().filter(|family| !family.comparisons.is_empty()) {
        if family.ranking.len() > MOST_COMPARED {
            blocks.push(Block::Paragraph(words::compared(
                lang,
                family.ranking.len(),
                &family.data_name,
                MOST_COMPARED,
            )));
        }
        let sentences = family.comparisons.iter().map(|comparison| comparison.sentence(lang)).collect();
        blocks.push(tables::comparisons(lang, &family.data_name, &family.comparisons));
        blocks.push(Block::Fold {
            title: words::in_sentences(lang, &family.data_name),
            open: family.comparisons.len() <= MOST_OPEN_SENTENCES,
            blocks: vec![Block::List(sentences)],
        });
    }
    blocks.push(Block::Fold {
        title: words::how_tested(lang),
        open: false,
        blocks: words::tests(lang).into_iter().map(|text| Block::Paragraph(text.into())).collect(),
    });
}

fn details(lang: Lang, blocks: &mut Vec<Block>, experiments: &[Experiment<'_>], families: &[Family]) {
    blocks.push(Block::Heading(words::by_experiment(lang)));
    let shown: Vec<&Experiment<'_>> = if experiments.len() <= MOST_DETAILED {
        experiments.iter().collect()
    } else {
        let each = (MOST_DETAILED / families.len().max(1)).max(1);
        let best = families.iter().flat_map(|family| family.ranking.iter().take(each)).take(MOST_DETAILED);
        best.map(|&i| &experiments[i]).collect()
    };
    if shown.len() < experiments.len() {
        blocks.push(Block::Paragraph(words::best_shown(lang, shown.len(), experiments.len())));
    }
    // Whoever scrolls to the first experiment sees its curves without a click.
    blocks.extend(shown.into_iter().enumerate().map(|(i, experiment)| details::experiment(lang, experiment, i == 0)));
}
