//! How the threads of a command are shared: runs come first, and large runs get those that no run needs.

pub(crate) mod budget;
pub(crate) mod helpers;
