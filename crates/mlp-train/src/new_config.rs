//! `mlp-train new`: a config to start from.
//!
//! JSON has no comments, so the explanations stand beside it: `$schema` leads an editor to the schema file, which says
//! what each key means, and the command prints the same.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;
use stage_cli::{Console, ExitStatus};
use stage_files::config::schema;
use stage_files::dataset::DataSet;
use stage_files::output::OutputFile;
use stage_files::{json, refuse};

/// Name of the schema file beside a new config.
const SCHEMA_FILE: &str = "mlp-train.schema.json";
/// Longest line on the screen.
const COLUMNS: usize = 80;
/// Name of the data set where none is given.
const SOME_DATA: &str = "datasets/mine/20x20_info.csv";

/// The arguments of `mlp-train new`.
#[derive(Args)]
#[command(after_help = "\
Example:
  mlp-train new my.json --data datasets/mine/20x20_info.csv
  mlp-train my.json --out runs-mine")]
pub(crate) struct NewArgs {
    /// Config file to write, which must not exist; without it the config goes to standard output
    file: Option<PathBuf>,
    /// Data set CSV that the config names
    #[arg(long, value_name = "CSV")]
    data: Option<PathBuf>,
}

impl NewArgs {
    /// Writes the config, and the schema beside it, and prints what its keys mean.
    pub(crate) fn run(&self, console: &Console) -> anyhow::Result<ExitStatus> {
        let config = self.config()?;
        let Some(file) = &self.file else {
            console.data(config.trim_end())?;
            explain(&config, console)?;
            return Ok(ExitStatus::Done);
        };
        if std::fs::symlink_metadata(file).is_ok() {
            refuse!(
                "{}: expected no file of this name, found one; name another file for the new config",
                file.display()
            );
        }
        let schema_file = file.with_file_name(SCHEMA_FILE);
        OutputFile::new("FILE", file, &[])?.write(config.as_bytes())?;
        if !schema_file.exists() {
            OutputFile::new("the schema", &schema_file, &[])?.write(&schema()?)?;
        }
        explain(&config, console)?;
        let shown = file.display();
        console.note(format!("{shown} written; train with it: mlp-train {shown} --out runs"));
        Ok(ExitStatus::Done)
    }

    /// The recommended values, and a split that the data set allows.
    fn config(&self) -> anyhow::Result<String> {
        let (data, by) = match &self.data {
            None => (SOME_DATA.to_owned(), "row"),
            Some(path) => {
                let Some(text) = path.to_str() else {
                    refuse!("--data {}: expected a path in UTF-8, as JSON holds it; rename the file", path.display());
                };
                (text.to_owned(), if has_writers(path)? { "group" } else { "row" })
            }
        };
        Ok(format!(
            r#"{{
  "$schema": "{SCHEMA_FILE}",
  "data": {},
  "split": {{"by": "{by}", "train": 0.8}},
  "scale": "unit",
  "invert": true,
  "augment": {{
    "shift_px": 1.5, "rotate_deg": 15, "scale": 0.2, "shear": 0.3, "thickness": 0.6,
    "elastic": {{"sigma_px": 4, "alpha_px": 30}}
  }},
  "hidden": [512, 256],
  "activation": "relu",
  "init": "he",
  "optimizer": {{
    "sgd": {{
      "lr": 0.02, "momentum": 0.9, "nesterov": true, "weight_decay": 1e-4,
      "schedule": {{"cosine": {{"floor": 0.01, "warmup": 1}}}}
    }}
  }},
  "dropout": 0.1,
  "batch": 32,
  "epochs": 30,
  "report": 10,
  "seed": 1
}}
"#,
            json::to_line(&data)?
        ))
    }
}

/// Whether a data set is by several writers, so that some can test.
fn has_writers(csv: &Path) -> anyhow::Result<bool> {
    let rows = DataSet::read(csv)?.rows.unwrap_or_default();
    let first = rows.first().and_then(|row| row.writer.as_deref());
    Ok(first.is_some() && rows.iter().any(|row| row.writer.as_deref().is_some_and(|writer| Some(writer) != first)))
}

/// Prints what the keys of a config mean, then which others there are.
fn explain(config: &str, console: &Console) -> anyhow::Result<()> {
    let schema: Value = json::from_bytes(&schema()?)?;
    let config: Value = json::from_bytes(config.as_bytes())?;
    let Some(keys) = schema["properties"].as_object() else { return Ok(()) };
    let (its, others): (Vec<_>, Vec<_>) = keys.iter().partition(|(key, _)| config.get(key).is_some());
    let is_explained = |key: &str| key != "$schema";
    for (title, keys) in [("Keys of this config:", its), ("Keys that it leaves out:", others)] {
        console.note(title);
        let lines = keys.iter().filter(|(key, _)| is_explained(key)).flat_map(|(key, about)| lines(key, about));
        lines.for_each(|line| console.note(line));
    }
    Ok(())
}

/// A key with the first sentence of its description. What holds in short configs is left out: this is none.
fn lines(key: &str, about: &Value) -> Vec<String> {
    let about = about["description"].as_str().unwrap_or_default().replace('\n', " ");
    let is_short = |part: &&str| part.contains("where `optimizer` is left out");
    let parts: Vec<&str> = first_sentence(&about).split("; ").filter(|part| !is_short(part)).collect();
    let (mut lines, mut line) = (Vec::new(), format!("  {key:<15}"));
    for word in parts.join("; ").split(' ') {
        if line.chars().count() + word.chars().count() >= COLUMNS {
            lines.push(std::mem::replace(&mut line, format!("  {:<15}", "")));
        }
        line = format!("{line} {word}");
    }
    lines.push(line);
    lines
}

/// The text up to a full stop that a capital letter or the end follows.
fn first_sentence(text: &str) -> &str {
    let ends = text.match_indices(". ").map(|(at, _)| at);
    let is_end = |at: &usize| text[at + 2..].starts_with(|c: char| c.is_uppercase() || c == '`');
    let end = ends.into_iter().find(is_end).unwrap_or(text.len());
    text[..end].trim_end_matches('.')
}
