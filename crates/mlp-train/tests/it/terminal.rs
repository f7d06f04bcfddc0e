//! The bar of a training on a terminal of 80 columns.

use serde_json::json;

use crate::{TRAIN, training};

/// What every progress bar has.
const BAR: &str = "\u{2591}";

#[test]
fn a_training_shows_its_epoch_on_one_line_and_leaves_nothing_of_it() {
    let test = training(json!({"epochs": 10_000_000, "report": 0}));
    let mut shown = test.command(TRAIN).in_terminal(80);
    assert!(shown.wait_for(" of 10000000, loss "), "{:?}", shown.lines());
    let lines = shown.lines();
    assert!(lines.iter().any(|line| line.contains(BAR) && line.contains("epoch ")), "{lines:?}");
    shown.signal("INT");
    let seen = shown.end();
    assert_eq!(seen.code, Some(130), "{}", seen.screen());
    assert!(seen.wrapped.iter().all(|line| !line.contains(BAR)), "{:?}", seen.wrapped);
    assert!(!seen.screen().contains(BAR) && seen.screen().contains("interrupted"), "{}", seen.screen());
}

#[test]
fn a_training_below_a_second_shows_no_bar() {
    let test = training(json!({}));
    let seen = test.command(TRAIN).in_terminal(80).end();
    assert!(seen.code == Some(0) && !seen.has_shown(BAR), "{}", seen.screen());
    assert!(seen.screen().contains("next: "), "{}", seen.screen());
}
