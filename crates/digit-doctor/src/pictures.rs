//! The pictures that are looked at.

use std::borrow::Cow;

use digit_image::raster::GrayPicture;
use digit_image::resize;
use stage_files::LabelSet;
use stage_files::digest::{ListingDigest, sha256_hex};
use stage_files::picture::{Canvas, PictureSettings};
use stage_page::Picture;

use crate::cut::{Meeting, meeting};
use crate::reason::Name;
use crate::shape::{InkMap, Shape};

/// Larger pictures are shrunk before they are looked at.
const MAX_SIDE_PX: u32 = 128;

/// Where a picture came from and what its label is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Item {
    /// Its name as a labelled picture, `20/3_20_kim-1.png`; empty if not known.
    pub(crate) picture: String,
    /// Its source, relative to the folder of source pictures; empty if not known.
    pub(crate) source: String,
    /// Its row in the data set, from 0.
    pub(crate) row: Option<u32>,
    /// The digit that it is said to show.
    pub(crate) label: u8,
    /// Who wrote it, as far as known.
    pub(crate) writer: Option<String>,
    /// Whether it tests: a row of `--test`, or of the split of a config.
    pub(crate) tests: bool,
}

impl Item {
    /// What people call it.
    pub(crate) fn name(&self) -> Name {
        match (self.source.as_str(), self.picture.as_str(), self.row) {
            ("", "", Some(row)) => Name::Row(row),
            ("", picture, _) => Name::Path(picture.to_owned()),
            (source, ..) => Name::Path(source.to_owned()),
        }
    }
}

/// What is kept of a source picture, before any step of preprocessing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// Its shape.
    pub(crate) shape: Shape,
    /// Where the digit meets the border.
    pub(crate) meeting: Option<Meeting>,
}

impl Seen {
    /// Looks at a picture in gray.
    pub(crate) fn of(picture: &GrayPicture) -> Self {
        // Larger pictures have nothing that a shape would show.
        InkMap::of(&at_most(picture, MAX_SIDE_PX))
            .map_or_else(Self::default, |map| Self { shape: map.shape(), meeting: meeting(&map) })
    }
}

/// The picture, shrunk if its longer side is longer than this.
pub(crate) fn at_most(picture: &GrayPicture, side_px: u32) -> Cow<'_, GrayPicture> {
    let longer = picture.width_px.max(picture.height_px);
    if longer <= side_px {
        return Cow::Borrowed(picture);
    }
    let small = |side: u32| (u64::from(side) * u64::from(side_px) / u64::from(longer)).max(1) as u32;
    Cow::Owned(resize::area(picture, small(picture.width_px), small(picture.height_px)))
}

/// Pictures of one canvas, N of P pixels.
#[derive(Clone, Debug)]
pub(crate) struct Pictures {
    /// Name of the folder or file.
    pub(crate) name: String,
    pub(crate) canvas: Canvas,
    pub(crate) labels: LabelSet,
    /// Gray (N, P), 0 black.
    pub(crate) pixels: Vec<u8>,
    /// Of length N.
    pub(crate) items: Vec<Item>,
    /// Those from here on are the rows of `--test`: only copies are looked for among them.
    pub(crate) own: usize,
    /// Of the source pictures up to `own`; empty where only rows are known.
    pub(crate) seen: Vec<Seen>,
    /// How the pixels were made, as far as known.
    pub(crate) settings: Option<PictureSettings>,
}

impl Pictures {
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether preprocessing made the pixels.
    pub(crate) fn is_prepared(&self) -> bool {
        self.settings.as_ref().is_some_and(|settings| !settings.preprocess.is_empty())
    }

    /// Gray of a picture (P).
    pub(crate) fn row(&self, at: usize) -> &[u8] {
        let width = self.canvas.pixels();
        &self.pixels[at * width..][..width]
    }

    /// A picture for a page.
    pub(crate) fn picture(&self, at: usize) -> Picture {
        let pixels = self.row(at).to_vec();
        Picture { width_px: self.canvas.width_px as usize, pixels, caption: String::new(), link: None }
    }

    pub(crate) fn rows(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.pixels.chunks_exact(self.canvas.pixels())
    }

    /// Class of a picture: the position of its label in the label set.
    pub(crate) fn class(&self, at: usize) -> u8 {
        self.labels.class_of(self.items[at].label).unwrap_or_default()
    }

    /// Digest of all that is looked at, and of how many pictures.
    pub(crate) fn digest(&self) -> (String, u64) {
        let mut listing = ListingDigest::default();
        for (item, pixels) in self.items.iter().zip(self.rows()) {
            let what = [item.source.as_bytes(), item.writer.as_deref().unwrap_or_default().as_bytes(), pixels];
            let what = [&what.join(&0)[..], &[item.label, u8::from(item.tests)]].concat();
            listing.add(&item.picture, &sha256_hex(&what));
        }
        listing.finish()
    }
}
