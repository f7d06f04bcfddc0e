//! One picture: read, decoded, prepared, shrunk and labelled.

use digit_image::decode::DecodeError;
use digit_image::reader::{PictureReader, Unread};
use stage_files::digest::sha256;
use stage_files::labelled::LabelledPicture;
use stage_files::picture::Canvas;

use crate::known::{Done, Sha256};
use crate::plan::Planned;
use crate::request::{MAX_FILE_BYTES, Request};

/// What became of a picture.
pub(crate) struct Made {
    /// Of the bytes of its source; `None` if they could not be read.
    source: Option<Sha256>,
    /// The labelled picture, or why there is none.
    pub(crate) png: Result<Vec<u8>, String>,
    pages_left_out: u64,
}

impl Made {
    fn rejected(source: Option<Sha256>, reason: &str) -> Self {
        Self { source, png: Err(reason.to_owned()), pages_left_out: 0 }
    }

    /// What is remembered of it; `written` gives the digest of the labelled picture.
    ///
    /// # Errors
    /// Those of `written`.
    pub(crate) fn done(self, written: impl FnOnce(Vec<u8>) -> anyhow::Result<Sha256>) -> anyhow::Result<Done> {
        let made = match self.png {
            Ok(png) => Ok(written(png)?),
            Err(reason) => Err(reason.into()),
        };
        Ok(Done { source: self.source, made, pages_left_out: self.pages_left_out })
    }
}

/// Reads, decodes and shrinks one picture. A fault becomes the reason of its rejection.
pub(crate) fn make(request: &Request, reader: &PictureReader, planned: &Planned) -> Made {
    let bytes = match planned.found.read(MAX_FILE_BYTES) {
        Ok(bytes) => bytes,
        Err(reason) => return Made::rejected(None, &reason.to_string()),
    };
    let source = Some(sha256(&bytes));
    if is_labelled(&bytes, request.picture.canvas, planned.name.label) {
        let reason = "is a labelled picture already, with its label in row 0; give the picture that it was made from";
        return Made::rejected(source, reason);
    }
    let canvas = request.picture.canvas;
    let small = reader.read_page(&bytes, planned.page, request.max_pixels).map_err(|error| match error {
        // The limit is one of the folder's settings.
        Unread::Decode(DecodeError::TooManyPixels { .. }) => format!("{error} --fresh"),
        _ => error.to_string(),
    });
    let pages = digit_image::decode::pages(&bytes);
    let pages_left_out = if planned.page == 0 { pages.all - request.pages.taken(pages) } else { 0 } as u64;
    drop(bytes);
    let encoded = small.and_then(|small| {
        let (label, size) = (planned.name.label, planned.name.size);
        let labelled = LabelledPicture { label, size, canvas, pixels: small.pixels };
        labelled.encode().map_err(|error| format!("{error:#}"))
    });
    match encoded {
        Ok(png) => Made { source, png: Ok(png), pages_left_out },
        Err(reason) => Made::rejected(source, &reason),
    }
}

/// Whether a picture is the output of this stage for a label and canvas: the right size, and a label row that says so.
fn is_labelled(bytes: &[u8], canvas: Canvas, label: u8) -> bool {
    // Width and height stand at this place of a PNG; only pictures of this size are worth decoding twice.
    let size = [canvas.width_px, canvas.height_px + 1].map(u32::to_be_bytes);
    bytes.get(16..24) == Some(size.as_flattened())
        && LabelledPicture::decode(bytes).is_ok_and(|there| there.label == label)
}
