//! The first difference between two folders of the same run.

use std::path::Path;

use serde_json::Value;
use stage_files::regular_file;
use stage_files::run::{CONFIG_FILE, HISTOGRAMS_FILE, METRICS_FILE, MODEL_FILE, PREDICTIONS_FILE, SUMMARY_FILE};
use stage_files::safetensors::Tensors;

/// The files of a run that hold no times, in the order in which training makes them.
const COMPARED: [&str; 6] = [CONFIG_FILE, METRICS_FILE, HISTOGRAMS_FILE, MODEL_FILE, PREDICTIONS_FILE, SUMMARY_FILE];
/// Longest file that is read.
const MAX_BYTES: u64 = 1 << 32;

/// Where the files of a run and of the same run trained again differ first: file, epoch or row, and value. `None` if
/// they are the same to the bit.
pub(super) fn first_difference(run: &Path, again: &Path) -> anyhow::Result<Option<String>> {
    for name in COMPARED {
        let read = |folder: &Path| {
            let path = folder.join(name);
            path.exists().then(|| regular_file::read(&path, MAX_BYTES).map_err(|error| error.at(&path))).transpose()
        };
        let what = match (read(run)?, read(again)?) {
            (Some(before), Some(after)) if before == after => continue,
            (None, None) => continue,
            (Some(before), Some(after)) => differing(name, &before, &after),
            (Some(_), None) => "is there, and training again does not write it".to_owned(),
            (None, Some(_)) => "is missing, and training again writes it".to_owned(),
        };
        return Ok(Some(format!("{name}{}{what}", if what.starts_with("is ") { " " } else { ": " })));
    }
    Ok(None)
}

fn differing(name: &str, before: &[u8], after: &[u8]) -> String {
    let found = match name {
        MODEL_FILE => in_tensors(before, after),
        _ if name.ends_with(".csv") => in_rows(&String::from_utf8_lossy(before), &String::from_utf8_lossy(after)),
        _ => in_json(before, after),
    };
    // The values are the same, written in another way.
    found.unwrap_or_else(|| {
        let at = before.iter().zip(after).position(|(a, b)| a != b).unwrap_or(before.len().min(after.len()));
        format!("byte {at} differs")
    })
}

fn pair(before: &str, after: &str) -> String {
    format!("{before} in the run, {after} when trained again")
}

/// The first row and column in which tables differ. Rows are named by their first cell, such as the epoch.
fn in_rows(before: &str, after: &str) -> Option<String> {
    let (mut a, mut b) = (before.lines(), after.lines());
    let (head, other_head) = (a.next()?, b.next()?);
    if head != other_head {
        return Some(format!("the header is {}", pair(head, other_head)));
    }
    let columns: Vec<&str> = head.split(',').collect();
    loop {
        return match (a.next(), b.next()) {
            (None, None) => None,
            (Some(row), Some(other)) if row == other => continue,
            (Some(row), Some(other)) => {
                let cells = row.split(',').zip(other.split(','));
                let at = cells.clone().position(|(cell, other)| cell != other);
                let (cell, other) = at.and_then(|at| cells.clone().nth(at)).unwrap_or((row, other));
                let column = at.and_then(|at| columns.get(at)).or(columns.last())?;
                let key = row.split(',').next().unwrap_or_default();
                Some(format!("{} {key}, {column}: {}", columns.first()?, pair(cell, other)))
            }
            (Some(row), None) => Some(format!("only the run has the row {row}")),
            (None, Some(row)) => Some(format!("only training again gives the row {row}")),
        };
    }
}

fn in_json(before: &[u8], after: &[u8]) -> Option<String> {
    let (before, after): (Value, Value) = (serde_json::from_slice(before).ok()?, serde_json::from_slice(after).ok()?);
    in_values("", &before, &after)
}

fn in_values(path: &str, before: &Value, after: &Value) -> Option<String> {
    if let (Value::Object(before), Value::Object(after)) = (before, after) {
        let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        let of = |object: &serde_json::Map<String, Value>, key: &str| object.get(key).cloned().unwrap_or_default();
        return keys.into_iter().find_map(|key| {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            in_values(&path, &of(before, key), &of(after, key))
        });
    }
    (before != after).then(|| format!("{path}: {}", pair(&before.to_string(), &after.to_string())))
}

fn in_tensors(before: &[u8], after: &[u8]) -> Option<String> {
    let (before, after) = match (Tensors::from_bytes(before), Tensors::from_bytes(after)) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(error), _) | (_, Err(error)) => return Some(format!("{error:#}")),
    };
    for (name, tensor) in &after.tensors {
        let Some(earlier) = before.tensors.get(name) else { return Some(format!("the run has no tensor {name}")) };
        let values = earlier.data.iter().zip(&tensor.data).enumerate();
        if let Some((at, (a, b))) = values.into_iter().find(|(_, (a, b))| a.to_bits() != b.to_bits()) {
            return Some(format!("{name}, value {at}: {}", pair(&a.to_string(), &b.to_string())));
        }
    }
    if let Some(name) = before.tensors.keys().find(|name| !after.tensors.contains_key(*name)) {
        return Some(format!("training again gives no tensor {name}"));
    }
    let mut keys: Vec<&String> = before.metadata.keys().chain(after.metadata.keys()).collect();
    keys.sort_unstable();
    keys.into_iter().find(|key| before.metadata.get(*key) != after.metadata.get(*key)).map(|key| {
        let text = |file: &Tensors| file.metadata.get(key).cloned().unwrap_or_else(|| "none".to_owned());
        format!("metadata {key}: {}", pair(&text(&before), &text(&after)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_named_with_its_place() {
        let head = "epoch,train_loss,train_accuracy\n";
        let table = |rows: &str| format!("{head}{rows}");
        let rows =
            |before: &str, after: &str| differing(METRICS_FILE, table(before).as_bytes(), table(after).as_bytes());
        assert_eq!(
            rows("1,0.5,0.9\n2,0.4,0.9\n", "1,0.5,0.9\n2,0.3,0.8\n"),
            "epoch 2, train_loss: 0.4 in the run, 0.3 when trained again"
        );
        assert_eq!(rows("1,0.5,0.9\n2,0.4,0.9\n", "1,0.5,0.9\n"), "only the run has the row 2,0.4,0.9");
        assert_eq!(rows("1,0.5,0.9\n", "1,0.5,0.9\r\n"), "byte 41 differs");
        assert_eq!(
            differing(SUMMARY_FILE, br#"{"a": {"b": 1}, "c": 2}"#, br#"{"a": {"b": 3}, "c": 2}"#),
            "a.b: 1 in the run, 3 when trained again"
        );
    }
}
