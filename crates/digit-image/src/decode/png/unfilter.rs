//! Taking off the row filters (PNG specification, section 9): each byte was stored as its difference from a
//! prediction made of the bytes to the left (a), above (b) and above left (c), one pixel away.

/// Restores `row` in place. `above` is the restored row above, zeros for the first row, of the same length;
/// `pixel_bytes` is the distance to the left neighbour, at least 1.
///
/// Returns `None` for a filter type that does not exist.
pub(super) fn unfilter(filter: u8, pixel_bytes: usize, above: &[u8], row: &mut [u8]) -> Option<()> {
    match (filter, pixel_bytes) {
        (0, _) => {}
        (1, 3) => running_sum::<3>(row),
        (1, 4) => running_sum::<4>(row),
        (1, _) => {
            for at in pixel_bytes..row.len() {
                row[at] = row[at].wrapping_add(row[at - pixel_bytes]);
            }
        }
        (2, _) => {
            for (value, &up) in row.iter_mut().zip(above) {
                *value = value.wrapping_add(up);
            }
        }
        // With the distance known at compile time the neighbours stay in registers; 1 to 8 are all that exist.
        (3 | 4, 1) => predict::<1>(filter, above, row),
        (3 | 4, 2) => predict::<2>(filter, above, row),
        (3 | 4, 3) => predict::<3>(filter, above, row),
        (3 | 4, 4) => predict::<4>(filter, above, row),
        (3 | 4, 6) => predict::<6>(filter, above, row),
        (3 | 4, 8) => predict::<8>(filter, above, row),
        _ => return None,
    }
    Some(())
}

/// The sums stay in registers; through memory, each byte would wait for the one before it to be written.
fn running_sum<const PIXEL_BYTES: usize>(row: &mut [u8]) {
    let mut sum = [0_u8; PIXEL_BYTES];
    for pixel in row.as_chunks_mut::<PIXEL_BYTES>().0 {
        for (sum, value) in sum.iter_mut().zip(*pixel) {
            *sum = sum.wrapping_add(value);
        }
        *pixel = sum;
    }
}

fn predict<const PIXEL_BYTES: usize>(filter: u8, above: &[u8], row: &mut [u8]) {
    let (mut left, mut above_left) = ([0_u8; PIXEL_BYTES], [0_u8; PIXEL_BYTES]);
    let average = filter == 3;
    for (pixel, up) in row.as_chunks_mut::<PIXEL_BYTES>().0.iter_mut().zip(above.as_chunks::<PIXEL_BYTES>().0) {
        for channel in 0..PIXEL_BYTES {
            let prediction = if average {
                u16::midpoint(u16::from(left[channel]), u16::from(up[channel])) as u8
            } else {
                paeth(left[channel], up[channel], above_left[channel])
            };
            pixel[channel] = pixel[channel].wrapping_add(prediction);
        }
        left = *pixel;
        above_left = *up;
    }
}

/// Whichever of the three neighbours is nearest to a + b - c; on a tie a before b before c.
fn paeth(a: u8, b: u8, c: u8) -> u8 {
    let (from_b, from_a) = (i16::from(a) - i16::from(c), i16::from(b) - i16::from(c));
    let (distance_a, distance_b, distance_c) = (from_a.abs(), from_b.abs(), (from_a + from_b).abs());
    if distance_a <= distance_b && distance_a <= distance_c {
        a
    } else if distance_b <= distance_c {
        b
    } else {
        c
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The filter as the specification writes it, from whole numbers.
    fn filter_reference(filter: u8, pixel_bytes: usize, above: &[u8], row: &[u8]) -> Vec<u8> {
        (0..row.len())
            .map(|at| {
                let a = if at >= pixel_bytes { i32::from(row[at - pixel_bytes]) } else { 0 };
                let c = if at >= pixel_bytes { i32::from(above[at - pixel_bytes]) } else { 0 };
                let b = i32::from(above[at]);
                let prediction = match filter {
                    0 => 0,
                    1 => a,
                    2 => b,
                    3 => (a + b).div_euclid(2),
                    _ => {
                        let p = a + b - c;
                        *[a, b, c].iter().min_by_key(|neighbour| (p - **neighbour).abs()).unwrap_or(&0)
                    }
                };
                (i32::from(row[at]) - prediction).rem_euclid(256) as u8
            })
            .collect()
    }

    proptest! {
        #[test]
        fn unfilter_undoes_the_filter(
            filter in 0_u8..=4,
            pixel_bytes in prop::sample::select(vec![1_usize, 2, 3, 4, 6, 8]),
            pixels in prop::collection::vec(any::<(u64, u64)>(), 1..20),
        ) {
            let bytes = |pick: fn(&(u64, u64)) -> u64| -> Vec<u8> {
                pixels.iter().flat_map(|pixel| pick(pixel).to_le_bytes()[..pixel_bytes].to_vec()).collect()
            };
            let (above, row) = (bytes(|pixel| pixel.0), bytes(|pixel| pixel.1));
            let mut filtered = filter_reference(filter, pixel_bytes, &above, &row);
            prop_assert_eq!(unfilter(filter, pixel_bytes, &above, &mut filtered), Some(()));
            prop_assert_eq!(filtered, row);
        }
    }

    #[test]
    fn a_fifth_filter_does_not_exist() {
        assert_eq!(unfilter(5, 1, &[0], &mut [0]), None);
    }
}
