//! Which values stand for black and white: 0..255, 0..16, 0..1, -1..1, found from the whole file.

use std::fmt;
use std::str::FromStr;

/// The values that become the gray levels 0 and 255.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    low: f32,
    high: f32,
    /// How far values may lie beyond, as after smooth resizing; they count as the nearest end.
    slack: f32,
}

/// The extremes of one picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extremes {
    min: f32,
    max: f32,
    is_whole: bool,
}

impl Range {
    const fn new(low: f32, high: f32) -> Self {
        Self { low, high, slack: 0.0 }
    }

    /// Whether a value can be turned into a gray level.
    pub fn holds(&self, value: f32) -> bool {
        (self.low - self.slack..=self.high + self.slack).contains(&value)
    }

    /// The nearest of 256 levels, rounded half up.
    pub fn level(&self, value: f32) -> u8 {
        ((value.clamp(self.low, self.high) - self.low) / (self.high - self.low) * 255.0 + 0.5) as u8
    }

    /// Lets values lie a quarter of the range beyond.
    #[must_use]
    pub fn with_slack(self) -> Self {
        Self { slack: (self.high - self.low) / 4.0, ..self }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.low, self.high)
    }
}

impl FromStr for Range {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let ends = text.split_once("..").and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
        match ends {
            Some((low, high)) if f32::is_finite(low) && f32::is_finite(high) && low < high => Ok(Self::new(low, high)),
            _ => Err(format!("expected a range such as `0..255`, `0..1` or `-1..1`, found `{text}`")),
        }
    }
}

impl Extremes {
    /// The extremes of a picture's values, which are finite; `None` for a picture without values.
    pub(super) fn of(values: impl Iterator<Item = f32>) -> Option<Self> {
        let none = Self { min: f32::INFINITY, max: f32::NEG_INFINITY, is_whole: true };
        let all = values.fold(none, |e, v| Self {
            min: e.min.min(v),
            max: e.max.max(v),
            is_whole: e.is_whole && v.fract() == 0.0,
        });
        (all.min <= all.max).then_some(all)
    }
}

/// The range of a file. One picture in a hundred (from three on, at least one) may lie outside of what all others fit
/// into: a slip of the pen in one cell does not decide about the rest.
///
/// # Errors
/// Says what the values run from and to where they fit no range, or more than one.
pub(super) fn find(pictures: &[Extremes]) -> Result<Range, String> {
    let slips = if pictures.len() < 3 { 0 } else { (pictures.len() / 100).max(1) };
    let all = range_of(pictures);
    let mut by_max = pictures.to_vec();
    by_max.sort_by(|a, b| a.max.total_cmp(&b.max));
    let without_large = range_of(&by_max[..by_max.len() - slips]);
    by_max.sort_by(|a, b| b.min.total_cmp(&a.min));
    let without_small = range_of(&by_max[..by_max.len() - slips]);
    match (&all, without_large, without_small) {
        // 0..255 that would be 0..16 or 0..1 but for a picture: that picture is wrong, not all the others.
        (Ok(all), Ok(bulk), _) if bulk.high < all.high => Ok(bulk),
        (Ok(all), ..) => Ok(*all),
        (Err(_), Ok(bulk), _) | (Err(_), _, Ok(bulk)) => Ok(bulk),
        (Err(reason), ..) => Err(reason.clone()),
    }
}

fn range_of(pictures: &[Extremes]) -> Result<Range, String> {
    let Some(Extremes { min, max, is_whole }) = pictures.iter().copied().reduce(|a, b| Extremes {
        min: a.min.min(b.min),
        max: a.max.max(b.max),
        is_whole: a.is_whole && b.is_whole,
    }) else {
        return Err("no picture has values".into());
    };
    let unit = Range::new(0.0, 1.0);
    match (min, max) {
        (0.0.., 1.0) => Ok(unit),
        (0.0.., 0.5..1.0) if !is_whole => Ok(unit),
        (0.0.., 16.0) => Ok(Range::new(0.0, 16.0)),
        (0.0.., 128.0..=255.0) => Ok(Range::new(0.0, 255.0)),
        (-1.0..=-0.5, 0.5..=1.0) => Ok(Range::new(-1.0, 1.0)),
        // 0..1 after smooth resizing, which goes a little beyond.
        (-0.25..=0.25, 0.75..=1.25) if !is_whole => Ok(unit.with_slack()),
        _ => Err(format!(
            "pixel values run from {min} to {max}, which does not tell what stands for black and white; give \
             --range, such as --range 0..255 or --range {}..{}",
            min.min(0.0),
            max.max(min + 1.0)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pictures: &[&[f32]]) -> Result<String, String> {
        let extremes: Vec<_> = pictures.iter().filter_map(|values| Extremes::of(values.iter().copied())).collect();
        find(&extremes).map(|range| range.to_string())
    }

    #[test]
    fn usual_ranges_are_found() {
        for (values, expected) in [
            (&[0.0, 255.0][..], "0..255"),
            (&[12.0, 140.5], "0..255"),
            (&[0.0, 16.0], "0..16"),
            (&[0.0, 1.0], "0..1"),
            (&[0.0, 0.9961], "0..1"),
            (&[-1.0, 0.73], "-1..1"),
            (&[-0.13, 1.13, 0.0], "0..1"),
        ] {
            assert_eq!(found(&[values]).unwrap(), expected, "{values:?}");
        }
    }

    #[test]
    fn ambiguous_ranges_are_refused_with_the_option() {
        for values in [&[0.0, 9.0][..], &[0.0, 15.0], &[0.0, 100.0], &[-128.0, 127.0], &[-0.4, 2.8], &[0.0, 65535.0]] {
            let reason = found(&[values]).unwrap_err();
            assert!(reason.contains("--range"), "{reason}");
        }
        assert!(found(&[&[0.0]]).is_err() && found(&[]).is_err());
    }

    #[test]
    fn one_wrong_picture_does_not_decide() {
        let usual: &[f32] = &[0.0, 255.0];
        assert_eq!(found(&[usual, usual, &[0.0, 2550.0]]).unwrap(), "0..255");
        assert_eq!(found(&[usual, usual, &[-3.0, 255.0]]).unwrap(), "0..255");
        assert_eq!(found(&[&[0.0, 16.0], &[0.0, 16.0], &[0.0, 77.0]]).unwrap(), "0..16");
        assert_eq!(found(&[&[0.0, 1.0], &[0.5, 1.0], &[0.0, 200.0]]).unwrap(), "0..1");
    }

    #[test]
    fn levels_are_rounded_half_up_and_ends_hold_what_lies_beyond() {
        let range: Range = "-1..1".parse().unwrap();
        assert_eq!([-1.0, 0.0, 1.0].map(|v| range.level(v)), [0, 128, 255]);
        assert!(!range.holds(1.2) && range.with_slack().holds(1.2));
        assert_eq!(range.with_slack().level(1.2), 255);
        assert_eq!("0..16".parse::<Range>().unwrap().level(8.0), 128);
        for text in ["", "0", "1..0", "0..nan", "a..b", "0..0"] {
            assert!(text.parse::<Range>().is_err(), "{text}");
        }
    }
}
