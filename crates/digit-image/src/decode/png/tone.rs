//! Rows of colours to gray, many pixels at once.
//!
//! One plain loop is compiled twice: for all processors, and for those that add 32 bytes at once. Both give equal
//! bytes, as whole numbers do.

use super::gamma::plain_gray;
use crate::decode::alpha::over_white_8;

/// Appends the gray values of a row without a gamma.
pub(crate) fn rgb(row: &[[u8; 3]], out: &mut Vec<u8>) {
    append(row, out, plain_gray);
}

/// As [`rgb`], of colours that lie on white paper as far as they are transparent.
pub(crate) fn rgba_on_white(row: &[[u8; 4]], out: &mut Vec<u8>) {
    append(row, out, |[r, g, b, alpha]| plain_gray([r, g, b].map(|sample| over_white_8(sample, alpha))));
}

fn append<C: Copy>(row: &[C], out: &mut Vec<u8>, gray: impl Fn(C) -> u8) {
    let start = out.len();
    out.resize(start + row.len(), 0);
    let out = &mut out[start..];
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: this processor has the only feature that the function needs.
        #[allow(unsafe_code)]
        return unsafe { fill_avx2(row, out, gray) };
    }
    fill(row, out, gray);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn fill_avx2<C: Copy>(row: &[C], out: &mut [u8], gray: impl Fn(C) -> u8) {
    fill(row, out, gray);
}

#[inline(always)] // So that it is compiled for the processor of its caller.
fn fill<C: Copy>(row: &[C], out: &mut [u8], gray: impl Fn(C) -> u8) {
    for (out, &colour) in out.iter_mut().zip(row) {
        *out = gray(colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn many_at_once_are_as_one_by_one(row in prop::collection::vec(any::<[u8; 4]>(), 0..200)) {
            let colours: Vec<[u8; 3]> = row.iter().map(|&[r, g, b, _]| [r, g, b]).collect();
            let (mut found, mut expected) = (vec![7], vec![7]);
            rgb(&colours, &mut found);
            fill(&colours, { expected.resize(1 + row.len(), 0); &mut expected[1..] }, plain_gray);
            prop_assert_eq!(&found, &expected);
            prop_assert!(colours.iter().zip(&found[1..]).all(|(&colour, &gray)| plain_gray(colour) == gray));
            found.truncate(1);
            rgba_on_white(&row, &mut found);
            for (&[r, g, b, alpha], &gray) in row.iter().zip(&found[1..]) {
                prop_assert_eq!(plain_gray([r, g, b].map(|sample| over_white_8(sample, alpha))), gray);
            }
        }
    }
}
