//! The section of the report on the 2022 experiments, and the sentences on them in its summary.

use super::conclusions::{Conclusion, conclusions};
use super::experiments::Experiments2022;
use stage_page::format::{range, share};
use stage_page::{Block, Table};

impl Experiments2022<'_> {
    /// The section of the report.
    pub(crate) fn blocks(&self) -> Vec<Block> {
        let conclusions = conclusions(self);
        let mut table =
            Table::new("Conclusions of 2022 and what these runs say about them", &["conclusion", "verdict", "why"]);
        table.rows.extend(
            conclusions
                .iter()
                .map(|c| vec![format!("{} {}", c.number, c.claim), c.verdict.words().to_owned(), c.why.clone()]),
        );
        let mut blocks = vec![
            Block::Heading("The 2022 experiments".into()),
            Block::Paragraph(
                "A conclusion stands, or does not stand, when enough of its comparisons are significant after Holm's \
                 correction within the conclusion; otherwise it is undecided. The pictures are not those of 2022, so \
                 accuracies may differ for that reason alone."
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
    pub(crate) fn sentences(&self) -> Vec<String> {
        if !self.are_most_here() {
            return Vec::new();
        }
        let sentence = |c: Conclusion| {
            format!("Conclusion {} of 2022 {}: \"{}\"", c.number.trim_end_matches('.'), c.verdict.words(), c.claim)
        };
        conclusions(self).into_iter().map(sentence).collect()
    }

    /// The numbers of 2022 beside ours, row by row.
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
