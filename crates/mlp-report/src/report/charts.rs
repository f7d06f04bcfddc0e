//! Curves of experiments, alone and overlaid.

use crate::comparison::Family;
use crate::experiment::Experiment;
use crate::run::{Point, slug};
use crate::words::curves::{self as said, Measure};
use stage_page::Lang;
use stage_page::chart::{self, Axis, Chart, Line, SERIES};
use stage_page::format::share;

type Curve = Vec<(f64, f64, f64, f64)>;

fn line(name: &str, curve: &Curve, several: bool) -> Line {
    Line {
        name: name.into(),
        points: curve.iter().map(|p| (p.0, p.1)).collect(),
        band: if several { curve.iter().map(|p| (p.0, p.2, p.3)).collect() } else { Vec::new() },
    }
}

/// Loss and accuracy of an experiment over the epochs, on training and test rows.
pub(crate) fn curves(lang: Lang, experiment: &Experiment<'_>) -> Vec<Chart> {
    if experiment.runs.iter().all(|run| run.curve.is_empty()) {
        return Vec::new();
    }
    let (name, slug) = (&experiment.name, slug(&experiment.name));
    vec![
        loss(lang, experiment, format!("{slug}-loss"), &said::loss_of(lang, name)),
        accuracy(lang, experiment, format!("{slug}-accuracy"), &said::accuracy_of(lang, name)),
    ]
}

/// The accuracy of the best experiment on a data set over the epochs, as the picture of its training.
pub(super) fn best(lang: Lang, number: usize, experiment: &Experiment<'_>) -> Option<Chart> {
    let has_curve = experiment.runs.iter().any(|run| !run.curve.is_empty());
    has_curve
        .then(|| accuracy(lang, experiment, format!("best-{}-accuracy", number + 1), said::accuracy_over_epochs(lang)))
}

fn loss(lang: Lang, experiment: &Experiment<'_>, file: String, title: &str) -> Chart {
    let end = experiment.mean_of(|run| run.summary.train_loss);
    let parts: [fn(&Point) -> f32; 3] =
        [|point| point.train_loss, |point| point.test_loss, |point| point.validation_loss];
    let description = said::loss_description(lang, experiment.runs.len(), &share(end));
    chart::lines(lang, file, title, description, &lines(lang, experiment, parts), Axis::Loss)
}

fn accuracy(lang: Lang, experiment: &Experiment<'_>, file: String, title: &str) -> Chart {
    let end = experiment.accuracy().map(|accuracy| accuracy.mean);
    let parts: [fn(&Point) -> f32; 3] =
        [|point| point.train_accuracy, |point| point.test_accuracy, |point| point.validation_accuracy];
    let description = said::accuracy_description(lang, experiment.runs.len(), &share(end));
    chart::lines(lang, file, title, description, &lines(lang, experiment, parts), Axis::Share)
}

/// A line for each part of the data split that has values.
fn lines(lang: Lang, experiment: &Experiment<'_>, parts: [fn(&Point) -> f32; 3]) -> Vec<Line> {
    let several = experiment.runs.len() > 1;
    let named = said::parts(lang).into_iter().zip(parts);
    let lines = named.map(|(name, value)| line(name, &experiment.curve(value), several));
    lines.filter(|line| !line.points.is_empty()).collect()
}

/// The curves of each run of every experiment that has several.
pub(crate) fn single_curves(lang: Lang, experiments: &[Experiment<'_>]) -> Vec<Chart> {
    experiments.iter().flat_map(Experiment::single_runs).flat_map(|run| curves(lang, &run)).collect()
}

/// Test accuracy and training loss of the best experiments of a family, as many as a chart has line styles.
pub(crate) fn overlaid(lang: Lang, number: usize, experiments: &[Experiment<'_>], family: &Family) -> Vec<Chart> {
    let shown: Vec<&Experiment<'_>> = family.ranking.iter().take(SERIES).map(|&i| &experiments[i]).collect();
    let chart = |what, file: &str, axis, value: fn(&Point) -> f32| {
        let lines: Vec<Line> =
            shown.iter().map(|experiment| line(&experiment.name, &experiment.curve(value), false)).collect();
        // The name of the data is too long for a title; it stands above the charts.
        let description = said::overlaid(lang, &family.data_name, shown.len(), family.ranking.len());
        let title = said::measure(lang, what);
        chart::lines(lang, format!("overlay-{}-{file}", number + 1), title, description, &lines, axis)
    };
    vec![
        chart(Measure::TestAccuracy, "accuracy", Axis::Share, |point| point.test_accuracy),
        chart(Measure::TrainingLoss, "loss", Axis::Loss, |point| point.train_loss),
    ]
}
