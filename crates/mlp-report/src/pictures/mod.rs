//! The test rows of an experiment as pictures, with what its runs predicted for each. They are read when an experiment
//! is shown, since a report of 2,000 runs shows those of a few.

mod originals;

use std::collections::BTreeMap;

use anyhow::Context;
use stage_files::picture::Canvas;
use stage_files::run::{PredictionRow, TestPictures, read_predictions};

use crate::experiment::Experiment;
use crate::run::Run;

pub(crate) use originals::Originals;

/// Runs of an experiment whose test rows are read, the first ones.
pub(crate) const MOST_RUNS: usize = 30;

/// A test row, and what the runs that were tested on it predicted.
pub(crate) struct TestRow {
    /// Row of the data set, from 0.
    pub row: u64,
    /// The digit that it shows.
    pub label: u8,
    /// Who wrote it, as far as known.
    pub writer: Option<String>,
    /// The source picture, as far as known.
    pub path: Option<String>,
    /// Gray values row by row; 0 is black.
    pub pixels: Vec<u8>,
    /// Runs that were tested on it.
    pub tested: usize,
    /// How many of them predicted which digit.
    pub predicted: BTreeMap<u8, usize>,
    /// Sum over these runs of the probability of each class.
    sums: Vec<f64>,
}

impl TestRow {
    /// Mean probability of a class over the runs.
    pub(crate) fn probability(&self, class: usize) -> f64 {
        self.sums.get(class).map_or(0.0, |sum| sum / self.tested as f64)
    }

    /// How many runs predicted a digit.
    pub(crate) fn times(&self, digit: u8) -> usize {
        self.predicted.get(&digit).copied().unwrap_or(0)
    }

    /// The mean probability of each class, the largest first.
    pub(crate) fn ranking(&self) -> Vec<(usize, f64)> {
        let mut ranking: Vec<(usize, f64)> =
            (0..self.sums.len()).map(|class| (class, self.probability(class))).collect();
        ranking.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranking
    }

    /// A row that no run was tested on yet.
    fn of(row: &PredictionRow, pixels: &[u8], classes: usize) -> Self {
        Self {
            row: row.row,
            label: row.label,
            writer: row.writer.clone(),
            path: row.path.clone(),
            pixels: pixels.to_vec(),
            tested: 0,
            predicted: BTreeMap::new(),
            sums: vec![0.0; classes],
        }
    }

    fn add(&mut self, row: &PredictionRow) {
        self.tested += 1;
        *self.predicted.entry(row.predicted).or_default() += 1;
        self.sums.iter_mut().zip(&row.probabilities).for_each(|(sum, &p)| *sum += f64::from(p));
    }
}

/// The test rows of an experiment.
pub(crate) struct TestRows {
    /// Width and height of the pictures.
    pub canvas: Canvas,
    /// Sorted by row.
    pub rows: Vec<TestRow>,
    /// The runs that they were read from.
    pub runs: usize,
}

impl TestRows {
    /// Reads them; `None` where no run has stored pictures, as those of older versions.
    ///
    /// # Errors
    /// When a stored file is damaged.
    pub(crate) fn read(experiment: &Experiment<'_>) -> anyhow::Result<Option<Self>> {
        let mut rows: BTreeMap<u64, TestRow> = BTreeMap::new();
        let (mut shape, mut runs) = (None, 0);
        for run in experiment.runs.iter().filter(|run| run.has_predictions()).take(MOST_RUNS) {
            let read = || Self::of_run(run).with_context(|| run.name.clone());
            let Some((predictions, pictures)) = read()? else { continue };
            let canvas = *shape.get_or_insert(pictures.canvas());
            if canvas != pictures.canvas() {
                anyhow::bail!("{}: pictures of {}, those of other runs have {canvas}", run.name, pictures.canvas());
            }
            for (row, pixels) in predictions.iter().zip(pictures.iter()) {
                let classes = run.summary.labels.len();
                rows.entry(row.row).or_insert_with(|| TestRow::of(row, pixels, classes)).add(row);
            }
            runs += 1;
        }
        Ok(shape.map(|canvas| Self { canvas, rows: rows.into_values().collect(), runs }))
    }

    fn of_run(run: &Run) -> anyhow::Result<Option<(Vec<PredictionRow>, TestPictures)>> {
        let predictions = read_predictions(&run.folder, &run.summary.labels)?;
        let pictures = TestPictures::read(&run.folder, predictions.len())?;
        Ok(pictures.map(|pictures| (predictions, pictures)))
    }
}
