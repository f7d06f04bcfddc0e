//! Numbers of 16 bits (IEEE 754 binary16): the sign, 5 bits of exponent, 10 of fraction.
//!
//! Widening to f32 is exact. Narrowing takes the nearest of them, of two equally near the one whose last bit is 0.

/// The largest one.
pub(super) const LARGEST: f32 = 65_504.0;

/// The f32 of the same value.
pub(super) fn widen(bits: u16) -> f32 {
    let sign = u32::from(bits >> 15) << 31;
    let exponent = u32::from(bits >> 10) & 0x1f;
    let fraction = u32::from(bits) & 0x3ff;
    match exponent {
        // Zeros and subnormal numbers: multiples of 2^-24, which f32 holds as normal numbers.
        0 => f32::from_bits(sign | (fraction as f32 * (1.0 / 16_777_216.0)).to_bits()),
        0x1f => f32::from_bits(sign | 0x7f80_0000 | (fraction << 13)),
        // The exponents are biased by 15 and by 127.
        _ => f32::from_bits(sign | ((exponent + 112) << 23) | (fraction << 13)),
    }
}

/// The nearest number of 16 bits; `None` if the value is not finite or rounds beyond [`LARGEST`].
pub(super) fn narrow(value: f32) -> Option<u16> {
    let bits = value.to_bits();
    let sign = (bits >> 16) as u16 & 0x8000;
    let magnitude = f32::from_bits(bits & 0x7fff_ffff);
    // From half-way to the next number on, which would be 65536, a value is too large.
    if !magnitude.is_finite() || magnitude >= LARGEST + 16.0 {
        return None;
    }
    let exponent = (bits >> 23) & 0xff;
    // A number of 16 bits has 11 significant bits, or fewer below 2^-14: so many of the 24 of an f32 are dropped.
    let dropped = 13 + 113_u32.saturating_sub(exponent);
    if dropped > 24 {
        return Some(sign);
    }
    let significand = (bits & 0x7f_ffff) | 0x80_0000;
    let half = 1 << (dropped - 1);
    let (kept, rest) = (significand >> dropped, significand & ((1 << dropped) - 1));
    let rounded = kept + u32::from(rest > half || rest == half && kept & 1 == 1);
    // The leading bit of a normal number adds 1 to the exponent, and so does a fraction that is rounded up to 2.
    let biased = exponent.saturating_sub(113) << 10;
    Some(sign | (biased + rounded) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All finite numbers of 16 bits, with their bits, from the smallest magnitude on.
    fn all() -> impl Iterator<Item = (u16, f32)> {
        (0..0x7c00_u16).map(|bits| (bits, widen(bits)))
    }

    #[test]
    fn values_are_those_of_the_standard() {
        for (bits, value) in [
            (0x0000, 0.0),
            (0x0001, 5.960_464_5e-8),
            (0x03ff, 6.097_555e-5),
            (0x0400, 6.103_515_6e-5),
            (0x3555, 0.333_251_95),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, LARGEST),
        ] {
            assert_eq!(widen(bits), value, "{bits:04x}");
        }
        assert!(widen(0x8000).is_sign_negative());
        assert_eq!(widen(0x7c00), f32::INFINITY);
        assert!(widen(0x7e00).is_nan());
    }

    #[test]
    fn every_finite_number_comes_back() {
        for (bits, value) in all() {
            assert_eq!(narrow(value), Some(bits), "{value}");
            assert_eq!(narrow(-value), Some(bits | 0x8000), "-{value}");
        }
    }

    #[test]
    fn what_lies_between_two_goes_to_the_nearer_and_half_way_to_the_even_one() {
        for ((low_bits, low), (high_bits, high)) in all().zip(all().skip(1)) {
            // Both have 11 bits, so an f32 holds their mean exactly.
            let middle = f32::midpoint(low, high);
            let even = if low_bits % 2 == 0 { low_bits } else { high_bits };
            assert_eq!(narrow(middle), Some(even), "{middle}");
            assert_eq!(narrow(middle.next_down()), Some(low_bits), "below {middle}");
            assert_eq!(narrow(middle.next_up()), Some(high_bits), "above {middle}");
        }
    }

    #[test]
    fn what_has_no_number_gets_none() {
        assert_eq!(narrow(65_519.996), Some(0x7bff));
        for value in [65_520.0, -65_520.0, f32::MAX, f32::INFINITY, f32::NAN] {
            assert_eq!(narrow(value), None, "{value}");
        }
        assert_eq!(narrow(-f32::MIN_POSITIVE), Some(0x8000));
    }
}
