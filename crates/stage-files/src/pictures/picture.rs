//! How pictures become pixels. The labeler's settings are handed on to the model file, so that a picture is prepared in
//! the same way when the model is used.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Width and height of a labelled picture without its label row, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canvas {
    /// Columns; at least 2, because the label row holds the label and the size.
    pub width_px: u32,
    /// Rows; at least 1.
    pub height_px: u32,
}

impl Canvas {
    /// The usual canvas, 20x20.
    pub const DEFAULT: Self = Self { width_px: 20, height_px: 20 };
    /// Longest side that is accepted; a row of the CSV is a small picture.
    pub const MAX_SIDE_PX: u32 = 1024;

    /// Pixels in one picture: the number of pixel columns of the CSV.
    pub fn pixels(self) -> usize {
        self.width_px as usize * self.height_px as usize
    }
}

impl fmt::Display for Canvas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width_px, self.height_px)
    }
}

impl FromStr for Canvas {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let max = Self::MAX_SIDE_PX;
        let sides = text.split_once('x').and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
        match sides {
            Some((width_px, height_px)) if (2..=max).contains(&width_px) && (1..=max).contains(&height_px) => {
                Ok(Self { width_px, height_px })
            }
            _ => Err(format!("expected WIDTHxHEIGHT from 2x1 to {max}x{max}, such as 20x20, found `{text}`")),
        }
    }
}

/// What happens to transparent parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Alpha {
    /// The picture is laid on white paper.
    #[default]
    White,
    /// The alpha channel is ignored, as OpenCV does.
    Drop,
}

/// Everything that decides which pixels a picture gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PictureSettings {
    /// Width and height after shrinking.
    pub canvas: Canvas,
    /// Rule for transparency.
    pub alpha: Alpha,
    /// Preprocessing steps in order, each with all its settings; empty for none.
    pub preprocess: Vec<serde_json::Value>,
}

impl PictureSettings {
    /// Both settings as text for a refusal, if both are known and differ.
    pub fn unlike(ours: Option<&Self>, theirs: Option<&Self>) -> Option<[String; 2]> {
        let (ours, theirs) = (ours?, theirs?);
        (ours != theirs).then(|| [ours, theirs].map(|settings| serde_json::to_string(settings).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canvas_text_round_trips_and_refuses_the_impossible() {
        assert_eq!("20x20".parse(), Ok(Canvas::DEFAULT));
        assert_eq!("31x13".parse::<Canvas>().unwrap().to_string(), "31x13");
        for bad in ["", "20", "1x20", "20x0", "20x-1", "2000x20", "axb", "20X20"] {
            assert!(bad.parse::<Canvas>().unwrap_err().contains("expected WIDTHxHEIGHT"), "{bad}");
        }
    }

    #[test]
    fn settings_differ_only_where_both_are_known() {
        let of = |alpha| PictureSettings { canvas: Canvas::DEFAULT, alpha, preprocess: Vec::new() };
        let (white, drop) = (of(Alpha::White), of(Alpha::Drop));
        assert_eq!(PictureSettings::unlike(Some(&white), None), None);
        assert_eq!(PictureSettings::unlike(Some(&white), Some(&white)), None);
        let [ours, theirs] = PictureSettings::unlike(Some(&white), Some(&drop)).unwrap();
        assert!(ours.contains("white") && theirs.contains("drop"), "{ours} {theirs}");
    }
}
