//! The data of curves over epochs, small enough for a page: rounded to four digits, and thinned where there are many.
//!
//! ```json
//! {"measures": [["Test accuracy", true]],     name, whether it is a share
//!  "every": [2],                              of each measure every 2nd value is there
//!  "epochs": [[1, 2, 500, 1000]],             first, step, count, then the rest one by one
//!  "lines": [["wide/seed-1", [[0, [0.5, ..]]]]],   for each measure the index of its epochs and its values, or 0
//!  "groups": [["wide", [0]]],                 name, its lines
//!  "shown": [0]}                              groups drawn at first
//! ```

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::escape::printable;

/// Values in all curves together; with more, each curve keeps only every second, third and so on. About 7 bytes each.
const MOST_VALUES: usize = 360_000;
/// Values that a curve keeps in any case.
const FEWEST_VALUES: usize = 40;

/// Lines over epochs, of which the reader chooses some.
pub struct Curves {
    /// What each line has a curve of. The first two are drawn at first.
    pub measures: Vec<Measure>,
    /// All lines.
    pub lines: Vec<CurveLine>,
    /// Lines that belong together, drawn as their mean with a band from the lowest to the highest.
    pub groups: Vec<Group>,
    /// Indices of the groups that are drawn at first.
    pub shown: Vec<usize>,
}

/// What a curve is of.
pub struct Measure {
    /// Its name, such as `Test accuracy`.
    pub name: String,
    /// Whether values lie between 0 and 1.
    pub is_share: bool,
}

/// A line by its name.
pub struct CurveLine {
    /// Such as the name of a run.
    pub name: String,
    /// For each measure (epoch, value), epochs rising, values finite; empty if there are none.
    pub curves: Vec<Vec<(u32, f32)>>,
}

/// Lines that belong together.
pub struct Group {
    /// Such as the name of an experiment.
    pub name: String,
    /// Their indices.
    pub lines: Vec<usize>,
}

impl Curves {
    pub(super) fn json(&self) -> String {
        let every: Vec<usize> = (0..self.measures.len()).map(|measure| self.every(measure)).collect();
        let mut epochs = Epochs::default();
        let lines: Vec<Value> = self
            .lines
            .iter()
            .map(|line| {
                let curves: Vec<Value> = line
                    .curves
                    .iter()
                    .zip(&every)
                    .map(|(curve, every)| curve_json(curve, *every, &mut epochs))
                    .collect();
                json!([printable(&line.name), curves])
            })
            .collect();
        json!({
            "measures": self.measures.iter().map(|measure| json!([measure.name, measure.is_share])).collect::<Vec<_>>(),
            "every": every,
            "epochs": epochs.lists,
            "lines": lines,
            "groups": self.groups.iter().map(|group| json!([printable(&group.name), group.lines])).collect::<Vec<_>>(),
            "shown": self.shown,
        })
        .to_string()
    }

    /// Of the curves of a measure every how many-th value is kept: the same for all, so that the lines of a group keep
    /// the same epochs.
    fn every(&self, measure: usize) -> usize {
        let curves = self.lines.iter().flat_map(|line| &line.curves).filter(|curve| !curve.is_empty()).count();
        let kept = (MOST_VALUES / curves.max(1)).max(FEWEST_VALUES);
        let longest = self.lines.iter().filter_map(|line| line.curves.get(measure)).map(Vec::len).max();
        longest.unwrap_or(0).div_ceil(kept).max(1)
    }
}

fn curve_json(curve: &[(u32, f32)], every: usize, epochs: &mut Epochs) -> Value {
    if curve.is_empty() {
        return json!(0);
    }
    let last = curve.len() - 1;
    let kept: Vec<&(u32, f32)> =
        curve.iter().enumerate().filter(|(i, _)| i % every == 0 || *i == last).map(|(_, point)| point).collect();
    let index = epochs.index(&kept.iter().map(|point| point.0).collect::<Vec<_>>());
    json!([index, kept.iter().map(|point| rounded(point.1)).collect::<Vec<_>>()])
}

/// To four significant digits.
fn rounded(value: f32) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(0.0)
}

/// Lists of epochs, each written once.
#[derive(Default)]
struct Epochs {
    lists: Vec<Vec<u32>>,
    seen: BTreeMap<Vec<u32>, usize>,
}

impl Epochs {
    fn index(&mut self, epochs: &[u32]) -> usize {
        let next = self.lists.len();
        let index = *self.seen.entry(progression(epochs)).or_insert(next);
        if index == next {
            self.lists.push(progression(epochs));
        }
        index
    }
}

/// `first, step, count` of the numbers at the start that rise evenly, then the rest.
fn progression(numbers: &[u32]) -> Vec<u32> {
    let Some(&first) = numbers.first() else { return vec![0, 1, 0] };
    let step = numbers.get(1).map_or(1, |second| second - first);
    let count = numbers.iter().zip((first..).step_by(step.max(1) as usize)).take_while(|(a, b)| *a == b).count();
    [first, step, count as u32].into_iter().chain(numbers[count..].iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curves(lines: usize, epochs: u32) -> Curves {
        let line = |i: usize| CurveLine {
            name: format!("run {i}"),
            curves: vec![(1..=epochs).map(|epoch| (epoch, 1.0 / epoch as f32)).collect(), Vec::new()],
        };
        let measure = |name: &str| Measure { name: name.into(), is_share: true };
        Curves {
            measures: vec![measure("a"), measure("b")],
            lines: (0..lines).map(line).collect(),
            groups: vec![Group { name: "all".into(), lines: (0..lines).collect() }],
            shown: vec![0],
        }
    }

    #[test]
    fn values_have_four_digits_and_epochs_are_written_once() {
        let read: Value = serde_json::from_str(&curves(2, 3).json()).unwrap();
        assert_eq!(read["epochs"], json!([[1, 1, 3]]));
        assert_eq!(read["lines"][1], json!(["run 1", [[0, [1.0, 0.5, 0.3333]], 0]]));
        assert_eq!((rounded(1.234_56e-7), rounded(0.0), rounded(98_767.0)), (1.235e-7, 0.0, 98_770.0));
    }

    #[test]
    fn many_lines_are_thinned_and_keep_their_last_epoch() {
        let read: Value = serde_json::from_str(&curves(1000, 1000).json()).unwrap();
        assert_eq!((&read["every"], &read["epochs"]), (&json!([3, 1]), &json!([[1, 3, 334]])));
        let text = curves(5000, 1000).json();
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&read["every"][0], &read["epochs"][0][3]), (&json!(14), &json!(1000)));
        assert_eq!(read["lines"][4999][1][0][1].as_array().map(Vec::len), Some(73));
    }

    #[test]
    fn epochs_that_do_not_rise_evenly_are_written_one_by_one() {
        assert_eq!(progression(&[]), [0, 1, 0]);
        assert_eq!(progression(&[7]), [7, 1, 1]);
        assert_eq!(progression(&[10, 20, 30, 35]), [10, 10, 3, 35]);
        assert_eq!(progression(&[1, 2, 10, 20]), [1, 1, 2, 10, 20]);
    }
}
