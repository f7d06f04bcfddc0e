//! What the whole picture says about its ground: paper is light unless most of the picture is dark.

use crate::preprocess::ops::histogram::{histogram, quantile};
use crate::raster::GrayPicture;

/// The darkest and lightest pixels: so many are beyond, as specks are.
const BEYOND: f64 = 0.002;

/// Whether ink may be lighter than the ground: more lies far above the usual value than below it. Paper with dark ink
/// is the other way round, whatever its brightness and however many lines cross it.
pub(super) fn may_have_light_ink(channel: &GrayPicture) -> bool {
    let counts = histogram(channel.pixels.iter().copied());
    let [low, usual, high] = [BEYOND, 0.5, 1.0 - BEYOND].map(|share| quantile(&counts, share));
    high - usual > usual - low
}
