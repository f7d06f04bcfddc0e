//! The key `augment`: random changes of the training pictures, new in every epoch.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Positive;
use super::numbers::{AtMostOne, GrayLevels, NonNegative, Portion, Turn};

/// Random changes of the training pictures, new in every epoch. Each key is a limit; a change without a key does not
/// happen. Validation and test pictures stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Augment {
    /// Moved by up to this many pixels to either side, and up or down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift_px: Option<NonNegative>,
    /// Turned by up to this many degrees either way around the middle of its ink.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotate_deg: Option<Turn>,
    /// Width and height each made larger or smaller by a factor of up to 1 + this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Portion>,
    /// Slanted either way: a row is moved by up to this many pixels against the next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shear: Option<NonNegative>,
    /// Every pixel moved by a smooth random field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elastic: Option<Elastic>,
    /// The edges of strokes moved outwards or inwards by up to this many pixels, at most 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thickness: Option<AtMostOne>,
    /// A rectangle at any place becomes paper; its sides are up to this share of the picture's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erase: Option<AtMostOne>,
    /// Standard deviation, in gray levels of 0..255, of noise in every pixel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noise: Option<GrayLevels>,
}

/// A smooth random field of displacements (P. Y. Simard, D. Steinkraus, J. C. Platt 2003).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Elastic {
    /// Standard deviation of the Gaussian that smooths the field, in pixels.
    pub sigma_px: Positive,
    /// What the smoothed field, drawn from -1..1, is multiplied with, in pixels.
    pub alpha_px: NonNegative,
}
