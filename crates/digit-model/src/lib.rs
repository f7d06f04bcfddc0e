//! Trained models: from a model file to a network that computes and back, and how far its answers can be trusted.
//!
//! Two things about trust are learned from rows that did not train the network, and stored in the model file:
//!
//! - a temperature, so that of the answers given with probability 0.9 nine in ten are right
//!   ([`mlp_core::calibration`]);
//! - a detector: a small network of its own that tells digits from what is none. It learns from the data set's digits
//!   and from letters, scribbles and blanks that are drawn here, in the ink, size and stroke
//!   thickness of these digits.
//!
//! A softmax alone does not notice a letter: it spreads 1 over the digits it knows, and the features behind it have
//! learned to tell digits apart, not to notice what is missing. Measured with a network of pen digits on writers never
//! seen, after preprocessing, against letters of many font faces (O, S and Z among them), scribbles and blanks, the
//! area under the ROC curve is 0.88 for the largest probability and 0.95 for the confidence. Distances to the clusters
//! of training digits in the last hidden layer or among the pixels, and digits patched together out of halves, did
//! worse than drawn letters.
//!
//! The confidence of an answer is the largest probability times the detector's probability of a digit.
//!
//! What this crate must never do: read or write a file, or change the network.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests put files in place as users do"))]

mod calibrate;
mod detector;
mod network;

pub use calibrate::{Calibrated, Rows, calibrate, learn_detector};
pub use detector::{Detector, MIN_ROWS};
pub use network::{canvas_of, from_layers, network_of, to_layers};
