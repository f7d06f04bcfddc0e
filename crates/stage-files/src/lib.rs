//! The files that stages exchange: their layout, version, reading, writing and atomic replacement.
//!
//! Every file that one stage writes and another reads is written and read here and nowhere else. So each layout is
//! defined once. Stages do not depend on each other, only on this crate.
//!
//! | file | module |
//! |---|---|
//! | source picture names `{label}_{size}_{id}.png` | [`picture_name`] |
//! | `stage.json`, in every folder that a stage writes | [`stage`] |
//! | labelled picture, gray PNG with a label row | [`labelled`] |
//! | `{size}.tar`, labelled pictures in one file | [`pack`] |
//! | `sources.csv`, where pictures came from | [`sources`] |
//! | `rejected.csv` | [`rejected`] |
//! | data set CSV and its rows file | [`dataset`] |
//! | `fixes.csv`, what a person decided about pictures | [`fixes`] |
//! | the folder that a stage writes | [`output`] |
//! | experiment config | [`config`] |
//! | run folder | [`run`] |
//! | `model.safetensors` | [`safetensors`], [`model`], [`scaling`], [`guarantee`] |
//!
//! What this crate must never do: decide anything about pictures or networks.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests put files in place as users do"))]

pub mod answer;
pub mod config;
pub mod dataset;
mod disk;
pub mod error;
pub mod fixes;
pub mod labels;
mod models;
pub mod output;
pub mod panic_guard;
mod pictures;
pub mod run;
pub mod suggest;
pub mod text_name;

pub use disk::{atomic, digest, json, kind, no_follow, plain_text, regular_file, tree};
pub use error::{Refused, in_words, is_fault_of_system, is_refused, refused};
pub use labels::LabelSet;
pub use models::{guarantee, model, safetensors, scaling};
pub use output::{cache, lock, rejected, settings, stage};
pub use pictures::{
    archive, folder_name, labelled, pack, picture, picture_name, png_bytes, sources, walk, writer, zlib,
};
