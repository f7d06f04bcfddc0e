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
    let value = |flat: &BTreeMap<String, String>, key| flat.get(key).map_or_else(|| "none".to_owned(), Clone::clone);
    let pairs = keys.into_iter().map(|key| (key, value(before, key), value(now, key)));
    pairs.filter(|(_, was, is)| was != is).map(|(key, was, is)| format!("{key}: {was} -> {is}")).collect()
}

fn flattened(value: &Value) -> BTreeMap<String, String> {
    let mut flat = BTreeMap::new();
    flatten("", value, &mut flat);
    flat
}

/// The leaves of a JSON value by their dotted paths; lists count as leaves.
fn flatten(path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
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
