//! The writer of a digit, from the names of its folders, and a person's name as a writer.

use unicode_normalization::UnicodeNormalization;

use crate::text_name::is_hidden;

/// Longest name of a writer in a file name, in bytes.
const MAX_WRITER_BYTES: usize = 120;

/// The writer of the pictures in `{writer}/{digit}`: the names of all folders above that of the digit, outermost first,
/// joined with `_`. `None` for `{digit}` alone. `folders` are the folders of the picture; the last one is that of the
/// digit.
///
/// ```
/// use stage_files::writer::writer_of;
/// let folders = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
/// assert_eq!(writer_of(&folders("kim/3")).as_deref(), Some("kim"));
/// assert_eq!(writer_of(&folders("class-b/kim/3")).as_deref(), Some("class-b_kim"));
/// assert_eq!(writer_of(&folders("3")), None);
/// ```
pub fn writer_of(folders: &[String]) -> Option<String> {
    let (_, above) = folders.split_last()?;
    (!above.is_empty()).then(|| above.join("_"))
}

/// A person's name as the writer in the name of a picture: letters of any language stay. What file systems take for
/// something else becomes `_`; a name of which nothing is left becomes `writer`.
///
/// ```
/// use stage_files::writer::name_as_writer;
/// assert_eq!(name_as_writer("김 민지"), "김 민지");
/// assert_eq!(name_as_writer(r#"../Anna "Ann" B/C: 3"#), "_Anna _Ann_ B_C_ 3");
/// assert_eq!(name_as_writer(" ... "), "writer");
/// ```
pub fn name_as_writer(name: &str) -> String {
    let is_kept = |c: char| !is_hidden(c) && !r#"/\:*?"<>|"#.contains(c);
    let name: String = name.nfc().map(|c| if is_kept(c) { c } else { '_' }).collect();
    let name = name.trim_matches(|c: char| c.is_whitespace() || c == '.');
    let name = name[..name.floor_char_boundary(MAX_WRITER_BYTES)].trim_end();
    if name.is_empty() { "writer".to_owned() } else { name.to_owned() }
}
