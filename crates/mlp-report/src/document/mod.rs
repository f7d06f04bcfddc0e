//! The report as a list of blocks. Both `tables.md` and `index.html` are written from it, so they cannot disagree.

mod block;
mod html;
mod markdown;

pub(crate) use block::{Block, Table};
pub(crate) use html::page;
pub(crate) use markdown::markdown;
