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
use stage_files::is_fault_of_system;
use stage_page::{Block, Picture};

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
    pub(super) fn read(experiments: &[Experiment<'_>], families: &[Family]) -> anyhow::Result<Self> {
        let of_family = |family: &Family| {
            let mut warnings = Vec::new();
            let rows = family.ranking.first().map(|&best| read(&experiments[best], &mut warnings)).transpose()?;
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
    experiments: &[Experiment<'_>],
    families: &[Family],
    best_rows: &mut Best,
    originals: Option<&Originals>,
) -> anyhow::Result<()> {
    if families.iter().any(|family| !family.ranking.is_empty()) {
        blocks.push(Block::Heading("Misclassified by the best experiments".into()));
    }
    for (number, family) in families.iter().enumerate() {
        let ranking: Vec<&Experiment<'_>> = family.ranking.iter().map(|&i| &experiments[i]).collect();
        let Some((best, others)) = ranking.split_first() else { continue };
        blocks.push(Block::Paragraph(format!("{}: {}.", family.data_name, best.name)));
        let rows = best_rows.0.get_mut(number).and_then(|(rows, warnings)| {
            blocks.append(warnings);
            rows.as_ref()
        });
        match rows {
            Some(rows) => {
                blocks.extend(cells::gallery(best, rows, &format!("pictures-{}", number + 1), cells::BEST, originals));
                blocks.extend(details::scores_of(best));
                blocks.extend(misclassified::rows(best));
                blocks.extend(first_layer::weights(best, rows)?);
                for (i, other) in others.iter().take(MOST_EXPERIMENTS - 1).enumerate() {
                    blocks.extend(folded(other, &format!("pictures-{}-{}", number + 1, i + 2), originals)?);
                }
            }
            None => {
                blocks.extend(details::predictions(best, "best-"));
                blocks.extend(misclassified::rows(best));
            }
        }
    }
    Ok(())
}

/// Another experiment's misclassified rows behind a fold.
fn folded(experiment: &Experiment<'_>, id: &str, originals: Option<&Originals>) -> anyhow::Result<Option<Block>> {
    let mut blocks = Vec::new();
    let Some(rows) = read(experiment, &mut blocks)? else { return Ok(None) };
    blocks.extend(cells::gallery(experiment, &rows, id, cells::OTHERS, originals));
    blocks.extend(first_layer::weights(experiment, &rows)?);
    Ok(Some(Block::Fold { title: format!("Misclassified by {}", experiment.name), open: false, blocks }))
}

/// The data sets: how many rows do what, and each class at a glance.
pub(super) fn data_sets(
    blocks: &mut Vec<Block>,
    experiments: &[Experiment<'_>],
    families: &[Family],
    best_rows: &Best,
    originals: Option<&Originals>,
) -> anyhow::Result<()> {
    let mut found = Vec::new();
    for (family, (rows, _)) in families.iter().zip(&best_rows.0) {
        let Some(best) = family.ranking.first().map(|&i| &experiments[i]) else { continue };
        let mut of_family = data_set::counts(best)?;
        if let Some(rows) = rows {
            of_family.extend(classes::strips(best, rows, originals));
        }
        if !of_family.is_empty() {
            found.push(Block::Paragraph(format!("{}:", family.data_name)));
            found.extend(of_family);
        }
    }
    if !found.is_empty() {
        blocks.push(Block::Heading("Data".into()));
        blocks.extend(found);
    }
    Ok(())
}

/// The test rows of an experiment; a warning instead where they are damaged.
fn read(experiment: &Experiment<'_>, blocks: &mut Vec<Block>) -> anyhow::Result<Option<TestRows>> {
    match TestRows::read(experiment) {
        Ok(rows) => Ok(rows.filter(|rows| !rows.rows.is_empty())),
        Err(error) if is_fault_of_system(&error) => Err(error),
        Err(error) => {
            blocks.push(Block::Warning(format!("The pictures of {} cannot be shown: {error:#}", experiment.name)));
            Ok(None)
        }
    }
}

/// A test row as a picture.
fn picture(rows: &TestRows, row: &TestRow, caption: String, originals: Option<&Originals>) -> Picture {
    let link = row.path.as_deref().and_then(|path| originals?.link(path));
    Picture { width_px: rows.canvas.width_px as usize, pixels: row.pixels.clone(), caption, link }
}
