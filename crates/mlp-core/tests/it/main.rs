//! Networks against other programs, against plain loops in f64, and against themselves.

mod exactness;
mod gradient;
mod optimizers;
mod plain;
mod trajectory;
