//! EXIF orientation: which way up a picture is to be shown (tag 0x0112 of the first directory).

use crate::raster::Raster;

const ORIENTATION_TAG: u16 = 0x0112;

/// The orientation in a block of EXIF or TIFF bytes that begins with its byte order mark. `None` when the block is not
/// one, when it ends before the tag, or has no such tag.
pub(super) fn from_exif(block: &[u8]) -> Option<u16> {
    let big_endian = match block.get(..4)? {
        b"II*\0" => false,
        b"MM\0*" => true,
        _ => return None,
    };
    let u16_at = |at: usize| {
        let bytes = block.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let u32_at = |at: usize| {
        let bytes = block.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    };
    let directory = u32_at(4)? as usize;
    let entries = usize::from(u16_at(directory)?);
    for entry in 0..entries {
        let at = directory.checked_add(2 + 12 * entry)?;
        if u16_at(at)? == ORIENTATION_TAG {
            return u16_at(at + 8);
        }
    }
    None
}

/// `picture` turned or mirrored to stand upright: 2 mirror left-right, 3 turn by 180 degrees, 4 mirror top-bottom,
/// 5 transpose, 6 turn by 90 degrees clockwise, 7 transpose along the other diagonal, 8 turn by 90 degrees
/// counter-clockwise; anything else leaves it as it is.
pub(super) fn apply<P: Copy>(picture: Raster<P>, orientation: Option<u16>) -> Raster<P> {
    let Raster { width_px, height_px, mut pixels } = picture;
    let width = width_px as usize;
    match orientation {
        Some(2) => {
            pixels.chunks_exact_mut(width).for_each(<[P]>::reverse);
            Raster { width_px, height_px, pixels }
        }
        Some(3) => {
            pixels.reverse();
            Raster { width_px, height_px, pixels }
        }
        Some(4) => {
            let pixels = pixels.chunks_exact(width).rev().flatten().copied().collect();
            Raster { width_px, height_px, pixels }
        }
        Some(turn @ 5..=8) => {
            // Column x of the source becomes a row; 7 and 8 take the columns from the right, 6 and 7 read them upwards.
            let mut turned = Vec::with_capacity(pixels.len());
            for column in 0..width {
                let x = if matches!(turn, 7 | 8) { width - 1 - column } else { column };
                let down = pixels.iter().skip(x).step_by(width);
                if matches!(turn, 6 | 7) { turned.extend(down.rev()) } else { turned.extend(down) }
            }
            Raster { width_px: height_px, height_px: width_px, pixels: turned }
        }
        _ => Raster { width_px, height_px, pixels },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::GrayPicture;

    #[test]
    fn every_orientation_of_a_small_picture() {
        // 1 2 3
        // 4 5 6
        let picture = || GrayPicture { width_px: 3, height_px: 2, pixels: vec![1, 2, 3, 4, 5, 6] };
        let cases: [(u16, (u32, u32), [u8; 6]); 10] = [
            (0, (3, 2), [1, 2, 3, 4, 5, 6]),
            (1, (3, 2), [1, 2, 3, 4, 5, 6]),
            (2, (3, 2), [3, 2, 1, 6, 5, 4]),
            (3, (3, 2), [6, 5, 4, 3, 2, 1]),
            (4, (3, 2), [4, 5, 6, 1, 2, 3]),
            (5, (2, 3), [1, 4, 2, 5, 3, 6]),
            (6, (2, 3), [4, 1, 5, 2, 6, 3]),
            (7, (2, 3), [6, 3, 5, 2, 4, 1]),
            (8, (2, 3), [3, 6, 2, 5, 1, 4]),
            (9, (3, 2), [1, 2, 3, 4, 5, 6]),
        ];
        for (orientation, (width_px, height_px), pixels) in cases {
            let expected = GrayPicture { width_px, height_px, pixels: pixels.to_vec() };
            assert_eq!(apply(picture(), Some(orientation)), expected, "orientation {orientation}");
        }
        assert_eq!(apply(picture(), None), picture());
    }

    #[test]
    fn the_tag_is_found_in_both_byte_orders_and_blocks_that_end_early_give_none() {
        let little = b"II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\0\0\0\0\0\0\0\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
        let big = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0";
        assert_eq!(from_exif(little), Some(6));
        assert_eq!(from_exif(big), Some(8));
        for length in 0..big.len() - 2 {
            assert_eq!(from_exif(&big[..length]), None, "{length} bytes");
        }
        assert_eq!(from_exif(b"MM\0*\xff\xff\xff\xff\0\x01\x01\x12"), None);
    }
}
