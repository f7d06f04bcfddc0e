//! The libraries for a browser: reading and predicting pictures, and training on them, as WebAssembly.
//!
//! ```text
//! exports     the functions that JavaScript calls: bytes in, bytes out, no other types
//! session     what they share: the model in use, collected pictures, the files of the last training
//! collected   collected pictures to a data set, as digit-labeler and digit-csv make it
//! teaching    the config that the page trains with, and the commands that do the same
//! ```
//!
//! The same functions run natively, which is how the tests call them. `just page` builds the WebAssembly and the page
//! that holds it.
//!
//! What this crate must never do: decide what a native command decides otherwise.

mod collected;
pub mod exports;
mod session;
mod teaching;

pub use session::Session;
