//! Makes the built-in network of `digit-predict` from nothing but this repository: draws digits, prepares them by
//! `standard`, trains and exports with weights of 16 bits. Equal sources give equal bytes on every machine.
//!
//! ```text
//! digit-lab built-in datasets/built-in crates/digit-model/built-in/drawn.safetensors
//! ```

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::ensure;
use stage_cli::ExitStatus;

/// The network and its training.
const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../configs/built-in/drawn.json");

/// How much is drawn and trained.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Amount {
    /// Options of `digit-source draw` for each set; the first is split, the others only train.
    sets: &'static [(&'static str, &'static str)],
    /// Options of `mlp-train`.
    train: &'static str,
}

/// What the built-in network is made of.
pub(crate) const WHOLE: Amount = Amount {
    sets: &[
        ("pages", "--sizes 20 --count 40000 --writers 6000 --seed 17"),
        ("few-pixels", "--side-px 8..16 --count 12000 --writers 6000..9000 --seed 18"),
    ],
    train: "",
};

/// The same in small, to see whether the bytes stay as they are.
pub(crate) const SHORT: Amount = Amount {
    sets: &[
        ("pages", "--sizes 20 --count 400 --writers 40 --seed 17"),
        ("few-pixels", "--side-px 8..16 --count 100 --writers 40..50 --seed 18"),
    ],
    train: "--epochs 2 --hidden 24,16",
};

/// Makes a model file. What is drawn, prepared and trained on the way stays in the folder `work`, and is not made
/// again.
pub(crate) fn write(work: &Path, out: &Path, amount: Amount) -> anyhow::Result<()> {
    let mut tables = Vec::new();
    for (name, draw) in amount.sets {
        tables.push(data_set(&work.join(name), draw)?);
    }
    let runs = work.join("runs");
    let mut train = words("mlp-train --quiet --no-next", amount.train);
    train.extend([CONFIG.into(), "--out".into(), runs.clone().into()]);
    for (table, option) in tables.into_iter().zip(std::iter::once("--data").chain(std::iter::repeat("--extra-data"))) {
        train.extend([option.into(), table.into()]);
    }
    done("training", mlp_train::cli::run(train))?;
    let mut export = words("mlp-train export --quiet", "");
    export.extend([runs.into(), "--f16".into(), out.into()]);
    done("export", mlp_train::cli::run(export))
}

/// Draws and prepares a set; gives the path of its table.
fn data_set(folder: &Path, draw: &str) -> anyhow::Result<PathBuf> {
    let at = |name: &str| folder.join(name).into_os_string();
    let mut drawing = words("digit-source --quiet --no-next draw --labels 0-9", draw);
    drawing.push(at("source"));
    done("drawing", digit_source::cli::run(drawing))?;
    let mut labelling = words("digit-labeler --quiet --no-next --labels 0-9 --size 20 --preprocess standard", "");
    labelling.extend([at("source"), at("labelled")]);
    // A digit of few pixels that comes out too faint for `standard` is left out.
    match digit_labeler::cli::run(labelling) {
        ExitStatus::SomeRejected => {}
        status => done("labelling", status)?,
    }
    let mut flattening = words("digit-csv --quiet --no-next", "");
    flattening.extend([at("labelled"), at("data")]);
    done("flattening", digit_csv::cli::run(flattening))?;
    Ok(folder.join("data/20x20_info.csv"))
}

fn words(fixed: &str, options: &str) -> Vec<OsString> {
    fixed.split_whitespace().chain(options.split_whitespace()).map(OsString::from).collect()
}

fn done(stage: &str, status: ExitStatus) -> anyhow::Result<()> {
    ensure!(status == ExitStatus::Done, "{stage} ended with {status:?}; its message is above");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Drawing, preprocessing, training, calibration and the detector in one digest. If it changes on purpose, then the
    /// built-in network is no longer what `just model` makes: make it again.
    #[test]
    fn the_short_form_has_the_same_bytes_everywhere() {
        let folder = test_support::Test::new("digit-lab");
        let out = folder.at("short.safetensors");
        write(&folder.at("work"), &out, SHORT).unwrap();
        let bytes = folder.bytes("short.safetensors");
        assert_eq!(
            stage_files::digest::sha256_hex(&bytes),
            "59f5458616815044697a63a7f830a75b7786198071bc73327903c34627728bef"
        );
    }
}
