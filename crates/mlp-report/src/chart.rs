//! Charts as SVG text: lines over epochs, and the confusion matrix. Colours come from the page's style or, in a file
//! of its own, from the fallback inside each chart; lines differ by dashes too, so colour never says anything alone.

use std::fmt::Write;

use crate::confusion::Confusion;
use crate::escape::markup as escape;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 58.0;
const RIGHT: f64 = 92.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 44.0;
/// Points that a line keeps at most: two for each pixel column.
const MAX_POINTS: usize = 980;
/// Okabe and Ito's palette for colour-blind readers (2008), without its yellow, and a dash pattern each.
const STYLES: [(&str, &str); 6] = [
    ("#0072b2", ""),
    ("#d55e00", "6 3"),
    ("#009e73", "2 3"),
    ("#cc79a7", "9 3 2 3"),
    ("#56b4e9", "1 2"),
    ("#e69f00", "12 4"),
];

/// A named line.
pub struct Line {
    pub name: String,
    /// (epoch, value), epochs rising; values finite.
    pub points: Vec<(f64, f64)>,
}

/// How the value axis runs.
#[derive(Clone, Copy, PartialEq)]
pub enum Axis {
    /// From 0 to 1.
    Share,
    /// From 0 up; logarithmic when the values span more than two decades.
    Loss,
}

/// Lines over epochs.
pub fn lines(title: &str, description: &str, lines: &[Line], axis: Axis) -> String {
    let values = || lines.iter().flat_map(|line| &line.points).map(|point| point.1);
    let largest = values().fold(0.0, f64::max);
    let smallest = values().filter(|v| *v > 0.0).fold(f64::INFINITY, f64::min);
    let epochs = lines.iter().flat_map(|line| &line.points).map(|point| point.0).fold(1.0, f64::max);
    let log = axis == Axis::Loss && smallest.is_finite() && largest / smallest > 100.0;
    let (low, high) = match axis {
        Axis::Share => (0.0, 1.0),
        Axis::Loss if log => (libm::log10(smallest).floor().max(-8.0), libm::log10(largest).ceil()),
        Axis::Loss => (0.0, if largest > 0.0 { largest * 1.05 } else { 1.0 }),
    };
    let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
    let x = |epoch: f64| LEFT + (right - LEFT) * if epochs > 1.0 { (epoch - 1.0) / (epochs - 1.0) } else { 0.5 };
    let y = |value: f64| {
        let value = if log { libm::log10(value.max(1e-12)) } else { value };
        bottom - (bottom - TOP) * ((value - low) / (high - low)).clamp(0.0, 1.0)
    };
    let mut svg = open(WIDTH, HEIGHT, title, description);
    let ticks = if log { decades(low, high) } else { nice_ticks(low, high) };
    for value in ticks {
        let (at, label) = if log { (y(libm::pow(10.0, value)), power_label(value)) } else { (y(value), number(value)) };
        let _ = write!(
            svg,
            r#"<line class="grid" x1="{LEFT}" x2="{right}" y1="{at:.1}" y2="{at:.1}"/><text x="{:.1}" y="{:.1}" text-anchor="end">{label}</text>"#,
            LEFT - 8.0,
            at + 4.0
        );
    }
    for epoch in epoch_ticks(epochs) {
        let at = x(epoch);
        let _ = write!(
            svg,
            r#"<line class="axis" x1="{at:.1}" x2="{at:.1}" y1="{bottom}" y2="{:.1}"/><text x="{at:.1}" y="{:.1}" text-anchor="middle">{epoch}</text>"#,
            bottom + 5.0,
            bottom + 19.0
        );
    }
    let _ = write!(
        svg,
        r#"<line class="axis" x1="{LEFT}" x2="{right}" y1="{bottom}" y2="{bottom}"/><text x="{:.1}" y="{:.1}" text-anchor="middle">epoch</text>"#,
        f64::midpoint(LEFT, right),
        HEIGHT - 6.0
    );
    let mut ends: Vec<(usize, f64)> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let (colour, dash) = STYLES[i % STYLES.len()];
        let mut path = String::new();
        for (epoch, value) in thinned(&line.points) {
            let _ = write!(path, "{}{:.1} {:.1}", if path.is_empty() { "M" } else { "L" }, x(epoch), y(value));
        }
        let _ = write!(svg, r#"<path d="{path}" stroke="{colour}" stroke-dasharray="{dash}" class="line"/>"#);
        if let Some(&(_, value)) = line.points.last() {
            ends.push((i, y(value)));
        }
    }
    for (i, at) in spread(ends) {
        let name = escape(&lines[i].name);
        let colour = STYLES[i % STYLES.len()].0;
        let _ = write!(svg, r#"<text x="{:.1}" y="{:.1}" style="fill:{colour}">{name}</text>"#, right + 6.0, at + 4.0);
    }
    svg + "</svg>\n"
}

/// The confusion matrix: rows are what the picture shows, columns what the network says.
pub fn confusion(title: &str, confusion: &Confusion) -> String {
    let n = confusion.labels().len();
    let cell = 40.0;
    let (left, top) = (74.0, 66.0);
    let size = cell * n as f64;
    let right = confusion.labels().iter().enumerate().map(|(i, _)| confusion.at(i, i)).sum::<u64>();
    let all: u64 = (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).map(|(i, j)| confusion.at(i, j)).sum();
    let description =
        format!("{right} of {all} test rows are right. A table with the same counts follows on the page.");
    let mut svg = open((left + size + 16.0).max(230.0), top + size + 14.0, title, &description);
    let centre = left + size / 2.0;
    let _ = write!(svg, r#"<text x="{centre:.1}" y="42" text-anchor="middle">network says</text>"#);
    let middle = top + size / 2.0;
    let _ = write!(
        svg,
        r#"<text x="16" y="{middle:.1}" text-anchor="middle" transform="rotate(-90 16 {middle:.1})">picture shows</text>"#
    );
    for (i, label) in confusion.labels().iter().enumerate() {
        let at = (i as f64 + 0.5) * cell;
        let _ = write!(svg, r#"<text x="{:.1}" y="{:.1}" text-anchor="middle">{label}</text>"#, left + at, top - 7.0);
        let _ =
            write!(svg, r#"<text x="{:.1}" y="{:.1}" text-anchor="end">{label}</text>"#, left - 9.0, top + at + 4.0);
        let row: u64 = (0..n).map(|j| confusion.at(i, j)).sum();
        for j in 0..n {
            let count = confusion.at(i, j);
            let share = if row > 0 { count as f64 / row as f64 } else { 0.0 };
            let colour = if i == j { "#0072b2" } else { "#d55e00" };
            let (x, y) = (left + j as f64 * cell, top + i as f64 * cell);
            let _ = write!(
                svg,
                r#"<rect x="{x:.1}" y="{y:.1}" width="{cell}" height="{cell}" class="cell" style="fill:{colour};fill-opacity:{:.3}"/>"#,
                share.sqrt() * 0.85
            );
            let strong = if share > 0.45 { "white" } else { "currentColor" };
            let text = if count > 0 { count.to_string() } else { "·".into() };
            let _ = write!(
                svg,
                r#"<text x="{:.1}" y="{:.1}" text-anchor="middle" style="fill:{strong}">{text}</text>"#,
                x + cell / 2.0,
                y + cell / 2.0 + 4.0
            );
        }
    }
    svg + "</svg>\n"
}

fn open(width: f64, height: f64, title: &str, description: &str) -> String {
    let (title, description) = (escape(title), escape(description));
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0} {height:.0}" role="img" aria-label="{title}"><title>{title}</title><desc>{description}</desc><style>svg{{color:#222;font:13px system-ui,sans-serif}}@media(prefers-color-scheme:dark){{svg{{color:#ddd}}}}text{{fill:currentColor}}.grid{{stroke:currentColor;stroke-opacity:.15}}.axis{{stroke:currentColor}}.line{{fill:none;stroke-width:1.8}}.cell{{stroke:currentColor;stroke-opacity:.25}}.head{{font-weight:600}}</style><text class="head" x="{LEFT}" y="20">{title}</text>"#
    )
}

/// Round values from low to high, about five.
fn nice_ticks(low: f64, high: f64) -> Vec<f64> {
    let raw = (high - low) / 5.0;
    let decade = libm::pow(10.0, libm::log10(raw).floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * decade).find(|s| *s >= raw * 0.999).unwrap_or(raw);
    let count = ((high - low) / step + 1e-9).floor() as usize;
    (0..=count).map(|i| low + step * i as f64).collect()
}

fn decades(low: f64, high: f64) -> Vec<f64> {
    let step = ((high - low) / 6.0).ceil().max(1.0);
    let count = ((high - low) / step + 1e-9) as u32;
    (0..=count).map(|i| low + step * f64::from(i)).collect()
}

fn epoch_ticks(epochs: f64) -> Vec<f64> {
    if epochs <= 1.0 {
        return vec![1.0];
    }
    let inner = nice_ticks(0.0, epochs).into_iter().filter(|e| *e >= 1.0 && e.fract() == 0.0);
    [1.0].into_iter().chain(inner.filter(|e| *e > epochs * 0.08)).collect()
}

fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text.is_empty() { "0".into() } else { text.into() }
}

fn power_label(exponent: f64) -> String {
    match exponent as i32 {
        0 => "1".into(),
        e @ 1..=3 => format!("{}", 10i64.pow(e as u32)),
        e @ -3..=-1 => format!("{:.*}", -e as usize, libm::pow(10.0, f64::from(e))),
        e => format!("1e{e}"),
    }
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

/// Moves labels apart that would overlap.
fn spread(mut ends: Vec<(usize, f64)>) -> Vec<(usize, f64)> {
    const GAP: f64 = 15.0;
    ends.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    for i in 1..ends.len() {
        ends[i].1 = ends[i].1.max(ends[i - 1].1 + GAP);
    }
    // What was pushed below the axis moves up again.
    let mut limit = HEIGHT - BOTTOM;
    for end in ends.iter_mut().rev() {
        end.1 = end.1.min(limit);
        limit = end.1 - GAP;
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        assert_eq!(
            nice_ticks(0.0, 1.0).iter().map(|v| number(*v)).collect::<Vec<_>>(),
            ["0", "0.2", "0.4", "0.6", "0.8", "1"]
        );
        assert_eq!(epoch_ticks(1000.0), [1.0, 200.0, 400.0, 600.0, 800.0, 1000.0]);
        assert_eq!(epoch_ticks(1.0), [1.0]);
        assert_eq!(power_label(-2.0), "0.01");
    }

    #[test]
    fn thinning_keeps_peaks_and_the_end() {
        let mut points: Vec<(f64, f64)> = (0..10_000).map(|i| (f64::from(i), 1.0)).collect();
        points[5_003].1 = 9.0;
        let kept = thinned(&points);
        assert!(kept.len() < 1_100 && kept.iter().any(|p| p.1 == 9.0));
        assert_eq!(kept.last(), points.last());
    }

    #[test]
    fn labels_do_not_overlap() {
        let moved = spread(vec![(0, 250.0), (1, 251.0), (2, 252.0)]);
        assert!(moved.windows(2).all(|pair| pair[1].1 - pair[0].1 >= 15.0 - 1e-9));
        assert!(moved.iter().all(|m| m.1 <= HEIGHT - BOTTOM));
    }

    #[test]
    fn odd_values_still_give_a_chart() {
        for points in [vec![], vec![(1.0, 0.0)], vec![(1.0, 1e-9), (2.0, 50.0)]] {
            let svg = lines("a <b> & \"c\"", "d", &[Line { name: "x<y".into(), points }], Axis::Loss);
            assert!(svg.contains("a &lt;b&gt; &amp;") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }
}
