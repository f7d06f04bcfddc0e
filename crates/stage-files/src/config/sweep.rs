//! Sweeps: a config that stands for the product of some lists of values.
//!
//! `"sweep": {"hidden": [[32], [32, 32]], "optimizer.sgd.lr": [0.1, 0.01]}` is four configs. Each key is a dotted path
//! into the config; the first key varies slowest. The name of each config is that of the file and what varies.

use std::fmt;

use anyhow::Context;
use schemars::JsonSchema;
use serde::de::{Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{Config, dotted_path};
use crate::{json, refuse};

/// Most runs that a call may ask for. More are a mistake and would fill the memory or the disk.
pub const MAX_RUNS: u64 = 100_000;

/// Lists of values by dotted path, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sweep {
    axes: Vec<(String, Vec<Value>)>,
}

impl Sweep {
    /// The configs of the sweep.
    fn len(&self) -> u128 {
        self.axes.iter().fold(1, |count, (_, values)| count.saturating_mul(values.len() as u128))
    }

    /// A further axis, which varies fastest.
    ///
    /// # Errors
    /// When the axes overlap, or a value is listed twice.
    pub fn and(mut self, path: &str, values: Vec<Value>) -> anyhow::Result<Self> {
        if let Some(objection) = self.objection(path, &values) {
            refuse!("key `sweep`: {objection}");
        }
        self.axes.push((path.to_owned(), values));
        Ok(self)
    }

    /// Whether its values take the place of what is at a path.
    pub(super) fn varies(&self, path: &str) -> bool {
        self.axes.iter().any(|(axis, _)| dotted_path::is_within(path, axis))
    }

    /// Why a further axis is not possible.
    fn objection(&self, path: &str, values: &[Value]) -> Option<String> {
        let head = path.split('.').next().unwrap_or_default();
        if !dotted_path::is_sound(path) {
            return Some(format!("expected a dotted path such as `optimizer.sgd.lr`, found `{path}`"));
        }
        if ["seed", "seeds"].contains(&head) {
            return Some(format!("expected `seeds` beside `sweep`, found `{path}` in it"));
        }
        if ["name", "sweep"].contains(&head) {
            return Some(format!("`{head}` cannot vary; expected a key that has an influence on the result"));
        }
        let overlap = |other: &str| dotted_path::is_within(path, other) || dotted_path::is_within(other, path);
        if let Some((other, _)) = self.axes.iter().find(|(other, _)| overlap(other)) {
            return Some(format!("expected one list for each key, found `{other}` and `{path}`"));
        }
        if values.is_empty() {
            return Some(format!("`{path}`: expected at least one value, found an empty list"));
        }
        let twice = values.iter().enumerate().find(|(i, value)| values[..*i].contains(value));
        twice.map(|(_, value)| format!("`{path}`: expected each value once, found {value} twice"))
    }
}

impl<'de> Deserialize<'de> for Sweep {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Axes;
        impl<'de> Visitor<'de> for Axes {
            type Value = Sweep;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of dotted paths, each with a list of values")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Sweep, M::Error> {
                let mut sweep = Sweep::default();
                while let Some(path) = map.next_key::<String>()? {
                    let values: Vec<Value> = map.next_value()?;
                    if let Some(objection) = sweep.objection(&path, &values) {
                        return Err(M::Error::custom(objection));
                    }
                    sweep.axes.push((path, values));
                }
                Ok(sweep)
            }
        }
        deserializer.deserialize_map(Axes)
    }
}

impl Serialize for Sweep {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.axes.len()))?;
        self.axes.iter().try_for_each(|(path, values)| map.serialize_entry(path, values))?;
        map.end()
    }
}

impl JsonSchema for Sweep {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Sweep".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Lists of values by dotted path into the config; every combination is an experiment.",
            "type": "object",
            "additionalProperties": {"type": "array", "minItems": 1}
        })
    }
}

impl Config {
    /// Runs that it asks for: the product of its lists, its folds and its seeds.
    pub fn run_count(&self) -> u128 {
        let seeds = self.seeds.as_ref().map_or(1, super::Seeds::len);
        let folds = match (self.split.folds, self.split.fold) {
            (Some(folds), None) => u128::from(folds.get()),
            _ => 1,
        };
        self.sweep.as_ref().map_or(1, Sweep::len).saturating_mul(u128::from(seeds)).saturating_mul(folds)
    }

    /// The configs of the sweep; the config itself if it has none.
    pub fn expand(self) -> anyhow::Result<Vec<Self>> {
        let Some(sweep) = &self.sweep else { return Ok(vec![self]) };
        let mut plain = serde_json::to_value(Self { sweep: None, ..self.clone() })?;
        let base = self.name().to_owned();
        let mut all = Vec::with_capacity(sweep.len() as usize);
        each(&sweep.axes, &mut plain, &base, &mut all)?;
        Ok(all)
    }
}

/// Goes through all values of the first axis, and for each through the others.
fn each(axes: &[(String, Vec<Value>)], config: &mut Value, name: &str, all: &mut Vec<Config>) -> anyhow::Result<()> {
    let Some(((path, values), rest)) = axes.split_first() else {
        config["name"] = Value::from(name);
        let one: Config = json::from_value(config).with_context(|| format!("sweep, experiment {name}"))?;
        one.check().with_context(|| format!("sweep, experiment {name}"))?;
        all.push(one);
        return Ok(());
    };
    let before = config.clone();
    for value in values {
        dotted_path::put(config, path, value).context("key `sweep`")?;
        each(rest, config, &format!("{name}-{}", word(path, value)), all)?;
        config.clone_from(&before);
    }
    Ok(())
}

/// What a value adds to the name: `32-32` for hidden layers, the word itself for names, otherwise the key's last part
/// and the value, `lr-0.001`.
fn word(path: &str, value: &Value) -> String {
    let key = path.rsplit('.').next().unwrap_or_default();
    let text = match (key, value) {
        ("hidden", Value::Array(widths)) if widths.is_empty() => "linear".to_owned(),
        ("hidden", _) | (_, Value::String(_) | Value::Object(_)) => text(value),
        _ => format!("{key}-{}", text(value)),
    };
    text.chars().map(|c| if c.is_alphanumeric() || "-_.,+".contains(c) { c } else { '_' }).collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(word) => {
            let file = word.rsplit(['/', '\\']).next().unwrap_or_default();
            file.strip_suffix(".csv").map_or(file, |stem| stem.strip_suffix("_info").unwrap_or(stem)).to_owned()
        }
        Value::Array(values) => values.iter().map(text).collect::<Vec<_>>().join("-"),
        Value::Object(keys) => {
            let pairs = keys.iter().map(|(key, value)| match text(value) {
                inner if inner.is_empty() => key.clone(),
                inner => format!("{key}-{inner}"),
            });
            pairs.collect::<Vec<_>>().join("-")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(sweep: &str) -> anyhow::Result<Config> {
        let text = format!(
            r#"{{"name": "a", "hidden": [4], "optimizer": {{"sgd": {{"lr": 1}}}}, "epochs": 9, "sweep": {sweep}}}"#
        );
        let config: Config = json::from_bytes(text.as_bytes())?;
        config.check()?;
        Ok(config)
    }

    #[test]
    fn a_sweep_is_the_product_of_its_lists_in_their_order() {
        let config = config(
            r#"{"hidden": [[32], [32, 16], []], "optimizer.sgd.schedule": [{"cosine": {}}, {"step": {"every": 3}}],
                "optimizer.sgd.lr": [0.1, 1e-5], "activation": ["tanh"], "data": ["x/8x8_info.csv"]}"#,
        )
        .unwrap();
        assert_eq!(config.run_count(), 12);
        let all = config.expand().unwrap();
        let names: Vec<&str> = all.iter().map(Config::name).collect();
        assert_eq!(names[0], "a-32-cosine-lr-0.1-tanh-8x8");
        assert_eq!(names[3], "a-32-step-every-3-lr-0.00001-tanh-8x8");
        assert_eq!(names[11], "a-linear-step-every-3-lr-0.00001-tanh-8x8");
        assert_eq!((all[7].widths(), all[7].optimizer.lr(), all[7].epochs.get()), (vec![32, 16], 1e-5, 9));
        assert!(all.iter().all(|one| one.sweep.is_none()));
    }

    #[test]
    fn seeds_and_folds_multiply_the_runs() {
        let mut config = config(r#"{"batch": [1, 2, 3]}"#).unwrap();
        config.seeds = Some(super::super::Seeds::List(vec![4, 5]));
        config.split = serde_json::from_str(r#"{"by": "group", "folds": 5}"#).unwrap();
        assert_eq!(config.run_count(), 30);
    }

    #[test]
    fn impossible_sweeps_are_refused() {
        let axes: Vec<String> = (1..=7).map(|i| format!(r#""optimizer.sgd.k{i}": [0,1,2,3,4,5,6,7,8,9]"#)).collect();
        for (sweep, part) in [
            (r#"{"batch": []}"#, "`batch`: expected at least one value, found an empty list"),
            (r#"{"batch": [1], "batch": [2]}"#, "expected one list for each key, found `batch` and `batch`"),
            (
                r#"{"optimizer": [{"sgd": {"lr": 1}}], "optimizer.sgd.lr": [2]}"#,
                "found `optimizer` and `optimizer.sgd.lr`",
            ),
            (r#"{"batch": [1, 2, 1]}"#, "found 1 twice"),
            (r#"{"batch": 5}"#, "key `sweep.batch`"),
            (r#"{"batch.": [5]}"#, "expected a dotted path"),
            (r#"{"seed": [1, 2]}"#, "expected `seeds` beside `sweep`"),
            (r#"{"name": ["a", "b"]}"#, "`name` cannot vary"),
            ("[1]", "an object of dotted paths"),
            (r#"{"batches": [5]}"#, "experiment a-batches-5: key `batches`: unknown field `batches`"),
            (r#"{"optimizer.sgd.rate": [5]}"#, "unknown field `rate`"),
            (r#"{"optimizer.adamw.lr": [5]}"#, "experiment a-lr-5: key `optimizer"),
            (r#"{"epochs.x": [5]}"#, "`epochs.x` leads through a value that is no object"),
            (r#"{"optimizer.sgd.lr": [0.1, 0]}"#, "a-lr-0: key `optimizer.sgd.lr`: expected a finite number above 0"),
            (r#"{"hidden": [[3], [3, 3]], "activation": [["relu"]]}"#, "a-3-3-activation-relu: key `activation`"),
            (&format!("{{{}}}", axes.join(",")), "10000000 runs"),
        ] {
            let Err(error) = config(sweep).and_then(Config::expand) else { panic!("accepted {sweep}") };
            assert!(format!("{error:#}").contains(part), "{sweep}: {error:#}");
            assert!(crate::is_refused(&error), "{error:#}");
        }
    }
}
