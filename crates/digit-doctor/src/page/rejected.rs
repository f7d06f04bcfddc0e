//! The source pictures that cannot be used: each with its reason, and what it shows if it can be decoded at all.

use std::path::Path;

use digit_image::decode::{DecodeOptions, decode_gray};
use maud::{Markup, html};
use stage_files::regular_file;
use stage_files::rejected::Rejected;
use stage_page::escape::printable;
use stage_page::{Lang, Picture};

use crate::pictures::at_most;
use crate::words::page as words;

/// Larger files are not opened for a small picture of them.
const MAX_FILE_BYTES: u64 = 1 << 28;
/// Longer side of the picture on the page.
const SIDE_PX: u32 = 96;

/// What cannot be used, as the page shows it.
pub(crate) struct RejectedPictures {
    count: usize,
    shown: Vec<(Rejected, Option<Picture>)>,
}

impl RejectedPictures {
    /// Opens the first `shown` of them. `folder` is that of the source pictures; without it there are reasons alone.
    pub(crate) fn of(rejected: &[Rejected], folder: Option<&Path>, shown: usize) -> Self {
        let with_picture =
            |one: &Rejected| (one.clone(), folder.and_then(|folder| thumbnail(&folder.join(&one.source))));
        Self { count: rejected.len(), shown: rejected.iter().take(shown).map(with_picture).collect() }
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn markup(&self, lang: Lang) -> Markup {
        let more = self.count - self.shown.len();
        html! {
            section aria-labelledby="rejected" {
                h2 id="rejected" { (words::rejected(lang)) " " span.n { (self.count) } }
                p { (words::about_rejected(lang)) }
                div.cards { @for (rejected, picture) in &self.shown { (card(rejected, picture.as_ref())) } }
                @if more > 0 { p { (words::more_rejected(lang, more)) } }
            }
        }
    }
}

/// A small gray picture of a file; `None` if it cannot be decoded.
fn thumbnail(path: &Path) -> Option<Picture> {
    let bytes = regular_file::read(path, MAX_FILE_BYTES).ok()?;
    let picture = decode_gray(&bytes, &DecodeOptions::default()).ok()?;
    let shrunk = at_most(&picture, SIDE_PX).into_owned();
    Some(Picture { width_px: shrunk.width_px as usize, pixels: shrunk.pixels, caption: String::new(), link: None })
}

fn card(rejected: &Rejected, picture: Option<&Picture>) -> Markup {
    let name = printable(&rejected.source);
    html! {
        article.card {
            @if let Some((picture, source)) = picture.and_then(|picture| Some((picture, picture.data_uri()?))) {
                figure {
                    img src=(source) alt=(name) width=(picture.width_px) height=(picture.height_px()) loading="lazy";
                }
            }
            h3 { (name) }
            p.reason { (printable(&rejected.reason)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn rejected(source: &str) -> Rejected {
        Rejected { source: source.into(), reason: "several <digits>".into() }
    }

    #[test]
    fn a_picture_that_can_be_decoded_is_shown_small_and_a_file_that_cannot_has_its_reason() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("wide.pgm"), format!("P2 192 48 255 {}", "7 ".repeat(192 * 48))).unwrap();
        fs::write(folder.path().join("no.png"), "this is no picture").unwrap();
        let all = [rejected("wide.pgm"), rejected("no.png"), rejected("gone.png")];
        let found = RejectedPictures::of(&all, Some(folder.path()), 2);
        let sizes: Vec<_> =
            found.shown.iter().map(|(_, picture)| picture.as_ref().map(|p| (p.width_px, p.height_px()))).collect();
        assert_eq!(sizes, [Some((96, 24)), None]);
        let html = found.markup(Lang::En).into_string();
        assert!(html.contains("1 more are in rejected.csv."), "{html}");
        assert!(html.contains("several &lt;digits&gt;") && html.matches("<img").count() == 1, "{html}");
        assert_eq!(RejectedPictures::of(&all, None, 3).markup(Lang::En).into_string().matches("<img").count(), 0);
    }
}
