//! The page of an evaluation.

use std::collections::BTreeMap;

use mlp_statistics::reliability::expected_calibration_error;
use mlp_statistics::wilson::wilson;
use stage_page::format::{capitalised, counted, range, share};
use stage_page::{Block, Lang, Picture, Table, chart, page};

use super::numbers::Evaluation;
use crate::Predictor;
use crate::guarantee::{percent, promise};
use crate::labelled_pictures::{Judged, LabelledFolder};

/// Pictures shown of one pair of label and prediction.
const MOST_PICTURES: usize = 60;
/// Pairs that are open at first.
const OPEN_PAIRS: usize = 3;
/// Rows of the tables of writers and of rejected files; the files beside the page have all.
const MOST_ROWS: usize = 200;

/// The page as HTML.
pub(super) fn html(
    evaluation: &Evaluation,
    pictures: &LabelledFolder,
    predictor: &Predictor,
    is_guaranteed: bool,
) -> String {
    let mut blocks = opening(evaluation, predictor, is_guaranteed);
    blocks.push(Block::Heading("By label".into()));
    blocks.push(Block::Charts(vec![chart::confusion(
        Lang::En,
        "confusion".into(),
        "Confusion matrix",
        &evaluation.confusion,
    )]));
    blocks.push(Block::Table(by_label(evaluation)));
    blocks.extend(misclassified(pictures, predictor));
    blocks.extend(calibration(evaluation));
    blocks.extend(by_writer(evaluation));
    blocks.extend(rejected(pictures));
    page(Lang::En, &format!("{} on {}", evaluation.model, evaluation.folder), &blocks)
}

/// The accuracy, what it speaks of, and what was not counted.
fn opening(evaluation: &Evaluation, predictor: &Predictor, is_guaranteed: bool) -> Vec<Block> {
    let interval = range(evaluation.interval_over_pictures(), |limit| format!("{limit:.3}"));
    let mut blocks = vec![Block::Paragraph(format!(
        "Accuracy {:.3}: {} of {} are predicted correctly.",
        evaluation.accuracy(),
        evaluation.correct(),
        counted(evaluation.pictures() as usize, "picture"),
    ))];
    let mut facts = vec![
        format!("{}.", capitalised(&evaluation.writers.sentence())),
        format!("95 % interval {interval} over other pictures of these writers."),
    ];
    if evaluation.least_confidence > 0.0 {
        let (accepted, wrong) = evaluation.accepted;
        facts.push(format!(
            "{} of {} answers have a confidence below {} and are refused. Of the other {accepted}, {wrong} are wrong ({}).",
            evaluation.refused(),
            evaluation.pictures(),
            evaluation.least_confidence,
            if accepted > 0 { percent(wrong as f64 / accepted as f64) } else { "-".to_owned() },
        ));
    }
    if let (true, Some(guarantee)) = (is_guaranteed, predictor.guarantee()) {
        facts.push(format!("{}.", capitalised(&promise(guarantee))));
    }
    let mistakes = evaluation.confusion.mistakes(MOST_CONFUSED);
    if !mistakes.is_empty() {
        let named = mistakes.iter().map(|(label, predicted, count)| format!("{label} as {predicted} ({count})"));
        facts.push(format!("Most confused: {}.", named.collect::<Vec<_>>().join(", ")));
    }
    if evaluation.rejected > 0 {
        facts.push(format!("Rejected: {}.", counted(evaluation.rejected as usize, "file")));
    }
    blocks.push(Block::List(facts));
    let (unknown, refused) = evaluation.unknown;
    if unknown > 0 {
        blocks.push(Block::Warning(format!(
            "{} of digits that the model does not know are not counted. It knows {}. {refused} of these answers are \
             refused.",
            counted(unknown as usize, "picture"),
            predictor.labels()
        )));
    }
    blocks
}

/// Pairs of labels that are named as confused.
const MOST_CONFUSED: usize = 6;

fn by_label(evaluation: &Evaluation) -> Table {
    let mut table = Table::new(
        "Predictions by label",
        &["label", "#pictures", "#correct", "#recall", "#95 % interval over pictures", "#precision", "#F1"],
    );
    for (class, score) in evaluation.confusion.scores().iter().enumerate() {
        let correct = evaluation.confusion.at(class, class);
        table.rows.push(vec![
            score.label.to_string(),
            score.rows.to_string(),
            correct.to_string(),
            share(score.recall),
            limits(correct, score.rows),
            share(score.precision),
            share(score.f1),
        ]);
    }
    table
}

fn limits(correct: u64, all: u64) -> String {
    wilson(correct, all).map_or("-".to_owned(), |limits| range(limits, |limit| format!("{limit:.3}")))
}

/// The misclassified pictures as the network saw them, by label and prediction, the most confident first.
fn misclassified(pictures: &LabelledFolder, predictor: &Predictor) -> Vec<Block> {
    let mut pairs: BTreeMap<(u8, u8), Vec<&Judged>> = BTreeMap::new();
    for of in pictures.known.iter().filter(|of| !of.is_correct()) {
        pairs.entry((of.label, of.prediction.label)).or_default().push(of);
    }
    if pairs.is_empty() {
        return Vec::new();
    }
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_by_key(|(pair, of)| (std::cmp::Reverse(of.len()), *pair));
    let mut blocks = vec![
        Block::Heading("Misclassified".into()),
        Block::Paragraph(
            "The pictures as the network saw them, those with the highest confidence first. A wrong answer with a high \
             confidence is often a wrong label."
                .into(),
        ),
    ];
    for (at, ((label, predicted), mut of)) in pairs.into_iter().enumerate() {
        of.sort_by(|a, b| b.prediction.confidence.total_cmp(&a.prediction.confidence));
        let shown = if of.len() > MOST_PICTURES { format!(", {MOST_PICTURES} of them here") } else { String::new() };
        let title = format!("{label} predicted as {predicted}: {}{shown}", counted(of.len(), "picture"));
        let width_px = predictor.picture_settings().canvas.width_px as usize;
        let picture = |of: &&Judged| Picture {
            width_px,
            pixels: of.pixels.clone(),
            caption: format!("{} ({})", of.path, percent(f64::from(of.prediction.confidence))),
            link: None,
        };
        let pictures = Block::Pictures(of.iter().take(MOST_PICTURES).map(picture).collect());
        blocks.push(Block::Fold { title, open: at < OPEN_PAIRS, blocks: vec![pictures] });
    }
    blocks
}

fn calibration(evaluation: &Evaluation) -> Vec<Block> {
    let Some(error) = expected_calibration_error(&evaluation.bins) else { return Vec::new() };
    let mut table = Table::new(
        "Predictions by the probability of their label",
        &["probability", "#pictures", "#mean probability", "#share that is right", "#95 % interval over pictures"],
    );
    for bin in evaluation.bins.iter().filter(|bin| bin.rows > 0) {
        table.rows.push(vec![
            range((bin.low, bin.high), |limit| format!("{limit:.2}")),
            bin.rows.to_string(),
            format!("{:.3}", bin.mean_probability),
            share(bin.accuracy()),
            limits(bin.correct, bin.rows),
        ]);
    }
    vec![
        Block::Heading("Calibration".into()),
        Block::Paragraph(format!(
            "Of the answers with probability 0.9, 90 of 100 should be right. The expected calibration error is {}: the \
             mean distance of the points from the diagonal.",
            percent(error)
        )),
        Block::Charts(vec![chart::reliability("calibration".into(), "Calibration curve", &evaluation.bins)]),
        Block::Table(table),
    ]
}

/// The writers with the lowest accuracy first.
fn by_writer(evaluation: &Evaluation) -> Vec<Block> {
    let mut writers: Vec<(&str, u64, u64)> = evaluation.writers.by_writer().collect();
    if writers.is_empty() {
        return Vec::new();
    }
    let accuracy = |&(_, correct, all): &(&str, u64, u64)| correct as f64 / all as f64;
    writers.sort_by(|a, b| accuracy(a).total_cmp(&accuracy(b)).then(a.0.cmp(b.0)));
    let mut table = Table::new(
        "Accuracy by writer, the lowest first",
        &["writer", "#pictures", "#correct", "#accuracy", "#95 % interval over pictures"],
    );
    if writers.len() > MOST_ROWS {
        table.caption += &format!(" ({MOST_ROWS} of {}; evaluation.json has all)", writers.len());
    }
    table.rows.extend(writers.iter().take(MOST_ROWS).map(|of| {
        let (writer, correct, all) = *of;
        vec![writer.to_owned(), all.to_string(), correct.to_string(), share(Some(accuracy(of))), limits(correct, all)]
    }));
    vec![Block::Heading("By writer".into()), Block::Table(table)]
}

fn rejected(pictures: &LabelledFolder) -> Vec<Block> {
    if pictures.rejected.is_empty() {
        return Vec::new();
    }
    let mut table = Table::new("Files that could not be used", &["file", "reason"]);
    if pictures.rejected.len() > MOST_ROWS {
        table.caption += &format!(" ({MOST_ROWS} of {}; rejected.csv has all)", pictures.rejected.len());
    }
    let rows = pictures.rejected.iter().take(MOST_ROWS);
    table.rows.extend(rows.map(|rejected| vec![rejected.source.clone(), rejected.reason.clone()]));
    vec![Block::Heading("Rejected".into()), Block::Table(table)]
}
