//! How often the promise of `digit-predict calibrate --error` is broken on writers who were held back.
//!
//! ```sh
//! cargo run --release -p digit-predict --example random_calibrations -- MODEL FOLDER [ERROR] [COUNT]
//! ```
//!
//! The writers of a labelled folder are divided at random, many times: half of them calibrate, the others test. Prints
//! in how many of the divisions a threshold was found, and in how many more than the promised share of the accepted
//! answers to the others' pictures is wrong.

#![allow(clippy::print_stdout, reason = "an example prints its result")]

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Context;
use digit_labeler::inspect::{Asked, inspect, pictures};
use digit_predict::Predictor;
use mlp_core::random::{Purpose, Stream};
use mlp_statistics::risk_control::{Answer, guarantee};
use rayon::prelude::*;

/// Longest file that is read.
const MAX_FILE_BYTES: u64 = 1 << 30;

struct Judged {
    writer: String,
    confidence: f32,
    is_correct: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, folder, more @ ..] = arguments.as_slice() else {
        anyhow::bail!("expected MODEL FOLDER [ERROR] [COUNT]")
    };
    let error: f64 = more.first().map_or(Ok(0.01), |text| text.parse()).context("ERROR: expected a share")?;
    let count: usize = more.get(1).map_or(Ok(200), |text| text.parse()).context("COUNT: expected a number")?;
    let judged = judge(&Predictor::load(Path::new(model))?, Path::new(folder))?;
    let writers: BTreeSet<&str> = judged.iter().map(|of| of.writer.as_str()).collect();
    let mut order: Vec<&str> = writers.into_iter().collect();
    let wrong = judged.iter().filter(|of| !of.is_correct).count();
    println!("{} pictures of {} writers, {wrong} predicted wrongly", judged.len(), order.len());
    let mut stream = Stream::new(1, Purpose::Split);
    let (mut found, mut broken, mut shares) = (0, 0, Vec::new());
    for _ in 0..count {
        stream.shuffle(&mut order);
        let (calibrating, testing) = order.split_at(order.len() / 2);
        let of = |writers: &[&str]| {
            let chosen = judged.iter().filter(|of| writers.contains(&of.writer.as_str()));
            chosen
                .map(|of| Answer { confidence: of.confidence, is_correct: of.is_correct, writer: Some(&of.writer) })
                .collect::<Vec<_>>()
        };
        let Ok(promise) = guarantee(&of(calibrating), error) else { continue };
        found += 1;
        let tested = of(testing);
        let accepted: Vec<&Answer<'_>> = tested.iter().filter(|a| a.confidence >= promise.threshold).collect();
        let wrong = accepted.iter().filter(|answer| !answer.is_correct).count() as f64;
        broken += usize::from(wrong > error * accepted.len() as f64);
        shares.push(accepted.len() as f64 / tested.len() as f64);
    }
    let accepted = shares.iter().sum::<f64>() / shares.len().max(1) as f64;
    println!(
        "at most {error} wrong: {count} calibrations, {found} with a threshold, {broken} broken; {accepted:.3} accepted"
    );
    Ok(())
}

/// Every picture that can be read, with its writer and its prediction.
fn judge(predictor: &Predictor, folder: &Path) -> anyhow::Result<Vec<Judged>> {
    let asked = Asked::default();
    let found = inspect(folder, &asked)?;
    found.check(folder)?;
    let (planned, _) = pictures(folder, &asked, &found)?;
    let judged = planned.par_iter().filter_map(|planned| {
        let bytes = planned.found.read(MAX_FILE_BYTES).ok()?;
        let prediction = predictor.predict_bytes(&bytes).ok()?;
        Some(Judged {
            writer: planned.name.writer()?.to_owned(),
            confidence: prediction.confidence,
            is_correct: prediction.label == planned.name.label,
        })
    });
    Ok(judged.collect())
}
