//! Whether an output and an input overlap.
//!
//! `digit-labeler pictures link/labelled`, where `link` leads to `pictures`, would read its own output the next time.
//! So paths are compared after links and `..` are resolved. A path that does not exist yet lies below its nearest
//! existing ancestor.

use std::io;
use std::path::{Component, Path, PathBuf};

use super::Layout;
use crate::refuse;
use crate::stage::{PARTIAL_FILE, STAGE_FILE};
use crate::text_name::text_path;

/// A path with links and `..` resolved, whether or not it exists.
pub fn resolved(path: &Path) -> io::Result<PathBuf> {
    let mut at = PathBuf::new();
    for part in std::path::absolute(path)?.components() {
        match part {
            Component::ParentDir => {
                at.pop();
            }
            Component::Normal(name) => {
                let next = at.join(name);
                // A link that leads nowhere yet: what is made through it lies where it points.
                let end = || std::fs::read_link(&next).map(|end| at.join(end)).ok();
                at = next.canonicalize().ok().or_else(end).unwrap_or(next);
            }
            part => at.push(part),
        }
    }
    Ok(at)
}

/// Whether two paths lead to one file or folder. Hard links count as one file.
pub fn is_same(one: &Path, other: &Path) -> bool {
    let by_name = || Some(resolved(one).ok()? == resolved(other).ok()?);
    same_file::is_same_file(one, other).unwrap_or_else(|_| by_name().unwrap_or(false))
}

/// The path of `inner` relative to `outer`, if it lies inside; empty if they are the same.
fn below(inner: &Path, outer: &Path) -> io::Result<Option<PathBuf>> {
    let inner = resolved(inner)?;
    let above = inner.ancestors().find(|ancestor| is_same(ancestor, outer));
    Ok(above.and_then(|above| inner.strip_prefix(above).ok()).map(Path::to_path_buf))
}

/// Refuses a folder `out` that is, contains or lies inside an input. One case is allowed: `out` contains the folder of
/// another stage at a place where this stage does not write, as in `digit-csv data/labelled data`.
pub(super) fn refuse(out: &Path, layout: &Layout, inputs: &[&Path]) -> anyhow::Result<()> {
    for input in inputs {
        let (out_name, name) = (out.display(), input.display());
        if below(out, input)?.is_some() {
            refuse!("{out_name} is, or lies inside, the input {name}; write to a folder outside it");
        }
        let Some(rest) = below(input, out)? else { continue };
        let first = rest.components().next().map(|first| out.join(first)).unwrap_or_default();
        let is_stage = [STAGE_FILE, PARTIAL_FILE].iter().any(|file| first.join(file).is_file());
        let rest = text_path(&rest);
        let (folder, is_inside) = rest.split_once('/').map_or((rest.as_str(), false), |(first, _)| (first, true));
        let is_written = layout.may_write(&rest) || layout.writes_below(folder);
        if is_written || !(is_stage || !is_inside && !input.is_dir()) {
            refuse!("the input {name} lies inside {out_name}, the folder to write; write to a folder beside it");
        }
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    const LAYOUT: Layout = Layout { owns: |name| name.starts_with("20/") || name == "a.csv", private: &[] };

    fn is_refused(out: &Path, input: &Path) -> bool {
        refuse(out, &LAYOUT, &[input]).is_err_and(|error| crate::is_refused(&error))
    }

    #[test]
    fn an_output_in_its_input_is_refused_by_every_spelling() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("src/1")).unwrap();
        symlink("src", root.join("link")).unwrap();
        symlink("src/not-yet", root.join("dangling")).unwrap();
        let input = root.join("src");
        for out in ["src", "src/out", "src/1/a/b", "link", "link/new", "gone/../src/new", "src/../link/x", "dangling"] {
            assert!(is_refused(&root.join(out), &input), "{out}");
        }
        for out in ["out", "src2", "src/../out", "link/../out"] {
            assert!(!is_refused(&root.join(out), &input), "{out}");
        }
    }

    #[test]
    fn an_input_in_the_output_is_refused_but_for_another_stages_folder() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        for name in ["20", "source", "plain"] {
            std::fs::create_dir_all(out.join(name)).unwrap();
        }
        for name in ["20", "source"] {
            std::fs::write(out.join(name).join(STAGE_FILE), "{}").unwrap();
        }
        std::fs::write(out.join("a.csv"), "").unwrap();
        std::fs::write(out.join("b.csv"), "").unwrap();
        symlink(out.join("20"), folder.path().join("link")).unwrap();
        for input in ["out/20", "out/20/x", "out/plain", "out/a.csv", "link"] {
            assert!(is_refused(&out, &folder.path().join(input)), "{input}");
        }
        for input in ["out/source", "out/source/x", "out/b.csv"] {
            assert!(!is_refused(&out, &folder.path().join(input)), "{input}");
        }
    }

    #[test]
    fn hard_links_are_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::write(&a, "x").unwrap();
        std::fs::hard_link(&a, &b).unwrap();
        assert!(is_same(&a, &b) && !is_same(&a, &folder.path().join("c")));
    }
}
