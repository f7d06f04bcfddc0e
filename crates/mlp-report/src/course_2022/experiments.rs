//! The experiments of 2022 among those of the report.

use super::numbers::{NUMBERS, Numbers};
use crate::experiment::Experiment;

/// Experiments of the report that repeat one of 2022, each with the numbers of 2022.
pub(crate) struct Experiments2022<'a> {
    pub found: Vec<(&'static Numbers, &'a Experiment<'a>)>,
}

impl<'a> Experiments2022<'a> {
    /// Finds them by name; `None` when there is none.
    pub(crate) fn find(experiments: &'a [Experiment<'a>]) -> Option<Self> {
        let find = |numbers: &'static Numbers| {
            let mut all = experiments.iter().filter(|experiment| experiment.runs[0].summary.name == numbers.name);
            let first = all.next()?;
            // Of two experiments of one name (other data, an edited config) neither can be called that of 2022.
            all.next().is_none().then_some((numbers, first))
        };
        let found: Vec<_> = NUMBERS.iter().filter_map(find).collect();
        (!found.is_empty()).then_some(Self { found })
    }

    /// The experiment with a number.
    pub(crate) fn get(&self, number: u32) -> Option<&'a Experiment<'a>> {
        self.found.iter().find(|(numbers, _)| numbers.number() == number).map(|(_, experiment)| *experiment)
    }

    /// Whether most of the 28 are here.
    pub(crate) fn are_most_here(&self) -> bool {
        2 * self.found.len() > NUMBERS.len()
    }
}
