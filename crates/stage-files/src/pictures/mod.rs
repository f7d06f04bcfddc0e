//! Picture files: their names, where they are found, and the labelled picture.

#[cfg(not(target_arch = "wasm32"))]
pub mod archive;
pub mod folder_name;
pub mod labelled;
#[cfg(not(target_arch = "wasm32"))]
pub mod pack;
pub mod picture;
pub mod picture_name;
pub mod png_bytes;
mod small_png;
pub mod sources;
pub mod walk;
pub mod writer;
pub mod zlib;
