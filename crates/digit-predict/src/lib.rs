//! Predicts the labels of pictures with a trained model.
//!
//! The model file says how pictures were prepared for its training; [`Predictor`] prepares them in the same way, with
//! the code that the labeler uses.
//!
//! ```
//! # use stage_files::{config::Scale, model::{Layer, Model}, picture::{Alpha, Canvas, PictureSettings}};
//! # use stage_files::scaling::Scaling;
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("model.safetensors");
//! # let canvas = Canvas { width_px: 2, height_px: 1 };
//! # let picture = Some(PictureSettings { canvas, alpha: Alpha::White, preprocess: vec![] });
//! # let scaling = Scaling { scale: Scale::Unit, invert: true, standard: None };
//! # let layer = Layer { inputs: 2, outputs: 2, weight: vec![-4.0, 4.0, 4.0, -4.0], bias: vec![0.0, 0.0] };
//! # let (labels, layers) = ("1,7".parse().unwrap(), vec![layer]);
//! # let (name, activation) = ("a".into(), vec![]);
//! # let (detector, guarantee) = (None, None);
//! # let model = Model { name, labels, activation, scaling, picture, temperature: 1.0, layers, detector, guarantee };
//! # std::fs::write(&path, model.to_bytes()?)?;
//! use digit_predict::Predictor;
//!
//! let predictor = Predictor::load(&path)?; // a run folder will do as well
//! let seven = predictor.predict_bytes(b"P5 2 1 255 \x05\xfa")?; // the bytes of a picture file: here ink, then paper
//! assert_eq!(seven.label, 7);
//! assert!(seven.probabilities[1] > 0.99);
//! # Ok::<(), anyhow::Error>(())
//! ```
//!
//! A program without files takes the bytes of a model file ([`Predictor::from_bytes`]), or the built-in network:
//!
//! ```
//! # use digit_predict::Predictor;
//! let predictor = Predictor::built_in()?;
//! assert_eq!(predictor.labels().to_string(), "0-9");
//! # Ok::<(), anyhow::Error>(())
//! ```
//!
//! What this crate must never do: read a picture in another way than the model's training did.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests put files in place as users do"))]

mod calibrate;
pub mod cli;
mod evaluate;
mod guarantee;
mod inputs;
mod known;
mod labelled_pictures;
mod many;
mod output;
mod picture;
mod predictor;
mod refusal;
#[cfg(feature = "serve")]
mod serve;

pub use predictor::Predictor;
pub use stage_files::answer::Prediction;
