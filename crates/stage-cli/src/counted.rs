//! Numbers of things in sentences.

/// A number and what is counted: `1 run`, `2 runs`.
///
/// ```
/// assert_eq!(stage_cli::counted(1, "run"), "1 run");
/// assert_eq!(stage_cli::counted(0, "source picture"), "0 source pictures");
/// ```
pub fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
