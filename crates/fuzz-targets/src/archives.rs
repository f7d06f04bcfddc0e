//! Archives of pictures.

use std::io::Write;

use digit_image::look::look;
use stage_files::pack::Pack;
use stage_files::walk::walk;

/// Most bytes that are taken out of an archive for one file.
const MOST_BYTES: u64 = 1 << 16;

/// A zip or tar archive as a source, and as a pack of labelled pictures.
pub fn archive(bytes: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("room for a temporary file");
    if let Ok(found) = walk(file.path(), look) {
        assert!(found.pictures.is_sorted_by(|a, b| a.name < b.name), "{:?}", found.pictures);
        for picture in found.pictures {
            let folders = picture.folders.join("/");
            assert!(picture.name.starts_with(&folders) && picture.name.contains(picture.stem()), "{picture:?}");
            // What cannot be taken out is rejected by name.
            let bytes = picture.read(MOST_BYTES).map_or(0, |bytes| bytes.len() as u64);
            assert!(bytes <= MOST_BYTES, "{picture:?}");
        }
    }
    let pack = Pack::open(file.path()).expect("a temporary file");
    let mut members = Vec::new();
    let is_whole = pack.visit(|member| members.push(member)).is_ok();
    for member in &members {
        assert_eq!(pack.read(member, u64::MAX).expect("what was visited").len() as u64, member.size_bytes);
    }
    assert!(!is_whole || members.last().is_none_or(|last| last.end_bytes() < bytes.len() as u64), "{members:?}");
}
