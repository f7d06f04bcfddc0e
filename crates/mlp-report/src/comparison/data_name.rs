//! What a data set is called in the report.

use std::collections::BTreeMap;

use digit_image::preprocess::{Pipeline, STANDARD};
use serde_json::Value;
use stage_files::picture::PictureSettings;
use stage_files::run::DATA_FOLDER;

use super::Family;
use crate::experiment::Experiment;
use crate::run::Run;
use crate::words::comparisons::{self as said, Preprocessing};
use stage_page::Lang;

/// Steps of preprocessing that are named; more are only counted.
const MOST_STEPS: usize = 4;
/// Digits of a digest that tell two data sets apart.
const DIGEST_DIGITS: usize = 8;

/// `demo/20x20_info.csv, standard preprocessing, digits 1-5`, as far as the run says it.
pub(crate) fn of(lang: Lang, run: &Run) -> String {
    let summary = &run.summary;
    let folder = run.stage.found.get(DATA_FOLDER).map_or(String::new(), |folder| format!("{folder}/"));
    let prepared = run.stage.picture.as_ref().map(preprocessing);
    said::data(lang, &format!("{folder}{}", summary.data), prepared.as_ref(), &summary.labels.to_string())
}

fn preprocessing(picture: &PictureSettings) -> Preprocessing {
    let steps = &picture.preprocess;
    if steps.is_empty() {
        return Preprocessing::Nothing;
    }
    if Pipeline::parse(STANDARD).is_ok_and(|standard| standard.to_json() == *steps) {
        return Preprocessing::Standard;
    }
    if steps.len() > MOST_STEPS {
        return Preprocessing::Many(steps.len());
    }
    Preprocessing::Steps(steps.iter().filter_map(Value::as_object).flat_map(|step| step.keys()).cloned().collect())
}

/// Adds the start of the digest to names that several families have.
pub(super) fn tell_apart(experiments: &[Experiment<'_>], families: &mut [Family]) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    families.iter().for_each(|family| *counts.entry(family.data_name.clone()).or_default() += 1);
    for family in families {
        if let Some(&best) = family.ranking.first()
            && counts[&family.data_name] > 1
        {
            let digests = experiments[best].runs[0].data().concat();
            let digest: String = digests.chars().take(DIGEST_DIGITS).collect();
            family.data_name += &format!(" (SHA-256 {digest}..)");
        }
    }
}
