//! Finds the model file that a user means.

use std::path::{Path, PathBuf};

use anyhow::bail;

use super::{FoundRun, MODEL_FILE, Outcome, RunState, find_runs};
use crate::kind::{Kind, kind};
use crate::refuse;

/// Runs named in a message when there are several.
const SHOWN: usize = 5;

/// The model file that a user means by `path`: the file itself, that of a run folder, or that of the only run below a
/// folder.
///
/// # Errors
/// Refusals that say why there is no model: nothing is there, the run diverged or is not finished, or there are
/// several runs to choose from.
pub fn model_file(path: &Path) -> anyhow::Result<PathBuf> {
    const EXPECTED: &str = "expected a run folder of mlp-train or its model.safetensors";
    let shown = path.display();
    match kind(path)? {
        Kind::Nothing => refuse!("{shown}: no such file or folder; {EXPECTED}"),
        Kind::File => return Ok(path.to_owned()),
        Kind::Folder => {}
    }
    let direct = path.join(MODEL_FILE);
    if kind(&direct)? == Kind::File {
        return Ok(direct);
    }
    let runs = find_runs(path)?;
    // What cannot be read may be the run that is meant.
    for run in &runs {
        if let RunState::Unreadable(reason) = &run.state {
            bail!("{}: cannot be read at present: {reason}", run.folder.display());
        }
    }
    match runs.as_slice() {
        [] => refuse!("{shown}: no run in this folder; {EXPECTED}"),
        [run] if kind(&run.folder.join(MODEL_FILE))? == Kind::File => Ok(run.folder.join(MODEL_FILE)),
        [run] => refuse!("{}: {}", run.folder.display(), why_without_model(run)),
        several => {
            let names: Vec<&str> = several.iter().take(SHOWN).map(|run| run.name.as_str()).collect();
            let more = match several.len().saturating_sub(SHOWN) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let usable = several.iter().find(|run| run.folder.join(MODEL_FILE).is_file()).unwrap_or(&several[0]);
            refuse!(
                "{shown}: holds {} runs ({}{more}); name one of them, such as {}",
                several.len(),
                names.join(", "),
                usable.folder.display()
            );
        }
    }
}

fn why_without_model(run: &FoundRun) -> String {
    match &run.state {
        RunState::Done(summary, _) => match summary.outcome {
            Outcome::Diverged { epoch, learning_rate, .. } => format!(
                "the run diverged in epoch {epoch} (learning rate {learning_rate}) and left no model; train it again \
                 with a smaller learning rate"
            ),
            _ => {
                format!("{MODEL_FILE} is missing; remove the folder and train it again")
            }
        },
        RunState::Unfinished => "the run is not finished and has no model yet; run mlp-train again to end it".into(),
        RunState::Damaged(reason) | RunState::Unreadable(reason) => format!("there is no {MODEL_FILE}, and {reason}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{CONFIG_FILE, SUMMARY_FILE};
    use crate::stage::StageInfo;

    #[test]
    fn what_the_user_means_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().join("a/seed-1");
        std::fs::create_dir_all(&run).unwrap();
        std::fs::write(run.join(CONFIG_FILE), "{}").unwrap();
        let model = run.join(MODEL_FILE);
        std::fs::write(&model, "").unwrap();
        for named in [&model, &run, &folder.path().to_owned()] {
            assert_eq!(model_file(named).unwrap(), model, "{}", named.display());
        }
    }

    #[test]
    fn without_a_model_the_reason_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let says = |path: &Path, part: &str| {
            let error = model_file(path).unwrap_err();
            assert!(error.to_string().contains(part) && crate::is_refused(&error), "{error}");
        };
        says(&folder.path().join("none"), "no such file or folder");
        says(folder.path(), "no run in this folder");
        let run = folder.path().join("a");
        std::fs::create_dir(&run).unwrap();
        std::fs::write(run.join(CONFIG_FILE), "{}").unwrap();
        says(&run, "not finished");
        let labels: crate::LabelSet = "1-5".parse().unwrap();
        let summary = serde_json::json!({
            "name": "a", "seed": 1, "epochs": 3, "hidden": [], "activation": [], "parameters": 5, "data": "x.csv",
            "outcome": {"diverged": {"epoch": 3, "learning_rate": 0.5, "largest_weight": 1e9, "layer": 1}},
            "labels": labels, "train_rows": 1, "test_rows": 1, "train_loss": null, "train_accuracy": null,
            "test_loss": null, "test_correct": null, "test_accuracy": null, "zero_loss_epoch": null
        });
        crate::json::write(&run.join(SUMMARY_FILE), &summary).unwrap();
        StageInfo::new("mlp-train", "1", serde_json::Value::Null, labels).finish(&run).unwrap();
        says(&run, "diverged in epoch 3 (learning rate 0.5)");
        let other = folder.path().join("b");
        std::fs::create_dir(&other).unwrap();
        std::fs::write(other.join(CONFIG_FILE), "{}").unwrap();
        says(folder.path(), "holds 2 runs (a, b); name one of them, such as ");
    }
}
