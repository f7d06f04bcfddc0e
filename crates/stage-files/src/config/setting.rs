//! Settings from the command line, which take the place of what a config file says: `--set KEY=VALUE`, and options such
//! as `--epochs` that stand for the commonest.

use std::str::FromStr;

use anyhow::Context;
use serde_json::Value;

use super::{Config, Sweep, dotted_path, short};
use crate::{json, refuse};

/// Stands for the name of the optimiser that a config has.
const ANY_OPTIMIZER: &str = "*";

/// One `KEY=VALUE`: a dotted path into the config, and JSON; what is no JSON is a string.
///
/// `optimizer.sgd.lr=0.1`, `split.by=group`, `split={"by": "group", "folds": 5}`, `validation=null`.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// As it is given on the command line.
    text: String,
    path: String,
    value: Value,
    /// Whether it is an option of its own, which must not contradict a `--set`.
    is_option: bool,
}

impl Setting {
    /// `--epochs 20` and the like: the option as it is given, the key that it sets, and the value.
    fn option(text: String, path: &str, value: Value) -> Self {
        Self { text, path: path.to_owned(), value, is_option: true }
    }

    /// `--epochs N`.
    pub fn epochs(count: u32) -> Self {
        Self::option(format!("--epochs {count}"), "epochs", count.into())
    }

    /// `--batch N`.
    pub fn batch(rows: u32) -> Self {
        Self::option(format!("--batch {rows}"), "batch", rows.into())
    }

    /// `--lr X`: the learning rate of the optimiser that the config has.
    pub fn learning_rate(rate: f64) -> Self {
        Self::option(format!("--lr {rate}"), &format!("optimizer.{ANY_OPTIMIZER}.lr"), rate.into())
    }

    /// `--hidden 64,64`.
    pub fn hidden(widths: &[u32]) -> Self {
        let text: Vec<String> = widths.iter().map(u32::to_string).collect();
        let text = if text.is_empty() { "none".to_owned() } else { text.join(",") };
        Self::option(format!("--hidden {text}"), "hidden", widths.into())
    }

    /// The value of the key.
    pub(super) fn value(&self) -> &Value {
        &self.value
    }

    /// Dotted path of the key.
    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((path, value)) if dotted_path::is_sound(path) => Ok(Self {
                text: format!("--set {text}"),
                path: path.to_owned(),
                value: serde_json::from_str(value).unwrap_or_else(|_| Value::from(value)),
                is_option: false,
            }),
            _ => Err("expected KEY=VALUE with a dotted path as key, such as split.by=group".to_owned()),
        }
    }
}

/// A config from the bytes of its file and some settings; `name` is for one that names itself nowhere.
pub(super) fn read(bytes: &[u8], settings: &[Setting], name: Option<String>) -> anyhow::Result<Config> {
    // The file alone comes first, so that what is wrong in it is refused with its line.
    let config: Config = json::from_bytes(bytes)?;
    let finish = |config: Config| {
        let config = Config { name: config.name.clone().or(name), ..config };
        config.check().map(|()| config)
    };
    let mut file: Value = json::from_bytes(bytes)?;
    if short::is_short(&file) {
        short::write_out(&mut file, settings)?;
    } else if settings.is_empty() {
        return finish(config);
    }
    let changed = changed(config.sweep, file, settings).and_then(finish);
    if settings.is_empty() {
        return changed;
    }
    let texts: Vec<&str> = settings.iter().map(|setting| setting.text.as_str()).collect();
    changed.with_context(|| texts.join(" "))
}

/// Changes the JSON of a file. Defaults are not in it, so a setting never meets one: `schedule.cosine` may be set where
/// the default schedule is `constant`. JSON sorts its keys, but a sweep goes by their order, so it is apart.
fn changed(mut sweep: Option<Sweep>, mut file: Value, settings: &[Setting]) -> anyhow::Result<Config> {
    file["sweep"] = Value::Null;
    for (at, Setting { text, path, value, is_option }) in settings.iter().enumerate() {
        let path = &resolved(path, &file);
        if *is_option {
            refuse_contradiction(&settings[at], path, &file, &settings[..at])?;
        }
        if path == "sweep" {
            let text = text.split_once('=').map_or("", |(_, text)| text);
            sweep = json::from_bytes(text.as_bytes()).context("key `sweep`")?;
        } else if path.starts_with("sweep.") {
            refuse!("key `{path}`: its own keys have dots, too; set `sweep` as a whole");
        } else {
            dotted_path::put(&mut file, path, value)?;
        }
    }
    let varied = |path: &str| sweep.as_ref().is_some_and(|sweep| sweep.varies(path));
    if let Some(path) = settings.iter().map(|setting| resolved(&setting.path, &file)).find(|path| varied(path)) {
        refuse!(
            "key `{path}`: the config's `sweep` varies it, so the setting would have no effect; leave it out, or give \
             --set sweep=null too"
        );
    }
    Ok(Config { sweep, ..json::from_value(&file)? })
}

/// A path with the name of the optimiser that a config has.
fn resolved(path: &str, file: &Value) -> String {
    let name = file.get("optimizer").and_then(|optimizer| optimizer.as_object()?.keys().next().cloned());
    path.replace(ANY_OPTIMIZER, name.as_deref().unwrap_or("sgd"))
}

/// Refuses an option when an earlier setting gave its key another value.
fn refuse_contradiction(option: &Setting, path: &str, file: &Value, before: &[Setting]) -> anyhow::Result<()> {
    let concerns = |path: &str, other: &str| dotted_path::is_within(path, other) || dotted_path::is_within(other, path);
    let Some(other) = before.iter().find(|other| concerns(path, &other.path)) else { return Ok(()) };
    let is_same =
        |there: &Value| *there == option.value || there.is_number() && there.as_f64() == option.value.as_f64();
    if dotted_path::get(file, path).is_none_or(is_same) {
        return Ok(());
    }
    refuse!("{} and {} contradict each other; give one of them", option.text, other.text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(settings: &[&str]) -> anyhow::Result<Config> {
        let text = r#"{"name": "a", "hidden": [4], "optimizer": {"sgd": {"lr": 0.1}}, "epochs": 9, "validation": 0.2,
            "sweep": {"batch": [2, 1], "activation": ["relu", "tanh"]}}"#;
        read(text.as_bytes(), &settings.iter().map(|text| text.parse().unwrap()).collect::<Vec<_>>(), None)
    }

    #[test]
    fn values_are_json_or_else_strings_and_missing_objects_are_made() {
        let config = with(&[
            "optimizer.sgd.schedule.cosine.warmup=2",
            "optimizer.sgd.lr=1e-3",
            "split.by=group",
            "hidden=[8,8]",
            "data=x/a.csv",
            "validation=null",
        ])
        .unwrap();
        let text = r#"{"name": "a", "hidden": [8, 8], "epochs": 9, "split": {"by": "group"}, "data": "x/a.csv",
            "optimizer": {"sgd": {"lr": 0.001, "schedule": {"cosine": {"warmup": 2}}}},
            "sweep": {"batch": [2, 1], "activation": ["relu", "tanh"]}}"#;
        assert_eq!(config, json::from_bytes(text.as_bytes()).unwrap());
        let names = |config: Config| config.expand().unwrap().iter().map(|c| c.name().to_owned()).collect::<Vec<_>>();
        let order = ["a-batch-2-relu", "a-batch-2-tanh", "a-batch-1-relu", "a-batch-1-tanh"];
        assert_eq!(names(config), order, "the sweep keeps its order");
        assert_eq!(names(with(&["sweep=null"]).unwrap()), ["a"]);
        assert_eq!(names(with(&[r#"sweep={"epochs": [2], "batch": [3]}"#]).unwrap()), ["a-epochs-2-batch-3"]);
    }

    #[test]
    fn what_a_config_file_may_not_say_may_not_be_set() {
        for (setting, part) in [
            ("epoch=3", "--set epoch=3: key `epoch`: unknown field `epoch`"),
            ("optimizer.sgd.rate=3", "key `optimizer.sgd.rate`: unknown field `rate`"),
            ("epochs=many", "key `epochs`: invalid type: string \"many\""),
            ("optimizer.sgd.lr=0", "key `optimizer.sgd.lr`: expected a finite number above 0, found 0"),
            ("epochs.x=3", "`epochs.x` leads through a value that is no object"),
            ("patience=null", ""),
            ("name=../b", "key `name`: expected a plain folder name"),
            ("split.fold=2", "key `split`: missing field `by`"),
            ("split={\"by\": \"row\", \"fold\": 2}", "key `split.fold`: expected `split.folds` beside it"),
            ("batch=3", "key `batch`: the config's `sweep` varies it"),
            ("sweep.batch=[3]", "key `sweep.batch`: its own keys have dots"),
            ("sweep=3", "key `sweep`: line 1"),
        ] {
            match with(&[setting]) {
                Ok(_) => assert!(part.is_empty(), "accepted {setting}"),
                Err(error) => {
                    assert!(!part.is_empty() && format!("{error:#}").contains(part), "{setting}: {error:#}");
                    assert!(crate::is_refused(&error), "{setting}: {error:#}");
                }
            }
        }
        for text in ["epochs", "=3", "split..by=row", "split.=row"] {
            assert!(text.parse::<Setting>().unwrap_err().contains("expected KEY=VALUE"), "{text}");
        }
    }
}
