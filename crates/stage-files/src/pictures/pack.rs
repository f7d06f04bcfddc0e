//! `{size}.tar`: all labelled pictures of a size in one file, for file systems that are slow with many files.
//!
//! It is an uncompressed tar archive of the files that would lie in the folder otherwise, with the same names
//! (`20/3_20_kim-1.png`) in byte order, so every program that knows tar reads it. Equal pictures give equal bytes:
//! owner, time and mode are fixed. `{size}.tar.csv` tells other programs where each picture lies; the commands read the
//! archive itself.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Mutex;

use anyhow::{Context, ensure};

use crate::regular_file::{self, Unreadable};

/// The setting of a labelled folder with packs. How pictures are stored does not change them.
pub const SETTING: &str = "pack";
/// The ending of a pack's name.
const ENDING: &str = ".tar";
/// 2000-01-01 in seconds since 1970. Some programs warn of 1970 itself.
const TIME_S: u64 = 946_684_800;
/// Everything in a tar archive begins at a multiple of this.
const BLOCK_BYTES: u64 = 512;

/// The name of the pack of a size.
pub fn file_name(size: u8) -> String {
    format!("{size}{ENDING}")
}

/// The name of the list of what is in the pack of a size.
pub fn index_name(size: u8) -> String {
    format!("{size}{ENDING}.csv")
}

/// The size of which a file with this name is the pack.
pub fn size_of(file_name: &str) -> Option<u8> {
    let size = file_name.strip_suffix(ENDING)?;
    size.parse().ok().filter(|parsed: &u8| parsed.to_string() == size)
}

/// Writes a pack to any place.
pub struct PackWriter<W: Write>(tar::Builder<W>);

impl<W: Write> PackWriter<W> {
    /// Begins a pack, or goes on with one that ends behind a picture.
    pub fn new(out: W) -> Self {
        Self(tar::Builder::new(out))
    }

    /// Adds a picture; the caller takes them in byte order of their names.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(TIME_S);
        self.0.append_data(&mut header, name, bytes)
    }

    /// Sends what is written on its way.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.0.get_mut().flush()
    }

    /// Writes the end of the pack.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> io::Result<W> {
        self.0.into_inner()
    }
}

/// A picture in a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name, `20/3_20_kim-1.png`, as text; without the `./` that programs write that pack a folder itself.
    pub name: String,
    /// Where its bytes begin.
    pub offset_bytes: u64,
    /// How many there are.
    pub size_bytes: u64,
}

impl Member {
    /// Where the next member begins.
    pub fn end_bytes(&self) -> u64 {
        self.offset_bytes.saturating_add(padded(self.size_bytes))
    }
}

/// A pack that is read; several threads may.
#[derive(Debug)]
pub struct Pack {
    file: Mutex<File>,
    bytes: u64,
}

impl Pack {
    /// Opens a pack.
    ///
    /// # Errors
    /// When there is no regular file.
    pub fn open(path: &Path) -> Result<Self, Unreadable> {
        let file = regular_file::open(path)?;
        let bytes = file.metadata()?.len();
        Ok(Self { file: Mutex::new(file), bytes })
    }

    /// Shows each file in the pack, in its order, up to the end or the first damage.
    ///
    /// # Errors
    /// What is wrong behind the last one that was shown.
    pub fn visit(&self, mut each: impl FnMut(Member)) -> anyhow::Result<()> {
        let mut file = self.file();
        file.seek(SeekFrom::Start(0))?;
        let mut archive = tar::Archive::new(&*file);
        let mut end_bytes = 0;
        for entry in archive.entries_with_seek()? {
            let entry = entry.context("damaged tar archive")?;
            end_bytes = entry.raw_file_position().saturating_add(padded(entry.size()));
            if !entry.header().entry_type().is_file() {
                continue;
            }
            let name = entry.path_bytes();
            let name = String::from_utf8_lossy(name.strip_prefix(b"./").unwrap_or(&name)).into_owned();
            let member = Member { name, offset_bytes: entry.raw_file_position(), size_bytes: entry.size() };
            ensure!(member.is_within(self.bytes), "the archive is cut off within {}", member.name);
            each(member);
        }
        // A block of zeros at least follows; without this a cut between two pictures would not be noticed.
        ensure!(end_bytes.saturating_add(BLOCK_BYTES) <= self.bytes, "the archive has no end: it is cut off");
        Ok(())
    }

    /// Writes the list of what is in the pack, in its order, as CSV.
    ///
    /// # Errors
    /// When the pack is damaged, or the list cannot be written.
    pub fn write_index(&self, out: impl Write) -> anyhow::Result<()> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(["offset_bytes", "size_bytes", "name"])?;
        let mut written = Ok(());
        self.visit(|member| {
            let record = [member.offset_bytes.to_string(), member.size_bytes.to_string(), member.name];
            if written.is_ok() {
                written = csv.write_record(record);
            }
        })?;
        written?;
        Ok(csv.flush()?)
    }

    /// The bytes of a picture of at most `max_bytes`.
    ///
    /// # Errors
    /// When it is larger, or cannot be read.
    pub fn read(&self, member: &Member, max_bytes: u64) -> Result<Vec<u8>, Unreadable> {
        if member.size_bytes > max_bytes {
            return Err(Unreadable::TooLarge { max_bytes });
        }
        if !member.is_within(self.bytes) {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        let room = usize::try_from(member.size_bytes).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
        let mut bytes = vec![0; room];
        let mut file = self.file();
        file.seek(SeekFrom::Start(member.offset_bytes))?;
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn file(&self) -> std::sync::MutexGuard<'_, File> {
        // Each use seeks first, so a panic elsewhere leaves nothing half done.
        self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The bytes that so many take up in an archive.
fn padded(bytes: u64) -> u64 {
    bytes.checked_next_multiple_of(BLOCK_BYTES).unwrap_or(u64::MAX)
}

impl Member {
    fn is_within(&self, bytes: u64) -> bool {
        self.offset_bytes.checked_add(self.size_bytes).is_some_and(|end| end <= bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut pack = PackWriter::new(Vec::new());
        members.iter().for_each(|(name, bytes)| pack.add(name, bytes).unwrap());
        pack.finish().unwrap()
    }

    fn members(bytes: &[u8]) -> (Vec<(String, Vec<u8>, u64)>, bool) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let pack = Pack::open(file.path()).unwrap();
        let mut found = Vec::new();
        let is_whole = pack.visit(|member| found.push(member)).is_ok();
        let read = |member: Member| (member.name.clone(), pack.read(&member, u64::MAX).unwrap(), member.end_bytes());
        (found.into_iter().map(read).collect(), is_whole)
    }

    #[test]
    fn pictures_round_trip_whatever_their_names_are() {
        let long = format!("20/3_20_{}-1.png", "가".repeat(80));
        let expected: [(&str, &[u8]); 4] =
            [("20/1_20_a.png", b"one"), ("20/2_20_b c.png", &[7; 512]), (&long, &[1; 513]), ("20/4_20_d.png", b"")];
        let bytes = packed(&expected);
        assert_eq!(bytes, packed(&expected));
        let (found, is_whole) = members(&bytes);
        assert!(is_whole && found.iter().map(|(name, bytes, _)| (name.as_str(), bytes.as_slice())).eq(expected));
    }

    #[test]
    fn a_pack_that_is_cut_off_has_its_first_pictures_and_goes_on_to_the_same_bytes() {
        let expected: [(&str, &[u8]); 3] =
            [("20/1_20_a.png", b"one"), ("20/2_20_b.png", &[7; 700]), ("20/3_20_c.png", b"3")];
        let whole = packed(&expected);
        let ends: Vec<u64> = members(&whole).0.iter().map(|(_, _, end)| *end).collect();
        for cut in 0..whole.len() {
            let (found, is_whole) = members(&whole[..cut]);
            assert!(!is_whole || cut as u64 >= ends[2] + BLOCK_BYTES, "{cut}");
            // The bytes behind a picture's own fill its block.
            assert!(found.len() >= ends.iter().filter(|&&end| end <= cut as u64).count(), "{cut}");
            assert!(
                found
                    .iter()
                    .zip(expected)
                    .all(|((name, bytes, _), (n, b))| (name.as_str(), bytes.as_slice()) == (n, b))
            );
        }
        let mut rest = PackWriter::new(Vec::new());
        expected[1..].iter().for_each(|(name, bytes)| rest.add(name, bytes).unwrap());
        assert_eq!([&whole[..ends[0] as usize], &rest.finish().unwrap()].concat(), whole);
    }

    #[test]
    fn what_is_no_pack_is_told_and_takes_no_memory() {
        for bytes in [&[b'x'; 2000][..], &packed(&[("a", b"")])[..300]] {
            let (found, is_whole) = members(bytes);
            assert!(found.is_empty() && !is_whole);
        }
        let mut lying = packed(&[("20/1_20_a.png", b"one")]);
        let mut header = tar::Header::from_byte_slice(&lying[..512]).clone();
        header.set_size(1 << 40);
        header.set_cksum();
        lying[..512].copy_from_slice(header.as_bytes());
        let (found, is_whole) = members(&lying);
        assert!(found.is_empty() && !is_whole);
    }

    #[test]
    fn only_plain_sizes_name_a_pack() {
        assert_eq!(
            (size_of("20.tar"), size_of("020.tar"), size_of("300.tar"), size_of("x.tar")),
            (Some(20), None, None, None)
        );
        assert_eq!(size_of(&file_name(8)), Some(8));
    }
}
