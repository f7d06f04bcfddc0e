//! What the networks saw: pictures of test rows in the cells of a confusion matrix, each class at a glance, the weights
//! of the first layer, and the data that all of it was made from.

mod cells;
mod classes;
mod data_set;
mod first_layer;

use super::{copies, details, misclassified};
use crate::comparison::Family;
use crate::experiment::Experiment;
use crate::pictures::{Originals, TestRow, TestRows};
use crate::words::{pictures as said, sections};
use stage_files::is_fault_of_system;
use stage_page::{Block, Lang, Picture};

/// What all parts of the section need.
pub(super) struct Page<'a> {
    /// The language of the page.
    pub(super) lang: Lang,
    pub(super) experiments: &'a [Experiment<'a>],
    /// Where pictures lead.
    pub(super) originals: Option<&'a Originals>,
}

/// Data sets whose pictures are shown, the first ones; a page of thousands of pictures would be slow.
const MOST_DATA_SETS: usize = 3;
/// Experiments on a data set whose misclassified rows are shown, the best first.
const MOST_EXPERIMENTS: usize = 3;

/// The test rows of the best experiment on each of the first data sets, where they can be shown; a warning says why
/// others cannot.
pub(super) struct Best(Vec<(Option<TestRows>, Vec<Block>)>);

impl Best {
    /// Reads them.
    ///
    /// # Errors
    /// Faults of the system. What a damaged file keeps out is told on the page.
    pub(super) fn read(lang: Lang, experiments: &[Experiment<'_>], families: &[Family]) -> anyhow::Result<Self> {
        let of_family = |family: &Family| {
            let mut warnings = Vec::new();
            let rows = family.ranking.first().map(|&best| read(lang, &experiments[best], &mut warnings)).transpose()?;
            Ok((rows.flatten(), warnings))
        };
        families.iter().take(MOST_DATA_SETS).map(of_family).collect::<anyhow::Result<_>>().map(Self)
    }
}

/// The misclassified rows of the best experiment on each data set, and behind folds those of the next.
///
/// # Errors
/// Faults of the system. What a damaged file keeps out is told on the page.
pub(super) fn best_experiments(
    blocks: &mut Vec<Block>,
    page: &Page<'_>,
    families: &[Family],
    best_rows: &mut Best,
) -> anyhow::Result<()> {
    let lang = page.lang;
    if families.iter().any(|family| !family.ranking.is_empty()) {
        blocks.push(Block::Heading(said::misclassified_by_best(lang)));
    }
    for (number, family) in families.iter().enumerate() {
        let ranking: Vec<&Experiment<'_>> = family.ranking.iter().map(|&i| &page.experiments[i]).collect();
        let Some((best, others)) = ranking.split_first() else { continue };
        blocks.push(Block::Paragraph(format!("{}: {}.", family.data_name, best.name)));
        let rows = best_rows.0.get_mut(number).and_then(|(rows, warnings)| {
            blocks.append(warnings);
            rows.as_ref()
        });
        match rows {
            Some(rows) => {
                blocks.extend(cells::gallery(page, best, rows, &format!("pictures-{}", number + 1), cells::BEST));
                blocks.extend(details::scores_of(lang, best));
                blocks.extend(misclassified::rows(lang, best));
                blocks.extend(first_layer::weights(lang, best, rows)?);
                for (i, other) in others.iter().take(MOST_EXPERIMENTS - 1).enumerate() {
                    blocks.extend(folded(page, other, &format!("pictures-{}-{}", number + 1, i + 2))?);
                }
            }
            None => {
                blocks.extend(details::predictions(lang, best, "best-"));
                blocks.extend(misclassified::rows(lang, best));
            }
        }
    }
    Ok(())
}

/// Another experiment's misclassified rows behind a fold.
fn folded(page: &Page<'_>, experiment: &Experiment<'_>, id: &str) -> anyhow::Result<Option<Block>> {
    let mut blocks = Vec::new();
    let Some(rows) = read(page.lang, experiment, &mut blocks)? else { return Ok(None) };
    blocks.extend(cells::gallery(page, experiment, &rows, id, cells::OTHERS));
    blocks.extend(first_layer::weights(page.lang, experiment, &rows)?);
    Ok(Some(Block::Fold { title: said::misclassified_by(page.lang, &experiment.name), open: false, blocks }))
}

/// The data sets: how many rows do what, and each class at a glance.
pub(super) fn data_sets(
    blocks: &mut Vec<Block>,
    page: &Page<'_>,
    families: &[Family],
    best_rows: &Best,
) -> anyhow::Result<()> {
    let mut found = Vec::new();
    for (family, (rows, _)) in families.iter().zip(&best_rows.0) {
        let Some(best) = family.ranking.first().map(|&i| &page.experiments[i]) else { continue };
        let mut of_family = data_set::counts(page.lang, best)?;
        if let Some(rows) = rows {
            of_family.extend(classes::strips(page, best, rows));
        }
        if !of_family.is_empty() {
            found.push(Block::Paragraph(format!("{}:", family.data_name)));
            found.extend(of_family);
        }
    }
    if !found.is_empty() {
        blocks.push(Block::Heading(sections::data(page.lang)));
        blocks.extend(found);
    }
    Ok(())
}

/// The test rows of an experiment; a warning instead where they are damaged.
fn read(lang: Lang, experiment: &Experiment<'_>, blocks: &mut Vec<Block>) -> anyhow::Result<Option<TestRows>> {
    match TestRows::read(experiment) {
        Ok(rows) => Ok(rows.filter(|rows| !rows.rows.is_empty())),
        Err(error) if is_fault_of_system(&error) => Err(error),
        Err(error) => {
            blocks.push(Block::Warning(said::not_shown(lang, &experiment.name, &format!("{error:#}"))));
            Ok(None)
        }
    }
}

/// A test row as a picture.
fn picture(rows: &TestRows, row: &TestRow, caption: String, originals: Option<&Originals>) -> Picture {
    let link = row.path.as_deref().and_then(|path| originals?.link(path));
    Picture { width_px: rows.canvas.width_px as usize, pixels: row.pixels.clone(), caption, link }
}
