//! "did you mean": the known word that is nearest to an unknown one.

/// Similarity from which a word is suggested, as clap does it for options.
const MIN_SIMILARITY: f64 = 0.7;

/// The candidate that is most like a word, if one is like it.
///
/// ```
/// use stage_files::suggest::nearest;
/// assert_eq!(nearest("epoch", ["batch", "epochs"]), Some("epochs"));
/// assert_eq!(nearest("Batch-Size", ["batch", "epochs"]), Some("batch"));
/// assert_eq!(nearest("colour", ["batch", "epochs"]), None);
/// ```
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase().replace('-', "_");
    let scored = candidates.into_iter().map(|candidate| (strsim::jaro(&word, candidate), candidate));
    let best = scored.filter(|(score, _)| *score > MIN_SIMILARITY).max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.map(|(_, candidate)| candidate)
}

/// `; did you mean ...?` for the end of a message; empty if nothing is near.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}
