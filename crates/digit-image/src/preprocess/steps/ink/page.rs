//! The ink of a page of many digits, or of a line of them.
//!
//! Half the shorter side, the usual window, is much broader than the strokes of a page, so shadows with sharp edges
//! would be ink. The window follows the strokes: it begins as the usual one and shrinks while the strokes found with it
//! are much narrower.

use crate::preprocess::ops::strokes::Strokes;
use crate::preprocess::step::Unfit;
use crate::raster::{GrayPicture, RgbPicture};

use super::candidates::{Candidate, Channel, along_the_ink};
use super::contrast;
use super::page_paper;

/// The first window over the shorter side.
const WINDOW: f64 = 0.5;
/// No window is smaller.
const SMALLEST_WINDOW_PX: f64 = 16.0;
/// A window is so many times as broad as the strokes, crossings included.
const WINDOW_OVER_STROKE: f64 = 5.0;
/// A window that would shrink by less than this stays.
const WORTH_SHRINKING: f64 = 0.7;
/// How often the window shrinks.
const MOST_TURNS: usize = 4;
/// Ink differs from paper by at least so many levels.
const LEAST_CONTRAST: f64 = 12.0;
/// Ink from this amount on belongs to strokes.
const STROKE_INK: u8 = 128;

/// Dark ink on white, whatever the colours and the light of the page.
///
/// # Errors
/// [`Unfit::NoInk`]: nothing stands out from the paper.
pub(crate) fn of_page(picture: &RgbPicture) -> Result<GrayPicture, Unfit> {
    let shorter = f64::from(picture.width_px.min(picture.height_px));
    let first = (WINDOW * shorter).max(SMALLEST_WINDOW_PX);
    let mut kind = Candidate::with(&Channel::all(picture), radius_px(first), "auto").light;
    let channels = Channel::all_in_their_light(picture);
    if kind.contains(&true) {
        // Where no light falls, most of a picture may be dark and its paper light nevertheless.
        let dark = vec![false; kind.len()];
        let window = follow_the_strokes(&channels, first, &dark).map_or(first, |(_, window)| window);
        for (light, channel) in kind.iter_mut().zip(&channels) {
            *light &= page_paper::has_dark_ground(channel, radius_px(window));
        }
    }
    follow_the_strokes(&channels, first, &kind).map(|(ink, _)| ink)
}

/// Ink of a known kind, and the window that is right for its strokes.
fn follow_the_strokes(channels: &[Channel], first: f64, kind: &[bool]) -> Result<(GrayPicture, f64), Unfit> {
    let found = |window: f64| {
        let differences = page_paper::differences(channels, radius_px(window), kind);
        contrast::stretch(&along_the_ink(&differences), LEAST_CONTRAST)
    };
    let (mut ink, mut window) = (found(first)?, first);
    for _ in 0..MOST_TURNS {
        let strokes = Strokes::of(&ink.map(|value| 255 - value >= STROKE_INK));
        let wanted = (WINDOW_OVER_STROKE * strokes.thickness_px).max(SMALLEST_WINDOW_PX);
        if wanted > WORTH_SHRINKING * window {
            break;
        }
        window = wanted;
        match found(window) {
            Ok(better) => ink = better,
            Err(_) => break,
        }
    }
    Ok((ink, window))
}

fn radius_px(window: f64) -> usize {
    (window / 2.0).ceil() as usize
}
