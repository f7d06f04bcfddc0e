//! The whole pipeline in one process, through the libraries: draw digits, label them, flatten them to CSV, train,
//! report.
//!
//! ```text
//! cargo run -p digit-lab --example pipeline -- FOLDER
//! ```

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context, ensure};
use stage_cli::ExitStatus;

const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../configs/recommended/20x20.json");

fn main() -> anyhow::Result<()> {
    let folder = std::env::args_os().nth(1).context("expected the folder to write")?;
    let at = |name: &str| Path::new(&folder).join(name).into_os_string();
    let words = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();

    let mut draw = words("digit-source draw --count 200 --sizes 20 --labels 1-3");
    draw.push(at("source"));
    done("draw", digit_source::cli::run(draw))?;

    let mut label = words("digit-labeler --labels 1-3 --preprocess standard");
    label.extend([at("source"), at("labelled")]);
    done("label", digit_labeler::cli::run(label))?;

    let mut csv = words("digit-csv");
    csv.extend([at("labelled"), at("data")]);
    done("csv", digit_csv::cli::run(csv))?;

    let mut train = words("mlp-train --set epochs=3 --set hidden=[64] --out");
    train.extend([at("runs"), CONFIG.into(), "--data".into(), at("data/20x20_info.csv")]);
    done("train", mlp_train::cli::run(train))?;

    let mut report = words("mlp-report --out");
    report.extend([at("report"), at("runs")]);
    done("report", mlp_report::cli::run(report))
}

fn done(stage: &str, status: ExitStatus) -> anyhow::Result<()> {
    ensure!(status == ExitStatus::Done, "{stage} ended with {status:?}; its message is above");
    Ok(())
}
