//! One line a picture: JSON for programs, a table for people.

use std::fmt::Write;

use serde::Serialize;
use stage_cli::for_terminal;
use stage_files::answer::{Answer, AnswerKeys, Prediction};
use stage_files::{LabelSet, json};

/// Paths longer than this do not widen the table.
const MAX_PATH_COLUMNS: usize = 60;
/// Labels below this probability are not named in the table.
const SHOWN_PROBABILITY: f32 = 0.01;

/// What an answer is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown<'a> {
    /// The picture's path.
    pub(crate) path: &'a str,
    /// Its page, from 1, where each page has an answer.
    pub(crate) page: Option<usize>,
}

/// Every line has all keys; `page` is one with `--pages all`.
#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<usize>,
    #[serde(flatten)]
    answer: AnswerKeys<'a>,
}

/// The JSON line of a picture.
pub(crate) fn json_line(shown: &Shown<'_>, answer: &Answer, labels: &LabelSet) -> serde_json::Result<String> {
    json::to_line(&Line { path: shown.path, page: shown.page, answer: answer.keys(labels) })
}

/// A table whose first column fits the paths.
pub(crate) struct Table {
    path_columns: usize,
}

impl Table {
    /// A table for these paths, which pages may follow.
    pub(crate) fn new<'a>(paths: impl Iterator<Item = &'a str>, has_pages: bool) -> Self {
        let longest = paths.map(|path| for_terminal(path).to_string().chars().count()).max().unwrap_or(0);
        let longest = longest + if has_pages { ", page 1".len() } else { 0 };
        Self { path_columns: longest.clamp("picture".len(), MAX_PATH_COLUMNS) }
    }

    /// The names of the columns.
    pub(crate) fn header(&self) -> String {
        format!("{:<width$}  label  confidence  probabilities", "picture", width = self.path_columns)
    }

    /// The line of a picture.
    pub(crate) fn line(&self, shown: &Shown<'_>, answer: &Answer, labels: &LabelSet) -> String {
        let (label, confidence, rest) = match answer {
            Answer::Label(prediction) => {
                (prediction.label.to_string(), percent(prediction.confidence), likely(prediction, labels))
            }
            Answer::Refused(prediction) => {
                ("-".into(), percent(prediction.confidence), format!("refused; {}", likely(prediction, labels)))
            }
            Answer::Unusable(reason) => ("-".into(), "-".into(), for_terminal(reason).to_string()),
        };
        let page = shown.page.map_or_else(String::new, |page| format!(", page {page}"));
        let path = format!("{}{page}", for_terminal(shown.path));
        format!("{path:<width$}  {label:>5}  {confidence:>10}  {rest}", width = self.path_columns)
    }
}

/// A share in percent.
pub(crate) fn percent(share: f32) -> String {
    format!("{:.1} %", f64::from(share) * 100.0)
}

/// The labels with a probability worth showing, most probable first.
fn likely(prediction: &Prediction, labels: &LabelSet) -> String {
    let mut all: Vec<(u8, f32)> =
        labels.as_slice().iter().copied().zip(prediction.probabilities.iter().copied()).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut text = String::new();
    for (place, (digit, probability)) in all.into_iter().enumerate() {
        if place == 0 || probability >= SHOWN_PROBABILITY {
            let comma = if place == 0 { "" } else { ", " };
            let _ = write!(text, "{comma}{digit}: {}", percent(probability));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_path(path: &str) -> Shown<'_> {
        Shown { path, page: None }
    }

    fn prediction() -> Prediction {
        Prediction { label: 7, probabilities: vec![0.125, 0.005, 0.87], confidence: 0.75 }
    }

    #[test]
    fn json_lines_have_all_keys_and_digits_as_labels() {
        let labels: LabelSet = "1,3,7".parse().unwrap();
        let line = |answer| json_line(&of_path("a b.png"), &answer, &labels).unwrap();
        let probabilities = r#"{"1":0.125,"3":0.005,"7":0.87}"#;
        assert_eq!(
            line(Answer::Label(prediction())),
            format!(
                r#"{{"path":"a b.png","label":7,"probabilities":{probabilities},"confidence":0.75,"refused":false,"error":null}}"#
            )
        );
        assert_eq!(
            line(Answer::Refused(prediction())),
            format!(
                r#"{{"path":"a b.png","label":null,"probabilities":{probabilities},"confidence":0.75,"refused":true,"error":null}}"#
            )
        );
        let strange =
            json_line(&of_path("a\u{2028}\n\u{202e}b\u{7f}"), &Answer::Unusable(String::new()), &labels).unwrap();
        assert!(strange.starts_with(r#"{"path":"a\u2028\n\u202eb\u007f","#), "{strange}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&strange).unwrap()["path"], "a\u{2028}\n\u{202e}b\u{7f}");
        assert_eq!(
            line(Answer::Unusable("it is \"text\"".into())),
            r#"{"path":"a b.png","label":null,"probabilities":null,"confidence":0.0,"refused":false,"error":"it is \"text\""}"#
        );
    }

    #[test]
    fn the_table_is_aligned_and_names_likely_labels_only() {
        let labels: LabelSet = "1,3,7".parse().unwrap();
        let table = Table::new(["a.png", "longer name.png"].into_iter(), false);
        assert_eq!(table.header(), "picture          label  confidence  probabilities");
        assert_eq!(
            table.line(&of_path("a.png"), &Answer::Label(prediction()), &labels),
            "a.png                7      75.0 %  7: 87.0 %, 1: 12.5 %"
        );
        assert_eq!(
            table.line(&of_path("longer name.png"), &Answer::Refused(prediction()), &labels),
            "longer name.png      -      75.0 %  refused; 7: 87.0 %, 1: 12.5 %"
        );
        let page = table.line(&Shown { path: "a.png", page: Some(2) }, &Answer::Label(prediction()), &labels);
        assert!(page.starts_with("a.png, page 2        7  "), "{page}");
        let strange = table.line(&of_path("a\u{1b}[2J\nb"), &Answer::Label(prediction()), &labels);
        assert!(strange.starts_with(r"a\u{1b}[2J\nb  "), "{strange}");
        assert_eq!(table.line(&of_path("x"), &Answer::Unusable("empty".into()), &labels).split_whitespace().count(), 4);
    }
}
