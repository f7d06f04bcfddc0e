//! A web server and its page: draw a digit and see what a network makes of it, collect digits, teach a network.
//!
//! ```text
//! browser --- the page of digit-page (HTML, CSS, JavaScript; compiled in)
//!    |
//! guard      who may ask: Host, Origin, the token in the address
//! route      which function answers which path
//! body       at most so many bytes, in at most so much time
//!    |
//! predict    one picture or many; what each preprocessing step made of one
//! collect    drawn digits into {writer}/{label}/0001.png
//! teach      digit-learn on what was collected, then its network instead of the present one
//! ```
//!
//! The network is a [`Model`]: this crate knows pictures, requests and folders, and nothing of networks. `digit-predict
//! serve` passes its own.
//!
//! What this crate must never do: serve a file of the disk, write anywhere but into the folder of `--collect`, replace
//! a file.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests put files in place as users do"))]

mod address;
mod args;
mod body;
mod collect;
mod guard;
mod listen;
mod model;
mod picture;
mod predict;
mod reply;
mod route;
mod server;
mod teach;
mod teaching;
mod writer_name;

pub use args::ServeArgs;
pub use collect::collected_strokes;
pub use digit_page::Model;
pub use listen::serve;
pub use model::Load;
