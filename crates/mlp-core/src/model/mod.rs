//! The network: its shape, its parameters, and the forward pass.

pub mod architecture;
pub(crate) mod buffer;
pub(crate) mod dropout;
pub mod init;
pub mod network;
pub mod parameters;
