//! Pictures of a few pixels, as tablets, fax machines and old data sets have them: `optdigits` and its like count the
//! ink in the cells of a coarse grid that the digit fills.

use super::random::Stream;

/// Shortest side that can be asked for: below it a digit is no longer one.
const LEAST_SIDE_PX: u32 = 6;
/// Longest side that can be asked for: from there on a picture without the option serves as well.
const GREATEST_SIDE_PX: u32 = 64;

/// The sides, in pixels, that pictures may have: both are included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SideRange {
    low_px: u32,
    high_px: u32,
}

impl SideRange {
    /// Sides from `low_px` to `high_px`.
    ///
    /// # Errors
    /// What was expected, when the range is empty or too far out.
    pub fn new(low_px: u32, high_px: u32) -> Result<Self, String> {
        if low_px < LEAST_SIDE_PX || high_px > GREATEST_SIDE_PX || low_px > high_px {
            return Err(format!(
                "expected two sides from {LEAST_SIDE_PX} to {GREATEST_SIDE_PX} pixels, the shorter first, such as \
                 8..16, found {low_px}..{high_px}"
            ));
        }
        Ok(Self { low_px, high_px })
    }

    /// The ends of the range.
    pub fn ends_px(self) -> [u32; 2] {
        [self.low_px, self.high_px]
    }

    /// Some grid.
    pub(super) fn pick(self, drawing: &mut Stream) -> Grid {
        let sides = f64::from(self.high_px - self.low_px + 1);
        let side_px = self.low_px + ((drawing.unit() * sides) as u32).min(self.high_px - self.low_px);
        Grid {
            side_px,
            // Some programs stretch a digit to fill its grid, others keep its width.
            stretch: if drawing.chance(0.5) { drawing.between(0.4, 1.0) } else { 0.0 },
            broader: drawing.factor_between(1.0, 2.2),
        }
    }
}

impl std::str::FromStr for SideRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let ends = text.split_once("..").and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
        let Some((low_px, high_px)) = ends else {
            return Err(format!("expected two sides in pixels such as 8..16, found `{text}`"));
        };
        Self::new(low_px, high_px)
    }
}

/// Rows and columns of fine pixels that make one of the grid.
const FINE: usize = 8;

/// The grid of one picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    side_px: u32,
    /// How far a digit is stretched to the shape of the grid: 0 not at all, 1 wholly.
    stretch: f64,
    /// A factor on the breadth of the pen: a stroke has to be seen in large pixels.
    pub(super) broader: f64,
}

impl Grid {
    /// Width and height of the fine canvas.
    pub(super) fn canvas_px(&self) -> (u32, u32) {
        let side = self.side_px * FINE as u32;
        (side, side)
    }

    /// The factor on x for ink of this width and height.
    pub(super) fn x_factor(&self, width: f64, height: f64) -> f64 {
        // A bare stroke is not made a bar.
        let whole = (height / width.max(1.0)).clamp(0.5, 2.0);
        libm::exp(self.stretch * libm::log(whole))
    }

    /// The mean of the cover of the fine pixels of each pixel.
    pub(super) fn shrink(&self, fine: &[f64]) -> Vec<f64> {
        let side = self.side_px as usize;
        let mean = |row: usize, column: usize| {
            let lines = (0..FINE).map(|line| &fine[((row * FINE + line) * side + column) * FINE..][..FINE]);
            lines.map(|line| line.iter().sum::<f64>()).sum::<f64>() / (FINE * FINE) as f64
        };
        (0..side * side).map(|at| mean(at / side, at % side)).collect()
    }

    /// The side of the picture.
    pub(super) fn side_px(&self) -> u32 {
        self.side_px
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_read_and_kept_in_range() {
        let sides: SideRange = "8..16".parse().unwrap();
        assert_eq!(sides.ends_px(), [8, 16]);
        for (text, part) in [("8", "such as 8..16, found `8`"), ("16..8", "found 16..8"), ("2..9", "from 6 to 64")] {
            assert!(text.parse::<SideRange>().unwrap_err().contains(part), "{text}");
        }
        let stream = &mut Stream::new("test", &[]);
        let mut met: Vec<u32> = (0..300).map(|_| sides.pick(stream).side_px()).collect();
        met.sort_unstable();
        met.dedup();
        assert_eq!(met, (8..=16).collect::<Vec<u32>>());
    }

    #[test]
    fn a_pixel_is_the_mean_of_what_lies_under_it() {
        let grid = Grid { side_px: 2, stretch: 0.0, broader: 1.0 };
        let fine: Vec<f64> = (0..16 * 16).map(|at| if at % 16 >= 12 && at / 16 < 8 { 1.0 } else { 0.0 }).collect();
        assert_eq!(grid.shrink(&fine), [0.0, 0.5, 0.0, 0.0]);
    }

    #[test]
    fn stretching_brings_a_digit_to_the_shape_of_the_grid_but_no_stroke_to_a_bar() {
        let grid = Grid { side_px: 8, stretch: 1.0, broader: 1.0 };
        assert!((grid.x_factor(50.0, 100.0) - 2.0).abs() < 1e-12);
        assert!((grid.x_factor(5.0, 100.0) - 2.0).abs() < 1e-12);
        assert_eq!(Grid { stretch: 0.0, ..grid }.x_factor(50.0, 100.0), 1.0);
    }
}
