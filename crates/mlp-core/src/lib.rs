//! A multi-layer perceptron: parameters, kernels, forward, backward, loss, optimisers.
//!
//! ```
//! use mlp_core::{activation::Activation, architecture::Architecture, init::Init, kernels::KernelPath};
//! use mlp_core::{network::Network, random::{Purpose, Stream}, train::{Sgd, Trainer}};
//!
//! // Exclusive or: the class is 1 when exactly one input is.
//! let inputs = [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0];
//! let labels = [0, 1, 1, 0];
//! let shape = Architecture::new(2, &[8], &[Activation::Tanh], 2).unwrap();
//! let network = Network::new(shape, Init::Xavier, &mut Stream::new(1, Purpose::Init));
//! let mut trainer = Trainer::new(network, Sgd { learning_rate: 0.5 }, 4, KernelPath::detect());
//! for _ in 0..500 {
//!     trainer.step(&inputs, &labels, &[0, 1, 2, 3]);
//! }
//! let result = trainer.evaluate(&inputs, &labels, &[0, 1, 2, 3], |_, _| {});
//! assert_eq!(result.correct, 4);
//! ```
//!
//! [`train::Trainer::step`] takes the whole data and the indices of the batch. Shapes in this crate: N rows of the
//! data, B rows of a batch, I inputs, O outputs. Matrices are stored row by row.
//!
//! # What it guarantees
//! Equal inputs give equal bits on every machine, on every kernel path and with any number of threads; [`kernels`]
//! states the order of every sum. A step allocates nothing. The crate reads no file and no clock, prints nothing, has
//! no global state and starts no threads but those of a [`kernels::Team`].
//!
//! # Features
//! Both are on by default. `std`: detection of AVX2 and AVX-512 at run time, and teams of threads. `ndarray`: training
//! and prediction on views. Without them the crate is `no_std` and needs only `alloc`; see
//! `examples/predict_no_std.rs`.
//!
//! # Training from ndarray views
#![cfg_attr(feature = "ndarray", doc = "```")]
#![cfg_attr(not(feature = "ndarray"), doc = "```ignore")]
//! use mlp_core::{activation::Activation, architecture::Architecture, init::Init, kernels::KernelPath};
//! use mlp_core::{network::Network, random::{Purpose, Stream}, train::{Sgd, Trainer}};
//! use ndarray::array;
//!
//! let inputs = array![[0.0f32, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
//! let labels = [0, 0, 0, 1];
//! let shape = Architecture::new(2, &[], &[], 2).unwrap();
//! let network = Network::new(shape, Init::Normal { std: 0.1 }, &mut Stream::new(7, Purpose::Init));
//! let mut trainer = Trainer::new(network, Sgd { learning_rate: 0.5 }, 2, KernelPath::detect());
//! for _ in 0..200 {
//!     trainer.step_view(inputs.view(), &labels, &[0, 1]).unwrap();
//!     trainer.step_view(inputs.view(), &labels, &[2, 3]).unwrap();
//! }
//! assert_eq!(trainer.network().predict_view(inputs.view()).unwrap(), [0, 0, 0, 1]);
//! ```
//!
//! # Momentum, schedules, dropout, averaging
//! [`optimizer`] has the optimisers and learning-rate schedules. A [`Trainer`](train::Trainer) has dropout, label
//! smoothing and weight averaging.
//! ```
//! use mlp_core::{activation::Activation, architecture::Architecture, init::Init, kernels::KernelPath};
//! use mlp_core::{network::Network, optimizer::{AdamW, Schedule, StepPosition}};
//! use mlp_core::{random::{Purpose, Stream}, train::{Average, Trainer}};
//!
//! let inputs = [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0];
//! let labels = [0, 1, 1, 0];
//! let shape = Architecture::new(2, &[16], &[Activation::Relu], 2).unwrap();
//! let network = Network::new(shape, Init::He, &mut Stream::new(1, Purpose::Init));
//! let mut trainer = Trainer::new(network, AdamW::default(), 4, KernelPath::detect())
//!     .with_dropout(&[0.1], Stream::new(1, Purpose::Dropout))
//!     .with_average(Average::Ema { decay: 0.9 });
//! let schedule = Schedule::Cosine { floor: 0.0, warmup_epochs: 10.0 };
//! for step in 0..500 {
//!     let position = StepPosition { step, steps_per_epoch: 1, total_steps: 500 };
//!     trainer.set_learning_rate(schedule.learning_rate(0.02, position) as f32);
//!     trainer.step(&inputs, &labels, &[0, 1, 2, 3]);
//!     trainer.average();
//! }
//! assert_eq!(trainer.into_network().predict(&inputs), labels);
//! ```

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod activation;
mod batch_loss;
pub mod calibration;
pub mod kernels;
pub mod loss;
mod math;
mod model;
pub mod optimizer;
pub mod random;
pub mod train;
#[cfg(feature = "ndarray")]
mod views;

pub use model::{architecture, init, network, parameters};
#[cfg(feature = "ndarray")]
pub use views::ViewError;

/// Runs the example of the workspace's README as a test.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
