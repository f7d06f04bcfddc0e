//! The page to draw a digit on, to collect digits and to teach a network: its files, and what it is answered.
//!
//! ```text
//! page/            HTML, CSS, JavaScript; js/server.js asks the server of digit-serve
//! page/one-file/   backend.js takes the place of js/server.js in the page that is one file, and asks a worker, which
//!                  runs the libraries as WebAssembly (digit-wasm)
//!
//! files      the files of the page, compiled in
//! model      the network that answers, as the page sees it
//! explain    what each preprocessing step made of a picture, what the network saw, and its answer
//! one_file   the page with everything inside
//! ```
//!
//! Server and WebAssembly answer by the same functions, so the page shows the same.
//!
//! What this crate must never do: read or write a file, know how a request arrives.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests look at the page's files"))]

mod explain;
pub mod files;
mod model;
mod one_file;
mod shown;

pub use explain::explained;
pub use model::{DEFAULT_MIN_CONFIDENCE, InUse, Model, Picture};
pub use one_file::one_file;
