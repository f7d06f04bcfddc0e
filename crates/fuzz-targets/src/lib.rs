//! Arbitrary bytes for everything that reads what comes from outside.
//!
//! Each target is a function of bytes that must end, and must not panic. Most also compare: a fast way with the plain
//! one, or what is read with what is read again after it was written.
//!
//! | target | what it reads | what it compares |
//! |---|---|---|
//! | [`picture`] | picture files of all formats | gray with colour: one size, one error |
//! | [`png`] | PNG, also with sound checksums | unpacked at once with row by row, to the pixel |
//! | [`labelled`] | labelled pictures | the quick decoder with the one for any PNG; written with read |
//! | [`archive`] | zip and tar archives of pictures | names, folders and lengths fit together |
//! | [`preprocess`] | drawn rasters, each step and `standard` | canvas, PNG file and raster: equal pixels of 20x20 |
//! | [`resize`] | rasters and target sizes | the fast resize with the plain one |
//! | [`data_set`] | data set CSVs | fast path with strict reader: equal rows or one message |
//! | [`lists`] | `fixes.csv`, `sources.csv`, `.outputs.csv` | written with read; names stay inside the folder |
//! | [`config`](fn@config) | configs | printed with parsed |
//! | [`stage`] | `stage.json` | printed with parsed |
//! | [`model`] | `model.safetensors` | written with read; the network predicts |
//! | [`words`] | what options take: labels, canvas, steps, names, settings | printed with parsed |
//! | [`import_file`] | tables, NumPy, MATLAB, Parquet, gzip, zstd | each picture has its pixels and becomes a PNG |
//! | [`import_pair`] | IDX files and pairs of arrays | as above |
//! | [`pdf`] | PDF scans | pages are not larger than allowed |
//! | [`collected`] | bodies of `POST /collect` | the line of strokes is one line of JSON |
//! | [`kernels`] | shapes and numbers of matrix products | each kernel path with the portable one, to the bit |
//!
//! `just fuzz` calls them with libFuzzer, which looks for new inputs. `tests/replay.rs` calls them with the inputs of
//! `fuzz/corpus/`, on every compiler.
//!
//! What this crate must never do: be used by another crate, write a file that is not temporary.

mod archives;
mod configs;
mod imports;
mod input;
mod kernels;
mod pictures;
mod png_file;
mod rasters;
mod requests;
mod tables;
mod words;

pub use archives::archive;
pub use configs::{config, model, stage};
pub use imports::{import_file, import_pair};
pub use kernels::kernels;
pub use pictures::{labelled, picture, png};
pub use rasters::{preprocess, resize};
pub use requests::{collected, pdf};
pub use tables::{data_set, lists};
pub use words::words;

/// All targets by name.
pub const TARGETS: [(&str, fn(&[u8])); 17] = [
    ("archive", archive),
    ("collected", collected),
    ("config", config),
    ("data_set", data_set),
    ("import_file", import_file),
    ("import_pair", import_pair),
    ("kernels", kernels),
    ("labelled", labelled),
    ("lists", lists),
    ("model", model),
    ("pdf", pdf),
    ("picture", picture),
    ("png", png),
    ("preprocess", preprocess),
    ("resize", resize),
    ("stage", stage),
    ("words", words),
];
