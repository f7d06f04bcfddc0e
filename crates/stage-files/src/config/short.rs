//! Short configs: one that leaves out `optimizer` takes what it does not say from the recommended configs.
//!
//! `{"data": "20x20_info.csv", "hidden": [64, 64]}` is a whole config. Configs that name an optimiser were always read
//! with plain values for what they leave out, and still are.

use serde_json::{Value, json};

use super::{Optimizer, Setting, dotted_path};

/// What a short config takes from the recommended ones beside the optimiser.
fn recommended() -> [(&'static str, Value); 4] {
    [("scale", json!("unit")), ("invert", json!(true)), ("dropout", json!(0.1)), ("batch", json!(32))]
}

/// Whether a config file is short.
pub(super) fn is_short(file: &Value) -> bool {
    file.as_object().is_some_and(|keys| !keys.contains_key("optimizer"))
}

/// Writes out what a short config file leaves out, so that `settings` can change a part of it, such as the learning
/// rate. They may put another optimiser or schedule in the place of the recommended one.
pub(super) fn write_out(file: &mut Value, settings: &[Setting]) -> anyhow::Result<()> {
    let Some(keys) = file.as_object_mut() else { return Ok(()) };
    for (key, value) in recommended() {
        keys.entry(key).or_insert(value);
    }
    let changes = |path: &str| settings.iter().any(|setting| dotted_path::is_within(setting.path(), path));
    if settings.iter().any(|setting| setting.path() == "optimizer") || changes("optimizer.adamw") {
        return Ok(());
    }
    let mut optimizer = serde_json::to_value(Optimizer::default())?;
    // The warm-up has to be shorter than the training.
    let last = settings.iter().rev().find(|setting| setting.path() == "epochs").map(Setting::value);
    if last.or_else(|| keys.get("epochs")).and_then(Value::as_u64) == Some(1) {
        optimizer["sgd"]["schedule"]["cosine"]["warmup"] = json!(0.0);
    }
    if changes("optimizer.sgd.schedule")
        && let Some(sgd) = optimizer["sgd"].as_object_mut()
    {
        sgd.remove("schedule");
    }
    keys.insert("optimizer".to_owned(), optimizer);
    Ok(())
}
