//! Elementary functions in f32 that give the same bits everywhere.
//!
//! The standard library's transcendental functions come from the platform and differ between machines. These use only
//! IEEE additions, multiplications, divisions and fused multiply-adds, without tables or data-dependent loops, so the
//! compiler can vectorise them and every machine gets the same result. The coefficients are those of the Cephes library
//! (S. L. Moshier, single precision), evaluated by Horner's rule with fused multiply-adds. The tests compare each
//! function with f64 over its range; the errors stated here are what they assert.

/// `a * b + c` with one rounding.
#[inline(always)]
pub(crate) fn fma(a: f32, b: f32, c: f32) -> f32 {
    #[cfg(target_family = "wasm")]
    return fma_by_f64(a, b, c);
    #[cfg(all(feature = "std", not(target_family = "wasm")))]
    return a.mul_add(b, c);
    #[cfg(not(any(feature = "std", target_family = "wasm")))]
    return libm::fmaf(a, b, c);
}

/// `a * b + c` with one rounding where there is no instruction for it, inline.
///
/// The product of two f32 is exact in f64, and the sum is rounded to 53 bits. Rounding it again, to the 24 bits of f32,
/// gives another result than one rounding only where the sum of 53 bits seems to lie in the middle between two f32, or
/// where the result is subnormal and has fewer bits. Then the sum is rounded to odd first, which a second rounding
/// cannot spoil (S. Boldo, G. Melquiond 2008, Emulation of a FMA and correctly rounded sums).
#[cfg(any(target_family = "wasm", test))]
#[inline(always)]
pub(crate) fn fma_by_f64(a: f32, b: f32, c: f32) -> f32 {
    let (product, c) = (f64::from(a) * f64::from(b), f64::from(c));
    let sum = product + c;
    if needs_odd(sum.to_bits()) { rounded_to_odd(product, c, sum) as f32 } else { sum as f32 }
}

/// Whether an f64 of these bits may be rounded to f32 otherwise than the number that it was rounded from.
#[cfg(any(target_family = "wasm", test))]
#[inline(always)]
fn needs_odd(bits: u64) -> bool {
    // The bits that an f32 does not have: one and zeros in the middle between two.
    let is_middle = bits & 0x1FFF_FFFF == 0x1000_0000;
    // Without the sign; less 1, so that 0, which is exact, becomes the largest number.
    let is_subnormal = (bits << 1).wrapping_sub(1) < (f64::to_bits(f32::MIN_POSITIVE as f64) << 1) - 1;
    is_middle || is_subnormal
}

/// `product + c`, whose nearest f64 is `sum`, rounded to odd: where it is not exact, the neighbour with an odd last
/// bit.
#[cfg(any(target_family = "wasm", test))]
#[cold]
pub(crate) fn rounded_to_odd(product: f64, c: f64, sum: f64) -> f64 {
    // What was rounded off (D. E. Knuth's TwoSum); no number, and so no correction, where the sum is none.
    let c_part = sum - product;
    let error = (product - (sum - c_part)) + (c - c_part);
    let bits = sum.to_bits();
    if bits & 1 == 1 || error == 0.0 || error.is_nan() {
        return sum;
    }
    let is_larger = (error > 0.0) == (sum > 0.0);
    f64::from_bits(if is_larger { bits + 1 } else { bits - 1 })
}

/// Square root; IEEE 754 defines every bit of it.
#[inline(always)]
pub(crate) fn sqrt(x: f32) -> f32 {
    #[cfg(feature = "std")]
    return x.sqrt();
    #[cfg(not(feature = "std"))]
    return libm::sqrtf(x);
}

/// A polynomial by Horner's rule, the coefficient of the highest power first.
#[inline(always)]
fn polynomial<const N: usize>(x: f32, coefficients: [f32; N]) -> f32 {
    let mut sum = coefficients[0];
    for &c in &coefficients[1..] {
        sum = fma(sum, x, c);
    }
    sum
}

/// 2^n for -126 <= n <= 127, made from its exponent bits.
#[inline(always)]
fn power_of_two(n: i32) -> f32 {
    f32::from_bits((n.wrapping_add(127) as u32) << 23)
}

/// e^x. Relative error at most 2e-7 where the result is normal; 0 below -104, infinite above 88.73; NaN stays NaN.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    // x = n ln 2 + r with |r| <= ln 2 / 2; ln 2 in two parts so that n * high is exact.
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    // Adding and subtracting 1.5 * 2^23 rounds to the nearest integer.
    const ROUNDER: f32 = 12_582_912.0;
    // NaN fails both comparisons and so stays NaN.
    let bounded = if x > 89.0 { 89.0 } else { x };
    let bounded = if bounded < -104.0 { -104.0 } else { bounded };
    let rounded = fma(bounded, core::f32::consts::LOG2_E, ROUNDER);
    let n = rounded - ROUNDER;
    let r = fma(-n, LN2_LOW, fma(-n, LN2_HIGH, bounded));
    let series = polynomial(r, [1.987_569_1e-4, 1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5]);
    let fraction = fma(series, r * r, r) + 1.0;
    // The lowest bits of the rounded value are the integer n. (For NaN any factor will do.) 2^n is applied in two
    // factors, because n may be outside the exponents of normal numbers.
    let n = rounded.to_bits() as i32 - ROUNDER.to_bits() as i32;
    let half = n >> 1;
    fraction * power_of_two(half) * power_of_two(n - half)
}

/// e^x - 1 without cancellation near 0. Relative error at most 5e-7.
#[inline(always)]
pub(crate) fn exp_m1(x: f32) -> f32 {
    // Taylor series; the first omitted term, x^9/9!, is below 2e-8 of x at |x| = 0.5.
    let near = fma(
        polynomial(x, [1.0 / 40_320.0, 1.0 / 5_040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5]),
        x * x,
        x,
    );
    let far = exp(x) - 1.0;
    if x.abs() < 0.5 { near } else { far }
}

/// Natural logarithm. Relative error at most 2e-7 (absolute near 1); -infinity at 0, NaN below.
#[inline(always)]
pub(crate) fn ln(x: f32) -> f32 {
    // Subnormal numbers are scaled into the normal range first.
    let small = x < f32::MIN_POSITIVE;
    let scaled = if small { x * 33_554_432.0 } else { x };
    let bits = scaled.to_bits();
    let exponent = (bits >> 23) as i32 - 126 - if small { 25 } else { 0 };
    let mantissa = f32::from_bits((bits & 0x007f_ffff) | 0x3f00_0000);
    // mantissa in [sqrt 1/2, sqrt 2), so that its logarithm is near 0.
    let low = mantissa < core::f32::consts::FRAC_1_SQRT_2;
    let m = if low { mantissa + mantissa } else { mantissa } - 1.0;
    let e = (exponent - i32::from(low)) as f32;
    let squared = m * m;
    let series = polynomial(
        m,
        [
            7.037_683_6e-2,
            -0.115_146_1,
            0.116_769_984,
            -0.124_201_41,
            0.142_493_23,
            -0.166_680_57,
            0.200_007_15,
            -0.249_999_94,
            0.333_333_3,
        ],
    );
    let tail = fma(e, -2.121_944_4e-4, fma(series * m, squared, -0.5 * squared));
    let result = fma(e, 0.693_359_4, m + tail);
    if x > 0.0 && x < f32::INFINITY {
        result
    } else if x == 0.0 {
        f32::NEG_INFINITY
    } else if x == f32::INFINITY {
        x
    } else {
        f32::NAN
    }
}

/// Hyperbolic tangent. Relative error at most 4e-7; NaN stays NaN.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    let size = x.abs();
    let squared = x * x;
    let near = fma(
        polynomial(squared, [-5.704_988_7e-3, 2.063_909e-2, -5.373_971_5e-2, 0.133_314_42, -0.333_332_8]),
        squared * x,
        x,
    );
    let far = (1.0 - 2.0 / (exp(size + size) + 1.0)).copysign(x);
    if size < 0.625 { near } else { far }
}

/// Logistic function 1 / (1 + e^-x), without overflow: the exponent is never above 0.
#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    let e = exp(-x.abs());
    let numerator = if x >= 0.0 { 1.0 } else { e };
    numerator / (1.0 + e)
}

/// The error function 2/sqrt(pi) * integral of exp(-t^2) from 0 to x. Absolute error at most 3e-7; NaN stays NaN.
#[inline(always)]
pub(crate) fn erf(x: f32) -> f32 {
    let size = x.abs();
    let squared = x * x;
    let near = x * polynomial(
        squared,
        [
            7.853_861e-5,
            -8.010_194e-4,
            5.188_327_7e-3,
            -2.685_381_2e-2,
            0.112_835_85,
            -0.376_126_26,
            core::f32::consts::FRAC_2_SQRT_PI,
        ],
    );
    // erf = 1 - erfc with erfc(x) = exp(-x^2) / x * P(1 / x^2).
    let inverse = 1.0 / size;
    let y = inverse * inverse;
    let middle = polynomial(
        y,
        [
            2.326_82e-2,
            -0.138_703_94,
            0.368_742_47,
            -0.582_473_3,
            0.621_000_46,
            -0.494_451_53,
            0.340_488,
            -0.274_112_7,
            0.563_825_94,
        ],
    );
    let outer = polynomial(
        y,
        [-10.477_664, 12.977_2, -7.495_518_7, 2.921_019, -1.015_265_3, 0.421_846_33, -0.282_076_74, 0.564_189_5],
    );
    let p = if size < 2.0 { middle } else { outer };
    let far = (1.0 - exp(-squared) * inverse * p).copysign(x);
    if size <= 1.0 { near } else { far }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Stream};

    /// The same number, or neither is one.
    fn are_same(a: f32, b: f32) -> bool {
        a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
    }

    #[test]
    fn a_fused_multiply_add_by_f64_rounds_once() {
        let mut stream = Stream::new(17, Purpose::Shuffle);
        let mut bits = || stream.below(1 << 32) as u32;
        let check = |a: f32, b: f32, c: f32| {
            let (ours, exact) = (fma_by_f64(a, b, c), libm::fmaf(a, b, c));
            assert!(are_same(ours, exact), "{a:e} * {b:e} + {c:e}: {ours:e}, expected {exact:e}");
        };
        let mut without_odd = 0;
        for _ in 0..2_000_000 {
            // Any bits at all; then exponents near each other, as in a network; then sums that are nearly a middle;
            // then subnormal results.
            let (a, b, c) = (bits(), bits(), bits());
            check(f32::from_bits(a), f32::from_bits(b), f32::from_bits(c));
            let near = |bits: u32, exponent: u32| f32::from_bits((bits & 0x807F_FFFF) | ((exponent + bits % 8) << 23));
            check(near(a, 124), near(b, 124), near(c, 124));
            let few = |bits: u32, exponent: u32| f32::from_bits(near(bits, exponent).to_bits() & 0xFFFF_F000);
            // 1 - k^2 2^-46 is half of the last bit of a number from 2^24 on, less what 53 bits do not hold.
            let k = (a % 300 + 1) as f32 * f32::EPSILON;
            let middle = (1.0 + k, 1.0 - k, f32::from_bits((c & 0x807F_FFFF) | (151 << 23)));
            check(middle.0, middle.1, middle.2);
            check(near(a, 64), near(b, 56), near(c, 1));
            check(few(a, 60), few(b, 60), f32::from_bits(c & 0x8000_00FF));
            let twice = (f64::from(middle.0) * f64::from(middle.1) + f64::from(middle.2)) as f32;
            without_odd += u32::from(!are_same(twice, libm::fmaf(middle.0, middle.1, middle.2)));
        }
        // A test whose cases a plain sum of f64 also passes would show nothing.
        assert!(without_odd > 0);
        let special =
            [0.0, -0.0, 1.0, -1.0, f32::MAX, f32::MIN_POSITIVE, 1e-45, f32::INFINITY, f32::NAN, 1.5, f32::EPSILON];
        for a in special {
            for b in special {
                special.into_iter().for_each(|c| check(a, b, c));
            }
        }
    }

    /// Steps through a range and compares with f64; `relative` to max(|reference|, floor).
    fn worst(f: impl Fn(f32) -> f32, reference: impl Fn(f64) -> f64, low: f32, high: f32, floor: f64) -> f64 {
        let steps = 200_000;
        (0..=steps)
            .map(|i| {
                let x = low + (high - low) * (i as f32 / steps as f32);
                let expected = reference(f64::from(x));
                (f64::from(f(x)) - expected).abs() / expected.abs().max(floor)
            })
            .fold(0.0, f64::max)
    }

    #[test]
    fn errors_are_as_stated() {
        let tiny = f64::from(f32::MIN_POSITIVE);
        assert!(worst(exp, libm::exp, -87.0, 88.7, tiny) < 2e-7);
        assert!(worst(exp_m1, libm::expm1, -20.0, 20.0, tiny) < 5e-7);
        assert!(worst(exp_m1, libm::expm1, -0.6, 0.6, tiny) < 5e-7);
        assert!(worst(ln, libm::log, 1e-30, 1.0, 1.0) < 2e-7);
        assert!(worst(ln, libm::log, 0.5, 3.0, 0.1) < 1e-6);
        assert!(worst(ln, libm::log, 1.0, 1e30, 1.0) < 2e-7);
        assert!(worst(tanh, libm::tanh, -12.0, 12.0, tiny) < 4e-7);
        assert!(worst(sigmoid, |x| 1.0 / (1.0 + libm::exp(-x)), -80.0, 80.0, tiny) < 4e-7);
        assert!(worst(erf, libm::erf, -5.0, 5.0, 1.0) < 3e-7);
    }

    #[test]
    fn limits_and_nan() {
        assert_eq!((exp(0.0), exp(-1000.0), exp(1000.0)), (1.0, 0.0, f32::INFINITY));
        assert_eq!((exp(f32::NEG_INFINITY), exp(f32::INFINITY)), (0.0, f32::INFINITY));
        assert_eq!((ln(1.0), ln(0.0), ln(f32::INFINITY)), (0.0, f32::NEG_INFINITY, f32::INFINITY));
        assert_eq!((tanh(50.0), tanh(-50.0), tanh(0.0)), (1.0, -1.0, 0.0));
        assert_eq!((sigmoid(1000.0), sigmoid(-1000.0), sigmoid(0.0)), (1.0, 0.0, 0.5));
        assert_eq!((erf(0.0), erf(9.0), erf(-9.0), erf(f32::INFINITY)), (0.0, 1.0, -1.0, 1.0));
        for f in [exp, exp_m1, ln, tanh, sigmoid, erf] {
            assert!(f(f32::NAN).is_nan());
        }
        assert!(ln(-1.0).is_nan());
        let subnormal = f32::from_bits(5);
        assert!((f64::from(ln(subnormal)) - libm::log(f64::from(subnormal))).abs() < 2e-5);
    }
}
