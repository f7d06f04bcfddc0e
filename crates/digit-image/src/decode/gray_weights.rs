//! How much red, green and blue count in gray: OpenCV's weights in whole numbers, by the reader that it uses.

/// OpenCV's weights with 14 bits.
pub(super) fn gray_q14([r, g, b]: [u8; 3]) -> u8 {
    ((4899 * u32::from(r) + 9617 * u32::from(g) + 1868 * u32::from(b) + 8192) >> 14) as u8
}

/// OpenCV's weights with 15 bits.
pub(super) fn gray_q15([r, g, b]: [u8; 3]) -> u8 {
    ((9798 * u32::from(r) + 19235 * u32::from(g) + 3735 * u32::from(b) + 16384) >> 15) as u8
}
