//! Settings from the command line, `--set KEY=VALUE`, which take the place of what a config file says.

use std::str::FromStr;

use anyhow::Context;
use serde_json::Value;

use super::{Config, Sweep, dotted_path};
use crate::{json, refuse};

/// One `KEY=VALUE`: a dotted path into the config, and JSON; what is no JSON is a string.
///
/// `optimizer.sgd.lr=0.1`, `split.by=group`, `split={"by": "group", "folds": 5}`, `validation=null`.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    text: String,
    path: String,
    value: Value,
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((path, value)) if dotted_path::is_sound(path) => Ok(Self {
                text: text.to_owned(),
                path: path.to_owned(),
                value: serde_json::from_str(value).unwrap_or_else(|_| Value::from(value)),
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
    if settings.is_empty() {
        return finish(config);
    }
    let texts: Vec<String> = settings.iter().map(|setting| format!("--set {}", setting.text)).collect();
    changed(config.sweep, json::from_bytes(bytes)?, settings).and_then(finish).with_context(|| texts.join(" "))
}

/// Changes the JSON of a file. Defaults are not in it, so a setting never meets one: `schedule.cosine` may be set where
/// the default schedule is `constant`. JSON sorts its keys, but a sweep goes by their order, so it is apart.
fn changed(mut sweep: Option<Sweep>, mut file: Value, settings: &[Setting]) -> anyhow::Result<Config> {
    file["sweep"] = Value::Null;
    for Setting { text, path, value } in settings {
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
    if let Some(Setting { path, .. }) = settings.iter().find(|setting| varied(&setting.path)) {
        refuse!("key `{path}`: the config's `sweep` varies it, so the setting would have no effect");
    }
    Ok(Config { sweep, ..json::from_value(&file)? })
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
