//! How many pictures a file holds.

#[cfg(feature = "tiff")]
use super::tiff;
use super::truncation;
use crate::format::{Format, sniff};

/// How many pages of a TIFF file, or frames of an animation, a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pages {
    /// All of them; 1 for a picture of one page and for a file that is damaged.
    pub all: usize,
    /// Those that can be decoded, from the first on. Of an animated PNG that is the first frame.
    pub readable: usize,
}

/// The pages of a TIFF file, or the frames of an animation (GIF, WebP, PNG). Smaller versions of a page and masks
/// inside a TIFF file are none.
///
/// ```
/// use digit_image::decode::{Pages, pages};
/// assert_eq!(pages(b"P2 2 1 255 7 250 "), Pages { all: 1, readable: 1 });
/// ```
pub fn pages(bytes: &[u8]) -> Pages {
    let (all, is_each_readable) = match sniff(bytes) {
        #[cfg(feature = "tiff")]
        Some(Format::Tiff) => (tiff::page_count(bytes), true),
        Some(Format::Gif) => (truncation::gif_frames(bytes), cfg!(feature = "gif")),
        // Chunks: name, length in 4 bytes, data padded to an even length (WebP container specification).
        Some(Format::WebP) => (count_chunks(bytes, 12, *b"ANMF", webp_chunk), cfg!(feature = "webp")),
        Some(Format::Png) => (frames_of_png(bytes), false),
        _ => (1, true),
    };
    let all = all.max(1);
    Pages { all, readable: if is_each_readable { all } else { 1 } }
}

/// Pictures of several pages that are named; the rest is counted.
const NAMED: usize = 5;

/// Which pages of a file are taken, as `--pages` names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PageChoice {
    /// The first one.
    #[default]
    First,
    /// Each that can be read, as a picture of its own.
    All,
}

impl std::str::FromStr for PageChoice {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "first" => Ok(Self::First),
            "all" => Ok(Self::All),
            _ => Err(format!("expected first or all, found `{text}`")),
        }
    }
}

impl PageChoice {
    /// How many pages are taken of a file.
    pub fn taken(self, pages: Pages) -> usize {
        if self == Self::All { pages.readable } else { 1 }
    }

    /// A sentence for each of the first few pictures of which pages are left out, and one for the rest. Each has its
    /// name and the number of pages that are left out; none is 0. `all` is what takes all pages: `--pages all`, and
    /// `--fresh` where a folder was made without it.
    pub fn warnings<'a>(self, all: &str, left_out: impl IntoIterator<Item = (&'a str, u64)>) -> Vec<String> {
        let remedy = match self {
            Self::First => format!("{all} takes each"),
            Self::All => "the others of an animated PNG are not read; export them as files".to_owned(),
        };
        let mut left_out = left_out.into_iter();
        let sentence =
            |(name, pages)| format!("{name}: has {} pages or frames, the first is used; {remedy}", pages + 1);
        let mut sentences: Vec<String> = left_out.by_ref().take(NAMED).map(sentence).collect();
        match left_out.count() {
            0 => {}
            more => sentences.push(format!("the first page or frame alone is used of {more} more pictures")),
        }
        sentences
    }
}

/// Name of the chunk that begins at a place, and where the next one begins.
type ReadChunk = fn(&[u8], usize) -> Option<([u8; 4], usize)>;

fn count_chunks(bytes: &[u8], first: usize, wanted: [u8; 4], read: ReadChunk) -> usize {
    let (mut count, mut at) = (0, first);
    while let Some((name, next)) = read(bytes, at) {
        count += usize::from(name == wanted);
        at = next;
    }
    count
}

fn word(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn webp_chunk(bytes: &[u8], at: usize) -> Option<([u8; 4], usize)> {
    let length = u32::from_le_bytes(word(bytes, at + 4)?) as usize;
    Some((word(bytes, at)?, at + 8 + length + length % 2))
}

fn png_chunk(bytes: &[u8], at: usize) -> Option<([u8; 4], usize)> {
    let length = u32::from_be_bytes(word(bytes, at)?) as usize;
    Some((word(bytes, at + 4)?, at + 12 + length))
}

/// Every frame has a frame control chunk; a default image that is no frame counts beside them.
fn frames_of_png(bytes: &[u8]) -> usize {
    let frames = count_chunks(bytes, 8, *b"fcTL", png_chunk);
    let Some(data) = bytes.windows(4).position(|name| name == b"IDAT") else { return frames };
    let default_is_a_frame = count_chunks(&bytes[..data], 8, *b"fcTL", png_chunk) > 0;
    frames + usize::from(!default_is_a_frame)
}
