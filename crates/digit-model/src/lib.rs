//! Turns model files into networks and back, and estimates the confidence of predictions.
//!
//! The confidence of a prediction is the largest probability times the detector's probability of a digit. The model
//! file stores two things for it:
//!
//! - a temperature, so that nine in ten of the predictions with probability 0.9 are right ([`mlp_core::calibration`]).
//!   It is fitted to rows that did not train the network;
//! - a detector: a second, small network that tells digits from anything else. It learns from the digits of the data
//!   set, and from letters, scribbles and blanks that are drawn here in the ink, size and stroke thickness of these
//!   digits.
//!
//! A softmax alone does not recognise a letter, because it divides 1 among the digits. Measurement: a network of pen
//! digits, writers who did not train, standard preprocessing, against letters of many font faces (O, S and Z among
//! them), scribbles and blanks. The area under the ROC curve is 0.88 for the largest probability and 0.95 for the
//! confidence. Two other methods did worse than drawn letters: distances to clusters of training digits (in the last
//! hidden layer or among the pixels), and digits composed of halves.
//!
//! What this crate must never do: read or write a file, or change the network.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests put files in place as users do"))]

mod calibrate;
mod detector;
mod network;

pub use calibrate::{Calibrated, MIN_ROWS_FOR_DETECTOR, Rows, calibrate, learn_detector};
pub use detector::{Detector, MIN_ROWS};
pub use network::{canvas_of, from_layers, network_of, to_layers};
