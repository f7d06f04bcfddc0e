//! The set of digits that a data set knows, and the names of its one-hot columns.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// English names of the digits, as in the one-hot column names `isZero` .. `isNine`.
const NAMES: [&str; 10] = ["Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];

/// Distinct digits 0..=9 in rising order; at least one. The position of a label in the set is its class index.
///
/// Written on the command line as `1-5`, `0-9` or `1,3,7-9`; in JSON as a list of numbers.
///
/// ```
/// let set: stage_files::LabelSet = "1-3,7".parse().unwrap();
/// assert_eq!(set.as_slice(), [1, 2, 3, 7]);
/// assert_eq!(set.class_of(7), Some(3));
/// assert_eq!(set.columns().last().unwrap(), "isSeven");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<u8>", into = "Vec<u8>")]
pub struct LabelSet(Vec<u8>);

impl LabelSet {
    /// A set from digits in any order.
    pub fn new(mut digits: Vec<u8>) -> Result<Self, String> {
        digits.sort_unstable();
        if let Some([twice, _]) = digits.array_windows().find(|[a, b]| a == b) {
            return Err(format!("label {twice} is named twice"));
        }
        match digits.last() {
            None => Err("a label set needs at least one digit 0..9".into()),
            Some(&last) if last > 9 => Err(format!("labels are digits 0..9, found {last}")),
            Some(_) => Ok(Self(digits)),
        }
    }

    /// The digits, rising.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// How many labels there are: the width of the one-hot part.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Never true: a set has at least one label.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The class index (0-based position) of a digit.
    pub fn class_of(&self, digit: u8) -> Option<u8> {
        self.0.iter().position(|&d| d == digit).map(|class| class as u8)
    }

    /// The digit of a class index.
    pub fn digit_of(&self, class: u8) -> Option<u8> {
        self.0.get(usize::from(class)).copied()
    }

    /// One-hot column names in class order: `isOne`, `isTwo`, ...
    pub fn columns(&self) -> impl Iterator<Item = String> + '_ {
        self.0.iter().map(|&digit| format!("is{}", NAMES[usize::from(digit)]))
    }

    /// The digit that a one-hot column name stands for.
    pub fn digit_of_column(column: &str) -> Option<u8> {
        let name = column.strip_prefix("is")?;
        NAMES.iter().position(|&n| n == name).map(|digit| digit as u8)
    }
}

impl TryFrom<Vec<u8>> for LabelSet {
    type Error = String;
    fn try_from(digits: Vec<u8>) -> Result<Self, String> {
        Self::new(digits)
    }
}

impl From<LabelSet> for Vec<u8> {
    fn from(set: LabelSet) -> Self {
        set.0
    }
}

impl FromStr for LabelSet {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let digit = |part: &str| match part.trim().as_bytes() {
            [d @ b'0'..=b'9'] => Ok(d - b'0'),
            _ => Err(format!("expected labels such as `1-5`, `0-9` or `1,3,7`, found `{text}`")),
        };
        let mut digits = Vec::new();
        for part in text.split(',') {
            match part.split_once('-') {
                None => digits.push(digit(part)?),
                Some((first, last)) => {
                    let (first, last) = (digit(first)?, digit(last)?);
                    if first > last {
                        return Err(format!("the range `{part}` runs backwards; write `{last}-{first}`"));
                    }
                    digits.extend(first..=last);
                }
            }
        }
        Self::new(digits)
    }
}

impl fmt::Display for LabelSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let runs = self.0.chunk_by(|a, b| a + 1 == *b).map(|run| match run {
            [one] => one.to_string(),
            [one, two] => format!("{one},{two}"),
            _ => format!("{}-{}", run[0], run[run.len() - 1]),
        });
        f.write_str(&runs.collect::<Vec<_>>().join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips() {
        for text in ["1-5", "0-9", "1,3,7-9", "4", "0,1"] {
            assert_eq!(text.parse::<LabelSet>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn impossible_sets_are_refused_with_the_reason() {
        for (text, reason) in [
            ("", "expected labels"),
            ("5-1", "runs backwards"),
            ("1,1", "named twice"),
            ("10", "expected labels"),
            ("a", "expected labels"),
            ("1-", "expected labels"),
        ] {
            let error = text.parse::<LabelSet>().unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn columns_and_digits_agree() {
        let set: LabelSet = "0-9".parse().unwrap();
        for (class, column) in set.columns().enumerate() {
            assert_eq!(LabelSet::digit_of_column(&column), set.digit_of(class as u8));
        }
        assert_eq!(LabelSet::digit_of_column("isTen"), None);
    }

    #[test]
    fn json_is_a_list_and_is_checked() {
        let set: LabelSet = "1-3".parse().unwrap();
        assert_eq!(serde_json::to_string(&set).unwrap(), "[1,2,3]");
        assert!(serde_json::from_str::<LabelSet>("[1,12]").is_err());
    }
}
