//! What a model says about itself before it predicts: the digits it knows, how it prepares pictures, what it lacks.
//!
//! A network answers with one of its labels, whatever it is shown. Whoever reads the answer has to know them.

use std::path::Path;

use digit_model::MIN_ROWS_FOR_DETECTOR;
use digit_model::built_in::DRAWN;
use stage_cli::Console;

use crate::Predictor;

/// Names the label set and the preprocessing of a model (without a path, the built-in network), and warns of what it
/// lacks.
pub(crate) fn say(predictor: &Predictor, model: Option<&Path>, console: &Console) {
    let canvas = predictor.picture_settings().canvas;
    let Some(model) = model else {
        console.note(format!(
            "digit-predict: built-in network: trained on {}, labels {}, version {}; pictures are prepared by {} and \
             shrunk to {canvas}; --model names another",
            DRAWN.trained_on,
            predictor.labels(),
            DRAWN.version,
            predictor.preprocessing()
        ));
        return;
    };
    let shown = model.display();
    let preparation = match predictor.preprocessing().as_str() {
        "none" => format!("shrunk to {canvas} without preprocessing"),
        steps => format!("prepared by {steps} and shrunk to {canvas}"),
    };
    console.note(format!(
        "digit-predict: {shown} knows the digits {} and no others; pictures are {preparation}",
        predictor.labels()
    ));
    if !predictor.knows_picture() {
        console.warn(format!(
            "{shown}: the model does not say how its pictures were prepared (its data set came without a stage.json); \
             they are shrunk to {canvas} and nothing else"
        ));
    } else if predictor.preprocessing() == "none" {
        console.warn(format!(
            "{shown}: its training pictures were not preprocessed, so pictures of another kind are easily taken for \
             wrong digits; a model for scans and photos needs pictures made with digit-labeler --preprocess standard"
        ));
    }
    if !predictor.has_detector() {
        console.warn(format!(
            "{shown}: it has no detector, so its confidence does not tell a digit from anything else; learn one \
             from {MIN_ROWS_FOR_DETECTOR} rows or more that did not train it: digit-predict calibrate --model {shown} \
             --data CSV"
        ));
    }
}
