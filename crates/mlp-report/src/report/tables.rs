//! The tables of experiments, comparisons and runs.

use crate::comparison::Comparison;
use crate::experiment::Experiment;
use crate::run::Run;
use mlp_statistics::wilson::wilson;
use stage_page::format::{p_value, percent_points, range, share};
use stage_page::{Block, Switches, Table};

/// Rows that a table on the page has at most; the CSV files have all.
const MOST_ROWS: usize = 2000;

/// One row an experiment.
pub(crate) fn experiments(experiments: &[Experiment<'_>]) -> Block {
    let mut table = Table::new(
        "Experiments: means over their runs",
        &[
            "experiment",
            "hidden",
            "#runs",
            "#rows train/test",
            "#epochs",
            "#training loss",
            "#training accuracy",
            "#test accuracy",
            "#95 % interval",
            "#near zero loss at epoch",
            "outcome",
        ],
    );
    for experiment in experiments.iter().take(MOST_ROWS) {
        let run = experiment.runs[0];
        let (median, reached) = experiment.zero_loss_epoch();
        let zero = match (median, reached) {
            (Some(epoch), all) if all == experiment.runs.len() => epoch.to_string(),
            (Some(epoch), some) => format!("{epoch} ({some} of {})", experiment.runs.len()),
            (None, 0) => "never".into(),
            (None, some) => format!("{some} of {}", experiment.runs.len()),
        };
        let epochs = experiment.runs.iter().map(|run| run.summary.epochs);
        let (least, most) = (epochs.clone().min().unwrap_or(0), epochs.max().unwrap_or(0));
        table.rows.push(vec![
            experiment.name.clone(),
            run.shape(),
            experiment.runs.len().to_string(),
            format!("{}/{}", run.summary.train_rows, run.summary.test_rows),
            if least == most { most.to_string() } else { format!("{least} .. {most}") },
            share(experiment.mean_of(|run| run.summary.train_loss)),
            share(experiment.mean_of(|run| run.summary.train_accuracy)),
            share(experiment.accuracy().map(|accuracy| accuracy.mean)),
            experiment.interval().map_or("-".into(), |interval| range(interval, |limit| format!("{limit:.3}"))),
            zero,
            experiment.outcomes(),
        ]);
    }
    table.switches = Some(Switches::Groups);
    if experiments.len() > MOST_ROWS {
        table.caption += &format!(" (the first {MOST_ROWS} of {}; experiments.csv has all)", experiments.len());
    }
    Block::Table(table)
}

/// One row a comparison.
pub(crate) fn comparisons(data: &str, comparisons: &[Comparison]) -> Block {
    let mut table = Table::new(
        format!("Differences of test accuracy on {data}"),
        &["a", "b", "#a less b, points", "#95 % interval", "#p", "#p, Holm", "#pairs", "test", "verdict"],
    );
    table.rows.extend(comparisons.iter().map(|comparison| {
        let difference = comparison.difference;
        vec![
            comparison.a.clone(),
            comparison.b.clone(),
            percent_points(difference.estimate),
            range(difference.interval, percent_points),
            p_value(difference.p),
            p_value(comparison.p_holm),
            comparison.pairs.to_string(),
            comparison.test.name().into(),
            comparison.verdict().into(),
        ]
    }));
    Block::Table(table)
}

/// One row a run, of all experiments.
pub(crate) fn all_runs(experiments: &[Experiment<'_>]) -> Block {
    let runs: Vec<(&str, &Run)> = experiments
        .iter()
        .flat_map(|experiment| experiment.runs.iter().map(|run| (experiment.name.as_str(), *run)))
        .collect();
    let columns =
        ["run", "experiment", "#seed", "#epochs", "#training loss", "#training accuracy", "#test accuracy", "outcome"];
    let mut table = Table::new("All runs", &columns);
    table.switches = Some(Switches::Lines);
    if runs.len() > MOST_ROWS {
        table.caption += &format!(": the first {MOST_ROWS} of {}; results.csv has all", runs.len());
    }
    table.rows.extend(runs.iter().take(MOST_ROWS).map(|(experiment, run)| {
        let s = &run.summary;
        vec![
            run.name.clone(),
            (*experiment).to_owned(),
            s.seed.to_string(),
            s.epochs.to_string(),
            share(s.train_loss),
            share(s.train_accuracy),
            share(s.test_accuracy),
            run.outcome_word().into(),
        ]
    }));
    Block::Table(table)
}

/// One row a run of an experiment.
pub(crate) fn runs(experiment: &Experiment<'_>) -> Block {
    let folds = experiment.runs.iter().any(|run| run.summary.fold.is_some());
    let mut columns = vec![
        "run",
        "#seed",
        "#epochs",
        "#training loss",
        "#test accuracy",
        "#95 % interval",
        "#near zero loss at epoch",
        "outcome",
    ];
    if folds {
        columns.insert(1, "#fold");
    }
    let mut table = Table::new(format!("Runs of {}; the interval of each is Wilson's", experiment.name), &columns);
    for run in &experiment.runs {
        let s = &run.summary;
        let limits = s.test_correct.and_then(|correct| wilson(correct, s.test_rows));
        let mut row = vec![run.name.clone()];
        if folds {
            row.push(s.fold.map_or("-".into(), |fold| fold.to_string()));
        }
        row.extend([
            s.seed.to_string(),
            s.epochs.to_string(),
            share(s.train_loss),
            share(s.test_accuracy),
            limits.map_or("-".into(), |limits| range(limits, |limit| format!("{limit:.3}"))),
            s.zero_loss_epoch.map_or("never".into(), |epoch| epoch.to_string()),
            run.outcome_word().into(),
        ]);
        table.rows.push(row);
    }
    Block::Table(table)
}
