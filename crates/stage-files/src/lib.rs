//! The files that stages exchange: their layout, version, reading, writing and atomic replacement.
//!
//! Every file that one stage writes and another reads is written and read here and nowhere else, so the layout of a
//! file is stated once. The stages know nothing of one another; they share this crate.
//!
//! | file | module |
//! |---|---|
//! | source picture names `{label}_{size}_{id}.png` | [`picture_name`] |
//! | `stage.json`, in every folder that a stage writes | [`stage`] |
//! | labelled picture, gray PNG with a label row | [`labelled`] |
//! | `rejected.csv` | [`rejected`] |
//! | data set CSV and its rows file | [`dataset`] |
//! | experiment config | [`config`] |
//! | run folder | [`run`] |
//! | `model.safetensors` | [`safetensors`], [`model`], [`scaling`] |
//!
//! What this crate must never do: decide anything about pictures or networks. It moves facts to disk and back.

pub mod atomic;
pub mod cache;
pub mod config;
pub mod dataset;
pub mod digest;
pub mod error;
pub mod exit;
pub mod guard;
pub mod json;
pub mod labelled;
pub mod labels;
pub mod lock;
pub mod model;
pub mod output;
pub mod picture;
pub mod picture_name;
pub mod plain_text;
mod protocol_file;
pub mod regular_file;
pub mod rejected;
pub mod run;
pub mod safetensors;
pub mod scaling;
pub mod stage;
pub mod text_name;
pub mod tree;
pub mod walk;
pub mod writer;

pub use error::{Refused, is_refused, refused};
pub use exit::ExitStatus;
pub use labels::LabelSet;
