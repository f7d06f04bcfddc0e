//! The confusion matrix: rows are labels, columns are predictions.

use std::fmt::Write;

use super::svg::Chart;
use crate::escape::markup;
use crate::lang::Lang;
use mlp_statistics::confusion::Confusion;

const CELL: f64 = 40.0;
const LEFT: f64 = 74.0;
const TOP: f64 = 66.0;

/// The matrix with its counts; the shade of a cell is its share of the row.
pub fn confusion(lang: Lang, file: String, title: &str, confusion: &Confusion) -> Chart {
    let n = confusion.labels().len();
    let size = CELL * n as f64;
    let mut body = format!(r#"<text class="head" x="16" y="20">{}</text>"#, markup(title));
    let (label, predicted) = lang.pick(("label", "predicted"), ("레이블", "예측"));
    let (centre, middle) = (LEFT + size / 2.0, TOP + size / 2.0);
    let _ = write!(
        body,
        r#"<text x="{centre:.1}" y="42" text-anchor="middle">{predicted}</text><text x="16" y="{middle:.1}" text-anchor="middle" transform="rotate(-90 16 {middle:.1})">{label}</text>"#
    );
    for (i, label) in confusion.labels().iter().enumerate() {
        let at = (i as f64 + 0.5) * CELL;
        let _ = write!(
            body,
            r#"<text x="{:.1}" y="{:.1}" text-anchor="middle">{label}</text><text x="{:.1}" y="{:.1}" text-anchor="end">{label}</text>"#,
            LEFT + at,
            TOP - 7.0,
            LEFT - 9.0,
            TOP + at + 4.0
        );
        let row: u64 = (0..n).map(|j| confusion.at(i, j)).sum();
        for j in 0..n {
            let count = confusion.at(i, j);
            let share = if row > 0 { count as f64 / row as f64 } else { 0.0 };
            let (x, y) = (LEFT + j as f64 * CELL, TOP + i as f64 * CELL);
            let series = usize::from(i != j);
            // Even the darkest cell leaves the count readable in light and in dark.
            let shade = share.sqrt() * 0.55;
            let text = if count > 0 { count.to_string() } else { "·".into() };
            let _ = write!(
                body,
                r#"<rect x="{x:.1}" y="{y:.1}" width="{CELL}" height="{CELL}" class="cell f{series}" fill-opacity="{shade:.3}"/><text x="{:.1}" y="{:.1}" text-anchor="middle">{text}</text>"#,
                x + CELL / 2.0,
                y + CELL / 2.0 + 4.0
            );
        }
    }
    let (correct, total) = (confusion.correct(), confusion.total());
    let description = lang.pick(
        format!("{correct} of {total} predictions are correct. A table on the page has the same counts."),
        format!("예측 {total}개 가운데 {correct}개가 맞았습니다. 같은 개수가 페이지의 표에도 있습니다."),
    );
    let (width_px, height_px) = ((LEFT + size + 16.0).max(230.0), TOP + size + 14.0);
    Chart { file, title: title.into(), description, width_px, height_px, body }
}
