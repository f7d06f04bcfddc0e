//! What a server or a scanner sends.

use digit_form::pdf_pages::{PdfPages, is_pdf};
use digit_serve::collected_strokes;

const MOST_PIXELS: u64 = 1 << 16;
/// Pages that are looked at.
const PAGES: usize = 3;

/// A PDF scan.
pub fn pdf(bytes: &[u8]) {
    if !is_pdf(bytes) {
        return;
    }
    let Ok(pdf) = PdfPages::open(bytes.to_vec()) else { return };
    for number in 0..pdf.count().min(PAGES) {
        if let Ok(page) = pdf.page(number, MOST_PIXELS) {
            let count = u64::from(page.width_px) * u64::from(page.height_px);
            assert!((1..=MOST_PIXELS).contains(&count), "{} x {}", page.width_px, page.height_px);
            assert_eq!(page.pixels.len() as u64, count);
        }
    }
}

/// The body of `POST /collect`.
pub fn collected(bytes: &[u8]) {
    if let Ok(line) = collected_strokes(bytes) {
        assert!(!line.contains(['\n', '\r']), "{line}");
        let value: serde_json::Value = serde_json::from_str(&line).expect("a line of JSON");
        assert!(value["drawing"].is_array() && value["picture"] == "0001.png", "{line}");
    }
}
