//! Commands as one types them in a shell, for messages that say what to do next.

use std::path::{Path, PathBuf};

use crate::Console;

/// How the user types a command: as `digits predict` or `digit-predict`, and with the folder in which the programs lie
/// if this one was called by its path, as in `target/release/digit-learn`.
pub fn typed(console: &Console, word: &str, name: &str) -> String {
    let (file, rest) =
        if console.program().contains(' ') { ("digits", format!(" {word}")) } else { (name, String::new()) };
    let called = std::env::args_os().next().map(PathBuf::from);
    let folder = called.as_deref().and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
    let beside = folder.map(|folder| folder.join(file));
    let exists = |path: &PathBuf| path.with_extension(std::env::consts::EXE_EXTENSION).is_file();
    format!("{}{rest}", beside.filter(exists).map_or_else(|| file.to_owned(), |path| quoted(&path)))
}

/// A path as one types it in a shell.
pub fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+,:@%=".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_quoted_where_a_shell_needs_it() {
        for (path, typed) in [
            ("a/b-1.png", "a/b-1.png"),
            ("김 철수/3", "'김 철수/3'"),
            ("it's", r"'it'\''s'"),
            ("김/3.png", "김/3.png"),
            ("$x", "'$x'"),
        ] {
            assert_eq!(quoted(Path::new(path)), typed);
        }
    }
}
