//! The checkpoint of a run: everything that another process needs to continue it to the bit.
//!
//! It lies in the run folder as [`CHECKPOINT_FILE`] until the run is done. No other program reads it, so it is no part
//! of the contract. Layout, all numbers little endian: the magic bytes, the length of the header as u64, the header in
//! JSON (its `key` is a digest of everything that decides the run's bits), then blocks: the order of the training rows
//! as u32 and the trainer's blocks and the best epoch's weights as f32. The SHA-256 of all that comes before ends it. A
//! checkpoint that is damaged, of another version or of another run is refused.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use mlp_core::random::{Stream, StreamPosition};
use mlp_core::train::{Evaluation, Trainer, TrainerState};
use serde::{Deserialize, Serialize};
use stage_files::atomic::{AtomicFile, Durability};
use stage_files::digest::{HashingWriter, hex, sha256_hex};
use stage_files::no_follow;
use stage_files::run::{HistogramRow, MetricsRow, TimingRow};
use stage_files::stage::StageInfo;

use crate::run::early_stopping::{BestEpoch, EarlyStopping};
use crate::run::state::RunState;

/// Name of the file in a run folder.
pub(crate) const CHECKPOINT_FILE: &str = ".checkpoint";
/// First bytes; the number is the version of the layout and rises with every change to it.
const MAGIC: &[u8; 16] = b"mlp-train ckpt 2";
/// Bytes of the digest at the end, in hex digits.
const DIGEST_BYTES: usize = 64;

/// Where the checkpoints of a run go, and when the next is due.
pub(crate) struct Checkpoints {
    path: PathBuf,
    key: String,
    every: Duration,
    last: Instant,
}

/// A stream's position in hex digits: JSON numbers cannot hold 128 bits.
#[derive(Serialize, Deserialize)]
struct Position([String; 2]);

impl From<StreamPosition> for Position {
    fn from(position: StreamPosition) -> Self {
        Self([format!("{:032x}", position.state), format!("{:032x}", position.stream)])
    }
}

impl Position {
    fn get(&self) -> anyhow::Result<StreamPosition> {
        let [state, stream] = [&self.0[0], &self.0[1]].map(|digits| u128::from_str_radix(digits, 16));
        Ok(StreamPosition { state: state?, stream: stream? })
    }
}

/// The header. f64 values survive JSON to the bit; those that may be infinite or NaN travel as bits.
#[derive(Serialize, Deserialize)]
struct Header {
    key: String,
    epoch: u32,
    batch: u32,
    shuffle: Position,
    dropout: Option<Position>,
    beta_powers_bits: [u64; 2],
    averaged: u64,
    loss_sum_bits: u64,
    accuracy_sum_bits: u64,
    zero: Option<(u32, f64)>,
    largest_weight_bits: u32,
    elapsed_s: f64,
    metrics: Vec<MetricsRow>,
    timing: Vec<TimingRow>,
    histograms: Vec<HistogramRow>,
    log: String,
    best: Option<SavedBestEpoch>,
    order_rows: usize,
    /// Name and length of every block of f32, in order.
    blocks: Vec<(String, usize)>,
}

/// The best epoch so far; its weights are the last block.
#[derive(Serialize, Deserialize)]
struct SavedBestEpoch {
    epoch: u32,
    loss_bits: u64,
    correct: usize,
    rows: usize,
}

/// Name of the block that holds the best epoch's weights.
const BEST_BLOCK: &str = "best";

impl Header {
    /// Whether the blocks, `bytes` bytes in all, are those of this trainer and of a run that starts with this state.
    fn fits(&self, trainer: &Trainer, state: &RunState, bytes: usize) -> bool {
        let blocks = trainer.blocks().into_iter().map(|(name, block)| (name.to_owned(), block.len()));
        let weights = trainer.network().parameters().as_slice().len();
        let best = self.best.as_ref().map(|_| (BEST_BLOCK.to_owned(), weights));
        let expected: Vec<_> = blocks.chain(best).collect();
        let floats: usize = expected.iter().map(|(_, length)| length).sum();
        self.blocks == expected
            && self.order_rows == state.order.len()
            && bytes == 4 * (floats + self.order_rows)
            && self.best.is_some() <= state.early_stopping.is_some()
    }
}

/// The values of the blocks that are still to be taken, four bytes each.
struct Values<'a>(&'a [[u8; 4]]);

impl<'a> Values<'a> {
    fn take(&mut self, count: usize) -> &'a [[u8; 4]] {
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        taken
    }

    fn fill(&mut self, block: &mut [f32]) {
        let values = self.take(block.len());
        block.iter_mut().zip(values).for_each(|(value, bytes)| *value = f32::from_le_bytes(*bytes));
    }
}

/// The content of a checkpoint, besides what the trainer takes back.
pub(crate) struct Resumed {
    pub(crate) state: RunState,
    pub(crate) log: String,
}

impl Checkpoints {
    /// For the run in a folder. `info` is what decides its bits: settings, inputs, version of the program.
    pub(crate) fn new(folder: &Path, info: &StageInfo, every: Duration) -> anyhow::Result<Self> {
        // What was found out, such as the folder that the data lay in, decides no bit.
        let decides = StageInfo { found: BTreeMap::new(), ..info.clone() };
        let key = sha256_hex(&serde_json::to_vec(&decides)?);
        Ok(Self { path: folder.join(CHECKPOINT_FILE), key, every, last: Instant::now() })
    }

    /// Whether the next one is due.
    pub(crate) fn is_due(&self) -> bool {
        self.last.elapsed() >= self.every
    }

    /// Writes one.
    pub(crate) fn save(&mut self, trainer: &Trainer, state: &RunState, log: &str) -> anyhow::Result<()> {
        let trainer_state = trainer.state();
        let best = state.early_stopping.as_ref().and_then(EarlyStopping::best);
        let mut blocks = trainer.blocks();
        blocks.extend(best.map(|best| (BEST_BLOCK, best.network.parameters().as_slice())));
        let header = Header {
            key: self.key.clone(),
            epoch: state.epoch,
            batch: state.batch,
            shuffle: state.shuffle.position().into(),
            dropout: trainer_state.dropout.map(Position::from),
            beta_powers_bits: trainer_state.beta_powers.map(f64::to_bits),
            averaged: trainer_state.averaged,
            loss_sum_bits: state.loss_sum.to_bits(),
            accuracy_sum_bits: state.accuracy_sum.to_bits(),
            zero: state.zero,
            largest_weight_bits: state.largest_weight.to_bits(),
            elapsed_s: state.elapsed_s,
            metrics: state.metrics.clone(),
            timing: state.timing.clone(),
            histograms: state.histograms.clone(),
            log: log.to_owned(),
            best: best.map(|best| SavedBestEpoch {
                epoch: best.epoch,
                loss_bits: best.validation.loss.to_bits(),
                correct: best.validation.correct,
                rows: best.validation.rows,
            }),
            order_rows: state.order.len(),
            blocks: blocks.iter().map(|(name, block)| ((*name).to_owned(), block.len())).collect(),
        };
        let mut file = HashingWriter::new(AtomicFile::create(&self.path)?);
        let written = write(&mut file, &serde_json::to_vec(&header)?, &state.order, &blocks);
        let (mut file, digest) = file.finish();
        written
            .and_then(|()| file.write_all(hex(&digest).as_bytes()))
            .with_context(|| self.path.display().to_string())?;
        file.commit(Durability::Process)?;
        self.last = Instant::now();
        Ok(())
    }

    /// Fills a trainer that is at the start of the run, and gives the state. `state` is that of the start. `None` when
    /// there is no checkpoint.
    ///
    /// # Errors
    /// Why the checkpoint cannot be used. The trainer is then as it was.
    pub(crate) fn resume(&self, trainer: &mut Trainer, state: &RunState) -> anyhow::Result<Option<Resumed>> {
        let Some(bytes) = no_follow::read(&self.path)? else { return Ok(None) };
        let (header, values) = self.parse(&bytes)?;
        ensure!(header.fits(trainer, state, values.len()), "its blocks are not those of this run");
        let shuffle = Stream::at(header.shuffle.get()?);
        let dropout = header.dropout.as_ref().map(Position::get).transpose()?;

        // From here on nothing can fail.
        let mut values = Values(values.as_chunks().0);
        let order = values.take(header.order_rows).iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
        trainer.blocks_mut().into_iter().for_each(|(_, block)| values.fill(block));
        trainer.restore(TrainerState {
            beta_powers: header.beta_powers_bits.map(f64::from_bits),
            averaged: header.averaged,
            dropout,
        });
        let best = header.best.as_ref().map(|best| {
            let mut network = trainer.network().clone();
            values.fill(network.parameters_mut().as_mut_slice());
            let loss = f64::from_bits(best.loss_bits);
            let validation = Evaluation { loss, correct: best.correct, rows: best.rows };
            EarlyStopping::from(BestEpoch { epoch: best.epoch, validation, network })
        });
        let state = RunState {
            epoch: header.epoch,
            batch: header.batch,
            order,
            shuffle,
            loss_sum: f64::from_bits(header.loss_sum_bits),
            accuracy_sum: f64::from_bits(header.accuracy_sum_bits),
            zero: header.zero,
            early_stopping: best.or_else(|| state.early_stopping.clone()),
            metrics: header.metrics,
            timing: header.timing,
            histograms: header.histograms,
            largest_weight: f32::from_bits(header.largest_weight_bits),
            elapsed_s: header.elapsed_s,
        };
        Ok(Some(Resumed { state, log: header.log }))
    }

    /// Checks magic, digest and key; gives the header and the bytes of the blocks.
    fn parse<'a>(&self, bytes: &'a [u8]) -> anyhow::Result<(Header, &'a [u8])> {
        let Some((content, digest)) = bytes.split_last_chunk::<DIGEST_BYTES>() else {
            bail!("it is cut off after {} bytes", bytes.len());
        };
        let Some(rest) = content.strip_prefix(MAGIC) else {
            bail!("it was written by another version, or is no checkpoint");
        };
        ensure!(sha256_hex(content).as_bytes() == digest, "its digest does not fit its bytes, so it is damaged");
        let (length, rest) = rest.split_first_chunk::<8>().context("it has no header")?;
        let length = usize::try_from(u64::from_le_bytes(*length))?;
        let (header, values) = rest.split_at_checked(length).context("its header is cut off")?;
        let header: Header = serde_json::from_slice(header)?;
        ensure!(header.key == self.key, "it is of a run with other settings or other data");
        Ok((header, values))
    }
}

/// Everything but the digest.
fn write(
    file: &mut impl Write,
    header: &[u8],
    order: &[u32],
    blocks: &[(&'static str, &[f32])],
) -> std::io::Result<()> {
    file.write_all(MAGIC)?;
    file.write_all(&(header.len() as u64).to_le_bytes())?;
    file.write_all(header)?;
    // By chunks, so that the weights are not copied as a whole.
    let mut chunk = Vec::with_capacity(1 << 16);
    let mut put = |values: &mut dyn Iterator<Item = [u8; 4]>| {
        for value in values {
            chunk.extend_from_slice(&value);
            if chunk.len() == chunk.capacity() {
                file.write_all(&chunk)?;
                chunk.clear();
            }
        }
        file.write_all(&chunk)?;
        chunk.clear();
        Ok::<_, std::io::Error>(())
    };
    put(&mut order.iter().map(|v| v.to_le_bytes()))?;
    for (_, block) in blocks {
        put(&mut block.iter().map(|v| v.to_le_bytes()))?;
    }
    Ok(())
}
