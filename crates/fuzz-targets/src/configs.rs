//! Files in JSON, and models.

use digit_predict::Predictor;
use stage_files::config::Config;
use stage_files::json;
use stage_files::model::Model;
use stage_files::stage::StageInfo;

/// An experiment config.
pub fn config(bytes: &[u8]) {
    let Ok(config) = Config::from_bytes(bytes, "fuzz") else { return };
    let again = |config: &Config| {
        let printed = json::to_bytes(config).expect("a config is JSON");
        Config::from_bytes(&printed, "other").unwrap_or_else(|error| panic!("{error:#}: {config:?}"))
    };
    // The place of the schema changes nothing and is not printed.
    let printed = Config { schema: None, ..config };
    assert_eq!(again(&printed), printed);
    let resolved = printed.resolved(1);
    assert_eq!(again(&resolved), resolved);
}

/// A `stage.json`.
pub fn stage(bytes: &[u8]) {
    let Ok(info) = StageInfo::from_bytes(bytes) else { return };
    let printed = json::to_bytes(&info).expect("it is JSON");
    assert_eq!(StageInfo::from_bytes(&printed).unwrap_or_else(|error| panic!("{error:#}")), info);
}

/// A model file.
pub fn model(bytes: &[u8]) {
    let Ok(model) = Model::from_bytes(bytes) else { return };
    let written = model.to_bytes().expect("a model that was read");
    assert_eq!(Model::from_bytes(&written).unwrap_or_else(|error| panic!("{error:#}")), model);
    let inputs = model.layers[0].inputs;
    let Ok(predictor) = Predictor::from_model(model) else { return };
    let predicted = predictor.predict_pixels(&vec![255; inputs]).expect("a row of pixels");
    assert_eq!(predicted.len(), 1);
}
