//! The page that anyone can open: a model inside a page that `just page` made.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stage_files::{refuse, regular_file};

/// The element of the page that holds the model, in Base64.
const BEGINS: &str = r#"<script type="text/plain" id="model">"#;
const ENDS: &str = "</script>";
/// Longest page that is read; a page has about two megabytes.
const MAX_PAGE_BYTES: u64 = 64 << 20;

/// The page in a file, to put models into.
///
/// # Errors
/// A refusal when there is none, or it is another page.
pub(crate) fn template(path: &Path) -> anyhow::Result<String> {
    let bytes = regular_file::read(path, MAX_PAGE_BYTES).map_err(|error| error.at_input(path))?;
    let page = String::from_utf8(bytes).ok().filter(|page| page.matches(BEGINS).count() == 1);
    let Some(page) = page else {
        refuse!(
            "--page {}: expected a page that `just page` made (a digits.html), found something else",
            path.display()
        );
    };
    Ok(page)
}

/// A page with a model file in place of the one that is inside.
pub fn with_model(page: &str, file: &[u8]) -> String {
    let (before, rest) = page.split_once(BEGINS).unwrap_or((page, ""));
    let after = rest.split_once(ENDS).map_or("", |(_, after)| after);
    format!("{before}{BEGINS}{}{ENDS}{after}", STANDARD.encode(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_takes_the_place_of_the_one_before() {
        let page = format!("<p>a</p>{BEGINS}{ENDS}<p>b</p>");
        let first = with_model(&page, b"first");
        assert_eq!(first, format!("<p>a</p>{BEGINS}Zmlyc3Q={ENDS}<p>b</p>"));
        assert_eq!(with_model(&first, b"first"), first);
        assert_eq!(with_model(&with_model(&page, b"another"), b"first"), first);
    }
}
