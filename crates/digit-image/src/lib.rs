//! The bytes of a picture file to a small gray raster, the same on every machine.
//!
//! ```
//! use digit_image::reader::PictureReader;
//! use stage_files::picture::{Alpha, Canvas, PictureSettings};
//!
//! let settings = PictureSettings { canvas: Canvas::DEFAULT, alpha: Alpha::White, preprocess: vec![] };
//! let picture = PictureReader::new(&settings)?.read(b"P2 2 1 255 7 250 ", 1_000_000)?;
//! assert_eq!((picture.width_px, picture.height_px), (20, 20));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A picture goes through three stages: [`decode`] gives gray or colour at full resolution, [`preprocess`] makes other
//! people's pictures alike, [`resize`] shrinks. [`reader`] does all three as one set of settings says. [`segment`]
//! finds the digits in a picture of several.
//!
//! PNG is always read. The cargo features `jpeg`, `bmp`, `gif`, `webp`, `tiff`, `pnm` and `jpeg2000`, all on by
//! default, add the other formats.
//!
//! What this crate must never do: open a file, start a thread, print.

pub mod connected;
pub mod decode;
pub mod format;
pub mod look;
pub mod preprocess;
pub mod raster;
pub mod reader;
pub mod resize;
pub mod segment;
