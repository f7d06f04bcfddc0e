//! Points: a value against a number, or against words.

use std::fmt::Write;

use super::scale::{decades, nice_ticks, number, power_label};
use super::svg::Chart;
use crate::escape::markup;
use crate::lang::Lang;

const WIDTH: f64 = 530.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 54.0;
const RIGHT: f64 = 26.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 44.0;
/// Height of the row of a word.
const ROW: f64 = 22.0;
/// Room for the longest word, in characters; longer ones are cut.
const WORD: usize = 22;
/// Width of a character of a word.
const CHARACTER: f64 = 7.5;
/// From this ratio of the largest to the smallest number on, the numbers stand on a logarithmic axis.
const LOG_RATIO: f64 = 20.0;

/// Up to this many different numbers are marked on the axis themselves, if the nearest two are so far apart, as a share
/// of the axis.
const MOST_OWN: usize = 8;
const CLOSEST: f64 = 0.09;

/// A point.
pub struct Dot {
    /// Shown by browsers when the mouse is over it.
    pub name: String,
    /// Against what: a number, or the index of a word.
    pub against: f64,
    /// Its value, from 0 to 1.
    pub value: f64,
}

/// What the values stand against.
pub enum Against<'a> {
    /// Numbers, along the lower edge.
    Numbers,
    /// Words, one below the other.
    Words(&'a [String]),
}

/// Points: `key` is what they stand against, `of` what their values are.
pub fn scatter(lang: Lang, file: String, key: &str, of: &str, against: &Against<'_>, dots: &[Dot]) -> Chart {
    let title = lang.pick(format!("{of} against {key}"), format!("{key}에 따른 {of}"));
    let mut body = format!(r#"<text class="head" x="16" y="20">{}</text>"#, markup(&title));
    let (low, high) = value_range(dots);
    let height_px = match against {
        Against::Numbers => {
            over_numbers(&mut body, key, dots, low, high);
            HEIGHT
        }
        Against::Words(words) => over_words(&mut body, of, words, dots, low, high),
    };
    let points = dots.len();
    let description = lang.pick(
        format!("{points} points; the table of experiments has the same numbers."),
        format!("점 {points}개. 같은 수가 실험 표에도 있습니다."),
    );
    Chart { file, title, description, width_px: WIDTH, height_px, body }
}

/// Round limits around all values.
fn value_range(dots: &[Dot]) -> (f64, f64) {
    let values = || dots.iter().map(|dot| dot.value);
    let (low, high) = (values().reduce(f64::min).unwrap_or(0.0), values().reduce(f64::max).unwrap_or(1.0));
    let room = ((high - low) * 0.08).max(0.005);
    ((low - room).max(0.0), (high + room).min(1.0))
}

fn over_numbers(body: &mut String, key: &str, dots: &[Dot], low: f64, high: f64) {
    let numbers = || dots.iter().map(|dot| dot.against);
    let least = numbers().reduce(f64::min).unwrap_or(0.0);
    let most = numbers().reduce(f64::max).unwrap_or(1.0);
    let is_log = least > 0.0 && most / least >= LOG_RATIO;
    let scaled = |value: f64| if is_log { libm::log10(value) } else { value };
    let (from, to) = (scaled(least), scaled(most));
    let room = ((to - from) * 0.05).max(if to > from { 0.0 } else { 1.0 });
    let (from, to) = (from - room, to + room);
    let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
    let x = |value: f64| LEFT + (right - LEFT) * (value - from) / (to - from);
    let y = |value: f64| bottom - (bottom - TOP) * (value - low) / (high - low);
    for value in nice_ticks(low, high, 5.0) {
        let at = y(value);
        let _ = write!(
            body,
            r#"<path class="grid" d="M{LEFT} {at:.1}H{right}"/><text x="{:.1}" y="{:.1}" text-anchor="end">{}</text>"#,
            LEFT - 8.0,
            at + 4.0,
            number(value)
        );
    }
    for (value, label) in number_ticks(dots, from, to, is_log) {
        let at = x(value);
        let _ = write!(
            body,
            r#"<path class="axis" d="M{at:.1} {bottom}v5"/><text x="{at:.1}" y="{:.1}" text-anchor="middle">{label}</text>"#,
            bottom + 19.0
        );
    }
    let _ = write!(
        body,
        r#"<path class="axis" d="M{LEFT} {bottom}H{right}"/><text x="{:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
        f64::midpoint(LEFT, right),
        bottom + 37.0,
        markup(key)
    );
    for dot in dots {
        circle(body, dot, x(scaled(dot.against)), y(dot.value));
    }
}

/// Where numbers are marked, and how. Few numbers are marked themselves: whoever tried five rates looks for those.
fn number_ticks(dots: &[Dot], from: f64, to: f64, is_log: bool) -> Vec<(f64, String)> {
    let scaled = |value: f64| if is_log { libm::log10(value) } else { value };
    let mut own: Vec<f64> = dots.iter().map(|dot| dot.against).collect();
    own.sort_by(f64::total_cmp);
    own.dedup();
    let is_apart = own.windows(2).all(|pair| scaled(pair[1]) - scaled(pair[0]) >= CLOSEST * (to - from));
    if own.len() <= MOST_OWN && is_apart {
        return own.into_iter().map(|value| (scaled(value), short(value))).collect();
    }
    if is_log {
        return decades(from.ceil(), to.floor()).into_iter().map(|power| (power, power_label(power))).collect();
    }
    nice_ticks(from, to, 5.0).into_iter().map(|value| (value, short(value))).collect()
}

/// A number to five digits, without trailing zeros.
fn short(value: f64) -> String {
    format!("{value:.4e}").parse::<f64>().unwrap_or(value).to_string()
}

/// The height of the chart.
fn over_words(body: &mut String, of: &str, words: &[String], dots: &[Dot], low: f64, high: f64) -> f64 {
    let cut = |word: &str| match word.char_indices().nth(WORD) {
        Some((at, _)) => format!("{}…", &word[..at]),
        None => word.to_owned(),
    };
    let shown: Vec<String> = words.iter().map(|word| cut(word)).collect();
    let longest = shown.iter().map(|word| word.chars().count()).max().unwrap_or(0);
    let left = (24.0 + longest as f64 * CHARACTER).max(LEFT);
    let (right, bottom) = (WIDTH - RIGHT, TOP + ROW * words.len() as f64);
    let x = |value: f64| left + (right - left) * (value - low) / (high - low);
    let y = |index: f64| TOP + ROW * (index + 0.5);
    for value in nice_ticks(low, high, 5.0) {
        let at = x(value);
        let _ = write!(
            body,
            r#"<path class="grid" d="M{at:.1} {TOP}V{bottom}"/><text x="{at:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
            bottom + 19.0,
            number(value)
        );
    }
    for (i, word) in shown.iter().enumerate() {
        let at = y(i as f64) + 4.0;
        let _ = write!(body, r#"<text x="{:.1}" y="{at:.1}" text-anchor="end">{}</text>"#, left - 10.0, markup(word));
    }
    let _ = write!(
        body,
        r#"<path class="axis" d="M{left:.1} {bottom}H{right}"/><text x="{:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
        f64::midpoint(left, right),
        bottom + 37.0,
        markup(&of.to_lowercase())
    );
    for dot in dots {
        circle(body, dot, x(dot.value), y(dot.against));
    }
    bottom + BOTTOM
}

fn circle(body: &mut String, dot: &Dot, x: f64, y: f64) {
    let name = markup(&dot.name);
    let _ = write!(
        body,
        r#"<circle cx="{x:.1}" cy="{y:.1}" r="4" class="f0" fill-opacity="0.65"><title>{name}: {:.3}</title></circle>"#,
        dot.value
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(against: f64, value: f64) -> Dot {
        Dot { name: "a <b>".into(), against, value }
    }

    #[test]
    fn odd_numbers_still_give_a_chart() {
        for dots in
            [vec![], vec![dot(3.0, 0.5)], vec![dot(0.0, 0.0), dot(-1.0, 1.0)], vec![dot(1e-4, 0.9), dot(1.0, 0.9)]]
        {
            let svg = scatter(Lang::En, "f".into(), "lr <x>", "Test accuracy", &Against::Numbers, &dots).standalone();
            assert!(
                !svg.contains("NaN") && !svg.contains("inf") && !svg.contains("<b>") && !svg.contains("<x>"),
                "{svg}"
            );
        }
    }

    #[test]
    fn large_ratios_stand_on_a_logarithmic_axis() {
        let svg = |most| {
            let dots = [dot(0.001, 0.5), dot(most, 0.6)];
            scatter(Lang::En, "f".into(), "lr", "Test accuracy", &Against::Numbers, &dots).standalone()
        };
        assert!(svg(1.0).contains(">0.001<") && svg(1.0).contains(">1<") && svg(0.004).contains(">0.004<"));
        let many: Vec<Dot> = (0..30).map(|i| dot(1e-4 * f64::from(i + 1).powi(2), 0.5)).collect();
        let svg = scatter(Lang::En, "f".into(), "lr", "Test accuracy", &Against::Numbers, &many).standalone();
        assert!(svg.contains(">0.01<") && !svg.contains(">0.0004<"), "{svg}");
    }

    #[test]
    fn long_words_are_cut_and_rows_make_the_chart_higher() {
        let words: Vec<String> = (0..20).map(|i| format!("{i} {}", "가".repeat(300))).collect();
        let chart =
            scatter(Lang::En, "f".into(), "hidden", "Test accuracy", &Against::Words(&words), &[dot(19.0, 0.5)]);
        assert!(chart.height_px > HEIGHT && chart.standalone().contains("가…") && chart.standalone().len() < 9000);
    }
}
