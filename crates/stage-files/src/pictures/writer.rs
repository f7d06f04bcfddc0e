//! The writer of a digit, from the names of its folders.

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
