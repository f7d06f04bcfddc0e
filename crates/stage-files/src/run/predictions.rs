//! `predictions.csv`: what the network says about every test row.

use std::fmt::Write;
use std::path::Path;

use super::{PREDICTIONS_FILE, table};
use crate::labels::LabelSet;
use crate::refused;

/// One test row.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// Row of the data set, from 0.
    pub row: u64,
    /// The true digit.
    pub label: u8,
    /// The digit with the highest probability.
    pub predicted: u8,
    /// One a label, in the order of the label set.
    pub probabilities: Vec<f32>,
}

/// All test rows of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictions {
    /// The digits that the columns stand for.
    pub labels: LabelSet,
    /// In the order of the file.
    pub rows: Vec<Prediction>,
}

impl Predictions {
    /// The text of the file; probabilities in the shortest form that reads back as the same f32.
    pub fn to_text(&self) -> String {
        let mut text = String::from("row,label,predicted");
        for digit in self.labels.as_slice() {
            let _ = write!(text, ",p_{digit}");
        }
        text.push('\n');
        for row in &self.rows {
            let _ = write!(text, "{},{},{}", row.row, row.label, row.predicted);
            for p in &row.probabilities {
                let _ = write!(text, ",{p:?}");
            }
            text.push('\n');
        }
        text
    }

    /// Writes the file into a run folder, atomically.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        table::write(&folder.join(PREDICTIONS_FILE), &self.to_text())
    }

    /// Reads the file of a run folder.
    ///
    /// # Errors
    /// A refusal naming line and column when the header is of another shape, a digit is outside the label set, or a
    /// probability lies outside 0..1.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(PREDICTIONS_FILE);
        let (columns, lines) = table::read(&path)?;
        let digits: Option<Vec<u8>> =
            columns.iter().skip(3).map(|name| name.strip_prefix("p_").and_then(|digit| digit.parse().ok())).collect();
        let labels = digits
            .filter(|_| columns.len() > 3 && columns[..3] == ["row", "label", "predicted"])
            .and_then(|digits| LabelSet::new(digits).ok());
        let Some(labels) =
            labels.filter(|set| set.as_slice().iter().zip(&columns[3..]).all(|(d, c)| *c == format!("p_{d}")))
        else {
            return Err(refused(format!(
                "{}, line 1: expected the header `row,label,predicted,p_<label>..`, found `{}`",
                path.display(),
                columns.join(",")
            )));
        };
        let mut rows = Vec::with_capacity(lines.len());
        for line in &lines {
            let digit = |column| {
                let expected = format!("a label of {labels}");
                let digit: u8 = line.whole(column, &expected)?;
                labels.class_of(digit).map(|_| digit).ok_or_else(|| line.fault(column, &expected))
            };
            let mut probabilities = Vec::with_capacity(labels.len());
            for column in 3..columns.len() {
                let p: f32 = line.whole(column, "a probability")?;
                if !(0.0..=1.0).contains(&p) {
                    return Err(line.fault(column, "a probability in 0..1"));
                }
                probabilities.push(p);
            }
            let (label, predicted) = (digit(1)?, digit(2)?);
            rows.push(Prediction { row: line.whole(0, "a row number from 0")?, label, predicted, probabilities });
        }
        Ok(Self { labels, rows })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_round_trip_to_the_bit_and_damage_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let all = Predictions {
            labels: "1-3".parse().unwrap(),
            rows: vec![Prediction { row: 7, label: 3, predicted: 1, probabilities: vec![0.1, 1e-20, 0.9] }],
        };
        all.write(folder.path()).unwrap();
        assert_eq!(Predictions::read(folder.path()).unwrap(), all);
        for (text, part) in [
            ("row,label,predicted\n", "expected the header"),
            ("row,label,predicted,p_2,p_1\n", "expected the header"),
            (
                "row,label,predicted,p_1,p_2\n0,3,1,0.5,0.5\n",
                "line 2, column label: expected a label of 1,2, found `3`",
            ),
            ("row,label,predicted,p_1,p_2\n0,1,1,2,0.5\n", "column p_1: expected a probability in 0..1, found `2`"),
            ("row,label,predicted,p_1,p_2\n-1,1,1,1,0\n", "column row"),
        ] {
            std::fs::write(folder.path().join(PREDICTIONS_FILE), text).unwrap();
            let error = Predictions::read(folder.path()).unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}
