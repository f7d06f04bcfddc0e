//! A file in blocks of whole lines, read and hashed on a thread of its own while the caller works on the last one.

use std::io::Read;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use sha2::{Digest, Sha256};

use crate::regular_file;

/// Bytes read at a time.
pub(super) const BLOCK_BYTES: usize = 1 << 18;
/// Blocks that may wait for the caller.
const WAITING: usize = 2;

/// The caller's end: blocks in the order of the file.
pub(super) struct Blocks {
    filled: Receiver<std::io::Result<Vec<u8>>>,
    emptied: Sender<Vec<u8>>,
}

impl Blocks {
    /// The next block, `None` at the end of the file. It ends with a line feed, but the last may not, nor one whose
    /// first line is longer than the longest allowed. Give it back with [`done`](Self::done).
    pub(super) fn next(&self) -> std::io::Result<Option<Vec<u8>>> {
        self.filled.recv().ok().transpose()
    }

    /// Lets the memory of a block be used again.
    pub(super) fn done(&self, block: Vec<u8>) {
        // Nobody takes it once the file has ended; then it is freed.
        let _ = self.emptied.send(block);
    }
}

/// Reads a file: `work` gets its blocks, the result comes with the SHA-256 of the bytes that were handed out, so of
/// the whole file unless `work` stopped early.
pub(super) fn read<T>(
    path: &Path,
    block_bytes: usize,
    max_line_bytes: usize,
    work: impl FnOnce(&Blocks) -> anyhow::Result<T>,
) -> anyhow::Result<(T, String)> {
    let file = regular_file::open(path).map_err(|error| error.at(path))?;
    let (fill, filled) = sync_channel(WAITING);
    let (emptied, empty) = channel();
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || send_blocks(file, block_bytes, max_line_bytes, &fill, &empty));
        let blocks = Blocks { filled, emptied };
        let result = work(&blocks);
        // A reader that still has something to send then finds nobody and ends.
        drop(blocks);
        match reader.join() {
            Ok(sha256) => Ok((result?, sha256)),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn send_blocks(
    mut file: impl Read,
    block_bytes: usize,
    max_line_bytes: usize,
    fill: &SyncSender<std::io::Result<Vec<u8>>>,
    empty: &Receiver<Vec<u8>>,
) -> String {
    let mut hasher = Sha256::new();
    let mut block = Vec::new();
    loop {
        let begun = block.len();
        block.reserve(block_bytes);
        let read = (&mut file).take(block_bytes as u64).read_to_end(&mut block);
        hasher.update(&block[begun..]);
        let ended = match read {
            Ok(n) => n == 0,
            Err(error) => {
                let _ = fill.send(Err(error));
                break;
            }
        };
        let whole = match block[begun..].iter().rposition(|&b| b == b'\n') {
            Some(last) => begun + last + 1,
            None if ended || block.len() >= max_line_bytes => block.len(),
            None => continue,
        };
        let mut next = empty.try_recv().unwrap_or_default();
        next.clear();
        next.extend_from_slice(&block[whole..]);
        block.truncate(whole);
        if (!block.is_empty() && fill.send(Ok(block)).is_err()) || ended {
            break;
        }
        block = next;
    }
    crate::digest::hex(&hasher.finalize())
}
