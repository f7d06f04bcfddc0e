//! Progress on a terminal: nothing below a second, a line that fits, nothing left of it.

use std::time::{Duration, Instant};

use crate::test;

/// What every progress bar has.
const BAR: &str = "\u{2591}";
const QUIET_TIME: Duration = Duration::from_secs(1);

/// Draws ever more pictures until it takes long enough for a bar.
#[test]
fn a_bar_appears_after_a_second_and_is_gone_at_the_end() {
    let test = test();
    let mut count = 100;
    loop {
        let began = Instant::now();
        let seen = test.command(&format!("draw out-{count} --count {count} --no-next")).in_terminal(80).end();
        let took = began.elapsed();
        assert_eq!(seen.code, Some(0), "{}", seen.screen());
        assert!(seen.wrapped.is_empty(), "{:?}", seen.wrapped);
        // Nothing else is left on the screen, and no bar.
        assert_eq!(seen.lines, [format!("digit-source: {count} source pictures in out-{count}")]);
        if seen.has_shown(BAR) {
            assert!(took >= QUIET_TIME && seen.has_shown("writing pictures "), "{took:?}");
            return;
        }
        assert!(took < 20 * QUIET_TIME, "no bar in {took:?}");
        count *= 2;
    }
}

#[test]
fn neither_quiet_nor_json_shows_a_bar_and_an_interrupt_removes_it() {
    let test = test();
    let mut shown = test.command("draw out --count 1000000").in_terminal(80);
    assert!(shown.wait_for(BAR), "{:?}", shown.lines());
    let line = shown.lines().pop().unwrap_or_default();
    assert!(
        line.starts_with("writing pictures ") && line.contains(" of 1000000, ") && line.trim_end().ends_with(" left"),
        "{line}"
    );
    shown.signal("INT");
    let seen = shown.end();
    assert_eq!(seen.code, Some(130));
    assert!(!seen.screen().contains(BAR) && seen.screen().contains("interrupted"), "{}", seen.screen());
    for option in ["--quiet", "--json"] {
        let shown = test.command(&format!("draw out{option} --count 100000 {option}")).in_terminal(80);
        let began = Instant::now();
        while !test.exists(&format!("out{option}/.outputs.csv")) && began.elapsed() < 60 * QUIET_TIME {
            std::thread::sleep(QUIET_TIME / 100);
        }
        std::thread::sleep(2 * QUIET_TIME);
        shown.signal("INT");
        let seen = shown.end();
        assert!(seen.code == Some(130) && !seen.has_shown(BAR), "{}", seen.screen());
    }
}
