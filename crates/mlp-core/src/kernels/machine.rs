//! What differs between the kernel paths: how one fused multiply-add is carried out, and how large the tiles are. Neither changes a bit
//! of any result.

/// One way of compiling the kernels.
pub(crate) trait Machine {
    /// Rows of a forward tile: as many as accumulators fit in the registers.
    const FORWARD_ROWS: usize;
    /// Whether a forward tile is two virtual vectors (32 columns) wide.
    const FORWARD_WIDE: bool;
    /// Rows and weight rows of a tile of the transposed product.
    const TRANSPOSED_ROWS: usize;
    /// `a * b + c`, rounded once.
    fn mul_add(a: f32, b: f32, c: f32) -> f32;
}

/// The portable path: any processor.
pub(crate) struct Portable;

impl Machine for Portable {
    const FORWARD_ROWS: usize = 2;
    const FORWARD_WIDE: bool = false;
    const TRANSPOSED_ROWS: usize = 2;

    #[inline(always)]
    fn mul_add(a: f32, b: f32, c: f32) -> f32 {
        // Where the build's own baseline has the instruction (aarch64, x86-64-v3), the intrinsic is one instruction.
        // Elsewhere it would be a call to the C library for each element, and there is none without std.
        #[cfg(all(feature = "std", any(target_feature = "fma", target_arch = "aarch64")))]
        {
            a.mul_add(b, c)
        }
        #[cfg(not(all(feature = "std", any(target_feature = "fma", target_arch = "aarch64"))))]
        {
            mul_add_in_f64(a, b, c)
        }
    }
}

/// Haswell and later: 16 registers of 8 lanes.
#[cfg(all(feature = "std", target_arch = "x86_64"))]
pub(crate) struct Avx2;

#[cfg(all(feature = "std", target_arch = "x86_64"))]
impl Machine for Avx2 {
    const FORWARD_ROWS: usize = 5;
    const FORWARD_WIDE: bool = false;
    const TRANSPOSED_ROWS: usize = 2;

    #[inline(always)]
    fn mul_add(a: f32, b: f32, c: f32) -> f32 {
        a.mul_add(b, c)
    }
}

/// Skylake-X, Zen 4 and later: 32 registers of 16 lanes.
#[cfg(all(feature = "std", target_arch = "x86_64"))]
pub(crate) struct Avx512;

#[cfg(all(feature = "std", target_arch = "x86_64"))]
impl Machine for Avx512 {
    const FORWARD_ROWS: usize = 10;
    const FORWARD_WIDE: bool = true;
    const TRANSPOSED_ROWS: usize = 5;

    #[inline(always)]
    fn mul_add(a: f32, b: f32, c: f32) -> f32 {
        a.mul_add(b, c)
    }
}

/// A correctly rounded fused multiply-add from f64 operations, without a branch, so that loops over it still vectorise.
///
/// The product of two f32 is exact in f64 (24 + 24 <= 53 bits). The sum is made to round to odd: Knuth's two-sum gives the error of
/// the rounded sum; where it is not zero and the last bit is even, the neighbour on the error's side is taken, whose last bit
/// is odd. A value rounded to odd with at least two spare bits rounds to f32 as the exact value would
/// (S. Boldo, G. Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd", 2008).
#[inline(always)]
#[cfg_attr(
    all(feature = "std", any(target_feature = "fma", target_arch = "aarch64")),
    allow(dead_code, reason = "the tests compare it with the instruction")
)]
pub(crate) fn mul_add_in_f64(a: f32, b: f32, c: f32) -> f32 {
    let product = f64::from(a) * f64::from(b);
    let c = f64::from(c);
    let sum = product + c;
    let c_part = sum - product;
    let error = (product - (sum - c_part)) + (c - c_part);
    let bits = sum.to_bits();
    // Not `error != 0.0`: for an infinite or NaN sum the error is NaN, and the sum must stay.
    let inexact = (error > 0.0) | (error < 0.0);
    let away_from_zero = ((error.to_bits() ^ bits) as i64) >= 0;
    let step = if away_from_zero { 1_u64 } else { u64::MAX };
    let odd = if inexact & (bits & 1 == 0) { bits.wrapping_add(step) } else { bits };
    f64::from_bits(odd) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Stream};

    #[test]
    fn the_portable_multiply_add_is_the_rounded_exact_value() {
        let mut stream = Stream::new(3, Purpose::Init);
        let mut special = alloc::vec![
            0.0, -0.0, 1.0, -1.0, f32::MIN_POSITIVE, -f32::MIN_POSITIVE, f32::from_bits(1), -f32::from_bits(1), f32::MAX,
            f32::MIN, f32::INFINITY, f32::NEG_INFINITY, f32::NAN, 1.0 + f32::EPSILON, 1.0 - f32::EPSILON / 2.0, 3.0e-23,
        ];
        special.extend((0..8).map(|_| stream.normal() as f32));
        let same = |a: f32, b: f32, c: f32| {
            let (found, expected) = (mul_add_in_f64(a, b, c), libm::fmaf(a, b, c));
            assert!(
                found.to_bits() == expected.to_bits() || (found.is_nan() && expected.is_nan()),
                "{a:e} * {b:e} + {c:e} = {expected:e}, found {found:e}"
            );
        };
        for &a in &special {
            for &b in &special {
                for &c in &special {
                    same(a, b, c);
                }
            }
        }
        for _ in 0..200_000 {
            let any = |s: &mut Stream| f32::from_bits(s.next_u64() as u32);
            let (a, b) = (any(&mut stream), any(&mut stream));
            same(a, b, any(&mut stream));
            // Near cancellation and near ties, where a double rounding would show.
            let c = -(a * b);
            same(a, b, c);
            same(a, b, c * f32::from_bits(0x3380_0000));
            same(1.0 + a.abs().fract(), 1.0 + b.abs().fract(), f32::from_bits(0x3300_0000 + (stream.next_u64() as u32 & 3)));
        }
    }
}
