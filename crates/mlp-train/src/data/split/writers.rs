//! Splits that keep all rows of a writer on one side.

use mlp_core::random::Stream;
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

    /// Divides rows into those of some writers and the others, both in the order they come.
    pub(crate) fn divide(&self, rows: &[u32], writers: &[&str]) -> (Vec<u32>, Vec<u32>) {
        let mut writers = writers.to_vec();
        writers.sort_unstable();
        let is_in = |row: &RowInfo| row.writer.as_deref().is_some_and(|writer| writers.binary_search(&writer).is_ok());
        rows.iter().partition(|row| is_in(&self.info[**row as usize]))
    }

    /// Writers in random order, as long as adding one brings the share of their rows nearer to the one asked for. The
    /// first is always among them, the last never.
    pub(crate) fn draw_share(&self, share: f64, rows: &[u32], stream: &mut Stream) -> Vec<&'a str> {
        let mut writers = self.names.clone();
        stream.shuffle(&mut writers);
        let rows_of = |writer: &str| {
            rows.iter().filter(|row| self.info[**row as usize].writer.as_deref() == Some(writer)).count() as f64
        };
        let target = share * rows.len() as f64;
        let mut chosen: Vec<&str> = Vec::new();
        let mut taken = 0.0;
        for writer in &writers[..writers.len() - 1] {
            let of_writer = rows_of(writer);
            if chosen.is_empty() || taken + of_writer / 2.0 <= target {
                chosen.push(writer);
                taken += of_writer;
            }
        }
        chosen
    }
}
