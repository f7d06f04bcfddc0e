//! The ink in a cut.

use digit_image::raster::RgbPicture;

use super::gray::exact;
use super::square::{CUT_PX, WIDE_PX, inner};

/// Ink takes away this share of the paper's light at least. Pencil takes a third and more.
const LEAST_INK: f64 = 0.09;
/// Ink is darker than paper usually is by so many times what half of the paper is off.
const GRAIN: f64 = 9.0;
/// Darker than this share of the brightest is ink also where there is much of it.
const BLACK: f64 = 0.35;
/// The paper's brightness is what is left when strokes slimmer than twice this many pixels are filled.
const STROKE_PX: usize = 10;
/// Ink of fewer pixels that hang together is a speck.
const SPECK: usize = 12;
/// Ink within so many pixels of a border is beside it.
const FRAME_PX: u32 = 3;

/// Ink of a cut: true is ink.
pub(super) struct Ink {
    cells: Vec<bool>,
    /// Left, top, right and bottom.
    extent: Option<[u32; 4]>,
}

impl Ink {
    pub(super) fn new(cells: Vec<bool>) -> Self {
        let inked = (0_u32..).zip(&cells).filter(|(_, is_ink)| **is_ink).map(|(at, _)| (at % CUT_PX, at / CUT_PX));
        let extent = inked.fold(None, |extent, (x, y)| {
            let [left, top, right, bottom] = extent.unwrap_or([x, y, x, y]);
            Some([left.min(x), top.min(y), right.max(x), bottom.max(y)])
        });
        Self { cells, extent }
    }

    /// What is clearly darker than the paper around it, without specks. `wide` is the cut with the paper around it.
    pub(super) fn of(wide: &RgbPicture) -> Self {
        let gray: Vec<f64> = wide.pixels.iter().map(|&rgb| exact(rgb)).collect();
        let gray = means(&gray);
        let (gray, paper) = (inner(&gray), inner(&means(&closed(&gray))));
        let bright = quantile(&gray, 0.95);
        let darker: Vec<f64> = gray.iter().zip(&paper).map(|(value, paper)| (paper - value) / paper.max(1.0)).collect();
        // What paper itself shows: the closing takes the brightest of its grain.
        let usual = quantile(&darker, 0.5);
        let spread = quantile(&darker.iter().map(|value| (value - usual).abs()).collect::<Vec<_>>(), 0.5);
        let limit = usual + LEAST_INK.max(GRAIN * spread);
        let cells =
            gray.iter().zip(&darker).map(|(&value, &darker)| darker > limit || value < BLACK * bright).collect();
        Self::new(without_specks(cells))
    }

    /// Whether there is ink at a place; none beyond the borders.
    pub(super) fn at(&self, x: i64, y: i64) -> bool {
        let inside = |at: i64| (0..i64::from(CUT_PX)).contains(&at);
        inside(x) && inside(y) && self.cells[(y * i64::from(CUT_PX) + x) as usize]
    }

    pub(super) fn share(&self) -> f64 {
        self.cells.iter().filter(|is_ink| **is_ink).count() as f64 / self.cells.len() as f64
    }

    /// The longer side of the box around it.
    pub(super) fn longest_px(&self) -> u32 {
        self.extent.map_or(0, |[left, top, right, bottom]| (right + 1 - left).max(bottom + 1 - top))
    }

    /// Whether there is ink at the border.
    pub(super) fn touches_border(&self) -> bool {
        let last = CUT_PX - 1;
        self.extent.is_some_and(|[left, top, right, bottom]| left == 0 || top == 0 || right == last || bottom == last)
    }

    /// The largest share of a border that has ink beside it.
    pub(super) fn along_border(&self) -> f64 {
        let side = i64::from(CUT_PX);
        let near = || 0..i64::from(FRAME_PX);
        let share = |has: &dyn Fn(i64) -> bool| (0..side).filter(|&along| has(along)).count() as f64 / side as f64;
        let shares = [
            share(&|x| near().any(|y| self.at(x, y))),
            share(&|x| near().any(|y| self.at(x, side - 1 - y))),
            share(&|y| near().any(|x| self.at(x, y))),
            share(&|y| near().any(|x| self.at(side - 1 - x, y))),
        ];
        shares.into_iter().fold(0.0, f64::max)
    }
}

fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * share) as usize]
}

/// The means over three rows and columns.
fn means(values: &[f64]) -> Vec<f64> {
    let along = |values: &[f64]| filtered(values, 1, |window| window.iter().sum::<f64>() / window.len() as f64);
    along(&along(values))
}

/// Dark strokes filled: the brightest around, then the darkest of those.
fn closed(values: &[f64]) -> Vec<f64> {
    let brightest =
        |values: &[f64]| filtered(values, STROKE_PX, |window| window.iter().copied().fold(f64::MIN, f64::max));
    let darkest =
        |values: &[f64]| filtered(values, STROKE_PX, |window| window.iter().copied().fold(f64::MAX, f64::min));
    darkest(&darkest(&brightest(&brightest(values))))
}

/// A filter along each row; the result is turned, so that a second call goes along the columns.
fn filtered(values: &[f64], radius: usize, filter: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let side = WIDE_PX as usize;
    let mut turned = vec![0.0; values.len()];
    for (y, row) in values.chunks_exact(side).enumerate() {
        for x in 0..side {
            turned[x * side + y] = filter(&row[x.saturating_sub(radius)..(x + radius + 1).min(side)]);
        }
    }
    turned
}

/// Without small groups of cells that hang together.
fn without_specks(mut cells: Vec<bool>) -> Vec<bool> {
    let side = CUT_PX as usize;
    let mut is_seen = vec![false; cells.len()];
    for start in 0..cells.len() {
        if !cells[start] || is_seen[start] {
            continue;
        }
        let (mut group, mut next) = (Vec::new(), vec![start]);
        is_seen[start] = true;
        while let Some(at) = next.pop() {
            group.push(at);
            let (x, y) = (at % side, at / side);
            for (x, y) in [(x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)] {
                if x < side && y < side && cells[y * side + x] && !is_seen[y * side + x] {
                    is_seen[y * side + x] = true;
                    next.push(y * side + x);
                }
            }
        }
        if group.len() < SPECK {
            group.into_iter().for_each(|at| cells[at] = false);
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::super::square::AROUND_PX;
    use super::*;

    /// Paper with grain and a shadow, and what `stroke` draws; places are those of the cut.
    fn paper(stroke: impl Fn(u32, u32) -> Option<u8>) -> RgbPicture {
        let mut state = 1_u32;
        let pixels = (0..WIDE_PX * WIDE_PX).map(|at| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (x, y) = ((at % WIDE_PX).wrapping_sub(AROUND_PX), (at / WIDE_PX).wrapping_sub(AROUND_PX));
            let is_inside = x < CUT_PX && y < CUT_PX;
            let grain = (state >> 28) as u8;
            [is_inside.then(|| stroke(x, y)).flatten().unwrap_or(light(x, y)) + grain; 3]
        });
        RgbPicture { width_px: WIDE_PX, height_px: WIDE_PX, pixels: pixels.collect() }
    }

    fn light(x: u32, y: u32) -> u8 {
        if x.wrapping_add(y).cast_signed() < CUT_PX.cast_signed() { 220 } else { 130 }
    }

    #[test]
    fn grain_and_the_edge_of_a_shadow_are_no_ink() {
        assert_eq!(Ink::of(&paper(|_, _| None)).longest_px(), 0);
    }

    #[test]
    fn pencil_is_ink_also_in_the_shadow() {
        let stroke = |x: u32, y: u32| ((50..54).contains(&x) && (20..90).contains(&y)).then(|| light(x, y) / 4 * 3);
        let ink = Ink::of(&paper(stroke));
        assert!((66..76).contains(&ink.longest_px()), "{}", ink.longest_px());
        let speck = Ink::of(&paper(|x, y| (x < 52 && x > 49 && y < 52 && y > 49).then_some(40)));
        assert!(speck.longest_px() <= 6, "{}", speck.longest_px());
    }

    #[test]
    fn a_blackened_box_is_ink() {
        assert!(Ink::of(&paper(|x, y| (x > 10 && y > 10).then_some(20))).share() > 0.6);
    }
}
