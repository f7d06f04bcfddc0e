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
    let (name, slug) = (&experiment.name, slug(&experiment.name));
    vec![
        loss(experiment, format!("{slug}-loss"), &format!("Loss: {name}")),
        accuracy(experiment, format!("{slug}-accuracy"), &format!("Accuracy: {name}")),
    ]
}

/// The accuracy of the best experiment on a data set over the epochs, as the picture of its training.
pub(super) fn best(number: usize, experiment: &Experiment<'_>) -> Option<Chart> {
    let has_curve = experiment.runs.iter().any(|run| !run.curve.is_empty());
    has_curve.then(|| accuracy(experiment, format!("best-{}-accuracy", number + 1), "Accuracy over the epochs"))
}

fn loss(experiment: &Experiment<'_>, file: String, title: &str) -> Chart {
    let end = experiment.mean_of(|run| run.summary.train_loss);
    let parts: [fn(&Point) -> f32; 3] =
        [|point| point.train_loss, |point| point.test_loss, |point| point.validation_loss];
    let description = description(experiment, "Loss", &format!("Training loss at the end: {}.", share(end)));
    chart::lines(file, title, description, &lines(experiment, parts), Axis::Loss)
}

fn accuracy(experiment: &Experiment<'_>, file: String, title: &str) -> Chart {
    let end = experiment.accuracy().map(|accuracy| accuracy.mean);
    let parts: [fn(&Point) -> f32; 3] =
        [|point| point.train_accuracy, |point| point.test_accuracy, |point| point.validation_accuracy];
    let description = description(experiment, "Accuracy", &format!("Test accuracy at the end: {}.", share(end)));
    chart::lines(file, title, description, &lines(experiment, parts), Axis::Share)
}

fn description(experiment: &Experiment<'_>, what: &str, end: &str) -> String {
    let runs = experiment.runs.len();
    let of = match runs {
        0 | 1 => String::new(),
        _ => format!("Mean of {}; the bands reach from the lowest to the highest. ", counted(runs, "run")),
    };
    format!("{what} on each part of the data split over the epochs. {of}{end}")
}

/// A line for each part of the data split that has values.
fn lines(experiment: &Experiment<'_>, parts: [fn(&Point) -> f32; 3]) -> Vec<Line> {
    let several = experiment.runs.len() > 1;
    let named = ["training", "test", "validation"].into_iter().zip(parts);
    let lines = named.map(|(name, value)| line(name, &experiment.curve(value), several));
    lines.filter(|line| !line.points.is_empty()).collect()
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
