//! Sheets as a PDF, a page for each writer and page of the form.

pub mod names;
mod pdf;

use crate::code::{Sheet, form_id};
use crate::drawing::shapes;
use crate::layout::Layout;

/// The PDF of a form for these writers.
///
/// # Errors
/// A name that is too long for the code.
pub fn pdf(layout: &Layout, writers: &[String]) -> anyhow::Result<Vec<u8>> {
    let form = form_id(layout, writers);
    let mut pages = Vec::new();
    for (writer_number, writer) in (1..).zip(writers) {
        for page in 1..=layout.pages() {
            let sheet = Sheet { form, layout: layout.clone(), page, writer_number, writer: writer.clone() };
            pages.push(shapes(&sheet, writers.len() as u32)?);
        }
    }
    Ok(pdf::write(layout.paper, &pages))
}
