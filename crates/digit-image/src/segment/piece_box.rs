//! Boxes around ink, and how they lie to each other.

use crate::preprocess::ops::components::Component;

/// The box around one or several components; columns and rows from 0, the last ones included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PieceBox {
    pub(super) left: u32,
    pub(super) right: u32,
    pub(super) top: u32,
    pub(super) bottom: u32,
}

impl From<&Component> for PieceBox {
    fn from(component: &Component) -> Self {
        let &Component { left, right, top, bottom, .. } = component;
        Self { left, right, top, bottom }
    }
}

impl PieceBox {
    pub(super) fn width(&self) -> f64 {
        f64::from(self.right - self.left + 1)
    }

    pub(super) fn height(&self) -> f64 {
        f64::from(self.bottom - self.top + 1)
    }

    pub(super) fn longer(&self) -> f64 {
        self.width().max(self.height())
    }

    pub(super) fn centre(&self) -> (f64, f64) {
        (f64::from(self.left + self.right) / 2.0, f64::from(self.top + self.bottom) / 2.0)
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            right: self.right.max(other.right),
            top: self.top.min(other.top),
            bottom: self.bottom.max(other.bottom),
        }
    }

    pub(super) fn contains(&self, other: &Self) -> bool {
        self.left <= other.left && self.right >= other.right && self.top <= other.top && self.bottom >= other.bottom
    }

    /// Columns that both have; below 0 the columns between them.
    pub(super) fn overlap_x(&self, other: &Self) -> f64 {
        overlap((self.left, self.right), (other.left, other.right))
    }

    /// Rows that both have; below 0 the rows between them.
    pub(super) fn overlap_y(&self, other: &Self) -> f64 {
        overlap((self.top, self.bottom), (other.top, other.bottom))
    }
}

fn overlap(one: (u32, u32), other: (u32, u32)) -> f64 {
    f64::from(one.1.min(other.1)) - f64::from(one.0.max(other.0)) + 1.0
}
