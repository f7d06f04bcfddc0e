//! The calibration curve: how often predictions of a given probability are right.

use std::fmt::Write;

use super::svg::Chart;
use crate::escape::markup;
use crate::lang::Lang;
use mlp_statistics::reliability::Bin;

const SIDE: f64 = 300.0;
const LEFT: f64 = 54.0;
const TOP: f64 = 34.0;
/// Below the axis: its numbers and its title.
const BOTTOM: f64 = 44.0;
const RIGHT: f64 = 26.0;
/// Radius of the smallest and of the largest point.
const RADIUS: (f64, f64) = (2.5, 8.0);

/// A point for each bin, at its mean probability and its accuracy, with the 95 % interval of the accuracy. Its area
/// grows with the rows of the bin. On the diagonal, probabilities are what they say.
pub fn reliability(lang: Lang, file: String, title: &str, bins: &[Bin]) -> Chart {
    let x = |share: f64| LEFT + SIDE * share;
    let y = |share: f64| TOP + SIDE * (1.0 - share);
    let mut body = format!(r#"<text class="head" x="16" y="20">{}</text>"#, markup(title));
    for tenth in [0, 2, 4, 6, 8, 10] {
        let share = f64::from(tenth) / 10.0;
        let _ = write!(
            body,
            r#"<path class="grid" d="M{LEFT} {0:.1}H{1:.1}M{2:.1} {TOP}V{3:.1}"/><text x="{4:.1}" y="{5:.1}" text-anchor="end">{share}</text><text x="{2:.1}" y="{6:.1}" text-anchor="middle">{share}</text>"#,
            y(share),
            x(1.0),
            x(share),
            y(0.0),
            LEFT - 8.0,
            y(share) + 4.0,
            y(0.0) + 18.0
        );
    }
    let _ = write!(
        body,
        r#"<path class="axis" stroke-dasharray="4 4" d="M{:.1} {:.1}L{:.1} {:.1}"/><text x="{:.1}" y="{:.1}" text-anchor="middle">{}</text><text x="16" y="{:.1}" text-anchor="middle" transform="rotate(-90 16 {:.1})">{}</text>"#,
        x(0.0),
        y(0.0),
        x(1.0),
        y(1.0),
        x(0.5),
        y(0.0) + 36.0,
        lang.pick("mean probability", "평균 확률"),
        y(0.5),
        y(0.5),
        lang.pick("share that is right", "맞은 비율")
    );
    let most = bins.iter().map(|bin| bin.rows).max().unwrap_or(0).max(1) as f64;
    for bin in bins {
        let (Some(accuracy), Some((low, high))) = (bin.accuracy(), bin.interval()) else { continue };
        let radius = (RADIUS.1 * (bin.rows as f64 / most).sqrt()).max(RADIUS.0);
        let _ = write!(
            body,
            r#"<path class="line s0" d="M{0:.1} {1:.1}V{2:.1}"/><circle class="f0" cx="{0:.1}" cy="{3:.1}" r="{radius:.1}"/>"#,
            x(bin.mean_probability),
            y(low),
            y(high),
            y(accuracy)
        );
    }
    let description = lang
        .pick(
            "Points on the diagonal are as often right as their probability says. A table on the page has the same \
             numbers.",
            "대각선 위의 점은 확률만큼 맞은 것입니다. 같은 숫자가 페이지의 표에 있습니다.",
        )
        .to_owned();
    let (width_px, height_px) = (LEFT + SIDE + RIGHT, TOP + SIDE + BOTTOM);
    Chart { file, title: title.into(), description, width_px, height_px, body }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_statistics::reliability::bins;

    #[test]
    fn each_bin_with_predictions_is_a_point() {
        let bins = bins([(0.99, true), (0.99, true), (0.5, false)]);
        let chart = reliability(Lang::En, "c".into(), "<b>", &bins).inline();
        assert_eq!(chart.matches("<circle").count(), 2);
        assert!(chart.contains("&lt;b&gt;") && !chart.contains("NaN"), "{chart}");
    }
}
