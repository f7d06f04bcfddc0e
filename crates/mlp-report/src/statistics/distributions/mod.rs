//! Cumulative distribution functions and quantiles of the distributions that the tests need.

pub(crate) mod beta;
pub(crate) mod normal;
pub(crate) mod student;
