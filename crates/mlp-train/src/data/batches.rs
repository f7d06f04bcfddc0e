//! The mini-batches of an epoch: rows as they are, or augmented anew.
//!
//! Augmented rows are made in blocks. With helpers, they make each block when it is needed. Without helpers, a
//! background thread makes the next blocks if a thread is free; otherwise each block is made when it is needed. The
//! rows are the same in all three cases.

use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

use mlp_core::kernels::Team;
use stage_files::config::Config;
use stage_files::scaling::Scaling;

use crate::data::augment::{Augmenter, Pick, Scratch};
use crate::data::prepare::Prepared;
use crate::data::source::Source;
use crate::threads::budget::{ThreadBudget, ThreadPermit};

/// Rows of a block, as near as whole mini-batches come to it: enough to make handing it over cheap, few enough that
/// the first is soon there and several fit the cache.
const BLOCK_ROWS: usize = 128;
/// Blocks that wait at most to be used.
const BLOCKS_AHEAD: usize = 4;
/// Rows that a helper augments at a time.
const HELPER_ROWS: usize = 8;

/// A mini-batch: `rows` are its indices into both `inputs` (N, I) and `classes` (N).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Batch<'a> {
    pub(crate) inputs: &'a [f32],
    pub(crate) classes: &'a [u8],
    pub(crate) rows: &'a [u32],
}

/// The mini-batches of one epoch after another.
pub(crate) struct Batches<'a> {
    data: &'a Prepared<'a>,
    batch_rows: usize,
    augmented: Option<Augmented>,
    /// Rows of the epoch.
    order: Vec<u32>,
    /// How many of them have been in a mini-batch.
    at: usize,
}

/// Augmented rows of the epoch.
struct Augmented {
    maker: Arc<BlockMaker>,
    scratch: Scratch,
    threads: Arc<ThreadBudget>,
    block: Block,
    epoch: u32,
    /// The rows of `order`.
    picks: Vec<Pick>,
    team: Option<Arc<Team>>,
    background: Option<Background>,
}

/// Some augmented rows.
#[derive(Clone, Debug, Default)]
struct Block {
    inputs: Vec<f32>,
    classes: Vec<u8>,
    /// 0, 1, ..: the rows in the order of `inputs`.
    rows: Vec<u32>,
}

/// The blocks of an epoch that a background thread makes.
struct Background {
    blocks: Receiver<Block>,
    /// Used blocks go back, so that their memory is used again.
    used: Sender<Block>,
}

/// Makes blocks; shared with the background thread.
struct BlockMaker {
    augmenter: Augmenter,
    source: Arc<Source>,
    scaling: Scaling,
    block_rows: usize,
}

impl<'a> Batches<'a> {
    /// The mini-batches that a config asks for.
    ///
    /// # Errors
    /// When the pictures cannot be augmented as the config asks.
    pub(crate) fn new(
        config: &Config,
        source: &Arc<Source>,
        data: &'a Prepared<'a>,
        seed: u64,
        threads: &Arc<ThreadBudget>,
    ) -> anyhow::Result<Self> {
        let batch_rows = config.batch.get() as usize;
        let augmenter = Augmenter::from_config(config, source, &data.split.train, seed)?;
        let augmented = augmenter.map(|augmenter| Augmented {
            scratch: augmenter.scratch(),
            maker: Arc::new(BlockMaker {
                augmenter,
                source: Arc::clone(source),
                scaling: data.scaling.clone(),
                block_rows: batch_rows * (BLOCK_ROWS / batch_rows).max(1),
            }),
            threads: Arc::clone(threads),
            block: Block::default(),
            epoch: 0,
            picks: Vec::new(),
            team: None,
            background: None,
        });
        Ok(Self { data, batch_rows, augmented, order: Vec::new(), at: 0 })
    }

    /// The data whose rows the mini-batches have.
    pub(crate) fn data(&self) -> &'a Prepared<'a> {
        self.data
    }

    /// Begins an epoch (from 1) or continues it: `order` are the training rows that are still to come, `team` the
    /// helpers of this epoch.
    pub(crate) fn begin(&mut self, epoch: u32, order: &[u32], team: Option<Arc<Team>>) {
        self.order.clear();
        self.order.extend_from_slice(order);
        self.at = 0;
        if let Some(augmented) = &mut self.augmented {
            augmented.epoch = epoch;
            augmented.picks = Pick::all(order);
            // The background thread of an epoch that was left early gives its permit back when it notices.
            let permit = if team.is_none() { augmented.threads.take_free() } else { None };
            augmented.team = team;
            augmented.background =
                permit.map(|permit| Background::start(permit, &augmented.maker, epoch, &augmented.picks));
        }
    }

    /// The next mini-batch of the epoch; `None` at its end.
    pub(crate) fn next_batch(&mut self) -> Option<Batch<'_>> {
        let begin = self.at;
        let end = self.order.len().min(begin + self.batch_rows);
        if begin == end {
            return None;
        }
        self.at = end;
        let Some(augmented) = &mut self.augmented else {
            return Some(Batch {
                inputs: &self.data.inputs,
                classes: &self.data.classes,
                rows: &self.order[begin..end],
            });
        };
        let in_block = begin % augmented.maker.block_rows;
        if in_block == 0 {
            augmented.turn_to(begin..self.order.len().min(begin + augmented.maker.block_rows));
        }
        let Block { inputs, classes, rows } = &augmented.block;
        Some(Batch { inputs, classes, rows: &rows[in_block..in_block + end - begin] })
    }
}

impl Augmented {
    /// Makes or receives the block of these rows.
    fn turn_to(&mut self, rows: Range<usize>) {
        if let Some(Background { blocks, used }) = &self.background
            && let Ok(next) = blocks.recv()
        {
            // A background thread that has made its last block takes none back.
            let _ = used.send(std::mem::replace(&mut self.block, next));
            return;
        }
        let picks = &self.picks[rows];
        match &self.team {
            Some(team) => self.maker.make_with_team(self.epoch, picks, &mut self.block, team),
            None => self.maker.make(self.epoch, picks, &mut self.block, &mut self.scratch),
        }
    }
}

impl Background {
    /// Begins to make the blocks of an epoch. The thread ends with the last of them, or when the receiver is gone. If
    /// the system gives no thread, each block is made when it is needed.
    fn start(permit: ThreadPermit, maker: &Arc<BlockMaker>, epoch: u32, picks: &[Pick]) -> Self {
        let (ready, blocks) = sync_channel(BLOCKS_AHEAD);
        let (used, empty) = channel();
        let (maker, picks) = (Arc::clone(maker), picks.to_vec());
        let work = move || {
            maker.make_all(epoch, &picks, &ready, &empty);
            drop(permit);
        };
        let _ = thread::Builder::new().name("augmentation".into()).spawn(work);
        Self { blocks, used }
    }
}

impl BlockMaker {
    fn make_all(&self, epoch: u32, picks: &[Pick], ready: &SyncSender<Block>, empty: &Receiver<Block>) {
        let mut scratch = self.augmenter.scratch();
        for picks in picks.chunks(self.block_rows) {
            let mut block = empty.try_recv().unwrap_or_default();
            self.make(epoch, picks, &mut block, &mut scratch);
            if ready.send(block).is_err() {
                return;
            }
        }
    }

    fn make(&self, epoch: u32, picks: &[Pick], block: &mut Block, scratch: &mut Scratch) {
        let inputs = self.begin(picks, block);
        self.augment(epoch, picks, inputs, scratch);
    }

    /// The same with helpers.
    fn make_with_team(&self, epoch: u32, picks: &[Pick], block: &mut Block, team: &Team) {
        let inputs = self.begin(picks, block);
        let floats = HELPER_ROWS * (inputs.len() / picks.len());
        let tasks: Vec<_> = picks.chunks(HELPER_ROWS).zip(inputs.chunks_mut(floats)).map(Mutex::new).collect();
        team.run(tasks.len(), &|task| {
            // Each task is run once, so the lock is free, and only a panic, which `run` passes on, could poison it.
            if let Ok(mut task) = tasks[task].lock() {
                let (picks, inputs) = &mut *task;
                self.augment(epoch, picks, inputs, &mut self.augmenter.scratch());
            }
        });
    }

    /// Fills everything of a block but the inputs, which it sizes and returns.
    fn begin<'a>(&self, picks: &[Pick], block: &'a mut Block) -> &'a mut [f32] {
        let classes = &self.source.first.classes;
        block.inputs.resize(picks.len() * self.source.first.pixels.ncols(), 0.0);
        block.classes.clear();
        block.classes.extend(picks.iter().map(|pick| classes[pick.row as usize]));
        block.rows.clear();
        block.rows.extend(0..picks.len() as u32);
        &mut block.inputs
    }

    /// Writes the inputs of rows.
    fn augment(&self, epoch: u32, picks: &[Pick], inputs: &mut [f32], scratch: &mut Scratch) {
        let pixels = &self.source.first.pixels;
        for (&pick, out) in picks.iter().zip(inputs.chunks_exact_mut(pixels.ncols())) {
            self.augmenter.augment(epoch, pick, &pixels.row(pick.row as usize), out, scratch);
            self.scaling.apply(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;
    use stage_files::dataset::DataSet;

    /// 300 pictures of 3 x 3, each with its own first pixel and class.
    fn source() -> Arc<Source> {
        let pixels = Array2::from_shape_fn((300, 9), |(row, pixel)| if pixel == 0 { (row % 256) as u8 } else { 200 });
        let first = DataSet {
            name: "d.csv".into(),
            sha256: String::new(),
            labels: "0-9".parse().unwrap(),
            canvas: None,
            pixels,
            classes: (0..300).map(|row| (row % 10) as u8).collect(),
            rows: None,
            stage: None,
        };
        Arc::new(Source::of(first))
    }

    fn config(batch: u32, augment: &str) -> Config {
        let text = format!(
            r#"{{"hidden": [], "epochs": 1, "optimizer": {{"sgd": {{"lr": 1}}}}, "scale": "unit", "batch": {batch},
                "augment": {augment}}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    /// Inputs and class of every row of an epoch, and the sizes of its batches.
    fn epoch(batches: &mut Batches<'_>, epoch: u32, order: &[u32]) -> (Vec<(Vec<f32>, u8)>, Vec<usize>) {
        epoch_with(batches, epoch, order, None)
    }

    fn epoch_with(
        batches: &mut Batches<'_>,
        epoch: u32,
        order: &[u32],
        team: Option<Arc<Team>>,
    ) -> (Vec<(Vec<f32>, u8)>, Vec<usize>) {
        let (mut rows, mut sizes) = (Vec::new(), Vec::new());
        batches.begin(epoch, order, team);
        while let Some(batch) = batches.next_batch() {
            sizes.push(batch.rows.len());
            for &row in batch.rows {
                let at = row as usize;
                rows.push((batch.inputs[at * 9..at * 9 + 9].to_vec(), batch.classes[at]));
            }
        }
        (rows, sizes)
    }

    #[test]
    fn plain_and_unchanged_rows_come_in_order_and_are_the_same() {
        let source = source();
        let order: Vec<u32> = (0..240).map(|i| i * 7 % 240).collect();
        for batch in [1, 7, 64, 200] {
            let plain = config(batch, "null");
            let data = Prepared::new(&plain, &source, 1).unwrap();
            let threads = ThreadBudget::new(2);
            let (rows, sizes) = epoch(&mut Batches::new(&plain, &source, &data, 1, &threads).unwrap(), 1, &order);
            assert_eq!((rows.len(), sizes[0]), (240, batch as usize));
            assert_eq!(sizes.iter().sum::<usize>(), 240);
            for ((inputs, class), &row) in rows.iter().zip(&order) {
                assert_eq!((inputs[0], *class), ((row % 256) as f32 / 255.0, (row % 10) as u8));
            }
            let unchanged = config(batch, "{}");
            let again = epoch(&mut Batches::new(&unchanged, &source, &data, 1, &threads).unwrap(), 1, &order);
            assert_eq!(again, (rows, sizes), "batches of {batch}");
        }
    }

    #[test]
    fn augmented_rows_are_the_same_with_and_without_a_thread_and_from_any_row_on() {
        let source = source();
        let config = config(7, r#"{"shift_px": 1, "noise": 5}"#);
        let data = Prepared::new(&config, &source, 1).unwrap();
        let order: Vec<u32> = (0..240).rev().collect();
        let mut alone = Batches::new(&config, &source, &data, 5, &ThreadBudget::new(0)).unwrap();
        let mut helped = Batches::new(&config, &source, &data, 5, &ThreadBudget::new(9)).unwrap();
        let first = epoch(&mut alone, 1, &order);
        let second = epoch(&mut alone, 2, &order);
        assert_ne!(first, second);
        assert_eq!(epoch(&mut helped, 1, &order), first);
        let team = Arc::new(Team::new(3).unwrap());
        assert_eq!(epoch_with(&mut helped, 2, &order, Some(team)), second);
        // An epoch left in the middle does not show in the next.
        helped.begin(2, &order, None);
        assert!(helped.next_batch().is_some());
        assert_eq!(epoch(&mut helped, 2, &order), second);
        // 20 batches of 7 were done before.
        assert_eq!(epoch(&mut helped, 1, &order[140..]).0, first.0[140..]);
    }
}
