//! Parts of a page that a script brings to life.

mod curves;
mod side_by_side;

use crate::escape::json_in_script;

pub use curves::{CurveLine, Curves, Group, Measure};
pub use side_by_side::{Column as RunColumn, Sheet, SideBySide, TestRows};

/// Which script it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Curves,
    SideBySide,
}

impl Kind {
    /// What `data-live` says in the page; the scripts look for it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Curves => "curves",
            Self::SideBySide => "side-by-side",
        }
    }
}

/// Data for a script.
pub struct Live {
    pub(crate) kind: Kind,
    /// What it shows, for readers who do not see it.
    pub(crate) label: String,
    /// JSON.
    pub(crate) data: String,
}

impl Live {
    /// Curves to overlay, zoom and read off.
    pub fn curves(label: impl Into<String>, curves: &Curves) -> Self {
        Self { kind: Kind::Curves, label: label.into(), data: curves.json() }
    }

    /// Two runs of many side by side, which the reader chooses.
    pub fn side_by_side(label: impl Into<String>, runs: &SideBySide) -> Self {
        Self { kind: Kind::SideBySide, label: label.into(), data: runs.json() }
    }

    /// The data inside a `script` element.
    pub(crate) fn script_text(&self) -> String {
        json_in_script(&self.data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_ends_the_script_element() {
        let line = CurveLine { name: "</script><!--\"\u{2028}".into(), curves: vec![vec![(1, 0.5)]] };
        let measures = vec![Measure { name: "Loss".into(), is_share: false }];
        let groups = vec![Group { name: "</SCRIPT >".into(), lines: vec![0] }];
        let live = Live::curves("curves", &Curves { measures, lines: vec![line], groups, shown: vec![0] });
        let text = live.script_text();
        assert!(!text.contains(['<', '>']), "{text}");
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["lines"][0][0], "</script><!--\"\u{2028}");
    }
}
