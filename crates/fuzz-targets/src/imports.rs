//! Other people's data sets.

use digit_source::import::gather::{Pictures, Request};
use digit_source::import::idx;
use digit_source::import::one_file::{self, Options};

use crate::input::Input;

/// A file that holds pictures and labels together. The first byte is the width, 0 for none.
pub fn import_file(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let width_px = Some(u32::from(input.byte())).filter(|&width_px| width_px > 0);
    let options = Options { width_px, ..Options::default() };
    if let Ok((pictures, _)) = one_file::read(input.rest(), &options) {
        check(pictures);
    }
}

/// Two files; the first two bytes are the length of the first one.
pub fn import_pair(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let length = usize::from(input.byte()) << 8 | usize::from(input.byte());
    let images = input.take(length);
    if let Ok(pictures) = idx::read(images, input.rest()) {
        check(pictures);
    }
}

/// Pictures have their pixels, and the first ones become files.
fn check(pictures: Pictures) {
    for item in &pictures.items {
        match item.width_px {
            Some(width_px) => assert!(width_px > 0 && item.levels.len().is_multiple_of(width_px as usize)),
            None => {
                let expected = u64::from(pictures.width_px) * u64::from(pictures.height_px);
                assert_eq!(item.levels.len() as u64, expected, "{}", item.source);
            }
        }
    }
    let request = Request { labels: None, zero_is: None, size: 20, transpose: false, version: "1" };
    let Ok((job, make)) = request.job("fuzz", serde_json::json!({}), Vec::new(), pictures) else { return };
    for planned in job.pictures.iter().take(4) {
        make(planned).unwrap_or_else(|error| panic!("{error}"));
    }
}
