//! Networks against other programs, against plain loops in f64, and against themselves.

#![allow(clippy::disallowed_methods, reason = "tests put files in place as users do")]

mod exactness;
mod gradient;
mod optimizers;
mod plain;
mod trajectory;
