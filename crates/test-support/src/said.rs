//! What a page says to its readers, and whether that is English.

/// Three or more English words in a row. Names, config keys and config values are one or two between commas.
pub fn english(text: &str) -> Option<&str> {
    let is_word = |word: &&str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic() || c == '\'');
    let words = |part: &str| part.split(' ').map(|word| is_word(&word)).collect::<Vec<bool>>();
    text.split([',', '.', ';', ':']).find(|part| words(part.trim()).windows(3).any(|three| three == [true; 3]))
}

/// What a reader sees or hears of a page: its text without scripts and styles, and what attributes say aloud.
pub fn said(page: &str) -> Vec<String> {
    let mut said = Vec::new();
    let mut rest = page;
    while let Some((text, tag)) = rest.split_once('<') {
        said.push(text.to_owned());
        let (tag, after) = tag.split_once('>').unwrap();
        for name in ["aria-label=\"", "alt=\"", "title=\"", "data-label=\"", "data-choose=\""] {
            said.extend(tag.split(name).skip(1).filter_map(|value| Some(value.split_once('"')?.0.to_owned())));
        }
        rest = match tag.split(' ').next() {
            Some(name @ ("script" | "style")) => after.split_once(&format!("</{name}>")).unwrap().1,
            _ => after,
        };
    }
    said
}
