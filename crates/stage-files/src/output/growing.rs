//! A file that grows over several runs: what was in it when a run was killed is there for the next one.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use super::manifest::Written;
use super::writer::FolderWriter;
use crate::digest::HashingWriter;
use crate::no_follow;

/// Bytes that are gathered before the system is asked to write them.
const BUFFER_BYTES: usize = 1 << 16;

/// A file under a [private](super::Layout::private) name. It gets its own name when it is [finished](Self::finish); if
/// it is dropped before, it stays, and a later run goes on with it.
#[derive(Debug)]
pub struct GrowingFile<'a> {
    writer: &'a FolderWriter,
    path: PathBuf,
    file: HashingWriter<BufWriter<File>>,
}

impl FolderWriter {
    /// Opens the growing file of this private name, of which the first `keep_bytes` stay. Makes it if there is none.
    ///
    /// # Errors
    /// Faults from outside, such as a file that is shorter.
    pub fn grow(&self, private: &str, keep_bytes: u64) -> anyhow::Result<GrowingFile<'_>> {
        ensure!(self.is_private(private), "{private:?} is no private name of this stage");
        let path = self.root().join(private);
        let context = || format!("cannot write {}", path.display());
        let mut file =
            no_follow::open(&path, File::options().read(true).write(true).create(true).truncate(keep_bytes == 0))?;
        let mut kept = HashingWriter::new(io::sink());
        io::copy(&mut (&mut file).take(keep_bytes), &mut kept).with_context(context)?;
        let is_kept = kept.bytes() == keep_bytes;
        ensure!(is_kept, "{} has become shorter meanwhile; run the same command again", path.display());
        file.set_len(keep_bytes).with_context(context)?;
        file.seek(SeekFrom::Start(keep_bytes)).with_context(context)?;
        let file = kept.moved_to(BufWriter::with_capacity(BUFFER_BYTES, file));
        Ok(GrowingFile { writer: self, path, file })
    }
}

impl GrowingFile<'_> {
    /// Where it grows.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file its name, replacing what stood there.
    ///
    /// # Errors
    /// As of [`FolderWriter::write`].
    pub fn finish(mut self, name: &str) -> anyhow::Result<()> {
        self.flush().with_context(|| format!("cannot write {name}"))?;
        let bytes = self.file.bytes();
        let (file, sha256) = self.file.finish();
        let (file, written) = (file.into_parts().0, Written { bytes, sha256 });
        self.writer.adopt(name, written, file, &self.path)
    }
}

impl Write for GrowingFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
