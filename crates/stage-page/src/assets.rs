//! Styles and scripts, all inside the page: it asks for nothing.

use crate::chart;
use crate::lang::Lang;
use crate::live::Kind;

/// uPlot 1.6.32 by Leon Sorokin, MIT; the licence lies beside it, and both files begin with it or are named here.
const UPLOT: &str = include_str!("../vendor/uplot/uPlot.iife.min.js");
const UPLOT_STYLE: &str = include_str!("../vendor/uplot/uPlot.min.css");

/// Says to the styles that there is JavaScript, before anything is drawn.
pub(crate) const FIRST: &str = "document.documentElement.classList.add('js')";

/// What scripts say; each names the same keys.
const fn texts(lang: Lang) -> &'static str {
    match lang {
        Lang::En => include_str!("../assets/texts.en.js"),
        Lang::Ko => include_str!("../assets/texts.ko.js"),
    }
}

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
pub(crate) fn script(lang: Lang, kinds: &[Kind]) -> String {
    let mut parts: Vec<&str> = [texts(lang)].into_iter().chain(EVERYWHERE).collect();
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
        for lang in [Lang::En, Lang::Ko] {
            let (style, script) = (style(&kinds), script(lang, &kinds));
            assert!(!style.contains("</") && !style.contains("url(") && !style.contains("@import"));
            assert!(!script.contains("</script") && !script.contains("<!--"));
            for fetching in ["fetch(", "XMLHttpRequest", "import(", "WebSocket", "sendBeacon"] {
                assert!(!script.contains(fetching), "{fetching}");
            }
        }
    }

    #[test]
    fn a_page_without_curves_has_no_plotting_library() {
        assert!(!script(Lang::En, &[]).contains("uPlot") && script(Lang::En, &[Kind::Curves]).contains("uPlot"));
    }

    #[test]
    fn the_texts_of_both_languages_have_the_same_keys_and_all_are_used() {
        let keys = |lang| -> Vec<&str> {
            let lines = texts(lang).lines().filter_map(|line| line.strip_prefix("  ")?.split_once(": "));
            lines.map(|(key, _)| key).collect()
        };
        assert_eq!(keys(Lang::En), keys(Lang::Ko));
        let script = script(Lang::En, &[Kind::Curves, Kind::SideBySide]);
        for key in keys(Lang::En) {
            assert!(script.contains(&format!("texts.{key}")), "{key}");
        }
        let used = script.split("texts.").skip(1).filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next());
        used.for_each(|key| assert!(keys(Lang::En).contains(&key), "{key}"));
    }
}
