//! What differs between the settings of two runs, each as `epochs: 30 -> 20`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::stage::StageInfo;

/// Differing settings named in a message.
const SHOWN: usize = 5;

/// The settings and label sets that differ: the old value, then the new one.
pub fn differing(before: &StageInfo, now: &StageInfo) -> Vec<String> {
    let flat = |info: &StageInfo| {
        let mut flat = flattened(&info.settings);
        flat.insert("labels".to_owned(), info.labels.to_string());
        flat
    };
    pairs(&flat(before), &flat(now))
}

/// The settings that differ: the old value, then the new one.
///
/// ```
/// use serde_json::json;
/// let [before, now] = [json!({"epochs": 30, "split": {"by": "row"}}), json!({"epochs": 20, "split": {"by": "row"}})];
/// assert_eq!(stage_files::settings::differing_values(&before, &now), ["epochs: 30 -> 20"]);
/// ```
pub fn differing_values(before: &Value, now: &Value) -> Vec<String> {
    pairs(&flattened(before), &flattened(now))
}

/// The first few differences on a line, and how many more there are.
pub fn listed(differing: &[String]) -> String {
    let mut named = differing.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if let Some(more @ 1..) = differing.len().checked_sub(SHOWN) {
        named += &format!(" and {more} more");
    }
    named
}

fn pairs(before: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Vec<String> {
    let keys: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let value = |flat: &BTreeMap<String, String>, key| flat.get(key).map_or_else(|| "not set".to_owned(), Clone::clone);
    // Where a list of steps differs as a whole, it alone is named, and not each setting of each step.
    let is_in_other_list = |key: &str| {
        let above = key.match_indices('.').map(|(at, _)| &key[..at]);
        above.into_iter().any(|above| before.get(above) != now.get(above))
    };
    let pairs = keys.into_iter().filter(|key| !is_in_other_list(key));
    let pairs = pairs.map(|key| (key, value(before, key), value(now, key)));
    pairs.filter(|(_, was, is)| was != is).map(|(key, was, is)| format!("{key}: {was} -> {is}")).collect()
}

fn flattened(value: &Value) -> BTreeMap<String, String> {
    let mut flat = BTreeMap::new();
    flatten("", value, &mut flat);
    flat
}

/// The leaves of a JSON value by their dotted paths. Lists count as leaves; of a list of steps, such as
/// `[{"ink": {..}}, {"fit": {..}}]`, the names are the leaf `ink,fit`, and the settings of each step are leaves too.
fn flatten(path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Array(items) if items.is_empty() => drop(into.insert(path.to_owned(), "none".to_owned())),
        Value::Array(items) if items.iter().all(|item| step(item).is_some()) => {
            let steps: Vec<(&String, &Value)> = items.iter().filter_map(step).collect();
            let names: Vec<&str> = steps.iter().map(|(name, _)| name.as_str()).collect();
            into.insert(path.to_owned(), names.join(","));
            steps.into_iter().for_each(|(name, settings)| flatten(&format!("{path}.{name}"), settings, into));
        }
        Value::Object(object) if !object.is_empty() => {
            for (key, value) in object {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(&path, value, into);
            }
        }
        Value::String(text) => drop(into.insert(path.to_owned(), text.clone())),
        Value::Null => drop(into.insert(path.to_owned(), "none".to_owned())),
        other => drop(into.insert(path.to_owned(), other.to_string())),
    }
}

/// The name and the settings of a step, if a value is one.
fn step(value: &Value) -> Option<(&String, &Value)> {
    let object = value.as_object().filter(|object| object.len() == 1)?;
    object.iter().next().filter(|(_, settings)| settings.is_object())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn steps_are_named_by_their_names_and_by_what_differs_in_them() {
        let steps = |list: Value| json!({"preprocess": list, "hidden": [4, 5]});
        let ink = |window: f64| json!({"ink": {"version": 1, "window": window}});
        let fit = json!({"fit": {"fill": 0.9}});
        let differing = |before: Value, now: Value| differing_values(&steps(before), &steps(now));
        assert_eq!(differing(json!([]), json!([ink(0.5), fit])), ["preprocess: none -> ink,fit"]);
        assert_eq!(differing(json!([ink(0.5)]), json!([ink(0.7)])), ["preprocess.ink.window: 0.5 -> 0.7"]);
        assert_eq!(differing(json!([ink(0.5), fit]), json!([ink(0.7)])), ["preprocess: ink,fit -> ink"]);
        assert_eq!(differing_values(&json!({"hidden": [4, 5]}), &json!({"hidden": []})), ["hidden: [4,5] -> none"]);
        let many: Vec<String> = (0..7).map(|n| format!("k{n}: 1 -> 2")).collect();
        assert_eq!(listed(&many), "k0: 1 -> 2, k1: 1 -> 2, k2: 1 -> 2, k3: 1 -> 2, k4: 1 -> 2 and 2 more");
    }
}
