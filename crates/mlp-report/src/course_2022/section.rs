//! The section of the report on the 2022 experiments, and the sentences on them in its summary.

use super::conclusions::{Conclusion, conclusions};
use super::experiments::Experiments2022;
use crate::words::{self, course_2022 as said};
use stage_page::format::{range, share};
use stage_page::{Block, Lang, Table};

impl Experiments2022<'_> {
    /// The section of the report.
    pub(crate) fn blocks(&self, lang: Lang) -> Vec<Block> {
        let conclusions = conclusions(lang, self);
        let mut table = Table::new(said::conclusions(lang), &said::conclusion_columns(lang));
        table.rows.extend(conclusions.iter().map(|c| {
            vec![format!("{} {}", c.number, c.claim), said::verdict(lang, c.verdict).to_owned(), c.why.clone()]
        }));
        let mut blocks =
            vec![Block::Heading(said::heading(lang)), Block::Paragraph(said::rule(lang)), Block::Table(table)];
        blocks.extend(conclusions.into_iter().map(|conclusion| Block::Fold {
            title: said::evidence(lang, conclusion.number, conclusion.claim),
            open: false,
            blocks: vec![Block::List(conclusion.evidence)],
        }));
        blocks.push(Block::Table(self.beside(lang)));
        blocks
    }

    /// The verdicts as sentences for the summary, when most of the experiments are here.
    pub(crate) fn sentences(&self, lang: Lang) -> Vec<String> {
        if !self.are_most_here() {
            return Vec::new();
        }
        let sentence = |c: Conclusion| said::summary(lang, c.number.trim_end_matches('.'), c.verdict, c.claim);
        conclusions(lang, self).into_iter().map(sentence).collect()
    }

    /// The numbers of 2022 beside ours, row by row.
    fn beside(&self, lang: Lang) -> Table {
        let mut table = Table::new(said::beside(lang), &said::beside_columns(lang));
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
                match numbers.zero_epoch {
                    "never" => words::never(lang),
                    epoch => epoch.to_owned(),
                },
                match (median, reached) {
                    (Some(epoch), _) => epoch.to_string(),
                    (None, 0) => words::never(lang),
                    (None, some) => words::of(lang, some, experiment.runs.len()),
                },
            ]);
        }
        table
    }
}
