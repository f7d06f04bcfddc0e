//! `findings.csv`: a line for each finding.
//!
//! | column | meaning |
//! |---|---|
//! | `finding` | its number, from 1, as on the page |
//! | `kind` | `leak`, `contradiction`, `labels_out_of_order`, `wrong_label`, .. |
//! | `pictures` | how many pictures it is about |
//! | `picture`, `source`, `row`, `label`, `writer` | the first of them |
//! | `suggested` | the label that it should have |
//! | `score` | how bad it is, within its kind |
//! | `other` | the picture that it is to be compared with |
//! | `reason` | in words, in English whatever the language of the page |

use stage_page::Lang;
use stage_page::escape::csv_cell;

use crate::finding::{Finding, Findings};
use crate::pictures::{Item, Pictures};
use crate::words;

/// Name of the file.
pub(crate) const FINDINGS_FILE: &str = "findings.csv";
const COLUMNS: [&str; 12] = [
    "finding",
    "kind",
    "pictures",
    "picture",
    "source",
    "row",
    "label",
    "writer",
    "suggested",
    "score",
    "other",
    "reason",
];

/// The bytes of the file.
pub(crate) fn findings_csv(pictures: &Pictures, findings: &Findings) -> anyhow::Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(COLUMNS)?;
    for (at, finding) in findings.list.iter().enumerate() {
        csv.write_record(record(pictures, at + 1, finding))?;
    }
    Ok(csv.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

fn record(pictures: &Pictures, number: usize, finding: &Finding) -> [String; 12] {
    let item = finding.of.first().map(|&row| &pictures.items[row as usize]);
    let cell = |of: fn(&Item) -> String| item.map(of).unwrap_or_default();
    let other =
        finding.other.map(|row| words::name(Lang::En, &pictures.items[row as usize].name())).unwrap_or_default();
    [
        number.to_string(),
        finding.kind.word().to_owned(),
        finding.of.len().to_string(),
        csv_cell(&cell(|item| item.picture.clone())),
        csv_cell(&cell(|item| item.source.clone())),
        cell(|item| item.row.map_or_else(String::new, |row| row.to_string())),
        cell(|item| item.label.to_string()),
        csv_cell(&cell(|item| item.writer.clone().unwrap_or_default())),
        finding.suggested.map_or_else(String::new, |label| label.to_string()),
        format!("{:.4}", finding.score),
        csv_cell(&other),
        csv_cell(&words::reasons::reason(Lang::En, &finding.reason)),
    ]
}
