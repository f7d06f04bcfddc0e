//! `digit-source cut`: pages of one class a row.

use test_support::gray_png;

use crate::test;

/// A 7 of bars, 24 by 40 pixels, at each place, on 300 by 200 pixels.
fn page(places: &[(u32, u32)]) -> Vec<u8> {
    gray_png(300, 200, |x, y| {
        let inked = |&(left, top): &(u32, u32)| {
            let (x, y) = (x.wrapping_sub(left), y.wrapping_sub(top));
            x < 24 && y < 5 || (19..24).contains(&x) && y < 40
        };
        if places.iter().any(inked) { 30 } else { 240 }
    })
}

#[test]
fn rows_become_source_pictures_of_a_writer() {
    let test = test();
    test.write("kim.png", page(&[(30, 20), (100, 24), (40, 90), (110, 92), (170, 88), (35, 150)]));
    let ran = test.run("cut kim.png out --rows 7,1-2 --marked found.png");
    ran.status(0).stderr_has(&["digit-source: 6 source pictures in out"]);
    let expected =
        ["1_20_kim-1.png", "1_20_kim-2.png", "1_20_kim-3.png", "2_20_kim-1.png", "7_20_kim-1.png", "7_20_kim-2.png"];
    let names: Vec<String> = test.names("out").into_iter().filter(|name| name.ends_with(".png")).collect();
    assert_eq!(names, expected);
    let sources = test.read("out/sources.csv");
    assert!(sources.contains("1_20_kim-2.png,\"kim.png, row 2, digit 2\""), "{sources}");
    assert!(test.bytes("found.png").starts_with(b"\x89PNG"));
    test.run("cut kim.png out --rows 7,1-2").status(0).stderr_has(&["nothing to do"]);
    test.run("cut kim.png out --rows 0-2").status(2).stderr_has(&["other settings"]);
}

#[test]
fn a_page_with_other_rows_is_rejected_and_the_others_are_cut() {
    let test = test();
    test.write("a.png", page(&[(30, 20), (100, 20)]));
    test.write("b.png", page(&[(30, 20), (30, 90)]));
    test.run("cut a.png out --rows 7,1")
        .status(2)
        .stderr_has(&["expected 2 rows of digits", "found 1 (with 2 digits)"]);
    assert!(!test.exists("out"));
    test.run("cut a.png b.png out --rows 7,1 --writer ../a/b").status(1);
    assert!(test.read("out/rejected.csv").contains("a.png,"));
    assert!(test.exists("out/7_20__a_b-1.png") && test.exists("out/1_20__a_b-1.png"), "{:?}", test.names("out"));
    test.run("cut a.png out2 --rows 1 --strict").status(0);
}

#[test]
fn touching_digits_are_rejected_with_their_place() {
    let test = test();
    test.write("a.png", page(&[(30, 20), (54, 20), (120, 20), (200, 20)]));
    test.run("cut a.png out --rows 7").status(1).stderr_has(&["1 rejected"]);
    let rejected = test.read("out/rejected.csv");
    assert!(
        rejected.contains("a.png, row 1, digit 1") && rejected.contains("column 30, row 20, 48 x 40"),
        "{rejected}"
    );
}

#[test]
fn labels_are_asked_for() {
    let test = test();
    test.write("a.png", page(&[(30, 20)]));
    test.run("cut a.png out").status(2).stderr_has(&["no --rows", "digit-predict --many"]);
    test.run("cut a.png out --rows 9-0").status(2).stderr_has(&["such as 0-9 or 1-9,0"]);
    test.run("cut gone.png out --rows 7").status(2).stderr_has(&["gone.png"]);
    assert!(!test.exists("out"));
}
