//! SHA-256, written as `sha256sum` writes it, so that anyone can check a digest.

use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::regular_file::{self, Unreadable};

/// The digest of some bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The digest of some bytes: 64 hex digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&sha256(bytes))
}

/// The digest of a file's bytes.
pub fn sha256_file(path: &Path) -> Result<String, Unreadable> {
    let mut file = regular_file::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hasher.finalize())),
            n => hasher.update(&buffer[..n]),
        }
    }
}

/// The digest of several files, as `sha256sum NAMES | sha256sum` prints it: the digest of the lines `{sha256}  {name}`,
/// in the order of the names.
#[derive(Default)]
pub struct ListingDigest {
    hasher: Sha256,
    files: u64,
}

impl ListingDigest {
    /// Adds a file; the caller goes through the names in byte order.
    pub fn add(&mut self, name: &str, sha256: &str) {
        self.hasher.update(sha256);
        self.hasher.update("  ");
        self.hasher.update(name);
        self.hasher.update("\n");
        self.files += 1;
    }

    /// The digest and the number of files it covers.
    pub fn finish(self) -> (String, u64) {
        (hex(&self.hasher.finalize()), self.files)
    }
}

/// A writer that computes the digest of what passes through it, so that a file need not be read again.
#[derive(Debug)]
pub struct HashingWriter<W> {
    inner: W,
    hasher: Sha256,
    bytes: u64,
}

impl<W: io::Write> HashingWriter<W> {
    /// Wraps a writer.
    pub fn new(inner: W) -> Self {
        Self { inner, hasher: Sha256::new(), bytes: 0 }
    }

    /// Goes on in another place, as if all that was written before had been written there.
    pub(crate) fn moved_to<V>(self, inner: V) -> HashingWriter<V> {
        HashingWriter { inner, hasher: self.hasher, bytes: self.bytes }
    }

    /// How many bytes were written.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The wrapped writer and the digest of all that was written.
    pub fn finish(self) -> (W, [u8; 32]) {
        (self.inner, self.hasher.finalize().into())
    }
}

impl<W: io::Write> io::Write for HashingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..n]);
        self.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Bytes as hex digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let digit = |value: u8| DIGITS[usize::from(value)];
    let mut text = Vec::with_capacity(2 * bytes.len());
    for &byte in bytes {
        text.extend([digit(byte >> 4), digit(byte & 15)]);
    }
    String::from_utf8(text).unwrap_or_default()
}

/// The digest that 64 hex digits stand for.
pub fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes().as_chunks::<2>();
    let digits = digits.0.get(..32).filter(|_| text.len() == 64)?;
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    /// The value for "abc" is the one in FIPS 180-2, appendix B.1.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn digests_match_the_published_value_by_every_road() {
        assert_eq!(sha256_hex(b"abc"), ABC);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        assert_eq!(sha256_file(&path).unwrap(), ABC);
        let mut writer = HashingWriter::new(Vec::new());
        writer.write_all(b"ab").unwrap();
        let mut writer = writer.moved_to(Vec::new());
        writer.write_all(b"c").unwrap();
        assert_eq!(writer.bytes(), 3);
        let (bytes, digest) = writer.finish();
        assert_eq!((bytes, hex(&digest)), (b"c".to_vec(), ABC.to_owned()));
    }

    #[test]
    fn a_listing_digest_is_that_of_the_sha256sum_lines() {
        let mut listing = ListingDigest::default();
        listing.add("a.png", ABC);
        assert_eq!(listing.finish(), (sha256_hex(format!("{ABC}  a.png\n").as_bytes()), 1));
    }
}
