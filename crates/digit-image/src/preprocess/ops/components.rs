//! Connected components of ink.

use image::GrayImage;

use super::blur;
use crate::connected::{self, Connectivity};
use crate::raster::GrayPicture;

/// Ink from this amount on joins components.
const JOINING_INK: u8 = 32;
/// Ink from this amount on joins components without smoothing, which would wash lines of one pixel away.
const LINE_INK: u8 = 96;
/// One pixel of smoothing for so many of the shorter side: joins the dots of a dithered picture.
const PX_A_SMOOTHING_PX: u32 = 64;

/// A connected component of ink; columns and rows from 0, the last ones included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Component {
    /// Leftmost column.
    pub left: u32,
    /// Rightmost column.
    pub right: u32,
    /// Uppermost row.
    pub top: u32,
    /// Lowest row.
    pub bottom: u32,
    /// Sum of the ink.
    pub ink: u64,
}

impl Component {
    /// Columns.
    pub(crate) fn width_px(&self) -> u32 {
        self.right - self.left + 1
    }

    /// Both together.
    pub(crate) fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            right: self.right.max(other.right),
            top: self.top.min(other.top),
            bottom: self.bottom.max(other.bottom),
            ink: self.ink + other.ink,
        }
    }

    /// Rows.
    pub(crate) fn height_px(&self) -> u32 {
        self.bottom - self.top + 1
    }
}

/// The components of a picture.
pub(crate) struct Components {
    /// In the order in which their first pixels come, row by row.
    pub all: Vec<Component>,
    /// For each pixel 0, or one more than the place of its component in `all`.
    labels: Vec<u32>,
    width: usize,
}

impl Components {
    /// Finds the components of `picture`, dark on white.
    pub(crate) fn of(picture: &GrayPicture) -> Self {
        Self::smoothed(picture, (picture.width_px.min(picture.height_px) / PX_A_SMOOTHING_PX) as usize)
    }

    /// Finds the components without smoothing, which joins small ones that stand near each other.
    pub(crate) fn fine(picture: &GrayPicture) -> Self {
        Self::smoothed(picture, 0)
    }

    fn smoothed(picture: &GrayPicture, radius_px: usize) -> Self {
        let (width_px, height_px) = (picture.width_px, picture.height_px);
        let smooth = if radius_px == 0 { picture.clone() } else { blur::mean(picture, radius_px) };
        // From here on, smoothing leaves too little of a line of one pixel.
        let washed_away = 255 / (2 * radius_px + 1) < usize::from(JOINING_INK);
        let line_ink = if washed_away { LINE_INK } else { u8::MAX };
        let joins = |(&smooth, &value): (&u8, &u8)| 255 - smooth >= JOINING_INK || 255 - value > line_ink;
        let mask = smooth.pixels.iter().zip(&picture.pixels).map(joins).map(u8::from).collect();
        let mask = GrayImage::from_raw(width_px, height_px, mask).unwrap_or_default();
        let labels = connected::numbers(&mask, Connectivity::Eight);
        let count = labels.iter().copied().max().unwrap_or(0) as usize;
        let none = Component { left: u32::MAX, right: 0, top: u32::MAX, bottom: 0, ink: 0 };
        let mut all = vec![none; count];
        for ((labels, values), y) in labels.chunks_exact(width_px as usize).zip(picture.rows()).zip(0..) {
            for ((&label, &value), x) in labels.iter().zip(values).zip(0..).filter(|((label, _), _)| **label > 0) {
                let component = &mut all[label as usize - 1];
                component.left = component.left.min(x);
                component.right = component.right.max(x);
                component.top = component.top.min(y);
                component.bottom = y;
                component.ink += u64::from(255 - value);
            }
        }
        Self { all, labels, width: width_px as usize }
    }

    /// Columns of the picture.
    pub(crate) fn width_px(&self) -> usize {
        self.width
    }

    /// Whether the pixel in column `x` and row `y` belongs to the component at a place of `all`.
    pub(crate) fn holds(&self, component: usize, x: u32, y: u32) -> bool {
        self.at(x, y) == Some(component)
    }

    /// The place in `all` of the component that a pixel belongs to.
    pub(crate) fn at(&self, x: u32, y: u32) -> Option<usize> {
        (self.labels[y as usize * self.width + x as usize] as usize).checked_sub(1)
    }

    /// The same for all pixels, row by row.
    pub(crate) fn of_pixels(&self) -> impl Iterator<Item = Option<usize>> {
        self.labels.iter().map(|&label| (label as usize).checked_sub(1))
    }

    /// The picture without the components for which `keep` is false at their place; loose ink outside all components
    /// goes too.
    pub(crate) fn keep(&self, picture: &GrayPicture, keep: &[bool]) -> GrayPicture {
        let kept = |label: u32| label > 0 && keep[label as usize - 1];
        let pixels = picture.pixels.iter().zip(&self.labels);
        let pixels = pixels.map(|(&value, &label)| if kept(label) { value } else { 255 }).collect();
        GrayPicture { pixels, ..*picture }
    }
}
