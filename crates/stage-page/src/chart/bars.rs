//! Histograms, several in one chart.

use std::fmt::Write;

use super::scale::{nice_ticks, number};
use super::svg::Chart;
use crate::escape::markup;

const PANEL_WIDTH: f64 = 200.0;
const PANEL_HEIGHT: f64 = 104.0;
const GAP: f64 = 18.0;
const LEFT: f64 = 12.0;
const HEAD: f64 = 34.0;
/// Room above a panel for its name and below it for its axis.
const NAME: f64 = 18.0;
const AXIS: f64 = 40.0;

/// A histogram with bins of one width.
pub struct Histogram {
    /// Stands above it.
    pub name: String,
    /// Text in its corner.
    pub note: String,
    /// Where the first bin begins.
    pub low: f64,
    /// Where the last bin ends.
    pub high: f64,
    /// Values in each bin.
    pub counts: Vec<u64>,
}

/// Histograms in rows of `columns`, each with its own axes.
pub fn histograms(file: String, title: &str, description: String, panels: &[Histogram], columns: usize) -> Chart {
    let mut body = format!(r#"<text class="head" x="{LEFT}" y="20">{}</text>"#, markup(title));
    let columns = columns.clamp(1, panels.len().max(1));
    for (i, panel) in panels.iter().enumerate() {
        let x = LEFT + (i % columns) as f64 * (PANEL_WIDTH + GAP);
        let y = HEAD + (i / columns) as f64 * (NAME + PANEL_HEIGHT + AXIS);
        draw(&mut body, panel, x, y);
    }
    let rows = panels.len().div_ceil(columns);
    Chart {
        file,
        title: title.into(),
        description,
        width_px: LEFT * 2.0 + columns as f64 * (PANEL_WIDTH + GAP) - GAP,
        height_px: HEAD + rows as f64 * (NAME + PANEL_HEIGHT + AXIS),
        body,
    }
}

fn draw(body: &mut String, panel: &Histogram, x: f64, y: f64) {
    let (top, bottom) = (y + NAME, y + NAME + PANEL_HEIGHT);
    let _ = write!(body, r#"<text class="small" x="{x:.1}" y="{:.1}">{}</text>"#, y + 12.0, markup(&panel.name));
    let most = panel.counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let step = PANEL_WIDTH / panel.counts.len().max(1) as f64;
    let mut path = String::new();
    for (i, &count) in panel.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        // A single value among thousands must not vanish.
        let height = (PANEL_HEIGHT * count as f64 / most).max(0.8);
        let _ = write!(path, "M{:.1} {bottom:.1}v-{height:.1}h{step:.1}v{height:.1}z", x + i as f64 * step);
    }
    let right = x + PANEL_WIDTH;
    let _ = write!(body, r#"<path class="f0" d="{path}"/><path class="axis" d="M{x:.1} {bottom:.1}H{right:.1}"/>"#);
    let span = panel.high - panel.low;
    for value in nice_ticks(panel.low, panel.high, 3.0) {
        let at = if span > 0.0 { x + PANEL_WIDTH * (value - panel.low) / span } else { x + PANEL_WIDTH / 2.0 };
        let _ = write!(
            body,
            r#"<path class="axis" d="M{at:.1} {bottom:.1}v3"/><text class="small" x="{at:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
            bottom + 14.0,
            number(value)
        );
    }
    let _ = write!(
        body,
        r#"<text class="small" x="{right:.1}" y="{:.1}" text-anchor="end">{}</text>"#,
        top + 9.0,
        markup(&panel.note)
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_and_single_valued_histograms_still_give_a_chart() {
        let panel = |low, high, counts| Histogram { name: "a<b".into(), note: "n".into(), low, high, counts };
        let panels = [panel(0.0, 0.0, vec![7]), panel(0.0, 1.0, vec![]), panel(-1.0, 1.0, vec![0, 10_000, 1])];
        let svg = histograms("f".into(), "t", "d".into(), &panels, 2).standalone();
        assert!(svg.contains("a&lt;b") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}
