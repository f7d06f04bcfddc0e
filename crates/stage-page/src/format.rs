//! Numbers in sentences and cells.

/// An accuracy or loss.
pub fn share(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.3}"))
}

/// A difference of accuracies in points, a point being a hundredth.
pub fn percent_points(value: f64) -> String {
    let text = format!("{:.1}", value * 100.0);
    if text == "-0.0" { "0.0".into() } else { text }
}

/// An interval.
pub fn range((low, high): (f64, f64), text: impl Fn(f64) -> String) -> String {
    format!("{} .. {}", text(low), text(high))
}

/// A p value, as exact as it is worth.
pub fn p_value(p: f64) -> String {
    if p < 0.0001 { "< 0.0001".into() } else { format!("{p:.4}") }
}

/// `1 run`, `2 runs`.
pub fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

/// A sentence with a capital first letter.
pub fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `a`, `a and b`, `a, b and c`.
pub fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// Names that a sentence lists; more are only counted.
pub const MOST_NAMED: usize = 4;

/// A few names as [`listed`]; instead of more, what `many` says of their number.
pub fn listed_or(names: &[String], many: impl FnOnce(usize) -> String) -> String {
    if names.len() <= MOST_NAMED { listed(names) } else { many(names.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_they_should() {
        assert_eq!((share(None), share(Some(0.8274))), ("-".into(), "0.827".into()));
        assert_eq!(range((-0.0001, 0.05), percent_points), "0.0 .. 5.0");
        assert_eq!((p_value(0.04), p_value(1e-9)), ("0.0400".into(), "< 0.0001".into()));
        assert_eq!(listed(&["a".into(), "b".into(), "c".into()]), "a, b and c");
        assert_eq!((capitalised("the run"), capitalised("")), ("The run".into(), String::new()));
        assert_eq!((counted(1, "run"), counted(0, "run")), ("1 run".into(), "0 runs".into()));
    }
}
