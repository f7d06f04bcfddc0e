//! A file that holds pictures and labels together: what is in it is told by its content, not by its name.

use std::path::Path;

use anyhow::Context;
use stage_files::refuse;

use super::gather::{Pictures, Request};
use super::kind::{Kind, kind};
use super::table;
use super::unpack::unpacked;
use crate::folder::{Job, Made, Planned, file_input};

pub use super::names::Names;
pub use super::scale::Range;
pub use super::table::{Found, LabelColumn, Options};

/// Prepares an import; the second part makes the PNG of each planned picture.
pub fn plan(
    file: &Path,
    request: &Request<'_>,
    options: &Options,
) -> anyhow::Result<(Job<usize>, impl Fn(&Planned<usize>) -> Made + Sync + use<>)> {
    let name = file.display().to_string();
    let bytes = crate::read_input(file)?;
    let (pictures, found) = read(&bytes, options).with_context(|| name.clone())?;
    let mut settings = serde_json::json!({"import": "csv", "width_px": options.width_px});
    if let Some(column) = &options.label_column {
        settings["label_column"] = column.to_string().into();
    }
    for (key, name) in [("images", &options.arrays.images), ("labels_array", &options.arrays.labels)] {
        if let Some(name) = name {
            settings[key] = name.as_str().into();
        }
    }
    if let Some(range) = options.range {
        settings["range"] = range.to_string().into();
    }
    let (mut job, make) = request.job(&name, settings, vec![file_input(file, &bytes)], pictures)?;
    let said: Vec<String> = found.iter().map(|(key, value)| format!("{} {value}", key.replace('_', " "))).collect();
    job.notes.push(format!("{name}: {}", said.join("; ")));
    job.info.found = found.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Ok((job, make))
}

/// The pictures that the bytes of a file hold, and what was found out about it: a key and a value each.
///
/// # Errors
/// What makes the whole file unreadable or ambiguous; a picture that cannot be read is rejected.
pub fn read(bytes: &[u8], options: &Options) -> anyhow::Result<(Pictures, Found)> {
    let unpacked = unpacked(bytes)?;
    let (pictures, mut found) = match kind(&unpacked.bytes) {
        None => table::read(&unpacked.bytes, options)?,
        Some(Kind::Idx(..)) => refuse!(
            "an IDX file; its pictures and its labels are two files: `digit-source import idx IMAGES LABELS OUT`"
        ),
        Some(kind @ (Kind::Npy | Kind::Zip | Kind::Mat)) => arrays(kind, &unpacked.bytes, options)?,
        Some(Kind::Parquet) => parquet(&unpacked.bytes, options)?,
        Some(other) => refuse!("no table but {}", other.described()),
    };
    if let Some(packing) = unpacked.packing {
        found.insert(0, ("packing", packing.to_owned()));
    }
    Ok((pictures, found))
}

#[cfg(feature = "arrays")]
fn arrays(kind: Kind, bytes: &[u8], options: &Options) -> anyhow::Result<(Pictures, Found)> {
    super::arrays::read(kind, bytes, options)
}

#[cfg(not(feature = "arrays"))]
fn arrays(kind: Kind, _: &[u8], _: &Options) -> anyhow::Result<(Pictures, Found)> {
    refuse!(
        "{}; this program was built without the feature `arrays`, which reads NumPy's and MATLAB's files; \
         build it with `cargo build --release -p digit-source`",
        kind.described()
    )
}

#[cfg(feature = "parquet")]
fn parquet(bytes: &[u8], options: &Options) -> anyhow::Result<(Pictures, Found)> {
    super::parquet::read(bytes, options)
}

#[cfg(not(feature = "parquet"))]
fn parquet(_: &[u8], _: &Options) -> anyhow::Result<(Pictures, Found)> {
    refuse!(
        "{}; this program was built without the feature `parquet`, which reads it; \
         build it with `cargo build --release -p digit-source`",
        Kind::Parquet.described()
    )
}
