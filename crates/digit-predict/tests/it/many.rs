//! `--many`: all digits of a picture.

use serde_json::Value;
use test_support::gray_png;

use crate::test;

/// A bar along two sides and a blot where they meet, 24 by 40 pixels: most of the ink is in one quarter, as the network
/// of these tests wants it. Quarters are 2 and 5 above, 7 and 9 below.
fn is_inked(quarter: usize, x: u32, y: u32) -> bool {
    let x = if quarter.is_multiple_of(2) { x } else { 23_u32.wrapping_sub(x) };
    let y = if quarter / 2 == 0 { y } else { 39_u32.wrapping_sub(y) };
    x < 24 && y < 40 && (x < 4 || y < 4 || x < 14 && y < 16)
}

/// A picture with such digits at some places.
fn picture(places: &[(usize, u32, u32)]) -> Vec<u8> {
    gray_png(260, 160, |x, y| {
        let inked =
            |&(quarter, left, top): &(usize, u32, u32)| x >= left && y >= top && is_inked(quarter, x - left, y - top);
        if places.iter().any(inked) { 20 } else { 245 }
    })
}

#[test]
fn digits_come_in_reading_order_with_their_boxes() {
    let test = test();
    test.write("a.png", picture(&[(3, 90, 20), (2, 30, 24), (0, 150, 18), (1, 40, 100)]));
    let ran = test.run("--model model.safetensors --many --json --marked found.png a.png");
    ran.status(0).stderr_has(&["4 digits labelled in 1 picture, 0 digits could not be used"]);
    let lines = ran.json_lines();
    let told: Vec<_> = lines.iter().map(|line| (&line["line"], &line["place"], &line["label"])).collect();
    let number = |n: u64| Value::from(n);
    let expected = [(1, 1, 7), (1, 2, 9), (1, 3, 2), (2, 1, 5)].map(|(a, b, c)| (number(a), number(b), number(c)));
    assert_eq!(told, expected.iter().map(|(a, b, c)| (a, b, c)).collect::<Vec<_>>());
    assert_eq!(lines[0]["box"], serde_json::json!({"left": 30, "top": 24, "width": 24, "height": 40}));
    assert!(test.bytes("found.png").starts_with(b"\x89PNG"));
    test.run("--model model.safetensors --many a.png").status(0).stdout_has(&["     1", "  792\n", "  5\n"]);
}

#[test]
fn touching_digits_and_empty_pages_have_a_reason() {
    let test = test();
    test.write("a.png", picture(&[(2, 30, 24), (3, 54, 24), (1, 150, 24), (1, 200, 24)]));
    test.write("blank.png", gray_png(100, 80, |_, _| 250));
    test.write("text.png", "no picture");
    let ran = test.run("--model model.safetensors --many --json a.png blank.png text.png");
    ran.status(1).stderr_has(&["2 digits labelled in 1 picture, 1 digit could not be used, 2 pictures could not be"]);
    let lines = ran.json_lines();
    assert_eq!(lines.len(), 5);
    assert!(lines[0]["error"].as_str().unwrap().starts_with("touching digits: "), "{}", lines[0]);
    assert_eq!((&lines[0]["label"], &lines[0]["box"]["width"]), (&Value::Null, &48.into()));
    assert_eq!((&lines[1]["label"], &lines[2]["label"]), (&5.into(), &5.into()));
    assert!(lines[3]["error"].as_str().unwrap().contains("no ink") && lines[3]["box"].is_null(), "{}", lines[3]);
    assert!(lines[4]["error"].as_str().unwrap().contains("not a picture"), "{}", lines[4]);
    let table = test.run("--model model.safetensors --many a.png");
    table.status(1).stdout_has(&["?55"]).stderr_has(&["line 1, place 1 (column 30, row 24, 48 x 40 pixels): touching"]);
}

#[test]
fn the_marked_picture_is_no_input_and_needs_many() {
    let test = test();
    test.write("a.png", picture(&[(2, 30, 24)]));
    test.write("b.png", picture(&[(2, 30, 24)]));
    test.run("--model model.safetensors --marked x.png a.png").status(2).stderr_has(&["--many"]);
    test.run("--model model.safetensors --many --marked a.png a.png").status(2).stderr_has(&["reads this file"]);
    test.run("--model model.safetensors --many --marked x.png a.png b.png").status(2).stderr_has(&["one picture"]);
    assert!(!test.exists("x.png"));
}
