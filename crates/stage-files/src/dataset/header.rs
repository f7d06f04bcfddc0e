//! The header of a data set CSV: `pixel1..pixelN`, then the one-hot columns.

use crate::labels::LabelSet;
use crate::refused;

/// What a header says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Number of pixel columns, P.
    pub pixels: usize,
    /// Labels of the one-hot columns.
    pub labels: LabelSet,
}

impl Header {
    /// Reads the header line. `file` is named in the error.
    pub(super) fn parse(file: &str, line: &str) -> anyhow::Result<Self> {
        let fault = |column: usize, expected: &str, found: &str| {
            refused(format!(
                "{file}, line 1, column {column}: expected {expected}, found `{found}`; the first line has to be \
                 pixel1,pixel2,..,pixelN followed by the label columns, such as isOne,isTwo{}",
                if is_known_name(found) { String::new() } else { format!("; {}", other_tables(file)) }
            ))
        };
        let names: Vec<&str> = line.split(',').map(unquoted).collect();
        let is_pixel = |(at, name): &(usize, &&str)| name.strip_prefix("pixel") == Some(&(at + 1).to_string());
        let pixels = names.iter().enumerate().take_while(is_pixel).count();
        if pixels == 0 {
            return Err(fault(1, "`pixel1`", names[0]));
        }
        let mut digits: Vec<u8> = Vec::new();
        for (at, name) in names.iter().enumerate().skip(pixels) {
            let digit = LabelSet::digit_of_column(name);
            match (digit, digits.last()) {
                (Some(digit), None) => digits.push(digit),
                (Some(digit), Some(&last)) if digit > last => digits.push(digit),
                (Some(_), _) => return Err(fault(at + 1, "label columns in rising order, each once", name)),
                (None, None) => {
                    let expected = format!("`pixel{}` or a label column isZero..isNine", at + 1);
                    return Err(fault(at + 1, &expected, name));
                }
                (None, Some(_)) => return Err(fault(at + 1, "a label column isZero..isNine", name)),
            }
        }
        let labels = LabelSet::new(digits);
        let labels = labels.map_err(|_| fault(names.len() + 1, "label columns isZero..isNine", "end of line"))?;
        Ok(Self { pixels, labels })
    }

    /// Columns in all.
    pub(super) fn columns(&self) -> usize {
        self.pixels + self.labels.len()
    }

    /// The name of a column, counted from 0.
    pub(super) fn name(&self, column: usize) -> String {
        if column < self.pixels {
            return format!("pixel{}", column + 1);
        }
        self.labels.columns().nth(column - self.pixels).unwrap_or_default()
    }

    /// The line, without its line feed.
    pub(super) fn line(&self) -> String {
        (0..self.columns()).map(|column| self.name(column)).collect::<Vec<_>>().join(",")
    }
}

/// Whether a column of this name may stand in a data set, if perhaps in another place.
fn is_known_name(name: &str) -> bool {
    let number = name.strip_prefix("pixel").and_then(|number| number.parse::<usize>().ok());
    number.is_some_and(|number| number > 0) || LabelSet::digit_of_column(name).is_some() || name == "end of line"
}

/// What reads the tables of other programs, such as Kaggle's `label,pixel0,..`.
pub(super) fn other_tables(file: &str) -> String {
    format!(
        "tables of other programs are read by `digit-source import csv {file} OUT`; digit-labeler and digit-csv then make \
         the data set"
    )
}

/// A cell without the blanks and quotation marks that other programs put round it.
pub(super) fn unquoted(cell: &str) -> &str {
    let cell = cell.trim();
    cell.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_round_trips_and_quotation_marks_are_no_obstacle() {
        let header = Header::parse("a.csv", "\"pixel1\", pixel2,isOne,isTwo").unwrap();
        assert_eq!((header.pixels, header.labels.to_string()), (2, "1,2".to_owned()));
        assert_eq!(header.line(), "pixel1,pixel2,isOne,isTwo");
    }

    /// Kaggle's table and others were told to have a `pixel1` first, and not what reads them.
    #[test]
    fn a_table_of_another_program_is_sent_to_the_command_that_reads_it() {
        for line in
            ["label,pixel0,pixel1", "pixel0,label", "pixel1,pixel2,label", "12,0,1", "", "5;0;0", "\"\",\"label\""]
        {
            let error = Header::parse("train.csv", line).unwrap_err();
            let text = error.to_string();
            let parts = ["train.csv, line 1, column ", "`digit-source import csv train.csv OUT`", "digit-labeler"];
            assert!(parts.iter().all(|part| text.contains(part)), "{line}: {text}");
            assert!(crate::is_refused(&error));
        }
        let own = Header::parse("a.csv", "pixel1,isTwo,isOne").unwrap_err().to_string();
        assert!(!own.contains("import csv"), "{own}");
    }

    #[test]
    fn a_header_of_another_shape_is_refused_with_its_column() {
        for (line, place, expected) in [
            ("", "column 1", "expected `pixel1`"),
            ("label,pixel1", "column 1", "expected `pixel1`"),
            ("12,0,1", "column 1", "found `12`"),
            ("pixel1,pixel3,isOne", "column 2", "expected `pixel2` or a label column"),
            ("pixel1,isOne,pixel2", "column 3", "expected a label column"),
            ("pixel1,isTwo,isOne", "column 3", "rising order"),
            ("pixel1,isOne,isOne", "column 3", "rising order"),
            ("pixel1,pixel2", "column 3", "found `end of line`"),
        ] {
            let error = Header::parse("a.csv", line).unwrap_err();
            let text = error.to_string();
            assert!(text.contains(&format!("a.csv, line 1, {place}:")) && text.contains(expected), "{line}: {text}");
            assert!(crate::is_refused(&error));
        }
    }
}
