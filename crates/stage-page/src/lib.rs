//! Pages that commands write: a list of blocks, as one HTML file that needs nothing else and as Markdown.
//!
//! Both are written from the same blocks, so they cannot disagree. Text from files is escaped here and nowhere else.
//!
//! What this crate must never do: know what a page is about; write a file.

pub mod chart;
pub mod escape;
pub mod format;
pub mod live;
pub mod writers;

mod assets;
mod block;
mod gallery;
mod html;
mod lang;
mod markdown;
mod picture;
mod signed;
mod strips;

pub use block::{Answer, Block, Column, Switches, Table};
pub use gallery::{Bar, Cell, Gallery, Sample};
pub use html::{document, page};
pub use lang::Lang;
pub use markdown::markdown;
pub use picture::Picture;
pub use signed::Signed;
pub use strips::Strip;
