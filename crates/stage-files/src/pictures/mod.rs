//! Picture files: their names, where they are found, and the labelled picture.

pub mod archive;
pub mod folder_name;
pub mod labelled;
pub mod pack;
pub mod picture;
pub mod picture_name;
pub mod png_bytes;
mod small_png;
pub mod sources;
pub mod walk;
pub mod writer;
pub mod zlib;
