//! The 28 experiments of the 2022 course project: its numbers beside ours, and what becomes of its conclusions.
//!
//! Experiments are recognised by the names of the configs in `configs/seed`.

mod conclusions;
mod evidence;
mod numbers;

use crate::document::{Block, Table};
use crate::experiment::Experiment;
use crate::sentence::{range, share};
use conclusions::{Conclusion, conclusions};
use numbers::{NUMBERS, Numbers};

/// Its experiments among those of the report, by their numbers.
pub struct Seed<'a> {
    found: Vec<(&'static Numbers, &'a Experiment<'a>)>,
}

impl<'a> Seed<'a> {
    /// Finds them; `None` when there is none.
    pub fn find(experiments: &'a [Experiment<'a>]) -> Option<Self> {
        let own = |numbers: &&'static Numbers| {
            let named = |experiment: &&Experiment<'_>| experiment.runs[0].summary.name == numbers.name;
            // Two experiments of one name (other data, an edited config): neither can be called the seed's.
            let mut all = experiments.iter().filter(named);
            let first = all.next()?;
            all.next().is_none().then_some((*numbers, first))
        };
        let found: Vec<_> = NUMBERS.iter().filter_map(|numbers| own(&numbers)).collect();
        (!found.is_empty()).then_some(Self { found })
    }

    /// The experiment with a number.
    fn get(&self, number: u32) -> Option<&'a Experiment<'a>> {
        self.found.iter().find(|(numbers, _)| numbers.number() == number).map(|(_, experiment)| *experiment)
    }

    /// The section of the report.
    pub fn blocks(&self) -> Vec<Block> {
        let conclusions = conclusions(self);
        let mut table =
            Table::new("Its conclusions and what these runs say of them", &["conclusion", "verdict", "why"]);
        table.rows.extend(
            conclusions
                .iter()
                .map(|c| vec![format!("{} {}", c.number, c.claim), c.verdict.words().to_owned(), c.why.clone()]),
        );
        let mut blocks = vec![
            Block::Heading("The conclusions of 2022".into()),
            Block::Paragraph(
                "A conclusion stands, or does not, when enough of its comparisons are more than noise after Holm's \
                 correction within the conclusion; otherwise it cannot be told. The pictures are not those of 2022, so \
                 accuracies may differ for that alone."
                    .into(),
            ),
            Block::Table(table),
        ];
        blocks.extend(conclusions.into_iter().map(|conclusion| Block::Fold {
            title: format!("Evidence: {} {}", conclusion.number, conclusion.claim),
            open: false,
            blocks: vec![Block::List(conclusion.evidence)],
        }));
        blocks.push(Block::Table(self.beside()));
        blocks
    }

    /// The verdicts as sentences for the summary, when most of the experiments are here.
    pub fn sentences(&self) -> Vec<String> {
        if 2 * self.found.len() <= NUMBERS.len() {
            return Vec::new();
        }
        let sentence = |c: Conclusion| {
            format!("Conclusion {} of 2022 {}: \"{}\"", c.number.trim_end_matches('.'), c.verdict.words(), c.claim)
        };
        conclusions(self).into_iter().map(sentence).collect()
    }

    /// Its numbers beside ours, row by row.
    fn beside(&self) -> Table {
        let mut table = Table::new(
            "The numbers of 2022 (one run each) beside ours",
            &[
                "experiment",
                "#loss, 2022",
                "#loss",
                "#test accuracy, 2022",
                "#test accuracy",
                "#95 % interval",
                "#runs",
                "#near zero at epoch, 2022",
                "#near zero at epoch",
            ],
        );
        for (numbers, experiment) in &self.found {
            let (median, reached) = experiment.zero_loss_epoch();
            table.rows.push(vec![
                experiment.name.clone(),
                numbers.loss.to_owned(),
                share(experiment.mean_of(|run| run.summary.train_loss)),
                share(numbers.test_accuracy),
                share(experiment.accuracy().map(|accuracy| accuracy.mean)),
                experiment.interval().map_or("-".into(), |interval| range(interval, |limit| format!("{limit:.3}"))),
                experiment.runs.len().to_string(),
                numbers.zero_epoch.to_owned(),
                match (median, reached) {
                    (Some(epoch), _) => epoch.to_string(),
                    (None, 0) => "never".into(),
                    (None, some) => format!("{some} of {}", experiment.runs.len()),
                },
            ]);
        }
        table
    }
}
