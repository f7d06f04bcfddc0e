//! `digit-predict calibrate --error E`: measures from which confidence on at most a share E of answers is wrong.

use mlp_statistics::ALPHA;
use mlp_statistics::risk_control::{self, Answer, Shortfall, THRESHOLDS};
use stage_cli::counted;
use stage_files::guarantee::Guarantee;
use stage_files::refuse;

use crate::Prediction;

/// A prediction for a picture whose label is known.
pub(crate) struct Measured<'a> {
    pub(crate) prediction: &'a Prediction,
    pub(crate) is_correct: bool,
    pub(crate) writer: Option<&'a str>,
}

/// Measures the lowest threshold that keeps the promise. `place` is where the pictures are, for messages.
///
/// # Errors
/// A refusal that says how many pictures would be needed, or which share of errors could be promised.
pub(crate) fn measure(measured: &[Measured<'_>], error: f64, place: &str) -> anyhow::Result<Guarantee> {
    let found = match risk_control::guarantee(&answers(measured, |prediction| prediction.confidence), error) {
        Ok(found) => found,
        Err(shortfall) => return Err(refused(shortfall, measured.len(), error, place)),
    };
    let of_probability = risk_control::guarantee(&answers(measured, Prediction::probability), error).ok();
    Ok(Guarantee {
        error,
        level: 1.0 - ALPHA,
        threshold: found.threshold,
        pictures: measured.len() as u64,
        accepted: found.accepted,
        wrong: found.wrong,
        writers: found.writers,
        probability_threshold: of_probability.map(|found| found.threshold),
    })
}

/// The predictions with one of their numbers as confidence.
fn answers<'a>(measured: &[Measured<'a>], score: fn(&Prediction) -> f32) -> Vec<Answer<'a>> {
    measured
        .iter()
        .map(|of| Answer { confidence: score(of.prediction), is_correct: of.is_correct, writer: of.writer })
        .collect()
}

fn refused(shortfall: Shortfall, pictures: usize, error: f64, place: &str) -> anyhow::Error {
    let (found, promise) = (counted(pictures as u64, "picture"), percent(error));
    let what = match shortfall {
        Shortfall::TooFew(needed) => format!(
            "expected at least {needed} pictures to promise that at most {promise} of the accepted answers are wrong, \
             found {found}; take more, or a larger --error"
        ),
        Shortfall::NotShown(needed) => format!(
            "{found} do not show that at most {promise} of the accepted answers are wrong; about {needed} like these \
             would; take more, or a larger --error"
        ),
        Shortfall::TooManyErrors { least } => format!(
            "expected at most {promise} wrong answers at some confidence up to {}, found at least {} of {found}; \
             take a larger --error, or a model that errs less",
            THRESHOLDS[0],
            percent(least)
        ),
    };
    stage_files::refused(format!("{place}: {what}"))
}

/// A share in percent, as short as it is exact.
pub(crate) fn percent(share: f64) -> String {
    // Two digits behind the point, without zeros at the end.
    let text = format!("{:.2}", 100.0 * share);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// What a guarantee promises, in words: `at most 1 % of the answers with confidence 0.98 or more are wrong, ..`.
pub(crate) fn promise(guarantee: &Guarantee) -> String {
    let of = match guarantee.writers {
        Some(writers) => format!("the {} of {writers} writers", guarantee.pictures),
        None => format!("the {}, by these writers", guarantee.pictures),
    };
    format!(
        "with {} confidence, at most {} of the answers with confidence {} or more are wrong, on pictures like {of} that \
         it was measured on",
        percent(guarantee.level),
        percent(guarantee.error),
        guarantee.threshold
    )
}

/// The threshold of `--guarantee` and `--min-confidence`: the higher one.
///
/// # Errors
/// A refusal if the model has no guarantee.
pub(crate) fn threshold(guarantee: Option<&Guarantee>, is_asked: bool, least: f32, model: &str) -> anyhow::Result<f32> {
    match (is_asked, guarantee) {
        (false, _) => Ok(least),
        (true, Some(guarantee)) => Ok(guarantee.threshold.max(least)),
        (true, None) => refuse!(
            "--guarantee: {model} has none; measure one on labelled pictures that did not train it: digit-predict \
             calibrate --error 0.01 --model {model} FOLDER --out FILE"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_short() {
        assert_eq!([0.01, 0.95, 0.005, 0.1234, 1.0].map(percent), ["1 %", "95 %", "0.5 %", "12.34 %", "100 %"]);
    }
}
