//! Turns model files into networks and back, and estimates the confidence of predictions.
//!
//! The confidence of a prediction is the largest probability times the detector's probability of a digit. The model
//! file stores two things for it:
//!
//! - a temperature, so that nine in ten of the predictions with probability 0.9 are right ([`mlp_core::calibration`]).
//!   It is fitted to rows that did not train the network, or else to varied copies of those that did;
//! - a detector: a second, small network that tells digits of the label set from anything else. It learns from the
//!   digits of the data set, and from letters, scribbles, blanks, turned digits and digits outside the label set, which
//!   are made here in the ink, size and stroke thickness of these digits. All of them are varied, so that digits of
//!   other writers are not taken for anything else.
//!
//! A softmax alone does not recognise a letter, because it divides 1 among the digits. `docs/confidence.md` has
//! measurements. Other methods did worse than drawn outliers: distances to clusters of training digits (in the last
//! hidden layer or among the pixels), digits composed of halves, and the network's largest logit or its margin.
//!
//! What this crate must never do: read or write a file, or change the network.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests put files in place as users do"))]

pub mod built_in;
mod calibrate;
mod detector;
mod network;

pub use calibrate::{Calibrated, MIN_ROWS_FOR_DETECTOR, Rows, calibrate, learn_confidence};
pub use detector::{Detector, MIN_ROWS};
pub use network::{canvas_for, canvas_of, from_layers, network_of, to_layers};
