//! The files of a labelled folder: one for each picture, in folders named by a size, or archives such as `20.tar`.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use stage_files::kind::{Kind, kind};
use stage_files::pack::{self, Member, Pack};
use stage_files::text_name::text_name;
use stage_files::{refuse, regular_file};

/// Larger files are not labelled pictures.
const MAX_FILE_BYTES: u64 = 1 << 26;

/// A file that should be a labelled picture.
#[derive(Debug)]
pub struct LabelledFile {
    /// The name of its folder, a size, as text.
    pub folder: String,
    /// Its own name, which ends in `.png`, as text.
    pub name: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    File(PathBuf),
    Pack(Arc<Pack>, Member),
}

impl LabelledFile {
    /// Its bytes.
    ///
    /// # Errors
    /// Why there are none, in words.
    pub fn read(&self) -> Result<Vec<u8>, String> {
        let read = match &self.place {
            Place::File(path) => regular_file::read(path, MAX_FILE_BYTES),
            Place::Pack(pack, member) => pack.read(member, MAX_FILE_BYTES),
        };
        read.map_err(|error| error.to_string())
    }
}

/// The labelled pictures of a folder, by the names of their folders and then their own. Other files are passed over.
///
/// # Errors
/// Refusals when an archive is damaged, or holds a name twice or one that a folder has, too; faults from outside.
pub fn find(labelled: &Path) -> anyhow::Result<Vec<LabelledFile>> {
    let entries = fs_err::read_dir(labelled)?.map(|entry| Ok(entry?.path()));
    let mut entries = entries.collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    let (mut files, mut packed_sizes) = (Vec::new(), BTreeSet::new());
    for path in entries {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if let Some(size) = pack::size_of(name) {
            packed_sizes.insert(size.to_string());
            of_pack(&path, size, &mut files)?;
        } else if name.parse::<u8>().is_ok() && kind(&path)? == Kind::Folder {
            of_folder(&path, name, &mut files)?;
        }
    }
    let is_unpacked =
        |file: &&LabelledFile| matches!(file.place, Place::File(_)) && packed_sizes.contains(&file.folder);
    if let Some(file) = files.iter().find(is_unpacked) {
        let (shown, size) = (labelled.display(), &file.folder);
        refuse!("{shown}: expected the pictures of size {size} once, found both {size}.tar and {size}/; remove one");
    }
    Ok(files)
}

fn of_folder(path: &Path, folder: &str, files: &mut Vec<LabelledFile>) -> anyhow::Result<()> {
    let names = fs_err::read_dir(path)?.map(|picture| Ok(picture?.file_name()));
    let mut names = names.collect::<io::Result<Vec<OsString>>>()?;
    names.retain(|name| is_picture(name.as_encoded_bytes()));
    // Names alone are compared sooner than whole paths, and give the same order.
    names.sort_unstable();
    files.extend(names.iter().map(|name| LabelledFile {
        folder: folder.to_owned(),
        name: text_name(name),
        place: Place::File(path.join(name)),
    }));
    Ok(())
}

fn of_pack(path: &Path, size: u8, files: &mut Vec<LabelledFile>) -> anyhow::Result<()> {
    let pack = Arc::new(Pack::open(path).map_err(|error| error.at(path))?);
    let first = files.len();
    let whole = pack.visit(|mut member| {
        let full = std::mem::take(&mut member.name);
        // Where the folder itself was packed with another program, the names have no folder.
        let (folder, name) = full.rsplit_once('/').map_or_else(|| (size.to_string(), &*full), |(f, n)| (f.into(), n));
        if is_picture(name.as_bytes()) {
            files.push(LabelledFile { folder, name: name.to_owned(), place: Place::Pack(pack.clone(), member) });
        }
    });
    if let Err(error) = whole {
        refuse!("{}: {error:#}; run digit-labeler again with --verify", path.display());
    }
    files[first..].sort_by(|a, b| (&a.folder, &a.name).cmp(&(&b.folder, &b.name)));
    let twins =
        files[first..].windows(2).find(|pair| (&pair[0].folder, &pair[0].name) == (&pair[1].folder, &pair[1].name));
    if let Some([twin, _]) = twins {
        refuse!("{}: expected each name once, found {}/{} twice; remove one", path.display(), twin.folder, twin.name);
    }
    Ok(())
}

/// Whether a file is looked at at all: it ends like a picture, and is not hidden.
fn is_picture(name: &[u8]) -> bool {
    let is_png = name.last_chunk::<4>().is_some_and(|end| end.eq_ignore_ascii_case(b".png"));
    is_png && !name.starts_with(b".")
}
