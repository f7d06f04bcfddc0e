//! What a data set is called in the report.

use std::collections::BTreeMap;

use digit_image::preprocess::{Pipeline, STANDARD};
use serde_json::Value;
use stage_files::picture::PictureSettings;
use stage_files::run::DATA_FOLDER;

use super::Family;
use crate::experiment::Experiment;
use crate::run::Run;

/// Steps of preprocessing that are named; more are only counted.
const MOST_STEPS: usize = 4;
/// Digits of a digest that tell two data sets apart.
const DIGEST_DIGITS: usize = 8;

/// `demo/20x20_info.csv, standard preprocessing, digits 1-5`, as far as the run says it.
pub(crate) fn of(run: &Run) -> String {
    let summary = &run.summary;
    let folder = run.stage.found.get(DATA_FOLDER).map_or(String::new(), |folder| format!("{folder}/"));
    let prepared = run.stage.picture.as_ref().map_or(String::new(), |picture| format!("{}, ", preprocessing(picture)));
    format!("{folder}{}, {prepared}digits {}", summary.data, summary.labels)
}

fn preprocessing(picture: &PictureSettings) -> String {
    let steps = &picture.preprocess;
    if steps.is_empty() {
        return "no preprocessing".to_owned();
    }
    if Pipeline::parse(STANDARD).is_ok_and(|standard| standard.to_json() == *steps) {
        return "standard preprocessing".to_owned();
    }
    if steps.len() > MOST_STEPS {
        return format!("{} steps of preprocessing", steps.len());
    }
    let names: Vec<&str> =
        steps.iter().filter_map(Value::as_object).flat_map(|step| step.keys()).map(String::as_str).collect();
    format!("preprocessing {}", names.join("+"))
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
