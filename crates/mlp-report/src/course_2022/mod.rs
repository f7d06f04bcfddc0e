//! The 28 experiments of the 2022 course project: its numbers beside ours, and which of its conclusions stand.
//!
//! Experiments are recognised by the names of their configs.

mod conclusions;
mod evidence;
mod experiments;
mod numbers;
mod section;

pub(crate) use conclusions::Verdict;
pub(crate) use experiments::Experiments2022;
