//! The data sets of a config: one CSV, or one for training and one for testing, and CSVs that only train.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use anyhow::Context;
use ndarray::{Axis, concatenate};
use stage_files::config::{Config, Data};
use stage_files::dataset::DataSet;
use stage_files::kind::{Kind, kind};
use stage_files::picture::PictureSettings;
use stage_files::scaling::Scaling;
use stage_files::stage::Input;
use stage_files::text_name::text_name;
use stage_files::{LabelSet, refuse};

/// The data of a config, read once for all runs that use it.
pub(crate) struct Source {
    /// The rows of the only file, or of the training file, and after them those of `extra_data`.
    pub(crate) first: DataSet,
    /// The test file, if there are two.
    pub(crate) test: Option<DataSet>,
    /// Rows of the first file alone.
    own_rows: usize,
    /// For each row of `extra_data`, its writer if known.
    extra_writers: Vec<Option<String>>,
    /// Name of the folder of the first file, if the path says it.
    pub(crate) folder: Option<String>,
    /// The files by name and digest: training, test, extra.
    inputs: Vec<Input>,
    /// The inputs of the runs that are under way, by scaling.
    scaled: Mutex<Vec<(Scaling, Weak<Vec<f32>>)>>,
}

impl Source {
    /// A single data set that is in memory already.
    pub(crate) fn of(data: DataSet) -> Self {
        let (own_rows, inputs) = (data.classes.len(), vec![input(&data)]);
        Self {
            first: data,
            test: None,
            own_rows,
            extra_writers: Vec::new(),
            folder: None,
            inputs,
            scaled: Mutex::default(),
        }
    }

    /// Reads what a config names, and refuses files that do not belong together.
    pub(crate) fn read(config: &Config) -> anyhow::Result<Self> {
        let Some(data) = &config.data else {
            refuse!("no `data`; name a data set CSV there or with --data, as in --data datasets/mine/20x20_info.csv");
        };
        let read = |key: &str, path: &String| {
            let file = Path::new(path);
            let found = kind(file)?;
            if found == Kind::Folder {
                let csv = file.join("20x20_info.csv");
                refuse!(
                    "key `{key}`: {path}: expected a data set CSV, found a folder; name a CSV, such as {}",
                    csv.display()
                );
            }
            if found == Kind::Nothing {
                refuse!(
                    "key `{key}`: {path}: no such file; make the data set first, or name another one, as with --{}",
                    key.replace('_', "-")
                );
            }
            DataSet::read(file)
        };
        let (path, test) = match data {
            Data::One(path) => (path, None),
            Data::Two(two) => (&two.train, Some(&two.test)),
        };
        let mut source = Self::of(read("data", path)?);
        source.folder = Path::new(path).parent().and_then(Path::file_name).map(text_name);
        if let Some(other) = test {
            let test = read("data", other)?;
            refuse_unlike(path, &source.first, other, &test)?;
            source.inputs.push(input(&test));
            source.test = Some(test);
        }
        let mut pixels = vec![];
        for other in &config.extra_data {
            let extra = read("extra_data", other)?;
            refuse_unlike(path, &source.first, other, &extra).context("key `extra_data`")?;
            source.inputs.push(input(&extra));
            source.first.classes.extend_from_slice(&extra.classes);
            source.extra_writers.extend(writers(&extra));
            pixels.push(extra.pixels);
        }
        if !pixels.is_empty() {
            let all: Vec<_> =
                std::iter::once(&source.first.pixels).chain(&pixels).map(|pixels| pixels.view()).collect();
            source.first.pixels = concatenate(Axis(0), &all)?;
        }
        Ok(source)
    }

    /// The inputs (N, I) of all rows, first those that may train, then those of the test file. They are made once for
    /// all runs that use them at the same time.
    pub(crate) fn scaled(&self, scaling: &Scaling) -> Arc<Vec<f32>> {
        let mut known = self.scaled.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|(_, inputs)| inputs.strong_count() > 0);
        let same = known.iter().find(|(other, _)| other == scaling);
        if let Some(inputs) = same.and_then(|(_, inputs)| inputs.upgrade()) {
            return inputs;
        }
        let sets = || std::iter::once(&self.first).chain(&self.test);
        let width = self.first.pixels.ncols();
        let mut inputs = vec![0.0; width * sets().map(|set| set.classes.len()).sum::<usize>()];
        let rows = sets().flat_map(|set| set.pixels.rows());
        for (pixels, inputs) in rows.zip(inputs.chunks_exact_mut(width)) {
            scaling.to_inputs(pixels.as_slice().unwrap_or_default(), inputs);
        }
        let inputs = Arc::new(inputs);
        known.push((scaling.clone(), Arc::downgrade(&inputs)));
        inputs
    }

    /// The files by name and digest.
    pub(crate) fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The name that stands for the data in tables.
    pub(crate) fn name(&self) -> String {
        self.inputs.iter().map(|input| input.name.as_str()).collect::<Vec<_>>().join(" + ")
    }

    /// The label set.
    pub(crate) fn labels(&self) -> &LabelSet {
        &self.first.labels
    }

    /// Number of rows of the first file, which `split` divides: those from 0 on.
    pub(crate) fn own_rows(&self) -> usize {
        self.own_rows
    }

    /// The writer of a row that may train, if known.
    pub(crate) fn training_writer(&self, row: u32) -> Option<&str> {
        let row = row as usize;
        match row.checked_sub(self.own_rows) {
            Some(extra) => self.extra_writers.get(extra)?.as_deref(),
            None => self.first.rows.as_ref()?.get(row)?.writer.as_deref(),
        }
    }

    /// Rows of `extra_data`, which only train, each with its writer if known.
    pub(crate) fn extra_rows(&self) -> impl Iterator<Item = (u32, Option<&str>)> {
        let writers = self.extra_writers.iter().map(Option::as_deref);
        (self.own_rows as u32..).zip(writers)
    }
}

fn input(data: &DataSet) -> Input {
    Input { name: data.name.clone(), sha256: data.sha256.clone(), files: 1 }
}

fn writers(data: &DataSet) -> Vec<Option<String>> {
    match &data.rows {
        Some(rows) => rows.iter().map(|row| row.writer.clone()).collect(),
        None => vec![None; data.classes.len()],
    }
}

/// Refuses two data sets with different label sets, with different numbers of pixels, or whose pictures were prepared
/// in different ways as far as `stage.json` is there.
fn refuse_unlike(path: &str, data: &DataSet, other_path: &str, other: &DataSet) -> anyhow::Result<()> {
    if data.labels != other.labels || data.pixels.ncols() != other.pixels.ncols() {
        refuse!(
            "{path} has labels {} and {} pixels, {other_path} has {} and {}; expected the same in both: make \
             one of them again with the --labels and --canvas of the other, and --fresh",
            data.labels,
            data.pixels.ncols(),
            other.labels,
            other.pixels.ncols()
        );
    }
    if let Some([ours, theirs]) = PictureSettings::unlike(data.picture(), other.picture()) {
        refuse!(
            "{path} and {other_path} were made from pictures in different ways: {ours} and {theirs}; label one \
             of them again with the --canvas, --alpha and --preprocess of the other, and --fresh"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use stage_files::config::Scale;

    #[test]
    fn runs_that_scale_alike_share_their_inputs_with_the_test_rows_last() {
        let set = |pixels| DataSet {
            name: "d.csv".into(),
            sha256: String::new(),
            labels: "0-9".parse().unwrap(),
            canvas: None,
            pixels,
            classes: vec![0, 1],
            rows: None,
            stage: None,
        };
        let mut source = Source::of(set(array![[0, 255], [51, 102]]));
        source.test = Some(set(array![[255, 0], [204, 153]]));
        let unit = |invert| Scaling { scale: Scale::Unit, invert, standard: None };
        let (one, same, other) = (source.scaled(&unit(false)), source.scaled(&unit(false)), source.scaled(&unit(true)));
        assert_eq!(*one, [0.0, 1.0, 0.2, 0.4, 1.0, 0.0, 0.8, 0.6]);
        assert!(Arc::ptr_eq(&one, &same) && other[..2] == [1.0, 0.0]);
    }
}
