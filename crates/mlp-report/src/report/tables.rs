//! The tables of experiments, comparisons and runs.

use crate::comparison::Comparison;
use crate::experiment::Experiment;
use crate::run::Run;
use crate::words::{self, tables as said};
use mlp_statistics::wilson::wilson;
use stage_page::format::{p_value, percent_points, range, share};
use stage_page::{Block, Lang, Switches, Table};

/// Rows that a table on the page has at most; the CSV files have all.
const MOST_ROWS: usize = 2000;

/// One row an experiment.
pub(crate) fn experiments(lang: Lang, experiments: &[Experiment<'_>]) -> Block {
    let mut table = Table::new(said::experiments(lang), &said::experiment_columns(lang));
    for experiment in experiments.iter().take(MOST_ROWS) {
        let run = experiment.runs[0];
        let (median, reached) = experiment.zero_loss_epoch();
        let zero = match (median, reached) {
            (Some(epoch), all) if all == experiment.runs.len() => epoch.to_string(),
            (Some(epoch), some) => said::reached(lang, epoch, some, experiment.runs.len()),
            (None, 0) => words::never(lang),
            (None, some) => words::of(lang, some, experiment.runs.len()),
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
            experiment.outcomes(lang),
        ]);
    }
    table.switches = Some(Switches::Groups);
    if experiments.len() > MOST_ROWS {
        table.caption += &said::first_experiments(lang, MOST_ROWS, experiments.len());
    }
    Block::Table(table)
}

/// One row a comparison.
pub(crate) fn comparisons(lang: Lang, data: &str, comparisons: &[Comparison]) -> Block {
    let mut table = Table::new(said::differences(lang, data), &said::comparison_columns(lang));
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
            words::comparisons::test(lang, comparison.test).into(),
            comparison.verdict(lang).into(),
        ]
    }));
    Block::Table(table)
}

/// One row a run, of all experiments.
pub(crate) fn all_runs(lang: Lang, experiments: &[Experiment<'_>]) -> Block {
    let runs: Vec<(&str, &Run)> = experiments
        .iter()
        .flat_map(|experiment| experiment.runs.iter().map(|run| (experiment.name.as_str(), *run)))
        .collect();
    let mut table = Table::new(said::all_runs(lang), &said::all_run_columns(lang));
    table.switches = Some(Switches::Lines);
    if runs.len() > MOST_ROWS {
        table.caption += &said::first_runs(lang, MOST_ROWS, runs.len());
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
            said::outcome(lang, run.outcome_word()),
        ]
    }));
    Block::Table(table)
}

/// One row a run of an experiment.
pub(crate) fn runs(lang: Lang, experiment: &Experiment<'_>) -> Block {
    let folds = experiment.runs.iter().any(|run| run.summary.fold.is_some());
    let mut columns = said::run_columns(lang).to_vec();
    if folds {
        columns.insert(1, said::fold_column(lang));
    }
    let mut table = Table::new(said::runs_of(lang, &experiment.name), &columns);
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
            s.zero_loss_epoch.map_or_else(|| words::never(lang), |epoch| epoch.to_string()),
            said::outcome(lang, run.outcome_word()),
        ]);
        table.rows.push(row);
    }
    Block::Table(table)
}
