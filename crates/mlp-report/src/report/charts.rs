//! Curves of experiments, alone and overlaid.

use crate::comparison::Family;
use crate::experiment::Experiment;
use crate::run::{Point, slug};
use stage_page::chart::{self, Axis, Chart, Line, SERIES};
use stage_page::format::{counted, share};

type Curve = Vec<(f64, f64, f64, f64)>;

fn line(name: &str, curve: &Curve, several: bool) -> Line {
    Line {
        name: name.into(),
        points: curve.iter().map(|p| (p.0, p.1)).collect(),
        band: if several { curve.iter().map(|p| (p.0, p.2, p.3)).collect() } else { Vec::new() },
    }
}

/// Loss and accuracy of an experiment over the epochs, on training and test rows.
pub(crate) fn curves(experiment: &Experiment<'_>) -> Vec<Chart> {
    if experiment.runs.iter().all(|run| run.curve.is_empty()) {
        return Vec::new();
    }
    let several = experiment.runs.len() > 1;
    let of = if several {
        format!("Mean of {}; the bands reach from the lowest to the highest.", counted(experiment.runs.len(), "run"))
    } else {
        String::new()
    };
    let chart = |what: &str, axis, end: String, values: [fn(&Point) -> f32; 3]| {
        let lines: Vec<Line> = ["training", "test", "validation"]
            .into_iter()
            .zip(values)
            .map(|(name, value)| line(name, &experiment.curve(value), several))
            .filter(|line| !line.points.is_empty())
            .collect();
        let title = format!("{what}: {}", experiment.name);
        let description = format!("{what} on each part of the data split over the epochs. {of}{end}");
        chart::lines(format!("{}-{}", slug(&experiment.name), what.to_lowercase()), &title, description, &lines, axis)
    };
    let loss = experiment.mean_of(|run| run.summary.train_loss);
    let accuracy = experiment.accuracy().map(|accuracy| accuracy.mean);
    vec![
        chart(
            "Loss",
            Axis::Loss,
            format!(" Training loss at the end: {}.", share(loss)),
            [|point| point.train_loss, |point| point.test_loss, |point| point.validation_loss],
        ),
        chart(
            "Accuracy",
            Axis::Share,
            format!(" Test accuracy at the end: {}.", share(accuracy)),
            [|point| point.train_accuracy, |point| point.test_accuracy, |point| point.validation_accuracy],
        ),
    ]
}

/// The curves of each run of every experiment that has several.
pub(crate) fn single_curves(experiments: &[Experiment<'_>]) -> Vec<Chart> {
    experiments.iter().flat_map(Experiment::single_runs).flat_map(|run| curves(&run)).collect()
}

/// Test accuracy and training loss of the best experiments of a family, as many as a chart has line styles.
pub(crate) fn overlaid(number: usize, experiments: &[Experiment<'_>], family: &Family) -> Vec<Chart> {
    let shown: Vec<&Experiment<'_>> = family.ranking.iter().take(SERIES).map(|&i| &experiments[i]).collect();
    let which = if shown.len() < family.ranking.len() {
        format!("the {} with the highest test accuracy of {}", shown.len(), family.ranking.len())
    } else {
        "all experiments".to_owned()
    };
    let chart = |what: &str, file: &str, axis, value: fn(&Point) -> f32| {
        let lines: Vec<Line> =
            shown.iter().map(|experiment| line(&experiment.name, &experiment.curve(value), false)).collect();
        // The name of the data is too long for a title; it stands above the charts.
        let description = format!(
            "Data {}. A line for each experiment, the mean over its runs: {which}. The table has the ends.",
            family.data_name
        );
        chart::lines(format!("overlay-{}-{file}", number + 1), what, description, &lines, axis)
    };
    vec![
        chart("Test accuracy", "accuracy", Axis::Share, |point| point.test_accuracy),
        chart("Training loss", "loss", Axis::Loss, |point| point.train_loss),
    ]
}
