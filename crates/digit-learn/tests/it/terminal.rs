//! What a person sees on a terminal.

use crate::pictures::{Kind, draw};
use crate::test;

/// What every progress bar has.
const BAR: &str = "░";

#[test]
fn a_terminal_shows_progress_but_not_beside_json() {
    let test = test();
    draw(&test, "scans", Kind::Phone, "1-2", 12);
    // Long enough that drawing or training takes a second: some of what is shown before the end is a bar.
    let line = "scans --drawn 3000 --epochs 3 --out";
    let mut plain = test.command(&format!("{line} plain")).in_terminal(80);
    assert!(plain.wait_for(BAR), "no bar:\n{}", plain.lines().join("\n"));
    plain.signal("INT");
    let plain = plain.end();
    assert_eq!((plain.code, plain.screen().contains(BAR)), (Some(130), false), "{}", plain.screen());
    let json = test.command(&format!("{line} json --json")).in_terminal(200).end();
    assert_eq!(json.code, Some(0), "{}", json.screen());
    assert!(!json.has_shown(BAR) && !json.has_shown("next: "), "{}", json.screen());
    assert!(json.has_shown(r#""tool":"digit-learn""#), "{}", json.screen());
}
