//! Printed forms for handwritten digits.
//!
//! [`make`] prints sheets with a box for each digit, marks in the corners, and a code with form, page and writer.
//! [`read`] finds a sheet in a scan or photograph, cuts its boxes out, and knows label and writer of each.
//!
//! What this crate must never do: guess. A sheet that is not found exactly is refused, as its labels would be wrong,
//! and a box that is not found, too.

pub mod cli;
pub mod code;
pub mod dictionary;
pub mod drawing;
pub mod layout;
pub mod make;
pub mod pdf_pages;
pub mod read;
pub mod stage;
