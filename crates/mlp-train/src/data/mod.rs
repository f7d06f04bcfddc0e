//! From data set and config to the mini-batches that train.

pub(crate) mod augment;
mod balance;
pub(crate) mod batches;
mod clusters;
pub(crate) mod copies;
pub(crate) mod prepare;
pub(crate) mod source;
pub(crate) mod split;
