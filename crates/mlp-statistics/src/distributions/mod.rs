//! Cumulative distribution functions and quantiles of the distributions that the tests need.

pub mod beta;
pub mod normal;
pub mod student;
