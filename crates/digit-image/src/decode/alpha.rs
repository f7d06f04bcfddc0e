//! Laying a picture on white paper: `c' = (c a + 255 (255 - a) + 127) div 255` for each channel of stored values, and
//! the same with 65535 and 32767 for 16 bits. Opaque samples (`a` at its maximum) stay as they are, to the bit, so a
//! fully opaque picture gives the same as one whose alpha is dropped.
//!
//! Stored values are mixed as they are, also in files that declare a gamma: this is what paint programs and browsers
//! do, and what people see on their screen. Tone is converted afterwards.

/// One 8-bit sample over white.
pub(super) fn over_white_8(sample: u8, alpha: u8) -> u8 {
    let (sample, alpha) = (u32::from(sample), u32::from(alpha));
    ((sample * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

/// One 16-bit sample over white.
pub(super) fn over_white_16(sample: u16, alpha: u16) -> u16 {
    let (sample, alpha) = (u64::from(sample), u64::from(alpha));
    ((sample * alpha + 65535 * (65535 - alpha) + 32767) / 65535) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opaque_stays_clear_is_white_and_half_lies_between() {
        for sample in 0..=255 {
            assert_eq!(over_white_8(sample, 255), sample);
            assert_eq!(over_white_8(sample, 0), 255);
        }
        for sample in (0..=u16::MAX).step_by(97).chain([u16::MAX]) {
            assert_eq!(over_white_16(sample, 65535), sample);
            assert_eq!(over_white_16(sample, 0), 65535);
        }
        assert_eq!(over_white_8(0, 128), 127);
        assert_eq!(over_white_16(0, 32768), 32767);
    }
}
