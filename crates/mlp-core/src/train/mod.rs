//! Training and evaluation of one network.

mod average;
mod diagnostics;
mod evaluate;
mod state;
mod trainer;

pub use crate::optimizer::Sgd;
pub use average::Average;
pub use evaluate::Evaluation;
pub use state::TrainerState;
pub use trainer::{StepResult, Trainer};
