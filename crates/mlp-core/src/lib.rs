//! A multi-layer perceptron: parameters, kernels, forward, backward, loss, optimisers.
//!
//! The crate does arithmetic on slices and nothing else: it reads no file and no clock, prints nothing, keeps no
//! global state and starts no thread but those of a [`kernels::Team`] that it is asked for. Equal inputs give equal bits
//! on every machine, every kernel path and any number of threads (see [`kernels`] for the order of every sum). After a
//! [`train::Trainer`] is made, a step allocates nothing.
//!
//! Letters used for shapes: N rows of a data set, B rows of a batch, I inputs, O outputs of a layer.
//!
//! # Training from slices
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
//! [`optimizer`] has the other optimisers; [`schedule`] says how the learning rate changes; a trainer can drop units,
//! smooth its targets and average its weights:
//! ```
//! use mlp_core::{activation::Activation, architecture::Architecture, init::Init, kernels::KernelPath};
//! use mlp_core::{average::Average, optimizer::AdamW, schedule::{Place, Schedule}};
//! use mlp_core::{network::Network, random::{Purpose, Stream}, train::Trainer};
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
//!     let place = Place { step, epoch_steps: 1, total_steps: 500 };
//!     trainer.set_learning_rate(schedule.learning_rate(0.02, place) as f32);
//!     trainer.step(&inputs, &labels, &[0, 1, 2, 3]);
//!     trainer.average();
//! }
//! assert_eq!(trainer.into_network().predict(&inputs), labels);
//! ```

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod activation;
pub mod architecture;
pub mod average;
mod batch_loss;
pub mod calibration;
mod dropout;
pub mod init;
pub mod kernels;
pub mod loss;
pub mod math;
pub mod network;
pub mod optimizer;
pub mod parameters;
pub mod random;
pub mod schedule;
pub mod train;
#[cfg(feature = "ndarray")]
mod views;

#[cfg(feature = "ndarray")]
pub use views::ViewError;

/// The example of the workspace's README, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
