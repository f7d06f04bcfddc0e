//! What `digit-source draw` understands by a set of writers.

use std::ops::Range;
use std::str::FromStr;

/// The numbers of the writers of a set: `200` for the first 200, `3000..3100` for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Writers(pub(crate) Range<u32>);

impl FromStr for Writers {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = match text.split_once("..") {
            Some((from, to)) => from.parse().ok().zip(to.parse().ok()).map(|(from, to)| from..to),
            None => text.parse().ok().map(|count| 0..count),
        };
        let writers = numbers.filter(|numbers: &Range<u32>| !numbers.is_empty());
        writers.map(Self).ok_or_else(|| {
            format!(
                "expected a count such as 200 or numbers such as 3000..3100 (the last not included), found `{text}`"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_or_a_range_names_writers() {
        assert_eq!("200".parse(), Ok(Writers(0..200)));
        assert_eq!("3000..3100".parse(), Ok(Writers(3000..3100)));
        for wrong in ["0", "5..5", "7..3", "-1", "many", "1..", ".."] {
            assert!(wrong.parse::<Writers>().unwrap_err().contains(&format!("found `{wrong}`")), "{wrong}");
        }
    }
}
