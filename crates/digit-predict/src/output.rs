//! One line a picture: JSON for programs, a table for people.

use std::fmt::Write;

use serde::Serialize;
use stage_cli::{columns_of, for_terminal};
use stage_files::answer::{Answer, AnswerKeys, Prediction};
use stage_files::{LabelSet, json};

/// Paths longer than this do not widen the table.
const MAX_PATH_COLUMNS: usize = 60;
/// Columns of the label and the confidence, with the gaps around them.
const OTHER_COLUMNS: usize = 21;
/// Columns that the paths leave to the probabilities on a terminal: two of them.
const LEAST_ROOM: usize = 20;
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

/// A table whose first column fits the paths, and whose lines fit a terminal.
pub(crate) struct Table {
    path_columns: usize,
    /// Columns for the probabilities; `None` where there is no terminal.
    room: Option<usize>,
}

impl Table {
    /// A table for these paths, which pages may follow, on a terminal of so many columns if there is one.
    pub(crate) fn new<'a>(paths: impl Iterator<Item = &'a str>, has_pages: bool, columns: Option<usize>) -> Self {
        let longest = paths.map(|path| columns_of(&for_terminal(path).to_string())).max().unwrap_or(0);
        let longest = longest + if has_pages { ", page 1".len() } else { 0 };
        let most = columns.map_or(MAX_PATH_COLUMNS, |columns| columns.saturating_sub(OTHER_COLUMNS + LEAST_ROOM));
        let path_columns = longest.min(most.min(MAX_PATH_COLUMNS)).max("picture".len());
        Self { path_columns, room: columns.map(|columns| columns.saturating_sub(path_columns + OTHER_COLUMNS)) }
    }

    /// The names of the columns.
    pub(crate) fn header(&self) -> String {
        format!("{:<width$}  label  confidence  probabilities", "picture", width = self.path_columns)
    }

    /// The line of a picture.
    pub(crate) fn line(&self, shown: &Shown<'_>, answer: &Answer, labels: &LabelSet) -> String {
        let page = shown.page.map_or_else(String::new, |page| format!(", page {page}"));
        let path = format!("{}{page}", for_terminal(shown.path));
        let path_columns = columns_of(&path);
        let room = self.room.map(|room| room.saturating_sub(path_columns.saturating_sub(self.path_columns)));
        let (label, confidence, rest) = match answer {
            Answer::Label(prediction) => {
                (prediction.label.to_string(), percent(prediction.confidence), likely(prediction, labels, "", room))
            }
            Answer::Refused(prediction) => {
                ("-".into(), percent(prediction.confidence), likely(prediction, labels, "refused; ", room))
            }
            Answer::Unusable(reason) => ("-".into(), "-".into(), for_terminal(reason).to_string()),
        };
        format!("{}  {label:>5}  {confidence:>10}  {rest}", padded(&path, self.path_columns))
    }
}

/// Text with blanks up to so many columns; `{:<}` counts a wide character as one.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(columns_of(text))))
}

/// A share in percent.
pub(crate) fn percent(share: f32) -> String {
    format!("{:.1} %", f64::from(share) * 100.0)
}

/// The labels with a probability worth showing, most probable first, as many as `room` columns hold.
fn likely(prediction: &Prediction, labels: &LabelSet, before: &str, room: Option<usize>) -> String {
    let mut all: Vec<(u8, f32)> =
        labels.as_slice().iter().copied().zip(prediction.probabilities.iter().copied()).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut text = before.to_owned();
    for (place, (digit, probability)) in all.into_iter().enumerate() {
        if place == 0 {
            let _ = write!(text, "{digit}: {}", percent(probability));
        } else if probability >= SHOWN_PROBABILITY {
            let next = format!(", {digit}: {}", percent(probability));
            if room.is_some_and(|room| text.len() + next.len() > room) {
                break;
            }
            text.push_str(&next);
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
        let table = Table::new(["a.png", "longer name.png"].into_iter(), false, None);
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

    #[test]
    fn lines_fit_a_terminal_and_wide_characters_count_twice() {
        let labels: LabelSet = "1,3,7".parse().unwrap();
        let answer = Answer::Label(Prediction { label: 7, probabilities: vec![0.125, 0.12, 0.755], confidence: 0.75 });
        let line =
            |path: &str, columns| Table::new([path].into_iter(), false, columns).line(&of_path(path), &answer, &labels);
        let all = "  7      75.0 %  7: 75.5 %, 1: 12.5 %, 3: 12.0 %";
        assert!(line("a.png", None).ends_with(all) && line("a.png", Some(80)).ends_with(all));
        let path = "김 철수/3/IMG_2001.JPG".repeat(2);
        for columns in [80, 100] {
            let line = line(&path, Some(columns));
            assert!(columns_of(&line) <= columns, "{line}");
            assert!(line.contains("  7: 75.5 %"), "{line}");
        }
        assert!(line(&path, Some(80)).ends_with("7: 75.5 %"), "no room for a second one");
        let table = Table::new(["이영희.png", "a.png"].into_iter(), false, None);
        let starts = ["이영희.png", "a.png"].map(|path| {
            let line = table.line(&of_path(path), &answer, &labels);
            columns_of(line.split_once("  7: ").expect("the probabilities").0)
        });
        assert_eq!(starts[0], starts[1]);
    }
}
