//! Lines of writing, from the top, each from left to right.

use super::pieces::Digit;

/// The next digit of a line is at most so many heights away.
const NEXT: f64 = 5.0;
/// Digits beside each other share this part of the height of the lower one.
const BESIDE: f64 = 0.5;
/// Digits of a line lie, seen along it, within this share of their height.
const SAME_LINE: f64 = 0.5;
/// A page is at most so much aslant: rise over length.
const MOST_SLANT: f64 = 0.3;

/// The places of the digits, line by line.
pub(super) fn lines(digits: &[Digit]) -> Vec<Vec<usize>> {
    let slant = slant(digits);
    let level = |at: usize| {
        let (x, y) = digits[at].extent.centre();
        y - slant * x
    };
    let mut places: Vec<usize> = (0..digits.len()).collect();
    places.sort_by(|&a, &b| level(a).total_cmp(&level(b)));
    let mut lines: Vec<Line> = Vec::new();
    for at in places {
        let height = digits[at].extent.height();
        let near = |line: &&mut Line| {
            let reach = SAME_LINE * line.height().max(height).min(2.0 * line.height().min(height));
            (level(at) - line.level()).abs() <= reach
        };
        match lines.iter_mut().rev().find(near) {
            Some(line) => line.take(at, level(at), height),
            None => {
                let mut line = Line::default();
                line.take(at, level(at), height);
                lines.push(line);
            }
        }
    }
    lines.sort_by(|a, b| a.level().total_cmp(&b.level()));
    let mut lines: Vec<Vec<usize>> = lines.into_iter().map(|line| line.members).collect();
    for line in &mut lines {
        line.sort_by(|&a, &b| digits[a].extent.centre().0.total_cmp(&digits[b].extent.centre().0));
    }
    lines
}

#[derive(Default)]
struct Line {
    members: Vec<usize>,
    levels: f64,
    heights: f64,
}

impl Line {
    fn take(&mut self, at: usize, level: f64, height: f64) {
        self.members.push(at);
        self.levels += level;
        self.heights += height;
    }

    fn level(&self) -> f64 {
        self.levels / self.members.len() as f64
    }

    fn height(&self) -> f64 {
        self.heights / self.members.len() as f64
    }
}

/// The usual rise from a digit to the next one on its right, over the distance. Single digits stand higher or lower, so
/// it is the median that counts, over pairs a few digits apart.
fn slant(digits: &[Digit]) -> f64 {
    let mut slants = Vec::new();
    for one in digits {
        let (x, y) = one.extent.centre();
        let beside = digits.iter().filter_map(|other| {
            let (right, below) = other.extent.centre();
            let lower = one.extent.height().min(other.extent.height());
            let is_next = right > x + 0.3 * lower
                && right - x <= NEXT * one.extent.height()
                && one.extent.overlap_y(&other.extent) >= BESIDE * lower;
            // The feet, as digits differ less there than in height.
            let rise = f64::from(other.extent.bottom) - f64::from(one.extent.bottom);
            is_next.then_some((right - x, rise.midpoint(below - y)))
        });
        // The farthest that still stands beside it shows the slant best.
        if let Some((run, rise)) = beside.max_by(|a, b| a.0.total_cmp(&b.0)) {
            slants.push((rise / run).clamp(-MOST_SLANT, MOST_SLANT));
        }
    }
    slants.sort_by(f64::total_cmp);
    slants.get(slants.len() / 2).copied().unwrap_or(0.0)
}
