//! Colour to gray as libpng does it for OpenCV, with or without a gamma.
//!
//! Weights: red 9797, green 19234, blue 3737, in 1/32768. Gammas are whole numbers in units of 1/100000. Where a file
//! declares a gamma (gAMA or sRGB), colours are made linear, weighted and turned back, through tables of 256 or 2048
//! entries; neutral pixels (red = green = blue) pass nearly unchanged.

use std::sync::{Arc, OnceLock};

use super::ancillary::SRGB_GAMMA;

const RED: u32 = 9797;
const GREEN: u32 = 19234;
const BLUE: u32 = 3737;
const HALF: u32 = 16384;

/// The smallest unit of a gamma.
const GAMMA_UNIT: f64 = 0.00001;

/// `1/a` for gammas in their fixed-point form; 0 where it does not fit.
fn reciprocal(gamma: u32) -> u32 {
    let value = (1e10 / f64::from(gamma) + 0.5).floor();
    if value > f64::from(i32::MAX) { 0 } else { value as u32 }
}

/// Gammas this near to 1 count as 1.
fn is_flat(gamma: u32) -> bool {
    (95_000..=105_000).contains(&gamma)
}

/// The gamma of the file and that of the screen it is meant for, unless together they have no effect.
fn effective(gamma: Option<u32>) -> Option<(u32, u32)> {
    let file = gamma?;
    let screen = reciprocal(file);
    (!(is_flat(file) && is_flat(screen))).then_some((file, screen))
}

/// The gamma for turning linear values back.
fn backward(file: u32, screen: u32) -> u32 {
    if screen == 0 { file } else { reciprocal(screen) }
}

/// The gray of a colour without a gamma: the weighted sum, truncated.
pub(crate) fn plain_gray([r, g, b]: [u8; 3]) -> u8 {
    ((RED * u32::from(r) + GREEN * u32::from(g) + BLUE * u32::from(b)) >> 15) as u8
}

/// 8-bit colour.
pub(super) enum Gamma8 {
    Plain,
    Gamma(Arc<Tables8>),
}

/// Tables over all samples.
pub(super) struct Tables8 {
    linear: [u8; 256],
    stored: [u8; 256],
}

impl Gamma8 {
    pub(super) fn new(gamma: Option<u32>) -> Self {
        /// Most files with a gamma say sRGB, and the tables cost as much as a small picture.
        static SRGB: OnceLock<Arc<Tables8>> = OnceLock::new();
        match effective(gamma) {
            None => Self::Plain,
            Some((SRGB_GAMMA, screen)) => {
                Self::Gamma(SRGB.get_or_init(|| Arc::new(Tables8::new(SRGB_GAMMA, screen))).clone())
            }
            Some((file, screen)) => Self::Gamma(Arc::new(Tables8::new(file, screen))),
        }
    }

    pub(super) fn gray(&self, [r, g, b]: [u8; 3]) -> u8 {
        match self {
            Self::Plain => plain_gray([r, g, b]),
            Self::Gamma(_) if r == g && g == b => r,
            Self::Gamma(tables) => {
                let linear = |sample: u8| u32::from(tables.linear[usize::from(sample)]);
                tables.stored[((RED * linear(r) + GREEN * linear(g) + BLUE * linear(b) + HALF) >> 15) as usize]
            }
        }
    }
}

impl Tables8 {
    fn new(file: u32, screen: u32) -> Self {
        let table = |gamma| std::array::from_fn(|value| curve_8(value as u8, gamma));
        Self { linear: table(reciprocal(file)), stored: table(backward(file, screen)) }
    }
}

fn curve_8(value: u8, gamma: u32) -> u8 {
    if value == 0 || value == 255 || is_flat(gamma) {
        return value;
    }
    (255.0 * libm::pow(f64::from(value) / 255.0, f64::from(gamma) * GAMMA_UNIT) + 0.5).floor() as u8
}

/// 16-bit colour; the result is its high byte.
pub(super) enum Gamma16 {
    Plain,
    Gamma(Box<Tables16>),
}

/// Tables over the sample without its `shift` low bits.
pub(super) struct Tables16 {
    shift: u32,
    linear: Vec<u16>,
    stored: Vec<u8>,
    neutral: Vec<u8>,
}

impl Gamma16 {
    pub(super) fn new(gamma: Option<u32>, significant_bits: Option<u8>) -> Self {
        match effective(gamma) {
            None => Self::Plain,
            Some((file, screen)) => Self::Gamma(Box::new(Tables16::new(file, screen, significant_bits))),
        }
    }

    pub(super) fn gray(&self, [r, g, b]: [u16; 3]) -> u8 {
        let weighted =
            |r: u16, g: u16, b: u16| (RED * u32::from(r) + GREEN * u32::from(g) + BLUE * u32::from(b) + HALF) >> 15;
        match self {
            Self::Plain => (weighted(r, g, b) >> 8) as u8,
            Self::Gamma(tables) => {
                let entry = |sample: u16| usize::from(sample >> tables.shift);
                if r == g && g == b {
                    return tables.neutral[entry(r)];
                }
                let linear = |sample: u16| tables.linear[entry(sample)];
                tables.stored[entry(weighted(linear(r), linear(g), linear(b)) as u16)]
            }
        }
    }
}

impl Tables16 {
    fn new(file: u32, screen: u32, significant_bits: Option<u8>) -> Self {
        // libpng keeps at most 11 bits; sBIT may make it fewer, down to 8.
        let shift = match significant_bits {
            Some(bits @ 1..=15) => (16 - u32::from(bits)).clamp(5, 8),
            _ => 5,
        };
        let max = (1_u32 << (16 - shift)) - 1;
        let table = |gamma| (0..=max).map(|entry| curve_16(entry, max, shift, gamma)).collect::<Vec<u16>>();
        let stored = table(backward(file, screen)).into_iter().map(|value| (value >> 8) as u8).collect();
        Self { shift, linear: table(reciprocal(file)), stored, neutral: neutral_table(file, screen, max) }
    }
}

fn curve_16(entry: u32, max: u32, shift: u32, gamma: u32) -> u16 {
    if is_flat(gamma) {
        return ((entry * 65535 + (1 << (15 - shift))) / max) as u16;
    }
    let share = f64::from(entry) * (1.0 / f64::from(max));
    (65535.0 * libm::pow(share, f64::from(gamma) * GAMMA_UNIT) + 0.5).floor() as u16
}

/// Neutral pixels go through file and screen gamma at once, which nearly cancel; the thresholds between the 256
/// results are computed and the entries counted past them.
fn neutral_table(file: u32, screen: u32, max: u32) -> Vec<u8> {
    let combined = if screen == 0 {
        100_000
    } else {
        reciprocal((1e15 / f64::from(screen) / f64::from(file) + 0.5).floor() as u32)
    };
    let limits: Vec<u64> = (0_u32..255)
        .map(|value| {
            let share = f64::from(257 * value + 128) / 65535.0;
            let back = (65535.0 * libm::pow(share, f64::from(combined) * GAMMA_UNIT) + 0.5).floor() as u64;
            (back * u64::from(max) + 32768) / 65535 + 1
        })
        .collect();
    (0..=u64::from(max)).map(|entry| limits.iter().filter(|&&limit| limit <= entry).count() as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_without_gamma_with_srgb_and_with_a_gamma_of_one() {
        assert_eq!(Gamma8::new(None).gray([200, 30, 90]), 87);
        assert_eq!(Gamma8::new(Some(45_455)).gray([200, 30, 90]), 120);
        assert_eq!(Gamma8::new(Some(100_000)).gray([200, 30, 90]), 87);
    }

    #[test]
    fn neutral_pixels_keep_their_value_under_every_usual_gamma() {
        for gamma in [None, Some(45_455), Some(55_556), Some(220_000)] {
            let (gamma_8, gamma_16) = (Gamma8::new(gamma), Gamma16::new(gamma, None));
            for value in 0..=255_u8 {
                assert_eq!(gamma_8.gray([value; 3]), value, "8 bit, gamma {gamma:?}");
                assert_eq!(gamma_16.gray([u16::from(value) * 257; 3]), value, "16 bit, gamma {gamma:?}");
            }
        }
    }

    #[test]
    fn no_gamma_value_breaks_the_tables() {
        for gamma in [1, 2, 4, 5, 16, 94_999, 95_000, 105_001, 625_000_000, 1_000_000_000, i32::MAX as u32] {
            for significant_bits in [None, Some(1), Some(8), Some(15), Some(16)] {
                let (gamma_8, gamma_16) = (Gamma8::new(Some(gamma)), Gamma16::new(Some(gamma), significant_bits));
                for colour in [[0, 0, 0], [255, 254, 255], [1, 2, 3], [255, 255, 255]] {
                    gamma_8.gray(colour);
                    gamma_16.gray(colour.map(|value| u16::from(value) * 257));
                }
            }
        }
    }
}
