//! Styles and scripts, all inside the page: it asks for nothing.

use crate::chart;
use crate::live::Kind;

/// uPlot 1.6.32 by Leon Sorokin, MIT; the licence lies beside it, and both files begin with it or are named here.
const UPLOT: &str = include_str!("../vendor/uplot/uPlot.iife.min.js");
const UPLOT_STYLE: &str = include_str!("../vendor/uplot/uPlot.min.css");

/// Says to the styles that there is JavaScript, before anything is drawn.
pub(crate) const FIRST: &str = "document.documentElement.classList.add('js')";

/// What every page needs.
const EVERYWHERE: [&str; 2] = [include_str!("../assets/keep.js"), include_str!("../assets/tables.js")];

/// What curves need, in this order: each file uses those before it.
const CURVES: [&str; 6] = [
    include_str!("../assets/curves/data.js"),
    include_str!("../assets/curves/look.js"),
    include_str!("../assets/curves/plot.js"),
    include_str!("../assets/curves/readout.js"),
    include_str!("../assets/curves/switches.js"),
    include_str!("../assets/curves/curves.js"),
];

const SIDE_BY_SIDE: &str = include_str!("../assets/side_by_side.js");

/// The style of a page with such parts.
pub(crate) fn style(kinds: &[Kind]) -> String {
    let mut style = [include_str!("../assets/page.css"), include_str!("../assets/live.css"), chart::STYLE].concat();
    if kinds.contains(&Kind::Curves) {
        style += UPLOT_STYLE;
    }
    style
}

/// The script of a page with such parts. Its names are inside a function, so they meet no others.
pub(crate) fn script(kinds: &[Kind]) -> String {
    let mut parts: Vec<&str> = EVERYWHERE.to_vec();
    if kinds.contains(&Kind::Curves) {
        parts.insert(0, UPLOT);
        parts.extend(CURVES);
    }
    if kinds.contains(&Kind::SideBySide) {
        parts.push(SIDE_BY_SIDE);
    }
    format!("(() => {{\n{}\n}})();", parts.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_them_ends_its_element_or_is_fetched() {
        let kinds = [Kind::Curves, Kind::SideBySide];
        let (style, script) = (style(&kinds), script(&kinds));
        assert!(!style.contains("</") && !style.contains("url(") && !style.contains("@import"));
        assert!(!script.contains("</script") && !script.contains("<!--"));
        for fetching in ["fetch(", "XMLHttpRequest", "import(", "WebSocket", "sendBeacon"] {
            assert!(!script.contains(fetching), "{fetching}");
        }
    }

    #[test]
    fn a_page_without_curves_has_no_plotting_library() {
        assert!(!script(&[]).contains("uPlot") && script(&[Kind::Curves]).contains("uPlot"));
    }
}
