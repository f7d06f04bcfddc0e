//! Splits that keep all rows of a writer on one side.

use std::ops::Range;

use mlp_core::random::Stream;
use stage_files::config::Count;
use stage_files::dataset::RowInfo;
use stage_files::refuse;

/// The writers of some rows, in the order of their names.
pub(crate) struct Writers<'a> {
    info: &'a [RowInfo],
    names: Vec<&'a str>,
}

impl<'a> Writers<'a> {
    /// The writers of `rows`. `key` is the config key that asks for them, for messages.
    ///
    /// # Errors
    /// When the writer of a row is not known, or when there is only one.
    pub(crate) fn of(rows: &[u32], info: Option<&'a [RowInfo]>, key: &str) -> anyhow::Result<Self> {
        let Some(info) = info else {
            refuse!(
                "key `{key}`: by group needs the rows file beside the CSV, which names the writer of each row; there \
                 is none; split by row with --set split.by=row"
            );
        };
        let mut names = Vec::new();
        for &row in rows {
            let of_row = &info[row as usize];
            match &of_row.writer {
                Some(writer) => names.push(writer.as_str()),
                None => refuse!(
                    "key `{key}`: row {row} ({}) has no writer, so it cannot be kept with its writer's other rows; \
                     name pictures {{label}}_{{size}}_{{writer}}-{{n}}, or split by row with --set split.by=row",
                    of_row.source
                ),
            }
        }
        names.sort_unstable();
        names.dedup();
        if names.len() < 2 {
            refuse!(
                "key `{key}`: by group needs at least two writers, found {}; split by row with --set split.by=row",
                names.len()
            );
        }
        Ok(Self { info, names })
    }

    /// In the order of their names.
    pub(crate) fn names(&self) -> &[&'a str] {
        &self.names
    }

    /// The rows of some writers, in the order in which they come.
    pub(crate) fn rows_of(&self, writers: &[&str], rows: &[u32]) -> Vec<u32> {
        let mut writers = writers.to_vec();
        writers.sort_unstable();
        let is_in = |row: &RowInfo| row.writer.as_deref().is_some_and(|writer| writers.binary_search(&writer).is_ok());
        rows.iter().copied().filter(|row| is_in(&self.info[*row as usize])).collect()
    }

    /// The writers outside a range of the names, and those in it.
    pub(crate) fn without(&self, range: Range<usize>) -> (Vec<&'a str>, Vec<&'a str>) {
        ([&self.names[..range.start], &self.names[range.end..]].concat(), self.names[range].to_vec())
    }

    /// Writers in random order, as long as adding one brings the share of their rows nearer to the one asked for, and
    /// the others. The first is always among them, the last never.
    pub(crate) fn draw_share(&self, share: f64, rows: &[u32], stream: &mut Stream) -> (Vec<&'a str>, Vec<&'a str>) {
        let mut writers = self.names.clone();
        stream.shuffle(&mut writers);
        let rows_of = |writer: &str| {
            rows.iter().filter(|row| self.info[**row as usize].writer.as_deref() == Some(writer)).count() as f64
        };
        let target = share * rows.len() as f64;
        let (mut chosen, mut others) = (Vec::new(), Vec::new());
        let mut taken = 0.0;
        let last = writers.len() - 1;
        for (place, writer) in writers.into_iter().enumerate() {
            let of_writer = rows_of(writer);
            if chosen.is_empty() || (place < last && taken + of_writer / 2.0 <= target) {
                chosen.push(writer);
                taken += of_writer;
            } else {
                others.push(writer);
            }
        }
        (chosen, others)
    }
}

/// `count` of the training writers, drawn by the stream: those of a smaller count are among those of a larger one.
///
/// # Errors
/// When there are fewer.
pub(crate) fn draw_some<'a>(
    mut training: Vec<&'a str>,
    count: Count,
    stream: &mut Stream,
) -> anyhow::Result<Vec<&'a str>> {
    let (all, count) = (training.len(), count.get() as usize);
    if count > all {
        refuse!("key `split.train_writers`: expected at most the {all} writers who train, found {count}");
    }
    // In the order of names whatever was drawn before.
    training.sort_unstable();
    stream.shuffle(&mut training);
    training.truncate(count);
    Ok(training)
}
