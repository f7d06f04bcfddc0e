//! The page of an evaluation.

use std::collections::BTreeMap;

use mlp_statistics::reliability::expected_calibration_error;
use mlp_statistics::wilson::wilson;
use stage_files::rejected::REJECTED_FILE;
use stage_page::format::{capitalised, range, share};
use stage_page::{Block, Lang, Picture, Table, chart, page, writers};

use super::numbers::Evaluation;
use super::{EVALUATION_FILE, words};
use crate::Predictor;
use crate::guarantee::percent;
use crate::labelled_pictures::{Judged, LabelledFolder};

/// Pictures shown of one pair of label and prediction.
const MOST_PICTURES: usize = 60;
/// Pairs that are open at first.
const OPEN_PAIRS: usize = 3;
/// Rows of the tables of writers and of rejected files; the files beside the page have all.
const MOST_ROWS: usize = 200;

/// The page as HTML, in a language that has a name for the model.
pub(super) fn html(
    evaluation: &Evaluation,
    pictures: &LabelledFolder,
    predictor: &Predictor,
    is_guaranteed: bool,
    (lang, model): (Lang, &str),
) -> String {
    let mut blocks = opening(lang, evaluation, predictor, is_guaranteed);
    blocks.push(Block::Heading(words::headings(lang).by_label.into()));
    let title = words::confusion_matrix(lang);
    blocks.push(Block::Charts(vec![chart::confusion(lang, "confusion".into(), title, &evaluation.confusion)]));
    blocks.push(Block::Table(by_label(lang, evaluation)));
    blocks.extend(misclassified(lang, pictures, predictor));
    blocks.extend(calibration(lang, evaluation));
    blocks.extend(by_writer(lang, evaluation));
    blocks.extend(rejected(lang, pictures));
    page(lang, &words::title(lang, model, &evaluation.folder), &blocks)
}

/// The accuracy, what it speaks of, and what was not counted.
fn opening(lang: Lang, evaluation: &Evaluation, predictor: &Predictor, is_guaranteed: bool) -> Vec<Block> {
    let interval = range(evaluation.interval_over_pictures(), |limit| format!("{limit:.3}"));
    let (correct, all) = (evaluation.correct(), evaluation.pictures());
    let mut blocks = vec![Block::Paragraph(words::accuracy(lang, evaluation.accuracy(), correct, all))];
    let mut facts = vec![
        format!("{}.", capitalised(&writers::sentence(lang, &evaluation.writers))),
        words::interval_over_pictures(lang, &interval),
    ];
    if evaluation.least_confidence > 0.0 {
        let refused = (evaluation.refused(), all);
        facts.push(words::refused(lang, refused, evaluation.least_confidence, evaluation.accepted));
    }
    if let (true, Some(guarantee)) = (is_guaranteed, predictor.guarantee()) {
        facts.push(words::guaranteed(lang, guarantee));
    }
    let mistakes = evaluation.confusion.mistakes(MOST_CONFUSED);
    if !mistakes.is_empty() {
        facts.push(words::most_confused(lang, &mistakes));
    }
    if evaluation.rejected > 0 {
        facts.push(words::rejected_files(lang, evaluation.rejected));
    }
    blocks.push(Block::List(facts));
    let (unknown, refused) = evaluation.unknown;
    if unknown > 0 {
        blocks.push(Block::Warning(words::unknown(lang, unknown, refused, predictor.labels())));
    }
    blocks
}

/// Pairs of labels that are named as confused.
const MOST_CONFUSED: usize = 6;

fn by_label(lang: Lang, evaluation: &Evaluation) -> Table {
    let (caption, columns) = words::label_table(lang);
    let mut table = Table::new(caption, &columns);
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
fn misclassified(lang: Lang, pictures: &LabelledFolder, predictor: &Predictor) -> Vec<Block> {
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
        Block::Heading(words::headings(lang).misclassified.into()),
        Block::Paragraph(words::about_misclassified(lang).into()),
    ];
    for (at, (pair, mut of)) in pairs.into_iter().enumerate() {
        of.sort_by(|a, b| b.prediction.confidence.total_cmp(&a.prediction.confidence));
        let title = words::predicted_as(lang, pair, of.len(), (of.len() > MOST_PICTURES).then_some(MOST_PICTURES));
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

fn calibration(lang: Lang, evaluation: &Evaluation) -> Vec<Block> {
    let Some(error) = expected_calibration_error(&evaluation.bins) else { return Vec::new() };
    let curve = words::calibration_curve(lang);
    let (caption, columns) = words::calibration_table(lang);
    let mut table = Table::new(caption, &columns);
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
        Block::Heading(words::headings(lang).calibration.into()),
        Block::Paragraph(words::about_calibration(lang, error)),
        Block::Charts(vec![chart::reliability(lang, "calibration".into(), curve, &evaluation.bins)]),
        Block::Table(table),
    ]
}

/// The writers with the lowest accuracy first.
fn by_writer(lang: Lang, evaluation: &Evaluation) -> Vec<Block> {
    let mut writers: Vec<(&str, u64, u64)> = evaluation.writers.by_writer().collect();
    if writers.is_empty() {
        return Vec::new();
    }
    let accuracy = |&(_, correct, all): &(&str, u64, u64)| correct as f64 / all as f64;
    writers.sort_by(|a, b| accuracy(a).total_cmp(&accuracy(b)).then(a.0.cmp(b.0)));
    let (caption, columns) = words::writer_table(lang);
    let mut table = Table::new(caption, &columns);
    if writers.len() > MOST_ROWS {
        table.caption += &words::first_rows(lang, MOST_ROWS, writers.len(), EVALUATION_FILE);
    }
    table.rows.extend(writers.iter().take(MOST_ROWS).map(|of| {
        let (writer, correct, all) = *of;
        vec![writer.to_owned(), all.to_string(), correct.to_string(), share(Some(accuracy(of))), limits(correct, all)]
    }));
    vec![Block::Heading(words::headings(lang).by_writer.into()), Block::Table(table)]
}

fn rejected(lang: Lang, pictures: &LabelledFolder) -> Vec<Block> {
    if pictures.rejected.is_empty() {
        return Vec::new();
    }
    let (caption, columns) = words::rejected_table(lang);
    let mut table = Table::new(caption, &columns);
    if pictures.rejected.len() > MOST_ROWS {
        table.caption += &words::first_rows(lang, MOST_ROWS, pictures.rejected.len(), REJECTED_FILE);
    }
    let rows = pictures.rejected.iter().take(MOST_ROWS);
    table.rows.extend(rows.map(|rejected| vec![rejected.source.clone(), rejected.reason.clone()]));
    vec![Block::Heading(words::headings(lang).rejected.into()), Block::Table(table)]
}
