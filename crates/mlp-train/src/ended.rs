//! How the runs of a command ended: the lines of `--summary`, the sentence, the exit code.

use std::path::Path;

use mlp_statistics::writers::{self, Writers};
use serde::Serialize;
use stage_cli::{Console, ExitStatus, counted, quoted};
use stage_files::digest::sha256_hex;
use stage_files::json;
use stage_files::output::OutputFile;
use stage_files::run::Summary;

use crate::run::{Run, RunEnd};

/// The runs and how each of them ended.
pub(crate) struct Ended<'a> {
    pub(crate) runs: &'a [Run],
    pub(crate) ends: &'a [RunEnd],
    /// The folder of all run folders.
    pub(crate) out: &'a Path,
    /// What to do after an interruption.
    pub(crate) again: &'a str,
}

/// A line of `--summary` and `--json`: what a run is, and its `summary.json`.
#[derive(Serialize)]
struct Line<'a> {
    /// Its place below the folder of all runs.
    run: &'a str,
    /// SHA-256 of its `config.json`.
    config_sha256: String,
    /// SHA-256 of each file that it read: data sets, then starting weights.
    data_sha256: Vec<&'a str>,
    #[serde(flatten)]
    summary: &'a Summary,
}

impl<'a> Line<'a> {
    fn of(run: &'a Run, summary: &'a Summary) -> anyhow::Result<Self> {
        let config_sha256 = sha256_hex(&json::to_bytes(&run.config.resolved(run.seed))?);
        let data_sha256 = run.folder.inputs().iter().map(|input| input.sha256.as_str()).collect();
        Ok(Self { run: &run.name, config_sha256, data_sha256, summary })
    }
}

impl Ended<'_> {
    /// Writes the summaries and prints how many runs are done. The exit code is that of the signal or of the failures,
    /// if there are any.
    pub(crate) fn report(&self, summary: Option<&OutputFile>, console: &Console) -> anyhow::Result<ExitStatus> {
        let mut lines = Vec::new();
        let mut accuracies = Vec::new();
        let mut of_writers = None;
        let (mut before, mut now, mut failed, mut signal, mut fault) = (0, 0, 0, None, None);
        for (run, end) in self.runs.iter().zip(self.ends) {
            let of_run = match end {
                RunEnd::DoneBefore(summary) => {
                    before += 1;
                    summary
                }
                RunEnd::DoneNow(summary) => {
                    now += 1;
                    summary
                }
                RunEnd::Interrupted(status) => {
                    signal = Some(*status);
                    continue;
                }
                RunEnd::Failed(status) => {
                    failed += 1;
                    fault = Some(worth_another_try(fault, *status));
                    continue;
                }
            };
            lines.push(serde_json::to_string(&Line::of(run, of_run)?)?);
            accuracies.extend(of_run.test_accuracy);
            of_writers = Some(speaks_of(of_run));
        }
        if let Some(status) = signal {
            let left = self.ends.len() as u64 - before - now - failed;
            console.warn(format!("interrupted with {} left; {}", counted(left, "run"), self.again));
            return Ok(status);
        }
        if let Some(file) = summary {
            let mut text = lines.join("\n");
            text.extend((!lines.is_empty()).then_some('\n'));
            file.write(text.as_bytes())?;
        }
        if console.is_json() {
            lines.iter().try_for_each(|line| console.data(line))?;
        }
        if let Some(status) = fault {
            let all = counted(self.ends.len() as u64, "run");
            console.warn(format!("{failed} of {all} could not be done, see above; the same command tries them again"));
            return Ok(status);
        }
        let mut accuracy = accuracy_words(&accuracies);
        if let ([_], [_], Some(words)) = (self.ends, accuracies.as_slice(), of_writers) {
            accuracy += &format!("; {words}");
        }
        self.say(now, before, &accuracy, console);
        Ok(ExitStatus::Done)
    }

    fn say(&self, now: u64, before: u64, accuracy: &str, console: &Console) {
        let place = self.out.display();
        console.note(match (now, before) {
            (0, _) => format!("mlp-train: nothing to do: {}, up to date in {place}{accuracy}", counted(before, "run")),
            (_, 0) => format!("mlp-train: {} done, in {place}{accuracy}", counted(now, "run")),
            _ => format!("mlp-train: {} done, {before} done before, in {place}{accuracy}", counted(now, "run")),
        });
        if now + before > 0 {
            console.next("report", "mlp-report", &[&quoted(self.out), &"--out report"]);
        }
    }
}

/// Of two failures that which another try may mend: then the whole command is worth one.
fn worth_another_try(before: Option<ExitStatus>, now: ExitStatus) -> ExitStatus {
    if before == Some(ExitStatus::OutsideFault) { ExitStatus::OutsideFault } else { now }
}

/// `, test accuracy 0.987`, or from where to where several reach: the runs may be of several experiments.
fn accuracy_words(accuracies: &[f64]) -> String {
    match accuracies {
        [] => String::new(),
        [accuracy] => format!(", test accuracy {accuracy:.3}"),
        _ => {
            let low = accuracies.iter().copied().fold(f64::INFINITY, f64::min);
            let high = accuracies.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            format!(", test accuracies {low:.3} .. {high:.3}")
        }
    }
}

/// What the accuracy of a run speaks of: other writers, or those of its test rows only.
fn speaks_of(summary: &Summary) -> String {
    let Some(of) = summary.test_writers else { return Writers::default().sentence() };
    writers::sentence(of.count as usize, of.in_training as usize, of.low.zip(of.high), of.more_to_halve)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_with_a_fault_from_outside_is_worth_another_try() {
        use ExitStatus::{OutsideFault, Refused};
        let of = |ends: &[ExitStatus]| ends.iter().fold(None, |before, now| Some(worth_another_try(before, *now)));
        assert_eq!(of(&[OutsideFault, Refused]), Some(OutsideFault));
        assert_eq!(of(&[Refused, OutsideFault]), Some(OutsideFault));
        assert_eq!(of(&[Refused, Refused]), Some(Refused));
    }
}
