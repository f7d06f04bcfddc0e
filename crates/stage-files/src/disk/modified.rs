//! When a file was last changed.

use std::fs::Metadata;
use std::time::UNIX_EPOCH;

/// The time of the last change in nanoseconds since 1970; 0 if the file system does not know it.
pub(crate) fn modified_ns(metadata: &Metadata) -> u64 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.map_or(0, |since| since.as_nanos() as u64)
}
