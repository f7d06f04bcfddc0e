//! Lines over epochs.

use std::fmt::Write;

use super::scale::{decades, epoch_ticks, nice_ticks, number, power_label};
use super::svg::{Chart, SERIES};
use crate::escape::markup;
use crate::lang::Lang;

const WIDTH: f64 = 530.0;
const PLOT_HEIGHT: f64 = 290.0;
const LEFT: f64 = 54.0;
/// Right of the axis, so that the last epoch's number, which is centred under its end, fits.
const RIGHT: f64 = 26.0;
/// The same where names stand at the end of their lines.
const NAMES: f64 = 84.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 44.0;
/// Names this long and shorter stand at the end of their line; if one is longer, all stand in a list below.
const MARGIN_NAME: usize = 11;
/// Height of a line of that list.
const LEGEND_LINE: f64 = 18.0;
/// Points that a line keeps at most.
const MAX_POINTS: usize = 300;

/// A named line.
pub struct Line {
    /// Its entry in the legend.
    pub name: String,
    /// (epoch, value), epochs rising; values finite.
    pub points: Vec<(f64, f64)>,
    /// (epoch, lowest, highest), where the line is a mean of several.
    pub band: Vec<(f64, f64, f64)>,
}

/// How the value axis runs.
#[derive(Clone, Copy, PartialEq)]
pub enum Axis {
    /// From 0 to 1.
    Share,
    /// From 0 up; logarithmic when the values span more than two decades.
    Loss,
}

/// Where epochs and values lie in the picture.
struct Frame {
    right: f64,
    bottom: f64,
    epochs: f64,
    low: f64,
    high: f64,
    log: bool,
}

impl Frame {
    fn x(&self, epoch: f64) -> f64 {
        LEFT + (self.right - LEFT) * if self.epochs > 1.0 { (epoch - 1.0) / (self.epochs - 1.0) } else { 0.5 }
    }

    fn y(&self, value: f64) -> f64 {
        let value = if self.log { libm::log10(value.max(1e-12)) } else { value };
        self.bottom - (self.bottom - TOP) * ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// Axes, grid and labels.
    fn draw(&self, body: &mut String, lang: Lang) {
        let (right, bottom) = (self.right, self.bottom);
        let ticks = if self.log { decades(self.low, self.high) } else { nice_ticks(self.low, self.high, 5.0) };
        for value in ticks {
            let (at, label) = if self.log {
                (self.y(libm::pow(10.0, value)), power_label(value))
            } else {
                (self.y(value), number(value))
            };
            let _ = write!(
                body,
                r#"<path class="grid" d="M{LEFT} {at:.1}H{right}"/><text x="{:.1}" y="{:.1}" text-anchor="end">{label}</text>"#,
                LEFT - 8.0,
                at + 4.0
            );
        }
        for epoch in epoch_ticks(self.epochs) {
            let at = self.x(epoch);
            let _ = write!(
                body,
                r#"<path class="axis" d="M{at:.1} {bottom}v5"/><text x="{at:.1}" y="{:.1}" text-anchor="middle">{epoch}</text>"#,
                bottom + 19.0
            );
        }
        let _ = write!(
            body,
            r#"<path class="axis" d="M{LEFT} {bottom}H{right}"/><text x="{:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
            f64::midpoint(LEFT, right),
            bottom + 37.0,
            lang.pick("epoch", "에포크")
        );
    }
}

/// Lines over epochs, at most [`SERIES`] of different looks.
pub fn lines(lang: Lang, file: String, title: &str, description: String, lines: &[Line], axis: Axis) -> Chart {
    let in_margin = lines.iter().all(|line| line.name.chars().count() <= MARGIN_NAME);
    let frame = frame(lines, axis, if in_margin { NAMES } else { RIGHT });
    let mut body = format!(r#"<text class="head" x="{LEFT}" y="20">{}</text>"#, markup(title));
    frame.draw(&mut body, lang);
    let mut ends: Vec<(usize, f64)> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let series = i % SERIES;
        if line.band.len() > 1 {
            let thin = every(&line.band);
            let upper = thin.iter().map(|p| (p.0, p.2));
            let lower = thin.iter().rev().map(|p| (p.0, p.1));
            let _ = write!(body, r#"<path d="{}Z" class="band f{series}"/>"#, path(upper.chain(lower), &frame));
        }
        let points = path(thinned(&line.points).into_iter(), &frame);
        let _ = write!(body, r#"<path d="{points}" class="line s{series}"/>"#);
        if let Some(&(_, value)) = line.points.last() {
            ends.push((i, frame.y(value)));
        }
    }
    let mut height = PLOT_HEIGHT;
    if in_margin {
        for (i, at) in moved_apart(ends) {
            let (name, series) = (markup(&lines[i].name), i % SERIES);
            let x = frame.right + 6.0;
            let _ = write!(body, r#"<text x="{x:.1}" y="{:.1}" class="f{series}">{name}</text>"#, at + 4.0);
        }
    } else {
        for (i, line) in lines.iter().enumerate() {
            let (name, series, y) = (markup(&line.name), i % SERIES, height + 10.0);
            let _ = write!(
                body,
                r#"<path class="line s{series}" d="M{LEFT} {:.1}h36"/><text x="{:.1}" y="{y:.1}">{name}</text>"#,
                y - 4.0,
                LEFT + 44.0
            );
            height += LEGEND_LINE;
        }
        height += 8.0;
    }
    Chart { file, title: title.into(), description, width_px: WIDTH, height_px: height, body }
}

fn frame(lines: &[Line], axis: Axis, margin: f64) -> Frame {
    let banded = lines.iter().flat_map(|line| &line.band).flat_map(|p| [p.1, p.2]);
    let values = || lines.iter().flat_map(|line| &line.points).map(|point| point.1).chain(banded.clone());
    let largest = values().fold(0.0, f64::max);
    let smallest = values().filter(|v| *v > 0.0).fold(f64::INFINITY, f64::min);
    let log = axis == Axis::Loss && smallest.is_finite() && largest / smallest > 100.0;
    let (low, high) = match axis {
        Axis::Share => (0.0, 1.0),
        Axis::Loss if log => (libm::log10(smallest).floor().max(-8.0), libm::log10(largest).ceil()),
        Axis::Loss => (0.0, if largest > 0.0 { largest * 1.05 } else { 1.0 }),
    };
    let epochs = lines.iter().flat_map(|line| &line.points).map(|point| point.0).fold(1.0, f64::max);
    Frame { right: WIDTH - margin, bottom: PLOT_HEIGHT - BOTTOM, epochs, low, high, log }
}

fn path(points: impl Iterator<Item = (f64, f64)>, frame: &Frame) -> String {
    let mut path = String::new();
    for (epoch, value) in points {
        let start = if path.is_empty() { 'M' } else { 'L' };
        let _ = write!(path, "{start}{:.1} {:.1}", frame.x(epoch), frame.y(value));
    }
    path
}

/// The smallest and largest of each stretch, so that a thinned line keeps its peaks.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if points.len() <= MAX_POINTS {
        return points.to_vec();
    }
    let mut kept = Vec::with_capacity(MAX_POINTS + 2);
    for stretch in points.chunks(points.len().div_ceil(MAX_POINTS / 2)) {
        let by_value = |a: &&(f64, f64), b: &&(f64, f64)| a.1.total_cmp(&b.1);
        let ends = (stretch.iter().min_by(by_value), stretch.iter().max_by(by_value));
        if let (Some(a), Some(b)) = ends {
            kept.extend(if a.0 <= b.0 { [*a, *b] } else { [*b, *a] });
        }
    }
    kept.extend(points.last());
    kept
}

/// Evenly chosen items, the last among them.
fn every<T: Copy>(items: &[T]) -> Vec<T> {
    let step = items.len().div_ceil(MAX_POINTS / 2).max(1);
    let last = items.len().saturating_sub(1);
    items.iter().enumerate().filter(|(i, _)| i % step == 0 || *i == last).map(|(_, item)| *item).collect()
}

/// Moves labels apart that would overlap.
fn moved_apart(mut ends: Vec<(usize, f64)>) -> Vec<(usize, f64)> {
    const GAP: f64 = 15.0;
    ends.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    for i in 1..ends.len() {
        ends[i].1 = ends[i].1.max(ends[i - 1].1 + GAP);
    }
    // What was pushed below the axis moves up again.
    let mut limit = PLOT_HEIGHT - BOTTOM;
    for end in ends.iter_mut().rev() {
        end.1 = end.1.min(limit);
        limit = end.1 - GAP;
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, points: Vec<(f64, f64)>) -> Line {
        let band = points.iter().map(|&(epoch, value)| (epoch, value * 0.9, value * 1.1)).collect();
        Line { name: name.into(), points, band }
    }

    #[test]
    fn thinning_keeps_peaks_and_the_end() {
        let mut points: Vec<(f64, f64)> = (0..10_000).map(|i| (f64::from(i), 1.0)).collect();
        points[5_003].1 = 9.0;
        let kept = thinned(&points);
        assert!(kept.len() < MAX_POINTS + 10 && kept.iter().any(|p| p.1 == 9.0));
        assert_eq!(kept.last(), points.last());
        assert_eq!(every(&points).last(), points.last());
    }

    #[test]
    fn labels_do_not_overlap() {
        let moved = moved_apart(vec![(0, 240.0), (1, 241.0), (2, 242.0)]);
        assert!(moved.windows(2).all(|pair| pair[1].1 - pair[0].1 >= 15.0 - 1e-9));
        assert!(moved.iter().all(|m| m.1 <= PLOT_HEIGHT - BOTTOM));
    }

    #[test]
    fn the_last_epoch_fits_into_the_picture() {
        // 13 px digits are about 8 px wide.
        assert!(WIDTH - RIGHT + 8.0 * "100000".len() as f64 / 2.0 <= WIDTH);
        let chart = lines(
            Lang::En,
            "f".into(),
            "t",
            "d".into(),
            &[line("a name that goes below", vec![(1.0, 1.0), (2000.0, 0.5)])],
            Axis::Loss,
        );
        assert!(
            chart
                .standalone()
                .contains(&format!(r#"<text x="{:.1}" y="265.0" text-anchor="middle">2000<"#, WIDTH - RIGHT))
        );
    }

    #[test]
    fn odd_values_still_give_a_chart() {
        for name in ["x<y", "a long name that goes below"] {
            for points in [vec![], vec![(1.0, 0.0)], vec![(1.0, 1e-9), (2.0, 50.0)]] {
                let chart = lines(Lang::En, "f".into(), "a <b> & \"c\"", "d".into(), &[line(name, points)], Axis::Loss);
                let svg = chart.standalone();
                assert!(svg.contains("a &lt;b&gt; &amp;") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            }
        }
    }
}
