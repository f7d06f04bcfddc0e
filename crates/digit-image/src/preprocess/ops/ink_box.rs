//! The box around the ink.

use crate::raster::GrayPicture;

/// Edges of the ink in pixels; pixel `i` covers `i..i + 1`.
pub(crate) struct InkBox {
    /// Left edge.
    pub left: u32,
    /// Right edge, above the left one.
    pub right: u32,
    /// Upper edge.
    pub top: u32,
    /// Lower edge, above the upper one.
    pub bottom: u32,
}

impl InkBox {
    /// The box around all pixels with at least so much ink; `None` without any.
    pub(crate) fn of(picture: &GrayPicture, least_ink: u8) -> Option<Self> {
        let inked = |value: &u8| 255 - value >= least_ink;
        let rows = || picture.rows().enumerate().filter(|(_, row)| row.iter().any(inked));
        let (top, _) = rows().next()?;
        let (bottom, _) = rows().next_back()?;
        let left = picture.rows().filter_map(|row| row.iter().position(inked)).min()? as u32;
        let right = picture.rows().filter_map(|row| row.iter().rposition(inked)).max()? as u32;
        Some(Self { left, right: right + 1, top: top as u32, bottom: bottom as u32 + 1 })
    }

    /// Columns.
    pub(crate) fn width_px(&self) -> u32 {
        self.right - self.left
    }

    /// Rows.
    pub(crate) fn height_px(&self) -> u32 {
        self.bottom - self.top
    }
}
